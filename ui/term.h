/*
 * ui/term.h - what the terminal can show, and what it may be sent.
 *
 * Source:  README.md: NO_COLOR (no-color.org), --no-color, TERM=dumb and non-terminals get plain text.
 * Knows:   the two output streams and three environment variables; nothing of what is shown.
 */
#ifndef PRESEC_UI_TERM_H
#define PRESEC_UI_TERM_H

#include <glib.h>
#include <stdbool.h>

/* Columns assumed where nobody looks: the same text goes into every file and pipe. */
enum { TERM_PLAIN_COLUMNS = 80 };

typedef struct {
    bool colour;   /* standard output takes escape sequences */
    bool progress; /* standard error is a terminal: a line that changes may be shown there */
    int columns;   /* of standard output; TERM_PLAIN_COLUMNS unless it is a terminal */
} Term;

typedef enum {
    STYLE_PLAIN,   /* back to normal */
    STYLE_HEADING, /* bold */
    STYLE_GOOD,    /* holds, passed */
    STYLE_BAD,     /* violated, failed */
    STYLE_DOUBT,   /* depends, inconclusive */
    STYLE_ABSENT,  /* not available: faint */
    STYLE_NAME,    /* something that can be typed */
} TermStyle;

/* @plain: the user said --no-color. */
Term term_detect(bool plain);

/* The escape sequence, or "" where there is no colour.  Never NULL; a constant. */
const char *term_style(const Term *term, TermStyle style);

/* text in the style, and back to plain. */
void term_append(const Term *term, GString *out, TermStyle style, const char *text);

/* Shows (and replaces) one line about long work on standard error; nothing unless that is a terminal. */
void term_progress(const Term *term, const char *format, ...) G_GNUC_PRINTF(2, 3);
void term_progress_end(const Term *term);

#endif
