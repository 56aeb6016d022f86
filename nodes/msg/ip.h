/*
 * nodes/msg/ip.h - reading IPv6 packets as a sniffer does: header, UDP, TCP, ESP, and ESP that only seems to hide
 * something.
 *
 * Source:  RFC 8200 §3, §4, §8.1; RFC 768; RFC 9293 §3.1; RFC 4303 §2, RFC 2410 (NULL encryption).
 * Knows:   octets, no keys.  All of it is views.
 */
#ifndef PRESEC_NODES_MSG_IP_H
#define PRESEC_NODES_MSG_IP_H

#include "nodes/msg/octets.h"
#include "nodes/msg/text.h"

enum { IP_HEADER_LEN = 40, IP_ADDR_LEN = 16, IP_EXTENSIONS_MAX = 8 };
enum { IP_TCP = 6, IP_UDP = 17, IP_IPV6 = 41, IP_ESP = 50, IP_ICMPV6 = 58, IP_NO_NEXT = 59 };

typedef enum {
    IP_OK,
    IP_SHORT, /* less than a header, or than its payload length says */
    IP_NOT_V6,
    IP_BAD_LENGTH,    /* octets behind the payload */
    IP_BAD_EXTENSION, /* cut off, or more than IP_EXTENSIONS_MAX */
    IP_FRAGMENTED,    /* a fragment: the upper layer is not read */
    IP_BAD_UPPER,     /* UDP, TCP or ESP header cut off or with a wrong length */
} IpResult;
const char *ip_result_text(IpResult result);

typedef struct IpUdp {
    uint16_t sport, dport;
    bool checksum_ok;
    Octets payload;
} IpUdp;

enum { IP_FIN = 1, IP_SYN = 2, IP_RST = 4, IP_PSH = 8, IP_ACK = 16 };
typedef struct IpTcp {
    uint16_t sport, dport;
    uint32_t seq, ack;
    uint8_t flags;
    uint16_t window;
    bool checksum_ok;
    Octets payload;
} IpTcp;

typedef struct IpEsp {
    uint32_t spi, seq;
    Octets body; /* everything behind the sequence number */
} IpEsp;

typedef struct IpPacket {
    const uint8_t *src, *dst; /* IP_ADDR_LEN octets each */
    uint8_t traffic_class;
    uint32_t flow_label;
    uint8_t hop_limit;
    uint8_t next_header; /* of the upper layer, behind any extensions */
    Octets upper;        /* header and payload of it */
    union {              /* by next_header; else nothing */
        IpUdp udp;
        IpTcp tcp;
        IpEsp esp;
    };
} IpPacket;

/** @out: set on IP_OK and IP_FRAGMENTED; on IP_BAD_UPPER all but the union. */
IpResult ip_packet_parse(const uint8_t *octets, size_t len, IpPacket *out) G_GNUC_WARN_UNUSED_RESULT;

/** Internet checksum over the pseudo header of RFC 8200 §8.1 and @upper; 0 when the one inside is right. */
uint16_t ip_upper_checksum(const uint8_t src[IP_ADDR_LEN], const uint8_t dst[IP_ADDR_LEN], uint8_t next_header,
                           const uint8_t *upper, size_t len);

/* What an ESP packet shows when it was not encrypted. */
typedef struct IpEspNull {
    uint8_t next_header; /* IP_UDP, IP_TCP, or IP_IPV6 in tunnel mode */
    uint8_t icv_len;     /* guessed: 12, 16 or 0 */
    Octets inner;        /* UDP or TCP with header, or the inner packet */
    union {
        IpUdp udp;
        IpTcp tcp;
    };
} IpEspNull;

/**
 * Is this ESP packet readable as it is?  Its trailer must be well-formed (padding 1, 2, 3, ..., a next header we know)
 * and what it holds must be right by its own length and checksum, so an encrypted packet passes with less than 2^-32
 * chance.
 *
 * In transport mode the checksum covers the outer addresses.
 */
bool ip_esp_null(const IpPacket *packet, IpEspNull *out);

/** "2001:db8::1" in the form of RFC 5952. */
#define IP_ADDR_TEXT_MAX 46
const char *ip_addr_text(const uint8_t addr[IP_ADDR_LEN], char out[IP_ADDR_TEXT_MAX]);

/** The packet in lines.  False: it must be rejected; the last line says why. */
bool ip_describe(const uint8_t *octets, size_t len, GString *out);

#endif
