/*
 * scenarios/scenario_check.c - what a schema cannot see: references, order, impossible combinations.
 *
 * Source:  scenarios/scenario.h; the segments are those of scenarios/world.h.
 * Knows:   the scenario.  An attack is checked on its own: the participants of the casts stand for those it will be
 * merged with.
 */
#include "scenarios/nearest.h"
#include "scenarios/scenario_build.h"

#include <string.h>

const char *const scenario_segments[] = { "air", "ran", "iu", "gn",   "gi",    "mw",
                                          "mw2", "isc", "cx", "inet", "pcscf", NULL };
static const char *const core_segments[] = { "mw", "mw2", "isc", "cx", "inet", NULL }; /* of the network */
static const char *const network_nodes[] = { "pcscf", "neighbour", "icscf", "scscf", "hss", "ps", NULL };
/* Who the shipped casts hold; attacks may name them. */
static const char *const cast_names[] = { "alice", "bob", NULL };

typedef struct Names {
    GPtrArray *list; /* NULL-terminated */
    GHashTable *set; /* the same; looked up only */
} Names;

typedef struct Check {
    const Scenario *scenario;
    const XmlFile *xml;
    Diagnostics *diagnostics;
    Names ues, attackers;
    GPtrArray *excused; /* names that are not known because of a mistake that has been complained about */
    unsigned nameless;  /* participants whose id is missing or refused; each excuses one name */
} Check;

