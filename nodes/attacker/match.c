/*
 * nodes/attacker/match.c - what a packet looks like to somebody who has no keys, and whether a move is meant for it.
 *
 * Source:  TS 33.203 §7.2 (SM1 to SM12, told apart by what they carry).
 * Knows:   one packet.  Messages over TCP are read (stream.c) but not acted on: a move acts on packets, and on messages
 *          in a conversation that he is in the middle of (intercept.c).
 */
#include "nodes/attacker/private.h"
#include "nodes/msg/dhcp.h"
#include "nodes/msg/sip_auth.h"
#include "nodes/msg/sip_fields.h"

void glimpse_look(Glimpse *glimpse, NetKind kind, const uint8_t *octets, size_t len)
{
    IpEspNull null;
    const IpUdp *udp = NULL;

    memset(glimpse, 0, offsetof(Glimpse, msg));
    glimpse->kind = kind;
    glimpse->is_ip = kind == NET_IP && ip_packet_parse(octets, len, &glimpse->ip) == IP_OK;
    if (!glimpse->is_ip)
        return;
    if (glimpse->ip.next_header == IP_UDP) {
        udp = &glimpse->ip.udp;
    } else if (glimpse->ip.next_header == IP_ESP) {
        glimpse->is_esp = true;
        if (ip_esp_null(&glimpse->ip, &null) && null.next_header == IP_UDP)
            udp = &null.udp;
    }
    if (udp == NULL)
        return;
    glimpse->is_udp = true;
    glimpse->sport = udp->sport;
    glimpse->dport = udp->dport;
    glimpse->payload = udp->payload.p;
    glimpse->payload_len = udp->payload.len;
    glimpse->has_sip = sip_split(&glimpse->msg, (const char *)udp->payload.p, udp->payload.len) == SIP_OK;
}

/* --- the messages of a registration, by what they carry (TS 33.203 §7.2) --- */

static bool is_answer_to(const SipMsg *msg, unsigned status, Text method)
{
    SipCseq cseq;
    return !msg->is_request && msg->status == status && sip_cseq(msg, &cseq) && text_equal(cseq.method_text, method);
}

static bool is_register_message(const SipMsg *msg, const char *name)
{
    SipDigest digest;
    if (strcmp(name, "SM6") == 0)
        return is_answer_to(msg, 401, TEXT("REGISTER"));
    if (strcmp(name, "SM12") == 0)
        return is_answer_to(msg, 200, TEXT("REGISTER"));
    bool answers = sip_digest(msg, SIP_H_AUTHORIZATION, &digest) && digest.response.len > 0;
    bool wanted = strcmp(name, "SM7") == 0 ? answers : strcmp(name, "SM1") == 0 && !answers;
    return msg->is_request && msg->method == SIP_REGISTER && wanted;
}

bool sip_is_called(const SipMsg *msg, const char *name)
{
    if (name[0] == 'S' && name[1] == 'M' && g_ascii_isdigit(name[2]))
        return is_register_message(msg, name);
    if (strcmp(name, "any-sip") == 0)
        return true;
    if (!g_ascii_isdigit(name[0]))
        return msg->is_request && text_is(msg->method_text, name);
    char *rest;
    unsigned long status = strtoul(name, &rest, 10);
    if (*rest == '\0')
        return !msg->is_request && msg->status == status;
    return is_answer_to(msg, (unsigned)status, text_from(rest + 1));
}

static bool is_dhcp_reply(const Glimpse *glimpse)
{
    DhcpMsg dhcp;
    return glimpse->is_udp && glimpse->dport == DHCP_CLIENT_PORT &&
           dhcp_parse(glimpse->payload, glimpse->payload_len, &dhcp) == DHCP_OK && dhcp.type == DHCP_REPLY;
}

static bool has_address(const Glimpse *glimpse, const char *text)
{
    NetAddr addr;
    return glimpse->is_ip && net_addr_parse(text, strlen(text), &addr) &&
           (memcmp(glimpse->ip.src, addr.octet, 16) == 0 || memcmp(glimpse->ip.dst, addr.octet, 16) == 0);
}

/* "tcp", "tcp:5061": from or to that port */
static bool is_tcp(const Glimpse *glimpse, const char *name)
{
    const IpPacket *ip = &glimpse->ip;
    if (!glimpse->is_ip || ip->next_header != IP_TCP)
        return false;
    unsigned long port = name[3] == ':' ? strtoul(name + 4, NULL, 10) : 0;
    return port == 0 || ip->tcp.sport == port || ip->tcp.dport == port;
}

bool glimpse_matches(const Glimpse *glimpse, const MoveMatch *match, const char *segment, NetDir dir)
{
    const char *message = match->message;

    if (match->segment != NULL && match->segment[0] != '\0' && strcmp(match->segment, segment) != 0)
        return false;
    if (match->dir >= 0 && match->dir != (int)dir)
        return false;
    if (match->address != NULL && match->address[0] != '\0' && !has_address(glimpse, match->address))
        return false;
    if (message == NULL || message[0] == '\0')
        return true;
    if (strcmp(message, "esp") == 0)
        return glimpse->is_esp;
    if (strcmp(message, "ip") == 0)
        return glimpse->is_ip;
    if (strcmp(message, "tcp") == 0 || g_str_has_prefix(message, "tcp:"))
        return is_tcp(glimpse, message);
    if (strcmp(message, "ciphered") == 0)
        return glimpse->kind == NET_CIPHERED;
    if (strcmp(message, "dhcp-reply") == 0)
        return is_dhcp_reply(glimpse);
    return glimpse->has_sip && sip_is_called(&glimpse->msg, message);
}
