/*
 * tests/msg/test_sip_write.c - messages made from nothing, answers, descriptions.
 *
 * Source:  RFC 3261 §7, §8.2.6, §12.1.1.
 */
#include "nodes/msg/sip_describe.h"
#include "nodes/msg/sip_fields.h"
#include "nodes/msg/sip_write.h"

/* Views of @msg point into @octets, which the caller frees. */
static void load(const char *path, SipMsg *msg, char **octets)
{
    size_t len;
    g_assert_true(g_file_get_contents(path, octets, &len, NULL));
    if (sip_parse(msg, *octets, len) == SIP_OK)
        g_assert_null(msg->error);
}

static size_t write_message(char *out, size_t cap)
{
    static const uint8_t tag[] = { 0x0a, 0xff };
    SipWriter w;
    sip_write_init(&w, out, cap);
    sip_write_request_line(&w, sip_method_name(SIP_MESSAGE), TEXT("sip:b@h.example"));
    sip_write_header(&w, "Via", TEXT("SIP/2.0/UDP a.example;branch=z9hG4bK1"));
    sip_write_start(&w, "From");
    sip_write_quoted(&w, TEXT("A \"\\ B"));
    sip_write_z(&w, " <sip:a@h.example>;tag=");
    sip_write_hex(&w, tag, sizeof tag);
    sip_write_crlf(&w);
    sip_write_header(&w, "To", TEXT("<sip:b@h.example>"));
    sip_write_header(&w, "Call-ID", TEXT("1"));
    sip_write_start(&w, "CSeq");
    sip_write_uint(&w, 2147483647);
    sip_write_z(&w, " MESSAGE");
    sip_write_crlf(&w);
    sip_write_header_uint(&w, "Max-Forwards", 0);
    return sip_write_end(&w, TEXT("hello"));
}

static void test_message(void)
{
    static const char expected[] = "MESSAGE sip:b@h.example SIP/2.0\r\n"
                                   "Via: SIP/2.0/UDP a.example;branch=z9hG4bK1\r\n"
                                   "From: \"A \\\"\\\\ B\" <sip:a@h.example>;tag=0aff\r\n"
                                   "To: <sip:b@h.example>\r\nCall-ID: 1\r\nCSeq: 2147483647 MESSAGE\r\n"
                                   "Max-Forwards: 0\r\nContent-Length: 5\r\n\r\nhello";
    char out[512];
    SipMsg msg;
    size_t n = write_message(out, sizeof out);
    g_assert_cmpmem(out, n, expected, sizeof expected - 1);
    g_assert_cmpint(sip_parse(&msg, out, n), ==, SIP_OK);
    for (size_t cap = 0; cap < n; cap++) {
        g_autofree char *small = g_malloc(cap + 1);
        small[cap] = '#';
        g_assert_cmpuint(write_message(small, cap), ==, 0);
        g_assert_cmpint(small[cap], ==, '#');
    }
}

static char *reply(const SipMsg *request, unsigned status, Text tag)
{
    char out[4096];
    SipWriter w;
    sip_write_init(&w, out, sizeof out);
    sip_reply_start(&w, request, status, TEXT_NONE, tag);
    size_t n = sip_write_end(&w, TEXT_NONE);
    return g_strndup(out, n);
}

static void test_reply(void)
{
    SipMsg msg, answer;
    g_autofree char *octets = NULL;
    load("../fuzz/seeds/sip/subscribe.sip", &msg, &octets);
    g_autofree char *ok = reply(&msg, 200, TEXT("t2"));
    g_assert_cmpstr(ok, ==,
                    "SIP/2.0 200 OK\r\n"
                    "Via: SIP/2.0/UDP pcscf1.visited1.example;branch=z9hG4bK240f34.1\r\n"
                    "Via: SIP/2.0/UDP [2001:db8:2::bb]:1357;branch=z9hG4bKnas34r5\r\n"
                    "Record-Route: <sip:pcscf1.visited1.example;lr>\r\n"
                    "From: <sip:anonymous@anonymous.invalid>;tag=31415\r\n"
                    "To: <sip:alice.x7k2@home1.example>;tag=t2\r\n"
                    "Call-ID: b89rjhnedlrfjflslj40a222\r\n"
                    "CSeq: 61 SUBSCRIBE\r\n"
                    "Content-Length: 0\r\n\r\n");
    g_assert_cmpint(sip_parse(&answer, ok, strlen(ok)), ==, SIP_OK);
    g_autofree char *trying = reply(&msg, 100, TEXT("t2"));
    g_assert_null(strstr(trying, "tag=t2"));
    g_assert_null(strstr(trying, "Record-Route"));
    g_autofree char *forbidden = reply(&msg, 403, TEXT("t2"));
    g_assert_nonnull(strstr(forbidden, "tag=t2"));
    g_assert_null(strstr(forbidden, "Record-Route"));
}

