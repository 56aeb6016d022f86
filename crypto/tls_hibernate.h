/*
 * crypto/tls_hibernate.h - an open, idle TLS connection in 124 octets, and life goes on from there.
 *
 * Source:  as crypto/tls_record.h; alerts: RFC 5246 §7.2, RFC 8446 §6.
 * Knows:   one connection's keys, numbers and version.  What was learned in the handshake (the certificate, the
 *          identity) is the caller's to keep before it frees the Tls.
 *
 * On the wire nobody can tell a frozen end from a live one.  A frozen end sends and takes data and alerts; it does not
 * take handshake messages (a key update or a renegotiation is answered with unexpected_message), which our own ends
 * never send; a live OpenSSL peer sends them only when told to.
 */
#ifndef PRESEC_CRYPTO_TLS_HIBERNATE_H
#define PRESEC_CRYPTO_TLS_HIBERNATE_H

#include "crypto/tls_record.h"

/* One end; plain octets, may be moved and stored.  Secret. */
typedef struct {
    TlsRecordHalf sending, receiving;
    uint8_t version;    /* TlsVersion */
    uint8_t protection; /* TlsProtection */
    uint8_t state;      /* TlsState; never TLS_HANDSHAKING */
    bool said_last;     /* close_notify or a fatal alert was sent: nothing may follow */
} TlsFrozen;

G_STATIC_ASSERT(sizeof(TlsFrozen) <= 128);

/**
 * Freeze an end.  @tls stays the caller's, to be freed and no longer used.
 *
 * False: not possible now, try again later: not TLS_OPEN, octets or data still waiting in it, a record half arrived.
 *        Or a suite that tls_record.h does not know; that never changes.
 */
bool tls_freeze(const Tls *tls, TlsFrozen *frozen) G_GNUC_WARN_UNUSED_RESULT;
/** Wipes the keys. */
void tls_frozen_clear(TlsFrozen *frozen);

/** Octets on the wire of @len octets of data: one or more records. */
size_t tls_frozen_sealed_len(const TlsFrozen *frozen, size_t len);
/**
 * Seal data.
 *
 * @random: the connection's stream, further on
 * @plain:  may not overlap @out
 * @out:    out, tls_frozen_sealed_len() octets
 * @work:   NULL, or where to add what it cost
 *
 * Returns the octets written; 0: the state is neither TLS_OPEN nor TLS_PEER_CLOSED, or @capacity is too small.
 */
size_t tls_frozen_send(TlsFrozen *frozen, const CryptoRandom *random, const uint8_t *plain, size_t len, uint8_t *out,
                       size_t capacity, TlsWork *work);

enum { TLS_FROZEN_ALERT_MAX = TLS_HEADER_LEN + 64 }; /* octets that any alert record fits in */

/** Send a fatal alert by its number (then TLS_FAILED), or close_notify with 0 (then TLS_CLOSED).  Returns the octets
 *  written; 0: one of both was sent before, nothing may follow it. */
size_t tls_frozen_alert(TlsFrozen *frozen, const CryptoRandom *random, uint8_t number,
                        uint8_t out[TLS_FROZEN_ALERT_MAX], TlsWork *work);

typedef enum {
    TLS_FROZEN_DATA,       /* *plain is application data, maybe of no octets */
    TLS_FROZEN_CLOSED,     /* close_notify: TLS_PEER_CLOSED, or still TLS_CLOSED if we had closed first */
    TLS_FROZEN_ALERT,      /* a fatal alert, its number in *alert: TLS_FAILED */
    TLS_FROZEN_WARNING,    /* another warning, its number in *alert; nothing changed */
    TLS_FROZEN_BAD_RECORD, /* TLS_FAILED; the answer is tls_frozen_alert() with 20 */
    TLS_FROZEN_UNEXPECTED, /* genuine, but a message that has no place here: TLS_FAILED; the answer is alert 10 */
    TLS_FROZEN_OVER,       /* not looked at: the connection was over */
} TlsFrozenResult;

/**
 * Take one record; tls_record_len() says where it ends.
 *
 * @record: overwritten
 * @plain:  out, into @record, with TLS_FROZEN_DATA
 * @alert:  out, with TLS_FROZEN_ALERT and _WARNING
 * @work:   NULL, or where to add what it cost
 */
TlsFrozenResult tls_frozen_receive(TlsFrozen *frozen, uint8_t *record, size_t len, uint8_t **plain, size_t *plain_len,
                                   uint8_t *alert, TlsWork *work) G_GNUC_WARN_UNUSED_RESULT;

#endif
