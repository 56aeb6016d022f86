/*
 * ui/dash/view_ladder.c - the messages as a sequence, one line each, a column a node.
 *
 *                alice   bob   P-CSCF
 *     1.707 s      |══════|═════▶|       PUBLISH   air ran: sealed
 *
 * Knows:   the story and the casts of ui/ladder_cast.h.
 */
#include "ui/dash/ladder_filter.h"
#include "ui/dash/list.h"
#include "ui/dash/message_page.h"
#include "ui/dash/records.h"
#include "ui/dash/views.h"

#include "ui/report.h"

#include <string.h>

enum {
    TIME_WIDTH = 11,
    LABEL_WIDTH = 18, /* least room for what stands behind the last column */
    NAME_WIDTH = 16,  /* "REGISTER SM1", then what could be read */
    PITCH_MIN = 5,
    PITCH_MAX = 13,
    SIGHT_WIDTH = 40, /* "air ran: sealed | iu gn gi: in the clear" */
};

typedef struct Ladder {
    LadderFilter filter;
    LadderCast *cast;
    int width; /* that @cast was made for */
    List list;
    TraceId shown; /* the position that the list was brought to, + 1; 0: bring it there again */
} Ladder;

static void on_close(App *app, void *state)
{
    Ladder *ladder = state;
    g_clear_pointer(&ladder->cast, ladder_cast_free);
    ladder_filter_clear(&ladder->filter);
}

static const GArray *messages_of(App *app, const Ladder *ladder)
{
    return ladder_filter_messages(&ladder->filter, app_story(app));
}

static TraceId at(App *app, const Ladder *ladder, size_t i)
{
    return positions_get(messages_of(app, ladder), (guint)i);
}

static int pitch_of(const Ladder *ladder)
{
    int n = MAX(ladder_columns(ladder->cast), 1), room = ladder->width - TIME_WIDTH;
    int generous = (room - NAME_WIDTH - SIGHT_WIDTH) / n, least = (room - LABEL_WIDTH) / n;
    return CLAMP(MAX(generous, MIN(least, 8)), PITCH_MIN, PITCH_MAX);
}

static int column_x(const Ladder *ladder, int column)
{
    return TIME_WIDTH + column * pitch_of(ladder) + pitch_of(ladder) / 2;
}

static void prepare(App *app, void *state)
{
    Ladder *ladder = state;
    if (ladder->cast == NULL || ladder->width != app_columns(app)) {
        g_clear_pointer(&ladder->cast, ladder_cast_free);
        ladder->width = app_columns(app);
        ladder->cast = ladder_cast_new(story_fold(app_story(app)), (const char *const *)ladder->filter.columns,
                                       (ladder->width - TIME_WIDTH - LABEL_WIDTH) / PITCH_MIN);
    }
    if (ladder->shown == app_position(app) + 1)
        return;
    guint sent = positions_until(messages_of(app, ladder), app_position(app)); /* the last is in the middle */
    list_centre(&ladder->list, sent > 0 ? sent - 1 : 0, app_view_rows(app) - 1);
    ladder->shown = app_position(app) + 1;
}

/* ---- drawing ---- */

/* Whether two names that stand side by side would touch. */
static bool is_crowded(const Ladder *ladder)
{
    for (int i = 0; i < ladder_columns(ladder->cast); i++)
        if ((int)strlen(ladder_column_name(ladder->cast, i)) > pitch_of(ladder) - 1)
            return true;
    return false;
}

/* Crowded names take turns in two rows. */
static void draw_names(const Ladder *ladder, const GridArea *head)
{
    int rows = head->rows, room = rows * pitch_of(ladder) - 1;
    for (int i = 0; i < ladder_columns(ladder->cast); i++) {
        const char *name = ladder_column_name(ladder->cast, i);
        int len = MIN((int)strlen(name), room), row = rows > 1 ? i % 2 : 0;
        GridArea part = grid_part(head, row, MAX(column_x(ladder, i) - len / 2, TIME_WIDTH), 1, room);
        grid_put(&part, 0, 0, GRID_TITLE, name);
        if (rows > 1 && row == 0)
            grid_line(head, 1, column_x(ladder, i), 1, LINE_VERTICAL, GRID_FAINT);
    }
}

