/*
 * crypto/radio.c - the radio ciphers by name, and the stand-ins for GEA1 and GEA2.
 *
 * Source:  TS 35.201 §3, TS 55.216 §4 (GEA3: CA = 11111111, CK = Kc || Kc); see the DEVIATION in radio.h.
 * Knows:   see radio.h.
 */
#include "crypto/radio.h"

#include "crypto/engine.h"
#include "crypto/hash.h"
#include "crypto/octets.h"
#include "crypto/radio_parts.h"

#include <string.h>

enum { KC_LEN = 8, GEA1_INNER_LEN = 5, WEP_KEY_LEN = 5, GEA3_CA = 0xff };

typedef struct {
    const char *name;
    uint8_t key_len;   /* octets read of the key */
    uint8_t inner_len; /* octets the keystream depends on */
    bool stand_in;
} CipherFacts;

static const CipherFacts facts[RADIO_N_CIPHERS] = {
    [RADIO_NONE] = { "none", 0, 0, false },
    [RADIO_UEA1] = { "UEA1", 16, 16, false },
    [RADIO_GEA1] = { "GEA1 (stand-in)", KC_LEN, GEA1_INNER_LEN, true },
    [RADIO_GEA2] = { "GEA2 (stand-in)", KC_LEN, KC_LEN, true },
    [RADIO_GEA3] = { "GEA3", KC_LEN, KC_LEN, false },
    [RADIO_WEP] = { "WEP", WEP_KEY_LEN, WEP_KEY_LEN, false },
};

const char *radio_cipher_name(RadioCipher cipher)
{
    return facts[cipher].name;
}

size_t radio_key_len(RadioCipher cipher)
{
    return facts[cipher].key_len;
}

unsigned radio_key_bits(RadioCipher cipher)
{
    return facts[cipher].inner_len * 8u;
}

bool radio_is_stand_in(RadioCipher cipher)
{
    return facts[cipher].stand_in;
}

/* GEA1 stand-in: inner = first 40 bits of SHA-256("presec GEA1 stand-in" || Kc). */
static void gea1_compress(const uint8_t kc[KC_LEN], uint8_t inner[GEA1_INNER_LEN])
{
    static const char label[] = "presec GEA1 stand-in";
    const CryptoPiece pieces[] = { { label, sizeof label - 1 }, { kc, KC_LEN } };
    uint8_t hash[CRYPTO_SHA256_LEN];
    crypto_hash_pieces(CRYPTO_SHA256, pieces, G_N_ELEMENTS(pieces), hash);
    memcpy(inner, hash, GEA1_INNER_LEN);
}

void radio_inner_key(RadioCipher cipher, const uint8_t key[RADIO_KEY_LEN], uint8_t inner[RADIO_KEY_LEN])
{
    uint8_t result[RADIO_KEY_LEN] = { 0 };
    if (cipher == RADIO_GEA1)
        gea1_compress(key, result);
    else
        memcpy(result, key, facts[cipher].inner_len);
    memcpy(inner, result, sizeof result);
}

/* GEA1 and GEA2 stand-ins: keystream block n = AES-128[algorithm || direction || INPUT || 0..0 || n] under the inner
 * key, zero-filled to 16 octets. */
static void stand_in_xor(RadioCipher cipher, const uint8_t inner[RADIO_KEY_LEN], uint32_t input, unsigned direction,
                         uint8_t *octets, size_t len)
{
    enum { BLOCK_LEN = 16, BLOCKS = 8 };
    uint32_t n = 0;
    for (size_t done = 0; done < len;) {
        uint8_t stream[BLOCKS][BLOCK_LEN] = { { 0 } };
        const size_t part = MIN(len - done, sizeof stream), blocks = (part + BLOCK_LEN - 1) / BLOCK_LEN;
        for (size_t i = 0; i < blocks; i++, n++) {
            stream[i][0] = (uint8_t)cipher;
            stream[i][1] = direction & 1;
            octets_put32(stream[i] + 2, input);
            octets_put32(stream[i] + 12, n);
        }
        engine_aes_ecb(inner, stream[0], blocks * BLOCK_LEN);
        for (size_t i = 0; i < part; i++)
            octets[done + i] ^= stream[i / BLOCK_LEN][i % BLOCK_LEN];
        done += part;
    }
}

static void gea3_xor(const uint8_t kc[KC_LEN], uint32_t input, unsigned direction, uint8_t *octets, size_t len)
{
    uint8_t ck[2 * KC_LEN];
    memcpy(ck, kc, KC_LEN);
    memcpy(ck + KC_LEN, kc, KC_LEN);
    const RadioKgcore core = { .ca = GEA3_CA, .cc = input, .cd = direction & 1, .ck = ck };
    radio_kgcore_xor(&core, octets, len);
}

void radio_crypt_inner(RadioCipher cipher, const uint8_t inner[RADIO_KEY_LEN], uint32_t count, unsigned bearer,
                       unsigned direction, uint8_t *octets, size_t len)
{
    switch (cipher) {
    case RADIO_NONE: return;
    case RADIO_UEA1: {
        const RadioKgcore f8 = { .cb = bearer & 31, .cc = count, .cd = direction & 1, .ck = inner };
        radio_kgcore_xor(&f8, octets, len);
        return;
    }
    case RADIO_GEA1:
    case RADIO_GEA2: stand_in_xor(cipher, inner, count, direction, octets, len); return;
    case RADIO_GEA3: gea3_xor(inner, count, direction, octets, len); return;
    case RADIO_WEP: radio_wep_xor(inner, count, octets, len); return;
    }
}

void radio_crypt(RadioCipher cipher, const uint8_t key[RADIO_KEY_LEN], uint32_t count, unsigned bearer,
                 unsigned direction, uint8_t *octets, size_t len)
{
    uint8_t inner[RADIO_KEY_LEN];
    if (cipher == RADIO_NONE)
        return;
    radio_inner_key(cipher, key, inner);
    radio_crypt_inner(cipher, inner, count, bearer, direction, octets, len);
}
