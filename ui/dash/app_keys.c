/*
 * ui/dash/app_keys.c - the keys of the dashboard, in one table: what they do, what the bar and '?' say of them.
 *
 * Source:  ui/dash/app.h.
 */
#include "ui/dash/app_internal.h"

static void step(App *app)
{
    app_step(app, true);
}
static void step_back(App *app)
{
    app_step(app, false);
}
static void next_message(App *app)
{
    app_seek(app, true, MOMENT_MESSAGE, "");
}
static void previous_message(App *app)
{
    app_seek(app, false, MOMENT_MESSAGE, "");
}
static void next_failure(App *app)
{
    app_seek(app, true, MOMENT_FAILURE, "");
}
static void previous_failure(App *app)
{
    app_seek(app, false, MOMENT_FAILURE, "");
}
static void next_flip(App *app)
{
    app_seek(app, true, MOMENT_FLIP, "");
}
static void previous_flip(App *app)
{
    app_seek(app, false, MOMENT_FLIP, "");
}
static void next_gain(App *app)
{
    app_seek(app, true, MOMENT_GAIN, "");
}
static void previous_gain(App *app)
{
    app_seek(app, false, MOMENT_GAIN, "");
}
static void next_move(App *app)
{
    app_seek(app, true, MOMENT_MOVE, "");
}
static void previous_move(App *app)
{
    app_seek(app, false, MOMENT_MOVE, "");
}
static void next_of_node(App *app)
{
    app_seek_node(app, true);
}
static void previous_of_node(App *app)
{
    app_seek_node(app, false);
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
    unsigned n = 0;
    while (app_views[n] != NULL)
        n++;
    app_switch(app, app->view + n - 1);
}
static void leave(App *app)
{
    app->leaving = true;
}

const AppKey app_keys[] = {
    { APP_KEY_RIGHT, "Right l", "one step on", true, step },
    { 'l', NULL, NULL, false, step },
    { APP_KEY_LEFT, "Left h", "one step back", true, step_back },
    { 'h', NULL, NULL, false, step_back },
    { 'm', "m", "to the next message", true, next_message },
    { 'M', "M", "to the message before", false, previous_message },
    { 'p', "p", "to where the next property flips", true, next_flip },
    { 'P', "P", "to the flip before", false, previous_flip },
    { 'g', "g", "to the next gain of an attacker", true, next_gain },
    { 'G', "G", "to the gain before", false, previous_gain },
    { 'v', "v", "to the next move of an attacker", false, next_move },
    { 'V', "V", "to the move before", false, previous_move },
    { 'f', "f", "to the next failure", false, next_failure },
    { 'F', "F", "to the failure before", false, previous_failure },
    { 'n', "n", "to the next event of the selected node", false, next_of_node },
    { 'N', "N", "to its event before", false, previous_of_node },
    { '[', "[", "to the beginning", false, to_beginning },
    { ']', "]", "to the end", false, to_end },
    { 't', "t", "to a time", false, app_ask_time },
    { 'b', "b", "set a breakpoint, or clear all", false, app_ask_break },
    { 'c', "c", "run to the next breakpoint", false, app_run_to_break },
    { ' ', "Space", "play and pause", true, app_toggle_play },
    { '+', "+", "play faster", false, faster },
    { '-', "-", "play slower", false, slower },
    { '/', "/", "search in this view", true, NULL },
    { 's', "s", "save what is shown as a text file", false, app_save },
    { APP_KEY_TAB, "Tab", "the next view; 1 to 8: a view", true, next_view },
    { APP_KEY_BACK_TAB, "Shift-Tab", "the view before", false, previous_view },
    { '?', "?", "help", true, app_show_help },
    { 'q', "q Esc", "leave", true, leave },
    { APP_KEY_ESCAPE, NULL, NULL, false, leave },
    { 0 },
};

char *app_key_bar(const App *app)
{
    GString *bar = g_string_new(NULL);

    for (const KeyHelp *key = app_view(app)->keys; key != NULL && key->keys != NULL; key++)
        g_string_append_printf(bar, "%s %s  ", key->keys, key->does);
    g_string_append(bar, "? help");
    return g_string_free(bar, FALSE);
}

static void append_key(GString *text, const char *keys, const char *does)
{
    g_string_append_printf(text, "  %-10s %s\n", keys, does);
}

void app_show_help(App *app)
{
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_printf(text, "In the view \"%s\"\n\n", app_view(app)->title);
    for (const KeyHelp *key = app_view(app)->keys; key != NULL && key->keys != NULL; key++)
        append_key(text, key->keys, key->does);
    append_key(text, "Up Down", "select; also j and k, Page Up and Down, Home, End");
    g_string_append(text, "\nMoving in time, in every view\n\n");
    for (const AppKey *key = app_keys; key->key != 0; key++)
        if (key->label != NULL)
            append_key(text, key->label, key->does);
    g_string_append(text, "\nViews\n\n");
    for (unsigned i = 0; app_views[i] != NULL; i++) {
        char digit[2] = { app_views[i]->key, '\0' };
        append_key(text, digit, app_views[i]->title);
    }
    app_show_page(app, "Keys", text->str);
}
