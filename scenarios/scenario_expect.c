/*
 * scenarios/scenario_expect.c - expectations from XML.
 *
 * Source:  scenarios/schema/presec.xsd, element expect, which has been applied before anything here runs.
 * Knows:   the XML.  Who and what is named is checked in scenarios/scenario_check.c.
 */
#include "scenarios/scenario_build.h"

#include <string.h>

typedef struct Reader {
    const XmlFile *xml;
    Diagnostics *diagnostics;
} Reader;

const PropertyInfo *property_from_reference(const XmlFile *xml, const xmlNode *element, const char *attribute,
                                            Diagnostics *diagnostics)
{
    g_autofree char *id = xml_get(element, attribute);
    const PropertyInfo *info = id ? property_find(id) : NULL;
    if (info || !id)
        return info;
    const char *names[N_PROPERTIES + 1] = { NULL };
    for (unsigned i = 0; i < N_PROPERTIES; i++)
        names[i] = property_info[i].id;
    g_autofree char *hint = diagnostic_names(id, names);
    xml_complain(xml, diagnostics, element, attribute, "there is no property '%s'%s", id, hint);
    return NULL;
}

static void how_many(const Reader *reader, const xmlNode *element, Expectation *expectation)
{
    g_autofree char *is = xml_get(element, "is"), *least = xml_get(element, "at-least"),
                    *most = xml_get(element, "at-most");
    bool both = is && (least || most);
    if ((!is && !least && !most) || both)
        xml_complain(reader->xml, reader->diagnostics, element, both ? "is" : NULL,
                     "%s %s how many; allowed: either 'is', or one or both of 'at-least' and 'at-most'",
                     (const char *)element->name, both ? "says twice" : "does not say");
    expectation->least = number_from_xml(element, is ? "is" : "at-least", 0);
    expectation->most = number_from_xml(element, is ? "is" : "at-most", INT64_MAX);
    slot_take(&expectation->is, is                ? g_strdup(is)
                                : (least && most) ? g_strdup_printf("%s to %s", least, most)
                                : least           ? g_strdup_printf("at least %s", least)
                                                  : g_strdup_printf("at most %s", most ? most : ""));
}

static void count_from_xml(const Reader *reader, const xmlNode *element, Expectation *expectation)
{
    static const char *const attributes[] = {
        [COUNT_RECEIVED] = "of", [COUNT_SENT] = "sent", [COUNT_DROPPED] = "dropped", [COUNT_DECIDED] = "decided"
    };
    unsigned given = 0;
    for (unsigned i = 0; i < G_N_ELEMENTS(attributes); i++) {
        char *what = xml_get(element, attributes[i]);
        if (!what)
            continue;
        slot_take(&expectation->what, what);
        expectation->count_of = (CountOf)i;
        given++;
    }
    if (given != 1)
        xml_complain(reader->xml, reader->diagnostics, element, NULL,
                     "count counts %s; allowed: one of the attributes 'of', 'sent', 'dropped', 'decided'",
                     given == 0 ? "nothing" : "several things");
    slot_take(&expectation->subject, xml_get(element, "at"));
    how_many(reader, element, expectation);
}

static void property_from_xml(const Reader *reader, const xmlNode *element, Expectation *expectation)
{
    g_autofree char *is = xml_get(element, "is");
    const PropertyInfo *info = property_from_reference(reader->xml, element, "id", reader->diagnostics);
    expectation->property = info ? info->property : 0;
    if (is && !verdict_parse(is, &expectation->verdict))
        return; /* the schema has said so */
    slot_take(&expectation->what, info ? g_strdup(info->id) : NULL);
    slot_take(&expectation->is, g_steal_pointer(&is));
}

static void outcome_from_xml(const Reader *reader, const xmlNode *element, Expectation *expectation)
{
    /* What the trace calls them (nodes/ue.h): taking back a publication or a subscription is a publish or a subscribe.
     */
    static const char *const actions[] = { "attach",    "register", "deregister", "publish",
                                           "subscribe", "notify",   "message",    NULL };
    g_autofree char *action = xml_get(element, "action");
    if (action && !g_strv_contains(actions, action)) {
        g_autofree char *hint = diagnostic_names(action, actions);
        xml_complain(reader->xml, reader->diagnostics, element, "action", "there is no action '%s'%s", action, hint);
    }
    slot_take(&expectation->subject, xml_get(element, "ue"));
    slot_take(&expectation->what, g_steal_pointer(&action));
    slot_take(&expectation->of, xml_get(element, "to"));
    slot_take(&expectation->is, xml_get(element, "is"));
    expectation->nth = (unsigned)number_from_xml(element, "nth", 0);
}

static void reads_from_xml(const xmlNode *element, Expectation *expectation)
{
    slot_take(&expectation->subject, xml_get(element, "by"));
    slot_take(&expectation->what, xml_get(element, "what"));
    slot_take(&expectation->of, xml_get(element, "of"));
    slot_take(&expectation->is, xml_get(element, "in"));
}

void expectation_from_xml(const XmlFile *xml, const xmlNode *element, Expectation *expectation,
                          Diagnostics *diagnostics)
{
    static const struct {
        const char *name;
        ExpectationKind kind;
    } kinds[] = {
        { "property", EXPECT_PROPERTY }, { "outcome", EXPECT_OUTCOME },       { "count", EXPECT_COUNT },
        { "reads", EXPECT_READS },       { "reads-not", EXPECT_READS_NOT },   { "moves", EXPECT_MOVES },
        { "displays", EXPECT_DISPLAYS }, { "registered", EXPECT_REGISTERED }, { "protection", EXPECT_PROTECTION },
    };
    const Reader with = { .xml = xml, .diagnostics = diagnostics }, *reader = &with;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (xml_is(element, kinds[i].name))
            expectation->kind = kinds[i].kind;
    expectation->place = xml_place(xml, element);
    switch (expectation->kind) {
    case EXPECT_PROPERTY: property_from_xml(reader, element, expectation); break;
    case EXPECT_OUTCOME: outcome_from_xml(reader, element, expectation); break;
    case EXPECT_COUNT: count_from_xml(reader, element, expectation); break;
    case EXPECT_READS:
    case EXPECT_READS_NOT: reads_from_xml(element, expectation); break;
    case EXPECT_MOVES:
        slot_take(&expectation->subject, xml_get(element, "by"));
        how_many(reader, element, expectation);
        break;
    case EXPECT_DISPLAYS:
        slot_take(&expectation->subject, xml_get(element, "ue"));
        slot_take(&expectation->of, xml_get(element, "of"));
        how_many(reader, element, expectation);
        break;
    case EXPECT_REGISTERED:
    case EXPECT_PROTECTION:
        slot_take(&expectation->subject, xml_get(element, "ue"));
        slot_take(&expectation->is, xml_get(element, "is"));
        expectation->yes = strcmp(expectation->is, "yes") == 0;
        break;
    }
}
