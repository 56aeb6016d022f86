/*
 * tests/msg/test_access_msg.c - link signalling.
 */
#include "nodes/msg/access.h"

/* One message of every type with everything it may carry. */
static AccessMsg sample(AccessType type)
{
    AccessMsg msg = { .type = type,
                      .has = (ACCESS_HAS_MAC << 1) - 1,
                      .cell = 0x01020304,
                      .technology = ACCESS_GPRS,
                      .strength = 200,
                      .cipher = 3,
                      .capabilities = 0x3f,
                      .imsi = TEXT("001010123456789"),
                      .rand = { 1 },
                      .autn = { 2 },
                      .res = { 3 },
                      .res_len = 8,
                      .auts = { 4 },
                      .cause = ACCESS_CAUSE_SYNC,
                      .address = { 0x20, 1 },
                      .pcscf = { { 5 }, { 6 }, { 7 }, { 8 } },
                      .n_pcscfs = 4,
                      .ssid = TEXT("hotspot"),
                      .count = 9,
                      .fresh = 10,
                      .mac_i = { 11, 12, 13, 14 } };
    return msg;
}

static void test_written_is_read(void)
{
    for (unsigned type = 0; type < ACCESS_N_TYPES; type++) {
        uint8_t octets[ACCESS_MSG_MAX], again[ACCESS_MSG_MAX];
        AccessMsg back, msg = sample((AccessType)type);
        size_t len = access_write(&msg, octets, sizeof octets);
        g_assert_cmpuint(len, >, 0);
        g_assert_cmpint(access_parse(octets, len, &back), ==, ACCESS_OK);
        g_assert_true(text_equal(back.imsi, msg.imsi) && text_equal(back.ssid, msg.ssid));
        g_assert_cmpuint(back.has, ==, msg.has);
        g_assert_true(back.cell == msg.cell && back.technology == msg.technology && back.strength == msg.strength);
        g_assert_true(back.cipher == msg.cipher && back.capabilities == msg.capabilities && back.cause == msg.cause);
        g_assert_true(back.count == msg.count && back.fresh == msg.fresh && back.n_pcscfs == msg.n_pcscfs);
        g_assert_cmpmem(back.pcscf, sizeof back.pcscf, msg.pcscf, sizeof msg.pcscf);
        g_assert_cmpmem(back.res, back.res_len, msg.res, msg.res_len);
        g_assert_cmpmem(again, access_write(&back, again, sizeof again), octets, len);
    }
}

static void test_gsm_challenge_has_no_autn(void)
{
    uint8_t octets[ACCESS_MSG_MAX];
    AccessMsg back, msg = { .type = ACCESS_AUTH_REQUEST, .has = ACCESS_HAS_RAND, .rand = { 1, 2, 3 } };
    size_t len = access_write(&msg, octets, sizeof octets);
    g_assert_cmpint(access_parse(octets, len, &back), ==, ACCESS_OK);
    g_assert_cmpuint(back.has, ==, ACCESS_HAS_RAND);
    g_assert_cmpuint(len, ==, ACCESS_HEADER_LEN + 2 + 16);
}

static void test_truncated_is_refused(void)
{
    uint8_t octets[ACCESS_MSG_MAX];
    AccessMsg back, msg = sample(ACCESS_BEACON);
    size_t len = access_write(&msg, octets, sizeof octets);
    for (size_t n = 0; n < len; n++) {
        g_autofree uint8_t *cut = g_memdup2(octets, n ? n : 1);
        g_assert_cmpint(access_parse(cut, n, &back), ==, n < ACCESS_HEADER_LEN ? ACCESS_SHORT : ACCESS_BAD_LENGTH);
        g_assert_cmpuint(access_write(&msg, cut, n), ==, 0);
    }
}

static AccessResult parse_octets(const uint8_t *octets, size_t len)
{
    AccessMsg msg;
    return access_parse(octets, len, &msg);
}
#define PARSE(...) parse_octets((const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))

