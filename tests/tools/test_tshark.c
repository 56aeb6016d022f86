/*
 * tests/tools/test_tshark.c - a dissector that knows nothing of us reads our captures.
 *
 * Source:  TS 33.203 Annex I (ESP keys), RFC 4303; Wireshark's preferences esp.* and the table esp_sa.
 * Knows:   a run's capture and the TRACE_SA records, as a user has them.  Skipped where tshark is not installed.
 */
#include "crypto/esp.h"
#include "scenarios/world.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

enum { SEED = 1, ESP_SAS_MAX = 64 };

typedef struct Captured {
    char *directory, *file;
    World *world;
    Scenario *scenario;
    Option *option;
} Captured;

static bool have_tshark(void)
{
    g_autofree char *path = g_find_program_in_path("tshark");
    if (path == NULL)
        g_test_skip("tshark is not installed");
    return path != NULL;
}

/* ---- a run and its file ---- */

/* @settings: "field=value", NULL-terminated */
static void captured_init(Captured *captured, const char *option, const char *const *settings)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    WorldFlags flags = { .trace = true, .capture = true };
    size_t len;

    captured->option = option_load(option, diagnostics);
    captured->scenario = scenario_load("standard", diagnostics);
    g_assert_nonnull(captured->option);
    g_assert_nonnull(captured->scenario);
    for (; *settings != NULL; settings++)
        g_assert_true(option_set_text(captured->option, *settings, NULL));
    captured->world = world_new(captured->scenario, captured->option, SEED, &flags);
    g_assert_cmpint(world_run(captured->world, 0), ==, WORLD_DONE);
    captured->directory = g_dir_make_tmp("presec-tshark-XXXXXX", NULL);
    g_assert_nonnull(captured->directory);
    captured->file = g_build_filename(captured->directory, "run.pcapng", NULL);
    const uint8_t *octets = capture_file(world_capture(captured->world), &len);
    g_assert_true(g_file_set_contents(captured->file, (const char *)octets, (gssize)len, NULL));
}

static void captured_clear(Captured *captured)
{
    (void)g_unlink(captured->file);
    (void)g_rmdir(captured->directory);
    g_free(captured->file);
    g_free(captured->directory);
    world_free(captured->world);
    scenario_free(captured->scenario);
    option_free(captured->option);
}

/* ---- tshark ---- */

/* What it prints for the fields of the frames that @filter takes, a line each; g_strfreev.  @more: further arguments.
 */
static char **tshark(const Captured *captured, const GPtrArray *more, const char *filter, const char *const *fields)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_autofree char *config = g_strdup_printf("WIRESHARK_CONFIG_DIR=%s", captured->directory);
    g_autofree char *path = g_strdup_printf("PATH=%s", g_getenv("PATH"));
    char *environment[] = { config, path, (char *)"LC_ALL=C.UTF-8", NULL };
    g_autofree char *out = NULL, *err = NULL;
    g_autoptr(GError) error = NULL;
    int status;

    static const char *const head[] = { "timeout", "60", "tshark", "-n", "-r" };
    for (size_t i = 0; i < G_N_ELEMENTS(head); i++)
        g_ptr_array_add(argv, (gpointer)head[i]);
    g_ptr_array_add(argv, captured->file);
    for (guint i = 0; more != NULL && i < more->len; i++)
        g_ptr_array_add(argv, more->pdata[i]);
    g_ptr_array_add(argv, (gpointer) "-Y");
    g_ptr_array_add(argv, (gpointer)filter);
    g_ptr_array_add(argv, (gpointer) "-Tfields");
    for (; *fields != NULL; fields++) {
        g_ptr_array_add(argv, (gpointer) "-e");
        g_ptr_array_add(argv, (gpointer)*fields);
    }
    g_ptr_array_add(argv, NULL);
    g_assert_true(g_spawn_sync(NULL, (char **)argv->pdata, environment, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err,
                               &status, &error));
    g_assert_no_error(error);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        g_test_message("%s", err);
    g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    g_strchomp(out);
    return out[0] == '\0' ? g_new0(char *, 1) : g_strsplit(out, "\n", -1);
}

static unsigned lines_with(char *const *lines, const char *text)
{
    unsigned n = 0;
    for (; *lines != NULL; lines++)
        n += strstr(*lines, text) != NULL;
    return n;
}

static void append_hex(GString *out, const uint8_t *octets, size_t len)
{
    g_string_append(out, "0x");
    for (size_t i = 0; i < len; i++)
        g_string_append_printf(out, "%02x", octets[i]);
}

