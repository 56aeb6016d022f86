/*
 * ui/dash/view_network.c - who is where: each user's way to the networks, what ciphers it, who listens, what moves.
 *
 *     alice    ─air^───ran────iu─────gn─────gi── P-CSCF    radio none   Gm ESP NULL
 *
 * Knows:   the story.  Double lines are encrypted, ^ is a tap.
 */
#include "ui/dash/list.h"
#include "ui/dash/node_page.h"
#include "ui/dash/packets.h"
#include "ui/dash/places.h"
#include "ui/dash/records.h"
#include "ui/dash/views.h"

#include <string.h>

enum {
    WIDE = 120, /* columns from which on there is room for the wide widths */
    NAME_WIDTH = 10,
    SEGMENT_WIDTH = 7,
    SEGMENT_WIDE = 10,
    SEGMENTS_USUAL = 5, /* air, ran, iu, gn, gi */
    HOST_WIDTH = 8,
    HOST_WIDE = 14,
    RADIO_WIDTH = 9,
};

typedef struct Network {
    Places *places;
    GPtrArray *packets; /* under way at the position */
    List list;
} Network;

static void on_open(App *app, void *state)
{
    Network *network = state;
    network->places = places_new(app_story(app));
    network->packets = g_ptr_array_new();
}

static void on_close(App *app, void *state)
{
    Network *network = state;
    places_free(network->places);
    g_ptr_array_unref(network->packets);
}

static void prepare(App *app, void *state)
{
    packets_under_way(app_story(app), app_position(app), ((Network *)state)->packets);
}

/* ---- what the rows are ---- */

typedef enum { ROW_HEADING, ROW_USER, ROW_LINK, ROW_ATTACKER, ROW_NODE, ROW_N } RowKind;

static const char *const headings[ROW_N] = {
    [ROW_USER] = "Users", [ROW_LINK] = "Core", [ROW_ATTACKER] = "Listening ^", [ROW_NODE] = "Nodes"
};

static const GPtrArray *things_of(App *app, const Network *network, RowKind kind)
{
    switch (kind) {
    case ROW_USER: return network->places->users;
    case ROW_LINK: return network->places->core;
    case ROW_ATTACKER: return story_scenario(app_story(app))->attackers;
    case ROW_NODE: return network->places->nodes;
    case ROW_HEADING:
    case ROW_N: break;
    }
    return NULL;
}

/* What stands in row @i: a thing of this kind; of a heading NULL, and @kind is that of what follows. */
static const void *thing_at(App *app, const Network *network, size_t i, RowKind *kind)
{
    for (*kind = ROW_USER; *kind < ROW_N; (*kind)++) {
        const GPtrArray *things = things_of(app, network, *kind);
        if (things->len == 0)
            continue;
        if (i == 0)
            return NULL;
        if (i <= things->len)
            return things->pdata[i - 1];
        i -= things->len + 1;
    }
    return NULL;
}

static size_t n_rows(App *app, const Network *network)
{
    size_t n = 0;
    for (RowKind kind = ROW_USER; kind < ROW_N; kind++) {
        guint len = things_of(app, network, kind)->len;
        n += len > 0 ? len + 1 : 0;
    }
    return n;
}

/* ---- what is so now ---- */

static const char *radio_cipher(App *app, const char *user)
{
    g_autofree char *link = g_strdup_printf("air:%s", user);
    const TraceRecord *r = story_newest(app_story(app), app_position(app), NOW_CIPHERS, link);
    return r != NULL ? r->cipher.cipher : "none";
}

/* "ESP aes-cbc" and whether that encrypts; what protects the hop to the P-CSCF now. */
static char *hop_protection(App *app, const char *user, bool *encrypts)
{
    const TraceRecord *tls = story_newest(app_story(app), app_position(app), NOW_TLS, user);
    const TraceRecord *sa = story_newest(app_story(app), app_position(app), NOW_SAS, user);
    *encrypts = tls != NULL ? strstr(tls->tls.suite, "NULL") == NULL : sa != NULL && strcmp(sa->sa.ealg, "null") != 0;
    if (tls != NULL)
        return g_strdup_printf("%s%s", tls->tls.version, *encrypts ? "" : " NULL");
    if (sa != NULL)
        return g_strdup_printf("ESP %s", *encrypts ? sa->sa.ealg : "NULL");
    return g_strdup("clear");
}

