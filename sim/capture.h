/*
 * sim/capture.h - every crossing of every segment as a pcapng file, and as a digest.
 *
 * Source:  draft-ietf-opsawg-pcapng.
 * Knows:   segments by their names; not what the octets mean.
 *
 * One interface a segment name and kind (LINKTYPE_RAW for IPv6, LINKTYPE_USER0 for link signalling and ciphered radio
 * frames), nanosecond times, the name of a host before its first packet, a comment on what an attacker made, TLS
 * secrets where somebody gives them.  No clock is read: the same run gives the same file.
 */
#ifndef PRESEC_SIM_CAPTURE_H
#define PRESEC_SIM_CAPTURE_H

#include "sim/net.h"

typedef struct Capture Capture;
/*
 * Records from now on: takes the place of the network's recorder.  To be freed before the network.
 *
 * @frames: keep frames as TRACE_FRAME records too
 * @file:   also keep a pcapng image in memory
 */
Capture *capture_new(Net *net, bool frames, bool file);
void capture_free(Capture *capture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Capture, capture_free)
uint64_t capture_frames(const Capture *capture);
/*
 * The digest costs some 6 ns an octet, more than all else in this folder.  Where nobody will ask for it, turn it off
 * before the run; capture_digest() then says "".
 */
void capture_set_digest(Capture *capture, bool on);
/* SHA-256 in hex over (segment name, direction, time, length, octets) of every crossing in order. */
const char *capture_digest(Capture *capture);
/* The file so far; borrowed until the next crossing. */
const uint8_t *capture_file(Capture *capture, size_t *len);
/*
 * A line of NSS key log text ("CLIENT_RANDOM ...", no newline) goes into the file, so that its reader can decrypt what
 * is captured from now on; one that is there already does not.  Both ends of a connection must tell theirs as soon as
 * they know: each learns some of the secrets first.
 */
void capture_add_secret(Capture *capture, const char *keylog_line);
/* Frames that are not in the file because it would have grown beyond CAPTURE_FILE_MAX. */
#define CAPTURE_FILE_MAX ((size_t)1 << 31)
uint64_t capture_lost(const Capture *capture);

#endif
