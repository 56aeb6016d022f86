/*
 * tests/crypto/test_tls_failures.c - each cause of failure, and its alert.
 *
 * Source:  RFC 5246 §7.2, RFC 8446 §6; RFC 4279 §2; TS 33.222 §5.4.
 * Knows:   tests/crypto/support/tls_ends.h.
 */
#include "tests/crypto/support/tls_ends.h"

#include <string.h>

/* ---- failures, each with its alert (RFC 5246 §7.2) ---- */

static const struct {
    Cert *const *cert;
    CertResult result;
    int alert;
} refusals[] = {
    { &pki.unknown, CERT_UNKNOWN_CA, 48 }, /* a stranger's CA of the same name */
    { &pki.expired, CERT_EXPIRED, 45 },
    { &pki.future, CERT_NOT_YET_VALID, 42 },
    { &pki.other_server, CERT_WRONG_NAME, 42 },
};

static void test_a_refused_certificate_says_why(void)
{
    for (TlsVersion version = TLS_1_0; version <= TLS_1_3; version++) {
        for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
            Pair pair;
            pair_init(&pair, version, version, TLS_AUTH_SERVER, false);
            pair.policy[1].cert = *refusals[i].cert;
            pair_shake(&pair);
            if (version < TLS_1_3)
                pair_assert_failed(&pair, 0, TLS_CERTIFICATE_REFUSED, refusals[i].alert);
            g_assert_cmpint(pair_status(&pair, 0)->failure, ==, TLS_CERTIFICATE_REFUSED);
            g_assert_cmpstr(cert_result_name(pair_status(&pair, 0)->certificate), ==,
                            cert_result_name(refusals[i].result));
            g_assert_cmpint(pair_status(&pair, 1)->failure, ==, TLS_ALERT_RECEIVED);
            g_assert_nonnull(tls_peer_certificate(pair.end[0]));
            pair_clear(&pair);
        }
    }
}

static void test_an_unknown_ca_is_refused(void)
{
    Pair pair;
    pair_init(&pair, TLS_1_2, TLS_1_2, TLS_AUTH_SERVER, false);
    pair.policy[0].trust = NULL;
    pair_shake(&pair);
    pair_assert_failed(&pair, 0, TLS_CERTIFICATE_REFUSED, 48);
    g_assert_cmpint(pair_status(&pair, 0)->certificate, ==, CERT_UNKNOWN_CA);
    pair_clear(&pair);
}

static void test_a_certificate_for_another_purpose_is_refused(void)
{
    Pair pair;
    pair_init(&pair, TLS_1_2, TLS_1_2, TLS_AUTH_SERVER, false);
    pair.policy[1].cert = pki.alice;
    pair.policy[1].key = pki.alice_key;
    pair.policy[0].check = TLS_CHECK_CHAIN;
    pair_shake(&pair);
    pair_assert_failed(&pair, 0, TLS_CERTIFICATE_REFUSED, 43);
    g_assert_cmpint(pair_status(&pair, 0)->certificate, ==, CERT_WRONG_PURPOSE);
    pair_clear(&pair);
}

static void test_checks_left_out_let_it_pass(void)
{
    Pair pair;
    pair_init(&pair, TLS_1_2, TLS_1_2, TLS_AUTH_SERVER, false);
    pair.policy[1].cert = pki.other_server;
    pair.policy[0].check = TLS_CHECK_CHAIN;
    pair_shake(&pair);
    pair_assert_open(&pair);
    pair_clear(&pair);
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
        pair_init(&pair, TLS_1_0, TLS_1_2, TLS_AUTH_SERVER, false);
        pair.policy[1].cert = *refusals[i].cert;
        pair.policy[0].check = TLS_CHECK_NOTHING;
        pair_shake(&pair);
        pair_assert_open(&pair);
        pair_clear(&pair);
    }
}

static void test_a_client_without_certificate_is_refused(void)
{
    for (TlsVersion version = TLS_1_0; version <= TLS_1_3; version++) {
        Pair pair;
        pair_init(&pair, version, version, TLS_AUTH_MUTUAL, false);
        pair.policy[0].auth = TLS_AUTH_SERVER;
        pair.policy[0].cert = NULL;
        pair.policy[0].key = NULL;
        pair_shake(&pair);
        pair_assert_failed(&pair, 1, TLS_NO_CERTIFICATE, version == TLS_1_3 ? 116 : 40);
        pair_clear(&pair);
    }
}

static void test_a_server_reads_the_clients_names(void)
{
    Pair pair;
    pair_init(&pair, TLS_1_0, TLS_1_0, TLS_AUTH_MUTUAL, false);
    pair_shake(&pair);
    pair_assert_open(&pair);
    const Cert *seen = tls_peer_certificate(pair.end[1]);
    g_assert_nonnull(seen);
    g_assert_true(cert_speaks_for(seen, (CertName){ CERT_NAME_URI, "sip:alice@HOME.example" }));
    g_assert_false(cert_speaks_for(seen, (CertName){ CERT_NAME_URI, "sip:bob@home.example" }));
    pair_clear(&pair);
}

