/*
 * tests/msg/test_sip_uri.c - URIs: reading, hosts, equality, escapes.
 *
 * Source:  RFC 3261 §19.1.2 (examples), §19.1.4 (its lists of equal and different URIs), §25.1; RFC 3966; RFC 4291
 * §2.2.
 */
#include "nodes/msg/sip_uri.h"

static void test_parts(void)
{
    SipUri uri;
    Text value;
    g_assert_true(
        sip_uri(TEXT("sip:alice:secretword@atlanta.com:5080;transport=tcp;lr?to=bob%40b.com&priority=urgent"), &uri));
    g_assert_cmpint(uri.scheme, ==, SIP_SCHEME_SIP);
    g_assert_true(text_is(uri.user, "alice") && text_is(uri.password, "secretword") &&
                  text_is(uri.host, "atlanta.com"));
    g_assert_cmpuint(uri.port, ==, 5080);
    g_assert_true(text_is(uri.headers, "to=bob%40b.com&priority=urgent"));
    g_assert_true(sip_uri_param(&uri, "TRANSPORT", &value) && text_is(value, "tcp"));
    g_assert_true(sip_uri_param(&uri, "lr", &value) && text_present(value) && value.len == 0);
    g_assert_false(sip_uri_param(&uri, "maddr", &value));
    g_assert_true(sip_uri(TEXT("sip:[2001:db8::10]:5070"), &uri));
    g_assert_cmpint(uri.host_kind, ==, SIP_HOST_IPV6);
    g_assert_true(text_is(uri.host, "2001:db8::10") && uri.port == 5070 && !text_present(uri.user));
    g_assert_true(sip_uri(TEXT("tel:+1-212-555-2222;phone-context=x"), &uri));
    g_assert_true(uri.scheme == SIP_SCHEME_TEL && text_is(uri.user, "+1-212-555-2222"));
    g_assert_true(sip_uri(TEXT("PRES:alice@home1.example"), &uri) && uri.scheme == SIP_SCHEME_PRES);
    g_assert_true(sip_uri(TEXT("urn:service:sos"), &uri) && text_is(uri.opaque, "service:sos"));
}

static void test_refused(void)
{
    static const char *const bad[] = {
        "",
        "sip",
        "sip:",
        "sip:@b.com",
        "sip:a@",
        "sip:a@b@c.com",
        "sip:a b@c.com",
        "sip:a%4@c.com",
        "sip:a%zz@c.com",
        "sip:a@b.com:",
        "sip:a@b.com:0",
        "sip:a@b.com:65536",
        "sip:a@b.com:5060x",
        "sip:a@b..com",
        "sip:a@-b.com",
        "sip:a@b-.com",
        "sip:a@.b.com",
        "sip:a@b.1",
        "sip:a@1.2.3",
        "sip:a@256.1.1.1",
        "sip:2001:db8::10",
        "sip:a@[::1",
        "sip:a@[]",
        "sip:a@[1::2::3]",
        "sip:a@[12345::]",
        "sip:a@b.com;",
        "sip:a@b.com;;lr",
        "sip:a@b.com;x=",
        "sip:a@b.com?",
        "sip:a@b.com?x",
        "sip:a:b:c@d.com",
        "<sip:a@b.com>",
        "1sip:a@b.com",
        "sip:a\"@b.com",
        "tel:",
        "tel:+",
        "tel:x",
        "pres:home1.example",
    };
    SipUri uri;
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i]);
        g_assert_false(sip_uri(text_from(bad[i]), &uri));
    }
}