/* Radio ciphering covers the air, and behind GPRS and UMTS cells the way to the RNC or SGSN. */
static bool is_radio(const char *segment)
{
    return g_str_has_prefix(segment, "air:") || g_str_has_prefix(segment, "ran:");
}

static char *label_of(App *app, const TraceRecord *packet)
{
    TraceId sent = packet->kind == TRACE_FRAME ? packet->cause : packet->id;
    return ladder_label(story_fold(app_story(app)), sent);
}

/* ---- drawing ---- */

/* "─air^──": double where it is encrypted, with an arrow where a packet is. */
static void draw_segment(App *app, const Network *network, const char *full, bool encrypted, const GridArea *part)
{
    g_autofree char *name = place_segment(full);
    const TraceRecord *packet = packet_on(network->packets, full);
    bool tapped = place_is_tapped(app_story(app), full), up = packet != NULL && packet->frame.dir == NET_UP;
    int at = MAX((part->columns - (int)strlen(name) - 1) / 2, 1), end = at + (int)strlen(name);

    grid_line(part, 0, 0, part->columns, encrypted ? LINE_DOUBLE : LINE_HORIZONTAL, encrypted ? GRID_GOOD : GRID_FAINT);
    grid_put(part, 0, at, packet != NULL ? GRID_NEW : encrypted ? GRID_GOOD : GRID_PLAIN, name);
    if (tapped)
        grid_put(part, 0, end, GRID_BAD, "^");
    if (packet != NULL)
        grid_line(part, 0, up ? part->columns - 1 : 0, 1, up ? LINE_ARROW_RIGHT : LINE_ARROW_LEFT, GRID_NEW);
}

static int segment_width(const GridArea *row)
{
    return row->columns >= WIDE ? SEGMENT_WIDE : SEGMENT_WIDTH;
}

/* Where the words begin, behind so many segments and the name of a host. */
static int state_column(const GridArea *row, guint segments)
{
    return NAME_WIDTH + (int)segments * segment_width(row) + (row->columns >= WIDE ? HOST_WIDE : HOST_WIDTH);
}

/* Where the packets of this path are, in words; NULL: nothing moves there. */
static char *moving_on(App *app, const Network *network, const Path *path)
{
    for (guint i = 0; i < path->segments->len; i++) {
        const TraceRecord *packet = packet_on(network->packets, path->segments->pdata[i]);
        if (packet != NULL)
            return label_of(app, packet);
    }
    return NULL;
}

static void draw_user(App *app, const Network *network, const Path *path, const GridArea *row)
{
    bool encrypts;
    g_autofree char *hop = hop_protection(app, path->name, &encrypts), *moving = moving_on(app, network, path);
    const char *cipher = radio_cipher(app, path->name);
    const char *pcscf = place_pcscf(app_story(app), path, app_position(app));
    bool radio = strcmp(cipher, "none") != 0;
    GridArea name = grid_part(row, 0, 1, 1, NAME_WIDTH - 2);
    int column = NAME_WIDTH, width = segment_width(row);

    grid_put(&name, 0, 0, GRID_TITLE, path->name);
    for (guint i = 0; i < path->segments->len; i++, column += width) {
        const char *segment = path->segments->pdata[i];
        GridArea part = grid_part(row, 0, column, 1, width);
        draw_segment(app, network, segment, encrypts || (radio && is_radio(segment)), &part);
    }
    GridArea host = grid_part(row, 0, column + 1, 1, state_column(row, 0) - NAME_WIDTH - 2);
    grid_put(&host, 0, 0, GRID_TITLE, pcscf != NULL ? ladder_node_name(pcscf) : "");
    column = state_column(row, MAX(path->segments->len, SEGMENTS_USUAL));
    grid_put(row, 0, column, radio ? GRID_GOOD : GRID_PLAIN, radio ? cipher : "clear");
    if (moving != NULL)
        grid_printf(row, 0, column + RADIO_WIDTH, GRID_NEW, "* %s", moving);
    else
        grid_put(row, 0, column + RADIO_WIDTH, encrypts ? GRID_GOOD : GRID_PLAIN, hop);
}

