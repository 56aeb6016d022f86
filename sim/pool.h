/*
 * sim/pool.h - memory for packets in four sizes, kept in free lists: the steady state allocates nothing.
 *
 * Knows:   octets only.
 */
#ifndef PRESEC_SIM_POOL_H
#define PRESEC_SIM_POOL_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#define POOL_CLASSES 4
/* The largest box: an IPv6 packet of 65,535 octets of payload, room before and behind it, and the keeper's own header.
 */
#define POOL_LARGEST (65536 + 1024)

typedef struct PoolBox PoolBox;
typedef struct Pool {
    PoolBox *free[POOL_CLASSES];
    GPtrArray *slabs; /* the memory the boxes are cut from */
} Pool;

void pool_init(Pool *pool);
void pool_clear(Pool *pool); /* every box is gone */
/* A box of at least @size <= POOL_LARGEST octets, 16-aligned, not zeroed; @room: out, what it holds. */
void *pool_take(Pool *pool, size_t size, size_t *room);
void pool_give(Pool *pool, void *octets); /* back to its list */

#endif
