/*
 * nodes/stack/linger.h - transactions that are over but stay a while to absorb what is repeated: timers J and K.
 *
 * Source:  RFC 3261 §17.1.2.2 (K), §17.2.2 (J).
 * Knows:   spans.  All that stay equally long leave in the order they came, so one timer serves for a whole list, and
 *          the event queue does not fill with what nobody will ever hear of.
 */
#ifndef PRESEC_STACK_LINGER_H
#define PRESEC_STACK_LINGER_H

#include "sim/sim.h"

/* A member of what lingers; zero when it does not. */
typedef struct Linger {
    struct Linger *previous, *next;
    SimTime until; /* 0: not in a list */
} Linger;

typedef void (*LingerEnd)(Linger *linger); /* has left the list already */

typedef struct LingerLists LingerLists; /* NULL while nobody lingers */

/* From now on for @span, or up to a 64th longer: leaving late harms nobody, and spares a timer for each. */
void linger_begin(LingerLists **lists, Sim *sim, SimSource source, Linger *linger, SimTime span, LingerEnd end);
void linger_stop(LingerLists *lists, Linger *linger); /* harmless when it does not linger */
void linger_clear(LingerLists **lists, Sim *sim);     /* cancels the timers; nobody lingers any more */

#endif
