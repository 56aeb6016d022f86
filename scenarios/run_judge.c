/*
 * scenarios/run_judge.c - one property, judged from one run.
 *
 * Source:  scenarios/run.h; the predicates are scenarios/judge.h's.
 * Knows:   who plays whom in a scenario: the first who publishes is the presentity, the first who subscribes the
 * watcher.
 */
#include "scenarios/exhibits.h"
#include "scenarios/judge.h"
#include "scenarios/run.h"

#include <string.h>

/* ---- roles ---- */

static const char *first_who(const Scenario *scenario, ActionVerb verb, const char *otherwise)
{
    for (guint i = 0; i < scenario->actions->len; i++) {
        const ScenarioAction *action = scenario->actions->pdata[i];
        const ScenarioUe *ue = scenario_find_ue(scenario, action->ue);
        if (action->verb == verb && ue && !ue->hostile)
            return action->ue;
    }
    return otherwise;
}

static const char *nth_ue(const Scenario *scenario, guint n)
{
    return n < scenario->ues->len ? ((const ScenarioUe *)scenario->ues->pdata[n])->id : "";
}

/* Whoever listens there: a scenario has the attackers that it means. */
static const char *first_listener(const Scenario *scenario, Property property)
{
    const char *position = property_info[property].attacker;
    for (guint i = 0; i < scenario->attackers->len; i++) {
        const ScenarioAttacker *attacker = scenario->attackers->pdata[i];
        if (strcmp(attacker->position, position) == 0)
            return attacker->id;
    }
    return scenario->attackers->len > 0 ? ((const ScenarioAttacker *)scenario->attackers->pdata[0])->id : NULL;
}

static JudgeRoles roles_of(const Scenario *scenario, Property property)
{
    return (JudgeRoles){ .presentity = first_who(scenario, ACT_PUBLISH, nth_ue(scenario, 0)),
                         .watcher = first_who(scenario, ACT_SUBSCRIBE, nth_ue(scenario, 1)),
                         .reader = first_listener(scenario, property) };
}

/* ---- downgrade: with and without those who act ---- */

static unsigned clear_without_moves(const RunResult *result, const JudgeRoles *roles)
{
    g_autoptr(Scenario) quiet = scenario_copy(world_scenario(result->world));
    for (guint i = quiet->attackers->len; i > 0; i--) {
        const ScenarioAttacker *attacker = quiet->attackers->pdata[i - 1];
        if (attacker->moves->len > 0)
            g_ptr_array_remove_index(quiet->attackers, i - 1);
    }
    WorldFlags flags = { .trace = true, .no_digest = true, .pki = world_pki(result->world) };
    g_autoptr(World) world = world_new(quiet, result->option, result->seed, &flags);
    WorldStop stop = world_run(world, 0);
    g_auto(Exhibits) exhibits = { 0 };
    exhibits_of(world, stop, &exhibits);
    return judge_what_is_clear(&exhibits.evidence, roles);
}

static Judgement *judge(const RunResult *result, const Evidence *evidence, Property property, unsigned clear_before)
{
    const Scenario *scenario = world_scenario(result->world);
    JudgeRoles roles = roles_of(scenario, property);
    switch (property) {
    case PROPERTY_PUBLISH_BODY_AIR: return judge_publish_body(evidence, &roles);
    case PROPERTY_NOTIFY_BODY_AIR: return judge_notify_body(evidence, &roles);
    case PROPERTY_RELATION_AIR:
    case PROPERTY_RELATION_ACCESS_CORE: return judge_relation(evidence, &roles);
    case PROPERTY_BODY_ACCESS_CORE:
    case PROPERTY_BODY_VISITED_PCSCF: return judge_any_body(evidence, &roles);
    case PROPERTY_INTEGRITY: return judge_integrity(evidence, &roles, scenario->id);
    case PROPERTY_REPLAY: return judge_replay(evidence, &roles, scenario->id);
    case PROPERTY_MASQUERADE: return judge_masquerade(evidence, &roles, scenario->id);
    case PROPERTY_IDENTITY_UNLINKABLE: return judge_identity(evidence, &roles);
    case PROPERTY_AVAILABLE: return judge_available(evidence, &roles);
    case PROPERTY_DOWNGRADE: return judge_downgrade(evidence, &roles, scenario->id, clear_before);
    case PROPERTY_OTHER_WATCHERS: return judge_other_watchers(evidence, &roles);
    case PROPERTY_UDP:
    case PROPERTY_WLAN:
    case N_PROPERTIES: return NULL;
    }
    g_assert_not_reached();
}

static unsigned clear_before(const RunResult *result, Property property)
{
    JudgeRoles roles = roles_of(world_scenario(result->world), property);
    return property == PROPERTY_DOWNGRADE ? clear_without_moves(result, &roles) : 0;
}

Judgement *run_judge(const RunResult *result, Property property)
{
    g_auto(Exhibits) exhibits = { 0 };
    exhibits_of(result->world, result->stop, &exhibits);
    return judge(result, &exhibits.evidence, property, clear_before(result, property));
}

/* ---- moments of one run ---- */

struct RunMoments {
    const RunResult *result;
    Exhibits exhibits;
    unsigned clear_before; /* PROPERTY_DOWNGRADE */
};

RunMoments *run_moments_new(const RunResult *result)
{
    RunMoments *moments = g_new0(RunMoments, 1);

    moments->result = result;
    exhibits_of(result->world, result->stop, &moments->exhibits);
    moments->clear_before = clear_before(result, PROPERTY_DOWNGRADE);
    return moments;
}

void run_moments_free(RunMoments *moments)
{
    exhibits_clear(&moments->exhibits);
    g_free(moments);
}

Judgement *run_moments_judge(const RunMoments *moments, Property property, TraceId until)
{
    Evidence evidence = moments->exhibits.evidence;
    g_autofree EvidenceAttacker *attackers = g_memdup2(evidence.attackers, evidence.n_attackers * sizeof *attackers);
    Trace *beginning = trace_beginning(evidence.trace, until);

    for (size_t i = 0; i < evidence.n_attackers; i++)
        attackers[i].knowledge = knowledge_beginning(evidence.attackers[i].knowledge, until);
    evidence.trace = beginning;
    evidence.attackers = attackers;
    Judgement *judgement = judge(moments->result, &evidence, property, moments->clear_before);
    for (size_t i = 0; i < evidence.n_attackers; i++)
        knowledge_beginning_free((Knowledge *)attackers[i].knowledge);
    trace_beginning_free(beginning);
    return judgement;
}
