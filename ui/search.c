/*
 * ui/search.c - `presec search`: what can one attacker on the access hop do, with how few moves?
 *
 * Source:  README.md, "The command".
 * Knows:   the command line; the page and the JSON are ui/search_report.h.
 */
#include "ui/search_report.h"

#include "ui/commands.h"
#include "ui/interrupt.h"
#include "ui/load.h"
#include "ui/output.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

enum { JOBS_MAX = 64, JOBS_DEFAULT_MAX = 8, DIR_MODE = 0777, RUNS_DEFAULT = 20000, PROGRESS_EVERY = 50 };
#define OPTION_DEFAULT "rel6"

/* clang-format off: one option a paragraph */
const CommandOption search_options[] = {
    { "option", 'o', OPTION_TEXT, offsetof(SearchSettings, option), "ID",
      "Attack this option, an id or a file; " OPTION_DEFAULT },
    { "set", 0, OPTION_TEXTS, offsetof(SearchSettings, sets), "FIELD=VALUE",
      "Set a field of the option; may be repeated (presec new option - lists the fields)" },
    { "goal", 'g', OPTION_TEXT, offsetof(SearchSettings, goals), "GOALS",
      "What he is after: clear, sm7, unprotected, denial, masquerade, separated by commas, or all (the default)" },
    { "moves", 'm', OPTION_NUMBER, offsetof(SearchSettings, moves), "N", "At most so many moves, 1 to 6; 2" },
    { "only", 0, OPTION_TEXT, offsetof(SearchSettings, only), "WORDS",
      "Only moves whose words (as shown) contain one of these, separated by commas: for deep searches" },
    { "at", 0, OPTION_TEXT, offsetof(SearchSettings, segment), "SEGMENT",
      "Where he sits on the access hop: air, ran, iu, gn or gi; air" },
    { "runs", 0, OPTION_NUMBER, offsetof(SearchSettings, runs), "N",
      "Stop after so many runs, and say that the answer is not complete; 20000" },
    { "seed", 0, OPTION_NUMBER, offsetof(SearchSettings, seed), "N", "Draw every secret and key from this seed; 1" },
    { "jobs", 'j', OPTION_NUMBER, offsetof(SearchSettings, jobs), "N", "Threads; the answer does not depend on it" },
    { "write", 'w', OPTION_TEXT, offsetof(SearchSettings, write), "DIR",
      "Write every trace shown as a scenario file, as OPTION-GOAL-N.xml" },
    { "json", 0, OPTION_TEXT, offsetof(SearchSettings, json), "FILE", "Also as JSON (presec.search/1)" },
    { 0 },
};
/* clang-format on */

typedef struct {
    const CommandCall *call;
    const SearchSettings *settings;
    Option *option;
    char **only;
    SearchConfig config;
} SearchJob;

/* ---- what was asked for ---- */

static ExitStatus choose_goal(SearchConfig *config, const char *word)
{
    const char *names[SEARCH_N_GOALS + 2] = { NULL };
    for (SearchGoal goal = 0; goal < SEARCH_N_GOALS; goal++) {
        names[goal] = search_goal_info[goal].id;
        if (strcmp(word, names[goal]) == 0 || strcmp(word, "all") == 0)
            config->goals[goal] = true;
        if (strcmp(word, names[goal]) == 0)
            return EXIT_DONE;
    }
    if (strcmp(word, "all") == 0)
        return EXIT_DONE;
    names[SEARCH_N_GOALS] = "all";
    return command_unknown("goal", word, names);
}

static ExitStatus choose_goals(SearchConfig *config, const char *words)
{
    g_auto(GStrv) list = g_strsplit(words != NULL ? words : "all", ",", -1);
    ExitStatus status = *list != NULL ? EXIT_DONE : choose_goal(config, "");
    for (char **word = list; *word && status == EXIT_DONE; word++)
        status = choose_goal(config, *word);
    return status;
}

