/*
 * scenarios/scenario.c - scenarios as values: made, copied, merged, found.
 *
 * Source:  scenarios/scenario.h.  Files are read in scenarios/scenario_load.c.
 * Knows:   data.
 */
#include "scenarios/scenario.h"
#include "scenarios/data.h"
#include "scenarios/scenario_build.h"

#include <string.h>

#define SIM_MINUTE (60 * SIM_SEC)
#define TIME_MAX   (INT64_C(10000) * 3600 * SIM_SEC) /* of a scenario */

static const char *const action_names[ACT_N] = {
    [ACT_ATTACH] = "attach",           [ACT_REGISTER] = "register",
    [ACT_REREGISTER] = "reregister",   [ACT_DEREGISTER] = "deregister",
    [ACT_PUBLISH] = "publish",         [ACT_UNPUBLISH] = "unpublish",
    [ACT_SUBSCRIBE] = "subscribe",     [ACT_FETCH] = "fetch",
    [ACT_UNSUBSCRIBE] = "unsubscribe", [ACT_WATCH_WATCHERS] = "watch-watchers",
    [ACT_MESSAGE] = "message",         [ACT_POWER_OFF] = "power-off",
    [ACT_SET_POLICY] = "set-policy",
};

const char *action_name(ActionVerb verb)
{
    return action_names[verb];
}

/* ---- items ---- */

static void free_all(char *const *strings, size_t n)
{
    for (size_t i = 0; i < n; i++)
        g_free(strings[i]);
}
#define FREE_ALL(...) free_all((char *const[]){ __VA_ARGS__ }, sizeof((char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static void ue_clear(void *item)
{
    ScenarioUe *ue = item;
    option_free(ue->leg);
    FREE_ALL(ue->id, ue->rules, ue->forges);
}

static void population_clear(void *item)
{
    ScenarioPopulation *population = item;
    option_free(population->leg);
    g_free(population->id);
}

static void move_free(void *item)
{
    ScenarioMove *move = item;
    g_ptr_array_unref(move->strings);
    g_array_unref(move->edits);
    g_free(move);
}

static void attacker_clear(void *item)
{
    ScenarioAttacker *attacker = item;
    FREE_ALL(attacker->id, attacker->position, attacker->owns);
    g_strfreev(attacker->at);
    g_strfreev(attacker->knows);
    g_ptr_array_unref(attacker->moves);
}

static void action_clear(void *item)
{
    ScenarioAction *action = item;
    FREE_ALL(action->ue, action->to, action->text);
}

static void expectation_clear(void *item)
{
    Expectation *expectation = item;
    FREE_ALL(expectation->subject, expectation->what, expectation->of, expectation->is);
}

static void source_clear(void *item)
{
    ScenarioSource *source = item;
    FREE_ALL(source->document, source->clause);
}

static void delay_clear(void *item)
{
    g_free(((ScenarioDelay *)item)->segment);
}

