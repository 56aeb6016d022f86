/*
 * ui/selftest.c - `presec selftest`: known answers, built in and from files.
 *
 * Source:  README.md, "The command"; the form of the files is in tests/vectors/README.md.
 *          Schema presec.selftest/1: { "schema", "passed", "failed", "unknown", "syntax", "results": [ { "file",
 *          "line", "block", "kind", "verdict", "what", "expected", "got" } ] }.
 * Knows:   crypto/selftest.h.
 */
#include "crypto/selftest.h"

#include "scenarios/data.h"
#include "ui/commands.h"
#include "ui/input.h"
#include "ui/interrupt.h"
#include "ui/json.h"
#include "ui/output.h"
#include "ui/selftest_msg.h"

#define VECTOR_FOLDER "tests/vectors/"

const CommandOption selftest_options[] = {
    { "verbose", 'v', OPTION_FLAG, offsetof(SelftestSettings, verbose), NULL, "Show every block, not only failures" },
    { "json", 0, OPTION_TEXT, offsetof(SelftestSettings, json), "FILE",
      "Write the results as JSON (presec.selftest/1) to FILE" },
    { 0 },
};

static ExitStatus run_built_in(SelftestReport *report)
{
    for (const DataFile *file = data_first(VECTOR_FOLDER); file; file = data_next(file, VECTOR_FOLDER)) {
        if (interrupt_requested())
            return EXIT_INTERRUPTED;
        (void)selftest_run(file->path, (const char *)file->octets, file->len, report);
    }
    return EXIT_DONE;
}

/* Every file is tried; the first trouble is the status. */
static ExitStatus run_files(const CommandCall *call, SelftestReport *report)
{
    ExitStatus first = EXIT_DONE;
    for (size_t i = 0; i < call->n_args; i++) {
        GString *octets = NULL;
        ExitStatus status = interrupt_requested() ? EXIT_INTERRUPTED : input_read(call->args[i], &octets);
        if (status == EXIT_DONE) {
            (void)selftest_run(input_name(call->args[i]), octets->str, octets->len, report);
            g_string_free(octets, TRUE);
        } else if (first == EXIT_DONE)
            first = status;
        if (status == EXIT_INTERRUPTED)
            break;
    }
    return first;
}

static TermStyle style_of(SelftestVerdict verdict)
{
    switch (verdict) {
    case SELFTEST_PASS: return STYLE_GOOD;
    case SELFTEST_FAIL:
    case SELFTEST_INVALID:
    case SELFTEST_SYNTAX: return STYLE_BAD;
    case SELFTEST_UNKNOWN: return STYLE_DOUBT;
    }
    return STYLE_PLAIN;
}

static void append_result(const Term *term, GString *out, const SelftestResult *result)
{
    g_string_append_printf(out, "%s:%u: ", result->file, result->line);
    if (*result->block)
        g_string_append_printf(out, "[%s] ", result->block);
    if (*result->kind)
        g_string_append_printf(out, "%s: ", result->kind);
    term_append(term, out, style_of(result->verdict), selftest_verdict_name(result->verdict));
    if (*result->what)
        g_string_append_printf(out, ": %s", result->what);
    g_string_append_c(out, '\n');
    if (result->verdict == SELFTEST_FAIL)
        g_string_append_printf(out, "    expected %s\n    got      %s\n", result->expected, result->got);
}

static ExitStatus print_report(const CommandCall *call, const SelftestReport *report)
{
    const SelftestSettings *settings = call->settings;
    g_autoptr(GString) out = g_string_new(NULL);
    unsigned checks = 0;
    for (guint i = 0; i < report->results->len; i++) {
        const SelftestResult *result = report->results->pdata[i];
        checks += result->checks;
        if (settings->verbose || result->verdict != SELFTEST_PASS || *result->what)
            append_result(call->term, out, result);
    }
    g_string_append_printf(out, "%u blocks passed (%u answers), %u failed, %u of a kind nobody knows, %u unreadable\n",
                           report->passed, checks, report->failed, report->unknown, report->syntax);
    return output_print(out->str, out->len);
}

static void add_result(JsonBuilder *builder, const SelftestResult *result)
{
    json_builder_begin_object(builder);
    json_add_text(builder, "file", result->file);
    json_add_number(builder, "line", result->line);
    json_add_text(builder, "block", result->block);
    json_add_text(builder, "kind", result->kind);
    json_add_text(builder, "verdict", selftest_verdict_name(result->verdict));
    json_add_text(builder, "what", result->what);
    json_add_text(builder, "expected", result->expected);
    json_add_text(builder, "got", result->got);
    json_builder_end_object(builder);
}

static ExitStatus save_json(const char *path, const SelftestReport *report)
{
    g_autoptr(JsonBuilder) builder = json_begin("presec.selftest/1");
    json_add_number(builder, "passed", report->passed);
    json_add_number(builder, "failed", report->failed);
    json_add_number(builder, "unknown", report->unknown);
    json_add_number(builder, "syntax", report->syntax);
    json_open_array(builder, "results");
    for (guint i = 0; i < report->results->len; i++)
        add_result(builder, report->results->pdata[i]);
    json_builder_end_array(builder);
    return json_save(builder, path);
}

/* A file that cannot be read as vectors is an invalid input; a block of an unknown kind was not checked, so the
 * expectation that it holds was not met. */
static ExitStatus verdict_of(const SelftestReport *report)
{
    if (report->syntax > 0)
        return EXIT_INVALID;
    return report->failed > 0 || report->unknown > 0 ? EXIT_UNMET : EXIT_DONE;
}

ExitStatus selftest_run_command(const CommandCall *call)
{
    const SelftestSettings *settings = call->settings;
    SelftestReport report;
    selftest_report_init(&report);
    selftest_add(&report, &selftest_diameter_kind);
    selftest_add(&report, &selftest_policy_kind);
    ExitStatus status = call->n_args > 0 ? run_files(call, &report) : run_built_in(&report);
    bool json_on_output = settings->json && g_str_equal(settings->json, "-");
    ExitStatus printed = json_on_output ? EXIT_DONE : print_report(call, &report);
    if (settings->json && printed == EXIT_DONE)
        printed = save_json(settings->json, &report);
    if (status == EXIT_DONE)
        status = printed != EXIT_DONE ? printed : verdict_of(&report);
    selftest_report_clear(&report);
    return status;
}
