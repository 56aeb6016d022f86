/*
 * ui/dash/views.h - the views, one a file.
 *
 * Knows:   their tables only.
 */
#ifndef PRESEC_UI_DASH_VIEWS_H
#define PRESEC_UI_DASH_VIEWS_H

#include "ui/dash/app.h"

extern const View view_network, view_ladder, view_security, view_presence, view_attackers, view_properties, view_matrix,
    view_events;

#endif
