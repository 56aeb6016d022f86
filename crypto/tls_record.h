/*
 * crypto/tls_record.h - the TLS record layer over keys: one direction in 60 octets, nothing allocated.
 *
 * Source:  RFC 2246 §6.2.3 (TLS 1.0: chained IV), RFC 4346 §6.2.3.2 and RFC 5246 §6.2.3.2 (explicit IV), RFC 5288 §3
 * (GCM), RFC 8446 §5.2, §5.3; key blocks: RFC 2246 §6.3, RFC 5246 §6.3, RFC 8446 §7.3. Knows:   one whole record.
 * Contexts are the thread's, re-keyed for each record.
 */
#ifndef PRESEC_CRYPTO_TLS_RECORD_H
#define PRESEC_CRYPTO_TLS_RECORD_H

#include "crypto/tls.h"

enum {
    TLS_HEADER_LEN = 5,
    TLS_PLAIN_MAX = 16384,       /* octets of data in a record: 2^14 */
    TLS_BODY_MAX = 16384 + 2048, /* and sealed */
    TLS_RECORD_CCS = 20,
    TLS_RECORD_ALERT = 21,
    TLS_RECORD_HANDSHAKE = 22,
    TLS_RECORD_DATA = 23,
    TLS_MATERIAL_LEN = 52,
    TLS_MASTER_LEN = 48,
    TLS_HELLO_RANDOM_LEN = 32,
    TLS_SECRET_LEN = 32, /* a traffic secret of TLS 1.3 with SHA-256 */
};

typedef enum {
    TLS_PROTECT_NULL_SHA,
    TLS_PROTECT_CBC_SHA,
    TLS_PROTECT_CBC_SHA256,
    TLS_PROTECT_GCM,
} TlsProtection;

/* One direction of a connection. */
typedef struct {
    uint8_t seq[8];                     /* number of the next record, network order */
    uint8_t material[TLS_MATERIAL_LEN]; /* CBC: key 16 | MAC key 20 or 32 | TLS 1.0: IV 16.  GCM: key 16 | IV 4 or 12 */
} TlsRecordHalf;

/** How the records of a suite are protected; suites this file does not know: false. */
bool tls_suite_protection(TlsSuite suite, TlsProtection *protection) G_GNUC_WARN_UNUSED_RESULT;

/** Length of the first record of @octets, 0: not enough octets to say.  May be larger than @len: wait for more.  A
 *  length beyond TLS_HEADER_LEN + TLS_BODY_MAX is no record of ours. */
size_t tls_record_len(const uint8_t *octets, size_t len);
/** Octets of the record that seals @len octets, at most TLS_PLAIN_MAX. */
size_t tls_record_sealed_len(TlsVersion version, TlsProtection protection, size_t len);

/**
 * Seal one record.
 *
 * @plain:  at most TLS_PLAIN_MAX; may not overlap @out
 * @random: explicit IVs; unused without
 * @out:    out, tls_record_sealed_len() octets
 */
void tls_record_seal(TlsRecordHalf *half, TlsVersion version, TlsProtection protection, uint8_t type,
                     const CryptoRandom *random, const uint8_t *plain, size_t len, uint8_t *out);

/**
 * Check and open one record where it lies.
 *
 * @record: whole, as tls_record_len() says; overwritten
 * @type:   out, the inner type in TLS 1.3
 * @plain:  out, into @record
 *
 * False: not sealed by the owner of these keys as its next record; @half is then of no more use.
 */
bool tls_record_open(TlsRecordHalf *half, TlsVersion version, TlsProtection protection, uint8_t *record, size_t len,
                     uint8_t *type, uint8_t **plain, size_t *plain_len) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Keys of both directions, TLS 1.0 to 1.2.  Sequence numbers are 0; the IV of TLS 1.0 is the first one.
 *
 * @client: out, what the client writes with
 */
void tls_record_keys(TlsVersion version, TlsProtection protection, const uint8_t master[TLS_MASTER_LEN],
                     const uint8_t client_random[TLS_HELLO_RANDOM_LEN],
                     const uint8_t server_random[TLS_HELLO_RANDOM_LEN], TlsRecordHalf *client, TlsRecordHalf *server);
/** Keys of one direction, TLS 1.3 with SHA-256. */
void tls_record_keys_13(const uint8_t secret[TLS_SECRET_LEN], TlsRecordHalf *half);

/** TLS 1.0: the IV of the next record. */
void tls_record_set_iv(TlsRecordHalf *half, TlsProtection protection, const uint8_t iv[16]);
void tls_record_set_seq(TlsRecordHalf *half, uint64_t seq);

#endif
