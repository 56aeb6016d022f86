/*
 * ui/dash/screen_guard.h - the terminal is given back even when the program crashes or is told to end.
 *
 * Knows:   signals and the terminal's own way out of full-screen mode.
 */
#ifndef PRESEC_UI_DASH_SCREEN_GUARD_H
#define PRESEC_UI_DASH_SCREEN_GUARD_H

#include <stdbool.h>

/* Before the terminal is changed. */
void screen_guard_begin(void);
/* When its type is known (after newterm). */
void screen_guard_arm(void);
/* Whether SIGINT or SIGTERM came; a second one gives the terminal back and ends the program at once. */
bool screen_guard_asked(void);
/* Whether SIGTSTP came, once: the caller gives the terminal back (endwin) and calls screen_guard_stop(), which returns
 * when the program goes on. */
bool screen_guard_stop_asked(void);
void screen_guard_stop(void);
void screen_guard_end(void);

#endif
