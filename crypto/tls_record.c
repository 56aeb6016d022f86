/*
 * crypto/tls_record.c - sealing and opening TLS records.
 *
 * Source:  see tls_record.h.
 * Knows:   see tls_record.h.  Keys are derived in tls_record_keys.c.
 */
#include "crypto/tls_record.h"

#include "crypto/engine.h"

#include <string.h>

enum { BLOCK = 16, KEY_LEN = 16, TAG_LEN = 16, EXPLICIT_NONCE_LEN = 8, IMPLICIT_IV_LEN = 4, NONCE_LEN = 12 };

bool tls_suite_protection(TlsSuite suite, TlsProtection *protection)
{
    switch (suite) {
    case TLS_RSA_NULL_SHA:
    case TLS_PSK_NULL_SHA: *protection = TLS_PROTECT_NULL_SHA; return true;
    case TLS_RSA_AES_128_CBC_SHA:
    case TLS_PSK_AES_128_CBC_SHA:
    case TLS_ECDHE_ECDSA_AES_128_CBC_SHA:
    case TLS_ECDHE_RSA_AES_128_CBC_SHA: *protection = TLS_PROTECT_CBC_SHA; return true;
    case TLS_RSA_AES_128_CBC_SHA256:
    case TLS_PSK_AES_128_CBC_SHA256:
    case TLS_ECDHE_ECDSA_AES_128_CBC_SHA256:
    case TLS_ECDHE_RSA_AES_128_CBC_SHA256: *protection = TLS_PROTECT_CBC_SHA256; return true;
    case TLS_RSA_AES_128_GCM_SHA256:
    case TLS_PSK_AES_128_GCM_SHA256:
    case TLS_AES_128_GCM_SHA256:
    case TLS_ECDHE_ECDSA_AES_128_GCM_SHA256:
    case TLS_ECDHE_RSA_AES_128_GCM_SHA256: *protection = TLS_PROTECT_GCM; return true;
    }
    return false;
}

static CryptoHash mac_hash(TlsProtection protection)
{
    return protection == TLS_PROTECT_CBC_SHA256 ? CRYPTO_SHA256 : CRYPTO_SHA1;
}

static bool is_cbc(TlsProtection protection)
{
    return protection == TLS_PROTECT_CBC_SHA || protection == TLS_PROTECT_CBC_SHA256;
}

static uint8_t *mac_key(TlsRecordHalf *half, TlsProtection protection)
{
    return half->material + (is_cbc(protection) ? KEY_LEN : 0);
}

static uint8_t *chained_iv(TlsRecordHalf *half, TlsProtection protection)
{
    return mac_key(half, protection) + crypto_hash_len(mac_hash(protection));
}

void tls_record_set_iv(TlsRecordHalf *half, TlsProtection protection, const uint8_t iv[BLOCK])
{
    if (protection == TLS_PROTECT_CBC_SHA) /* TLS 1.0 has no other CBC suites */
        memcpy(chained_iv(half, protection), iv, BLOCK);
}

void tls_record_set_seq(TlsRecordHalf *half, uint64_t seq)
{
    for (int i = 0; i < 8; i++)
        half->seq[i] = (uint8_t)(seq >> (56 - 8 * i));
}

static void next_seq(TlsRecordHalf *half)
{
    for (int i = 7; i >= 0 && ++half->seq[i] == 0; i--)
        ;
}

size_t tls_record_len(const uint8_t *octets, size_t len)
{
    return len < TLS_HEADER_LEN ? 0 : TLS_HEADER_LEN + ((size_t)octets[3] << 8 | octets[4]);
}

size_t tls_record_sealed_len(TlsVersion version, TlsProtection protection, size_t len)
{
    size_t body = len;
    switch (protection) {
    case TLS_PROTECT_NULL_SHA: body += CRYPTO_SHA1_LEN; break;
    case TLS_PROTECT_CBC_SHA:
    case TLS_PROTECT_CBC_SHA256:
        body += crypto_hash_len(mac_hash(protection));
        body += BLOCK - body % BLOCK;
        body += version >= TLS_1_1 ? BLOCK : 0;
        break;
    case TLS_PROTECT_GCM: body += version == TLS_1_3 ? 1 + TAG_LEN : EXPLICIT_NONCE_LEN + TAG_LEN; break;
    }
    return TLS_HEADER_LEN + body;
}

