/*
 * tests/attacker/support/tls_spy.h - an attacker between "a" and "p" of tests/stack/tls_chain.h, with TLS policies of
 * his own.
 *
 * Knows:   nodes/attacker/attacker.h.
 */
#ifndef PRESEC_TESTS_ATTACKER_TLS_SPY_H
#define PRESEC_TESTS_ATTACKER_TLS_SPY_H

#include "nodes/attacker/attacker.h"
#include "tests/stack/tls_chain.h"

typedef struct Spy {
    TlsChain *t;
    AttackerTls tls;
    Attacker *attacker;
} Spy;

/* Any version, and what gives integrity alone too. */
static const TlsSuite spy_suites[] = { TLS_AES_128_GCM_SHA256,          TLS_ECDHE_ECDSA_AES_128_GCM_SHA256,
                                       TLS_ECDHE_ECDSA_AES_128_CBC_SHA, TLS_ECDHE_RSA_AES_128_CBC_SHA,
                                       TLS_RSA_AES_128_CBC_SHA,         TLS_RSA_NULL_SHA };

static inline TlsContext *spy_context(Spy *spy, bool server, const Cert *cert, const CertKey *key)
{
    TlsPolicy policy = { .server = server,
                         .highest = TLS_1_3,
                         .auth = cert != NULL && !server ? TLS_AUTH_MUTUAL : TLS_AUTH_SERVER,
                         .check = TLS_CHECK_NOTHING,
                         .cert = cert,
                         .key = key,
                         .suites = spy_suites,
                         .n_suites = G_N_ELEMENTS(spy_suites) };
    TlsContext *context = tls_context_new(&policy);
    g_assert_nonnull(context);
    return context;
}

static inline Spy *spy_new(const TlsWish *wish)
{
    Spy *spy = g_new0(Spy, 1);
    spy->t = tls_chain_new(wish);
    const Papers *papers = spy->t->papers;
    spy->tls = (AttackerTls){ .client = spy_context(spy, false, NULL, NULL),
                              .client_certified = spy_context(spy, false, papers->other, papers->key),
                              .server_self_signed = spy_context(spy, true, papers->unknown, papers->key),
                              .server_other_name = spy_context(spy, true, papers->other, papers->key) };
    AttackerConfig config = { .name = "mallory", .position = "A5", .knowledge_year = 2021, .tls = spy->tls };
    spy->attacker = attacker_new(spy->t->chain->net, &config);
    attacker_tap(spy->attacker, "ap");
    return spy;
}

static inline void spy_free(Spy *spy)
{
    attacker_free(spy->attacker);
    tls_context_free(spy->tls.client);
    tls_context_free(spy->tls.client_certified);
    tls_context_free(spy->tls.server_self_signed);
    tls_context_free(spy->tls.server_other_name);
    tls_chain_free(spy->t);
    g_free(spy);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Spy, spy_free)

/* a's policy from now on: what it checks of p's certificate. */
static inline TlsContext *spy_client_checks(Spy *spy, TlsVersion version, TlsCheck check)
{
    TlsPolicy policy = { .lowest = version, .highest = version, .check = check, .trust = spy->t->papers->trust };
    TlsContext *context = tls_context_new(&policy);
    use_tls(spy->t->a, context, NULL);
    return context;
}

static inline const TraceRecord *spy_move_behind(const Spy *spy, TraceId origin)
{
    const TraceRecord *move = trace_get(sim_trace(spy->t->chain->sim), origin);
    g_assert_nonnull(move);
    g_assert_cmpint(move->kind, ==, TRACE_MOVE);
    return move;
}

/* The reading that has @text in headers or body; NULL: none. */
static inline const Reading *spy_reading(const Spy *spy, const char *text)
{
    const Knowledge *knowledge = attacker_knowledge(spy->attacker);
    for (size_t i = 0; i < knowledge_count(knowledge); i++) {
        const Reading *reading = knowledge_get(knowledge, i);
        if (strstr(reading->headers, text) != NULL || strstr(reading->body, text) != NULL)
            return reading;
    }
    return NULL;
}

#endif
