/*
 * tests/nodes/support/little_pki.c - see little_pki.h.
 */
#include "tests/nodes/support/little_pki.h"
#include "crypto/ca.h"

#define DAY INT64_C(86400)

struct LittlePki {
    Sim *sim;
    LittleTls wish;
    SimStream stream; /* of the CA and the servers; subscribers have their own */
    Ca *ca, *stranger;
    CertTrust *trust;
    CertKey *key;
    Cert *cert;
    TlsContext *server;
    GPtrArray *contexts, *certs, *keys; /* of subscribers */
};

typedef struct Source {
    Sim *sim;
    SimStream *stream;
} Source;

static void draw(void *ctx, uint8_t *out, size_t len)
{
    Source *source = ctx;
    sim_random(source->sim, source->stream, out, len);
}

static Ca *new_ca(Source *source, const char *name)
{
    CryptoRandom random = { draw, source };
    int64_t now = sim_unix_time(source->sim);
    return ca_new(name, cert_key_generate(CERT_KEY_EC_P256, &random), now - DAY, now + 3650 * DAY, &random);
}

static Cert *issue(Source *source, const Ca *ca, const CertKey *key, CertName name)
{
    CryptoRandom random = { draw, source };
    int64_t now = sim_unix_time(source->sim);
    CaRequest request = { .subject = name.name,
                          .names = &name,
                          .n_names = 1,
                          .key = key,
                          .valid_from = now - DAY,
                          .valid_until = now + 365 * DAY };
    Cert *cert = ca_issue(ca, &request, &random);
    g_assert_nonnull(cert);
    return cert;
}

static TlsPolicy policy_of(const LittlePki *pki)
{
    static const TlsSuite null_suite[] = { TLS_RSA_NULL_SHA };
    return (TlsPolicy){ .auth = pki->wish.subscribers ? TLS_AUTH_MUTUAL : TLS_AUTH_SERVER,
                        .check = pki->wish.any_name ? TLS_CHECK_CHAIN : TLS_CHECK_NAME,
                        .trust = pki->trust,
                        .suites = pki->wish.null_suite ? null_suite : NULL,
                        .n_suites = pki->wish.null_suite ? 1 : 0 };
}

LittlePki *little_pki_new(Sim *sim, const LittleTls *wish)
{
    LittlePki *pki = g_new0(LittlePki, 1);
    pki->sim = sim;
    pki->wish = *wish;
    pki->stream = sim_stream(sim, "pki", "keys", 0);
    Source source = { sim, &pki->stream };
    CryptoRandom random = { draw, &source };
    pki->ca = new_ca(&source, "CA");
    pki->stranger = new_ca(&source, "Another CA");
    pki->trust = cert_trust_new();
    cert_trust_add(pki->trust, ca_root(pki->ca));
    pki->key = cert_key_generate(wish->null_suite ? CERT_KEY_RSA_2048 : CERT_KEY_EC_P256, &random);
    pki->cert = issue(&source, wish->unknown_ca ? pki->stranger : pki->ca, pki->key,
                      (CertName){ CERT_NAME_DNS, wish->wrong_name ? "ps.home.example" : "pcscf.visited.example" });
    TlsPolicy policy = policy_of(pki);
    policy.server = true;
    policy.cert = pki->cert;
    policy.key = pki->key;
    pki->server = tls_context_new(&policy);
    g_assert_nonnull(pki->server);
    pki->contexts = g_ptr_array_new_with_free_func((GDestroyNotify)tls_context_free);
    pki->certs = g_ptr_array_new_with_free_func((GDestroyNotify)cert_free);
    pki->keys = g_ptr_array_new_with_free_func((GDestroyNotify)cert_key_free);
    return pki;
}

TlsContext *little_pki_server(LittlePki *pki)
{
    return pki->server;
}

TlsContext *little_pki_client(LittlePki *pki, const char *name, const char *impi)
{
    TlsPolicy policy = policy_of(pki);
    if (pki->wish.subscribers) {
        SimStream stream = sim_stream(pki->sim, name, "certificate", 0);
        Source source = { pki->sim, &stream };
        CryptoRandom random = { draw, &source };
        g_autofree char *uri = g_strdup_printf("sip:%s", impi);
        CertKey *key = cert_key_generate(CERT_KEY_EC_P256, &random);
        policy.key = key;
        policy.cert = issue(&source, pki->ca, key, (CertName){ CERT_NAME_URI, uri });
        g_ptr_array_add(pki->keys, key);
        g_ptr_array_add(pki->certs, (Cert *)policy.cert);
    }
    TlsContext *context = tls_context_new(&policy);
    g_assert_nonnull(context);
    g_ptr_array_add(pki->contexts, context);
    return context;
}

void little_pki_free(LittlePki *pki)
{
    if (pki == NULL)
        return;
    g_ptr_array_free(pki->contexts, TRUE);
    tls_context_free(pki->server);
    g_ptr_array_free(pki->certs, TRUE);
    g_ptr_array_free(pki->keys, TRUE);
    cert_free(pki->cert);
    cert_key_free(pki->key);
    cert_trust_free(pki->trust);
    ca_free(pki->ca);
    ca_free(pki->stranger);
    g_free(pki);
}