static void put_header(uint8_t *out, uint8_t type, TlsVersion version, size_t body_len)
{
    out[0] = version == TLS_1_3 ? TLS_RECORD_DATA : type;
    out[1] = 3;
    out[2] = version == TLS_1_3 ? 3 : (uint8_t)(version + 1); /* RFC 8446 §5.2: 1.3 poses as 1.2 */
    out[3] = (uint8_t)(body_len >> 8);
    out[4] = (uint8_t)body_len;
}

/* seq 8 | type 1 | version 2 | length 2: what a MAC or tag covers besides the text, RFC 5246 §6.2.3.1, §6.2.3.3. */
static void put_covered(const TlsRecordHalf *half, uint8_t type, TlsVersion version, size_t len, uint8_t out[13])
{
    memcpy(out, half->seq, 8);
    put_header(out + 8, type, version, len);
}

static void put_mac(TlsRecordHalf *half, TlsVersion version, TlsProtection protection, uint8_t type,
                    const uint8_t *plain, size_t len, uint8_t out[])
{
    const CryptoHash hash = mac_hash(protection);
    uint8_t covered[13];
    put_covered(half, type, version, len, covered);
    const CryptoPiece pieces[] = { { covered, sizeof covered }, { plain, len } };
    crypto_hmac_pieces(hash, mac_key(half, protection), crypto_hash_len(hash), pieces, G_N_ELEMENTS(pieces), out);
}

/* ---- NULL and CBC: MAC, then encrypt ---- */

static void seal_cbc(TlsRecordHalf *half, TlsVersion version, TlsProtection protection, uint8_t type,
                     const CryptoRandom *random, const uint8_t *plain, size_t len, uint8_t *body)
{
    uint8_t *iv = chained_iv(half, protection), *text = body;
    if (version >= TLS_1_1) {
        random->fill(random->ctx, body, BLOCK);
        iv = body;
        text = body + BLOCK;
    }
    if (len)
        memcpy(text, plain, len);
    put_mac(half, version, protection, type, plain, len, text + len);
    const size_t maced = len + crypto_hash_len(mac_hash(protection)), pad = BLOCK - maced % BLOCK;
    memset(text + maced, (int)pad - 1, pad);
    engine_cbc(engine_get()->aes_cbc, true, half->material, iv, text, maced + pad);
    if (version == TLS_1_0)
        memcpy(iv, text + maced + pad - BLOCK, BLOCK);
}

/* Octets of padding with its length octet; 0: the padding is wrong.  RFC 5246 §6.2.3.2. */
static size_t padding_len(const uint8_t *text, size_t len, size_t mac_len)
{
    const size_t pad = (size_t)text[len - 1] + 1;
    if (pad + mac_len > len)
        return 0;
    for (size_t i = 1; i <= pad; i++)
        if (text[len - i] != text[len - 1])
            return 0;
    return pad;
}

static bool open_maced(TlsRecordHalf *half, TlsVersion version, TlsProtection protection, uint8_t type, uint8_t *text,
                       size_t len, size_t *plain_len)
{
    uint8_t mac[CRYPTO_HASH_MAX];
    const size_t mac_len = crypto_hash_len(mac_hash(protection));
    if (len < mac_len)
        return false;
    put_mac(half, version, protection, type, text, len - mac_len, mac);
    *plain_len = len - mac_len;
    return crypto_equal(mac, text + len - mac_len, mac_len);
}

/* One answer to wrong padding and to a wrong MAC, RFC 5246 §7.2.2.  How long it takes nobody here can measure. */
static bool open_cbc(TlsRecordHalf *half, TlsVersion version, TlsProtection protection, uint8_t type, uint8_t *body,
                     size_t len, uint8_t **plain, size_t *plain_len)
{
    const size_t explicit_len = version >= TLS_1_1 ? BLOCK : 0, mac_len = crypto_hash_len(mac_hash(protection));
    if (len % BLOCK || len < explicit_len + mac_len + 1)
        return false;
    uint8_t iv[BLOCK], *text = body + explicit_len;
    const size_t text_len = len - explicit_len;
    memcpy(iv, explicit_len ? body : chained_iv(half, protection), BLOCK);
    if (!explicit_len)
        memcpy(chained_iv(half, protection), body + len - BLOCK, BLOCK);
    engine_cbc(engine_get()->aes_cbc, false, half->material, iv, text, text_len);
    const size_t pad = padding_len(text, text_len, mac_len);
    *plain = text;
    return open_maced(half, version, protection, type, text, text_len - pad, plain_len) && pad > 0;
}

