/*
 * ui/compare_table.h - the comparison on one page: options down, properties across, costs, and what was assumed.
 *
 * Source:  README.md, "The command"; design: what a verdict means stands on the page that shows it.
 * Knows:   a finished Comparison and the width of the terminal.
 */
#ifndef PRESEC_UI_COMPARE_TABLE_H
#define PRESEC_UI_COMPARE_TABLE_H

#include "scenarios/compare.h"
#include "ui/term.h"

/* The page.  @settings: what the user set for every option, ended by NULL; may be NULL. */
void compare_table_append(const Term *term, GString *out, const Comparison *comparison, char *const *settings);

/* The assumptions, bound, seed and year, and what "holds" means: the foot of the page and of the view of one cell. */
void compare_foot_append(const Term *term, GString *out, const Comparison *comparison, char *const *settings);

/* The year of the attackers' literature in this comparison. */
unsigned compare_knowledge(const Comparison *comparison);

#endif
