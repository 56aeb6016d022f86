/*
 * sim/sim.c - the loop that handles one event after the other.
 *
 * Source:  the order and the lifetimes in sim/sim.h.
 * Knows:   no network, no node.
 */
#include "sim/core.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#define EPOCH_DEFAULT     INT64_C(1052179200) /* 2003-05-06T00:00:00Z */
#define TRACE_MAX_DEFAULT ((size_t)4 * 1000 * 1000)

typedef struct Deferred {
    GDestroyNotify free_func;
    void *what;
} Deferred;

typedef struct Common {
    const void *kind;
    GDestroyNotify clear;
    max_align_t memory[];
} Common;

static void common_free(gpointer what)
{
    Common *common = what;
    if (common->clear != NULL) {
        common->clear(common->memory);
    }
    g_free(common);
}

Sim *sim_new(const SimConfig *config)
{
    Sim *sim = g_new0(Sim, 1);

    sim->seed = config->seed;
    sim->epoch = config->epoch != 0 ? config->epoch : EPOCH_DEFAULT;
    sim->ties = config->ties;
    sim->trace_on = config->trace;
    sim->trace = trace_new(config->trace_max != 0 ? config->trace_max : TRACE_MAX_DEFAULT);
    sim->deferred = g_array_new(FALSE, FALSE, sizeof(Deferred));
    sim->common = g_ptr_array_new_with_free_func(common_free);
    queue_init(&sim->queue);
    sim_random_init(sim);
    return sim;
}

static void free_deferred(Sim *sim)
{
    while (sim->deferred->len > 0) {
        Deferred last = g_array_index(sim->deferred, Deferred, sim->deferred->len - 1);
        g_array_set_size(sim->deferred, sim->deferred->len - 1);
        last.free_func(last.what);
    }
}

void sim_free(Sim *sim)
{
    if (sim == NULL) {
        return;
    }
    g_assert(!sim->running);
    free_deferred(sim);
    g_array_free(sim->deferred, TRUE);
    g_ptr_array_unref(sim->common);
    queue_clear(&sim->queue);
    arena_clear(&sim->arena);
    trace_free(sim->trace);
    g_free(sim);
}

SimTime sim_now(const Sim *sim)
{
    return sim->now;
}

int64_t sim_unix_time(const Sim *sim)
{
    return sim->epoch + sim->now / SIM_SEC;
}

uint64_t sim_seed(const Sim *sim)
{
    return sim->seed;
}

uint64_t sim_events(const Sim *sim)
{
    return sim->n_events;
}

void *sim_common(Sim *sim, const void *kind, size_t size, GDestroyNotify clear)
{
    for (guint i = 0; i < sim->common->len; i++) {
        Common *common = sim->common->pdata[i];
        if (common->kind == kind) {
            return common->memory;
        }
    }
    Common *made = g_malloc0(sizeof *made + size);
    made->kind = kind;
    made->clear = clear;
    g_ptr_array_add(sim->common, made);
    return made->memory;
}

Trace *sim_trace(Sim *sim)
{
    return sim->trace;
}

SimContext sim_context(const Sim *sim)
{
    return sim->context;
}

void sim_set_context(Sim *sim, SimContext context)
{
    sim->context = context;
}

/* --- scheduling --- */

SimSource sim_source(Sim *sim)
{
    return ++sim->n_sources;
}

/* A permutation of the 32-bit numbers that depends on the seed: each step can be undone. */
static uint32_t shuffled(uint32_t x, uint32_t key)
{
    x = (x ^ key) * UINT32_C(0x9e3779b1);
    x = (x ^ x >> 15) * UINT32_C(0x85ebca6b);
    return x ^ x >> 13;
}

static uint32_t source_order(const Sim *sim, SimSource source)
{
    switch (sim->ties) {
    case SIM_TIES_NATURAL: return source;
    case SIM_TIES_REVERSED: return ~source;
    case SIM_TIES_SHUFFLED: return shuffled(source, sim->tie_key);
    }
    g_assert_not_reached();
}

SimTimer sim_at(Sim *sim, SimSource source, SimTime when, SimHandler handler, void *ctx, uint64_t arg)
{
    QueueEvent event = { .handler = handler, .ctx = ctx, .arg = arg, .context = sim->context };

    return queue_push(&sim->queue, MAX(when, sim->now), source_order(sim, source), &event);
}

SimTimer sim_after(Sim *sim, SimSource source, SimTime delay, SimHandler handler, void *ctx, uint64_t arg)
{
    SimTime when = delay >= SIM_NEVER - sim->now ? SIM_NEVER : sim->now + delay;

    return sim_at(sim, source, when, handler, ctx, arg);
}

void sim_cancel(Sim *sim, SimTimer timer)
{
    (void)queue_cancel(&sim->queue, timer);
}

/* --- running --- */

static void end_event(Sim *sim)
{
    sim->context = (SimContext){ 0 };
    if (sim->deferred->len > 0) {
        free_deferred(sim);
    }
    arena_reset(&sim->arena);
}

SimStop sim_run(Sim *sim, SimTime until, uint64_t max_events)
{
    SimStop stop = SIM_STOPPED;
    uint64_t last_event =
        max_events == 0 || max_events > UINT64_MAX - sim->n_events ? UINT64_MAX : sim->n_events + max_events;

    g_assert(!sim->running);
    sim->running = true;
    sim->stopping = false;
    while (!sim->stopping) {
        QueueEvent event;
        if (sim->n_events >= last_event) {
            stop = SIM_REACHED_EVENTS;
            break;
        }
        QueueResult result = queue_pop(&sim->queue, MIN(until, SIM_NEVER - 1), &sim->now, &event);
        if (result != QUEUE_POPPED) {
            stop = result == QUEUE_EMPTY || until == SIM_NEVER ? SIM_IDLE : SIM_REACHED_TIME;
            break;
        }
        sim->n_events++;
        sim->context = event.context;
        event.handler(sim, event.ctx, event.arg);
        end_event(sim);
    }
    if (stop != SIM_STOPPED && stop != SIM_REACHED_EVENTS && until != SIM_NEVER) {
        sim->now = MAX(sim->now, until); /* time passes, with or without events */
    }
    sim->running = false;
    return stop;
}

void sim_stop(Sim *sim)
{
    sim->stopping = true;
}

/* --- memory of the event --- */

void *sim_alloc(Sim *sim, size_t size)
{
    return arena_alloc(&sim->arena, size);
}

char *sim_text(Sim *sim, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    g_assert(len >= 0);
    char *text = arena_alloc(&sim->arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

void sim_defer_free(Sim *sim, GDestroyNotify free_func, void *what)
{
    Deferred deferred = { free_func, what };

    g_array_append_val(sim->deferred, deferred);
}
