/*
 * tests/sim/test_trace.c - records and their causes.
 *
 * Source:  sim/trace.h.
 */
#include "sim/trace.h"

#include <string.h>

static Sim *traced(size_t max)
{
    return sim_new(&(SimConfig){ .seed = 1, .trace = true, .trace_max = max });
}

static TraceId add(Sim *sim, TraceKind kind)
{
    return trace_add(sim, &(TraceRecord){ .kind = kind, .node = "n" });
}

static void texts_are_copied(void)
{
    g_autoptr(Sim) sim = traced(0);
    char node[] = "ue", rule[] = "rule", clause[] = "TS 33.203 §7.1", octets[] = { 1, 0, 2 };
    const Trace *trace = sim_trace(sim);

    TraceId decision = trace_decision(sim, node, rule, clause, "selects %s", "NULL");
    TraceId sent =
        trace_add(sim, &(TraceRecord){ .kind = TRACE_SEND,
                                       .node = node,
                                       .message = { .label = rule, .octets = (uint8_t *)octets, .len = 3 } });
    memset(node, 'x', 2);
    memset(rule, 'x', 4);
    memset(clause, 'x', 4);
    memset(octets, 'x', 3);
    g_assert_cmpstr(trace_get(trace, decision)->node, ==, "ue");
    g_assert_cmpstr(trace_get(trace, decision)->decision.rule, ==, "rule");
    g_assert_cmpstr(trace_get(trace, decision)->decision.clause, ==, "TS 33.203 §7.1");
    g_assert_cmpstr(trace_get(trace, decision)->decision.text, ==, "selects NULL");
    g_assert_cmpstr(trace_get(trace, sent)->message.label, ==, "rule");
    g_assert_cmpstr(trace_get(trace, sent)->message.peer, ==, ""); /* never NULL */
    g_assert_cmpmem(trace_get(trace, sent)->message.octets, trace_get(trace, sent)->message.len, "\1\0\2", 3);
    g_assert_null(trace_get(trace, 0));
    g_assert_null(trace_get(trace, 3));
    g_assert_cmpuint(trace_count(trace), ==, 2);
}

/* A member of every kind is kept, and every kind is copied without a crash when nothing is set. */
static void every_kind(void)
{
    g_autoptr(Sim) sim = traced(0);

    for (int kind = 0; kind < TRACE_N_KINDS; kind++) {
        TraceId id = trace_add(sim, &(TraceRecord){ .kind = (TraceKind)kind });
        g_assert_cmpuint(id, ==, (TraceId)kind + 1);
        g_assert_cmpstr(trace_get(sim_trace(sim), id)->node, ==, "");
    }
}

static void causes(void)
{
    g_autoptr(Sim) sim = traced(0);
    const Trace *trace = sim_trace(sim);
    TraceId move = add(sim, TRACE_MOVE);

    sim_set_context(sim, (SimContext){ .cause = move, .origin = move });
    TraceId received = add(sim, TRACE_RECEIVE);
    TraceId frame = add(sim, TRACE_FRAME), drop = trace_drop(sim, "n", "esp-replay", "seq %d", 7),
            learnt = add(sim, TRACE_LEARN);
    TraceId decision = add(sim, TRACE_DECISION);
    TraceId sent = add(sim, TRACE_SEND);
    TraceId given =
        trace_add(sim, &(TraceRecord){ .kind = TRACE_SA, .cause = received, .origin = 99, .because = decision });

    g_assert_cmpuint(trace_get(trace, received)->cause, ==, move);
    g_assert_cmpuint(trace_get(trace, received)->origin, ==, move);
    g_assert_cmpuint(trace_get(trace, frame)->cause, ==, received);
    g_assert_cmpuint(trace_get(trace, drop)->cause, ==, received);
    g_assert_cmpuint(trace_get(trace, learnt)->cause, ==, received);
    g_assert_cmpuint(trace_get(trace, decision)->cause, ==, received);
    g_assert_cmpuint(trace_get(trace, sent)->cause, ==, decision);
    g_assert_cmpuint(trace_get(trace, given)->cause, ==, received);
    g_assert_cmpuint(trace_get(trace, given)->origin, ==, 99);
    g_assert_cmpuint(trace_get(trace, given)->because, ==, decision);
    g_assert_cmpuint(sim_context(sim).cause, ==, given);
    g_assert_cmpuint(sim_context(sim).origin, ==, move);
}

static void drops_by_cause(void)
{
    g_autoptr(Sim) sim = traced(0);
    const Trace *trace = sim_trace(sim);

    trace_drop(sim, "a", "esp-replay", "x");
    trace_drop(sim, "b", "esp-replay", "x");
    trace_drop(sim, "b", "sip-bad", "x");
    add(sim, TRACE_SEND);
    g_assert_cmpuint(trace_count_drops(trace, "", "esp-replay"), ==, 2);
    g_assert_cmpuint(trace_count_drops(trace, "b", "esp-replay"), ==, 1);
    g_assert_cmpuint(trace_count_drops(trace, "c", "esp-replay"), ==, 0);
}

static void full(void)
{
    g_autoptr(Sim) sim = traced(2000);

    for (TraceId i = 1; i <= 2000; i++) {
        g_assert_cmpuint(add(sim, TRACE_SEND), ==, i);
    }
    g_assert_cmpuint(add(sim, TRACE_SEND), ==, 0);
    g_assert_cmpuint(trace_drop(sim, "n", "c", "x"), ==, 0);
    g_assert_cmpuint(trace_lost(sim_trace(sim)), ==, 2);
    g_assert_cmpuint(trace_count(sim_trace(sim)), ==, 2000);
    g_assert_cmpuint(sim_context(sim).cause, ==, 2000);
}

static void off(void)
{
    g_autoptr(Sim) sim = sim_new(&(SimConfig){ .seed = 1 });

    g_assert_false(trace_enabled(sim));
    g_assert_cmpuint(add(sim, TRACE_SEND), ==, 0);
    g_assert_cmpuint(trace_decision(sim, "n", "r", "c", "x"), ==, 0);
    g_assert_cmpuint(trace_count(sim_trace(sim)), ==, 0);
    g_assert_cmpuint(trace_lost(sim_trace(sim)), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sim/trace/texts-are-copied", texts_are_copied);
    g_test_add_func("/sim/trace/every-kind", every_kind);
    g_test_add_func("/sim/trace/causes", causes);
    g_test_add_func("/sim/trace/drops-by-cause", drops_by_cause);
    g_test_add_func("/sim/trace/full", full);
    g_test_add_func("/sim/trace/off", off);
    return g_test_run();
}
