/*
 * tests/oracle/table/table.h - oracle.csv: the verdicts worked out by hand from the documents.
 *
 * Knows:   a file.  For tests only: nothing that computes a verdict may read it.
 */
#ifndef PRESEC_TESTS_ORACLE_TABLE_H
#define PRESEC_TESTS_ORACLE_TABLE_H

#include <glib.h>

typedef struct Expected {
    char *row, *column; /* "B66e", "P1" */
    char *verdict;      /* in the words of verdict_text() */
    char *reasons;
} Expected;

/** Expected *; g_ptr_array_unref.  Tests run in their folder, two below the root. */
GPtrArray *oracle_table(void);
/** The verdict of a row and column; NULL: the table has none. */
const Expected *oracle_find(const GPtrArray *table, const char *row, const char *column);

#endif
