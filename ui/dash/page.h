/*
 * ui/dash/page.h - a text over the view: scrolled, searched, walked by its headings.
 *
 * Knows:   text.  A line that begins with "# " is a heading; a line too long is wrapped under its own beginning.
 */
#ifndef PRESEC_UI_DASH_PAGE_H
#define PRESEC_UI_DASH_PAGE_H

#include "ui/dash/grid.h"

typedef struct Page Page;
Page *page_new(const char *title, const char *text) G_GNUC_WARN_UNUSED_RESULT;
void page_free(Page *page);

void page_draw(Page *page, const GridArea *area);
/* Up, Down, j, k, Page Up and Down, Space, Home, End; Tab and Shift-Tab: the next and last heading.  False: not a key
 * of a page. */
bool page_press(Page *page, gunichar key);
/* The next line with the text, after the one found last, from the top again at the end.  False: there is none. */
bool page_search(Page *page, const char *text);

#endif
