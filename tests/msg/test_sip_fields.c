/*
 * tests/msg/test_sip_fields.c - typed header fields.
 *
 * Source:  RFC 3261 §20; RFC 3581; RFC 5118 §4.5; RFC 6665 §8.
 */
#include "nodes/msg/sip_fields.h"

static SipMsg msg;
static char *octets;

/* One of the messages that the fuzz target starts from. */
static void load(const char *name)
{
    size_t len;
    g_autofree char *path = g_strdup_printf("../fuzz/seeds/sip/%s.sip", name);
    g_free(octets);
    octets = NULL;
    g_assert_true(g_file_get_contents(path, &octets, &len, NULL));
    g_assert_cmpint(sip_parse(&msg, octets, len), ==, SIP_OK);
}

static void test_via(void)
{
    SipVia via;
    load("challenge");
    g_assert_cmpuint(sip_via_count(&msg), ==, 3);
    g_assert_true(sip_via(&msg, 1, &via));
    g_assert_true(text_is(via.host, "pcscf.visited1.example") && text_is(via.branch, "z9hG4bK240f34.1"));
    g_assert_true(sip_via(&msg, 2, &via));
    g_assert_true(text_is(via.transport, "UDP") && text_is(via.sent_by, "[2001:db8:1::aa]"));
    g_assert_true(text_is(via.host, "2001:db8:1::aa") && via.host_kind == SIP_HOST_IPV6 && via.port == 0);
    g_assert_true(text_is(via.received, "2001:db8:1::aa") && via.has_rport && via.rport == 1357 && via.ttl == -1);
    g_assert_false(text_present(via.maddr));
    g_assert_false(sip_via(&msg, 3, &via));
    load("register");
    g_assert_true(sip_via(&msg, 0, &via));
    g_assert_true(via.port == 1357 && text_is(via.sent_by, "[2001:db8:1::aa]:1357") && !via.has_rport);
}

static void test_via_forms(void)
{
    SipVia via;
    g_assert_true(sip_via_decode(TEXT("SIP / 2.0 / TCP h.example : 5060 ; rport ; ttl=16;maddr=224.2.0.1"), &via));
    g_assert_true(text_is(via.transport, "TCP") && via.port == 5060 && via.has_rport && via.rport == 0 &&
                  via.ttl == 16);
    g_assert_true(text_is(via.maddr, "224.2.0.1"));
    g_assert_true(sip_via_decode(TEXT("SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bK1"), &via));
    g_assert_true(text_is(via.received, "[2001:db8::9:255]"));
    static const char *const bad[] = { "",
                                       "SIP/2.0/UDP",
                                       "SIP/2.0/UDP ",
                                       "SIP/2.0 a.example",
                                       "SIP/2.0/UDP2001::1",
                                       "SIP/2.0/UDP 2001:db8::1",
                                       "SIP/2.0/UDP a.example:",
                                       "SIP/2.0/UDP a.example:0",
                                       "SIP/2.0/UDP a.example:65536",
                                       "SIP/2.0/UDP a.example;",
                                       "SIP/2.0/UDP a.example;;x",
                                       "SIP/2.0/UDP a.example;ttl=256",
                                       "SIP/2.0/UDP a.example;ttl",
                                       "SIP/2.0/UDP a.example;rport=x",
                                       "SIP/2.0/UDP a.example b.example",
                                       "SIP/2.0/UDP a.example;branch=\"open" };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i]);
        g_assert_false(sip_via_decode(text_from(bad[i]), &via));
    }
}

