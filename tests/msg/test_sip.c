/*
 * tests/msg/test_sip.c - splitting, framing, lists and names of SIP messages.
 *
 * Source:  RFC 3261 §7, §18.3, §20.14, §25.1.
 */
#include "nodes/msg/sip_fields.h"

/* What every request below needs; the test puts its own lines behind. */
#define HEAD                                                                                                           \
    "OPTIONS sip:b@c.example SIP/2.0\r\nVia: SIP/2.0/UDP a.example;branch=z9hG4bK1\r\n"                                \
    "From: <sip:a@a.example>;tag=1\r\nTo: <sip:b@c.example>\r\nCall-ID: x@y\r\nCSeq: 1 OPTIONS\r\n"

static SipParseResult parse(SipMsg *msg, const char *text)
{
    return sip_parse(msg, text, strlen(text));
}

static void assert_refused(const char *text, const char *error)
{
    SipMsg msg;
    g_assert_cmpint(parse(&msg, text), ==, SIP_BAD);
    g_assert_cmpstr(msg.error, ==, error);
}

static void test_request(void)
{
    SipMsg msg;
    g_assert_cmpint(parse(&msg, HEAD "X-Odd : a\tb \r\nm: <sip:a@[::1]:5060>\r\nContent-Length: 2\r\n\r\nhi"), ==,
                    SIP_OK);
    g_assert_true(msg.is_request);
    g_assert_cmpint(msg.method, ==, SIP_OPTIONS);
    g_assert_true(text_is(msg.uri, "sip:b@c.example"));
    g_assert_cmpuint(msg.n_headers, ==, 8);
    g_assert_true(text_is(sip_name(&msg.headers[5]), "X-Odd"));
    g_assert_true(text_is(msg.headers[5].value, "a\tb"));
    g_assert_true(text_is(sip_line(&msg.headers[5]), "X-Odd : a\tb \r\n"));
    g_assert_cmpint(msg.headers[6].id, ==, SIP_H_CONTACT);
    g_assert_true(text_is(msg.body, "hi"));
    g_assert_true(text_is(sip_value(&msg, SIP_H_CALL_ID), "x@y"));
    g_assert_null(sip_first(&msg, SIP_H_ROUTE));
    g_assert_false(text_present(sip_value(&msg, SIP_H_ROUTE)));
}

static void test_response(void)
{
    SipMsg msg;
    g_assert_cmpint(parse(&msg,
                          "SIP/2.0 494 Security Agreement Required\r\nVia: SIP/2.0/TCP [2001:db8::1]:5060;rport\r\n"
                          "f: sip:a@a\r\nt: sip:b@b;tag=2\r\ni: 1\r\nCSeq: 7 REGISTER\r\n\r\n"),
                    ==, SIP_OK);
    g_assert_false(msg.is_request);
    g_assert_cmpuint(msg.status, ==, 494);
    g_assert_true(text_is(msg.reason, "Security Agreement Required"));
    g_assert_cmpint(msg.method, ==, SIP_REGISTER);
    g_assert_false(sip_can_answer(&msg));
}

/* The lines of all headers together are the header section: what makes pass-through exact. */
static void test_lines_tile(void)
{
    static const char text[] = HEAD "Subject:  folded\r\n  once\r\n\ttwice\r\nX:\r\n y\r\ns2:z\r\n\r\nbody";
    SipMsg msg;
    g_assert_cmpint(parse(&msg, text), ==, SIP_OK);
    const char *next = text_end(msg.start_line);
    for (unsigned i = 0; i < msg.n_headers; i++) {
        g_assert_true(sip_line(&msg.headers[i]).p == next);
        next = text_end(sip_line(&msg.headers[i]));
    }
    g_assert_true(next + 2 == msg.body.p);
    const SipHeader *subject = sip_first(&msg, SIP_H_SUBJECT);
    g_assert_true(subject->folded);
    g_autofree char *unfolded = text_unfold_dup(subject->value);
    g_assert_cmpstr(unfolded, ==, "folded once twice");
    g_assert_true(text_is(sip_find(&msg, "x")->value, "y"));
}

