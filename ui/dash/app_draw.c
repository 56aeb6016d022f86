/*
 * ui/dash/app_draw.c - the dashboard's screen around the open view.
 *
 * Source:  ui/dash/app.h.
 */
#include "ui/dash/app_internal.h"

#include "ui/report.h"
#include "ui/text.h"

#include <string.h>

enum {
    ROWS_A_WORDS_ROW = 12,
    WORDS_ROWS_MIN = 2,
    WORDS_ROWS_MAX = 4,
    TABS_WIDTH = 80, /* of all names in full */
    TAB_SHORT = 4,   /* of a name that is shortened */
    TAB_EDGE = 3,    /* a blank or bracket, the key, a blank */
};

int app_words_rows(int rows)
{
    return CLAMP(rows / ROWS_A_WORDS_ROW, WORDS_ROWS_MIN, WORDS_ROWS_MAX);
}

/* ---- above the view ---- */

static void draw_head(App *app, const GridArea *area)
{
    g_autofree char *time = report_time(story_time(app->story, app->position) + (SimTime)app->clock);
    g_autofree char *where = g_strdup_printf("%s  %u/%u  %s %s", time, app->position, story_length(app->story),
                                             app->playing ? "playing" : "paused", app_speed(app));
    int at = MAX(area->columns - (int)g_utf8_strlen(where, -1) - 1, 0);
    GridArea left = grid_part(area, 0, 0, 1, at - 2), right = grid_part(area, 0, at, 1, area->columns - at);
    const Scenario *scenario = story_scenario(app->story);
    int column = 1 + grid_put(&left, 0, 1, GRID_TITLE, scenario->id);

    grid_printf(&left, 0, column, GRID_PLAIN, "  %s", scenario->title);
    grid_put(&right, 0, 0, app->playing ? GRID_KEY : GRID_PLAIN, where);
}

/* Names are shortened where all of them do not fit; never that of the open view. */
static int tab_title_len(const App *app, unsigned i)
{
    int full = (int)strlen(app_views[i]->title);
    return app->columns < TABS_WIDTH && i != app->view ? MIN(full, TAB_SHORT) : full;
}

/* The open view stands in brackets, so that it is told without colour. */
static void draw_tabs(const App *app, const GridArea *area)
{
    int column = 0;
    for (unsigned i = 0; app_views[i] != NULL; i++) {
        bool open = i == app->view;
        int len = tab_title_len(app, i);
        GridStyle style = open ? GRID_KEY : GRID_FAINT;
        if (open)
            grid_put(area, 0, column, style, "[");
        grid_printf(area, 0, column + 1, style, "%c %.*s", app_views[i]->key, len, app_views[i]->title);
        column += TAB_EDGE + len;
        if (open)
            grid_put(area, 0, column, style, "]");
    }
}

int app_tab_at(const App *app, int column)
{
    int right = 0;
    for (unsigned i = 0; app_views[i] != NULL; i++) {
        right += TAB_EDGE + tab_title_len(app, i);
        if (column < right)
            return (int)i;
    }
    return -1;
}

/* ---- below the view ---- */

static bool has_moment(const App *app, MomentKind kind, TraceId after, TraceId until)
{
    const GArray *moments = story_moments(app->story, kind);
    return positions_until(moments, until) > positions_until(moments, after);
}

/* The run as a line: heavy as far as it has gone, with the moves of attackers and the flips of verdicts. */
static void draw_timeline(const App *app, const GridArea *area)
{
    guint64 length = MAX(story_length(app->story), 1), columns = (guint64)MAX(area->columns, 1);
    int here = (int)(app->position * (columns - 1) / length);

    grid_line(area, 0, 0, here, LINE_HEAVY, GRID_FAINT);
    grid_line(area, 0, here, area->columns - here, LINE_HORIZONTAL, GRID_FAINT);
    for (guint64 column = 0; column < columns; column++) {
        TraceId until = (TraceId)(((column + 1) * length - 1) / MAX(columns - 1, 1));
        TraceId after = column > 0 ? (TraceId)((column * length - 1) / MAX(columns - 1, 1)) : 0;
        if (has_moment(app, MOMENT_FLIP, after, until))
            grid_line(area, 0, (int)column, 1, LINE_FLIP, GRID_DOUBT);
        else if (has_moment(app, MOMENT_MOVE, after, until))
            grid_line(area, 0, (int)column, 1, LINE_MOVE, GRID_BAD);
    }
    grid_line(area, 0, here, 1, LINE_HERE, GRID_NEW);
}

