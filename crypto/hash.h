/*
 * crypto/hash.h - hashes, HMAC and base64 over one shared context per thread.
 *
 * Source:  RFC 1321, FIPS 180-4, RFC 2104, RFC 4648 §4.
 * Knows:   octets only.  Only crypto_sha256_new() allocates.
 */
#ifndef PRESEC_CRYPTO_HASH_H
#define PRESEC_CRYPTO_HASH_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CRYPTO_MD5_LEN = 16,
    CRYPTO_SHA1_LEN = 20,
    CRYPTO_SHA256_LEN = 32,
    CRYPTO_HASH_MAX = 32,
};

typedef enum {
    CRYPTO_MD5,
    CRYPTO_SHA1,
    CRYPTO_SHA256,
} CryptoHash;

/* A piece of a message; a list of them is hashed as if joined. */
typedef struct {
    const void *p;
    size_t len;
} CryptoPiece;

/** Octets of the result: 16, 20 or 32. */
size_t crypto_hash_len(CryptoHash hash);

/** @out: out, crypto_hash_len() octets. */
void crypto_hash(CryptoHash hash, const void *octets, size_t len, uint8_t out[]);
void crypto_hash_pieces(CryptoHash hash, const CryptoPiece pieces[], size_t n, uint8_t out[]);

/** RFC 2104.  @out: out, crypto_hash_len() octets; truncation is the caller's. */
void crypto_hmac(CryptoHash hash, const uint8_t *key, size_t key_len, const void *octets, size_t len, uint8_t out[]);
void crypto_hmac_pieces(CryptoHash hash, const uint8_t *key, size_t key_len, const CryptoPiece pieces[], size_t n,
                        uint8_t out[]);

/* A SHA-256 that is fed over a whole run. */
typedef struct CryptoSha256 CryptoSha256;
CryptoSha256 *crypto_sha256_new(void);
void crypto_sha256_update(CryptoSha256 *sha, const void *octets, size_t len);
/** The hash of all octets so far; may be asked again, and updating may go on. */
void crypto_sha256_get(const CryptoSha256 *sha, uint8_t out[CRYPTO_SHA256_LEN]);
void crypto_sha256_free(CryptoSha256 *sha);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CryptoSha256, crypto_sha256_free)

/** True if equal; the time depends on @len only. */
bool crypto_equal(const void *a, const void *b, size_t len) G_GNUC_WARN_UNUSED_RESULT;
/** Overwrite a secret; not optimised away. */
void crypto_wipe(void *octets, size_t len);

/** Lower-case hex.  @out: out, 2 * @len digits and a NUL. */
void crypto_hex(const uint8_t *octets, size_t len, char out[]);

/** Characters of the base64 of @len octets, without a NUL. */
#define CRYPTO_BASE64_LEN(len) (((size_t)(len) + 2) / 3 * 4)
/** @out: out, NUL-terminated.  False: @capacity < CRYPTO_BASE64_LEN(len) + 1; nothing written. */
bool crypto_base64_encode(const uint8_t *octets, size_t len, char *out, size_t capacity) G_GNUC_WARN_UNUSED_RESULT;
/**
 * Strict: whole groups of four, padding only at the end, no white space, unused bits zero (RFC 4648 §3.5).
 *
 * @text: need not be terminated
 * @out:  out; may be larger than needed
 * @out_len: out, octets decoded
 *
 * False: not base64, or more than @capacity octets; @out is then unspecified.
 */
bool crypto_base64_decode(const char *text, size_t len, uint8_t *out, size_t capacity,
                          size_t *out_len) G_GNUC_WARN_UNUSED_RESULT;

#endif
