/*
 * ui/load.h - options and scenarios by id or file name, with everything that is wrong with them said at once.
 *
 * Source:  README.md: a bad file gives every mistake as file:line:column, exit 3.
 * Knows:   which exit status a failure has; the formats are scenarios/'s.
 */
#ifndef PRESEC_UI_LOAD_H
#define PRESEC_UI_LOAD_H

#include "scenarios/scenario.h"
#include "ui/exit.h"

/* Whether a word names a file ("-", or one with a '/' or a '.') rather than something shipped. */
bool load_is_file(const char *word);

/**
 * Look whether a file can be read before anybody parses it.
 *
 * EXIT_DONE, also for "-"; EXIT_IO (missing, a folder, not readable); EXIT_INVALID (longer than INPUT_LEN_MAX).
 * All but EXIT_DONE have said why on standard error.
 */
ExitStatus load_check_file(const char *path) G_GNUC_WARN_UNUSED_RESULT;

/**
 * A shipped id or a file; a scenario also as CAST+ATTACK ("standard+AT-21", the runs that compare makes), where an
 * attack alone stands for the standard cast with it.
 *
 * @option, @scenario: out; taken by the caller, only for EXIT_DONE
 *
 * EXIT_DONE; EXIT_USAGE (no such id; the nearest one was named); EXIT_IO; EXIT_INVALID (every mistake was said).
 */
ExitStatus load_option(const char *id_or_file, Option **option) G_GNUC_WARN_UNUSED_RESULT;
ExitStatus load_scenario(const char *id_or_file, Scenario **scenario) G_GNUC_WARN_UNUSED_RESULT;

/* Every diagnostic to standard error, a line each, without "presec: " so that editors find the place. */
void load_say(const Diagnostics *diagnostics);

/* "all", "first" (those shown first), option ids and files, separated by commas; each once.  Option *, the array frees
 * them.  As load_option. */
ExitStatus load_options(const char *words, GPtrArray **options) G_GNUC_WARN_UNUSED_RESULT;

/* Makes the settings "FIELD=VALUE" (ended by NULL, may be NULL).  EXIT_DONE, or EXIT_USAGE after saying why. */
ExitStatus load_settings(Option *option, char *const *settings) G_GNUC_WARN_UNUSED_RESULT;

/* Every shipped scenario, cast and attack that `run` takes, ended by NULL; g_strfreev. */
char **load_scenario_ids(void) G_GNUC_WARN_UNUSED_RESULT;

#endif
