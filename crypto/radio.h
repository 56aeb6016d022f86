/*
 * crypto/radio.h - what ciphers the air: UEA1 and UIA1, GEA1 to GEA3, WEP.
 *
 * Source:  TS 35.201 (f8, f9 over KASUMI); TS 55.216 (GEA3); IEEE 802.11-1999 §8.2 (WEP with 40-bit keys).
 *          KASUMI and RC4 are libtomcrypt's.
 * Knows:   one frame's octets.  No link, no node.  What breaks these ciphers is in crypto/radio_break.h.
 *
 * DEVIATION: GEA1 and GEA2 are STAND-INS.  Their keystream is AES-128 in counter mode, not the GEA registers; what
 * is kept is what presec argues about: GEA1 has 40 effective bits (the 64-bit Kc enters through a one-way function
 * to 40 bits), GEA2 has 64.  Wherever they are reported they must be called stand-ins.
 */
#ifndef PRESEC_CRYPTO_RADIO_H
#define PRESEC_CRYPTO_RADIO_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    RADIO_NONE, /* UEA0, GEA0, an open WLAN */
    RADIO_UEA1, /* KASUMI f8, key CK (16) */
    RADIO_GEA1, /* stand-in, key Kc (8) */
    RADIO_GEA2, /* stand-in, key Kc (8) */
    RADIO_GEA3, /* KASUMI, key Kc (8) used twice */
    RADIO_WEP,  /* RC4, key (5) */
} RadioCipher;
enum { RADIO_N_CIPHERS = RADIO_WEP + 1 };

enum {
    RADIO_KEY_LEN = 16, /* every key argument; shorter keys are left-aligned, the rest is not read */
    RADIO_MAC_LEN = 4,
    WEP_HEAD_LEN = 4, /* IV 3, key id 1 */
    WEP_ICV_LEN = 4,
    WEP_OVERHEAD = WEP_HEAD_LEN + WEP_ICV_LEN,
};

const char *radio_cipher_name(RadioCipher cipher); /* "UEA1", "GEA1 (stand-in)" ... */
/** Octets of key that are read: 0, 16, 8 or 5. */
size_t radio_key_len(RadioCipher cipher);
/** Bits an exhaustive search must go through: 0, 128, 40, 64, 64, 40. */
unsigned radio_key_bits(RadioCipher cipher);
/** True for GEA1 and GEA2. */
bool radio_is_stand_in(RadioCipher cipher);

/**
 * Xor a frame with its keystream; the same call deciphers.
 *
 * @key:       RADIO_KEY_LEN octets
 * @count:     COUNT-C, the LLC INPUT, or WEP's 24-bit IV
 * @bearer:    0..31, UEA1 only
 * @direction: 0 uplink, 1 downlink; WEP ignores it
 * @octets:    in place
 */
void radio_crypt(RadioCipher cipher, const uint8_t key[RADIO_KEY_LEN], uint32_t count, unsigned bearer,
                 unsigned direction, uint8_t *octets, size_t len);

/** What the keystream really depends on: GEA1's 40 bits (5 octets), else the key.  @inner: out, zero-filled. */
void radio_inner_key(RadioCipher cipher, const uint8_t key[RADIO_KEY_LEN], uint8_t inner[RADIO_KEY_LEN]);
/** As radio_crypt(), from the inner key: what an attacker who recovered it does. */
void radio_crypt_inner(RadioCipher cipher, const uint8_t inner[RADIO_KEY_LEN], uint32_t count, unsigned bearer,
                       unsigned direction, uint8_t *octets, size_t len);

/** UIA1: MAC-I of a signalling message.  @direction: 0 or 1.  Source: TS 35.201 §4 (f9). */
void radio_uia1(const uint8_t ik[16], uint32_t count, uint32_t fresh, unsigned direction, const uint8_t *message,
                size_t len, uint8_t mac_i[RADIO_MAC_LEN]);

/**
 * WEP: IV 3 || key id 1 || RC4(data || CRC-32).
 *
 * @buf:      in: WEP_HEAD_LEN free octets, then the data.  out: the whole protected body
 * @capacity: at least *len + WEP_OVERHEAD
 * @len:      in: octets of data.  out: octets of the body
 *
 * False: the buffer is too small; nothing changed.
 */
bool radio_wep_seal(const uint8_t key[RADIO_KEY_LEN], uint32_t iv, uint8_t *buf, size_t capacity,
                    size_t *len) G_GNUC_WARN_UNUSED_RESULT;
/** In place.  False: too short, or the CRC-32 differs (the octets are then deciphered all the same). */
bool radio_wep_open(const uint8_t key[RADIO_KEY_LEN], uint8_t *buf, size_t len, uint8_t **data,
                    size_t *data_len) G_GNUC_WARN_UNUSED_RESULT;
/** The IV of a WEP body.  False: too short. */
bool radio_wep_iv(const uint8_t *buf, size_t len, uint32_t *iv) G_GNUC_WARN_UNUSED_RESULT;

#endif
