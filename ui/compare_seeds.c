/*
 * ui/compare_seeds.c - verdicts of several seeds, cell by cell.
 *
 * Source:  ui/compare_seeds.h.
 * Knows:   verdicts as texts.
 */
#include "ui/compare_seeds.h"

#include "ui/report.h"
#include "ui/text.h"

#include <string.h>

typedef struct SeedVerdicts {
    uint64_t seed;
    GPtrArray *cells; /* char*: row by row, every property; "" where it was not asked for */
} SeedVerdicts;

struct CompareSeeds {
    GPtrArray *seeds; /* SeedVerdicts* */
};

static void verdicts_free(void *item)
{
    SeedVerdicts *verdicts = item;
    g_ptr_array_unref(verdicts->cells);
    g_free(verdicts);
}

bool compare_seeds_parse(const char *text, uint64_t *first, uint64_t *last)
{
    g_auto(GStrv) ends = g_strsplit(text, "..", -1);
    return g_strv_length(ends) == 2 && g_ascii_string_to_unsigned(ends[0], 10, 0, G_MAXINT64, first, NULL) &&
           g_ascii_string_to_unsigned(ends[1], 10, 0, G_MAXINT64, last, NULL) && *first <= *last &&
           *last - *first < COMPARE_SEEDS_MAX;
}

CompareSeeds *compare_seeds_new(void)
{
    CompareSeeds *seeds = g_new0(CompareSeeds, 1);
    seeds->seeds = g_ptr_array_new_with_free_func(verdicts_free);
    return seeds;
}

void compare_seeds_free(CompareSeeds *seeds)
{
    if (!seeds)
        return;
    g_ptr_array_unref(seeds->seeds);
    g_free(seeds);
}

static char *cell_text(const Judgement *judgement)
{
    if (!judgement)
        return g_strdup("");
    GString *text = g_string_new(verdict_text(judgement->verdict));
    for (guint i = 0; i < judgement->conditions->len && judgement->verdict == VERDICT_DEPENDS; i++) {
        const Condition *condition = judgement->conditions->pdata[i];
        g_string_append_printf(text, "%s %s %s", i > 0 ? ";" : ":", condition->set, verdict_text(condition->verdict));
    }
    return g_string_free(text, FALSE);
}

void compare_seeds_add(CompareSeeds *seeds, const Comparison *comparison)
{
    SeedVerdicts *verdicts = g_new(SeedVerdicts, 1);
    *verdicts = (SeedVerdicts){ comparison->seed, g_ptr_array_new_with_free_func(g_free) };
    for (guint i = 0; i < comparison->rows->len; i++) {
        const CompareRow *row = comparison->rows->pdata[i];
        for (size_t p = 0; p < N_PROPERTIES; p++)
            g_ptr_array_add(verdicts->cells, cell_text(row->judgement[p]));
    }
    g_ptr_array_add(seeds->seeds, verdicts);
}

static const SeedVerdicts *seed_at(const CompareSeeds *seeds, guint i)
{
    return seeds->seeds->pdata[i];
}

static bool differs(const CompareSeeds *seeds, guint cell)
{
    for (guint i = 1; i < seeds->seeds->len; i++)
        if (strcmp(seed_at(seeds, i)->cells->pdata[cell], seed_at(seeds, 0)->cells->pdata[cell]) != 0)
            return true;
    return false;
}

unsigned compare_seeds_differing(const CompareSeeds *seeds)
{
    unsigned n = 0;
    for (guint cell = 0; seeds->seeds->len > 0 && cell < seed_at(seeds, 0)->cells->len; cell++)
        n += differs(seeds, cell);
    return n;
}

static unsigned cells_judged(const CompareSeeds *seeds)
{
    unsigned n = 0;
    for (guint cell = 0; cell < seed_at(seeds, 0)->cells->len; cell++)
        n += *(const char *)seed_at(seeds, 0)->cells->pdata[cell] != '\0';
    return n;
}

/* ---- for people ---- */

