/*
 * crypto/selftest_plain.c - known answers of ciphers, hashes, base64, key derivation and the TLS PRF.
 *
 * Source:  FIPS 197, NIST CAVP, RFC 2202, RFC 4231, TS 35.203, TS 33.220 Annex B, RFC 5246 §5, RFC 4279; see each file.
 * Knows:   see selftest.h.
 */
#include "crypto/engine.h"
#include "crypto/kdf.h"
#include "crypto/octets.h"
#include "crypto/radio.h"
#include "crypto/random.h"
#include "crypto/selftest_kinds.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <string.h>

/* ---- block ciphers ---- */

static bool is_aes_block(const SelftestBlock *block)
{
    return selftest_has(block, "k") && selftest_has(block, "plain") && selftest_has(block, "cipher");
}

static void check_aes_block(const SelftestBlock *block, SelftestCheck *check)
{
    const uint8_t *k = selftest_need(block, "k", 16, check), *plain = selftest_need(block, "plain", 16, check);
    uint8_t octets[16];
    if (!k || !plain)
        return;
    memcpy(octets, plain, sizeof octets);
    engine_aes_ecb(k, octets, sizeof octets);
    selftest_expect(block, "cipher", octets, sizeof octets, check);
}

static bool is_cbc(const SelftestBlock *block)
{
    return selftest_has(block, "key") && selftest_has(block, "iv") && selftest_has(block, "plain") &&
           selftest_has(block, "cipher");
}

static void check_cbc(const SelftestBlock *block, SelftestCheck *check)
{
    const SelftestField *key = selftest_field(block, "key"), *plain = selftest_field(block, "plain");
    const bool des = key->len == 24;
    const uint8_t *iv = selftest_need(block, "iv", des ? 8 : 16, check);
    if (!des && key->len != 16)
        selftest_invalid(check, "key has %zu octets; 16 is AES-128, 24 is 3DES", key->len);
    else if (plain->len == 0 || plain->len % (des ? 8 : 16) != 0)
        selftest_invalid(check, "plain must be whole blocks");
    else if (iv) {
        EVP_CIPHER_CTX *const *contexts = des ? engine_get()->des_ede3_cbc : engine_get()->aes_cbc;
        g_autofree uint8_t *octets = g_memdup2(plain->octets, plain->len);
        engine_cbc(contexts, true, key->octets, iv, octets, plain->len);
        selftest_expect(block, "cipher", octets, plain->len, check);
        engine_cbc(contexts, false, key->octets, iv, octets, plain->len);
        selftest_expect(block, "plain", octets, plain->len, check);
    }
}

static bool is_f8(const SelftestBlock *block)
{
    return selftest_has(block, "bearer") && selftest_has(block, "ciphertext") && selftest_has(block, "count");
}

static void check_f8(const SelftestBlock *block, SelftestCheck *check)
{
    const uint8_t *ck = selftest_need(block, "ck", 16, check), *count = selftest_need(block, "count", 4, check);
    const SelftestField *plain = selftest_field(block, "plaintext");
    uint64_t bearer, direction, bits;
    if (!ck || !count || !selftest_need_number(block, "bearer", 31, &bearer, check) ||
        !selftest_need_number(block, "direction", 1, &direction, check) ||
        !selftest_need_number(block, "bits", 1 << 20, &bits, check))
        return;
    if (!plain || plain->len != (bits + 7) / 8 || bits == 0) {
        selftest_invalid(check, "plaintext must have as many octets as bits need");
        return;
    }
    g_autofree uint8_t *octets = g_memdup2(plain->octets, plain->len);
    radio_crypt(RADIO_UEA1, ck, octets_get32(count), (unsigned)bearer, (unsigned)direction, octets, plain->len);
    octets[plain->len - 1] &= (uint8_t)(0xff << (plain->len * 8 - bits)); /* bits beyond the message */
    selftest_expect(block, "ciphertext", octets, plain->len, check);
}

/* ---- hashes and base64 ---- */

