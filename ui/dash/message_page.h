/*
 * ui/dash/message_page.h - a message in full: where it went, who could read it and how, its structure, its octets.
 *
 * Knows:   the story.
 */
#ifndef PRESEC_UI_DASH_MESSAGE_PAGE_H
#define PRESEC_UI_DASH_MESSAGE_PAGE_H

#include "ui/dash/app.h"

/* @id: a SEND or RECEIVE record. */
void message_page_show(App *app, TraceId id);

#endif
