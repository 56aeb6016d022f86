/*
 * ui/compare_why.h - one cell of the comparison in full: what was asked, what came of it, and why.
 *
 * Source:  README.md, "The command"; design: evidence for every cell.
 * Knows:   a finished Comparison.
 */
#ifndef PRESEC_UI_COMPARE_WHY_H
#define PRESEC_UI_COMPARE_WHY_H

#include "scenarios/compare.h"
#include "ui/term.h"

/* The cell of @row and @property, which was asked for.  @settings: what the user set, ended by NULL; may be NULL. */
void compare_why_append(const Term *term, GString *out, const Comparison *comparison, const CompareRow *row,
                        Property property, char *const *settings);

#endif
