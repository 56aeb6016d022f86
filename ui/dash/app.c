/*
 * ui/dash/app.c - the dashboard: which view is open, which page lies over it, what a key means now.
 *
 * Source:  ui/dash/app.h.
 * Knows:   views as tables; nothing of what they show.
 */
#include "ui/dash/app_internal.h"

#include <string.h>

enum { ROWS_AT_FIRST = 24, COLUMNS_AT_FIRST = 80, SPEED_AT_FIRST = 2 };

static void break_free(gpointer data)
{
    break_clear(data);
    g_free(data);
}

App *app_new(Story *story, bool ascii)
{
    App *app = g_new0(App, 1);

    app->story = story;
    app->ascii = ascii;
    app->speed = SPEED_AT_FIRST;
    app->rows = ROWS_AT_FIRST;
    app->columns = COLUMNS_AT_FIRST;
    app->node = g_strdup("");
    app->states = g_new0(void *, app_n_views());
    app->pages = g_ptr_array_new_with_free_func((GDestroyNotify)page_free);
    app->line = g_string_new(NULL);
    app->breaks = g_ptr_array_new_with_free_func(break_free);
    return app;
}

static void come_back(App *app)
{
    g_clear_pointer(&app->inner, app_free);
    g_clear_pointer(&app->visit, visit_free);
}

void app_free(App *app)
{
    come_back(app);
    for (unsigned i = 0; i < app_n_views(); i++) {
        if (app->states[i] != NULL && app_views[i]->close != NULL)
            app_views[i]->close(app, app->states[i]);
        g_free(app->states[i]);
    }
    g_free(app->states);
    g_ptr_array_unref(app->pages);
    g_ptr_array_unref(app->breaks);
    g_string_free(app->line, TRUE);
    g_free(app->node);
    g_free(app->said);
    g_free(app->searched);
    g_free(app->save_name);
    g_free(app->save_text);
    g_free(app);
}

/* ---- views ---- */

unsigned app_n_views(void)
{
    unsigned n = 0;
    while (app_views[n] != NULL)
        n++;
    return n;
}

const View *app_view(const App *app)
{
    return app_views[app->view];
}

void *app_view_state(App *app)
{
    const View *view = app_view(app);
    if (app->states[app->view] == NULL) {
        app->states[app->view] = g_malloc0(MAX(view->state_size, 1));
        if (view->open != NULL)
            view->open(app, app->states[app->view]);
    }
    return app->states[app->view];
}

void app_switch(App *app, unsigned view)
{
    app->view = view % app_n_views();
    g_ptr_array_set_size(app->pages, 0);
}

void app_open_view(App *app, const char *name)
{
    for (unsigned i = 0; app_views[i] != NULL; i++)
        if (strcmp(app_views[i]->name, name) == 0)
            app_switch(app, i);
}

int app_columns(const App *app)
{
    return app->columns;
}

int app_view_rows(const App *app)
{
    return app->rows - APP_HEAD_ROWS - 1 - app_words_rows(app->rows) - 1;
}

/* ---- where we are ---- */

Story *app_story(App *app)
{
    return app->story;
}

TraceId app_position(const App *app)
{
    return app->position;
}

void app_go(App *app, TraceId position)
{
    app->position = MIN(position, story_length(app->story));
    app->clock = 0;
}

bool app_is_new(const App *app, TraceId record)
{
    return record <= app->position && record > story_next_told(app->story, app->position, false);
}

const char *app_node(const App *app)
{
    return app->node;
}

void app_select_node(App *app, const char *node)
{
    char *kept = g_strdup(node);
    g_free(app->node);
    app->node = kept;
}

void app_enter(App *app, Visit *visit, const char *view, TraceId at, const char *said)
{
    app->visit = visit;
    app->inner = app_new(visit->story, app->ascii);
    app->inner->outer = app;
    app->inner->rows = app->rows;
    app->inner->columns = app->columns;
    app_open_view(app->inner, view);
    app_go(app->inner, at);
    app_say(app->inner, "%s", said);
}

void app_leave(App *app)
{
    app->leaving = true;
}

bool app_wants_to_leave(const App *app)
{
    return app->leaving;
}

bool app_is_ascii(const App *app)
{
    return app->ascii;
}

/* ---- pages, messages, questions ---- */

void app_say(App *app, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_free(app->said);
    app->said = g_strdup_vprintf(format, args);
    va_end(args);
}

void app_show_page(App *app, const char *title, const char *text)
{
    g_ptr_array_add(app->pages, page_new(title, text));
}

