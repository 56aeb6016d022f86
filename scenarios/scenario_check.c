/*
 * scenarios/scenario_check.c - what a schema cannot see: references, order, impossible combinations.
 *
 * Source:  scenarios/scenario.h; the segments are those of scenarios/world.h.
 * Knows:   the scenario.  An attack is checked on its own: the participants of the casts stand for those it will be
 * merged with.
 */
#include "scenarios/scenario_build.h"

#include <string.h>

static const char *const own_segments[] = { "air", "ran", "iu", "gn", "gi", NULL }; /* of a participant */
static const char *const core_segments[] = { "mw", "mw2", "isc", "cx", NULL };      /* of the network */
static const char *const network_nodes[] = { "pcscf", "neighbour", "icscf", "scscf", "hss", "ps", NULL };
/* Who the shipped casts hold; attacks may name them. */
static const char *const cast_names[] = { "alice", "bob", NULL };

typedef struct Check {
    const Scenario *scenario;
    Diagnostics *diagnostics;
    GPtrArray *ues;       /* ids, NULL-terminated */
    GPtrArray *attackers; /* likewise */
} Check;

static void complain(const Check *check, Place place, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void complain(const Check *check, Place place, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    diagnostics_add(check->diagnostics, check->scenario->file, place, "%s", text);
}

static bool known(const GPtrArray *names, const char *name)
{
    return g_strv_contains((const char *const *)names->pdata, name);
}

static void need(const Check *check, Place place, const GPtrArray *names, const char *kind, const char *name)
{
    if (name[0] == '\0' || known(names, name))
        return;
    g_autofree char *hint = diagnostic_names(name, (const char *const *)names->pdata);
    complain(check, place, "there is no %s '%s'%s", kind, name, hint);
}

static void need_ue(const Check *check, Place place, const char *name)
{
    need(check, place, check->ues, "ue", name);
}

/* ---- participants ---- */

static void check_id(const Check *check, Place place, const char *id, GHashTable *seen)
{
    if (id[0] == '\0')
        return;
    if (g_strv_contains(network_nodes, id))
        complain(check, place, "'%s' is the name of a network node; allowed: another name", id);
    else if (!g_hash_table_add(seen, (void *)id))
        complain(check, place, "the id '%s' is used twice; allowed: once", id);
}

static void check_ids(const Check *check)
{
    const Scenario *scenario = check->scenario;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < scenario->ues->len; i++) {
        const ScenarioUe *ue = scenario->ues->pdata[i];
        check_id(check, ue->place, ue->id, seen);
    }
    for (guint i = 0; i < scenario->populations->len; i++) {
        const ScenarioPopulation *population = scenario->populations->pdata[i];
        check_id(check, population->place, population->id, seen);
    }
    for (guint i = 0; i < scenario->attackers->len; i++) {
        const ScenarioAttacker *attacker = scenario->attackers->pdata[i];
        check_id(check, attacker->place, attacker->id, seen);
    }
}

static void check_ues(const Check *check)
{
    for (guint i = 0; i < check->scenario->ues->len; i++) {
        const ScenarioUe *ue = check->scenario->ues->pdata[i];
        if (check->scenario->kind == SCENARIO_ATTACK && ue->leg)
            complain(check, ue->place, "an attack names no option; allowed: the leg of the option it is tried against");
        if (!ue->forges)
            continue;
        need_ue(check, ue->place, ue->forges);
        if (strcmp(ue->forges, ue->id) == 0)
            complain(check, ue->place, "'%s' forges itself; allowed: another ue", ue->id);
    }
}

