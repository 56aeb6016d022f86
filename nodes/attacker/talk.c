/*
 * nodes/attacker/talk.c - conversations over TLS in which he is an end: which packets are theirs, what is sent in them.
 *
 * Source:  as nodes/attacker/talk.h.
 * Knows:   conversations by number: one that is over stays in the list, so that a late packet of it finds its place.
 */
#include "nodes/attacker/talk.h"

typedef struct TalkMessage { /* of a conversation, for later */
    Attacker *attacker;
    unsigned talk;
    NetDir dir;
    SimContext context;
    GBytes *octets;
} TalkMessage;

void talk_message_free(gpointer data)
{
    TalkMessage *message = data;
    g_bytes_unref(message->octets);
    g_free(message);
}

/* --- life --- */

Talk *talk_new(ActiveMove *active, const Place *place, const NetAddr *ue, const NetAddr *pcscf, uint16_t port)
{
    Attacker *attacker = active->attacker;
    Talk *talk = g_new0(Talk, 1);
    *talk = (Talk){ .attacker = attacker,
                    .active = active,
                    .number = attacker->talks->len + 1,
                    .place = *place,
                    .ue = *ue,
                    .pcscf = *pcscf,
                    .port = port };
    SimStream stream = sim_stream(attacker->sim, attacker->config.name, "talk", talk->number);
    sim_random_token(attacker->sim, &stream, talk->token, TALK_TOKEN_LEN);
    g_queue_init(&talk->early);
    g_ptr_array_add(attacker->talks, talk);
    return talk;
}

void talk_free(gpointer data)
{
    Talk *talk = data;
    for (unsigned dir = 0; dir < G_N_ELEMENTS(talk->line); dir++) {
        if (talk->line[dir] != NULL)
            line_free(talk->line[dir]);
        g_free(talk->as[dir]);
    }
    g_queue_clear_full(&talk->early, talk_message_free);
    g_free(talk);
}

void talk_ended(Talk *talk, Line *line)
{
    for (unsigned dir = 0; dir < G_N_ELEMENTS(talk->line); dir++) {
        Line *other = talk->line[dir];
        talk->line[dir] = NULL;
        if (other != line)
            line_close(other);
    }
    talk->over = true;
    g_queue_clear_full(&talk->early, talk_message_free);
}

static Talk *find(const Attacker *attacker, unsigned number)
{
    return number >= 1 && number <= attacker->talks->len ? attacker->talks->pdata[number - 1] : NULL;
}

Talk *talk_on(const Attacker *attacker, const char *segment, NetDir dir)
{
    for (guint i = attacker->talks->len; i > 0; i--) {
        Talk *talk = attacker->talks->pdata[i - 1];
        bool here = segment == NULL || segment[0] == '\0' || strcmp(talk->place.segment, segment) == 0;
        if (here && line_is_open(talk->line[dir]))
            return talk;
    }
    return NULL;
}

/* --- whose packet it is --- */

typedef struct Ends {
    const uint8_t *src, *dst;
    uint16_t sport, dport;
} Ends;

static bool is_between(const Ends *ends, const NetAddr *a, uint16_t a_port, const NetAddr *b, uint16_t b_port)
{
    return ends->sport == a_port && ends->dport == b_port && memcmp(ends->src, a->octet, IP_ADDR_LEN) == 0 &&
           memcmp(ends->dst, b->octet, IP_ADDR_LEN) == 0;
}

/* Who of this conversation hears it; NULL: nobody. */
static Impostor *hearer(const Talk *talk, const Ends *ends, NetDir dir, bool opens)
{
    if (dir == NET_DOWN)
        return is_between(ends, &talk->pcscf, talk->port, &talk->ue, talk->own_port) ? talk->as[NET_UP] : NULL;
    if (talk->victim_port == 0 || (opens && talk->over) ||
        !is_between(ends, &talk->ue, talk->victim_port, &talk->pcscf, talk->port))
        return NULL;
    return talk->as[NET_DOWN];
}

bool tcp_opens(const Glimpse *glimpse)
{
    return glimpse->is_ip && glimpse->ip.next_header == IP_TCP && (glimpse->ip.tcp.flags & (IP_SYN | IP_ACK)) == IP_SYN;
}

