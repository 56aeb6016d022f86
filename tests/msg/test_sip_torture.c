/*
 * tests/msg/test_sip_torture.c - the torture messages of RFC 4475 and RFC 5118, by their classification.
 *
 * Source:  data/torture/README.md names the section of each.
 */
#include "nodes/msg/sip_fields.h"

static char *read_message(const char *folder, const char *name, size_t *len)
{
    g_autofree char *path = g_strdup_printf("data/torture/%s/%s", folder, name);
    char *octets = NULL;
    g_assert_true(g_file_get_contents(path, &octets, len, NULL));
    return octets;
}

/* Every message of a folder must be accepted or every one refused; and there must be as many as the RFC has. */
static void check_folder(const char *folder, unsigned expected_files, SipParseResult expected)
{
    g_autofree char *path = g_strdup_printf("data/torture/%s", folder);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    unsigned files = 0;
    const char *name;
    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir)) != NULL) {
        size_t len;
        SipMsg msg;
        if (!g_str_has_suffix(name, ".sip"))
            continue;
        files++;
        g_autofree char *octets = read_message(folder, name, &len);
        SipParseResult result = sip_parse(&msg, octets, len);
        if (result != expected)
            g_test_message("%s/%s: %s at %u", folder, name, msg.error != NULL ? msg.error : "accepted", msg.error_at);
        g_assert_cmpint(result, ==, expected);
        g_assert_true((msg.error != NULL) == (expected == SIP_BAD));
    }
    g_assert_cmpuint(files, ==, expected_files);
}

static void test_valid(void)
{
    check_folder("valid", 13, SIP_OK);
}

static void test_invalid(void)
{
    check_folder("invalid", 19, SIP_BAD);
}

static void test_semantic(void)
{
    check_folder("semantic", 14, SIP_OK);
}

static void test_semantic_invalid(void)
{
    check_folder("semantic-invalid", 3, SIP_BAD);
}

static void test_ipv6_valid(void)
{
    check_folder("ipv6-valid", 11, SIP_OK);
}

static void test_ipv6_invalid(void)
{
    check_folder("ipv6-invalid", 1, SIP_BAD);
}

/* Why each was refused: the right fault, not any fault. */
static void test_reasons(void)
{
    static const struct {
        const char *folder, *name, *error;
        unsigned status;
        bool can_answer;
    } cases[] = {
        { "invalid", "badinv01.sip", "a Via is malformed", 400, false },
        { "invalid", "clerr.sip", "the body is shorter than Content-Length", 400, true },
        { "invalid", "ncl.sip", "Content-Length is not a number", 400, true },
        { "invalid", "scalar02.sip", "CSeq is not a number below 2^31 and a method", 400, false },
        { "invalid", "scalarlg.sip", "CSeq is not a number below 2^31 and a method", 400, false },
        { "invalid", "quotbal.sip", "To is not a name-addr or a URI", 400, true },
        { "invalid", "ltgtruri.sip", "the Request-URI is not a URI", 400, true },
        { "invalid", "lwsruri.sip", "the request line is not method, one space, URI, one space, version", 400, true },
        { "invalid", "lwsstart.sip", "the Request-URI is empty, or more than one space precedes it", 400, true },
        { "invalid", "trws.sip", "the request line is not method, one space, URI, one space, version", 400, true },
        { "invalid", "escruri.sip", "the Request-URI has header fields", 400, true },
        { "invalid", "baddate.sip", "Date is not an rfc1123-date in GMT", 400, true },
        { "invalid", "regbadct.sip", "a Contact is not a name-addr or a URI", 400, true },
        { "invalid", "badaspec.sip", "To is not a name-addr or a URI", 400, true },
        { "invalid", "baddn.sip", "no empty line ends the header fields", 400, true },
        { "invalid", "badvers.sip", "the version of the request line is not SIP/2.0", 505, true },
        { "invalid", "mismatch01.sip", "the method of CSeq is not the method of the request", 400, true },
        { "invalid", "mismatch02.sip", "the method of CSeq is not the method of the request", 400, true },
        { "invalid", "bigcode.sip", "the status code is not three digits from 100 to 699 and a space", 400, false },
        { "semantic-invalid", "insuf.sip", "no From", 400, false },
        { "semantic-invalid", "multi01.sip", "a header field that may stand once is there twice", 400, true },
        { "semantic-invalid", "mcl01.sip", "more than one Content-Length", 400, true },
        { "ipv6-invalid", "ipv6-bad.sip", "the Request-URI is not a URI", 400, true },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        size_t len;
        SipMsg msg;
        g_autofree char *octets = read_message(cases[i].folder, cases[i].name, &len);
        g_assert_cmpint(sip_parse(&msg, octets, len), ==, SIP_BAD);
        g_test_message("%s: %s", cases[i].name, msg.error);
        g_assert_cmpstr(msg.error, ==, cases[i].error);
        g_assert_cmpuint(msg.refuse_with, ==, cases[i].status);
        g_assert_true(sip_can_answer(&msg) == cases[i].can_answer);
    }
}

