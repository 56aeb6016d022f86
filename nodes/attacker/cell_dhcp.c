/*
 * nodes/attacker/cell_dhcp.c - a false base station answers the victim's question for a P-CSCF itself.
 *
 * Source:  RFC 3319 §3.2, RFC 3736; threats AT-30p.  Nothing in the exchange is authenticated.
 * Knows:   one packet's octets, and the P-CSCF it is to name.
 */
#include "nodes/attacker/cell_internal.h"

#include "nodes/msg/dhcp.h"
#include "nodes/msg/ip.h"

#include <string.h>

enum { UDP_LEN = 8, CELL_HOP_LIMIT = 64 };

static void put_u16(uint8_t *at, size_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* A UDP datagram the other way, RFC 768 and RFC 2460 §3.  @packet: out, of IP_HEADER_LEN + UDP_LEN + @len octets */
static void cell_write_reply(uint8_t *packet, const IpPacket *request, const uint8_t *octets, size_t len)
{
    uint8_t *udp = packet + IP_HEADER_LEN;

    memset(packet, 0, IP_HEADER_LEN + UDP_LEN);
    packet[0] = 0x60;
    put_u16(packet + 4, UDP_LEN + len);
    packet[6] = IP_UDP;
    packet[7] = CELL_HOP_LIMIT;
    memcpy(packet + 8, request->dst, IP_ADDR_LEN);
    memcpy(packet + 24, request->src, IP_ADDR_LEN);
    put_u16(udp, request->udp.dport);
    put_u16(udp + 2, request->udp.sport);
    put_u16(udp + 4, UDP_LEN + len);
    memcpy(udp + UDP_LEN, octets, len);
    uint16_t sum = ip_upper_checksum(packet + 8, packet + 24, IP_UDP, udp, UDP_LEN + len);
    put_u16(udp + 6, sum != 0 ? sum : 0xffff);
}

bool cell_answers_dhcp(Cell *cell, const uint8_t *octets, size_t len, uint64_t frame)
{
    uint8_t duid[DHCP_DUID_LL_LEN], answer[DHCP_MSG_MAX], packet[IP_HEADER_LEN + UDP_LEN + DHCP_MSG_MAX];
    IpPacket ip;
    DhcpMsg request;

    if (!cell_steers(cell) || ip_packet_parse(octets, len, &ip) != IP_OK || ip.next_header != IP_UDP ||
        ip.udp.dport != DHCP_SERVER_PORT || dhcp_parse(ip.udp.payload.p, ip.udp.payload.len, &request) != DHCP_OK ||
        request.type != DHCP_INFORMATION_REQUEST)
        return false;
    dhcp_duid(cell->id, duid);
    DhcpMsg reply = { .type = DHCP_REPLY,
                      .transaction = request.transaction,
                      .client_duid = request.client_duid,
                      .server_duid = { duid, sizeof duid },
                      .n_sip_servers = 1 };
    memcpy(reply.sip_server[0], cell->config.pcscf.octet, sizeof reply.sip_server[0]);
    size_t answer_len = dhcp_write(&reply, answer, sizeof answer);
    if (answer_len == 0)
        return false;
    cell->steered = true;
    cell_move(cell, "steer", frame, "answers the victim's DHCPv6 request with another P-CSCF");
    cell_write_reply(packet, &ip, answer, answer_len);
    cell_inject_down(cell, packet, IP_HEADER_LEN + UDP_LEN + answer_len, cell_context(cell));
    return true;
}