/* From one lifeline to the other, double where it is encrypted; what never arrives ends in a cross before it. */
static void draw_arrow(const Ladder *ladder, const LadderMessage *message, const GridArea *row, GridStyle style)
{
    int from = message->from >= 0 ? column_x(ladder, message->from) : TIME_WIDTH;
    int to = message->to >= 0 ? column_x(ladder, message->to) : column_x(ladder, ladder_columns(ladder->cast) - 1) + 2;
    int left = MIN(from, to), right = MAX(from, to);
    bool rightwards = to > from;

    if (from == to)
        return;
    grid_line(row, 0, left + 1, right - left - 1,
              protection_encrypts(message->record->message.protection) ? LINE_DOUBLE : LINE_HORIZONTAL, style);
    if (message->arrived)
        grid_line(row, 0, rightwards ? right - 1 : left + 1, 1, rightwards ? LINE_ARROW_RIGHT : LINE_ARROW_LEFT, style);
    else
        grid_put(row, 0, rightwards ? right - 1 : left + 1, GRID_DOUBT, "x");
}

/* The message that a record is about: what was read, or itself. */
static TraceId source_of(const Trace *trace, TraceId id)
{
    const TraceRecord *r = trace_get(trace, id);
    return r != NULL && r->kind == TRACE_LEARN ? r->cause : id;
}

/* "X P1 P4": the properties that turned out violated by this message, up to the position; "" for none. */
static char *violated_by(App *app, TraceId message)
{
    const GArray *flips = story_flips(app_story(app));
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < flips->len && g_array_index(flips, Flip, i).at <= app_position(app); i++) {
        const Flip *flip = &g_array_index(flips, Flip, i);
        if (flip->verdict == VERDICT_VIOLATED && source_of(story_trace(app_story(app)), flip->at) == message)
            g_string_append_printf(text, "%s %s", text->len > 0 ? "" : "X", property_info[flip->property].column);
    }
    return g_string_free(text, FALSE);
}

/* What could be read where, or how it was protected; as much as there is room for. */
static char *remark_of(App *app, const TraceRecord *r, int room)
{
    g_autofree char *sight = r->kind == TRACE_SEND ? ladder_sight(story_fold(app_story(app)), r->id) : g_strdup("");
    if (sight[0] != '\0' && (int)strlen(sight) <= room)
        return g_steal_pointer(&sight);
    g_autofree char *protection = protection_short(r->message.protection);
    return g_strdup((int)strlen(protection) <= room ? protection : "");
}

static void draw_label(App *app, const Ladder *ladder, const LadderMessage *message, const GridArea *row,
                       GridStyle style)
{
    int x = column_x(ladder, MAX(ladder_columns(ladder->cast) - 1, 0)) + 2;
    g_autofree char *label = ladder_label(story_fold(app_story(app)), message->record->id);
    g_autofree char *violated = violated_by(app, message->record->id);

    x += grid_printf(row, 0, x, style, "%s%s", message->forged ? "! " : "", label);
    if (violated[0] != '\0')
        x += 1 + grid_put(row, 0, x + 1, GRID_BAD, violated);
    int aligned = MAX(x + 1, column_x(ladder, ladder_columns(ladder->cast) - 1) + 2 + NAME_WIDTH + 1);
    g_autofree char *remark = remark_of(app, message->record, row->columns - aligned);
    grid_put(row, 0, aligned, GRID_FAINT, remark);
}

