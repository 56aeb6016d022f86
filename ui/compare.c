/*
 * ui/compare.c - `presec compare`: every property of every option, each decided by runs, on one page.
 *
 * Source:  README.md, "The command".
 * Knows:   the command line; what came of it is shown by ui/compare_output.c.
 */
#include "ui/compare_coverage.h"
#include "ui/compare_data.h"
#include "ui/compare_job.h"

#include "scenarios/requirements.h"
#include "ui/interrupt.h"
#include "ui/load.h"
#include "ui/output.h"

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
    { "seeds", 0, OPTION_TEXT, offsetof(CompareSettings, seeds), "FIRST..LAST",
      "Run with each of these seeds, and say which cells do not agree; the page is the first one's" },
    { "knowledge", 0, OPTION_NUMBER, offsetof(CompareSettings, knowledge), "YEAR",
      "What attackers have read: 2003 or 2021 instead of each option's own" },
    { "jobs", 'j', OPTION_NUMBER, offsetof(CompareSettings, jobs), "N", "Threads; the answer does not depend on it" },
    { "json", 0, OPTION_TEXT, offsetof(CompareSettings, json), "FILE", "Also as JSON (presec.compare/1)" },
    { "csv", 0, OPTION_TEXT, offsetof(CompareSettings, csv), "FILE", "Also as CSV, a line for each cell" },
    { "html", 0, OPTION_TEXT, offsetof(CompareSettings, html), "FILE",
      "Also as one HTML file: verdicts with their evidence, requirements, costs" },
    { "capture", 0, OPTION_TEXT, offsetof(CompareSettings, capture), "DIR",
      "Write the packets of every run that shows something there, as OPTION-RUN.pcapng" },
    { "check-determinism", 0, OPTION_FLAG, offsetof(CompareSettings, check_determinism), NULL,
      "Run everything twice and compare; exit 5 when something differs" },
    { 0 },
};
/* clang-format on */

static void job_clear(CompareJob *job)
{
    if (job->options)
        g_ptr_array_unref(job->options);
    compare_seeds_free(job->seeds);
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
    if (job->settings->requirements || job->settings->costs) {
        output_message("compare: --why shows one cell, --requirements and --costs show rows; one of them");
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
    if (settings->seeds && (settings->seed.given || settings->check_determinism || settings->coverage)) {
        output_message("compare: --seeds stands for --seed, and goes neither with --coverage nor with "
                       "--check-determinism");
        return EXIT_USAGE;
    }
    if (settings->samples.given && !settings->coverage) {
        output_message("compare: --samples goes with --coverage");
        return EXIT_USAGE;
    }
    const char *files[] = { settings->json, settings->csv, settings->html };
    unsigned to_output = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        to_output += files[i] && strcmp(files[i], "-") == 0;
    if (to_output > 1) {
        output_message("compare: --json, --csv and --html cannot both go to standard output");
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

/* Verdicts take longer than all the rest: they are not looked for where nobody would see them. */
static bool nothing_but_costs(const CompareSettings *settings)
{
    return settings->costs && !settings->requirements && !settings->properties && !settings->json && !settings->csv &&
           !settings->html && !settings->capture && !settings->seeds;
}

static ExitStatus refuse_seeds(const char *written)
{
    output_message("compare: --seeds takes FIRST..LAST, as 1..10, at most %d; not '%s'", COMPARE_SEEDS_MAX, written);
    return EXIT_USAGE;
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
    job->config.costs_in_full = settings->costs || settings->html;
    job->config.costs_alone = nothing_but_costs(settings);
    job->config.seed = settings->seed.given ? settings->seed.value : 1;
    job->last_seed = job->config.seed;
    if (settings->seeds && !compare_seeds_parse(settings->seeds, &job->config.seed, &job->last_seed))
        return refuse_seeds(settings->seeds);
    job->config.knowledge = (unsigned)settings->knowledge.value;
    job->config.jobs =
        settings->jobs.given ? (unsigned)settings->jobs.value : MIN(g_get_num_processors(), JOBS_DEFAULT_MAX);
    job->config.progress = show_progress;
    job->config.ctx = job;
    return EXIT_DONE;
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

/* The other seeds, one after the other: each has rows enough for every thread. */
static ExitStatus compare_more_seeds(CompareJob *job, const Comparison *first)
{
    if (job->last_seed == job->config.seed || first->interrupted)
        return EXIT_DONE;
    job->seeds = compare_seeds_new();
    compare_seeds_add(job->seeds, first);
    while (job->config.seed < job->last_seed) {
        job->config.seed++;
        job->config.costs_in_full = false; /* those shown are the first seed's */
        g_autofree char *what = g_strdup_printf("compare, seed %" G_GUINT64_FORMAT, job->config.seed);
        g_autoptr(Comparison) next = compare_once(job, what);
        if (!next)
            return EXIT_IO;
        if (next->interrupted) {
            output_message("compare: interrupted at seed %" G_GUINT64_FORMAT "; what follows is about those before it",
                           job->config.seed);
            return EXIT_DONE;
        }
        compare_seeds_add(job->seeds, next);
    }
    return EXIT_DONE;
}

static ExitStatus compare_all(CompareJob *job)
{
    g_autoptr(Comparison) comparison = compare_once(job, "compare");
    if (!comparison)
        return EXIT_IO;
    ExitStatus status = compare_more_seeds(job, comparison);
    if (status != EXIT_DONE)
        return status;
    status = compare_output(job, comparison);
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
