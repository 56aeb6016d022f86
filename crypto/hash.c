/*
 * crypto/hash.c - hashes and HMAC over the thread's contexts; comparison, wiping, hex.
 *
 * Source:  RFC 2104 §2: H((K xor opad) || H((K xor ipad) || text)), by hand over one context for each hash, which
 *          is faster than a re-keyed EVP_MAC.
 * Knows:   see hash.h.
 */
#include "crypto/hash.h"

#include "crypto/engine.h"

#include <openssl/crypto.h>
#include <string.h>

enum { HMAC_BLOCK_LEN = 64, HMAC_IPAD = 0x36, HMAC_OPAD = 0x5c };

size_t crypto_hash_len(CryptoHash hash)
{
    switch (hash) {
    case CRYPTO_MD5: return CRYPTO_MD5_LEN;
    case CRYPTO_SHA1: return CRYPTO_SHA1_LEN;
    case CRYPTO_SHA256: return CRYPTO_SHA256_LEN;
    }
    g_assert_not_reached();
}

static EVP_MD_CTX *begin(CryptoHash hash)
{
    EVP_MD_CTX *ctx = engine_get()->md[hash];
    engine_must(EVP_DigestInit_ex2(ctx, NULL, NULL), "starting a hash");
    return ctx;
}

static void feed(EVP_MD_CTX *ctx, const CryptoPiece pieces[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        engine_must(EVP_DigestUpdate(ctx, pieces[i].p, pieces[i].len), "hashing");
}

void crypto_hash_pieces(CryptoHash hash, const CryptoPiece pieces[], size_t n, uint8_t out[])
{
    EVP_MD_CTX *ctx = begin(hash);
    feed(ctx, pieces, n);
    engine_must(EVP_DigestFinal_ex(ctx, out, NULL), "ending a hash");
}

void crypto_hash(CryptoHash hash, const void *octets, size_t len, uint8_t out[])
{
    const CryptoPiece piece = { octets, len };
    crypto_hash_pieces(hash, &piece, 1, out);
}

void crypto_hmac_pieces(CryptoHash hash, const uint8_t *key, size_t key_len, const CryptoPiece pieces[], size_t n,
                        uint8_t out[])
{
    uint8_t pad[HMAC_BLOCK_LEN] = { 0 };
    if (key_len > sizeof pad)
        crypto_hash(hash, key, key_len, pad); /* RFC 2104 §2: long keys are hashed first */
    else if (key_len)
        memcpy(pad, key, key_len);

    for (size_t i = 0; i < sizeof pad; i++)
        pad[i] ^= HMAC_IPAD;
    EVP_MD_CTX *ctx = begin(hash);
    engine_must(EVP_DigestUpdate(ctx, pad, sizeof pad), "hashing");
    feed(ctx, pieces, n);
    uint8_t inner[CRYPTO_HASH_MAX];
    engine_must(EVP_DigestFinal_ex(ctx, inner, NULL), "ending a hash");

    for (size_t i = 0; i < sizeof pad; i++)
        pad[i] ^= HMAC_IPAD ^ HMAC_OPAD;
    const CryptoPiece outer[] = { { pad, sizeof pad }, { inner, crypto_hash_len(hash) } };
    crypto_hash_pieces(hash, outer, G_N_ELEMENTS(outer), out);
}

void crypto_hmac(CryptoHash hash, const uint8_t *key, size_t key_len, const void *octets, size_t len, uint8_t out[])
{
    const CryptoPiece piece = { octets, len };
    crypto_hmac_pieces(hash, key, key_len, &piece, 1, out);
}

/* ---- a hash over a whole run ---- */

struct CryptoSha256 {
    EVP_MD_CTX *running;
    EVP_MD_CTX *copy; /* where crypto_sha256_get() finishes */
};

CryptoSha256 *crypto_sha256_new(void)
{
    CryptoSha256 *sha = g_new0(CryptoSha256, 1);
    const EVP_MD *md = engine_md(CRYPTO_SHA256);
    sha->running = EVP_MD_CTX_new();
    sha->copy = EVP_MD_CTX_new();
    engine_must(EVP_DigestInit_ex2(sha->running, md, NULL), "starting SHA-256");
    return sha;
}

void crypto_sha256_update(CryptoSha256 *sha, const void *octets, size_t len)
{
    engine_must(EVP_DigestUpdate(sha->running, octets, len), "hashing");
}

void crypto_sha256_get(const CryptoSha256 *sha, uint8_t out[CRYPTO_SHA256_LEN])
{
    engine_must(EVP_MD_CTX_copy_ex(sha->copy, sha->running), "copying a hash");
    engine_must(EVP_DigestFinal_ex(sha->copy, out, NULL), "ending a hash");
}

void crypto_sha256_free(CryptoSha256 *sha)
{
    if (!sha)
        return;
    EVP_MD_CTX_free(sha->running);
    EVP_MD_CTX_free(sha->copy);
    g_free(sha);
}

/* ---- small things ---- */

bool crypto_equal(const void *a, const void *b, size_t len)
{
    return CRYPTO_memcmp(a, b, len) == 0;
}

void crypto_wipe(void *octets, size_t len)
{
    OPENSSL_cleanse(octets, len);
}

void crypto_hex(const uint8_t *octets, size_t len, char out[])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[octets[i] >> 4];
        out[2 * i + 1] = digits[octets[i] & 15];
    }
    out[2 * len] = '\0';
}
