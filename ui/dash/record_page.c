/*
 * ui/dash/record_page.c - a record in full, and what led to it.
 *
 * Source:  ui/dash/records.h.
 * Knows:   the members of records.
 */
#include "ui/dash/records.h"

#include "scenarios/because.h"
#include "ui/report.h"

#include <string.h>

enum { NAME_WIDTH = 14, KEY_LEN = 16 };

static void append(GString *text, const char *name, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void append(GString *text, const char *name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *value = g_strdup_vprintf(format, args);
    va_end(args);
    g_string_append_printf(text, "%-*s%s\n", NAME_WIDTH, name, value[0] != '\0' ? value : "-");
}

static void append_hex(GString *text, const char *name, const uint8_t *octets, size_t len)
{
    g_autoptr(GString) hex = g_string_new(NULL);
    for (size_t i = 0; i < len; i++)
        g_string_append_printf(hex, "%02x", octets[i]);
    append(text, name, "%s", hex->str);
}

static void append_end(App *app, GString *text, const char *name, const char *address)
{
    g_autofree char *host = record_host(app_story(app), address), *port = g_strdup(strchr(address, ' '));
    append(text, name, "%s, port%s (%.*s)", host, port != NULL ? port : " -", (int)strcspn(address, " "), address);
}

static void append_sa(App *app, GString *text, const TraceRecord *r, bool keys)
{
    uint32_t highest = story_sequence(app_story(app), app_position(app), r);

    append(text, "SPI", "%u (0x%08x)", r->sa.spi, r->sa.spi);
    append(text, "user", "%s", r->sa.user);
    append_end(app, text, "from", r->sa.src);
    append_end(app, text, "to", r->sa.dst);
    append(text, "encryption", "%s", strcmp(r->sa.ealg, "null") == 0 ? "NULL: everybody reads along" : r->sa.ealg);
    append(text, "integrity", "%s", r->sa.alg);
    if (highest > 0)
        append(text, "window", "the highest sequence number on the wire so far is %u", highest);
    else
        append(text, "window", "no packet on the wire so far");
    append(text, "lifetime", "from here on until it is deleted; the trace does not tell the time agreed on");
    if (keys && r->sa.keys != NULL) {
        append_hex(text, "IK", r->sa.keys, KEY_LEN);
        append_hex(text, "CK", r->sa.keys + KEY_LEN, KEY_LEN);
    } else {
        append(text, "keys", "K in the list shows them");
    }
}

static void append_registration(GString *text, const TraceRecord *r)
{
    g_autofree char *until = report_time(r->at + r->registration.expires * SIM_SEC);
    append(text, "IMPI", "%s", r->registration.impi);
    append(text, "IMPU", "%s", r->registration.impu);
    append(text, "contact", "%s", r->registration.contact);
    append(text, "lifetime", "%" G_GINT64_FORMAT " s, until %s", r->registration.expires, until);
    append(text, "indicated", "integrity %s, confidentiality %s", r->registration.integrity ? "yes" : "no",
           r->registration.confidentiality ? "yes" : "no");
}

static void append_tls(App *app, GString *text, const TraceRecord *r)
{
    append(text, "connection", "%u of %s", r->tls.connection, ladder_node_name(r->node));
    append_end(app, text, "with", r->tls.peer);
    append(text, "version", "%s", r->tls.version);
    append(text, "suite", "%s", r->tls.suite);
    append(text, "certificate", "%s", r->tls.certificate[0] != '\0' ? r->tls.certificate : "the other shows none");
    if (!r->tls.open)
        append(text, "ended", "%s", r->tls.text);
}

static void append_subscription(GString *text, const TraceRecord *r)
{
    append(text, "watcher", "%s", r->subscription.watcher);
    append(text, "presentity", "%s", r->subscription.presentity);
    append(text, "package", "%s", r->subscription.package);
    append(text, "state", "%s (%s)", r->subscription.state, r->subscription.event);
    append(text, "contact", "%s", r->subscription.contact);
}

static void append_learned(GString *text, const TraceRecord *r)
{
    append(text, "attacker", "%s", r->learn.attacker);
    append(text, "learns", "%s", r->learn.what);
    append(text, "which is", "%s", r->learn.text);
    append(text, "how", "%s", r->learn.how);
    if (r->learn.frame > 0)
        append(text, "from packet", "%" G_GUINT64_FORMAT, r->learn.frame);
    else
        append(text, "from packet", "none: worked out");
}

static void append_move(GString *text, const TraceRecord *r)
{
    append(text, "attacker", "%s", r->move.attacker);
    append(text, "verb", "%s", r->move.verb);
    append(text, "does", "%s", r->move.text);
    if (r->move.frame > 0)
        append(text, "on packet", "%" G_GUINT64_FORMAT, r->move.frame);
}

static void append_members(App *app, GString *text, const TraceRecord *r, bool keys)
{
    switch (r->kind) {
    case TRACE_SA: append_sa(app, text, r, keys); break;
    case TRACE_TLS: append_tls(app, text, r); break;
    case TRACE_REGISTRATION: append_registration(text, r); break;
    case TRACE_SUBSCRIPTION: append_subscription(text, r); break;
    case TRACE_LEARN: append_learned(text, r); break;
    case TRACE_MOVE: append_move(text, r); break;
    case TRACE_CIPHER:
        append(text, "link", "%s", r->cipher.link);
        append(text, "cipher", "%s", r->cipher.cipher);
        break;
    case TRACE_DECISION:
        append(text, "rule", "%s", r->decision.rule);
        append(text, "clause", "%s", r->decision.clause);
        break;
    case TRACE_OUTCOME:
        append(text, "action", "%s", r->outcome.action);
        append(text, "target", "%s", r->outcome.target);
        append(text, "status", "%d", r->outcome.status);
        append(text, "text", "%s", r->outcome.text);
        break;
    case TRACE_DROP:
        append(text, "cause", "%s", r->drop.cause);
        append(text, "text", "%s", r->drop.text);
        break;
    case TRACE_PUBLICATION:
        append(text, "publisher", "%s", r->publication.publisher);
        append(text, "presentity", "%s", r->publication.presentity);
        append(text, "etag", "%s", r->publication.etag);
        g_string_append_printf(text, "\n# Document\n\n%s\n", r->publication.document);
        break;
    case TRACE_DISPLAY: g_string_append_printf(text, "# Content\n\n%s\n", r->display.content); break;
    case TRACE_SEND:
    case TRACE_RECEIVE:
    case TRACE_FRAME:
    case TRACE_N_KINDS: break;
    }
}

void record_page(App *app, const TraceRecord *r, bool keys)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *words = story_narration(app_story(app), r->id), *time = report_time(r->at);
    g_autofree char *title = g_strdup_printf("%s at %s", ladder_node_name(r->node), time);
    g_auto(GStrv) because = because_chain(story_trace(app_story(app)), r->id);

    if (words[0] != '\0')
        g_string_append_printf(text, "%s\n\n", words);
    append_members(app, text, r, keys);
    if (because != NULL && because[0] != NULL)
        g_string_append(text, "\n# Because\n\n");
    for (char **why = because; why != NULL && *why != NULL; why++)
        g_string_append_printf(text, "- %s\n", *why);
    app_show_page(app, title, text->str);
}
