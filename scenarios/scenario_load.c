/*
 * scenarios/scenario_load.c - scenarios, casts and attacks from XML.
 *
 * Source:  scenarios/schema/presec.xsd, which has been applied before anything here runs; what it refused is empty.
 * Knows:   the XML.  References and order are checked in scenarios/scenario_check.c.
 */
#include "scenarios/data.h"
#include "scenarios/option_load.h"
#include "scenarios/nearest.h"
#include "scenarios/scenario_build.h"

#include <string.h>

enum { POPULATION_UNSAID = 10000000 }; /* the schema asks for a count: no second complaint about it */

typedef struct Loader {
    const XmlFile *xml;
    Scenario *scenario;
    Diagnostics *diagnostics;
} Loader;

/* ---- attributes ---- */

static bool yes(const xmlNode *element, const char *attribute)
{
    g_autofree char *text = xml_get(element, attribute);
    return text && strcmp(text, "yes") == 0;
}

static double real_of(const xmlNode *element, const char *attribute, double otherwise)
{
    g_autofree char *text = xml_get(element, attribute);
    return text && text[0] ? g_ascii_strtod(text, NULL) : otherwise;
}

static SimTime time_of(const Loader *loader, const xmlNode *element, const char *attribute, SimTime otherwise)
{
    return time_from_xml(loader->xml, element, attribute, otherwise, loader->diagnostics);
}

/* ---- participants ---- */

static Option *leg_from_xml(const Loader *loader, const xmlNode *element)
{
    xmlNode *inline_option = xml_child(element, "option");
    g_autofree char *reference = xml_get(element, "leg");
    if (inline_option && reference)
        xml_complain(loader->xml, loader->diagnostics, element, "leg",
                     "a leg is given twice; allowed: a leg attribute or an option element");
    if (inline_option)
        return option_from_xml(loader->xml, inline_option, loader->diagnostics);
    return option_from_reference(loader->xml, element, "leg", loader->diagnostics);
}

static void ue_from_xml(const Loader *loader, const xmlNode *element)
{
    ScenarioUe *ue = scenario_add_ue(loader->scenario);
    xmlNode *document = xml_child(element, "rules");
    g_autofree char *shorthand = xml_get(element, "rules");
    slot_take(&ue->id, xml_get(element, "id"));
    ue->leg = leg_from_xml(loader, element);
    ue->forges = xml_get(element, "forges");
    ue->hostile = yes(element, "hostile") || ue->forges;
    ue->registration_s = time_of(loader, element, "registration", 0) / SIM_SEC;
    ue->place = xml_place(loader->xml, element);
    if (shorthand && document)
        xml_complain(loader->xml, loader->diagnostics, element, "rules",
                     "rules are given twice; allowed: a rules attribute or a rules element");
    ue->rules = shorthand ? scenario_rules(shorthand) : document ? xml_text(document) : NULL;
}

static void population_from_xml(const Loader *loader, const xmlNode *element)
{
    ScenarioPopulation *population = scenario_add_population(loader->scenario);
    slot_take(&population->id, xml_get(element, "id"));
    population->leg = leg_from_xml(loader, element);
    population->count = (unsigned)number_from_xml(element, "count", POPULATION_UNSAID);
    population->rate = real_of(element, "rate", 1);
    population->per_cell = (unsigned)number_from_xml(element, "per-cell", population->per_cell);
    population->from = time_of(loader, element, "from", 0);
    population->watches = (unsigned)number_from_xml(element, "watches", 0);
    population->publish_gap = time_of(loader, element, "publish-every", 0);
    population->stay = time_of(loader, element, "stay", 0);
    population->place = xml_place(loader->xml, element);
}

static void check_link(const Loader *loader, const xmlNode *link, const char *segment)
{
    g_auto(GStrv) halves = g_strsplit(segment, ":", 2);
    g_auto(GStrv) names = g_strdupv((char **)scenario_segments);
    g_clear_pointer(&names[g_strv_length(names) - 1], g_free); /* a tap only */
    if (!halves[0] || g_strv_contains((const char *const *)names, halves[0]))
        return;
    g_autofree char *hint = diagnostic_names(halves[0], (const char *const *)names);
    xml_complain(loader->xml, loader->diagnostics, link, "segment", "there is no segment '%s'%s", segment, hint);
}

static void network_from_xml(const Loader *loader, const xmlNode *element)
{
    g_autofree char *block = xml_get(element, "block");
    loader->scenario->block_tcp = block != NULL;
    for (xmlNode *link = xml_first(element); link; link = xml_next(link)) {
        ScenarioDelay *delay = scenario_add_delay(loader->scenario);
        slot_take(&delay->segment, xml_get(link, "segment"));
        check_link(loader, link, delay->segment);
        delay->delay = time_of(loader, link, "delay", -1);
        delay->up = number_from_xml(link, "up", -1);
        delay->down = number_from_xml(link, "down", -1);
        delay->loss_ppm = number_from_xml(link, "loss-ppm", -1);
    }
}

