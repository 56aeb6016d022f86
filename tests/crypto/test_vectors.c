/*
 * tests/crypto/test_vectors.c - every cryptographic known answer in tests/vectors, and how vector files are read.
 *
 * Source:  tests/vectors/README.md.
 * Knows:   crypto/selftest.h; runs in tests/crypto.
 */
#include "crypto/selftest.h"

#include <string.h>

static void run_file(const char *name, SelftestReport *report)
{
    g_autofree char *path = g_build_filename("..", "vectors", name, NULL);
    g_autofree char *text = NULL;
    gsize len;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &text, &len, &error);
    g_assert_no_error(error);
    selftest_run(name, text, len, report);
}

/* @data: the file's name */
static void test_every_block_passes(gconstpointer data)
{
    SelftestReport report;
    selftest_report_init(&report);
    run_file(data, &report);
    for (guint i = 0; i < report.results->len; i++) {
        const SelftestResult *result = g_ptr_array_index(report.results, i);
        if (result->verdict != SELFTEST_PASS)
            g_test_message("%s:%u [%s] %s: %s: %s, expected %s got %s", result->file, result->line, result->block,
                           result->kind, selftest_verdict_name(result->verdict), result->what, result->expected,
                           result->got);
    }
    g_assert_cmpuint(report.passed, >, 0);
    g_assert_cmpuint(report.failed + report.unknown + report.syntax, ==, 0);
    selftest_report_clear(&report);
}

static void test_other_folders_kinds_are_unknown_not_skipped(void)
{
    SelftestReport report;
    selftest_report_init(&report);
    run_file("policy_combine.txt", &report);
    g_assert_cmpuint(report.unknown, >, 0);
    g_assert_cmpuint(report.unknown, ==, report.results->len);
    const SelftestResult *first = g_ptr_array_index(report.results, 0);
    g_assert_cmpstr(first->what, ==, "unknown block kind");
    selftest_report_clear(&report);
}

/* ---- the reader ---- */

typedef struct {
    SelftestReport report;
    const SelftestResult *first;
} Run;

static Run run_text(const char *text)
{
    Run run;
    selftest_report_init(&run.report);
    selftest_run("text", text, strlen(text), &run.report);
    run.first = run.report.results->len ? g_ptr_array_index(run.report.results, 0) : NULL;
    return run;
}

static void test_a_wrong_answer_fails_with_both_values(void)
{
    Run run = run_text("[x]\nmsg = \"abc\"\nmd5 = 00\n");
    g_assert_cmpint(run.first->verdict, ==, SELFTEST_FAIL);
    g_assert_cmpstr(run.first->what, ==, "md5");
    g_assert_cmpstr(run.first->expected, ==, "00");
    g_assert_cmpstr(run.first->got, ==, "900150983cd24fb0d6963f7d28e17f72");
    g_assert_cmpuint(run.report.failed, ==, 1);
    selftest_report_clear(&run.report);
}

static void test_syntax_errors_carry_their_line(void)
{
    static const struct {
        const char *text;
        unsigned line;
    } bad[] = { { "[x]\nmsg = zz\n", 2 },      { "# c\n[x]\nmsg = abc\n", 3 },
                { "[x]\nmsg = \"abc\n", 2 },   { "[x]\nmsg = \"a\\qb\"\n", 2 },
                { "[x]\nmsg = \"a\" b\n", 2 }, { "[x]\nmsg\n", 2 },
                { "[x]\nm!sg = 00\n", 2 },     { "[x]\nmsg = 00\nmsg = 00\n", 3 },
                { "\nmsg = 00\n", 2 },         { "[]\nmsg = 00\n", 1 },
                { "[x\nmsg = 00\n", 1 } };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        Run run = run_text(bad[i].text);
        g_assert_cmpuint(run.report.results->len, ==, 1);
        g_assert_cmpint(run.first->verdict, ==, SELFTEST_SYNTAX);
        g_assert_cmpuint(run.first->line, ==, bad[i].line);
        g_assert_cmpuint(run.report.syntax, ==, 1);
        selftest_report_clear(&run.report);
    }
}

