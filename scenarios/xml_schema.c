/*
 * scenarios/xml_schema.c - the schema's complaints in our words.
 *
 * Source:  scenarios/xml_schema.h.  Names, order and number have been put right by scenarios/xml_repair.c, because
 *          libxml2 looks at nothing that stands in or behind an element it did not expect.
 * Knows:   the form of libxml2's messages.
 */
#include "scenarios/xml_schema.h"
#include "scenarios/xml_repair.h"

#include <libxml/xmlschemas.h>
#include <string.h>

/* An attribute whose value was refused. */
typedef struct Refused {
    xmlNode *element;
    char *attribute;
} Refused;

typedef struct Check {
    const XmlFile *xml;
    const Vocabulary *vocabulary;
    GArray *refused;
    Diagnostics *diagnostics;
} Check;

/* ---- our words ---- */

/* The n-th 'quoted' piece of a message; NULL: there are fewer. */
static char *quoted(const char *text, unsigned n)
{
    g_auto(GStrv) pieces = g_strsplit(text, "'", (gint)(2 * n + 3));
    return g_strv_length(pieces) > 2 * n + 1 ? g_strdup(pieces[2 * n + 1]) : NULL;
}

static char *without_namespace(const char *message)
{
    g_auto(GStrv) pieces = g_strsplit(message, "{" XML_NAMESPACE "}", -1);
    return g_strchomp(g_strjoinv("", pieces));
}

/* A list when the schema has one, else its documentation: that says better than a pattern what is allowed. */
static char *allowed_values(const Check *check, const xmlNode *element, const char *attribute, const char *written)
{
    const char *name = (const char *)element->name;
    g_autoptr(GPtrArray) values = vocabulary_values(check->vocabulary, name, attribute);
    if (values->pdata[0])
        return diagnostic_names(written, (const char *const *)values->pdata);
    g_autofree char *words = vocabulary_words(check->vocabulary, name, attribute);
    return words ? g_strdup_printf("; allowed: %s", words) : g_strdup("");
}

static void say_missing_attribute(const Check *check, const xmlNode *element, const char *attribute)
{
    g_autofree char *hint = allowed_values(check, element, attribute, "");
    xml_complain(check->xml, check->diagnostics, element, NULL, "%s lacks its attribute '%s'%s",
                 (const char *)element->name, attribute, hint[0] ? hint : "; allowed: any text");
}

static void say_value(const Check *check, xmlNode *element, char *attribute)
{
    g_autofree char *value = xml_get(element, attribute);
    g_autofree char *hint = allowed_values(check, element, attribute, value ? value : "");
    xml_complain(check->xml, check->diagnostics, element, attribute, "'%s' is not a value of attribute '%s'%s",
                 value ? value : "", attribute, hint);
    Refused refused = { .element = element, .attribute = attribute };
    g_array_append_val(check->refused, refused);
}

static void say_content(const Check *check, const xmlNode *element, const char *message)
{
    const char *name = (const char *)element->name;
    const VocabularyElement *kind = vocabulary_element(check->vocabulary, name);
    g_autofree char *names = kind ? diagnostic_names("", kind->child_names) : g_strdup("");
    if (strstr(message, "Missing child"))
        xml_complain(check->xml, check->diagnostics, element, NULL, "%s is empty%s", name, names);
    else
        xml_complain(check->xml, check->diagnostics, element, NULL, "%s holds text%s", name,
                     names[0] ? "; allowed: elements only" : "; allowed: nothing inside");
}

static void on_schema_error(void *ctx, xmlErrorPtr error)
{
    const Check *check = ctx;
    xmlNode *element = error->node;
    if (element && element->type == XML_ATTRIBUTE_NODE)
        element = element->parent;
    if (!element || element->type != XML_ELEMENT_NODE || !error->message)
        return;
    g_autofree char *text = without_namespace(error->message);
    bool of_attribute = strstr(text, "', attribute '") != NULL;
    g_autofree char *attribute = of_attribute || strstr(text, "is required but missing") ? quoted(text, 1) : NULL;
    if (attribute && strstr(text, "is required but missing"))
        say_missing_attribute(check, element, attribute);
    else if (attribute && strstr(text, "[facet '"))
        say_value(check, element, g_steal_pointer(&attribute));
    else if (strstr(text, "is not a valid value of the"))
        return; /* a facet has said why */
    else if (strstr(text, "No matching global declaration"))
        return; /* stood too often, was looked at alone, and holds nothing but text */
    else if (strstr(text, "Missing child") || strstr(text, "ontent is not allowed") ||
             strstr(text, "other than whitespace"))
        say_content(check, element, text);
    else
        xml_complain(check->xml, check->diagnostics, element, attribute, "%s", text);
}

/* ---- checking ---- */

static void on_own_schema_error(void *ctx, xmlErrorPtr error)
{
    g_error("presec.xsd:%d: %s", error->line, error->message); /* the schema is ours: a bug */
}

static xmlSchema *compile(const Vocabulary *vocabulary)
{
    xmlSchemaParserCtxt *parser = xmlSchemaNewDocParserCtxt(vocabulary_document(vocabulary));
    xmlSchemaSetParserStructuredErrors(parser, on_own_schema_error, NULL);
    xmlSchema *compiled = xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    g_assert(compiled);
    return compiled;
}

static void validate(const Check *check, xmlSchema *compiled, xmlNode *extra)
{
    xmlSchemaValidCtxt *validation = xmlSchemaNewValidCtxt(compiled);
    xmlSchemaSetValidStructuredErrors(validation, on_schema_error, (void *)check);
    if (extra)
        xmlSchemaValidateOneElement(validation, extra);
    else
        xmlSchemaValidateDoc(validation, xml_document(check->xml));
    xmlSchemaFreeValidCtxt(validation);
}

static void refused_clear(void *item)
{
    g_free(((Refused *)item)->attribute);
}

static void check_values(const XmlFile *xml, const Vocabulary *vocabulary, const GArray *extra,
                         Diagnostics *diagnostics)
{
    g_autoptr(GArray) refused = g_array_new(FALSE, FALSE, sizeof(Refused));
    g_array_set_clear_func(refused, refused_clear);
    Check check = { .xml = xml, .vocabulary = vocabulary, .refused = refused, .diagnostics = diagnostics };
    xmlSchema *compiled = compile(vocabulary);
    validate(&check, compiled, NULL);
    for (guint i = 0; i < extra->len; i++)
        validate(&check, compiled, g_array_index(extra, XmlExtra, i).element);
    xmlSchemaFree(compiled);
    for (guint i = 0; i < refused->len; i++) {
        const Refused *item = &g_array_index(refused, Refused, i);
        xmlSetProp(item->element, (const xmlChar *)item->attribute, (const xmlChar *)"");
    }
}

bool xml_schema_check(XmlFile *xml, Diagnostics *diagnostics)
{
    g_autoptr(Vocabulary) vocabulary = vocabulary_new();
    g_autoptr(GArray) extra = g_array_new(FALSE, FALSE, sizeof(XmlExtra));
    bool ours = xml_repair(xml, vocabulary, extra, diagnostics);
    if (ours && !diagnostics_full(diagnostics))
        check_values(xml, vocabulary, extra, diagnostics);
    xml_repair_extra(extra);
    return ours;
}
