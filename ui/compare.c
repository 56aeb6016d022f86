/*
 * ui/compare.c - `presec compare`: every property of every option, each decided by runs, on one page.
 *
 * Source:  README.md, "The command".
 * Knows:   the command line; the page is ui/compare_table.h, one cell ui/compare_why.h, files ui/compare_data.h.
 */
#include "ui/compare_capture.h"
#include "ui/compare_costs.h"
#include "ui/compare_coverage.h"
#include "ui/compare_data.h"
#include "ui/compare_requirements.h"
#include "ui/compare_table.h"
#include "ui/compare_why.h"

#include "ui/commands.h"
#include "ui/interrupt.h"
#include "ui/load.h"
#include "ui/output.h"
#include "ui/text.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

enum { JOBS_MAX = 64, JOBS_DEFAULT_MAX = 8, DIR_MODE = 0777 };

/* clang-format off: one option a paragraph */
const CommandOption compare_options_table[] = {
    { "options", 'o', OPTION_TEXT, offsetof(CompareSettings, options), "IDS",
      "Compare these: ids and files separated by commas, or all; without it the dozen asked about first" },
    { "properties", 'p', OPTION_TEXT, offsetof(CompareSettings, properties), "IDS",
      "Only these columns: ids (notify-body-air) or their heads (P2), separated by commas" },
    { "why", 0, OPTION_TEXT, offsetof(CompareSettings, why), "OPTION:PROPERTY",
      "Show one cell in full: the verdict, its conditions, the packet, and the decisions that led there" },
    { "requirements", 0, OPTION_FLAG, offsetof(CompareSettings, requirements), NULL,
      "Say for each option whether it satisfies the requirements as they are written" },
    { "costs", 0, OPTION_FLAG, offsetof(CompareSettings, costs), NULL,
      "Show what each option costs: on the air, in time, in computing, in what must be there" },
    { "coverage", 0, OPTION_FLAG, offsetof(CompareSettings, coverage), NULL,
      "Show how much is protected, and served, while only a share of the network is upgraded" },
    { "samples", 0, OPTION_NUMBER, offsetof(CompareSettings, samples), "N",
      "For --coverage: presentities with their watchers drawn for each share; 1000" },
    { "set", 0, OPTION_TEXTS, offsetof(CompareSettings, sets), "FIELD=VALUE",
      "Set a field of every option; may be repeated (presec new option - lists the fields)" },
    { "seed", 0, OPTION_NUMBER, offsetof(CompareSettings, seed), "N", "Draw every secret and key from this seed; 1" },
    { "knowledge", 0, OPTION_NUMBER, offsetof(CompareSettings, knowledge), "YEAR",
      "What attackers have read: 2003 or 2021 instead of each option's own" },
    { "jobs", 'j', OPTION_NUMBER, offsetof(CompareSettings, jobs), "N", "Threads; the answer does not depend on it" },
    { "json", 0, OPTION_TEXT, offsetof(CompareSettings, json), "FILE", "Also as JSON (presec.compare/1)" },
    { "csv", 0, OPTION_TEXT, offsetof(CompareSettings, csv), "FILE", "Also as CSV, a line for each cell" },
    { "capture", 0, OPTION_TEXT, offsetof(CompareSettings, capture), "DIR",
      "Write the packets of every run that shows something there, as OPTION-RUN.pcapng" },
    { "check-determinism", 0, OPTION_FLAG, offsetof(CompareSettings, check_determinism), NULL,
      "Run everything twice and compare; exit 5 when something differs" },
    { 0 },
};
/* clang-format on */

typedef struct {
    const CommandCall *call;
    const CompareSettings *settings;
    GPtrArray *options; /* Option * */
    CompareConfig config;
    const char *what; /* for the progress line */
} CompareJob;

static void job_clear(CompareJob *job)
{
    if (job->options)
        g_ptr_array_unref(job->options);
}

/* ---- what was asked for ---- */

static ExitStatus unknown_property(const char *written)
{
    const char *names[2 * N_PROPERTIES + 1] = { NULL };
    for (size_t i = 0; i < N_PROPERTIES; i++) {
        names[i] = property_info[i].id;
        names[N_PROPERTIES + i] = property_info[i].column;
    }
    return command_unknown("property", written, names);
}

static ExitStatus choose_property(CompareJob *job, const char *word)
{
    const PropertyInfo *info = property_find(word);
    if (!info && *word == 'p') { /* "p9b" */
        g_autofree char *head = g_strdup_printf("P%s", word + 1);
        info = property_find(head);
    }
    if (!info)
        return unknown_property(word);
    job->config.properties[info->property] = true;
    return EXIT_DONE;
}