void app_ask(App *app, const char *question, void (*answer)(App *app, void *ctx, const char *line), void *ctx)
{
    app->question = question;
    app->answer = answer;
    app->ctx = ctx;
    g_string_truncate(app->line, 0);
}

static void edit_line(App *app, gunichar key)
{
    if (key == APP_KEY_ESCAPE) {
        app->question = NULL;
    } else if (key == APP_KEY_ENTER) {
        g_autofree char *line = g_strdup(app->line->str);
        app->question = NULL;
        app->answer(app, app->ctx, g_strstrip(line));
    } else if (key == APP_KEY_BACKSPACE) {
        const char *last = g_utf8_find_prev_char(app->line->str, app->line->str + app->line->len);
        g_string_truncate(app->line, last != NULL ? (gsize)(last - app->line->str) : 0);
    } else if (key < 0x110000 && g_unichar_isprint(key)) {
        g_string_append_unichar(app->line, key);
    }
}

void app_save(App *app)
{
    g_autoptr(Grid) grid = grid_new(app->rows, app->columns, app->ascii);
    app_draw(app, grid);
    g_free(app->save_name);
    g_free(app->save_text);
    app->save_name =
        g_strdup_printf("presec-%s-%s-%u.txt", story_scenario(app->story)->id, app_view(app)->name, app->position);
    app->save_text = grid_text(grid);
}

char *app_take_save(App *app, char **name)
{
    if (app->inner != NULL)
        return app_take_save(app->inner, name);
    *name = g_steal_pointer(&app->save_name);
    return g_steal_pointer(&app->save_text);
}

/* ---- keys ---- */

static bool press_of_dashboard(App *app, gunichar key)
{
    for (const AppKey *entry = app_keys; entry->key != 0; entry++) {
        if (entry->key == key) {
            entry->act(app);
            return true;
        }
    }
    for (unsigned i = 0; app_views[i] != NULL; i++) {
        if ((gunichar)app_views[i]->key == key) {
            app_switch(app, i);
            return true;
        }
    }
    return false;
}

/* A page goes when anything else is to be done but to look at it. */
static bool press_of_page(App *app, gunichar key)
{
    Page *page = app->pages->pdata[app->pages->len - 1];
    if (page_press(page, key) || key == '?' || key == 's' || key == '/')
        return key != '?' && key != 's' && key != '/';
    g_ptr_array_set_size(app->pages, (gint)app->pages->len - 1);
    return key == APP_KEY_ESCAPE || key == 'q' || key == APP_KEY_ENTER || key == APP_KEY_LEFT || key == 'h';
}

static bool press_of_view(App *app, gunichar key)
{
    const View *view = app_view(app);
    void *state = app_view_state(app);

    if (view->prepare != NULL)
        view->prepare(app, state);
    if (view->press != NULL && view->press(app, state, key))
        return true;
    if (view->rows == NULL)
        return false;
    ListModel rows = view->rows(app, state);
    return list_press(app, state, &rows, key);
}

static void press(App *app, gunichar key)
{
    bool working = app->work.slice != NULL;

    g_clear_pointer(&app->said, g_free);
    app->work.slice = NULL;
    if (app->question != NULL)
        edit_line(app, key);
    else if (working && key == APP_KEY_ESCAPE)
        app_say(app, "Stopped.");
    else if (app->pages->len > 0 && press_of_page(app, key))
        return;
    else if ((app->pages->len > 0 || !press_of_view(app, key)) && !press_of_dashboard(app, key))
        app_say(app, "No such key here; ? lists them.");
}

void app_press(App *app, gunichar key)
{
    if (app->inner == NULL) {
        press(app, key);
        return;
    }
    app_press(app->inner, key);
    if (app_wants_to_leave(app->inner))
        come_back(app);
}

/* ---- the mouse ---- */

/* A row is selected; the selected one is opened. */
static void click_row(App *app, int row)
{
    const View *view = app_view(app);
    void *state = app_view_state(app);
    if (view->rows == NULL)
        return;
    ListModel rows = view->rows(app, state);
    const List *list = rows.list;
    if (row < list->row || row >= list->row + list->page || list->top + (size_t)(row - list->row) >= rows.n)
        return;
    size_t at = list->top + (size_t)(row - list->row);
    if (at == list->selected)
        press(app, APP_KEY_ENTER);
    else
        list_go(app, state, &rows, at);
}

void app_click(App *app, int row, int column)
{
    if (app->inner != NULL) {
        app_click(app->inner, row, column);
        return;
    }
    int tab = row == 1 ? app_tab_at(app, column) : -1;
    if (tab >= 0)
        app_switch(app, (unsigned)tab);
    else if (app->pages->len == 0 && app->question == NULL)
        click_row(app, row);
}
