/*
 * scenarios/compare.h - every property of every option, each decided by runs.
 *
 * Source:  design: the table of properties; every attack of a property is tried against every option; open fields make
 * branches. Knows:   options as data to build runs from; the judge gets evidence only.
 */
#ifndef PRESEC_SCENARIOS_COMPARE_H
#define PRESEC_SCENARIOS_COMPARE_H

#include "scenarios/costs.h"
#include "scenarios/judge_message.h"
#include "scenarios/option.h"
#include "scenarios/verdict.h"

typedef struct CompareRow {
    const Option *option;               /* borrowed */
    Judgement *judgement[N_PROPERTIES]; /* NULL: not asked for */
    MessageFate message;                /* of the standard cast's instant message, A1 listening */
    bool has_costs;
    Costs costs;
} CompareRow;

typedef struct Comparison {
    GPtrArray *rows; /* CompareRow *, in the order asked for */
    uint64_t seed;
    unsigned knowledge;
    unsigned runs; /* simulated */
    uint64_t events;
    char *bound;      /* one line: what the search covered */
    bool interrupted; /* the rows are those finished before */
} Comparison;

typedef struct CompareConfig {
    Option *const *options; /* n, borrowed */
    unsigned n_options;
    bool properties[N_PROPERTIES]; /* which columns; all false = all */
    uint64_t seed;
    unsigned knowledge; /* year; 0: the option's */
    bool costs_alone;   /* no property is judged, whatever @properties says */
    bool costs_in_full; /* also on every access, and with compression: some more runs for each option */
    unsigned jobs;      /* threads; 0 = 1 */
    /* Called from the caller's thread as each option is finished; false: those not yet begun are left out. */
    bool (*progress)(void *ctx, unsigned done, unsigned total, const char *option);
    void *ctx;
} CompareConfig;

Comparison *compare_options(const CompareConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void comparison_free(Comparison *comparison);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Comparison, comparison_free)

/* One property of one option under one cast and every attack of the property: what compare does for a cell. */
Judgement *compare_property(const Option *option, Property property, uint64_t seed, unsigned knowledge);

#endif
