/*
 * sim/arena.c - the blocks behind sim/arena.h.
 *
 * Knows:   octets only.
 */
#include "sim/arena.h"
#include "sim/poison.h"

#include <glib.h>

struct ArenaBlock {
    ArenaBlock *next;
    size_t size, used;
    uint8_t *octets;
};

/* The header is a multiple of the alignment, malloc aligns to 16: so are the octets behind it. */
G_STATIC_ASSERT(sizeof(ArenaBlock) % 16 == 0);

static ArenaBlock *block_new(size_t size)
{
    ArenaBlock *block = g_malloc(sizeof *block + size);

    *block = (ArenaBlock){ .size = size, .octets = (uint8_t *)(block + 1) };
    POISON(block->octets, size);
    return block;
}

static void block_list_free(ArenaBlock *block)
{
    while (block != NULL) {
        ArenaBlock *next = block->next;
        UNPOISON(block->octets, block->size);
        g_free(block);
        block = next;
    }
}

void arena_clear(Arena *arena)
{
    block_list_free(arena->blocks);
    block_list_free(arena->spare);
    *arena = (Arena){ 0 };
}

static ArenaBlock *block_take(Arena *arena, size_t size)
{
    for (ArenaBlock **at = &arena->spare; *at != NULL; at = &(*at)->next) {
        ArenaBlock *block = *at;
        if (block->size >= size) {
            *at = block->next;
            arena->kept -= block->size;
            return block;
        }
    }
    return block_new(MAX(size, ARENA_BLOCK_SIZE));
}

void *arena_alloc(Arena *arena, size_t size)
{
    size_t rounded = (MAX(size, 1) + 15) & ~(size_t)15;
    ArenaBlock *block = arena->blocks;

    if (G_UNLIKELY(block == NULL || block->size - block->used < rounded)) {
        block = block_take(arena, rounded);
        block->next = arena->blocks;
        arena->blocks = block;
    }
    uint8_t *at = block->octets + block->used;
    block->used += rounded;
    UNPOISON(at, size);
    return at;
}

void arena_reset(Arena *arena)
{
    ArenaBlock *block = arena->blocks;

    if (G_LIKELY(block != NULL && block->next == NULL && block->size <= ARENA_BLOCK_SIZE)) { /* nearly every event */
        POISON(block->octets, block->used);
        block->used = 0;
        return;
    }
    arena->blocks = NULL;
    while (block != NULL) {
        ArenaBlock *next = block->next;
        block->next = NULL;
        if (arena->kept + block->size > ARENA_KEEP_MAX) {
            block_list_free(block);
        } else {
            POISON(block->octets, block->size);
            block->used = 0;
            arena->kept += block->size;
            block->next = arena->spare;
            arena->spare = block;
        }
        block = next;
    }
}
