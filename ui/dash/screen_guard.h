/*
 * ui/dash/screen_guard.h - the terminal is given back even when the program crashes.
 *
 * Knows:   signals and the terminal's own way out of full-screen mode.
 */
#ifndef PRESEC_UI_DASH_SCREEN_GUARD_H
#define PRESEC_UI_DASH_SCREEN_GUARD_H

/* Before the terminal is changed. */
void screen_guard_begin(void);
/* When its type is known (after newterm). */
void screen_guard_arm(void);
void screen_guard_end(void);

#endif
