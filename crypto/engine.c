/*
 * crypto/engine.c - the thread's shared OpenSSL contexts, re-keyed for each use.
 *
 * Source:  OpenSSL 3.0 EVP_MD_fetch(3), EVP_CIPHER_fetch(3).
 * Knows:   see engine.h.
 */
#include "crypto/engine.h"

#include "crypto/random.h"

#include <limits.h>
#include <string.h>

/* Fetched once for the process; immutable afterwards. */
typedef struct {
    EVP_MD *md[ENGINE_N_HASHES];
    EVP_CIPHER *aes_ecb, *aes_cbc, *des_ede3_cbc;
} Algorithms;

void engine_must(int ok, const char *what)
{
    if (ok <= 0)
        g_error("OpenSSL refused: %s", what);
}

static const Algorithms *algorithms(void)
{
    static Algorithms fetched;
    static gsize once;
    if (g_once_init_enter(&once)) {
        crypto_init();
        fetched.md[CRYPTO_MD5] = EVP_MD_fetch(NULL, "MD5", NULL);
        fetched.md[CRYPTO_SHA1] = EVP_MD_fetch(NULL, "SHA1", NULL);
        fetched.md[CRYPTO_SHA256] = EVP_MD_fetch(NULL, "SHA2-256", NULL);
        fetched.aes_ecb = EVP_CIPHER_fetch(NULL, "AES-128-ECB", NULL);
        fetched.aes_cbc = EVP_CIPHER_fetch(NULL, "AES-128-CBC", NULL);
        fetched.des_ede3_cbc = EVP_CIPHER_fetch(NULL, "DES-EDE3-CBC", NULL);
        for (int i = 0; i < ENGINE_N_HASHES; i++)
            engine_must(fetched.md[i] != NULL, "a hash algorithm");
        engine_must(fetched.aes_ecb && fetched.aes_cbc && fetched.des_ede3_cbc, "a cipher");
        g_once_init_leave(&once, 1);
    }
    return &fetched;
}

const EVP_MD *engine_md(CryptoHash hash)
{
    return algorithms()->md[hash];
}

static EVP_CIPHER_CTX *cipher_context(const EVP_CIPHER *cipher, int encrypt)
{
    static const uint8_t zero[EVP_MAX_KEY_LENGTH];
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    engine_must(EVP_CipherInit_ex(ctx, cipher, NULL, zero, zero, encrypt), "a cipher context");
    engine_must(EVP_CIPHER_CTX_set_padding(ctx, 0), "no padding");
    return ctx;
}

static Engine *engine_new(void)
{
    const Algorithms *alg = algorithms();
    Engine *engine = g_new0(Engine, 1);
    for (int i = 0; i < ENGINE_N_HASHES; i++) {
        engine->md[i] = EVP_MD_CTX_new();
        engine_must(EVP_DigestInit_ex2(engine->md[i], alg->md[i], NULL), "a hash context");
    }
    engine->aes_ecb = cipher_context(alg->aes_ecb, 1); /* keyed with zero, as aes_ecb_key says */
    for (int encrypt = 0; encrypt < 2; encrypt++) {
        engine->aes_cbc[encrypt] = cipher_context(alg->aes_cbc, encrypt);
        engine->des_ede3_cbc[encrypt] = cipher_context(alg->des_ede3_cbc, encrypt);
    }
    return engine;
}

static void engine_free(gpointer data)
{
    Engine *engine = data;
    for (int i = 0; i < ENGINE_N_HASHES; i++)
        EVP_MD_CTX_free(engine->md[i]);
    EVP_CIPHER_CTX_free(engine->aes_ecb);
    for (int encrypt = 0; encrypt < 2; encrypt++) {
        EVP_CIPHER_CTX_free(engine->aes_cbc[encrypt]);
        EVP_CIPHER_CTX_free(engine->des_ede3_cbc[encrypt]);
    }
    crypto_wipe(engine->aes_ecb_key, sizeof engine->aes_ecb_key);
    g_free(engine);
}

Engine *engine_get(void)
{
    static GPrivate owner = G_PRIVATE_INIT(engine_free); /* frees it when the thread ends */
    static _Thread_local Engine *mine;
    if (G_UNLIKELY(!mine)) {
        mine = engine_new();
        g_private_set(&owner, mine);
    }
    return mine;
}

void engine_aes_ecb(const uint8_t key[16], uint8_t *blocks, size_t len)
{
    Engine *engine = engine_get();
    if (memcmp(engine->aes_ecb_key, key, sizeof engine->aes_ecb_key) != 0) {
        engine_must(EVP_EncryptInit_ex(engine->aes_ecb, NULL, NULL, key, NULL), "an AES key");
        memcpy(engine->aes_ecb_key, key, sizeof engine->aes_ecb_key);
    }
    int out;
    g_assert(len <= INT_MAX);
    engine_must(EVP_EncryptUpdate(engine->aes_ecb, blocks, &out, blocks, (int)len), "AES");
}

void engine_cbc(EVP_CIPHER_CTX *const contexts[2], bool encrypt, const uint8_t *key, const uint8_t *iv, uint8_t *octets,
                size_t len)
{
    EVP_CIPHER_CTX *ctx = contexts[encrypt];
    int out;
    g_assert(len <= INT_MAX);
    engine_must(EVP_CipherInit_ex(ctx, NULL, NULL, key, iv, encrypt), "a CBC key");
    engine_must(EVP_CipherUpdate(ctx, octets, &out, octets, (int)len), "CBC");
}
