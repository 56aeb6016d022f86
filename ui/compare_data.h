/*
 * ui/compare_data.h - the comparison for programs: JSON and CSV.
 *
 * Source:  README.md, "The command".  Schema presec.compare/1:
 *              { "schema", "seed", "knowledge", "runs", "events", "bound", "interrupted", "seeds",
 *                "options": [ { "id", "title", "source", "row", "verdicts": { PROPERTY: VERDICT }, "costs": see
 *                               ui/compare_costs.h,
 *                               "requirements": see ui/compare_requirements.h } ] }
 *              VERDICT: { "verdict", "attacker", "attack", "in-trust-model", "reason",
 *                         "conditions": [ { "set": { FIELD: VALUE }, "verdict", "attack" } ],
 *                         "witness": { "scenario", "packet", "segment", "time-ns", "excerpt", "because": [ ] } }
 *          attack and attacker are null where there is none; conditions, witness and costs are absent where there are
 *          none.  packet is the 1-based frame in that run's capture, 0 when no packet shows it.
 * Knows:   a finished Comparison.
 */
#ifndef PRESEC_UI_COMPARE_DATA_H
#define PRESEC_UI_COMPARE_DATA_H

#include "scenarios/compare.h"
#include "ui/compare_seeds.h"
#include "ui/json.h"

/* What was asked for beside the verdicts. */
typedef struct CompareParts {
    bool requirements;
    const CompareSeeds *seeds; /* NULL: one alone */
} CompareParts;

/* To be given to json_save(). */
JsonBuilder *compare_json(const Comparison *comparison, const CompareParts *parts) G_GNUC_WARN_UNUSED_RESULT;

/* A head, then a line for each cell (RFC 4180; lines end with LF). */
char *compare_csv(const Comparison *comparison) G_GNUC_WARN_UNUSED_RESULT;

/* Whether two comparisons say the same.  @where: out, g_free: the first difference, "gap, P2". */
bool compare_same(const Comparison *a, const Comparison *b, char **where);

#endif
