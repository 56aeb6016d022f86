/*
 * ui/interrupt.h - Ctrl-C as a question that long work asks between two steps.
 *
 * Source:  README.md: Ctrl-C stops cleanly, says what is complete, and keeps it.
 * Knows:   signals only.  The first interrupt sets a flag; a second one ends the program the usual way.
 */
#ifndef PRESEC_UI_INTERRUPT_H
#define PRESEC_UI_INTERRUPT_H

#include <stdbool.h>

/* Once, at the start of main.  Also makes a closed pipe an error of the write instead of a silent death. */
void interrupt_install(void);

/* Has the user asked to stop?  Safe from every thread. */
bool interrupt_requested(void);

#endif
