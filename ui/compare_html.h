/*
 * ui/compare_html.h - the comparison as one file for a browser or a printer.
 *
 * Source:  README.md, "The command".  No script, nothing fetched: styles are in the file, every cell of the matrix
 * leads to its verdict in full.  Light and dark follow the reader's settings; no meaning is carried by colour alone.
 * Knows:   a finished Comparison.
 */
#ifndef PRESEC_UI_COMPARE_HTML_H
#define PRESEC_UI_COMPARE_HTML_H

#include "scenarios/compare.h"
#include "ui/compare_data.h"

/* @settings: what the user set for every option, ended by NULL; may be NULL. */
char *compare_html(const Comparison *comparison, const CompareParts *parts,
                   char *const *settings) G_GNUC_WARN_UNUSED_RESULT;

#endif
