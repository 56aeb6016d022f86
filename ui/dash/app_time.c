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
enum { SLICE_RECORDS = 20000 };
static const double SECONDS_MAX = 1e9;

/* ---- steps ---- */

void app_step(App *app, bool forward)
{
    TraceId at = story_next_told(app->story, app->position, forward);

    if (at != 0 || (!forward && app->position > 0))
        app_go(app, at);
    else
        app_say(app, forward ? "This is the end." : "This is the beginning.");
}

void app_record(App *app, bool forward)
{
    if (app->position == (forward ? story_length(app->story) : 0))
        app_say(app, forward ? "This is the end." : "This is the beginning.");
    else
        app_go(app, forward ? app->position + 1 : app->position - 1);
}

static void go_or_say(App *app, TraceId at, const char *what)
{
    if (at == 0)
        app_say(app, "There is no %s that way.", what);
    else
        app_go(app, at);
}

void app_seek(App *app, bool forward, MomentKind kind)
{
    static const char *const names[MOMENT_N] = { [MOMENT_MESSAGE] = "message",
                                                 [MOMENT_FAILURE] = "failure",
                                                 [MOMENT_GAIN] = "gain of an attacker",
                                                 [MOMENT_MOVE] = "move of an attacker",
                                                 [MOMENT_FLIP] = "flip of a property" };
    go_or_say(app, story_seek(app->story, app->position, forward, kind, ""), names[kind]);
}

void app_seek_node(App *app, bool forward)
{
    if (app->node[0] == '\0')
        app_say(app, "Select a node first: Up and Down in the view of the network.");
    else
        go_or_say(app, story_next_of_node(app->story, app->position, forward, app->node), "event of this node");
}

/* ---- breakpoints ---- */

static bool breaks_at(App *app, TraceId at)
{
    for (guint i = 0; i < app->breaks->len; i++)
        if (story_breaks(app->story, at, app->breaks->pdata[i]))
            return true;
    return false;
}

/* @work.done: records looked at since the position */
static bool break_slice(App *app, bool forward)
{
    for (unsigned i = 0; i < SLICE_RECORDS && app->work.done < app->work.all; i++) {
        app->work.done++;
        TraceId at = forward ? app->position + (TraceId)app->work.done : app->position - (TraceId)app->work.done;
        if (!breaks_at(app, at))
            continue;
        app_go(app, at);
        return false;
    }
    if (app->work.done < app->work.all)
        return true;
    app_go(app, forward ? story_length(app->story) : 0);
    app_say(app, "No breakpoint was met before the %s.", forward ? "end" : "beginning");
    return false;
}

static bool break_slice_on(App *app)
{
    return break_slice(app, true);
}

static bool break_slice_back(App *app)
{
    return break_slice(app, false);
}

void app_seek_break(App *app, bool forward)
{
    if (app->breaks->len == 0)
        app_say(app, "No breakpoint is set; b sets one.");
    else if (forward)
        app_begin_work(app, "Running to a breakpoint", story_length(app->story) - app->position, break_slice_on);
    else
        app_begin_work(app, "Running back to a breakpoint", app->position, break_slice_back);
}

static void on_break(App *app, void *ctx, const char *line)
{
    Break condition;
    g_autoptr(GError) error = NULL;

    if (line[0] == '\0') {
        g_ptr_array_set_size(app->breaks, 0);
        app_say(app, "No breakpoints any more.");
    } else if (!break_parse(line, &condition, &error)) {
        app_say(app, "%s", error->message);
    } else {
        g_ptr_array_add(app->breaks, g_memdup2(&condition, sizeof condition));
        app_say(app, "%u breakpoint%s; c runs to the next, ? lists them.", app->breaks->len,
                app->breaks->len == 1 ? "" : "s");
    }
}

void app_ask_break(App *app)
{
    app_ask(app, "Break at (NOTIFY, node:pcscf, learns:keys, flips:P2, text:...; empty: none): ", on_break, NULL);
}

/* ---- a time ---- */

static bool go_to_record(App *app, const char *number)
{
    guint64 record = 0;
    if (!g_ascii_string_to_unsigned(number, 10, 0, story_length(app->story), &record, NULL))
        return false;
    app_go(app, (TraceId)record);
    return true;
}

static bool go_to_seconds(App *app, const char *text)
{
    char *end = NULL;
    double seconds = g_ascii_strtod(text, &end);

    g_strchug(end);
    if (end == text || (g_strcmp0(end, "") != 0 && g_strcmp0(end, "s") != 0) || !(seconds >= 0) ||
        seconds > SECONDS_MAX)
        return false;
    app_go(app, story_at_time(app->story, (SimTime)(seconds * (double)SIM_SEC)));
    return true;
}

static void on_time(App *app, void *ctx, const char *line)
{
    if (line[0] == '\0')
        return;
    if (line[0] == '#' ? !go_to_record(app, line + 1) : !go_to_seconds(app, line))
        app_say(app, "A time is a number of seconds: 12.5; a record is #0 to #%u.", story_length(app->story));
}

void app_ask_time(App *app)
{
    app_ask(app, "Go to (seconds, or #record): ", on_time, NULL);
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

/* Up to the records that are due by then, or to a breakpoint. */
void app_play_on(App *app, unsigned ms)
{
    TraceId length = story_length(app->story), at = app->position;
    double clock = app->clock + (double)ms * 1e6 * speeds[app->speed].factor;
    SimTime now = story_time(app->story, at);

    while (app->playing && at < length && (double)(story_time(app->story, at + 1) - now) <= clock) {
        if (!breaks_at(app, ++at))
            continue;
        app->playing = false;
        app_say(app, "Stopped at a breakpoint.");
    }
    clock -= (double)(story_time(app->story, at) - now);
    app_go(app, at);
    app->clock = MAX(clock, 0);
    if (at == length)
        app->playing = false;
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
    if (app->work.slice != NULL) {
        if (!app->work.slice(app))
            app->work.slice = NULL;
        return 0;
    }
    if (app->playing)
        app_play_on(app, ms);
    return tick_view(app) || app->playing ? APP_TICK_MS : -1;
}
