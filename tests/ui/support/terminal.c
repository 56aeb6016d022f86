/*
 * tests/ui/support/terminal.c - a terminal with somebody before it.
 *
 * Source:  tests/ui/support/terminal.h.
 */
#include "terminal.h"

#include "vt.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>

enum { PATIENCE_MS = 30000, SLICE_MS = 20 };

struct Terminal {
    Vt *vt;
    GString *output;
    int master, news; /* -1: closed */
    pid_t shell, command;
    bool stopped, ended;
    int status;
    struct termios before;
};

/* ---- the parent that plays the shell ---- */

static void tell(int news, char what, int value)
{
    char message[1 + sizeof value] = { what };
    memcpy(message + 1, &value, sizeof value);
    if (write(news, message, sizeof message) < 0)
        _exit(125);
}

/* In a process of its own: runs the command in the foreground and says what becomes of it. */
static void play_shell(int news, char *const *argv, char *const *environment)
{
    signal(SIGTTOU, SIG_IGN); /* the shell is in the background when it gives the terminal away */
    signal(SIGHUP, SIG_IGN);
    pid_t command = fork();
    if (command == 0) {
        setpgid(0, 0);
        tcsetpgrp(STDIN_FILENO, getpid());
        signal(SIGTTOU, SIG_DFL);
        signal(SIGHUP, SIG_DFL);
        execve(argv[0], argv, environment);
        _exit(127);
    }
    tell(news, 'P', (int)command);
    for (int status; waitpid(command, &status, WUNTRACED) > 0;) {
        if (WIFSTOPPED(status)) {
            tell(news, 'T', 0);
            continue;
        }
        tell(news, 'X', WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
        _exit(0);
    }
}

Terminal *terminal_run(const char *const *argv, const char *const *environment, int rows, int columns)
{
    Terminal *terminal = g_new0(Terminal, 1);
    struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };
    int news[2], slave;

    terminal->vt = vt_new(rows, columns);
    terminal->output = g_string_new(NULL);
    g_assert_cmpint(pipe(news), ==, 0);
    g_assert_cmpint(openpty(&terminal->master, &slave, NULL, NULL, &size), ==, 0);
    g_assert_cmpint(tcgetattr(slave, &terminal->before), ==, 0);
    terminal->shell = fork();
    if (terminal->shell == 0) {
        close(terminal->master);
        close(news[0]);
        if (login_tty(slave) == 0)
            play_shell(news[1], (char *const *)argv, (char *const *)environment);
        _exit(126);
    }
    close(slave);
    close(news[1]);
    terminal->news = news[0];
    return terminal;
}

/* ---- what happens meanwhile ---- */

static void take_news(Terminal *terminal)
{
    char message[1 + sizeof(int)];
    int value;
    if (read(terminal->news, message, sizeof message) != (ssize_t)sizeof message)
        return;
    memcpy(&value, message + 1, sizeof value);
    switch (message[0]) {
    case 'P': terminal->command = value; break;
    case 'T': terminal->stopped = true; break;
    case 'X':
        terminal->ended = true;
        terminal->status = value;
        break;
    default: g_assert_not_reached();
    }
}

/* Takes what was written and what became of the command; false: nothing for a while. */
static bool look(Terminal *terminal)
{
    struct pollfd sources[] = { { .fd = terminal->master, .events = POLLIN },
                                { .fd = terminal->news, .events = POLLIN } };
    char octets[4096];

    if (poll(sources, 2, SLICE_MS) <= 0)
        return false;
    if ((sources[0].revents & POLLIN) != 0) {
        ssize_t len = read(terminal->master, octets, sizeof octets);
        if (len > 0) {
            g_string_append_len(terminal->output, octets, len);
            vt_feed(terminal->vt, octets, (size_t)len);
        }
    }
    if ((sources[1].revents & POLLIN) != 0)
        take_news(terminal);
    return (sources[0].revents & POLLIN) != 0;
}

typedef bool (*Wanted)(const Terminal *terminal, const char *text);