/* ---- GCM ---- */

typedef struct {
    EVP_CIPHER *cipher;
    EVP_CIPHER_CTX *ctx;
} Gcm;

static void gcm_free(gpointer data)
{
    Gcm *gcm = data;
    EVP_CIPHER_CTX_free(gcm->ctx);
    EVP_CIPHER_free(gcm->cipher);
    g_free(gcm);
}

/* The thread's context, as in engine.c. */
static EVP_CIPHER_CTX *gcm_context(void)
{
    static GPrivate owner = G_PRIVATE_INIT(gcm_free);
    static _Thread_local Gcm *mine;
    if (G_UNLIKELY(!mine)) {
        mine = g_new0(Gcm, 1);
        (void)engine_get(); /* crypto_init() */
        mine->cipher = EVP_CIPHER_fetch(NULL, "AES-128-GCM", NULL);
        mine->ctx = EVP_CIPHER_CTX_new();
        engine_must(mine->cipher && EVP_CipherInit_ex(mine->ctx, mine->cipher, NULL, NULL, NULL, 1), "AES-GCM");
        g_private_set(&owner, mine);
    }
    return mine->ctx;
}

/* TLS 1.2: salt || explicit; TLS 1.3: IV xor number (RFC 8446 §5.3). */
static void put_nonce(const TlsRecordHalf *half, TlsVersion version, const uint8_t *explicit_nonce,
                      uint8_t nonce[NONCE_LEN])
{
    const uint8_t *iv = half->material + KEY_LEN;
    if (version != TLS_1_3) {
        memcpy(nonce, iv, IMPLICIT_IV_LEN);
        memcpy(nonce + IMPLICIT_IV_LEN, explicit_nonce, EXPLICIT_NONCE_LEN);
        return;
    }
    memcpy(nonce, iv, NONCE_LEN);
    for (int i = 0; i < 8; i++)
        nonce[NONCE_LEN - 8 + i] ^= half->seq[i];
}

/* In place; the tag is put behind the text or compared with what is there. */
static bool gcm(const uint8_t *key, const uint8_t nonce[NONCE_LEN], bool encrypt, const uint8_t *aad, int aad_len,
                uint8_t *text, size_t len)
{
    EVP_CIPHER_CTX *ctx = gcm_context();
    int out;
    engine_must(EVP_CipherInit_ex(ctx, NULL, NULL, key, nonce, encrypt), "an AES-GCM key");
    engine_must(EVP_CipherUpdate(ctx, NULL, &out, aad, aad_len), "AES-GCM");
    if (len > 0)
        engine_must(EVP_CipherUpdate(ctx, text, &out, text, (int)len), "AES-GCM");
    if (!encrypt)
        engine_must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG_LEN, text + len), "a GCM tag");
    uint8_t none[BLOCK];
    if (EVP_CipherFinal_ex(ctx, none, &out) <= 0)
        return false;
    return !encrypt || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_LEN, text + len) > 0;
}

/* The explicit nonce is the sequence number, RFC 5288 §3: never twice under a key. */
static void seal_gcm(TlsRecordHalf *half, TlsVersion version, uint8_t type, const uint8_t *plain, size_t len,
                     uint8_t *record)
{
    uint8_t nonce[NONCE_LEN], covered[13], *text = record + TLS_HEADER_LEN;
    put_nonce(half, version, half->seq, nonce);
    if (version != TLS_1_3) {
        memcpy(text, half->seq, EXPLICIT_NONCE_LEN);
        text += EXPLICIT_NONCE_LEN;
    }
    if (len)
        memcpy(text, plain, len);
    bool sealed;
    if (version == TLS_1_3) {
        text[len] = type;
        sealed = gcm(half->material, nonce, true, record, TLS_HEADER_LEN, text, len + 1);
    } else {
        put_covered(half, type, version, len, covered);
        sealed = gcm(half->material, nonce, true, covered, sizeof covered, text, len);
    }
    engine_must(sealed, "AES-GCM");
}

