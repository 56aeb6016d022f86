/*
 * ui/dash/view_presence.c - subscriptions, documents, what users see, what the policy decided, who was notified.
 *
 * Knows:   the story.  The log (R15) is what left the Presence Server and what was answered.
 */
#include "ui/dash/message_page.h"
#include "ui/dash/records.h"
#include "ui/dash/sections.h"
#include "ui/dash/views.h"

#include <string.h>

#define SERVER "ps"

typedef struct Presence {
    Sections sections;    /* first: its rows find it there */
    GArray *policy, *log; /* TraceId */
} PresenceView;

static bool is_notification(const TraceRecord *r)
{
    return r->kind == TRACE_SEND && r->message.protocol == TRACE_SIP && strcmp(r->message.label, "NOTIFY") == 0;
}

static bool is_policy(const TraceRecord *r)
{
    return r->kind == TRACE_DECISION || r->kind == TRACE_DROP;
}

static GArray *those(Story *story, bool (*wanted)(const TraceRecord *r))
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(TraceId));
    const GArray *all = story_of_node(story, SERVER);
    for (guint i = 0; i < all->len; i++) {
        TraceId id = positions_get(all, i);
        if (wanted(trace_get(story_trace(story), id)))
            g_array_append_val(found, id);
    }
    return found;
}

static void on_open(App *app, void *state)
{
    PresenceView *view = state;
    view->policy = those(app_story(app), is_policy);
    view->log = those(app_story(app), is_notification);
}

static void on_close(App *app, void *state)
{
    PresenceView *view = state;
    sections_free(&view->sections);
    g_array_unref(view->policy);
    g_array_unref(view->log);
}

static void prepare(App *app, void *state)
{
    PresenceView *view = state;
    if (!sections_begin(app, &view->sections))
        return;
    sections_now(app, &view->sections, "Subscriptions", NOW_SUBSCRIPTIONS);
    sections_now(app, &view->sections, "Documents", NOW_PUBLICATIONS);
    sections_now(app, &view->sections, "What users see", NOW_DISPLAYS);
    sections_past(app, &view->sections, "Policy decided", view->policy);
    sections_past(app, &view->sections, "Notified", view->log);
}

static void draw(App *app, void *state, const GridArea *area)
{
    sections_draw(app, state, area);
}

static ListModel rows(App *app, void *state)
{
    return sections_rows(state);
}

static bool press(App *app, void *state, gunichar key)
{
    const TraceRecord *selected = sections_selected(app, state);
    if (key != APP_KEY_ENTER || selected == NULL)
        return false;
    if (selected->kind == TRACE_SEND)
        message_page_show(app, selected->id);
    else
        record_page(app, selected, false);
    return true;
}

static const KeyHelp keys[] = { { "Enter", "open" }, { NULL, NULL } };

const View view_presence = { .key = '4',
                             .name = "presence",
                             .title = "Presence",
                             .state_size = sizeof(PresenceView),
                             .open = on_open,
                             .close = on_close,
                             .prepare = prepare,
                             .draw = draw,
                             .press = press,
                             .rows = rows,
                             .keys = keys };