static void test_reply_keeps_tag(void)
{
    SipMsg msg;
    g_autofree char *octets = NULL;
    load("../fuzz/seeds/sip/notify.sip", &msg, &octets);
    g_autofree char *ok = reply(&msg, 200, TEXT("t2"));
    g_assert_nonnull(strstr(ok, "To: <sip:bob.q9w1@home2.example>;tag=31415\r\n"));
    g_assert_null(strstr(ok, "t2"));
}

/* A 400 to each refused message that allows one can be parsed itself, or has the sender's own fault in it. */
static void test_reply_to_refused(void)
{
    static const char *const names[] = { "clerr",   "ncl",      "lwsruri", "lwsstart",  "trws",
                                         "escruri", "ltgtruri", "baddate", "mismatch02" };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        SipMsg msg, answer;
        g_autofree char *path = g_strdup_printf("data/torture/invalid/%s.sip", names[i]);
        g_autofree char *octets = NULL;
        load(path, &msg, &octets);
        g_assert_nonnull(msg.error);
        g_assert_true(sip_can_answer(&msg));
        g_autofree char *bad = reply(&msg, msg.refuse_with, TEXT("t"));
        g_assert_cmpint(sip_parse(&answer, bad, strlen(bad)), ==, SIP_OK);
        g_assert_cmpuint(answer.status, ==, 400);
    }
}

static void test_unreadable_to(void)
{
    SipMsg msg;
    g_autofree char *octets = NULL;
    load("data/torture/invalid/quotbal.sip", &msg, &octets);
    g_autofree char *bad = reply(&msg, 400, TEXT("t"));
    g_assert_nonnull(strstr(bad, "To: \"Mr. J. User <sip:j.user@example.com>\r\n"));
}

static void test_reasons(void)
{
    g_assert_true(text_is(sip_reason(412), "Conditional Request Failed"));
    g_assert_true(text_is(sip_reason(494), "Security Agreement Required"));
    g_assert_true(text_is(sip_reason(499), "Client Error"));
    g_assert_true(text_is(sip_reason(0), "Unknown"));
}

static void test_describe(void)
{
    static const char *const expected[] = {
        "1213 octets  request method=REGISTER uri=sip:home1.example\n",
        "uri: scheme=sip host=home1.example (name)\n",
        "   36 +75    Via: ",
        "via: transport=UDP host=2001:db8:1::aa (IPv6) port=1357 branch=z9hG4bKnashds7\n",
        "integrity-protected=yes",
        "mechanism: name=ipsec-3gpp alg=hmac-sha-1-96 spi-c=23456789 spi-s=12345678 port-c=2468 port-s=1357\n",
        "cseq: number=2 method=REGISTER\n",
        "address: uri=sip:icscf.home1.example;lr\n",
        "body\n",
    };
    SipMsg msg;
    g_autofree char *octets = NULL;
    load("../fuzz/seeds/sip/register.sip", &msg, &octets);
    g_autoptr(GString) out = g_string_new(NULL);
    sip_describe(&msg, out);
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_test_message("%s", expected[i]);
        g_assert_nonnull(strstr(out->str, expected[i]));
    }
}

static void test_describe_refused(void)
{
    SipMsg msg;
    g_autofree char *octets = NULL;
    load("data/torture/invalid/badinv01.sip", &msg, &octets);
    g_autoptr(GString) out = g_string_new(NULL);
    sip_describe(&msg, out);
    g_assert_true(g_str_has_prefix(out->str, "must be refused (400) at octet "));
    g_assert_nonnull(strstr(out->str, "a Via is malformed\n"));
    g_assert_nonnull(strstr(out->str, "via: (malformed)\n"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/sip-write/a-message-or-nothing", test_message);
    g_test_add_func("/msg/sip-write/an-answer-copies-what-it-must", test_reply);
    g_test_add_func("/msg/sip-write/a-tag-is-not-given-twice", test_reply_keeps_tag);
    g_test_add_func("/msg/sip-write/what-is-refused-gets-a-legal-400", test_reply_to_refused);
    g_test_add_func("/msg/sip-write/an-unreadable-to-stays-as-it-is", test_unreadable_to);
    g_test_add_func("/msg/sip-write/reason-phrases", test_reasons);
    g_test_add_func("/msg/sip-describe/every-typed-field-is-shown", test_describe);
    g_test_add_func("/msg/sip-describe/the-reason-for-refusal-comes-first", test_describe_refused);
    return g_test_run();
}
