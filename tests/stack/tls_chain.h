/*
 * tests/stack/tls_chain.h - certificates, TLS policies, and nodes of tests/stack/chain.h that use them.
 *
 * Knows:   nodes/stack/endpoint.h, crypto/ca.h.  "p" serves as pcscf.visited.example, "a" and "b" are its clients.
 */
#ifndef PRESEC_TESTS_STACK_TLS_CHAIN_H
#define PRESEC_TESTS_STACK_TLS_CHAIN_H

#include "crypto/ca.h"
#include "tests/stack/chain.h"

#define DAY INT64_C(86400)

/* Each in its own run: keys do not cross from one to another. */
typedef struct Papers {
    Sim *sim;
    SimStream stream;
    Ca *ca, *stranger;
    CertTrust *trust;
    CertKey *key, *alice_key;
    Cert *cert, *other, *unknown, *alice;
} Papers;

static inline void papers_draw(void *ctx, uint8_t *out, size_t len)
{
    Papers *papers = ctx;
    sim_random(papers->sim, &papers->stream, out, len);
}

static inline Cert *papers_issue(Papers *papers, Ca *ca, const CertKey *key, CertNameKind kind, const char *name)
{
    CryptoRandom random = { papers_draw, papers };
    const CertName names[] = { { kind, name } };
    int64_t now = sim_unix_time(papers->sim);
    const CaRequest request = { .subject = "a test's",
                                .names = names,
                                .n_names = 1,
                                .key = key,
                                .valid_from = now - DAY,
                                .valid_until = now + 30 * DAY };
    Cert *cert = ca_issue(ca, &request, &random);
    g_assert_nonnull(cert);
    return cert;
}

/* @rsa: what TLS 1.0 without elliptic curves needs. */
static inline Papers *papers_new(Sim *sim, bool rsa)
{
    Papers *papers = g_new0(Papers, 1);
    CryptoRandom random = { papers_draw, papers };
    int64_t now = sim_unix_time(sim);

    papers->sim = sim;
    papers->stream = sim_stream(sim, "ca", "papers", 0);
    papers->ca = ca_new("CA", cert_key_generate(CERT_KEY_EC_P256, &random), now - DAY, now + 365 * DAY, &random);
    papers->stranger =
        ca_new("Another CA", cert_key_generate(CERT_KEY_EC_P256, &random), now - DAY, now + 365 * DAY, &random);
    papers->trust = cert_trust_new();
    cert_trust_add(papers->trust, ca_root(papers->ca));
    papers->key = cert_key_generate(rsa ? CERT_KEY_RSA_2048 : CERT_KEY_EC_P256, &random);
    papers->alice_key = cert_key_generate(CERT_KEY_EC_P256, &random);
    papers->cert = papers_issue(papers, papers->ca, papers->key, CERT_NAME_DNS, "pcscf.visited.example");
    papers->other = papers_issue(papers, papers->ca, papers->key, CERT_NAME_DNS, "evil.example");
    papers->unknown = papers_issue(papers, papers->stranger, papers->key, CERT_NAME_DNS, "pcscf.visited.example");
    papers->alice = papers_issue(papers, papers->ca, papers->alice_key, CERT_NAME_URI, "sip:alice@home.example");
    return papers;
}

static inline void papers_free(Papers *papers)
{
    Cert *certs[] = { papers->cert, papers->other, papers->unknown, papers->alice };
    for (size_t i = 0; i < G_N_ELEMENTS(certs); i++)
        cert_free(certs[i]);
    cert_key_free(papers->key);
    cert_key_free(papers->alice_key);
    cert_trust_free(papers->trust);
    ca_free(papers->ca);
    ca_free(papers->stranger);
    g_free(papers);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Papers, papers_free)

/* ---- what a node is told ---- */

static inline void told_open(void *ctx, const SipTlsConnection *connection)
{
    Node *node = ctx;

    node->opened++;
    node->connection = connection->number;
    g_assert_cmpint(connection->status->state, ==, TLS_OPEN);
    chain_stamp(node->chain);
    g_string_append_printf(node->chain->log, "%s has %s %u with %s;", net_host_name(node->host),
                           connection->opened ? "opened" : "accepted", connection->number,
                           connection->peer != NULL ? cert_name(connection->peer, 0).name : "nobody known");
}

