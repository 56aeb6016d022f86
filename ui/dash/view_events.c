/*
 * ui/dash/view_events.c - everything that is told, one line an event; the position moves with the selection.
 *
 * Knows:   the story.
 */
#include "ui/dash/list.h"
#include "ui/dash/views.h"

#include "ui/report.h"

#include <string.h>

typedef struct Events {
    GArray *told; /* TraceId */
    List list;
    TraceId shown; /* the position when it was drawn last */
} Events;

static void on_open(App *app, void *state)
{
    Events *events = state;
    Story *story = app_story(app);

    events->told = g_array_new(FALSE, FALSE, sizeof(TraceId));
    for (TraceId id = 1; id <= story_length(story); id++) {
        g_autofree char *words = story_narration(story, id);
        if (words[0] != '\0')
            g_array_append_val(events->told, id);
    }
}

static void on_close(App *app, void *state)
{
    g_array_unref(((Events *)state)->told);
}

static TraceId at(const Events *events, size_t i)
{
    return g_array_index(events->told, TraceId, i);
}

/* The last event that has happened at this position. */
static size_t index_of(const Events *events, TraceId position)
{
    size_t low = 0, high = events->told->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (at(events, middle) <= position)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? low - 1 : 0;
}

/* What has not happened yet is faint. */
static void draw_event(App *app, void *state, size_t i, const GridArea *row)
{
    Story *story = app_story(app);
    TraceId id = at(state, i);
    const TraceRecord *r = trace_get(story_trace(story), id);
    g_autofree char *time = report_time(r->at), *words = story_narration(story, id);
    GridStyle style = r->kind == TRACE_MOVE || r->kind == TRACE_LEARN ? GRID_BAD : GRID_PLAIN;

    if (id > app_position(app))
        style = GRID_FAINT;
    grid_printf(row, 0, 0, GRID_FAINT, "%12s", time);
    grid_put(row, 0, 13, id == app_position(app) ? GRID_NEW : GRID_FAINT, id == app_position(app) ? ">" : " ");
    grid_put(row, 0, 15, style, words);
}

static bool matches(App *app, void *state, size_t i, const char *text)
{
    g_autofree char *words = story_narration(app_story(app), at(state, i));
    return strcasestr(words, text) != NULL;
}

static ListModel model(const Events *events)
{
    return (ListModel){ .n = events->told->len, .draw = draw_event, .matches = matches };
}

static void draw(App *app, void *state, const GridArea *area)
{
    Events *events = state;
    ListModel list = model(events);
    if (events->shown != app_position(app) && events->told->len > 0) /* somebody moved in time */
        list_centre(&events->list, index_of(events, app_position(app)), area->rows);
    events->shown = app_position(app);
    list_draw(app, state, &list, &events->list, area);
}

static void go_to_selected(App *app, Events *events)
{
    if (events->told->len == 0)
        return;
    app_go(app, at(events, events->list.selected));
    events->shown = app_position(app);
}

static bool press(App *app, void *state, gunichar key)
{
    Events *events = state;
    if (!list_press(&events->list, events->told->len, key))
        return false;
    go_to_selected(app, events);
    return true;
}

static bool search(App *app, void *state, const char *text)
{
    Events *events = state;
    ListModel list = model(events);
    bool found = list_search(app, state, &list, &events->list, text);
    if (found)
        go_to_selected(app, events);
    return found;
}

static const KeyHelp keys[] = { { "Up Down", "go there" }, { NULL, NULL } };

const View view_events = { .key = '8',
                           .name = "events",
                           .title = "Events",
                           .state_size = sizeof(Events),
                           .open = on_open,
                           .close = on_close,
                           .draw = draw,
                           .press = press,
                           .search = search,
                           .keys = keys };
