/*
 * crypto/tls_hibernate.c - freezing a TLS end, and sending and receiving with what is left of it.
 *
 * Source:  see tls_hibernate.h.
 * Knows:   see tls_hibernate.h.
 */
#include "crypto/tls_hibernate.h"

#include "crypto/hash.h"
#include "crypto/tls_parts.h"

#include <string.h>

enum { ALERT_LEN = 2, LEVEL_WARNING = 1, LEVEL_FATAL = 2, CLOSE_NOTIFY = 0, USER_CANCELED = 90 };

/* Nothing may be on its way through the end: what OpenSSL has read it would take with it. */
static bool is_idle(const Tls *tls)
{
    const TlsFraming *in = &tls->direction[0].framing;
    return tls->status.state == TLS_OPEN && tls->in.start == tls->in.end && tls->out.start == tls->out.end &&
           SSL_pending(tls->ssl) == 0 && !SSL_has_pending(tls->ssl) && in->header_len == 0 && in->body_left == 0;
}

static void freeze_12(const Tls *tls, TlsFrozen *frozen, TlsRecordHalf *client, TlsRecordHalf *server)
{
    uint8_t master[TLS_MASTER_LEN], client_random[TLS_HELLO_RANDOM_LEN], server_random[TLS_HELLO_RANDOM_LEN];
    const size_t master_len = SSL_SESSION_get_master_key(SSL_get_session(tls->ssl), master, sizeof master);
    g_assert(master_len == sizeof master);
    SSL_get_client_random(tls->ssl, client_random, sizeof client_random);
    SSL_get_server_random(tls->ssl, server_random, sizeof server_random);
    tls_record_keys(frozen->version, frozen->protection, master, client_random, server_random, client, server);
    crypto_wipe(master, sizeof master);
}

bool tls_freeze(const Tls *tls, TlsFrozen *frozen)
{
    TlsProtection protection;
    memset(frozen, 0, sizeof *frozen);
    if (!is_idle(tls) || !tls_suite_protection(tls->status.suite, &protection))
        return false;
    frozen->version = (uint8_t)tls->status.version;
    frozen->protection = (uint8_t)protection;
    frozen->state = TLS_OPEN;
    const bool server = tls->context->policy.server;
    TlsRecordHalf *client_half = server ? &frozen->receiving : &frozen->sending;
    TlsRecordHalf *server_half = server ? &frozen->sending : &frozen->receiving;
    if (frozen->version == TLS_1_3) {
        tls_record_keys_13(tls->secret[0], client_half);
        tls_record_keys_13(tls->secret[1], server_half);
    } else {
        freeze_12(tls, frozen, client_half, server_half);
    }
    tls_record_set_seq(&frozen->receiving, tls->direction[0].records);
    tls_record_set_seq(&frozen->sending, tls->direction[1].records);
    if (frozen->version == TLS_1_0) { /* RFC 2246 §6.2.3.2: the last cipher block is the next IV */
        tls_record_set_iv(&frozen->receiving, protection, tls->direction[0].framing.last_block);
        tls_record_set_iv(&frozen->sending, protection, tls->direction[1].framing.last_block);
    }
    return true;
}

void tls_frozen_clear(TlsFrozen *frozen)
{
    crypto_wipe(frozen, sizeof *frozen);
    frozen->state = TLS_CLOSED;
    frozen->said_last = true;
}

/* ---- sending ---- */

size_t tls_frozen_sealed_len(const TlsFrozen *frozen, size_t len)
{
    const size_t full = len / TLS_PLAIN_MAX, rest = len % TLS_PLAIN_MAX;
    return full * tls_record_sealed_len(frozen->version, frozen->protection, TLS_PLAIN_MAX) +
           (rest || !full ? tls_record_sealed_len(frozen->version, frozen->protection, rest) : 0);
}

