/*
 * ui/options.h - filling a command's settings from its command line.
 *
 * Source:  ui/command.h; GLib's option parser does the reading.
 * Knows:   tables of options, no command.
 */
#ifndef PRESEC_UI_OPTIONS_H
#define PRESEC_UI_OPTIONS_H

#include "ui/command.h"

/* The options that every command has; they come before its own in every list. */
typedef struct {
    bool help;
    bool no_color;
} CommonSettings;
extern const CommandOption common_options[];

typedef struct {
    CommonSettings common;
    void *settings; /* owned; the command's own struct */
    char **args;    /* owned; the words that are not options, ended by NULL */
    size_t n_args;
} ParsedLine;

/**
 * Parse the words after the command's name.
 *
 * @words: taken apart and consumed; the first one is the command's name
 * @line:  out; options_clear() it in both cases
 *
 * EXIT_DONE; EXIT_USAGE after saying what is wrong, with the nearest option for an unknown one.
 */
ExitStatus options_parse(const Command *command, char **words, ParsedLine *line) G_GNUC_WARN_UNUSED_RESULT;
void options_clear(const Command *command, ParsedLine *line);

#endif
