/*
 * ui/dash/app_keys.c - the keys of the dashboard, in one table: what they do, what the bar and '?' say of them.
 *
 * Source:  ui/dash/app.h.
 */
#include "ui/dash/app_internal.h"

#include <string.h>

/* ---- what they do ---- */

static void step(App *app)
{
    app_step(app, true);
}
static void step_back(App *app)
{
    app_step(app, false);
}
static void record(App *app)
{
    app_record(app, true);
}
static void record_back(App *app)
{
    app_record(app, false);
}
static void next_message(App *app)
{
    app_seek(app, true, MOMENT_MESSAGE);
}
static void previous_message(App *app)
{
    app_seek(app, false, MOMENT_MESSAGE);
}
static void next_failure(App *app)
{
    app_seek(app, true, MOMENT_FAILURE);
}
static void previous_failure(App *app)
{
    app_seek(app, false, MOMENT_FAILURE);
}
static void next_flip(App *app)
{
    app_seek(app, true, MOMENT_FLIP);
}
static void previous_flip(App *app)
{
    app_seek(app, false, MOMENT_FLIP);
}
static void next_gain(App *app)
{
    app_seek(app, true, MOMENT_GAIN);
}
static void previous_gain(App *app)
{
    app_seek(app, false, MOMENT_GAIN);
}
static void next_move(App *app)
{
    app_seek(app, true, MOMENT_MOVE);
}
static void previous_move(App *app)
{
    app_seek(app, false, MOMENT_MOVE);
}
static void next_of_node(App *app)
{
    app_seek_node(app, true);
}
static void previous_of_node(App *app)
{
    app_seek_node(app, false);
}
static void next_break(App *app)
{
    app_seek_break(app, true);
}
static void previous_break(App *app)
{
    app_seek_break(app, false);
}
static void faster(App *app)
{
    app_change_speed(app, 1);
}
static void slower(App *app)
{
    app_change_speed(app, -1);
}
static void to_beginning(App *app)
{
    app_go(app, 0);
}
static void to_end(App *app)
{
    app_go(app, story_length(app->story));
}
static void next_view(App *app)
{
    app_switch(app, app->view + 1);
}
static void previous_view(App *app)
{
    app_switch(app, app->view + app_n_views() - 1);
}

/* Back to where this run was entered from; the first run is not left by a key meant for a page. */
static void back(App *app)
{
    if (app->outer != NULL)
        app_leave(app);
    else
        app_say(app, "q leaves the dashboard.");
}

/* ---- the table ---- */

const AppKey app_keys[] = {
    { APP_KEY_RIGHT, "Right l", "one step on", "step", step },
    { 'l', NULL, NULL, NULL, step },
    { APP_KEY_LEFT, "Left h", "one step back", NULL, step_back },
    { 'h', NULL, NULL, NULL, step_back },
    { '.', ".", "one record on, packets included", NULL, record },
    { ',', ",", "one record back", NULL, record_back },
    { ' ', "Space", "play and pause", "play", app_toggle_play },
    { '+', "+ -", "play faster, slower", NULL, faster },
    { '-', NULL, NULL, NULL, slower },
    { 'p', "p P", "to where a property flips next, flipped last", "flip", next_flip },
    { 'P', NULL, NULL, NULL, previous_flip },
    { 'm', "m M", "to the next message, the last", "message", next_message },
    { 'M', NULL, NULL, NULL, previous_message },
    { 'g', "g G", "to the next gain of an attacker, the last", "gain", next_gain },
    { 'G', NULL, NULL, NULL, previous_gain },
    { 'v', "v V", "to the next move of an attacker, the last", NULL, next_move },
    { 'V', NULL, NULL, NULL, previous_move },
    { 'f', "f F", "to the next failure, the last", "failure", next_failure },
    { 'F', NULL, NULL, NULL, previous_failure },
    { 'n', "n N", "to the next event of the selected node, the last", NULL, next_of_node },
    { 'N', NULL, NULL, NULL, previous_of_node },
    { '[', "[ ]", "to the beginning, to the end", NULL, to_beginning },
    { ']', NULL, NULL, NULL, to_end },
    { 't', "t", "to a time, or to a record: 12.5, #300", "time", app_ask_time },
    { 'b', "b", "set a breakpoint, or clear them all", NULL, app_ask_break },
    { 'c', "c C", "run to the next breakpoint, back to the last", NULL, next_break },
    { 'C', NULL, NULL, NULL, previous_break },
    { '/', "/", "search in this view or page", "search", app_ask_search },
    { 's', "s", "save what is shown as a text file", NULL, app_save },
    { APP_KEY_TAB, "Tab", "the next view; Shift-Tab: the last", "view", next_view },
    { APP_KEY_BACK_TAB, NULL, NULL, NULL, previous_view },
    { '?', "?", "this help", NULL, app_show_help },
    { APP_KEY_ESCAPE, "Esc", "back: from a page, from a run that was entered", NULL, back },
    { 'q', "q", "the same, and from the first run out", NULL, app_leave },
    { 0 },
};