static ExitStatus choose_properties(CompareJob *job, const char *words)
{
    g_auto(GStrv) list = g_strsplit(words, ",", -1);
    ExitStatus status = EXIT_DONE;
    if (!*list)
        return unknown_property("");
    for (char **word = list; *word && status == EXIT_DONE; word++)
        status = choose_property(job, *word);
    return status;
}

/* A file's name may hold colons, a property's never does. */
static ExitStatus choose_cell(CompareJob *job, const char *cell)
{
    const char *colon = strrchr(cell, ':');
    if (job->settings->options || job->settings->properties) {
        output_message("compare: --why names its option and property itself; leave --options and --properties out");
        return EXIT_USAGE;
    }
    if (job->settings->requirements) {
        output_message("compare: --why shows one cell, --requirements shows rows; one of them");
        return EXIT_USAGE;
    }
    if (!colon) {
        output_message("compare: --why takes OPTION:PROPERTY, as gap:P2");
        return EXIT_USAGE;
    }
    ExitStatus status = choose_property(job, colon + 1);
    if (status != EXIT_DONE)
        return status;
    g_autofree char *option = g_strndup(cell, (gsize)(colon - cell));
    return load_options(option, &job->options);
}

static ExitStatus choose_rows_and_columns(CompareJob *job)
{
    const CompareSettings *settings = job->settings;
    if (settings->why)
        return choose_cell(job, settings->why);
    ExitStatus status = settings->properties ? choose_properties(job, settings->properties) : EXIT_DONE;
    const char *otherwise = settings->coverage ? compare_coverage_options : "first";
    return status == EXIT_DONE ? load_options(settings->options ? settings->options : otherwise, &job->options)
                               : status;
}

