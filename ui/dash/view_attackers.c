/*
 * ui/dash/view_attackers.c - each attacker: where he listens, what he did, what he knows, from which packet, by which
 *                            key.
 *
 * Knows:   the story.
 */
#include "ui/dash/list.h"
#include "ui/dash/message_page.h"
#include "ui/dash/views.h"

#include "ui/report.h"

#include <string.h>

typedef struct Attackers {
    guint which;     /* of the scenario's */
    GArray *records; /* TraceId: his moves and gains up to the position */
    TraceId shown;   /* ... which was this */
    guint shown_which;
    List list;
} Attackers;

static void on_close(App *app, void *state)
{
    g_clear_pointer(&((Attackers *)state)->records, g_array_unref);
}

static const ScenarioAttacker *attacker_of(App *app, const Attackers *view)
{
    const GPtrArray *all = story_scenario(app_story(app))->attackers;
    return all->len > 0 ? all->pdata[view->which % all->len] : NULL;
}

static bool is_his(const TraceRecord *r, const char *name)
{
    return (r->kind == TRACE_LEARN && strcmp(r->learn.attacker, name) == 0) ||
           (r->kind == TRACE_MOVE && strcmp(r->move.attacker, name) == 0);
}

static void collect(App *app, Attackers *view, const ScenarioAttacker *attacker)
{
    const Trace *trace = story_trace(app_story(app));
    if (view->records != NULL && view->shown == app_position(app) && view->shown_which == view->which)
        return;
    g_clear_pointer(&view->records, g_array_unref);
    view->records = g_array_new(FALSE, FALSE, sizeof(TraceId));
    for (TraceId id = 1; id <= app_position(app); id++)
        if (is_his(trace_get(trace, id), attacker->id))
            g_array_append_val(view->records, id);
    view->shown = app_position(app);
    view->shown_which = view->which;
    list_centre(&view->list, view->records->len > 0 ? view->records->len - 1 : 0, 0); /* the newest */
}

static const TraceRecord *record_at(App *app, const Attackers *view, size_t i)
{
    return trace_get(story_trace(app_story(app)), g_array_index(view->records, TraceId, i));
}

static void draw_gain(App *app, void *state, size_t i, const GridArea *row)
{
    const TraceRecord *r = record_at(app, state, i);
    g_autofree char *time = report_time(r->at);
    bool now = r->id == app_position(app);

    grid_printf(row, 0, 0, GRID_FAINT, "%12s", time);
    if (r->kind == TRACE_MOVE) {
        grid_printf(row, 0, 13, GRID_BAD, "! %s", r->move.text);
        return;
    }
    int at = 13 + grid_printf(row, 0, 13, now ? GRID_NEW : GRID_TITLE, "%s ", r->learn.what);
    at += grid_printf(row, 0, at, now ? GRID_NEW : GRID_PLAIN, "%s", r->learn.text);
    grid_printf(row, 0, at + 1, GRID_FAINT, "(%s; frame %" G_GUINT64_FORMAT ")", r->learn.how, r->learn.frame);
}

static bool matches(App *app, void *state, size_t i, const char *text)
{
    const TraceRecord *r = record_at(app, state, i);
    return r->kind == TRACE_LEARN ? strcasestr(r->learn.text, text) != NULL || strcasestr(r->learn.what, text) != NULL
                                  : strcasestr(r->move.text, text) != NULL;
}

static ListModel model(const Attackers *view)
{
    return (ListModel){ .n = view->records != NULL ? view->records->len : 0, .draw = draw_gain, .matches = matches };
}

static void draw(App *app, void *state, const GridArea *area)
{
    Attackers *view = state;
    const ScenarioAttacker *attacker = attacker_of(app, view);
    if (attacker == NULL) {
        grid_put(area, 0, 1, GRID_FAINT, "This scenario has no attacker.");
        return;
    }
    collect(app, view, attacker);
    g_autofree char *places = attacker->at != NULL ? g_strjoinv(" ", attacker->at) : g_strdup("nowhere");
    guint n = story_scenario(app_story(app))->attackers->len, gains = 0;
    for (guint i = 0; i < view->records->len; i++)
        gains += record_at(app, view, i)->kind == TRACE_LEARN;
    grid_printf(area, 0, 1, GRID_TITLE, "%s (%s) at %s", attacker->id, attacker->position, places);
    grid_printf(area, 1, 1, GRID_FAINT, "attacker %u of %u; %u gains, %u moves so far", view->which % n + 1, n, gains,
                view->records->len - gains);
    GridArea rows = grid_part(area, 2, 0, area->rows - 2, area->columns);
    ListModel list = model(view);
    list_draw(app, state, &list, &view->list, &rows);
}

/* The message it was read from, as it was sent. */
static void open_source(App *app, const TraceRecord *r)
{
    const TraceRecord *cause = trace_get(story_trace(app_story(app)), r->cause);
    if (cause != NULL && cause->kind == TRACE_SEND)
        message_page_show(app, cause->id);
    else
        app_say(app, "This comes from no message of the run.");
}

static bool press(App *app, void *state, gunichar key)
{
    Attackers *view = state;
    if (key == 'a') {
        view->which++;
        return true;
    }
    if (view->records == NULL)
        return false;
    if (key == APP_KEY_ENTER && view->records->len > 0) {
        open_source(app, record_at(app, view, view->list.selected));
        return true;
    }
    return list_press(&view->list, view->records->len, key);
}

static bool search(App *app, void *state, const char *text)
{
    Attackers *view = state;
    ListModel list = model(view);
    return view->records != NULL && list_search(app, state, &list, &view->list, text);
}

static const KeyHelp keys[] = {
    { "a", "another attacker" }, { "Enter", "the message it is from" }, { "g G", "gains" }, { NULL, NULL }
};

const View view_attackers = { .key = '5',
                              .name = "attackers",
                              .title = "Attackers",
                              .state_size = sizeof(Attackers),
                              .close = on_close,
                              .draw = draw,
                              .press = press,
                              .search = search,
                              .keys = keys };