#define ITEM_RELEASE(name)                                                                                             \
    static void name##_release(void *item)                                                                             \
    {                                                                                                                  \
        g_atomic_rc_box_release_full(item, name##_clear);                                                              \
    }
ITEM_RELEASE(ue)
ITEM_RELEASE(population)
ITEM_RELEASE(attacker)
ITEM_RELEASE(action)
ITEM_RELEASE(expectation)
ITEM_RELEASE(source)
ITEM_RELEASE(delay)

static void *item_new(GPtrArray *array, size_t size)
{
    void *item = g_atomic_rc_box_alloc0(size);
    g_ptr_array_add(array, item);
    return item;
}

ScenarioUe *scenario_add_ue(Scenario *scenario)
{
    ScenarioUe *ue = item_new(scenario->ues, sizeof *ue);
    ue->id = g_strdup("");
    return ue;
}

ScenarioPopulation *scenario_add_population(Scenario *scenario)
{
    ScenarioPopulation *population = item_new(scenario->populations, sizeof *population);
    population->id = g_strdup("");
    population->per_cell = 100;
    return population;
}

ScenarioAttacker *scenario_add_attacker(Scenario *scenario)
{
    ScenarioAttacker *attacker = item_new(scenario->attackers, sizeof *attacker);
    attacker->id = g_strdup("");
    attacker->position = g_strdup("");
    attacker->owns = g_strdup("");
    attacker->at = g_new0(char *, 1);
    attacker->knows = g_new0(char *, 1);
    attacker->work_log2 = -1;
    attacker->moves = g_ptr_array_new_with_free_func(move_free);
    return attacker;
}

ScenarioMove *attacker_item_add_move(ScenarioAttacker *attacker)
{
    ScenarioMove *move = g_new0(ScenarioMove, 1);
    move->strings = g_ptr_array_new_with_free_func(g_free);
    move->edits = g_array_new(FALSE, FALSE, sizeof(MoveEdit));
    move->move.match.dir = -1;
    g_ptr_array_add(attacker->moves, move);
    return move;
}

ScenarioAction *scenario_add_action(Scenario *scenario)
{
    ScenarioAction *action = item_new(scenario->actions, sizeof *action);
    action->ue = g_strdup("");
    action->to = g_strdup("");
    action->text = g_strdup("");
    action->seconds = -1;
    return action;
}

GPtrArray *expectations_new(void)
{
    return g_ptr_array_new_with_free_func(expectation_release);
}

Expectation *expectations_add(GPtrArray *expectations)
{
    Expectation *expectation = item_new(expectations, sizeof *expectation);
    expectation->subject = g_strdup("");
    expectation->what = g_strdup("");
    expectation->of = g_strdup("");
    expectation->is = g_strdup("");
    expectation->most = INT64_MAX;
    return expectation;
}

Expectation *scenario_add_expectation(Scenario *scenario)
{
    return expectations_add(scenario->expectations);
}

ScenarioSource *scenario_add_source(Scenario *scenario)
{
    ScenarioSource *source = item_new(scenario->sources, sizeof *source);
    source->document = g_strdup("");
    source->clause = g_strdup("");
    return source;
}

ScenarioDelay *scenario_add_delay(Scenario *scenario)
{
    ScenarioDelay *delay = item_new(scenario->delays, sizeof *delay);
    *delay = (ScenarioDelay){ .segment = g_strdup(""), .delay = -1, .up = -1, .down = -1, .loss_ppm = -1 };
    return delay;
}

/* ---- a scenario ---- */

Scenario *scenario_new(const char *file, ScenarioKind kind)
{
    Scenario *scenario = g_new0(Scenario, 1);
    scenario->kind = kind;
    scenario->file = g_strdup(file);
    char **texts[] = { &scenario->id,      &scenario->title,    &scenario->claim,
                       &scenario->picture, &scenario->property, &scenario->position };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup("");
    scenario->ues = g_ptr_array_new_with_free_func(ue_release);
    scenario->populations = g_ptr_array_new_with_free_func(population_release);
    scenario->attackers = g_ptr_array_new_with_free_func(attacker_release);
    scenario->actions = g_ptr_array_new_with_free_func(action_release);
    scenario->expectations = expectations_new();
    scenario->sources = g_ptr_array_new_with_free_func(source_release);
    scenario->delays = g_ptr_array_new_with_free_func(delay_release);
    return scenario;
}

void scenario_free(Scenario *scenario)
{
    if (!scenario)
        return;
    GPtrArray *arrays[] = { scenario->ues,          scenario->populations, scenario->attackers, scenario->actions,
                            scenario->expectations, scenario->sources,     scenario->delays };
    for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_ptr_array_unref(arrays[i]);
    option_free(scenario->option);
    FREE_ALL(scenario->file, scenario->id, scenario->title, scenario->claim, scenario->picture, scenario->property,
             scenario->position);
    g_free(scenario);
}

static void share(GPtrArray *into, const GPtrArray *from)
{
    for (guint i = 0; i < from->len; i++)
        g_ptr_array_add(into, g_atomic_rc_box_acquire(from->pdata[i]));
}

static void share_all(Scenario *into, const Scenario *from)
{
    share(into->ues, from->ues);
    share(into->populations, from->populations);
    share(into->attackers, from->attackers);
    share(into->actions, from->actions);
    share(into->expectations, from->expectations);
    share(into->sources, from->sources);
    share(into->delays, from->delays);
}

void slot_take(char **slot, char *text)
{
    if (!text)
        return;
    g_free(*slot);
    *slot = text;
}

static void replace(char **slot, const char *text)
{
    slot_take(slot, g_strdup(text));
}

Scenario *scenario_copy(const Scenario *scenario)
{
    Scenario *copy = scenario_new(scenario->file, scenario->kind);
    replace(&copy->id, scenario->id);
    replace(&copy->title, scenario->title);
    replace(&copy->claim, scenario->claim);
    replace(&copy->picture, scenario->picture);
    replace(&copy->property, scenario->property);
    replace(&copy->position, scenario->position);
    copy->option = scenario->option ? option_copy(scenario->option) : NULL;
    copy->block_tcp = scenario->block_tcp;
    copy->until = scenario->until;
    share_all(copy, scenario);
    return copy;
}

/* Stable, by time: the cast's actions stay before the attack's at the same time. */
static void sort_actions(GPtrArray *actions)
{
    for (guint i = 1; i < actions->len; i++) {
        ScenarioAction *action = actions->pdata[i];
        guint j = i;
        for (; j > 0 && ((ScenarioAction *)actions->pdata[j - 1])->at > action->at; j--)
            actions->pdata[j] = actions->pdata[j - 1];
        actions->pdata[j] = action;
    }
}

Scenario *scenario_merge(const Scenario *cast, const Scenario *attack)
{
    Scenario *merged = scenario_copy(cast);
    g_autofree char *id = g_strconcat(cast->id, "+", attack->id, NULL);
    replace(&merged->id, id);
    replace(&merged->title, attack->title);
    replace(&merged->claim, attack->claim);
    replace(&merged->property, attack->property);
    replace(&merged->position, attack->position);
    merged->block_tcp = cast->block_tcp || attack->block_tcp;
    merged->until = MAX(scenario_end(cast), scenario_end(attack));
    share_all(merged, attack);
    sort_actions(merged->actions);
    return merged;
}

const ScenarioUe *scenario_find_ue(const Scenario *scenario, const char *id)
{
    for (guint i = 0; i < scenario->ues->len; i++) {
        const ScenarioUe *ue = scenario->ues->pdata[i];
        if (strcmp(ue->id, id) == 0)
            return ue;
    }
    return NULL;
}

/* Long enough after the last action for its time-outs: timer F at the UE is 128 s (TS 24.229 §7.7). */
SimTime scenario_end(const Scenario *scenario)
{
    if (scenario->until > 0)
        return scenario->until;
    SimTime last = 0;
    for (guint i = 0; i < scenario->actions->len; i++)
        last = MAX(last, ((const ScenarioAction *)scenario->actions->pdata[i])->at);
    return scenario->actions->len > 0 ? last + 5 * SIM_MINUTE : 0;
}

/* ---- small conversions ---- */

bool scenario_time(const char *text, SimTime *out)
{
    static const struct {
        const char *unit;
        SimTime ns;
    } units[] = {
        { "us", SIM_US }, { "ms", SIM_MS }, { "s", SIM_SEC }, { "min", 60 * SIM_SEC }, { "h", 3600 * SIM_SEC },
    };
    size_t digits = strspn(text, "0123456789"), fraction = 0;
    if (digits == 0 || digits > 7)
        return false;
    if (text[digits] == '.')
        fraction = strspn(text + digits + 1, "0123456789");
    const char *unit = text + digits + (text[digits] == '.' ? fraction + 1 : 0);
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (strcmp(units[i].unit, unit) != 0 || fraction > 9)
            continue;
        gint64 whole = g_ascii_strtoll(text, NULL, 10);
        if (whole > TIME_MAX / units[i].ns)
            return false;
        SimTime time = whole * units[i].ns, scale = units[i].ns;
        for (size_t d = 0; d < fraction; d++) {
            SimTime ten = scale / 10; /* digits below a nanosecond are dropped */
            time += (text[digits + 1 + d] - '0') * ten;
            scale = ten;
        }
        *out = time;
        return time <= TIME_MAX;
    }
    return false;
}

