/*
 * ui/dash/view_events.c - everything that has words, one line an event; the position moves with the selection.
 *
 * Knows:   the story.
 */
#include "ui/dash/list.h"
#include "ui/dash/message_page.h"
#include "ui/dash/records.h"
#include "ui/dash/views.h"

#include "ui/report.h"

#include <string.h>

enum { TIME_WIDTH = 11, MARK_AT = 12, WORDS_AT = 14 };

typedef struct Events {
    List list;
    TraceId shown; /* the position that the list was brought to, + 1 */
} Events;

static TraceId at(App *app, size_t i)
{
    return positions_get(story_told(app_story(app)), (guint)i);
}

/* What a line is of, told without colour; see ladder_marks. */
static char mark_of(const TraceRecord *r)
{
    switch (r->kind) {
    case TRACE_MOVE: return '!';
    case TRACE_LEARN: return '>';
    case TRACE_DROP: return 'x';
    case TRACE_DECISION: return '*';
    case TRACE_OUTCOME:
    case TRACE_DISPLAY: return '=';
    case TRACE_CIPHER:
    case TRACE_SA:
    case TRACE_TLS:
    case TRACE_REGISTRATION:
    case TRACE_SUBSCRIPTION:
    case TRACE_PUBLICATION: return '~';
    case TRACE_SEND:
    case TRACE_RECEIVE:
    case TRACE_FRAME:
    case TRACE_N_KINDS: break;
    }
    return ' ';
}

static GridStyle style_of(App *app, const TraceRecord *r)
{
    if (r->id > app_position(app)) /* has not happened yet */
        return GRID_FAINT;
    if (r->id == app_position(app))
        return GRID_NEW;
    if (r->kind == TRACE_DROP)
        return GRID_DOUBT;
    return r->kind == TRACE_MOVE || r->kind == TRACE_LEARN || r->origin != 0 ? GRID_BAD : GRID_PLAIN;
}

static void draw_event(App *app, void *state, size_t i, const GridArea *row)
{
    Story *story = app_story(app);
    const TraceRecord *r = trace_get(story_trace(story), at(app, i));
    g_autofree char *time = report_time(r->at), *words = story_narration(story, r->id);
    GridStyle style = style_of(app, r);

    grid_printf(row, 0, 0, GRID_FAINT, "%*s", TIME_WIDTH, time);
    grid_printf(row, 0, MARK_AT, style, "%c", mark_of(r));
    grid_put(row, 0, WORDS_AT, style, words);
}

static bool matches(App *app, void *state, size_t i, const char *text)
{
    g_autofree char *words = story_narration(app_story(app), at(app, i));
    return strcasestr(words, text) != NULL;
}

static void chosen(App *app, void *state, size_t i)
{
    app_go(app, at(app, i));
    ((Events *)state)->shown = app_position(app) + 1;
}

static ListModel rows(App *app, void *state)
{
    return (ListModel){ .list = &((Events *)state)->list,
                        .n = story_told(app_story(app))->len,
                        .empty = "Nothing happens in this run.",
                        .draw = draw_event,
                        .matches = matches,
                        .chosen = chosen };
}

/* Somebody moved in time: the last event that has happened is in the middle. */
static void prepare(App *app, void *state)
{
    Events *events = state;
    guint happened = positions_until(story_told(app_story(app)), app_position(app));

    if (events->shown == app_position(app) + 1)
        return;
    list_centre(&events->list, happened > 0 ? happened - 1 : 0, app_view_rows(app));
    events->shown = app_position(app) + 1;
}

static void draw(App *app, void *state, const GridArea *area)
{
    ListModel model = rows(app, state);
    list_draw(app, state, &model, area);
}

static bool press(App *app, void *state, gunichar key)
{
    const Events *events = state;
    if (key != APP_KEY_ENTER || story_told(app_story(app))->len == 0)
        return false;
    const TraceRecord *r = trace_get(story_trace(app_story(app)), at(app, events->list.selected));
    if (r->kind == TRACE_SEND || r->kind == TRACE_RECEIVE)
        message_page_show(app, r->id);
    else
        record_page(app, r, false);
    return true;
}

static const KeyHelp keys[] = { { "Up Down", "go there" }, { "Enter", "open" }, { NULL, NULL } };

const View view_events = { .key = '8',
                           .name = "events",
                           .title = "Log",
                           .state_size = sizeof(Events),
                           .prepare = prepare,
                           .draw = draw,
                           .press = press,
                           .rows = rows,
                           .keys = keys };
