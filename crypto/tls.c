/*
 * crypto/tls.c - a TLS endpoint over octets.
 *
 * Source:  see tls.h.
 * Knows:   see tls_parts.h.  Settings are in tls_context.c, what is watched in tls_observe.c, keys in tls_psk.c.
 */
#include "crypto/tls.h"

#include "crypto/engine.h"
#include "crypto/hash.h"
#include "crypto/tls_parts.h"

#include <limits.h>
#include <openssl/err.h>
#include <string.h>

/* ---- queues ---- */

void tls_queue_add(TlsQueue *queue, const uint8_t *octets, size_t len)
{
    if (len == 0)
        return;
    if (queue->start > 0 && queue->end + len > queue->capacity) {
        memmove(queue->octets, queue->octets + queue->start, queue->end - queue->start);
        queue->end -= queue->start;
        queue->start = 0;
    }
    if (queue->end + len > queue->capacity) {
        queue->capacity = MAX(queue->end + len, 2 * queue->capacity);
        queue->octets = g_realloc(queue->octets, queue->capacity);
    }
    memcpy(queue->octets + queue->end, octets, len);
    queue->end += len;
}

size_t tls_queue_take(TlsQueue *queue, uint8_t *out, size_t capacity)
{
    const size_t n = MIN(capacity, queue->end - queue->start);
    if (n == 0)
        return 0;
    memcpy(out, queue->octets + queue->start, n);
    queue->start += n;
    if (queue->start == queue->end)
        tls_queue_clear(queue);
    return n;
}

void tls_queue_clear(TlsQueue *queue)
{
    g_free(queue->octets);
    *queue = (TlsQueue){ 0 };
}

/* The last 16 octets seen, across calls: at the end of a record, its last cipher block. */
static void keep_last_block(TlsFraming *framing, const uint8_t *octets, size_t len)
{
    enum { BLOCK = sizeof framing->last_block };
    const size_t n = MIN(len, BLOCK);
    memmove(framing->last_block, framing->last_block + n, BLOCK - n);
    memcpy(framing->last_block + BLOCK - n, octets + len - n, n);
}

void tls_framing_follow(TlsFraming *framing, const uint8_t *octets, size_t len)
{
    while (len > 0) {
        size_t n = 1;
        if (framing->body_left > 0) {
            n = MIN(len, framing->body_left);
            keep_last_block(framing, octets, n);
            framing->body_left -= n;
        } else {
            framing->header[framing->header_len++] = *octets;
            if (framing->header_len == TLS_HEADER_LEN) {
                framing->body_left = (size_t)framing->header[3] << 8 | framing->header[4];
                framing->header_len = 0;
            }
        }
        octets += n;
        len -= n;
    }
}

/* ---- the transport below OpenSSL: one method for all connections ---- */

static int bio_write(BIO *bio, const char *octets, int len)
{
    Tls *tls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (len <= 0)
        return 0;
    tls_framing_follow(&tls->direction[1].framing, (const uint8_t *)octets, (size_t)len);
    tls_queue_add(&tls->out, (const uint8_t *)octets, (size_t)len);
    return len;
}

static int bio_read(BIO *bio, char *out, int capacity)
{
    Tls *tls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    const size_t n = tls_queue_take(&tls->in, (uint8_t *)out, (size_t)MAX(capacity, 0));
    if (n == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    return (int)n;
}

static long bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
    return command == BIO_CTRL_FLUSH;
}

static int bio_create(BIO *bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

static const BIO_METHOD *bio_method(void)
{
    static BIO_METHOD *method; /* immutable once made */
    static gsize once;
    if (g_once_init_enter(&once)) {
        method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "presec");
        engine_must(method && BIO_meth_set_write(method, bio_write) && BIO_meth_set_read(method, bio_read) &&
                        BIO_meth_set_ctrl(method, bio_ctrl) && BIO_meth_set_create(method, bio_create),
                    "a BIO method");
        g_once_init_leave(&once, 1);
    }
    return method;
}

Tls *tls_of(const SSL *ssl)
{
    return SSL_get_app_data(ssl);
}

/* ---- failure ---- */

static TlsFailure cause_by_alert(int alert)
{
    switch (alert) {
    case SSL_AD_BAD_RECORD_MAC:
    case SSL_AD_RECORD_OVERFLOW:
    case SSL_AD_DECRYPT_ERROR: return TLS_BAD_RECORD;
    case SSL_AD_HANDSHAKE_FAILURE:
    case SSL_AD_PROTOCOL_VERSION:
    case SSL_AD_INSUFFICIENT_SECURITY: return TLS_NOTHING_SHARED;
    case SSL_AD_CERTIFICATE_REQUIRED: return TLS_NO_CERTIFICATE;
    default: return TLS_BAD_HANDSHAKE;
    }
}

