/*
 * ui/ladder_notes.c - records as sentences.
 *
 * Source:  ui/ladder_notes.h.
 * Knows:   the kinds of records.
 */
#include "ui/ladder_notes.h"

#include "ui/text.h"

#include <string.h>

enum { CONTENT_LEN = 60 };

const char *const ladder_marks = "* decides, ! attacks, > learns, ~ state changes, = comes to the user, x drops.";

/* "alice.k3j9" of "sip:alice.k3j9@home.example". */
static char *short_identity(const char *identity)
{
    const char *colon = strchr(identity, ':');
    const char *start = colon ? colon + 1 : identity;
    return g_strndup(start, strcspn(start, "@;>"));
}

static const char *ealg_text(const char *ealg)
{
    return strcmp(ealg, "null") == 0 ? "NULL encryption" : ealg;
}

/* The two SAs of one set have two records, one after the other. */
static bool repeats_sa(const LadderFold *fold, const TraceRecord *r)
{
    const TraceRecord *before = trace_get(ladder_fold_trace(fold), r->id - 1);
    return before && before->kind == TRACE_SA && before->sa.made == r->sa.made && strcmp(before->node, r->node) == 0 &&
           strcmp(before->sa.user, r->sa.user) == 0 && before->cause == r->cause;
}

static void tell_sa(const TraceRecord *r, const char *node, GString *out)
{
    g_autofree char *user = short_identity(r->sa.user);
    if (r->sa.made)
        g_string_append_printf(out, "%s makes SAs for %s: %s, %s", node, user, r->sa.alg, ealg_text(r->sa.ealg));
    else
        g_string_append_printf(out, "%s deletes SAs of %s", node, user);
}

static void tell_cipher(const TraceRecord *r, GString *out)
{
    if (strcmp(r->cipher.cipher, "none") == 0)
        g_string_append_printf(out, "the radio link %s is not ciphered", r->cipher.link);
    else
        g_string_append_printf(out, "the radio link %s is ciphered with %s, up to the access network", r->cipher.link,
                               r->cipher.cipher);
}

static void tell_registration(const TraceRecord *r, const char *node, GString *out)
{
    g_autofree char *impu = short_identity(r->registration.impu);
    if (r->registration.made)
        g_string_append_printf(out, "%s registers %s for %" G_GINT64_FORMAT " s", node, impu, r->registration.expires);
    else
        g_string_append_printf(out, "%s removes the registration of %s", node, impu);
}

static void tell_subscription(const TraceRecord *r, const char *node, GString *out)
{
    g_autofree char *watcher = short_identity(r->subscription.watcher);
    g_autofree char *presentity = short_identity(r->subscription.presentity);
    g_string_append_printf(out, "%s: %s watching %s is now %s", node, watcher, presentity, r->subscription.state);
    if (r->subscription.event && *r->subscription.event)
        g_string_append_printf(out, " (%s)", r->subscription.event);
}

static void tell_publication(const TraceRecord *r, const char *node, GString *out)
{
    g_autofree char *presentity = short_identity(r->publication.presentity);
    g_autofree char *publisher = short_identity(r->publication.publisher);
    bool stored = *r->publication.document != '\0';
    g_string_append_printf(out, "%s %s the document of %s", node, stored ? "stores" : "removes", presentity);
    if (stored)
        g_string_append_printf(out, ", published by %s", publisher);
}

char *ladder_content(const char *document)
{
    g_autofree char *valid = g_utf8_make_valid(document, -1);
    g_autoptr(GString) plain = g_string_new(NULL);
    bool in_tag = false;
    for (const char *c = valid; *c; c++) {
        in_tag = in_tag ? *c != '>' : *c == '<';
        bool blank = in_tag || *c == '>' || g_ascii_isspace(*c);
        if (!blank)
            g_string_append_c(plain, *c);
        else if (plain->len > 0 && plain->str[plain->len - 1] != ' ')
            g_string_append_c(plain, ' ');
    }
    g_strchomp(plain->str);
    glong len = g_utf8_strlen(plain->str, -1);
    g_autofree char *start = g_utf8_substring(plain->str, 0, MIN(CONTENT_LEN, len));
    return g_strconcat(start, len > CONTENT_LEN ? "..." : "", NULL);
}

static void tell_display(const TraceRecord *r, const char *node, GString *out)
{
    g_autofree char *from = short_identity(r->display.from);
    g_autofree char *content = ladder_content(r->display.content);
    g_string_append_printf(out, "%s shows of %s: \"%s\"", node, from, content);
}

static void tell_outcome(const TraceRecord *r, const char *node, GString *out)
{
    g_string_append_printf(out, "%s: %s", node, r->outcome.action);
    if (r->outcome.target && *r->outcome.target) {
        g_autofree char *target = short_identity(r->outcome.target);
        g_string_append_printf(out, " %s", target);
    }
    if (r->outcome.status > 0)
        g_string_append_printf(out, ": %d", r->outcome.status);
    else
        g_string_append(out, r->outcome.status == 0 ? ": refused by itself" : ": no answer in time");
    if (r->outcome.text && *r->outcome.text)
        g_string_append_printf(out, ", %s", r->outcome.text);
}

