/*
 * tests/msg/test_sip_sofia.c - what two parsers accept, they understand alike.
 *
 * The other one is sofia-sip, when it is installed.  Messages: the torture messages, our own, and mutants of both.
 */
#include "nodes/msg/sip_fields.h"

#ifdef PRESEC_HAVE_SOFIA
#include "tests/msg/sofia_oracle.h"

static SofiaOracle *oracle;
static unsigned both, only_ours, only_theirs;

static void assert_same(const char *what, const char *theirs, Text ours)
{
    g_autofree char *text = text_present(ours) ? text_dup(ours) : g_strdup("");
    g_test_message("%s", what);
    g_assert_cmpstr(text, ==, theirs);
}

static void compare_fields(const SipMsg *msg, const SofiaView *view)
{
    SipUri uri;
    SipVia via;
    SipCseq cseq;
    g_assert_true(msg->is_request == view->is_request);
    if (msg->is_request) {
        assert_same("method", view->method, msg->method_text);
        g_assert_true(sip_uri(msg->uri, &uri));
        if (uri.scheme == SIP_SCHEME_SIP && uri.host_kind != SIP_HOST_IPV6)
            assert_same("host of the Request-URI", view->host, uri.host);
    } else {
        g_assert_cmpint((int)msg->status, ==, view->status);
    }
    g_assert_cmpuint(sip_via_count(msg), ==, view->n_vias);
    g_assert_true(sip_via(msg, 0, &via));
    assert_same("branch", view->branch, via.branch);
    assert_same("host of the Via", view->via_host,
                via.host_kind == SIP_HOST_IPV6 ? text_first(via.sent_by, via.host.len + 2) : via.host);
    assert_same("From tag", view->from_tag, sip_tag(msg, SIP_H_FROM));
    assert_same("To tag", view->to_tag, sip_tag(msg, SIP_H_TO));
    assert_same("Call-ID", view->call_id, sip_value(msg, SIP_H_CALL_ID));
    g_assert_true(sip_cseq(msg, &cseq));
    g_assert_cmpuint(cseq.number, ==, view->cseq);
    g_assert_cmpuint(msg->body.len, ==, view->body_len);
}

static void compare(const char *octets, size_t len)
{
    SipMsg msg;
    SofiaView view;
    bool ours = sip_parse(&msg, octets, len) == SIP_OK;
    sofia_oracle_read(oracle, octets, len, &view);
    both += ours && view.accepted;
    only_ours += ours && !view.accepted;
    only_theirs += !ours && view.accepted;
    if (ours && view.accepted)
        compare_fields(&msg, &view);
}

/* xorshift64 (Marsaglia 2003): the test's own numbers, the same in every run. */
static uint64_t random_state = UINT64_C(0x9e3779b97f4a7c15);

static uint32_t draw(uint32_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 33) % below;
}

/* Only octets that are themselves legal in a header: the interesting disagreements are about structure. */
static void compare_mutants(const char *octets, size_t len, unsigned n)
{
    static const char alphabet[] = "aZ09 \t;,:@<>\"\\=?%&./-[]+*'()~!";
    for (unsigned i = 0; i < n; i++) {
        g_autofree char *mutant = g_memdup2(octets, len);
        for (uint32_t k = draw(3) + 1; k > 0; k--) {
            uint32_t at = draw((uint32_t)len);
            mutant[at] = alphabet[draw(sizeof alphabet - 1)];
        }
        compare(mutant, len);
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void compare_folder(const char *folder, unsigned mutants)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir)) != NULL)
        if (g_str_has_suffix(name, ".sip"))
            g_ptr_array_add(names, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(names, by_name);
    for (unsigned i = 0; i < names->len; i++) {
        g_autofree char *octets = NULL;
        size_t len;
        g_assert_true(g_file_get_contents(names->pdata[i], &octets, &len, NULL));
        g_test_message("%s", (char *)names->pdata[i]);
        if (mutants == 0)
            compare(octets, len);
        else
            compare_mutants(octets, len, mutants);
    }
}

static void run_all(unsigned mutants)
{
    both = only_ours = only_theirs = 0;
    oracle = sofia_oracle_new();
    compare_folder("../fuzz/seeds/sip", mutants);
    compare_folder("data/torture/valid", mutants);
    compare_folder("data/torture/semantic", mutants);
    compare_folder("data/torture/ipv6-valid", mutants);
    compare_folder("data/torture/invalid", mutants);
    sofia_oracle_free(oracle);
    g_test_message("both %u, only ours %u, only sofia %u", both, only_ours, only_theirs);
}

static void test_messages(void)
{
    run_all(0);
    g_assert_cmpuint(both, >=, 30);
}

static void test_mutants(void)
{
    run_all(120);
    g_assert_cmpuint(both, >=, 1000);
}
#else
static void test_messages(void)
{
    g_test_skip("sofia-sip is not installed");
}

static void test_mutants(void)
{
    g_test_skip("sofia-sip is not installed");
}
#endif

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/sip-sofia/messages-mean-the-same-to-both", test_messages);
    g_test_add_func("/msg/sip-sofia/mutants-mean-the-same-to-both", test_mutants);
    return g_test_run();
}
