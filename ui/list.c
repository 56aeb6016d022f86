/*
 * ui/list.c - `presec list`: the names that other commands take.
 *
 * Source:  README.md, "The command"; schema presec.list/1: { "schema", "kinds": { KIND: [ { "id", "title" } ] } }.
 * Knows:   the glossary; options and scenarios are listed from the files that ship, so that every id shown can be used.
 */
#include "scenarios/lesson.h"
#include "scenarios/scenario.h"

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

/* One line of the list. */
typedef struct {
    char *kind, *id, *title;
} ListItem;

static void item_free(void *data)
{
    ListItem *item = data;
    g_free(item->kind);
    g_free(item->id);
    g_free(item->title);
    g_free(item);
}

static void add_item(GPtrArray *items, const char *kind, const char *id, const char *title)
{
    ListItem *item = g_new(ListItem, 1);
    *item = (ListItem){ .kind = g_strdup(kind), .id = g_strdup(id), .title = g_strdup(title) };
    g_ptr_array_add(items, item);
}

/* In their order of presentation.  A shipped file that does not load is a bug; it is listed without a title. */
static void add_options(GPtrArray *items)
{
    g_auto(GStrv) ids = option_ids();
    for (char **id = ids; *id; id++) {
        g_autoptr(Diagnostics) diagnostics = diagnostics_new();
        g_autoptr(Option) option = option_load(*id, diagnostics);
        add_item(items, "options", *id, option ? option->title : "");
    }
}

static void add_scenarios(GPtrArray *items)
{
    g_auto(GStrv) ids = scenario_ids(SCENARIO_SCENARIO);
    for (char **id = ids; *id; id++) {
        g_autoptr(Diagnostics) diagnostics = diagnostics_new();
        g_autoptr(Scenario) scenario = scenario_load(*id, diagnostics);
        add_item(items, "scenarios", *id, scenario ? scenario->title : "");
    }
}

static void add_lessons(GPtrArray *items)
{
    g_auto(GStrv) ids = lesson_ids();
    for (char **id = ids; *id; id++) {
        g_autoptr(Diagnostics) diagnostics = diagnostics_new();
        g_autoptr(Lesson) lesson = lesson_load(*id, diagnostics);
        add_item(items, "lessons", *id, lesson ? lesson->title : "");
    }
}

/* The glossary also explains options that this version does not ship. */
static GPtrArray *load_items(void)
{
    GPtrArray *items = g_ptr_array_new_with_free_func(item_free);
    g_autoptr(GPtrArray) entries = glossary_load();
    add_options(items);
    for (guint i = 0; i < entries->len; i++) {
        const GlossaryEntry *entry = entries->pdata[i];
        if (strcmp(entry->kind, "options") != 0)
            add_item(items, entry->kind, entry->id, entry->title);
    }
    add_scenarios(items);
    add_lessons(items);
    return items;
}

/* The kinds that a user may ask for, ended by NULL.  The names are the items'. */
static GPtrArray *kinds_of(const GPtrArray *items)
{
    GPtrArray *kinds = g_ptr_array_new();
    for (guint i = 0; i < items->len; i++) {
        const ListItem *item = items->pdata[i];
        if (kinds->len == 0 || strcmp(kinds->pdata[kinds->len - 1], item->kind) != 0)
            g_ptr_array_add(kinds, item->kind);
    }
    g_ptr_array_add(kinds, NULL);
    return kinds;
}

static int widest_id(const GPtrArray *items, const char *kind)
{
    long width = 0;
    for (guint i = 0; i < items->len; i++) {
        const ListItem *item = items->pdata[i];
        if (strcmp(item->kind, kind) == 0)
            width = MAX(width, g_utf8_strlen(item->id, -1));
    }
    return (int)width;
}

static void append_kind(const Term *term, GString *out, const GPtrArray *items, const char *kind)
{
    int width = widest_id(items, kind) + INDENT;
    for (guint i = 0; i < items->len; i++) {
        const ListItem *item = items->pdata[i];
        if (strcmp(item->kind, kind) != 0)
            continue;
        g_string_append(out, term_style(term, STYLE_NAME));
        text_pad(out, item->id, width);
        g_string_append_printf(out, "%s%s\n", term_style(term, STYLE_PLAIN), item->title);
    }
}

static void add_kind(JsonBuilder *builder, const GPtrArray *items, const char *kind)
{
    json_open_array(builder, kind);
    for (guint i = 0; i < items->len; i++) {
        const ListItem *item = items->pdata[i];
        if (strcmp(item->kind, kind) != 0)
            continue;
        json_builder_begin_object(builder);
        json_add_text(builder, "id", item->id);
        json_add_text(builder, "title", item->title);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static ExitStatus save_json(const char *path, const GPtrArray *items, const char *const *kinds)
{
    g_autoptr(JsonBuilder) builder = json_begin("presec.list/1");
    json_open_object(builder, "kinds");
    for (; *kinds; kinds++)
        add_kind(builder, items, *kinds);
    json_builder_end_object(builder);
    return json_save(builder, path);
}

static ExitStatus print_kinds(const Term *term, const GPtrArray *items, const char *const *kinds)
{
    g_autoptr(GString) out = g_string_new(NULL);
    bool several = kinds[0] && kinds[1];
    for (const char *const *kind = kinds; *kind; kind++) {
        if (several) {
            g_string_append(out, kind == kinds ? "" : "\n");
            term_append(term, out, STYLE_HEADING, *kind);
            g_string_append_c(out, '\n');
        }
        append_kind(term, out, items, *kind);
    }
    return output_print(out->str, out->len);
}

ExitStatus list_run(const CommandCall *call)
{
    const ListSettings *settings = call->settings;
    g_autoptr(GPtrArray) items = load_items();
    g_autoptr(GPtrArray) all = kinds_of(items);
    const char *const *kinds = (const char *const *)all->pdata;
    const char *one[] = { call->n_args > 0 ? call->args[0] : NULL, NULL };
    if (one[0] && !g_strv_contains(kinds, one[0]))
        return command_unknown("list of", one[0], kinds);
    if (one[0])
        kinds = one;
    return settings->json ? save_json(settings->json, items, kinds) : print_kinds(call->term, items, kinds);
}
