/*
 * tests/msg/test_sip_auth.c - Digest parameters and the lists of security mechanisms.
 *
 * Source:  RFC 3310 §3; RFC 3329 §2.2, Appendix A; TS 24.229 §7.2A; TS 33.203 Annex H, §7.2.
 */
#include "nodes/msg/sip_auth.h"

static void load(const char *name, SipMsg *msg, char **octets)
{
    size_t len;
    g_autofree char *path = g_strdup_printf("../fuzz/seeds/sip/%s.sip", name);
    g_assert_true(g_file_get_contents(path, octets, &len, NULL));
    g_assert_cmpint(sip_parse(msg, *octets, len), ==, SIP_OK);
}

static void test_answer(void)
{
    SipMsg msg;
    SipDigest d;
    g_autofree char *octets = NULL;
    load("register", &msg, &octets);
    g_assert_true(sip_digest(&msg, SIP_H_AUTHORIZATION, &d));
    g_assert_true(text_is(d.scheme, "Digest") && text_is(d.username, "alice_private.x7k2@home1.example"));
    g_assert_true(text_is(d.realm, "home1.example") && text_is(d.algorithm, "AKAv1-MD5"));
    g_assert_true(text_is(d.nonce, "UJE6yYP1pv5iE3rDbhd8DPmjLjVcgrEy5vcSMmr1VXM=") &&
                  text_is(d.uri, "sip:home1.example"));
    g_assert_true(text_is(d.response, "6629fae49393a05397450978507c4ef1") && text_is(d.integrity_protected, "yes"));
    g_assert_false(text_present(d.auts));
    g_assert_false(sip_digest(&msg, SIP_H_WWW_AUTHENTICATE, &d));
}

static void test_challenge(void)
{
    SipMsg msg;
    SipDigest d;
    uint8_t ik[16];
    g_autofree char *octets = NULL;
    load("challenge", &msg, &octets);
    g_assert_true(sip_digest(&msg, SIP_H_WWW_AUTHENTICATE, &d));
    g_assert_true(text_is(d.qop, "auth,auth-int") && text_to_octets(d.ik, ik, sizeof ik) && ik[15] == 0xff);
    g_assert_true(text_is(d.ck, "ffeeddccbbaa11223344556677889900"));
}

static void test_empty_is_not_absent(void)
{
    SipDigest d;
    g_assert_true(
        sip_digest_decode(TEXT("Digest username=\"a@b\", realm=\"b\", uri=\"sip:b\", nonce=\"\", response=\"\""), &d));
    g_assert_true(text_present(d.nonce) && d.nonce.len == 0 && text_present(d.response) && !text_present(d.auts));
    g_assert_true(sip_digest_decode(TEXT("qop=auth,\r\n rspauth = \"ab\" , nc=00000001, new=\"x,y\""), &d));
    g_assert_true(text_is(d.scheme, "") && text_is(d.rspauth, "ab") && text_is(d.nc, "00000001"));
}

static void test_digest_refused(void)
{
    static const char *const bad[] = { "",
                                       "Digest",
                                       "Digest nonce",
                                       "Digest nonce=",
                                       "Digest nonce=\"a",
                                       "Digest nonce=\"a\",",
                                       "Digest nonce=\"a\" realm=\"b\"",
                                       "Digest nonce=\"a\", Nonce=\"b\"",
                                       "Digest ,a=b" };
    SipDigest d;
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i]);
        g_assert_false(sip_digest_decode(text_from(bad[i]), &d));
    }
}

static void test_span(void)
{
    Text value = TEXT("Digest a=b, ik=\"00\", ck=\"11\""), span;
    g_assert_true(sip_auth_param_span(value, "IK", &span) && text_is(span, "ik=\"00\""));
    g_assert_true(sip_auth_param_span(value, "ck", &span) && text_is(span, "ck=\"11\""));
    g_assert_false(sip_auth_param_span(value, "k", &span));
}

static void test_mechanisms(void)
{
    SipMsg msg;
    SipSecList list;
    g_autofree char *octets = NULL;
    load("challenge", &msg, &octets);
    g_assert_true(sip_sec_list(&msg, SIP_H_SECURITY_SERVER, &list));
    g_assert_cmpuint(list.n, ==, 2);
    const SipSecMechanism *m = &list.items[0];
    g_assert_true(text_is(m->name, "ipsec-3gpp") && text_is(m->alg, "hmac-sha-1-96") && text_is(m->ealg, "aes-cbc"));
    g_assert_cmpuint(m->q, ==, 500);
    g_assert_true(m->spi_c == 909767 && m->spi_s == 421909 && m->port_c == 4444 && m->port_s == 5058);
    g_assert_cmpuint(m->present, ==, SIP_SEC_Q | SIP_SEC_SPI_C | SIP_SEC_SPI_S | SIP_SEC_PORT_C | SIP_SEC_PORT_S);
    m = &list.items[1]; /* RFC 3329 Appendix A */
    g_assert_true(m->spi == 421909 && m->port1 == 5058 && m->port2 == 4444 && !text_present(m->ealg));
    g_assert_cmpuint(m->present, ==, SIP_SEC_Q | SIP_SEC_SPI | SIP_SEC_PORT1 | SIP_SEC_PORT2);
    g_assert_false(sip_sec_list(&msg, SIP_H_SECURITY_CLIENT, &list));
}

static void test_q(void)
{
    static const struct {
        const char *text;
        unsigned q;
    } good[] = { { "tls;q=0", 0 },       { "tls;q=1", 1000 },     { "tls;q=0.", 0 }, { "tls;q=0.1", 100 },
                 { "tls;q=0.123", 123 }, { "tls;q=1.000", 1000 }, { "tls", 1000 } };
    SipSecMechanism m;
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_assert_true(sip_sec_mechanism_decode(text_from(good[i].text), &m));
        g_assert_cmpuint(m.q, ==, good[i].q);
    }
}

