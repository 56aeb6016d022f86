/*
 * ui/compare_groups.h - the headings under which options, and the bands under which properties, are shown.
 *
 * Source:  S3 §2: the answers, as the discussion paper numbers them.
 * Knows:   the group that an option's file names; ids of properties.
 */
#ifndef PRESEC_UI_COMPARE_GROUPS_H
#define PRESEC_UI_COMPARE_GROUPS_H

#include "scenarios/compare.h"
#include "ui/term.h"

/* "Answer 3: S/MIME"; "Others" for what no shipped option is. */
const char *compare_group_title(const char *group);

/* The heading of this row's group, when the row before it (NULL: none) is of another. */
void compare_group_append(const Term *term, GString *out, const Option *before, const Option *option);

/* What columns beside each other have in common; NULL: this one stands alone.  The same pointer for the same band. */
typedef struct CompareBand {
    const char *wide, *narrow;
} CompareBand;
const CompareBand *compare_band(Property property);

#endif
