/*
 * ui/dash/view_properties.c - every property as it stands at the position, with the moment it flipped and why.
 *
 * Knows:   the story's verdicts.
 */
#include "ui/dash/list.h"
#include "ui/dash/verdict_page.h"
#include "ui/dash/views.h"

#include "ui/report.h"
#include "ui/text.h"

#include <string.h>

enum { ID_AT = 5, VERDICT_AT = 28, SINCE_AT = 42, SINCE_WIDTH = 10, REASON_AT = 54, HEAD_ROWS = 1, BELOW_MIN = 3 };

typedef struct Properties {
    List list;
    Property judged[N_PROPERTIES]; /* those that this run can show */
    size_t n;
} Properties;

static void on_open(App *app, void *state)
{
    Properties *view = state;
    for (Property property = 0; property < N_PROPERTIES; property++)
        if (story_verdict(app_story(app), 0, property) != NULL)
            view->judged[view->n++] = property;
}

static const Flip *verdict_at(App *app, const Properties *view, size_t i)
{
    return story_verdict(app_story(app), app_position(app), view->judged[i]);
}

static void draw_property(App *app, void *state, size_t i, const GridArea *row)
{
    const Flip *flip = verdict_at(app, state, i);
    const PropertyInfo *info = &property_info[flip->property];
    bool flips = flip->at > 0 && app_is_new(app, flip->at);
    g_autofree char *when = flip->at > 0 ? report_time(story_time(app_story(app), flip->at)) : g_strdup("");
    GridArea id = grid_part(row, 0, ID_AT, 1, VERDICT_AT - ID_AT - 1);

    grid_put(row, 0, 0, GRID_NEW, flips ? "*" : " ");
    grid_put(row, 0, 1, GRID_TITLE, info->column);
    grid_put(&id, 0, 0, flips ? GRID_NEW : GRID_PLAIN, info->id);
    grid_printf(row, 0, VERDICT_AT, verdict_style(flip->verdict), "%s %s", report_mark(flip->verdict),
                report_word(flip->verdict));
    grid_printf(row, 0, SINCE_AT, flips ? GRID_NEW : GRID_FAINT, "%*s", SINCE_WIDTH, when);
    grid_put(row, 0, REASON_AT, flips ? GRID_NEW : GRID_PLAIN, flip->why->reason);
}

static bool matches(App *app, void *state, size_t i, const char *text)
{
    const PropertyInfo *info = &property_info[((Properties *)state)->judged[i]];
    return strcasestr(info->id, text) != NULL || strcasestr(info->title, text) != NULL ||
           g_ascii_strcasecmp(info->column, text) == 0;
}

static ListModel rows(App *app, void *state)
{
    Properties *view = state;
    return (ListModel){ .list = &view->list,
                        .n = view->n,
                        .empty = "No property can be judged from this run.",
                        .draw = draw_property,
                        .matches = matches };
}

/* The selected one in full, as far as there is room. */
static void draw_selected(App *app, const Properties *view, const GridArea *area)
{
    const Flip *flip = verdict_at(app, view, view->list.selected);
    const PropertyInfo *info = &property_info[flip->property];
    g_autofree char *text = g_strdup_printf("%s: %s.", report_word(flip->verdict), flip->why->reason);
    g_autoptr(GString) words = g_string_new(NULL);

    grid_line(area, 0, 0, area->columns, LINE_HORIZONTAL, GRID_FAINT);
    grid_printf(area, 1, 1, GRID_TITLE, "%s  %s", info->column, info->title);
    text_fill(words, text, 0, area->columns - 2);
    text_fill(words, info->predicate, 0, area->columns - 2);
    g_auto(GStrv) lines = g_strsplit(words->str, "\n", -1);
    for (int i = 0; i + 2 < area->rows && lines[i] != NULL; i++)
        grid_put(area, 2 + i, 1, GRID_PLAIN, lines[i]);
}

static void draw(App *app, void *state, const GridArea *area)
{
    const Properties *view = state;
    int below = area->rows - HEAD_ROWS - (int)view->n;
    if (view->n == 0 || below < BELOW_MIN)
        below = 0;
    GridArea list = grid_part(area, HEAD_ROWS, 0, area->rows - HEAD_ROWS - below, area->columns);
    GridArea foot = grid_part(area, HEAD_ROWS + (int)view->n, 0, below, area->columns);
    ListModel model = rows(app, state);

    grid_put(area, 0, ID_AT, GRID_FAINT, "property");
    grid_put(area, 0, VERDICT_AT, GRID_FAINT, "so far");
    grid_printf(area, 0, SINCE_AT, GRID_FAINT, "%*s", SINCE_WIDTH, "since");
    grid_put(area, 0, REASON_AT, GRID_FAINT, "because");
    list_draw(app, state, &model, &list);
    if (below > 0)
        draw_selected(app, view, &foot);
}

/* To where it became what it is; from there to where it flips next. */
static void go_to_flip(App *app, const Flip *flip)
{
    if (flip->at != app_position(app) && flip->at > 0) {
        app_go(app, flip->at);
        return;
    }
    const GArray *flips = story_flips(app_story(app));
    for (guint i = 0; i < flips->len; i++) {
        const Flip *next = &g_array_index(flips, Flip, i);
        if (next->property == flip->property && next->at > app_position(app)) {
            app_go(app, next->at);
            return;
        }
    }
    app_say(app, "%s does not flip after this.", property_info[flip->property].column);
}

static bool press(App *app, void *state, gunichar key)
{
    const Properties *view = state;
    if ((key != APP_KEY_ENTER && key != 'w') || view->list.selected >= view->n)
        return false;
    const Flip *flip = verdict_at(app, view, view->list.selected);
    if (key == 'w')
        go_to_flip(app, flip);
    else
        verdict_page_show(app, flip);
    return true;
}

static const KeyHelp keys[] = {
    { "Enter", "why" }, { "w", "where it flips" }, { "p P", "next, last flip" }, { NULL, NULL }
};

const View view_properties = { .key = '6',
                               .name = "properties",
                               .title = "Verdicts",
                               .state_size = sizeof(Properties),
                               .open = on_open,
                               .draw = draw,
                               .press = press,
                               .rows = rows,
                               .keys = keys };
