/*
 * tests/crypto/support/tls_ends.h - keys and certificates of everybody, and two TLS ends that talk to each other.
 *
 * Source:  none of its own.
 * Knows:   crypto/tls.h, crypto/ca.h.
 */
#ifndef PRESEC_TESTS_TLS_ENDS_H
#define PRESEC_TESTS_TLS_ENDS_H

#include "crypto/ca.h"
#include "crypto/hash.h"
#include "crypto/tls.h"

enum { NOW = 1052179200, DAY = 86400, AREA = 1 << 16 };

/* Randomness: SHA-256 of (seed, stream, block). */
typedef struct {
    uint32_t seed, stream, block;
} Source;
void source_fill(void *source, uint8_t *out, size_t len);

/* The server is pcscf.visited.example, alice is sip:alice@home.example. */
typedef struct {
    Ca *ca, *stranger;
    CertTrust *trust;
    CertKey *rsa, *ec, *alice_key;
    Cert *rsa_cert, *ec_cert, *alice, *expired, *other_server, *unknown, *future;
} Pki;
extern Pki pki;
void pki_make(void);
void pki_free(void);

extern const uint8_t ks_naf[32];
extern const char *const gba_identity;

/* 0 is the client, 1 the server. */
typedef struct {
    TlsPolicy policy[2];
    CertName server_name;
    TlsPeer peer[2];
    Source source[2];
    TlsContext *context[2];
    Tls *end[2];
    CryptoSha256 *all; /* every octet carried, with its direction */
    size_t octets;
} Pair;

void pair_init(Pair *pair, TlsVersion lowest, TlsVersion highest, TlsAuth auth, bool rsa);
/** Makes both ends; nothing is carried yet. */
void pair_open(Pair *pair);
/** Carries what waits at one end to the other, in pieces of @piece octets; returns how many. */
size_t pair_carry(Pair *pair, int from, size_t piece);
void pair_carry_all(Pair *pair, size_t piece);
/** pair_open() and everything carried. */
void pair_shake(Pair *pair);
void pair_clear(Pair *pair);
const TlsStatus *pair_status(const Pair *pair, int end);
void pair_assert_open(const Pair *pair);
/** @end failed by itself and sent @alert, the other received it. */
void pair_assert_failed(const Pair *pair, int end, TlsFailure failure, int alert);
/** One end says @text, the other hears it. */
void pair_say(Pair *pair, int from, const char *text, size_t piece);
bool suite_is_psk(TlsSuite suite);

#endif