static const struct {
    const char *name;
    CryptoHash hash;
} hashes[] = { { "md5", CRYPTO_MD5 }, { "sha1", CRYPTO_SHA1 }, { "sha256", CRYPTO_SHA256 } };

static bool is_hmac(const SelftestBlock *block)
{
    return selftest_has(block, "key") && selftest_has(block, "msg") && selftest_has(block, "mac");
}

static void check_hmac(const SelftestBlock *block, SelftestCheck *check)
{
    const SelftestField *key = selftest_field(block, "key"), *msg = selftest_field(block, "msg");
    const size_t len = selftest_field(block, "mac")->len;
    for (size_t i = 0; i < G_N_ELEMENTS(hashes); i++)
        if (crypto_hash_len(hashes[i].hash) == len) {
            uint8_t mac[CRYPTO_HASH_MAX];
            crypto_hmac(hashes[i].hash, key->octets, key->len, msg->octets, msg->len, mac);
            selftest_expect(block, "mac", mac, len, check);
            selftest_expect(block, "mac96", mac, 12, check);
            return;
        }
    selftest_invalid(check, "mac has %zu octets; 16 is MD5, 20 SHA-1, 32 SHA-256", len);
}

static bool is_hash(const SelftestBlock *block)
{
    return selftest_has(block, "msg") &&
           (selftest_has(block, "md5") || selftest_has(block, "sha1") || selftest_has(block, "sha256"));
}

static void check_hash(const SelftestBlock *block, SelftestCheck *check)
{
    const SelftestField *msg = selftest_field(block, "msg");
    for (size_t i = 0; i < G_N_ELEMENTS(hashes); i++) {
        uint8_t out[CRYPTO_HASH_MAX];
        crypto_hash(hashes[i].hash, msg->octets, msg->len, out);
        selftest_expect(block, hashes[i].name, out, crypto_hash_len(hashes[i].hash), check);
    }
    g_autoptr(CryptoSha256) sha = crypto_sha256_new();
    uint8_t out[CRYPTO_SHA256_LEN];
    for (size_t i = 0; i < msg->len; i++)
        crypto_sha256_update(sha, msg->octets + i, 1);
    crypto_sha256_get(sha, out);
    selftest_expect(block, "sha256", out, sizeof out, check);
}

static bool is_base64(const SelftestBlock *block)
{
    return selftest_has(block, "data") && selftest_has(block, "b64");
}

static void check_base64(const SelftestBlock *block, SelftestCheck *check)
{
    const SelftestField *data = selftest_field(block, "data"), *b64 = selftest_field(block, "b64");
    const size_t capacity = CRYPTO_BASE64_LEN(data->len) + 1;
    g_autofree char *text = g_malloc(capacity);
    g_autofree uint8_t *back = g_malloc(b64->len + 1);
    size_t len;
    if (!crypto_base64_encode(data->octets, data->len, text, capacity))
        g_assert_not_reached();
    selftest_expect(block, "b64", text, strlen(text), check);
    if (crypto_base64_decode((const char *)b64->octets, b64->len, back, b64->len, &len))
        selftest_expect(block, "data", back, len, check);
    else
        selftest_expect_text(check, "decoding b64", "possible", "refused");
}

/* ---- key derivation ---- */

static bool is_kdf(const SelftestBlock *block)
{
    return selftest_has(block, "s") && (selftest_has(block, "out") || selftest_has(block, "ks_naf"));
}

static CryptoPiece piece_of(const SelftestField *field)
{
    return (CryptoPiece){ field->octets, field->len };
}

static void expect_b64(const SelftestBlock *block, const char *name, const uint8_t out[KDF_OUT_LEN],
                       SelftestCheck *check)
{
    char text[CRYPTO_BASE64_LEN(KDF_OUT_LEN) + 1];
    if (crypto_base64_encode(out, KDF_OUT_LEN, text, sizeof text))
        selftest_expect(block, name, text, strlen(text), check);
}

