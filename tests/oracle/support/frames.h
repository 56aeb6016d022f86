/*
 * tests/oracle/support/frames.h - the frames of a capture, read back.
 *
 * Source:  draft-ietf-opsawg-pcapng, blocks 1 (interface) and 6 (enhanced packet); little endian, as sim/pcapng.c
 * writes. Knows:   octets of a file.
 */
#ifndef PRESEC_TESTS_ORACLE_FRAMES_H
#define PRESEC_TESTS_ORACLE_FRAMES_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Frame {
    char interface[64];
    uint16_t linktype;
    const uint8_t *octets; /* into the file */
    uint32_t len;
} Frame;

/** @nth: 1-based.  False: the file has fewer. */
bool frames_get(const uint8_t *file, size_t len, uint64_t nth, Frame *out) G_GNUC_WARN_UNUSED_RESULT;
bool frame_contains(const Frame *frame, const char *text);

#endif
