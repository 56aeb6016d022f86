/*
 * ui/compare_seeds.h - whether several seeds give the same verdicts.
 *
 * Source:  README.md, "The command".  In presec.compare/1, "seeds": { "first", "last", "cells", "agree",
 *          "differing": [ { "option", "property", "verdicts": [ { "seed", "verdict" } ] } ] }
 *          where a verdict that depends is followed by its conditions: "depends: dual-mode=no holds; ...".
 * Knows:   verdicts and their conditions; packets and times differ between seeds as they should.
 */
#ifndef PRESEC_UI_COMPARE_SEEDS_H
#define PRESEC_UI_COMPARE_SEEDS_H

#include "scenarios/compare.h"
#include "ui/json.h"
#include "ui/term.h"

enum { COMPARE_SEEDS_MAX = 1000 };

typedef struct CompareSeeds CompareSeeds;
/* "1..5": from, to.  False: not of this form, more than COMPARE_SEEDS_MAX, or none. */
bool compare_seeds_parse(const char *text, uint64_t *first, uint64_t *last);

CompareSeeds *compare_seeds_new(void) G_GNUC_WARN_UNUSED_RESULT;
void compare_seeds_free(CompareSeeds *seeds);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CompareSeeds, compare_seeds_free)
/* One more, of the same rows and columns as those before; in order of their seeds. */
void compare_seeds_add(CompareSeeds *seeds, const Comparison *comparison);
/* Cells whose verdict or conditions differ between two seeds. */
unsigned compare_seeds_differing(const CompareSeeds *seeds);

/* @first: the comparison that was added first. */
void compare_seeds_append(const Term *term, GString *out, const CompareSeeds *seeds, const Comparison *first);
void compare_seeds_add_json(JsonBuilder *json, const CompareSeeds *seeds, const Comparison *first);

#endif
