/*
 * ui/dash/sections.c - a list of records under headings.
 *
 * Source:  ui/dash/sections.h.
 */
#include "ui/dash/sections.h"

#include "ui/dash/records.h"

static const SectionLine *line_at(const Sections *sections, size_t i)
{
    return &g_array_index(sections->lines, SectionLine, i);
}

void sections_begin(Sections *sections)
{
    if (sections->lines == NULL)
        sections->lines = g_array_new(FALSE, FALSE, sizeof(SectionLine));
    g_array_set_size(sections->lines, 0);
}

void sections_free(Sections *sections)
{
    g_clear_pointer(&sections->lines, g_array_unref);
}

static void add(Sections *sections, SectionLine line)
{
    g_array_append_val(sections->lines, line);
}

void sections_heading(Sections *sections, const char *heading)
{
    add(sections, (SectionLine){ .heading = heading });
}

void sections_record(Sections *sections, TraceId record)
{
    add(sections, (SectionLine){ .record = record });
}

void sections_records(Sections *sections, const GArray *records)
{
    for (guint i = 0; i < records->len; i++)
        sections_record(sections, g_array_index(records, TraceId, i));
    if (records->len == 0)
        sections_heading(sections, "  none");
}

static const TraceRecord *record_of(App *app, const SectionLine *line)
{
    return trace_get(story_trace(app_story(app)), line->record);
}

static void draw_line(App *app, void *state, size_t i, const GridArea *row)
{
    const SectionLine *line = line_at(state, i);
    if (line->heading != NULL)
        grid_put(row, 0, 0, line->heading[0] == ' ' ? GRID_FAINT : GRID_TITLE, line->heading);
    else
        record_draw(app, record_of(app, line), row);
}

static bool matches(App *app, void *state, size_t i, const char *text)
{
    const SectionLine *line = line_at(state, i);
    return line->heading == NULL && record_matches(app, record_of(app, line), text);
}

static ListModel model(const Sections *sections)
{
    return (ListModel){ .n = sections->lines->len, .draw = draw_line, .matches = matches };
}

void sections_draw(App *app, Sections *sections, const GridArea *area)
{
    ListModel list = model(sections);
    list_draw(app, sections, &list, &sections->list, area);
}

TraceId sections_selected(const Sections *sections)
{
    if (sections->lines == NULL || sections->list.selected >= sections->lines->len)
        return 0;
    return line_at(sections, sections->list.selected)->record;
}

bool sections_press(Sections *sections, gunichar key)
{
    return sections->lines != NULL && list_press(&sections->list, sections->lines->len, key);
}

bool sections_search(App *app, Sections *sections, const char *text)
{
    if (sections->lines == NULL)
        return false;
    ListModel list = model(sections);
    return list_search(app, sections, &list, &sections->list, text);
}
