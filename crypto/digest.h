/*
 * crypto/digest.h - HTTP Digest as SIP and HTTP use it: MD5, AKAv1-MD5 and AKAv2-MD5.
 *
 * Source:  RFC 2617 §3.2.2; RFC 3310 §3.3 (password = RES as raw octets; empty when auts is sent);
 *          RFC 4169 §3 (password derived from RES, IK and CK).
 * Knows:   octets only; no header syntax.  Nothing here allocates.
 */
#ifndef PRESEC_CRYPTO_DIGEST_H
#define PRESEC_CRYPTO_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A view into somebody else's text; need not be terminated.  { NULL, 0 } is the empty text. */
typedef struct {
    const char *p;
    size_t len;
} DigestText;

typedef enum {
    DIGEST_QOP_NONE, /* no qop in the challenge: nc and cnonce do not enter */
    DIGEST_QOP_AUTH,
    DIGEST_QOP_AUTH_INT, /* the body enters */
} DigestQop;

enum {
    DIGEST_HEX_LEN = 32,
    DIGEST_AKAV2_PASSWORD_LEN = 24,
};

/* All members borrowed.  The texts are those inside the quotes of the header field, unchanged: for AKA the nonce is
 * the base64 string, not what it decodes to. */
typedef struct {
    DigestText username, realm;
    const uint8_t *password; /* octets: may hold NUL (RES does) */
    size_t password_len;
    DigestText method, uri;
    DigestText nonce, nc, cnonce;
    DigestQop qop;
    const uint8_t *body; /* enters only with DIGEST_QOP_AUTH_INT */
    size_t body_len;
} DigestInput;

/** The request-digest.  @out: out, 32 lower-case hex digits and a NUL.  Source: RFC 2617 §3.2.2.1. */
void digest_response(const DigestInput *in, char out[DIGEST_HEX_LEN + 1]);

/** The rspauth of Authentication-Info: as the response, with an empty method.  Source: RFC 2617 §3.2.3. */
void digest_rspauth(const DigestInput *in, char out[DIGEST_HEX_LEN + 1]);

/** H(username:realm:password), what a password store may keep.  Only those members of @in are read. */
void digest_ha1(const DigestInput *in, char out[DIGEST_HEX_LEN + 1]);

/** As digest_response() where only HA1 is known.  @ha1: 32 hex digits; the password members of @in are not read. */
void digest_response_from_ha1(const char ha1[DIGEST_HEX_LEN + 1], const DigestInput *in, char out[DIGEST_HEX_LEN + 1]);

/** Compares two 32-digit responses in constant time; @got may be of any length and must match exactly. */
bool digest_equal(const char expected[DIGEST_HEX_LEN + 1], DigestText got);

/**
 * The AKAv2 password: base64(HMAC-MD5(RES || IK || CK, "http-digest-akav2-password")).
 *
 * @res_len: at most 16
 * @out:     out, 24 characters and a NUL
 *
 * Source: RFC 4169 §3.
 */
void digest_akav2_password(const uint8_t res[], size_t res_len, const uint8_t ik[16], const uint8_t ck[16],
                           char out[DIGEST_AKAV2_PASSWORD_LEN + 1]);

/** IK' and CK', the session keys to use with AKAv2.  Source: RFC 4169 §2.2. */
void digest_akav2_keys(const uint8_t ik[16], const uint8_t ck[16], uint8_t ik_prime[16], uint8_t ck_prime[16]);

#endif
