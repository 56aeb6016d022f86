/*
 * ui/dash/sections.h - a list of records under headings: the shape of the views that show what exists now.
 *
 * Knows:   records by their numbers.
 */
#ifndef PRESEC_UI_DASH_SECTIONS_H
#define PRESEC_UI_DASH_SECTIONS_H

#include "ui/dash/list.h"

typedef struct Sections {
    GArray *lines; /* SectionLine */
    List list;
} Sections;

typedef struct SectionLine {
    const char *heading; /* of a heading; NULL: a record */
    TraceId record;
} SectionLine;

void sections_begin(Sections *sections);
void sections_heading(Sections *sections, const char *heading);
void sections_records(Sections *sections, const GArray *records); /* of TraceId; "none" when empty */
void sections_record(Sections *sections, TraceId record);
void sections_draw(App *app, Sections *sections, const GridArea *area);
void sections_free(Sections *sections);
TraceId sections_selected(const Sections *sections); /* 0: a heading */
bool sections_press(Sections *sections, gunichar key);
bool sections_search(App *app, Sections *sections, const char *text);

#endif