static const char *first_segment(const ScenarioAttacker *attacker)
{
    return attacker->at[0] ? attacker->at[0] : "";
}

static char **words(char *text)
{
    g_auto(GStrv) pieces = g_strsplit(text ? text : "", " ", -1);
    GPtrArray *out = g_ptr_array_new();
    for (char **piece = pieces; *piece; piece++)
        if (**piece)
            g_ptr_array_add(out, g_strdup(*piece));
    g_ptr_array_add(out, NULL);
    g_free(text);
    return (char **)g_ptr_array_free(out, FALSE);
}

static void attacker_from_xml(const Loader *loader, const xmlNode *element)
{
    ScenarioAttacker *attacker = scenario_add_attacker(loader->scenario);
    slot_take(&attacker->id, xml_get(element, "id"));
    slot_take(&attacker->position, xml_get(element, "position"));
    slot_take(&attacker->owns, xml_get(element, "owns"));
    g_strfreev(attacker->at);
    attacker->at = words(xml_get(element, "at"));
    g_strfreev(attacker->knows);
    attacker->knows = words(xml_get(element, "knows"));
    attacker->work_log2 = real_of(element, "work", -1);
    attacker->knowledge = (unsigned)number_from_xml(element, "knowledge", 0);
    attacker->place = xml_place(loader->xml, element);
    for (xmlNode *node = xml_first(element); node; node = xml_next(node)) {
        g_autofree char *by = xml_get(node, "by");
        if (by)
            xml_complain(loader->xml, loader->diagnostics, node, "by",
                         "a move inside an attacker is that attacker's; allowed: 'by' on moves in the timeline");
        move_from_xml(loader->xml, node, attacker_item_add_move(attacker), first_segment(attacker),
                      loader->diagnostics);
    }
}

/* ---- the timeline ---- */

static void action_from_xml(const Loader *loader, const xmlNode *element, ActionVerb verb, SimTime at)
{
    ScenarioAction *action = scenario_add_action(loader->scenario);
    action->at = at;
    action->verb = verb;
    action->place = xml_place(loader->xml, element);
    g_autofree char *status = xml_get(element, "status"), *rules = xml_get(element, "rules");
    slot_take(&action->ue, xml_get(element, "ue"));
    slot_take(&action->ue, xml_get(element, "watcher"));
    slot_take(&action->to, xml_get(element, "to"));
    slot_take(&action->text, xml_get(element, "text"));
    slot_take(&action->text, xml_get(element, "note"));
    slot_take(&action->text, rules ? scenario_rules(rules) : NULL);
    action->open = !status || strcmp(status, "open") == 0;
    SimTime length = time_of(loader, element, "for", -1);
    action->seconds = length < 0 ? -1 : length / SIM_SEC;
}

/* One whose own name is missing may be meant. */
static ScenarioAttacker *attacker_nameless(const Loader *loader)
{
    for (guint i = 0; i < loader->scenario->attackers->len; i++) {
        ScenarioAttacker *attacker = loader->scenario->attackers->pdata[i];
        if (attacker->id[0] == '\0')
            return attacker;
    }
    return NULL;
}

static ScenarioAttacker *attacker_named(const Loader *loader, const char *name, GPtrArray *names)
{
    for (guint i = 0; i < loader->scenario->attackers->len; i++) {
        ScenarioAttacker *attacker = loader->scenario->attackers->pdata[i];
        if (name && strcmp(attacker->id, name) == 0)
            return attacker;
        if (names && attacker->id[0])
            g_ptr_array_add(names, attacker->id);
    }
    if (names)
        g_ptr_array_add(names, NULL);
    return NULL;
}

/* Whose move it is, or most likely is; NULL: cannot be said. */
static ScenarioAttacker *attacker_of(const Loader *loader, const xmlNode *element)
{
    g_autofree char *by = xml_get(element, "by");
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    ScenarioAttacker *attacker = attacker_named(loader, by, names);
    if (attacker || (by && (by[0] == '\0' || xml_took_out(loader->xml, by))))
        return attacker;
    const char *const *all = (const char *const *)names->pdata;
    const char *near = by ? nearest_name(by, all) : NULL;
    attacker = attacker_nameless(loader);
    if (by && !near && attacker) {
        slot_take(&attacker->id, g_steal_pointer(&by));
        return attacker;
    }
    g_autofree char *hint = all[0] ? diagnostic_names(by ? by : "", all) : g_strdup("; the file has no attacker");
    if (by)
        xml_complain(loader->xml, loader->diagnostics, element, "by", "there is no attacker '%s'%s", by, hint);
    else
        xml_complain(loader->xml, loader->diagnostics, element, NULL, "%s lacks its attribute 'by'%s",
                     (const char *)element->name, hint);
    return near ? attacker_named(loader, near, NULL) : NULL;
}

