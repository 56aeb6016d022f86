/*
 * ui/explain.c - `presec explain`: what an id is, or what is known about a clause.
 *
 * Source:  README.md, "The command".
 * Knows:   the glossary.
 */
#include "scenarios/nearest.h"
#include "ui/commands.h"
#include "ui/glossary.h"
#include "ui/output.h"
#include "ui/text.h"

#include <string.h>

enum { INDENT = 2, LABEL_WIDTH = 10, ID_WIDTH = 26 };

/* NULL kind: of any kind. */
static const GlossaryEntry *entry_of_kind(const GPtrArray *entries, const char *id, const char *kind)
{
    for (guint i = 0; i < entries->len; i++) {
        const GlossaryEntry *entry = entries->pdata[i];
        if (glossary_is(entry, id) && (!kind || strcmp(entry->kind, kind) == 0))
            return entry;
    }
    return NULL;
}

static void append_paragraphs(GString *out, const char *text, int columns)
{
    if (!*text)
        return;
    g_auto(GStrv) paragraphs = g_strsplit(text, "\n\n", -1);
    for (char **paragraph = paragraphs; *paragraph; paragraph++) {
        g_string_append_c(out, '\n');
        text_fill(out, *paragraph, INDENT, columns);
    }
}

static void append_line(GString *out, const char *label, const char *id, const char *title)
{
    g_string_append_printf(out, "%*s", INDENT, "");
    text_pad(out, label, LABEL_WIDTH);
    text_pad(out, id, ID_WIDTH);
    g_string_append_printf(out, "%s\n", title);
}

/* "S4 8.1.2.2" with the title of S4; other documents speak for themselves. */
static void append_sources(GString *out, const GlossaryEntry *entry, const GPtrArray *entries)
{
    for (char **source = entry->source; *source; source++) {
        g_autofree char *document = g_strndup(*source, strcspn(*source, " "));
        const GlossaryEntry *known = entry_of_kind(entries, document, "sources");
        append_line(out, source == entry->source ? "source" : "", *source, known ? known->title : "");
    }
}

static void append_ids(GString *out, const char *label, char *const *ids, const char *kind, const GPtrArray *entries)
{
    for (char *const *id = ids; *id; id++) {
        const GlossaryEntry *other = entry_of_kind(entries, *id, kind);
        append_line(out, id == ids ? label : "", *id, other ? other->title : "");
    }
}

/* "requirements" is the file, "requirement" the entry. */
static char *singular(const char *kind)
{
    char *one = g_strdup(kind);
    size_t len = strlen(one);
    if (g_str_has_suffix(one, "ies"))
        strcpy(one + len - strlen("ies"), "y");
    else if (g_str_has_suffix(one, "s"))
        one[len - 1] = '\0';
    return one;
}

static void append_entry(const Term *term, GString *out, const GlossaryEntry *entry, const GPtrArray *entries)
{
    g_autofree char *kind = singular(entry->kind);
    term_append(term, out, STYLE_NAME, entry->id);
    g_string_append_printf(out, " (%s", kind);
    for (char **also = entry->also; *also; also++)
        g_string_append_printf(out, "%s%s", also == entry->also ? "; also " : ", ", *also);
    g_string_append(out, ")\n");
    term_append(term, out, STYLE_HEADING, entry->title);
    g_string_append_c(out, '\n');
    append_paragraphs(out, entry->text, term->columns);
    g_string_append_c(out, '\n');
    append_ids(out, "attacker", entry->by, "positions", entries);
    append_sources(out, entry, entries);
    append_ids(out, "see also", entry->see, NULL, entries);
}

/* An id can stand for two things: A1 is an attacker's position and an alternative of the discussion paper. */
static guint append_by_id(const Term *term, GString *out, const GPtrArray *entries, const char *id)
{
    guint found = 0;
    for (guint i = 0; i < entries->len; i++) {
        if (!glossary_is(entries->pdata[i], id))
            continue;
        g_string_append(out, found++ ? "\n" : "");
        append_entry(term, out, entries->pdata[i], entries);
    }
    return found;
}

static guint append_by_clause(const Term *term, GString *out, const GPtrArray *entries, const char *clause)
{
    guint found = 0;
    for (guint i = 0; i < entries->len; i++) {
        const GlossaryEntry *entry = entries->pdata[i];
        if (!glossary_cites(entry, clause))
            continue;
        if (!found++)
            g_string_append_printf(out, "%sWhat cites %s:\n", out->len ? "\n" : "", clause);
        g_autofree char *kind = singular(entry->kind);
        g_string_append_printf(out, "%*s", INDENT, "");
        g_string_append(out, term_style(term, STYLE_NAME));
        text_pad(out, entry->id, ID_WIDTH);
        g_string_append(out, term_style(term, STYLE_PLAIN));
        g_string_append_printf(out, "%s (%s)\n", entry->title, kind);
    }
    return found;
}

static ExitStatus unknown_term(const GPtrArray *entries, const char *written)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    for (guint i = 0; i < entries->len; i++) {
        const GlossaryEntry *entry = entries->pdata[i];
        g_ptr_array_add(ids, entry->id);
        for (char **also = entry->also; *also; also++)
            g_ptr_array_add(ids, *also);
    }
    g_ptr_array_add(ids, NULL);
    const char *nearest = nearest_name(written, (const char *const *)ids->pdata);
    if (nearest)
        output_message("nothing is known about '%s'; did you mean '%s'?", written, nearest);
    else
        output_message("nothing is known about '%s'; presec list shows every id, and clauses look like \"S4 6.1.1\"",
                       written);
    return EXIT_USAGE;
}

ExitStatus explain_run(const CommandCall *call)
{
    /* "S4 6.1.1" needs no quotes. */
    g_autofree char *wanted = g_strjoinv(" ", (char **)call->args);
    g_autoptr(GPtrArray) entries = glossary_load();
    g_autoptr(GString) out = g_string_new(NULL);
    guint found = append_by_id(call->term, out, entries, wanted);
    found += append_by_clause(call->term, out, entries, wanted);
    return found ? output_print(out->str, out->len) : unknown_term(entries, wanted);
}
