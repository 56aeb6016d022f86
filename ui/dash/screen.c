/*
 * ui/dash/screen.c - the dashboard on a terminal.
 *
 * Source:  ui/dash/screen.h.
 * Knows:   ncurses.  The background is the terminal's own, and so is plain text: readable on light and dark ones.
 */
#define _XOPEN_SOURCE_EXTENDED 1
#include "ui/dash/screen.h"

#include "ui/dash/screen_guard.h"
#include "ui/dash/screen_type.h"
#include "ui/interrupt.h"
#include "ui/output.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* ---- may it be shown ---- */

const char *screen_refusal(void)
{
    const char *type = g_getenv("TERM");
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return "it needs a terminal; presec run with --ladder or --narrate tells the same as text";
    if (type == NULL || type[0] == '\0' || strcmp(type, "dumb") == 0 || !screen_type_is_known(type))
        return "a terminal of this type (TERM) cannot be drawn on; presec run --narrate tells the same as text";
    return NULL;
}

/* Who says nothing about his locale most likely has a terminal of today. */
static bool says_locale(void)
{
    static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };
    for (size_t i = 0; i < G_N_ELEMENTS(variables); i++) {
        const char *value = g_getenv(variables[i]);
        if (value != NULL && value[0] != '\0')
            return true;
    }
    return false;
}

bool screen_is_ascii(void)
{
    if (setlocale(LC_CTYPE, says_locale() ? "" : "C.UTF-8") == NULL)
        setlocale(LC_CTYPE, "C.UTF-8");
    return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

/* ---- styles ---- */

/* Attributes say it where there is no colour.  Of 256 colours those are taken that stand out on white and on black. */
static const struct {
    attr_t attribute;
    short basic, fine; /* -1: the terminal's own */
} styles[GRID_N_STYLES] = {
    [GRID_PLAIN] = { A_NORMAL, -1, -1 },     [GRID_TITLE] = { A_BOLD, -1, -1 },
    [GRID_KEY] = { A_BOLD, -1, -1 },         [GRID_FAINT] = { A_DIM, -1, -1 },
    [GRID_NEW] = { A_BOLD, COLOR_CYAN, 31 }, [GRID_GOOD] = { A_NORMAL, COLOR_GREEN, 28 },
    [GRID_BAD] = { A_BOLD, COLOR_RED, 160 }, [GRID_DOUBT] = { A_UNDERLINE, COLOR_MAGENTA, 133 },
};

static bool start_colours(bool wanted)
{
    if (!wanted || !has_colors() || start_color() == ERR || use_default_colors() == ERR)
        return false;
    for (short style = 0; style < GRID_N_STYLES; style++)
        init_pair((short)(style + 1), COLORS >= 256 ? styles[style].fine : styles[style].basic, -1);
    return true;
}

/* ---- showing a grid ---- */

static void show_cell(const GridCell *cell, int row, int column, bool colour)
{
    wchar_t text[2] = { (wchar_t)cell->character, L'\0' };
    attr_t attribute = styles[cell->style].attribute | (cell->selected ? A_REVERSE : 0);
    cchar_t shown;
    if (cell->character != 0 && /* not the right half of a wide one */
        setcchar(&shown, text, attribute, colour ? (short)(cell->style + 1) : 0, NULL) == OK)
        mvadd_wch(row, column, &shown);
}

/* The curses ignore SIGTSTP while they write; blocked, it waits. */
static void put_out(void)
{
    sigset_t stop, before;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    sigprocmask(SIG_BLOCK, &stop, &before);
    refresh();
    sigprocmask(SIG_SETMASK, &before, NULL);
}

static void show(const Grid *grid, bool colour)
{
    int row, column;

    for (row = 0; row < grid_rows(grid); row++)
        for (column = 0; column < grid_columns(grid); column++)
            show_cell(grid_cell(grid, row, column), row, column, colour);
    grid_cursor(grid, &row, &column);
    move(row, column);
    put_out();
}

static void draw(App *app, bool colour)
{
    int rows, columns;
    getmaxyx(stdscr, rows, columns);
    g_autoptr(Grid) grid = grid_new(rows, columns, app_is_ascii(app));
    app_draw(app, grid);
    show(grid, colour);
}

/* ---- keys ---- */

enum { CTRL_L = 12 };

static gunichar key_of_character(wint_t code)
{
    switch (code) {
    case L'\r':
    case L'\n': return APP_KEY_ENTER;
    case 27: return APP_KEY_ESCAPE;
    case L'\t': return APP_KEY_TAB;
    case 8:
    case 127: return APP_KEY_BACKSPACE;
    default: return (gunichar)code;
    }
}

static gunichar key_of_function(wint_t code)
{
    switch (code) {
    case KEY_UP: return APP_KEY_UP;
    case KEY_DOWN: return APP_KEY_DOWN;
    case KEY_LEFT: return APP_KEY_LEFT;
    case KEY_RIGHT: return APP_KEY_RIGHT;
    case KEY_PPAGE: return APP_KEY_PAGE_UP;
    case KEY_NPAGE: return APP_KEY_PAGE_DOWN;
    case KEY_HOME: return APP_KEY_HOME;
    case KEY_END: return APP_KEY_END;
    case KEY_ENTER: return APP_KEY_ENTER;
    case KEY_BTAB: return APP_KEY_BACK_TAB;
    case KEY_BACKSPACE: return APP_KEY_BACKSPACE;
    default: return 0; /* KEY_RESIZE too: drawing asks for the size */
    }
}

static void take_mouse(App *app)
{
    enum { WHEEL_ROWS = 3 };
    MEVENT event;
    if (getmouse(&event) != OK)
        return;
    for (int i = 0; i < WHEEL_ROWS && (event.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED)) != 0; i++)
        app_press(app, (event.bstate & BUTTON4_PRESSED) != 0 ? APP_KEY_UP : APP_KEY_DOWN);
    if ((event.bstate & (BUTTON1_CLICKED | BUTTON1_PRESSED)) != 0)
        app_click(app, event.y, event.x);
}

