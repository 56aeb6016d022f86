/*
 * ui/text.c - paragraphs for people.
 *
 * Source:  ui/text.h.
 * Knows:   UTF-8 and columns (one column a character: our texts have no wide ones).
 */
#include "ui/text.h"

#include <stdbool.h>

void text_fill(GString *out, const char *text, int indent, int columns)
{
    g_auto(GStrv) words = g_strsplit_set(text, " \n", -1);
    int limit = MIN(columns, TEXT_COLUMNS_MAX);
    int column = 0;
    for (char **word = words; *word; word++) {
        if (!**word)
            continue;
        int width = (int)g_utf8_strlen(*word, -1);
        if (column > 0 && column + 1 + width >= limit) {
            g_string_append_c(out, '\n');
            column = 0;
        }
        bool first = column == 0;
        g_string_append_printf(out, "%*s%s", first ? indent : 1, "", *word);
        column += width + (first ? indent : 1);
    }
    if (column > 0)
        g_string_append_c(out, '\n');
}

void text_pad(GString *out, const char *text, int width)
{
    int blanks = width - (int)g_utf8_strlen(text, -1);
    g_string_append_printf(out, "%s%*s", text, MAX(blanks, 1), "");
}
