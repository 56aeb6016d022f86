/*
 * nodes/msg/dhcp.h - stateless DHCPv6 as a UE uses it to find its P-CSCF.
 *
 * Source:  RFC 8415 §8, §18.2.6 (Information-request), §21; RFC 3319 §3.2 (option 22, SIP servers' addresses).
 * Knows:   octets.  Views live as long as the octets they were parsed from.
 *
 * Nothing in it is authenticated: whoever answers first with the right transaction id steers the UE.
 */
#ifndef PRESEC_NODES_MSG_DHCP_H
#define PRESEC_NODES_MSG_DHCP_H

#include "nodes/msg/octets.h"
#include "nodes/msg/text.h"

enum { DHCP_CLIENT_PORT = 546, DHCP_SERVER_PORT = 547 };
enum { DHCP_DUID_MAX = 130, DHCP_ASKED_MAX = 16, DHCP_SIP_SERVERS_MAX = 4, DHCP_MSG_MAX = 1280 };
extern const uint8_t dhcp_servers_address[16]; /* ff02::1:2, all relay agents and servers */

typedef enum { DHCP_INFORMATION_REQUEST = 11, DHCP_REPLY = 7 } DhcpType;
enum {
    DHCP_OPTION_CLIENT_ID = 1,
    DHCP_OPTION_SERVER_ID = 2,
    DHCP_OPTION_REQUEST = 6,
    DHCP_OPTION_ELAPSED_TIME = 8,
    DHCP_OPTION_SIP_ADDRESSES = 22,
};

typedef struct DhcpMsg {
    DhcpType type;
    uint32_t transaction; /* 24 bits */
    Octets client_duid;   /* p NULL: absent */
    Octets server_duid;
    bool has_elapsed;
    uint16_t elapsed; /* hundredths of a second */
    uint16_t asked[DHCP_ASKED_MAX];
    uint8_t n_asked;
    uint8_t sip_server[DHCP_SIP_SERVERS_MAX][16]; /* in order of preference */
    uint8_t n_sip_servers;
} DhcpMsg;

typedef enum {
    DHCP_OK,
    DHCP_SHORT,      /* no header, or an option is cut off */
    DHCP_TOO_LONG,   /* above DHCP_MSG_MAX */
    DHCP_OTHER_TYPE, /* a message this UE and server do not use */
    DHCP_BAD_OPTION, /* wrong length, or one that may be there once is there twice */
    DHCP_MISSING,    /* a Reply without Server Identifier, RFC 8415 §16.10 */
} DhcpResult;
const char *dhcp_result_text(DhcpResult result);

size_t dhcp_write(const DhcpMsg *msg, uint8_t *out,
                  size_t cap) G_GNUC_WARN_UNUSED_RESULT; /* 0: does not fit or out of range */
DhcpResult dhcp_parse(const uint8_t *octets, size_t len, DhcpMsg *out) G_GNUC_WARN_UNUSED_RESULT;

/** DUID-LL, RFC 8415 §11.4, from an interface identifier.  @out: 12 octets (type 3, hardware type 27 EUI-64, 8 octets)
 */
enum { DHCP_DUID_LL_LEN = 12 };
void dhcp_duid(uint64_t interface_id, uint8_t out[DHCP_DUID_LL_LEN]);

bool dhcp_describe(const uint8_t *octets, size_t len, GString *out);

#endif
