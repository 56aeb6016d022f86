/*
 * ui/check_report.c - what came of checking scenarios.
 *
 * Source:  ui/check_report.h.
 * Knows:   texts.
 */
#include "ui/check_report.h"

#include "ui/text.h"

#include <string.h>

enum { NAME_COLUMNS = 48 };

CheckResult *check_result_new(const char *name)
{
    CheckResult *result = g_new0(CheckResult, 1);
    result->name = g_strdup(name);
    result->title = g_strdup("");
    result->details = g_string_new(NULL);
    return result;
}

void check_result_title(CheckResult *result, const char *title)
{
    g_free(result->title);
    result->title = g_strdup(title);
}

void check_result_free(CheckResult *result)
{
    g_free(result->name);
    g_free(result->title);
    g_string_free(result->details, TRUE);
    g_free(result);
}

static char *visible(const char *text)
{
    GString *shown = g_string_new(NULL);
    text_visible(shown, text, strlen(text));
    return g_string_free(shown, FALSE);
}

/* What was wrong, in a few words; NULL: nothing. */
static char *trouble(const CheckResult *result)
{
    switch (result->status) {
    case EXIT_DONE: return NULL;
    case EXIT_UNMET: return g_strdup_printf("%u of %u expectations not met", result->unmet, result->expected);
    case EXIT_USAGE: return g_strdup("there is no such scenario");
    case EXIT_INVALID: return g_strdup("the file is not valid");
    case EXIT_INCONCLUSIVE: return g_strdup("the bound on events was reached");
    case EXIT_IO: return g_strdup("the file cannot be read");
    case EXIT_INTERRUPTED: return g_strdup("interrupted");
    case EXIT_NONDETERMINISTIC:
    case EXIT_INTERNAL: break;
    }
    return g_strdup("a bug in presec");
}

void check_append_line(const Term *term, GString *out, const CheckResult *result)
{
    g_autofree char *name = visible(result->name), *wrong = trouble(result);
    term_append(term, out, wrong ? STYLE_BAD : STYLE_GOOD, wrong ? "NOT OK" : "ok    ");
    g_string_append(out, "  ");
    text_pad(out, name, NAME_COLUMNS);
    if (wrong)
        g_string_append_printf(out, "%s\n", wrong);
    else
        g_string_append_printf(out, "%u expectation%s\n", result->expected, result->expected == 1 ? "" : "s");
    g_string_append(out, result->details->str);
}

void check_append_summary(const Term *term, GString *out, const GPtrArray *results)
{
    unsigned good = 0, expected = 0;
    for (guint i = 0; i < results->len; i++) {
        const CheckResult *result = results->pdata[i];
        good += result->status == EXIT_DONE;
        expected += result->expected;
    }
    g_string_append_printf(out, "\n%u scenario%s, %u expectation%s: ", results->len, results->len == 1 ? "" : "s",
                           expected, expected == 1 ? "" : "s");
    if (good == results->len) {
        term_append(term, out, STYLE_GOOD, "all as expected\n");
        return;
    }
    g_autofree char *text = g_strdup_printf("%u not as expected\n", results->len - good);
    term_append(term, out, STYLE_BAD, text);
}

/* A description must not hold what TAP gives a meaning. */
static char *tap_text(const char *text)
{
    g_autofree char *shown = visible(text);
    return g_strdelimit(g_steal_pointer(&shown), "#\n\\", ' ');
}

void check_append_tap(GString *out, const CheckResult *result, unsigned number)
{
    g_autofree char *name = tap_text(result->name), *title = tap_text(result->title), *wrong = trouble(result);
    g_string_append_printf(out, "%sok %u - %s%s%s\n", wrong ? "not " : "", number, name, *title ? ": " : "", title);
    if (!wrong)
        return;
    g_string_append_printf(out, "# %s\n", wrong);
    g_auto(GStrv) lines = g_strsplit(result->details->str, "\n", -1);
    for (char **line = lines; *line; line++)
        if (**line)
            g_string_append_printf(out, "#%s\n", *line);
}

static void append_case(GString *out, const CheckResult *result)
{
    g_autofree char *name = visible(result->name), *wrong = trouble(result);
    g_autofree char *escaped = g_markup_escape_text(name, -1);
    g_string_append_printf(out, "    <testcase classname=\"presec\" name=\"%s\"", escaped);
    if (!wrong) {
        g_string_append(out, "/>\n");
        return;
    }
    const char *element = result->status == EXIT_UNMET ? "failure" : "error";
    g_autofree char *why = g_markup_escape_text(wrong, -1), *details = g_markup_escape_text(result->details->str, -1);
    g_string_append_printf(out, ">\n      <%s message=\"%s\">%s</%s>\n    </testcase>\n", element, why, details,
                           element);
}

char *check_junit(const GPtrArray *results)
{
    unsigned failures = 0, errors = 0;
    for (guint i = 0; i < results->len; i++) {
        const CheckResult *result = results->pdata[i];
        failures += result->status == EXIT_UNMET;
        errors += result->status != EXIT_UNMET && result->status != EXIT_DONE;
    }
    GString *out = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    g_string_append_printf(out, "<testsuites tests=\"%u\" failures=\"%u\" errors=\"%u\">\n", results->len, failures,
                           errors);
    g_string_append_printf(out, "  <testsuite name=\"presec check\" tests=\"%u\" failures=\"%u\" errors=\"%u\">\n",
                           results->len, failures, errors);
    for (guint i = 0; i < results->len; i++)
        append_case(out, results->pdata[i]);
    g_string_append(out, "  </testsuite>\n</testsuites>\n");
    return g_string_free(out, FALSE);
}

/* The heavier, the later. */
static int weight(ExitStatus status)
{
    static const ExitStatus order[] = { EXIT_DONE, EXIT_UNMET, EXIT_INCONCLUSIVE, EXIT_USAGE, EXIT_INVALID, EXIT_IO };
    for (size_t i = 0; i < G_N_ELEMENTS(order); i++)
        if (order[i] == status)
            return (int)i;
    return (int)G_N_ELEMENTS(order);
}

ExitStatus check_status(const GPtrArray *results)
{
    ExitStatus worst = EXIT_DONE;
    for (guint i = 0; i < results->len; i++) {
        ExitStatus status = ((const CheckResult *)results->pdata[i])->status;
        if (weight(status) > weight(worst))
            worst = status;
    }
    return worst;
}