static void expect_ks_naf(const SelftestBlock *block, SelftestCheck *check)
{
    const SelftestField *impi = selftest_field(block, "impi"), *fqdn = selftest_field(block, "naf_fqdn");
    KdfNaf in = { .ck = selftest_need(block, "ck", 16, check),
                  .ik = selftest_need(block, "ik", 16, check),
                  .rand = selftest_need(block, "rand", 16, check),
                  .ua_id = selftest_need(block, "ua_sec_prot_id", KDF_UA_ID_LEN, check) };
    uint8_t out[KDF_OUT_LEN];
    if (!in.ck || !in.ik || !in.rand || !in.ua_id)
        return;
    if (!impi || !fqdn) {
        selftest_invalid(check, "impi or naf_fqdn is missing");
        return;
    }
    in.impi = piece_of(impi);
    in.naf_fqdn = piece_of(fqdn);
    if (!kdf_ks_naf(&in, out)) {
        selftest_invalid(check, "impi or naf_fqdn is too long");
        return;
    }
    selftest_expect(block, "ks_naf", out, sizeof out, check);
    expect_b64(block, "ks_naf_b64", out, check);
}

static void check_kdf(const SelftestBlock *block, SelftestCheck *check)
{
    const bool naf = selftest_has(block, "ks_naf");
    const SelftestField *key = selftest_field(block, naf ? "ks" : "key"), *s = selftest_field(block, "s");
    const SelftestField *p0 = selftest_field(block, "p0"), *p1 = selftest_field(block, "p1");
    uint8_t out[KDF_OUT_LEN];
    if (!key) {
        selftest_invalid(check, "%s is missing", naf ? "ks" : "key");
        return;
    }
    crypto_hmac(CRYPTO_SHA256, key->octets, key->len, s->octets, s->len, out);
    selftest_expect(block, naf ? "ks_naf" : "out", out, sizeof out, check);
    selftest_expect(block, "salt", out + sizeof out - 4, 4, check); /* TS 33.203 Annex I: the last 32 bits */
    if (naf)
        expect_ks_naf(block, check);
    const uint8_t *fc = p0 && p1 ? selftest_need(block, "fc", 1, check) : NULL;
    if (!fc)
        return;
    const CryptoPiece params[] = { piece_of(p0), piece_of(p1) };
    if (kdf_33220(key->octets, key->len, *fc, params, G_N_ELEMENTS(params), out))
        selftest_expect(block, "out", out, sizeof out, check);
}

/* ---- TLS ---- */

typedef struct {
    bool tls12;
    CryptoPiece secret, label, seed, seed_rest; /* seed_rest is joined to seed */
} PrfInput;

/* PRF(secret, label, seed): P_MD5 xor P_SHA-1 before TLS 1.2, P_SHA-256 in it. */
static bool tls_prf(const PrfInput *in, uint8_t *out, size_t len)
{
    crypto_init();
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "TLS1-PRF", NULL);
    EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
    char *digest = in->tls12 ? (char[]){ "SHA256" } : (char[]){ "MD5-SHA1" };
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, (void *)in->secret.p, in->secret.len),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, (void *)in->label.p, in->label.len),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, (void *)in->seed.p, in->seed.len),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, (void *)in->seed_rest.p, in->seed_rest.len),
        OSSL_PARAM_construct_end(),
    };
    const bool ok = EVP_KDF_derive(ctx, out, len, params) > 0;
    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
    return ok;
}

static bool is_prf(const SelftestBlock *block)
{
    return selftest_has(block, "secret") && selftest_has(block, "label") && selftest_has(block, "seed") &&
           selftest_has(block, "out");
}

