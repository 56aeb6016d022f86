/*
 * ui/dash/view_security.c - registrations, security associations, TLS connections and radio ciphers, as they stand; and
 *                           what was offered beside what was listed.
 *
 * Knows:   the story.
 */
#include "ui/dash/lists_page.h"
#include "ui/dash/records.h"
#include "ui/dash/sections.h"
#include "ui/dash/views.h"

static void on_close(App *app, void *state)
{
    sections_free(state);
}

static void prepare(App *app, void *state)
{
    Sections *sections = state;
    if (!sections_begin(app, sections))
        return;
    sections_now(app, sections, "Registrations", NOW_REGISTRATIONS);
    sections_now(app, sections, "SAs of ESP", NOW_SAS);
    sections_now(app, sections, "TLS connections", NOW_TLS);
    sections_now(app, sections, "Radio links", NOW_CIPHERS);
}

static void draw(App *app, void *state, const GridArea *area)
{
    sections_draw(app, state, area);
}

static ListModel rows(App *app, void *state)
{
    return sections_rows(state);
}

static bool press(App *app, void *state, gunichar key)
{
    const TraceRecord *selected = sections_selected(app, state);
    if ((key == APP_KEY_ENTER || key == 'K') && selected != NULL) {
        record_page(app, selected, key == 'K');
        return true;
    }
    if (key != 'o')
        return false;
    lists_page_show(app);
    return true;
}

static const KeyHelp keys[] = {
    { "Enter", "open" }, { "K", "with keys" }, { "o", "offered and listed" }, { NULL, NULL }
};

const View view_security = { .key = '3',
                             .name = "security",
                             .title = "Security",
                             .state_size = sizeof(Sections),
                             .close = on_close,
                             .prepare = prepare,
                             .draw = draw,
                             .press = press,
                             .rows = rows,
                             .keys = keys };
