/*
 * ui/glossary.c - reading the explained terms.
 *
 * Source:  ui/glossary.h.
 * Knows:   the form of the files.  They are ours and tested (tests/ui/test_glossary.c), so reading them cannot fail.
 */
#include "ui/glossary.h"

#include "scenarios/data.h"

#include <string.h>

#define GLOSSARY_FOLDER "ui/explain/"

static void entry_free(void *data)
{
    GlossaryEntry *entry = data;
    g_free(entry->kind);
    g_free(entry->id);
    g_free(entry->title);
    g_strfreev(entry->also);
    g_strfreev(entry->source);
    g_strfreev(entry->by);
    g_strfreev(entry->see);
    g_free(entry->text);
    g_free(entry);
}

static char **split_list(const char *list, const char *separator)
{
    char **parts = g_strsplit(list, separator, -1);
    for (char **part = parts; *part; part++)
        g_strstrip(*part);
    return parts;
}

/* "[ID] Title" */
static GlossaryEntry *entry_begin(const char *kind, const char *line)
{
    const char *end = strchr(line, ']');
    g_assert(end != NULL);
    GlossaryEntry *entry = g_new0(GlossaryEntry, 1);
    entry->kind = g_strdup(kind);
    entry->id = g_strndup(line + 1, (gsize)(end - line - 1));
    entry->title = g_strstrip(g_strdup(end + 1));
    return entry;
}

static bool take_list(char ***list, const char *line, const char *name, const char *separator)
{
    if (*list || !g_str_has_prefix(line, name))
        return false;
    *list = split_list(line + strlen(name), separator);
    return true;
}

static void entry_line(GlossaryEntry *entry, GString *text, const char *line)
{
    bool before_text = text->len == 0;
    if (before_text && (take_list(&entry->also, line, "also: ", ",") || take_list(&entry->by, line, "by: ", ",") ||
                        take_list(&entry->see, line, "see: ", ",") || take_list(&entry->source, line, "source: ", ";")))
        return;
    if (!before_text || *line)
        g_string_append_printf(text, "%s\n", line);
}

static void entry_end(GlossaryEntry *entry, GString *text)
{
    if (!entry)
        return;
    char ***lists[] = { &entry->also, &entry->source, &entry->by, &entry->see };
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        if (!*lists[i])
            *lists[i] = g_new0(char *, 1);
    entry->text = g_strchomp(g_strdup(text->str));
    g_string_truncate(text, 0);
}

static void load_file(GPtrArray *entries, const DataFile *file)
{
    g_autofree char *kind = g_path_get_basename(file->path);
    kind[strcspn(kind, ".")] = '\0';
    g_auto(GStrv) lines = g_strsplit((const char *)file->octets, "\n", -1);
    g_autoptr(GString) text = g_string_new(NULL);
    GlossaryEntry *entry = NULL;
    for (char **line = lines; *line; line++) {
        if (**line == '#')
            continue;
        if (**line == '[') {
            entry_end(entry, text);
            entry = entry_begin(kind, *line);
            g_ptr_array_add(entries, entry);
        } else if (entry)
            entry_line(entry, text, *line);
    }
    entry_end(entry, text);
}

GPtrArray *glossary_load(void)
{
    GPtrArray *entries = g_ptr_array_new_with_free_func(entry_free);
    for (const DataFile *file = data_first(GLOSSARY_FOLDER); file; file = data_next(file, GLOSSARY_FOLDER))
        load_file(entries, file);
    return entries;
}

bool glossary_is(const GlossaryEntry *entry, const char *id)
{
    if (g_ascii_strcasecmp(entry->id, id) == 0)
        return true;
    for (char **also = entry->also; *also; also++)
        if (g_ascii_strcasecmp(*also, id) == 0)
            return true;
    return false;
}

/* One spelling for "TS 33.203 §7.1", "33.203 clause 7.1" and "ts 33.203 7.1": words that say nothing are left out. */
static char *plain_clause(const char *clause)
{
    g_autofree char *lower = g_ascii_strdown(clause, -1);
    g_auto(GStrv) words = g_strsplit_set(lower, " ,", -1);
    GString *plain = g_string_new(NULL);
    for (char **word = words; *word; word++) {
        const char *bare = g_str_has_prefix(*word, "§") ? *word + strlen("§") : *word;
        if (!*bare || strcmp(bare, "ts") == 0 || strcmp(bare, "tr") == 0 || g_str_has_prefix(bare, "clause"))
            continue;
        g_string_append_printf(plain, "%s%s", plain->len ? " " : "", bare);
    }
    return g_string_free(plain, FALSE);
}

/* The whole of @inner, or @inner up to a point, at the start of a word of @outer that ends there. */
static bool clause_within(const char *outer, const char *inner)
{
    size_t len = strlen(inner);
    for (const char *at = strstr(outer, inner); len > 0 && at; at = strstr(at + 1, inner)) {
        bool starts = at == outer || at[-1] == ' ';
        bool ends = at[len] == '\0' || at[len] == '.' || at[len] == ' ';
        if (starts && ends)
            return true;
    }
    return false;
}

bool glossary_cites(const GlossaryEntry *entry, const char *clause)
{
    g_autofree char *wanted = plain_clause(clause);
    for (char **source = entry->source; *source; source++) {
        g_autofree char *cited = plain_clause(*source);
        if (clause_within(cited, wanted))
            return true;
    }
    return false;
}
