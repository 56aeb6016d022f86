/*
 * ui/html.c - text made safe for HTML.
 *
 * Source:  ui/html.h.
 * Knows:   characters.
 */
#include "ui/html.h"

#include "ui/text.h"

#include <string.h>

void html_text(GString *out, const char *text)
{
    if (!text)
        return;
    g_autoptr(GString) visible = g_string_new(NULL);
    text_visible(visible, text, strlen(text));
    g_autofree char *escaped = g_markup_escape_text(visible->str, (gssize)visible->len);
    g_string_append(out, escaped);
}
