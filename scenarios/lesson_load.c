/*
 * scenarios/lesson_load.c - lessons from XML.
 *
 * Source:  scenarios/schema/presec.xsd, element lesson, which has been applied before anything here runs; what it
 *          refused is empty.
 * Knows:   the XML.  Expectations are read and checked by the code that reads those of scenarios.
 */
#include "scenarios/data.h"
#include "scenarios/lesson_build.h"
#include "scenarios/nearest.h"
#include "scenarios/option_check.h"
#include "scenarios/option_load.h"
#include "scenarios/scenario_build.h"

#include <string.h>

enum { NO_RUN = G_MAXUINT, RUNS_MOST = 32 };

typedef struct Loader {
    const XmlFile *xml;
    Lesson *lesson;
    Diagnostics *diagnostics;
} Loader;

/* ---- attributes ---- */

static char *get(const xmlNode *element, const char *attribute)
{
    char *text = xml_get(element, attribute);
    return text ? text : g_strdup("");
}

static char **words(const xmlNode *element, const char *attribute)
{
    g_autofree char *text = get(element, attribute);
    g_auto(GStrv) pieces = g_strsplit_set(text, " \t\n", -1);
    GPtrArray *out = g_ptr_array_new();
    for (char **piece = pieces; *piece; piece++)
        if (**piece)
            g_ptr_array_add(out, g_strdup(*piece));
    g_ptr_array_add(out, NULL);
    return (char **)g_ptr_array_free(out, FALSE);
}

/* ---- runs ---- */

static void complain_scenario(const Loader *loader, const xmlNode *element, const char *word)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (ScenarioKind kind = SCENARIO_SCENARIO; kind <= SCENARIO_ATTACK; kind++) {
        g_autofree char **ids = scenario_ids(kind);
        for (char **id = ids; *id; id++)
            g_ptr_array_add(names, *id);
    }
    g_ptr_array_add(names, NULL);
    const char *near = nearest_name(word, (const char *const *)names->pdata);
    g_autofree char *hint = near ? g_strdup_printf("; did you mean '%s'?", near)
                                 : g_strdup("; allowed: what presec list scenarios names, or CAST+ATTACK");
    xml_complain(loader->xml, loader->diagnostics, element, "scenario", "there is no scenario '%s'%s", word, hint);
}

static Scenario *scenario_of(const Loader *loader, const xmlNode *element, const char *word)
{
    g_autoptr(Diagnostics) own = diagnostics_new();
    Scenario *scenario = scenario_load_merged(word);
    if (!scenario && name_is_file(word) && !g_file_test(word, G_FILE_TEST_IS_REGULAR)) {
        xml_complain(loader->xml, loader->diagnostics, element, "scenario",
                     "'%s' is no file; allowed: a file, or what presec list scenarios names", word);
        return NULL;
    }
    if (!scenario)
        scenario = scenario_load(word, own);
    if (scenario || word[0] == '\0')
        return scenario;
    if (!name_is_file(word)) {
        complain_scenario(loader, element, word);
        return NULL;
    }
    for (size_t i = 0; i < diagnostics_count(own); i++) {
        const Diagnostic *diagnostic = diagnostics_get(own, i);
        diagnostics_add(loader->diagnostics, diagnostic->file, diagnostic->place, "%s", diagnostic->text);
    }
    xml_complain(loader->xml, loader->diagnostics, element, "scenario", "'%s' is no valid scenario", word);
    return NULL;
}

static char **settings_of(const xmlNode *element)
{
    GPtrArray *sets = g_ptr_array_new();
    for (const xmlNode *set = xml_child(element, "set"); set; set = xml_next(set)) {
        g_autofree char *field = get(set, "field"), *value = get(set, "value");
        g_ptr_array_add(sets, g_strconcat(field, "=", value, NULL));
    }
    g_ptr_array_add(sets, NULL);
    return (char **)g_ptr_array_free(sets, FALSE);
}

