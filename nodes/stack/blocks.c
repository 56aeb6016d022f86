/*
 * nodes/stack/blocks.c - free lists by size class, steps of 256 octets up to 8 KiB; larger blocks are the allocator's.
 *
 * Knows:   as blocks.h.
 */
#include "nodes/stack/blocks.h"

#include <glib.h>
#include <stdint.h>

enum { STEP = 256, CLASSES = 32 };

typedef struct Block {
    struct Block *next;
    size_t class; /* CLASSES: too large for a list */
} Block;
G_STATIC_ASSERT(sizeof(Block) == 16); /* keeps what follows aligned */

struct BlockLists {
    Block *free[CLASSES];
};

void *blocks_take(Blocks *owner, size_t size)
{
    size_t class = (size + sizeof(Block)) / STEP;
    Block *block;

    if (class >= CLASSES) {
        block = g_malloc(size + sizeof *block);
        block->class = CLASSES;
        return block + 1;
    }
    if (owner->lists == NULL)
        owner->lists = g_new0(BlockLists, 1);
    block = owner->lists->free[class];
    if (block != NULL) {
        owner->lists->free[class] = block->next;
        return block + 1;
    }
    block = g_malloc((class + 1) * STEP);
    block->class = class;
    return block + 1;
}

void blocks_give(Blocks *owner, void *what)
{
    if (what == NULL)
        return;
    Block *block = (Block *)what - 1;
    if (block->class == CLASSES || owner->lists == NULL) {
        g_free(block);
        return;
    }
    block->next = owner->lists->free[block->class];
    owner->lists->free[block->class] = block;
}

void blocks_retire(Blocks *owner, void *what)
{
    if (what == NULL)
        return;
    Block *block = (Block *)what - 1;
    block->next = owner->retired;
    owner->retired = block;
}

void blocks_flush(Blocks *owner)
{
    while (owner->retired != NULL) {
        Block *block = owner->retired;
        owner->retired = block->next;
        blocks_give(owner, block + 1);
    }
}

void blocks_trim(Blocks *owner)
{
    if (owner->lists == NULL)
        return;
    for (unsigned i = 0; i < CLASSES; i++) {
        while (owner->lists->free[i] != NULL) {
            Block *block = owner->lists->free[i];
            owner->lists->free[i] = block->next;
            g_free(block);
        }
    }
    g_clear_pointer(&owner->lists, g_free);
}
