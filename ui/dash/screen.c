/*
 * ui/dash/screen.c - the dashboard on a terminal.
 *
 * Source:  ui/dash/screen.h.
 * Knows:   ncurses.  The background is the terminal's own, and so is plain text: readable on light and dark ones.
 */
#define _XOPEN_SOURCE_EXTENDED 1
#include "ui/dash/screen.h"

#include "ui/dash/screen_guard.h"
#include "ui/interrupt.h"
#include "ui/output.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* ---- may it be shown ---- */

const char *screen_refusal(void)
{
    const char *type = g_getenv("TERM");
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return "it needs a terminal; presec run with --ladder or --narrate tells the same as text";
    if (type == NULL || type[0] == '\0' || strcmp(type, "dumb") == 0)
        return "a terminal of this type (TERM) cannot be drawn on; presec run --narrate tells the same as text";
    return NULL;
}

bool screen_is_ascii(void)
{
    if (setlocale(LC_CTYPE, "") == NULL)
        setlocale(LC_CTYPE, "C.UTF-8");
    return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

/* ---- styles ---- */

/* Attributes say it where there is no colour. */
static attr_t attribute_of(GridStyle style, bool colour)
{
    static const struct {
        attr_t attribute;
        short colour; /* -1: the terminal's own */
    } styles[GRID_N_STYLES] = {
        [GRID_PLAIN] = { A_NORMAL, -1 },     [GRID_TITLE] = { A_BOLD, -1 },
        [GRID_KEY] = { A_BOLD, -1 },         [GRID_FAINT] = { A_DIM, -1 },
        [GRID_NEW] = { A_BOLD, COLOR_CYAN }, [GRID_GOOD] = { A_NORMAL, COLOR_GREEN },
        [GRID_BAD] = { A_BOLD, COLOR_RED },  [GRID_DOUBT] = { A_UNDERLINE, COLOR_MAGENTA },
    };
    attr_t attribute = styles[style].attribute;
    if (colour && styles[style].colour >= 0)
        attribute |= (attr_t)COLOR_PAIR(styles[style].colour + 1);
    return attribute;
}

static bool start_colours(bool wanted)
{
    if (!wanted || !has_colors() || start_color() == ERR || use_default_colors() == ERR)
        return false;
    for (short colour = 0; colour < 8; colour++)
        init_pair((short)(colour + 1), colour, -1);
    return true;
}

/* ---- showing a grid ---- */

static void show(const Grid *grid, bool colour)
{
    int row, column;

    for (row = 0; row < grid_rows(grid); row++) {
        for (column = 0; column < grid_columns(grid); column++) {
            const GridCell *cell = grid_cell(grid, row, column);
            wchar_t text[2] = { (wchar_t)cell->character, L'\0' };
            attr_t attribute = attribute_of((GridStyle)cell->style, colour) | (cell->selected ? A_REVERSE : 0);
            cchar_t shown;
            if (cell->character == 0) /* the right half of a wide one */
                continue;
            short pair = PAIR_NUMBER(attribute);
            if (setcchar(&shown, text, attribute & ~(attr_t)A_COLOR, pair, NULL) == OK)
                mvadd_wch(row, column, &shown);
        }
    }
    grid_cursor(grid, &row, &column);
    move(row, column);
    refresh();
}

static void draw(App *app, bool colour)
{
    int rows, columns;
    getmaxyx(stdscr, rows, columns);
    g_autoptr(Grid) grid = grid_new(rows, columns, screen_is_ascii());
    app_draw(app, grid);
    show(grid, colour);
}

/* ---- keys ---- */

static gunichar key_of(int result, wint_t code)
{
    if (result != KEY_CODE_YES) {
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
    default: return 0;
    }
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
    wint_t code;

    if (poll(&input, 1, 0) > 0 && (input.revents & (POLLHUP | POLLERR)) != 0 && (input.revents & POLLIN) == 0)
        return false;
    for (int result; (result = get_wch(&code)) != ERR;) {
        gunichar key = key_of(result, code);
        if (key != 0)
            app_press(app, key);
        save(app);
    }
    return true;
}

static void wait_for_input(int ms)
{
    struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
    poll(&input, 1, ms);
}

static ExitStatus loop(App *app, bool colour)
{
    enum { IDLE_MS = 500 }; /* looks for signals and for a terminal that went away */
    gint64 before = g_get_monotonic_time();

    while (!app_wants_to_leave(app)) {
        if (interrupt_requested())
            return EXIT_INTERRUPTED;
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

ExitStatus screen_run(App *app, bool colour)
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
    bool coloured = start_colours(colour);
    ExitStatus status = loop(app, coloured);
    endwin();
    delscreen(screen);
    screen_guard_end();
    return status;
}
