/*
 * ui/dash/view_properties.c - every property as it stands at the position, with the moment it flipped and why.
 *
 * Knows:   the story's verdicts.
 */
#include "ui/dash/list.h"
#include "ui/dash/views.h"

#include "ui/report.h"

#include <string.h>

enum { COLUMN_WIDTH = 5, NAME_WIDTH = 24, WORD_WIDTH = 13, WHEN_WIDTH = 12 };

typedef struct Properties {
    List list;
} Properties;

/* The properties that this run can show. */
static size_t judged(Story *story, Property out[N_PROPERTIES])
{
    size_t n = 0;
    for (Property property = 0; property < N_PROPERTIES; property++)
        if (story_verdict(story, 0, property) != NULL)
            out[n++] = property;
    return n;
}

static GridStyle style_of(Verdict verdict)
{
    switch (verdict) {
    case VERDICT_HOLDS: return GRID_GOOD;
    case VERDICT_VIOLATED: return GRID_BAD;
    case VERDICT_NOT_AVAILABLE: return GRID_FAINT;
    case VERDICT_DEPENDS:
    case VERDICT_INCONCLUSIVE: return GRID_DOUBT;
    }
    return GRID_PLAIN;
}

static void draw_property(App *app, void *state, size_t i, const GridArea *row)
{
    Story *story = app_story(app);
    Property properties[N_PROPERTIES];
    judged(story, properties);
    const PropertyInfo *info = &property_info[properties[i]];
    const Flip *flip = story_verdict(story, app_position(app), properties[i]);
    g_autofree char *when = flip->at > 0 ? report_time(story_time(story, flip->at)) : g_strdup("");
    bool now = flip->at > 0 && flip->at == app_position(app);
    int column = COLUMN_WIDTH + NAME_WIDTH;

    grid_put(row, 0, 1, GRID_TITLE, info->column);
    GridArea name = grid_part(row, 0, COLUMN_WIDTH, 1, NAME_WIDTH - 1);
    grid_put(&name, 0, 0, GRID_PLAIN, info->id);
    grid_printf(row, 0, column, style_of(flip->verdict), "%s %s", report_mark(flip->verdict),
                report_word(flip->verdict));
    grid_printf(row, 0, column + WORD_WIDTH, now ? GRID_NEW : GRID_FAINT, "%*s%s", WHEN_WIDTH - 1, when,
                now ? "<" : " ");
    grid_put(row, 0, column + WORD_WIDTH + WHEN_WIDTH + 1, GRID_PLAIN, flip->why->reason);
}

static bool matches(App *app, void *state, size_t i, const char *text)
{
    Property properties[N_PROPERTIES];
    judged(app_story(app), properties);
    const PropertyInfo *info = &property_info[properties[i]];
    return strcasestr(info->id, text) != NULL || strcasestr(info->title, text) != NULL ||
           strcmp(info->column, text) == 0;
}

static ListModel model(App *app)
{
    Property properties[N_PROPERTIES];
    return (ListModel){ .n = judged(app_story(app), properties), .draw = draw_property, .matches = matches };
}

static void draw(App *app, void *state, const GridArea *area)
{
    Properties *view = state;
    ListModel list = model(app);
    GridArea head = grid_part(area, 0, 0, 1, area->columns),
             rows = grid_part(area, 1, 0, area->rows - 1, area->columns);

    grid_printf(&head, 0, 1, GRID_TITLE, "%-*s%-*s%-*s%*s %s", COLUMN_WIDTH - 1, "", NAME_WIDTH, "property", WORD_WIDTH,
                "so far", WHEN_WIDTH - 1, "since", "  because");
    list_draw(app, state, &list, &view->list, &rows);
}

static void append_witness(GString *text, const Witness *witness)
{
    g_autofree char *time = report_time(witness->time_ns);
    g_string_append_printf(text, "\nSeen in packet %" G_GUINT64_FORMAT " on %s at %s:\n  %s\n", witness->packet,
                           witness->segment, time, witness->excerpt);
    if (witness->because != NULL && witness->because[0] != NULL)
        g_string_append(text, "\nBecause\n");
    for (char **line = witness->because; line != NULL && *line != NULL; line++)
        g_string_append_printf(text, "  %s\n", *line);
}

/* Why it stands as it does. */
static void open_property(App *app, size_t i)
{
    Story *story = app_story(app);
    Property properties[N_PROPERTIES];
    if (i >= judged(story, properties))
        return;
    const PropertyInfo *info = &property_info[properties[i]];
    const Flip *flip = story_verdict(story, app_position(app), properties[i]);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *title = g_strdup_printf("%s %s: %s", info->column, info->id, report_word(flip->verdict));

    g_string_append_printf(text, "%s\n%s\n\n%s.\n", info->title, info->predicate, flip->why->reason);
    if (flip->why->witness != NULL)
        append_witness(text, flip->why->witness);
    g_string_append_printf(text, "\n%s\n", report_holds_means);
    app_show_page(app, title, text->str);
}

static bool press(App *app, void *state, gunichar key)
{
    Properties *view = state;
    Property properties[N_PROPERTIES];
    if (key == APP_KEY_ENTER) {
        open_property(app, view->list.selected);
        return true;
    }
    return list_press(&view->list, judged(app_story(app), properties), key);
}

static bool search(App *app, void *state, const char *text)
{
    Properties *view = state;
    ListModel list = model(app);
    return list_search(app, state, &list, &view->list, text);
}

static const KeyHelp keys[] = { { "Enter", "why" }, { "p P", "next, last flip" }, { NULL, NULL } };

const View view_properties = { .key = '6',
                               .name = "properties",
                               .title = "Verdicts",
                               .state_size = sizeof(Properties),
                               .draw = draw,
                               .press = press,
                               .search = search,
                               .keys = keys };