static void test_names(void)
{
    for (int id = SIP_H_VIA; id < SIP_N_HEADER_IDS; id++) {
        Text name = sip_header_name((SipHeaderId)id);
        g_autofree char *upper = text_dup(name), *lower = text_dup(name), *longer = g_strdup_printf("%sx", upper);
        for (char *p = upper, *q = lower; *p != '\0'; p++, q++) {
            *p = g_ascii_toupper(*p);
            *q = g_ascii_tolower(*q);
        }
        g_assert_cmpint(sip_header_id(name), ==, id);
        g_assert_cmpint(sip_header_id(text_from(upper)), ==, id);
        g_assert_cmpint(sip_header_id(text_from(lower)), ==, id);
        g_assert_cmpint(sip_header_id(text_from(longer)), ==, SIP_H_OTHER);
    }
    g_assert_cmpint(sip_header_id(TEXT("o")), ==, SIP_H_EVENT);
    g_assert_cmpint(sip_header_id(TEXT("K")), ==, SIP_H_SUPPORTED);
    g_assert_cmpint(sip_header_id(TEXT("z")), ==, SIP_H_OTHER);
    g_assert_cmpint(sip_header_id(TEXT("")), ==, SIP_H_OTHER);
}

/* A name is compared after the look-up: no name of our own making is taken for a known one. */
static void test_hash_is_checked(void)
{
    unsigned taken = 0;
    for (unsigned i = 0; i < 200000; i++) {
        g_autofree char *name = g_strdup_printf("%s-%u", i % 2 ? "Trace" : "Session", i);
        taken += sip_header_id(text_from(name)) != SIP_H_OTHER;
    }
    g_assert_cmpuint(taken, ==, 0);
}

static void test_mandatory(void)
{
    assert_refused("OPTIONS sip:b@c SIP/2.0\r\nFrom: sip:a@a\r\nTo: sip:b@b\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n",
                   "no Via");
    assert_refused(HEAD "To: sip:z@z\r\n\r\n", "a header field that may stand once is there twice");
    assert_refused(HEAD "Max-Forwards: 256\r\n\r\n", "a number is malformed or too large");
    assert_refused(HEAD "Expires: 4294967296\r\n\r\n", "a number is malformed or too large");
    assert_refused(HEAD "Route: sip:a@b;lr\r\n\r\n", "a Route is not a name-addr");
    assert_refused(HEAD "Contact: <sip:a@b>,\r\n\r\n", "a Contact is not a name-addr or a URI");
    assert_refused(HEAD "Content-Length: 1\r\n\r\n", "the body is shorter than Content-Length");
}

static void test_octets(void)
{
    SipMsg msg;
    assert_refused(HEAD "X: a\rb\r\n\r\n", "a header field has octets that are no UTF-8 text");
    assert_refused(HEAD "X: a\nY: b\r\n\r\n", "a line does not end in CRLF");
    assert_refused(HEAD "X: \xc3\x28\r\n\r\n", "a header field has octets that are no UTF-8 text");
    assert_refused(HEAD "X: \xed\xa0\x80\r\n\r\n", "a header field has octets that are no UTF-8 text");
    assert_refused(HEAD "X: \x01 eight octets and more\r\n\r\n", "a header field has octets that are no UTF-8 text");
    assert_refused(HEAD "X: eight octets and more \x7f\r\n\r\n", "a header field has octets that are no UTF-8 text");
    assert_refused(HEAD "X Y: 1\r\n\r\n", "a header field is not a name and a colon");
    assert_refused(HEAD ": 1\r\n\r\n", "a header field is not a name and a colon");
    assert_refused(HEAD "X: 1\r\n", "no empty line ends the header fields");
    assert_refused("", "no empty line ends the header fields");
    g_assert_cmpint(parse(&msg, HEAD "X: gr\xc3\xbc\xc3\x9f \"\\\x07\"\r\n\r\n"), ==, SIP_OK);
}

