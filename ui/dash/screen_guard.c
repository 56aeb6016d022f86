/*
 * ui/dash/screen_guard.c - the terminal is given back even when the program crashes.
 *
 * Source:  ui/dash/screen_guard.h; signal-safety(7): in a handler only write(2) and tcsetattr(3) are called.
 */
#include "ui/dash/screen_guard.h"

#include <curses.h>
#include <glib.h>
#include <signal.h>
#include <stdbool.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

/* A signal handler has nowhere else to look; written before it is armed. */
static struct {
    struct termios before;
    bool has_before;
    char leave[256]; /* what leaves the full screen and shows the cursor */
    size_t len;
} guard;

static const int crashes[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGHUP, SIGQUIT };

static void on_crash(int number)
{
    if (guard.len > 0 && write(STDOUT_FILENO, guard.leave, guard.len) < 0)
        guard.len = 0; /* there is nobody to tell */
    if (guard.has_before)
        tcsetattr(STDIN_FILENO, TCSANOW, &guard.before);
    raise(number); /* SA_RESETHAND: ends the program the usual way */
}

static int keep(int octet)
{
    if (guard.len < sizeof guard.leave)
        guard.leave[guard.len++] = (char)octet;
    return octet;
}

void screen_guard_begin(void)
{
    guard.has_before = tcgetattr(STDIN_FILENO, &guard.before) == 0;
    guard.len = 0;
}

void screen_guard_arm(void)
{
    struct sigaction action = { .sa_handler = on_crash, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER) };

    sigemptyset(&action.sa_mask);
    if (cursor_normal != NULL)
        tputs(cursor_normal, 1, keep);
    if (exit_ca_mode != NULL)
        tputs(exit_ca_mode, 1, keep);
    for (size_t i = 0; i < G_N_ELEMENTS(crashes); i++)
        sigaction(crashes[i], &action, NULL);
}

void screen_guard_end(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(crashes); i++)
        signal(crashes[i], SIG_DFL);
}
