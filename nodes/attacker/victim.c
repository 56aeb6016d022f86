/*
 * nodes/attacker/victim.c - what he can name in messages of his own.
 *
 * Source:  threats AT-07 (SM1 names IMPI, IMPU, address and realm), AT-41 (the answer to a challenge, lifted from a
 *          readable SM7); TS 33.203 §7.2 (SPIs and ports of the Security-* lists).
 * Knows:   readings, and the clear octets of ESP.
 */
#include "nodes/attacker/private.h"

#include "nodes/msg/sip_auth.h"
#include "nodes/stack/endpoint.h"

void victim_free(gpointer data)
{
    Victim *victim = data;
    g_free(victim->impu);
    g_free(victim->impi);
    g_free(victim->home);
    g_free(victim->authorization);
    g_free(victim->challenge);
    g_free(victim->nonce);
    g_free(victim->realm);
    g_free(victim->answer);
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

Victim *victim_at(Knowledge *knowledge, const char *segment)
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

void victim_set(char **member, char *text)
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
    victim_set(&victim->impu, g_strdup(reading->to));
    victim_set(&victim->impi, text_dup(digest.username));
    victim_set(&victim->home, text_dup(digest.realm));
    victim->addr = reading->src;
    victim->pcscf = reading->dst;
    if (port != 0)
        victim->port[NET_DOWN] = port;
    if (digest.response.len > 0)
        victim_set(&victim->authorization, text_dup(sip_value(msg, SIP_H_AUTHORIZATION)));
    if (digest.response.len > 0 && victim->nonce != NULL && text_is(digest.nonce, victim->nonce))
        victim_set(&victim->answer, g_strdup(victim->authorization));
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

void victim_learn_tcp(Knowledge *knowledge, const Seen *seen, const IpPacket *ip)
{
    if (seen->dir != NET_UP || ip->tcp.dport != SIPS_PORT || (ip->tcp.flags & (IP_SYN | IP_ACK)) != IP_SYN)
        return;
    Victim *victim = victim_at(knowledge, seen->segment);
    memcpy(victim->addr.octet, ip->src, IP_ADDR_LEN);
    memcpy(victim->pcscf.octet, ip->dst, IP_ADDR_LEN);
    knowledge->lessons++;
}

void victim_told(Knowledge *knowledge, const char *access, const char *impi, const char *impu, const char *home)
{
    Victim *victim = victim_at(knowledge, g_string_chunk_insert_const(knowledge->texts, access));
    victim_set(&victim->impi, g_strdup(impi));
    victim_set(&victim->impu, g_strdup(impu));
    victim_set(&victim->home, g_strdup(home));
    knowledge->lessons++;
}
