/*
 * nodes/attacker/packets.c - IPv6 packets of an attacker's own making.
 *
 * Source:  RFC 8200 §3, §8.1; RFC 768; RFC 9293 §3.1; RFC 4303 §2.
 * Knows:   octets.  He has no ESP key: an ICV is given, and wrong.
 */
#include "nodes/attacker/private.h"

enum { UDP_LEN = 8, HOP_LIMIT = 64, TCP_CHECKSUM = 16, UDP_CHECKSUM = 6 };

static void put16(uint8_t *at, size_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

static GByteArray *ip_packet(const uint8_t *src, const uint8_t *dst, uint8_t next_header, size_t payload)
{
    GByteArray *packet = g_byte_array_new();
    g_byte_array_set_size(packet, (guint)(IP_HEADER_LEN + payload));
    memset(packet->data, 0, packet->len);
    packet->data[0] = 0x60;
    put16(packet->data + 4, payload);
    packet->data[6] = next_header;
    packet->data[7] = HOP_LIMIT;
    memcpy(packet->data + 8, src, IP_ADDR_LEN);
    memcpy(packet->data + 24, dst, IP_ADDR_LEN);
    return packet;
}

void packet_fix_checksum(uint8_t *packet, size_t len)
{
    IpPacket ip;
    if (ip_packet_parse(packet, len, &ip) != IP_OK || (ip.next_header != IP_UDP && ip.next_header != IP_TCP))
        return;
    uint8_t *upper = packet + (ip.upper.p - packet);
    uint8_t *checksum = upper + (ip.next_header == IP_UDP ? UDP_CHECKSUM : TCP_CHECKSUM);
    put16(checksum, 0);
    uint16_t sum = ip_upper_checksum(ip.src, ip.dst, ip.next_header, upper, ip.upper.len);
    put16(checksum, sum != 0 || ip.next_header == IP_TCP ? sum : 0xffff);
}

GByteArray *packet_udp(const uint8_t *src, const uint8_t *dst, uint16_t sport, uint16_t dport, const void *octets,
                       size_t len)
{
    GByteArray *packet = ip_packet(src, dst, IP_UDP, UDP_LEN + len);
    uint8_t *udp = packet->data + IP_HEADER_LEN;
    put16(udp, sport);
    put16(udp + 2, dport);
    put16(udp + 4, UDP_LEN + len);
    memcpy(udp + UDP_LEN, octets, len);
    packet_fix_checksum(packet->data, packet->len);
    return packet;
}

GByteArray *packet_esp(const GByteArray *udp, uint32_t spi, uint32_t seq, const uint8_t icv[ESP_ICV_LEN])
{
    size_t segment = udp->len - IP_HEADER_LEN, pad = (4 - (segment + 2) % 4) % 4;
    GByteArray *packet =
        ip_packet(udp->data + 8, udp->data + 24, IP_ESP, ESP_HEADER_LEN + segment + pad + 2 + ESP_ICV_LEN);
    uint8_t *at = packet->data + IP_HEADER_LEN;
    put32(at, spi);
    put32(at + 4, seq);
    memcpy(at + ESP_HEADER_LEN, udp->data + IP_HEADER_LEN, segment);
    at += ESP_HEADER_LEN + segment;
    for (size_t i = 0; i < pad; i++)
        *at++ = (uint8_t)(i + 1);
    *at++ = (uint8_t)pad;
    *at++ = IP_UDP;
    memcpy(at, icv, ESP_ICV_LEN);
    return packet;
}
