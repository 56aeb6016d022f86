/*
 * ui/search_report.h - what a search found, as a page and as JSON.
 *
 * Source:  README.md, "The command".
 * Knows:   finished searches as values.
 */
#ifndef PRESEC_UI_SEARCH_REPORT_H
#define PRESEC_UI_SEARCH_REPORT_H

#include "scenarios/search.h"
#include "ui/json.h"
#include "ui/term.h"

/* The most moves of which every combination was run; 0: not even one. */
unsigned search_complete(const Search *search);

/* @sets: "field=value", ended by NULL, or NULL: what was set besides the option. */
void search_append(const Term *term, GString *out, const Search *search, const Option *option, char *const *sets);
/* presec.search/1 */
JsonBuilder *search_json(const Search *search, const Option *option, char *const *sets) G_GNUC_WARN_UNUSED_RESULT;

#endif
