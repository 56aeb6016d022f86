/*
 * ui/dash/screen_type.h - whether a type of terminal can be drawn on.
 *
 * Source:  terminfo(5).
 * Knows:   descriptions of terminals; apart from screen.c because <term.h> takes everyday words as names.
 */
#ifndef PRESEC_UI_DASH_SCREEN_TYPE_H
#define PRESEC_UI_DASH_SCREEN_TYPE_H

#include <stdbool.h>

/* Its description is there and says how to move the cursor. */
bool screen_type_is_known(const char *type);

#endif
