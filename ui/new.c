/*
 * ui/new.c - `presec new`: a commented file to begin with.
 *
 * Source:  README.md, "The command".
 * Knows:   nothing of the formats; scenarios/ writes the templates.
 */
#include "scenarios/scenario.h"

#include "ui/commands.h"
#include "ui/output.h"

#include <string.h>

static const struct {
    const char *name;
    char *(*make)(void);
} templates[] = { { "scenario", scenario_template }, { "option", option_template } };

static char *make_template(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(templates); i++)
        if (strcmp(templates[i].name, name) == 0)
            return templates[i].make();
    return NULL;
}

ExitStatus new_run(const CommandCall *call)
{
    const char *path = call->args[1];
    g_autofree char *text = make_template(call->args[0]);
    if (!text)
        return command_unknown("template", call->args[0], (const char *const[]){ "scenario", "option", NULL });
    if (strcmp(path, "-") != 0 && g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_DIR)) {
        output_message("%s: is there already and stays as it is; name a new file", path);
        return EXIT_IO;
    }
    ExitStatus status = output_save(path, text, strlen(text));
    if (status == EXIT_DONE && strcmp(path, "-") != 0)
        output_message("%s: written; presec validate %s checks it", path, path);
    return status;
}
