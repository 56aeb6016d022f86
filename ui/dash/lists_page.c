/*
 * ui/dash/lists_page.c - the lists of sec-agree, offered beside listed.
 *
 * Source:  ui/dash/lists_page.h.
 */
#include "ui/dash/lists_page.h"

#include "ui/dash/records.h"
#include "ui/message_text.h"
#include "ui/report.h"

#include <string.h>

enum { LEFT_WIDTH = 37, SHOWN_MAX = 40 };

/* A registration: the records that sent and took its lists; 0: not yet. */
typedef struct Attempt {
    const char *user;
    TraceId sm1, sm1_came, sm6, sm6_came, sm7, sm7_came;
    TraceId sa; /* the first that the user made afterwards */
} Attempt;

/* ---- finding them ---- */

/* Whose registration a message is part of, an attacker's version of it included. */
static const char *owner_of(const Story *story, const TraceRecord *r)
{
    const Trace *trace = story_trace(story);
    while (r != NULL && r->kind != TRACE_SEND)
        r = trace_get(trace, r->cause);
    return r != NULL ? ladder_owner(story_fold(story), r->id) : NULL;
}

static Attempt *newest_of(GArray *attempts, const char *user)
{
    for (guint i = attempts->len; user != NULL && i > 0; i--) {
        Attempt *attempt = &g_array_index(attempts, Attempt, i - 1);
        if (strcmp(attempt->user, user) == 0)
            return attempt;
    }
    return NULL;
}

static void note_message(const Story *story, GArray *attempts, const TraceRecord *r)
{
    unsigned sm = ladder_sm(story_fold(story), r->id);
    bool sent = r->kind == TRACE_SEND;

    if (sm == 1 && sent) {
        Attempt fresh = { .user = r->node, .sm1 = r->id };
        g_array_append_val(attempts, fresh);
        return;
    }
    Attempt *attempt = sm == 1 || sm == 6 || sm == 7 ? newest_of(attempts, owner_of(story, r)) : NULL;
    if (attempt == NULL)
        return;
    TraceId *places[] = { &attempt->sm1,      &attempt->sm1_came, &attempt->sm6,
                          &attempt->sm6_came, &attempt->sm7,      &attempt->sm7_came };
    TraceId *place = places[(sm == 1 ? 0 : sm == 6 ? 2 : 4) + (sent ? 0 : 1)];
    if (*place == 0)
        *place = r->id;
}

static GArray *find(const Story *story, TraceId until)
{
    GArray *attempts = g_array_new(FALSE, FALSE, sizeof(Attempt));
    for (TraceId id = 1; id <= until; id++) {
        const TraceRecord *r = trace_get(story_trace(story), id);
        if ((r->kind == TRACE_SEND || r->kind == TRACE_RECEIVE) && r->message.protocol == TRACE_SIP)
            note_message(story, attempts, r);
        Attempt *made = r->kind == TRACE_SA && r->sa.made ? newest_of(attempts, r->node) : NULL;
        if (made != NULL && made->sa == 0)
            made->sa = id;
    }
    return attempts;
}

/* ---- showing them ---- */

/* The value of a header there; "" when there is no such message or header. */
static char *list_of(const Story *story, TraceId id, const char *header)
{
    const TraceRecord *r = trace_get(story_trace(story), id);
    char *value = r != NULL ? message_header(r, header) : NULL;
    return value != NULL ? value : g_strdup("");
}

/* "hmac-sha-1-96, des-ede3-cbc" of an entry of IPsec; "tls" */
static char *algorithms_of(const char *entry)
{
    g_autofree char *alg = message_parameter(entry, "alg"), *ealg = message_parameter(entry, "ealg");
    if (alg == NULL)
        return g_strndup(entry, strcspn(entry, ";"));
    return g_strdup_printf("%s, %s", alg, ealg == NULL || strcmp(ealg, "null") == 0 ? "NULL" : ealg);
}