static size_t seal_one(TlsFrozen *frozen, uint8_t type, const CryptoRandom *random, const uint8_t *plain, size_t len,
                       uint8_t *out, TlsWork *work)
{
    const size_t sealed = tls_record_sealed_len(frozen->version, frozen->protection, len);
    tls_record_seal(&frozen->sending, frozen->version, frozen->protection, type, random, plain, len, out);
    if (work) {
        work->records_sealed++;
        work->octets_sealed += sealed - TLS_HEADER_LEN;
    }
    return sealed;
}

size_t tls_frozen_send(TlsFrozen *frozen, const CryptoRandom *random, const uint8_t *plain, size_t len, uint8_t *out,
                       size_t capacity, TlsWork *work)
{
    size_t done = 0;
    if ((frozen->state != TLS_OPEN && frozen->state != TLS_PEER_CLOSED) ||
        tls_frozen_sealed_len(frozen, len) > capacity)
        return 0;
    do {
        const size_t n = MIN(len, TLS_PLAIN_MAX);
        done += seal_one(frozen, TLS_RECORD_DATA, random, plain, n, out + done, work);
        plain = n ? plain + n : plain;
        len -= n;
    } while (len > 0);
    return done;
}

size_t tls_frozen_alert(TlsFrozen *frozen, const CryptoRandom *random, uint8_t number,
                        uint8_t out[TLS_FROZEN_ALERT_MAX], TlsWork *work)
{
    const uint8_t alert[ALERT_LEN] = { number == CLOSE_NOTIFY ? LEVEL_WARNING : LEVEL_FATAL, number };
    if (frozen->said_last)
        return 0;
    frozen->said_last = true;
    frozen->state = number == CLOSE_NOTIFY && frozen->state != TLS_FAILED ? TLS_CLOSED : TLS_FAILED;
    return seal_one(frozen, TLS_RECORD_ALERT, random, alert, sizeof alert, out, work);
}

/* ---- receiving ---- */

static TlsFrozenResult fail(TlsFrozen *frozen, TlsFrozenResult result)
{
    frozen->state = TLS_FAILED;
    return result;
}

/* RFC 8446 §6: in TLS 1.3 the level says nothing; all but two numbers are fatal. */
static TlsFrozenResult take_alert(TlsFrozen *frozen, const uint8_t *plain, size_t len, uint8_t *alert)
{
    if (len != ALERT_LEN || (plain[0] != LEVEL_WARNING && plain[0] != LEVEL_FATAL))
        return fail(frozen, TLS_FROZEN_UNEXPECTED);
    *alert = plain[1];
    if (*alert == CLOSE_NOTIFY) {
        if (frozen->state == TLS_OPEN)
            frozen->state = TLS_PEER_CLOSED;
        return TLS_FROZEN_CLOSED;
    }
    const bool warning = frozen->version == TLS_1_3 ? *alert == USER_CANCELED : plain[0] == LEVEL_WARNING;
    if (warning)
        return TLS_FROZEN_WARNING;
    frozen->said_last = true; /* RFC 5246 §7.2.2: both ends close at once */
    return fail(frozen, TLS_FROZEN_ALERT);
}

TlsFrozenResult tls_frozen_receive(TlsFrozen *frozen, uint8_t *record, size_t len, uint8_t **plain, size_t *plain_len,
                                   uint8_t *alert, TlsWork *work)
{
    uint8_t type = 0;
    if (frozen->state != TLS_OPEN && frozen->state != TLS_CLOSED)
        return TLS_FROZEN_OVER;
    if (work && len >= TLS_HEADER_LEN) {
        work->records_opened++;
        work->octets_opened += len - TLS_HEADER_LEN;
    }
    if (!tls_record_open(&frozen->receiving, frozen->version, frozen->protection, record, len, &type, plain, plain_len))
        return fail(frozen, TLS_FROZEN_BAD_RECORD);
    if (type == TLS_RECORD_DATA)
        return TLS_FROZEN_DATA;
    if (type == TLS_RECORD_ALERT)
        return take_alert(frozen, *plain, *plain_len, alert);
    return fail(frozen, TLS_FROZEN_UNEXPECTED);
}
