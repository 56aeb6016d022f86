/*
 * ui/dash/app_draw.c - the dashboard's screen around the open view.
 *
 * Source:  ui/dash/app.h.
 */
#include "ui/dash/app_internal.h"

#include "ui/report.h"
#include "ui/text.h"

#include <string.h>

enum { HEAD_ROWS = 2, WORDS_ROWS = 3, FOOT_ROWS = WORDS_ROWS + 1 };

static void draw_head(App *app, const GridArea *area)
{
    TraceId length = story_length(app->story);
    g_autofree char *time = report_time(story_time(app->story, app->position) + (SimTime)app->clock);
    g_autofree char *where = g_strdup_printf("%s   record %u of %u   %s %s", time, app->position, length,
                                             app->playing ? "playing" : "paused", app_speed(app));
    int at = area->columns - (int)g_utf8_strlen(where, -1) - 1;
    GridArea left = grid_part(area, 0, 0, 1, MAX(at - 2, 12));

    grid_printf(&left, 0, 1, GRID_TITLE, "%s: %s", story_scenario(app->story)->id, story_scenario(app->story)->title);
    GridArea right = grid_part(area, 0, MAX(at, 14), 1, area->columns);
    grid_put(&right, 0, 0, GRID_PLAIN, where);
}

/* The open view stands in brackets, so that it is told without colour. */
static void draw_tabs(const App *app, const GridArea *area)
{
    int column = 0;
    for (unsigned i = 0; app_views[i] != NULL; i++) {
        bool open = i == app->view;
        GridStyle style = open ? GRID_KEY : GRID_FAINT;
        if (open)
            grid_put(area, 0, column, style, "[");
        column += 1 + grid_printf(area, 0, column + 1, style, "%c %s", app_views[i]->key, app_views[i]->title);
        if (open)
            grid_put(area, 0, column, style, "]");
    }
}

static void draw_words(App *app, const GridArea *area)
{
    grid_line(area, 0, 0, area->columns, LINE_HORIZONTAL, GRID_FAINT);
    if (app->position == 0) {
        grid_put(area, 1, 1, GRID_PLAIN, "Nothing has happened yet.  Right steps on, Space plays, ? lists the keys.");
        return;
    }
    g_autofree char *words = story_narration(app->story, app->position);
    g_autoptr(GString) filled = g_string_new(NULL);
    text_fill(filled, words, 0, area->columns - 2);
    g_auto(GStrv) lines = g_strsplit(filled->str, "\n", WORDS_ROWS);
    for (int i = 0; i < WORDS_ROWS - 1 && lines[i] != NULL; i++)
        grid_put(area, 1 + i, 1, GRID_NEW, lines[i]);
}

static void draw_foot(App *app, const GridArea *area)
{
    if (app->question != NULL) {
        int column = 1 + grid_put(area, 0, 1, GRID_KEY, app->question);
        column += grid_put(area, 0, column, GRID_PLAIN, app->line->str);
        grid_set_cursor(area, 0, MIN(column, area->columns - 1));
        return;
    }
    if (app->said != NULL) {
        grid_put(area, 0, 1, GRID_KEY, app->said);
        return;
    }
    g_autofree char *bar = app->pages->len > 0 ? g_strdup("Up Down scroll  Esc close") : app_key_bar(app);
    grid_put(area, 0, 1, GRID_FAINT, bar);
}

static void draw_page(Page *page, const GridArea *area)
{
    g_autoptr(GString) filled = g_string_new(NULL);
    GridArea inside = grid_part(area, 1, 2, area->rows - 2, area->columns - 4);
    g_auto(GStrv) paragraphs = g_strsplit(page->text, "\n", -1);

    for (char **paragraph = paragraphs; *paragraph != NULL; paragraph++) {
        size_t indent = strspn(*paragraph, " ");
        if (g_utf8_strlen(*paragraph, -1) <= inside.columns)
            g_string_append_printf(filled, "%s\n", *paragraph);
        else
            text_fill(filled, *paragraph, (int)MIN(indent, 20), inside.columns);
    }
    g_auto(GStrv) lines = g_strsplit(filled->str, "\n", -1);
    int n = (int)g_strv_length(lines);
    page->top = CLAMP(page->top, 0, MAX(n - inside.rows, 0));
    grid_frame(area, page->title);
    for (int row = 0; row < inside.rows && page->top + row < n; row++)
        grid_put(&inside, row, 0, GRID_PLAIN, lines[page->top + row]);
    if (page->top + inside.rows < n)
        grid_put(area, area->rows - 1, area->columns - 9, GRID_KEY, " more ");
    grid_set_cursor(&inside, 0, 0);
}

static void draw_too_small(const GridArea *area)
{
    grid_printf(area, 0, 0, GRID_PLAIN, "%dx%d is too small:", area->columns, area->rows);
    grid_printf(area, 1, 0, GRID_PLAIN, "%dx%d is needed.", APP_COLUMNS_MIN, APP_ROWS_MIN);
    grid_put(area, 2, 0, GRID_PLAIN, "q leaves.");
}

void app_draw(App *app, Grid *grid)
{
    if (app->inner != NULL) {
        app_draw(app->inner, grid);
        return;
    }
    GridArea whole = grid_whole(grid);

    app->rows = whole.rows;
    app->columns = whole.columns;
    if (whole.rows < APP_ROWS_MIN || whole.columns < APP_COLUMNS_MIN) {
        draw_too_small(&whole);
        return;
    }
    GridArea head = grid_part(&whole, 0, 0, 1, whole.columns), tabs = grid_part(&whole, 1, 0, 1, whole.columns);
    GridArea view = grid_part(&whole, HEAD_ROWS, 0, whole.rows - HEAD_ROWS - FOOT_ROWS, whole.columns);
    GridArea words = grid_part(&whole, whole.rows - FOOT_ROWS, 0, WORDS_ROWS, whole.columns);
    GridArea foot = grid_part(&whole, whole.rows - 1, 0, 1, whole.columns);

    draw_head(app, &head);
    draw_tabs(app, &tabs);
    if (app->pages->len > 0)
        draw_page(app->pages->pdata[app->pages->len - 1], &view);
    else
        app_view(app)->draw(app, app_view_state(app), &view);
    draw_words(app, &words);
    draw_foot(app, &foot);
}