/* ---- the bar ---- */

enum { KEY_GAP = 2 };

/* Columns used; 0: there is no room. */
static int put_key(const GridArea *area, int column, const char *keys, const char *does)
{
    int width = (int)(g_utf8_strlen(keys, -1) + 1 + g_utf8_strlen(does, -1));
    if (column + width > area->columns)
        return 0;
    int at = column + grid_put(area, 0, column, GRID_KEY, keys) + 1;
    grid_put(area, 0, at, GRID_FAINT, does);
    return width + KEY_GAP;
}

static const KeyHelp page_keys[] = {
    { "Up Down", "scroll" }, { "Tab", "next heading" }, { "/", "search" }, { "Esc", "close" }, { NULL, NULL }
};

/* The view's keys, then as many of the dashboard's as fit; help is always among them. */
void app_draw_bar(const App *app, const GridArea *area)
{
    static const KeyHelp help = { "?", "help" };
    bool page = app->pages->len > 0;
    int room = area->columns - (int)strlen(help.keys) - (int)strlen(help.does) - 2, column = 1;
    GridArea left = grid_part(area, 0, 0, 1, room - KEY_GAP), right = grid_part(area, 0, room, 1, area->columns - room);

    put_key(&right, 0, help.keys, help.does);
    for (const KeyHelp *key = page ? page_keys : app_view(app)->keys; key != NULL && key->keys != NULL; key++)
        column += put_key(&left, column, key->keys, key->does);
    for (const AppKey *key = app_keys; !page && key->key != 0; key++) {
        g_autofree char *first = key->bar != NULL ? g_strndup(key->label, strcspn(key->label, " ")) : NULL;
        if (first != NULL)
            column += put_key(&left, column, first, key->bar);
    }
}

/* ---- help ---- */

static void append_key(GString *text, const char *keys, const char *does)
{
    g_string_append_printf(text, "  %-10s %s\n", keys, does);
}

static void append_breaks(GString *text, const App *app)
{
    g_string_append(text, "\n# Breakpoints\n\n");
    for (guint i = 0; i < app->breaks->len; i++) {
        g_autofree char *words = break_text(app->breaks->pdata[i]);
        g_string_append_printf(text, "  %s\n", words);
    }
    if (app->breaks->len == 0)
        g_string_append(text, "  none; b sets one: NOTIFY, 401, node:pcscf, learns:keys, flips:P2, text:refuses\n");
}

static void append_legend(GString *text, const App *app)
{
    static const struct {
        GridLine line;
        const char *means;
    } marks[] = { { LINE_HERE, "where you are" },
                  { LINE_FLIP, "the verdict on a property flips" },
                  { LINE_MOVE, "an attacker acts" } };
    g_string_append(text, "\n# The line under the view\n\n");
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        char mark[8] = "";
        g_unichar_to_utf8(grid_line_character(marks[i].line, app->ascii), mark);
        append_key(text, mark, marks[i].means);
    }
}

void app_show_help(App *app)
{
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_printf(text, "# In the view \"%s\"\n\n", app_view(app)->title);
    for (const KeyHelp *key = app_view(app)->keys; key != NULL && key->keys != NULL; key++)
        append_key(text, key->keys, key->does);
    if (app_view(app)->rows != NULL)
        append_key(text, "Up Down", "select; also j and k, Page Up and Down, Home, End");
    g_string_append(text, "\n# In every view\n\n");
    for (const AppKey *key = app_keys; key->key != 0; key++)
        if (key->label != NULL)
            append_key(text, key->label, key->does);
    g_string_append(text, "\n# Views\n\n");
    for (unsigned i = 0; app_views[i] != NULL; i++) {
        char digit[2] = { app_views[i]->key, '\0' };
        append_key(text, digit, app_views[i]->title);
    }
    append_breaks(text, app);
    append_legend(text, app);
    app_show_page(app, "Keys", text->str);
}
