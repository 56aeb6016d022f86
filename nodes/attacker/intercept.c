/*
 * nodes/attacker/intercept.c - TLS that a victim opens to the P-CSCF, ended on the path and opened anew behind it.
 *
 * Source:  threats AT-44 (no certificate check), AT-45 (a good chain, another name), K43.
 * Knows:   his own certificates.  Whether the victim takes them is the victim's affair.
 *
 * Messages pass in between as plaintext: the moves of that segment act on them, and what they leave alone goes on in
 * its own context, honest as it came.
 */
#include "nodes/attacker/talk.h"

/* --- messages through him --- */

/* As a datagram between the two ends, so that moves find it where they find others. */
static NetTapVerdict show_to_moves(Talk *talk, NetDir dir, const SipMsg *msg)
{
    Attacker *attacker = talk->attacker;
    bool up = dir == NET_UP;
    GByteArray *octets =
        packet_udp((up ? &talk->ue : &talk->pcscf)->octet, (up ? &talk->pcscf : &talk->ue)->octet,
                   up ? talk->victim_port : talk->port, up ? talk->port : talk->victim_port, msg->all.p, msg->all.len);
    NetPacket packet = {
        .data = octets->data, .len = octets->len, .kind = NET_IP, .context = sim_context(attacker->sim)
    };
    NetSighting sighting = { .link = talk->place.link,
                             .segment = talk->place.index,
                             .dir = dir,
                             .packet = &packet,
                             .frame = talk->frame,
                             .at = sim_now(attacker->sim) };
    NetTapVerdict verdict = moves_act_in_talk(attacker, talk->number, talk->place.segment, &sighting);
    g_byte_array_unref(octets);
    return verdict;
}

static void on_message(void *ctx, Line *line, const SipMsg *msg)
{
    Talk *talk = ctx;
    NetDir dir = line == talk->line[NET_DOWN] ? NET_UP : NET_DOWN;

    talk_read(talk, dir, msg);
    if (msg->all.len > TALK_MESSAGE_MAX || show_to_moves(talk, dir, msg) == NET_TAP_PASS)
        talk_send(talk, dir, msg->all.p, msg->all.len);
}

static void on_ended(void *ctx, Line *line, const char *why)
{
    talk_ended(ctx, line);
}

/* --- towards the P-CSCF, once the victim has taken his certificate --- */

static void on_reached(void *ctx, Line *line)
{
    talk_reached(ctx);
    moves_wanted(((Talk *)ctx)->attacker);
}

static const LineEvents upward = { on_reached, on_message, on_ended };

static void on_victim_open(void *ctx, Line *line)
{
    Talk *talk = ctx;
    Attacker *attacker = talk->attacker;
    g_autofree char *name = g_strconcat(attacker->config.name, "-as-ue", NULL);

    TraceId record = move_record_second(talk->active, "own-tls", talk->frame,
                                        "opens TLS of his own to the P-CSCF that the victim wanted");
    talk->as[NET_UP] = impostor_new(attacker->net, name, &talk->ue, &talk->place, NET_UP, record);
    talk->own_port = talk->victim_port;
    talk->line[NET_UP] = line_connect(attacker, talk->as[NET_UP], talk->own_port, &talk->pcscf, talk->port,
                                      attacker->config.tls.client, &upward, talk);
    attacker->knowledge.lessons++;
}

static const LineEvents downward = { on_victim_open, on_message, on_ended };

/* --- the victim's connection --- */

static TlsContext *server_context(const ActiveMove *active)
{
    const AttackerTls *tls = &active->attacker->config.tls;
    switch (active->move->shows) {
    case SHOWS_NOTHING: return NULL;
    case SHOWS_SELF_SIGNED: return tls->server_self_signed;
    case SHOWS_OTHER_NAME: return tls->server_other_name;
    }
    return NULL;
}

static void on_accepted(void *ctx, TcpConn *tcp)
{
    Talk *talk = ctx;
    talk->line[NET_DOWN] =
        line_accept(talk->attacker, talk->as[NET_DOWN], tcp, server_context(talk->active), &downward, talk);
}

NetTapVerdict moves_intercept(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse)
{
    Attacker *attacker = active->attacker;
    const Place *place = attacker_place(attacker, active->move->match.segment);
    NetAddr ue, pcscf;

    if (server_context(active) == NULL || attacker->config.tls.client == NULL || place == NULL)
        return NET_TAP_PASS;
    memcpy(ue.octet, glimpse->ip.src, IP_ADDR_LEN);
    memcpy(pcscf.octet, glimpse->ip.dst, IP_ADDR_LEN);
    g_autofree char *name = g_strconcat(attacker->config.name, "-as-pcscf", NULL);
    TraceId record = move_record(active, "intercept", at->frame,
                                 active->move->shows == SHOWS_SELF_SIGNED
                                     ? "takes the victim's connection, with a certificate that nobody issued"
                                     : "takes the victim's connection, with a certificate for another name");
    Talk *talk = talk_new(active, place, &ue, &pcscf, glimpse->ip.tcp.dport);
    talk->victim_port = glimpse->ip.tcp.sport;
    talk->as[NET_DOWN] = impostor_new(attacker->net, name, &pcscf, place, NET_DOWN, record);
    bool listens = tcp_listen(talk->as[NET_DOWN]->host, talk->port, on_accepted, talk);
    g_assert(listens); /* it is a new host */
    talk->frame = at->frame;
    impostor_hear(talk->as[NET_DOWN], at);
    return NET_TAP_TAKE;
}
