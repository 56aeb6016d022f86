/*
 * ui/dash/records.c - state records as lines.
 *
 * Source:  ui/dash/records.h.
 */
#include "ui/dash/records.h"

#include "ui/ladder_notes.h"
#include "ui/report.h"

#include <string.h>

enum { PAIR_WIDTH = 21, WHEN_WIDTH = 13, TEXT_MAX = 120 };

/* ---- names ---- */

char *record_name(const char *uri)
{
    const char *start = strchr(uri, ':');
    start = start != NULL ? start + 1 : uri;
    return g_strndup(start, strcspn(start, ".@"));
}

char *record_host(const Story *story, const char *address)
{
    const char *host = story_host(story, address);
    return host != NULL ? g_strdup(ladder_node_name(host)) : g_strndup(address, strcspn(address, " "));
}

static const char *port_of(const char *address)
{
    const char *blank = strchr(address, ' ');
    return blank != NULL ? blank + 1 : "";
}

bool protection_encrypts(const char *protection)
{
    return protection[0] != '\0' && strcmp(protection, "clear") != 0 && strcmp(protection, "none") != 0 &&
           strstr(protection, " null ") == NULL && strstr(protection, "NULL") == NULL;
}

char *protection_short(const char *protection)
{
    const char *second = strchr(protection, ' ');
    return g_strndup(protection,
                     second != NULL ? (gsize)(second + 1 - protection) + strcspn(second + 1, " ") : strlen(protection));
}

/* ---- lines ---- */

/* The number of a list's column where the next begins: a text that is too long pushes nothing, it is cut. */
static int put_cell(const GridArea *row, int column, int width, GridStyle style, const char *text)
{
    GridArea cell = grid_part(row, 0, column, 1, width - 1);
    grid_put(&cell, 0, 0, style, text);
    return column + width;
}

static int put_pair(const GridArea *row, int column, GridStyle style, const char *a, const char *arrow, const char *b)
{
    g_autofree char *pair = g_strdup_printf("%s %s %s", a, arrow, b);
    return put_cell(row, column, PAIR_WIDTH, style, pair);
}

static GridStyle style_of_protection(bool encrypted)
{
    return encrypted ? GRID_GOOD : GRID_BAD;
}

static void draw_sa(App *app, const TraceRecord *r, const GridArea *row, GridStyle style)
{
    const Story *story = app_story(app);
    g_autofree char *from = record_host(story, r->sa.src), *to = record_host(story, r->sa.dst);
    g_autofree char *ports = g_strdup_printf("%s>%s", port_of(r->sa.src), port_of(r->sa.dst));
    g_autofree char *spi = g_strdup_printf("%u", r->sa.spi);
    uint32_t highest = story_sequence(story, app_position(app), r);
    g_autofree char *sequence = highest > 0 ? g_strdup_printf("%u", highest) : g_strdup("-");
    bool null = strcmp(r->sa.ealg, "null") == 0;

    int column = put_pair(row, 2, style, from, ">", to);
    column = put_cell(row, column, 12, style, ports);
    column = put_cell(row, column, 11, style, spi);
    column =
        put_cell(row, column, 13, style == GRID_NEW ? style : style_of_protection(!null), null ? "NULL" : r->sa.ealg);
    column = put_cell(row, column, 14, style, r->sa.alg);
    grid_put(row, 0, column, style, sequence);
}

static void draw_tls(App *app, const TraceRecord *r, const GridArea *row, GridStyle style)
{
    static const char suite_prefix[] = "TLS_";
    g_autofree char *to = record_host(app_story(app), r->tls.peer);
    const char *suite =
        g_str_has_prefix(r->tls.suite, suite_prefix) ? r->tls.suite + strlen(suite_prefix) : r->tls.suite;
    GridStyle protection = style_of_protection(strstr(r->tls.suite, "NULL") == NULL);

    int column = put_pair(row, 2, style, ladder_node_name(r->node), "-", to);
    column = put_cell(row, column, 9, style, r->tls.version);
    column = put_cell(row, column, 29, style == GRID_NEW ? style : protection, suite);
    grid_put(row, 0, column, style, r->tls.certificate[0] != '\0' ? r->tls.certificate : "no certificate");
}

static void draw_registration(const TraceRecord *r, const GridArea *row, GridStyle style)
{
    g_autofree char *name = record_name(r->registration.impu);
    g_autofree char *until = report_time(r->at + r->registration.expires * SIM_SEC);
    bool confidential = r->registration.confidentiality;

    int column = put_cell(row, 2, PAIR_WIDTH, style, name);
    column = put_cell(row, column, WHEN_WIDTH + 3, style, until);
    column = put_cell(row, column, 11, style, r->registration.integrity ? "yes" : "no");
    column =
        put_cell(row, column, 17, style == GRID_NEW || confidential ? style : GRID_BAD, confidential ? "yes" : "no");
    grid_put(row, 0, column, style, r->registration.contact);
}

