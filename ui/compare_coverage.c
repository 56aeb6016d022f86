/*
 * ui/compare_coverage.c - coverage as tables and for programs.
 *
 * Source:  ui/compare_coverage.h.
 * Knows:   counts of samples.
 */
#include "ui/compare_coverage.h"

#include "ui/interrupt.h"
#include "ui/output.h"
#include "ui/text.h"

#include <string.h>

enum { SAMPLES_DEFAULT = 1000, ROW_INDENT = 2 };

/* Options that are rolled out in each of the ways there are. */
const char *const compare_coverage_options = "policy-deny,block,access-uea1,smime,tls-akav1,mandate";

/* ---- the page ---- */

static double fraction(unsigned n, unsigned samples)
{
    return samples > 0 ? (double)n / samples : 0;
}

/* As if every leg were upgraded by a throw of its own: for comparison only. */
static double if_independent(double share, unsigned watchers)
{
    double all = share;
    for (unsigned i = 0; i < watchers; i++)
        all *= share;
    return all;
}

static void append_decimal(GString *out, int width, double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "%*s", width, g_ascii_formatd(text, sizeof text, "%.2f", number));
}

/* "0.81 ±.01 (0.81)" */
static void append_cell(GString *out, unsigned n, unsigned samples, double independent)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    append_decimal(out, 5, fraction(n, samples));
    g_ascii_formatd(text, sizeof text, "%.2f", coverage_error(n, samples));
    g_string_append_printf(out, " ±%s (", text + 1);
    append_decimal(out, 4, independent);
    g_string_append_c(out, ')');
}

static void append_point(GString *out, const CoverageCurve *curve, unsigned share)
{
    const CoveragePoint *point = &curve->point[share];
    const CoverageCrowd *most = &point->crowd[COVERAGE_N_CROWDS - 1];
    g_string_append_printf(out, "%*s", ROW_INDENT, "");
    append_decimal(out, 4, coverage_shares[share]);
    append_decimal(out, 6, fraction(point->own_hidden, curve->samples));
    for (unsigned i = 0; i < COVERAGE_N_CROWDS; i++) {
        g_string_append_c(out, ' ');
        append_cell(out, point->crowd[i].both, curve->samples,
                    if_independent(coverage_shares[share], coverage_crowds[i]));
    }
    append_decimal(out, 7, fraction(most->hidden, curve->samples));
    append_decimal(out, 6, fraction(most->completed, most->attempted));
    g_string_append_c(out, '\n');
}

static void append_heads(const Term *term, GString *out)
{
    g_string_append_printf(out, "%12s ------ hidden and served with k watchers ------------ - with 20 -\n", "");
    g_string_append_printf(out, "%s%6s%6s", term_style(term, STYLE_HEADING), "f", "own");
    for (unsigned i = 0; i < COVERAGE_N_CROWDS; i++) {
        g_autofree char *head = g_strdup_printf("k=%u", coverage_crowds[i]);
        g_string_append_printf(out, "  %-16s", head);
    }
    g_string_append_printf(out, "%7s%6s%s\n", "hidden", "done", term_style(term, STYLE_PLAIN));
}

static void append_curve(const Term *term, GString *out, const CoverageCurve *curve)
{
    if (!curve->clustered) {
        term_append(term, out, STYLE_NAME, curve->option->id);
        g_string_append_printf(out, ": f of the %s are upgraded\n", coverage_of_text(curve->of));
        append_heads(term, out);
    } else {
        g_string_append_printf(out, "%*s%s\n", ROW_INDENT, "", "the same where watchers cluster");
    }
    for (unsigned share = 0; share < COVERAGE_N_SHARES; share++)
        append_point(out, curve, share);
}

static void append_foot(const Term *term, GString *out, const Coverage *coverage)
{
    const CoverageCurve *curve = coverage->curves->pdata[0];
    char together[G_ASCII_DTOSTR_BUF_SIZE];
    g_autofree char *seed =
        g_strdup_printf("%u samples for each share, drawn with seed %" G_GUINT64_FORMAT
                        "; %u networks of 21 UEs run, %" G_GUINT64_FORMAT
                        " events. Watchers that cluster are with probability %s in her network, else anywhere.",
                        curve->samples, coverage->seed, coverage->runs, coverage->events,
                        g_ascii_formatd(together, sizeof together, "%.1f", coverage->together));
    g_string_append_c(out, '\n');
    text_fill(out,
              "own: her document was not read at her own cell. hidden and served: it was read at no cell of hers and "
              "of the first 1, 5, 20 of her watchers, and PUBLISH, SUBSCRIBE and NOTIFY of them all completed, with "
              "the standard error; in parentheses, for comparison only: f^(k+1), if every leg were upgraded by "
              "itself. hidden, done: with 20 watchers, whether served or not; operations completed of those "
              "attempted. A1 listens at every cell; who he is and what holds means: presec compare.",
              0, term->columns);
    text_fill(out, seed, 0, term->columns);
}

void compare_coverage_append(const Term *term, GString *out, const Coverage *coverage)
{
    for (guint i = 0; i < coverage->curves->len; i++) {
        const CoverageCurve *curve = coverage->curves->pdata[i];
        g_string_append(out, i > 0 && !curve->clustered ? "\n" : "");
        append_curve(term, out, curve);
    }
    append_foot(term, out, coverage);
}

