/*
 * sim/queue.h - the pending events: a 4-ary heap ordered by (time, order, sequence), with handles.
 *
 * Source:  the order of events in sim/sim.h.  Sequences come from one counter of the queue, so those of one source
 *          ascend as a counter of its own would.
 * Knows:   times and numbers.  What an event does is opaque to it; a benchmark can drive it alone.
 *
 * An event costs an entry of 16 octets in the heap (time, order, slot) and a slot of 40 (what to run, its sequence).
 * Two events of the same time and order are told apart by the sequences in their slots.  Both arrays grow by an eighth,
 * which keeps an event within 64 octets in all.  Cancelled events stay in the heap until they come up or are more than
 * half of it.
 */
#ifndef PRESEC_SIM_QUEUE_H
#define PRESEC_SIM_QUEUE_H

#include "sim/sim.h"

/* What to run, and in which context. */
typedef struct QueueEvent {
    SimHandler handler;
    void *ctx;
    uint64_t arg;
    SimContext context;
} QueueEvent;

typedef struct QueueEntry {
    SimTime when;
    uint32_t order; /* of the source: breaks ties of time */
    uint32_t slot;
} QueueEntry;

typedef struct QueueSlot {
    QueueEvent event;  /* handler NULL: cancelled or free; a free slot holds the next free one in arg */
    uint64_t sequence; /* 0: free */
} QueueSlot;

typedef struct Queue {
    QueueEntry *heap; /* aligned so that the four children of an entry share a cache line */
    void *heap_memory;
    QueueSlot *slots;
    size_t heap_room, n_entries; /* entries, the hole included */
    size_t slot_room, n_slots;   /* slots ever used */
    size_t n_cancelled;
    uint32_t free_slot;
    bool hole; /* the first entry was taken and not yet replaced */
    uint64_t next_sequence;
} Queue;

typedef enum {
    QUEUE_POPPED, /* the event is out, and its time */
    QUEUE_LATER,  /* the first event comes after the limit; nothing is out */
    QUEUE_EMPTY   /* no event is left */
} QueueResult;

#define QUEUE_PENDING_MAX (UINT32_C(1) << 25) /* events at one time */

void queue_init(Queue *queue);
void queue_clear(Queue *queue);

/* Add an event; its handle is never 0 and never used again. */
SimTimer queue_push(Queue *queue, SimTime when, uint32_t order, const QueueEvent *event);
/* Take the first event if it is due at @limit. */
QueueResult queue_pop(Queue *queue, SimTime limit, SimTime *when, QueueEvent *event);
/* False when the event has been taken or cancelled before, or @timer is 0. */
bool queue_cancel(Queue *queue, SimTimer timer);

size_t queue_pending(const Queue *queue); /* without the cancelled */
size_t queue_octets(const Queue *queue);  /* of memory held */

#endif
