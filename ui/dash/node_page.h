/*
 * ui/dash/node_page.h - a node in full: what exists at it, what it decided, what it did last; a link: what crossed it.
 *
 * Knows:   the story.
 */
#ifndef PRESEC_UI_DASH_NODE_PAGE_H
#define PRESEC_UI_DASH_NODE_PAGE_H

#include "ui/dash/app.h"
#include "ui/dash/places.h"

void node_page_show(App *app, const char *node);
void path_page_show(App *app, const Path *path);

#endif