/* ---- JSON ---- */

static void add_double(JsonBuilder *json, const char *name, double value)
{
    json_builder_set_member_name(json, name);
    json_builder_add_double_value(json, value);
}

static void add_fraction(JsonBuilder *json, const char *name, unsigned n, unsigned samples)
{
    json_open_object(json, name);
    add_double(json, "value", fraction(n, samples));
    add_double(json, "standard-error", coverage_error(n, samples));
    json_builder_end_object(json);
}

static void add_crowd(JsonBuilder *json, const CoverageCurve *curve, unsigned share, unsigned crowd)
{
    const CoverageCrowd *item = &curve->point[share].crowd[crowd];
    json_builder_begin_object(json);
    json_add_number(json, "k", coverage_crowds[crowd]);
    add_fraction(json, "hidden", item->hidden, curve->samples);
    add_fraction(json, "served", item->served, curve->samples);
    add_fraction(json, "hidden-and-served", item->both, curve->samples);
    add_double(json, "if-independent", if_independent(coverage_shares[share], coverage_crowds[crowd]));
    json_add_number(json, "attempted", item->attempted);
    json_add_number(json, "completed", item->completed);
    json_builder_end_object(json);
}

static void add_point(JsonBuilder *json, const CoverageCurve *curve, unsigned share)
{
    json_builder_begin_object(json);
    add_double(json, "share", coverage_shares[share]);
    add_fraction(json, "own-hidden", curve->point[share].own_hidden, curve->samples);
    json_open_array(json, "watchers");
    for (unsigned i = 0; i < COVERAGE_N_CROWDS; i++)
        add_crowd(json, curve, share, i);
    json_builder_end_array(json);
    json_builder_end_object(json);
}

static void add_curve(JsonBuilder *json, const CoverageCurve *curve)
{
    json_builder_begin_object(json);
    json_add_text(json, "option", curve->option->id);
    json_add_text(json, "title", curve->option->title);
    json_add_text(json, "share-of", coverage_of_text(curve->of));
    json_add_bool(json, "clustered", curve->clustered);
    json_open_array(json, "points");
    for (unsigned share = 0; share < COVERAGE_N_SHARES; share++)
        add_point(json, curve, share);
    json_builder_end_array(json);
    json_builder_end_object(json);
}

JsonBuilder *compare_coverage_json(const Coverage *coverage)
{
    JsonBuilder *json = json_begin("presec.coverage/1");
    const CoverageCurve *first = coverage->curves->pdata[0];
    json_add_number(json, "seed", (gint64)coverage->seed);
    json_add_number(json, "samples", first->samples);
    add_double(json, "together", coverage->together);
    json_add_number(json, "networks", coverage->runs);
    json_add_number(json, "events", (gint64)coverage->events);
    json_open_array(json, "curves");
    for (guint i = 0; i < coverage->curves->len; i++)
        add_curve(json, coverage->curves->pdata[i]);
    json_builder_end_array(json);
    return json;
}

/* ---- running ---- */

static bool show_progress(void *ctx, unsigned done, unsigned total)
{
    term_progress(ctx, "coverage: %u of %u networks", done, total);
    return !interrupt_requested();
}

static ExitStatus refuse(const CompareSettings *settings)
{
    guint64 samples = settings->samples.value;
    if (settings->samples.given && (samples < 1 || samples > COVERAGE_SAMPLES_MAX)) {
        output_message("compare: --samples is a number from 1 to %d", COVERAGE_SAMPLES_MAX);
        return EXIT_USAGE;
    }
    if (settings->why || settings->requirements || settings->costs || settings->csv || settings->html ||
        settings->capture || settings->properties || settings->check_determinism) {
        output_message("compare: --coverage is a page of its own; with it go --options, --set, --seed, --samples, "
                       "--jobs and --json");
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

static ExitStatus save_or_print(const CommandCall *call, const CompareSettings *settings, const Coverage *coverage)
{
    if (settings->json) {
        g_autoptr(JsonBuilder) json = compare_coverage_json(coverage);
        ExitStatus status = json_save(json, settings->json);
        if (status != EXIT_DONE || strcmp(settings->json, "-") == 0)
            return status;
    }
    g_autoptr(GString) out = g_string_new(NULL);
    compare_coverage_append(call->term, out, coverage);
    return output_print(out->str, out->len);
}

ExitStatus compare_coverage_run(const CommandCall *call, const GPtrArray *options, unsigned jobs)
{
    const CompareSettings *settings = call->settings;
    ExitStatus status = refuse(settings);
    if (status != EXIT_DONE)
        return status;
    CoverageConfig config = { .options = (Option *const *)options->pdata,
                              .n_options = options->len,
                              .samples = settings->samples.given ? (unsigned)settings->samples.value : SAMPLES_DEFAULT,
                              .seed = settings->seed.given ? settings->seed.value : 1,
                              .jobs = jobs,
                              .progress = show_progress,
                              .ctx = (void *)call->term };
    g_autoptr(Coverage) coverage = coverage_measure(&config);
    term_progress_end(call->term);
    if (!coverage->interrupted)
        return save_or_print(call, settings, coverage);
    output_message("interrupted before all networks were run; nothing is said about coverage");
    return EXIT_INTERRUPTED;
}