/* One line of Wireshark's table of associations, from a record. */
static char *esp_sa(const TraceRecord *record)
{
    g_autofree char *src = g_strndup(record->sa.src, strcspn(record->sa.src, " "));
    g_autofree char *dst = g_strndup(record->sa.dst, strcspn(record->sa.dst, " "));
    bool sha1 = strcmp(record->sa.alg, "hmac-sha-1-96") == 0;
    uint8_t ik[ESP_IK_MAX], ck[ESP_CK_3DES_LEN];
    size_t ik_len = annexI_ik(sha1 ? ESP_HMAC_SHA1_96 : ESP_HMAC_MD5_96, record->sa.keys, ik);
    const uint8_t *its_ck = record->sa.keys + ESP_KEY_LEN;
    GString *line = g_string_new("uat:esp_sa:\"IPv6\"");
    g_string_append_printf(line, ",\"%s\",\"%s\",\"0x%08x\"", src, dst, record->sa.spi);
    if (strcmp(record->sa.ealg, "des-ede3-cbc") == 0) {
        annexI_ck_3des(its_ck, ck);
        g_string_append(line, ",\"TripleDES-CBC [RFC2451]\",\"");
        append_hex(line, ck, sizeof ck);
        g_string_append_c(line, '"');
    } else if (strcmp(record->sa.ealg, "aes-cbc") == 0) {
        g_string_append(line, ",\"AES-CBC [RFC3602]\",\"");
        append_hex(line, its_ck, ESP_KEY_LEN);
        g_string_append_c(line, '"');
    } else {
        g_string_append(line, ",\"NULL\",\"\"");
    }
    g_string_append_printf(line, ",\"%s\",\"", sha1 ? "HMAC-SHA-1-96 [RFC2404]" : "HMAC-MD5-96 [RFC2403]");
    append_hex(line, ik, ik_len);
    g_string_append_c(line, '"');
    return g_string_free(line, FALSE);
}

/* Arguments that give tshark every association of the run.  @filter: out, "esp.spi in {...}". */
static GPtrArray *esp_arguments(const Captured *captured, GString *filter)
{
    GPtrArray *arguments = g_ptr_array_new_with_free_func(g_free);
    const Trace *trace = world_trace(captured->world);
    unsigned n = 0;
    g_ptr_array_add(arguments, g_strdup("-oesp.enable_encryption_decode:TRUE"));
    g_ptr_array_add(arguments, g_strdup("-oesp.enable_authentication_check:TRUE"));
    g_string_assign(filter, "esp.spi in {");
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        if (record->kind != TRACE_SA || !record->sa.made)
            continue;
        g_assert_cmpuint(n, <, ESP_SAS_MAX);
        g_ptr_array_add(arguments, g_strdup("-o"));
        g_ptr_array_add(arguments, esp_sa(record));
        g_string_append_printf(filter, "%s0x%08x", n++ > 0 ? "," : "", record->sa.spi);
    }
    g_string_append_c(filter, '}');
    g_assert_cmpuint(n, >, 0);
    return arguments;
}

/* ---- the tests ---- */

static const char *const nothing_set[] = { NULL };

static void test_clear_protocols(void)
{
    static const char *const sip[] = { "frame.number", "sip.Method", "sip.Status-Code", NULL };
    static const char *const diameter[] = { "diameter.cmd.code", "diameter.applicationId", NULL };
    static const char *const number[] = { "frame.number", NULL };
    Captured captured;

    if (!have_tshark())
        return;
    captured_init(&captured, "gap", nothing_set);
    g_auto(GStrv) messages = tshark(&captured, NULL, "sip", sip);
    g_assert_cmpuint(lines_with(messages, "REGISTER"), >, 10);
    g_assert_cmpuint(lines_with(messages, "401"), >, 4);
    g_assert_cmpuint(lines_with(messages, "SUBSCRIBE"), >, 2); /* behind the P-CSCF */
    g_auto(GStrv) cx = tshark(&captured, NULL, "diameter", diameter);
    g_assert_cmpuint(lines_with(cx, "300\t16777216"), >, 0); /* User-Authorization, TS 29.229 */
    g_assert_cmpuint(lines_with(cx, "301\t16777216"), >, 0); /* Server-Assignment */
    g_assert_cmpuint(lines_with(cx, "303\t16777216"), >, 0); /* Multimedia-Auth */
    g_auto(GStrv) malformed = tshark(&captured, NULL, "_ws.malformed || tcp.analysis.lost_segment", number);
    g_assert_cmpuint(g_strv_length(malformed), ==, 0);
    captured_clear(&captured);
}