/* RFC 4475 §3.1.2.15: the archive's file lacks the empty line; with it the display name is what is wrong. */
static void test_baddn(void)
{
    size_t len;
    SipMsg msg;
    g_autofree char *octets = read_message("invalid", "baddn.sip", &len);
    g_autofree char *whole = g_strconcat(octets, "\r\n", NULL);
    g_assert_cmpint(sip_parse(&msg, whole, len + 2), ==, SIP_BAD);
    g_assert_cmpstr(msg.error, ==, "From is not a name-addr or a URI");
    g_assert_true(text_starts(text_of(octets + msg.error_at, 5), "Bell,"));
    g_assert_true(sip_can_answer(&msg));
}

/* RFC 4475 §3.1.1.1: what a short tortuous INVITE says. */
static void test_wsinv(void)
{
    size_t len;
    SipMsg msg;
    SipVia via;
    SipCseq cseq;
    SipNameAddr from;
    uint32_t hops;
    char display[64];
    g_autofree char *octets = read_message("valid", "wsinv.sip", &len);
    g_assert_cmpint(sip_parse(&msg, octets, len), ==, SIP_OK);
    g_assert_cmpint(msg.method, ==, SIP_INVITE);
    g_assert_true(sip_cseq(&msg, &cseq));
    g_assert_cmpuint(cseq.number, ==, 9);
    g_assert_true(sip_number(&msg, SIP_H_MAX_FORWARDS, &hops));
    g_assert_cmpuint(hops, ==, 68);
    g_assert_cmpuint(sip_via_count(&msg), ==, 3);
    g_assert_true(sip_via(&msg, 1, &via));
    g_assert_true(text_is(via.transport, "TCP") && text_is(via.host, "spindle.example.com"));
    g_assert_true(text_is(via.branch, "z9hG4bK9ikj8"));
    g_assert_true(sip_nameaddr(&msg, SIP_H_FROM, &from));
    size_t n = sip_unquote_copy(from.display, display, sizeof display);
    g_assert_true(text_is(text_of(display, n), "J Rosenberg \\\""));
    g_assert_true(text_is(from.tag, "98asjd8"));
    g_assert_true(sip_has(&msg, SIP_H_SUBJECT) && sip_value(&msg, SIP_H_SUBJECT).len == 0);
    g_assert_true(text_is(sip_find(&msg, "UnknownHeaderWithUnusualValue")->value, ";;,,;;,;"));
    g_assert_cmpuint(msg.body.len, ==, 150);
}

/* RFC 4475 §3.1.1.2: quoted control characters, and brackets that mean nothing in a Call-ID. */
static void test_intmeth(void)
{
    size_t len;
    SipMsg msg;
    SipUri uri;
    SipNameAddr to;
    char display[32];
    g_autofree char *octets = read_message("valid", "intmeth.sip", &len);
    g_assert_cmpint(sip_parse(&msg, octets, len), ==, SIP_OK);
    g_assert_cmpint(msg.method, ==, SIP_METHOD_UNKNOWN);
    g_assert_true(text_is(msg.method_text, "!interesting-Method0123456789_*+`.%indeed'~"));
    g_assert_true(sip_uri(msg.uri, &uri));
    g_assert_true(text_is(uri.user, "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"));
    g_assert_true(text_is(uri.password, "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"));
    g_assert_true(text_is(uri.host, "example.com"));
    g_assert_true(sip_nameaddr(&msg, SIP_H_TO, &to));
    size_t n = sip_unquote_copy(to.display, display, sizeof display);
    g_assert_cmpmem(display, n, "BEL:\x07 NUL:\x00 DEL:\x7f", 17);
}

/* RFC 4475 §3.1.1.8: octets behind Content-Length are no part of the message. */
static void test_dblreq(void)
{
    size_t len;
    SipMsg msg;
    g_autofree char *octets = read_message("valid", "dblreq.sip", &len);
    g_assert_cmpint(sip_parse(&msg, octets, len), ==, SIP_OK);
    g_assert_cmpint(msg.method, ==, SIP_REGISTER);
    g_assert_cmpuint(msg.body.len, ==, 0);
    g_assert_cmpuint(msg.all.len, <, len);
    g_assert_true(text_starts(text_trim_left(text_of(text_end(msg.all), len - msg.all.len)), "INVITE "));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/sip-torture/valid-messages-are-accepted", test_valid);
    g_test_add_func("/msg/sip-torture/invalid-messages-are-refused", test_invalid);
    g_test_add_func("/msg/sip-torture/faults-of-meaning-are-left-to-others", test_semantic);
    g_test_add_func("/msg/sip-torture/missing-or-doubled-fields-are-refused", test_semantic_invalid);
    g_test_add_func("/msg/sip-torture/ipv6-messages-are-accepted", test_ipv6_valid);
    g_test_add_func("/msg/sip-torture/ipv6-without-brackets-is-refused", test_ipv6_invalid);
    g_test_add_func("/msg/sip-torture/each-is-refused-for-its-own-fault", test_reasons);
    g_test_add_func("/msg/sip-torture/a-comma-in-a-bare-display-name-is-refused", test_baddn);
    g_test_add_func("/msg/sip-torture/wsinv-says-what-it-says", test_wsinv);
    g_test_add_func("/msg/sip-torture/intmeth-keeps-its-odd-characters", test_intmeth);
    g_test_add_func("/msg/sip-torture/octets-behind-the-body-are-cut", test_dblreq);
    return g_test_run();
}
