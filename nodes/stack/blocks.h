/*
 * nodes/stack/blocks.h - blocks of memory for transactions: what one gives back the next takes, whichever node it is.
 *
 * Knows:   sizes.  In the steady state nothing is asked of the allocator, and an idle node keeps nothing, because there
 *          may be a million idle user agents.
 */
#ifndef PRESEC_STACK_BLOCKS_H
#define PRESEC_STACK_BLOCKS_H

#include "sim/sim.h"

typedef struct BlockLists BlockLists;

typedef struct Blocks {
    BlockLists *lists; /* the run's */
    void *retired;     /* given back, but to stay as they are until blocks_flush() */
} Blocks;

void blocks_init(Blocks *owner, Sim *sim);
/* At least @size octets, 16-aligned, not cleared. */
void *blocks_take(Blocks *owner, size_t size);
/* NULL is fine. */
void blocks_give(Blocks *owner, void *block);
/* The same, but somebody may look at it until blocks_flush(). */
void blocks_retire(Blocks *owner, void *block);
void blocks_flush(Blocks *owner);

#endif
