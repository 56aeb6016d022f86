/*
 * sim/core.h - what a Sim is made of; for the files of sim/ only.
 *
 * Knows:   no network.
 */
#ifndef PRESEC_SIM_CORE_H
#define PRESEC_SIM_CORE_H

#include "sim/arena.h"
#include "sim/queue.h"
#include "sim/sim.h"

struct Sim {
    SimTime now;
    SimContext context;
    Queue queue;
    Arena arena;
    GArray *deferred;  /* Deferred: what sim_defer_free() is to free */
    GPtrArray *common; /* Common *, by sim_common(): a handful */
    Trace *trace;
    bool trace_on, running, stopping;
    SimTies ties;
    uint32_t tie_key;
    uint32_t n_sources;
    uint64_t n_events;
    uint64_t seed;
    int64_t epoch;
    uint32_t chacha_key[8];    /* of the streams' octets */
    uint64_t stream_id_key[2]; /* of the streams' names */
};

/* random.c: the keys of a run, derived from its seed */
void sim_random_init(Sim *sim);
/* trace.c */
Trace *trace_new(size_t max_records);
void trace_free(Trace *trace);

#endif