static void make_settings(const Loader *loader, const xmlNode *element, char *const *sets, Option *option)
{
    bool good = true;
    for (const xmlNode *set = xml_child(element, "set"); set && *sets; set = xml_next(set), sets++) {
        g_autoptr(GError) error = NULL;
        if (option_set_text(option, *sets, &error))
            continue;
        xml_complain(loader->xml, loader->diagnostics, set, NULL, "%s", error->message);
        good = false;
    }
    g_autoptr(GError) error = NULL;
    if (good && xml_child(element, "set") && !option_check(option, &error))
        xml_complain(loader->xml, loader->diagnostics, element, NULL, "%s", error->message);
}

/* What the run is to be made under, when that is not the scenario's own option as it stands. */
static Option *option_of(const Loader *loader, const xmlNode *element, const Scenario *scenario, char *const *sets)
{
    g_autoptr(Option) named = option_from_reference(loader->xml, element, "option", loader->diagnostics);
    bool names = xmlHasProp((xmlNode *)element, (const xmlChar *)"option");
    if (scenario && !scenario->option && !names)
        xml_complain(loader->xml, loader->diagnostics, element, NULL,
                     "%s has no option of its own; allowed: with an option attribute", scenario->id);
    if (!*sets)
        return g_steal_pointer(&named);
    g_autoptr(Option) option = named                          ? option_copy(named)
                               : scenario && scenario->option ? option_copy(scenario->option)
                                                              : option_new();
    make_settings(loader, element, sets, option);
    return g_steal_pointer(&option);
}

static guint find_run(const Lesson *lesson, const char *id)
{
    for (guint i = 0; i < lesson->runs->len; i++)
        if (strcmp(((const LessonRun *)lesson->runs->pdata[i])->id, id) == 0)
            return i;
    return NO_RUN;
}

static void run_from_xml(const Loader *loader, const xmlNode *element)
{
    LessonRun *run = g_new0(LessonRun, 1);
    run->id = get(element, "id");
    run->word = get(element, "scenario");
    run->place = xml_place(loader->xml, element);
    run->scenario = scenario_of(loader, element, run->word);
    run->named = get(element, "option");
    run->sets = settings_of(element);
    run->option = option_of(loader, element, run->scenario, run->sets);
    if (run->id[0] && find_run(loader->lesson, run->id) != NO_RUN)
        xml_complain(loader->xml, loader->diagnostics, element, "id", "the id '%s' is used twice; allowed: once",
                     run->id);
    g_ptr_array_add(loader->lesson->runs, run);
}

/* The run that an element's attribute names; @otherwise when it names none. */
static guint run_of(const Loader *loader, const xmlNode *element, guint otherwise)
{
    g_autofree char *id = xml_get(element, "run");
    guint run = id ? find_run(loader->lesson, id) : otherwise;
    if (run != NO_RUN || id[0] == '\0' || xml_took_out(loader->xml, id))
        return run == NO_RUN ? otherwise : run;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < loader->lesson->runs->len; i++) {
        char *name = ((const LessonRun *)loader->lesson->runs->pdata[i])->id;
        if (find_run(loader->lesson, name) == i)
            g_ptr_array_add(names, name);
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = diagnostic_names(id, (const char *const *)names->pdata);
    xml_complain(loader->xml, loader->diagnostics, element, "run", "there is no run '%s'%s", id, hint);
    return otherwise;
}

static const Scenario *scenario_of_run(const Loader *loader, guint run)
{
    return run < loader->lesson->runs->len ? ((const LessonRun *)loader->lesson->runs->pdata[run])->scenario : NULL;
}

/* ---- what is shown ---- */

static const struct {
    const char *element;
    LessonView view;
} views[] = {
    { "ladder", LESSON_LADDER }, { "story", LESSON_STORY },       { "text", LESSON_TEXT },
    { "octets", LESSON_OCTETS }, { "learned", LESSON_LEARNED },   { "state", LESSON_STATE },
    { "judged", LESSON_JUDGED }, { "outcomes", LESSON_OUTCOMES },
};

static LessonNotes notes_of(const xmlNode *element)
{
    static const char *const names[] = { [LESSON_NOTES_ALL] = "all",
                                         [LESSON_NOTES_DECISIONS] = "decisions",
                                         [LESSON_NOTES_ATTACKERS] = "attackers",
                                         [LESSON_NOTES_NONE] = "none" };
    g_autofree char *text = get(element, "notes");
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(names[i], text) == 0)
            return (LessonNotes)i;
    return LESSON_NOTES_ALL;
}