static void check_populations(const Check *check)
{
    for (guint i = 0; i < check->scenario->populations->len; i++) {
        const ScenarioPopulation *population = check->scenario->populations->pdata[i];
        if (population->count == 0 || population->count > 10000000)
            complain(check, population->place, "a population of %u; allowed: 1 to 10000000", population->count);
        if (population->rate <= 0)
            complain(check, population->place, "nobody arrives at a rate of 0; allowed: more than 0 a second");
        if (population->per_cell == 0)
            complain(check, population->place, "a cell for nobody; allowed: per-cell of at least 1");
        if (population->watches >= population->count && population->watches > 0)
            complain(check, population->place, "each watches more than there are others; allowed: at most %u",
                     population->count - 1);
    }
}

/* ---- attackers ---- */

static void check_segment(const Check *check, Place place, const char *segment)
{
    g_auto(GStrv) halves = g_strsplit(segment, ":", 2);
    if (g_strv_length(halves) == 0 || strcmp(segment, "mw") == 0)
        return;
    bool of_ue = g_strv_contains(own_segments, halves[0]) || strcmp(halves[0], "pcscf") == 0;
    bool of_core = g_strv_contains(core_segments, halves[0]);
    if (!of_ue && !of_core) {
        const char *names[] = { "air", "ran", "iu", "gn", "gi", "mw", "mw2", "isc", "cx", "pcscf", NULL };
        g_autofree char *hint = diagnostic_names(halves[0], names);
        complain(check, place, "there is no segment '%s'%s", segment, hint);
    } else if (of_ue && !halves[1]) {
        complain(check, place, "whose %s? allowed: with a participant, as '%s:%s'", segment, segment,
                 check->ues->len > 1 ? (const char *)check->ues->pdata[0] : "alice");
    } else if (of_core && halves[1]) {
        complain(check, place, "'%s' belongs to nobody; allowed: '%s'", halves[0], halves[0]);
    } else if (of_ue && !known(check->attackers, halves[1])) {
        need_ue(check, place, halves[1]); /* an attacker with a false cell has a radio link of his own */
    }
}

static bool passive(const char *position)
{
    return strcmp(position, "A1") == 0 || strcmp(position, "A2") == 0 || strcmp(position, "A3") == 0;
}

static void check_move(const Check *check, const ScenarioAttacker *attacker, const ScenarioMove *item)
{
    const char *on = item->move.match.segment;
    bool cell = item->move.verb == MOVE_CELL;
    if (passive(attacker->position))
        complain(check, item->place, "%s only listens; allowed for one who acts: A4 to A8", attacker->position);
    if (on[0] == '\0')
        complain(check, item->place, "the move has no place; allowed: on one of the attacker's segments");
    else if (!g_strv_contains((const char *const *)attacker->at, on))
        complain(check, item->place, "%s has no tap on '%s'; allowed: what his 'at' lists", attacker->id, on);
    if (cell && strcmp(attacker->position, "A7") != 0)
        complain(check, item->place, "%s has no base station; allowed for a cell: A7", attacker->position);
    if (cell && !g_str_has_prefix(on, "air:"))
        complain(check, item->place, "a cell is heard on an air segment; allowed: on=\"air:...\"");
    if (cell && item->cell_has_key && item->cell.technology != ACCESS_WLAN)
        complain(check, item->place, "wep belongs to a wlan; allowed: technology wlan");
}

static void check_attackers(const Check *check)
{
    for (guint i = 0; i < check->scenario->attackers->len; i++) {
        const ScenarioAttacker *attacker = check->scenario->attackers->pdata[i];
        for (char **at = attacker->at; *at; at++)
            check_segment(check, attacker->place, *at);
        if (attacker->work_log2 > 128)
            complain(check, attacker->place, "a work budget of more than 2^128; allowed: 0 to 128");
        for (guint k = 0; k < attacker->moves->len; k++)
            check_move(check, attacker, attacker->moves->pdata[k]);
    }
}

/* ---- timeline and expectations ---- */

