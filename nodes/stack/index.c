/*
 * nodes/stack/index.c - linear probing; removal closes the gap, so that no tombstones pile up over a long run.
 *
 * Knows:   as index.h.
 */
#include "nodes/stack/index.h"

#include <glib.h>
#include <stdbool.h>

enum { SMALLEST = 8 };

void index_clear(Index *index)
{
    g_free(index->value);
    *index = (Index){ 0 };
}

/* How far it is from @from on to @to, round the end. */
static uint32_t distance(const Index *index, uint32_t from, uint32_t to)
{
    return to >= from ? to - from : to + index->size - from;
}

static void put(Index *index, uint32_t hash, uint32_t value)
{
    uint32_t at = index_first(index, hash);
    while (index->value[at] != 0)
        at = index_next(index, at);
    index->value[at] = value;
}

static void grow(Index *index, const void *owner, IndexHash hash_of)
{
    uint32_t *old = index->value;
    uint32_t old_size = index->size;

    index->size = old_size != 0 ? old_size + old_size / 4 : SMALLEST; /* small steps: little stays empty */
    index->value = g_new0(uint32_t, index->size);
    for (uint32_t i = 0; i < old_size; i++)
        if (old[i] != 0)
            put(index, hash_of(owner, old[i]), old[i]);
    g_free(old);
}

void index_add(Index *index, const void *owner, IndexHash hash_of, uint32_t value)
{
    g_assert(value != 0);
    /* At most 2/3 full: who walks all values of a hash walks to the next gap. */
    if (index->value == NULL || (uint64_t)(index->used + 1) * 3 > (uint64_t)index->size * 2)
        grow(index, owner, hash_of);
    put(index, hash_of(owner, value), value);
    index->used++;
}

void index_remove(Index *index, const void *owner, IndexHash hash_of, uint32_t value)
{
    uint32_t gap = index_first(index, hash_of(owner, value));
    while (index_get(index, gap) != value) {
        g_assert(index_get(index, gap) != 0);
        gap = index_next(index, gap);
    }
    /* Move back what probing would no longer find behind the gap. */
    for (uint32_t at = index_next(index, gap), v; (v = index->value[at]) != 0; at = index_next(index, at)) {
        uint32_t home = index_first(index, hash_of(owner, v));
        bool stays = distance(index, home, at) < distance(index, gap, at);
        if (stays)
            continue;
        index->value[gap] = v;
        gap = at;
    }
    index->value[gap] = 0;
    index->used--;
}

uint32_t index_hash(const void *octets, size_t len, uint32_t seed)
{
    const uint8_t *p = octets;
    uint32_t hash = UINT32_C(2166136261) ^ seed;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ p[i]) * UINT32_C(16777619);
    hash ^= hash >> 16;
    hash *= UINT32_C(0x85ebca6b);
    hash ^= hash >> 13;
    return hash * UINT32_C(0xc2b2ae35);
}
