/*
 * crypto/bench.c - the bare OpenSSL calls of crypto/bench.h.
 *
 * Source:  see bench.h.
 * Knows:   see bench.h.
 */
#include "crypto/bench.h"

#include "crypto/engine.h"

#include <string.h>

enum { HMAC_BLOCK_LEN = 64, BLOCK_LEN = 16 };

struct CryptoBench {
    EVP_CIPHER *ecb, *aes, *des;
    EVP_CIPHER_CTX *aes_ecb, *aes_cbc[2], *des_cbc[2];
    EVP_MD_CTX *md5, *sha1;
    uint8_t octets[CRYPTO_BENCH_PACKET_MAX];
};

static EVP_CIPHER_CTX *cipher_context(const EVP_CIPHER *cipher, int encrypt)
{
    static const uint8_t zero[EVP_MAX_KEY_LENGTH];
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    engine_must(EVP_CipherInit_ex(ctx, cipher, NULL, zero, zero, encrypt), "a cipher context");
    engine_must(EVP_CIPHER_CTX_set_padding(ctx, 0), "no padding");
    return ctx;
}

static EVP_MD_CTX *hash_context(CryptoHash hash)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    engine_must(EVP_DigestInit_ex2(ctx, engine_md(hash), NULL), "a hash context");
    return ctx;
}

CryptoBench *crypto_bench_new(void)
{
    CryptoBench *bench = g_new0(CryptoBench, 1);
    (void)engine_get(); /* OpenSSL is ours from here on */
    bench->ecb = EVP_CIPHER_fetch(NULL, "AES-128-ECB", NULL);
    bench->aes = EVP_CIPHER_fetch(NULL, "AES-128-CBC", NULL);
    bench->des = EVP_CIPHER_fetch(NULL, "DES-EDE3-CBC", NULL);
    engine_must(bench->ecb && bench->aes && bench->des, "a cipher");
    bench->aes_ecb = cipher_context(bench->ecb, 1);
    for (int encrypt = 0; encrypt < 2; encrypt++) {
        bench->aes_cbc[encrypt] = cipher_context(bench->aes, encrypt);
        bench->des_cbc[encrypt] = cipher_context(bench->des, encrypt);
    }
    bench->md5 = hash_context(CRYPTO_MD5);
    bench->sha1 = hash_context(CRYPTO_SHA1);
    return bench;
}

void crypto_bench_free(CryptoBench *bench)
{
    if (!bench)
        return;
    EVP_CIPHER_CTX_free(bench->aes_ecb);
    for (int encrypt = 0; encrypt < 2; encrypt++) {
        EVP_CIPHER_CTX_free(bench->aes_cbc[encrypt]);
        EVP_CIPHER_CTX_free(bench->des_cbc[encrypt]);
    }
    EVP_MD_CTX_free(bench->md5);
    EVP_MD_CTX_free(bench->sha1);
    EVP_CIPHER_free(bench->ecb);
    EVP_CIPHER_free(bench->aes);
    EVP_CIPHER_free(bench->des);
    g_free(bench);
}

/* ---- AKA and Digest ---- */

static void blocks(CryptoBench *bench, size_t n)
{
    int out;
    engine_must(EVP_EncryptUpdate(bench->aes_ecb, bench->octets, &out, bench->octets, (int)n * BLOCK_LEN), "AES");
}

static void key_and_temp(CryptoBench *bench, const uint8_t k[16], const uint8_t rand[16])
{
    memcpy(bench->octets, rand, BLOCK_LEN);
    engine_must(EVP_EncryptInit_ex(bench->aes_ecb, NULL, NULL, k, NULL), "an AES key");
    blocks(bench, 1);
}

void crypto_bench_vector(CryptoBench *bench, const uint8_t k[16], const uint8_t rand[16])
{
    key_and_temp(bench, k, rand);
    blocks(bench, 5);
}

void crypto_bench_answer(CryptoBench *bench, const uint8_t k[16], const uint8_t rand[16])
{
    key_and_temp(bench, k, rand);
    blocks(bench, 4);
    blocks(bench, 1);
}

