/*
 * tests/ui/comparison.h - comparisons made up for the tests of their pages.
 */
#ifndef PRESEC_TESTS_UI_COMPARISON_H
#define PRESEC_TESTS_UI_COMPARISON_H

#include "scenarios/compare.h"

#include <string.h>

static inline void free_row(void *data)
{
    CompareRow *row = data;
    for (size_t i = 0; i < N_PROPERTIES; i++)
        judgement_free(row->judgement[i]);
    option_free((Option *)row->option);
    g_free(row);
}

/* One letter a column: h, v, n, d, i, and "." for one that was not asked for. */
static inline void add_row(Comparison *comparison, const char *id, const char *verdicts, unsigned octets)
{
    static const char letters[] = "hvndi";
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    CompareRow *row = g_new0(CompareRow, 1);
    row->option = option_load(id, diagnostics);
    g_assert_nonnull(row->option);
    for (size_t i = 0; i < N_PROPERTIES; i++) {
        if (verdicts[i] == '.')
            continue;
        Verdict verdict = (Verdict)(strchr(letters, verdicts[i]) - letters);
        row->judgement[i] = judgement_new(verdict, property_info[i].attacker, "", "");
    }
    row->has_costs = octets > 0;
    row->costs = (Costs){ .air = { [COST_REGISTRATION] = { 1, octets, 4, 4 }, [COST_PUBLISH] = { 6, 1365, 2, 2 } },
                          .registration_round_trips = 2,
                          .times = { 0.805, 0.37, -1, -1 },
                          .vectors = 1 };
    g_ptr_array_add(comparison->rows, row);
}

static inline Comparison *comparison_of(void)
{
    Comparison *comparison = g_new0(Comparison, 1);
    comparison->rows = g_ptr_array_new_with_free_func(free_row);
    comparison->seed = 7;
    comparison->runs = 12;
    comparison->events = 3456;
    comparison->bound = g_strdup("3 attacks of 6 moves at most each");
    return comparison;
}

static inline void clear(Comparison *comparison)
{
    g_ptr_array_unref(comparison->rows);
    g_free(comparison->bound);
    g_free(comparison);
}

#endif
