/*
 * sim/queue.c - the 4-ary heap behind sim/queue.h.
 *
 * Source:  the binary heap, with four children; the root is entry 3, so that the children 4(k-2) to 4(k-2)+3 of entry k
 *          fill one cache line.
 * Knows:   nothing of what events do.
 */
#include "sim/queue.h"

#include <string.h>

#define ROOT             3
#define SLOT_BITS        25
#define SLOT_MASK        ((UINT64_C(1) << SLOT_BITS) - 1)
#define SEQUENCE_MAX     (UINT64_MAX >> SLOT_BITS)
#define NO_SLOT          UINT32_MAX
#define CACHE_LINE       64
#define COMPACT_AT_LEAST 64 /* cancelled entries before compaction is worth it */

static inline size_t first_child(size_t k)
{
    return 4 * (k - 2);
}

static inline size_t parent(size_t k)
{
    return k / 4 + 2;
}

static inline bool before(const Queue *queue, const QueueEntry *a, const QueueEntry *b)
{
    if (G_LIKELY(a->when != b->when)) {
        return a->when < b->when;
    }
    if (a->order != b->order) {
        return a->order < b->order;
    }
    return queue->slots[a->slot].sequence < queue->slots[b->slot].sequence;
}

/* --- memory --- */

static size_t grown(size_t room)
{
    return room + MAX(room / 8, 64);
}

static void heap_grow(Queue *queue)
{
    size_t old_shift = (size_t)((uint8_t *)queue->heap - (uint8_t *)queue->heap_memory);

    queue->heap_room = grown(queue->heap_room);
    queue->heap_memory = g_realloc(queue->heap_memory, (ROOT + queue->heap_room) * sizeof(QueueEntry) + CACHE_LINE);
    size_t shift = (CACHE_LINE - (uintptr_t)queue->heap_memory % CACHE_LINE) % CACHE_LINE;
    uint8_t *memory = queue->heap_memory;
    if (shift != old_shift) {
        memmove(memory + shift, memory + old_shift, (ROOT + queue->n_entries) * sizeof(QueueEntry));
    }
    queue->heap = (QueueEntry *)(void *)(memory + shift);
}

static uint32_t slot_take(Queue *queue)
{
    uint32_t slot = queue->free_slot;

    if (slot != NO_SLOT) {
        queue->free_slot = (uint32_t)queue->slots[slot].event.arg;
        return slot;
    }
    if (queue->n_slots == queue->slot_room) {
        queue->slot_room = grown(queue->slot_room);
        queue->slots = g_renew(QueueSlot, queue->slots, queue->slot_room);
    }
    if (queue->n_slots == QUEUE_PENDING_MAX) {
        g_error("more than %u events are pending", QUEUE_PENDING_MAX);
    }
    return (uint32_t)queue->n_slots++;
}

static void slot_free(Queue *queue, uint32_t slot)
{
    queue->slots[slot] = (QueueSlot){ .event = { .arg = queue->free_slot } };
    queue->free_slot = slot;
}

void queue_init(Queue *queue)
{
    *queue = (Queue){ .free_slot = NO_SLOT, .next_sequence = 1 };
}

void queue_clear(Queue *queue)
{
    g_free(queue->heap_memory);
    g_free(queue->slots);
    queue_init(queue);
}

/* --- the heap --- */

/* Which of four children comes first: comparisons whose outcome no processor can guess, hence written without branches.
 */
static inline size_t least_child(const Queue *queue, size_t child, size_t end)
{
    const QueueEntry *heap = queue->heap;

    if (G_UNLIKELY(child + 4 > end)) {
        size_t least = child;
        for (size_t i = child + 1; i < end; i++) {
            least = before(queue, &heap[i], &heap[least]) ? i : least;
        }
        return least;
    }
    size_t low = child + (before(queue, &heap[child + 1], &heap[child]) ? 1 : 0);
    size_t high = child + 2 + (before(queue, &heap[child + 3], &heap[child + 2]) ? 1 : 0);
    return before(queue, &heap[high], &heap[low]) ? high : low;
}

/* The children of four neighbours are four cache lines: fetched while it is found out which one is needed. */
static inline void prefetch_line_groups(const Queue *queue, size_t first)
{
    if (first < ROOT + queue->n_entries) {
        for (size_t i = 0; i < 16; i += 4) {
            __builtin_prefetch(&queue->heap[first + i]);
        }
    }
}

