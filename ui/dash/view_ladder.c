/*
 * ui/dash/view_ladder.c - the messages as a sequence, one line each, a column a node.
 *
 * Knows:   the story and the casts of ui/ladder_cast.h.
 */
#include "ui/dash/list.h"
#include "ui/dash/message_page.h"
#include "ui/dash/views.h"

#include "ui/report.h"

#include <string.h>

enum { TIME_WIDTH = 11, LABEL_WIDTH = 18, PITCH_MIN = 6, PITCH_MAX = 11, WIDTH_AT_FIRST = 80 };

typedef struct Ladder {
    char **only; /* what is shown; NULL: everything */
    int width;   /* that @cast was made for */
    LadderCast *cast;
    GArray *messages; /* TraceId */
    List list;
    TraceId shown; /* the position when it was drawn last */
} Ladder;

static void forget(Ladder *ladder)
{
    g_clear_pointer(&ladder->cast, ladder_cast_free);
    g_clear_pointer(&ladder->messages, g_array_unref);
}

static void on_close(App *app, void *state)
{
    forget(state);
    g_strfreev(((Ladder *)state)->only);
}

/* For this width and what is to be shown. */
static void prepare(App *app, Ladder *ladder, int width)
{
    const Story *story = app_story(app);
    if (ladder->cast != NULL && ladder->width == width)
        return;
    forget(ladder);
    ladder->width = width;
    ladder->shown = G_MAXUINT32;
    ladder->cast = ladder_cast_new(story_fold(story), (const char *const *)ladder->only,
                                   (width - TIME_WIDTH - LABEL_WIDTH) / PITCH_MIN);
    ladder->messages = g_array_new(FALSE, FALSE, sizeof(TraceId));
    for (TraceId id = 1; id <= story_length(story); id++) {
        LadderMessage message;
        if (ladder_message(ladder->cast, trace_get(story_trace(story), id), &message))
            g_array_append_val(ladder->messages, id);
    }
}

static TraceId at(const Ladder *ladder, size_t i)
{
    return g_array_index(ladder->messages, TraceId, i);
}

static int pitch_of(const Ladder *ladder)
{
    int n = MAX(ladder_columns(ladder->cast), 1);
    return CLAMP((ladder->width - TIME_WIDTH - LABEL_WIDTH) / n, PITCH_MIN, PITCH_MAX);
}

static int column_x(const Ladder *ladder, int column)
{
    return TIME_WIDTH + column * pitch_of(ladder) + pitch_of(ladder) / 2;
}

/* ---- drawing ---- */

static void draw_names(const Ladder *ladder, const GridArea *head)
{
    for (int i = 0; i < ladder_columns(ladder->cast); i++) {
        const char *name = ladder_column_name(ladder->cast, i);
        int room = pitch_of(ladder) - 1, len = MIN((int)strlen(name), room);
        GridArea part = grid_part(head, 0, column_x(ladder, i) - len / 2, 1, room);
        grid_put(&part, 0, 0, GRID_TITLE, name);
    }
}

/* From one lifeline to the other; what never arrives ends in a cross before it. */
static void draw_arrow(const Ladder *ladder, const LadderMessage *message, const GridArea *row, GridStyle style)
{
    int from = message->from >= 0 ? column_x(ladder, message->from) : TIME_WIDTH;
    int to = message->to >= 0 ? column_x(ladder, message->to) : column_x(ladder, ladder_columns(ladder->cast) - 1) + 2;
    int left = MIN(from, to), right = MAX(from, to);
    bool rightwards = to > from;

    if (from == to)
        return;
    grid_line(row, 0, left + 1, right - left - 1, LINE_HORIZONTAL, style);
    if (message->arrived)
        grid_line(row, 0, rightwards ? right - 1 : left + 1, 1, rightwards ? LINE_ARROW_RIGHT : LINE_ARROW_LEFT, style);
    else
        grid_put(row, 0, rightwards ? right - 2 : left + 1, GRID_DOUBT, "x");
}

