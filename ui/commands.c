/*
 * ui/commands.c - the table of subcommands.
 *
 * Source:  README.md, "The command".
 * Knows:   every subcommand by name, none from inside.
 */
#include "ui/commands.h"

#include "ui/help.h"

/* clang-format off: one entry a paragraph */
const Command commands[] = {
    { .name = "compare",
      .summary = "Run the options against each other and show what holds, what breaks, what it costs",
      .synopsis = "[OPTION]...",
      .options = compare_options_table,
      .settings_size = sizeof(CompareSettings),
      .args_min = 0,
      .args_max = 0,
      .run = compare_run },
    { .name = "validate",
      .summary = "Say everything that is wrong with scenario and option files",
      .synopsis = "FILE...",
      .args_min = 1,
      .args_max = SIZE_MAX,
      .run = validate_run },
    { .name = "new",
      .summary = "Write a commented file to begin with",
      .synopsis = "scenario|option FILE",
      .args_min = 2,
      .args_max = 2,
      .run = new_run },
    { .name = "decode",
      .summary = "Parse one message and print its structure",
      .synopsis = "sip|diameter|pidf|winfo|rules|ip|access FILE",
      .args_min = 2,
      .args_max = 2,
      .run = decode_run },
    { .name = "selftest",
      .summary = "Check the cryptography against known answers",
      .synopsis = "[VECTORFILE]...",
      .options = selftest_options,
      .settings_size = sizeof(SelftestSettings),
      .args_min = 0,
      .args_max = SIZE_MAX,
      .run = selftest_run_command },
    { .name = "list",
      .summary = "List what presec knows by name",
      .synopsis = "[KIND]",
      .options = list_options,
      .settings_size = sizeof(ListSettings),
      .args_min = 0,
      .args_max = 1,
      .run = list_run },
    { .name = "explain",
      .summary = "Say what an id or a clause is, where it comes from, what it does here",
      .synopsis = "ID|CLAUSE",
      .args_min = 1,
      .args_max = SIZE_MAX,
      .run = explain_run },
    { .name = "help",
      .summary = "Show this, or the help of one command",
      .synopsis = "[COMMAND]",
      .options = help_options,
      .settings_size = sizeof(HelpSettings),
      .args_min = 0,
      .args_max = 1,
      .run = help_run },
    { 0 },
};
/* clang-format on */