/* Lines of what a list says, what matters first. */
static GPtrArray *lines_of(const char *list)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) entries = g_strsplit(list, ",", -1);
    for (char **entry = entries; *entry != NULL && list[0] != '\0'; entry++) {
        g_autofree char *algorithms = algorithms_of(g_strstrip(*entry));
        g_ptr_array_add(lines, g_strdup_printf("%u. %s", lines->len + 1, algorithms));
    }
    g_autofree char *spi_c = message_parameter(list, "spi-c"), *spi_s = message_parameter(list, "spi-s");
    g_autofree char *port_c = message_parameter(list, "port-c"), *port_s = message_parameter(list, "port-s");
    if (spi_c != NULL && spi_s != NULL)
        g_ptr_array_add(lines, g_strdup_printf("   SPI c %s, s %s", spi_c, spi_s));
    if (port_c != NULL && port_s != NULL)
        g_ptr_array_add(lines, g_strdup_printf("   port c %s, s %s", port_c, port_s));
    if (list[0] == '\0')
        g_ptr_array_add(lines, g_strdup("no list"));
    return lines;
}

static void append_beside(GString *text, const GPtrArray *left, const GPtrArray *right)
{
    for (guint i = 0; i < MAX(left->len, right->len); i++)
        g_string_append_printf(text, "  %-*s%s\n", LEFT_WIDTH, i < left->len ? (char *)left->pdata[i] : "",
                               i < right->len ? (char *)right->pdata[i] : "");
}

/* Only when somebody changed it. */
static void append_changed(const Story *story, GString *text, TraceId sent, TraceId came, const char *header)
{
    g_autofree char *before = list_of(story, sent, header), *after = list_of(story, came, header);
    const TraceRecord *r = trace_get(story_trace(story), came);
    if (r == NULL || strcmp(before, after) == 0)
        return;
    g_autoptr(GPtrArray) lines = lines_of(after);
    g_string_append_printf(text, "\n  ! On the way it was changed; %s gets\n", ladder_node_name(r->node));
    for (guint i = 0; i < lines->len; i++)
        g_string_append_printf(text, "    %s\n", (char *)lines->pdata[i]);
}

static void append_echo(const Story *story, GString *text, const Attempt *attempt)
{
    g_autofree char *listed = list_of(story, attempt->sm6, "Security-Server");
    g_autofree char *echoed = list_of(story, attempt->sm7_came, "Security-Verify");
    const TraceRecord *sa = trace_get(story_trace(story), attempt->sa);

    if (attempt->sm7_came != 0)
        g_string_append_printf(text, "\n  Echoed in SM7: %s what was listed.\n",
                               strcmp(listed, echoed) == 0 ? "exactly" : "! not");
    if (sa != NULL)
        g_string_append_printf(text, "  %s chose %s, %s.\n", attempt->user, sa->sa.alg,
                               strcmp(sa->sa.ealg, "null") == 0 ? "NULL: nothing is encrypted" : sa->sa.ealg);
}

static void append_attempt(const Story *story, GString *text, const Attempt *attempt)
{
    g_autofree char *time = report_time(story_time(story, attempt->sm1));
    g_autofree char *offered = list_of(story, attempt->sm1, "Security-Client");
    g_autofree char *listed = list_of(story, attempt->sm6, "Security-Server");
    g_autoptr(GPtrArray) left = lines_of(offered), right = lines_of(listed);

    g_string_append_printf(text, "# %s at %s\n\n", attempt->user, time);
    g_string_append_printf(text, "  %-*s%s\n", LEFT_WIDTH, "Offered in SM1",
                           attempt->sm6 != 0 ? "Listed in SM6" : "No SM6 so far");
    append_beside(text, left, right);
    append_changed(story, text, attempt->sm1, attempt->sm1_came, "Security-Client");
    append_changed(story, text, attempt->sm6, attempt->sm6_came, "Security-Server");
    append_echo(story, text, attempt);
    g_string_append_c(text, '\n');
}

void lists_page_show(App *app)
{
    const Story *story = app_story(app);
    g_autoptr(GArray) attempts = find(story, app_position(app));
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = attempts->len; i > 0 && attempts->len - i < SHOWN_MAX; i--)
        append_attempt(story, text, &g_array_index(attempts, Attempt, i - 1));
    if (attempts->len == 0)
        g_string_append(text, "Nobody has begun to register.");
    else if (attempts->len > SHOWN_MAX)
        g_string_append_printf(text, "The %u registrations before are not shown.\n", attempts->len - SHOWN_MAX);
    app_show_page(app, "Lists of sec-agree (RFC 3329; TS 33.203 \u00a77.2)", text->str);
}