static void test_checksums(void)
{
    static const char *const number[] = { "frame.number", NULL };
    g_autoptr(GPtrArray) check = g_ptr_array_new();
    Captured captured;

    if (!have_tshark())
        return;
    captured_init(&captured, "rel6", nothing_set);
    g_ptr_array_add(check, (gpointer) "-oudp.check_checksum:TRUE");
    g_ptr_array_add(check, (gpointer) "-otcp.check_checksum:TRUE");
    g_auto(GStrv) good = tshark(&captured, check, "udp.checksum.status == \"Good\"", number);
    g_assert_cmpuint(g_strv_length(good), >, 50);
    g_auto(GStrv) bad =
        tshark(&captured, check, "udp.checksum.status == \"Bad\" || tcp.checksum.status == \"Bad\"", number);
    g_assert_cmpuint(g_strv_length(bad), ==, 0);
    captured_clear(&captured);
}

/* With the run's keys: every ICV is good, and SIP is inside. */
static void test_esp_with_keys(gconstpointer data)
{
    static const char *const icv[] = { "frame.number", "frame.interface_name", "esp.spi",
                                       "esp.icv_good", "esp.icv_bad",          NULL };
    static const char *const presence[] = { "sip.Method", NULL };
    const char *algorithms = data; /* of both lists; NULL: the option's own */
    g_autofree char *offer = g_strdup_printf("offer=%s", algorithms),
                    *list = g_strdup_printf("pcscf-list=%s", algorithms);
    const char *const settings[] = { offer, list, NULL };
    g_autoptr(GString) filter = g_string_new(NULL);
    Captured captured;

    if (!have_tshark())
        return;
    captured_init(&captured, "rel6", algorithms != NULL ? settings : nothing_set);
    g_autoptr(GPtrArray) arguments = esp_arguments(&captured, filter);
    g_auto(GStrv) packets = tshark(&captured, arguments, filter->str, icv);
    unsigned n = g_strv_length(packets), good = 0;
    for (char **line = packets; *line != NULL; line++) {
        bool is_good = strstr(*line, "\t1\t0") != NULL;
        good += is_good;
        if (!is_good)
            g_test_message("%s", *line);
    }
    g_test_message("%u packets, %u with a good ICV", n, good);
    g_assert_cmpuint(n, >, 50);
    g_assert_cmpuint(good, ==, n);
    g_autofree char *inside = g_strdup_printf("%s && sip", filter->str);
    g_auto(GStrv) sip = tshark(&captured, arguments, inside, presence);
    g_assert_cmpuint(lines_with(sip, "PUBLISH"), >, 0);
    g_assert_cmpuint(lines_with(sip, "SUBSCRIBE"), >, 0);
    g_assert_cmpuint(lines_with(sip, "NOTIFY"), >, 0);
    /* without keys there is none */
    g_auto(GStrv) closed = tshark(&captured, NULL, inside, presence);
    g_assert_cmpuint(g_strv_length(closed), ==, 0);
    captured_clear(&captured);
}

/* NULL encryption needs no keys: what the attacker reads, everybody reads. */
static void test_esp_null(void)
{
    static const char *const presence[] = { "sip.Method", NULL };
    g_autoptr(GPtrArray) heuristic = g_ptr_array_new();
    Captured captured;

    if (!have_tshark())
        return;
    captured_init(&captured, "gap", nothing_set);
    g_ptr_array_add(heuristic, (gpointer) "-oesp.enable_null_encryption_decode_heuristic:TRUE");
    g_auto(GStrv) sip = tshark(&captured, heuristic, "esp && sip", presence);
    g_assert_cmpuint(lines_with(sip, "PUBLISH"), >, 0);
    g_assert_cmpuint(lines_with(sip, "NOTIFY"), >, 0);
    captured_clear(&captured);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tools/tshark/clear-protocols", test_clear_protocols);
    g_test_add_func("/tools/tshark/checksums", test_checksums);
    g_test_add_data_func("/tools/tshark/esp-3des", NULL, test_esp_with_keys);
    g_test_add_data_func("/tools/tshark/esp-aes", "hmac-sha-1-96+aes-cbc", test_esp_with_keys);
    g_test_add_data_func("/tools/tshark/esp-3des-md5", "hmac-md5-96+des-ede3-cbc", test_esp_with_keys);
    g_test_add_func("/tools/tshark/esp-null", test_esp_null);
    return g_test_run();
}
