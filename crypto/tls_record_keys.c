/*
 * crypto/tls_record_keys.c - from the handshake's secrets to record keys.
 *
 * Source:  RFC 2246 §5, §6.3 (P_MD5 xor P_SHA-1), RFC 5246 §5, §6.3 (P_SHA-256), RFC 8446 §7.1, §7.3.
 * Knows:   see tls_record.h.
 */
#include "crypto/tls_record.h"

#include "crypto/engine.h"

#include <string.h>

enum { KEY_LEN = 16, IV_LEN = 16, SALT_LEN = 4, NONCE_LEN = 12, KEY_BLOCK_MAX = 2 * (32 + KEY_LEN + IV_LEN) };

/* out ^= P_hash(secret, seed): A(0) = seed, A(i) = HMAC(secret, A(i-1)), out = HMAC(A(1) || seed) || HMAC(A(2) .. */
static void p_hash(CryptoHash hash, const uint8_t *secret, size_t secret_len, const uint8_t *seed, size_t seed_len,
                   uint8_t *out, size_t len)
{
    uint8_t a[CRYPTO_HASH_MAX], block[CRYPTO_HASH_MAX];
    const size_t hash_len = crypto_hash_len(hash);
    crypto_hmac(hash, secret, secret_len, seed, seed_len, a);
    for (size_t done = 0; done < len; done += hash_len) {
        const CryptoPiece pieces[] = { { a, hash_len }, { seed, seed_len } };
        crypto_hmac_pieces(hash, secret, secret_len, pieces, G_N_ELEMENTS(pieces), block);
        for (size_t i = 0; i < hash_len && done + i < len; i++)
            out[done + i] ^= block[i];
        crypto_hmac(hash, secret, secret_len, a, hash_len, a);
    }
    crypto_wipe(a, sizeof a);
    crypto_wipe(block, sizeof block);
}

static void prf(TlsVersion version, const uint8_t master[TLS_MASTER_LEN], const uint8_t *seed, size_t seed_len,
                uint8_t *out, size_t len)
{
    enum { HALF = TLS_MASTER_LEN / 2 };
    memset(out, 0, len);
    if (version == TLS_1_2) {
        p_hash(CRYPTO_SHA256, master, TLS_MASTER_LEN, seed, seed_len, out, len);
        return;
    }
    p_hash(CRYPTO_MD5, master, HALF, seed, seed_len, out, len);
    p_hash(CRYPTO_SHA1, master + HALF, HALF, seed, seed_len, out, len);
}

/* client MAC | server MAC | client key | server key | client IV | server IV, RFC 2246 §6.3. */
typedef struct {
    size_t mac, key, iv;
} Lengths;

static Lengths lengths_of(TlsVersion version, TlsProtection protection)
{
    const size_t iv = version == TLS_1_0 ? IV_LEN : 0;
    switch (protection) {
    case TLS_PROTECT_NULL_SHA: return (Lengths){ CRYPTO_SHA1_LEN, 0, 0 };
    case TLS_PROTECT_CBC_SHA: return (Lengths){ CRYPTO_SHA1_LEN, KEY_LEN, iv };
    case TLS_PROTECT_CBC_SHA256: return (Lengths){ CRYPTO_SHA256_LEN, KEY_LEN, 0 };
    case TLS_PROTECT_GCM: return (Lengths){ 0, KEY_LEN, SALT_LEN };
    }
    g_assert_not_reached();
}

static void set_half(TlsRecordHalf *half, const uint8_t *block, size_t which, Lengths n)
{
    memset(half, 0, sizeof *half);
    memcpy(half->material, block + 2 * n.mac + which * n.key, n.key);
    memcpy(half->material + n.key, block + which * n.mac, n.mac);
    memcpy(half->material + n.key + n.mac, block + 2 * (n.mac + n.key) + which * n.iv, n.iv);
}

void tls_record_keys(TlsVersion version, TlsProtection protection, const uint8_t master[TLS_MASTER_LEN],
                     const uint8_t client_random[TLS_HELLO_RANDOM_LEN],
                     const uint8_t server_random[TLS_HELLO_RANDOM_LEN], TlsRecordHalf *client, TlsRecordHalf *server)
{
    static const char label[13] = "key expansion";
    uint8_t seed[sizeof label + 2 * TLS_HELLO_RANDOM_LEN], block[KEY_BLOCK_MAX];
    const Lengths n = lengths_of(version, protection);
    memcpy(seed, label, sizeof label);
    memcpy(seed + sizeof label, server_random, TLS_HELLO_RANDOM_LEN);
    memcpy(seed + sizeof label + TLS_HELLO_RANDOM_LEN, client_random, TLS_HELLO_RANDOM_LEN);
    prf(version, master, seed, sizeof seed, block, 2 * (n.mac + n.key + n.iv));
    set_half(client, block, 0, n);
    set_half(server, block, 1, n);
    crypto_wipe(block, sizeof block);
}

/* HKDF-Expand-Label(secret, label, "", len) with len <= 32: one HMAC.  RFC 8446 §7.1, RFC 5869 §2.3. */
static void expand_label(const uint8_t secret[TLS_SECRET_LEN], const char *label, uint8_t *out, size_t len)
{
    const uint8_t head[] = { 0, (uint8_t)len, (uint8_t)(6 + strlen(label)) }, tail[] = { 0, 1 };
    const CryptoPiece pieces[] = {
        { head, sizeof head }, { "tls13 ", 6 }, { label, strlen(label) }, { tail, sizeof tail }
    };
    uint8_t block[CRYPTO_SHA256_LEN];
    crypto_hmac_pieces(CRYPTO_SHA256, secret, TLS_SECRET_LEN, pieces, G_N_ELEMENTS(pieces), block);
    memcpy(out, block, len);
    crypto_wipe(block, sizeof block);
}

void tls_record_keys_13(const uint8_t secret[TLS_SECRET_LEN], TlsRecordHalf *half)
{
    memset(half, 0, sizeof *half);
    expand_label(secret, "key", half->material, KEY_LEN);
    expand_label(secret, "iv", half->material + KEY_LEN, NONCE_LEN);
}