static void test_malformed_by_cause(void)
{
    g_assert_cmpint(PARSE(9, ACCESS_DETACH, 0, 4), ==, ACCESS_BAD_VERSION);
    g_assert_cmpint(PARSE(1, ACCESS_N_TYPES, 0, 4), ==, ACCESS_BAD_TYPE);
    g_assert_cmpint(PARSE(1, ACCESS_DETACH, 0, 4), ==, ACCESS_OK);
    g_assert_cmpint(PARSE(1, ACCESS_DETACH, 0, 5), ==, ACCESS_BAD_LENGTH);
    g_assert_cmpint(PARSE(1, ACCESS_DETACH, 0, 6, 11, 1), ==, ACCESS_SHORT);
    g_assert_cmpint(PARSE(1, ACCESS_DETACH, 0, 7, 11, 1, 2), ==, ACCESS_OK);
    g_assert_cmpint(PARSE(1, ACCESS_DETACH, 0, 7, 11, 1, ACCESS_N_CAUSES), ==, ACCESS_BAD_FIELD);
    g_assert_cmpint(PARSE(1, ACCESS_DETACH, 0, 8, 11, 2, 2, 2), ==, ACCESS_BAD_FIELD);
    g_assert_cmpint(PARSE(1, ACCESS_DETACH, 0, 7, 99, 1, 2), ==, ACCESS_BAD_FIELD);
    g_assert_cmpint(PARSE(1, ACCESS_DETACH, 0, 7, 6, 1, 'x'), ==, ACCESS_BAD_FIELD);
    g_assert_cmpint(PARSE(1, ACCESS_DETACH, 0, 10, 4, 1, 0, 3, 1, 0), ==, ACCESS_BAD_ORDER);
    g_assert_cmpint(PARSE(1, ACCESS_DETACH, 0, 10, 4, 1, 0, 4, 1, 0), ==, ACCESS_BAD_ORDER);
    g_assert_cmpint(PARSE(1, ACCESS_CIPHER_MODE_COMMAND, 0, 4), ==, ACCESS_MISSING);
}

static void test_out_of_range_is_not_written(void)
{
    uint8_t octets[ACCESS_MSG_MAX];
    AccessMsg msg = sample(ACCESS_CONTEXT_ACCEPT);
    msg.n_pcscfs = ACCESS_PCSCFS_MAX + 1;
    g_assert_cmpuint(access_write(&msg, octets, sizeof octets), ==, 0);
    msg = sample(ACCESS_AUTH_RESPONSE);
    msg.res_len = 3;
    g_assert_cmpuint(access_write(&msg, octets, sizeof octets), ==, 0);
    msg = sample(ACCESS_IDENTITY_RESPONSE);
    msg.imsi = TEXT("0123456789012345");
    g_assert_cmpuint(access_write(&msg, octets, sizeof octets), ==, 0);
    msg = sample(ACCESS_AUTH_REQUEST);
    msg.has &= ~(uint32_t)ACCESS_HAS_RAND;
    g_assert_cmpuint(access_write(&msg, octets, sizeof octets), ==, 0);
}

/* Every octet outside the MAC-I itself is covered by it. */
static void test_mac_span(void)
{
    uint8_t octets[ACCESS_MSG_MAX];
    size_t span;
    static const uint8_t mac_i[ACCESS_MAC_LEN] = { 0xa, 0xb, 0xc, 0xd };
    AccessMsg back, msg = { .type = ACCESS_CIPHER_MODE_COMMAND, .has = ACCESS_HAS_CIPHER | ACCESS_HAS_FRESH };
    size_t len = access_write(&msg, octets, sizeof octets);
    g_assert_false(access_mac_span(octets, len, &span));
    g_assert_false(access_set_mac(octets, len, mac_i));
    msg.has |= ACCESS_HAS_MAC;
    len = access_write(&msg, octets, sizeof octets);
    g_assert_true(access_mac_span(octets, len, &span));
    g_assert_cmpuint(span, ==, len - ACCESS_MAC_LEN);
    g_assert_true(access_set_mac(octets, len, mac_i));
    g_assert_cmpint(access_parse(octets, len, &back), ==, ACCESS_OK);
    g_assert_cmpmem(back.mac_i, ACCESS_MAC_LEN, mac_i, ACCESS_MAC_LEN);
    g_assert_cmpmem(octets + span, ACCESS_MAC_LEN, mac_i, ACCESS_MAC_LEN);
}

static void test_describe(void)
{
    uint8_t octets[ACCESS_MSG_MAX];
    g_autoptr(GString) out = g_string_new(NULL);
    AccessMsg msg = { .type = ACCESS_BEACON,
                      .has = ACCESS_HAS_CELL | ACCESS_HAS_TECHNOLOGY | ACCESS_HAS_STRENGTH | ACCESS_HAS_CIPHER |
                             ACCESS_HAS_SSID,
                      .cell = 7,
                      .technology = ACCESS_WLAN,
                      .strength = 9,
                      .ssid = TEXT("a\033b") };
    g_assert_true(access_describe(octets, access_write(&msg, octets, sizeof octets), out));
    g_assert_cmpstr(out->str, ==, "beacon, cell 7, WLAN, strength 9, cipher 0, SSID \"a?b\"\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/access/what-is-written-is-read", test_written_is_read);
    g_test_add_func("/msg/access/gsm-challenge-has-no-autn", test_gsm_challenge_has_no_autn);
    g_test_add_func("/msg/access/truncated-at-any-octet-is-refused", test_truncated_is_refused);
    g_test_add_func("/msg/access/malformed-by-cause", test_malformed_by_cause);
    g_test_add_func("/msg/access/out-of-range-is-not-written", test_out_of_range_is_not_written);
    g_test_add_func("/msg/access/mac-covers-all-but-itself", test_mac_span);
    g_test_add_func("/msg/access/describe", test_describe);
    return g_test_run();
}
