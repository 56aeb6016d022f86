/*
 * nodes/msg/ip.c - reading IPv6 packets.
 *
 * Source:  RFC 8200 §3, §4, §8.1; RFC 768; RFC 9293 §3.1; RFC 4303 §2.
 * Knows:   see ip.h.
 */
#include "nodes/msg/ip.h"

enum { HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, DESTINATION = 60 };
enum { UDP_HEADER_LEN = 8, TCP_HEADER_LEN = 20, ESP_HEADER_LEN = 8 };

const char *ip_result_text(IpResult result)
{
    switch (result) {
    case IP_OK: return "well-formed";
    case IP_SHORT: return "cut off";
    case IP_NOT_V6: return "not IP version 6";
    case IP_BAD_LENGTH: return "octets behind the payload";
    case IP_BAD_EXTENSION: return "extension headers cut off, or too many";
    case IP_FRAGMENTED: return "a fragment";
    case IP_BAD_UPPER: return "the upper layer's header is cut off or has a wrong length";
    }
    return "?";
}

/* One's complement sum of 16-bit words, RFC 1071 §1; an odd octet at the end counts as the high one. */
static uint64_t add_words(uint64_t sum, const uint8_t *octets, size_t len)
{
    for (size_t i = 0; i + 1 < len; i += 2)
        sum += (uint32_t)octets[i] << 8 | octets[i + 1];
    if (len % 2)
        sum += (uint32_t)octets[len - 1] << 8;
    return sum;
}

uint16_t ip_upper_checksum(const uint8_t src[IP_ADDR_LEN], const uint8_t dst[IP_ADDR_LEN], uint8_t next_header,
                           const uint8_t *upper, size_t len)
{
    uint64_t sum = add_words(add_words(0, src, IP_ADDR_LEN), dst, IP_ADDR_LEN);
    sum += (len >> 16) + (len & 0xffff) + next_header;
    sum = add_words(sum, upper, len);
    while (sum >> 16)
        sum = (sum >> 16) + (sum & 0xffff);
    return (uint16_t)~sum;
}

static bool read_udp(const uint8_t *src, const uint8_t *dst, Octets upper, IpUdp *out)
{
    OctetReader r = octet_reader(upper.p, upper.len);
    uint16_t length, checksum;
    if (!octet_u16(&r, &out->sport) || !octet_u16(&r, &out->dport) || !octet_u16(&r, &length) ||
        !octet_u16(&r, &checksum) || length != upper.len)
        return false;
    /* RFC 8200 §8.1: over IPv6 a zero checksum is not allowed */
    out->checksum_ok = checksum != 0 && ip_upper_checksum(src, dst, IP_UDP, upper.p, upper.len) == 0;
    out->payload = (Octets){ r.p, (uint32_t)r.left };
    return true;
}

static bool read_tcp(const uint8_t *src, const uint8_t *dst, Octets upper, IpTcp *out)
{
    OctetReader r = octet_reader(upper.p, upper.len);
    uint8_t offset;
    if (!octet_u16(&r, &out->sport) || !octet_u16(&r, &out->dport) || !octet_u32(&r, &out->seq) ||
        !octet_u32(&r, &out->ack) || !octet_u8(&r, &offset) || !octet_u8(&r, &out->flags) ||
        !octet_u16(&r, &out->window) || !octet_skip(&r, 4))
        return false;
    size_t header = (size_t)(offset >> 4) * 4;
    if (header < TCP_HEADER_LEN || !octet_skip(&r, header - TCP_HEADER_LEN))
        return false;
    out->checksum_ok = ip_upper_checksum(src, dst, IP_TCP, upper.p, upper.len) == 0;
    out->payload = (Octets){ r.p, (uint32_t)r.left };
    return true;
}

static bool read_esp(Octets upper, IpEsp *out)
{
    OctetReader r = octet_reader(upper.p, upper.len);
    if (!octet_u32(&r, &out->spi) || !octet_u32(&r, &out->seq))
        return false;
    out->body = (Octets){ r.p, (uint32_t)r.left };
    return true;
}

static bool is_extension(uint8_t next_header)
{
    return next_header == HOP_BY_HOP || next_header == ROUTING || next_header == DESTINATION || next_header == FRAGMENT;
}

