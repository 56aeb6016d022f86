/*
 * scenarios/world.h - the network of one run: access networks, CSCFs, HSS, Presence Server, participants, attackers.
 *
 * Source:  TS 23.228 and S4 §4.3 for who is connected to whom; the reference points are segments: air, ran, iu, gn, gi,
 * mw, mw2, isc, cx. Knows:   the scenario and the options of its legs.  Everything of a run is in the World; two worlds
 * share nothing, so they may live in two threads.
 *
 *     UE --air..-- cell --iu,gn,gi-- P-CSCF --mw-- I-CSCF, S-CSCF --isc-- PS;  S-CSCF --mw2-- I-CSCF;  both --cx-- HSS
 *
 * Names: hosts are called by their participant ("alice"), "cell:alice", "pcscf" ("pcscf2", ... for further leg
 * configurations), "neighbour", "icscf", "scscf", "hss", "ps". Segments of a participant: "air:alice", "ran:alice",
 * "iu:alice", "gn:alice", "gi:alice".
 */
#ifndef PRESEC_SCENARIOS_WORLD_H
#define PRESEC_SCENARIOS_WORLD_H

#include "nodes/access.h"
#include "nodes/cscf.h"
#include "nodes/hss.h"
#include "nodes/pcscf.h"
#include "nodes/presence.h"
#include "nodes/ue.h"
#include "nodes/pki.h"
#include "scenarios/scenario.h"
#include "sim/capture.h"

typedef struct World World;

typedef struct WorldFlags {
    bool trace;     /* keep records; needed by expectations and the judge */
    bool frames;    /* ... and every crossing's octets among them */
    bool capture;   /* keep a pcapng image */
    bool no_digest; /* neither digest nor capture: the fastest */
    SimTies ties;
    Pki *pki; /* of the same seed, shared with other worlds; NULL: it makes its own, if its option needs one */
} WorldFlags;

/* @scenario, @option: borrowed, outlive the world.  @option's open fields stand at their defaults. */
World *world_new(const Scenario *scenario, const Option *option, uint64_t seed, const WorldFlags *flags);
void world_free(World *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

typedef enum { WORLD_DONE, WORLD_BOUND_REACHED, WORLD_INTERRUPTED } WorldStop;
/* Up to the scenario's end, then the attackers' offline work.  @max_events: 0 = 50 million, a bound against endless
 * loops. */
WorldStop world_run(World *world, uint64_t max_events);
/* In steps, for the dashboard; world_finish() then does the offline work once. */
SimStop world_advance(World *world, SimTime until, uint64_t max_events);
void world_finish(World *world);
SimTime world_end(const World *world);

/* A participant and its secrets (canaries). */
typedef struct WorldParticipant {
    const char *name;
    const char *impi, *impu;             /* "alice.k3...@home.example", "sip:alice.x8...@home.example" */
    const char *impi_token, *impu_token; /* the twelve characters that nothing else contains */
    const char *imsi;
    const GPtrArray *bodies; /* char*: a token for each document or message text it has sent so far, in order */
    const GArray *addresses; /* NetAddr: every address its host has had */
    bool hostile;            /* a subscriber of the attacker's */
    const char *forges;      /* IMPU that it claims to be; NULL */
    NetHost *host;
    Ue *ue;
    Modem *modem;
    Access *access;
    Pcscf *pcscf;      /* of its leg's network */
    const Option *leg; /* the values it was built from */
} WorldParticipant;
size_t world_n_participants(const World *world); /* named UEs; not the members of populations */
const WorldParticipant *world_participant(const World *world, size_t i);
const WorldParticipant *world_find(const World *world, const char *name); /* NULL: none */

typedef struct WorldAttacker {
    const char *name, *position;
    const char *const *at; /* NULL-terminated: segments and hosts */
    double work_log2;
    Attacker *attacker;
} WorldAttacker;
size_t world_n_attackers(const World *world);
const WorldAttacker *world_attacker(const World *world, size_t i);
const WorldAttacker *world_find_attacker(const World *world, const char *name);

/* What crossed the segments of one name ("air": of all participants together; "air:bob": his). */
typedef struct WorldTraffic {
    uint64_t frames, octets;
} WorldTraffic;
WorldTraffic world_traffic(const World *world, const char *segment);

/* All members of all populations together. */
typedef struct WorldCrowd {
    uint64_t arrived, registered_now;
    UeCounters sum;
} WorldCrowd;
WorldCrowd world_crowd(const World *world);

Sim *world_sim(const World *world);
Net *world_net(const World *world);
const Trace *world_trace(const World *world);
const char *world_digest(World *world); /* "" without one */
Capture *world_capture(World *world);   /* NULL without one */
const Scenario *world_scenario(const World *world);
const Option *world_option(const World *world);
Hss *world_hss(const World *world);
Presence *world_presence(const World *world);
/* Certificates that honest nodes own. */
typedef struct WorldCertificates {
    unsigned subscribers, pcscf, ps;
} WorldCertificates;
WorldCertificates world_certificates(const World *world);
Pki *world_pki(const World *world); /* borrowed; NULL: none was needed */
/* "P-CSCF:bob" -> the name of the host that plays it; other names as they are ("PS" -> "ps"). */
const char *world_node_name(const World *world, const char *said);

#endif
