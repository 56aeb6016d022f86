/*
 * ui/html.h - text made safe for HTML.
 *
 * Source:  HTML Living Standard §13.1.2, §13.1.4.
 * Knows:   characters.
 */
#ifndef PRESEC_UI_HTML_H
#define PRESEC_UI_HTML_H

#include <glib.h>

/* Appends text as the content of an element or of a quoted attribute: what may come off a wire, too.  Control
 * characters and octets that are not UTF-8 become \xNN; NULL appends nothing. */
void html_text(GString *out, const char *text);

#endif
