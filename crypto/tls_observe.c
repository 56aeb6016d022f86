/*
 * crypto/tls_observe.c - what passes through an endpoint, as it passes: alerts, work done, record numbers, secrets.
 *
 * Source:  OpenSSL 3.0 SSL_CTX_set_info_callback(3), SSL_CTX_set_msg_callback(3), SSL_CTX_set_keylog_callback(3).
 * Knows:   see tls_parts.h.
 */
#include "crypto/tls_parts.h"

#include <string.h>

enum {
    LEVEL_FATAL = 2,
    CLOSE_NOTIFY = 0,
    /* handshake message types, RFC 5246 §7.4, RFC 8446 §4 */
    SERVER_HELLO = 2,
    SERVER_KEY_EXCHANGE = 12,
    CERTIFICATE_VERIFY = 15,
    CLIENT_KEY_EXCHANGE = 16,
    FINISHED = 20,
};

static void on_info(const SSL *ssl, int where, int ret)
{
    TlsStatus *status = &tls_of(ssl)->status;
    if (!(where & SSL_CB_ALERT))
        return;
    const int level = ret >> 8, number = ret & 0xff;
    if (level != LEVEL_FATAL && number != CLOSE_NOTIFY)
        return;
    if (where & SSL_CB_READ)
        status->alert_received = number;
    else
        status->alert_sent = number;
}

/* TLS 1.0 to 1.2: by the suite agreed on, RFC 5246 §7.4.3, §7.4.7. */
static void count_key_exchange(TlsWork *work, const SSL *ssl, int sent, uint8_t message)
{
    const SSL_CIPHER *cipher = SSL_get_pending_cipher(ssl);
    const int kx = cipher ? SSL_CIPHER_get_kx_nid(cipher) : NID_undef;
    if (message == SERVER_KEY_EXCHANGE && kx == NID_kx_ecdhe)
        sent ? work->signatures++ : work->verifications++;
    if (message == CLIENT_KEY_EXCHANGE && kx == NID_kx_ecdhe)
        work->key_agreements++;
    if (message == CLIENT_KEY_EXCHANGE && kx == NID_kx_rsa)
        sent ? work->rsa_encryptions++ : work->rsa_decryptions++;
}

static void on_handshake(Tls *tls, const SSL *ssl, int sent, uint8_t message)
{
    switch (message) {
    case SERVER_HELLO:
        if (SSL_version(ssl) == TLS1_3_VERSION)
            tls->work.key_agreements++; /* our policy always has a key share, with PSK too */
        break;
    case SERVER_KEY_EXCHANGE:
    case CLIENT_KEY_EXCHANGE: count_key_exchange(&tls->work, ssl, sent, message); break;
    case CERTIFICATE_VERIFY: sent ? tls->work.signatures++ : tls->work.verifications++; break;
    case FINISHED:
        if (SSL_version(ssl) == TLS1_3_VERSION)
            tls->direction[sent].records = 0; /* application keys from here on, RFC 8446 §4.4.4 */
        break;
    default: break;
    }
}

static void on_record(Tls *tls, int sent, const uint8_t header[TLS_HEADER_LEN])
{
    TlsDirection *direction = &tls->direction[sent];
    const bool is_ccs = header[0] == TLS_RECORD_CCS, is_13 = SSL_version(tls->ssl) == TLS1_3_VERSION;
    const uint64_t body = (uint64_t)header[3] << 8 | header[4];
    direction->records++;
    if (is_13 ? header[0] == TLS_RECORD_DATA : direction->is_protected) {
        *(sent ? &tls->work.records_sealed : &tls->work.records_opened) += 1;
        *(sent ? &tls->work.octets_sealed : &tls->work.octets_opened) += body;
    }
    if (is_ccs && !is_13) {
        direction->is_protected = true;
        direction->records = 0;
    }
}

static void on_message(int sent, int version, int content_type, const void *octets, size_t len, SSL *ssl, void *arg)
{
    Tls *tls = tls_of(ssl);
    if (content_type == SSL3_RT_HEADER && len >= TLS_HEADER_LEN)
        on_record(tls, sent, octets);
    else if (content_type == SSL3_RT_HANDSHAKE && len > 0)
        on_handshake(tls, ssl, sent, *(const uint8_t *)octets);
}

/* "LABEL CLIENT_RANDOM SECRET" in hex; other lines are no traffic secrets of ours. */
static void keep_secret(Tls *tls, const char *line)
{
    const bool client = g_str_has_prefix(line, "CLIENT_TRAFFIC_SECRET_0 ");
    const char *hex = strrchr(line, ' ');
    if ((!client && !g_str_has_prefix(line, "SERVER_TRAFFIC_SECRET_0 ")) || !hex || strlen(++hex) != 2 * TLS_SECRET_LEN)
        return;
    for (size_t i = 0; i < TLS_SECRET_LEN; i++)
        tls->secret[!client][i] =
            (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
}

static void on_secret(const SSL *ssl, const char *line)
{
    Tls *tls = tls_of(ssl);
    const TlsPolicy *policy = &tls->context->policy;
    keep_secret(tls, line);
    if (policy->keylog)
        policy->keylog(policy->keylog_ctx, line);
}

void tls_observe(SSL_CTX *ssl_ctx)
{
    SSL_CTX_set_info_callback(ssl_ctx, on_info);
    SSL_CTX_set_msg_callback(ssl_ctx, on_message);
    SSL_CTX_set_keylog_callback(ssl_ctx, on_secret);
}
