/*
 * crypto/radio_break.h - published attacks on radio ciphers: their price as data, and a real search on reduced keys.
 *
 * Source:  Beierle et al., EUROCRYPT 2021 (GEA-1, GEA-2); Fluhrer, Mantin, Shamir 2001; Tews, Weinmann, Pyshkin 2007;
 *          exhaustive search of 40-bit WEP keys (2001).
 * Knows:   captured octets and what was guessed of their plaintext.  No attacker policy: whoever calls compares the
 *          price with its budget, says what was revealed to it, and labels the result "reduced".
 */
#ifndef PRESEC_CRYPTO_RADIO_BREAK_H
#define PRESEC_CRYPTO_RADIO_BREAK_H

#include "crypto/radio.h"

/* One published attack: work and data it needs in full. */
typedef struct {
    RadioCipher cipher;
    unsigned work_log2;    /* log2 of cipher evaluations */
    unsigned known_octets; /* keystream octets that must be known, in each frame */
    unsigned frames;       /* frames that must be captured */
    unsigned knowledge_year;
    const char *reference;
} RadioBreak;

/** The attack that needs the least data; NULL: none is known that beats searching radio_key_bits(). */
const RadioBreak *radio_break_of(RadioCipher cipher);
/** Every entry, ordered by cipher, the one radio_break_of() gives first.  @n: out. */
const RadioBreak *radio_break_all(size_t *n);

enum { RADIO_BREAK_MAX_BITS = 22 };

/* Keystream the attacker knows of one frame: ciphertext xor guessed plaintext. */
typedef struct {
    uint32_t count;
    uint8_t bearer, direction;
    size_t offset;            /* of the first known octet in the frame's keystream */
    const uint8_t *keystream; /* borrowed */
    size_t len;
} RadioKnown;

typedef struct {
    bool found;
    uint8_t inner[RADIO_KEY_LEN]; /* when found: for radio_crypt_inner() */
    uint64_t executed;            /* trial decipherments done */
} RadioBreakRun;

/**
 * The REDUCTION: what is given to the attacker so that the search fits.  All inner key bits but the last
 * @hidden_bits, those zero.  Called by whoever may know the key (the world, a test), never by the attacker.
 *
 * @hidden_bits: at most RADIO_BREAK_MAX_BITS and radio_key_bits()
 */
void radio_break_reveal(RadioCipher cipher, const uint8_t key[RADIO_KEY_LEN], unsigned hidden_bits,
                        uint8_t revealed[RADIO_KEY_LEN]);

/**
 * Search the hidden bits by trial decipherment, in ascending order.
 *
 * @known:       every one must agree; those after the first are only looked at when the first does
 * @revealed:    from radio_break_reveal()
 * @run:         out
 *
 * With fewer known bits than hidden ones the first key that fits may be a wrong one; RadioBreak.known_octets is
 * enough.  Returns run->found.
 */
bool radio_break_run(RadioCipher cipher, const RadioKnown known[], size_t n_known,
                     const uint8_t revealed[RADIO_KEY_LEN], unsigned hidden_bits, RadioBreakRun *run);

#endif
