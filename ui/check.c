/*
 * ui/check.c - `presec check`: do the scenarios still end the way they ended?
 *
 * Source:  README.md, "The command".
 * Knows:   which scenarios to run; reports are ui/check_report.h.
 */
#include "ui/check_report.h"

#include "ui/commands.h"
#include "ui/interrupt.h"
#include "ui/load.h"
#include "ui/output.h"
#include "ui/run_report.h"

#include <errno.h>
#include <string.h>

const CommandOption check_options[] = {
    { "junit", 0, OPTION_TEXT, offsetof(CheckSettings, junit), "FILE", "Also as JUnit XML" },
    { "tap", 0, OPTION_FLAG, offsetof(CheckSettings, tap), NULL, "As TAP version 13 instead of lines for people" },
    { "seed", 0, OPTION_NUMBER, offsetof(CheckSettings, seed), "N", "Draw every secret and key from this seed; 1" },
    { 0 },
};

typedef struct {
    const CommandCall *call;
    const CheckSettings *settings;
    GPtrArray *names;   /* char *: ids and files */
    GPtrArray *results; /* CheckResult * */
    uint64_t seed;
    Pki *pki; /* of the seed, for all */
} CheckJob;

/* ---- what to run ---- */

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The XML files of a folder, by name; folders in it are not entered. */
static ExitStatus add_folder(GPtrArray *names, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &error);
    if (!dir) {
        output_message("%s", error->message);
        return EXIT_IO;
    }
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir))
        if (g_str_has_suffix(name, ".xml"))
            g_ptr_array_add(files, g_build_filename(path, name, NULL));
    if (files->len == 0) {
        output_message("%s: holds no scenario (*.xml)", path);
        return EXIT_USAGE;
    }
    g_ptr_array_sort(files, by_name);
    for (guint i = 0; i < files->len; i++)
        g_ptr_array_add(names, g_strdup(files->pdata[i]));
    return EXIT_DONE;
}

static ExitStatus choose(CheckJob *job)
{
    if (job->call->n_args == 0) {
        g_auto(GStrv) ids = scenario_ids(SCENARIO_SCENARIO);
        for (char **id = ids; *id; id++)
            g_ptr_array_add(job->names, g_strdup(*id));
        return EXIT_DONE;
    }
    ExitStatus status = EXIT_DONE;
    for (size_t i = 0; i < job->call->n_args && status == EXIT_DONE; i++) {
        const char *word = job->call->args[i];
        if (load_is_file(word) && g_file_test(word, G_FILE_TEST_IS_DIR))
            status = add_folder(job->names, word);
        else
            g_ptr_array_add(job->names, g_strdup(word));
    }
    return status;
}

/* ---- running ---- */

static CheckResult *check_one(const CheckJob *job, const char *name)
{
    CheckResult *result = check_result_new(name);
    g_autoptr(Scenario) scenario = NULL;
    result->status = load_scenario(name, &scenario);
    if (result->status != EXIT_DONE)
        return result;
    check_result_title(result, scenario->title);
    RunConfig config = { .seed = job->seed, .flags = { .trace = true, .pki = job->pki } };
    g_autoptr(GError) error = NULL;
    g_autoptr(RunResult) run = run_scenario(scenario, &config, &error);
    g_assert(run); /* only a setting can be refused, and none is made */
    const Term plain = { .columns = TERM_PLAIN_COLUMNS };
    result->status = run_status(run);
    result->expected = run->expectations->len;
    for (guint i = 0; i < run->expectations->len; i++)
        result->unmet += !((const ExpectationResult *)run->expectations->pdata[i])->met;
    run_append_expectations(&plain, result->details, run, true);
    return result;
}

static ExitStatus print(const GString *out)
{
    return output_print(out->str, out->len);
}

static ExitStatus check_each(CheckJob *job)
{
    const Term *term = job->call->term;
    for (guint i = 0; i < job->names->len; i++) {
        if (interrupt_requested())
            return EXIT_DONE; /* the summary says what is missing */
        term_progress(term, "%u of %u: %s", i + 1, job->names->len, (char *)job->names->pdata[i]);
        CheckResult *result = check_one(job, job->names->pdata[i]);
        g_ptr_array_add(job->results, result);
        term_progress_end(term);
        g_autoptr(GString) out = g_string_new(NULL);
        if (job->settings->tap)
            check_append_tap(out, result, i + 1);
        else
            check_append_line(term, out, result);
        ExitStatus status = print(out);
        if (status != EXIT_DONE)
            return status;
    }
    return EXIT_DONE;
}

static ExitStatus check_all(CheckJob *job)
{
    g_autoptr(GString) head = g_string_new(NULL), foot = g_string_new(NULL);
    if (job->settings->tap)
        g_string_append_printf(head, "TAP version 13\n1..%u\n", job->names->len);
    ExitStatus status = print(head);
    if (status == EXIT_DONE)
        status = check_each(job);
    if (status != EXIT_DONE)
        return status;
    if (!job->settings->tap)
        check_append_summary(job->call->term, foot, job->results);
    status = print(foot);
    if (job->settings->junit && status == EXIT_DONE) {
        g_autofree char *junit = check_junit(job->results);
        status = output_save(job->settings->junit, junit, strlen(junit));
    }
    if (status != EXIT_DONE)
        return status;
    if (job->results->len < job->names->len) {
        output_message("check: %u of %u scenarios were run", job->results->len, job->names->len);
        return EXIT_INTERRUPTED;
    }
    return check_status(job->results);
}

static void free_result(void *result)
{
    check_result_free(result);
}

ExitStatus check_run(const CommandCall *call)
{
    CheckJob job = { .call = call,
                     .settings = call->settings,
                     .names = g_ptr_array_new_with_free_func(g_free),
                     .results = g_ptr_array_new_with_free_func(free_result) };
    job.seed = job.settings->seed.given ? job.settings->seed.value : 1;
    job.pki = pki_new(job.seed);
    ExitStatus status = EXIT_DONE;
    if (job.settings->tap && job.settings->junit && strcmp(job.settings->junit, "-") == 0) {
        output_message("check: --tap and --junit - cannot both go to standard output");
        status = EXIT_USAGE;
    }
    if (status == EXIT_DONE)
        status = choose(&job);
    if (status == EXIT_DONE)
        status = check_all(&job);
    g_ptr_array_unref(job.names);
    g_ptr_array_unref(job.results);
    pki_unref(job.pki);
    return status;
}