/* The version is in the block's name: tls10-... or tls12-... */
static void check_prf(const SelftestBlock *block, SelftestCheck *check)
{
    const PrfInput in = { .tls12 = g_str_has_prefix(block->id, "tls12"),
                          .secret = piece_of(selftest_field(block, "secret")),
                          .label = piece_of(selftest_field(block, "label")),
                          .seed = piece_of(selftest_field(block, "seed")) };
    const size_t len = selftest_field(block, "out")->len;
    g_autofree uint8_t *out = g_malloc(len + 1);
    if (!in.tls12 && !g_str_has_prefix(block->id, "tls10"))
        selftest_invalid(check, "the block's id must begin with tls10 or tls12");
    else if (!tls_prf(&in, out, len))
        selftest_invalid(check, "OpenSSL cannot compute this");
    else
        selftest_expect(block, "out", out, len, check);
}

static bool is_psk(const SelftestBlock *block)
{
    return selftest_has(block, "psk") && selftest_has(block, "premaster") && selftest_has(block, "master");
}

static void put16(GByteArray *out, size_t value)
{
    const uint8_t octets[] = { (uint8_t)(value >> 8), (uint8_t)value };
    g_byte_array_append(out, octets, sizeof octets);
}

/* RFC 4279 §2: uint16 N || N zeros || uint16 N || PSK. */
static GByteArray *psk_premaster(const SelftestField *psk)
{
    GByteArray *out = g_byte_array_new();
    put16(out, psk->len);
    g_byte_array_set_size(out, (guint)(2 + psk->len));
    memset(out->data + 2, 0, psk->len);
    put16(out, psk->len);
    g_byte_array_append(out, psk->octets, (guint)psk->len);
    return out;
}

/* A handshake message that is one string with a two-octet length: ServerKeyExchange (hint), ClientKeyExchange
 * (identity). */
static void expect_exchange(const SelftestBlock *block, const char *name, uint8_t type, CryptoPiece text,
                            SelftestCheck *check)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    const uint8_t head[] = { type, 0 }; /* the third octet of the length is always 0 here */
    g_byte_array_append(out, head, sizeof head);
    put16(out, text.len + 2);
    put16(out, text.len);
    g_byte_array_append(out, text.p, (guint)text.len);
    selftest_expect(block, name, out->data, out->len, check);
}

static void check_psk(const SelftestBlock *block, SelftestCheck *check)
{
    static const char hint[] = "3GPP-bootstrapping"; /* TS 24.109 §5.3 */
    const SelftestField *psk = selftest_field(block, "psk"), *identity = selftest_field(block, "identity");
    const uint8_t *client = selftest_need(block, "client_random", 32, check);
    const uint8_t *server = selftest_need(block, "server_random", 32, check);
    uint8_t master[48];
    if (!client || !server)
        return;
    if (!selftest_has(block, "version") || psk->len > UINT16_MAX || (identity && identity->len > UINT16_MAX - 2)) {
        selftest_invalid(check, "version is missing, or psk or identity is too long");
        return;
    }
    g_autoptr(GByteArray) premaster = psk_premaster(psk);
    const PrfInput in = { .tls12 = selftest_text_is(block, "version", "TLS1.2"),
                          .secret = { premaster->data, premaster->len },
                          .label = { "master secret", 13 },
                          .seed = { client, 32 },
                          .seed_rest = { server, 32 } };
    selftest_expect(block, "premaster", premaster->data, premaster->len, check);
    if (!tls_prf(&in, master, sizeof master))
        selftest_invalid(check, "OpenSSL cannot compute this");
    selftest_expect(block, "master", master, sizeof master, check);
    if (identity)
        expect_exchange(block, "cke", 16, piece_of(identity), check);
    expect_exchange(block, "ske", 12, (CryptoPiece){ hint, sizeof hint - 1 }, check);
}

const SelftestKind selftest_plain_kinds[] = {
    { "AES block", is_aes_block, check_aes_block },
    { "CBC", is_cbc, check_cbc },
    { "KASUMI f8", is_f8, check_f8 },
    { "HMAC", is_hmac, check_hmac },
    { "hash", is_hash, check_hash },
    { "base64", is_base64, check_base64 },
    { "key derivation", is_kdf, check_kdf },
    { "TLS PRF", is_prf, check_prf },
    { "TLS PSK", is_psk, check_psk },
    { NULL, NULL, NULL },
};
