/*
 * scenarios/run.c - one scenario, run once.
 *
 * Source:  scenarios/run.h.  Expectations are compared in scenarios/expect.c.
 * Knows:   how a world is made and run.
 */
#include "scenarios/run.h"
#include "scenarios/expect.h"
#include "scenarios/option_check.h"

#include <string.h>

/* The option of a run: the caller's, else the scenario's own, else the gap; with the settings made. */
static Option *option_of_run(const Scenario *scenario, const RunConfig *config, GError **error)
{
    const Option *base = config->option ? config->option : scenario->option;
    g_autoptr(Option) option = base ? option_copy(base) : option_new();
    for (const char *const *set = config->sets; set && *set; set++)
        if (!option_set_text(option, *set, error))
            return NULL;
    if (config->sets && *config->sets && !option_check(option, error))
        return NULL;
    return g_steal_pointer(&option);
}

static void expectation_result_free(void *item)
{
    ExpectationResult *result = item;
    g_free(result->expected);
    g_free(result->got);
    g_free(result);
}

RunResult *run_scenario(const Scenario *scenario, const RunConfig *config, GError **error)
{
    g_autoptr(Option) option = option_of_run(scenario, config, error);
    if (!option)
        return NULL;
    RunResult *result = g_new0(RunResult, 1);
    WorldFlags flags = config->flags;
    flags.trace = flags.trace || scenario->expectations->len > 0;
    result->option = g_steal_pointer(&option);
    result->seed = config->seed;
    result->world = world_new(scenario, result->option, config->seed, &flags);
    result->stop = world_run(result->world, config->max_events);
    result->digest = g_strdup(world_digest(result->world));
    result->events = sim_events(world_sim(result->world));
    result->packets = world_capture(result->world) ? capture_frames(world_capture(result->world)) : 0;
    result->expectations = g_ptr_array_new_with_free_func(expectation_result_free);
    result->met = true;
    for (guint i = 0; i < scenario->expectations->len; i++) {
        ExpectationResult *one = expect_check(result, scenario->expectations->pdata[i]);
        result->met = result->met && one->met;
        g_ptr_array_add(result->expectations, one);
    }
    return result;
}

void run_result_free(RunResult *result)
{
    if (!result)
        return;
    world_free(result->world);
    option_free(result->option);
    g_free(result->digest);
    g_ptr_array_unref(result->expectations);
    g_free(result);
}

bool run_deterministic(const Scenario *scenario, const RunConfig *config, char **digest, GError **error)
{
    g_autoptr(RunResult) first = run_scenario(scenario, config, error);
    if (!first)
        return false;
    g_autoptr(RunResult) second = run_scenario(scenario, config, error);
    if (digest)
        *digest = g_strdup(first->digest);
    return second && strcmp(first->digest, second->digest) == 0 && first->events == second->events &&
           first->packets == second->packets;
}