static ExitStatus check_number(const OptionNumber *number, const char *name, guint64 least, guint64 most)
{
    if (!number->given || (number->value >= least && number->value <= most))
        return EXIT_DONE;
    output_message("search: --%s is a number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, name, least, most);
    return EXIT_USAGE;
}

static ExitStatus check_segment(const char *segment)
{
    static const char *const segments[] = { "air", "ran", "iu", "gn", "gi", NULL };
    if (segment == NULL || g_strv_contains(segments, segment))
        return EXIT_DONE;
    return command_unknown("segment of the access hop", segment, segments);
}

static bool show_progress(void *ctx, unsigned moves, uint64_t done, uint64_t total)
{
    const SearchJob *job = ctx;
    if (done % PROGRESS_EVERY == 0 || done == total)
        term_progress(job->call->term, "search: %u move%s, %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " runs", moves,
                      moves == 1 ? "" : "s", done, total);
    return !interrupt_requested();
}

static ExitStatus check_settings(SearchJob *job)
{
    const SearchSettings *settings = job->settings;
    ExitStatus status = check_number(&settings->moves, "moves", 1, SEARCH_MOVES_MAX);
    if (status == EXIT_DONE)
        status = check_number(&settings->runs, "runs", 1, G_MAXUINT32);
    if (status == EXIT_DONE)
        status = check_number(&settings->jobs, "jobs", 1, JOBS_MAX);
    if (status == EXIT_DONE)
        status = check_segment(settings->segment);
    if (status == EXIT_DONE)
        status = choose_goals(&job->config, settings->goals);
    return status;
}

static ExitStatus prepare(SearchJob *job)
{
    const SearchSettings *settings = job->settings;
    ExitStatus status = check_settings(job);
    if (status == EXIT_DONE)
        status = load_option(settings->option ? settings->option : OPTION_DEFAULT, &job->option);
    if (status == EXIT_DONE)
        status = load_settings(job->option, settings->sets);
    if (status == EXIT_DONE && settings->write && g_mkdir_with_parents(settings->write, DIR_MODE) != 0) {
        output_message("%s: %s", settings->write, g_strerror(errno));
        status = EXIT_IO;
    }
    job->config.option = job->option;
    job->config.segment = settings->segment;
    job->only = settings->only ? g_strsplit(settings->only, ",", -1) : NULL;
    job->config.only = (const char *const *)job->only;
    job->config.max_moves = (unsigned)settings->moves.value;
    job->config.max_runs = settings->runs.given ? settings->runs.value : RUNS_DEFAULT;
    job->config.seed = settings->seed.given ? settings->seed.value : 1;
    job->config.jobs =
        settings->jobs.given ? (unsigned)settings->jobs.value : MIN(g_get_num_processors(), JOBS_DEFAULT_MAX);
    job->config.progress = show_progress;
    job->config.ctx = job;
    return status;
}

/* ---- what came of it ---- */

/* A name for files and scenarios; an option's own when it may stand there. */
static char *name_of(const Option *option)
{
    char *name = g_strndup(option->id != NULL && g_ascii_isalnum(option->id[0]) ? option->id : "option", 40);
    return g_strcanon(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._+-", '-');
}

static ExitStatus write_goal(const SearchJob *job, const Search *search, SearchGoal goal)
{
    const GPtrArray *traces = search->answers[goal].traces;
    g_autofree char *option = name_of(job->option);
    for (guint i = 0; i < traces->len; i++) {
        g_autofree char *id = g_strdup_printf("%s-%s-%u", option, search_goal_info[goal].id, i + 1);
        g_autofree char *file = g_strconcat(id, ".xml", NULL);
        g_autofree char *path = g_build_filename(job->settings->write, file, NULL);
        g_autofree char *xml = search_scenario(search, job->option, goal, traces->pdata[i], id);
        ExitStatus status = output_save(path, xml, strlen(xml));
        if (status != EXIT_DONE)
            return status;
    }
    return EXIT_DONE;
}

static ExitStatus report(const SearchJob *job, const Search *search)
{
    const SearchSettings *settings = job->settings;
    ExitStatus status = EXIT_DONE;
    for (SearchGoal goal = 0; goal < SEARCH_N_GOALS && settings->write && status == EXIT_DONE; goal++)
        status = write_goal(job, search, goal);
    if (settings->json && status == EXIT_DONE) {
        g_autoptr(JsonBuilder) json = search_json(search, job->option, settings->sets);
        status = json_save(json, settings->json);
    }
    if (status == EXIT_DONE && !(settings->json && strcmp(settings->json, "-") == 0)) {
        g_autoptr(GString) out = g_string_new(NULL);
        search_append(job->call->term, out, search, job->option, settings->sets);
        status = output_print(out->str, out->len);
    }
    if (status != EXIT_DONE)
        return status;
    if (search->interrupted) {
        unsigned complete = search_complete(search);
        output_message("search: what is shown is complete up to %u move%s", complete, complete == 1 ? "" : "s");
        return EXIT_INTERRUPTED;
    }
    return search_is_inconclusive(search) ? EXIT_INCONCLUSIVE : EXIT_DONE;
}

ExitStatus search_run(const CommandCall *call)
{
    SearchJob job = { .call = call, .settings = call->settings };
    ExitStatus status = prepare(&job);
    if (status == EXIT_DONE) {
        g_autoptr(Search) search = search_attacks(&job.config);
        term_progress_end(call->term);
        status = report(&job, search);
    }
    option_free(job.option);
    g_strfreev(job.only);
    return status;
}