/* The attribute that says of whom or where. */
static const char *subject_attribute(LessonView view)
{
    return view == LESSON_LEARNED ? "by" : view == LESSON_OCTETS ? "on" : "of";
}

static void check_attacker(const Loader *loader, const xmlNode *element, const LessonShow *show,
                           const Scenario *scenario)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < scenario->attackers->len; i++)
        g_ptr_array_add(names, ((const ScenarioAttacker *)scenario->attackers->pdata[i])->id);
    g_ptr_array_add(names, NULL);
    const char *const *all = (const char *const *)names->pdata;
    if (show->of[0] == '\0' || g_strv_contains(all, show->of))
        return;
    g_autofree char *hint = all[0] ? diagnostic_names(show->of, all) : g_strdup("; its run has no attacker");
    xml_complain(loader->xml, loader->diagnostics, element, "by", "there is no attacker '%s'%s", show->of, hint);
}

static void check_segment(const Loader *loader, const xmlNode *element, const LessonShow *show)
{
    g_auto(GStrv) halves = g_strsplit(show->of, ":", 2);
    if (!halves[0] || g_strv_contains(scenario_segments, halves[0]))
        return;
    g_autofree char *hint = diagnostic_names(halves[0], scenario_segments);
    xml_complain(loader->xml, loader->diagnostics, element, "on", "there is no segment '%s'%s", show->of, hint);
}

static void check_node(const Loader *loader, const xmlNode *element, const LessonShow *show, const Scenario *scenario)
{
    static const char *const nodes[] = { "pcscf", "neighbour", "icscf", "scscf", "hss", "ps", NULL };
    if (show->of[0] == '\0' || g_strv_contains(nodes, show->of) || scenario_find_ue(scenario, show->of))
        return;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < scenario->ues->len; i++)
        g_ptr_array_add(names, ((const ScenarioUe *)scenario->ues->pdata[i])->id);
    for (size_t i = 0; i < G_N_ELEMENTS(nodes); i++)
        g_ptr_array_add(names, (char *)nodes[i]);
    g_autofree char *hint = diagnostic_names(show->of, (const char *const *)names->pdata);
    xml_complain(loader->xml, loader->diagnostics, element, "of", "there is no node '%s'%s", show->of, hint);
}

static void check_show(const Loader *loader, const xmlNode *element, const LessonShow *show)
{
    const Scenario *scenario = scenario_of_run(loader, show->run);
    if (show->view == LESSON_LEARNED && scenario)
        check_attacker(loader, element, show, scenario);
    if (show->view == LESSON_STATE && scenario)
        check_node(loader, element, show, scenario);
    if (show->view == LESSON_OCTETS)
        check_segment(loader, element, show);
    if (show->to >= 0 && show->to < show->from)
        xml_complain(loader->xml, loader->diagnostics, element, "to", "'to' lies before 'from'; allowed: later");
    if (show->nth == 0)
        xml_complain(loader->xml, loader->diagnostics, element, "nth", "the first is 1; allowed: 1 and more");
}

/* One view inside a show element. */
static LessonShow *show_from_xml(const Loader *loader, const xmlNode *element, guint run, char *says)
{
    LessonShow *show = g_new0(LessonShow, 1);
    for (size_t i = 0; i < G_N_ELEMENTS(views); i++)
        if (xml_is(element, views[i].element))
            show->view = views[i].view;
    const char *count = show->view == LESSON_OCTETS ? "rows" : show->view == LESSON_JUDGED ? "because" : "messages";
    show->run = run;
    show->says = says;
    show->only = words(element, "only");
    show->from = time_from_xml(loader->xml, element, "from", 0, loader->diagnostics);
    show->to = time_from_xml(loader->xml, element, "to", -1, loader->diagnostics);
    show->most = (unsigned)number_from_xml(element, count, 0);
    show->notes = notes_of(element);
    show->message = get(element, "message");
    show->sent_by = get(element, "sent-by");
    show->nth = (unsigned)number_from_xml(element, "nth", 1);
    show->lines = words(element, "lines");
    show->of = get(element, subject_attribute(show->view));
    show->place = xml_place(loader->xml, element);
    const PropertyInfo *info = property_from_reference(loader->xml, element, "property", loader->diagnostics);
    show->property = info ? info->property : 0;
    check_show(loader, element, show);
    return show;
}