static void complain(Check *check, Place place, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void complain(Check *check, Place place, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    diagnostics_add(check->diagnostics, xml_name(check->xml), place, "%s", text);
}

static bool known(const Names *names, const char *name)
{
    return g_hash_table_contains(names->set, name);
}

/* The participant may be there, only its element or its id is wrong: then that is the mistake. */
static bool excused(Check *check, const char *name)
{
    if (xml_took_out(check->xml, name) || g_ptr_array_find_with_equal_func(check->excused, name, g_str_equal, NULL))
        return true;
    if (check->nameless == 0)
        return false;
    check->nameless--;
    g_ptr_array_add(check->excused, g_strdup(name));
    return true;
}

static void need(Check *check, Place place, const Names *names, const char *kind, const char *name)
{
    const char *const *all = (const char *const *)names->list->pdata;
    if (name[0] == '\0' || known(names, name) || diagnostics_full(check->diagnostics) ||
        (!nearest_name(name, all) && excused(check, name)))
        return;
    g_autofree char *hint = all[0] ? diagnostic_names(name, all) : g_strdup_printf("; the file has no %s", kind);
    complain(check, place, "there is no %s '%s'%s", kind, name, hint);
}

static void need_ue(Check *check, Place place, const char *name)
{
    need(check, place, &check->ues, "ue", name);
}

/* ---- participants ---- */

static void check_id(Check *check, Place place, const char *id, GHashTable *seen)
{
    if (id[0] == '\0')
        return;
    if (g_strv_contains(network_nodes, id))
        complain(check, place, "'%s' is the name of a network node; allowed: another name", id);
    else if (!g_hash_table_add(seen, (void *)id))
        complain(check, place, "the id '%s' is used twice; allowed: once", id);
}

static void check_ids(Check *check)
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

static void check_ues(Check *check)
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

static void check_populations(Check *check)
{
    for (guint i = 0; i < check->scenario->populations->len; i++) {
        const ScenarioPopulation *population = check->scenario->populations->pdata[i];
        if (population->count == 0 || population->count > 10000000)
            complain(check, population->place, "a population of %u; allowed: 1 to 10000000", population->count);
        if (population->rate <= 0)
            complain(check, population->place,
                     "nobody arrives at a rate of 0; allowed: more than 0, in arrivals a second");
        if (population->per_cell == 0)
            complain(check, population->place, "per-cell is 0, so no cell takes anybody; allowed: at least 1");
        if (population->watches >= population->count && population->watches > 0)
            complain(check, population->place, "each watches %u, more than there are others; allowed: at most %u",
                     population->watches, population->count - 1);
    }
}

/* ---- attackers ---- */

static void check_segment(Check *check, Place place, const char *segment)
{
    g_auto(GStrv) halves = g_strsplit(segment, ":", 2);
    const char *name = halves[0], *whose = halves[0] ? halves[1] : NULL;
    if (!name)
        return;
    if (!g_strv_contains(scenario_segments, name)) {
        g_autofree char *hint = diagnostic_names(name, scenario_segments);
        complain(check, place, "there is no segment '%s'%s", segment, hint);
        name = nearest_name(name, scenario_segments);
        if (!name || !whose)
            return;
    }
    bool of_core = g_strv_contains(core_segments, name);
    if (of_core && whose)
        complain(check, place, "segment '%s' belongs to nobody; allowed: '%s'", segment, name);
    else if (!of_core && !whose)
        complain(check, place, "segment '%s' does not say whose; allowed: with a ue, as '%s:%s'", segment, segment,
                 check->ues.list->pdata[0] ? (const char *)check->ues.list->pdata[0] : "alice");
    else if (!of_core && !known(&check->attackers, whose))
        need_ue(check, place, whose); /* an attacker with a false cell has a radio link of his own */
}

static bool passive(const char *position)
{
    return strcmp(position, "A1") == 0 || strcmp(position, "A2") == 0 || strcmp(position, "A3") == 0;
}

static void check_cell(Check *check, const ScenarioAttacker *attacker, const ScenarioMove *item)
{
    const char *on = item->move.match.segment;
    if (strcmp(attacker->position, "A7") != 0)
        complain(check, item->place, "position %s has no base station; allowed for a cell: A7", attacker->position);
    else if (!g_str_has_prefix(on, "air:") && g_strv_contains(scenario_segments, on))
        complain(check, item->place, "a cell is heard on an air segment; allowed: on=\"air:...\"");
    if (item->cell_has_key && item->cell.technology != ACCESS_WLAN)
        complain(check, item->place, "only a wlan has a wep key; allowed: wep with technology=\"wlan\"");
}

/* Whoever runs a node changes messages; packets are whatever its stack makes of them. */
static void check_move_in_node(Check *check, const ScenarioMove *item)
{
    switch (item->move.verb) {
    case MOVE_DROP:
    case MOVE_EDIT:
    case MOVE_REPLAY:
    case MOVE_INJECT: return;
    default:
        complain(check, item->place, "this move needs a segment; allowed inside a P-CSCF: drop, edit, replay, inject");
    }
}

/* An attacker without a position or a segment has been complained about. */
static void check_move(Check *check, const ScenarioAttacker *attacker, const ScenarioMove *item)
{
    const char *on = item->move.match.segment;
    const char *const *at = (const char *const *)attacker->at;
    if (at[0] && on[0] == '\0') {
        complain(check, item->place,
                 "this move has no segment; allowed: 'on' with a segment that the attacker's 'at' "
                 "lists");
    } else if (at[0] && !g_strv_contains(at, on)) {
        g_autofree char *hint = diagnostic_names(on, at);
        complain(check, item->place, "%s has no tap on '%s'%s", attacker->id, on, hint);
    }
    if (passive(attacker->position))
        complain(check, item->place, "position %s only listens; allowed for moves: A4 to A8", attacker->position);
    else if ((item->move.verb == MOVE_CELL || item->move.verb == MOVE_PLAY_CHALLENGE) && attacker->position[0])
        check_cell(check, attacker, item);
    else if (g_str_has_prefix(on, "pcscf:"))
        check_move_in_node(check, item);
}

static void check_attackers(Check *check)
{
    for (guint i = 0; i < check->scenario->attackers->len; i++) {
        const ScenarioAttacker *attacker = check->scenario->attackers->pdata[i];
        for (char **at = attacker->at; *at; at++)
            check_segment(check, attacker->place, *at);
        for (char **name = attacker->knows; *name; name++)
            need_ue(check, attacker->place, *name);
        need_ue(check, attacker->place, attacker->owns);
        if (attacker->work_log2 > 128)
            complain(check, attacker->place, "a work budget of more than 2^128; allowed: 0 to 128");
        for (guint k = 0; k < attacker->moves->len; k++)
            check_move(check, attacker, attacker->moves->pdata[k]);
    }
}

/* ---- timeline and expectations ---- */

static void check_timeline(Check *check)
{
    for (guint i = 0; i < check->scenario->actions->len; i++) {
        const ScenarioAction *action = check->scenario->actions->pdata[i];
        need_ue(check, action->place, action->ue);
        need_ue(check, action->place, action->to);
        if (action->to[0] && strcmp(action->to, action->ue) == 0)
            complain(check, action->place, "'%s' does this to itself; allowed: two different ues", action->ue);
    }
}

static void check_node(Check *check, const Expectation *expectation)
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
    if (!halves[0] || g_strv_contains(nodes, first) || known(&check->ues, expectation->subject))
        return;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i + 1 < check->ues.list->len; i++)
        g_ptr_array_add(names, check->ues.list->pdata[i]);
    const char *const others[] = {
        "pcscf", "pcscf:NAME", "cell:NAME", "neighbour", "icscf", "scscf", "hss", "ps", NULL
    };
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        g_ptr_array_add(names, (void *)others[i]);
    const char *const *all = (const char *const *)names->pdata;
    if (!nearest_name(halves[0], all) && excused(check, expectation->subject))
        return;
    g_autofree char *hint = diagnostic_names(halves[0], all);
    complain(check, expectation->place, "there is no node '%s'%s", expectation->subject, hint);
    if (halves[1] && nearest_name(first, with_ue))
        need_ue(check, expectation->place, halves[1]);
}