static void test_limits(void)
{
    SipMsg msg;
    g_autoptr(GString) text = g_string_new(HEAD);
    for (unsigned i = 5; i < SIP_MAX_HEADERS; i++)
        g_string_append(text, "X: 1\r\n");
    gsize head = text->len;
    g_string_append(text, "\r\n");
    g_assert_cmpint(sip_parse(&msg, text->str, text->len), ==, SIP_OK);
    g_assert_cmpuint(msg.n_headers, ==, SIP_MAX_HEADERS);
    g_string_insert(text, (gssize)head, "X: 1\r\n");
    g_assert_cmpint(sip_parse(&msg, text->str, text->len), ==, SIP_BAD);
    g_assert_cmpstr(msg.error, ==, "more than 96 header fields");
    g_autofree char *large = g_strnfill(SIP_MAX_OCTETS + 1, 'a');
    g_assert_cmpint(sip_parse(&msg, large, SIP_MAX_OCTETS + 1), ==, SIP_BAD);
    g_assert_cmpuint(msg.refuse_with, ==, 413);
}

static void test_stream(void)
{
    static const char one[] = HEAD "Content-Length: 3\r\n\r\nabc";
    static const char two[] = "\r\n\r\n" HEAD "Content-Length: 3\r\n\r\nabcOPTIONS";
    SipMsg msg;
    size_t used, head = sizeof one - 1 - 3;
    for (size_t len = 0; len < sizeof one - 1; len++) {
        g_assert_cmpint(sip_parse_stream(&msg, one, len, &used), ==, SIP_INCOMPLETE);
        g_assert_cmpuint(used, ==, 0);
        g_assert_cmpuint(msg.needed, ==, len < head ? 0 : sizeof one - 1);
    }
    g_assert_cmpint(sip_parse_stream(&msg, one, sizeof one - 1, &used), ==, SIP_OK);
    g_assert_cmpuint(used, ==, sizeof one - 1);
    g_assert_cmpint(sip_parse_stream(&msg, two, sizeof two - 1, &used), ==, SIP_OK);
    g_assert_cmpuint(used, ==, 4 + sizeof one - 1);
    g_assert_true(text_is(msg.body, "abc"));
    g_assert_true(text_starts(text_from(two + used), "OPTIONS"));
    g_assert_cmpint(sip_parse_stream(&msg, "\r\n\r\n\r", 5, &used), ==, SIP_INCOMPLETE);
    g_assert_cmpuint(used, ==, 4);
}

/* RFC 3261 §18.3: without Content-Length a stream cannot be framed; a bad message that can be is skipped. */
static void test_stream_faults(void)
{
    static const char unframed[] = HEAD "\r\nabc";
    static const char mismatch[] = HEAD "Expires: x\r\nContent-Length: 3\r\n\r\nabcX";
    static const char huge[] = HEAD "Content-Length: 65535\r\n\r\n";
    static const char bare_lf[] = "OPTIONS sip:a SIP/2.0\nVia:";
    SipMsg msg;
    size_t used;
    g_assert_cmpint(sip_parse_stream(&msg, unframed, sizeof unframed - 1, &used), ==, SIP_BAD);
    g_assert_cmpuint(used, ==, 0);
    g_assert_cmpint(sip_parse_stream(&msg, mismatch, sizeof mismatch - 1, &used), ==, SIP_BAD);
    g_assert_cmpuint(used, ==, sizeof mismatch - 2);
    g_assert_true(sip_can_answer(&msg));
    g_assert_cmpint(sip_parse_stream(&msg, huge, sizeof huge - 1, &used), ==, SIP_BAD);
    g_assert_cmpuint(msg.refuse_with, ==, 413);
    g_assert_cmpint(sip_parse_stream(&msg, bare_lf, sizeof bare_lf - 1, &used), ==, SIP_BAD);
    g_assert_cmpuint(used, ==, 0);
}

static void assert_list(const char *text, const char *joined)
{
    SipValues it;
    Text value;
    g_autoptr(GString) got = g_string_new(NULL);
    for (sip_values_text(&it, text_from(text)); sip_values_next(&it, &value);)
        g_string_append_printf(got, "[" TEXT_FMT "]", TEXT_ARG(value));
    g_assert_cmpstr(got->str, ==, joined);
}

