/*
 * ui/man.c - the manual page presec(1), written from the same table and texts as the help on the screen.
 *
 * Source:  ui/help.h; the man(7) macros as mandoc and groff read them.
 * Knows:   roff escapes.
 */
#include "ui/help.h"

#include "ui/options.h"

#include <string.h>

/* A backslash starts an escape, a hyphen would be typeset as one, a point or apostrophe at the margin is a request. */
static void append_escaped(GString *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        g_string_append(out, "\\&");
    for (const char *c = text; *c; c++) {
        if (*c == '\\')
            g_string_append(out, "\\e");
        else if (*c == '-')
            g_string_append(out, "\\-");
        else
            g_string_append_c(out, *c);
    }
}

static void append_line(GString *out, const char *text)
{
    append_escaped(out, text);
    g_string_append_c(out, '\n');
}

/* The headings of a command's text are below the command's own. */
static void append_text(GString *out, const char *text, const char *heading_macro)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    bool verbatim = false, paragraph = false;
    for (char **line = lines; *line; line++) {
        HelpLine kind = help_line_kind(*line);
        if (verbatim && kind != HELP_VERBATIM) {
            g_string_append(out, ".fi\n");
            verbatim = false;
        }
        if (kind == HELP_BLANK) {
            paragraph = true;
            continue;
        }
        if (kind == HELP_HEADING) {
            g_string_append_printf(out, ".%s ", heading_macro);
            append_line(out, *line);
            paragraph = false;
            continue;
        }
        if (paragraph)
            g_string_append(out, ".PP\n");
        paragraph = false;
        if (kind == HELP_VERBATIM && !verbatim) {
            g_string_append(out, ".nf\n");
            verbatim = true;
        }
        append_line(out, *line);
    }
    if (verbatim)
        g_string_append(out, ".fi\n");
}

static void append_options(GString *out, const CommandOption *options)
{
    for (const CommandOption *option = options; option && option->name; option++) {
        g_autoptr(GString) form = g_string_new(NULL);
        help_append_option(form, option);
        g_string_append(out, ".TP\n.B ");
        append_line(out, form->str);
        append_line(out, option->help);
    }
}

static void append_command(GString *out, const Command *command)
{
    g_autofree char *usage = g_strdup_printf("presec %s %s", command->name, command->synopsis ? command->synopsis : "");
    g_string_append_printf(out, ".SH presec %s\n", command->name);
    append_line(out, command->summary);
    g_string_append(out, ".PP\n.B ");
    append_line(out, g_strchomp(usage));
    g_string_append(out, ".PP\n");
    append_text(out, help_text(command->name), "SS");
    append_options(out, command->options);
}

void help_write_man(GString *out)
{
    g_string_append(out, ".TH PRESEC 1 2026-01-01 \"presec " PRESEC_VERSION "\" \"User Commands\"\n"
                         ".SH NAME\npresec \\- IMS presence security simulator\n"
                         ".SH SYNOPSIS\n.B presec\n.I COMMAND\n[\\fIOPTION\\fR]...\n");
    append_text(out, help_text("presec"), "SH");
    for (const Command *command = commands; command->name; command++)
        append_command(out, command);
    g_string_append(out, ".SH OPTIONS OF EVERY COMMAND\n");
    append_options(out, common_options);
}
