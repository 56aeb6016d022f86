/*
 * ui/dash/app_time.c - moving in time: steps, seeks, playing, breakpoints.
 *
 * Source:  ui/dash/app.h.
 * Knows:   positions.  Nothing is computed again when going back.
 */
#include "ui/dash/app_internal.h"

/* Virtual seconds in one of the wall. */
static const struct {
    const char *text;
    double factor;
} speeds[] = { { "x1/100", 0.01 }, { "x1/10", 0.1 }, { "x1", 1 }, { "x10", 10 }, { "x100", 100 }, { "x1000", 1000 } };
enum { TICK_MS = 50 };

/* ---- steps ---- */

void app_step(App *app, bool forward)
{
    TraceId at = story_next_told(app->story, app->position, forward);

    if (at != 0 || (!forward && app->position > 0))
        app_go(app, at);
    else
        app_say(app, forward ? "This is the end." : "This is the beginning.");
}

static void go_or_say(App *app, TraceId at, const char *what)
{
    if (at == 0)
        app_say(app, "There is no %s that way.", what);
    else
        app_go(app, at);
}

void app_seek(App *app, bool forward, MomentKind kind, const char *node)
{
    static const char *const names[MOMENT_N] = { [MOMENT_MESSAGE] = "message",
                                                 [MOMENT_FAILURE] = "failure",
                                                 [MOMENT_GAIN] = "gain of an attacker",
                                                 [MOMENT_MOVE] = "move of an attacker",
                                                 [MOMENT_FLIP] = "flip of a property" };
    go_or_say(app, story_seek(app->story, app->position, forward, kind, node), names[kind]);
}

void app_seek_node(App *app, bool forward)
{
    if (app->node[0] == '\0')
        app_say(app, "Select a node first (Enter in the network view).");
    else
        go_or_say(app, story_next_of_node(app->story, app->position, forward, app->node), "event of this node");
}

/* ---- breakpoints ---- */

bool app_breaks_here(App *app, TraceId at)
{
    for (guint i = 0; i < app->breaks->len; i++)
        if (story_breaks(app->story, at, &g_array_index(app->breaks, Break, i)))
            return true;
    return false;
}

void app_run_to_break(App *app)
{
    if (app->breaks->len == 0) {
        app_say(app, "No breakpoint is set; b sets one.");
        return;
    }
    for (TraceId at = app->position + 1; at <= story_length(app->story); at++) {
        if (app_breaks_here(app, at)) {
            app_go(app, at);
            return;
        }
    }
    app_go(app, story_length(app->story));
    app_say(app, "No breakpoint was met before the end.");
}

static void on_break(App *app, void *ctx, const char *line)
{
    Break condition;
    g_autoptr(GError) error = NULL;

    if (line[0] == '\0') {
        g_array_set_size(app->breaks, 0);
        app_say(app, "No breakpoints any more.");
    } else if (!break_parse(line, &condition, &error)) {
        app_say(app, "%s", error->message);
    } else {
        g_array_append_val(app->breaks, condition);
        app_say(app, "%u breakpoint%s; c runs to the next.", app->breaks->len, app->breaks->len == 1 ? "" : "s");
    }
}

void app_ask_break(App *app)
{
    app_ask(app, "Break at (NOTIFY, node:pcscf, learns:ck, flips:P2, text:...; empty: clear): ", on_break, NULL);
}

/* ---- a time ---- */

static void on_time(App *app, void *ctx, const char *line)
{
    char *end = NULL;
    double seconds = g_ascii_strtod(line, &end);

    if (line[0] == '\0')
        return;
    if (end == line || g_strcmp0(end, "") * g_strcmp0(end, "s") != 0 || !(seconds >= 0) || seconds > 1e9) {
        app_say(app, "A time is a number of seconds: 12.5");
        return;
    }
    app_go(app, story_at_time(app->story, (SimTime)(seconds * (double)SIM_SEC)));
}

void app_ask_time(App *app)
{
    app_ask(app, "Go to which time, in seconds? ", on_time, NULL);
}

/* ---- playing ---- */

void app_toggle_play(App *app)
{
    if (!app->playing && app->position == story_length(app->story))
        app_go(app, 0);
    app->playing = !app->playing;
    app->clock = 0;
}

void app_change_speed(App *app, int by)
{
    app->speed = (unsigned)CLAMP((int)app->speed + by, 0, (int)G_N_ELEMENTS(speeds) - 1);
    app_say(app, "%s: virtual seconds in a second", speeds[app->speed].text);
}

const char *app_speed(const App *app)
{
    return speeds[app->speed].text;
}

static bool tick_view(App *app)
{
    const View *view = app_view(app);
    return view->tick != NULL && view->tick(app, app_view_state(app));
}

int app_tick(App *app, unsigned ms)
{
    if (app->inner != NULL)
        return app_tick(app->inner, ms);
    if (tick_view(app))
        return 0;
    if (!app->playing)
        return -1;
    TraceId length = story_length(app->story), at = app->position;
    double clock = app->clock + (double)ms * 1e6 * speeds[app->speed].factor;
    SimTime now = story_time(app->story, at);

    while (at < length && (double)(story_time(app->story, at + 1) - now) <= clock) {
        at++;
        if (app_breaks_here(app, at)) {
            app->playing = false;
            app_say(app, "Stopped at a breakpoint.");
            break;
        }
    }
    clock -= (double)(story_time(app->story, at) - now);
    app_go(app, at);
    app->clock = MAX(clock, 0);
    if (at == length)
        app->playing = false;
    return app->playing ? TICK_MS : -1;
}
