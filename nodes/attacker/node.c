/*
 * nodes/attacker/node.c - moves inside a node that he runs: the visited P-CSCF that acts, a host in the Internet.
 *
 * Source:  threats A4, AT-12, AT-17, AT-37, AT-49, AT-51, AT-53, AT-56.
 * Knows:   messages as the node is about to send them, before ESP or TLS; over which transport is the stack's affair.
 *          He does not change what the node itself decides, only what leaves it.
 */
#include "nodes/attacker/private.h"

#include "nodes/msg/sip_edit.h"
#include "nodes/msg/sip_fields.h"

OwnNode *attacker_node(const Attacker *attacker, const char *place)
{
    for (guint i = 0; place != NULL && i < attacker->nodes->len; i++) {
        OwnNode *node = attacker->nodes->pdata[i];
        if (strcmp(node->place, place) == 0)
            return node;
    }
    return NULL;
}

void own_node_free(gpointer data)
{
    OwnNode *node = data;
    if (node->is_his)
        sip_endpoint_free(node->endpoint);
    g_free(node);
}

/* --- whose message it is --- */

/* The access behind the link by which that address is reached: "bob"; "" for the core. */
static const char *access_behind(const OwnNode *node, const NetAddr *addr)
{
    const NetLink *link = net_route(node->host, addr);
    return link != NULL ? net_link_instance(link) : "";
}

/* The Via below the node's own is the sender's (RFC 3261 §16.6, §18.2.1). */
static const char *asked_by(const OwnNode *node, const SipMsg *msg)
{
    SipVia via;
    NetAddr addr;
    if (!msg->is_request || !sip_via(msg, 1, &via))
        return "";
    Text from = text_present(via.received) ? via.received : via.host;
    return net_addr_parse(from.p, from.len, &addr) ? access_behind(node, &addr) : "";
}

/* Of @node's user, as far as it can be told; out: @dir. */
static bool is_of_user(const OwnNode *node, const SipFlow *to, const SipMsg *msg, NetDir *dir)
{
    const char *access = access_behind(node, &to->addr);
    *dir = access[0] != '\0' ? NET_DOWN : NET_UP;
    if (*dir == NET_UP)
        access = asked_by(node, msg);
    return access[0] == '\0' || strcmp(access, node->user) == 0;
}

/* --- acting --- */

/* Another transaction: the node puts its own Via on top of it again. */
static void send_again(OwnNode *node, const SipFlow *to, const char *octets, size_t len, TraceId move)
{
    g_autofree SipMsg *msg = g_new(SipMsg, 1);
    g_autofree SipEdit *edit = g_new(SipEdit, 1);
    Sim *sim = node->attacker->sim;
    SimContext before = sim_context(sim);

    if (sip_split(msg, octets, len) != SIP_OK || !msg->is_request)
        return;
    sip_edit_init(edit, msg);
    sip_edit_pop(edit, SIP_H_VIA);
    size_t size = sip_edit_size(edit);
    char *out = sim_alloc(sim, size + 1);
    if (size == 0 || sip_edit_write(edit, out, size) != size)
        return;
    sim_set_context(sim, (SimContext){ move, move });
    node->busy = true;
    sip_send_request(node->endpoint, to, out, size, true, NULL, NULL);
    node->busy = false;
    sim_set_context(sim, before);
}

typedef struct Later { /* a message that goes out again */
    OwnNode *node;
    SipFlow to;
    TraceId move;
    size_t len;
    char octets[];
} Later;

static void on_later(Sim *sim, void *ctx, uint64_t arg)
{
    Later *later = ctx;
    send_again(later->node, &later->to, later->octets, later->len, later->move);
}

static void replay_later(ActiveMove *active, OwnNode *node, const SipFlow *to, const SipMsg *msg)
{
    Attacker *attacker = active->attacker;
    if (!msg->is_request)
        return;
    TraceId record = move_record(active, "replay", 0, "sends a request again, in a transaction of its own");
    Later *later = g_malloc(sizeof *later + msg->all.len);
    *later = (Later){ .node = node, .to = *to, .move = record, .len = msg->all.len };
    memcpy(later->octets, msg->all.p, msg->all.len);
    g_ptr_array_add(attacker->later, later);
    sim_after(attacker->sim, attacker->source, MAX(active->move->delay, SIM_MS), on_later, later, 0);
}

static SipTampering edit(ActiveMove *active, const SipMsg *msg, SipTampered *out)
{
    const Move *move = active->move;
    size_t len;
    g_autofree char *edited = edit_message(&active->bodies, msg, move->edits, move->n_edits, &len);
    if (edited == NULL)
        return SIP_SENT_AS_IT_IS;
    Sim *sim = active->attacker->sim;
    const char *message = move->match.message;
    out->move = move_record(active, "edit", 0,
                            sim_text(sim, "changes %s", message != NULL && message[0] != '\0' ? message : "a message"));
    char *octets = sim_alloc(sim, len);
    memcpy(octets, edited, len);
    out->octets = octets;
    out->len = len;
    return SIP_SENT_CHANGED;
}

