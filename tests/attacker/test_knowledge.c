/*
 * tests/attacker/test_knowledge.c - what is kept of a message, and what it teaches.
 *
 * Source:  threats 2.0 (decode before searching), AT-07, AT-41.
 */
#include "nodes/attacker/private.h"
#include "tests/attacker/support/pair.h"

#include <string.h>

static void publish(Pair *pair, const char *headers, const char *body)
{
    g_autofree char *text = sip_publish(headers, body);
    pair_send(pair, NET_UP, text);
}

static Pair *listened_to(void)
{
    Pair *pair = pair_new();
    pair_attacker(pair, "gn:alice", 0, 2003);
    return pair;
}

static void test_encodings_are_undone(void)
{
    static const struct {
        const char *headers, *body;
    } rows[] = {
        { "", "the-canary" },
        { "", "the%2Dcanary" },
        { "", "the&#45;canary" },
        { "", "the&#x2d;c&#x61;nary" },
        { "", "th&#0000101;-canary" },
        { "Content-Transfer-Encoding: base64\r\n", "dGhlLWNhbmFyeQ==" },
        { "Content-Transfer-Encoding: BASE64\r\n", "dGhl\r\nLWNh\r\nbmFyeQ==\r\n" },
        { "Content-Transfer-Encoding: quoted-printable\r\n", "the=2Dcan=\r\nary" },
        { "Content-Type: multipart/mixed;boundary=\"b 1\"\r\n",
          "--b 1\r\nContent-Type: text/plain\r\n\r\nnothing\r\n--b 1\r\nContent-Transfer-Encoding: base64\r\n\r\n"
          "dGhlLWNhbmFyeQ==\r\n--b 1--\r\n" },
        { "Content-Type: multipart/mixed;boundary=o\r\n",
          "--o\r\nContent-Type: multipart/mixed;boundary=i\r\n\r\n--i\r\ncontent-transfer-encoding: "
          "quoted-printable\r\n\r\nthe=2dcanary\r\n--i--\r\n--o--\r\n" },
        { "Content-Type: application/x;boundary=o\r\n", "before \x01 the-canary" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Pair) pair = listened_to();
        publish(pair, rows[i].headers, rows[i].body);
        const Reading *reading = knowledge_get(attacker_knowledge(pair->attacker), 0);
        g_test_message("%s", reading->body);
        g_assert_nonnull(strstr(reading->body, "the-canary"));
    }
}

static void test_what_is_malformed_stays(void)
{
    static const struct {
        const char *headers, *body, *left;
    } rows[] = {
        { "Content-Transfer-Encoding: base64\r\n", "not base64!", "not base64!" },
        { "", "100% of %4 %zz &amp &; &#; &#x; &#xd800; &#99999999;", "100% of %4 %zz &amp &; &#; &#x; &#xd800; &#99" },
        { "Content-Type: multipart/mixed\r\n", "--x\r\n\r\nhere", "here" },
        { "Content-Type: multipart/mixed;boundary=\"\"\r\n", "--\r\n\r\nhere", "here" },
        { "Content-Transfer-Encoding: quoted-printable\r\n", "a=zz=", "a=zz=" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Pair) pair = listened_to();
        publish(pair, rows[i].headers, rows[i].body);
        g_assert_nonnull(strstr(knowledge_get(attacker_knowledge(pair->attacker), 0)->body, rows[i].left));
    }
}

static void test_multipart_ends(void)
{
    g_autoptr(GString) body = g_string_new(NULL);
    g_autoptr(Pair) pair = listened_to();
    for (unsigned i = 0; i < 200; i++)
        g_string_append(body, "--o\r\nContent-Type: multipart/mixed;boundary=o\r\n\r\n");
    g_string_append(body, "--o--the-canary");
    publish(pair, "Content-Type: multipart/mixed;boundary=o\r\n", body->str);
    g_assert_nonnull(pair_reading(pair, "the-canary"));
}

static void test_fields_of_a_reading(void)
{
    g_autoptr(Pair) pair = listened_to();
    g_autofree char *answers = sip_register(true, NULL);
    publish(pair, "Content-Type: application/pidf+xml\r\nP-Preferred-Identity: \"A\" <sip:al%69ce@home.example>\r\n",
            "<presence/>");
    pair_send(pair, NET_UP, answers);
    pair_send(pair, NET_DOWN, "SIP/2.0 200 OK\r\nFrom: <sip:a@b>;tag=1\r\nCSeq: 7 SUBSCRIBE\r\n\r\n");
    const Knowledge *knowledge = attacker_knowledge(pair->attacker);
    g_assert_cmpuint(knowledge_count(knowledge), ==, 3);
    const Reading *reading = knowledge_get(knowledge, 0);
    g_assert_true(reading->is_request && reading->carries_document);
    g_assert_cmpstr(reading->asserted, ==, "sip:alice@home.example");
    g_assert_cmpstr(reading->request_uri, ==, "sip:alice@home.example");
    g_assert_cmpint(reading->dir, ==, NET_UP);
    g_assert_true(net_addr_equal(&reading->src, &pair->ue_addr));
    g_assert_cmpstr(knowledge_get(knowledge, 1)->username, ==, "alice-private@home.example");
    reading = knowledge_get(knowledge, 2);
    g_assert_false(reading->is_request);
    g_assert_cmpint(reading->method, ==, SIP_SUBSCRIBE);
    g_assert_cmpuint(reading->status, ==, 200);
    g_assert_cmpstr(reading->from, ==, "sip:a@b");
    g_assert_null(knowledge_get(knowledge, 3));
}