static void draw_cipher(const TraceRecord *r, const GridArea *row, GridStyle style)
{
    bool on = strcmp(r->cipher.cipher, "none") != 0;
    int column = put_cell(row, 2, PAIR_WIDTH, style, r->cipher.link);
    grid_put(row, 0, column, style == GRID_NEW ? style : style_of_protection(on),
             on ? r->cipher.cipher : "not ciphered");
}

static void draw_subscription(const TraceRecord *r, const GridArea *row, GridStyle style)
{
    g_autofree char *watcher = record_name(r->subscription.watcher);
    g_autofree char *presentity = record_name(r->subscription.presentity);

    int column = put_pair(row, 2, style, watcher, ">", presentity);
    column = put_cell(row, column, 16, style, r->subscription.package);
    column = put_cell(row, column, 12, style, r->subscription.state);
    grid_put(row, 0, column, style, r->subscription.event);
}

static void draw_publication(const TraceRecord *r, const GridArea *row, GridStyle style)
{
    g_autofree char *presentity = record_name(r->publication.presentity);
    g_autofree char *publisher = record_name(r->publication.publisher);
    g_autofree char *content = ladder_content(r->publication.document);
    g_autofree char *size = g_strdup_printf("%zu octets", strlen(r->publication.document));

    int column = put_pair(row, 2, style, presentity, "<", publisher);
    column = put_cell(row, column, 13, style, r->publication.etag);
    column = put_cell(row, column, 13, style, size);
    grid_put(row, 0, column, style, content);
}

static void draw_display(const TraceRecord *r, const GridArea *row, GridStyle style)
{
    g_autofree char *from = record_name(r->display.from), *content = ladder_content(r->display.content);
    int column = put_pair(row, 2, style, ladder_node_name(r->node), "<", from);
    grid_put(row, 0, column, style, content);
}

const char *record_columns(NowKind kind)
{
    switch (kind) {
    case NOW_REGISTRATIONS: return "until           integrity  confidentiality  contact";
    case NOW_SAS: return "ports       SPI        encryption   integrity     seq.";
    case NOW_TLS: return "version  suite                        the other shows";
    case NOW_CIPHERS: return "cipher";
    case NOW_SUBSCRIPTIONS: return "package         state       by";
    case NOW_PUBLICATIONS: return "etag         size         content";
    case NOW_DISPLAYS: return "content";
    case NOW_N: break;
    }
    return "";
}

/* A time, and the sentence of the record. */
static void draw_words(App *app, const TraceRecord *r, const GridArea *row, GridStyle style)
{
    g_autofree char *time = report_time(r->at), *words = story_narration(app_story(app), r->id);
    grid_printf(row, 0, 2, style == GRID_NEW ? style : GRID_FAINT, "%*s", WHEN_WIDTH - 3, time);
    grid_put(row, 0, WHEN_WIDTH + 1, style, words);
}

void record_draw(App *app, const TraceRecord *r, const GridArea *row)
{
    GridStyle style = app_is_new(app, r->id) ? GRID_NEW : GRID_PLAIN;

    if (style == GRID_NEW)
        grid_put(row, 0, 0, GRID_NEW, "*");
    switch (r->kind) {
    case TRACE_SA: draw_sa(app, r, row, style); break;
    case TRACE_TLS: draw_tls(app, r, row, style); break;
    case TRACE_REGISTRATION: draw_registration(r, row, style); break;
    case TRACE_CIPHER: draw_cipher(r, row, style); break;
    case TRACE_SUBSCRIPTION: draw_subscription(r, row, style); break;
    case TRACE_PUBLICATION: draw_publication(r, row, style); break;
    case TRACE_DISPLAY: draw_display(r, row, style); break;
    case TRACE_SEND:
    case TRACE_RECEIVE:
    case TRACE_FRAME:
    case TRACE_DECISION:
    case TRACE_OUTCOME:
    case TRACE_DROP:
    case TRACE_MOVE:
    case TRACE_LEARN: draw_words(app, r, row, style); break;
    case TRACE_N_KINDS: break;
    }
}

/* What is shown is what is searched: the row as it would be drawn. */
bool record_matches(App *app, const TraceRecord *r, const char *text)
{
    g_autoptr(Grid) grid = grid_new(1, TEXT_MAX, false);
    GridArea row = grid_whole(grid);
    record_draw(app, r, &row);
    g_autofree char *line = grid_text(grid);
    return strcasestr(line, text) != NULL;
}