static TlsFailure cause_of(const Tls *tls)
{
    const TlsStatus *status = &tls->status;
    if (tls->psk_unknown)
        return TLS_PSK_UNKNOWN;
    if (status->certificate != CERT_OK)
        return TLS_CERTIFICATE_REFUSED;
    if (status->alert_received != TLS_NO_ALERT)
        return TLS_ALERT_RECEIVED;
    switch (ERR_GET_REASON(ERR_peek_last_error())) {
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return TLS_NO_CERTIFICATE;
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
    case SSL_R_NO_CIPHERS_AVAILABLE: return TLS_NOTHING_SHARED;
    default: return cause_by_alert(status->alert_sent);
    }
}

static void fail(Tls *tls, TlsFailure failure)
{
    tls->status.failure = failure;
    tls->status.state = TLS_FAILED;
}

/* OpenSSL returned @ret: nothing more to do now, closed, or over. */
static void settle(Tls *tls, int ret)
{
    switch (SSL_get_error(tls->ssl, ret)) {
    case SSL_ERROR_NONE:
    case SSL_ERROR_WANT_READ: break;
    case SSL_ERROR_ZERO_RETURN:
        if (tls->status.state == TLS_OPEN)
            tls->status.state = TLS_PEER_CLOSED;
        else if (tls->status.state == TLS_HANDSHAKING)
            fail(tls, TLS_ALERT_RECEIVED);
        break;
    default: fail(tls, cause_of(tls)); break;
    }
}

/* ---- every call into OpenSSL goes through these ---- */

static const CryptoRandom *enter(Tls *tls)
{
    ERR_clear_error();
    return crypto_random_use(&tls->random);
}

static void leave(const CryptoRandom *before)
{
    ERR_clear_error();
    crypto_random_use(before);
}

static TlsVersion version_of(const SSL *ssl)
{
    switch (SSL_version(ssl)) {
    case TLS1_VERSION: return TLS_1_0;
    case TLS1_1_VERSION: return TLS_1_1;
    case TLS1_2_VERSION: return TLS_1_2;
    default: return TLS_1_3;
    }
}

static void shake_hands(Tls *tls)
{
    const int ret = SSL_do_handshake(tls->ssl);
    if (ret != 1) {
        settle(tls, ret);
        return;
    }
    tls->status.state = TLS_OPEN;
    tls->status.version = version_of(tls->ssl);
    tls->status.suite = (TlsSuite)SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(tls->ssl));
}

/* Goes through what came up to the next application data, so that alerts take effect at once. */
static void look(Tls *tls)
{
    uint8_t first;
    if (tls->status.state == TLS_HANDSHAKING)
        shake_hands(tls);
    if (tls->status.state != TLS_OPEN)
        return;
    settle(tls, SSL_peek(tls->ssl, &first, 1));
}

/* ---- life ---- */

static void learn_peer(Tls *tls, const TlsPeer *peer)
{
    tls->now = peer->now;
    if (peer->name) {
        tls->name_kind = peer->name->kind;
        tls->name = g_strdup(peer->name->name);
    }
    tls->psk_identity = g_strdup(peer->psk_identity ? peer->psk_identity : "");
    tls->psk_wanted_hint = g_strdup(peer->psk_hint);
    tls->psk_hint = g_strdup("");
    g_assert(peer->psk_len <= TLS_PSK_MAX);
    tls->psk_len = peer->psk_len;
    if (tls->psk_len)
        memcpy(tls->psk, peer->psk, tls->psk_len);
}

/* An RSA key works once, see cert_key_for_use(). */
static void set_own_key(Tls *tls)
{
    const TlsPolicy *policy = &tls->context->policy;
    if (!policy->key || policy->auth == TLS_AUTH_PSK || cert_key_kind(policy->key) != CERT_KEY_RSA_2048)
        return;
    EVP_PKEY *key = cert_key_for_use(policy->key);
    engine_must(SSL_use_PrivateKey(tls->ssl, key), "a connection's RSA key");
    EVP_PKEY_free(key);
}