static void check_expectation(Check *check, const Expectation *expectation)
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
        need(check, expectation->place, &check->attackers, "attacker", expectation->subject);
        need_ue(check, expectation->place, expectation->of);
        return;
    case EXPECT_MOVES: need(check, expectation->place, &check->attackers, "attacker", expectation->subject); return;
    }
}

static Names names_new(void)
{
    return (Names){ .list = g_ptr_array_new(), .set = g_hash_table_new(g_str_hash, g_str_equal) };
}

static void names_clear(Names *names)
{
    g_ptr_array_unref(names->list);
    g_hash_table_unref(names->set);
}

static void names_add(Names *names, const char *name)
{
    if (name[0] && g_hash_table_add(names->set, (void *)name))
        g_ptr_array_add(names->list, (void *)name);
}

static void collect_names(Check *check)
{
    const Scenario *scenario = check->scenario;
    for (guint i = 0; i < scenario->ues->len; i++)
        names_add(&check->ues, ((const ScenarioUe *)scenario->ues->pdata[i])->id);
    for (size_t i = 0; scenario->kind == SCENARIO_ATTACK && cast_names[i]; i++)
        names_add(&check->ues, cast_names[i]);
    for (guint i = 0; i < scenario->attackers->len; i++)
        names_add(&check->attackers, ((const ScenarioAttacker *)scenario->attackers->pdata[i])->id);
    g_ptr_array_add(check->ues.list, NULL);
    g_ptr_array_add(check->attackers.list, NULL);
}

static unsigned count_nameless(const Scenario *scenario)
{
    unsigned n = 0;
    for (guint i = 0; i < scenario->ues->len; i++)
        n += ((const ScenarioUe *)scenario->ues->pdata[i])->id[0] == '\0';
    for (guint i = 0; i < scenario->attackers->len; i++)
        n += ((const ScenarioAttacker *)scenario->attackers->pdata[i])->id[0] == '\0';
    return n;
}

static Check check_new(const Scenario *scenario, const XmlFile *xml, Diagnostics *diagnostics)
{
    Check check = {
        .scenario = scenario,
        .xml = xml,
        .diagnostics = diagnostics,
        .ues = names_new(),
        .attackers = names_new(),
        .excused = g_ptr_array_new_with_free_func(g_free),
        .nameless = count_nameless(scenario),
    };
    collect_names(&check);
    return check;
}

static void check_clear(Check *check)
{
    names_clear(&check->ues);
    names_clear(&check->attackers);
    g_ptr_array_unref(check->excused);
}

static void check_expectations(Check *check, const GPtrArray *expectations)
{
    for (guint i = 0; i < expectations->len; i++)
        check_expectation(check, expectations->pdata[i]);
}

void scenario_check(const Scenario *scenario, const XmlFile *xml, Diagnostics *diagnostics)
{
    Check check = check_new(scenario, xml, diagnostics);
    check_ids(&check);
    check_ues(&check);
    check_populations(&check);
    check_attackers(&check);
    check_timeline(&check);
    check_expectations(&check, scenario->expectations);
    check_clear(&check);
}

void expectations_check(const GPtrArray *expectations, const Scenario *scenario, const XmlFile *xml,
                        Diagnostics *diagnostics)
{
    Check check = check_new(scenario, xml, diagnostics);
    check_expectations(&check, expectations);
    check_clear(&check);
}
