/*
 * tests/crypto/test_tls.c - two ends of ours over every version, authentication and suite.
 *
 * Source:  RFC 2246 §6.2.3, RFC 5246 §6.2.3, RFC 8446 §5.2 (sizes); RFC 4279 §2; TS 33.222 §5.4.
 * Knows:   tests/crypto/support/tls_ends.h.
 */
#include "tests/crypto/support/tls_ends.h"

#include <string.h>

static void close_both(Pair *pair)
{
    tls_close(pair->end[0]);
    pair_carry(pair, 0, AREA);
    g_assert_cmpint(pair_status(pair, 1)->state, ==, TLS_PEER_CLOSED);
    g_assert_cmpint(pair_status(pair, 1)->alert_received, ==, 0);
    tls_close(pair->end[1]);
    pair_carry(pair, 1, AREA);
    g_assert_cmpint(pair_status(pair, 0)->state, ==, TLS_CLOSED);
    g_assert_cmpint(pair_status(pair, 1)->state, ==, TLS_CLOSED);
    g_assert_false(tls_send(pair->end[0], (const uint8_t *)"x", 1));
}

/* ---- handshakes ---- */

static const struct {
    TlsAuth auth;
    bool rsa;
} ways[] = { { TLS_AUTH_SERVER, true },
             { TLS_AUTH_SERVER, false },
             { TLS_AUTH_MUTUAL, true },
             { TLS_AUTH_MUTUAL, false },
             { TLS_AUTH_PSK, false } };

static void run_whole(TlsVersion version, TlsAuth auth, bool rsa, uint32_t seed, size_t piece,
                      uint8_t hash[CRYPTO_SHA256_LEN])
{
    Pair pair;
    pair_init(&pair, version, version, auth, rsa);
    pair.source[0].seed = pair.source[1].seed = seed;
    pair_open(&pair);
    pair_carry_all(&pair, piece);
    pair_assert_open(&pair);
    g_assert_cmpint(pair_status(&pair, 0)->version, ==, version);
    pair_say(&pair, 0, "SUBSCRIBE sip:bob@home.example SIP/2.0\r\n\r\n", piece);
    pair_say(&pair, 1, "SIP/2.0 200 OK\r\n\r\n", piece);
    close_both(&pair);
    crypto_sha256_get(pair.all, hash);
    pair_clear(&pair);
}

static void test_every_version_and_authentication(void)
{
    for (TlsVersion version = TLS_1_0; version <= TLS_1_3; version++) {
        for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
            uint8_t hash[CRYPTO_SHA256_LEN];
            run_whole(version, ways[i].auth, ways[i].rsa, 1, AREA, hash);
            run_whole(version, ways[i].auth, ways[i].rsa, 1, 7, hash);
        }
    }
}

static void test_same_seed_same_octets(void)
{
    for (TlsVersion version = TLS_1_0; version <= TLS_1_3; version++) {
        for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
            uint8_t a[CRYPTO_SHA256_LEN], b[CRYPTO_SHA256_LEN], c[CRYPTO_SHA256_LEN];
            run_whole(version, ways[i].auth, ways[i].rsa, 1, AREA, a);
            for (int unrelated = 0; unrelated < 3; unrelated++) /* whoever used the server's key before */
                run_whole(version, ways[i].auth, ways[i].rsa, 50, AREA, c);
            run_whole(version, ways[i].auth, ways[i].rsa, 1, AREA, b);
            g_assert_cmpmem(a, sizeof a, b, sizeof b);
            g_assert_true(memcmp(a, c, sizeof a) != 0);
        }
    }
}

static void test_the_highest_common_version_wins(void)
{
    Pair pair;
    pair_init(&pair, TLS_1_0, TLS_1_3, TLS_AUTH_SERVER, true);
    pair.policy[1].highest = TLS_1_1;
    pair_shake(&pair);
    pair_assert_open(&pair);
    g_assert_cmpint(pair_status(&pair, 0)->version, ==, TLS_1_1);
    g_assert_cmpint(pair_status(&pair, 1)->version, ==, TLS_1_1);
    pair_clear(&pair);
}