static void test_equal(void)
{
    static const char *const same[][2] = {
        { "sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp" },
        { "sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5" },
        { "sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5" },
        { "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
          "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com" },
        { "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
          "sip:alice@atlanta.com?priority=urgent&subject=project%20x" },
        { "sip:a@[2001:db8::1]", "sip:a@[2001:0DB8:0:0::0001]" },
        { "tel:+1-201-555-0123", "tel:+12015550123" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(same); i++) {
        g_test_message("%s %s", same[i][0], same[i][1]);
        g_assert_true(sip_uri_text_equal(text_from(same[i][0]), text_from(same[i][1])));
        g_assert_true(sip_uri_text_equal(text_from(same[i][1]), text_from(same[i][0])));
    }
}

static void test_different(void)
{
    static const char *const differ[][2] = {
        { "SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP" },
        { "sip:bob@biloxi.com", "sip:bob@biloxi.com:5060" },
        { "sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp" },
        { "sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp" },
        { "sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting" },
        { "sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4" },
        { "sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off" },
        { "sip:alice@a.com", "sips:alice@a.com" },
        { "sip:a%2fb@a.com", "sip:a/b@a.com" },
        { "sip:%00@a.com", "sip:%00%00@a.com" },
        { "sip:a.com", "sip:@a.com" },
        { "tel:+12015550123", "tel:+12015550124" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(differ); i++) {
        g_test_message("%s %s", differ[i][0], differ[i][1]);
        g_assert_false(sip_uri_text_equal(text_from(differ[i][0]), text_from(differ[i][1])));
        g_assert_false(sip_uri_text_equal(text_from(differ[i][1]), text_from(differ[i][0])));
    }
}

static void assert_canonical(const char *text, const char *expected)
{
    SipUri uri;
    char key[128];
    g_assert_true(sip_uri(text_from(text), &uri));
    size_t n = sip_uri_canonical(&uri, key, sizeof key);
    g_assert_cmpmem(key, n, expected, strlen(expected));
    for (size_t cap = 0; cap < n; cap++) /* never past the end, never cut short */
        g_assert_cmpuint(sip_uri_canonical(&uri, key, cap), ==, 0);
}

static void test_canonical(void)
{
    assert_canonical("SIP:%61lice%20x@Home1.Example.;user=phone?a=b", "sip:alice%20x@home1.example");
    assert_canonical("sip:home1.example:5060", "sip:home1.example");
    assert_canonical("tel:+1-(212)-555", "tel:+1212555");
    assert_canonical("sip:a@[2001:DB8::1]", "sip:a@[2001:0db8:0000:0000:0000:0000:0000:0001]");
    assert_canonical("urn:Service:sos", "urn:Service:sos");
}

static void test_escapes(void)
{
    char out[16];
    g_assert_cmpint(sip_uri_unescape(TEXT("a%00%40"), out, sizeof out), ==, 3);
    g_assert_cmpmem(out, 3, "a\0@", 3);
    g_assert_cmpint(sip_uri_unescape(TEXT("%4"), out, sizeof out), ==, -1);
    g_assert_cmpint(sip_uri_unescape(TEXT("%xy"), out, sizeof out), ==, -1);
    g_assert_cmpint(sip_uri_unescape(TEXT("abc"), out, 2), ==, -1);
    size_t n = sip_uri_escape_user(TEXT("a@b:\xc3"), out, sizeof out);
    g_assert_cmpmem(out, n, "a%40b%3A%C3", 11);
    g_assert_cmpuint(sip_uri_escape_user(TEXT("ab@"), out, 4), ==, 0);
}

static void assert_ipv6(const char *text, const char *hex)
{
    uint8_t address[16], expected[16];
    bool good = sip_ipv6(text_from(text), address);
    g_test_message("%s", text);
    g_assert_true(good == (hex != NULL));
    if (!good)
        return;
    g_assert_true(text_to_octets(text_from(hex), expected, 16));
    g_assert_cmpmem(address, 16, expected, 16);
}

static void test_ipv6(void)
{
    assert_ipv6("::", "00000000000000000000000000000000");
    assert_ipv6("::1", "00000000000000000000000000000001");
    assert_ipv6("1::", "00010000000000000000000000000000");
    assert_ipv6("2001:db8::10:5070", "20010db8000000000000000000105070");
    assert_ipv6("1:2:3:4:5:6:7:8", "00010002000300040005000600070008");
    assert_ipv6("::ffff:192.0.2.1", "00000000000000000000ffffc0000201");
    assert_ipv6("1:2:3:4:5:6:192.0.2.1", "000100020003000400050006c0000201");
    assert_ipv6("2001:db8:::192.0.2.1", "20010db80000000000000000c0000201"); /* RFC 5118 §4.10 */
    assert_ipv6("1:2:3:4:5:6:7", NULL);
    assert_ipv6("1:2:3:4:5:6:7:8:9", NULL);
    assert_ipv6("1:2:3:4:5:6:7:8::", NULL);
    assert_ipv6("1::2::3", NULL);
    assert_ipv6(":::", NULL);
    assert_ipv6("2001:db8:::1", NULL);
    assert_ipv6("1:", NULL);
    assert_ipv6(":1", NULL);
    assert_ipv6("12345::", NULL);
    assert_ipv6("1:2:3:4:5:6:7:192.0.2.1", NULL);
    assert_ipv6("::192.0.2", NULL);
    assert_ipv6("::192.0.2.256", NULL);
    assert_ipv6("", NULL);
    assert_ipv6("g::", NULL);
}

static void test_ipv4(void)
{
    static const char *const bad[] = { "",          "1.2.3",      "1.2.3.4.5", "1.2.3.",
                                       "1.2.3.256", "1.2.3.0004", "1.2..4",    "a.2.3.4" };
    uint8_t address[4];
    g_assert_true(sip_ipv4(TEXT("192.0.2.255"), address) && address[0] == 192 && address[3] == 255);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(sip_ipv4(text_from(bad[i]), address));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/sip-uri/parts-are-found", test_parts);
    g_test_add_func("/msg/sip-uri/what-is-no-uri-is-refused", test_refused);
    g_test_add_func("/msg/sip-uri/rfc-3261-19-1-4-equal", test_equal);
    g_test_add_func("/msg/sip-uri/rfc-3261-19-1-4-different", test_different);
    g_test_add_func("/msg/sip-uri/an-address-of-record-has-one-key", test_canonical);
    g_test_add_func("/msg/sip-uri/escapes-go-both-ways", test_escapes);
    g_test_add_func("/msg/sip-uri/ipv6-in-text", test_ipv6);
    g_test_add_func("/msg/sip-uri/ipv4-in-text", test_ipv4);
    return g_test_run();
}
