/*
 * sim/arena.h - memory that is given up all at once, when an event ends.
 *
 * Source:  design of lifetimes: what an event borrows is gone when it ends.
 * Knows:   octets only.  Under the address sanitizer what has been given up is poisoned.
 */
#ifndef PRESEC_SIM_ARENA_H
#define PRESEC_SIM_ARENA_H

#include <stddef.h>
#include <stdint.h>

typedef struct ArenaBlock ArenaBlock;
typedef struct Arena {
    ArenaBlock *blocks; /* the one in use, then those filled before it */
    ArenaBlock *spare;  /* kept for the next event */
    size_t kept;        /* octets in spare */
} Arena;

#define ARENA_BLOCK_SIZE ((size_t)64 * 1024)
#define ARENA_KEEP_MAX   ((size_t)4 * 1024 * 1024) /* octets kept between events */

void arena_clear(Arena *arena); /* a zeroed Arena is an empty one */
/* 16-aligned, not zeroed, never NULL. */
void *arena_alloc(Arena *arena, size_t size);
void arena_reset(Arena *arena);

#endif
