/*
 * ui/dash/records.h - state records as lines and as pages, the same for every view that shows them.
 *
 * Knows:   the members of state records.
 */
#ifndef PRESEC_UI_DASH_RECORDS_H
#define PRESEC_UI_DASH_RECORDS_H

#include "ui/dash/app.h"

/* One row: what exists.  @now: made or changed by the record at the position. */
void record_draw(App *app, const TraceRecord *r, const GridArea *row);
/* All of it, with what caused it; @keys: session keys in hex, too. */
void record_page(App *app, const TraceRecord *r, bool keys);
/* Whether a text stands in it. */
bool record_matches(App *app, const TraceRecord *r, const char *text);

#endif
