/*
 * tests/nodes/support/presence_world.h - a Presence Server and a bare SIP peer in the S-CSCF's place, scripts in and
 * messages out.
 */
#ifndef PRESEC_TESTS_NODES_PRESENCE_WORLD_H
#define PRESEC_TESTS_NODES_PRESENCE_WORLD_H

#include "nodes/msg/sip_fields.h"
#include "nodes/msg/sip_write.h"
#include "nodes/presence.h"
#include "nodes/stack/endpoint.h"

#define ALICE "sip:alice.abcdefghijkl@home.example"
#define BOB   "sip:bob@home.example"
#define CAROL "sip:carol@home.example"

/* What the peer got, as text: answers to its requests, and NOTIFYs. */
typedef struct World {
    Sim *sim;
    Net *net;
    Directory *directory;
    Presence *ps;
    SipEndpoint *peer;
    SipEndpoint *stranger;
    GPtrArray *answers;     /* char *, in order of arrival */
    GPtrArray *notifies;    /* char * */
    GArray *times;          /* SimTime of each NOTIFY */
    unsigned notify_status; /* what the peer answers; 0: nothing */
    const char *notify_extra;
} World;

static inline void world_store(GPtrArray *into, const SipMsg *msg)
{
    g_ptr_array_add(into, g_strndup(msg->all.p, msg->all.len));
}

static inline void world_done(void *ctx, SipClientTx *tx, const SipMsg *response, const char *why)
{
    World *world = ctx;
    if (response != NULL)
        world_store(world->answers, response);
    else
        g_ptr_array_add(world->answers, g_strdup(why));
}

static inline void world_request(void *node, SipServerTx *tx, const SipMsg *msg, const SipFlow *from)
{
    World *world = node;
    SimTime now = sim_now(world->sim);
    world_store(world->notifies, msg);
    g_array_append_val(world->times, now);
    if (world->notify_status == 0)
        sip_server_drop(tx, "test-silent");
    else
        sip_respond_status(tx, world->notify_status, NULL, world->notify_extra);
}

static inline SipEndpoint *world_endpoint(World *world, const char *name, NetHost *host)
{
    SipEndpointConfig config = { .name = name,
                                 .host = host,
                                 .timers = &sip_timers_core,
                                 .tcp_above = 4000,
                                 .request = world_request,
                                 .node = world };
    SipEndpoint *endpoint = sip_endpoint_new(&config);
    sip_endpoint_listen(endpoint, SIP_PORT);
    return endpoint;
}

static inline void world_join(World *world, NetHost *host, const char *instance, const NetAddr *ps)
{
    static const NetLinkSpec isc = { .segment = { { .name = "isc", .delay = 5 * SIM_MS } }, .n_segments = 1 };
    NetLink *link = net_link_new(world->net, &isc, instance, host, presence_host(world->ps));
    net_route_addr(host, ps, link);
    net_route_addr(presence_host(world->ps), net_host_addr(host), link);
}

static inline void world_init(World *world, uint64_t seed, const PresencePolicy *policy)
{
    NetAddr peer = net_addr_make(0x20010db800000001, 1), ps = net_addr_make(0x20010db800000001, 2);
    NetAddr stranger = net_addr_make(0x20010db800000009, 3);

    *world = (World){ .notify_status = 200 };
    world->sim = sim_new(&(SimConfig){ .seed = seed, .trace = true });
    world->net = net_new(world->sim);
    world->directory = directory_new();
    directory_add(world->directory, "scscf.home.example", &peer);
    directory_add(world->directory, "ps.home.example", &ps);
    PresenceConfig config = { .name = "ps",
                              .domain = "ps.home.example",
                              .addr = ps,
                              .home_domain = "home.example",
                              .policy = *policy,
                              .directory = world->directory };
    world->ps = presence_new(world->net, &config);
    NetHost *a = net_host_new(world->net, "scscf", &peer), *b = net_host_new(world->net, "mallory", &stranger);
    world_join(world, a, "a", &ps);
    world_join(world, b, "b", &ps);
    world->peer = world_endpoint(world, "scscf", a);
    world->stranger = world_endpoint(world, "mallory", b);
    world->answers = g_ptr_array_new_with_free_func(g_free);
    world->notifies = g_ptr_array_new_with_free_func(g_free);
    world->times = g_array_new(FALSE, FALSE, sizeof(SimTime));
}

