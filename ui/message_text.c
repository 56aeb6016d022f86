/*
 * ui/message_text.c - the lines of a SIP message as it was sent.
 *
 * Source:  ui/message_text.h.
 * Knows:   text.
 */
#include "ui/message_text.h"

#include "ui/text.h"

#include <string.h>

char **message_lines(const TraceRecord *record)
{
    g_autoptr(GString) shown = g_string_new(NULL);
    g_autoptr(GString) text = g_string_new_len((const char *)record->message.octets, record->message.len);
    g_string_replace(text, "\r\n", "\n", 0);
    text_visible(shown, text->str, text->len);
    while (shown->len > 0 && shown->str[shown->len - 1] == '\n')
        g_string_truncate(shown, shown->len - 1);
    return g_strsplit(shown->str, "\n", -1);
}

char *message_line_name(const char *line)
{
    size_t len = strcspn(line, ": \t<\"");
    return line[len] == ':' ? g_strndup(line, len) : g_strdup("");
}

char *message_header(const TraceRecord *record, const char *name)
{
    g_auto(GStrv) lines = message_lines(record);
    for (char **line = lines; *line && **line; line++) {
        g_autofree char *own = message_line_name(*line);
        if (line != lines && g_ascii_strcasecmp(own, name) == 0)
            return g_strdup(g_strstrip(*line + strlen(own) + 1));
    }
    return NULL;
}

/* The next place where the parameter's name stands alone before an equals sign, outside quotation marks. */
static const char *find_parameter(const char *value, const char *name)
{
    size_t len = strlen(name);
    bool quoted = false;
    for (const char *c = value; *c; c++) {
        if (*c == '"')
            quoted = !quoted;
        bool begins = !quoted && (c == value || strchr(" ;,\t", c[-1]));
        if (begins && g_ascii_strncasecmp(c, name, len) == 0 && c[len] == '=')
            return c + len + 1;
    }
    return NULL;
}

char *message_parameter(const char *value, const char *name)
{
    const char *found = find_parameter(value, name);
    if (!found)
        return NULL;
    if (*found == '"')
        return g_strndup(found + 1, strcspn(found + 1, "\""));
    return g_strndup(found, strcspn(found, ";, \t"));
}

size_t message_body_len(const TraceRecord *record)
{
    const uint8_t *octets = record->message.octets;
    const uint8_t *end = octets ? memmem(octets, record->message.len, "\r\n\r\n", 4) : NULL;
    return end ? record->message.len - (size_t)(end + 4 - octets) : 0;
}
