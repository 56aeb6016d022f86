/*
 * tests/attacker/test_tls_session.c - a TLS session of the attacker's own with the victim's P-CSCF, and a challenge in
 * it.
 *
 * Source:  threats AT-41, AT-48, S20; RFC 3310 §3, RFC 4169 §1.
 */
#include "nodes/attacker/private.h"
#include "nodes/msg/sip_auth.h"
#include "tests/attacker/support/tls_spy.h"

#define CHALLENGE "Digest realm=\"home.example\",nonce=\"bm9uY2U=\",algorithm=AKAv2-MD5,qop=\"auth\""

static const Move session = { .verb = MOVE_SESSION, .match = { .segment = "ap", .dir = -1 } };
static const Move certified = { .verb = MOVE_SESSION,
                                .match = { .segment = "ap", .dir = -1 },
                                .shows = SHOWS_OTHER_NAME };

#define REGISTER_TEXT(cseq, authorization)                                                                             \
    "\n      REGISTER sip:${home} SIP/2.0\n"                                                                           \
    "      Via: SIP/2.0/TLS [${address}]:5061;branch=z9hG4bK${token}\n"                                                \
    "      Max-Forwards: 70\n"                                                                                         \
    "      From: <${impu}>;tag=${token}\n"                                                                             \
    "      To: <${impu}>\n"                                                                                            \
    "      Call-ID: ${session}\n"                                                                                      \
    "      CSeq: " cseq " REGISTER\n"                                                                                  \
    "      Contact: <sip:[2001:db8:bad::1]:5061>\n"                                                                    \
    "      Authorization: " authorization "\n"

static const Move ask = { .verb = MOVE_SEND,
                          .match = { .segment = "ap", .dir = -1 },
                          .template_text = REGISTER_TEXT("1", "Digest username=\"${impi}\",realm=\"${home}\","
                                                              "nonce=\"\",uri=\"sip:${home}\",response=\"\"") };
static const Move answer = { .verb = MOVE_SEND,
                             .match = { .segment = "ap", .dir = -1 },
                             .template_text = REGISTER_TEXT("2", "${answer}") };

/* The victim has shown where she is and where her P-CSCF is; who she is he knew. */
static Spy *beside_a_victim(const TlsWish *wish)
{
    Spy *spy = spy_new(wish);
    spy->t->p->answer = 0;
    attacker_told(spy->attacker, "ap", "alice-private@home.example", "sip:alice@home.example", "home.example");
    (void)tls_say(spy->t->a, spy->t->chain->p, 0, "OPTIONS", 4);
    tls_run(spy->t, 5 * SIM_SEC);
    g_assert_cmpuint(spy->t->p->requests, ==, 1);
    return spy;
}

static void challenge_him(Spy *spy)
{
    sip_respond_status(spy->t->p->tx, 401, NULL, "WWW-Authenticate: " CHALLENGE "\r\n");
    tls_run(spy->t, SIM_SEC);
}

static void say_udp(Spy *spy, const char *authorization)
{
    g_autofree char *text = g_strdup_printf("REGISTER sip:home.example SIP/2.0\r\n"
                                            "Max-Forwards: 70\r\n"
                                            "From: <sip:alice@home.example>;tag=1\r\n"
                                            "To: <sip:alice@home.example>\r\n"
                                            "Call-ID: victims\r\n"
                                            "CSeq: 1 REGISTER\r\n"
                                            "Contact: <sip:[2001:db8:1::1]>\r\n"
                                            "Authorization: %s\r\n"
                                            "Content-Length: 0\r\n\r\n",
                                            authorization);
    SipFlow flow = flow_to(spy->t->chain->p);
    (void)sip_send_request(spy->t->a->endpoint, &flow, text, strlen(text), false, node_done, spy->t->a);
    tls_run(spy->t, SIM_SEC);
}