static void test_psk_hint_and_identity_arrive(void)
{
    for (TlsVersion version = TLS_1_0; version <= TLS_1_3; version++) {
        Pair pair;
        pair_init(&pair, version, version, TLS_AUTH_PSK, false);
        pair_shake(&pair);
        pair_assert_open(&pair);
        g_assert_cmpstr(tls_psk_identity(pair.end[1]), ==, gba_identity);
        g_assert_cmpstr(tls_psk_hint(pair.end[0]), ==, version == TLS_1_3 ? "" : "other;" TLS_PSK_HINT_GBA);
        g_assert_null(tls_peer_certificate(pair.end[0]));
        pair_clear(&pair);
    }
}

static void test_an_unknown_psk_identity_is_refused(void)
{
    for (TlsVersion version = TLS_1_0; version <= TLS_1_3; version++) {
        Pair pair;
        pair_init(&pair, version, version, TLS_AUTH_PSK, false);
        pair.peer[0].psk_identity = "somebody";
        pair_shake(&pair);
        pair_assert_failed(&pair, 1, TLS_PSK_UNKNOWN, version == TLS_1_3 ? 40 : 115);
        g_assert_cmpstr(tls_psk_identity(pair.end[1]), ==, "somebody");
        pair_clear(&pair);
    }
}

static void test_a_wrong_psk_is_a_bad_record(void)
{
    for (TlsVersion version = TLS_1_0; version <= TLS_1_2; version++) {
        static const uint8_t wrong[32] = { 9 };
        Pair pair;
        pair_init(&pair, version, version, TLS_AUTH_PSK, false);
        pair.peer[0].psk = wrong;
        pair_shake(&pair);
        pair_assert_failed(&pair, 1, TLS_BAD_RECORD, 20);
        pair_clear(&pair);
    }
}

static void test_another_hint_is_refused_by_the_client(void)
{
    const char *hints[] = { NULL, "3GPP", "3GPP-bootstrapping-uicc" };
    for (size_t i = 0; i < G_N_ELEMENTS(hints); i++) {
        Pair pair;
        pair_init(&pair, TLS_1_1, TLS_1_1, TLS_AUTH_PSK, false);
        pair.policy[1].psk_hint = hints[i];
        pair_shake(&pair);
        g_assert_cmpint(pair_status(&pair, 0)->failure, ==, TLS_PSK_UNKNOWN);
        g_assert_cmpint(pair_status(&pair, 1)->state, ==, TLS_FAILED);
        pair_clear(&pair);
    }
}

static void test_nothing_shared(void)
{
    static const TlsSuite cbc = TLS_RSA_AES_128_CBC_SHA, gcm = TLS_RSA_AES_128_GCM_SHA256;
    Pair pair;
    pair_init(&pair, TLS_1_2, TLS_1_2, TLS_AUTH_SERVER, true);
    pair.policy[0].suites = &cbc;
    pair.policy[1].suites = &gcm;
    pair.policy[0].n_suites = pair.policy[1].n_suites = 1;
    pair_shake(&pair);
    pair_assert_failed(&pair, 1, TLS_NOTHING_SHARED, 40);
    pair_clear(&pair);
    pair_init(&pair, TLS_1_0, TLS_1_0, TLS_AUTH_SERVER, true);
    pair.policy[1].lowest = pair.policy[1].highest = TLS_1_2;
    pair_shake(&pair);
    pair_assert_failed(&pair, 1, TLS_NOTHING_SHARED, 70);
    pair_clear(&pair);
}

static void test_a_changed_record_is_noticed(void)
{
    for (TlsVersion version = TLS_1_0; version <= TLS_1_3; version++) {
        Pair pair;
        uint8_t record[200];
        pair_init(&pair, version, version, TLS_AUTH_SERVER, false);
        pair_shake(&pair);
        g_assert_true(tls_send(pair.end[0], (const uint8_t *)"open", 4));
        const size_t len = tls_take(pair.end[0], record, sizeof record);
        record[len - 18] ^= 1;
        tls_feed(pair.end[1], record, len);
        pair_carry_all(&pair, AREA);
        pair_assert_failed(&pair, 1, TLS_BAD_RECORD, 20);
        g_assert_cmpuint(tls_receive(pair.end[1], record, sizeof record), ==, 0);
        pair_clear(&pair);
    }
}

static void test_a_replayed_record_is_noticed(void)
{
    Pair pair;
    uint8_t record[200], heard[10];
    pair_init(&pair, TLS_1_0, TLS_1_0, TLS_AUTH_SERVER, false);
    pair_shake(&pair);
    g_assert_true(tls_send(pair.end[0], (const uint8_t *)"open", 4));
    const size_t len = tls_take(pair.end[0], record, sizeof record);
    tls_feed(pair.end[1], record, len);
    g_assert_cmpuint(tls_receive(pair.end[1], heard, sizeof heard), ==, 4);
    tls_feed(pair.end[1], record, len);
    g_assert_cmpint(pair_status(&pair, 1)->failure, ==, TLS_BAD_RECORD);
    pair_clear(&pair);
}

