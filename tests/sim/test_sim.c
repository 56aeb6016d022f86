/*
 * tests/sim/test_sim.c - the loop: ties, contexts, stopping, the event's memory.
 *
 * Source:  sim/sim.h.
 */
#include "sim/sim.h"

#include <string.h>

typedef struct Log {
    GString *text;
    SimTimer timer;
} Log;

static Sim *new_sim(SimTies ties)
{
    return sim_new(&(SimConfig){ .seed = 5, .ties = ties });
}

static void note(Sim *sim, void *ctx, uint64_t arg)
{
    g_string_append_printf(ctx, "%" G_GUINT64_FORMAT "@%" G_GINT64_FORMAT " ", arg, sim_now(sim));
}

/* Three sources, two events each, all at one time. */
static char *order_under(SimTies ties)
{
    g_autoptr(Sim) sim = new_sim(ties);
    g_autoptr(GString) log = g_string_new(NULL);
    SimSource source[3];

    for (int i = 0; i < 3; i++) {
        source[i] = sim_source(sim);
    }
    for (uint64_t n = 0; n < 6; n++) {
        sim_at(sim, source[2 - n % 3], 7, note, log, (2 - n % 3 + 1) * 10 + n / 3);
    }
    sim_run(sim, SIM_NEVER, 0);
    return g_strdup(log->str);
}

static void ties(void)
{
    g_autofree char *natural = order_under(SIM_TIES_NATURAL);
    g_autofree char *reversed = order_under(SIM_TIES_REVERSED);

    g_assert_cmpstr(natural, ==, "10@7 11@7 20@7 21@7 30@7 31@7 ");
    g_assert_cmpstr(reversed, ==, "30@7 31@7 20@7 21@7 10@7 11@7 ");
}

/* Sources in another order, each source's own events in theirs. */
static void shuffled_ties(void)
{
    g_autoptr(Sim) sim = new_sim(SIM_TIES_SHUFFLED);
    g_autoptr(GString) log = g_string_new(NULL);
    enum { N = 200 };

    for (uint64_t n = 0; n < N; n++) {
        SimSource source = sim_source(sim);
        sim_at(sim, source, 1, note, log, 2 * n);
        sim_at(sim, source, 1, note, log, 2 * n + 1);
    }
    sim_run(sim, SIM_NEVER, 0);
    g_auto(GStrv) words = g_strsplit(log->str, " ", -1);
    unsigned ascents = 0;
    for (unsigned i = 0; i < N; i++) {
        uint64_t first = g_ascii_strtoull(words[2 * i], NULL, 10),
                 second = g_ascii_strtoull(words[2 * i + 1], NULL, 10);
        g_assert_cmpuint(first % 2, ==, 0);
        g_assert_cmpuint(second, ==, first + 1);
        ascents += i > 0 && first > g_ascii_strtoull(words[2 * i - 2], NULL, 10);
    }
    g_assert_cmpuint(ascents, >, N / 4);
    g_assert_cmpuint(ascents, <, 3 * N / 4);
}

static void the_past_is_now(void)
{
    g_autoptr(Sim) sim = new_sim(SIM_TIES_NATURAL);
    g_autoptr(GString) log = g_string_new(NULL);

    sim_at(sim, 1, 100, note, log, 1);
    sim_run(sim, SIM_NEVER, 0);
    sim_at(sim, 1, 50, note, log, 2);
    sim_after(sim, 1, -3, note, log, 3);
    sim_run(sim, SIM_NEVER, 0);
    g_assert_cmpstr(log->str, ==, "1@100 2@100 3@100 ");
}

static void stop_now(Sim *sim, void *ctx, uint64_t arg)
{
    sim_stop(sim);
}

static void reasons_to_stop(void)
{
    g_autoptr(Sim) sim = new_sim(SIM_TIES_NATURAL);
    g_autoptr(GString) log = g_string_new(NULL);

    for (uint64_t n = 1; n <= 5; n++) {
        sim_at(sim, 1, (SimTime)n * 10, note, log, n);
    }
    g_assert_cmpint(sim_run(sim, 25, 0), ==, SIM_REACHED_TIME);
    g_assert_cmpint(sim_now(sim), ==, 25);
    g_assert_cmpint(sim_run(sim, SIM_NEVER, 1), ==, SIM_REACHED_EVENTS);
    g_assert_cmpuint(sim_events(sim), ==, 3);
    sim_at(sim, 0, 40, stop_now, NULL, 0);
    g_assert_cmpint(sim_run(sim, SIM_NEVER, 0), ==, SIM_STOPPED);
    g_assert_cmpint(sim_run(sim, SIM_NEVER, 0), ==, SIM_IDLE);
    g_assert_cmpstr(log->str, ==, "1@10 2@20 3@30 4@40 5@50 ");
    g_assert_cmpint(sim_now(sim), ==, 50);
    g_assert_cmpint(sim_run(sim, 60, 0), ==, SIM_IDLE);
    g_assert_cmpint(sim_now(sim), ==, 60);
}

static void never_is_never(void)
{
    g_autoptr(Sim) sim = new_sim(SIM_TIES_NATURAL);
    g_autoptr(GString) log = g_string_new(NULL);

    sim_after(sim, 1, SIM_NEVER, note, log, 1);
    sim_at(sim, 1, SIM_NEVER, note, log, 2);
    g_assert_cmpint(sim_run(sim, SIM_NEVER, 0), ==, SIM_IDLE);
    g_assert_cmpstr(log->str, ==, "");
}