/* The newest message that has crossed, and whether its octets could be read there. */
static const char *link_state(App *app, const Path *path, bool *sealed)
{
    const Story *story = app_story(app);
    guint n = positions_until(path->messages, app_position(app));
    *sealed = false;
    if (n == 0)
        return "nothing so far";
    const TraceRecord *sent = trace_get(story_trace(story), positions_get(path->messages, n - 1));
    for (TraceId id = ladder_first_frame(story_fold(story), sent->id); id != 0;
         id = ladder_next_frame(story_fold(story), id)) {
        const TraceRecord *frame = trace_get(story_trace(story), id);
        if (strcmp(frame->frame.segment, path->segments->pdata[0]) == 0 && place_shows(frame, sent))
            return "in the clear";
    }
    *sealed = true;
    return "sealed";
}

static void draw_link(App *app, const Network *network, const Path *path, const GridArea *row)
{
    bool sealed;
    const char *says = link_state(app, path, &sealed);
    g_autofree char *moving = moving_on(app, network, path);
    g_autoptr(GString) ends = g_string_new(NULL);
    int width = segment_width(row), column = state_column(row, SEGMENTS_USUAL), at = 1;

    for (guint i = 0; i < path->nodes->len; i++)
        g_string_append_printf(ends, "%s%s", i > 0 ? ", " : "", ladder_node_name(path->nodes->pdata[i]));
    for (guint i = 0; i < path->segments->len; i++, at += width) {
        GridArea part = grid_part(row, 0, at, 1, width);
        draw_segment(app, network, path->segments->pdata[i], sealed, &part);
    }
    GridArea names = grid_part(row, 0, at + 1, 1, column - at - 2);
    grid_put(&names, 0, 0, GRID_PLAIN, ends->str);
    if (moving != NULL)
        grid_printf(row, 0, column, GRID_NEW, "* %s", moving);
    else
        grid_put(row, 0, column, sealed ? GRID_GOOD : GRID_FAINT, says);
}

static void draw_attacker(App *app, const ScenarioAttacker *attacker, const GridArea *row)
{
    const Story *story = app_story(app);
    guint all = positions_until(story_of_attacker(story, attacker->id), app_position(app));
    guint gains = positions_until(story_gains(story, attacker->id), app_position(app));
    g_autofree char *places = attacker->at != NULL ? g_strjoinv(" ", attacker->at) : g_strdup("nowhere");
    g_autofree char *tally = g_strdup_printf("%u learned, %u move%s", gains, all - gains, all - gains == 1 ? "" : "s");
    int at = NAME_WIDTH + (row->columns >= WIDE ? 2 * HOST_WIDE : HOST_WIDE);
    GridArea name = grid_part(row, 0, 1, 1, at - 2);
    GridArea where = grid_part(row, 0, at, 1, row->columns - at - 2 - (int)strlen(tally));

    grid_printf(&name, 0, 0, GRID_BAD, "%s (%s)", attacker->id, attacker->position);
    grid_printf(&where, 0, 0, GRID_PLAIN, "at %s", places);
    grid_put(row, 0, row->columns - (int)strlen(tally) - 1, all > 0 ? GRID_BAD : GRID_FAINT, tally);
}

/* What it did last that has words. */
static TraceId last_words(App *app, const char *node)
{
    const GArray *positions = story_of_node(app_story(app), node);
    for (guint i = positions_until(positions, app_position(app)), tries = 0; i > 0 && tries < 20; i--, tries++) {
        g_autofree char *words = story_narration(app_story(app), positions_get(positions, i - 1));
        if (words[0] != '\0')
            return positions_get(positions, i - 1);
    }
    return 0;
}

static void draw_node(App *app, const char *node, const GridArea *row)
{
    TraceId last = last_words(app, node);
    g_autofree char *words = last != 0 ? story_narration(app_story(app), last) : g_strdup("nothing so far");
    GridArea name = grid_part(row, 0, 1, 1, NAME_WIDTH + 2);

    grid_put(&name, 0, 0, GRID_TITLE, g_str_has_prefix(node, "cell:") ? node : ladder_node_name(node));
    const char *called = ladder_node_name(node); /* its name stands there already */
    size_t len = g_str_has_prefix(words, called) && words[strlen(called)] == ' ' ? strlen(called) + 1 : 0;
    grid_put(row, 0, NAME_WIDTH + 4, last != 0 && app_is_new(app, last) ? GRID_NEW : GRID_FAINT, words + len);
}

