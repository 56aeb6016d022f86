/*
 * nodes/stack/linger.c - one list for each span and kind.
 *
 * Knows:   as linger.h.
 */
#include "nodes/stack/linger.h"

enum { LISTS = 6, LATE_PART = 64 }; /* J and K, each with the timers of the core, of the radio side, and a spare */

typedef struct LingerList {
    Sim *sim;
    SimSource source;
    SimTime span;
    LingerEnd end; /* NULL: not in use */
    Linger *first, *last;
    SimTimer timer;
} LingerList;

struct LingerLists {
    LingerList list[LISTS];
};

static LingerList *list_for(LingerLists *lists, SimTime span, LingerEnd end)
{
    for (unsigned i = 0; i < LISTS; i++)
        if (lists->list[i].end == NULL || (lists->list[i].span == span && lists->list[i].end == end))
            return &lists->list[i];
    g_assert_not_reached();
}

static void unlink_from(LingerList *list, Linger *linger)
{
    if (linger->previous != NULL)
        linger->previous->next = linger->next;
    else
        list->first = linger->next;
    if (linger->next != NULL)
        linger->next->previous = linger->previous;
    else
        list->last = linger->previous;
    *linger = (Linger){ 0 };
}

static void on_timer(Sim *sim, void *ctx, uint64_t arg)
{
    LingerList *list = ctx;
    SimTime now = sim_now(sim);

    list->timer = 0;
    while (list->first != NULL && list->first->until <= now) {
        Linger *linger = list->first;
        unlink_from(list, linger);
        list->end(linger);
    }
    if (list->first != NULL)
        list->timer =
            sim_at(sim, list->source, MAX(list->first->until, now + list->span / LATE_PART), on_timer, list, 0);
}

void linger_begin(LingerLists **lists, Sim *sim, SimSource source, Linger *linger, SimTime span, LingerEnd end)
{
    if (*lists == NULL)
        *lists = g_new0(LingerLists, 1);
    LingerList *list = list_for(*lists, span, end);
    if (list->end == NULL)
        *list = (LingerList){ .sim = sim, .source = source, .span = span, .end = end };
    *linger = (Linger){ .previous = list->last, .until = sim_now(sim) + span };
    if (list->last != NULL)
        list->last->next = linger;
    else
        list->first = linger;
    list->last = linger;
    if (list->timer == 0)
        list->timer = sim_at(sim, source, linger->until, on_timer, list, 0);
}

void linger_stop(LingerLists *lists, Linger *linger)
{
    if (linger->until == 0)
        return;
    for (unsigned i = 0; i < LISTS; i++) {
        LingerList *list = &lists->list[i];
        if (list->first == linger || list->last == linger || (linger->previous != NULL && linger->next != NULL)) {
            unlink_from(list, linger);
            return;
        }
    }
}

void linger_clear(LingerLists **lists, Sim *sim)
{
    if (*lists == NULL)
        return;
    for (unsigned i = 0; i < LISTS; i++)
        sim_cancel(sim, (*lists)->list[i].timer);
    g_clear_pointer(lists, g_free);
}
