/*
 * ui/dash/screen.h - the dashboard on a terminal.
 *
 * Source:  ncurses(3).
 * Knows:   the terminal, the wall clock for playing, and nothing of what is shown.
 */
#ifndef PRESEC_UI_DASH_SCREEN_H
#define PRESEC_UI_DASH_SCREEN_H

#include "ui/dash/app.h"
#include "ui/exit.h"

/* Why a dashboard cannot be shown here, in words; NULL: it can.  Neither output nor input may be anything but a
 * terminal, and that must be able to move its cursor. */
const char *screen_refusal(void);
/* Whether characters beyond ASCII can be shown: decided by the locale, which is set here. */
bool screen_is_ascii(void);
/* Until the user leaves.  @colour: false: monochrome, for NO_COLOR.  @mouse: clicks and the wheel are taken, so that
 * the terminal's own marking of text needs its modifier key.  The terminal is given back as it was, also when the
 * program is stopped, ended by a signal, or crashes. */
ExitStatus screen_run(App *app, bool colour, bool mouse);

#endif