static SipTampering act_on(ActiveMove *active, OwnNode *node, const SipFlow *to, const SipMsg *msg, SipTampered *out)
{
    switch (active->move->verb) {
    case MOVE_DROP: move_record(active, "drop", 0, "does not forward a message"); return SIP_WITHHELD;
    case MOVE_EDIT: return edit(active, msg, out);
    case MOVE_REPLAY: replay_later(active, node, to, msg); return SIP_SENT_AS_IT_IS;
    default: return SIP_SENT_AS_IT_IS; /* acts on packets, or at a time */
    }
}

static SipTampering on_outgoing(void *ctx, SipEndpoint *endpoint, const SipFlow *to, const char *octets, size_t len,
                                SipTampered *out)
{
    OwnNode *node = ctx;
    Attacker *attacker = node->attacker;
    g_autofree Glimpse *glimpse = g_new(Glimpse, 1);
    NetDir dir;

    if (node->busy)
        return SIP_SENT_AS_IT_IS;
    memset(glimpse, 0, offsetof(Glimpse, msg));
    glimpse->has_sip = sip_split(&glimpse->msg, octets, len) == SIP_OK;
    if (!glimpse->has_sip || !is_of_user(node, to, &glimpse->msg, &dir))
        return SIP_SENT_AS_IT_IS;
    if (glimpse->msg.is_request) {
        node->next[dir] = *to;
        node->has_next[dir] = true;
    }
    for (guint i = 0; i < attacker->moves->len; i++) {
        ActiveMove *active = attacker->moves->pdata[i];
        const MoveMatch *match = &active->move->match;
        if (match->segment == NULL || strcmp(match->segment, node->place) != 0 ||
            sim_now(attacker->sim) < active->move->at || !glimpse_matches(glimpse, match, node->place, dir) ||
            !move_may_act(active, glimpse))
            continue;
        SipTampering result = act_on(active, node, to, &glimpse->msg, out);
        if (result != SIP_SENT_AS_IT_IS)
            return result;
    }
    return SIP_SENT_AS_IT_IS;
}

bool own_node_send(OwnNode *node, NetDir dir, const char *octets, size_t len, TraceId move)
{
    Sim *sim = node->attacker->sim;
    SimContext before = sim_context(sim);
    if (!node->has_next[dir])
        return false;
    sim_set_context(sim, (SimContext){ move, move });
    node->busy = true;
    if (node->is_his)
        net_host_set_origin(node->host, move); /* its answers and retransmissions too */
    sip_send_request(node->endpoint, &node->next[dir], octets, len, true, NULL, NULL);
    node->busy = false;
    sim_set_context(sim, before);
    return true;
}

void attacker_run_node(Attacker *attacker, const char *place, NetHost *host, SipEndpoint *endpoint)
{
    const char *colon = strchr(place, ':');
    if (attacker_node(attacker, place) != NULL)
        return;
    OwnNode *node = g_new0(OwnNode, 1);
    *node = (OwnNode){ .attacker = attacker,
                       .place = place,
                       .user = colon != NULL ? colon + 1 : "",
                       .host = host,
                       .endpoint = endpoint,
                       .tamper = { .outgoing = on_outgoing, .ctx = NULL } };
    node->tamper.ctx = node;
    g_ptr_array_add(attacker->nodes, node);
    sip_endpoint_add_tamper(endpoint, &node->tamper);
}

/* --- a host of his own --- */

static void on_request(void *ctx, SipServerTx *tx, const SipMsg *msg, const SipFlow *from)
{
    sip_respond_status(tx, 200, NULL, NULL);
}

void attacker_run_host(Attacker *attacker, const char *place, NetHost *host, const NetAddr *entry)
{
    if (attacker_node(attacker, place) != NULL)
        return;
    OwnNode *node = g_new0(OwnNode, 1);
    SipEndpointConfig config = { .name = attacker->config.name,
                                 .host = host,
                                 .timers = &sip_timers_core,
                                 .tcp_above = 1300,
                                 .request = on_request,
                                 .node = node };
    *node = (OwnNode){ .attacker = attacker,
                       .place = place,
                       .user = "",
                       .host = host,
                       .endpoint = sip_endpoint_new(&config),
                       .next[NET_UP] = { .addr = *entry, .port = SIP_PORT },
                       .has_next[NET_UP] = true,
                       .is_his = true };
    sip_endpoint_listen(node->endpoint, SIP_PORT);
    g_ptr_array_add(attacker->nodes, node);
}
