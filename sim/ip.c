/*
 * sim/ip.c - building and reading IPv6 headers.
 *
 * Source:  RFC 2460 §3, §8.1; RFC 1071.
 * Knows:   octets only.
 */
#include "sim/ip.h"

#include <string.h>

bool ip_parse(const uint8_t *octets, size_t len, IpView *out)
{
    if (len < IP_HEADER_LEN || octets[0] >> 4 != 6) {
        return false;
    }
    size_t payload_len = get_u16(octets + 4);
    if (payload_len > len - IP_HEADER_LEN) {
        return false;
    }
    *out = (IpView){ .src = octets + 8,
                     .dst = octets + 24,
                     .next_header = octets[6],
                     .hop_limit = octets[7],
                     .payload = octets + IP_HEADER_LEN,
                     .payload_len = payload_len };
    return true;
}

void ip_header(uint8_t out[IP_HEADER_LEN], const NetAddr *src, const NetAddr *dst, uint8_t next_header,
               size_t payload_len)
{
    memset(out, 0, 4);
    out[0] = 6 << 4;
    put_u16(out + 4, (uint16_t)payload_len);
    out[6] = next_header;
    out[7] = IP_HOP_LIMIT;
    memcpy(out + 8, src->octet, 16);
    memcpy(out + 24, dst->octet, 16);
}

/*
 * The ones' complement sum does not care how the octets are grouped nor, but for the place of the result's two octets,
 * about their order (RFC 1071 §2): words of the machine are added, eight octets at a time.
 */
static uint64_t add_octets(uint64_t sum, const uint8_t *octets, size_t len)
{
    uint64_t high = 0;

    for (; len >= 8; octets += 8, len -= 8) {
        uint64_t word;
        memcpy(&word, octets, 8);
        high += word >> 32;
        sum += word & UINT32_MAX;
    }
    if (len > 0) {
        uint64_t word = 0;
        memcpy(&word, octets, len);
        high += word >> 32;
        sum += word & UINT32_MAX;
    }
    return sum + high; /* no carry is lost: at most 2^14 words of 32 bits each */
}

static uint16_t fold(uint64_t sum)
{
    while (sum >> 16 != 0) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (uint16_t)sum;
}

uint16_t ip_checksum(const uint8_t addresses[32], uint8_t next_header, const uint8_t *upper, size_t len)
{
    uint8_t rest[8] = { 0 };

    put_u32(rest, (uint32_t)len);
    rest[7] = next_header;
    uint64_t sum = add_octets(add_octets(add_octets(0, addresses, 32), rest, 8), upper, len);
    uint16_t folded = fold(sum);
    uint8_t octets[2];
    memcpy(octets, &folded, 2);
    return (uint16_t)~get_u16(octets);
}