static void test_mechanisms_refused(void)
{
    static const char *const bad[] = { "",
                                       ";alg=x",
                                       "ipsec-3gpp;",
                                       "ipsec-3gpp;alg",
                                       "ipsec-3gpp;spi-c=4294967296",
                                       "ipsec-3gpp;spi-c=00000000001",
                                       "ipsec-3gpp;spi-c=x",
                                       "ipsec-3gpp;port-c=0",
                                       "ipsec-3gpp;port-c=65536",
                                       "ipsec-3gpp;alg=a;alg=b",
                                       "ipsec-3gpp;spi-s=1;spi-s=1",
                                       "tls;q=1.1",
                                       "tls;q=2",
                                       "tls;q=0.1234",
                                       "tls;q=.5",
                                       "tls;q=0.5;q=0.5" };
    SipSecMechanism m;
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i]);
        g_assert_false(sip_sec_mechanism_decode(text_from(bad[i]), &m));
    }
}

static bool equal(const char *a, const char *b)
{
    SipSecList x, y;
    g_assert_true(sip_sec_list_decode(text_from(a), &x));
    g_assert_true(sip_sec_list_decode(text_from(b), &y));
    g_assert_true(sip_sec_list_equal(&x, &y) == sip_sec_list_equal(&y, &x));
    return sip_sec_list_equal(&x, &y);
}

static void test_equal(void)
{
    g_assert_true(equal("ipsec-3gpp;alg=hmac-md5-96;spi-c=1", "IPSEC-3GPP ; spi-c=1 ; ALG = HMAC-MD5-96"));
    g_assert_true(equal("tls;q=0.2,ipsec-3gpp;alg=a;new=\"X\"", "tls;q=0.2 , ipsec-3gpp;new=\"X\";alg=a"));
    g_assert_true(equal("tls", "TLS"));
}

/* What a bidding-down attacker would change, each alone (RFC 3329 §2.3.1, TS 33.203 §7.2). */
static void test_unequal(void)
{
    static const char sent[] = "ipsec-3gpp;q=0.5;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=1;new=x,tls;q=0.1";
    static const char *const changed[] = {
        "ipsec-3gpp;q=0.5;alg=hmac-sha-1-96;spi-c=1;new=x,tls;q=0.1",
        "ipsec-3gpp;q=0.5;alg=hmac-sha-1-96;ealg=null;spi-c=1;new=x,tls;q=0.1",
        "ipsec-3gpp;q=0.5;alg=hmac-md5-96;ealg=aes-cbc;spi-c=1;new=x,tls;q=0.1",
        "ipsec-3gpp;q=0.5;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=2;new=x,tls;q=0.1",
        "ipsec-3gpp;q=0.5;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=1;new=y,tls;q=0.1",
        "ipsec-3gpp;q=0.5;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=1,tls;q=0.1",
        "ipsec-3gpp;q=0.5;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=1;new=x;more,tls;q=0.1",
        "ipsec-3gpp;q=0.4;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=1;new=x,tls;q=0.1",
        "tls;q=0.1,ipsec-3gpp;q=0.5;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=1;new=x",
        "ipsec-3gpp;q=0.5;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=1;new=x",
        "ipsec-3gpp;q=0.5;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=1;new=x,tls;q=0.1,digest",
        "ipsec-3gpp;q=0.5;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=1;new=\"x\",tls;q=0.1",
    };
    g_assert_true(equal(sent, sent));
    for (size_t i = 0; i < G_N_ELEMENTS(changed); i++) {
        g_test_message("%s", changed[i]);
        g_assert_false(equal(sent, changed[i]));
    }
    g_assert_false(equal("tls;a=\"X\"", "tls;a=\"x\""));
    g_assert_false(equal("tls;a=1;a=1", "tls;a=1;b=2"));
    g_assert_false(equal("tls;a", "tls;a=\"\""));
}

static void test_list_limit(void)
{
    g_autoptr(GString) text = g_string_new("tls");
    SipSecList list;
    for (unsigned i = 1; i < SIP_SEC_MAX; i++)
        g_string_append(text, ",tls");
    g_assert_true(sip_sec_list_decode(text_from(text->str), &list));
    g_string_append(text, ",tls");
    g_assert_false(sip_sec_list_decode(text_from(text->str), &list));
    g_assert_false(sip_sec_list_decode(TEXT(""), &list));
    g_assert_false(sip_sec_list_decode(TEXT("tls,"), &list));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/sip-auth/an-answer-to-a-challenge", test_answer);
    g_test_add_func("/msg/sip-auth/a-challenge-with-ik-and-ck", test_challenge);
    g_test_add_func("/msg/sip-auth/empty-is-not-absent", test_empty_is_not_absent);
    g_test_add_func("/msg/sip-auth/malformed-or-doubled-parameters-are-refused", test_digest_refused);
    g_test_add_func("/msg/sip-auth/a-parameter-can-be-cut-out", test_span);
    g_test_add_func("/msg/sip-auth/mechanisms-of-both-dialects", test_mechanisms);
    g_test_add_func("/msg/sip-auth/q-is-thousandths", test_q);
    g_test_add_func("/msg/sip-auth/malformed-mechanisms-are-refused", test_mechanisms_refused);
    g_test_add_func("/msg/sip-auth/lists-that-are-the-same", test_equal);
    g_test_add_func("/msg/sip-auth/any-change-makes-lists-differ", test_unequal);
    g_test_add_func("/msg/sip-auth/a-list-has-a-limit", test_list_limit);
    return g_test_run();
}
