/*
 * sim/pcapng.h - pcapng blocks into a growing buffer.
 *
 * Source:  draft-ietf-opsawg-pcapng: section header, interface description, name resolution, enhanced packet,
 *          decryption secrets.
 *          Little endian on every machine.
 * Knows:   no clock and no network.
 */
#ifndef PRESEC_SIM_PCAPNG_H
#define PRESEC_SIM_PCAPNG_H

#include "sim/net.h"

#define PCAPNG_RAW   101 /* LINKTYPE_RAW: an IPv4 or IPv6 packet */
#define PCAPNG_USER0 147 /* LINKTYPE_USER0: what the user defines */

typedef struct PcapngPacket {
    uint32_t interface; /* in order of pcapng_interface() */
    uint64_t ns;        /* since 1970 */
    const uint8_t *octets;
    uint32_t len;
    const char *comment; /* or NULL */
} PcapngPacket;

void pcapng_section(GByteArray *out, const char *application);
void pcapng_interface(GByteArray *out, uint16_t linktype, const char *name); /* times in nanoseconds */
void pcapng_host_name(GByteArray *out, const NetAddr *addr, const char *name);
/* TLS secrets: NSS key log text, whole lines.  They serve for packets that come after this block. */
void pcapng_tls_secrets(GByteArray *out, const char *keylog);
void pcapng_packet(GByteArray *out, const PcapngPacket *packet);

#endif
