/*
 * tests/mutants/support/cells.c - what must change when one part is broken, and that nothing else does.
 */
#include "tests/mutants/support/cells.h"

#include "tests/oracle/table/table.h"
#include <string.h>

enum { SEED = 1, KNOWLEDGE = 2021, OPTIONS_MAX = 32 };

static const Change *change_of(const Change *changes, size_t n, const char *option, Property property)
{
    for (size_t i = 0; i < n; i++)
        if (changes[i].property == property && strcmp(changes[i].option, option) == 0)
            return &changes[i];
    return NULL;
}

static bool is_as_expected(const CompareRow *row, Property property, const Change *change, const GPtrArray *table)
{
    const Judgement *judgement = row->judgement[property];
    const Expected *expected = oracle_find(table, row->option->row, property_info[property].column);
    const char *verdict = change != NULL ? verdict_text(change->verdict) : expected != NULL ? expected->verdict : NULL;
    if (verdict == NULL)
        return true;
    bool same = strcmp(verdict_text(judgement->verdict), verdict) == 0 &&
                (change == NULL || change->attack == NULL || strcmp(change->attack, judgement->attack) == 0);
    if (!same || change != NULL)
        g_test_message("%s %s: %s by %s, expected %s: %s", row->option->id, property_info[property].column,
                       verdict_text(judgement->verdict), judgement->attack, verdict, judgement->reason);
    return same;
}

void cells_expect(const char *const *options, const Change *changes, size_t n)
{
    g_autoptr(GPtrArray) table = oracle_table();
    g_autoptr(GPtrArray) loaded = g_ptr_array_new_with_free_func((GDestroyNotify)option_free);
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    unsigned wrong = 0;

    for (; *options != NULL; options++) {
        Option *option = option_load(*options, diagnostics);
        g_assert_nonnull(option);
        g_ptr_array_add(loaded, option);
    }
    CompareConfig config = { .options = (Option *const *)loaded->pdata,
                             .n_options = loaded->len,
                             .seed = SEED,
                             .knowledge = KNOWLEDGE,
                             .jobs = 2 };
    g_autoptr(GError) error = NULL;
    g_autoptr(Comparison) comparison = compare_options(&config, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < comparison->rows->len; i++) {
        const CompareRow *row = comparison->rows->pdata[i];
        for (unsigned p = 0; p < N_PROPERTIES; p++)
            wrong += !is_as_expected(row, (Property)p, change_of(changes, n, row->option->id, (Property)p), table);
    }
    g_assert_cmpuint(wrong, ==, 0);
}
