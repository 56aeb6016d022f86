/*
 * scenarios/exhibits.h - the evidence of a finished world, for the judge.
 *
 * The only place where a world becomes evidence; what is handed over is listed in scenarios/evidence.h and nothing else
 * is.
 */
#ifndef PRESEC_SCENARIOS_EXHIBITS_H
#define PRESEC_SCENARIOS_EXHIBITS_H

#include "scenarios/evidence.h"
#include "scenarios/world.h"

typedef struct Exhibits {
    Evidence evidence; /* points into the world and into the two below */
    EvidenceParticipant *participants;
    EvidenceAttacker *attackers;
} Exhibits;

/* @world: finished; outlives @out. */
void exhibits_of(const World *world, WorldStop stop, Exhibits *out);
void exhibits_clear(Exhibits *exhibits);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Exhibits, exhibits_clear)

#endif
