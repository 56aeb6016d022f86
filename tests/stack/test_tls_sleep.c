/*
 * tests/stack/test_tls_sleep.c - idle TLS connections: what is left of them, and that messages cost no allocation.
 *
 * Source:  design of scale: 124 octets of TLS an end, nothing allocated per message in the steady state.
 * Knows:   nodes/stack/tls_private.h.
 */
#include "nodes/stack/tls_private.h"
#include "sim/poison.h"
#include "tests/stack/tls_chain.h"

static size_t n_allocations; /* the test's own: a hook has no other place */

#ifdef PRESEC_ASAN
int __sanitizer_install_malloc_and_free_hooks(void (*malloc_hook)(const volatile void *, size_t),
                                              void (*free_hook)(const volatile void *));

static void on_malloc(const volatile void *memory, size_t size)
{
    n_allocations++;
}

static void on_free(const volatile void *memory)
{
}

static bool count_allocations(void)
{
    return __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free) > 0;
}
#else
static bool count_allocations(void)
{
    return false;
}
#endif

static const TlsEnd *end_of(const Node *node)
{
    const TlsEnd *end = tls_end_find(node->endpoint, node->connection);
    g_assert_nonnull(end);
    return end;
}

static void sleeps(TlsVersion version)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ .version = version, .untraced = true });

    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    for (unsigned i = 0; i < 3; i++) {
        g_assert_true(end_of(t->a)->sleeps && end_of(t->p)->sleeps);
        g_assert_null(end_of(t->a)->in.octets);
        g_assert_null(end_of(t->p)->in.octets);
        g_assert_null(end_of(t->p)->conn->in.octets);
        tls_say(t->a, t->chain->p, 0, "MESSAGE", 3000 * i);
        tls_say(t->p, t->chain->a, t->p->connection, "NOTIFY", 3000 * i);
        tls_run(t, SIM_SEC);
    }
    g_assert_cmpuint(t->p->requests, ==, 4);
    g_assert_cmpuint(t->a->requests, ==, 3);
}

static void test_sleeps(void)
{
    g_assert_cmpuint(2 * sizeof(TlsFrozen), <=, 256);
    sleeps(TLS_1_0);
    sleeps(TLS_1_1);
    sleeps(TLS_1_2);
    sleeps(TLS_1_3);
}

static void test_work(void)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ .rsa = true, .untraced = true });
    const TlsWork *at_a = sip_endpoint_tls_work(t->a->endpoint), *at_p = sip_endpoint_tls_work(t->p->endpoint);

    g_assert_cmpuint(at_a->records_sealed + at_p->records_sealed, ==, 0);
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    TlsWork once = *at_a;
    g_assert_cmpuint(once.records_sealed, ==, 2); /* Finished, the request */
    g_assert_cmpuint(once.records_opened, ==, 2);
    g_assert_cmpuint(once.verifications, >=, 1);
    g_assert_cmpuint(at_p->octets_opened, ==, once.octets_sealed);
    g_assert_cmpuint(at_p->octets_sealed, ==, once.octets_opened);
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    g_assert_cmpuint(at_a->records_sealed, ==, 3);
    g_assert_cmpuint(at_a->verifications, ==, once.verifications);
    tls_say(t->b, t->chain->p, 0, "MESSAGE", 20); /* the sum of all its connections */
    tls_run(t, SIM_SEC);
    g_assert_cmpuint(at_p->octets_opened, ==,
                     at_a->octets_sealed + sip_endpoint_tls_work(t->b->endpoint)->octets_sealed);
    sip_endpoint_close_tls(t->a->endpoint, t->a->connection);
    tls_run(t, SIM_SEC);
    g_assert_cmpuint(at_a->records_sealed, ==, 4); /* close_notify; nothing is forgotten */
    g_assert_cmpuint(at_p->octets_opened, ==,
                     at_a->octets_sealed + sip_endpoint_tls_work(t->b->endpoint)->octets_sealed);
}

/* A message without the log of tests/stack/chain.h. */
static void ignore(void *ctx, SipClientTx *tx, const SipMsg *response, const char *why)
{
    g_assert_nonnull(response);
    ++*(unsigned *)ctx;
}

static void answer(void *ctx, SipServerTx *tx, const SipMsg *msg, const SipFlow *from)
{
    sip_respond_status(tx, 200, NULL, NULL);
}

static size_t allocations_of(SipTransport transport, TlsVersion version, size_t body_len)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ .version = version, .untraced = true });
    g_autofree char *text = request_text("MESSAGE", body_len);
    SipEndpointConfig config = {
        .name = "s", .host = t->chain->p, .timers = &sip_timers_core, .tcp_above = 1300, .request = answer
    };
    const SipTls tls = { .server = t->server, .port = SIPS_PORT };
    SipFlow to = { .addr = *net_host_addr(t->chain->p),
                   .port = transport == SIP_TLS ? SIPS_PORT : SIP_PORT,
                   .transport = transport };
    unsigned answered = 0;
    size_t before = 0;

    g_clear_pointer(&t->p, node_free);
    SipEndpoint *server = sip_endpoint_new(&config);
    g_assert_true(sip_endpoint_use_tls(server, &tls) && sip_endpoint_listen(server, SIP_PORT));
    for (unsigned i = 0; i < 40; i++) {
        if (i == 20)
            before = n_allocations;
        sip_send_request(t->a->endpoint, &to, text, strlen(text), false, ignore, &answered);
        tls_run(t, SIM_SEC);
    }
    size_t made = n_allocations - before;
    g_assert_cmpuint(answered, ==, 40);
    sip_endpoint_free(server);
    return made;
}

static void test_allocations(void)
{
    if (!count_allocations()) {
        g_test_skip("allocations are counted by the address sanitizer");
        return;
    }
    size_t tcp = allocations_of(SIP_TCP, TLS_1_0, 3000); /* tables that are trimmed while nothing happens */
    size_t of_hmac = 2 * 2 * 2 * 20;                     /* OpenSSL 3.0's, two a record at each end */
    g_assert_cmpuint(allocations_of(SIP_TLS, TLS_1_2, 300), <=, tcp);
    g_assert_cmpuint(allocations_of(SIP_TLS, TLS_1_2, 3000), <=, tcp); /* cut over segments */
    g_assert_cmpuint(allocations_of(SIP_TLS, TLS_1_3, 3000), <=, tcp);
    g_assert_cmpuint(allocations_of(SIP_TLS, TLS_1_0, 3000), <=, tcp + of_hmac);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stack/tls/sleep/ends-are-hibernated-and-go-on", test_sleeps);
    g_test_add_func("/stack/tls/sleep/work-is-summed", test_work);
    g_test_add_func("/stack/tls/sleep/messages-allocate-nothing", test_allocations);
    return g_test_run();
}