static void take_key(App *app, int result, wint_t code)
{
    if (result != KEY_CODE_YES && code == CTRL_L)
        clearok(curscr, TRUE);
    else if (result == KEY_CODE_YES && code == KEY_MOUSE)
        take_mouse(app);
    else if (result != KEY_CODE_YES)
        app_press(app, key_of_character(code));
    else if (key_of_function(code) != 0)
        app_press(app, key_of_function(code));
}

static void save(App *app)
{
    g_autofree char *name = NULL, *text = app_take_save(app, &name);
    if (text == NULL)
        return;
    g_autoptr(GError) error = NULL;
    if (g_file_set_contents(name, text, -1, &error))
        app_say(app, "Saved as %s", name);
    else
        app_say(app, "Not saved: %s", error->message);
}

/* Everything that was typed; false: nobody is there any more. */
static bool take_keys(App *app)
{
    struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
    bool gone = poll(&input, 1, 0) > 0 && (input.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
    wint_t code;

    for (int result; (result = get_wch(&code)) != ERR && !app_wants_to_leave(app); gone = false) {
        take_key(app, result, code);
        save(app);
    }
    return !gone;
}

static void wait_for_input(int ms)
{
    struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
    poll(&input, 1, ms);
}

/* Ctrl-Z: the terminal is the shell's until we go on; it may have changed its size meanwhile. */
static void stop(void)
{
    def_prog_mode();
    endwin();
    screen_guard_stop();
    reset_prog_mode();
    clearok(curscr, TRUE);
    put_out();
}

static ExitStatus loop(App *app, bool colour)
{
    enum { IDLE_MS = 500 }; /* looks for signals and for a terminal that went away */
    gint64 before = g_get_monotonic_time();

    while (!app_wants_to_leave(app)) {
        if (screen_guard_asked() || interrupt_requested())
            return EXIT_INTERRUPTED;
        if (screen_guard_stop_asked()) {
            stop();
            before = g_get_monotonic_time();
        }
        gint64 now = g_get_monotonic_time();
        int next = app_tick(app, (unsigned)((now - before) / 1000));
        before = now;
        draw(app, colour);
        wait_for_input(next >= 0 ? next : IDLE_MS);
        if (next < 0)
            before = g_get_monotonic_time(); /* waiting is not playing */
        if (!take_keys(app))
            return EXIT_IO;
    }
    return EXIT_DONE;
}

ExitStatus screen_run(App *app, bool colour, bool mouse)
{
    screen_guard_begin();
    SCREEN *screen = newterm(NULL, stdout, stdin);
    if (screen == NULL) {
        output_message("dash: a terminal of type %s is not known here", g_getenv("TERM"));
        return EXIT_USAGE;
    }
    screen_guard_arm();
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    set_escdelay(25);
    if (mouse) {
        mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
        mouseinterval(0);
    }
    bool coloured = start_colours(colour);
    ExitStatus status = loop(app, coloured);
    endwin();
    delscreen(screen);
    screen_guard_end();
    return status;
}
