/*
 * ui/text.c - paragraphs for people.
 *
 * Source:  ui/text.h.
 * Knows:   UTF-8 and columns (one column a character: our texts have no wide ones).
 */
#include "ui/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

/* Between these two words of a reference no line ends. */
static bool belong_together(const char *before, size_t len, const char *after)
{
    bool series =
        (len >= 2 && strncmp(before + len - 2, "TS", 2) == 0) || (len >= 3 && strncmp(before + len - 3, "RFC", 3) == 0);
    return (series && g_ascii_isdigit(*after)) || g_str_has_prefix(after, "\u00a7");
}

void text_fill_whole(GString *out, const char *text, int indent, int columns)
{
    static const char glue = '\x1f';
    g_autofree char *glued = g_strdup(text);
    gsize start = out->len;
    for (char *c = glued; *c; c++) {
        size_t len = 0;
        while (len < (size_t)(c - glued) && !strchr(" \n\x1f", c[-1 - (ptrdiff_t)len]))
            len++;
        if ((*c == ' ' || *c == '\n') && len > 0 && belong_together(c - len, len, c + 1))
            *c = glue;
    }
    text_fill(out, glued, indent, columns);
    for (gsize i = start; i < out->len; i++)
        if (out->str[i] == glue)
            out->str[i] = ' ';
}

void text_pad(GString *out, const char *text, int width)
{
    int blanks = width - (int)g_utf8_strlen(text, -1);
    g_string_append_printf(out, "%s%*s", text, MAX(blanks, 1), "");
}

static bool is_shown(gunichar c)
{
    return c == '\n' || c == '\t' || (c >= 0x20 && c < 0x7f) || c >= 0xa0;
}

void text_visible(GString *out, const char *text, size_t len)
{
    const char *end = text + len;
    while (text < end) {
        gunichar c = g_utf8_get_char_validated(text, end - text);
        bool valid = c != (gunichar)-1 && c != (gunichar)-2;
        size_t n = valid ? (size_t)(g_utf8_next_char(text) - text) : 1;
        if (valid && is_shown(c))
            g_string_append_len(out, text, (gssize)n);
        else
            for (size_t i = 0; i < n; i++)
                g_string_append_printf(out, "\\x%02x", (unsigned)(uint8_t)text[i]);
        text += n;
    }
}
