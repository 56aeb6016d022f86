/*
 * ui/dash/node_page.c - a node in full, a link in full.
 *
 * Source:  ui/dash/node_page.h.
 */
#include "ui/dash/node_page.h"

#include "ui/dash/records.h"
#include "ui/report.h"

#include <string.h>

enum { DECISIONS_MAX = 12, EVENTS_MAX = 30, MESSAGES_MAX = 60, LINE_WIDTH = 100 };

/* ---- a node ---- */

static void append_words(App *app, GString *text, TraceId id)
{
    g_autofree char *time = report_time(story_time(app_story(app), id)), *words = story_narration(app_story(app), id);
    if (words[0] != '\0')
        g_string_append_printf(text, "  %s  %s\n", time, words);
}

/* As the other views show it. */
static void append_row(App *app, GString *text, const TraceRecord *r)
{
    g_autoptr(Grid) grid = grid_new(1, LINE_WIDTH, false);
    GridArea row = grid_whole(grid);
    record_draw(app, r, &row);
    g_autofree char *line = grid_text(grid);
    g_string_append(text, line);
}

static void append_state(App *app, GString *text, const char *node)
{
    static const NowKind kinds[] = { NOW_REGISTRATIONS, NOW_SAS,          NOW_TLS,
                                     NOW_SUBSCRIPTIONS, NOW_PUBLICATIONS, NOW_DISPLAYS };
    gsize before = text->len;
    for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
        const GArray *records = story_now(app_story(app), app_position(app), kinds[k]);
        for (guint i = 0; i < records->len; i++) {
            const TraceRecord *r = trace_get(story_trace(app_story(app)), positions_get(records, i));
            if (strcmp(r->node, node) == 0)
                append_row(app, text, r);
        }
    }
    if (text->len == before)
        g_string_append(text, "  nothing so far\n");
}

/* The newest first. */
static void append_past(App *app, GString *text, const char *node, bool decisions, guint most)
{
    const GArray *positions = story_of_node(app_story(app), node);
    gsize before = text->len;
    for (guint i = positions_until(positions, app_position(app)); i > 0 && most > 0; i--) {
        TraceId id = positions_get(positions, i - 1);
        if ((trace_get(story_trace(app_story(app)), id)->kind == TRACE_DECISION) != decisions)
            continue;
        gsize len = text->len;
        append_words(app, text, id);
        most -= text->len > len;
    }
    if (text->len == before)
        g_string_append(text, "  nothing so far\n");
}

void node_page_show(App *app, const char *node)
{
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append(text, "# What it holds now\n\n");
    append_state(app, text, node);
    g_string_append(text, "\n# What it decided, the newest first\n\n");
    append_past(app, text, node, true, DECISIONS_MAX);
    g_string_append(text, "\n# What else it did, the newest first\n\n");
    append_past(app, text, node, false, EVENTS_MAX);
    app_show_page(app, g_str_has_prefix(node, "cell:") ? node : ladder_node_name(node), text->str);
}

/* ---- a link ---- */

void path_page_show(App *app, const Path *path)
{
    g_autoptr(GString) text = g_string_new("# Messages that crossed it, the newest first\n\n");
    guint n = positions_until(path->messages, app_position(app));

    for (guint i = n; i > 0 && n - i < MESSAGES_MAX; i--)
        append_words(app, text, positions_get(path->messages, i - 1));
    if (n == 0)
        g_string_append(text, "  nothing so far\n");
    app_show_page(app, path->name, text->str);
}
