/*
 * ui/dash/view_network.c - who is where: each user's way to the networks, what ciphers it, who listens, what moves.
 *
 *     alice  ==air==ran--iu--gn--gi-- P-CSCF      radio UEA1; Gm ESP null hmac-sha-1-96
 *              A1            ^A2
 *
 * Knows:   the story.
 */
#include "ui/dash/list.h"
#include "ui/dash/places.h"
#include "ui/dash/views.h"

#include <string.h>

enum { NAME_WIDTH = 10, SEGMENT_WIDTH = 7 };

typedef struct Network {
    Places *places;
    List list; /* of nodes, for Enter */
} Network;

static void on_open(App *app, void *state)
{
    ((Network *)state)->places = places_new(app_story(app));
}

static void on_close(App *app, void *state)
{
    places_free(((Network *)state)->places);
}

/* ---- what is so now ---- */

/* The frame that crossed last before the position, as long as the message it belongs to has not arrived. */
static const TraceRecord *moving(App *app)
{
    const Trace *trace = story_trace(app_story(app));
    for (TraceId at = app_position(app); at > 0; at--) {
        const TraceRecord *r = trace_get(trace, at);
        if (r->kind == TRACE_FRAME)
            return r;
        if (r->kind == TRACE_RECEIVE || r->kind == TRACE_DROP)
            return NULL;
        if (app_position(app) - at > 16)
            return NULL;
    }
    return NULL;
}

static const char *radio_cipher(App *app, const char *user)
{
    const GArray *ciphers = story_now(app_story(app), app_position(app), NOW_CIPHERS);
    g_autofree char *link = g_strdup_printf("air:%s", user);
    for (guint i = 0; i < ciphers->len; i++) {
        const TraceRecord *r = trace_get(story_trace(app_story(app)), g_array_index(ciphers, TraceId, i));
        if (strcmp(r->cipher.link, link) == 0)
            return r->cipher.cipher;
    }
    return "none";
}

static const TraceRecord *newest_of(App *app, NowKind kind, const char *node)
{
    const GArray *records = story_now(app_story(app), app_position(app), kind);
    const TraceRecord *newest = NULL;
    for (guint i = 0; i < records->len; i++) {
        const TraceRecord *r = trace_get(story_trace(app_story(app)), g_array_index(records, TraceId, i));
        if (strcmp(r->node, node) == 0)
            newest = r;
    }
    return newest;
}

static char *hop_protection(App *app, const char *user)
{
    const TraceRecord *tls = newest_of(app, NOW_TLS, user), *sa = newest_of(app, NOW_SAS, user);
    if (tls != NULL)
        return g_strdup_printf("Gm %s", tls->tls.version);
    if (sa != NULL)
        return g_strdup_printf("Gm ESP %s", sa->sa.ealg);
    return g_strdup("Gm unprotected");
}

static bool hop_is_encrypted(App *app, const char *user)
{
    const TraceRecord *tls = newest_of(app, NOW_TLS, user), *sa = newest_of(app, NOW_SAS, user);
    if (tls != NULL)
        return strstr(tls->tls.suite, "NULL") == NULL;
    return sa != NULL && strcmp(sa->sa.ealg, "null") != 0;
}

/* ---- drawing ---- */

/* Radio ciphering covers the air, and behind GPRS and UMTS cells the way to the RNC or SGSN. */
static bool is_radio(const char *segment)
{
    return g_str_has_prefix(segment, "air:") || g_str_has_prefix(segment, "ran:");
}

static void draw_segment(App *app, const char *full, const GridArea *line, const GridArea *below, int column)
{
    const char *user = strchr(full, ':');
    g_autofree char *name = place_segment(full), *listeners = place_listeners(app_story(app), full);
    bool covered = user != NULL && ((is_radio(full) && strcmp(radio_cipher(app, user + 1), "none") != 0) ||
                                    hop_is_encrypted(app, user + 1));
    const TraceRecord *frame = moving(app);
    bool here = frame != NULL && strcmp(frame->frame.segment, full) == 0;
    int len = (int)strlen(name), side = MAX((SEGMENT_WIDTH - len) / 2, 1);
    g_autofree char *stroke = g_strnfill(SEGMENT_WIDTH, covered ? '=' : '-');
    GridArea part = grid_part(line, 0, column, 1, SEGMENT_WIDTH);

    grid_put(&part, 0, 0, covered ? GRID_GOOD : GRID_BAD, stroke);
    grid_put(&part, 0, side, here ? GRID_NEW : GRID_PLAIN, name);
    if (here)
        grid_line(&part, 0, frame->frame.dir == NET_UP ? side + len : side - 1, 1,
                  frame->frame.dir == NET_UP ? LINE_ARROW_RIGHT : LINE_ARROW_LEFT, GRID_NEW);
    if (listeners[0] != '\0') {
        g_autofree char *mark = g_strdup_printf("^%s", listeners);
        GridArea room = grid_part(below, 0, column + side, 1, SEGMENT_WIDTH * 2);
        grid_put(&room, 0, 0, GRID_BAD, mark);
    }
}

