/*
 * ui/compare_capture.c - the packets behind the cells.
 *
 * Source:  ui/compare_capture.h.
 * Knows:   which run a witness names.
 */
#include "ui/compare_capture.h"

#include "scenarios/run.h"
#include "ui/interrupt.h"
#include "ui/load.h"
#include "ui/output.h"
#include "ui/report.h"

#include <string.h>

/* "dual-mode=yes work=46" in a file's name: "-dual-mode=yes-work=46" */
static char *file_name(const CompareRow *row, const Judgement *judgement)
{
    g_autofree char *set = g_strdelimit(g_strdup(report_witness_set(judgement)), " ", '-');
    return g_strdup_printf("%s-%s%s%s.pcapng", row->option->id, judgement->witness->scenario, *set ? "-" : "", set);
}

Option *compare_witness_option(const Comparison *comparison, const CompareRow *row, const Judgement *judgement)
{
    g_autoptr(Option) option = option_copy(row->option);
    g_auto(GStrv) settings = g_strsplit(report_witness_set(judgement), " ", -1);
    for (char **setting = settings; *setting; setting++) {
        bool set = !**setting || option_set_text(option, *setting, NULL);
        g_assert(set); /* the branch was run with it */
    }
    if (comparison->knowledge != 0)
        option->attackers.knowledge = comparison->knowledge;
    return g_steal_pointer(&option);
}

static ExitStatus capture_run(const Comparison *comparison, const CompareRow *row, const Judgement *judgement,
                              const char *path)
{
    g_autoptr(Scenario) scenario = NULL;
    ExitStatus status = load_scenario(judgement->witness->scenario, &scenario);
    if (status != EXIT_DONE)
        return EXIT_INTERNAL; /* compare made this run out of what is shipped */
    g_autoptr(Option) option = compare_witness_option(comparison, row, judgement);
    RunConfig config = { .option = option, .seed = comparison->seed, .flags = { .trace = true, .capture = true } };
    g_autoptr(GError) error = NULL;
    g_autoptr(RunResult) result = run_scenario(scenario, &config, &error);
    g_assert(result); /* only a setting can be refused, and none is made here */
    size_t len = 0;
    const uint8_t *octets = capture_file(world_capture(result->world), &len);
    return output_save(path, octets, len);
}

static ExitStatus capture_cell(const Term *term, const Comparison *comparison, const CompareRow *row,
                               const Judgement *judgement, const char *dir, GHashTable *written)
{
    if (!judgement || !judgement->witness || judgement->witness->packet == 0)
        return EXIT_DONE;
    g_autofree char *name = file_name(row, judgement);
    if (!g_hash_table_add(written, g_strdup(name)))
        return EXIT_DONE;
    if (interrupt_requested())
        return EXIT_INTERRUPTED;
    g_autofree char *path = g_build_filename(dir, name, NULL);
    term_progress(term, "capture: %s", name);
    return capture_run(comparison, row, judgement, path);
}

ExitStatus compare_capture(const Term *term, const Comparison *comparison, const char *dir)
{
    g_autoptr(GHashTable) written = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    ExitStatus status = EXIT_DONE;
    for (guint i = 0; i < comparison->rows->len && status == EXIT_DONE; i++) {
        const CompareRow *row = comparison->rows->pdata[i];
        for (unsigned p = 0; p < N_PROPERTIES && status == EXIT_DONE; p++)
            status = capture_cell(term, comparison, row, row->judgement[p], dir, written);
    }
    term_progress_end(term);
    return status;
}
