/*
 * ui/dash/sections.c - records under headings.
 *
 * Source:  ui/dash/sections.h.
 */
#include "ui/dash/sections.h"

#include "ui/dash/records.h"

enum { COLUMNS_AT = 23 };

static const SectionLine *line_at(const Sections *sections, size_t i)
{
    return &g_array_index(sections->lines, SectionLine, i);
}

bool sections_begin(App *app, Sections *sections)
{
    if (sections->lines == NULL)
        sections->lines = g_array_new(FALSE, FALSE, sizeof(SectionLine));
    if (sections->made_for == app_position(app) + 1)
        return false;
    sections->made_for = app_position(app) + 1;
    g_array_set_size(sections->lines, 0);
    return true;
}

void sections_free(Sections *sections)
{
    g_clear_pointer(&sections->lines, g_array_unref);
}

/* ---- filling ---- */

static void add(Sections *sections, SectionLine line)
{
    g_array_append_val(sections->lines, line);
}

void sections_heading(Sections *sections, const char *heading, const char *columns)
{
    add(sections, (SectionLine){ .heading = heading, .columns = columns });
}

void sections_now(App *app, Sections *sections, const char *heading, NowKind kind)
{
    const GArray *records = story_now(app_story(app), app_position(app), kind);
    sections_heading(sections, heading, records->len > 0 ? record_columns(kind) : "none");
    for (guint i = 0; i < records->len; i++)
        add(sections, (SectionLine){ .record = positions_get(records, i) });
}

void sections_past(App *app, Sections *sections, const char *heading, const GArray *positions)
{
    guint n = positions_until(positions, app_position(app));
    sections_heading(sections, heading, n > 0 ? "newest first" : "nothing so far");
    while (n-- > 0)
        add(sections, (SectionLine){ .record = positions_get(positions, n) });
}

/* ---- showing ---- */

static const TraceRecord *record_of(App *app, const SectionLine *line)
{
    return trace_get(story_trace(app_story(app)), line->record);
}

static void draw_line(App *app, void *state, size_t i, const GridArea *row)
{
    const SectionLine *line = line_at(state, i);
    if (line->heading == NULL) {
        record_draw(app, record_of(app, line), row);
        return;
    }
    grid_put(row, 0, 0, GRID_TITLE, line->heading);
    grid_put(row, 0, COLUMNS_AT, GRID_FAINT, line->columns);
}

static bool matches(App *app, void *state, size_t i, const char *text)
{
    const SectionLine *line = line_at(state, i);
    return line->heading == NULL && record_matches(app, record_of(app, line), text);
}

static bool is_heading(App *app, void *state, size_t i)
{
    return line_at(state, i)->heading != NULL;
}

ListModel sections_rows(Sections *sections)
{
    return (ListModel){ .list = &sections->list,
                        .n = sections->lines->len,
                        .empty = "",
                        .draw = draw_line,
                        .matches = matches,
                        .skips = is_heading };
}

void sections_draw(App *app, Sections *sections, const GridArea *area)
{
    ListModel rows = sections_rows(sections);
    list_draw(app, sections, &rows, area);
}

const TraceRecord *sections_selected(App *app, const Sections *sections)
{
    if (sections->lines == NULL || sections->list.selected >= sections->lines->len)
        return NULL;
    return record_of(app, line_at(sections, sections->list.selected));
}
