/*
 * ui/help.c - the help on the screen.
 *
 * Source:  ui/help.h.
 * Knows:   the table of commands and the help files.
 */
#include "ui/help.h"

#include "scenarios/data.h"
#include "ui/options.h"
#include "ui/output.h"
#include "ui/text.h"

#include <string.h>

enum { INDENT = 4, NAME_WIDTH = 12 };

const CommandOption help_options[] = {
    { "man", 0, OPTION_FLAG, offsetof(HelpSettings, man), NULL, "Write the manual page to standard output" },
    { 0 },
};

const char *help_text(const char *name)
{
    g_autofree char *path = g_strdup_printf("ui/help/%s.txt", name);
    const DataFile *file = data_find(path);
    return file ? (const char *)file->octets : "";
}

HelpLine help_line_kind(const char *line)
{
    if (!*line)
        return HELP_BLANK;
    if (*line == ' ')
        return HELP_VERBATIM;
    for (const char *c = line; *c; c++)
        if (g_ascii_islower(*c))
            return HELP_RUNNING;
    return HELP_HEADING;
}

void help_append_option(GString *out, const CommandOption *option)
{
    if (option->letter)
        g_string_append_printf(out, "-%c, ", option->letter);
    g_string_append_printf(out, "--%s", option->name);
    if (option->value)
        g_string_append_printf(out, " %s", option->value);
}

static void append_heading(const Term *term, GString *out, const char *text)
{
    term_append(term, out, STYLE_HEADING, text);
    g_string_append_c(out, '\n');
}

static void flush_running(GString *out, GString *running, const Term *term)
{
    text_fill(out, running->str, INDENT, term->columns);
    g_string_truncate(running, 0);
}

static void append_text(const Term *term, GString *out, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) running = g_string_new(NULL);
    for (char **line = lines; *line; line++) {
        HelpLine kind = help_line_kind(*line);
        if (kind == HELP_RUNNING) {
            g_string_append_printf(running, "%s ", *line);
            continue;
        }
        flush_running(out, running, term);
        if (kind == HELP_HEADING)
            append_heading(term, out, *line);
        else if (kind == HELP_VERBATIM)
            g_string_append_printf(out, "%*s%s\n", INDENT, "", *line);
        else if (line[1])
            g_string_append_c(out, '\n');
    }
    flush_running(out, running, term);
}

static void append_options(const Term *term, GString *out, const CommandOption *options)
{
    for (const CommandOption *option = options; option && option->name; option++) {
        g_autoptr(GString) form = g_string_new(NULL);
        help_append_option(form, option);
        g_string_append_printf(out, "%*s", INDENT, "");
        term_append(term, out, STYLE_NAME, form->str);
        g_string_append_c(out, '\n');
        text_fill(out, option->help, 2 * INDENT, term->columns);
    }
}

ExitStatus help_print_command(const Term *term, const Command *command)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *name = g_strdup_printf("presec %s", command->name);
    term_append(term, out, STYLE_HEADING, name);
    g_string_append_printf(out, " - %s\n\n", command->summary);
    g_autofree char *usage = g_strdup_printf("usage: %s %s", name, command->synopsis ? command->synopsis : "");
    g_string_append_printf(out, "%s\n\n", g_strchomp(usage));
    append_text(term, out, help_text(command->name));
    g_string_append_c(out, '\n');
    append_heading(term, out, "OPTIONS");
    append_options(term, out, command->options);
    append_options(term, out, common_options);
    return output_print(out->str, out->len);
}

ExitStatus help_print_overview(const Term *term)
{
    g_autoptr(GString) out = g_string_new(NULL);
    term_append(term, out, STYLE_HEADING, "presec");
    g_string_append(out, " - IMS presence security simulator\n\nusage: presec COMMAND [OPTION]...\n\n");
    append_heading(term, out, "COMMANDS");
    for (const Command *command = commands; command->name; command++) {
        g_string_append_printf(out, "%*s%s", INDENT, "", term_style(term, STYLE_NAME));
        text_pad(out, command->name, NAME_WIDTH);
        g_string_append_printf(out, "%s%s\n", term_style(term, STYLE_PLAIN), command->summary);
    }
    g_string_append(out, "\npresec help COMMAND says more about one of them.\n\n");
    append_text(term, out, help_text("presec"));
    return output_print(out->str, out->len);
}

ExitStatus help_run(const CommandCall *call)
{
    const HelpSettings *settings = call->settings;
    if (settings->man) {
        g_autoptr(GString) page = g_string_new(NULL);
        help_write_man(page);
        return output_print(page->str, page->len);
    }
    if (call->n_args == 0)
        return help_print_overview(call->term);
    const Command *command = command_find(call->args[0]);
    if (command)
        return help_print_command(call->term, command);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (command = commands; command->name; command++)
        g_ptr_array_add(names, (char *)command->name);
    g_ptr_array_add(names, NULL);
    return command_unknown("command", call->args[0], (const char *const *)names->pdata);
}
