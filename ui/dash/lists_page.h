/*
 * ui/dash/lists_page.h - the lists of sec-agree, offered beside listed, and what an attacker made of them on the way.
 *
 * Source:  RFC 3329 §2.3; TS 33.203 §7.2 (SM1, SM6, SM7).
 * Knows:   the headers of messages as they were sent and as they came.
 */
#ifndef PRESEC_UI_DASH_LISTS_PAGE_H
#define PRESEC_UI_DASH_LISTS_PAGE_H

#include "ui/dash/app.h"

/* Of the registrations up to the position, the newest first. */
void lists_page_show(App *app);

#endif
