/*
 * ui/command.c - from the words of the command line to the command that does it.
 *
 * Source:  ui/command.h.
 * Knows:   the table of commands, no command by name except `help`.
 */
#include "ui/command.h"

#include "scenarios/nearest.h"
#include "ui/help.h"
#include "ui/interrupt.h"
#include "ui/options.h"
#include "ui/output.h"

#include <locale.h>
#include <string.h>

const Command *command_find(const char *name)
{
    for (const Command *command = commands; command->name; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

ExitStatus command_unknown(const char *what, const char *written, const char *const *names)
{
    const char *nearest = nearest_name(written, names);
    if (nearest) {
        output_message("there is no %s '%s'; did you mean '%s'?", what, written, nearest);
        return EXIT_USAGE;
    }
    g_autofree char *all = g_strjoinv(", ", (char **)names);
    output_message("there is no %s '%s'; there are %s", what, written, all);
    return EXIT_USAGE;
}

static ExitStatus unknown_command(const char *written)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const Command *command = commands; command->name; command++)
        g_ptr_array_add(names, (char *)command->name);
    g_ptr_array_add(names, NULL);
    return command_unknown("command", written, (const char *const *)names->pdata);
}

static ExitStatus wrong_count(const Command *command, const char *what)
{
    output_message("%s: %s; usage: presec %s %s", command->name, what, command->name,
                   command->synopsis ? command->synopsis : "");
    return EXIT_USAGE;
}

static ExitStatus run_parsed(const Command *command, const ParsedLine *line)
{
    Term term = term_detect(line->common.no_color);
    if (line->common.help)
        return help_print_command(&term, command);
    if (line->n_args < command->args_min)
        return wrong_count(command, "something is missing");
    if (line->n_args > command->args_max)
        return wrong_count(command, "too many words");
    CommandCall call = { .command = command,
                         .settings = line->settings,
                         .args = (const char *const *)line->args,
                         .n_args = line->n_args,
                         .term = &term };
    ExitStatus status = command->run(&call);
    if (status == EXIT_INTERRUPTED)
        output_message("%s: interrupted", command->name);
    return status;
}

static ExitStatus run_command(const Command *command, char **words)
{
    ParsedLine line;
    ExitStatus status = options_parse(command, words, &line);
    if (status == EXIT_DONE)
        status = run_parsed(command, &line);
    options_clear(command, &line);
    return status;
}

/* Options before the command's name: they are common ones, and are handed on to the command. */
static ExitStatus run_words(char **words)
{
    Term term = term_detect(false);
    char **first = words + 1;
    while (*first && strcmp(*first, "--no-color") == 0)
        first++;
    bool plain = first > words + 1;
    if (plain)
        term = term_detect(true);
    if (!*first) {
        output_message("what shall be done? usage: presec COMMAND [OPTION]...; see presec help");
        return EXIT_USAGE;
    }
    if (strcmp(*first, "--help") == 0 || strcmp(*first, "-h") == 0)
        return help_print_overview(&term);
    if (strcmp(*first, "--version") == 0)
        return output_print("presec " PRESEC_VERSION "\n", strlen("presec " PRESEC_VERSION "\n"));
    if (**first == '-')
        return command_unknown("option", *first, (const char *const[]){ "--help", "--version", "--no-color", NULL });
    const Command *command = command_find(*first);
    if (!command)
        return unknown_command(*first);
    if (!plain)
        return run_command(command, first);
    /* The name and the option change places: the command's own parser sees both. */
    char *name = *first;
    first[0] = first[-1];
    first[-1] = name;
    return run_command(command, first - 1);
}

ExitStatus command_main(int argc, char **argv)
{
    /* Characters are UTF-8 wherever presec runs; numbers, dates and messages are never the locale's. */
    setlocale(LC_CTYPE, "C.UTF-8");
    interrupt_install();
    return run_words(argc > 0 ? argv : (char *[]){ "presec", NULL });
}
