/*
 * sim/pcapng.c - the blocks of sim/pcapng.h.
 *
 * Source:  draft-ietf-opsawg-pcapng §3.1 (block), §3.5 (options), §4.
 * Knows:   no clock and no network.
 */
#include "sim/pcapng.h"

#include <string.h>

enum {
    BLOCK_INTERFACE = 1,
    BLOCK_NAMES = 4,
    BLOCK_PACKET = 6,
    BLOCK_SECRETS = 10,
    BLOCK_SECTION = 0x0a0d0d0a,
};
enum { OPT_END = 0, OPT_COMMENT = 1, SHB_USERAPPL = 4, IF_NAME = 2, IF_TSRESOL = 9, NRB_END = 0, NRB_IPV6 = 2 };
#define BYTE_ORDER_MAGIC 0x1a2b3c4du
#define SECRETS_TLS      0x544c534bu /* §4.7: "TLSK" */
#define OPTION_MAX       UINT16_MAX

static void add_u16(GByteArray *out, uint16_t value)
{
    uint8_t octets[2] = { (uint8_t)value, (uint8_t)(value >> 8) };

    g_byte_array_append(out, octets, sizeof octets);
}

static void add_u32(GByteArray *out, uint32_t value)
{
    add_u16(out, (uint16_t)value);
    add_u16(out, (uint16_t)(value >> 16));
}

/* Octets, filled up to a multiple of four. */
static void add_padded(GByteArray *out, const void *octets, size_t len)
{
    static const uint8_t zeros[4];

    g_byte_array_append(out, octets, (guint)len);
    g_byte_array_append(out, zeros, (guint)(-len & 3));
}

static void add_option(GByteArray *out, uint16_t code, const void *octets, size_t len)
{
    size_t kept = MIN(len, OPTION_MAX);

    add_u16(out, code);
    add_u16(out, (uint16_t)kept);
    add_padded(out, octets, kept);
}

static guint begin_block(GByteArray *out, uint32_t type)
{
    guint start = out->len;

    add_u32(out, type);
    add_u32(out, 0); /* the length, see end_block() */
    return start;
}

static void end_block(GByteArray *out, guint start)
{
    uint32_t len = out->len - start + 4;

    add_u32(out, len);
    memcpy(out->data + start + 4, out->data + out->len - 4, 4);
}

void pcapng_section(GByteArray *out, const char *application)
{
    guint start = begin_block(out, BLOCK_SECTION);

    add_u32(out, BYTE_ORDER_MAGIC);
    add_u16(out, 1); /* version 1.0 */
    add_u16(out, 0);
    add_u32(out, UINT32_MAX); /* the section's length is not given */
    add_u32(out, UINT32_MAX);
    add_option(out, SHB_USERAPPL, application, strlen(application));
    add_option(out, OPT_END, NULL, 0);
    end_block(out, start);
}

void pcapng_interface(GByteArray *out, uint16_t linktype, const char *name)
{
    static const uint8_t nanoseconds = 9;
    guint start = begin_block(out, BLOCK_INTERFACE);

    add_u16(out, linktype);
    add_u16(out, 0);
    add_u32(out, 0); /* no limit to the length of packets */
    add_option(out, IF_NAME, name, strlen(name));
    add_option(out, IF_TSRESOL, &nanoseconds, 1);
    add_option(out, OPT_END, NULL, 0);
    end_block(out, start);
}

void pcapng_host_name(GByteArray *out, const NetAddr *addr, const char *name)
{
    uint8_t record[16 + 256];
    size_t len = MIN(strlen(name), sizeof record - 17);
    guint start = begin_block(out, BLOCK_NAMES);

    memcpy(record, addr->octet, 16);
    memcpy(record + 16, name, len);
    record[16 + len] = '\0';
    add_option(out, NRB_IPV6, record, 17 + len);
    add_option(out, NRB_END, NULL, 0);
    end_block(out, start);
}

void pcapng_tls_secrets(GByteArray *out, const char *keylog)
{
    size_t len = strlen(keylog);
    guint start = begin_block(out, BLOCK_SECRETS);

    add_u32(out, SECRETS_TLS);
    add_u32(out, (uint32_t)len);
    add_padded(out, keylog, len);
    end_block(out, start);
}

void pcapng_packet(GByteArray *out, const PcapngPacket *packet)
{
    guint start = begin_block(out, BLOCK_PACKET);

    add_u32(out, packet->interface);
    add_u32(out, (uint32_t)(packet->ns >> 32));
    add_u32(out, (uint32_t)packet->ns);
    add_u32(out, packet->len);
    add_u32(out, packet->len);
    add_padded(out, packet->octets, packet->len);
    if (packet->comment != NULL) {
        add_option(out, OPT_COMMENT, packet->comment, strlen(packet->comment));
        add_option(out, OPT_END, NULL, 0);
    }
    end_block(out, start);
}