static void draw_user(App *app, const Path *path, const GridArea *area, int row)
{
    GridArea line = grid_part(area, row, 0, 1, area->columns), below = grid_part(area, row + 1, 0, 1, area->columns);
    g_autofree char *hop = hop_protection(app, path->name);
    bool selected = strcmp(app_node(app), path->name) == 0;
    int column = NAME_WIDTH;

    grid_printf(&line, 0, 0, selected ? GRID_KEY : GRID_TITLE, "%s%s", selected ? ">" : " ", path->name);
    for (guint i = 0; i < path->segments->len; i++, column += SEGMENT_WIDTH)
        draw_segment(app, path->segments->pdata[i], &line, &below, column);
    grid_printf(&line, 0, column + 1, GRID_PLAIN, "radio %s; %s", radio_cipher(app, path->name), hop);
}

static void draw_core(App *app, const Network *network, const GridArea *area)
{
    int column = 1;
    const TraceRecord *frame = moving(app);

    column += grid_put(area, 0, column, GRID_FAINT, "core: ");
    for (guint i = 0; i < network->places->core->len; i++) {
        const Path *path = network->places->core->pdata[i];
        bool here = frame != NULL && strcmp(frame->frame.segment, path->name) == 0;
        g_autofree char *listeners = place_listeners(app_story(app), path->name);
        column += grid_printf(area, 0, column, here ? GRID_NEW : GRID_PLAIN, here ? "(%s)" : " %s ", path->name);
        if (listeners[0] != '\0')
            column += grid_printf(area, 0, column, GRID_BAD, "^%s ", listeners);
        column += grid_put(area, 0, column, GRID_FAINT, " ");
    }
}

/* A node and what it did last. */
static void draw_node(App *app, void *state, size_t i, const GridArea *row)
{
    const Network *network = state;
    const char *node = network->places->nodes->pdata[i];
    TraceId last = story_next_of_node(app_story(app), app_position(app) + 1, false, node);
    bool now = last != 0 && last == app_position(app), chosen = strcmp(app_node(app), node) == 0;
    g_autofree char *words = last != 0 ? story_narration(app_story(app), last) : g_strdup("");

    grid_printf(row, 0, 0, chosen ? GRID_KEY : GRID_TITLE, "%s%s", chosen ? ">" : " ",
                g_str_has_prefix(node, "cell:") ? node : ladder_node_name(node));
    grid_put(row, 0, NAME_WIDTH, now ? GRID_NEW : GRID_FAINT, words);
}

static bool matches(App *app, void *state, size_t i, const char *text)
{
    return strcasestr(ladder_node_name(((Network *)state)->places->nodes->pdata[i]), text) != NULL;
}

static ListModel model(const Network *network)
{
    return (ListModel){ .n = network->places->nodes->len, .draw = draw_node, .matches = matches };
}

static void draw(App *app, void *state, const GridArea *area)
{
    Network *network = state;
    int users = (int)network->places->users->len;
    int shown = CLAMP(users, 0, MAX((area->rows - 6) / 2, 1)), row = 0;

    for (int i = 0; i < shown; i++, row += 2)
        draw_user(app, network->places->users->pdata[i], area, row);
    if (shown < users)
        grid_printf(area, row++, 1, GRID_FAINT, "and %d more users", users - shown);
    GridArea core = grid_part(area, row, 0, 1, area->columns);
    draw_core(app, network, &core);
    grid_line(area, row + 1, 0, area->columns, LINE_HORIZONTAL, GRID_FAINT);
    GridArea nodes = grid_part(area, row + 2, 0, area->rows - row - 2, area->columns);
    ListModel list = model(network);
    list_draw(app, state, &list, &network->list, &nodes);
}

static bool press(App *app, void *state, gunichar key)
{
    Network *network = state;
    const GPtrArray *nodes = network->places->nodes;
    if (key == APP_KEY_ENTER && nodes->len > 0) {
        app_select_node(app, nodes->pdata[network->list.selected]);
        app_say(app, "%s is selected; n and N go to its events.", ladder_node_name(app_node(app)));
        return true;
    }
    return list_press(&network->list, nodes->len, key);
}

static bool search(App *app, void *state, const char *text)
{
    Network *network = state;
    ListModel list = model(network);
    return list_search(app, state, &list, &network->list, text);
}

static const KeyHelp keys[] = { { "Enter", "select a node" }, { "n N", "its events" }, { NULL, NULL } };

const View view_network = { .key = '1',
                            .name = "network",
                            .title = "Nodes",
                            .state_size = sizeof(Network),
                            .open = on_open,
                            .close = on_close,
                            .draw = draw,
                            .press = press,
                            .search = search,
                            .keys = keys };