static void check_timeline(const Check *check)
{
    SimTime last = 0;
    for (guint i = 0; i < check->scenario->actions->len; i++) {
        const ScenarioAction *action = check->scenario->actions->pdata[i];
        need_ue(check, action->place, action->ue);
        need_ue(check, action->place, action->to);
        if (action->to[0] && strcmp(action->to, action->ue) == 0)
            complain(check, action->place, "'%s' does this to itself; allowed: two different ues", action->ue);
        last = MAX(last, action->at);
    }
    if (check->scenario->until > 0 && check->scenario->until < last)
        complain(check, (Place){ 0, 0 }, "until lies before the last step of the timeline; allowed: later");
}

static void check_node(const Check *check, const Expectation *expectation)
{
    g_auto(GStrv) halves = g_strsplit(expectation->subject, ":", 2);
    g_autofree char *first = halves[0] ? g_ascii_strdown(halves[0], -1) : g_strdup("");
    static const char *const with_ue[] = { "pcscf", "p-cscf", "cell", NULL };
    static const char *const nodes[] = { "pcscf", "p-cscf", "neighbour", "icscf", "i-cscf",
                                         "scscf", "s-cscf", "hss",       "ps",    NULL };
    if (halves[0] && halves[1] && g_strv_contains(with_ue, first)) {
        need_ue(check, expectation->place, halves[1]);
        return;
    }
    if (g_strv_contains(nodes, first) || known(check->ues, expectation->subject))
        return;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i + 1 < check->ues->len; i++)
        g_ptr_array_add(names, check->ues->pdata[i]);
    const char *const others[] = {
        "pcscf", "pcscf:NAME", "cell:NAME", "neighbour", "icscf", "scscf", "hss", "ps", NULL
    };
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        g_ptr_array_add(names, (void *)others[i]);
    g_autofree char *hint = diagnostic_names(expectation->subject, (const char *const *)names->pdata);
    complain(check, expectation->place, "there is no node '%s'%s", expectation->subject, hint);
}

static void check_expectation(const Check *check, const Expectation *expectation)
{
    switch (expectation->kind) {
    case EXPECT_PROPERTY: return;
    case EXPECT_COUNT: check_node(check, expectation); return;
    case EXPECT_OUTCOME:
    case EXPECT_REGISTERED:
    case EXPECT_DISPLAYS:
    case EXPECT_PROTECTION:
        need_ue(check, expectation->place, expectation->subject);
        need_ue(check, expectation->place, expectation->of);
        return;
    case EXPECT_READS:
    case EXPECT_READS_NOT:
        need(check, expectation->place, check->attackers, "attacker", expectation->subject);
        need_ue(check, expectation->place, expectation->of);
        return;
    case EXPECT_MOVES: need(check, expectation->place, check->attackers, "attacker", expectation->subject); return;
    }
}

static void add_once(GPtrArray *names, const char *name)
{
    if (name[0] && !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
        g_ptr_array_add(names, (void *)name);
}

void scenario_check(const Scenario *scenario, Diagnostics *diagnostics)
{
    g_autoptr(GPtrArray) ues = g_ptr_array_new(), attackers = g_ptr_array_new();
    for (guint i = 0; i < scenario->ues->len; i++)
        add_once(ues, ((const ScenarioUe *)scenario->ues->pdata[i])->id);
    for (size_t i = 0; scenario->kind == SCENARIO_ATTACK && cast_names[i]; i++)
        add_once(ues, cast_names[i]);
    for (guint i = 0; i < scenario->attackers->len; i++)
        add_once(attackers, ((const ScenarioAttacker *)scenario->attackers->pdata[i])->id);
    g_ptr_array_add(ues, NULL);
    g_ptr_array_add(attackers, NULL);
    Check check = { .scenario = scenario, .diagnostics = diagnostics, .ues = ues, .attackers = attackers };
    check_ids(&check);
    check_ues(&check);
    check_populations(&check);
    check_attackers(&check);
    check_timeline(&check);
    for (guint i = 0; i < scenario->expectations->len; i++)
        check_expectation(&check, scenario->expectations->pdata[i]);
}
