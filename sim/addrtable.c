/*
 * sim/addrtable.c - linear probing, with entries moved back on removal.
 *
 * Source:  The Art of Computer Programming, 6.4, algorithms L and R.
 * Knows:   addresses.
 */
#include "sim/addrtable.h"

#include <string.h>

static uint32_t home(const AddrTable *table, const NetAddr *addr)
{
    uint64_t prefix, interface_id;

    memcpy(&prefix, addr->octet, 8); /* the order of octets matters to nobody: the table cannot be iterated */
    memcpy(&interface_id, addr->octet + 8, 8);
    uint64_t mixed = (prefix ^ (interface_id << 31 | interface_id >> 33)) * UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ mixed >> 32 ^ interface_id) * UINT64_C(0xd6e8feb86659fd93);
    return (uint32_t)(mixed >> 32) & (table->room - 1);
}

static uint32_t find(const AddrTable *table, const NetAddr *addr)
{
    uint32_t i = home(table, addr);

    while (table->entries[i].value != NULL && !net_addr_equal(&table->entries[i].addr, addr)) {
        i = (i + 1) & (table->room - 1);
    }
    return i;
}

static void grow(AddrTable *table)
{
    AddrTable old = *table;

    table->room = MAX(old.room * 2, 8);
    table->entries = g_new0(AddrEntry, table->room);
    for (uint32_t i = 0; i < old.room; i++) {
        if (old.entries[i].value != NULL) {
            table->entries[find(table, &old.entries[i].addr)] = old.entries[i];
        }
    }
    g_free(old.entries);
}

void addrtable_clear(AddrTable *table)
{
    g_free(table->entries);
    *table = (AddrTable){ 0 };
}

void *addrtable_get(const AddrTable *table, const NetAddr *addr)
{
    return table->n == 0 ? NULL : table->entries[find(table, addr)].value;
}

void addrtable_put(AddrTable *table, const NetAddr *addr, void *value)
{
    g_assert(value != NULL);
    if (table->n >= table->room / 4 * 3) {
        grow(table);
    }
    AddrEntry *entry = &table->entries[find(table, addr)];
    if (entry->value == NULL) {
        table->n++;
    }
    *entry = (AddrEntry){ .addr = *addr, .value = value };
}

void addrtable_remove(AddrTable *table, const NetAddr *addr)
{
    if (table->n == 0) {
        return;
    }
    uint32_t mask = table->room - 1;
    uint32_t gap = find(table, addr);
    if (table->entries[gap].value == NULL) {
        return;
    }
    table->n--;
    for (uint32_t i = (gap + 1) & mask; table->entries[i].value != NULL; i = (i + 1) & mask) {
        uint32_t at_home = home(table, &table->entries[i].addr);
        if (((i - at_home) & mask) >= ((i - gap) & mask)) { /* the gap lies on its way from home */
            table->entries[gap] = table->entries[i];
            gap = i;
        }
    }
    table->entries[gap].value = NULL;
}
