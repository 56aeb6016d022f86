/*
 * sim/chacha.c - ChaCha20 and SipHash-2-4.
 *
 * Source:  as in sim/chacha.h; the words of both are little endian on every machine.
 * Knows:   words and octets.
 */
#include "sim/chacha.h"

#include <string.h>

static uint32_t rotl32(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static uint64_t rotl64(uint64_t x, unsigned n)
{
    return x << n | x >> (64 - n);
}

static void quarter_round(uint32_t s[16], unsigned a, unsigned b, unsigned c, unsigned d)
{
    s[a] += s[b];
    s[d] = rotl32(s[d] ^ s[a], 16);
    s[c] += s[d];
    s[b] = rotl32(s[b] ^ s[c], 12);
    s[a] += s[b];
    s[d] = rotl32(s[d] ^ s[a], 8);
    s[c] += s[d];
    s[b] = rotl32(s[b] ^ s[c], 7);
}

void chacha20_block(const uint32_t key[8], uint64_t counter, uint64_t nonce, uint8_t out[CHACHA_BLOCK_LEN])
{
    uint32_t start[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 }; /* "expand 32-byte k" */
    uint32_t s[16];

    memcpy(start + 4, key, 8 * sizeof *key);
    start[12] = (uint32_t)counter;
    start[13] = (uint32_t)(counter >> 32);
    start[14] = (uint32_t)nonce;
    start[15] = (uint32_t)(nonce >> 32);
    memcpy(s, start, sizeof s);
    for (int i = 0; i < 10; i++) {
        for (unsigned k = 0; k < 4; k++) { /* columns */
            quarter_round(s, k, k + 4, k + 8, k + 12);
        }
        for (unsigned k = 0; k < 4; k++) { /* diagonals */
            quarter_round(s, k, 4 + (k + 1) % 4, 8 + (k + 2) % 4, 12 + (k + 3) % 4);
        }
    }
    for (unsigned i = 0; i < 16; i++) {
        uint32_t word = s[i] + start[i];
        for (unsigned k = 0; k < 4; k++) {
            out[4 * i + k] = (uint8_t)(word >> 8 * k);
        }
    }
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotl64(v[1], 13) ^ v[0];
    v[0] = rotl64(v[0], 32);
    v[2] += v[3];
    v[3] = rotl64(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotl64(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotl64(v[1], 17) ^ v[2];
    v[2] = rotl64(v[2], 32);
}

static uint64_t little_endian(const uint8_t *octets, size_t len)
{
    uint64_t word = 0;

    for (size_t i = 0; i < len; i++) {
        word |= (uint64_t)octets[i] << 8 * i;
    }
    return word;
}

static void sip_absorb(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    sip_round(v);
    sip_round(v);
    v[0] ^= word;
}

uint64_t siphash24(const uint64_t key[2], const void *octets, size_t len)
{
    uint64_t v[4] = { key[0] ^ UINT64_C(0x736f6d6570736575), key[1] ^ UINT64_C(0x646f72616e646f6d),
                      key[0] ^ UINT64_C(0x6c7967656e657261), key[1] ^ UINT64_C(0x7465646279746573) };
    const uint8_t *at = octets;
    size_t left = len;

    for (; left >= 8; at += 8, left -= 8) {
        sip_absorb(v, little_endian(at, 8));
    }
    sip_absorb(v, little_endian(at, left) | (uint64_t)len << 56);
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++) {
        sip_round(v);
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
