/*
 * ui/dash/sections.h - records under headings: the shape of the views that show what exists now.
 *
 * Knows:   records by their numbers.  Headings are not selected.
 */
#ifndef PRESEC_UI_DASH_SECTIONS_H
#define PRESEC_UI_DASH_SECTIONS_H

#include "ui/dash/list.h"

typedef struct Sections {
    GArray *lines; /* SectionLine */
    List list;
    TraceId made_for; /* the position, + 1; 0: not made yet */
} Sections;

typedef struct SectionLine {
    const char *heading, *columns; /* of a heading; NULL: a record, or "none" when that is 0 */
    TraceId record;
} SectionLine;

/* False: they stand as they were made for this position. */
bool sections_begin(App *app, Sections *sections);
void sections_heading(Sections *sections, const char *heading, const char *columns);
/* What exists at the position, under its heading. */
void sections_now(App *app, Sections *sections, const char *heading, NowKind kind);
/* Those of @positions that have happened, the newest first. */
void sections_past(App *app, Sections *sections, const char *heading, const GArray *positions);
void sections_free(Sections *sections);

ListModel sections_rows(Sections *sections); /* of a view whose state begins with its Sections */
void sections_draw(App *app, Sections *sections, const GridArea *area);
/* NULL: none is selected. */
const TraceRecord *sections_selected(App *app, const Sections *sections);

#endif
