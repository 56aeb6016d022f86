/*
 * scenarios/run.h - one scenario, run once: what came of it, and whether it is what was expected.
 *
 * Source:  scenarios/scenario.h, scenarios/world.h.
 * Knows:   the trace, the attackers' readings and the run's canaries.
 */
#ifndef PRESEC_SCENARIOS_RUN_H
#define PRESEC_SCENARIOS_RUN_H

#include "scenarios/world.h"

typedef struct RunConfig {
    const Option *option;    /* NULL: the scenario's own, else the gap */
    const char *const *sets; /* "field=value", NULL-terminated; NULL: none */
    uint64_t seed;
    WorldFlags flags;
    uint64_t max_events;
} RunConfig;

typedef struct ExpectationResult {
    char *expected, *got; /* "bob subscribe to alice: 200", "403" */
    bool met;
    Place place;
} ExpectationResult;

typedef struct RunResult {
    Option *option; /* with the settings made */
    World *world;   /* finished; trace, attackers, capture are in it.  After scenario and option in its life */
    WorldStop stop;
    char *digest;
    uint64_t seed, events, packets;
    GPtrArray *expectations; /* ExpectationResult* */
    bool met;                /* all of them */
} RunResult;

/*
 * One property, judged from this run alone: its own participants and attackers.  For `downgrade` the scenario is run
 * once more without those who act. NULL: the property compares runs that a scenario does not describe (udp, wlan).
 */
Judgement *run_judge(const RunResult *result, Property property) G_GNUC_WARN_UNUSED_RESULT;

/* The same over the beginning of a run: what could be said when its first @until records had happened. */
typedef struct RunMoments RunMoments;
RunMoments *run_moments_new(const RunResult *result) G_GNUC_WARN_UNUSED_RESULT; /* @result: borrowed */
void run_moments_free(RunMoments *moments);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RunMoments, run_moments_free)
Judgement *run_moments_judge(const RunMoments *moments, Property property, TraceId until) G_GNUC_WARN_UNUSED_RESULT;

/* @scenario borrowed, outlives the result.  NULL: a setting was wrong, @error. */
RunResult *run_scenario(const Scenario *scenario, const RunConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void run_result_free(RunResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RunResult, run_result_free)

/* Twice with one seed.  True: the same octets on every segment. */
bool run_deterministic(const Scenario *scenario, const RunConfig *config, char **digest, GError **error);

#endif