static bool open_gcm_12(TlsRecordHalf *half, TlsVersion version, uint8_t *record, size_t len, uint8_t **plain,
                        size_t *plain_len)
{
    uint8_t nonce[NONCE_LEN], covered[13], *body = record + TLS_HEADER_LEN;
    if (len < TLS_HEADER_LEN + EXPLICIT_NONCE_LEN + TAG_LEN)
        return false;
    *plain = body + EXPLICIT_NONCE_LEN;
    *plain_len = len - TLS_HEADER_LEN - EXPLICIT_NONCE_LEN - TAG_LEN;
    put_nonce(half, version, body, nonce);
    put_covered(half, record[0], version, *plain_len, covered);
    return gcm(half->material, nonce, false, covered, sizeof covered, *plain, *plain_len);
}

/* The type is the last octet that is not zero, RFC 8446 §5.4. */
static bool open_gcm_13(TlsRecordHalf *half, uint8_t *record, size_t len, uint8_t *type, uint8_t **plain,
                        size_t *plain_len)
{
    uint8_t nonce[NONCE_LEN];
    if (record[0] != TLS_RECORD_DATA || len < TLS_HEADER_LEN + 1 + TAG_LEN)
        return false;
    *plain = record + TLS_HEADER_LEN;
    size_t n = len - TLS_HEADER_LEN - TAG_LEN;
    put_nonce(half, TLS_1_3, NULL, nonce);
    if (!gcm(half->material, nonce, false, record, TLS_HEADER_LEN, *plain, n))
        return false;
    while (n > 0 && (*plain)[n - 1] == 0)
        n--;
    if (n == 0)
        return false;
    *type = (*plain)[n - 1];
    *plain_len = n - 1;
    return true;
}

/* ---- both ---- */

void tls_record_seal(TlsRecordHalf *half, TlsVersion version, TlsProtection protection, uint8_t type,
                     const CryptoRandom *random, const uint8_t *plain, size_t len, uint8_t *out)
{
    g_assert(len <= TLS_PLAIN_MAX);
    uint8_t *body = out + TLS_HEADER_LEN;
    put_header(out, type, version, tls_record_sealed_len(version, protection, len) - TLS_HEADER_LEN);
    switch (protection) {
    case TLS_PROTECT_NULL_SHA:
        if (len)
            memcpy(body, plain, len);
        put_mac(half, version, protection, type, plain, len, body + len);
        break;
    case TLS_PROTECT_CBC_SHA:
    case TLS_PROTECT_CBC_SHA256: seal_cbc(half, version, protection, type, random, plain, len, body); break;
    case TLS_PROTECT_GCM: seal_gcm(half, version, type, plain, len, out); break;
    }
    next_seq(half);
}

bool tls_record_open(TlsRecordHalf *half, TlsVersion version, TlsProtection protection, uint8_t *record, size_t len,
                     uint8_t *type, uint8_t **plain, size_t *plain_len)
{
    const uint8_t minor = version == TLS_1_3 ? 3 : (uint8_t)(version + 1);
    if (len < TLS_HEADER_LEN || tls_record_len(record, len) != len || len > TLS_HEADER_LEN + TLS_BODY_MAX ||
        record[1] != 3 || record[2] != minor)
        return false;
    uint8_t *body = record + TLS_HEADER_LEN;
    const size_t body_len = len - TLS_HEADER_LEN;
    bool good = false;
    *type = record[0];
    switch (protection) {
    case TLS_PROTECT_NULL_SHA:
        *plain = body;
        good = open_maced(half, version, protection, *type, body, body_len, plain_len);
        break;
    case TLS_PROTECT_CBC_SHA:
    case TLS_PROTECT_CBC_SHA256:
        good = open_cbc(half, version, protection, *type, body, body_len, plain, plain_len);
        break;
    case TLS_PROTECT_GCM:
        good = version == TLS_1_3 ? open_gcm_13(half, record, len, type, plain, plain_len)
                                  : open_gcm_12(half, version, record, len, plain, plain_len);
        break;
    }
    next_seq(half);
    return good && *plain_len <= TLS_PLAIN_MAX;
}
