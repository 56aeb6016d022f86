/*
 * scenarios/diagnostic.h - what is wrong with a file, where, and what would be right: every mistake at once.
 *
 * Source:  README.md: "file:line:column: what is wrong; what is allowed".
 * Knows:   texts and places.
 */
#ifndef PRESEC_SCENARIOS_DIAGNOSTIC_H
#define PRESEC_SCENARIOS_DIAGNOSTIC_H

#include <glib.h>
#include <stdbool.h>

/* A place in a file; line and column count from 1, 0 = the file as a whole. */
typedef struct Place {
    unsigned line, column; /* column in octets */
} Place;

typedef struct Diagnostic {
    char *file;
    Place place;
    char *text; /* "what is wrong; what is allowed" */
} Diagnostic;

/* Diagnostics of one loading, in order of place once sorted.  Equal ones are kept once. */
typedef struct Diagnostics Diagnostics;
Diagnostics *diagnostics_new(void);
void diagnostics_free(Diagnostics *diagnostics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Diagnostics, diagnostics_free)

void diagnostics_add(Diagnostics *diagnostics, const char *file, Place place, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
/* Nothing more is taken; diagnostics_text() says so in a last line. */
bool diagnostics_full(const Diagnostics *diagnostics);
size_t diagnostics_count(const Diagnostics *diagnostics);
const Diagnostic *diagnostics_get(const Diagnostics *diagnostics, size_t i); /* borrowed */
/* By file in order of first mention, line, column, then order of addition. */
void diagnostics_sort(Diagnostics *diagnostics);
/* One line each, "file:line:column: text\n". */
char *diagnostics_text(const Diagnostics *diagnostics) G_GNUC_WARN_UNUSED_RESULT;

/*
 * "; allowed: a, b, c" for a name that is none of @names (NULL-terminated), and "; did you mean 'b'?" when one is near;
 * then a list too long to be read is left out.
 */
char *diagnostic_names(const char *written, const char *const *names) G_GNUC_WARN_UNUSED_RESULT;

#endif