static void wait_until(Terminal *terminal, Wanted wanted, const char *text, const char *what)
{
    gint64 until = g_get_monotonic_time() + (gint64)PATIENCE_MS * 1000;
    while (!wanted(terminal, text)) {
        bool busy = look(terminal);
        if (g_get_monotonic_time() < until && (busy || !terminal->ended || wanted(terminal, text)))
            continue;
        g_autofree char *shown = terminal_text(terminal);
        g_error("waited for %s '%s'; the command %s; the screen is\n%s", what, text,
                terminal->ended ? "has ended" : "runs", shown);
    }
}

static bool is_shown(const Terminal *terminal, const char *text)
{
    g_autofree char *shown = terminal_text(terminal);
    return strstr(shown, text) != NULL;
}

static bool is_hidden(const Terminal *terminal, const char *text)
{
    return !is_shown(terminal, text);
}

static bool is_in_row(const Terminal *terminal, const char *text)
{
    int row, column;
    vt_cursor(terminal->vt, &row, &column);
    return row == atoi(text);
}

static bool is_stopped(const Terminal *terminal, const char *text)
{
    return terminal->stopped;
}

static bool has_ended(const Terminal *terminal, const char *text)
{
    return terminal->ended;
}

static bool has_begun(const Terminal *terminal, const char *text)
{
    return terminal->command != 0;
}

void terminal_shows(Terminal *terminal, const char *text)
{
    wait_until(terminal, is_shown, text, "the text");
}

void terminal_hides(Terminal *terminal, const char *text)
{
    wait_until(terminal, is_hidden, text, "the absence of");
}

void terminal_comes_to_row(Terminal *terminal, int row)
{
    g_autofree char *text = g_strdup_printf("%d", row);
    wait_until(terminal, is_in_row, text, "the cursor in row");
}

void terminal_stops(Terminal *terminal)
{
    wait_until(terminal, is_stopped, "", "being stopped");
    terminal->stopped = false;
    while (look(terminal))
        ;
}

int terminal_ends(Terminal *terminal)
{
    wait_until(terminal, has_ended, "", "the end");
    while (terminal->master >= 0 && look(terminal))
        ;
    return terminal->status;
}

/* ---- what the user does ---- */

void terminal_type(Terminal *terminal, const char *keys)
{
    g_assert_cmpint((int)write(terminal->master, keys, strlen(keys)), ==, (int)strlen(keys));
}

void terminal_resize(Terminal *terminal, int rows, int columns)
{
    struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };
    vt_resize(terminal->vt, rows, columns);
    g_assert_cmpint(ioctl(terminal->master, TIOCSWINSZ, &size), ==, 0);
}

void terminal_signal(Terminal *terminal, int number)
{
    wait_until(terminal, has_begun, "", "the beginning");
    g_assert_cmpint(kill(terminal->command, number), ==, 0);
}

void terminal_hang_up(Terminal *terminal)
{
    wait_until(terminal, has_begun, "", "the beginning");
    close(terminal->master);
    terminal->master = -1;
}

void terminal_free(Terminal *terminal)
{
    if (!terminal->ended && terminal->command != 0)
        kill(terminal->command, SIGKILL);
    if (terminal->master >= 0)
        close(terminal->master);
    close(terminal->news);
    waitpid(terminal->shell, NULL, 0);
    vt_free(terminal->vt);
    g_string_free(terminal->output, TRUE);
    g_free(terminal);
}

/* ---- what is seen ---- */

char *terminal_text(const Terminal *terminal)
{
    return vt_text(terminal->vt);
}

const GString *terminal_output(const Terminal *terminal)
{
    return terminal->output;
}

bool terminal_is_full_screen(const Terminal *terminal)
{
    return vt_is_alternate(terminal->vt);
}

bool terminal_cursor_is_visible(const Terminal *terminal)
{
    return vt_cursor_is_visible(terminal->vt);
}

bool terminal_is_as_before(const Terminal *terminal)
{
    struct termios now;
    return tcgetattr(terminal->master, &now) == 0 && now.c_iflag == terminal->before.c_iflag &&
           now.c_oflag == terminal->before.c_oflag && now.c_lflag == terminal->before.c_lflag &&
           memcmp(now.c_cc, terminal->before.c_cc, sizeof now.c_cc) == 0;
}
