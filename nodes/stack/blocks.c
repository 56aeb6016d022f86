/*
 * nodes/stack/blocks.c - free lists by size class, steps of 128 octets up to 8 KiB; larger blocks are the allocator's.
 *
 * Knows:   as blocks.h.
 */
#include "nodes/stack/blocks.h"

#include "sim/poison.h"

enum { STEP = 128, CLASSES = 64 };
#define KEEP_MAX ((size_t)1024 * 1024) /* octets kept when no block of the run is in use */

typedef struct Block {
    struct Block *next;
    size_t class; /* CLASSES: too large for a list */
} Block;
G_STATIC_ASSERT(sizeof(Block) == 16); /* keeps what follows aligned */

struct BlockLists {
    Block *free[CLASSES];
    size_t n_taken, kept; /* blocks with a class; octets in the lists */
};

static const char kind = 0; /* its address names the lists of a run */

static void clear_lists(void *what)
{
    BlockLists *lists = what;
    for (unsigned i = 0; i < CLASSES; i++) {
        while (lists->free[i] != NULL) {
            Block *block = lists->free[i];
            lists->free[i] = block->next;
            g_free(block);
        }
    }
    lists->kept = 0;
}

void blocks_init(Blocks *owner, Sim *sim)
{
    *owner = (Blocks){ .lists = sim_common(sim, &kind, sizeof(BlockLists), clear_lists) };
}

static size_t class_octets(size_t class)
{
    return (class + 1) * STEP;
}

void *blocks_take(Blocks *owner, size_t size)
{
    BlockLists *lists = owner->lists;
    size_t class = (size + sizeof(Block) - 1) / STEP;
    Block *block;

    if (class >= CLASSES) {
        block = g_malloc(size + sizeof *block);
        block->class = CLASSES;
        return block + 1;
    }
    lists->n_taken++;
    block = lists->free[class];
    if (block != NULL) {
        lists->free[class] = block->next;
        lists->kept -= class_octets(class);
        UNPOISON(block + 1, class_octets(class) - sizeof *block);
        return block + 1;
    }
    block = g_malloc(class_octets(class));
    block->class = class;
    return block + 1;
}

void blocks_give(Blocks *owner, void *what)
{
    BlockLists *lists = owner->lists;

    if (what == NULL)
        return;
    Block *block = (Block *)what - 1;
    if (block->class == CLASSES) {
        g_free(block);
        return;
    }
    block->next = lists->free[block->class];
    lists->free[block->class] = block;
    lists->kept += class_octets(block->class);
    POISON(what, class_octets(block->class) - sizeof *block);
    if (--lists->n_taken == 0 && lists->kept > KEEP_MAX)
        clear_lists(lists);
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
