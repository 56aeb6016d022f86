/*
 * ui/dash/screen_guard.c - the terminal is given back even when the program crashes.
 *
 * Source:  ui/dash/screen_guard.h; signal-safety(7): in a handler only write(2) and tcsetattr(3) are called.
 */
#include "ui/dash/screen_guard.h"

#include <curses.h>
#include <glib.h>
#include <signal.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

enum { LEAVE_MAX = 256, SIGNALS_MAX = 16 };

/* What a terminal that reports the mouse is told to end it; harmless to others that got so far. */
#define MOUSE_OFF "\033[?1000l\033[?1006l"

/* A signal handler has nowhere else to look; written before it is armed. */
static struct {
    struct termios before;
    bool has_before;
    char leave[LEAVE_MAX]; /* what leaves the full screen and shows the cursor */
    size_t len;
    volatile sig_atomic_t asked, stop_asked;
    struct sigaction handlers[SIGNALS_MAX]; /* that were there before */
} guard;

static const int crashes[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGHUP, SIGQUIT };
static const int requests[] = { SIGINT, SIGTERM };
static const int stops[] = { SIGTSTP };

static void give_back(void)
{
    if (guard.len > 0 && write(STDOUT_FILENO, guard.leave, guard.len) < 0)
        guard.len = 0; /* there is nobody to tell */
    if (guard.has_before)
        tcsetattr(STDIN_FILENO, TCSANOW, &guard.before);
}

static void on_crash(int number)
{
    give_back();
    raise(number); /* SA_RESETHAND: ends the program the usual way */
}

static void on_request(int number)
{
    if (guard.asked) {
        give_back();
        signal(number, SIG_DFL);
        raise(number);
    }
    guard.asked = 1;
}

static void on_stop(int number)
{
    guard.stop_asked = 1;
}

bool screen_guard_asked(void)
{
    return guard.asked != 0;
}

bool screen_guard_stop_asked(void)
{
    bool asked = guard.stop_asked != 0;
    guard.stop_asked = 0;
    return asked;
}

/* The curses' own handler draws in the middle of whatever it interrupts; this one waits for the loop. */
void screen_guard_stop(void)
{
    struct sigaction stop = { .sa_handler = SIG_DFL }, before;
    sigemptyset(&stop.sa_mask);
    sigaction(SIGTSTP, &stop, &before);
    raise(SIGTSTP); /* returns with SIGCONT */
    sigaction(SIGTSTP, &before, NULL);
}

/* ---- setting it up ---- */

static int keep(int octet)
{
    if (guard.len < sizeof guard.leave)
        guard.leave[guard.len++] = (char)octet;
    return octet;
}

static void keep_text(const char *text)
{
    while (*text != '\0')
        keep(*text++);
}

void screen_guard_begin(void)
{
    guard.has_before = tcgetattr(STDIN_FILENO, &guard.before) == 0;
    guard.len = 0;
    guard.asked = 0;
    guard.stop_asked = 0;
}

static void handle(const int *signals, size_t n, void (*handler)(int), int flags, struct sigaction *before)
{
    struct sigaction action = { .sa_handler = handler, .sa_flags = flags };
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < n; i++)
        sigaction(signals[i], &action, &before[i]);
}

void screen_guard_arm(void)
{
    G_STATIC_ASSERT(G_N_ELEMENTS(crashes) + G_N_ELEMENTS(requests) + G_N_ELEMENTS(stops) <= SIGNALS_MAX);
    struct sigaction *before = guard.handlers;
    keep_text(MOUSE_OFF);
    if (cursor_normal != NULL)
        tputs(cursor_normal, 1, keep);
    if (exit_ca_mode != NULL)
        tputs(exit_ca_mode, 1, keep);
    handle(crashes, G_N_ELEMENTS(crashes), on_crash, (int)(SA_RESETHAND | SA_NODEFER), before);
    before += G_N_ELEMENTS(crashes);
    handle(requests, G_N_ELEMENTS(requests), on_request, SA_NODEFER, before);
    before += G_N_ELEMENTS(requests);
    handle(stops, G_N_ELEMENTS(stops), on_stop, 0, before);
}

static struct sigaction *put_back(const int *signals, size_t n, struct sigaction *before)
{
    for (size_t i = 0; i < n; i++)
        sigaction(signals[i], &before[i], NULL);
    return before + n;
}

void screen_guard_end(void)
{
    struct sigaction *before = put_back(crashes, G_N_ELEMENTS(crashes), guard.handlers);
    before = put_back(requests, G_N_ELEMENTS(requests), before);
    put_back(stops, G_N_ELEMENTS(stops), before);
}
