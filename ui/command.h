/*
 * ui/command.h - a subcommand as a table entry: name, texts, options, and the function that does it.
 *
 * Source:  README.md, "The command".
 * Knows:   GLib.  The long text of a command is the compiled-in file ui/help/NAME.txt; `presec help`, --help and the
 *          manual page are all written from the entry and that file (ui/help.h).
 */
#ifndef PRESEC_UI_COMMAND_H
#define PRESEC_UI_COMMAND_H

#include "ui/exit.h"
#include "ui/term.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    OPTION_FLAG,   /* bool */
    OPTION_TEXT,   /* char *, NULL when not given; the last one given counts */
    OPTION_TEXTS,  /* char **, ended by NULL; NULL when not given; may be repeated */
    OPTION_NUMBER, /* OptionNumber: decimal digits only */
} OptionKind;

typedef struct {
    bool given;
    uint64_t value;
} OptionNumber;

typedef struct {
    const char *name; /* without the dashes */
    char letter;      /* 0 = none */
    OptionKind kind;
    size_t offset;     /* of the member in the command's settings */
    const char *value; /* what the help calls the value; NULL for a flag */
    const char *help;  /* one sentence without a full stop */
} CommandOption;

typedef struct Command Command;

/* What the user asked for.  All borrowed for the time of the call. */
typedef struct {
    const Command *command;
    const void *settings; /* the command's own struct, filled from its options */
    const char *const *args;
    size_t n_args;
    const Term *term;
} CommandCall;

struct Command {
    const char *name;
    const char *summary;          /* one line, no full stop */
    const char *synopsis;         /* what follows the name; NULL = only what the options say */
    const CommandOption *options; /* ended by an entry without a name; NULL = none */
    size_t settings_size;
    size_t args_min, args_max; /* how many words that are not options */
    ExitStatus (*run)(const CommandCall *call);
};

/* In the order they are shown; ended by an entry without a name. */
extern const Command commands[];

/* The command of that name, or NULL. */
const Command *command_find(const char *name);

/* Says that there is no such thing, with the nearest name that there is; always EXIT_USAGE.
 * @what: "command"; @names: ended by NULL */
ExitStatus command_unknown(const char *what, const char *written, const char *const *names);

/* The whole program: parses, dispatches, answers with an exit status. */
ExitStatus command_main(int argc, char **argv);

#endif