static void test_asks_in_her_name(void)
{
    g_autoptr(Spy) spy = beside_a_victim(&(TlsWish){ .version = TLS_1_0 });
    attacker_add_move(spy->attacker, &session);
    attacker_add_move(spy->attacker, &ask);
    tls_run(spy->t, 5 * SIM_SEC);
    const Node *p = spy->t->p;
    g_assert_cmpuint(p->requests, ==, 2);
    g_assert_cmpuint(p->opened, ==, 2); /* hers stays */
    g_assert_true(net_addr_equal(&p->from.addr, net_host_addr(spy->t->chain->a)));
    g_assert_cmpuint(p->from.port, ==, 20001);
    g_assert_cmpstr(spy_move_behind(spy, p->origin)->move.verb, ==, "send");
    g_assert_nonnull(strstr(p->body, "username=\"alice-private@home.example\""));
    uint32_t received = net_host_counters(spy->t->chain->a)->received;
    challenge_him(spy);
    const Victim *victim = knowledge_victim(&spy->attacker->knowledge, "ap");
    g_assert_cmpstr(victim->nonce, ==, "bm9uY2U=");
    g_assert_cmpstr(victim->challenge, ==, CHALLENGE);
    g_assert_null(victim->answer);
    g_assert_cmpuint(net_host_counters(spy->t->chain->a)->received, ==, received); /* she hears nothing of it */
    g_assert_cmpuint(attacker_moves(spy->attacker), ==, 2);
}

static void test_only_what_answers_his_challenge(void)
{
    g_autoptr(Spy) spy = beside_a_victim(&(TlsWish){ .version = TLS_1_0 });
    attacker_add_move(spy->attacker, &session);
    attacker_add_move(spy->attacker, &ask);
    attacker_add_move(spy->attacker, &answer);
    tls_run(spy->t, 5 * SIM_SEC);
    challenge_him(spy);
    say_udp(spy,
            "Digest username=\"x\",realm=\"home.example\",nonce=\"b3RoZXI=\",uri=\"sip:home.example\",response=\"1\"");
    g_assert_cmpuint(spy->t->p->requests, ==, 3);
    g_assert_cmpuint(attacker_moves(spy->attacker), ==, 2);
    say_udp(spy,
            "Digest username=\"x\",realm=\"home.example\",nonce=\"bm9uY2U=\",uri=\"sip:home.example\",response=\"2\"");
    tls_run(spy->t, SIM_SEC);
    g_assert_cmpuint(spy->t->p->requests, ==, 5);
    g_assert_cmpuint(attacker_moves(spy->attacker), ==, 3);
    const Victim *victim = knowledge_victim(&spy->attacker->knowledge, "ap");
    g_assert_nonnull(strstr(victim->answer, "response=\"2\""));
}

static void test_a_certificate_when_one_is_asked_for(void)
{
    for (unsigned shows = 0; shows < 2; shows++) {
        g_autoptr(Spy) spy = beside_a_victim(&(TlsWish){ .version = TLS_1_0, .mutual = true });
        g_string_truncate(spy->t->chain->log, 0);
        attacker_add_move(spy->attacker, shows ? &certified : &session);
        attacker_add_move(spy->attacker, &ask);
        tls_run(spy->t, 5 * SIM_SEC);
        g_assert_cmpuint(spy->t->p->requests, ==, 1 + shows);
        g_assert_cmpuint(attacker_moves(spy->attacker), ==, 1 + shows);
        g_assert_true((strstr(spy->t->chain->log->str, "evil.example") != NULL) == (shows != 0));
    }
}

static void test_nobody_speaks_tls_there(void)
{
    g_autoptr(Spy) spy = beside_a_victim(&(TlsWish){ .version = TLS_1_0 });
    const SipTls none = { 0 };
    g_assert_true(sip_endpoint_use_tls(spy->t->p->endpoint, &none));
    attacker_add_move(spy->attacker, &session);
    attacker_add_move(spy->attacker, &ask);
    tls_run(spy->t, 20 * SIM_SEC);
    g_assert_cmpuint(spy->t->p->requests, ==, 1);
    g_assert_cmpuint(attacker_moves(spy->attacker), ==, 1);
}

static void test_without_policies_nothing_is_made(void)
{
    g_autoptr(Spy) spy = beside_a_victim(&(TlsWish){ .version = TLS_1_0 });
    static const Move intercept = { .verb = MOVE_INTERCEPT,
                                    .match = { .segment = "ap", .message = "tcp:5061", .dir = -1 },
                                    .shows = SHOWS_OTHER_NAME };
    spy->attacker->config.tls = (AttackerTls){ 0 };
    attacker_add_move(spy->attacker, &session);
    attacker_add_move(spy->attacker, &ask);
    attacker_add_move(spy->attacker, &intercept);
    sip_endpoint_close_tls(spy->t->a->endpoint, spy->t->a->connection);
    (void)tls_say(spy->t->a, spy->t->chain->p, 0, "OPTIONS", 4);
    tls_run(spy->t, 5 * SIM_SEC);
    g_assert_cmpuint(spy->t->p->requests, ==, 2);
    g_assert_cmpuint(attacker_moves(spy->attacker), ==, 0);
}