static ExitStatus check_numbers(const CompareSettings *settings)
{
    guint64 year = settings->knowledge.value, jobs = settings->jobs.value;
    if (settings->knowledge.given && year != 2003 && year != 2021) {
        output_message("compare: --knowledge is 2003 or 2021");
        return EXIT_USAGE;
    }
    if (settings->jobs.given && (jobs < 1 || jobs > JOBS_MAX)) {
        output_message("compare: --jobs is a number from 1 to %d", JOBS_MAX);
        return EXIT_USAGE;
    }
    if (settings->samples.given && !settings->coverage) {
        output_message("compare: --samples goes with --coverage");
        return EXIT_USAGE;
    }
    if (settings->json && settings->csv && strcmp(settings->json, "-") == 0 && strcmp(settings->csv, "-") == 0) {
        output_message("compare: --json and --csv cannot both go to standard output");
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

static ExitStatus make_settings(CompareJob *job)
{
    ExitStatus status = EXIT_DONE;
    for (guint i = 0; i < job->options->len && status == EXIT_DONE; i++)
        status = load_settings(job->options->pdata[i], job->settings->sets);
    return status;
}

static ExitStatus make_folder(const char *path)
{
    if (!path || g_mkdir_with_parents(path, DIR_MODE) == 0)
        return EXIT_DONE;
    output_message("%s: %s", path, g_strerror(errno));
    return EXIT_IO;
}

static bool show_progress(void *ctx, unsigned done, unsigned total, const char *option)
{
    const CompareJob *job = ctx;
    term_progress(job->call->term, "%s: %u of %u options done (%s)", job->what, done, total, option);
    return !interrupt_requested();
}

/* With some columns named, those that requirements rest on are judged too. */
static void add_needed_properties(CompareJob *job)
{
    for (size_t i = 0; i < N_PROPERTIES && job->settings->requirements && job->settings->properties; i++)
        job->config.properties[i] = job->config.properties[i] || requirement_properties[i];
}

static ExitStatus prepare(CompareJob *job)
{
    const CompareSettings *settings = job->settings;
    ExitStatus status = check_numbers(settings);
    if (status == EXIT_DONE)
        status = choose_rows_and_columns(job);
    if (status == EXIT_DONE)
        status = make_settings(job);
    if (status == EXIT_DONE)
        status = make_folder(settings->capture);
    if (status != EXIT_DONE)
        return status;
    add_needed_properties(job);
    job->config.options = (Option *const *)job->options->pdata;
    job->config.n_options = job->options->len;
    job->config.costs_in_full = settings->costs;
    job->config.seed = settings->seed.given ? settings->seed.value : 1;
    job->config.knowledge = (unsigned)settings->knowledge.value;
    job->config.jobs =
        settings->jobs.given ? (unsigned)settings->jobs.value : MIN(g_get_num_processors(), JOBS_DEFAULT_MAX);
    job->config.progress = show_progress;
    job->config.ctx = job;
    return EXIT_DONE;
}

/* ---- what came of it ---- */

static bool goes_to_output(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

static ExitStatus save_files(const CompareSettings *settings, const Comparison *comparison)
{
    if (settings->json) {
        const CompareParts parts = { .requirements = settings->requirements };
        g_autoptr(JsonBuilder) json = compare_json(comparison, &parts);
        ExitStatus status = json_save(json, settings->json);
        if (status != EXIT_DONE)
            return status;
    }
    if (!settings->csv)
        return EXIT_DONE;
    g_autofree char *csv = compare_csv(comparison);
    return output_save(settings->csv, csv, strlen(csv));
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

static ExitStatus print_page(const CompareJob *job, const Comparison *comparison)
{
    const Term *term = job->call->term;
    g_autoptr(GString) out = g_string_new(NULL);
    Property property = only_property(job);
    const CompareRow *row = comparison->rows->len == 1 ? comparison->rows->pdata[0] : NULL;
    if (comparison->rows->len == 0)
        return EXIT_DONE;
    if (row && property != N_PROPERTIES && row->judgement[property]) {
        compare_why_append(term, out, comparison, row, property, job->settings->sets);
        compare_foot_append(term, out, comparison, job->settings->sets);
    } else if (job->settings->requirements) {
        compare_requirements_append(term, out, comparison);
        if (job->settings->costs) {
            g_string_append_c(out, '\n');
            compare_costs_append(term, out, comparison);
        }
        compare_foot_append(term, out, comparison, job->settings->sets);
    } else if (job->settings->costs) {
        compare_costs_append(term, out, comparison);
        compare_foot_append(term, out, comparison, job->settings->sets);
    } else {
        compare_table_append(term, out, comparison, job->settings->sets);
    }
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

static ExitStatus report(const CompareJob *job, const Comparison *comparison)
{
    const CompareSettings *settings = job->settings;
    ExitStatus status = save_files(settings, comparison);
    if (status == EXIT_DONE && settings->capture && !comparison->interrupted)
        status = compare_capture(job->call->term, comparison, settings->capture);
    if (status == EXIT_DONE && !goes_to_output(settings->json) && !goes_to_output(settings->csv))
        status = print_page(job, comparison);
    if (status != EXIT_DONE)
        return status;
    if (comparison->interrupted)
        return say_missing(job, comparison);
    return is_inconclusive(comparison) ? EXIT_INCONCLUSIVE : EXIT_DONE;
}

/* ---- running ---- */

static Comparison *compare_once(CompareJob *job, const char *what)
{
    g_autoptr(GError) error = NULL;
    job->what = what;
    Comparison *comparison = compare_options(&job->config, &error);
    term_progress_end(job->call->term);
    if (!comparison)
        output_message("compare: %s", error ? error->message : "nothing came of it");
    return comparison;
}

/* The second time with one thread: neither chance nor the schedule of threads may show. */
static ExitStatus check_again(CompareJob *job, const Comparison *first)
{
    g_autofree char *where = NULL;
    job->config.jobs = 1;
    g_autoptr(Comparison) second = compare_once(job, "checking");
    if (!second)
        return EXIT_IO;
    if (second->interrupted) {
        output_message("compare: the second run was interrupted; nothing is said about determinism");
        return EXIT_INTERRUPTED;
    }
    if (!compare_same(first, second, &where)) {
        output_message("compare: two runs with seed %" G_GUINT64_FORMAT " differ: %s", first->seed, where);
        return EXIT_NONDETERMINISTIC;
    }
    output_message("compare: run twice, with the same results");
    return EXIT_DONE;
}

static ExitStatus compare_all(CompareJob *job)
{
    g_autoptr(Comparison) comparison = compare_once(job, "compare");
    if (!comparison)
        return EXIT_IO;
    ExitStatus status = report(job, comparison);
    bool complete = status == EXIT_DONE || status == EXIT_INCONCLUSIVE;
    if (!complete || !job->settings->check_determinism)
        return status;
    ExitStatus again = check_again(job, comparison);
    return again == EXIT_DONE ? status : again;
}

ExitStatus compare_run(const CommandCall *call)
{
    CompareJob job = { .call = call, .settings = call->settings };
    ExitStatus status = prepare(&job);
    if (status == EXIT_DONE)
        status = job.settings->coverage ? compare_coverage_run(call, job.options, job.config.jobs) : compare_all(&job);
    job_clear(&job);
    return status;
}
