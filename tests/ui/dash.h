/*
 * tests/ui/dash.h - what the tests of the dashboard share: a run to look at, keys, the screen as text.
 */
#ifndef PRESEC_TESTS_UI_DASH_H
#define PRESEC_TESTS_UI_DASH_H

#include "scenarios/scenario.h"
#include "ui/dash/app.h"
#include "ui/load.h"

#include <string.h>

static inline Visit *dash_visit(const char *id)
{
    Scenario *scenario = NULL;
    g_assert_cmpint(load_scenario(id, &scenario), ==, EXIT_DONE);
    g_autoptr(GError) error = NULL;
    Visit *made = visit_new(scenario, NULL, NULL, 1, &error);
    g_assert_no_error(error);
    return made;
}

static inline char *dash_screen(App *app, int rows, int columns)
{
    g_autoptr(Grid) grid = grid_new(rows, columns, false);
    app_draw(app, grid);
    return grid_text(grid);
}

static inline void dash_press(App *app, const char *keys)
{
    for (const char *key = keys; *key != '\0'; key++)
        app_press(app, (gunichar)*key);
}

/* An answer to a question, and all the work that it makes. */
static inline void dash_type(App *app, const char *text)
{
    dash_press(app, text);
    app_press(app, APP_KEY_ENTER);
    while (app_tick(app, 0) == 0)
        ;
}

static inline bool dash_has(App *app, const char *text)
{
    g_autofree char *shown = dash_screen(app, 24, 80);
    return strstr(shown, text) != NULL;
}

static inline void dash_shows(App *app, const char *text)
{
    g_autofree char *shown = dash_screen(app, 24, 80);
    if (strstr(shown, text) == NULL)
        g_error("'%s' is not on the screen:\n%s", text, shown);
}

static inline void dash_hides(App *app, const char *text)
{
    g_autofree char *shown = dash_screen(app, 24, 80);
    if (strstr(shown, text) != NULL)
        g_error("'%s' is on the screen:\n%s", text, shown);
}

#endif
