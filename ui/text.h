/*
 * ui/text.h - paragraphs for people.
 *
 * Source:  none; plain typesetting.
 * Knows:   UTF-8 and columns.
 */
#ifndef PRESEC_UI_TEXT_H
#define PRESEC_UI_TEXT_H

#include <glib.h>

/* Lines of running text are kept this short even on a wide terminal. */
enum { TEXT_COLUMNS_MAX = 100 };

/* Appends text with its blanks and line ends turned into breaks between @indent and @columns.  An empty text appends
 * nothing; every line ends with a line end. */
void text_fill(GString *out, const char *text, int indent, int columns);

/* The same, and no line ends inside "TS 33.203 §7.2" or "RFC 3329 §2". */
void text_fill_whole(GString *out, const char *text, int indent, int columns);

/* Appends text and blanks up to @width columns, and always at least one blank. */
void text_pad(GString *out, const char *text, int width);

/* Appends text so that it cannot command a terminal: control characters except line ends and tabs, and octets that are
 * not UTF-8, become \xNN. */
void text_visible(GString *out, const char *text, size_t len);

#endif