static inline void told_ended(void *ctx, const SipTlsConnection *connection, const char *why)
{
    Node *node = ctx;

    node->ended++;
    node->failure = connection->status->failure;
    chain_stamp(node->chain);
    g_string_append_printf(node->chain->log, "%s lost %u: %s;", net_host_name(node->host), connection->number, why);
}

static inline bool expects_pcscf(void *ctx, const SipFlow *to, CertName *name)
{
    *name = (CertName){ CERT_NAME_DNS, "pcscf.visited.example" };
    return true;
}

/* ---- p serves, a and b are clients ---- */

typedef struct TlsChain {
    Chain *chain;
    Papers *papers;
    TlsContext *client, *server;
    Node *a, *p, *b;
} TlsChain;

/* What a test varies; zeros: TLS 1.0, the right certificate, no certificate of the client's. */
typedef struct TlsWish {
    TlsVersion version;
    const TlsSuite *suite; /* this one only */
    bool rsa, untraced;
    bool other, unknown; /* certificate of the server */
    bool mutual, bare;   /* both show certificates; but the client has none */
} TlsWish;

static inline void use_tls(Node *node, TlsContext *client, TlsContext *server)
{
    const SipTls tls = { .client = client,
                         .server = server,
                         .port = SIPS_PORT,
                         .expected = expects_pcscf,
                         .open = told_open,
                         .ended = told_ended };
    g_assert_true(sip_endpoint_use_tls(node->endpoint, &tls));
}

static inline TlsChain *tls_chain_new(const TlsWish *wish)
{
    TlsChain *t = g_new0(TlsChain, 1);

    t->chain = chain_new(!wish->untraced);
    Papers *papers = t->papers = papers_new(t->chain->sim, wish->rsa);
    TlsPolicy client = { .lowest = wish->version,
                         .highest = wish->version,
                         .auth = wish->mutual ? TLS_AUTH_MUTUAL : TLS_AUTH_SERVER,
                         .trust = papers->trust,
                         .suites = wish->suite,
                         .n_suites = wish->suite != NULL ? 1 : 0 };
    TlsPolicy server = client;
    server.server = true;
    server.cert = wish->other ? papers->other : wish->unknown ? papers->unknown : papers->cert;
    server.key = papers->key;
    if (wish->bare) {
        client.auth = TLS_AUTH_SERVER;
    } else if (wish->mutual) {
        client.cert = papers->alice;
        client.key = papers->alice_key;
    }
    t->client = tls_context_new(&client);
    t->server = tls_context_new(&server);
    g_assert_nonnull(t->client);
    g_assert_nonnull(t->server);
    t->a = node_new(t->chain, t->chain->a);
    t->p = node_new(t->chain, t->chain->p);
    t->b = node_new(t->chain, t->chain->b);
    t->p->answer = 200;
    t->a->answer = t->b->answer = 202;
    use_tls(t->a, t->client, NULL);
    use_tls(t->b, t->client, NULL);
    use_tls(t->p, NULL, t->server);
    return t;
}

static inline void tls_chain_free(TlsChain *t)
{
    Node *nodes[] = { t->a, t->p, t->b };
    for (size_t i = 0; i < G_N_ELEMENTS(nodes); i++)
        if (nodes[i] != NULL) /* or the test has */
            node_free(nodes[i]);
    tls_context_free(t->client);
    tls_context_free(t->server);
    papers_free(t->papers);
    chain_free(t->chain);
    g_free(t);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsChain, tls_chain_free)

/* @connection 0: the one there is, or a new one. */
static inline SipClientTx *tls_say(Node *node, NetHost *to, uint32_t connection, const char *method, size_t body_len)
{
    g_autofree char *text = request_text(method, body_len);
    SipFlow flow = { .addr = *net_host_addr(to), .port = SIPS_PORT, .transport = SIP_TLS, .connection = connection };
    return sip_send_request(node->endpoint, &flow, text, strlen(text), false, node_done, node);
}

static inline void tls_run(TlsChain *t, SimTime delay)
{
    chain_run(t->chain, sim_now(t->chain->sim) + delay);
}

#endif