/* A caption and one or more views. */
static void shows_from_xml(const Loader *loader, const xmlNode *element, guint otherwise, GPtrArray *out)
{
    guint run = run_of(loader, element, otherwise);
    char *says = get(element, "says");
    for (const xmlNode *view = xml_first(element); view; view = xml_next(view)) {
        g_ptr_array_add(out, show_from_xml(loader, view, run, says));
        says = g_strdup("");
    }
    g_free(says);
}

/* ---- what is asked ---- */

static void belief_from_xml(const Loader *loader, const xmlNode *element, guint otherwise, LessonChoice *choice)
{
    LessonBelief *belief = g_new0(LessonBelief, 1);
    belief->run = run_of(loader, element, otherwise);
    belief->expectations = expectations_new();
    for (const xmlNode *item = xml_first(element); item; item = xml_next(item))
        expectation_from_xml(loader->xml, item, expectations_add(belief->expectations), loader->diagnostics);
    if (belief->expectations->len == 0)
        xml_complain(loader->xml, loader->diagnostics, element, NULL,
                     "expect is empty, so that every run would do; allowed: at least one expectation");
    const Scenario *scenario = scenario_of_run(loader, belief->run);
    if (scenario)
        expectations_check(belief->expectations, scenario, loader->xml, loader->diagnostics);
    g_ptr_array_add(choice->beliefs, belief);
}

static void choice_from_xml(const Loader *loader, const xmlNode *element, guint run, LessonAsk *ask)
{
    LessonChoice *choice = g_new0(LessonChoice, 1);
    choice->says = get(element, "says");
    choice->beliefs = lesson_beliefs_new();
    choice->place = xml_place(loader->xml, element);
    for (const xmlNode *expect = xml_first(element); expect; expect = xml_next(expect))
        belief_from_xml(loader, expect, run, choice);
    if (choice->beliefs->len == 0)
        xml_complain(loader->xml, loader->diagnostics, element, NULL,
                     "choice expects nothing, so that every run would do; allowed: at least one expect");
    g_ptr_array_add(ask->choices, choice);
}

static LessonAsk *ask_from_xml(const Loader *loader, const xmlNode *element)
{
    LessonAsk *ask = g_new0(LessonAsk, 1);
    guint run = run_of(loader, element, 0);
    ask->question = xml_line(xml_child(element, "question"));
    ask->hint = xml_line(xml_child(element, "hint"));
    ask->explain = xml_text(xml_child(element, "explain"));
    ask->choices = lesson_choices_new();
    ask->shows = lesson_shows_new();
    ask->place = xml_place(loader->xml, element);
    for (const xmlNode *node = xml_first(element); node; node = xml_next(node)) {
        if (xml_is(node, "choice"))
            choice_from_xml(loader, node, run, ask);
        else if (xml_is(node, "show"))
            shows_from_xml(loader, node, run, ask->shows);
    }
    if (ask->choices->len < LESSON_CHOICES_MIN || ask->choices->len > LESSON_CHOICES_MAX)
        xml_complain(loader->xml, loader->diagnostics, element, NULL, "a question with %u choice%s; allowed: %d to %d",
                     ask->choices->len, ask->choices->len == 1 ? "" : "s", LESSON_CHOICES_MIN, LESSON_CHOICES_MAX);
    return ask;
}

/* ---- the whole ---- */

static void add_part(LessonStep *step, char *tell, LessonShow *show)
{
    LessonPart *part = g_new0(LessonPart, 1);
    *part = (LessonPart){ .tell = tell, .show = show };
    g_ptr_array_add(step->parts, part);
}

