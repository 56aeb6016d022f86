/*
 * ui/dash/view_presence.c - subscriptions, documents, what users see, what the policy decided, who was notified.
 *
 * Knows:   the story.  The log (R15) is what left the Presence Server.
 */
#include "ui/dash/records.h"
#include "ui/dash/sections.h"
#include "ui/dash/views.h"

#include "ui/report.h"

#include <string.h>

typedef struct Presence {
    Sections sections;
} PresenceView;

static void on_close(App *app, void *state)
{
    sections_free(&((PresenceView *)state)->sections);
}

static void draw(App *app, void *state, const GridArea *area)
{
    static const struct {
        const char *heading;
        NowKind kind;
    } parts[] = { { "Subscriptions (Presence Server)", NOW_SUBSCRIPTIONS },
                  { "Documents", NOW_PUBLICATIONS },
                  { "What users see", NOW_DISPLAYS } };
    Sections *sections = &((PresenceView *)state)->sections;

    sections_begin(sections);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        sections_heading(sections, parts[i].heading);
        sections_records(sections, story_now(app_story(app), app_position(app), parts[i].kind));
    }
    sections_draw(app, sections, area);
}

static bool is_server(const char *node)
{
    return strcmp(node, "ps") == 0;
}

/* Decisions of policy and notifications up to the position. */
static void show_log(App *app)
{
    Story *story = app_story(app);
    g_autoptr(GString) text = g_string_new(NULL);

    for (TraceId id = 1; id <= app_position(app); id++) {
        const TraceRecord *r = trace_get(story_trace(story), id);
        bool sent = r->kind == TRACE_SEND && strcmp(r->message.label, "NOTIFY") == 0;
        if (!is_server(r->node) || !(sent || r->kind == TRACE_DECISION || r->kind == TRACE_SUBSCRIPTION))
            continue;
        g_autofree char *words = story_narration(story, id), *time = report_time(r->at);
        if (words[0] != '\0')
            g_string_append_printf(text, "%s  %s\n", time, words);
    }
    app_show_page(app, "Policy and log of the Presence Server", text->len > 0 ? text->str : "Nothing so far.");
}

static bool press(App *app, void *state, gunichar key)
{
    Sections *sections = &((PresenceView *)state)->sections;
    TraceId selected = sections_selected(sections);
    if (key == APP_KEY_ENTER && selected != 0) {
        record_page(app, trace_get(story_trace(app_story(app)), selected), false);
        return true;
    }
    if (key == 'o') {
        show_log(app);
        return true;
    }
    return sections_press(sections, key);
}

static bool search(App *app, void *state, const char *text)
{
    return sections_search(app, &((PresenceView *)state)->sections, text);
}

static const KeyHelp keys[] = { { "Enter", "open" }, { "o", "policy and log" }, { NULL, NULL } };

const View view_presence = { .key = '4',
                             .name = "presence",
                             .title = "Presence",
                             .state_size = sizeof(PresenceView),
                             .close = on_close,
                             .draw = draw,
                             .press = press,
                             .search = search,
                             .keys = keys };
