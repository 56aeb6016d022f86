/*
 * tests/ui/test_glossary.c - the explained terms are complete, well formed, and refer to each other rightly.
 *
 * Source:  ui/glossary.h, ui/explain/.
 */
#include "ui/glossary.h"

#include "scenarios/data.h"

#include <glib.h>
#include <string.h>

static const GlossaryEntry *find(const GPtrArray *entries, const char *id)
{
    for (guint i = 0; i < entries->len; i++)
        if (glossary_is(entries->pdata[i], id))
            return entries->pdata[i];
    return NULL;
}

static const GlossaryEntry *find_position(const GPtrArray *entries, const char *id)
{
    for (guint i = 0; i < entries->len; i++) {
        const GlossaryEntry *entry = entries->pdata[i];
        if (strcmp(entry->kind, "positions") == 0 && glossary_is(entry, id))
            return entry;
    }
    return NULL;
}

static void test_every_entry_is_whole(void)
{
    g_autoptr(GPtrArray) entries = glossary_load();
    g_assert_cmpuint(entries->len, >, 250);
    for (guint i = 0; i < entries->len; i++) {
        const GlossaryEntry *entry = entries->pdata[i];
        g_assert_cmpstr(entry->id, !=, "");
        g_assert_cmpstr(entry->title, !=, "");
        g_assert_true(g_utf8_validate(entry->text, -1, NULL));
        if (strcmp(entry->kind, "sources") != 0 && !entry->source[0])
            g_error("%s has no source", entry->id);
    }
}

static void test_ids_are_unique_within_a_kind(void)
{
    g_autoptr(GPtrArray) entries = glossary_load();
    for (guint i = 0; i < entries->len; i++) {
        const GlossaryEntry *entry = entries->pdata[i];
        for (guint j = i + 1; j < entries->len; j++) {
            const GlossaryEntry *other = entries->pdata[j];
            if (strcmp(other->kind, entry->kind) == 0 && glossary_is(other, entry->id))
                g_error("%s stands twice in %s", entry->id, entry->kind);
        }
    }
}

static void test_references_lead_somewhere(void)
{
    g_autoptr(GPtrArray) entries = glossary_load();
    for (guint i = 0; i < entries->len; i++) {
        const GlossaryEntry *entry = entries->pdata[i];
        for (char **by = entry->by; *by; by++)
            if (!find_position(entries, *by))
                g_error("%s refers to the position %s, which is not explained", entry->id, *by);
        for (char **see = entry->see; *see; see++)
            if (!find(entries, *see))
                g_error("%s refers to %s, which is not explained", entry->id, *see);
    }
}

/* design: every property, option, requirement, mechanism, inconsistency. */
static void test_nothing_is_left_out(void)
{
    static const struct {
        const char *prefix;
        int count;
    } numbered[] = { { "R", 52 }, { "M", 30 }, { "I", 15 } };
    g_autoptr(GPtrArray) entries = glossary_load();
    for (size_t i = 0; i < G_N_ELEMENTS(numbered); i++) {
        for (int n = 1; n <= numbered[i].count; n++) {
            g_autofree char *id = g_strdup_printf("%s%d", numbered[i].prefix, n);
            if (!find(entries, id))
                g_error("%s is not explained", id);
        }
    }
    for (int n = 1; n <= 87; n++) {
        g_autofree char *id = g_strdup_printf("AT-%02d", n);
        if (!find(entries, id))
            g_error("%s is not explained", id);
    }
}

static void test_option_files_are_explained(void)
{
    static const char folder[] = "scenarios/options/";
    g_autoptr(GPtrArray) entries = glossary_load();
    for (const DataFile *file = data_first(folder); file; file = data_next(file, folder)) {
        g_autofree char *id = g_path_get_basename(file->path);
        *strrchr(id, '.') = '\0';
        if (!find(entries, id))
            g_error("the option %s is not explained", id);
    }
}

static void test_clause_finds_what_is_below_it(void)
{
    char *sources[] = { "S4 8.1.2.2", "RFC 3329 2.3.1", "TS 33.203 Annex I", NULL };
    GlossaryEntry entry = { .source = sources };
    static const char *const found[] = { "S4 8.1.2.2",     "s4 8.1",   "8.1.2.2",   "S4",
                                         "S4 clause 8.1",  "RFC 3329", "S4 §8.1.2", "rfc 3329 2.3",
                                         "33.203 annex I", NULL };
    static const char *const missed[] = { "S4 8.1.2.22", "S4 8.1.2.2.1", "S3 8.1.2.2", "1.2.2", "RFC 332", "", NULL };
    for (const char *const *clause = found; *clause; clause++)
        if (!glossary_cites(&entry, *clause))
            g_error("%s was not found", *clause);
    for (const char *const *clause = missed; *clause; clause++)
        if (glossary_cites(&entry, *clause))
            g_error("%s was found", *clause);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ui/glossary/every-entry-is-whole", test_every_entry_is_whole);
    g_test_add_func("/ui/glossary/ids-are-unique-within-a-kind", test_ids_are_unique_within_a_kind);
    g_test_add_func("/ui/glossary/references-lead-somewhere", test_references_lead_somewhere);
    g_test_add_func("/ui/glossary/nothing-is-left-out", test_nothing_is_left_out);
    g_test_add_func("/ui/glossary/option-files-are-explained", test_option_files_are_explained);
    g_test_add_func("/ui/glossary/clause-finds-what-is-below-it", test_clause_finds_what_is_below_it);
    return g_test_run();
}