static const struct {
    TlsSuite suite;
    TlsVersion version;
    bool rsa;
    size_t sealed_100; /* octets of a record with 100 of data */
} suites[] = {
    { TLS_RSA_AES_128_CBC_SHA, TLS_1_0, true, 5 + 128 },
    { TLS_RSA_AES_128_CBC_SHA, TLS_1_1, true, 5 + 16 + 128 },
    { TLS_RSA_AES_128_CBC_SHA, TLS_1_2, true, 5 + 16 + 128 },
    { TLS_RSA_AES_128_CBC_SHA256, TLS_1_2, true, 5 + 16 + 144 },
    { TLS_RSA_AES_128_GCM_SHA256, TLS_1_2, true, 100 + 29 },
    { TLS_ECDHE_RSA_AES_128_CBC_SHA, TLS_1_0, true, 5 + 128 },
    { TLS_ECDHE_RSA_AES_128_CBC_SHA256, TLS_1_2, true, 5 + 16 + 144 },
    { TLS_ECDHE_RSA_AES_128_GCM_SHA256, TLS_1_2, true, 100 + 29 },
    { TLS_ECDHE_ECDSA_AES_128_CBC_SHA, TLS_1_1, false, 5 + 16 + 128 },
    { TLS_ECDHE_ECDSA_AES_128_CBC_SHA256, TLS_1_2, false, 5 + 16 + 144 },
    { TLS_ECDHE_ECDSA_AES_128_GCM_SHA256, TLS_1_2, false, 100 + 29 },
    { TLS_RSA_NULL_SHA, TLS_1_0, true, 100 + 25 },
    { TLS_RSA_NULL_SHA, TLS_1_2, true, 100 + 25 },
    { TLS_PSK_NULL_SHA, TLS_1_0, false, 100 + 25 },
    { TLS_PSK_AES_128_CBC_SHA, TLS_1_0, false, 5 + 128 },
    { TLS_PSK_AES_128_CBC_SHA256, TLS_1_2, false, 5 + 16 + 144 },
    { TLS_PSK_AES_128_GCM_SHA256, TLS_1_2, false, 100 + 29 },
    { TLS_AES_128_GCM_SHA256, TLS_1_3, false, 100 + 22 },
};

static void test_every_suite_has_the_sizes_of_its_rfc(void)
{
    static const uint8_t data[100] = "NOTIFY with a canary-token in it";
    for (size_t i = 0; i < G_N_ELEMENTS(suites); i++) {
        Pair pair;
        uint8_t record[400];
        const TlsAuth auth = suite_is_psk(suites[i].suite) ? TLS_AUTH_PSK : TLS_AUTH_SERVER;
        pair_init(&pair, suites[i].version, suites[i].version, auth, suites[i].rsa);
        for (int end = 0; end < 2; end++) {
            pair.policy[end].suites = &suites[i].suite;
            pair.policy[end].n_suites = 1;
        }
        pair_shake(&pair);
        pair_assert_open(&pair);
        g_assert_cmpstr(tls_suite_name(pair_status(&pair, 0)->suite), ==, tls_suite_name(suites[i].suite));
        g_assert_true(tls_send(pair.end[0], data, sizeof data));
        g_assert_cmpuint(tls_waiting(pair.end[0]), ==, suites[i].sealed_100);
        const size_t len = tls_take(pair.end[0], record, sizeof record);
        const bool readable = memmem(record, len, "canary-token", 12) != NULL;
        g_assert_true(readable == (strstr(tls_suite_name(suites[i].suite), "NULL") != NULL));
        pair_clear(&pair);
    }
}

static void test_null_suites_are_never_a_default(void)
{
    static const TlsSuite null_sha = TLS_RSA_NULL_SHA;
    Pair pair;
    pair_init(&pair, TLS_1_0, TLS_1_2, TLS_AUTH_SERVER, true);
    pair.policy[0].suites = &null_sha;
    pair.policy[0].n_suites = 1;
    pair_shake(&pair);
    g_assert_cmpint(pair_status(&pair, 1)->failure, ==, TLS_NOTHING_SHARED);
    pair_clear(&pair);
}

