/*
 * sim/pool.c - the free lists behind sim/pool.h.
 *
 * Knows:   octets only.  Under the address sanitizer a box in its list is poisoned.
 */
#include "sim/pool.h"
#include "sim/poison.h"

#define SLAB_SIZE ((size_t)64 * 1024)

/* In front of every box; 16 octets, so that what follows keeps the alignment of malloc. */
struct PoolBox {
    PoolBox *next;
    uint32_t class;
    uint32_t unused;
};
G_STATIC_ASSERT(sizeof(PoolBox) % 16 == 0);

/* The sizes as in the steady state of a run: signalling, SIP in UDP, a large body, the largest datagram. */
static const size_t class_size[POOL_CLASSES] = { 512, 2048, 9216, POOL_LARGEST };

void pool_init(Pool *pool)
{
    *pool = (Pool){ .slabs = g_ptr_array_new_with_free_func(g_free) };
}

void pool_clear(Pool *pool)
{
    g_ptr_array_free(pool->slabs, TRUE);
    *pool = (Pool){ 0 };
}

static void refill(Pool *pool, uint32_t class)
{
    size_t step = sizeof(PoolBox) + class_size[class];
    size_t n = MAX(SLAB_SIZE / step, 1);
    uint8_t *slab = g_malloc(n * step);

    g_ptr_array_add(pool->slabs, slab);
    for (size_t i = n; i > 0; i--) {
        PoolBox *box = (PoolBox *)(void *)(slab + (i - 1) * step);
        *box = (PoolBox){ .next = pool->free[class], .class = class };
        POISON(box + 1, class_size[class]);
        pool->free[class] = box;
    }
}

void *pool_take(Pool *pool, size_t size, size_t *room)
{
    uint32_t class = 0;

    while (class_size[class] < size) {
        class ++;
        g_assert(class < POOL_CLASSES);
    }
    if (pool->free[class] == NULL) {
        refill(pool, class);
    }
    PoolBox *box = pool->free[class];
    pool->free[class] = box->next;
    UNPOISON(box + 1, class_size[class]);
    *room = class_size[class];
    return box + 1;
}

void pool_give(Pool *pool, void *octets)
{
    PoolBox *box = (PoolBox *)octets - 1;

    box->next = pool->free[box->class];
    pool->free[box->class] = box;
    POISON(octets, class_size[box->class]);
}
