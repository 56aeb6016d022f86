/*
 * sim/ip.h - IPv6, UDP and TCP headers and the Internet checksum.
 *
 * Source:  RFC 2460 (header, §8.1 pseudo-header), RFC 768, RFC 793, RFC 1071.
 * Knows:   octets only.
 */
#ifndef PRESEC_SIM_IP_H
#define PRESEC_SIM_IP_H

#include "sim/net.h"

#define IP_HEADER_LEN  40
#define UDP_HEADER_LEN 8
#define TCP_HEADER_LEN 20
#define IP_HOP_LIMIT   64
#define IP_PAYLOAD_MAX 65535
#define IP_TCP         6
#define IP_UDP         17

static inline uint16_t get_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t get_u32(const uint8_t *at)
{
    return (uint32_t)get_u16(at) << 16 | get_u16(at + 2);
}

static inline void put_u16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static inline void put_u32(uint8_t *at, uint32_t value)
{
    put_u16(at, (uint16_t)(value >> 16));
    put_u16(at + 2, (uint16_t)value);
}

/* An IPv6 packet whose header and lengths agree: @payload is what follows the 40 octets, of the length the header says.
 */
typedef struct IpView {
    const uint8_t *src, *dst; /* 16 octets each */
    uint8_t next_header, hop_limit;
    const uint8_t *payload;
    size_t payload_len;
} IpView;

/* False when it is no whole IPv6 packet.  Octets behind the packet are ignored. */
bool ip_parse(const uint8_t *octets, size_t len, IpView *out);
void ip_header(uint8_t out[IP_HEADER_LEN], const NetAddr *src, const NetAddr *dst, uint8_t next_header,
               size_t payload_len);
/*
 * The checksum of an upper-layer packet with its pseudo-header.  @addresses: source and destination, 32 octets as they
 * stand in the header. Over a packet that carries its checksum the result is 0 when that is right.
 */
uint16_t ip_checksum(const uint8_t addresses[32], uint8_t next_header, const uint8_t *upper, size_t len);

#endif
