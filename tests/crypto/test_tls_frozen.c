/*
 * tests/crypto/test_tls_frozen.c - hibernated ends: they talk to live ones and to each other as before.
 *
 * Source:  RFC 2246 §6.2.3.2, RFC 5246 §6.2.3, RFC 8446 §5; alerts: RFC 5246 §7.2.
 * Knows:   tests/crypto/support/tls_ends.h, crypto/tls_hibernate.h.
 */
#include "crypto/tls_hibernate.h"
#include "tests/crypto/support/tls_ends.h"

#include <string.h>

static const struct {
    TlsVersion version;
    TlsSuite suite;
    bool rsa;
} kinds[] = {
    { TLS_1_0, TLS_RSA_AES_128_CBC_SHA, true },
    { TLS_1_0, TLS_RSA_NULL_SHA, true },
    { TLS_1_0, TLS_PSK_AES_128_CBC_SHA, false },
    { TLS_1_1, TLS_ECDHE_ECDSA_AES_128_CBC_SHA, false },
    { TLS_1_1, TLS_PSK_NULL_SHA, false },
    { TLS_1_2, TLS_RSA_AES_128_CBC_SHA, true },
    { TLS_1_2, TLS_RSA_AES_128_CBC_SHA256, true },
    { TLS_1_2, TLS_PSK_AES_128_CBC_SHA256, false },
    { TLS_1_2, TLS_ECDHE_ECDSA_AES_128_GCM_SHA256, false },
    { TLS_1_2, TLS_PSK_AES_128_GCM_SHA256, false },
    { TLS_1_2, TLS_RSA_NULL_SHA, true },
    { TLS_1_3, TLS_AES_128_GCM_SHA256, false },
};

/* An end, live or frozen. */
typedef struct {
    Tls *live; /* borrowed; NULL: frozen */
    TlsFrozen frozen;
    CryptoRandom random;
    TlsWork work;
    uint8_t alert;
} End;

static void shake_kind(Pair *pair, size_t kind)
{
    const TlsAuth auth = suite_is_psk(kinds[kind].suite) ? TLS_AUTH_PSK : TLS_AUTH_SERVER;
    pair_init(pair, kinds[kind].version, kinds[kind].version, auth, kinds[kind].rsa);
    for (int i = 0; i < 2; i++) {
        pair->policy[i].suites = &kinds[kind].suite;
        pair->policy[i].n_suites = 1;
    }
    pair_shake(pair);
    pair_assert_open(pair);
}

static void end_init(End *end, Pair *pair, int which, bool freeze)
{
    *end = (End){ .live = pair->end[which], .random = { source_fill, &pair->source[which] } };
    if (!freeze)
        return;
    g_assert_true(tls_freeze(end->live, &end->frozen));
    tls_free(end->live);
    end->live = pair->end[which] = NULL;
}

static size_t end_send(End *end, const uint8_t *plain, size_t len, uint8_t *out, size_t capacity)
{
    if (!end->live)
        return tls_frozen_send(&end->frozen, &end->random, plain, len, out, capacity, &end->work);
    g_assert_true(tls_send(end->live, plain, len));
    return tls_take(end->live, out, capacity);
}

static TlsFrozenResult frozen_hear(End *end, uint8_t *octets, size_t len, uint8_t *plain, size_t *plain_len)
{
    *plain_len = 0;
    while (len > 0) {
        uint8_t *data;
        size_t data_len;
        const size_t record = tls_record_len(octets, len);
        g_assert_cmpuint(record, <=, len);
        const TlsFrozenResult result =
            tls_frozen_receive(&end->frozen, octets, record, &data, &data_len, &end->alert, &end->work);
        if (result != TLS_FROZEN_DATA)
            return result;
        if (data_len)
            memcpy(plain + *plain_len, data, data_len);
        *plain_len += data_len;
        octets += record;
        len -= record;
    }
    return TLS_FROZEN_DATA;
}

