/*
 * tests/stack/test_tls_transport.c - SIP over TLS: messages both ways, refusals with their reasons, lost connections.
 *
 * Source:  RFC 3261 §26.2.1; RFC 5923; S3 option 4.
 */
#include "tests/stack/tls_chain.h"

static void test_request(void)
{
    g_autoptr(TlsChain) t = tls_chain_new(&(TlsWish){ 0 });

    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    expect_log(t->chain, "");
    tls_run(t, SIM_SEC);
    expect_log(t->chain, "0.005 p has accepted 1 with nobody known;"
                         "0.006 a has opened 1 with pcscf.visited.example;"
                         "0.007 p got MESSAGE over TLS;0.008 a got 200 over TLS;");
    g_assert_nonnull(strstr(t->p->body, "Via: SIP/2.0/TLS [2001:db8:1::1]:5060;branch=z9hG4bK"));
    g_assert_cmpuint(t->p->from.port, >=, 49152);
    g_assert_cmpuint(t->p->from.local_port, ==, SIPS_PORT);
    g_assert_cmpuint(t->p->from.connection, ==, 1);
    g_assert_cmpuint(sip_endpoint_transactions(t->a->endpoint) + sip_endpoint_transactions(t->p->endpoint), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stack/tls/request-and-response", test_request);
    return g_test_run();
}
