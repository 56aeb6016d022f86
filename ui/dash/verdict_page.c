/*
 * ui/dash/verdict_page.c - why a verdict is what it is.
 *
 * Source:  ui/dash/verdict_page.h.
 */
#include "ui/dash/verdict_page.h"

#include "ui/report.h"

GridStyle verdict_style(Verdict verdict)
{
    switch (verdict) {
    case VERDICT_HOLDS: return GRID_GOOD;
    case VERDICT_VIOLATED: return GRID_BAD;
    case VERDICT_NOT_AVAILABLE: return GRID_FAINT;
    case VERDICT_DEPENDS:
    case VERDICT_INCONCLUSIVE: return GRID_DOUBT;
    }
    return GRID_PLAIN;
}

static void append_witness(GString *text, const Witness *witness)
{
    g_autofree char *time = report_time(witness->time_ns);

    g_string_append(text, "\n# Seen\n\n");
    if (witness->packet > 0)
        g_string_append_printf(text, "packet %" G_GUINT64_FORMAT " on %s at %s\n", witness->packet, witness->segment,
                               time);
    g_string_append_printf(text, "  %s\n", witness->excerpt);
    if (witness->because != NULL && witness->because[0] != NULL)
        g_string_append(text, "\n# Because\n\n");
    for (char **line = witness->because; line != NULL && *line != NULL; line++)
        g_string_append_printf(text, "- %s\n", *line);
}

/* Every verdict it had, up to the position. */
static void append_history(App *app, GString *text, Property property)
{
    const GArray *flips = story_flips(app_story(app));
    g_string_append(text, "\n# How it came to be so\n\n");
    for (guint i = 0; i < flips->len; i++) {
        const Flip *flip = &g_array_index(flips, Flip, i);
        if (flip->property != property || flip->at > app_position(app))
            continue;
        g_autofree char *time = report_time(story_time(app_story(app), flip->at));
        g_string_append_printf(text, "%10s  %s %-10s  %s\n", flip->at > 0 ? time : "at first",
                               report_mark(flip->verdict), report_word(flip->verdict), flip->why->reason);
    }
}

void verdict_page_show(App *app, const Flip *flip)
{
    const PropertyInfo *info = &property_info[flip->property];
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *title =
        g_strdup_printf("%s %s: %s %s", info->column, info->id, report_mark(flip->verdict), report_word(flip->verdict));

    g_string_append_printf(text, "%s: %s.\n", report_word(flip->verdict), flip->why->reason);
    if (flip->why->witness != NULL)
        append_witness(text, flip->why->witness);
    append_history(app, text, flip->property);
    g_string_append_printf(text, "\n# What is judged\n\n%s.\n%s\n", info->title, info->predicate);
    g_string_append_printf(text, "\n%s\n", report_holds_means);
    app_show_page(app, title, text->str);
}
