/*
 * nodes/stack/blocks.h - blocks of memory for transactions: what one gives back the next takes.
 *
 * Knows:   sizes.  In the steady state of a busy node nothing is asked of the allocator; a node that falls idle gives
 *          everything back, because there may be a million idle user agents.
 */
#ifndef PRESEC_STACK_BLOCKS_H
#define PRESEC_STACK_BLOCKS_H

#include <stddef.h>

typedef struct BlockLists BlockLists;

typedef struct Blocks {
    BlockLists *lists; /* NULL while idle */
    void *retired;     /* given back, but to stay as they are until blocks_flush() */
} Blocks;

/* At least @size octets, 16-aligned, not cleared. */
void *blocks_take(Blocks *owner, size_t size);
/* NULL is fine. */
void blocks_give(Blocks *owner, void *block);
/* The same, but somebody may look at it until blocks_flush(). */
void blocks_retire(Blocks *owner, void *block);
void blocks_flush(Blocks *owner);
/* Back to the allocator what is neither taken nor retired. */
void blocks_trim(Blocks *owner);

#endif