Tls *tls_new(TlsContext *context, const TlsPeer *peer, const CryptoRandom *random)
{
    Tls *tls = g_new0(Tls, 1);
    tls->context = context;
    tls->random = *random;
    tls->status = (TlsStatus){ .alert_sent = TLS_NO_ALERT, .alert_received = TLS_NO_ALERT };
    learn_peer(tls, peer);
    const CryptoRandom *before = enter(tls);
    tls->ssl = SSL_new(context->ssl_ctx);
    BIO *bio = BIO_new(bio_method());
    engine_must(tls->ssl && bio, "a TLS endpoint");
    BIO_set_data(bio, tls);
    SSL_set_bio(tls->ssl, bio, bio);
    SSL_set_app_data(tls->ssl, tls);
    set_own_key(tls);
    if (context->policy.server) {
        SSL_set_accept_state(tls->ssl);
    } else {
        SSL_set_connect_state(tls->ssl);
        shake_hands(tls);
    }
    leave(before);
    return tls;
}

void tls_free(Tls *tls)
{
    if (!tls)
        return;
    const CryptoRandom *before = enter(tls);
    SSL_free(tls->ssl);
    leave(before);
    cert_free(tls->peer);
    tls_queue_clear(&tls->in);
    tls_queue_clear(&tls->out);
    g_free(tls->name);
    g_free(tls->psk_identity);
    g_free(tls->psk_wanted_hint);
    g_free(tls->psk_hint);
    crypto_wipe(tls->secret, sizeof tls->secret);
    crypto_wipe(tls->psk, sizeof tls->psk);
    g_free(tls);
}

/* ---- octets ---- */

void tls_feed(Tls *tls, const uint8_t *octets, size_t len)
{
    if ((tls->status.state != TLS_HANDSHAKING && tls->status.state != TLS_OPEN) || len == 0)
        return;
    tls_framing_follow(&tls->direction[0].framing, octets, len);
    tls_queue_add(&tls->in, octets, len);
    const CryptoRandom *before = enter(tls);
    look(tls);
    leave(before);
}

size_t tls_waiting(const Tls *tls)
{
    return tls->out.end - tls->out.start;
}

size_t tls_take(Tls *tls, uint8_t *out, size_t capacity)
{
    return tls_queue_take(&tls->out, out, capacity);
}

bool tls_send(Tls *tls, const uint8_t *plain, size_t len)
{
    if (tls->status.state != TLS_OPEN && tls->status.state != TLS_PEER_CLOSED)
        return false;
    const CryptoRandom *before = enter(tls);
    while (len > 0 && tls->status.state != TLS_FAILED) {
        const int written = SSL_write(tls->ssl, plain, (int)MIN(len, TLS_PLAIN_MAX));
        if (written <= 0) {
            fail(tls, cause_of(tls));
            break;
        }
        plain += written;
        len -= (size_t)written;
    }
    leave(before);
    return tls->status.state != TLS_FAILED;
}

size_t tls_receive(Tls *tls, uint8_t *out, size_t capacity)
{
    size_t got = 0;
    if ((tls->status.state != TLS_OPEN && tls->status.state != TLS_PEER_CLOSED) || capacity == 0)
        return 0;
    const CryptoRandom *before = enter(tls);
    const int read = SSL_read(tls->ssl, out, (int)MIN(capacity, INT_MAX));
    if (read > 0) {
        got = (size_t)read;
        look(tls);
    } else {
        settle(tls, read);
    }
    leave(before);
    return got;
}

void tls_close(Tls *tls)
{
    if (tls->status.state != TLS_OPEN && tls->status.state != TLS_PEER_CLOSED)
        return;
    const CryptoRandom *before = enter(tls);
    (void)SSL_shutdown(tls->ssl);
    tls->status.state = TLS_CLOSED;
    leave(before);
}

/* ---- what is known ---- */

const TlsStatus *tls_status(const Tls *tls)
{
    return &tls->status;
}

const TlsWork *tls_work(const Tls *tls)
{
    return &tls->work;
}

const Cert *tls_peer_certificate(const Tls *tls)
{
    return tls->peer;
}

const char *tls_psk_identity(const Tls *tls)
{
    return tls->psk_identity;
}

const char *tls_psk_hint(const Tls *tls)
{
    return tls->psk_hint;
}

const char *tls_failure_name(TlsFailure failure)
{
    switch (failure) {
    case TLS_NO_FAILURE: return "none";
    case TLS_BAD_RECORD: return "bad-record";
    case TLS_ALERT_RECEIVED: return "alert-received";
    case TLS_CERTIFICATE_REFUSED: return "certificate-refused";
    case TLS_NO_CERTIFICATE: return "no-certificate";
    case TLS_PSK_UNKNOWN: return "psk-unknown";
    case TLS_NOTHING_SHARED: return "nothing-shared";
    case TLS_BAD_HANDSHAKE: return "bad-handshake";
    }
    g_assert_not_reached();
}