/* A message is named by its start line, without what every start line has. */
static void tell_learned(const TraceRecord *r, GString *out)
{
    const char *text = r->learn.text;
    bool message = strcmp(r->learn.what, "request") == 0 || strcmp(r->learn.what, "response") == 0;
    if (!message) {
        g_string_append_printf(out, "%s learns %s: %s, %s", r->learn.attacker, r->learn.what, text, r->learn.how);
        return;
    }
    g_auto(GStrv) words = g_strsplit(text, "SIP/2.0", -1);
    g_autofree char *line = g_strjoinv("", words);
    g_string_append_printf(out, "%s reads %s, %s", r->learn.attacker, g_strstrip(line), r->learn.how);
}

static void tell_tls(const TraceRecord *r, const char *node, GString *out)
{
    if (!r->tls.open) {
        g_string_append_printf(out, "%s: the TLS connection with %s ended: %s", node, r->tls.peer, r->tls.text);
        return;
    }
    g_string_append_printf(out, "%s has a TLS connection with %s: %s, %s", node, r->tls.peer, r->tls.version,
                           r->tls.suite);
    if (r->tls.certificate[0])
        g_string_append_printf(out, "; the other end is %s", r->tls.certificate);
}

/* Both ends of a radio link say that it is ciphered; the network's word is told.  An attach is told once, by the UE. */
bool ladder_note_is_told(const LadderFold *fold, const TraceRecord *r)
{
    switch (r->kind) {
    case TRACE_CIPHER: return g_str_has_prefix(r->node, "cell:") || ladder_is_attacker(fold, r->node);
    case TRACE_SA: return !repeats_sa(fold, r);
    case TRACE_OUTCOME: return strcmp(r->outcome.action, "attach") != 0 || *r->outcome.target == '\0';
    case TRACE_DECISION:
    case TRACE_TLS:
    case TRACE_REGISTRATION:
    case TRACE_SUBSCRIPTION:
    case TRACE_PUBLICATION:
    case TRACE_DISPLAY:
    case TRACE_DROP:
    case TRACE_MOVE:
    case TRACE_LEARN: return true;
    case TRACE_SEND:
    case TRACE_RECEIVE:
    case TRACE_FRAME:
    case TRACE_N_KINDS: return false;
    }
    return false;
}

static void tell(const TraceRecord *r, const char *node, GString *out)
{
    switch (r->kind) {
    case TRACE_DECISION: g_string_append_printf(out, "%s %s [%s]", node, r->decision.text, r->decision.clause); break;
    case TRACE_CIPHER: tell_cipher(r, out); break;
    case TRACE_SA: tell_sa(r, node, out); break;
    case TRACE_TLS: tell_tls(r, node, out); break;
    case TRACE_REGISTRATION: tell_registration(r, node, out); break;
    case TRACE_SUBSCRIPTION: tell_subscription(r, node, out); break;
    case TRACE_PUBLICATION: tell_publication(r, node, out); break;
    case TRACE_DISPLAY: tell_display(r, node, out); break;
    case TRACE_OUTCOME: tell_outcome(r, node, out); break;
    case TRACE_DROP: g_string_append_printf(out, "%s drops (%s): %s", node, r->drop.cause, r->drop.text); break;
    case TRACE_MOVE: g_string_append_printf(out, "%s %s", r->move.attacker, r->move.text); break;
    case TRACE_LEARN: tell_learned(r, out); break;
    case TRACE_SEND:
    case TRACE_RECEIVE:
    case TRACE_FRAME:
    case TRACE_N_KINDS: break;
    }
}

static char mark_of(TraceKind kind)
{
    switch (kind) {
    case TRACE_DECISION: return '*';
    case TRACE_MOVE: return '!';
    case TRACE_LEARN: return '>';
    case TRACE_OUTCOME:
    case TRACE_DISPLAY: return '=';
    case TRACE_DROP: return 'x';
    case TRACE_CIPHER:
    case TRACE_SA:
    case TRACE_TLS:
    case TRACE_REGISTRATION:
    case TRACE_SUBSCRIPTION:
    case TRACE_PUBLICATION: return '~';
    case TRACE_SEND:
    case TRACE_RECEIVE:
    case TRACE_FRAME:
    case TRACE_N_KINDS: break;
    }
    return ' ';
}

static TermStyle style_of(TraceKind kind)
{
    if (kind == TRACE_MOVE || kind == TRACE_LEARN)
        return STYLE_BAD;
    return kind == TRACE_DROP ? STYLE_DOUBT : STYLE_PLAIN;
}

bool ladder_note(const LadderFold *fold, const TraceRecord *record, LadderNote *note)
{
    if (!ladder_note_is_told(fold, record))
        return false;
    g_autoptr(GString) raw = g_string_new(NULL);
    const char *name = ladder_node_name(record->node);
    g_autofree char *cell =
        strcmp(name, "cell") == 0 ? g_strdup_printf("%s's cell", record->node + strlen("cell:")) : NULL;
    tell(record, cell ? cell : name, raw);
    note->mark = mark_of(record->kind);
    note->style = style_of(record->kind);
    note->text = g_string_new(NULL);
    text_visible(note->text, raw->str, raw->len);
    return true;
}
