/*
 * tests/oracle/support/frames.c - the frames of a capture, read back.
 */
#include "tests/oracle/support/frames.h"

#include <string.h>

enum { BLOCK_INTERFACE = 1, BLOCK_PACKET = 6, OPTION_NAME = 2, INTERFACES_MAX = 256 };

static uint32_t le32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint16_t le16(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

/* The option if_name of an interface block. */
static void interface_name(const uint8_t *block, uint32_t len, char *out, size_t out_len)
{
    out[0] = '\0';
    for (uint32_t at = 16; at + 4 <= len - 4;) {
        uint16_t code = le16(block + at), n = le16(block + at + 2);
        if (code == 0 || at + 4 + n > len)
            return;
        if (code == OPTION_NAME) {
            g_strlcpy(out, (const char *)block + at + 4, MIN(out_len, (size_t)n + 1));
            return;
        }
        at += 4u + ((n + 3u) & ~3u);
    }
}

bool frames_get(const uint8_t *file, size_t len, uint64_t nth, Frame *out)
{
    const uint8_t *interface[INTERFACES_MAX];
    uint32_t n_interfaces = 0;
    uint64_t seen = 0;

    for (size_t at = 0; at + 12 <= len;) {
        const uint8_t *block = file + at;
        uint32_t type = le32(block), block_len = le32(block + 4);
        if (block_len < 12 || block_len > len - at)
            return false;
        if (type == BLOCK_INTERFACE && n_interfaces < INTERFACES_MAX)
            interface[n_interfaces++] = block;
        if (type == BLOCK_PACKET && ++seen == nth) {
            uint32_t id = le32(block + 8);
            if (block_len < 32 || id >= n_interfaces || le32(block + 20) > block_len - 32)
                return false;
            *out = (Frame){ .linktype = le16(interface[id] + 8), .octets = block + 28, .len = le32(block + 20) };
            interface_name(interface[id], le32(interface[id] + 4), out->interface, sizeof out->interface);
            return true;
        }
        at += block_len;
    }
    return false;
}

bool frame_contains(const Frame *frame, const char *text)
{
    return memmem(frame->octets, frame->len, text, strlen(text)) != NULL;
}