static void draw_message(App *app, void *state, size_t i, const GridArea *row)
{
    const Ladder *ladder = state;
    Story *story = app_story(app);
    const TraceRecord *r = trace_get(story_trace(story), at(ladder, i));
    LadderMessage message;
    g_autofree char *label = ladder_label(story_fold(story), r->id), *time = report_time(r->at);
    bool clear = strcmp(r->message.protection, "clear") == 0;
    GridStyle style = r->id > app_position(app) ? GRID_FAINT : r->id == app_position(app) ? GRID_NEW : GRID_PLAIN;

    if (!ladder_message(ladder->cast, r, &message))
        return;
    grid_printf(row, 0, 0, GRID_FAINT, "%*s", TIME_WIDTH - 1, time);
    for (int column = 0; column < ladder_columns(ladder->cast); column++)
        grid_line(row, 0, column_x(ladder, column), 1, LINE_VERTICAL, GRID_FAINT);
    draw_arrow(ladder, &message, row, message.forged ? GRID_BAD : style);
    int x = column_x(ladder, MAX(ladder_columns(ladder->cast) - 1, 0)) + 2;
    x += grid_put(row, 0, x, message.forged ? GRID_BAD : style, label) + 1;
    if (message.forged)
        x += grid_put(row, 0, x, GRID_BAD, "forged") + 1;
    if (row->columns > 100)
        grid_put(row, 0, x, clear ? GRID_FAINT : GRID_GOOD, r->message.protection);
}

static bool matches(App *app, void *state, size_t i, const char *text)
{
    const TraceRecord *r = trace_get(story_trace(app_story(app)), at(state, i));
    g_autofree char *label = ladder_label(story_fold(app_story(app)), r->id);
    g_autofree char *octets = g_strndup((const char *)r->message.octets, r->message.len);
    return strcasestr(label, text) != NULL || strcasestr(octets, text) != NULL;
}

static ListModel model(const Ladder *ladder)
{
    return (ListModel){ .n = ladder->messages->len, .draw = draw_message, .matches = matches };
}

/* The last message that has been sent at the position. */
static size_t index_of(const Ladder *ladder, TraceId position)
{
    size_t i = 0;
    while (i + 1 < ladder->messages->len && at(ladder, i + 1) <= position)
        i++;
    return i;
}

static void draw(App *app, void *state, const GridArea *area)
{
    Ladder *ladder = state;
    prepare(app, ladder, area->columns);
    GridArea head = grid_part(area, 0, 0, 1, area->columns),
             rows = grid_part(area, 1, 0, area->rows - 1, area->columns);
    ListModel list = model(ladder);

    if (ladder->shown != app_position(app))
        list_centre(&ladder->list, index_of(ladder, app_position(app)), rows.rows);
    ladder->shown = app_position(app);
    if (ladder->only != NULL) {
        g_autofree char *shown = g_strjoinv(",", ladder->only);
        GridArea corner = grid_part(&head, 0, 0, 1, TIME_WIDTH - 1);
        grid_printf(&corner, 0, 0, GRID_KEY, "only %s", shown);
    }
    draw_names(ladder, &head);
    list_draw(app, state, &list, &ladder->list, &rows);
}

/* ---- keys ---- */

static void on_only(App *app, void *state, const char *line)
{
    Ladder *ladder = state;
    g_auto(GStrv) words = g_strsplit_set(line, ", ", -1);
    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0' && !ladder_knows(story_trace(app_story(app)), *word)) {
            app_say(app, "Nobody and no protocol is called %s.", *word);
            return;
        }
    }
    g_clear_pointer(&ladder->only, g_strfreev);
    if (line[0] != '\0')
        ladder->only = g_steal_pointer(&words);
    forget(ladder);
}

static bool press(App *app, void *state, gunichar key)
{
    Ladder *ladder = state;
    if (ladder->messages == NULL) /* a key typed ahead of the first drawing */
        prepare(app, ladder, WIDTH_AT_FIRST);
    if (key == APP_KEY_ENTER && ladder->messages->len > 0) {
        message_page_show(app, at(ladder, ladder->list.selected));
        return true;
    }
    if (key == 'o') {
        app_ask(app, "Show only (names, sip, diameter, access, dhcp; empty: all): ", on_only, ladder);
        return true;
    }
    if (!list_press(&ladder->list, ladder->messages->len, key))
        return false;
    if (ladder->messages->len > 0)
        app_go(app, at(ladder, ladder->list.selected));
    ladder->shown = app_position(app);
    return true;
}

static bool search(App *app, void *state, const char *text)
{
    Ladder *ladder = state;
    if (ladder->messages == NULL)
        return false;
    ListModel list = model(ladder);
    if (!list_search(app, state, &list, &ladder->list, text))
        return false;
    app_go(app, at(ladder, ladder->list.selected));
    ladder->shown = app_position(app);
    return true;
}

static const KeyHelp keys[] = { { "Up Down", "go there" }, { "Enter", "open" }, { "o", "show only" }, { NULL, NULL } };

const View view_ladder = { .key = '2',
                           .name = "ladder",
                           .title = "Ladder",
                           .state_size = sizeof(Ladder),
                           .close = on_close,
                           .draw = draw,
                           .press = press,
                           .search = search,
                           .keys = keys };
