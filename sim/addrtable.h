/*
 * sim/addrtable.h - from an IPv6 address to a pointer, by open addressing.
 *
 * Knows:   addresses.  It cannot be iterated: its order reaches nothing.
 */
#ifndef PRESEC_SIM_ADDRTABLE_H
#define PRESEC_SIM_ADDRTABLE_H

#include "sim/net.h"

typedef struct AddrEntry {
    NetAddr addr;
    void *value; /* NULL: free */
} AddrEntry;

/* Zeroed is empty. */
typedef struct AddrTable {
    AddrEntry *entries; /* a power of two of them, at most 3/4 in use */
    uint32_t n, room;
} AddrTable;

void addrtable_clear(AddrTable *table);
void *addrtable_get(const AddrTable *table, const NetAddr *addr);       /* NULL: not there */
void addrtable_put(AddrTable *table, const NetAddr *addr, void *value); /* replaces */
void addrtable_remove(AddrTable *table, const NetAddr *addr);           /* harmless when not there */

#endif
