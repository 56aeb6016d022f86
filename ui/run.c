/*
 * ui/run.c - `presec run`: one scenario, once, and what came of it.
 *
 * Source:  README.md, "The command".
 * Knows:   the command line; the page is ui/run_report.h, the message sequence ui/ladder.h.
 */
#include "ui/commands.h"
#include "ui/interrupt.h"
#include "ui/ladder.h"
#include "ui/load.h"
#include "ui/narrate.h"
#include "ui/output.h"
#include "ui/run_report.h"

#include <string.h>

enum { WIDTH_MIN = 40, WIDTH_MAX = 500 };

/* clang-format off: one option a paragraph */
const CommandOption run_options[] = {
    { "option", 'o', OPTION_TEXT, offsetof(RunSettings, option), "ID",
      "Run it under this option, an id or a file, instead of its own" },
    { "set", 0, OPTION_TEXTS, offsetof(RunSettings, sets), "FIELD=VALUE",
      "Set a field of the option; may be repeated (presec new option - lists the fields)" },
    { "seed", 0, OPTION_NUMBER, offsetof(RunSettings, seed), "N", "Draw every secret and key from this seed; 1" },
    { "ladder", 'l', OPTION_FLAG, offsetof(RunSettings, ladder), NULL,
      "Show the message sequence, who decided what, and what could be read on each segment" },
    { "narrate", 0, OPTION_FLAG, offsetof(RunSettings, narrate), NULL, "Tell the same as sentences" },
    { "only", 0, OPTION_TEXT, offsetof(RunSettings, only), "NAMES",
      "In ladder and story: one participant (all of his messages) or several (what passes between them), and the "
      "protocols sip, diameter, access, dhcp; separated by commas" },
    { "width", 0, OPTION_NUMBER, offsetof(RunSettings, width), "N", "Columns of the ladder; those of the terminal" },
    { "json", 0, OPTION_TEXT, offsetof(RunSettings, json), "FILE", "Also as JSON (presec.run/1)" },
    { "capture", 0, OPTION_TEXT, offsetof(RunSettings, capture), "FILE",
      "Write every packet on every segment as pcapng" },
    { "check-determinism", 0, OPTION_FLAG, offsetof(RunSettings, check_determinism), NULL,
      "Run it twice and compare every octet; exit 5 when something differs" },
    { 0 },
};
/* clang-format on */

typedef struct {
    const CommandCall *call;
    const RunSettings *settings;
    Scenario *scenario;
    Option *option;
    char **only;
    RunConfig config;
} RunJob;

static void job_clear(RunJob *job)
{
    scenario_free(job->scenario);
    option_free(job->option);
    g_strfreev(job->only);
}

/* ---- what was asked for ---- */

