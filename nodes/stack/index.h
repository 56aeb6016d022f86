/*
 * nodes/stack/index.h - an open-addressing index of small numbers, for tables that must stay small per entry.
 *
 * Knows:   32-bit values and a callback that hashes one.  The values name slots of the owner's pool; keys stay there,
 * so an entry costs four octets.  Several values may share a hash: the owner walks them and compares.  Never iterated
 * otherwise.
 */
#ifndef PRESEC_STACK_INDEX_H
#define PRESEC_STACK_INDEX_H

#include <stddef.h>
#include <stdint.h>

/* The hash of the key that @value stands for: its high bits say where it goes. */
typedef uint32_t (*IndexHash)(const void *owner, uint32_t value);

typedef struct Index {
    uint32_t *value; /* 0 = empty */
    uint32_t size;   /* 0 while nothing was ever added */
    uint32_t used;
} Index;

void index_clear(Index *index);
/* @value is not 0. */
void index_add(Index *index, const void *owner, IndexHash hash_of, uint32_t value);
void index_remove(Index *index, const void *owner, IndexHash hash_of, uint32_t value);

/*
 * Values whose hash may be @hash, one after another:
 *     for (uint32_t at = index_first(ix, hash), v; (v = index_get(ix, at)) != 0; at = index_next(ix, at))
 */
static inline uint32_t index_first(const Index *index, uint32_t hash)
{
    return (uint32_t)((uint64_t)hash * index->size >> 32);
}
static inline uint32_t index_get(const Index *index, uint32_t at)
{
    return index->value != NULL ? index->value[at] : 0;
}
static inline uint32_t index_next(const Index *index, uint32_t at)
{
    return at + 1 < index->size ? at + 1 : 0;
}

/* Mix for keys: FNV-1a over octets with a final avalanche, so that the high bits can be used. */
uint32_t index_hash(const void *octets, size_t len, uint32_t seed);

#endif
