/*
 * tests/msg/test_sip_mutants.c - what must hold for any octets, tried on mutants of good and bad messages.
 *
 * Cuts, repeats, splices of two messages and a dictionary of SIP tokens, drawn from the test's own numbers: every run
 * the same.  The sanitizers watch for the rest.
 */
#include "nodes/msg/sip_describe.h"
#include "nodes/msg/sip_edit.h"
#include "nodes/msg/sip_fields.h"
#include "nodes/msg/sip_write.h"

#define MUTANTS 12000

static GPtrArray *seeds; /* of GBytes, in order of their names */
static unsigned accepted, answered;

/* xorshift64 (Marsaglia 2003) */
static uint64_t random_state = UINT64_C(0x2545f4914f6cdd1d);

static uint32_t draw(uint32_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 33) % below;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void load_folder(const char *folder)
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
        char *octets;
        size_t len;
        g_assert_true(g_file_get_contents(names->pdata[i], &octets, &len, NULL));
        g_ptr_array_add(seeds, g_bytes_new_take(octets, len));
    }
}

static void load_seeds(void)
{
    seeds = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    load_folder("../fuzz/seeds/sip");
    load_folder("data/torture/valid");
    load_folder("data/torture/invalid");
    load_folder("data/torture/semantic");
    load_folder("data/torture/ipv6-valid");
}

static const char *any_seed(size_t *len)
{
    return g_bytes_get_data(seeds->pdata[draw(seeds->len)], len);
}

static void mutate(GString *m)
{
    static const char *const words[] = {
        "\r\n",    "\r\n ", "\r\n\r\n", "Via: ", "Contact: *",        "<sip:", ">",          "\"", "\\", ",", ";tag=",
        "SIP/2.0", "[::1]", "%00",      "%",     "Content-Length: 5", "l:0",   "4294967296", "?",  "=",  "\t"
    };
    uint32_t at = draw((uint32_t)m->len + 1), n = draw(64);
    size_t len;
    switch (draw(6)) {
    case 0:
        if (at < m->len)
            m->str[at] = (char)draw(256);
        break;
    case 1: g_string_erase(m, at, (gssize)MIN(n, m->len - at)); break;
    case 2: g_string_insert(m, at, words[draw(G_N_ELEMENTS(words))]); break;
    case 3: {
        n = (uint32_t)MIN(n, m->len - at);
        g_autofree char *piece = g_strndup(m->str + at, n);
        for (uint32_t k = draw(20); k > 0; k--)
            g_string_insert_len(m, at, piece, (gssize)strlen(piece));
        break;
    }
    case 4: g_string_truncate(m, at); break;
    default: {
        const char *other = any_seed(&len);
        uint32_t from = draw((uint32_t)len);
        g_string_insert_len(m, at, other + from, (gssize)MIN(len - from, n * 8));
        break;
    }
    }
}

/* Views must lie in the octets, and lines must tile the head. */
static void check_views(const SipMsg *msg)
{
    const char *next = text_end(msg->start_line);
    g_assert_true(text_end(msg->body) == text_end(msg->all));
    for (unsigned i = 0; i < msg->n_headers; i++) {
        const SipHeader *h = &msg->headers[i];
        g_assert_true(h->line == next);
        next += h->line_len;
        g_assert_true(h->value.p > h->line && text_end(h->value) <= next - 2);
        g_assert_true(h->id == SIP_H_OTHER || text_equal_nocase(sip_name(h), sip_header_name((SipHeaderId)h->id)) ||
                      h->name_len == 1);
    }
    g_assert_true(next + 2 == msg->body.p);
}

/* What was accepted as a datagram with Content-Length is the same message in a stream, and edits keep it legal. */
static void check_accepted(const SipMsg *msg)
{
    static char out[2 * SIP_MAX_OCTETS];
    static SipMsg again;
    SipEdit edit;
    size_t used;
    SipParseResult stream = sip_parse_stream(&again, msg->all.p, msg->all.len, &used);
    g_assert_cmpint(stream, ==, msg->has_content_length ? SIP_OK : SIP_BAD);
    g_assert_true(!msg->has_content_length || used == msg->all.len);
    sip_edit_init(&edit, msg);
    sip_edit_push(&edit, SIP_H_VIA, TEXT("SIP/2.0/UDP p.example"));
    sip_edit_remove_all(&edit, SIP_H_CONTACT);
    sip_edit_set_uint(&edit, SIP_H_EXPIRES, 0);
    size_t n = sip_edit_write(&edit, out, sizeof out);
    g_assert_cmpuint(n, >, 0);
    if (msg->n_headers + 2 <= SIP_MAX_HEADERS && n <= SIP_MAX_OCTETS)
        g_assert_cmpint(sip_parse(&again, out, n), ==, SIP_OK);
}

static void check_answer(const SipMsg *msg)
{
    static char out[2 * SIP_MAX_OCTETS];
    SipWriter w;
    SipMsg answer;
    SipVia via;
    sip_write_init(&w, out, sizeof out);
    sip_reply_start(&w, msg, 400, TEXT_NONE, TEXT("t"));
    size_t n = sip_write_end(&w, TEXT_NONE);
    g_assert_cmpuint(n, >, 0);
    /* The faults of the request may be in what the answer copies; its frame and its top Via are good. */
    g_assert_true(sip_split(&answer, out, n) == SIP_OK || msg->error != NULL);
    g_assert_true(answer.status == 400 && sip_via(&answer, 0, &via));
}

static void check(const char *octets, size_t len)
{
    static SipMsg msg;
    g_autofree char *exact = g_memdup2(octets, len); /* so that a read behind the end is seen */
    g_autoptr(GString) text = g_string_new(NULL);
    if (sip_parse(&msg, exact, len) == SIP_OK) {
        accepted++;
        g_assert_null(msg.error);
        check_views(&msg);
        check_accepted(&msg);
    } else {
        g_assert_nonnull(msg.error);
        g_assert_cmpuint(msg.error_at, <=, len);
    }
    sip_describe(&msg, text);
    if (sip_can_answer(&msg)) {
        answered++;
        check_answer(&msg);
    }
}

static void test_mutants(void)
{
    for (unsigned i = 0; i < MUTANTS; i++) {
        size_t len;
        const char *seed = any_seed(&len);
        g_autoptr(GString) mutant = g_string_new_len(seed, (gssize)len);
        for (uint32_t k = draw(3); k > 0; k--)
            mutate(mutant);
        check(mutant->str, mutant->len);
    }
    g_test_message("%u accepted, %u can be answered", accepted, answered);
    g_assert_cmpuint(accepted, >, MUTANTS / 5);
    g_assert_cmpuint(answered, >, MUTANTS / 5);
}

/* Every prefix of every seed: refused or accepted, never read past its end. */
static void test_prefixes(void)
{
    for (unsigned i = 0; i < seeds->len; i++) {
        size_t len;
        const char *seed = g_bytes_get_data(seeds->pdata[i], &len);
        for (size_t n = 0; n < len; n += n < 400 ? 1 : 17)
            check(seed, n);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    load_seeds();
    g_test_add_func("/msg/sip-mutants/what-holds-for-any-octets", test_mutants);
    g_test_add_func("/msg/sip-mutants/every-prefix-is-bounded", test_prefixes);
    int status = g_test_run();
    g_ptr_array_unref(seeds);
    return status;
}