/* Put @entry where @k is free, towards the leaves. */
static void sift_down(Queue *queue, size_t k, QueueEntry entry)
{
    size_t end = ROOT + queue->n_entries;

    for (size_t child = first_child(k); child < end; child = first_child(k)) {
        prefetch_line_groups(queue, first_child(child));
        size_t least = least_child(queue, child, end);
        if (!before(queue, &queue->heap[least], &entry)) {
            break;
        }
        queue->heap[k] = queue->heap[least];
        k = least;
    }
    queue->heap[k] = entry;
}

static void sift_up(Queue *queue, size_t k, QueueEntry entry)
{
    while (k > ROOT && before(queue, &entry, &queue->heap[parent(k)])) {
        queue->heap[k] = queue->heap[parent(k)];
        k = parent(k);
    }
    queue->heap[k] = entry;
}

/* The last entry takes the place of the one that was popped. */
static void fill_hole(Queue *queue)
{
    queue->hole = false;
    queue->n_entries--;
    if (queue->n_entries > 0) {
        sift_down(queue, ROOT, queue->heap[ROOT + queue->n_entries]);
    }
}

SimTimer queue_push(Queue *queue, SimTime when, uint32_t order, const QueueEvent *event)
{
    uint32_t slot = slot_take(queue);
    uint64_t sequence = queue->next_sequence++;
    QueueEntry entry = { .when = when, .order = order, .slot = slot };

    if (sequence > SEQUENCE_MAX) {
        g_error("the run has had %" G_GUINT64_FORMAT " events, more cannot be told apart", SEQUENCE_MAX);
    }
    queue->slots[slot] = (QueueSlot){ .event = *event, .sequence = sequence };
    if (queue->hole) { /* an event that schedules another saves the heap one walk */
        queue->hole = false;
        sift_down(queue, ROOT, entry);
        return sequence << SLOT_BITS | slot;
    }
    if (queue->n_entries == queue->heap_room) {
        heap_grow(queue);
    }
    queue->n_entries++;
    sift_up(queue, ROOT + queue->n_entries - 1, entry);
    return sequence << SLOT_BITS | slot;
}

/* --- taking --- */

/* Make the first entry a live one; false when none is left. */
static bool settle(Queue *queue)
{
    if (queue->hole) {
        fill_hole(queue);
    }
    while (queue->n_entries > 0) {
        uint32_t slot = queue->heap[ROOT].slot;
        if (queue->slots[slot].event.handler != NULL) {
            return true;
        }
        slot_free(queue, slot);
        queue->n_cancelled--;
        fill_hole(queue);
    }
    return false;
}

QueueResult queue_pop(Queue *queue, SimTime limit, SimTime *when, QueueEvent *event)
{
    if (!settle(queue)) {
        return QUEUE_EMPTY;
    }
    QueueEntry first = queue->heap[ROOT];
    if (first.when > limit) {
        return QUEUE_LATER;
    }
    *when = first.when;
    *event = queue->slots[first.slot].event;
    slot_free(queue, first.slot);
    queue->hole = true;
    return QUEUE_POPPED;
}

/* --- cancelling --- */

/* Drop the cancelled entries and order the rest anew. */
static void compact(Queue *queue)
{
    size_t kept = 0;

    for (size_t i = 0; i < queue->n_entries; i++) {
        QueueEntry entry = queue->heap[ROOT + i];
        if (queue->slots[entry.slot].event.handler == NULL) {
            slot_free(queue, entry.slot);
        } else {
            queue->heap[ROOT + kept++] = entry;
        }
    }
    queue->n_entries = kept;
    queue->n_cancelled = 0;
    if (kept > 1) {
        for (size_t k = parent(ROOT + kept - 1); k >= ROOT; k--) {
            sift_down(queue, k, queue->heap[k]);
        }
    }
}

bool queue_cancel(Queue *queue, SimTimer timer)
{
    size_t slot = timer & SLOT_MASK;

    if (timer == 0 || slot >= queue->n_slots || queue->slots[slot].sequence != timer >> SLOT_BITS ||
        queue->slots[slot].event.handler == NULL) {
        return false;
    }
    queue->slots[slot].event.handler = NULL;
    queue->n_cancelled++;
    if (queue->n_cancelled > COMPACT_AT_LEAST && queue->n_cancelled > queue->n_entries / 2) {
        if (queue->hole) {
            fill_hole(queue);
        }
        compact(queue);
    }
    return true;
}

size_t queue_pending(const Queue *queue)
{
    return queue->n_entries - queue->n_cancelled - (queue->hole ? 1 : 0);
}

size_t queue_octets(const Queue *queue)
{
    size_t heap = queue->heap_memory == NULL ? 0 : (ROOT + queue->heap_room) * sizeof(QueueEntry) + CACHE_LINE;
    return heap + queue->slot_room * sizeof(QueueSlot);
}
