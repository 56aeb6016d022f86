/*
 * scenarios/exhibits.c - from a world to evidence.
 */
#include "scenarios/exhibits.h"

static EvidenceParticipant exhibit_of(const WorldParticipant *from)
{
    return (EvidenceParticipant){ .name = from->name,
                                  .impi = from->impi,
                                  .impu = from->impu,
                                  .impi_token = from->impi_token,
                                  .impu_token = from->impu_token,
                                  .bodies = from->bodies,
                                  .addresses = from->addresses,
                                  .hostile = from->hostile };
}

static EvidenceAttacker exhibit_of_attacker(const WorldAttacker *from)
{
    return (EvidenceAttacker){ .name = from->name,
                               .position = from->position,
                               .at = from->at,
                               .work_log2 = from->work_log2,
                               .moves = attacker_moves(from->attacker),
                               .knowledge = attacker_knowledge(from->attacker) };
}

void exhibits_of(const World *world, WorldStop stop, Exhibits *out)
{
    size_t n = world_n_participants(world), m = world_n_attackers(world);
    out->participants = g_new0(EvidenceParticipant, n + 1);
    out->attackers = g_new0(EvidenceAttacker, m + 1);
    for (size_t i = 0; i < n; i++)
        out->participants[i] = exhibit_of(world_participant(world, i));
    for (size_t i = 0; i < m; i++)
        out->attackers[i] = exhibit_of_attacker(world_attacker(world, i));
    out->evidence = (Evidence){ .run = world_scenario(world)->id,
                                .trace = world_trace(world),
                                .participants = out->participants,
                                .n_participants = n,
                                .attackers = out->attackers,
                                .n_attackers = m,
                                .bound_reached = stop == WORLD_BOUND_REACHED || trace_lost(world_trace(world)) > 0 };
}

void exhibits_clear(Exhibits *exhibits)
{
    g_clear_pointer(&exhibits->participants, g_free);
    g_clear_pointer(&exhibits->attackers, g_free);
}