static void step_from_xml(const Loader *loader, const xmlNode *element)
{
    LessonStep *step = g_new0(LessonStep, 1);
    step->title = get(element, "title");
    step->parts = lesson_parts_new();
    for (const xmlNode *node = xml_first(element); node; node = xml_next(node)) {
        g_autoptr(GPtrArray) shows = g_ptr_array_new();
        if (xml_is(node, "tell"))
            add_part(step, xml_text(node), NULL);
        else if (xml_is(node, "show"))
            shows_from_xml(loader, node, 0, shows);
        else if (xml_is(node, "ask") && !step->ask)
            step->ask = ask_from_xml(loader, node);
        for (guint i = 0; i < shows->len; i++)
            add_part(step, NULL, shows->pdata[i]);
    }
    if (step->parts->len == 0 && !step->ask)
        xml_complain(loader->xml, loader->diagnostics, element, NULL,
                     "step is empty; allowed: tell, show, and an ask at the end");
    g_ptr_array_add(loader->lesson->steps, step);
}

static void lesson_from_xml(const Loader *loader, const xmlNode *root)
{
    Lesson *lesson = loader->lesson;
    slot_take(&lesson->id, xml_get(root, "id"));
    lesson->order = (unsigned)number_from_xml(root, "order", 0);
    lesson->minutes = (unsigned)number_from_xml(root, "minutes", 0);
    slot_take(&lesson->title, xml_line(xml_child(root, "title")));
    slot_take(&lesson->about, xml_text(xml_child(root, "about")));
    sources_from_xml(root, lesson->sources);
    for (const xmlNode *node = xml_first(root); node; node = xml_next(node)) {
        if (xml_is(node, "run") && lesson->runs->len == RUNS_MOST)
            xml_complain(loader->xml, loader->diagnostics, node, NULL, "a lesson of too many runs; allowed: %d",
                         RUNS_MOST);
        else if (xml_is(node, "run"))
            run_from_xml(loader, node);
        else if (xml_is(node, "step"))
            step_from_xml(loader, node);
    }
}

static void check_number(const Loader *loader, const xmlNode *root, const char *name, const GPtrArray *items)
{
    if (items->len == 0)
        xml_complain(loader->xml, loader->diagnostics, root, NULL, "lesson has no %s; allowed: at least one", name);
}

Lesson *lesson_parse(const char *file, const void *octets, size_t len, Diagnostics *diagnostics)
{
    size_t before = diagnostics_count(diagnostics);
    g_autoptr(XmlFile) xml = xml_parse(file, octets, len, diagnostics);
    if (!xml)
        return NULL;
    if (!xml_is(xml_root(xml), "lesson")) {
        xml_complain(xml, diagnostics, xml_root(xml), NULL, "this is no lesson; allowed here: a lesson");
        return NULL;
    }
    g_autoptr(Lesson) lesson = lesson_new(file);
    Loader loader = { .xml = xml, .lesson = lesson, .diagnostics = diagnostics };
    lesson_from_xml(&loader, xml_root(xml));
    check_number(&loader, xml_root(xml), "source", lesson->sources);
    check_number(&loader, xml_root(xml), "run", lesson->runs);
    check_number(&loader, xml_root(xml), "step", lesson->steps);
    diagnostics_sort(diagnostics);
    return diagnostics_count(diagnostics) > before ? NULL : g_steal_pointer(&lesson);
}

Lesson *lesson_load(const char *id_or_file, Diagnostics *diagnostics)
{
    g_autofree char *path = g_strconcat("scenarios/lessons/", id_or_file, ".xml", NULL), *octets = NULL;
    const DataFile *data = name_is_file(id_or_file) ? NULL : data_find(path);
    size_t len = 0;
    if (data)
        return lesson_parse(data->path, data->octets, data->len, diagnostics);
    if (!name_is_file(id_or_file)) {
        diagnostics_add(diagnostics, id_or_file, (Place){ 0, 0 },
                        "there is no lesson '%s'; they are named by: presec lesson", id_or_file);
        return NULL;
    }
    if (!xml_read(id_or_file, &octets, &len, diagnostics))
        return NULL;
    return lesson_parse(id_or_file, octets, len, diagnostics);
}