char *scenario_rules(const char *handling)
{
    return g_strdup_printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                           "<cr:ruleset xmlns:cr=\"urn:ietf:params:xml:ns:common-policy\" "
                           "xmlns:pr=\"urn:ietf:params:xml:ns:pres-rules\">\n"
                           "<cr:rule id=\"everybody\"><cr:conditions/>"
                           "<cr:actions><pr:sub-handling>%s</pr:sub-handling></cr:actions>"
                           "<cr:transformations><pr:provide-services><pr:all-services/></pr:provide-services>"
                           "<pr:provide-persons><pr:all-persons/></pr:provide-persons>"
                           "<pr:provide-devices><pr:all-devices/></pr:provide-devices>"
                           "<pr:provide-all-attributes/></cr:transformations></cr:rule>\n"
                           "</cr:ruleset>\n",
                           handling);
}

/* ---- shipped files ---- */

static const char *const folders[] = {
    [SCENARIO_SCENARIO] = "scenarios/library/",
    [SCENARIO_CAST] = "scenarios/casts/",
    [SCENARIO_ATTACK] = "scenarios/attacks/",
};

char **scenario_ids(ScenarioKind kind)
{
    GPtrArray *ids = g_ptr_array_new();
    const DataFile *file = data_first(folders[kind]);
    for (; file; file = data_next(file, folders[kind])) {
        const char *name = strrchr(file->path, '/') + 1;
        size_t len = strlen(name);
        g_ptr_array_add(ids, g_strndup(name, g_str_has_suffix(name, ".xml") ? len - 4 : len));
    }
    g_ptr_array_add(ids, NULL);
    return (char **)g_ptr_array_free(ids, FALSE);
}
