/*
 * tests/attacker/test_tls_decode.c - what TLS shows to somebody without keys: certificates, identities, NULL suites.
 *
 * Source:  RFC 2246 §7.4, RFC 4279 §2, RFC 8446 §4.2.11; threats AT-46, K41, K42.
 */
#include "crypto/tls_record.h"
#include "nodes/attacker/private.h"
#include "tests/attacker/support/tls_spy.h"

static Spy *spied(const TlsWish *wish)
{
    Spy *spy = spy_new(wish);
    (void)tls_say(spy->t->a, spy->t->chain->p, 0, "MESSAGE", 3000);
    tls_run(spy->t, 60 * SIM_SEC);
    g_assert_cmpuint(spy->t->p->requests, ==, 1);
    g_assert_cmpuint(attacker_moves(spy->attacker), ==, 0);
    return spy;
}

static size_t readings(const Spy *spy, const char *what)
{
    const Knowledge *knowledge = attacker_knowledge(spy->attacker);
    size_t n = 0;
    for (size_t i = 0; i < knowledge_count(knowledge); i++)
        n += strcmp(knowledge_get(knowledge, i)->what, what) == 0;
    return n;
}

static void test_certificates(void)
{
    for (int version = TLS_1_0; version <= TLS_1_3; version++) {
        g_autoptr(Spy) spy = spied(&(TlsWish){ .version = (TlsVersion)version, .mutual = true });
        const Reading *server = spy_reading(spy, "pcscf.visited.example"), *client = spy_reading(spy, "sip:alice@");
        g_assert_cmpuint(readings(spy, "certificate"), ==, version < TLS_1_3 ? 2 : 0);
        g_assert_true((server != NULL) == (version < TLS_1_3)); /* RFC 8446: encrypted from the server's hello on */
        if (server == NULL)
            continue;
        g_assert_cmpstr(server->headers, ==, "certificate of pcscf.visited.example");
        g_assert_cmpint(server->dir, ==, NET_DOWN);
        g_assert_cmpstr(client->headers, ==, "certificate of sip:alice@home.example");
        g_assert_cmpint(client->dir, ==, NET_UP);
        g_assert_cmpstr(client->how, ==, "in the clear");
        g_assert_cmpuint(client->sport, !=, SIPS_PORT);
        g_assert_cmpuint(client->dport, ==, SIPS_PORT);
        g_assert_cmpstr(client->from, ==, "");
    }
}

static void test_what_is_encrypted_is_counted(void)
{
    for (int version = TLS_1_0; version <= TLS_1_3; version++) {
        g_autoptr(Spy) spy = spied(&(TlsWish){ .version = (TlsVersion)version });
        g_assert_cmpuint(readings(spy, "request") + readings(spy, "response"), ==, 0);
        g_assert_cmpuint(knowledge_sealed(attacker_knowledge(spy->attacker)), >=, 2);
    }
}

static void test_null_suite(void)
{
    static const TlsSuite suite = TLS_RSA_NULL_SHA;
    g_autoptr(Spy) spy = spied(&(TlsWish){ .suite = &suite, .rsa = true });
    (void)tls_say(spy->t->p, spy->t->chain->a, spy->t->p->connection, "NOTIFY", 20000); /* more than one record */
    tls_run(spy->t, 60 * SIM_SEC);
    g_assert_cmpuint(spy->t->a->requests, ==, 1);
    g_assert_cmpuint(readings(spy, "request"), ==, 2);
    g_assert_cmpuint(readings(spy, "response"), ==, 2);
    const Reading *notify = spy_reading(spy, "NOTIFY sip:bob");
    g_assert_cmpstr(notify->how, ==, "TLS with NULL encryption");
    g_assert_cmpuint(strlen(notify->body), ==, 20000);
    g_assert_cmpuint(knowledge_sealed(attacker_knowledge(spy->attacker)), ==, 0);
}

/* ---- crafted ---- */