static void timed_move_from_xml(const Loader *loader, const xmlNode *element, SimTime at)
{
    g_autofree char *own_time = xml_get(element, "at");
    if (own_time)
        xml_complain(loader->xml, loader->diagnostics, element, "at",
                     "the timeline says when; allowed: 'at' on moves inside an attacker");
    g_autoptr(Scenario) nobody = scenario_new("", SCENARIO_ATTACK); /* whatever else is wrong is found all the same */
    ScenarioAttacker *attacker = attacker_of(loader, element);
    attacker = attacker ? attacker : scenario_add_attacker(nobody);
    ScenarioMove *item = attacker_item_add_move(attacker);
    move_from_xml(loader->xml, element, item, first_segment(attacker), loader->diagnostics);
    item->move.at = at;
}

static void timeline_from_xml(const Loader *loader, const xmlNode *timeline)
{
    SimTime before = 0;
    for (xmlNode *step = xml_first(timeline); step; step = xml_next(step)) {
        SimTime at = time_of(loader, step, "time", before);
        if (at < before)
            xml_complain(loader->xml, loader->diagnostics, step, "time",
                         "this time lies before the one above; allowed: times in order");
        before = at; /* one step out of order does not make the next one wrong */
        for (xmlNode *node = xml_first(step); node; node = xml_next(node)) {
            if (element_is_move(node)) {
                timed_move_from_xml(loader, node, at);
                continue;
            }
            for (ActionVerb verb = 0; verb < ACT_N; verb++)
                if (xml_is(node, action_name(verb)))
                    action_from_xml(loader, node, verb, at);
        }
    }
}

/* ---- the whole ---- */

static void option_of_scenario(const Loader *loader, const xmlNode *root)
{
    Scenario *scenario = loader->scenario;
    xmlNode *inline_option = xml_child(root, "option");
    g_autofree char *reference = xml_get(root, "option");
    bool both = inline_option && reference;
    if (scenario->kind == SCENARIO_SCENARIO && (both || (!inline_option && !reference)))
        xml_complain(loader->xml, loader->diagnostics, root, both ? "option" : NULL,
                     "a scenario names %s option; allowed: an option attribute or an option element",
                     both ? "more than one" : "no");
    if (inline_option)
        scenario->option = option_from_xml(loader->xml, inline_option, loader->diagnostics);
    else if (reference)
        scenario->option = option_from_reference(loader->xml, root, "option", loader->diagnostics);
}

static void heading_from_xml(const Loader *loader, const xmlNode *node)
{
    Scenario *scenario = loader->scenario;
    if (xml_is(node, "title"))
        slot_take(&scenario->title, xml_line(node));
    else if (xml_is(node, "claim"))
        slot_take(&scenario->claim, xml_line(node));
    else if (xml_is(node, "picture"))
        slot_take(&scenario->picture, xml_text(node));
    else if (xml_is(node, "source")) {
        ScenarioSource *source = scenario_add_source(scenario);
        slot_take(&source->document, xml_get(node, "document"));
        slot_take(&source->clause, xml_get(node, "clause"));
    }
}

static void until_from_xml(const Loader *loader, const xmlNode *element)
{
    Scenario *scenario = loader->scenario;
    SimTime last = 0;
    for (guint i = 0; i < scenario->actions->len; i++)
        last = MAX(last, ((const ScenarioAction *)scenario->actions->pdata[i])->at);
    scenario->until = time_of(loader, element, "time", 0);
    if (scenario->until > 0 && scenario->until < last)
        xml_complain(loader->xml, loader->diagnostics, element, "time",
                     "until lies before the last step of the timeline; allowed: later");
}

static void expect_from_xml(const Loader *loader, const xmlNode *element)
{
    g_autofree char *run = xml_get(element, "run");
    if (run)
        xml_complain(loader->xml, loader->diagnostics, element, "run",
                     "a scenario is one run; allowed: 'run' in lessons only");
    for (xmlNode *item = xml_first(element); item; item = xml_next(item))
        expectation_from_xml(loader->xml, item, scenario_add_expectation(loader->scenario), loader->diagnostics);
}

