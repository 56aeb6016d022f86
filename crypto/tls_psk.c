/*
 * crypto/tls_psk.c - pre-shared keys: hint, identity, key.
 *
 * Source:  RFC 4279 §2, §5; TS 33.222 §5.4.1; in TLS 1.3 the same identity and key with SHA-256, RFC 8446 §4.2.11.
 * Knows:   see tls_parts.h.
 */
#include "crypto/tls_parts.h"

#include "crypto/hash.h"

#include <string.h>

/* TS 33.222 §5.4.1: the hint may list several, separated by ";". */
static bool lists(const char *hint, const char *wanted)
{
    g_auto(GStrv) hints = g_strsplit(hint, ";", -1);
    for (char **each = hints; *each; each++)
        if (strcmp(g_strstrip(*each), wanted) == 0)
            return true;
    return false;
}

/* OpenSSL asks before the ClientHello, without a hint, in case it becomes TLS 1.3; and again for RFC 4279's
 * ClientKeyExchange, where SSL_version() has been settled. */
static unsigned client_key(SSL *ssl, const char *hint, char *identity, unsigned identity_max, unsigned char *psk,
                           unsigned psk_max)
{
    Tls *tls = tls_of(ssl);
    const bool agreed = SSL_get_pending_cipher(ssl) != NULL;
    if (hint) {
        g_free(tls->psk_hint);
        tls->psk_hint = g_strdup(hint);
    }
    if (agreed && tls->psk_wanted_hint && (!hint || !lists(hint, tls->psk_wanted_hint))) {
        tls->psk_unknown = true;
        return 0;
    }
    if (!tls->psk_len || tls->psk_len > psk_max || strlen(tls->psk_identity) >= identity_max)
        return 0;
    g_strlcpy(identity, tls->psk_identity, identity_max);
    memcpy(psk, tls->psk, tls->psk_len);
    return (unsigned)tls->psk_len;
}

static unsigned server_key(SSL *ssl, const char *identity, unsigned char *psk, unsigned psk_max)
{
    Tls *tls = tls_of(ssl);
    const TlsPolicy *policy = &tls->context->policy;
    uint8_t key[TLS_PSK_MAX] = { 0 };
    g_free(tls->psk_identity);
    tls->psk_identity = g_strdup(identity);
    const bool fits = strlen(identity) <= TLS_PSK_IDENTITY_MAX;
    const size_t len = fits && policy->psk_lookup ? policy->psk_lookup(policy->psk_ctx, identity, key) : 0;
    g_assert(len <= sizeof key);
    tls->psk_unknown = len == 0 || len > psk_max;
    if (!tls->psk_unknown)
        memcpy(psk, key, len);
    crypto_wipe(key, sizeof key);
    return tls->psk_unknown ? 0 : (unsigned)len;
}

bool tls_psk_set(SSL_CTX *ssl_ctx, const TlsPolicy *policy)
{
    if (policy->auth != TLS_AUTH_PSK)
        return true;
    if (!policy->server) {
        SSL_CTX_set_psk_client_callback(ssl_ctx, client_key);
        return true;
    }
    SSL_CTX_set_psk_server_callback(ssl_ctx, server_key);
    return SSL_CTX_use_psk_identity_hint(ssl_ctx, policy->psk_hint) == 1;
}