bool talks_take(Attacker *attacker, const char *segment, const NetSighting *at, const Glimpse *glimpse)
{
    if (attacker->talks->len == 0 || !glimpse->is_ip || glimpse->ip.next_header != IP_TCP)
        return false;
    const IpPacket *ip = &glimpse->ip;
    Ends ends = { ip->src, ip->dst, ip->tcp.sport, ip->tcp.dport };
    for (guint i = attacker->talks->len; i > 0; i--) {
        Talk *talk = attacker->talks->pdata[i - 1];
        Impostor *impostor =
            strcmp(talk->place.segment, segment) == 0 ? hearer(talk, &ends, at->dir, tcp_opens(glimpse)) : NULL;
        if (impostor == NULL)
            continue;
        talk->frame = at->frame;
        impostor_hear(impostor, at);
        return true;
    }
    return false;
}

/* --- messages in --- */

void talk_read(Talk *talk, NetDir dir, const SipMsg *msg)
{
    Attacker *attacker = talk->attacker;
    const NetAddr *src = dir == NET_UP ? &talk->ue : &talk->pcscf, *dst = dir == NET_UP ? &talk->pcscf : &talk->ue;
    uint16_t ue_port = talk->victim_port != 0 ? talk->victim_port : talk->own_port;
    Seen seen = { .segment = talk->place.segment,
                  .dir = dir,
                  .frame = talk->frame,
                  .at = sim_now(attacker->sim),
                  .context = sim_context(attacker->sim) };
    Layers layers = { g_string_new("TLS that he ended himself"), 0 };
    knowledge_read_sip(&attacker->knowledge, &seen, src, dst, dir == NET_UP ? ue_port : talk->port,
                       dir == NET_UP ? talk->port : ue_port, msg->all.p, msg->all.len, &layers);
    g_string_free(layers.how, TRUE);
    sim_set_context(attacker->sim, seen.context);
}

/* --- messages out --- */

static TalkMessage *message_new(const Talk *talk, NetDir dir, const char *octets, size_t len)
{
    TalkMessage *message = g_new0(TalkMessage, 1);
    *message = (TalkMessage){ .attacker = talk->attacker,
                              .talk = talk->number,
                              .dir = dir,
                              .context = sim_context(talk->attacker->sim),
                              .octets = g_bytes_new(octets, len) };
    return message;
}

static void say(const TalkMessage *message)
{
    Sim *sim = message->attacker->sim;
    Talk *talk = find(message->attacker, message->talk);
    SimContext before = sim_context(sim);
    gsize len;
    const char *octets = g_bytes_get_data(message->octets, &len);

    sim_set_context(sim, message->context);
    talk_send(talk, message->dir, octets, len);
    sim_set_context(sim, before);
}

void talk_reached(Talk *talk)
{
    while (line_is_open(talk->line[NET_UP]) && !g_queue_is_empty(&talk->early)) {
        TalkMessage *message = g_queue_pop_head(&talk->early);
        say(message);
        talk_message_free(message);
    }
}

void talk_send(Talk *talk, NetDir dir, const char *octets, size_t len)
{
    if (talk->over)
        return;
    if (line_is_open(talk->line[dir]))
        line_send(talk->line[dir], octets, len);
    else if (dir == NET_UP)
        g_queue_push_tail(&talk->early, message_new(talk, dir, octets, len));
}

static void on_later(Sim *sim, void *ctx, uint64_t arg)
{
    TalkMessage *message = ctx;
    say(message);
    g_ptr_array_remove(message->attacker->in_talks, message);
}

void talk_put_packet(Attacker *attacker, unsigned number, NetDir dir, const uint8_t *packet, size_t len, SimTime delay,
                     SimContext context)
{
    Talk *talk = find(attacker, number);
    SimContext before = sim_context(attacker->sim);
    IpPacket ip;

    if (talk == NULL || ip_packet_parse(packet, len, &ip) != IP_OK || ip.next_header != IP_UDP)
        return;
    sim_set_context(attacker->sim, context);
    if (delay > 0) {
        TalkMessage *message = message_new(talk, dir, (const char *)ip.udp.payload.p, ip.udp.payload.len);
        g_ptr_array_add(attacker->in_talks, message);
        sim_after(attacker->sim, attacker->source, delay, on_later, message, 0);
    } else {
        talk_send(talk, dir, (const char *)ip.udp.payload.p, ip.udp.payload.len);
    }
    sim_set_context(attacker->sim, before);
}
