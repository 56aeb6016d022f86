/*
 * crypto/digest.c - HTTP Digest as SIP and HTTP use it: MD5, AKAv1-MD5 and AKAv2-MD5.
 *
 * Source:  RFC 2617 §3.2.2: KD(H(A1), nonce [":" nc ":" cnonce ":" qop] ":" H(A2)); RFC 4169 §2, §3.
 * Knows:   see digest.h.
 */
#include "crypto/digest.h"

#include "crypto/hash.h"

#include <string.h>

#define TEXT(t)                                                                                                        \
    {                                                                                                                  \
        (t).p, (t).len                                                                                                 \
    }
#define LITERAL(s)                                                                                                     \
    {                                                                                                                  \
        (s), sizeof(s) - 1                                                                                             \
    }
#define COLON LITERAL(":")

static void md5_hex(const CryptoPiece pieces[], size_t n, char out[DIGEST_HEX_LEN + 1])
{
    uint8_t md5[CRYPTO_MD5_LEN];
    crypto_hash_pieces(CRYPTO_MD5, pieces, n, md5);
    crypto_hex(md5, sizeof md5, out);
}

/* A1 = username ":" realm ":" password */
void digest_ha1(const DigestInput *in, char out[DIGEST_HEX_LEN + 1])
{
    const CryptoPiece a1[] = { TEXT(in->username), COLON, TEXT(in->realm), COLON, { in->password, in->password_len } };
    md5_hex(a1, G_N_ELEMENTS(a1), out);
}

/* A2 = method ":" uri, and with auth-int ":" H(body); the method is empty for rspauth. */
static void ha2(const DigestInput *in, DigestText method, char out[DIGEST_HEX_LEN + 1])
{
    char body[DIGEST_HEX_LEN + 1];
    const CryptoPiece whole_body = { in->body, in->body_len };
    const CryptoPiece a2[] = { TEXT(method), COLON, TEXT(in->uri), COLON, { body, DIGEST_HEX_LEN } };
    const bool with_body = in->qop == DIGEST_QOP_AUTH_INT;
    if (with_body)
        md5_hex(&whole_body, 1, body);
    md5_hex(a2, with_body ? 5 : 3, out);
}

static CryptoPiece qop_text(DigestQop qop)
{
    switch (qop) {
    case DIGEST_QOP_NONE: break;
    case DIGEST_QOP_AUTH: return (CryptoPiece)LITERAL("auth");
    case DIGEST_QOP_AUTH_INT: return (CryptoPiece)LITERAL("auth-int");
    }
    return (CryptoPiece){ NULL, 0 };
}

static void combine(const char ha1[DIGEST_HEX_LEN + 1], const DigestInput *in, DigestText method,
                    char out[DIGEST_HEX_LEN + 1])
{
    char a2[DIGEST_HEX_LEN + 1];
    ha2(in, method, a2);
    const CryptoPiece h1 = { ha1, DIGEST_HEX_LEN }, h2 = { a2, DIGEST_HEX_LEN };
    if (in->qop == DIGEST_QOP_NONE) { /* the RFC 2069 form */
        const CryptoPiece old[] = { h1, COLON, TEXT(in->nonce), COLON, h2 };
        md5_hex(old, G_N_ELEMENTS(old), out);
        return;
    }
    const CryptoPiece all[] = {
        h1, COLON, TEXT(in->nonce), COLON, TEXT(in->nc), COLON, TEXT(in->cnonce), COLON, qop_text(in->qop), COLON, h2
    };
    md5_hex(all, G_N_ELEMENTS(all), out);
}

void digest_response_from_ha1(const char ha1[DIGEST_HEX_LEN + 1], const DigestInput *in, char out[DIGEST_HEX_LEN + 1])
{
    combine(ha1, in, in->method, out);
}

void digest_response(const DigestInput *in, char out[DIGEST_HEX_LEN + 1])
{
    char ha1[DIGEST_HEX_LEN + 1];
    digest_ha1(in, ha1);
    combine(ha1, in, in->method, out);
}

void digest_rspauth(const DigestInput *in, char out[DIGEST_HEX_LEN + 1])
{
    char ha1[DIGEST_HEX_LEN + 1];
    digest_ha1(in, ha1);
    combine(ha1, in, (DigestText){ NULL, 0 }, out);
}

bool digest_equal(const char expected[DIGEST_HEX_LEN + 1], DigestText got)
{
    return got.len == DIGEST_HEX_LEN && crypto_equal(expected, got.p, DIGEST_HEX_LEN);
}

void digest_akav2_password(const uint8_t res[], size_t res_len, const uint8_t ik[16], const uint8_t ck[16],
                           char out[DIGEST_AKAV2_PASSWORD_LEN + 1])
{
    static const char data[] = "http-digest-akav2-password";
    uint8_t key[16 + 16 + 16], mac[CRYPTO_MD5_LEN]; /* RES || IK || CK, in this order */
    g_assert(res_len <= 16);
    memcpy(key, res, res_len);
    memcpy(key + res_len, ik, 16);
    memcpy(key + res_len + 16, ck, 16);
    crypto_hmac(CRYPTO_MD5, key, res_len + 32, data, sizeof data - 1, mac);
    const bool fits = crypto_base64_encode(mac, sizeof mac, out, DIGEST_AKAV2_PASSWORD_LEN + 1);
    g_assert(fits);
    crypto_wipe(key, sizeof key);
}

void digest_akav2_keys(const uint8_t ik[16], const uint8_t ck[16], uint8_t ik_prime[16], uint8_t ck_prime[16])
{
    static const char for_ik[] = "http-digest-akav2-integritykey", for_ck[] = "http-digest-akav2-cipherkey";
    crypto_hmac(CRYPTO_MD5, ik, 16, for_ik, sizeof for_ik - 1, ik_prime);
    crypto_hmac(CRYPTO_MD5, ck, 16, for_ck, sizeof for_ck - 1, ck_prime);
}
