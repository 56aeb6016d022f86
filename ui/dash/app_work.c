/*
 * ui/dash/app_work.c - what may take long, in slices between keys: searching.
 *
 * Source:  ui/dash/app.h.
 * Knows:   nothing of time: a slice is a number of rows, so that the same keys do the same everywhere.
 */
#include "ui/dash/app_internal.h"

enum { SLICE_ROWS = 20000 };

/* What fits one slice is done at once. */
void app_begin_work(App *app, const char *what, size_t all, bool (*slice)(App *app))
{
    app->work = (Work){ .slice = slice, .what = what, .all = all };
    if (!slice(app))
        app->work.slice = NULL;
}

/* ---- searching ---- */

static bool search_slice(App *app)
{
    void *state = app_view_state(app);
    ListModel rows = app_view(app)->rows(app, state);

    for (unsigned i = 0; i < SLICE_ROWS && app->work.done < rows.n; i++) {
        size_t at = (app->search_from + 1 + app->work.done++) % rows.n;
        if (!rows.matches(app, state, at, app->searched))
            continue;
        list_go(app, state, &rows, at);
        return false;
    }
    if (app->work.done < rows.n)
        return true;
    app_say(app, "Not found: %s", app->searched);
    return false;
}

static void search_view(App *app)
{
    const View *view = app_view(app);
    void *state = app_view_state(app);
    if (view->rows == NULL) {
        app_say(app, "There is nothing to search in this view.");
        return;
    }
    ListModel rows = view->rows(app, state);
    app->search_from = rows.list->selected;
    app_begin_work(app, "Searching", rows.n, search_slice);
}

static void on_search(App *app, void *ctx, const char *line)
{
    if (line[0] != '\0') {
        g_free(app->searched);
        app->searched = g_strdup(line);
    }
    if (app->searched == NULL)
        return;
    if (app->pages->len == 0)
        search_view(app);
    else if (!page_search(app->pages->pdata[app->pages->len - 1], app->searched))
        app_say(app, "Not found: %s", app->searched);
}

void app_ask_search(App *app)
{
    app_ask(app, app->searched != NULL ? "Search (Enter: the same again): " : "Search: ", on_search, NULL);
}
