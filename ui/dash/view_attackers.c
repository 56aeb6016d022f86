/*
 * ui/dash/view_attackers.c - each attacker: where he listens, what he did, what he knows, from which packet, by which
 *                            key.
 *
 * Knows:   the story.
 */
#include "ui/dash/list.h"
#include "ui/dash/message_page.h"
#include "ui/dash/records.h"
#include "ui/dash/views.h"

#include "ui/narrate_words.h"
#include "ui/report.h"

#include <string.h>

enum { TIME_WIDTH = 11, WHAT_AT = 12, TEXT_AT = 24, TEXT_MIN = 20, TEXT_MAX = 50, HEAD_ROWS = 3 };

typedef struct Attackers {
    guint which; /* of the scenario's */
    List list;
    TraceId shown; /* the position that the list was brought to, + 1 */
    guint shown_which;
} Attackers;

static const GPtrArray *all_attackers(App *app)
{
    return story_scenario(app_story(app))->attackers;
}

static const ScenarioAttacker *attacker_of(App *app, const Attackers *view)
{
    const GPtrArray *all = all_attackers(app);
    return all->len > 0 ? all->pdata[view->which % all->len] : NULL;
}

/* What he did and learned up to the position, and how many lines that makes. */
static const GArray *his(App *app, const Attackers *view, guint *n)
{
    const ScenarioAttacker *attacker = attacker_of(app, view);
    const GArray *records = story_of_attacker(app_story(app), attacker != NULL ? attacker->id : "");
    *n = positions_until(records, app_position(app));
    return records;
}

static const TraceRecord *record_at(App *app, const Attackers *view, size_t i)
{
    guint n;
    return trace_get(story_trace(app_story(app)), positions_get(his(app, view, &n), (guint)i));
}

/* ---- drawing ---- */

/* Every start line names the version, and identities are long. */
static char *short_text(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "SIP/2.0", -1);
    g_autofree char *line = g_strjoinv("", parts);
    return narrate_plain(g_strstrip(line));
}

/* How he came to it stands at the right, where it can be compared from line to line. */
static void draw_record(App *app, void *state, size_t i, const GridArea *row)
{
    const TraceRecord *r = record_at(app, state, i);
    g_autofree char *time = report_time(r->at);
    GridStyle style = app_is_new(app, r->id) ? GRID_NEW : r->kind == TRACE_MOVE ? GRID_BAD : GRID_PLAIN;
    int room = row->columns - TEXT_AT, how = room - CLAMP(room / 2, TEXT_MIN, TEXT_MAX);

    grid_printf(row, 0, 0, GRID_FAINT, "%*s", TIME_WIDTH, time);
    if (r->kind == TRACE_MOVE) {
        grid_put(row, 0, WHAT_AT, style, "! acts");
        grid_put(row, 0, TEXT_AT, style, r->move.text);
        return;
    }
    GridArea what = grid_part(row, 0, WHAT_AT, 1, TEXT_AT - WHAT_AT - 1);
    GridArea text = grid_part(row, 0, TEXT_AT, 1, room - how - 1);
    GridArea right = grid_part(row, 0, row->columns - how, 1, how);
    g_autofree char *learned = short_text(r->learn.text);
    g_autofree char *packet =
        r->learn.frame > 0 ? g_strdup_printf("#%" G_GUINT64_FORMAT, r->learn.frame) : g_strdup("");

    grid_printf(&what, 0, 0, style, "> %s", r->learn.what);
    grid_put(&text, 0, 0, style, learned);
    grid_printf(&right, 0, 0, GRID_FAINT, "%-5s %s", packet, r->learn.how);
}

static bool matches(App *app, void *state, size_t i, const char *text)
{
    const TraceRecord *r = record_at(app, state, i);
    if (r->kind == TRACE_MOVE)
        return strcasestr(r->move.text, text) != NULL;
    return strcasestr(r->learn.text, text) != NULL || strcasestr(r->learn.what, text) != NULL ||
           strcasestr(r->learn.how, text) != NULL;
}

static ListModel rows(App *app, void *state)
{
    guint n;
    his(app, state, &n);
    return (ListModel){
        .list = &((Attackers *)state)->list, .n = n, .empty = "Nothing so far.", .draw = draw_record, .matches = matches
    };
}

/* The newest is shown when the position moves. */
static void prepare(App *app, void *state)
{
    Attackers *view = state;
    guint n;

    if (view->shown == app_position(app) + 1 && view->shown_which == view->which)
        return;
    his(app, view, &n);
    view->list.selected = n > 0 ? n - 1 : 0;
    view->shown = app_position(app) + 1;
    view->shown_which = view->which;
}

static void draw(App *app, void *state, const GridArea *area)
{
    const Attackers *view = state;
    const ScenarioAttacker *attacker = attacker_of(app, view);
    if (attacker == NULL) {
        grid_put(area, 0, 1, GRID_FAINT, "This scenario has no attacker.");
        return;
    }
    g_autofree char *places = attacker->at != NULL ? g_strjoinv(" ", attacker->at) : g_strdup("nowhere");
    g_autofree char *position = report_title("positions", attacker->position);
    guint all, gains = positions_until(story_gains(app_story(app), attacker->id), app_position(app));
    his(app, view, &all);
    int column = 1 + grid_put(area, 0, 1, GRID_TITLE, attacker->id);
    column += grid_printf(area, 0, column, GRID_PLAIN, "  %s%s%s", attacker->position, position != NULL ? ": " : "",
                          position != NULL ? position : "");
    grid_printf(area, 1, 1, GRID_PLAIN, "at %s", places);
    grid_printf(area, 2, 1, GRID_FAINT, "attacker %u of %u   %u learned, %u move%s so far",
                view->which % all_attackers(app)->len + 1, all_attackers(app)->len, gains, all - gains,
                all - gains == 1 ? "" : "s");
    GridArea below = grid_part(area, HEAD_ROWS, 0, area->rows - HEAD_ROWS, area->columns);
    ListModel model = rows(app, state);
    list_draw(app, state, &model, &below);
}

/* ---- keys ---- */

/* The message it was read from, as it was sent; else the record itself. */
static void open_source(App *app, const TraceRecord *r)
{
    const TraceRecord *cause = trace_get(story_trace(app_story(app)), r->cause);
    if (r->kind == TRACE_LEARN && cause != NULL && cause->kind == TRACE_SEND)
        message_page_show(app, cause->id);
    else
        record_page(app, r, false);
}

static bool press(App *app, void *state, gunichar key)
{
    Attackers *view = state;
    guint n, all = all_attackers(app)->len;

    his(app, view, &n);
    if (key == APP_KEY_ENTER && n > 0) {
        open_source(app, record_at(app, view, view->list.selected));
        return true;
    }
    if ((key != 'a' && key != 'A') || all == 0)
        return false;
    view->which = (view->which + (key == 'a' ? 1 : all - 1)) % all;
    return true;
}

static const KeyHelp keys[] = {
    { "a A", "next, last attacker" }, { "Enter", "what it is from" }, { "g G", "gains" }, { NULL, NULL }
};

const View view_attackers = { .key = '5',
                              .name = "attackers",
                              .title = "Attackers",
                              .state_size = sizeof(Attackers),
                              .prepare = prepare,
                              .draw = draw,
                              .press = press,
                              .rows = rows,
                              .keys = keys };