static char *words_of(App *app)
{
    const TraceRecord *r = trace_get(story_trace(app->story), app->position);
    if (r == NULL)
        return g_strdup("Nothing has happened yet.  Right steps on, Space plays, p runs to where a verdict flips, "
                        "? lists all keys.");
    if (r->kind != TRACE_FRAME)
        return story_narration(app->story, app->position);
    const TraceRecord *sent = trace_get(story_trace(app->story), r->cause);
    g_autofree char *label = sent != NULL && (sent->kind == TRACE_SEND || sent->kind == TRACE_RECEIVE)
                                 ? ladder_label(story_fold(app->story), sent->id)
                                 : g_strdup("");
    return g_strdup_printf("Packet %" G_GUINT64_FORMAT "%s%s crosses %s, %s: %u octets.", r->frame.frame,
                           label[0] != '\0' ? " with " : "", label, r->frame.segment,
                           r->frame.dir == NET_UP ? "from the user" : "to the user", r->frame.len);
}

/* What has no words of its own repeats the last that has, as past. */
static void draw_words(App *app, const GridArea *area)
{
    g_autofree char *words = words_of(app);
    GridStyle style = app->position > 0 ? GRID_NEW : GRID_PLAIN;
    g_autoptr(GString) filled = g_string_new(NULL);

    if (words[0] == '\0') {
        g_autofree char *before = story_narration(app->story, story_next_told(app->story, app->position, false));
        g_free(words);
        words = before[0] != '\0' ? g_strdup_printf("Before: %s", before) : g_strdup("");
        style = GRID_FAINT;
    }
    text_fill(filled, words, 0, area->columns - 2);
    g_auto(GStrv) lines = g_strsplit(filled->str, "\n", area->rows + 1);
    for (int i = 0; i < area->rows && lines[i] != NULL; i++) {
        bool cut = i == area->rows - 1 && lines[i + 1] != NULL && lines[i + 1][0] != '\0';
        grid_printf(area, i, 1, style, "%s%s", lines[i], cut ? " \u2026" : "");
    }
}

static void draw_foot(App *app, const GridArea *area)
{
    if (app->question != NULL) {
        int column = 1 + grid_put(area, 0, 1, GRID_KEY, app->question);
        column += grid_put(area, 0, column, GRID_PLAIN, app->line->str);
        grid_set_cursor(area, 0, MIN(column, area->columns - 1));
    } else if (app->work.slice != NULL) {
        grid_printf(area, 0, 1, GRID_KEY, "%s: %u%%.  Esc stops.", app->work.what,
                    (unsigned)(app->work.done * 100 / MAX(app->work.all, 1)));
    } else if (app->said != NULL) {
        grid_put(area, 0, 1, GRID_KEY, app->said);
    } else {
        app_draw_bar(app, area);
    }
}

/* ---- all of it ---- */

static void draw_too_small(const GridArea *area)
{
    grid_printf(area, 0, 0, GRID_PLAIN, "%dx%d is too small:", area->columns, area->rows);
    grid_printf(area, 1, 0, GRID_PLAIN, "%dx%d is needed.", APP_COLUMNS_MIN, APP_ROWS_MIN);
    grid_put(area, 2, 0, GRID_PLAIN, "q leaves.");
}

static void draw_view(App *app, const GridArea *area)
{
    const View *view = app_view(app);
    void *state = app_view_state(app);
    if (view->prepare != NULL)
        view->prepare(app, state);
    if (app->pages->len > 0)
        page_draw(app->pages->pdata[app->pages->len - 1], area);
    else
        view->draw(app, state, area);
}

void app_draw(App *app, Grid *grid)
{
    if (app->inner != NULL) {
        app_draw(app->inner, grid);
        return;
    }
    GridArea whole = grid_whole(grid);

    if (whole.rows < APP_ROWS_MIN || whole.columns < APP_COLUMNS_MIN) {
        draw_too_small(&whole);
        return;
    }
    app->rows = whole.rows;
    app->columns = whole.columns;
    int words_rows = app_words_rows(whole.rows), below = APP_HEAD_ROWS + app_view_rows(app);
    GridArea head = grid_part(&whole, 0, 0, 1, whole.columns), tabs = grid_part(&whole, 1, 0, 1, whole.columns);
    GridArea view = grid_part(&whole, APP_HEAD_ROWS, 0, app_view_rows(app), whole.columns);
    GridArea line = grid_part(&whole, below, 0, 1, whole.columns);
    GridArea words = grid_part(&whole, below + 1, 0, words_rows, whole.columns);
    GridArea foot = grid_part(&whole, whole.rows - 1, 0, 1, whole.columns);

    draw_head(app, &head);
    draw_tabs(app, &tabs);
    draw_view(app, &view);
    draw_timeline(app, &line);
    draw_words(app, &words);
    draw_foot(app, &foot);
}
