/*
 * ui/dash/message_page.c - a message in full.
 *
 * Source:  ui/dash/message_page.h.
 */
#include "ui/dash/message_page.h"

#include "ui/decode_text.h"
#include "ui/report.h"
#include "ui/text.h"

#include <string.h>

enum { DUMP_ROW = 16 };

static void append_observers(App *app, GString *text, const TraceRecord *r)
{
    const Story *story = app_story(app);
    const Trace *trace = story_trace(story);
    g_autofree char *sight = r->kind == TRACE_SEND ? ladder_sight(story_fold(story), r->id) : g_strdup("");
    bool any = false;

    g_string_append_printf(text, "On its way:  %s\n", sight[0] != '\0' ? sight : "not recorded");
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *learn = trace_get(trace, id);
        if (learn->kind != TRACE_LEARN || learn->cause != r->id)
            continue;
        g_string_append_printf(text, "%s %s reads %s: %s, %s\n",
                               any ? "            " : "Who reads:  ", learn->learn.attacker, learn->learn.what,
                               learn->learn.text, learn->learn.how);
        any = true;
    }
    if (!any)
        g_string_append(text, "Who reads:   no attacker of this run read anything in it\n");
}

static void append_octets(GString *text, const uint8_t *octets, size_t len)
{
    for (size_t at = 0; at < len; at += DUMP_ROW) {
        g_string_append_printf(text, "%05zx  ", at);
        for (size_t i = at; i < at + DUMP_ROW; i++)
            g_string_append_printf(text, i < len ? "%02x " : "   ", i < len ? octets[i] : 0u);
        g_string_append_c(text, ' ');
        for (size_t i = at; i < MIN(at + DUMP_ROW, len); i++)
            g_string_append_c(text, g_ascii_isprint(octets[i]) ? (char)octets[i] : '.');
        g_string_append_c(text, '\n');
    }
}

/* Text as it stands; the octets below say what was not text. */
static void append_as_text(GString *text, const TraceRecord *r)
{
    if (r->message.protocol != TRACE_SIP)
        return;
    g_autoptr(GString) lines = g_string_new_len((const char *)r->message.octets, r->message.len);
    g_string_replace(lines, "\r\n", "\n", 0);
    g_string_append(text, "\nAs text\n\n");
    text_visible(text, lines->str, lines->len);
    if (text->str[text->len - 1] != '\n')
        g_string_append_c(text, '\n');
}

void message_page_show(App *app, TraceId id)
{
    const Story *story = app_story(app);
    const TraceRecord *r = trace_get(story_trace(story), id);
    g_autofree char *label = ladder_label(story_fold(story), id), *time = report_time(r->at);
    g_autofree char *structure = decode_text(r->message.protocol, r->message.octets, r->message.len);
    g_autofree char *title = g_strdup_printf("%s, %u octets", label, r->message.len);
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_printf(text, "%s:        %s %s %s at %s\n", r->kind == TRACE_SEND ? "Sent" : "Came",
                           ladder_node_name(r->node), r->kind == TRACE_SEND ? "to" : "from",
                           ladder_node_name(r->message.peer), time);
    g_string_append_printf(text, "Protection:  %s\n", r->message.protection);
    append_observers(app, text, r);
    if (structure[0] != '\0')
        g_string_append_printf(text, "\nStructure\n\n%s", structure);
    append_as_text(text, r);
    g_string_append(text, "\nOctets\n\n");
    append_octets(text, r->message.octets, r->message.len);
    app_show_page(app, title, text->str);
}
