/*
 * crypto/radio_parts.h - the ciphers behind radio.h, one function each.  Internal to crypto/.
 *
 * Source:  see radio.h.
 * Knows:   octets and a key.
 */
#ifndef PRESEC_CRYPTO_RADIO_PARTS_H
#define PRESEC_CRYPTO_RADIO_PARTS_H

#include <stddef.h>
#include <stdint.h>

/* The inputs of KGCORE, TS 55.216 §3.4 (there CA to CD; CE is always zero here). */
typedef struct {
    uint8_t ca;        /* 8 bits: which algorithm */
    uint8_t cb;        /* 5 bits */
    uint32_t cc;       /* 32 bits */
    uint8_t cd;        /* 1 bit */
    const uint8_t *ck; /* borrowed, 16 octets */
} RadioKgcore;

/** Xor @octets with KGCORE's output; f8 is the case CA = 0, CB = BEARER, CC = COUNT, CD = DIRECTION. */
void radio_kgcore_xor(const RadioKgcore *in, uint8_t *octets, size_t len);

/** Xor @octets with RC4 keyed with IV || key, IEEE 802.11-1999 §8.2.3.  @iv: 24 bits. */
void radio_wep_xor(const uint8_t key[5], uint32_t iv, uint8_t *octets, size_t len);

#endif