void crypto_bench_md5(CryptoBench *bench, size_t len)
{
    g_assert(len <= 256);
    engine_must(EVP_DigestInit_ex2(bench->md5, NULL, NULL), "starting a hash");
    engine_must(EVP_DigestUpdate(bench->md5, bench->octets, len), "hashing");
    engine_must(EVP_DigestFinal_ex(bench->md5, bench->octets, NULL), "ending a hash");
}

/* ---- ESP ---- */

static void hmac(CryptoBench *bench, EspAlg alg, const uint8_t ik[ESP_KEY_LEN], size_t len)
{
    EVP_MD_CTX *ctx = alg == ESP_HMAC_MD5_96 ? bench->md5 : bench->sha1;
    uint8_t pad[HMAC_BLOCK_LEN], inner[CRYPTO_HASH_MAX];
    const size_t hash_len = alg == ESP_HMAC_MD5_96 ? CRYPTO_MD5_LEN : CRYPTO_SHA1_LEN;

    memset(pad, 0x36, sizeof pad);
    for (size_t i = 0; i < ESP_KEY_LEN; i++)
        pad[i] ^= ik[i];
    engine_must(EVP_DigestInit_ex2(ctx, NULL, NULL), "starting a hash");
    engine_must(EVP_DigestUpdate(ctx, pad, sizeof pad), "hashing");
    engine_must(EVP_DigestUpdate(ctx, bench->octets, len), "hashing");
    engine_must(EVP_DigestFinal_ex(ctx, inner, NULL), "ending a hash");
    for (size_t i = 0; i < sizeof pad; i++)
        pad[i] ^= 0x36 ^ 0x5c;
    engine_must(EVP_DigestInit_ex2(ctx, NULL, NULL), "starting a hash");
    engine_must(EVP_DigestUpdate(ctx, pad, sizeof pad), "hashing");
    engine_must(EVP_DigestUpdate(ctx, inner, hash_len), "hashing");
    engine_must(EVP_DigestFinal_ex(ctx, inner, NULL), "ending a hash");
}

static void cipher(CryptoBench *bench, EspEalg ealg, bool encrypt, const uint8_t ck[ESP_KEY_LEN], size_t sealed_len)
{
    EVP_CIPHER_CTX *ctx = ealg == ESP_AES_CBC ? bench->aes_cbc[encrypt] : bench->des_cbc[encrypt];
    const size_t head = esp_head_len(ealg);
    uint8_t key[ESP_CK_3DES_LEN];
    int out;

    if (ealg == ESP_NULL)
        return;
    memcpy(key, ck, ESP_KEY_LEN); /* what follows is CK1 again with 3DES, and not read with AES */
    memcpy(key + ESP_KEY_LEN, ck, sizeof key - ESP_KEY_LEN);
    engine_must(EVP_CipherInit_ex(ctx, NULL, NULL, key, bench->octets + ESP_HEADER_LEN, encrypt), "a CBC key");
    engine_must(
        EVP_CipherUpdate(ctx, bench->octets + head, &out, bench->octets + head, (int)(sealed_len - head - ESP_ICV_LEN)),
        "CBC");
}

void crypto_bench_seal(CryptoBench *bench, EspAlg alg, EspEalg ealg, const EspKeys *keys, size_t sealed_len)
{
    g_assert(sealed_len <= CRYPTO_BENCH_PACKET_MAX && sealed_len >= esp_sealed_len(ealg, 0));
    cipher(bench, ealg, true, keys->ck, sealed_len);
    hmac(bench, alg, keys->ik, sealed_len - ESP_ICV_LEN);
}

void crypto_bench_open(CryptoBench *bench, EspAlg alg, EspEalg ealg, const EspKeys *keys, size_t sealed_len)
{
    g_assert(sealed_len <= CRYPTO_BENCH_PACKET_MAX && sealed_len >= esp_sealed_len(ealg, 0));
    hmac(bench, alg, keys->ik, sealed_len - ESP_ICV_LEN);
    cipher(bench, ealg, false, keys->ck, sealed_len);
}
