/*
 * nodes/attacker/session.c - a TLS session of his own with the victim's P-CSCF, and what he says in it.
 *
 * Source:  threats AT-40, AT-41 (challenge asked for inside his own TLS), AT-48; RFC 4169 §1; Asokan, Niemi and Nyberg,
 *          "Man-in-the-middle in tunnelled authentication protocols", 2003.
 * Knows:   his own certificates, and what he has read.
 *
 * He speaks from the victim's address: the answers cross the segment that he taps, and never reach the victim.
 */
#include "nodes/attacker/talk.h"

#include "nodes/stack/endpoint.h"

enum { OWN_PORTS_FROM = 20000 }; /* below those that a handset draws from (RFC 6335 §6) */

static void on_open(void *ctx, Line *line)
{
    Talk *talk = ctx;
    talk->attacker->knowledge.lessons++;
    moves_wanted(talk->attacker);
}

static void on_message(void *ctx, Line *line, const SipMsg *msg)
{
    Talk *talk = ctx;
    talk_read(talk, NET_DOWN, msg);
    victim_challenged(&talk->attacker->knowledge, talk->place.segment, msg);
    moves_wanted(talk->attacker);
}

static void on_ended(void *ctx, Line *line, const char *why)
{
    talk_ended(ctx, line);
}

static const LineEvents session_events = { on_open, on_message, on_ended };

bool moves_session(ActiveMove *active)
{
    static const NetAddr nowhere;
    Attacker *attacker = active->attacker;
    const char *segment = active->move->match.segment;
    const Place *place = attacker_place(attacker, segment);
    const Victim *victim = knowledge_victim(&attacker->knowledge, segment);
    bool certified = active->move->shows == SHOWS_OTHER_NAME;
    TlsContext *context = certified ? attacker->config.tls.client_certified : attacker->config.tls.client;

    if (context == NULL || place == NULL || victim == NULL || net_addr_equal(&victim->addr, &nowhere) ||
        net_addr_equal(&victim->pcscf, &nowhere))
        return false;
    TraceId record =
        move_record(active, "session", 0,
                    certified ? "opens TLS of his own to the victim's P-CSCF, with a certificate of his own"
                              : "opens TLS of his own to the victim's P-CSCF, without a certificate");
    Talk *talk = talk_new(active, place, &victim->addr, &victim->pcscf, SIPS_PORT);
    talk->own_port = (uint16_t)(OWN_PORTS_FROM + talk->number);
    talk->as[NET_UP] = impostor_new(attacker->net, attacker->config.name, &talk->ue, place, NET_UP, record);
    talk->line[NET_UP] = line_connect(attacker, talk->as[NET_UP], talk->own_port, &talk->pcscf, talk->port, context,
                                      &session_events, talk);
    return true;
}

bool moves_send(ActiveMove *active)
{
    Attacker *attacker = active->attacker;
    const Move *move = active->move;
    NetDir dir = move->match.dir >= 0 ? (NetDir)move->match.dir : NET_UP;
    Talk *talk = talk_on(attacker, move->match.segment, dir);
    const Victim *victim = knowledge_victim(&attacker->knowledge, move->match.segment);

    if (talk == NULL || victim == NULL)
        return false;
    g_autoptr(GString) message = own_message(active, victim, talk->token);
    if (message == NULL)
        return false;
    SimContext before = sim_context(attacker->sim);
    TraceId record = move_record(active, "send", 0, "sends a message of his own through TLS");
    sim_set_context(attacker->sim, (SimContext){ record, record });
    talk_send(talk, dir, message->str, message->len);
    sim_set_context(attacker->sim, before);
    return true;
}
