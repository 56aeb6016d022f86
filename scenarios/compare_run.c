/*
 * scenarios/compare_run.c - running a cast and collecting the evidence.
 */
#include "scenarios/compare_run.h"
#include <string.h>

static void collect(CompareRun *run, bool bound_reached)
{
    World *world = run->world;
    size_t n = world_n_participants(world), m = world_n_attackers(world);
    EvidenceParticipant *participants = g_new0(EvidenceParticipant, n + 1);
    EvidenceAttacker *attackers = g_new0(EvidenceAttacker, m + 1);

    for (size_t i = 0; i < n; i++) {
        const WorldParticipant *p = world_participant(world, i);
        participants[i] = (EvidenceParticipant){ .name = p->name,
                                                 .impi = p->impi,
                                                 .impu = p->impu,
                                                 .impi_token = p->impi_token,
                                                 .impu_token = p->impu_token,
                                                 .bodies = p->bodies,
                                                 .addresses = p->addresses,
                                                 .hostile = p->hostile };
    }
    for (size_t i = 0; i < m; i++) {
        const WorldAttacker *a = world_attacker(world, i);
        attackers[i] = (EvidenceAttacker){ .name = a->name,
                                           .position = a->position,
                                           .at = a->at,
                                           .work_log2 = a->work_log2,
                                           .moves = attacker_moves(a->attacker),
                                           .knowledge = attacker_knowledge(a->attacker) };
    }
    run->evidence = (Evidence){ .run = run->scenario->id,
                                .trace = world_trace(world),
                                .participants = participants,
                                .n_participants = n,
                                .attackers = attackers,
                                .n_attackers = m,
                                .bound_reached = bound_reached };
}

CompareRun *compare_run_new(Scenario *scenario, Option *option, uint64_t seed, bool frames)
{
    CompareRun *run = g_new0(CompareRun, 1);
    WorldFlags flags = { .trace = true, .frames = frames };

    run->scenario = scenario;
    run->option = option;
    run->world = world_new(scenario, option, seed, &flags);
    capture_set_digest(world_capture(run->world), false); /* only counts: a witness is a frame of a full capture */
    WorldStop stop = world_run(run->world, 0);
    collect(run, stop == WORLD_BOUND_REACHED || trace_lost(world_trace(run->world)) > 0);
    return run;
}

void compare_run_free(CompareRun *run)
{
    if (run == NULL)
        return;
    g_free((EvidenceParticipant *)run->evidence.participants);
    g_free((EvidenceAttacker *)run->evidence.attackers);
    world_free(run->world);
    scenario_free(run->scenario);
    option_free(run->option);
    g_free(run);
}

const char *compare_run_reader(const CompareRun *run, const char *position, bool without_work)
{
    const char *reader = NULL;
    for (size_t i = 0; i < run->evidence.n_attackers; i++) {
        const EvidenceAttacker *attacker = &run->evidence.attackers[i];
        if (strcmp(attacker->position, position) != 0)
            continue;
        if ((attacker->work_log2 == 0) == without_work)
            return attacker->name;
        if (!without_work) /* where no cipher is there to be broken, he may have no budget */
            reader = attacker->name;
    }
    return reader;
}