static void test_long_data_is_cut_into_records(void)
{
    Pair pair;
    g_autofree uint8_t *data = g_malloc(40000), *heard = g_malloc(40000);
    for (size_t i = 0; i < 40000; i++)
        data[i] = (uint8_t)(i * 7);
    pair_init(&pair, TLS_1_2, TLS_1_2, TLS_AUTH_SERVER, false);
    pair_shake(&pair);
    g_assert_true(tls_send(pair.end[1], data, 40000));
    pair_carry_all(&pair, 1000);
    size_t len = 0;
    for (size_t n = 1; n > 0; len += n)
        n = tls_receive(pair.end[0], heard + len, 40000 - len);
    g_assert_cmpmem(heard, len, data, 40000);
    pair_clear(&pair);
}

/* ---- what it cost ---- */

static void test_work_is_counted(void)
{
    static const TlsSuite cbc = TLS_RSA_AES_128_CBC_SHA;
    Pair pair;
    pair_init(&pair, TLS_1_0, TLS_1_0, TLS_AUTH_SERVER, true);
    pair.policy[0].suites = &cbc;
    pair.policy[0].n_suites = 1;
    pair_shake(&pair);
    pair_say(&pair, 0, "0123456789", AREA);
    const TlsWork *client = tls_work(pair.end[0]), *server = tls_work(pair.end[1]);
    g_assert_cmpuint(client->rsa_encryptions, ==, 1);
    g_assert_cmpuint(server->rsa_decryptions, ==, 1);
    g_assert_cmpuint(client->verifications, ==, 1); /* the certificate */
    g_assert_cmpuint(client->signatures + server->signatures + client->key_agreements, ==, 0);
    g_assert_cmpuint(client->records_sealed, ==, 2); /* Finished and the data */
    g_assert_cmpuint(client->octets_sealed, ==, 48 + 32);
    g_assert_cmpuint(server->octets_opened, ==, 48 + 32);
    pair_clear(&pair);

    for (TlsVersion version = TLS_1_2; version <= TLS_1_3; version++) {
        pair_init(&pair, version, version, TLS_AUTH_MUTUAL, false);
        pair_shake(&pair);
        for (int end = 0; end < 2; end++) {
            g_assert_cmpuint(tls_work(pair.end[end])->signatures, ==, 1);
            g_assert_cmpuint(tls_work(pair.end[end])->verifications, ==, 2); /* the signature, the certificate */
            g_assert_cmpuint(tls_work(pair.end[end])->key_agreements, ==, 1);
        }
        pair_clear(&pair);
    }
}

static void keep_line(void *ctx, const char *line)
{
    g_ptr_array_add(ctx, g_strdup(line));
}

static void test_secrets_are_told_to_the_keylog(void)
{
    for (TlsVersion version = TLS_1_0; version <= TLS_1_3; version++) {
        Pair pair;
        g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
        pair_init(&pair, version, version, TLS_AUTH_SERVER, false);
        pair.policy[1].keylog = keep_line;
        pair.policy[1].keylog_ctx = lines;
        pair_shake(&pair);
        g_assert_cmpuint(lines->len, >=, 1);
        if (version < TLS_1_3)
            g_assert_true(g_str_has_prefix(g_ptr_array_index(lines, 0), "CLIENT_RANDOM "));
        pair_clear(&pair);
    }
}

#define ADD(name, function) g_test_add_func("/crypto/tls/" name, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    pki_make();
    ADD("every-version-and-authentication", test_every_version_and_authentication);
    ADD("same-seed-same-octets", test_same_seed_same_octets);
    ADD("the-highest-common-version-wins", test_the_highest_common_version_wins);
    ADD("every-suite-has-the-sizes-of-its-rfc", test_every_suite_has_the_sizes_of_its_rfc);
    ADD("null-suites-are-never-a-default", test_null_suites_are_never_a_default);
    ADD("long-data-is-cut-into-records", test_long_data_is_cut_into_records);
    ADD("work-is-counted", test_work_is_counted);
    ADD("secrets-are-told-to-the-keylog", test_secrets_are_told_to_the_keylog);
    const int result = g_test_run();
    pki_free();
    return result;
}
