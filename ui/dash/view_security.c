/*
 * ui/dash/view_security.c - registrations, security associations, TLS connections and radio ciphers, as they stand; and
 *                           what was offered beside what was listed.
 *
 * Knows:   the story.
 */
#include "ui/dash/records.h"
#include "ui/dash/sections.h"
#include "ui/dash/views.h"

#include <string.h>

typedef struct Security {
    Sections sections;
} Security;

static void on_close(App *app, void *state)
{
    sections_free(&((Security *)state)->sections);
}

static void draw(App *app, void *state, const GridArea *area)
{
    static const struct {
        const char *heading;
        NowKind kind;
    } parts[] = { { "Registrations (S-CSCF)", NOW_REGISTRATIONS },
                  { "Security associations", NOW_SAS },
                  { "TLS connections", NOW_TLS },
                  { "Radio links", NOW_CIPHERS } };
    Sections *sections = &((Security *)state)->sections;

    sections_begin(sections);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        sections_heading(sections, parts[i].heading);
        sections_records(sections, story_now(app_story(app), app_position(app), parts[i].kind));
    }
    sections_draw(app, sections, area);
}

/* ---- offered and listed ---- */

/* The value of a header in a message; NULL: it is not there. */
static char *header_of(const TraceRecord *r, const char *name)
{
    g_autofree char *octets = g_strndup((const char *)r->message.octets, r->message.len);
    g_auto(GStrv) lines = g_strsplit(octets, "\r\n", -1);
    for (char **line = lines; *line != NULL && **line != '\0'; line++) {
        size_t len = strlen(name);
        if (g_ascii_strncasecmp(*line, name, len) == 0 && (*line)[len] == ':')
            return g_strdup(g_strstrip(*line + len + 1));
    }
    return NULL;
}

static void append_list(GString *text, const TraceRecord *r, const char *header, const char *what)
{
    g_autofree char *value = header_of(r, header);
    if (value == NULL)
        return;
    g_auto(GStrv) entries = g_strsplit(value, ",", -1);
    g_string_append_printf(text, "%s (%s, %s)\n", what, header, ladder_node_name(r->node));
    for (char **entry = entries; *entry != NULL; entry++)
        g_string_append_printf(text, "  %s\n", g_strstrip(*entry));
}

/* Of every registration up to the position, in order. */
static void show_lists(App *app)
{
    const Trace *trace = story_trace(app_story(app));
    g_autoptr(GString) text = g_string_new(NULL);

    for (TraceId id = 1; id <= app_position(app); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind != TRACE_SEND || r->message.protocol != TRACE_SIP)
            continue;
        bool first = ladder_sm(story_fold(app_story(app)), id) == 1;
        if (first)
            append_list(text, r, "Security-Client", "Offered in SM1");
        append_list(text, r, "Security-Server", "Listed in SM6");
        append_list(text, r, "Security-Verify", "Echoed in SM7");
    }
    app_show_page(app, "Lists of sec-agree (RFC 3329, TS 33.203 7.2)", text->len > 0 ? text->str : "None so far.");
}

static bool press(App *app, void *state, gunichar key)
{
    Sections *sections = &((Security *)state)->sections;
    TraceId selected = sections_selected(sections);
    if ((key == APP_KEY_ENTER || key == 'K') && selected != 0) {
        record_page(app, trace_get(story_trace(app_story(app)), selected), key == 'K');
        return true;
    }
    if (key == 'o') {
        show_lists(app);
        return true;
    }
    return sections_press(sections, key);
}

static bool search(App *app, void *state, const char *text)
{
    return sections_search(app, &((Security *)state)->sections, text);
}

static const KeyHelp keys[] = {
    { "Enter", "open" }, { "K", "with keys" }, { "o", "offered and listed" }, { NULL, NULL }
};

const View view_security = { .key = '3',
                             .name = "security",
                             .title = "Security",
                             .state_size = sizeof(Security),
                             .close = on_close,
                             .draw = draw,
                             .press = press,
                             .search = search,
                             .keys = keys };
