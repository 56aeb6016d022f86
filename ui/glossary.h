/*
 * ui/glossary.h - the explained terms: properties, options, requirements, mechanisms, attacks and the rest.
 *
 * Source:  the compiled-in files ui/explain/KIND.txt, written for people; each entry names its clauses.
 * Knows:   the form of those files:
 *              # a comment
 *              [ID] Title
 *              also: other ids, separated by commas
 *              source: clauses, separated by semicolons
 *              by: attackers' positions, separated by commas
 *              see: ids, separated by commas
 *              Running text; an empty line starts a paragraph.
 */
#ifndef PRESEC_UI_GLOSSARY_H
#define PRESEC_UI_GLOSSARY_H

#include <glib.h>
#include <stdbool.h>

typedef struct {
    char *kind;    /* the file's name without .txt: "attacks" */
    char *id;      /* "AT-01" */
    char *title;   /* one line */
    char **also;   /* never NULL */
    char **source; /* "S4 8.1.2.2", "RFC 3329 2.3.1"; never NULL */
    char **by;     /* ids of the kind "positions", which other kinds use as well; never NULL */
    char **see;    /* never NULL */
    char *text;
} GlossaryEntry;

/* Every entry: of the first kind in the order of its file, then of the next.  Kinds are in the order of file names. */
GPtrArray *glossary_load(void) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the entry has this id (or also-id), ASCII case ignored. */
bool glossary_is(const GlossaryEntry *entry, const char *id);

/* Whether the entry cites this clause or one below it: "S4 8.1" finds "S4 8.1.2.2", "8.1.2.2" finds it too.  "§",
 * "clause" and "TS" may be written or left out. */
bool glossary_cites(const GlossaryEntry *entry, const char *clause);

#endif