static void test_what_is_no_sip_is_left(void)
{
    static const char *const texts[] = { "hello", "SIP/2.0 ", "GET / HTTP/1.1\r\n\r\n",
                                         "X SIP/2.0\r\nno header\r\n\r\n", "\r\n\r\n" };
    g_autoptr(Pair) pair = listened_to();
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        pair_send(pair, NET_UP, texts[i]);
    g_assert_cmpuint(knowledge_count(attacker_knowledge(pair->attacker)), ==, 0);
    g_assert_cmpuint(knowledge_sealed(attacker_knowledge(pair->attacker)), ==, 0);
}

static void test_names_of_the_victim(void)
{
    g_autoptr(Pair) pair = listened_to();
    const Knowledge *knowledge = attacker_knowledge(pair->attacker);
    g_autofree char *first = sip_register(false, NULL), *second = sip_register(true, NULL),
                    *challenge = sip_challenge("", "ipsec-3gpp;alg=hmac-sha-1-96;spi-c=1003;spi-s=1004;port-c=6003;"
                                                   "port-s=6004");
    g_assert_null(knowledge_victim(knowledge, "air:alice"));
    pair_send(pair, NET_UP, first);
    const Victim *victim = knowledge_victim(knowledge, "air:alice"); /* he listens at gn: the same UE */
    g_assert_nonnull(victim);
    g_assert_true(victim == knowledge_victim(knowledge, "gn:alice"));
    g_assert_true(victim == knowledge_victim(knowledge, ""));
    g_assert_null(knowledge_victim(knowledge, "air:bob"));
    g_assert_cmpstr(victim->impu, ==, "sip:alice@home.example");
    g_assert_cmpstr(victim->impi, ==, "alice-private@home.example");
    g_assert_cmpstr(victim->home, ==, "home.example");
    g_assert_null(victim->authorization);
    g_assert_cmpuint(victim->port[NET_DOWN], ==, PORT_US);
    g_assert_cmpuint(victim->port[NET_UP], ==, 0);
    pair_send(pair, NET_DOWN, challenge);
    g_assert_cmpuint(victim->port[NET_UP], ==, PORT_PS);
    pair_send(pair, NET_UP, second);
    g_assert_nonnull(strstr(victim->authorization, "response=\"0123456789abcdef0123456789abcdef\""));
    g_assert_true(net_addr_equal(&victim->addr, &pair->ue_addr));
    g_assert_true(net_addr_equal(&victim->pcscf, &pair->pcscf_addr));
}

static void test_spi_and_number_are_in_the_clear(void)
{
    g_autoptr(Pair) pair = listened_to();
    pair_protect(pair, ESP_HMAC_SHA1_96, ESP_AES_CBC);
    publish(pair, "", "one");
    publish(pair, "", "two");
    const Victim *victim = knowledge_victim(attacker_knowledge(pair->attacker), "air:alice");
    g_assert_cmpuint(victim->spi[NET_UP], ==, 1004);
    g_assert_cmpuint(victim->seq[NET_UP], ==, 2);
    g_assert_cmpuint(victim->spi[NET_DOWN], ==, 0);
}

/* What was learned is caused by the sending of the octets, and honest. */
static void test_records(void)
{
    g_autoptr(Pair) pair = listened_to();
    unsigned learned = 0;
    publish(pair, "", "x");
    const Trace *trace = sim_trace(pair->sim);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        if (record->kind != TRACE_LEARN)
            continue;
        learned++;
        g_assert_cmpstr(record->learn.attacker, ==, "mallory");
        g_assert_cmpstr(record->learn.text, ==, "PUBLISH sip:alice@home.example SIP/2.0");
        g_assert_cmpuint(record->learn.frame, ==, 2);
        g_assert_cmpuint(record->origin, ==, 0);
    }
    g_assert_cmpuint(learned, ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attacker/knowledge/encodings-are-undone", test_encodings_are_undone);
    g_test_add_func("/attacker/knowledge/what-is-malformed-stays", test_what_is_malformed_stays);
    g_test_add_func("/attacker/knowledge/multipart-ends", test_multipart_ends);
    g_test_add_func("/attacker/knowledge/fields-of-a-reading", test_fields_of_a_reading);
    g_test_add_func("/attacker/knowledge/what-is-no-sip-is-left", test_what_is_no_sip_is_left);
    g_test_add_func("/attacker/knowledge/names-of-the-victim", test_names_of_the_victim);
    g_test_add_func("/attacker/knowledge/spi-and-number-are-in-the-clear", test_spi_and_number_are_in_the_clear);
    g_test_add_func("/attacker/knowledge/records", test_records);
    return g_test_run();
}
