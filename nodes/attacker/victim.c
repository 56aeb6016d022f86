/*
 * nodes/attacker/victim.c - what he can name in messages of his own.
 *
 * Source:  threats AT-07 (SM1 names IMPI, IMPU, address and realm), AT-41 (the answer to a challenge, lifted from a
 *          readable SM7); TS 33.203 §7.2 (SPIs and ports of the Security-* lists).
 * Knows:   readings, and the clear octets of ESP.
 */
#include "nodes/attacker/private.h"

#include "nodes/msg/sip_auth.h"

void victim_free(gpointer data)
{
    Victim *victim = data;
    g_free(victim->impu);
    g_free(victim->impi);
    g_free(victim->home);
    g_free(victim->authorization);
    g_free(victim);
}

/* "alice" of "air:alice": all segments of one access lead to one UE. */
static const char *access_of(const char *segment)
{
    const char *colon = strchr(segment, ':');
    return colon != NULL ? colon + 1 : segment;
}

const Victim *knowledge_victim(const Knowledge *knowledge, const char *segment)
{
    if (segment == NULL || segment[0] == '\0')
        return knowledge->first_victim;
    return g_hash_table_lookup(knowledge->victims, access_of(segment));
}

static Victim *victim_at(Knowledge *knowledge, const char *segment)
{
    Victim *victim = g_hash_table_lookup(knowledge->victims, access_of(segment));
    if (victim != NULL)
        return victim;
    victim = g_new0(Victim, 1);
    victim->access = access_of(segment);
    g_hash_table_insert(knowledge->victims, (gpointer)victim->access, victim);
    if (knowledge->first_victim == NULL)
        knowledge->first_victim = victim;
    return victim;
}

static void set_text(char **member, char *text)
{
    g_free(*member);
    *member = text;
}

/* TS 33.203 §7.2: each side's list names the server port where it will take protected requests. */
static uint16_t server_port(const SipMsg *msg, SipHeaderId id)
{
    SipSecList list;
    if (!sip_sec_list(msg, id, &list))
        return 0;
    for (unsigned i = 0; i < list.n; i++)
        if (list.items[i].present & SIP_SEC_PORT_S)
            return list.items[i].port_s;
    return 0;
}

static void learn_register(Knowledge *knowledge, Victim *victim, const Reading *reading, const SipMsg *msg)
{
    SipDigest digest;
    uint16_t port = server_port(msg, SIP_H_SECURITY_CLIENT);
    if (!sip_digest(msg, SIP_H_AUTHORIZATION, &digest))
        return;
    set_text(&victim->impu, g_strdup(reading->to));
    set_text(&victim->impi, text_dup(digest.username));
    set_text(&victim->home, text_dup(digest.realm));
    victim->addr = reading->src;
    victim->pcscf = reading->dst;
    if (port != 0)
        victim->port[NET_DOWN] = port;
    if (digest.response.len > 0)
        set_text(&victim->authorization, text_dup(sip_value(msg, SIP_H_AUTHORIZATION)));
    knowledge->lessons++;
}

void victim_learn_sip(Knowledge *knowledge, const Reading *reading, const SipMsg *msg)
{
    if (reading->method != SIP_REGISTER)
        return;
    if (reading->is_request && reading->dir == NET_UP) {
        learn_register(knowledge, victim_at(knowledge, reading->segment), reading, msg);
    } else if (!reading->is_request && reading->dir == NET_DOWN && sip_has(msg, SIP_H_SECURITY_SERVER)) {
        uint16_t port = server_port(msg, SIP_H_SECURITY_SERVER);
        if (port != 0)
            victim_at(knowledge, reading->segment)->port[NET_UP] = port;
        knowledge->lessons++;
    }
}

void victim_learn_esp(Knowledge *knowledge, const Seen *seen, const IpPacket *ip)
{
    Victim *victim = victim_at(knowledge, seen->segment);
    if (victim->spi[seen->dir] == 0)
        knowledge->lessons++;
    victim->spi[seen->dir] = ip->esp.spi;
    victim->seq[seen->dir] = ip->esp.seq;
}