static void test_cseq(void)
{
    SipCseq cseq;
    g_assert_true(sip_cseq_decode(TEXT("2147483647 \r\n PUBLISH"), &cseq));
    g_assert_cmpuint(cseq.number, ==, INT32_MAX);
    g_assert_cmpint(cseq.method, ==, SIP_PUBLISH);
    g_assert_true(sip_cseq_decode(TEXT("0 publish"), &cseq) && cseq.method == SIP_METHOD_UNKNOWN);
    static const char *const bad[] = {
        "", "1", "1 ", "INVITE", "2147483648 INVITE", "-1 INVITE", "1 IN VITE", "1INVITE"
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(sip_cseq_decode(text_from(bad[i]), &cseq));
}

static void test_nameaddr(void)
{
    SipNameAddr addr;
    Text value;
    char display[16];
    g_assert_true(sip_nameaddr_decode(TEXT("\"A \\\"<b>\\\"\" <sip:a;x=1@h.example;lr?a=b> ; tag = t ;q=0.5"), &addr));
    g_assert_true(text_is(addr.uri, "sip:a;x=1@h.example;lr?a=b") && text_is(addr.tag, "t") && addr.angle);
    size_t n = sip_unquote_copy(addr.display, display, sizeof display);
    g_assert_true(text_is(text_of(display, n), "A \"<b>\""));
    g_assert_true(sip_param(addr.params, "Q", &value) && text_is(value, "0.5"));
    g_assert_true(sip_nameaddr_decode(TEXT("sip:a@h.example;tag=x;flag"), &addr));
    g_assert_true(text_is(addr.uri, "sip:a@h.example") && text_is(addr.tag, "x") && !addr.angle);
    g_assert_true(sip_param(addr.params, "flag", &value) && value.len == 0);
    g_assert_true(sip_nameaddr_decode(TEXT("Alice A.<sip:a@h.example>"), &addr) && text_is(addr.display, "Alice A."));
    g_assert_true(sip_nameaddr_decode(TEXT("<sip:a@h.example>"), &addr) && !text_present(addr.display));
    g_assert_true(sip_nameaddr_decode(TEXT("*"), &addr) && addr.star);
    static const char *const bad[] = { "",
                                       "\"open <sip:a@b>",
                                       "<sip:a@b",
                                       "sip:a@b>",
                                       "A, B <sip:a@b>",
                                       "sip:a@b?x=y",
                                       "sip:a,b@c",
                                       "<sip:a@b> x",
                                       "<sip:a@b>;",
                                       "<sip:a@b>;tag=",
                                       "<sip:a@b>;=x",
                                       "\"a\" sip:a@b",
                                       "\"a\"b <sip:a@b>",
                                       "<a><b>" };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i]);
        g_assert_false(sip_nameaddr_decode(text_from(bad[i]), &addr));
    }
}

static void test_expires(void)
{
    SipNameAddr contact;
    uint32_t number;
    load("register");
    g_assert_true(sip_nameaddr(&msg, SIP_H_CONTACT, &contact));
    g_assert_cmpuint(sip_expires(&msg, &contact, 5), ==, 600000);
    g_assert_true(sip_nameaddr_decode(TEXT("<sip:a@b>;expires=0"), &contact));
    g_assert_cmpuint(sip_expires(&msg, &contact, 5), ==, 0);
    g_assert_true(sip_nameaddr_decode(TEXT("<sip:a@b>;expires=never"), &contact));
    g_assert_cmpuint(sip_expires(&msg, &contact, 5), ==, 5);
    g_assert_true(sip_number(&msg, SIP_H_MAX_FORWARDS, &number) && number == 70);
    g_assert_false(sip_number(&msg, SIP_H_MIN_EXPIRES, &number));
    load("challenge");
    g_assert_cmpuint(sip_expires(&msg, NULL, 5), ==, 5);
}

static void test_events(void)
{
    SipEvent event;
    SipSubState state;
    SipMediaType type;
    load("subscribe");
    g_assert_true(sip_event(&msg, &event));
    g_assert_true(text_is(event.package, "presence") && text_is(event.id, "7"));
    g_assert_false(sip_subscription_state(&msg, &state));
    g_assert_true(sip_lists(&msg, SIP_H_SUPPORTED, "eventlist"));
    load("notify");
    g_assert_true(sip_subscription_state(&msg, &state));
    g_assert_true(state.kind == SIP_SUB_ACTIVE && state.has_expires && state.expires == 7200 &&
                  !text_present(state.reason));
    g_assert_true(sip_content_type(&msg, &type) && text_is(type.subtype, "pidf+xml"));
    g_assert_true(sip_content_is(&msg, "Application/PIDF+xml"));
    g_assert_false(sip_content_is(&msg, "application/pidf"));
    load("publish");
    g_assert_true(sip_event(&msg, &event) && text_is(event.package, "presence") && !text_present(event.id));
    g_assert_true(text_is(sip_value(&msg, SIP_H_SIP_IF_MATCH), "dx200xyz"));
}

