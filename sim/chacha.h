/*
 * sim/chacha.h - the two keyed functions behind the random streams.
 *
 * Source:  "ChaCha, a variant of Salsa20", 2008 (64-bit counter and nonce); "SipHash: a fast short-input PRF", 2012
 *          (SipHash-2-4).
 * Knows:   words and octets.
 */
#ifndef PRESEC_SIM_CHACHA_H
#define PRESEC_SIM_CHACHA_H

#include <stddef.h>
#include <stdint.h>

#define CHACHA_BLOCK_LEN 64
void chacha20_block(const uint32_t key[8], uint64_t counter, uint64_t nonce, uint8_t out[CHACHA_BLOCK_LEN]);
uint64_t siphash24(const uint64_t key[2], const void *octets, size_t len);

#endif
