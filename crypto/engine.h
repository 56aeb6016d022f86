/*
 * crypto/engine.h - the thread's shared OpenSSL contexts, re-keyed for each use.  Internal to crypto/.
 *
 * Source:  measurement: a re-keyed context costs 2 % more than one kept per SA, a new context 35 %.
 * Knows:   OpenSSL.  Algorithms are fetched once for the process, contexts made once for each thread.
 */
#ifndef PRESEC_CRYPTO_ENGINE_H
#define PRESEC_CRYPTO_ENGINE_H

#include "crypto/hash.h"

#include <openssl/evp.h>

enum { ENGINE_N_HASHES = CRYPTO_SHA256 + 1 };

typedef struct {
    EVP_MD_CTX *md[ENGINE_N_HASHES]; /* by CryptoHash */
    EVP_CIPHER_CTX *aes_ecb;         /* AES-128, encrypt only */
    uint8_t aes_ecb_key[16];         /* what aes_ecb is keyed with */
    EVP_CIPHER_CTX *aes_cbc[2];      /* AES-128: decrypt, encrypt */
    EVP_CIPHER_CTX *des_ede3_cbc[2]; /* decrypt, encrypt */
} Engine;

/** This thread's contexts, made on first use (crypto_init() included). */
Engine *engine_get(void);

/** The fetched hash algorithm. */
const EVP_MD *engine_md(CryptoHash hash);

/** OpenSSL said @ok: anything but success here is our bug or a broken library. */
void engine_must(int ok, const char *what);

/** AES-128 of whole blocks in place, each for itself.  The key schedule is kept while @key stays the same. */
void engine_aes_ecb(const uint8_t key[16], uint8_t *blocks, size_t len);

/** CBC over whole blocks in place with one of the engine's contexts.  @len: at most INT_MAX. */
void engine_cbc(EVP_CIPHER_CTX *const contexts[2], bool encrypt, const uint8_t *key, const uint8_t *iv, uint8_t *octets,
                size_t len);

#endif