static void test_a_broken_block_does_not_end_the_file(void)
{
    Run run = run_text("[x]\nmsg = zz\n\n[y]\nmsg = \"abc\"\nmd5 = 900150983cd24fb0d6963f7d28e17f72\n");
    g_assert_cmpuint(run.report.syntax, ==, 1);
    g_assert_cmpuint(run.report.passed, ==, 1);
    selftest_report_clear(&run.report);
}

static void test_escapes_and_carriage_returns_are_read(void)
{
    Run run = run_text("[x]\r\nmsg = \"\\\"\\\\\\r\\n\"\r\nmd5 = 19379b33edb5e27ea0055a1b2a35d7c2\r\n");
    g_assert_cmpint(run.first->verdict, ==, SELFTEST_FAIL); /* the answer is wrong on purpose; see what was hashed */
    g_autofree char *expected = g_compute_checksum_for_string(G_CHECKSUM_MD5, "\"\\\r\n", -1);
    g_assert_cmpstr(run.first->got, ==, expected);
    selftest_report_clear(&run.report);
}

static void test_missing_and_misshapen_fields_are_invalid(void)
{
    static const char *const bad[] = {
        "[x]\nk = 00\nplain = 00\ncipher = 00\n",
        "[x]\nkey = 00\niv = 00\nplain = 00\ncipher = 00\n",
        "[x]\nkey = 00\nmsg = 00\nmac = 00\n",
        "[x]\nwindow = \"65\"\nseq = \"1\"\naccept = \"1\"\n",
        "[x]\nwindow = \"0\"\nseq = \"1\"\naccept = \"1\"\n",
        "[x]\nwindow = \"32\"\nseq = \"x\"\naccept = \"1\"\n",
        "[x]\nalg = \"md6\"\nealg = \"null\"\nout_packet = 00\nik = 00\nck = 00\n",
        "[x]\nusername = \"u\"\nrealm = \"r\"\nresponse = \"\"\n",
        "[x]\nk = 00\nrand = 00\nsqn = 00\n",
        "[x]\nsecret = 00\nlabel = \"l\"\nseed = 00\nout = 00\n",
        "[x]\ns = 00\nks_naf = 00\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        Run run = run_text(bad[i]);
        g_assert_cmpuint(run.report.results->len, ==, 1);
        g_assert_cmpint(run.first->verdict, ==, SELFTEST_INVALID);
        g_assert_cmpstr(run.first->what, !=, "");
        selftest_report_clear(&run.report);
    }
}

/* ---- other folders' kinds ---- */

static bool has_colour(const SelftestBlock *block)
{
    return selftest_has(block, "colour");
}

static void check_colour(const SelftestBlock *block, SelftestCheck *check)
{
    selftest_expect(block, "colour", "red", 3, check);
}

static void test_added_kinds_are_asked_first(void)
{
    static const SelftestKind kind = { "colour", has_colour, check_colour };
    static const char text[] = "[a]\ncolour = \"red\"\n\n[b]\ncolour = \"blue\"\nmsg = \"abc\"\nmd5 = 00\n";
    SelftestReport report;
    selftest_report_init(&report);
    selftest_add(&report, &kind);
    g_assert_false(selftest_run("text", text, sizeof text - 1, &report));
    g_assert_cmpuint(report.passed, ==, 1);
    g_assert_cmpuint(report.failed, ==, 1);
    const SelftestResult *second = g_ptr_array_index(report.results, 1);
    g_assert_cmpstr(second->kind, ==, "colour");
    g_assert_cmpstr(second->expected, ==, "\"blue\"");
    g_assert_cmpstr(second->got, ==, "\"red\"");
    selftest_report_clear(&report);
}

