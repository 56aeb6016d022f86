/*
 * ui/help.h - the help on the screen and the manual page, out of one source.
 *
 * Source:  the table of ui/command.h and the compiled-in files ui/help/NAME.txt (ui/help/presec.txt for the whole).
 * Knows:   the form of those files: a line in capitals at the margin is a heading, an indented line is shown as it is,
 *          anything else is running text.
 */
#ifndef PRESEC_UI_HELP_H
#define PRESEC_UI_HELP_H

#include "ui/command.h"

ExitStatus help_print_overview(const Term *term) G_GNUC_WARN_UNUSED_RESULT;
ExitStatus help_print_command(const Term *term, const Command *command) G_GNUC_WARN_UNUSED_RESULT;

/* The manual page presec(1), in the man(7) macros. */
void help_write_man(GString *out);

/* `presec help`. */
ExitStatus help_run(const CommandCall *call);

/* One line of a help text, and what it is. */
typedef enum { HELP_HEADING, HELP_VERBATIM, HELP_RUNNING, HELP_BLANK } HelpLine;
HelpLine help_line_kind(const char *line);

/* "-n, --name VALUE", or "--name VALUE". */
void help_append_option(GString *out, const CommandOption *option);

/* The text of ui/help/NAME.txt; "" when there is none. */
const char *help_text(const char *name);

typedef struct {
    bool man;
} HelpSettings;
extern const CommandOption help_options[];

#endif
