/*
 * ui/dash/verdict_page.h - why a verdict is what it is, and how it came to be so.
 *
 * Knows:   the story's flips, and judgements as the comparison makes them.
 */
#ifndef PRESEC_UI_DASH_VERDICT_PAGE_H
#define PRESEC_UI_DASH_VERDICT_PAGE_H

#include "ui/dash/app.h"

GridStyle verdict_style(Verdict verdict);
/* Of a property at the position. */
void verdict_page_show(App *app, const Flip *flip);

#endif