static inline void world_clear(World *world)
{
    presence_free(world->ps);
    sip_endpoint_free(world->peer);
    sip_endpoint_free(world->stranger);
    net_free(world->net);
    sim_free(world->sim);
    directory_free(world->directory);
    g_ptr_array_unref(world->answers);
    g_ptr_array_unref(world->notifies);
    g_array_unref(world->times);
}

static inline void world_run(World *world, SimTime more)
{
    sim_run(world->sim, sim_now(world->sim) + more, 0);
}

/* One request.  Members left NULL are left out of the message, but where a default is given. */
typedef struct Request {
    const char *method;
    const char *uri;  /* default: ALICE, in a dialog the server's contact */
    const char *from; /* default: @asserted, else BOB */
    const char *asserted;
    const char *call_id;  /* default "c1" */
    const char *from_tag; /* default "ft" */
    const char *to_tag;
    const char *event; /* default presence; "" leaves it out */
    const char *extra; /* whole lines */
    const char *type;  /* Content-Type; default PIDF when there is a body */
    const char *body;
    unsigned cseq; /* default 1 */
    int expires;   /* 0: left out; -1: "Expires: 0" */
    bool no_contact;
    bool from_stranger;
} Request;

#define OR(value, otherwise) ((value) != NULL ? (value) : (otherwise))

static inline void add_line(GString *out, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0')
        g_string_append_printf(out, "%s: %s\r\n", name, value);
}

static inline void write_request(GString *out, const Request *r)
{
    const char *from = OR(r->from, OR(r->asserted, BOB));
    const char *uri = OR(r->uri, r->to_tag != NULL ? "sip:ps.home.example" : ALICE);
    g_string_printf(out, "%s %s SIP/2.0\r\nMax-Forwards: 66\r\n", r->method, uri);
    g_string_append(out,
                    "Record-Route: <sip:scscf.home.example;lr>\r\nRecord-Route: <sip:pcscf.visited.example;lr>\r\n");
    g_string_append_printf(out, "From: <%s>;tag=%s\r\nTo: <" ALICE ">%s%s\r\n", from, OR(r->from_tag, "ft"),
                           r->to_tag != NULL ? ";tag=" : "", OR(r->to_tag, ""));
    g_string_append_printf(out, "Call-ID: %s\r\nCSeq: %u %s\r\n", OR(r->call_id, "c1"), MAX(r->cseq, 1), r->method);
    if (r->asserted != NULL)
        g_string_append_printf(out, "P-Asserted-Identity: <%s>\r\n", r->asserted);
    add_line(out, "Event", OR(r->event, "presence"));
    if (!r->no_contact)
        add_line(out, "Contact", "<sip:[2001:db8::b0b]:6101>");
    if (r->expires != 0)
        g_string_append_printf(out, "Expires: %d\r\n", MAX(r->expires, 0));
    g_string_append(out, OR(r->extra, ""));
    if (r->body != NULL)
        add_line(out, "Content-Type", OR(r->type, "application/pidf+xml"));
    g_string_append_printf(out, "Content-Length: %zu\r\n\r\n%s", r->body != NULL ? strlen(r->body) : 0,
                           OR(r->body, ""));
}

/* Send it and run until the answer and the NOTIFY after it have been exchanged; the answer. */
static inline const char *world_send(World *world, const Request *r)
{
    g_autoptr(GString) out = g_string_new(NULL);
    SipFlow to = { .addr = *net_host_addr(presence_host(world->ps)), .port = SIP_PORT };
    guint before = world->answers->len;
    write_request(out, r);
    sip_send_request(r->from_stranger ? world->stranger : world->peer, &to, out->str, out->len, false, world_done,
                     world);
    world_run(world, 100 * SIM_MS);
    if (world->answers->len == before)
        return "";
    g_assert_cmpuint(world->answers->len, ==, before + 1);
    return world->answers->pdata[before];
}

static inline unsigned status_of(const char *answer)
{
    return strncmp(answer, "SIP/2.0 ", 8) == 0 ? (unsigned)g_ascii_strtoull(answer + 8, NULL, 10) : 0;
}

#define assert_status(answer, expected) g_assert_cmpuint(status_of(answer), ==, expected)
#define assert_has(text, needle)                                                                                       \
    do {                                                                                                               \
        if (strstr(text, needle) == NULL)                                                                              \
            g_error("%s:%d: \"%s\" is not in:\n%s", __FILE__, __LINE__, needle, text);                                 \
    } while (0)
