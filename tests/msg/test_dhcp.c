/*
 * tests/msg/test_dhcp.c - stateless DHCPv6.
 *
 * Source:  RFC 8415 §8, §16.10, §21; RFC 3319 §3.2.
 */
#include "nodes/msg/dhcp.h"

static const uint8_t server[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
static uint8_t duid[DHCP_DUID_LL_LEN];

static DhcpMsg reply(void)
{
    dhcp_duid(UINT64_C(0x0102030405060708), duid);
    DhcpMsg msg = { .type = DHCP_REPLY,
                    .transaction = 0xabcdef,
                    .client_duid = { duid, sizeof duid },
                    .server_duid = { duid, sizeof duid },
                    .n_sip_servers = 2 };
    memcpy(msg.sip_server[0], server, 16);
    msg.sip_server[1][15] = 9;
    return msg;
}

/* The octets of a question, as RFC 8415 lays them out. */
static void test_question_octets(void)
{
    static const uint8_t expected[] = { 11, 0x12, 0x34, 0x56,                                       /* header */
                                        0,  1,    0,    12,   0, 3,  0, 27, 1, 2, 3, 4, 5, 6, 7, 8, /* DUID-LL */
                                        0,  6,    0,    2,    0, 22,                                /* ask for 22 */
                                        0,  8,    0,    2,    0, 0 };                               /* elapsed */
    uint8_t octets[DHCP_MSG_MAX];
    dhcp_duid(UINT64_C(0x0102030405060708), duid);
    DhcpMsg back, msg = { .type = DHCP_INFORMATION_REQUEST,
                          .transaction = 0x123456,
                          .client_duid = { duid, sizeof duid },
                          .has_elapsed = true,
                          .asked = { DHCP_OPTION_SIP_ADDRESSES },
                          .n_asked = 1 };
    size_t len = dhcp_write(&msg, octets, sizeof octets);
    g_assert_cmpmem(octets, len, expected, sizeof expected);
    g_assert_cmpint(dhcp_parse(octets, len, &back), ==, DHCP_OK);
    g_assert_cmpuint(back.n_asked, ==, 1);
    g_assert_cmpuint(back.asked[0], ==, DHCP_OPTION_SIP_ADDRESSES);
    g_assert_cmpuint(back.transaction, ==, 0x123456);
}

static void test_reply_is_read(void)
{
    uint8_t octets[DHCP_MSG_MAX];
    DhcpMsg back, msg = reply();
    size_t len = dhcp_write(&msg, octets, sizeof octets);
    g_assert_cmpint(dhcp_parse(octets, len, &back), ==, DHCP_OK);
    g_assert_cmpuint(back.n_sip_servers, ==, 2);
    g_assert_cmpmem(back.sip_server[0], 16, server, 16);
    g_assert_cmpmem(back.client_duid.p, back.client_duid.len, duid, sizeof duid);
}

static void test_truncated_is_refused(void)
{
    uint8_t octets[DHCP_MSG_MAX];
    DhcpMsg back, msg = reply();
    size_t len = dhcp_write(&msg, octets, sizeof octets);
    for (size_t n = 0; n < len; n++) {
        g_autofree uint8_t *cut = g_memdup2(octets, n ? n : 1);
        DhcpResult result = dhcp_parse(cut, n, &back);
        g_assert_true(result == DHCP_SHORT || result == DHCP_MISSING ||
                      (result == DHCP_OK && n == 4 + 2 * (4 + DHCP_DUID_LL_LEN))); /* before the last option */
        g_assert_cmpuint(dhcp_write(&msg, cut, n), ==, 0);
    }
}

static DhcpResult parse_octets(const uint8_t *octets, size_t len)
{
    DhcpMsg msg;
    return dhcp_parse(octets, len, &msg);
}
#define PARSE(...) parse_octets((const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))

static void test_malformed_by_cause(void)
{
    static const uint8_t long_one[DHCP_MSG_MAX + 1] = { 11 };
    g_assert_cmpint(PARSE(11, 0, 0, 1), ==, DHCP_OK);
    g_assert_cmpint(PARSE(1, 0, 0, 1), ==, DHCP_OTHER_TYPE);
    g_assert_cmpint(PARSE(7, 0, 0, 1), ==, DHCP_MISSING);
    g_assert_cmpint(PARSE(11, 0, 0, 1, 0, 99, 0, 1, 5), ==, DHCP_OK);
    g_assert_cmpint(PARSE(11, 0, 0, 1, 0, 99, 0, 2, 5), ==, DHCP_SHORT);
    g_assert_cmpint(PARSE(11, 0, 0, 1, 0, 1, 0, 0), ==, DHCP_BAD_OPTION);
    g_assert_cmpint(PARSE(11, 0, 0, 1, 0, 6, 0, 1, 0), ==, DHCP_BAD_OPTION);
    g_assert_cmpint(PARSE(11, 0, 0, 1, 0, 8, 0, 2, 0, 0, 0, 8, 0, 2, 0, 0), ==, DHCP_BAD_OPTION);
    g_assert_cmpint(PARSE(11, 0, 0, 1, 0, 22, 0, 4, 1, 2, 3, 4), ==, DHCP_BAD_OPTION);
    g_assert_cmpint(parse_octets(long_one, sizeof long_one), ==, DHCP_TOO_LONG);
}

static void test_describe(void)
{
    uint8_t octets[DHCP_MSG_MAX];
    g_autoptr(GString) out = g_string_new(NULL);
    DhcpMsg msg = reply();
    g_assert_true(dhcp_describe(octets, dhcp_write(&msg, octets, sizeof octets), out));
    g_assert_nonnull(strstr(out->str, "DHCPv6 Reply, transaction 0xabcdef\n"));
    g_assert_nonnull(strstr(out->str, "  SIP server: 2001:db8::1\n  SIP server: ::9\n"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/dhcp/question-octets", test_question_octets);
    g_test_add_func("/msg/dhcp/reply-is-read", test_reply_is_read);
    g_test_add_func("/msg/dhcp/truncated-at-any-octet-is-refused", test_truncated_is_refused);
    g_test_add_func("/msg/dhcp/malformed-by-cause", test_malformed_by_cause);
    g_test_add_func("/msg/dhcp/describe", test_describe);
    return g_test_run();
}