static ExitStatus check_settings(const RunSettings *settings)
{
    if (settings->width.given && (settings->width.value < WIDTH_MIN || settings->width.value > WIDTH_MAX)) {
        output_message("run: --width is a number from %d to %d", WIDTH_MIN, WIDTH_MAX);
        return EXIT_USAGE;
    }
    bool json = settings->json && strcmp(settings->json, "-") == 0;
    bool capture = settings->capture && strcmp(settings->capture, "-") == 0;
    if (json && capture) {
        output_message("run: --json and --capture cannot both go to standard output");
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

static ExitStatus prepare(RunJob *job)
{
    const RunSettings *settings = job->settings;
    bool shows_octets = settings->ladder || settings->narrate;
    ExitStatus status = check_settings(settings);
    if (status == EXIT_DONE)
        status = load_scenario(job->call->args[0], &job->scenario);
    if (status == EXIT_DONE && settings->option)
        status = load_option(settings->option, &job->option);
    if (status != EXIT_DONE)
        return status;
    job->only = settings->only ? g_strsplit(settings->only, ",", -1) : NULL;
    job->config = (RunConfig){ .option = job->option,
                               .sets = (const char *const *)settings->sets,
                               .seed = settings->seed.given ? settings->seed.value : 1,
                               .flags = { .trace = true, .frames = shows_octets, .capture = settings->capture } };
    return EXIT_DONE;
}

/* ---- what came of it ---- */

/* Words of --only that are neither a protocol nor somebody in the run. */
static ExitStatus check_only(const RunJob *job, const Trace *trace)
{
    g_autofree const char **who = ladder_participants(trace);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const char *const *word = ladder_protocols; *word; word++)
        g_ptr_array_add(names, (char *)*word);
    for (const char **name = who; *name; name++)
        g_ptr_array_add(names, (char *)*name);
    g_ptr_array_add(names, NULL);
    for (char **word = job->only; word && *word; word++)
        if (!ladder_knows(trace, *word))
            return command_unknown("participant or protocol", *word, (const char *const *)names->pdata);
    return EXIT_DONE;
}

static ExitStatus print_page(const RunJob *job, const RunResult *result)
{
    const Term *term = job->call->term;
    const RunSettings *settings = job->settings;
    const Trace *trace = world_trace(result->world);
    ExitStatus status = check_only(job, trace);
    if (status != EXIT_DONE)
        return status;
    LadderView view = { .width = settings->width.given ? (int)settings->width.value : term->columns,
                        .only = (const char *const *)job->only };
    g_autoptr(GString) out = g_string_new(NULL);
    run_append_title(term, out, job->scenario);
    if (settings->ladder || settings->narrate)
        g_string_append_c(out, '\n');
    if (settings->ladder)
        ladder_append(term, out, trace, &view);
    if (settings->narrate)
        narrate_append(term, out, trace, &view);
    run_append_result(term, out, job->scenario, result);
    return output_print(out->str, out->len);
}

static ExitStatus save_files(const RunSettings *settings, const Scenario *scenario, const RunResult *result)
{
    ExitStatus status = EXIT_DONE;
    if (settings->json) {
        g_autoptr(JsonBuilder) json = run_json(scenario, result);
        status = json_save(json, settings->json);
    }
    if (settings->capture && status == EXIT_DONE) {
        size_t len = 0;
        const uint8_t *octets = capture_file(world_capture(result->world), &len);
        status = output_save(settings->capture, octets, len);
    }
    return status;
}

static ExitStatus check_again(const RunJob *job, const RunResult *first)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RunResult) second = run_scenario(job->scenario, &job->config, &error);
    bool same = second && strcmp(first->digest, second->digest) == 0 && first->events == second->events &&
                first->packets == second->packets;
    if (!same) {
        output_message("run: two runs with seed %" G_GUINT64_FORMAT " differ: digests %s and %s", first->seed,
                       first->digest, second ? second->digest : "(none)");
        return EXIT_NONDETERMINISTIC;
    }
    output_message("run: run twice, the same octets on every segment");
    return EXIT_DONE;
}

static ExitStatus report(const RunJob *job, const RunResult *result)
{
    const RunSettings *settings = job->settings;
    bool quiet = (settings->json && strcmp(settings->json, "-") == 0) ||
                 (settings->capture && strcmp(settings->capture, "-") == 0);
    ExitStatus status = save_files(settings, job->scenario, result);
    if (status == EXIT_DONE && !quiet)
        status = print_page(job, result);
    if (status == EXIT_DONE && settings->check_determinism)
        status = check_again(job, result);
    if (status == EXIT_DONE && interrupt_requested())
        status = EXIT_INTERRUPTED;
    return status == EXIT_DONE ? run_status(result) : status;
}

static ExitStatus run_job(RunJob *job)
{
    ExitStatus status = prepare(job);
    if (status != EXIT_DONE)
        return status;
    g_autoptr(GError) error = NULL;
    term_progress(job->call->term, "running %s", job->scenario->id);
    g_autoptr(RunResult) result = run_scenario(job->scenario, &job->config, &error);
    term_progress_end(job->call->term);
    if (!result) {
        output_message("run: --set: %s", error->message);
        return EXIT_USAGE;
    }
    return report(job, result);
}

ExitStatus run_run(const CommandCall *call)
{
    RunJob job = { .call = call, .settings = call->settings };
    ExitStatus status = run_job(&job);
    job_clear(&job);
    return status;
}