/* Walk to the upper layer, RFC 8200 §4.1.  All but the fragment header carry their length in units of 8 octets. */
static IpResult skip_extensions(OctetReader *r, uint8_t *next_header)
{
    bool fragment = false;
    for (unsigned n = 0; is_extension(*next_header); n++) {
        uint8_t next, length;
        bool fixed = *next_header == FRAGMENT;
        if (n == IP_EXTENSIONS_MAX || !octet_u8(r, &next) || !octet_u8(r, &length) ||
            !octet_skip(r, fixed ? 6 : 6 + 8 * (size_t)length))
            return IP_BAD_EXTENSION;
        if (fixed) { /* an atomic fragment (offset 0, no more) is whole, RFC 6946 */
            const uint8_t *at = r->p - 6;
            fragment = fragment || ((at[0] << 8 | at[1]) & 0xfff9) != 0;
        }
        *next_header = next;
        if (fragment)
            return IP_FRAGMENTED;
    }
    return IP_OK;
}

static bool read_upper(IpPacket *packet)
{
    switch (packet->next_header) {
    case IP_UDP: return read_udp(packet->src, packet->dst, packet->upper, &packet->udp);
    case IP_TCP: return read_tcp(packet->src, packet->dst, packet->upper, &packet->tcp);
    case IP_ESP: return read_esp(packet->upper, &packet->esp);
    default: return true;
    }
}

IpResult ip_packet_parse(const uint8_t *octets, size_t len, IpPacket *out)
{
    OctetReader r = octet_reader(octets, len);
    IpPacket packet = { 0 };
    uint32_t first;
    uint16_t payload;
    if (!octet_u32(&r, &first))
        return IP_SHORT;
    if (first >> 28 != 6)
        return IP_NOT_V6;
    packet.traffic_class = (uint8_t)(first >> 20);
    packet.flow_label = first & 0xfffff;
    if (!octet_u16(&r, &payload) || !octet_u8(&r, &packet.next_header) || !octet_u8(&r, &packet.hop_limit) ||
        !octet_take(&r, IP_ADDR_LEN, &packet.src) || !octet_take(&r, IP_ADDR_LEN, &packet.dst) || payload > r.left)
        return IP_SHORT;
    if (payload < r.left)
        return IP_BAD_LENGTH;
    IpResult result = skip_extensions(&r, &packet.next_header);
    if (result == IP_BAD_EXTENSION)
        return result;
    packet.upper = (Octets){ r.p, (uint32_t)r.left };
    if (result == IP_OK && !read_upper(&packet))
        result = IP_BAD_UPPER;
    *out = packet;
    return result;
}

/* Trailer of RFC 4303 §2.4: padding 1, 2, 3, ..., its length, the next header. */
static bool read_trailer(Octets plain, uint8_t *next_header, Octets *inner)
{
    if (plain.len < 2)
        return false;
    uint32_t padding = plain.p[plain.len - 2];
    *next_header = plain.p[plain.len - 1];
    if (padding + 2 > plain.len)
        return false;
    *inner = (Octets){ plain.p, plain.len - 2 - padding };
    for (uint32_t i = 0; i < padding; i++)
        if (plain.p[inner->len + i] != i + 1)
            return false;
    return true;
}

static bool inner_is_right(const IpPacket *outer, IpEspNull *out)
{
    IpPacket tunnelled;
    switch (out->next_header) {
    case IP_UDP: return read_udp(outer->src, outer->dst, out->inner, &out->udp) && out->udp.checksum_ok;
    case IP_TCP: return read_tcp(outer->src, outer->dst, out->inner, &out->tcp) && out->tcp.checksum_ok;
    case IP_IPV6: return ip_packet_parse(out->inner.p, out->inner.len, &tunnelled) == IP_OK;
    default: return false;
    }
}

bool ip_esp_null(const IpPacket *packet, IpEspNull *out)
{
    static const uint8_t icv_lens[] = { 12, 16, 0 }; /* HMAC-*-96 of TS 33.203 first */
    if (packet->next_header != IP_ESP)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(icv_lens); i++) {
        Octets plain = packet->esp.body;
        IpEspNull guess = { .icv_len = icv_lens[i] };
        if (plain.len < guess.icv_len)
            continue;
        plain.len -= guess.icv_len;
        if (read_trailer(plain, &guess.next_header, &guess.inner) && inner_is_right(packet, &guess)) {
            *out = guess;
            return true;
        }
    }
    return false;
}