/* "holds with 1, 3, 4" */
static void append_who(GString *line, const CompareSeeds *seeds, guint cell, const char *verdict)
{
    bool any = false;
    g_string_append_printf(line, "%s%s with", line->str[line->len - 1] == ':' ? " " : "; ", verdict);
    for (guint i = 0; i < seeds->seeds->len; i++) {
        if (strcmp(seed_at(seeds, i)->cells->pdata[cell], verdict) != 0)
            continue;
        g_string_append_printf(line, "%s %" G_GUINT64_FORMAT, any ? "," : "", seed_at(seeds, i)->seed);
        any = true;
    }
}

static bool said_before(const CompareSeeds *seeds, guint cell, guint seed)
{
    for (guint i = 0; i < seed; i++)
        if (strcmp(seed_at(seeds, i)->cells->pdata[cell], seed_at(seeds, seed)->cells->pdata[cell]) == 0)
            return true;
    return false;
}

static void append_cell(const Term *term, GString *out, const CompareSeeds *seeds, const Comparison *first, guint cell)
{
    const CompareRow *row = first->rows->pdata[cell / N_PROPERTIES];
    g_autoptr(GString) line = g_string_new(row->option->id);
    g_string_append_printf(line, " %s:", property_info[cell % N_PROPERTIES].column);
    for (guint i = 0; i < seeds->seeds->len; i++)
        if (!said_before(seeds, cell, i))
            append_who(line, seeds, cell, seed_at(seeds, i)->cells->pdata[cell]);
    text_fill(out, line->str, 2, term->columns);
}

void compare_seeds_append(const Term *term, GString *out, const CompareSeeds *seeds, const Comparison *first)
{
    unsigned differing = compare_seeds_differing(seeds), cells = cells_judged(seeds), n = seeds->seeds->len;
    g_autoptr(GString) line = g_string_new(NULL);
    g_string_append_printf(line, "Seeds %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ": ", seed_at(seeds, 0)->seed,
                           seed_at(seeds, n - 1)->seed);
    if (differing == 0)
        g_string_append_printf(line, "the same verdict in all %u cells.", cells);
    else
        g_string_append_printf(line,
                               "the same verdict in %u of %u cells; these differ (shown above are those of seed "
                               "%" G_GUINT64_FORMAT "):",
                               cells - differing, cells, seed_at(seeds, 0)->seed);
    text_fill(out, line->str, 0, term->columns);
    for (guint cell = 0; cell < seed_at(seeds, 0)->cells->len; cell++)
        if (differs(seeds, cell))
            append_cell(term, out, seeds, first, cell);
}

/* ---- for programs ---- */

static void add_cell(JsonBuilder *json, const CompareSeeds *seeds, const Comparison *first, guint cell)
{
    const CompareRow *row = first->rows->pdata[cell / N_PROPERTIES];
    json_builder_begin_object(json);
    json_add_text(json, "option", row->option->id);
    json_add_text(json, "property", property_info[cell % N_PROPERTIES].id);
    json_open_array(json, "verdicts");
    for (guint i = 0; i < seeds->seeds->len; i++) {
        json_builder_begin_object(json);
        json_add_number(json, "seed", (gint64)seed_at(seeds, i)->seed);
        json_add_text(json, "verdict", seed_at(seeds, i)->cells->pdata[cell]);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    json_builder_end_object(json);
}

void compare_seeds_add_json(JsonBuilder *json, const CompareSeeds *seeds, const Comparison *first)
{
    unsigned differing = compare_seeds_differing(seeds), cells = cells_judged(seeds);
    json_open_object(json, "seeds");
    json_add_number(json, "first", (gint64)seed_at(seeds, 0)->seed);
    json_add_number(json, "last", (gint64)seed_at(seeds, seeds->seeds->len - 1)->seed);
    json_add_number(json, "cells", cells);
    json_add_number(json, "agree", cells - differing);
    json_open_array(json, "differing");
    for (guint cell = 0; cell < seed_at(seeds, 0)->cells->len; cell++)
        if (differs(seeds, cell))
            add_cell(json, seeds, first, cell);
    json_builder_end_array(json);
    json_builder_end_object(json);
}