static void scenario_from_xml(const Loader *loader, const xmlNode *root)
{
    Scenario *scenario = loader->scenario;
    slot_take(&scenario->id, xml_get(root, "id"));
    slot_take(&scenario->property, xml_get(root, "property"));
    slot_take(&scenario->position, xml_get(root, "position"));
    if (scenario->property[0])
        property_from_reference(loader->xml, root, "property", loader->diagnostics);
    option_of_scenario(loader, root);
    for (xmlNode *node = xml_first(root); node; node = xml_next(node)) {
        heading_from_xml(loader, node);
        if (xml_is(node, "ue"))
            ue_from_xml(loader, node);
        else if (xml_is(node, "population"))
            population_from_xml(loader, node);
        else if (xml_is(node, "network"))
            network_from_xml(loader, node);
        else if (xml_is(node, "attacker"))
            attacker_from_xml(loader, node);
        else if (xml_is(node, "timeline"))
            timeline_from_xml(loader, node);
        else if (xml_is(node, "until"))
            until_from_xml(loader, node);
        else if (xml_is(node, "expect"))
            expect_from_xml(loader, node);
    }
}

static bool kind_of_root(const xmlNode *root, ScenarioKind *kind)
{
    *kind = xml_is(root, "cast") ? SCENARIO_CAST : xml_is(root, "attack") ? SCENARIO_ATTACK : SCENARIO_SCENARIO;
    return !xml_is(root, "option") && !xml_is(root, "lesson");
}

Scenario *scenario_parse(const char *file, const void *octets, size_t len, Diagnostics *diagnostics)
{
    size_t before = diagnostics_count(diagnostics);
    g_autoptr(XmlFile) xml = xml_parse(file, octets, len, diagnostics);
    ScenarioKind kind;
    if (!xml)
        return NULL;
    if (!kind_of_root(xml_root(xml), &kind)) {
        xml_complain(xml, diagnostics, xml_root(xml), NULL, "this is %s; allowed here: a scenario, a cast or an attack",
                     xml_is(xml_root(xml), "lesson") ? "a lesson" : "an option");
        return NULL;
    }
    g_autoptr(Scenario) scenario = scenario_new(file, kind);
    Loader loader = { .xml = xml, .scenario = scenario, .diagnostics = diagnostics };
    scenario_from_xml(&loader, xml_root(xml));
    scenario_check(scenario, xml, diagnostics);
    diagnostics_sort(diagnostics);
    return diagnostics_count(diagnostics) > before ? NULL : g_steal_pointer(&scenario);
}

static const DataFile *find_shipped(const char *id)
{
    static const char *const folders[] = { "scenarios/library/", "scenarios/casts/", "scenarios/attacks/" };
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path = g_strconcat(folders[i], id, ".xml", NULL);
        const DataFile *file = data_find(path);
        if (file)
            return file;
    }
    return NULL;
}

/* There are too many to name them all. */
static void refuse_id(const char *id, Diagnostics *diagnostics)
{
    g_auto(GStrv) scenarios = scenario_ids(SCENARIO_SCENARIO);
    const char *near = nearest_name(id, (const char *const *)scenarios);
    g_autofree char *hint = near != NULL ? g_strdup_printf("did you mean '%s'?  ", near) : g_strdup("");
    diagnostics_add(diagnostics, id, (Place){ 0, 0 },
                    "there is no scenario '%s'; %sthey are named by: presec list scenarios", id, hint);
}

Scenario *scenario_load(const char *id_or_file, Diagnostics *diagnostics)
{
    const DataFile *data = name_is_file(id_or_file) ? NULL : find_shipped(id_or_file);
    if (data)
        return scenario_parse(data->path, data->octets, data->len, diagnostics);
    if (!name_is_file(id_or_file)) {
        refuse_id(id_or_file, diagnostics);
        return NULL;
    }
    g_autofree char *octets = NULL;
    size_t len = 0;
    if (!xml_read(id_or_file, &octets, &len, diagnostics))
        return NULL;
    return scenario_parse(id_or_file, octets, len, diagnostics);
}

static Scenario *load_shipped(const char *id)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    return scenario_load(id, diagnostics);
}

Scenario *scenario_load_merged(const char *word)
{
    g_auto(GStrv) casts = scenario_ids(SCENARIO_CAST), attacks = scenario_ids(SCENARIO_ATTACK);
    const char *plus = strchr(word, '+');
    g_autofree char *cast_id = plus ? g_strndup(word, (gsize)(plus - word)) : g_strdup("standard");
    const char *attack_id = plus ? plus + 1 : word;
    if (!g_strv_contains((const char *const *)casts, cast_id) ||
        !g_strv_contains((const char *const *)attacks, attack_id))
        return NULL;
    g_autoptr(Scenario) cast = load_shipped(cast_id), attack = load_shipped(attack_id);
    return cast && attack ? scenario_merge(cast, attack) : NULL;
}