static void cancel_other(Sim *sim, void *ctx, uint64_t arg)
{
    Log *log = ctx;

    sim_cancel(sim, log->timer);
    sim_cancel(sim, log->timer);
    sim_cancel(sim, 0);
}

static void cancelled_in_the_same_instant(void)
{
    g_autoptr(Sim) sim = new_sim(SIM_TIES_NATURAL);
    g_autoptr(GString) text = g_string_new(NULL);
    Log log = { .text = text };

    sim_at(sim, 1, 5, cancel_other, &log, 0);
    log.timer = sim_at(sim, 2, 5, note, text, 1);
    sim_at(sim, 3, 5, note, text, 2);
    sim_run(sim, SIM_NEVER, 0);
    g_assert_cmpstr(text->str, ==, "2@5 ");
}

/* --- contexts --- */

static void check_context(Sim *sim, void *ctx, uint64_t arg)
{
    SimContext context = sim_context(sim);

    g_assert_cmpuint(context.cause, ==, arg);
    g_assert_cmpuint(context.origin, ==, arg == 0 ? 0 : arg + 1);
    (*(unsigned *)ctx)++;
}

static void set_and_schedule(Sim *sim, void *ctx, uint64_t arg)
{
    g_assert_cmpuint(sim_context(sim).cause, ==, 0);
    sim_after(sim, 1, 1, check_context, ctx, 0);
    sim_set_context(sim, (SimContext){ .cause = 8, .origin = 9 });
    sim_after(sim, 1, 1, check_context, ctx, 8);
    sim_set_context(sim, (SimContext){ .cause = 20, .origin = 21 });
    sim_after(sim, 1, 2, check_context, ctx, 20);
}

static void a_timer_carries_its_context(void)
{
    g_autoptr(Sim) sim = new_sim(SIM_TIES_NATURAL);
    unsigned checked = 0;

    sim_at(sim, 1, 0, set_and_schedule, &checked, 0);
    sim_run(sim, SIM_NEVER, 0);
    g_assert_cmpuint(checked, ==, 3);
    g_assert_cmpuint(sim_context(sim).cause, ==, 0);
}

/* --- memory --- */

typedef struct Borrower {
    char *before; /* in an event's memory */
    bool freed;
} Borrower;

static void set_freed(void *what)
{
    ((Borrower *)what)->freed = true;
}

static void borrow(Sim *sim, void *ctx, uint64_t arg)
{
    Borrower *borrower = ctx;

    for (size_t size = 1; size < 300000; size = size * 3 + 1) {
        char *memory = sim_alloc(sim, size);
        g_assert_cmpuint((uintptr_t)memory % 16, ==, 0);
        memset(memory, 'm', size);
    }
    char *text = sim_text(sim, "%s %d", "event", (int)arg);
    g_assert_cmpstr(text, ==, arg == 1 ? "event 1" : "event 2");
    if (arg == 1) {
        sim_defer_free(sim, set_freed, borrower);
        g_assert_false(borrower->freed);
    } else {
        g_assert_true(borrower->freed);
    }
}

static void memory_of_the_event(void)
{
    g_autoptr(Sim) sim = new_sim(SIM_TIES_NATURAL);
    Borrower borrower = { 0 };

    sim_at(sim, 1, 1, borrow, &borrower, 1);
    sim_at(sim, 1, 2, borrow, &borrower, 2);
    char *outside = sim_text(sim, "%s", "set up");
    g_assert_cmpstr(outside, ==, "set up");
    sim_run(sim, SIM_NEVER, 0);
    g_assert_true(borrower.freed);
}

static void same_place(Sim *sim, void *ctx, uint64_t arg)
{
    Borrower *borrower = ctx;
    char *memory = sim_alloc(sim, 100);

    g_assert_true(borrower->before == NULL || borrower->before == memory);
    borrower->before = memory;
}

static void memory_is_used_again(void)
{
    g_autoptr(Sim) sim = new_sim(SIM_TIES_NATURAL);
    Borrower borrower = { 0 };

    for (int i = 0; i < 10; i++) {
        sim_at(sim, 1, i, same_place, &borrower, 0);
    }
    sim_run(sim, SIM_NEVER, 0);
    g_assert_nonnull(borrower.before);
}

static void the_epoch(void)
{
    g_autoptr(Sim) sim = new_sim(SIM_TIES_NATURAL);
    g_autoptr(Sim) other = sim_new(&(SimConfig){ .seed = 5, .epoch = 1000 });
    g_autoptr(GString) log = g_string_new(NULL);

    g_assert_cmpint(sim_unix_time(sim), ==, 1052179200); /* 2003-05-06T00:00:00Z */
    sim_at(other, 1, 1999 * SIM_MS, note, log, 0);
    sim_run(other, SIM_NEVER, 0);
    g_assert_cmpint(sim_unix_time(other), ==, 1001);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sim/sim/ties", ties);
    g_test_add_func("/sim/sim/shuffled-ties-keep-a-source's-order", shuffled_ties);
    g_test_add_func("/sim/sim/the-past-is-now", the_past_is_now);
    g_test_add_func("/sim/sim/reasons-to-stop", reasons_to_stop);
    g_test_add_func("/sim/sim/never-is-never", never_is_never);
    g_test_add_func("/sim/sim/cancelled-in-the-same-instant", cancelled_in_the_same_instant);
    g_test_add_func("/sim/sim/a-timer-carries-its-context", a_timer_carries_its_context);
    g_test_add_func("/sim/sim/memory-of-the-event", memory_of_the_event);
    g_test_add_func("/sim/sim/memory-is-used-again", memory_is_used_again);
    g_test_add_func("/sim/sim/the-epoch", the_epoch);
    return g_test_run();
}