static void end_hear(End *end, uint8_t *octets, size_t len, uint8_t *plain, size_t *plain_len)
{
    if (!end->live) {
        g_assert_cmpint(frozen_hear(end, octets, len, plain, plain_len), ==, TLS_FROZEN_DATA);
        return;
    }
    *plain_len = 0;
    tls_feed(end->live, octets, len);
    for (size_t n = 1; n > 0; *plain_len += n)
        n = tls_receive(end->live, plain + *plain_len, AREA - *plain_len);
}

static void talk(End *from, End *to, size_t len)
{
    static uint8_t said[AREA], octets[AREA + 4096], heard[AREA];
    size_t heard_len;
    for (size_t i = 0; i < len; i++)
        said[i] = (uint8_t)(i * 31 + len);
    const size_t n = end_send(from, said, len, octets, sizeof octets);
    g_assert_cmpuint(n, >, len);
    end_hear(to, octets, n, heard, &heard_len);
    g_assert_cmpmem(heard, heard_len, said, len);
}

static void close_end(End *from, End *to)
{
    uint8_t octets[TLS_FROZEN_ALERT_MAX], plain[16];
    size_t len, plain_len;
    if (from->live) {
        tls_close(from->live);
        len = tls_take(from->live, octets, sizeof octets);
    } else {
        len = tls_frozen_alert(&from->frozen, &from->random, 0, octets, NULL);
    }
    g_assert_cmpuint(len, >, 0);
    if (to->live) {
        tls_feed(to->live, octets, len);
        g_assert_cmpint(tls_status(to->live)->state, ==, TLS_PEER_CLOSED);
    } else {
        g_assert_cmpint(frozen_hear(to, octets, len, plain, &plain_len), ==, TLS_FROZEN_CLOSED);
        g_assert_cmpint(to->frozen.state, ==, TLS_PEER_CLOSED);
    }
}

/* @frozen: bit 0 the client, bit 1 the server. */
static void run(size_t kind, unsigned frozen, bool used_before)
{
    Pair pair;
    End ends[2];
    shake_kind(&pair, kind);
    if (used_before) {
        pair_say(&pair, 0, "REGISTER", AREA);
        pair_say(&pair, 1, "401", AREA);
        pair_say(&pair, 0, "REGISTER", AREA);
    }
    for (int i = 0; i < 2; i++)
        end_init(&ends[i], &pair, i, frozen >> i & 1);
    static const size_t lengths[] = { 1, 900, 15, 16, 17, 16384, 40000, 300 };
    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
        talk(&ends[i % 3 == 0], &ends[i % 3 != 0], lengths[i]);
        talk(&ends[i % 2], &ends[!(i % 2)], 3);
    }
    close_end(&ends[kind % 2], &ends[!(kind % 2)]);
    pair_clear(&pair);
}

static void test_every_combination_talks(void)
{
    for (size_t kind = 0; kind < G_N_ELEMENTS(kinds); kind++)
        for (unsigned frozen = 1; frozen < 4; frozen++)
            for (int used = 0; used < 2; used++)
                run(kind, frozen, used);
}

static void test_one_end_has_124_octets(void)
{
    g_assert_cmpuint(sizeof(TlsFrozen), <=, 124);
}

static void test_sealed_lengths_are_foretold(void)
{
    for (size_t kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
        static const uint8_t plain[40000];
        static uint8_t octets[AREA];
        Pair pair;
        End end;
        shake_kind(&pair, kind);
        end_init(&end, &pair, 0, true);
        static const size_t lengths[] = { 0, 1, 15, 100, 16383, 16384, 16385, 32768, 40000 };
        for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
            const size_t sealed = tls_frozen_sealed_len(&end.frozen, lengths[i]);
            g_assert_cmpuint(end_send(&end, plain, lengths[i], octets, sealed - 1), ==, 0);
            g_assert_cmpuint(end_send(&end, plain, lengths[i], octets, sealed), ==, sealed);
        }
        pair_clear(&pair);
    }
}