static void check_nothing(const SelftestBlock *block, SelftestCheck *check)
{
}

static void test_a_block_without_an_answer_does_not_pass(void)
{
    static const SelftestKind kind = { "colour", has_colour, check_nothing };
    static const char text[] = "[a]\ncolour = \"red\"\n";
    SelftestReport report;
    selftest_report_init(&report);
    selftest_add(&report, &kind);
    g_assert_false(selftest_run("text", text, sizeof text - 1, &report));
    const SelftestResult *result = g_ptr_array_index(report.results, 0);
    g_assert_cmpint(result->verdict, ==, SELFTEST_INVALID);
    selftest_report_clear(&report);
}

static void check_with_a_note(const SelftestBlock *block, SelftestCheck *check)
{
    selftest_expect(block, "colour", "red", 3, check);
    selftest_note(check, "shade is not compared");
}

static void test_a_note_is_kept_with_a_pass_and_gives_way_to_a_failure(void)
{
    static const SelftestKind kind = { "colour", has_colour, check_with_a_note };
    static const char text[] = "[a]\ncolour = \"red\"\n\n[b]\ncolour = \"blue\"\n";
    SelftestReport report;
    selftest_report_init(&report);
    selftest_add(&report, &kind);
    g_assert_false(selftest_run("text", text, sizeof text - 1, &report));
    const SelftestResult *good = g_ptr_array_index(report.results, 0), *bad = g_ptr_array_index(report.results, 1);
    g_assert_cmpint(good->verdict, ==, SELFTEST_PASS);
    g_assert_cmpstr(good->what, ==, "shade is not compared");
    g_assert_cmpint(bad->verdict, ==, SELFTEST_FAIL);
    g_assert_cmpstr(bad->what, ==, "colour");
    selftest_report_clear(&report);
}

int main(int argc, char **argv)
{
    static const char *const files[] = {
        "milenage.txt", "gsm_milenage.txt", "autn_auts.txt",   "digest_aka.txt",  "digest_http.txt",  "kdf_33220.txt",
        "hmac.txt",     "aes_cbc.txt",      "des3_cbc.txt",    "esp_packets.txt", "annexI_keys.txt",  "antireplay.txt",
        "tls_prf.txt",  "tls_psk.txt",      "hash_base64.txt", "kasumi_f8.txt",   "aes128_block.txt",
    };
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_strdup_printf("/crypto/vectors/%s", files[i]);
        g_test_add_data_func(path, files[i], test_every_block_passes);
    }
    g_test_add_func("/crypto/selftest/other-folders-kinds-are-unknown-not-skipped",
                    test_other_folders_kinds_are_unknown_not_skipped);
    g_test_add_func("/crypto/selftest/a-wrong-answer-fails-with-both-values",
                    test_a_wrong_answer_fails_with_both_values);
    g_test_add_func("/crypto/selftest/syntax-errors-carry-their-line", test_syntax_errors_carry_their_line);
    g_test_add_func("/crypto/selftest/a-broken-block-does-not-end-the-file", test_a_broken_block_does_not_end_the_file);
    g_test_add_func("/crypto/selftest/escapes-and-carriage-returns-are-read",
                    test_escapes_and_carriage_returns_are_read);
    g_test_add_func("/crypto/selftest/missing-and-misshapen-fields-are-invalid",
                    test_missing_and_misshapen_fields_are_invalid);
    g_test_add_func("/crypto/selftest/added-kinds-are-asked-first", test_added_kinds_are_asked_first);
    g_test_add_func("/crypto/selftest/a-block-without-an-answer-does-not-pass",
                    test_a_block_without_an_answer_does_not_pass);
    g_test_add_func("/crypto/selftest/a-note-is-kept-with-a-pass-and-gives-way-to-a-failure",
                    test_a_note_is_kept_with_a_pass_and_gives_way_to_a_failure);
    return g_test_run();
}
