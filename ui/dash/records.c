/*
 * ui/dash/records.c - state records as lines and as pages.
 *
 * Source:  ui/dash/records.h.
 */
#include "ui/dash/records.h"

#include "scenarios/because.h"
#include "ui/report.h"

#include <string.h>

enum { NODE_WIDTH = 9 };

/* "sip:alice.x8f3...@home.example" -> "alice.x8f3" would still be long: the part before the canary is enough. */
static char *short_name(const char *uri)
{
    const char *start = strchr(uri, ':');
    start = start != NULL ? start + 1 : uri;
    return g_strndup(start, strcspn(start, ".@"));
}

static GridStyle style_of_protection(bool encrypted)
{
    return encrypted ? GRID_GOOD : GRID_BAD;
}

static char *line_of(const TraceRecord *r)
{
    g_autofree char *a = NULL, *b = NULL;
    switch (r->kind) {
    case TRACE_SA:
        return g_strdup_printf("SPI %-10u %s %s  %s > %s", r->sa.spi, r->sa.ealg, r->sa.alg, r->sa.src, r->sa.dst);
    case TRACE_TLS:
        return g_strdup_printf("connection %u  %s %s  with %s%s%s", r->tls.connection, r->tls.version, r->tls.suite,
                               r->tls.peer, r->tls.certificate[0] ? ", who is " : "", r->tls.certificate);
    case TRACE_REGISTRATION:
        a = short_name(r->registration.impu);
        return g_strdup_printf("%s at %s for %" G_GINT64_FORMAT " s; integrity %s, confidentiality %s", a,
                               r->registration.contact, r->registration.expires,
                               r->registration.integrity ? "yes" : "no",
                               r->registration.confidentiality ? "yes" : "no");
    case TRACE_CIPHER: return g_strdup_printf("%s  %s", r->cipher.link, r->cipher.cipher);
    case TRACE_SUBSCRIPTION:
        a = short_name(r->subscription.watcher);
        b = short_name(r->subscription.presentity);
        return g_strdup_printf("%s watches %s  %s  %s (%s)", a, b, r->subscription.package, r->subscription.state,
                               r->subscription.event);
    case TRACE_PUBLICATION:
        a = short_name(r->publication.presentity);
        b = short_name(r->publication.publisher);
        return g_strdup_printf("%s  published by %s  etag %s  %zu octets", a, b, r->publication.etag,
                               strlen(r->publication.document));
    case TRACE_DISPLAY:
        b = short_name(r->display.from);
        return g_strdup_printf("%s shows of %s: %s", r->display.user, b, r->display.content);
    default: return g_strdup("");
    }
}

static GridStyle style_of(const TraceRecord *r)
{
    switch (r->kind) {
    case TRACE_SA: return style_of_protection(strcmp(r->sa.ealg, "null") != 0);
    case TRACE_TLS: return style_of_protection(strstr(r->tls.suite, "NULL") == NULL);
    case TRACE_CIPHER: return style_of_protection(strcmp(r->cipher.cipher, "none") != 0);
    default: return GRID_PLAIN;
    }
}

void record_draw(App *app, const TraceRecord *r, const GridArea *row)
{
    bool now = r->id == app_position(app);
    g_autofree char *line = line_of(r);
    GridArea node = grid_part(row, 0, 2, 1, NODE_WIDTH);

    grid_put(row, 0, 0, GRID_NEW, now ? "*" : " ");
    grid_put(&node, 0, 0, GRID_TITLE, ladder_node_name(r->node));
    grid_put(row, 0, 2 + NODE_WIDTH + 1, now ? GRID_NEW : style_of(r), line);
}

bool record_matches(App *app, const TraceRecord *r, const char *text)
{
    g_autofree char *line = line_of(r);
    return strcasestr(line, text) != NULL || strcasestr(ladder_node_name(r->node), text) != NULL;
}

/* ---- pages ---- */

static void append_hex(GString *text, const char *name, const uint8_t *octets, size_t len)
{
    g_string_append_printf(text, "%-13s", name);
    for (size_t i = 0; i < len; i++)
        g_string_append_printf(text, "%02x", octets[i]);
    g_string_append_c(text, '\n');
}

static void append_members(GString *text, const TraceRecord *r, bool keys)
{
    switch (r->kind) {
    case TRACE_SA:
        g_string_append_printf(
            text,
            "SPI          %u (0x%08x)\nuser         %s\nintegrity    %s\nencryption   %s\nfrom         %s\n"
            "to           %s\n",
            r->sa.spi, r->sa.spi, r->sa.user, r->sa.alg, r->sa.ealg, r->sa.src, r->sa.dst);
        if (keys && r->sa.keys != NULL) {
            append_hex(text, "IK", r->sa.keys, 16);
            append_hex(text, "CK", r->sa.keys + 16, 16);
        } else {
            g_string_append(text, "keys         K in the list shows them\n");
        }
        break;
    case TRACE_PUBLICATION: g_string_append_printf(text, "document\n\n%s\n", r->publication.document); break;
    case TRACE_DISPLAY: g_string_append_printf(text, "content\n\n%s\n", r->display.content); break;
    case TRACE_SUBSCRIPTION:
        g_string_append_printf(text,
                               "watcher      %s\npresentity   %s\npackage      %s\nstate        %s\nevent        %s\n"
                               "contact      %s\n",
                               r->subscription.watcher, r->subscription.presentity, r->subscription.package,
                               r->subscription.state, r->subscription.event, r->subscription.contact);
        break;
    case TRACE_REGISTRATION:
        g_string_append_printf(
            text, "IMPI         %s\nIMPU         %s\ncontact      %s\nlifetime     %" G_GINT64_FORMAT " s\n",
            r->registration.impi, r->registration.impu, r->registration.contact, r->registration.expires);
        break;
    default: break;
    }
}

void record_page(App *app, const TraceRecord *r, bool keys)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *line = line_of(r), *time = report_time(r->at);
    g_autofree char *title = g_strdup_printf("%s at %s", ladder_node_name(r->node), time);
    g_auto(GStrv) because = because_chain(story_trace(app_story(app)), r->id);

    g_string_append_printf(text, "%s\n\n", line);
    append_members(text, r, keys);
    if (because != NULL && because[0] != NULL)
        g_string_append(text, "\nBecause\n");
    for (char **why = because; why != NULL && *why != NULL; why++)
        g_string_append_printf(text, "  %s\n", *why);
    app_show_page(app, title, text->str);
}