static void test_freezing_waits_for_idleness(void)
{
    Pair pair;
    TlsFrozen frozen;
    uint8_t octets[300], plain[100];
    pair_init(&pair, TLS_1_2, TLS_1_2, TLS_AUTH_SERVER, false);
    pair_open(&pair);
    g_assert_false(tls_freeze(pair.end[0], &frozen)); /* in the handshake */
    pair_carry_all(&pair, AREA);
    g_assert_true(tls_freeze(pair.end[0], &frozen));
    g_assert_true(tls_send(pair.end[0], (const uint8_t *)"0123456789", 10));
    g_assert_false(tls_freeze(pair.end[0], &frozen)); /* octets wait to be sent */
    const size_t len = tls_take(pair.end[0], octets, sizeof octets);
    for (size_t at = 0; at < len; at++) {
        tls_feed(pair.end[1], octets + at, 1);
        g_assert_false(tls_freeze(pair.end[1], &frozen)); /* half a record, then data that nobody took */
    }
    g_assert_cmpuint(tls_receive(pair.end[1], plain, 4), ==, 4);
    g_assert_false(tls_freeze(pair.end[1], &frozen));
    g_assert_cmpuint(tls_receive(pair.end[1], plain, 100), ==, 6);
    g_assert_true(tls_freeze(pair.end[1], &frozen));
    pair_clear(&pair);
}

static void test_a_changed_or_replayed_record_is_noticed(void)
{
    for (size_t kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
        for (size_t change = 0; change < 60; change++) {
            Pair pair;
            End end;
            uint8_t octets[200], copy[200], plain[200];
            size_t plain_len;
            shake_kind(&pair, kind);
            end_init(&end, &pair, 1, true);
            g_assert_true(tls_send(pair.end[0], (const uint8_t *)"0123456789", 10));
            const size_t len = tls_take(pair.end[0], octets, sizeof octets);
            memcpy(copy, octets, len);
            if (change == 59)
                g_assert_cmpint(frozen_hear(&end, copy, len, plain, &plain_len), ==, TLS_FROZEN_DATA);
            else if (change >= len || change == 3 || change == 4)
                octets[len - 1] ^= 1;
            else
                octets[change] ^= 0x10;
            g_assert_cmpint(frozen_hear(&end, octets, len, plain, &plain_len), ==, TLS_FROZEN_BAD_RECORD);
            g_assert_cmpint(end.frozen.state, ==, TLS_FAILED);
            g_assert_cmpint(frozen_hear(&end, octets, len, plain, &plain_len), ==, TLS_FROZEN_OVER);
            /* the answer is bad_record_mac, and a live end understands it */
            const size_t alert = tls_frozen_alert(&end.frozen, &end.random, 20, octets, NULL);
            tls_feed(pair.end[0], octets, alert);
            g_assert_cmpint(tls_status(pair.end[0])->alert_received, ==, 20);
            g_assert_cmpint(tls_status(pair.end[0])->failure, ==, TLS_ALERT_RECEIVED);
            g_assert_cmpuint(tls_frozen_alert(&end.frozen, &end.random, 20, octets, NULL), ==, 0);
            g_assert_cmpuint(end_send(&end, plain, 1, octets, sizeof octets), ==, 0);
            pair_clear(&pair);
            if (kinds[kind].rsa)
                change += 11; /* RSA handshakes take their time */
        }
    }
}

static void test_a_fatal_alert_ends_a_frozen_end(void)
{
    for (size_t kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
        Pair pair;
        End end;
        uint8_t octets[200], plain[200];
        size_t plain_len;
        shake_kind(&pair, kind);
        end_init(&end, &pair, 0, true);
        memset(octets, 0, sizeof octets);
        memcpy(octets, "\x17\x03\x00\x00\x60", 5);
        octets[2] = (uint8_t)(kinds[kind].version == TLS_1_3 ? 3 : kinds[kind].version + 1);
        tls_feed(pair.end[1], octets, 5 + 0x60); /* makes the live end complain */
        const size_t len = tls_take(pair.end[1], octets, sizeof octets);
        g_assert_cmpint(frozen_hear(&end, octets, len, plain, &plain_len), ==, TLS_FROZEN_ALERT);
        g_assert_cmpuint(end.alert, ==, 20);
        g_assert_cmpint(end.frozen.state, ==, TLS_FAILED);
        pair_clear(&pair);
    }
}