static void test_lists(void)
{
    assert_list("", "");
    assert_list("a", "[a]");
    assert_list("a, b\r\n ,c", "[a][b][c]");
    assert_list("a,,b,", "[a][][b][]");
    assert_list("\"x,\\\",y\" <sip:a,b@c>;p=\",\" , <sip:d>", "[\"x,\\\",y\" <sip:a,b@c>;p=\",\"][<sip:d>]");
    assert_list("\"open, no end", "[\"open, no end]");
}

static void test_values_over_headers(void)
{
    SipMsg msg;
    SipValues it;
    Text value;
    g_autoptr(GString) got = g_string_new(NULL);
    g_assert_cmpint(parse(&msg, HEAD "Supported: path, eventlist\r\nX: 1\r\nk:\r\nSupported: sec-agree\r\n\r\n"), ==,
                    SIP_OK);
    for (sip_values(&it, &msg, SIP_H_SUPPORTED); sip_values_next(&it, &value);)
        g_string_append_printf(got, "[" TEXT_FMT "]", TEXT_ARG(value));
    g_assert_cmpstr(got->str, ==, "[path][eventlist][sec-agree]");
    g_assert_true(sip_lists(&msg, SIP_H_SUPPORTED, "Sec-Agree"));
    g_assert_false(sip_lists(&msg, SIP_H_SUPPORTED, "sec"));
}

static void test_text(void)
{
    uint64_t n;
    uint32_t m = 5;
    uint8_t octets[2];
    g_assert_true(text_to_uint(TEXT("18446744073709551615"), UINT64_MAX, &n) && n == UINT64_MAX);
    g_assert_false(text_to_uint(TEXT("18446744073709551616"), UINT64_MAX, &n));
    g_assert_false(text_to_u32(TEXT("4294967296"), UINT32_MAX, &m));
    g_assert_false(text_to_u32(TEXT(""), 9, &m));
    g_assert_false(text_to_u32(TEXT("+1"), 9, &m));
    g_assert_false(text_to_u32(TEXT("7"), 6, &m));
    g_assert_cmpuint(m, ==, 5);
    g_assert_true(text_to_octets(TEXT("0aFf"), octets, 2) && octets[0] == 10 && octets[1] == 255);
    g_assert_false(text_to_octets(TEXT("0g"), octets, 1));
    g_assert_true(text_is_utf8(TEXT("\xf0\x9f\x98\x80")));
    g_assert_false(text_is_utf8(TEXT("\xf4\x90\x80\x80")));
    g_assert_false(text_is_utf8(TEXT("\xc0\x80")));
    g_assert_cmpint(text_compare(TEXT("ab"), TEXT("abc")), <, 0);
    g_assert_cmpuint(text_find_text(TEXT("abcabd"), TEXT("abd")), ==, 3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/sip/a-request-is-views-into-its-octets", test_request);
    g_test_add_func("/msg/sip/a-response-takes-its-method-from-cseq", test_response);
    g_test_add_func("/msg/sip/header-lines-tile-the-header-section", test_lines_tile);
    g_test_add_func("/msg/sip/names-are-known-in-any-case", test_names);
    g_test_add_func("/msg/sip/a-hash-alone-makes-no-header-known", test_hash_is_checked);
    g_test_add_func("/msg/sip/missing-doubled-or-malformed-fields-are-refused", test_mandatory);
    g_test_add_func("/msg/sip/octets-that-are-no-text-are-refused", test_octets);
    g_test_add_func("/msg/sip/headers-and-octets-have-limits", test_limits);
    g_test_add_func("/msg/sip/a-stream-is-framed-by-content-length", test_stream);
    g_test_add_func("/msg/sip/a-stream-that-cannot-be-framed-is-refused", test_stream_faults);
    g_test_add_func("/msg/sip/commas-in-quotes-and-brackets-do-not-split", test_lists);
    g_test_add_func("/msg/sip/values-run-over-all-headers-of-an-id", test_values_over_headers);
    g_test_add_func("/msg/sip/text-numbers-and-utf8-are-bounded", test_text);
    return g_test_run();
}
