/*
 * tests/ui/golden.h - what is shown, compared with a file that a person has looked at.
 *
 * Usage:   golden_compare("compare-80", text) compares with golden/compare-80.txt.  With PRESEC_GOLDEN=write in the
 *          environment the file is written instead: look at it before it is committed.  Run from tests/ui.
 */
#ifndef PRESEC_TESTS_UI_GOLDEN_H
#define PRESEC_TESTS_UI_GOLDEN_H

#include <glib.h>
#include <string.h>

static inline void golden_compare(const char *name, const char *text)
{
    g_autofree char *path = g_strdup_printf("golden/%s.txt", name), *expected = NULL;
    g_autoptr(GError) error = NULL;
    if (g_strcmp0(g_getenv("PRESEC_GOLDEN"), "write") == 0) {
        g_assert_true(g_file_set_contents(path, text, -1, &error));
        return;
    }
    g_assert_true(g_file_get_contents(path, &expected, NULL, &error));
    if (strcmp(expected, text) != 0)
        g_error("%s differs; now it is:\n%s", path, text);
}

/* No line is wider than @columns. */
static inline void golden_fits(const char *text, int columns)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        if (g_utf8_strlen(*line, -1) > columns)
            g_error("wider than %d columns: %s", columns, *line);
}

#endif
