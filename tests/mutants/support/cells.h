/*
 * tests/mutants/support/cells.h - what must change when one part is broken, and that nothing else does.
 *
 * Knows:   the comparison, and the table of verdicts without the fault.
 */
#ifndef PRESEC_TESTS_MUTANTS_CELLS_H
#define PRESEC_TESTS_MUTANTS_CELLS_H

#include "scenarios/compare.h"

typedef struct Change {
    const char *option;
    Property property;
    Verdict verdict;
    const char *attack; /* that decides; NULL: any */
} Change;

/* Every cell of the @options (NULL-terminated ids) that the table knows is as the table says, but for @changes. */
void cells_expect(const char *const *options, const Change *changes, size_t n);

#endif
