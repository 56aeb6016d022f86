/*
 * tests/ui/support/terminal.h - a terminal with somebody before it: runs a command on a pseudo-terminal, types, and
 *                               reads the screen.
 *
 * Source:  ECMA-48 and what xterm adds, as far as ncurses uses it.
 * Knows:   octets.  Between the terminal and the command stands a parent that plays the shell, so that the command can
 *          be stopped and go on.
 */
#ifndef PRESEC_TESTS_UI_TERMINAL_H
#define PRESEC_TESTS_UI_TERMINAL_H

#include <glib.h>
#include <stdbool.h>
#include <termios.h>

typedef struct Terminal Terminal;

/* @argv, @environment: ended by NULL. */
Terminal *terminal_run(const char *const *argv, const char *const *environment, int rows, int columns);
void terminal_free(Terminal *terminal); /* ends the command if it still runs */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Terminal, terminal_free)

void terminal_type(Terminal *terminal, const char *keys);
void terminal_resize(Terminal *terminal, int rows, int columns);
void terminal_signal(Terminal *terminal, int number);
void terminal_hang_up(Terminal *terminal);

/* Until the text is on the screen; fails the test after some seconds, with the screen. */
void terminal_shows(Terminal *terminal, const char *text);
/* Until it is not. */
void terminal_hides(Terminal *terminal, const char *text);
/* Until the cursor is in this row, from 0. */
void terminal_comes_to_row(Terminal *terminal, int row);
/* Until the command was stopped. */
void terminal_stops(Terminal *terminal);
/* Until the command has ended: its exit status, or 128 + the signal. */
int terminal_ends(Terminal *terminal);

/* Lines without trailing blanks. */
char *terminal_text(const Terminal *terminal) G_GNUC_WARN_UNUSED_RESULT;
/* Everything that was written so far. */
const GString *terminal_output(const Terminal *terminal);
/* In the alternate screen, which gives the other back when it is left. */
bool terminal_is_full_screen(const Terminal *terminal);
bool terminal_cursor_is_visible(const Terminal *terminal);
/* Whether the line settings are those from before the command began. */
bool terminal_is_as_before(const Terminal *terminal);

#endif