#define assert_lacks(text, needle)                                                                                     \
    do {                                                                                                               \
        if (strstr(text, needle) != NULL)                                                                              \
            g_error("%s:%d: \"%s\" is in:\n%s", __FILE__, __LINE__, needle, text);                                     \
    } while (0)

/* The value of the first line that begins with @name; "" when there is none.  Valid until the next call. */
static inline const char *header_of(const char *message, const char *name)
{
    static char value[1024];
    g_autofree char *start = g_strdup_printf("\r\n%s: ", name);
    const char *at = strstr(message, start);
    value[0] = '\0';
    if (at != NULL) {
        at += strlen(start);
        g_strlcpy(value, at, MIN(sizeof value, (size_t)(strstr(at, "\r\n") - at) + 1));
    }
    return value;
}

static inline char *to_tag_of(const char *answer)
{
    const char *to = header_of(answer, "To"), *tag = strstr(to, ";tag=");
    return g_strdup(tag != NULL ? tag + 5 : "");
}

/* The last NOTIFY; "" when there is none. */
static inline const char *last_notify(const World *world)
{
    return world->notifies->len > 0 ? world->notifies->pdata[world->notifies->len - 1] : "";
}

static inline const char *body_of(const char *message)
{
    const char *end = strstr(message, "\r\n\r\n");
    return end != NULL ? end + 4 : "";
}

static inline char *pidf_with(const char *note)
{
    return g_strdup_printf(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" "
        "entity=\"" ALICE "\">\n<tuple id=\"t%s\"><status><basic>open</basic></status><note>%s</note>"
        "</tuple>\n</presence>\n",
        note, note);
}

/* Publish @note as alice; the entity-tag. */
static inline char *world_publish(World *world, const char *call_id, unsigned cseq, const char *etag, const char *note)
{
    g_autofree char *body = note != NULL ? pidf_with(note) : NULL;
    g_autofree char *match = etag != NULL ? g_strdup_printf("SIP-If-Match: %s\r\n", etag) : NULL;
    const char *answer = world_send(
        world,
        &(Request){
            .method = "PUBLISH", .asserted = ALICE, .call_id = call_id, .cseq = cseq, .extra = match, .body = body });
    assert_status(answer, 200);
    return g_strdup(header_of(answer, "SIP-ETag"));
}

#define RULES_HEAD                                                                                                     \
    "<cr:ruleset xmlns:cr=\"urn:ietf:params:xml:ns:common-policy\" xmlns:pr=\"urn:ietf:params:xml:ns:pres-rules\" "    \
    "xmlns:px=\"urn:presec:policy:1\">"
#define RULE_FOR(id, who, handling)                                                                                    \
    "<cr:rule id=\"" id "\"><cr:conditions><cr:identity><cr:one id=\"" who "\"/></cr:identity></cr:conditions>"        \
    "<cr:actions><pr:sub-handling>" handling "</pr:sub-handling></cr:actions><cr:transformations>"                     \
    "<pr:provide-services><pr:all-services/></pr:provide-services><pr:provide-note>true</pr:provide-note>"             \
    "</cr:transformations></cr:rule>"
#define RULE_ALL(id, handling)                                                                                         \
    "<cr:rule id=\"" id "\"><cr:actions><pr:sub-handling>" handling "</pr:sub-handling></cr:actions>"                  \
    "<cr:transformations><pr:provide-services><pr:all-services/></pr:provide-services>"                                \
    "<pr:provide-note>true</pr:provide-note></cr:transformations></cr:rule>"
#define RULES_END "</cr:ruleset>"

static inline void world_rules(World *world, const char *document)
{
    char *error = NULL;
    if (!presence_set_rules(world->ps, ALICE, document, document != NULL ? strlen(document) : 0, &error))
        g_error("%s", error);
    world_run(world, 100 * SIM_MS);
}

/* How many decisions were made by this rule. */
static inline unsigned world_decisions(const World *world, const char *rule)
{
    const Trace *trace = sim_trace(world->sim);
    unsigned n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        n += record->kind == TRACE_DECISION && strcmp(record->decision.rule, rule) == 0;
    }
    return n;
}

/* "active/subscribe terminated/timeout " ... of one package, in order. */
static inline char *world_transitions(const World *world, const char *package)
{
    const Trace *trace = sim_trace(world->sim);
    GString *out = g_string_new(NULL);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        if (record->kind == TRACE_SUBSCRIPTION && strcmp(record->subscription.package, package) == 0)
            g_string_append_printf(out, "%s/%s ", record->subscription.state, record->subscription.event);
    }
    return g_string_free(out, FALSE);
}

#endif
