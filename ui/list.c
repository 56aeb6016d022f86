/*
 * ui/list.c - `presec list`: the names that other commands take.
 *
 * Source:  README.md, "The command"; schema presec.list/1: { "schema", "kinds": { KIND: [ { "id", "title" } ] } }.
 * Knows:   the glossary.
 */
#include "ui/commands.h"
#include "ui/glossary.h"
#include "ui/json.h"
#include "ui/output.h"
#include "ui/text.h"

#include <string.h>

enum { INDENT = 2 };

const CommandOption list_options[] = {
    { "json", 0, OPTION_TEXT, offsetof(ListSettings, json), "FILE", "Write the list as JSON (presec.list/1) to FILE" },
    { 0 },
};

/* The kinds in the order of the glossary, ended by NULL.  The names are the entries'. */
static GPtrArray *kinds_of(const GPtrArray *entries)
{
    GPtrArray *kinds = g_ptr_array_new();
    for (guint i = 0; i < entries->len; i++) {
        const GlossaryEntry *entry = entries->pdata[i];
        if (kinds->len == 0 || strcmp(kinds->pdata[kinds->len - 1], entry->kind) != 0)
            g_ptr_array_add(kinds, entry->kind);
    }
    g_ptr_array_add(kinds, NULL);
    return kinds;
}

static int widest_id(const GPtrArray *entries, const char *kind)
{
    long width = 0;
    for (guint i = 0; i < entries->len; i++) {
        const GlossaryEntry *entry = entries->pdata[i];
        if (strcmp(entry->kind, kind) == 0)
            width = MAX(width, g_utf8_strlen(entry->id, -1));
    }
    return (int)width;
}

static void append_kind(const Term *term, GString *out, const GPtrArray *entries, const char *kind)
{
    int width = widest_id(entries, kind) + INDENT;
    for (guint i = 0; i < entries->len; i++) {
        const GlossaryEntry *entry = entries->pdata[i];
        if (strcmp(entry->kind, kind) != 0)
            continue;
        g_string_append(out, term_style(term, STYLE_NAME));
        text_pad(out, entry->id, width);
        g_string_append_printf(out, "%s%s\n", term_style(term, STYLE_PLAIN), entry->title);
    }
}

static void add_kind(JsonBuilder *builder, const GPtrArray *entries, const char *kind)
{
    json_open_array(builder, kind);
    for (guint i = 0; i < entries->len; i++) {
        const GlossaryEntry *entry = entries->pdata[i];
        if (strcmp(entry->kind, kind) != 0)
            continue;
        json_builder_begin_object(builder);
        json_add_text(builder, "id", entry->id);
        json_add_text(builder, "title", entry->title);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static ExitStatus save_json(const char *path, const GPtrArray *entries, const char *const *kinds)
{
    g_autoptr(JsonBuilder) builder = json_begin("presec.list/1");
    json_open_object(builder, "kinds");
    for (; *kinds; kinds++)
        add_kind(builder, entries, *kinds);
    json_builder_end_object(builder);
    return json_save(builder, path);
}

static ExitStatus print_kinds(const Term *term, const GPtrArray *entries, const char *const *kinds)
{
    g_autoptr(GString) out = g_string_new(NULL);
    bool several = kinds[0] && kinds[1];
    for (const char *const *kind = kinds; *kind; kind++) {
        if (several) {
            g_string_append(out, kind == kinds ? "" : "\n");
            term_append(term, out, STYLE_HEADING, *kind);
            g_string_append_c(out, '\n');
        }
        append_kind(term, out, entries, *kind);
    }
    return output_print(out->str, out->len);
}

ExitStatus list_run(const CommandCall *call)
{
    const ListSettings *settings = call->settings;
    g_autoptr(GPtrArray) entries = glossary_load();
    g_autoptr(GPtrArray) all = kinds_of(entries);
    const char *const *kinds = (const char *const *)all->pdata;
    const char *one[] = { call->n_args > 0 ? call->args[0] : NULL, NULL };
    if (one[0] && !g_strv_contains(kinds, one[0]))
        return command_unknown("list of", one[0], kinds);
    if (one[0])
        kinds = one;
    return settings->json ? save_json(settings->json, entries, kinds) : print_kinds(call->term, entries, kinds);
}
