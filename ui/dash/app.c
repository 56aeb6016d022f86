/*
 * ui/dash/app.c - the dashboard: which view is open, which page lies over it, what a key means now.
 *
 * Source:  ui/dash/app.h.
 * Knows:   views as tables; nothing of what they show.
 */
#include "ui/dash/app_internal.h"

#include <string.h>

static unsigned n_views(void)
{
    unsigned n = 0;
    while (app_views[n] != NULL)
        n++;
    return n;
}

static void page_free(gpointer data)
{
    Page *page = data;
    g_free(page->title);
    g_free(page->text);
    g_free(page);
}

App *app_new(Story *story, bool ascii)
{
    App *app = g_new0(App, 1);

    app->story = story;
    app->ascii = ascii;
    app->speed = 2;
    app->node = g_strdup("");
    app->states = g_new0(void *, n_views());
    app->pages = g_ptr_array_new_with_free_func(page_free);
    app->line = g_string_new(NULL);
    app->breaks = g_array_new(FALSE, FALSE, sizeof(Break));
    g_array_set_clear_func(app->breaks, (GDestroyNotify)break_clear);
    return app;
}

static void come_back(App *app);

void app_free(App *app)
{
    for (unsigned i = 0; i < n_views(); i++) {
        if (app->states[i] != NULL && app_views[i]->close != NULL)
            app_views[i]->close(app, app->states[i]);
        g_free(app->states[i]);
    }
    g_free(app->states);
    if (app->inner != NULL)
        come_back(app);
    g_ptr_array_unref(app->pages);
    g_array_unref(app->breaks);
    g_string_free(app->line, TRUE);
    g_free(app->node);
    g_free(app->said);
    g_free(app->searched);
    g_free(app->save_name);
    g_free(app->save_text);
    g_free(app);
}

/* ---- views ---- */

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
    app->view = view % n_views();
    g_ptr_array_set_size(app->pages, 0);
}

void app_open_view(App *app, const char *name)
{
    for (unsigned i = 0; app_views[i] != NULL; i++)
        if (strcmp(app_views[i]->name, name) == 0)
            app_switch(app, i);
}

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
    app->came_from = app->position;
    app->position = MIN(position, story_length(app->story));
    app->clock = 0;
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

void app_enter(App *app, Visit *visit, const char *view)
{
    if (visit == NULL)
        return;
    app->visit = visit;
    app->inner = app_new(visit->story, app->ascii);
    app_open_view(app->inner, view);
    app_go(app->inner, story_length(visit->story));
}

static void come_back(App *app)
{
    g_clear_pointer(&app->inner, app_free);
    g_clear_pointer(&app->visit, visit_free);
}

bool app_wants_to_leave(const App *app)
{
    return app->leaving;
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
    Page *page = g_new0(Page, 1);
    page->title = g_strdup(title);
    page->text = g_strdup(text);
    g_ptr_array_add(app->pages, page);
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

static void close_page(App *app)
{
    g_ptr_array_set_size(app->pages, (gint)app->pages->len - 1);
}

static bool scroll_page(Page *page, gunichar key)
{
    enum { PAGE = 10 };
    switch (key) {
    case APP_KEY_UP:
    case 'k': page->top--; break;
    case APP_KEY_DOWN:
    case 'j': page->top++; break;
    case APP_KEY_PAGE_UP: page->top -= PAGE; break;
    case APP_KEY_PAGE_DOWN:
    case ' ': page->top += PAGE; break;
    case APP_KEY_HOME: page->top = 0; break;
    case APP_KEY_END: page->top = G_MAXINT / 2; break; /* drawing knows how many lines there are */
    default: return false;
    }
    page->top = MAX(page->top, 0);
    return true;
}

/* ---- search and saving ---- */

static void search_again(App *app)
{
    const View *view = app_view(app);
    if (view->search == NULL)
        app_say(app, "There is nothing to search in this view.");
    else if (!view->search(app, app_view_state(app), app->searched))
        app_say(app, "Not found: %s", app->searched);
}

static void on_search(App *app, void *ctx, const char *line)
{
    if (line[0] != '\0') {
        g_free(app->searched);
        app->searched = g_strdup(line);
    }
    if (app->searched != NULL)
        search_again(app);
}

static void ask_search(App *app)
{
    app_ask(app, "Search (Enter: the same again): ", on_search, NULL);
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
    if (key == '/') {
        ask_search(app);
        return true;
    }
    for (const AppKey *entry = app_keys; entry->key != 0; entry++) {
        if (entry->key == key && entry->act != NULL) {
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

void app_press(App *app, gunichar key)
{
    if (app->inner != NULL) {
        app_press(app->inner, key);
        if (app_wants_to_leave(app->inner))
            come_back(app);
        return;
    }
    g_clear_pointer(&app->said, g_free);
    if (app->question != NULL) {
        edit_line(app, key);
        return;
    }
    if (app->pages->len > 0) {
        Page *page = app->pages->pdata[app->pages->len - 1];
        if (key == APP_KEY_ESCAPE || key == 'q' || key == APP_KEY_ENTER || key == APP_KEY_LEFT)
            close_page(app);
        else if (!scroll_page(page, key) && !press_of_dashboard(app, key))
            app_say(app, "Esc closes this page.");
        return;
    }
    if (app_view(app)->press != NULL && app_view(app)->press(app, app_view_state(app), key))
        return;
    if (!press_of_dashboard(app, key))
        app_say(app, "No such key here; ? lists them.");
}
