/*
 * ui/load.c - options and scenarios by id or file name.
 *
 * Source:  ui/load.h.
 * Knows:   files as far as the exit status needs it.
 */
#include "ui/load.h"

#include "scenarios/nearest.h"
#include "scenarios/option_check.h"
#include "ui/command.h"
#include "ui/input.h"
#include "ui/output.h"
#include "ui/text.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool load_is_file(const char *word)
{
    return strcmp(word, "-") == 0 || strchr(word, '/') || strchr(word, '.');
}

static ExitStatus cannot_read(const char *path, const char *why)
{
    output_message("%s: %s", path, why);
    return EXIT_IO;
}

ExitStatus load_check_file(const char *path)
{
    GStatBuf status;
    if (strcmp(path, "-") == 0)
        return EXIT_DONE;
    if (g_stat(path, &status) != 0 || g_access(path, R_OK) != 0)
        return cannot_read(path, g_strerror(errno));
    if (S_ISDIR(status.st_mode))
        return cannot_read(path, g_strerror(EISDIR));
    if (S_ISREG(status.st_mode) && (guint64)status.st_size > INPUT_LEN_MAX) {
        output_message("%s: longer than the %zu octets that are read", path, INPUT_LEN_MAX);
        return EXIT_INVALID;
    }
    return EXIT_DONE;
}

void load_say(const Diagnostics *diagnostics)
{
    g_autofree char *text = diagnostics_text(diagnostics);
    g_autoptr(GString) shown = g_string_new(NULL);
    text_visible(shown, text, strlen(text));
    fputs(shown->str, stderr);
}

ExitStatus load_option(const char *id_or_file, Option **option)
{
    g_auto(GStrv) ids = option_ids();
    bool file = load_is_file(id_or_file);
    if (!file && !g_strv_contains((const char *const *)ids, id_or_file))
        return command_unknown("option", id_or_file, (const char *const *)ids);
    ExitStatus status = file ? load_check_file(id_or_file) : EXIT_DONE;
    if (status != EXIT_DONE)
        return status;
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    *option = option_load(id_or_file, diagnostics);
    if (*option)
        return EXIT_DONE;
    load_say(diagnostics);
    return EXIT_INVALID;
}

char **load_scenario_ids(void)
{
    static const ScenarioKind kinds[] = { SCENARIO_SCENARIO, SCENARIO_CAST, SCENARIO_ATTACK };
    GPtrArray *all = g_ptr_array_new();
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_auto(GStrv) ids = scenario_ids(kinds[i]);
        for (char **id = ids; *id; id++)
            g_ptr_array_add(all, g_strdup(*id));
    }
    g_ptr_array_add(all, NULL);
    return (char **)g_ptr_array_free(all, FALSE);
}

/* There are too many to name them all. */
static ExitStatus unknown_scenario(const char *written, const char *const *ids)
{
    if (nearest_name(written, ids))
        return command_unknown("scenario", written, ids);
    output_message("there is no scenario '%s'; presec list scenarios shows what there is", written);
    return EXIT_USAGE;
}

ExitStatus load_scenario(const char *id_or_file, Scenario **scenario)
{
    g_auto(GStrv) ids = load_scenario_ids();
    bool file = load_is_file(id_or_file);
    Scenario *merged = file ? NULL : scenario_load_merged(id_or_file);
    if (merged) {
        *scenario = merged;
        return EXIT_DONE;
    }
    if (!file && !g_strv_contains((const char *const *)ids, id_or_file))
        return unknown_scenario(id_or_file, (const char *const *)ids);
    ExitStatus status = file ? load_check_file(id_or_file) : EXIT_DONE;
    if (status != EXIT_DONE)
        return status;
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    *scenario = scenario_load(id_or_file, diagnostics);
    if (*scenario)
        return EXIT_DONE;
    load_say(diagnostics);
    return EXIT_INVALID;
}

static ExitStatus add_option(GPtrArray *options, GPtrArray *seen, const char *word)
{
    Option *option = NULL;
    if (g_ptr_array_find_with_equal_func(seen, word, g_str_equal, NULL))
        return EXIT_DONE;
    ExitStatus status = load_option(word, &option);
    if (status != EXIT_DONE)
        return status;
    g_ptr_array_add(options, option);
    g_ptr_array_add(seen, g_strdup(word));
    return EXIT_DONE;
}

static ExitStatus add_word(GPtrArray *options, GPtrArray *seen, const char *word)
{
    bool all = strcmp(word, "all") == 0;
    if (!all && strcmp(word, "first") != 0)
        return add_option(options, seen, word);
    g_auto(GStrv) ids = all ? option_ids() : option_ids_shown_first();
    ExitStatus status = EXIT_DONE;
    for (char **id = ids; *id && status == EXIT_DONE; id++)
        status = add_option(options, seen, *id);
    return status;
}

static void free_option(void *option)
{
    option_free(option);
}

ExitStatus load_options(const char *words, GPtrArray **options)
{
    g_autoptr(GPtrArray) loaded = g_ptr_array_new_with_free_func(free_option);
    g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) list = g_strsplit(words, ",", -1);
    ExitStatus worst = EXIT_DONE;
    /* Every word is tried, so that the mistakes of several files are all said. */
    for (char **word = list; *word; word++) {
        ExitStatus status = add_word(loaded, seen, *word);
        worst = MAX(worst, status);
    }
    if (worst == EXIT_DONE && loaded->len == 0) {
        output_message("no option was named; allowed: all, first, or ids and files separated by commas");
        return EXIT_USAGE;
    }
    if (worst == EXIT_DONE)
        *options = g_steal_pointer(&loaded);
    return worst;
}

/* Settings may contradict what stands in the file, or each other; all of it is said. */
static ExitStatus check_settings(const Option *option)
{
    g_autoptr(GError) error = NULL;
    if (option_check(option, &error))
        return EXIT_DONE;
    g_auto(GStrv) lines = g_strsplit(error->message, "\n", -1);
    for (char **line = lines; *line; line++)
        output_message("--set: %s%s%s", option->id, option->id[0] ? ": " : "", *line);
    return EXIT_USAGE;
}

ExitStatus load_settings(Option *option, char *const *settings)
{
    if (!settings || !*settings)
        return EXIT_DONE;
    for (; *settings; settings++) {
        g_autoptr(GError) error = NULL;
        if (!option_set_text(option, *settings, &error)) {
            output_message("--set %s: %s", *settings, error->message);
            return EXIT_USAGE;
        }
    }
    return check_settings(option);
}