static void take(Spy *spy, TlsTap *tap, uint16_t suite, uint8_t type, const uint8_t *body, size_t len)
{
    Knowledge *knowledge = &spy->attacker->knowledge;
    NetAddr addr = net_addr_make(1, 1);
    Seen seen = { .segment = "ap" };
    Layers layers = { g_string_new(NULL), 0 };
    Crossing at = { .knowledge = knowledge, .seen = &seen, .src = &addr, .dst = &addr, .layers = &layers };
    g_autofree uint8_t *record = g_malloc(TLS_HEADER_LEN + len);
    memcpy(record, (uint8_t[]){ type, 3, 1, (uint8_t)(len >> 8), (uint8_t)len }, TLS_HEADER_LEN);
    memcpy(record + TLS_HEADER_LEN, body, len);
    tls_tap_record(tap, &at, suite, record, TLS_HEADER_LEN + len);
    g_string_free(layers.how, TRUE);
}

static void test_psk_identity(void)
{
    static const uint8_t exchange[] = { 16, 0, 0, 9, 0, 7, 'b', '-', 't', 'i', 'd', '@', 'x' };
    g_autoptr(Spy) spy = spy_new(&(TlsWish){ 0 });
    for (unsigned psk = 0; psk < 2; psk++) {
        TlsTap *tap = tls_tap_new();
        uint16_t suite = psk ? TLS_PSK_AES_128_CBC_SHA : TLS_RSA_AES_128_CBC_SHA;
        take(spy, tap, suite, TLS_RECORD_HANDSHAKE, exchange, 5); /* cut into two records */
        take(spy, tap, suite, TLS_RECORD_HANDSHAKE, exchange + 5, sizeof exchange - 5);
        g_assert_cmpuint(readings(spy, "PSK identity"), ==, psk);
        tls_tap_free(tap);
    }
    g_assert_nonnull(spy_reading(spy, "PSK identity b-tid@x"));
}

static void test_psk_identity_in_a_hello(void)
{
    uint8_t hello[128] = { 1, 0, 0, 0 };
    size_t n = 4 + 34;
    static const uint8_t rest[] = { 0,              /* session */
                                    0, 2,  0x13, 1, /* suites */
                                    1, 0,           /* compression */
                                    0, 26, 0,    43,  0,   3, 2, 3, 4, 0, 41, 0, 15, 0,
                                    8, 0,  2,    'i', 'd', 0, 0, 0, 0, 0, 3,  2, 0,  0 };
    g_autoptr(Spy) spy = spy_new(&(TlsWish){ 0 });
    TlsTap *tap = tls_tap_new();
    memcpy(hello + n, rest, sizeof rest);
    hello[3] = (uint8_t)(n + sizeof rest - 4);
    take(spy, tap, 0, TLS_RECORD_HANDSHAKE, hello, n + sizeof rest);
    g_assert_nonnull(spy_reading(spy, "PSK identity id"));
    tls_tap_free(tap);
}

/* Whatever comes: nothing is read beyond its end, and lengths that lie are passed over. */
static void test_hostile_records(void)
{
    static const uint8_t types[] = { 1, 2, 11, 16, 200 };
    g_autoptr(Spy) spy = spy_new(&(TlsWish){ 0 });
    for (size_t i = 0; i < sizeof types; i++) {
        for (unsigned fill = 0; fill < 256; fill += 85) {
            for (size_t len = 0; len < 60; len++) {
                uint8_t body[64] = { types[i], 0, 0, (uint8_t)(len > 4 ? len - 4 : 0) };
                TlsTap *tap = tls_tap_new();
                memset(body + 4, (int)fill, sizeof body - 4);
                take(spy, tap, TLS_PSK_AES_128_CBC_SHA, TLS_RECORD_HANDSHAKE, body, len);
                take(spy, tap, TLS_RSA_NULL_SHA, TLS_RECORD_DATA, body, len % 25);
                tls_tap_free(tap);
            }
        }
    }
    g_assert_cmpuint(readings(spy, "certificate"), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attacker/tls/decode/certificates", test_certificates);
    g_test_add_func("/attacker/tls/decode/what-is-encrypted-is-counted", test_what_is_encrypted_is_counted);
    g_test_add_func("/attacker/tls/decode/null-suite", test_null_suite);
    g_test_add_func("/attacker/tls/decode/psk-identity", test_psk_identity);
    g_test_add_func("/attacker/tls/decode/psk-identity-in-a-hello", test_psk_identity_in_a_hello);
    g_test_add_func("/attacker/tls/decode/hostile-records", test_hostile_records);
    return g_test_run();
}
