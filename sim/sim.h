/*
 * sim/sim.h - virtual time, the event queue, per-event memory: one region of the simulated world.
 *
 * Source:  events run in order of (time, source, sequence of that source), a total order that no thread schedule can
 *          change.
 * Knows:   no network, no node, no octet.  All state is in the Sim; a world cut into regions would hold several.
 */
#ifndef PRESEC_SIM_SIM_H
#define PRESEC_SIM_SIM_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t SimTime; /* nanoseconds since the scenario's epoch */
#define SIM_US    INT64_C(1000)
#define SIM_MS    INT64_C(1000000)
#define SIM_SEC   INT64_C(1000000000)
#define SIM_NEVER INT64_MAX

typedef struct Sim Sim;
typedef struct Trace Trace;
typedef uint32_t TraceId;   /* a trace record; 0 = none */
typedef uint32_t SimSource; /* who schedules: breaks ties of time */
typedef uint64_t SimTimer;  /* 0 = none; never reused within a run */
typedef void (*SimHandler)(Sim *sim, void *ctx, uint64_t arg);

/* The order of events of one time.  Anything but SIM_TIES_NATURAL is for tests: verdicts must not depend on it. */
typedef enum { SIM_TIES_NATURAL, SIM_TIES_REVERSED, SIM_TIES_SHUFFLED } SimTies;

typedef struct SimConfig {
    uint64_t seed;
    int64_t epoch; /* Unix seconds of SimTime 0; 0 stands for 2003-05-06T00:00:00Z */
    SimTies ties;
    bool trace;       /* keep trace records; without it every TraceId is 0 */
    size_t trace_max; /* records kept at most; 0 = 4 million */
} SimConfig;

/*
 * What the current event comes from.  Carried by timers and packets.
 * cause:  the record that led here.
 * origin: the attacker's move (a TRACE_MOVE record) whose octets are being handled; 0 when an honest node made them.
 *         A proxy that relays keeps it; a user agent that makes a message of its own clears it.
 */
typedef struct SimContext {
    TraceId cause;
    TraceId origin;
} SimContext;

typedef enum { SIM_IDLE, SIM_REACHED_TIME, SIM_REACHED_EVENTS, SIM_STOPPED } SimStop;

Sim *sim_new(const SimConfig *config);
void sim_free(Sim *sim);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sim, sim_free)

SimTime sim_now(const Sim *sim);
int64_t sim_unix_time(const Sim *sim); /* epoch + now, in seconds */
uint64_t sim_seed(const Sim *sim);
uint64_t sim_events(const Sim *sim); /* handled so far */

/* A new source.  Sources are numbered in order of creation. */
SimSource sim_source(Sim *sim);

/* Run handler(sim, ctx, arg) at @when (now, if in the past), in the context current at this call. */
SimTimer sim_at(Sim *sim, SimSource source, SimTime when, SimHandler handler, void *ctx, uint64_t arg);
SimTimer sim_after(Sim *sim, SimSource source, SimTime delay, SimHandler handler, void *ctx, uint64_t arg);
/* Forget a timer; harmless when it has fired or is 0.  Cancelled entries cost no memory in the long run. */
void sim_cancel(Sim *sim, SimTimer timer);

/*
 * Handle events until none is left, the next is later than @until, @max_events were handled (0 = no limit), or
 * sim_stop() was called.  In the first two cases the time is @until afterwards, unless that is SIM_NEVER.  An event at
 * SIM_NEVER never comes.
 */
SimStop sim_run(Sim *sim, SimTime until, uint64_t max_events);
void sim_stop(Sim *sim);

SimContext sim_context(const Sim *sim);
void sim_set_context(Sim *sim, SimContext context);

/*
 * Memory that lives until the current event ends (or, outside events, until the next one ends).  Never NULL,
 * 16-aligned, not zeroed.
 */
void *sim_alloc(Sim *sim, size_t size);
char *sim_text(Sim *sim, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Free @what when the event ends: nothing frees itself in its own handler. */
void sim_defer_free(Sim *sim, GDestroyNotify free_func, void *what);

/*
 * Memory that all nodes of the run share, one piece for each @kind (an address of the caller's own): zeroed when it is
 * first asked for; in the end given to @clear and freed, after everything that sim_defer_free() was to free.
 */
void *sim_common(Sim *sim, const void *kind, size_t size, GDestroyNotify clear);

Trace *sim_trace(Sim *sim);

/* A random stream: ChaCha20 under the run's seed, one per (owner, purpose, counter).  16 octets, copyable. */
typedef struct SimStream {
    uint64_t id;
    uint64_t offset;
} SimStream;
SimStream sim_stream(const Sim *sim, const char *owner, const char *purpose, uint64_t counter);
void sim_random(const Sim *sim, SimStream *stream, void *out, size_t len);
uint64_t sim_random_u64(const Sim *sim, SimStream *stream);
uint64_t sim_random_below(const Sim *sim, SimStream *stream, uint64_t bound); /* uniform; bound > 0 */
/* @len characters of [a-z0-9] and a NUL */
void sim_random_token(const Sim *sim, SimStream *stream, char *out, size_t len);

#endif
