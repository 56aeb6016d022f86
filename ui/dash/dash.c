/*
 * ui/dash/dash.c - `presec dash`: a scenario is run to its end, then looked at.
 *
 * Source:  README.md, "The command".
 * Knows:   the command line.
 */
#include "ui/commands.h"
#include "ui/dash/screen.h"
#include "ui/load.h"
#include "ui/output.h"

#include <stddef.h>
#include <string.h>

const CommandOption dash_options[] = {
    { "option", 'o', OPTION_TEXT, offsetof(DashSettings, option), "ID",
      "Run it under this option, an id or a file, instead of its own" },
    { "set", 0, OPTION_TEXTS, offsetof(DashSettings, sets), "FIELD=VALUE",
      "Set a field of the option; may be repeated" },
    { "seed", 0, OPTION_NUMBER, offsetof(DashSettings, seed), "N", "Draw every secret and key from this seed; 1" },
    { "view", 0, OPTION_TEXT, offsetof(DashSettings, view), "NAME", "Begin with this view" },
    { "mouse", 0, OPTION_FLAG, offsetof(DashSettings, mouse), NULL, "Take clicks and the wheel of the mouse" },
    { "ascii", 0, OPTION_FLAG, offsetof(DashSettings, ascii), NULL, "Draw with ASCII characters only" },
    { 0 },
};

static ExitStatus check_view(const char *wanted)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (unsigned i = 0; app_views[i] != NULL; i++) {
        if (wanted == NULL || strcmp(app_views[i]->name, wanted) == 0)
            return EXIT_DONE;
        g_ptr_array_add(names, (char *)app_views[i]->name);
    }
    g_ptr_array_add(names, NULL);
    return command_unknown("view", wanted, (const char *const *)names->pdata);
}

/* @scenario, @option: taken. */
static ExitStatus show(const CommandCall *call, Scenario *scenario, Option *option)
{
    const DashSettings *settings = call->settings;
    uint64_t seed = settings->seed.given ? settings->seed.value : 1;
    g_autoptr(GError) error = NULL;

    term_progress(call->term, "running %s", scenario->id);
    g_autoptr(Visit) visit = visit_new(scenario, option, (const char *const *)settings->sets, seed, &error);
    term_progress_end(call->term);
    if (visit == NULL) {
        output_message("dash: --set: %s", error->message);
        return EXIT_USAGE;
    }
    g_autoptr(App) app = app_new(visit->story, screen_is_ascii() || settings->ascii);
    if (settings->view != NULL)
        app_open_view(app, settings->view);
    return screen_run(app, call->term->colour, settings->mouse);
}

ExitStatus dash_run(const CommandCall *call)
{
    const DashSettings *settings = call->settings;
    g_autoptr(Scenario) scenario = NULL;
    g_autoptr(Option) option = NULL;

    ExitStatus status = load_scenario(call->args[0], &scenario);
    if (status == EXIT_DONE && settings->option != NULL)
        status = load_option(settings->option, &option);
    if (status == EXIT_DONE)
        status = check_view(settings->view);
    if (status != EXIT_DONE)
        return status;
    const char *refusal = screen_refusal();
    if (refusal != NULL) {
        output_message("dash: %s", refusal);
        return EXIT_USAGE;
    }
    return show(call, g_steal_pointer(&scenario), g_steal_pointer(&option));
}
