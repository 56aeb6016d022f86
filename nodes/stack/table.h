/*
 * nodes/stack/table.h - a hash table of things that carry their own link: no allocation for an entry.
 *
 * Knows:   64-bit hashes; the callers compare the keys.  Never walked, but for clearing.
 */
#ifndef PRESEC_STACK_TABLE_H
#define PRESEC_STACK_TABLE_H

#include <stddef.h>
#include <stdint.h>

typedef struct Linked {
    struct Linked *next;
    uint64_t hash;
} Linked;

typedef struct Table {
    Linked **bucket; /* NULL while empty */
    uint32_t mask;
    uint32_t count;
} Table;

void table_add(Table *table, Linked *entry, uint64_t hash);
void table_remove(Table *table, Linked *entry);
/* The first in the bucket; go on with ->next, compare ->hash and the key. */
static inline Linked *table_first(const Table *table, uint64_t hash)
{
    return table->bucket != NULL ? table->bucket[hash & table->mask] : NULL;
}
/* Takes any entry out, for clearing; NULL when empty. */
Linked *table_take(Table *table);
void table_trim(Table *table); /* releases an empty table's memory */
uint64_t table_hash(const void *octets, size_t len, uint64_t seed);

#endif
