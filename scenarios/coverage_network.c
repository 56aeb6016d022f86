/*
 * scenarios/coverage_network.c - the network of one sample, made, run and judged.
 *
 * Source:  scenarios/coverage.h.
 * Knows:   which fields of a leg are what is rolled out.
 */
#include "scenarios/coverage_network.h"

#include "scenarios/compare_run.h"
#include "scenarios/scenario_build.h"

#include <string.h>

#define PRESENTITY "alice"

/* When things happen: everybody has registered before she publishes, on the slowest access too. */
#define PUBLISHES  (30 * SIM_SEC)
#define SUBSCRIBES (60 * SIM_SEC)
#define ENDS       (150 * SIM_SEC)

static void set(Option *leg, const char *field, const char *value)
{
    bool good = option_set(leg, field, value, NULL);
    g_assert(good);
}

/* ---- legs ---- */

static void encrypt_at_proxy(Option *leg, bool upgraded)
{
    if (upgraded && leg->leg.pcscf_encrypts)
        return; /* the option's own proxy is what is rolled out */
    set(leg, "pcscf-requires-encryption", "no");
    set(leg, "pcscf-release", upgraded ? "6" : "5");
    set(leg, "pcscf-encrypts", upgraded ? "yes" : "no");
    set(leg, "pcscf-indicates", upgraded ? "yes" : "no");
}

/* @option's leg as it is where the roll-out has come, or has not. */
static Option *leg_of(const Option *option, CoverageOf of, bool upgraded)
{
    Option *leg = option_copy(option);
    switch (of) {
    case COVERAGE_OF_PROXIES: encrypt_at_proxy(leg, upgraded); break;
    case COVERAGE_OF_ACCESSES:
        if (!upgraded)
            set(leg, "access", "clear");
        break;
    case COVERAGE_OF_HANDSETS:
        if (!upgraded)
            set(leg, "gm", "ipsec");
        break;
    }
    return leg;
}

/* ---- the scenario ---- */

static bool is_upgraded(CoveragePattern pattern, unsigned member)
{
    return pattern >> member & 1;
}

static char *member_name(unsigned i)
{
    return i == 0 ? g_strdup(PRESENTITY) : g_strdup_printf("watcher-%u", i);
}

static void put(char **slot, char *text)
{
    g_free(*slot);
    *slot = text;
}

static void add_member(Scenario *scenario, const Option *option, CoverageOf of, unsigned i, bool upgraded)
{
    ScenarioUe *ue = scenario_add_ue(scenario);
    put(&ue->id, member_name(i));
    ue->leg = leg_of(option, of, upgraded);
    ue->without_certificate = of == COVERAGE_OF_HANDSETS && !upgraded;
    if (i == 0)
        ue->rules = scenario_rules("allow");
}

static void add_action(Scenario *scenario, SimTime at, ActionVerb verb, unsigned member)
{
    ScenarioAction *action = scenario_add_action(scenario);
    action->at = at;
    action->verb = verb;
    put(&action->ue, member_name(member));
    if (verb == ACT_SUBSCRIBE)
        put(&action->to, g_strdup(PRESENTITY));
    if (verb == ACT_PUBLISH)
        put(&action->text, g_strdup("at her desk"));
}

static void add_listener(Scenario *scenario)
{
    ScenarioAttacker *attacker = scenario_add_attacker(scenario);
    GPtrArray *at = g_ptr_array_new();
    put(&attacker->id, g_strdup("A1"));
    put(&attacker->position, g_strdup("A1"));
    for (unsigned i = 0; i < COVERAGE_MEMBERS; i++) {
        g_autofree char *name = member_name(i);
        g_ptr_array_add(at, g_strdup_printf("air:%s", name));
    }
    g_ptr_array_add(at, NULL);
    g_strfreev(attacker->at);
    attacker->at = (char **)g_ptr_array_free(at, FALSE);
}

static Scenario *network_of(const Option *option, CoverageOf of, CoveragePattern pattern)
{
    Scenario *scenario = scenario_new("coverage", SCENARIO_CAST);
    put(&scenario->id, g_strdup("coverage"));
    scenario->until = ENDS;
    for (unsigned i = 0; i < COVERAGE_MEMBERS; i++) {
        add_member(scenario, option, of, i, is_upgraded(pattern, i));
        add_action(scenario, 0, ACT_REGISTER, i);
    }
    add_action(scenario, PUBLISHES, ACT_PUBLISH, 0);
    for (unsigned i = 1; i < COVERAGE_MEMBERS; i++)
        add_action(scenario, SUBSCRIBES, ACT_SUBSCRIBE, i);
    add_listener(scenario);
    return scenario;
}

/* ---- running ---- */

void coverage_network_run(const Option *option, CoverageOf of, CoveragePattern pattern, uint64_t seed, Pki *pki,
                          CoverageResult *out)
{
    CompareRun *run = compare_run_new(network_of(option, of, pattern), option_copy(option), seed, pki, false);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < COVERAGE_MEMBERS; i++)
        g_ptr_array_add(names, member_name(i));
    judge_crowd(&run->exhibits.evidence, (const char *const *)names->pdata, COVERAGE_MEMBERS, out->member);
    out->events = sim_events(world_sim(run->world));
    compare_run_free(run);
}

/* ---- patterns ---- */

CoveragePattern coverage_sorted(CoveragePattern pattern)
{
    CoveragePattern sorted = pattern & 1;
    unsigned next = 1;
    for (unsigned i = 1; i < COVERAGE_MEMBERS; i++)
        if (is_upgraded(pattern, i))
            sorted |= (CoveragePattern)1 << next++;
    return sorted;
}

void coverage_network_sort_back(CoveragePattern pattern, const CoverageResult *sorted, CoverageResult *out)
{
    CoveragePattern other = coverage_sorted(pattern);
    unsigned next[2] = { COVERAGE_MEMBERS, 1 }; /* of those not upgraded, of those upgraded */
    while (next[0] > 1 && !is_upgraded(other, next[0] - 1))
        next[0]--;
    *out = *sorted;
    for (unsigned i = 1; i < COVERAGE_MEMBERS; i++)
        out->member[i] = sorted->member[next[is_upgraded(pattern, i)]++];
}
