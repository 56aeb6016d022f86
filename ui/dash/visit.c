/*
 * ui/dash/visit.c - a scenario that was run to be looked at.
 *
 * Source:  ui/dash/visit.h.
 */
#include "ui/dash/visit.h"

Visit *visit_new(Scenario *scenario, Option *option, const char *const *sets, uint64_t seed, GError **error)
{
    g_autoptr(Visit) visit = g_new0(Visit, 1);
    RunConfig config = { .option = option, .sets = sets, .seed = seed, .flags = { .trace = true, .frames = true } };

    visit->scenario = scenario;
    visit->option = option;
    visit->result = run_scenario(scenario, &config, error);
    if (visit->result == NULL)
        return NULL;
    visit->story = story_new(scenario, visit->result);
    return g_steal_pointer(&visit);
}

void visit_free(Visit *visit)
{
    g_clear_pointer(&visit->story, story_free);
    g_clear_pointer(&visit->result, run_result_free);
    option_free(visit->option);
    scenario_free(visit->scenario);
    g_free(visit);
}