static void test_octets_that_are_not_tls(void)
{
    const char *texts[] = { "REGISTER sip:home.example SIP/2.0\r\n\r\n", "GET / HTTP/1.0\r\n\r\n",
                            "\x16\x03\x01\x00\x05\x0e\x00\x00\x01\xff" };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        for (int end = 0; end < 2; end++) {
            Pair pair;
            pair_init(&pair, TLS_1_0, TLS_1_3, TLS_AUTH_SERVER, false);
            pair_open(&pair);
            tls_feed(pair.end[end], (const uint8_t *)texts[i], i == 2 ? 10 : strlen(texts[i]));
            g_assert_cmpint(pair_status(&pair, end)->state, ==, TLS_FAILED);
            g_assert_true(pair_status(&pair, end)->failure == TLS_BAD_HANDSHAKE ||
                          pair_status(&pair, end)->failure == TLS_NOTHING_SHARED);
            pair_clear(&pair);
        }
    }
}

/* Octets of a handshake changed, one in each try: the ends fail, or agree on everything all the same. */
static void test_changed_handshakes_fail_or_agree(void)
{
    static uint8_t octets[AREA];
    for (TlsVersion version = TLS_1_0; version <= TLS_1_3; version += 2) {
        for (size_t at = 0; at < 1500; at += 23) {
            Pair pair;
            size_t seen = 0;
            pair_init(&pair, version, version, TLS_AUTH_MUTUAL, false);
            pair_open(&pair);
            for (int turn = 0; turn < 12; turn++) {
                const size_t len = tls_take(pair.end[turn % 2], octets, sizeof octets);
                if (at >= seen && at < seen + len)
                    octets[at - seen] ^= (uint8_t)(1u << at % 8);
                seen += len;
                tls_feed(pair.end[!(turn % 2)], octets, len);
            }
            if (pair_status(&pair, 0)->state == TLS_OPEN && pair_status(&pair, 1)->state == TLS_OPEN) {
                pair_assert_open(&pair); /* a record's version, which nothing protects before the keys */
                pair_say(&pair, 0, "still the same keys", AREA);
            }
            pair_clear(&pair);
        }
    }
}

static void test_policies_that_cannot_work(void)
{
    static const TlsSuite gcm = TLS_RSA_AES_128_GCM_SHA256;
    TlsPolicy policy = { .server = true, .lowest = TLS_1_0, .highest = TLS_1_0, .auth = TLS_AUTH_SERVER };
    g_assert_null(tls_context_new(&policy)); /* no certificate */
    policy.cert = pki.rsa_cert;
    policy.key = pki.ec;
    g_assert_null(tls_context_new(&policy)); /* another's key */
    policy.key = pki.rsa;
    policy.suites = &gcm;
    policy.n_suites = 1;
    g_assert_null(tls_context_new(&policy)); /* GCM in TLS 1.0 */
    policy.highest = TLS_1_2;
    g_autoptr(TlsContext) works = tls_context_new(&policy);
    g_assert_nonnull(works);
}

#define ADD(name, function) g_test_add_func("/crypto/tls/" name, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    pki_make();
    ADD("a-refused-certificate-says-why", test_a_refused_certificate_says_why);
    ADD("an-unknown-ca-is-refused", test_an_unknown_ca_is_refused);
    ADD("a-certificate-for-another-purpose-is-refused", test_a_certificate_for_another_purpose_is_refused);
    ADD("checks-left-out-let-it-pass", test_checks_left_out_let_it_pass);
    ADD("a-client-without-certificate-is-refused", test_a_client_without_certificate_is_refused);
    ADD("a-server-reads-the-clients-names", test_a_server_reads_the_clients_names);
    ADD("psk-hint-and-identity-arrive", test_psk_hint_and_identity_arrive);
    ADD("an-unknown-psk-identity-is-refused", test_an_unknown_psk_identity_is_refused);
    ADD("a-wrong-psk-is-a-bad-record", test_a_wrong_psk_is_a_bad_record);
    ADD("another-hint-is-refused-by-the-client", test_another_hint_is_refused_by_the_client);
    ADD("nothing-shared", test_nothing_shared);
    ADD("a-changed-record-is-noticed", test_a_changed_record_is_noticed);
    ADD("a-replayed-record-is-noticed", test_a_replayed_record_is_noticed);
    ADD("octets-that-are-not-tls", test_octets_that_are_not_tls);
    ADD("changed-handshakes-fail-or-agree", test_changed_handshakes_fail_or_agree);
    ADD("policies-that-cannot-work", test_policies_that_cannot_work);
    const int result = g_test_run();
    pki_free();
    return result;
}