static void test_identities(void)
{
    SipValues it;
    Text value;
    SipNameAddr addr;
    load("subscribe");
    sip_values(&it, &msg, SIP_H_P_ASSERTED_IDENTITY);
    g_assert_true(sip_values_next(&it, &value) && sip_nameaddr_decode(value, &addr));
    g_assert_true(text_is(addr.uri, "sip:bob.q9w1@home2.example"));
    g_assert_true(sip_values_next(&it, &value) && sip_nameaddr_decode(value, &addr));
    g_assert_true(text_is(addr.uri, "tel:+1-212-555-2222"));
    g_assert_false(sip_values_next(&it, &value));
    g_assert_true(text_is(sip_tag(&msg, SIP_H_FROM), "31415"));
    g_assert_false(text_present(sip_tag(&msg, SIP_H_TO)));
}

static void test_date(void)
{
    int64_t seconds;
    g_assert_true(sip_date_decode(TEXT("Tue, 06 May 2003 00:00:00 GMT"), &seconds));
    g_assert_cmpint(seconds, ==, 1052179200);
    g_assert_true(sip_date_decode(TEXT("Thu, 01 Jan 1970 00:00:00 GMT"), &seconds) && seconds == 0);
    g_assert_true(sip_date_decode(TEXT("Tue, 29 Feb 2000 23:59:59 GMT"), &seconds));
    g_assert_cmpint(seconds, ==, 951868799);
    static const char *const bad[] = { "",
                                       "Tue, 06 May 2003 00:00:00 EST",
                                       "Tue, 6 May 2003 00:00:00 GMT",
                                       "Tue, 06 may 2003 00:00:00 GMT",
                                       "Tue, 06 May 2003 24:00:00 GMT",
                                       "Tue, 00 May 2003 00:00:00 GMT",
                                       "Tue, 06 May 2003 00:00:00 GMT " };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(sip_date_decode(text_from(bad[i]), &seconds));
}

static void test_params(void)
{
    SipParams it;
    Text name, value;
    sip_params(&it, TEXT(" a=1 ; b ; c = \"x;y\" "));
    g_assert_true(sip_params_next(&it, &name, &value) && text_is(name, "a") && text_is(value, "1"));
    g_assert_true(sip_params_next(&it, &name, &value) && text_is(name, "b") && !text_present(value));
    g_assert_true(sip_params_next(&it, &name, &value) && text_is(name, "c") && text_is(sip_unquote(value), "x;y"));
    g_assert_false(sip_params_next(&it, &name, &value));
    g_assert_false(it.bad);
    g_assert_true(sip_params_valid(TEXT_NONE));
    g_assert_false(sip_params_valid(TEXT("")));
    g_assert_false(sip_params_valid(TEXT("a;")));
    g_assert_false(sip_params_valid(TEXT("a=b=c")));
    g_assert_false(sip_params_valid(TEXT("a b")));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/sip-fields/vias-are-counted-over-all-headers", test_via);
    g_test_add_func("/msg/sip-fields/via-forms", test_via_forms);
    g_test_add_func("/msg/sip-fields/cseq-is-below-2-to-the-31", test_cseq);
    g_test_add_func("/msg/sip-fields/name-addr-and-addr-spec", test_nameaddr);
    g_test_add_func("/msg/sip-fields/the-contact-decides-expires-first", test_expires);
    g_test_add_func("/msg/sip-fields/events-states-and-types", test_events);
    g_test_add_func("/msg/sip-fields/identities-and-tags", test_identities);
    g_test_add_func("/msg/sip-fields/dates-are-gmt", test_date);
    g_test_add_func("/msg/sip-fields/parameters", test_params);
    int status = g_test_run();
    g_free(octets);
    return status;
}
