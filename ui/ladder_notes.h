/*
 * ui/ladder_notes.h - a record that is no message, as a sentence for people.
 *
 * Source:  sim/trace.h.
 * Knows:   the kinds of records.
 */
#ifndef PRESEC_UI_LADDER_NOTES_H
#define PRESEC_UI_LADDER_NOTES_H

#include "ui/ladder_fold.h"
#include "ui/term.h"

typedef struct {
    char mark; /* what kind of sentence it is; see ladder_marks */
    TermStyle style;
    GString *text; /* owned; visible characters only */
} LadderNote;

/* What is between the tags of a document, on one line, cut when it is long. */
char *ladder_content(const char *document) G_GNUC_WARN_UNUSED_RESULT;

/* The marks and what they stand for, for a legend: "* decides  ! attacks ...". */
extern const char *const ladder_marks;

/* Whether a record that is no message is told at all; nothing is formatted to find out. */
bool ladder_note_is_told(const LadderFold *fold, const TraceRecord *record);

/* False: nothing that is told.  @note: out, only then; g_string_free its text. */
bool ladder_note(const LadderFold *fold, const TraceRecord *record, LadderNote *note);

#endif