static void test_a_cut_record_is_a_bad_one(void)
{
    for (size_t kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
        Pair pair;
        End end, copy;
        uint8_t octets[200], cut[200], *plain, alert;
        size_t plain_len;
        shake_kind(&pair, kind);
        end_init(&end, &pair, 1, true);
        g_assert_true(tls_send(pair.end[0], (const uint8_t *)"0123456789", 10));
        const size_t len = tls_take(pair.end[0], octets, sizeof octets);
        g_assert_cmpuint(tls_record_len(octets, 4), ==, 0);
        g_assert_cmpuint(tls_record_len(octets, 5), ==, len);
        for (size_t n = 0; n < len; n++) {
            memcpy(cut, octets, sizeof cut);
            if (n >= TLS_HEADER_LEN) /* a header that agrees */
                cut[4] = (uint8_t)(n - TLS_HEADER_LEN);
            copy = end;
            g_assert_cmpint(tls_frozen_receive(&copy.frozen, cut, n, &plain, &plain_len, &alert, NULL), ==,
                            TLS_FROZEN_BAD_RECORD);
        }
        pair_clear(&pair);
    }
}

static void test_work_is_counted(void)
{
    Pair pair;
    End ends[2];
    shake_kind(&pair, 0);
    end_init(&ends[0], &pair, 0, true);
    end_init(&ends[1], &pair, 1, true);
    talk(&ends[0], &ends[1], 100);
    g_assert_cmpuint(ends[0].work.records_sealed, ==, 1);
    g_assert_cmpuint(ends[0].work.octets_sealed, ==, 128);
    g_assert_cmpuint(ends[1].work.records_opened, ==, 1);
    g_assert_cmpuint(ends[1].work.octets_opened, ==, 128);
    pair_clear(&pair);
}

static void test_a_cleared_end_is_over(void)
{
    Pair pair;
    End end;
    uint8_t octets[200];
    shake_kind(&pair, 3);
    end_init(&end, &pair, 0, true);
    tls_frozen_clear(&end.frozen);
    g_assert_cmpuint(end_send(&end, octets, 1, octets + 100, 100), ==, 0);
    g_assert_cmpuint(tls_frozen_alert(&end.frozen, &end.random, 0, octets, NULL), ==, 0);
    for (size_t i = 0; i < sizeof end.frozen.sending; i++)
        g_assert_cmpuint(((uint8_t *)&end.frozen.sending)[i], ==, 0);
    pair_clear(&pair);
}

#define ADD(name, function) g_test_add_func("/crypto/tls/frozen/" name, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    pki_make();
    ADD("every-combination-talks", test_every_combination_talks);
    ADD("one-end-has-124-octets", test_one_end_has_124_octets);
    ADD("sealed-lengths-are-foretold", test_sealed_lengths_are_foretold);
    ADD("freezing-waits-for-idleness", test_freezing_waits_for_idleness);
    ADD("a-changed-or-replayed-record-is-noticed", test_a_changed_or_replayed_record_is_noticed);
    ADD("a-fatal-alert-ends-a-frozen-end", test_a_fatal_alert_ends_a_frozen_end);
    ADD("a-cut-record-is-a-bad-one", test_a_cut_record_is_a_bad_one);
    ADD("work-is-counted", test_work_is_counted);
    ADD("a-cleared-end-is-over", test_a_cleared_end_is_over);
    const int result = g_test_run();
    pki_free();
    return result;
}
