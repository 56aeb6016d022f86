/*
 * tests/ui/support/vt.h - the screen of a terminal, made from the octets written to it.
 *
 * Source:  ECMA-48; the private modes of xterm.
 * Knows:   what ncurses sends to an xterm, and nothing of colours.
 */
#ifndef PRESEC_TESTS_UI_VT_H
#define PRESEC_TESTS_UI_VT_H

#include <glib.h>
#include <stdbool.h>

typedef struct Vt Vt;
Vt *vt_new(int rows, int columns);
void vt_free(Vt *vt);
void vt_feed(Vt *vt, const char *octets, size_t len);
void vt_resize(Vt *vt, int rows, int columns); /* what fits stays, from the top left on */
char *vt_text(const Vt *vt) G_GNUC_WARN_UNUSED_RESULT;
bool vt_is_alternate(const Vt *vt);
bool vt_cursor_is_visible(const Vt *vt);
void vt_cursor(const Vt *vt, int *row, int *column);

#endif
