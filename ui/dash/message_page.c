/*
 * ui/dash/message_page.c - a message in full.
 *
 * Source:  ui/dash/message_page.h.
 * Knows:   the story, the scenario's attackers.
 */
#include "ui/dash/message_page.h"

#include "ui/dash/places.h"
#include "ui/dash/records.h"
#include "ui/decode_text.h"
#include "ui/message_text.h"
#include "ui/report.h"

#include <string.h>

enum { DUMP_ROW = 16, DUMP_NARROW = 8, DUMP_WIDTH = 78 };

/* ---- on its way ---- */

typedef struct Crossing {
    const char *segment;
    uint64_t packet; /* the first */
    size_t octets;
    bool shown; /* somebody there could read it as it is */
} Crossing;

static Crossing *crossing_of(GArray *crossings, const TraceRecord *frame)
{
    for (guint i = 0; i < crossings->len; i++) {
        Crossing *crossing = &g_array_index(crossings, Crossing, i);
        if (strcmp(crossing->segment, frame->frame.segment) == 0)
            return crossing;
    }
    Crossing fresh = { .segment = frame->frame.segment, .packet = frame->frame.frame };
    g_array_append_val(crossings, fresh);
    return &g_array_index(crossings, Crossing, crossings->len - 1);
}

/* In order of crossing; the packets of one message over TCP are counted together. */
static GArray *crossings_of(const Story *story, const TraceRecord *sent)
{
    GArray *crossings = g_array_new(FALSE, FALSE, sizeof(Crossing));
    for (TraceId id = ladder_first_frame(story_fold(story), sent->id); id != 0;
         id = ladder_next_frame(story_fold(story), id)) {
        const TraceRecord *frame = trace_get(story_trace(story), id);
        Crossing *crossing = crossing_of(crossings, frame);
        crossing->octets += frame->frame.len;
        crossing->shown = crossing->shown || place_shows(frame, sent);
    }
    return crossings;
}

static char *listeners_of(const Story *story, const char *segment)
{
    const GPtrArray *attackers = story_scenario(story)->attackers;
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < attackers->len; i++) {
        const ScenarioAttacker *attacker = attackers->pdata[i];
        if (place_listens(attacker, segment))
            g_string_append_printf(names, "%s%s", names->len > 0 ? " " : "^ ", attacker->id);
    }
    return g_string_free(names, FALSE);
}

static void append_way(const Story *story, GString *text, const GArray *crossings)
{
    g_string_append(text, "\n# On its way\n\n");
    for (guint i = 0; i < crossings->len; i++) {
        const Crossing *crossing = &g_array_index(crossings, Crossing, i);
        g_autofree char *listeners = listeners_of(story, crossing->segment);
        g_string_append_printf(text, "  %-12s packet %-5" G_GUINT64_FORMAT " %5zu octets  %-12s  %s\n",
                               crossing->segment, crossing->packet, crossing->octets,
                               crossing->shown ? "in the clear" : "sealed", listeners);
    }
    if (crossings->len == 0)
        g_string_append(text, "  no packet of it was recorded\n");
}

/* ---- what each observer can read ---- */

static bool is_on_way(const ScenarioAttacker *attacker, const GArray *crossings)
{
    for (guint i = 0; i < crossings->len; i++)
        if (place_listens(attacker, g_array_index(crossings, Crossing, i).segment))
            return true;
    return false;
}

static bool append_readings(const Story *story, GString *text, const ScenarioAttacker *attacker, TraceId message)
{
    const GArray *gains = story_gains(story, attacker->id);
    bool any = false;
    for (guint i = positions_until(gains, message); i < gains->len; i++) {
        const TraceRecord *r = trace_get(story_trace(story), positions_get(gains, i));
        if (r->cause != message)
            continue;
        g_autofree char *time = report_time(r->at);
        g_string_append_printf(text, "  %-12s at %s reads the %s: %s, %s\n", attacker->id, time, r->learn.what,
                               r->learn.text, r->learn.how);
        any = true;
    }
    return any;
}

static void append_observers(const Story *story, GString *text, const TraceRecord *sent, const GArray *crossings)
{
    const GPtrArray *attackers = story_scenario(story)->attackers;
    g_string_append(text, "\n# What each observer reads in it\n\n");
    for (guint i = 0; i < attackers->len; i++) {
        const ScenarioAttacker *attacker = attackers->pdata[i];
        if (!append_readings(story, text, attacker, sent->id))
            g_string_append_printf(text, "  %-12s %s\n", attacker->id,
                                   is_on_way(attacker, crossings) ? "sees the packets and reads nothing in them"
                                                                  : "has no tap on its way");
    }
    if (attackers->len == 0)
        g_string_append(text, "  nobody listens in this scenario\n");
}

/* ---- what it is ---- */

static void append_octets(GString *text, const uint8_t *octets, size_t len, size_t row)
{
    for (size_t at = 0; at < len; at += row) {
        g_string_append_printf(text, "%04zx ", at);
        for (size_t i = at; i < at + row; i++)
            g_string_append_printf(text, i < len ? " %02x" : "   ", i < len ? octets[i] : 0u);
        g_string_append(text, "  ");
        for (size_t i = at; i < MIN(at + row, len); i++)
            g_string_append_c(text, g_ascii_isprint(octets[i]) ? (char)octets[i] : '.');
        g_string_append_c(text, '\n');
    }
}

/* Text as it stands; the octets below say what was not text. */
static void append_as_text(GString *text, const TraceRecord *r)
{
    if (r->message.protocol != TRACE_SIP)
        return;
    g_auto(GStrv) lines = message_lines(r);
    g_string_append(text, "\n# As it was sent\n\n");
    for (char **line = lines; *line != NULL; line++)
        g_string_append_printf(text, "%s%s\n", g_str_has_prefix(*line, "# ") ? " " : "", *line);
}

static void append_ends(const Story *story, GString *text, const TraceRecord *r)
{
    bool sent = r->kind == TRACE_SEND;
    g_autofree char *time = report_time(r->at), *peer = record_host(story, r->message.peer);
    g_string_append_printf(text, "%s %s %s at %s; %s\n", ladder_node_name(r->node),
                           sent ? "sends it to" : "gets it from", peer[0] != '\0' ? ladder_node_name(peer) : "somebody",
                           time, r->message.protection[0] != '\0' ? r->message.protection : "no protection of its own");
}

void message_page_show(App *app, TraceId id)
{
    const Story *story = app_story(app);
    const TraceRecord *r = trace_get(story_trace(story), id);
    g_autofree char *label = ladder_label(story_fold(story), id);
    g_autofree char *words = story_narration(app_story(app), id);
    g_autofree char *structure = decode_text(r->message.protocol, r->message.octets, r->message.len);
    g_autofree char *title = g_strdup_printf("%s, %u octets", label, r->message.len);
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_printf(text, "%s\n", words);
    append_ends(story, text, r);
    if (r->kind == TRACE_SEND) {
        g_autoptr(GArray) crossings = crossings_of(story, r);
        append_way(story, text, crossings);
        append_observers(story, text, r, crossings);
    }
    append_as_text(text, r);
    if (structure[0] != '\0')
        g_string_append_printf(text, "\n# As it is parsed\n\n%s", structure);
    g_string_append(text, "\n# Octets\n\n");
    append_octets(text, r->message.octets, r->message.len, app_columns(app) >= DUMP_WIDTH ? DUMP_ROW : DUMP_NARROW);
    app_show_page(app, title, text->str);
}