/* ---- his challenge in an SM6 of his own ---- */

static void test_rogue_with_his_own_challenge(void)
{
    for (unsigned dressed = 0; dressed < 2; dressed++) {
        Move rogue = { .verb = MOVE_ROGUE_PROXY,
                       .match = { .segment = "ap", .message = "SM1", .dir = NET_UP },
                       .value = "ipsec-3gpp;alg=hmac-sha-1-96;spi-c=1;spi-s=2;port-c=3;port-s=4",
                       .own_challenge = true,
                       .algorithm = dressed ? "AKAv1-MD5" : NULL };
        g_autoptr(Spy) spy = beside_a_victim(&(TlsWish){ .version = TLS_1_0 });
        attacker_add_move(spy->attacker, &session);
        attacker_add_move(spy->attacker, &ask);
        attacker_add_move(spy->attacker, &rogue);
        tls_run(spy->t, 5 * SIM_SEC);
        const char *sm1 =
            "Digest username=\"x\",realm=\"home.example\",nonce=\"\",uri=\"sip:home.example\",response=\"\"";
        say_udp(spy, sm1); /* he has no challenge yet: it passes */
        g_assert_cmpuint(spy->t->p->requests, ==, 3);
        sip_respond_status(spy->t->p->tx, 403, NULL, NULL);
        tls_run(spy->t, SIM_SEC);
        g_assert_cmpuint(attacker_moves(spy->attacker), ==, 2);
        spy->attacker->knowledge.lessons++;
        victim_set(&victim_at(&spy->attacker->knowledge, "ap")->challenge, g_strdup(CHALLENGE));
        victim_set(&victim_at(&spy->attacker->knowledge, "ap")->nonce, g_strdup("bm9uY2U="));
        say_udp(spy, sm1);
        g_assert_cmpuint(spy->t->p->requests, ==, 3); /* it stays with him */
        g_autofree SipMsg *msg = g_new(SipMsg, 1);
        SipDigest digest;
        g_assert_cmpint(sip_parse(msg, spy->t->a->body, strlen(spy->t->a->body)), ==, SIP_OK);
        g_assert_cmpuint(msg->status, ==, 401);
        g_assert_true(sip_digest(msg, SIP_H_WWW_AUTHENTICATE, &digest));
        g_assert_true(text_is(digest.nonce, "bm9uY2U="));
        g_assert_true(text_is(digest.qop, "auth"));
        g_assert_true(text_is(digest.algorithm, dressed ? "AKAv1-MD5" : "AKAv2-MD5"));
        g_assert_true(text_is(sip_value(msg, SIP_H_SECURITY_SERVER), rogue.value));
        g_assert_cmpstr(spy_move_behind(spy, spy->t->a->origin)->move.verb, ==, "rogue-proxy");
        say_udp(spy, "Digest username=\"x\",realm=\"home.example\",nonce=\"bm9uY2U=\",uri=\"sip:home.example\","
                     "response=\"2\""); /* SM7, in the clear: he has his answer */
        say_udp(spy, sm1);
        g_assert_cmpuint(spy->t->p->requests, ==, 5); /* a challenge serves once */
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attacker/tls/session/asks-in-her-name", test_asks_in_her_name);
    g_test_add_func("/attacker/tls/session/only-what-answers-his-challenge", test_only_what_answers_his_challenge);
    g_test_add_func("/attacker/tls/session/a-certificate-when-one-is-asked-for",
                    test_a_certificate_when_one_is_asked_for);
    g_test_add_func("/attacker/tls/session/nobody-speaks-tls-there", test_nobody_speaks_tls_there);
    g_test_add_func("/attacker/tls/session/without-policies-nothing-is-made", test_without_policies_nothing_is_made);
    g_test_add_func("/attacker/tls/session/rogue-with-his-own-challenge", test_rogue_with_his_own_challenge);
    return g_test_run();
}
