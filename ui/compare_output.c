/*
 * ui/compare_output.c - what came of a comparison: files, the page, and what is missing.
 *
 * Source:  ui/compare_job.h.
 * Knows:   which page was asked for; each is a file of its own.
 */
#include "ui/compare_capture.h"
#include "ui/compare_costs.h"
#include "ui/compare_data.h"
#include "ui/compare_html.h"
#include "ui/compare_job.h"
#include "ui/compare_requirements.h"
#include "ui/compare_table.h"
#include "ui/compare_why.h"

#include "ui/output.h"
#include "ui/text.h"

#include <string.h>

static bool goes_to_output(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

static ExitStatus save_text(const char *path, char *text)
{
    g_autofree char *owned = text;
    return output_save(path, owned, strlen(owned));
}

static ExitStatus save_files(const CompareJob *job, const Comparison *comparison)
{
    const CompareSettings *settings = job->settings;
    const CompareParts parts = { .requirements = settings->requirements, .seeds = job->seeds };
    ExitStatus status = EXIT_DONE;
    if (settings->json) {
        g_autoptr(JsonBuilder) json = compare_json(comparison, &parts);
        status = json_save(json, settings->json);
    }
    if (status == EXIT_DONE && settings->csv)
        status = save_text(settings->csv, compare_csv(comparison));
    if (status == EXIT_DONE && settings->html)
        status = save_text(settings->html, compare_html(comparison, &parts, settings->sets));
    return status;
}

static bool page_is_wanted(const CompareSettings *settings)
{
    return !goes_to_output(settings->json) && !goes_to_output(settings->csv) && !goes_to_output(settings->html);
}

/* The only property that was asked for; N_PROPERTIES when there are several. */
static Property only_property(const CompareJob *job)
{
    Property only = N_PROPERTIES;
    for (unsigned i = 0; i < N_PROPERTIES; i++) {
        if (!job->config.properties[i])
            continue;
        if (only != N_PROPERTIES)
            return N_PROPERTIES;
        only = (Property)i;
    }
    return only;
}

/* What the page leaves out when nobody said which options. */
static void append_more(const CompareJob *job, GString *out)
{
    if (job->settings->options || job->settings->why)
        return;
    g_auto(GStrv) all = option_ids();
    g_autofree char *more = g_strdup_printf("These are the %u options asked about first; presec compare --options all "
                                            "shows all %u.",
                                            job->options->len, g_strv_length(all));
    text_fill(out, more, 0, job->call->term->columns);
}

/* The pages that were asked for by name, one after the other. */
static void append_named_pages(const CompareJob *job, GString *out, const Comparison *comparison)
{
    const Term *term = job->call->term;
    if (job->settings->requirements)
        compare_requirements_append(term, out, comparison);
    g_string_append(out, job->settings->requirements && job->settings->costs ? "\n" : "");
    if (job->settings->costs)
        compare_costs_append(term, out, comparison);
    compare_foot_append(term, out, comparison, job->settings->sets);
}

static ExitStatus print_page(const CompareJob *job, const Comparison *comparison)
{
    const Term *term = job->call->term;
    g_autoptr(GString) out = g_string_new(NULL);
    Property property = only_property(job);
    const CompareRow *row = comparison->rows->len == 1 ? comparison->rows->pdata[0] : NULL;
    if (comparison->rows->len == 0)
        return EXIT_DONE;
    if (job->settings->requirements || job->settings->costs) {
        append_named_pages(job, out, comparison);
    } else if (row && property != N_PROPERTIES && row->judgement[property]) {
        compare_why_append(term, out, comparison, row, property, job->settings->sets);
        compare_foot_append(term, out, comparison, job->settings->sets);
    } else {
        compare_table_append(term, out, comparison, job->settings->sets);
    }
    if (job->seeds)
        compare_seeds_append(term, out, job->seeds, comparison);
    append_more(job, out);
    return output_print(out->str, out->len);
}

static bool is_inconclusive(const Comparison *comparison)
{
    for (guint i = 0; i < comparison->rows->len; i++) {
        const CompareRow *row = comparison->rows->pdata[i];
        for (unsigned p = 0; p < N_PROPERTIES; p++)
            if (row->judgement[p] && row->judgement[p]->verdict == VERDICT_INCONCLUSIVE)
                return true;
    }
    return false;
}

static bool is_finished(const Comparison *comparison, const Option *option)
{
    for (guint i = 0; i < comparison->rows->len; i++)
        if (((const CompareRow *)comparison->rows->pdata[i])->option == option)
            return true;
    return false;
}

static ExitStatus say_missing(const CompareJob *job, const Comparison *comparison)
{
    g_autoptr(GString) missing = g_string_new(NULL);
    for (guint i = 0; i < job->options->len; i++) {
        const Option *option = job->options->pdata[i];
        if (!is_finished(comparison, option))
            g_string_append_printf(missing, "%s%s", missing->len > 0 ? ", " : "", option->id);
    }
    output_message("%u of %u options were finished; missing: %s", comparison->rows->len, job->options->len,
                   missing->len > 0 ? missing->str : "none");
    return EXIT_INTERRUPTED;
}

ExitStatus compare_output(const CompareJob *job, const Comparison *comparison)
{
    const CompareSettings *settings = job->settings;
    ExitStatus status = save_files(job, comparison);
    if (status == EXIT_DONE && settings->capture && !comparison->interrupted)
        status = compare_capture(job->call->term, comparison, settings->capture);
    if (status == EXIT_DONE && page_is_wanted(settings))
        status = print_page(job, comparison);
    if (status != EXIT_DONE)
        return status;
    if (comparison->interrupted)
        return say_missing(job, comparison);
    return is_inconclusive(comparison) ? EXIT_INCONCLUSIVE : EXIT_DONE;
}
