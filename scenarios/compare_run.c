/*
 * scenarios/compare_run.c - running a cast and collecting the evidence.
 */
#include "scenarios/compare_run.h"
#include <string.h>

CompareRun *compare_run_new(Scenario *scenario, Option *option, uint64_t seed, Pki *pki, bool frames)
{
    CompareRun *run = g_new0(CompareRun, 1);
    WorldFlags flags = { .trace = true, .frames = frames, .pki = pki };

    run->scenario = scenario;
    run->option = option;
    run->world = world_new(scenario, option, seed, &flags);
    capture_set_digest(world_capture(run->world), false); /* only counts: a witness is a frame of a full capture */
    exhibits_of(run->world, world_run(run->world, 0), &run->exhibits);
    return run;
}

void compare_run_free(CompareRun *run)
{
    if (run == NULL)
        return;
    exhibits_clear(&run->exhibits);
    world_free(run->world);
    scenario_free(run->scenario);
    option_free(run->option);
    g_free(run);
}

const char *compare_run_reader(const CompareRun *run, const char *position, bool without_work)
{
    const char *reader = NULL;
    for (size_t i = 0; i < run->exhibits.evidence.n_attackers; i++) {
        const EvidenceAttacker *attacker = &run->exhibits.evidence.attackers[i];
        if (strcmp(attacker->position, position) != 0)
            continue;
        if ((attacker->work_log2 == 0) == without_work)
            return attacker->name;
        if (!without_work) /* where no cipher is there to be broken, he may have no budget */
            reader = attacker->name;
    }
    return reader;
}