static void draw_heading(RowKind kind, const GridArea *row)
{
    grid_put(row, 0, 0, GRID_TITLE, headings[kind]);
    if (kind != ROW_USER)
        return;
    int column = state_column(row, SEGMENTS_USUAL);
    grid_put(row, 0, state_column(row, SEGMENTS_USUAL) - state_column(row, 0) + NAME_WIDTH + 1, GRID_FAINT, "P-CSCF");
    grid_put(row, 0, column, GRID_FAINT, "radio");
    grid_put(row, 0, column + RADIO_WIDTH, GRID_FAINT, "UE to P-CSCF");
}

static void draw_row(App *app, void *state, size_t i, const GridArea *row)
{
    RowKind kind;
    const void *thing = thing_at(app, state, i, &kind);

    if (thing == NULL) {
        draw_heading(kind, row);
        return;
    }
    switch (kind) {
    case ROW_USER: draw_user(app, state, thing, row); break;
    case ROW_LINK: draw_link(app, state, thing, row); break;
    case ROW_ATTACKER: draw_attacker(app, thing, row); break;
    case ROW_NODE: draw_node(app, thing, row); break;
    case ROW_HEADING:
    case ROW_N: break;
    }
}

/* ---- rows ---- */

/* The node that a row stands for; NULL: it is a link or a heading. */
static const char *node_at(App *app, const Network *network, size_t i)
{
    RowKind kind;
    const void *thing = thing_at(app, network, i, &kind);
    if (thing == NULL)
        return NULL;
    switch (kind) {
    case ROW_USER: return ((const Path *)thing)->name;
    case ROW_ATTACKER: return ((const ScenarioAttacker *)thing)->id;
    case ROW_NODE: return thing;
    case ROW_LINK:
    case ROW_HEADING:
    case ROW_N: break;
    }
    return NULL;
}

static bool is_heading(App *app, void *state, size_t i)
{
    RowKind kind;
    return thing_at(app, state, i, &kind) == NULL;
}

static bool matches(App *app, void *state, size_t i, const char *text)
{
    RowKind kind;
    const void *thing = thing_at(app, state, i, &kind);
    const char *node = node_at(app, state, i);
    const char *name = node != NULL ? node : thing != NULL ? ((const Path *)thing)->name : "";
    return strcasestr(name, text) != NULL || strcasestr(ladder_node_name(name), text) != NULL;
}

/* What the cursor stands on is the node whose events n and N go to. */
static void chosen(App *app, void *state, size_t i)
{
    const char *node = node_at(app, state, i);
    if (node != NULL)
        app_select_node(app, node);
}

static ListModel rows(App *app, void *state)
{
    Network *network = state;
    return (ListModel){ .list = &network->list,
                        .n = n_rows(app, network),
                        .empty = "Nobody takes part in this run.",
                        .draw = draw_row,
                        .matches = matches,
                        .skips = is_heading,
                        .chosen = chosen };
}

static void draw(App *app, void *state, const GridArea *area)
{
    ListModel model = rows(app, state);
    list_draw(app, state, &model, area);
    if (app_node(app)[0] == '\0')
        chosen(app, state, model.list->selected);
}

static bool press(App *app, void *state, gunichar key)
{
    const Network *network = state;
    RowKind kind;
    if (key != APP_KEY_ENTER)
        return false;
    const void *thing = thing_at(app, network, network->list.selected, &kind);
    if (thing != NULL && kind == ROW_LINK)
        path_page_show(app, thing);
    else if (thing != NULL)
        node_page_show(app, node_at(app, network, network->list.selected));
    return true;
}

static const KeyHelp keys[] = { { "Up Down", "a node" }, { "Enter", "open" }, { "n N", "its events" }, { NULL, NULL } };

const View view_network = { .key = '1',
                            .name = "network",
                            .title = "Nodes",
                            .state_size = sizeof(Network),
                            .open = on_open,
                            .close = on_close,
                            .prepare = prepare,
                            .draw = draw,
                            .press = press,
                            .rows = rows,
                            .keys = keys };
