/*
 * scenarios/option_check.h - settings of an option that contradict each other, each with its reason.
 *
 * Source:  S3 §2, S4 §6.1.1, §8.1.4; the clause that forbids a combination stands in its text.
 * Knows:   values.  Nothing is repaired: whoever asks decides what to do with what is said.
 */
#ifndef PRESEC_SCENARIOS_OPTION_CHECK_H
#define PRESEC_SCENARIOS_OPTION_CHECK_H

#include "scenarios/option.h"

enum { OPTION_CONFLICT_FIELDS = 3 };

typedef struct OptionConflict {
    const char *fields[OPTION_CONFLICT_FIELDS + 1]; /* NULL-terminated: the first is the one most likely to be wrong */
    char *text;                                     /* "aka=akav2 with gm=ipsec: why; allowed: what" */
} OptionConflict;

/*
 * All of them, OptionConflict*; the array frees them.  A field left open counts with each of its values: what cannot be
 * (TLS over UDP alone) must not happen in any branch, what has no effect must have one in some branch.
 */
GPtrArray *option_conflicts(const Option *option) G_GNUC_WARN_UNUSED_RESULT;

/* Of an option with settings of the command line.  False: @error has all of them, one a line. */
bool option_check(const Option *option, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
