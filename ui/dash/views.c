/*
 * ui/dash/views.c - which views there are, in the order of their digits.
 */
#include "ui/dash/views.h"

const View *const app_views[] = { &view_network,  &view_ladder,    &view_security,
                                  &view_presence, &view_attackers, &view_properties,
                                  &view_matrix,   &view_events,    NULL };
