/*
 * nodes/stack/radio_frame.h - a frame on a ciphered radio link.
 *
 * Source:  what a listener needs to know about a frame to try a key on it: TS 33.102 §6.6.4 (COUNT-C, BEARER,
 * DIRECTION), TS 43.064 (LLC), IEEE 802.11-1999 §8.2.  DEVIATION: one header stands for those of RLC, LLC and 802.11; a
 * real one implies the cipher, ours names it. Knows:   one packet's octets and a key.  No link, no node.
 *
 *     cipher 1 | direction (top bit) and bearer (low five) 1 | COUNT 4 | ciphertext of { kind 1 | the packet }
 *
 * The kind is NET_IP or NET_LINK.  Under WEP the ciphertext is a WEP body (IV, key id, data, ICV) whose IV is COUNT's
 * low 24 bits.
 */
#ifndef PRESEC_STACK_RADIO_FRAME_H
#define PRESEC_STACK_RADIO_FRAME_H

#include "crypto/radio.h"
#include "sim/net.h"

enum { RADIO_FRAME_HEAD_LEN = 6, RADIO_FRAME_BEARER = 1 };

typedef struct RadioFrame {
    RadioCipher cipher;
    unsigned bearer;
    NetDir dir;
    uint32_t count;
    size_t body; /* where the ciphertext starts */
} RadioFrame;

/** False: too short, no such cipher, or one that is none. */
bool radio_frame_parse(const uint8_t *octets, size_t len, RadioFrame *out) G_GNUC_WARN_UNUSED_RESULT;

/** Put a packet under a cipher: it becomes NET_CIPHERED.  False: no room, or @cipher is RADIO_NONE. */
bool radio_frame_seal(NetPacket *packet, RadioCipher cipher, const uint8_t key[RADIO_KEY_LEN], NetDir dir,
                      uint32_t count) G_GNUC_WARN_UNUSED_RESULT;

/**
 * The reverse, in place.  False: no frame of this cipher and direction, or what comes out is no packet (the key is
 * another one); the octets are then spoilt.  A wrong key passes for the ciphers without a checksum once in some hundred
 * frames, and then yields noise.
 */
bool radio_frame_open(NetPacket *packet, RadioCipher cipher, const uint8_t key[RADIO_KEY_LEN],
                      NetDir dir) G_GNUC_WARN_UNUSED_RESULT;

#endif
