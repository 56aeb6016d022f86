/*
 * crypto/tls_parts.h - what the files about TLS endpoints share.  Internal to crypto/.
 *
 * Source:  none of its own.
 * Knows:   OpenSSL.
 */
#ifndef PRESEC_CRYPTO_TLS_PARTS_H
#define PRESEC_CRYPTO_TLS_PARTS_H

#include "crypto/cert_parts.h"
#include "crypto/tls_record.h"

#include <openssl/ssl.h>

/* Octets waiting; no memory while there are none. */
typedef struct {
    uint8_t *octets;
    size_t start, end, capacity;
} TlsQueue;

void tls_queue_add(TlsQueue *queue, const uint8_t *octets, size_t len);
size_t tls_queue_take(TlsQueue *queue, uint8_t *out, size_t capacity);
void tls_queue_clear(TlsQueue *queue);

/* How far the records of one direction have come, by their headers alone. */
typedef struct {
    uint8_t header[TLS_HEADER_LEN], last_block[16];
    size_t header_len, body_left;
} TlsFraming;

void tls_framing_follow(TlsFraming *framing, const uint8_t *octets, size_t len);

struct TlsContext {
    SSL_CTX *ssl_ctx;
    TlsPolicy policy;
};

/* Of one direction: 0 is receiving, 1 sending, as OpenSSL's write_p says. */
typedef struct {
    uint64_t records;  /* since the last change of keys: the next sequence number */
    bool is_protected; /* by ChangeCipherSpec, TLS 1.0 to 1.2 */
    TlsFraming framing;
} TlsDirection;

struct Tls {
    SSL *ssl;
    TlsContext *context; /* borrowed */
    CryptoRandom random;
    TlsQueue in, out;
    TlsDirection direction[2];
    TlsStatus status;
    TlsWork work;
    uint8_t secret[2][TLS_SECRET_LEN]; /* TLS 1.3: client's, server's application traffic secret */
    bool psk_unknown;
    Cert *peer;
    /* from TlsPeer */
    CertNameKind name_kind;
    char *name; /* NULL: none */
    int64_t now;
    uint8_t psk[TLS_PSK_MAX];
    size_t psk_len;
    char *psk_identity, *psk_wanted_hint, *psk_hint;
};

Tls *tls_of(const SSL *ssl);

/** Alerts, handshake messages, records and secrets are seen as they pass. */
void tls_observe(SSL_CTX *ssl_ctx);
/** Pre-shared keys, both sides.  False: OpenSSL does not take the hint. */
bool tls_psk_set(SSL_CTX *ssl_ctx, const TlsPolicy *policy);

#endif
