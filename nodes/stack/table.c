/*
 * nodes/stack/table.c - chained buckets; the table doubles when there are more entries than buckets.
 *
 * Knows:   as table.h.
 */
#include "nodes/stack/table.h"

#include <glib.h>

enum { SMALLEST = 8 };

static void insert(Table *table, Linked *entry)
{
    Linked **bucket = &table->bucket[entry->hash & table->mask];
    entry->next = *bucket;
    *bucket = entry;
}

/* Turns the order within a bucket round: no caller has two entries with one key. */
static void grow(Table *table)
{
    Linked **old = table->bucket;
    uint32_t old_size = old != NULL ? table->mask + 1 : 0;
    uint32_t size = old_size != 0 ? old_size * 2 : SMALLEST;

    table->bucket = g_new0(Linked *, size);
    table->mask = size - 1;
    for (uint32_t i = 0; i < old_size; i++) {
        while (old[i] != NULL) {
            Linked *entry = old[i];
            old[i] = entry->next;
            insert(table, entry);
        }
    }
    g_free(old);
}

void table_add(Table *table, Linked *entry, uint64_t hash)
{
    if (table->bucket == NULL || table->count > table->mask)
        grow(table);
    entry->hash = hash;
    insert(table, entry);
    table->count++;
}

void table_remove(Table *table, Linked *entry)
{
    Linked **at = &table->bucket[entry->hash & table->mask];
    while (*at != entry)
        at = &(*at)->next;
    *at = entry->next;
    table->count--;
}

Linked *table_take(Table *table)
{
    for (uint32_t i = 0; table->count > 0 && i <= table->mask; i++) {
        Linked *entry = table->bucket[i];
        if (entry == NULL)
            continue;
        table->bucket[i] = entry->next;
        table->count--;
        return entry;
    }
    return NULL;
}

void table_trim(Table *table)
{
    if (table->count > 0)
        return;
    g_clear_pointer(&table->bucket, g_free);
    table->mask = 0;
}

/* FNV-1a with a final mix, so that the low bits can pick a bucket. */
uint64_t table_hash(const void *octets, size_t len, uint64_t seed)
{
    const uint8_t *p = octets;
    uint64_t hash = UINT64_C(14695981039346656037) ^ seed;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ p[i]) * UINT64_C(1099511628211);
    hash ^= hash >> 33;
    hash *= UINT64_C(0xff51afd7ed558ccd);
    hash ^= hash >> 33;
    return hash;
}