static void draw_message(App *app, void *state, size_t i, const GridArea *row)
{
    const Ladder *ladder = state;
    const TraceRecord *r = trace_get(story_trace(app_story(app)), at(app, ladder, i));
    LadderMessage message;
    g_autofree char *time = report_time(r->at);

    if (!ladder_message(ladder->cast, r, &message))
        return;
    GridStyle style = r->id > app_position(app)    ? GRID_FAINT
                      : r->id == app_position(app) ? GRID_NEW
                      : message.forged             ? GRID_BAD
                                                   : GRID_PLAIN;
    grid_printf(row, 0, 0, GRID_FAINT, "%*s", TIME_WIDTH - 1, time);
    for (int column = 0; column < ladder_columns(ladder->cast); column++)
        grid_line(row, 0, column_x(ladder, column), 1, LINE_VERTICAL, GRID_FAINT);
    draw_arrow(ladder, &message, row, style);
    draw_label(app, ladder, &message, row, style);
}

static bool matches(App *app, void *state, size_t i, const char *text)
{
    const TraceRecord *r = trace_get(story_trace(app_story(app)), at(app, state, i));
    g_autofree char *label = ladder_label(story_fold(app_story(app)), r->id);
    g_autofree char *octets = g_strndup((const char *)r->message.octets, r->message.len);
    return strcasestr(label, text) != NULL || strcasestr(octets, text) != NULL;
}

static void chosen(App *app, void *state, size_t i)
{
    app_go(app, at(app, state, i));
    ((Ladder *)state)->shown = app_position(app) + 1;
}

static ListModel rows(App *app, void *state)
{
    return (ListModel){ .list = &((Ladder *)state)->list,
                        .n = messages_of(app, state)->len,
                        .empty = "No message is to be shown.",
                        .draw = draw_message,
                        .matches = matches,
                        .chosen = chosen };
}

static void draw_filter(App *app, const Ladder *ladder, const GridArea *area)
{
    guint all = story_moments(app_story(app), MOMENT_MESSAGE)->len;
    grid_printf(area, 0, 1, GRID_KEY, "Only %s: %u of %u messages told.  o and Enter: all.", ladder->filter.text,
                messages_of(app, ladder)->len, all);
}

static void draw(App *app, void *state, const GridArea *area)
{
    const Ladder *ladder = state;
    int top = ladder->filter.text != NULL ? 1 : 0, names = is_crowded(ladder) ? 2 : 1;
    GridArea head = grid_part(area, top, 0, names, area->columns);
    GridArea below = grid_part(area, top + names, 0, area->rows - top - names, area->columns);
    ListModel model = rows(app, state);

    if (top > 0)
        draw_filter(app, ladder, area);
    draw_names(ladder, &head);
    list_draw(app, state, &model, &below);
}

/* ---- keys ---- */

static void on_only(App *app, void *state, const char *line)
{
    Ladder *ladder = state;
    g_autofree char *unknown = ladder_filter_set(&ladder->filter, app_story(app), line);
    if (unknown != NULL)
        app_say(app, "No participant, protocol or segment is called %s.", unknown);
    g_clear_pointer(&ladder->cast, ladder_cast_free);
    ladder->shown = 0;
}

static bool press(App *app, void *state, gunichar key)
{
    Ladder *ladder = state;
    if (key == APP_KEY_ENTER && messages_of(app, ladder)->len > 0) {
        message_page_show(app, at(app, ladder, ladder->list.selected));
        return true;
    }
    if (key != 'o')
        return false;
    app_ask(app, "Show only (alice pcscf, sip diameter access dhcp, air mw:...; empty: all): ", on_only, ladder);
    return true;
}

static const KeyHelp keys[] = { { "Up Down", "go there" }, { "Enter", "open" }, { "o", "only some" }, { NULL, NULL } };

const View view_ladder = { .key = '2',
                           .name = "ladder",
                           .title = "Ladder",
                           .state_size = sizeof(Ladder),
                           .close = on_close,
                           .prepare = prepare,
                           .draw = draw,
                           .press = press,
                           .rows = rows,
                           .keys = keys };
