/*
 * crypto/tls_context.c - from a policy to OpenSSL's settings, and the judgement of certificates.
 *
 * Source:  see tls.h.
 * Knows:   see tls_parts.h.
 */
#include "crypto/tls_parts.h"

#include "crypto/engine.h"

#include <openssl/err.h>
#include <string.h>

typedef enum {
    KIND_PLAIN = 1, /* does not encrypt */
    KIND_PSK = 2,
    KIND_12 = 4, /* TLS 1.2 only */
    KIND_13 = 8, /* TLS 1.3 only */
} SuiteKind;

/* The strongest first: the default order. */
static const struct {
    TlsSuite suite;
    unsigned kind; /* SuiteKind bits */
    const char *openssl, *name;
} suites[] = {
    { TLS_AES_128_GCM_SHA256, KIND_13, "TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256" },
    { TLS_ECDHE_ECDSA_AES_128_GCM_SHA256, KIND_12, "ECDHE-ECDSA-AES128-GCM-SHA256",
      "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
    { TLS_ECDHE_RSA_AES_128_GCM_SHA256, KIND_12, "ECDHE-RSA-AES128-GCM-SHA256",
      "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
    { TLS_ECDHE_ECDSA_AES_128_CBC_SHA256, KIND_12, "ECDHE-ECDSA-AES128-SHA256",
      "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256" },
    { TLS_ECDHE_RSA_AES_128_CBC_SHA256, KIND_12, "ECDHE-RSA-AES128-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256" },
    { TLS_ECDHE_ECDSA_AES_128_CBC_SHA, 0, "ECDHE-ECDSA-AES128-SHA", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA" },
    { TLS_ECDHE_RSA_AES_128_CBC_SHA, 0, "ECDHE-RSA-AES128-SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA" },
    { TLS_RSA_AES_128_GCM_SHA256, KIND_12, "AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256" },
    { TLS_RSA_AES_128_CBC_SHA256, KIND_12, "AES128-SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA256" },
    { TLS_RSA_AES_128_CBC_SHA, 0, "AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA" },
    { TLS_PSK_AES_128_GCM_SHA256, KIND_12 | KIND_PSK, "PSK-AES128-GCM-SHA256", "TLS_PSK_WITH_AES_128_GCM_SHA256" },
    { TLS_PSK_AES_128_CBC_SHA256, KIND_12 | KIND_PSK, "PSK-AES128-CBC-SHA256", "TLS_PSK_WITH_AES_128_CBC_SHA256" },
    { TLS_PSK_AES_128_CBC_SHA, KIND_PSK, "PSK-AES128-CBC-SHA", "TLS_PSK_WITH_AES_128_CBC_SHA" },
    { TLS_RSA_NULL_SHA, KIND_PLAIN, "NULL-SHA", "TLS_RSA_WITH_NULL_SHA" },
    { TLS_PSK_NULL_SHA, KIND_PLAIN | KIND_PSK, "PSK-NULL-SHA", "TLS_PSK_WITH_NULL_SHA" },
};

const char *tls_suite_name(TlsSuite suite)
{
    for (size_t i = 0; i < G_N_ELEMENTS(suites); i++)
        if (suites[i].suite == suite)
            return suites[i].name;
    return "unknown";
}

static size_t suite_index(TlsSuite suite)
{
    for (size_t i = 0; i < G_N_ELEMENTS(suites); i++)
        if (suites[i].suite == suite)
            return i;
    return G_N_ELEMENTS(suites);
}

bool tls_suite_encrypts(TlsSuite suite)
{
    size_t i = suite_index(suite);
    return i < G_N_ELEMENTS(suites) && !(suites[i].kind & KIND_PLAIN);
}

/* Can it be agreed on under this policy at all? */
static bool suits(const TlsPolicy *policy, size_t i)
{
    const unsigned kind = suites[i].kind;
    if (kind & KIND_13)
        return policy->highest == TLS_1_3;
    return policy->lowest < TLS_1_3 && (!(kind & KIND_12) || policy->highest >= TLS_1_2) &&
           !(kind & KIND_PSK) == (policy->auth != TLS_AUTH_PSK);
}

/* OpenSSL lists TLS 1.3 apart from the others. */
typedef struct {
    GString *old, *v13;
} SuiteLists;

static void add_suite(SuiteLists *lists, size_t i)
{
    GString *list = suites[i].kind & KIND_13 ? lists->v13 : lists->old;
    g_string_append_printf(list, "%s%s", list->len ? ":" : "", suites[i].openssl);
}

static bool set_suites(SSL_CTX *ctx, const TlsPolicy *policy)
{
    g_autoptr(GString) old = g_string_new(NULL);
    g_autoptr(GString) v13 = g_string_new(NULL);
    SuiteLists lists = { old, v13 };
    if (policy->n_suites > TLS_SUITES_MAX)
        return false;
    for (size_t i = 0; policy->n_suites == 0 && i < G_N_ELEMENTS(suites); i++)
        if (suits(policy, i) && !(suites[i].kind & KIND_PLAIN))
            add_suite(&lists, i);
    for (size_t n = 0; n < policy->n_suites; n++) {
        const size_t i = suite_index(policy->suites[n]);
        if (i < G_N_ELEMENTS(suites) && suits(policy, i))
            add_suite(&lists, i);
    }
    if (old->len + v13->len == 0)
        return false;
    return SSL_CTX_set_ciphersuites(ctx, v13->str) && (old->len == 0 || SSL_CTX_set_cipher_list(ctx, old->str));
}

static bool wants_level_0(const TlsPolicy *policy)
{
    for (size_t n = 0; n < policy->n_suites; n++) {
        const size_t i = suite_index(policy->suites[n]);
        if (i < G_N_ELEMENTS(suites) && suites[i].kind & KIND_PLAIN)
            return true;
    }
    return policy->lowest < TLS_1_2;
}

static int openssl_version(TlsVersion version)
{
    switch (version) {
    case TLS_1_0: return TLS1_VERSION;
    case TLS_1_1: return TLS1_1_VERSION;
    case TLS_1_2: return TLS1_2_VERSION;
    case TLS_1_3: return TLS1_3_VERSION;
    }
    g_assert_not_reached();
}

/* Security level 1 lets SHA-1 certificate signatures of 2003 pass in neither case: they are judged by cert.c. */
static bool set_versions(SSL_CTX *ctx, const TlsPolicy *policy)
{
    SSL_CTX_set_security_level(ctx, wants_level_0(policy) ? 0 : 1);
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_NO_ENCRYPT_THEN_MAC | SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE);
    if (policy->highest < TLS_1_2)
        SSL_CTX_set_options(ctx, SSL_OP_NO_EXTENDED_MASTER_SECRET); /* RFC 7627 came in 2015 */
    SSL_CTX_clear_options(ctx, SSL_OP_ENABLE_MIDDLEBOX_COMPAT);     /* RFC 8446 §D.4: there are none here */
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    return policy->lowest <= policy->highest && SSL_CTX_set_num_tickets(ctx, 0) &&
           SSL_CTX_set_min_proto_version(ctx, openssl_version(policy->lowest)) &&
           SSL_CTX_set_max_proto_version(ctx, openssl_version(policy->highest)) &&
           SSL_CTX_set1_groups_list(ctx, "P-256");
}

/* ---- the other's certificate ---- */

/* The code whose alert fits, RFC 5246 §7.2.2: unknown_ca, bad_certificate, certificate_expired ... */
static int openssl_error(CertResult result)
{
    switch (result) {
    case CERT_OK: return X509_V_OK;
    case CERT_NOT_A_CERTIFICATE:
    case CERT_REFUSED: return X509_V_ERR_CERT_REJECTED;
    case CERT_UNKNOWN_CA: return X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
    case CERT_BAD_SIGNATURE: return X509_V_ERR_CERT_SIGNATURE_FAILURE;
    case CERT_NOT_YET_VALID: return X509_V_ERR_CERT_NOT_YET_VALID;
    case CERT_EXPIRED: return X509_V_ERR_CERT_HAS_EXPIRED;
    case CERT_WRONG_PURPOSE: return X509_V_ERR_INVALID_PURPOSE;
    case CERT_WRONG_NAME: return X509_V_ERR_HOSTNAME_MISMATCH;
    }
    g_assert_not_reached();
}

static CertResult judge(Tls *tls, X509 *x509, STACK_OF(X509) * sent)
{
    const TlsPolicy *policy = &tls->context->policy;
    if (policy->auth == TLS_AUTH_PSK)
        return CERT_REFUSED; /* nobody was meant to show one */
    if (policy->check == TLS_CHECK_NOTHING)
        return CERT_OK;
    tls->work.verifications++;
    const CertResult chain =
        policy->trust
            ? cert_check_x509(x509, sent, policy->trust, policy->server ? CERT_FOR_CLIENT : CERT_FOR_SERVER, tls->now)
            : CERT_UNKNOWN_CA;
    if (chain != CERT_OK || policy->check == TLS_CHECK_CHAIN || !tls->name)
        return chain;
    return cert_speaks_for(tls->peer, (CertName){ tls->name_kind, tls->name }) ? CERT_OK : CERT_WRONG_NAME;
}

static int on_certificate(X509_STORE_CTX *ctx, void *arg)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(ctx, SSL_get_ex_data_X509_STORE_CTX_idx());
    Tls *tls = tls_of(ssl);
    X509 *x509 = X509_STORE_CTX_get0_cert(ctx);
    cert_free(tls->peer);
    tls->peer = cert_from_x509(x509);
    tls->status.certificate = tls->peer ? judge(tls, x509, X509_STORE_CTX_get0_untrusted(ctx)) : CERT_NOT_A_CERTIFICATE;
    X509_STORE_CTX_set_error(ctx, openssl_error(tls->status.certificate));
    return tls->status.certificate == CERT_OK;
}

static int verify_mode(const TlsPolicy *policy)
{
    if (!policy->server)
        return SSL_VERIFY_PEER;
    return policy->auth == TLS_AUTH_MUTUAL ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : SSL_VERIFY_NONE;
}

static bool set_certificates(SSL_CTX *ctx, const TlsPolicy *policy)
{
    SSL_CTX_set_verify(ctx, verify_mode(policy), NULL);
    SSL_CTX_set_cert_verify_callback(ctx, on_certificate, NULL);
    for (int i = 0; policy->server && policy->trust && i < sk_X509_num(policy->trust->roots); i++)
        SSL_CTX_add_client_CA(ctx, sk_X509_value(policy->trust->roots, i));
    if (policy->auth == TLS_AUTH_PSK)
        return true;
    if (!policy->cert || !policy->key)
        return !policy->server && !policy->cert && !policy->key;
    return SSL_CTX_use_certificate(ctx, policy->cert->x509) == 1 &&
           SSL_CTX_use_PrivateKey(ctx, policy->key->pkey) == 1 && SSL_CTX_check_private_key(ctx) == 1;
}

TlsContext *tls_context_new(const TlsPolicy *policy)
{
    crypto_init();
    TlsContext *context = g_new0(TlsContext, 1);
    /* OpenSSL draws keys for tickets, of which there are none */
    const CryptoRandom *before = crypto_random_use(&cert_irrelevant_random);
    context->policy = *policy;
    context->ssl_ctx = SSL_CTX_new(policy->server ? TLS_server_method() : TLS_client_method());
    engine_must(context->ssl_ctx != NULL, "a TLS context");
    const bool works = set_versions(context->ssl_ctx, policy) && set_suites(context->ssl_ctx, policy) &&
                       set_certificates(context->ssl_ctx, policy) && tls_psk_set(context->ssl_ctx, policy);
    tls_observe(context->ssl_ctx);
    crypto_random_use(before);
    ERR_clear_error();
    if (works)
        return context;
    tls_context_free(context);
    return NULL;
}

void tls_context_free(TlsContext *context)
{
    if (!context)
        return;
    SSL_CTX_free(context->ssl_ctx);
    g_free(context);
}
