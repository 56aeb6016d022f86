/*
 * ui/commands.h - what each subcommand's file gives to the table of ui/commands.c.
 *
 * Source:  ui/command.h.
 * Knows:   names only; the settings of a command are its own file's.
 */
#ifndef PRESEC_UI_COMMANDS_H
#define PRESEC_UI_COMMANDS_H

#include "ui/command.h"

ExitStatus bench_run_command(const CommandCall *call);
ExitStatus check_run(const CommandCall *call);
ExitStatus compare_run(const CommandCall *call);
ExitStatus dash_run(const CommandCall *call);
ExitStatus decode_run(const CommandCall *call);
ExitStatus explain_run(const CommandCall *call);
ExitStatus lesson_run(const CommandCall *call);
ExitStatus list_run(const CommandCall *call);
ExitStatus new_run(const CommandCall *call);
ExitStatus run_run(const CommandCall *call);
ExitStatus search_run(const CommandCall *call);
ExitStatus selftest_run_command(const CommandCall *call);
ExitStatus validate_run(const CommandCall *call);

/* The options of `bench`. */
typedef struct {
    bool full, quick;
    char *json;
} BenchSettings;
extern const CommandOption bench_options[];

/* The options of `check`. */
typedef struct {
    char *junit;
    bool tap;
    OptionNumber seed;
} CheckSettings;
extern const CommandOption check_options[];

/* The options of `compare`. */
typedef struct {
    char *options, *properties, *why, *seeds;
    char **sets;
    OptionNumber seed, knowledge, jobs, samples;
    char *json, *csv, *html, *capture;
    bool requirements, costs, coverage, check_determinism;
} CompareSettings;
extern const CommandOption compare_options_table[];

/* The options of `dash`. */
typedef struct {
    char *option, *view;
    char **sets;
    OptionNumber seed;
    bool ascii, mouse;
} DashSettings;
extern const CommandOption dash_options[];

/* The options of `lesson`. */
typedef struct {
    bool answers;
    OptionNumber step, seed;
} LessonSettings;
extern const CommandOption lesson_options[];

/* The options of `list`. */
typedef struct {
    char *json;
} ListSettings;
extern const CommandOption list_options[];

/* The options of `run`. */
typedef struct {
    char *option, *only, *json, *capture;
    char **sets;
    OptionNumber seed, width;
    bool ladder, narrate, check_determinism;
} RunSettings;
extern const CommandOption run_options[];

/* The options of `search`. */
typedef struct {
    char *option, *goals, *only, *segment, *write, *json;
    char **sets;
    OptionNumber moves, runs, seed, jobs;
} SearchSettings;
extern const CommandOption search_options[];

/* The options of `selftest`. */
typedef struct {
    bool verbose;
    char *json;
} SelftestSettings;
extern const CommandOption selftest_options[];

#endif
