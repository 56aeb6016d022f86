/*
 * tests/sim/test_queue.c - the order of events, handles, memory.
 *
 * Source:  sim/queue.h.
 */
#include "sim/bench.h"
#include "sim/queue.h"

static void nothing(Sim *sim, void *ctx, uint64_t arg)
{
}

typedef struct Key {
    SimTime when;
    uint32_t order;
    uint64_t n; /* in order of pushing */
} Key;

static gint compare_keys(gconstpointer a, gconstpointer b)
{
    const Key *x = a, *y = b;

    if (x->when != y->when) {
        return x->when < y->when ? -1 : 1;
    }
    if (x->order != y->order) {
        return x->order < y->order ? -1 : 1;
    }
    return x->n < y->n ? -1 : x->n > y->n;
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static SimTimer push(Queue *queue, const Key *key)
{
    return queue_push(queue, key->when, key->order, &(QueueEvent){ .handler = nothing, .arg = key->n });
}

/* Few times and few sources: many ties of every kind. */
static Key random_key(uint64_t *random, uint64_t n)
{
    return (
        Key){ .when = (SimTime)(next_random(random) % 50) - 10, .order = (uint32_t)(next_random(random) % 5), .n = n };
}

static void assert_popped(Queue *queue, const Key *expected)
{
    SimTime when;
    QueueEvent event;

    g_assert_cmpint(queue_pop(queue, SIM_NEVER, &when, &event), ==, QUEUE_POPPED);
    g_assert_cmpint(when, ==, expected->when);
    g_assert_cmpuint(event.arg, ==, expected->n);
}

static void order_is_time_source_sequence(void)
{
    uint64_t random = 1;
    g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(Key));
    Queue queue;

    queue_init(&queue);
    for (uint64_t n = 0; n < 5000; n++) {
        Key key = random_key(&random, n);
        g_array_append_val(keys, key);
        g_assert_cmpuint(push(&queue, &key), !=, 0);
    }
    g_array_sort(keys, compare_keys);
    for (guint i = 0; i < keys->len; i++) {
        g_assert_cmpuint(queue_pending(&queue), ==, keys->len - i);
        assert_popped(&queue, &g_array_index(keys, Key, i));
    }
    SimTime when;
    QueueEvent event;
    g_assert_cmpint(queue_pop(&queue, SIM_NEVER, &when, &event), ==, QUEUE_EMPTY);
    queue_clear(&queue);
}

/* Against a sorted list, with every operation in any order. */
static void agrees_with_a_sorted_list(void)
{
    uint64_t random = 7;
    g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(Key));
    g_autoptr(GArray) timers = g_array_new(FALSE, TRUE, sizeof(SimTimer));
    Queue queue;

    queue_init(&queue);
    for (uint64_t n = 0; n < 20000; n++) {
        unsigned what = (unsigned)(next_random(&random) % (n < 10000 ? 7 : 13));
        if (what < 4 || keys->len == 0) {
            Key key = random_key(&random, timers->len);
            SimTimer timer = push(&queue, &key);
            g_array_append_val(timers, timer);
            g_array_append_val(keys, key);
            g_array_sort(keys, compare_keys);
        } else if (what < 6) {
            assert_popped(&queue, &g_array_index(keys, Key, 0));
            g_assert_false(queue_cancel(&queue, g_array_index(timers, SimTimer, g_array_index(keys, Key, 0).n)));
            g_array_remove_index(keys, 0);
        } else {
            guint i = (guint)(next_random(&random) % keys->len);
            SimTimer timer = g_array_index(timers, SimTimer, g_array_index(keys, Key, i).n);
            g_assert_true(queue_cancel(&queue, timer));
            g_assert_false(queue_cancel(&queue, timer));
            g_array_remove_index(keys, i);
        }
        g_assert_cmpuint(queue_pending(&queue), ==, keys->len);
        if (keys->len > 300) { /* the list is slow */
            g_array_set_size(keys, 0);
            queue_clear(&queue);
            g_array_set_size(timers, 0);
        }
    }
    queue_clear(&queue);
}

static void a_later_event_stays(void)
{
    Queue queue;
    SimTime when;
    QueueEvent event;

    queue_init(&queue);
    push(&queue, &(Key){ .when = 10 });
    g_assert_cmpint(queue_pop(&queue, 9, &when, &event), ==, QUEUE_LATER);
    g_assert_cmpint(queue_pop(&queue, 10, &when, &event), ==, QUEUE_POPPED);
    g_assert_cmpint(queue_pop(&queue, 10, &when, &event), ==, QUEUE_EMPTY);
    queue_clear(&queue);
}

static void handles_are_never_used_again(void)
{
    Queue queue;
    SimTime when;
    QueueEvent event;
    SimTimer last = 0;

    queue_init(&queue);
    g_assert_false(queue_cancel(&queue, 0));
    for (int i = 0; i < 1000; i++) {
        SimTimer timer = push(&queue, &(Key){ .when = 1 });
        g_assert_cmpuint(timer, >, last);
        g_assert_false(queue_cancel(&queue, last)); /* it had the same slot */
        g_assert_cmpint(queue_pop(&queue, SIM_NEVER, &when, &event), ==, QUEUE_POPPED);
        last = timer;
    }
    g_assert_false(queue_cancel(&queue, last + 17));
    queue_clear(&queue);
}

/* Timers that are set and cancelled again, like TCP's: the queue does not grow with their number. */
static void cancelled_events_cost_no_memory(void)
{
    Queue queue;
    SimTimer pending[100] = { 0 };

    queue_init(&queue);
    for (uint64_t i = 0; i < 100000; i++) {
        SimTimer *timer = &pending[i % G_N_ELEMENTS(pending)];
        (void)queue_cancel(&queue, *timer);
        *timer = push(&queue, &(Key){ .when = (SimTime)(1000000 + i) });
    }
    g_assert_cmpuint(queue_pending(&queue), ==, G_N_ELEMENTS(pending));
    g_assert_cmpuint(queue_octets(&queue), <, 1000 * 64);
    queue_clear(&queue);
}

static void at_most_64_octets_each(void)
{
    for (size_t pending = 10000; pending <= 1000000; pending *= 3) {
        g_autoptr(BenchHold) hold = bench_hold_new(BENCH_QUEUE, pending);
        g_assert_cmpfloat(bench_hold_octets(hold), <=, 64.0);
    }
}

static void same_order_as_a_bare_heap(void)
{
    g_autoptr(BenchHold) queue = bench_hold_new(BENCH_QUEUE, 3000);
    g_autoptr(BenchHold) heap = bench_hold_new(BENCH_BARE_HEAP, 3000);

    bench_hold_run(queue, 100000);
    bench_hold_run(heap, 100000);
    g_assert_cmpuint(bench_hold_check(queue), ==, bench_hold_check(heap));
    g_assert_cmpuint(bench_hold_check(queue), !=, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sim/queue/order-is-time-source-sequence", order_is_time_source_sequence);
    g_test_add_func("/sim/queue/agrees-with-a-sorted-list", agrees_with_a_sorted_list);
    g_test_add_func("/sim/queue/a-later-event-stays", a_later_event_stays);
    g_test_add_func("/sim/queue/handles-are-never-used-again", handles_are_never_used_again);
    g_test_add_func("/sim/queue/cancelled-events-cost-no-memory", cancelled_events_cost_no_memory);
    g_test_add_func("/sim/queue/at-most-64-octets-each", at_most_64_octets_each);
    g_test_add_func("/sim/queue/same-order-as-a-bare-heap", same_order_as_a_bare_heap);
    return g_test_run();
}
