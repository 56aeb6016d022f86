/*
 * sim/bench.c - the workloads of sim/bench.h.
 *
 * Source:  sim/bench.h.
 * Knows:   the queue and the network from outside.
 */
#include "sim/bench.h"
#include "sim/net.h"
#include "sim/queue.h"

#include <string.h>

/* --- the yardstick: a 4-ary heap of whole events --- */

typedef struct BareEvent {
    SimTime when;
    uint32_t source;
    uint32_t sequence;
    SimHandler handler;
    void *ctx;
    uint64_t arg;
} BareEvent;

typedef struct BareHeap {
    BareEvent *events;
    size_t n, room;
    uint32_t next_sequence;
} BareHeap;

static inline bool bare_before(const BareEvent *a, const BareEvent *b)
{
    if (a->when != b->when) {
        return a->when < b->when;
    }
    return a->source != b->source ? a->source < b->source : a->sequence < b->sequence;
}

static void bare_push(BareHeap *heap, BareEvent event)
{
    if (heap->n == heap->room) {
        heap->room = MAX(heap->room * 2, 64);
        heap->events = g_renew(BareEvent, heap->events, heap->room);
    }
    size_t i = heap->n++;
    event.sequence = heap->next_sequence++;
    while (i > 0 && bare_before(&event, &heap->events[(i - 1) / 4])) {
        heap->events[i] = heap->events[(i - 1) / 4];
        i = (i - 1) / 4;
    }
    heap->events[i] = event;
}

static BareEvent bare_pop(BareHeap *heap)
{
    BareEvent first = heap->events[0];
    BareEvent last = heap->events[--heap->n];
    size_t i = 0;

    for (size_t child = 1; child < heap->n; child = 4 * i + 1) {
        size_t least = child;
        for (size_t k = child + 1; k < MIN(child + 4, heap->n); k++) {
            if (bare_before(&heap->events[k], &heap->events[least])) {
                least = k;
            }
        }
        if (!bare_before(&heap->events[least], &last)) {
            break;
        }
        heap->events[i] = heap->events[least];
        i = least;
    }
    heap->events[i] = last;
    return first;
}

/* --- the hold model --- */

#define HOLD_MEAN_MAX (UINT64_C(1) << 30) /* ns */

struct BenchHold {
    BenchQueueKind kind;
    Queue queue;
    BareHeap heap;
    uint64_t random; /* xorshift: the numbers must cost nothing */
    uint64_t check;
    size_t pending;
};

static uint64_t next_random(BenchHold *hold)
{
    hold->random ^= hold->random << 13;
    hold->random ^= hold->random >> 7;
    hold->random ^= hold->random << 17;
    return hold->random;
}

static void no_handler(Sim *sim, void *ctx, uint64_t arg)
{
}

static void hold_push(BenchHold *hold, SimTime now, uint64_t arg)
{
    SimTime when = now + (SimTime)(next_random(hold) % HOLD_MEAN_MAX);
    uint32_t source = (uint32_t)arg;

    switch (hold->kind) {
    case BENCH_QUEUE:
        (void)queue_push(&hold->queue, when, source, &(QueueEvent){ .handler = no_handler, .ctx = hold, .arg = arg });
        break;
    case BENCH_BARE_HEAP:
        bare_push(&hold->heap,
                  (BareEvent){ .when = when, .source = source, .handler = no_handler, .ctx = hold, .arg = arg });
        break;
    }
}

BenchHold *bench_hold_new(BenchQueueKind kind, size_t pending)
{
    BenchHold *hold = g_new0(BenchHold, 1);

    hold->kind = kind;
    hold->pending = pending;
    hold->random = UINT64_C(88172645463325252);
    queue_init(&hold->queue);
    for (size_t i = 0; i < pending; i++) {
        hold_push(hold, 0, i);
    }
    return hold;
}

void bench_hold_free(BenchHold *hold)
{
    if (hold != NULL) {
        queue_clear(&hold->queue);
        g_free(hold->heap.events);
        g_free(hold);
    }
}

void bench_hold_run(BenchHold *hold, uint64_t operations)
{
    for (uint64_t i = 0; i < operations; i++) {
        SimTime now = 0;
        uint64_t arg = 0;
        if (hold->kind == BENCH_QUEUE) {
            QueueEvent event;
            if (queue_pop(&hold->queue, SIM_NEVER, &now, &event) != QUEUE_POPPED) {
                return;
            }
            arg = event.arg;
        } else {
            BareEvent event = bare_pop(&hold->heap);
            now = event.when;
            arg = event.arg;
        }
        hold->check = hold->check * 31 + arg;
        hold_push(hold, now, arg);
    }
}

double bench_hold_octets(const BenchHold *hold)
{
    size_t octets = hold->kind == BENCH_QUEUE ? queue_octets(&hold->queue) : hold->heap.room * sizeof(BareEvent);

    return (double)octets / (double)hold->pending;
}

uint64_t bench_hold_check(const BenchHold *hold)
{
    return hold->check;
}

/* --- UDP echo --- */

struct BenchEcho {
    Sim *sim;
    Net *net;
    uint64_t arrived, stop_at;
};

static const NetLinkSpec echo_link = { .segment = { { .name = "wire", .delay = 1 * SIM_MS } }, .n_segments = 1 };

static void echo_back(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    BenchEcho *echo = ctx;

    if (++echo->arrived == echo->stop_at) {
        sim_stop(echo->sim);
    }
    (void)net_udp_send(host, datagram->dport, &datagram->src, datagram->sport, datagram->octets, datagram->len);
}

BenchEcho *bench_echo_new(size_t pairs, size_t octets)
{
    BenchEcho *echo = g_new0(BenchEcho, 1);
    g_autofree uint8_t *text = g_malloc0(octets);

    memset(text, 'x', octets);
    echo->sim = sim_new(&(SimConfig){ .seed = 1 });
    echo->net = net_new(echo->sim);
    for (size_t i = 0; i < pairs; i++) {
        NetAddr a = net_addr_make(UINT64_C(0x20010db800010000), 2 * i + 1);
        NetAddr b = net_addr_make(UINT64_C(0x20010db800010000), 2 * i + 2);
        NetHost *from = net_host_new(echo->net, "from", &a), *to = net_host_new(echo->net, "to", &b);
        NetLink *link = net_link_new(echo->net, &echo_link, NULL, from, to);
        net_route_default(from, link);
        net_route_default(to, link);
        net_udp_bind(from, 9, echo_back, echo);
        net_udp_bind(to, 7, echo_back, echo);
        (void)net_udp_send(from, 9, &b, 7, text, octets);
    }
    return echo;
}

void bench_echo_free(BenchEcho *echo)
{
    if (echo != NULL) {
        net_free(echo->net);
        sim_free(echo->sim);
        g_free(echo);
    }
}

uint64_t bench_echo_run(BenchEcho *echo, uint64_t packets)
{
    uint64_t before = echo->arrived;

    echo->stop_at = before + packets;
    (void)sim_run(echo->sim, SIM_NEVER, 0);
    return echo->arrived - before;
}
