/*
 * scenarios/xml_schema.c - the schema's complaints in our words.
 *
 * Source:  scenarios/xml_schema.h.  What is allowed is read from the schema document itself, because libxml2's messages
 * name at most ten elements and no attribute. Knows:   xs:element, xs:complexType, xs:group, xs:attributeGroup,
 * xs:extension as presec.xsd uses them.
 */
#include "scenarios/xml_schema.h"
#include "scenarios/data.h"

#include <libxml/xmlschemas.h>
#include <string.h>

#define XS "http://www.w3.org/2001/XMLSchema"
enum { ROUNDS_MAX = 200 }; /* one misplaced element is taken out in each */

/* ---- looking things up in the schema document ---- */

static bool xs_is(const xmlNode *node, const char *name)
{
    return node->ns && strcmp((const char *)node->ns->href, XS) == 0 && xml_is(node, name);
}

/* A global definition: xs:KIND with this name. */
static xmlNode *xs_global(const xmlDoc *schema, const char *kind, const char *name)
{
    for (xmlNode *node = xml_first(xmlDocGetRootElement((xmlDoc *)schema)); node; node = xml_next(node)) {
        g_autofree char *own = xml_get(node, "name");
        if (xs_is(node, kind) && own && strcmp(own, name) == 0)
            return node;
    }
    return NULL;
}

/* The @want ("element" or "attribute") declarations directly inside a definition, following references. */
static void collect(const xmlDoc *schema, const xmlNode *inside, const char *want, GPtrArray *found)
{
    for (xmlNode *node = xml_first(inside); node; node = xml_next(node)) {
        g_autofree char *ref = xml_get(node, "ref");
        if (xs_is(node, want))
            g_ptr_array_add(found, node);
        else if (ref && (xs_is(node, "group") || xs_is(node, "attributeGroup")))
            collect(schema, xs_global(schema, (const char *)node->name, ref), want, found);
        else if (!xs_is(node, "element") && !xs_is(node, "attribute"))
            collect(schema, node, want, found);
    }
}

/* In every declaration of an element of this name, wherever it stands. */
static void collect_of_element(const xmlDoc *schema, const xmlNode *below, const char *element, const char *want,
                               GPtrArray *found)
{
    for (xmlNode *node = xml_first(below); node; node = xml_next(node)) {
        g_autofree char *name = xml_get(node, "name"), *type = xml_get(node, "type");
        if (xs_is(node, "element") && name && strcmp(name, element) == 0) {
            if (type)
                collect(schema, xs_global(schema, "complexType", type), want, found);
            collect(schema, node, want, found);
        }
        collect_of_element(schema, node, element, want, found);
    }
}

static GPtrArray *declarations_in(const xmlDoc *schema, const char *element, const char *want)
{
    GPtrArray *found = g_ptr_array_new();
    collect_of_element(schema, xmlDocGetRootElement((xmlDoc *)schema), element, want, found);
    return found;
}

static char *declared_name(const xmlNode *declaration)
{
    char *name = xml_get(declaration, "name");
    return name ? name : xml_get(declaration, "ref");
}

/* What an element may hold: NULL-terminated names. */
static GPtrArray *names_in(const xmlDoc *schema, const char *element, const char *want)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) found = declarations_in(schema, element, want);
    for (guint i = 0; i < found->len; i++) {
        g_autofree char *name = declared_name(found->pdata[i]);
        if (name && !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
            g_ptr_array_add(names, g_steal_pointer(&name));
    }
    g_ptr_array_add(names, NULL);
    return names;
}

/* The named simple type of an element's attribute; NULL: it has none of a name. */
static xmlNode *attribute_type(const xmlDoc *schema, const char *element, const char *attribute)
{
    g_autoptr(GPtrArray) found = declarations_in(schema, element, "attribute");
    for (guint i = 0; i < found->len; i++) {
        g_autofree char *name = declared_name(found->pdata[i]), *type = xml_get(found->pdata[i], "type");
        if (name && type && strcmp(name, attribute) == 0)
            return xs_global(schema, "simpleType", type);
    }
    return NULL;
}

static char *type_documentation(const xmlNode *type)
{
    xmlNode *annotation = type ? xml_child(type, "annotation") : NULL;
    xmlNode *text = annotation ? xml_child(annotation, "documentation") : NULL;
    return text ? xml_line(text) : NULL;
}

/* ---- our words ---- */

typedef struct Check {
    const XmlFile *xml;
    const xmlDoc *schema;
    Diagnostics *diagnostics;
    xmlNode *misplaced; /* the first of this round */
} Check;

/* The n-th 'quoted' piece of a message; NULL: there are fewer. */
static char *quoted(const char *text, unsigned n)
{
    g_auto(GStrv) pieces = g_strsplit(text, "'", -1);
    return g_strv_length(pieces) > 2 * n + 1 ? g_strdup(pieces[2 * n + 1]) : NULL;
}

static char *without_namespace(const char *message)
{
    g_auto(GStrv) pieces = g_strsplit(message, "{" XML_NAMESPACE "}", -1);
    return g_strchomp(g_strjoinv("", pieces));
}

/* "( a, b )" at the end of libxml2's "Expected is one of". */
static char *expected_list(const char *text)
{
    const char *open = strstr(text, "( "), *close = open ? strstr(open, " )") : NULL;
    return close ? g_strndup(open + 2, (gsize)(close - open - 2)) : NULL;
}

static void say_unknown_attribute(Check *check, const xmlNode *element, const char *attribute)
{
    g_autoptr(GPtrArray) names = names_in(check->schema, (const char *)element->name, "attribute");
    g_autofree char *hint = diagnostic_names(attribute, (const char *const *)names->pdata);
    xml_complain(check->xml, check->diagnostics, element, attribute, "%s has no attribute '%s'%s",
                 (const char *)element->name, attribute, hint);
}

static void say_missing_attribute(Check *check, const xmlNode *element, const char *attribute)
{
    xmlNode *type = attribute_type(check->schema, (const char *)element->name, attribute);
    g_autofree char *words = type_documentation(type);
    xml_complain(check->xml, check->diagnostics, element, NULL, "%s lacks its attribute '%s'%s%s",
                 (const char *)element->name, attribute, words ? "; allowed: " : "", words ? words : "");
}

static void say_unexpected(Check *check, xmlNode *element, const char *message)
{
    if (!check->misplaced)
        check->misplaced = element;
    const char *name = (const char *)element->name;
    const char *parent = element->parent && element->parent->name ? (const char *)element->parent->name : "";
    g_autoptr(GPtrArray) names = names_in(check->schema, parent, "element");
    g_autofree char *expected = expected_list(message);
    bool known = g_strv_contains((const char *const *)names->pdata, name);
    g_autofree char *hint = known ? g_strdup_printf("; allowed here: %s", expected ? expected : "nothing more")
                                  : diagnostic_names(name, (const char *const *)names->pdata);
    xml_complain(check->xml, check->diagnostics, element, NULL,
                 known ? "%s stands in the wrong place in %s, or too often%s" : "there is no %s in %s%s", name, parent,
                 hint);
}

static void say_enumeration(Check *check, const xmlNode *element, const char *attribute, const char *message)
{
    g_autofree char *value = quoted(strstr(message, "The value"), 0);
    const char *set = strchr(strstr(message, "The value"), '{');
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; set; i++) {
        char *name = quoted(set, i);
        g_ptr_array_add(names, name);
        if (!name)
            break;
    }
    if (names->len == 0)
        g_ptr_array_add(names, NULL);
    g_autofree char *hint = diagnostic_names(value ? value : "", (const char *const *)names->pdata);
    xml_complain(check->xml, check->diagnostics, element, attribute, "'%s' is not a value of %s%s", value ? value : "",
                 attribute ? attribute : (const char *)element->name, hint);
}

/* A facet other than an enumeration: the type's documentation says what is allowed better than its pattern. */
static void say_value(Check *check, const xmlNode *element, const char *attribute, const char *message)
{
    const char *sentence = strstr(message, "The value");
    g_autofree char *value = sentence ? quoted(sentence, 0) : NULL;
    xmlNode *type = attribute ? attribute_type(check->schema, (const char *)element->name, attribute) : NULL;
    g_autofree char *words = type_documentation(type);
    xml_complain(check->xml, check->diagnostics, element, attribute, "'%s' is not a value of %s%s%s",
                 value ? value : "", attribute ? attribute : (const char *)element->name, words ? "; allowed: " : "",
                 words ? words : "");
}

static void say_content(Check *check, const xmlNode *element, const char *message)
{
    const char *name = (const char *)element->name;
    g_autofree char *expected = expected_list(message);
    if (strstr(message, "Missing child"))
        xml_complain(check->xml, check->diagnostics, element, NULL, "%s lacks an element; allowed next: %s", name,
                     expected ? expected : "");
    else
        xml_complain(check->xml, check->diagnostics, element, NULL, "%s holds text or elements; allowed: %s", name,
                     strstr(message, "element-only") ? "elements only" : "nothing");
}

static void on_schema_error(void *ctx, xmlErrorPtr error)
{
    Check *check = ctx;
    xmlNode *element = error->node;
    if (element && element->type == XML_ATTRIBUTE_NODE)
        element = element->parent;
    if (!element || element->type != XML_ELEMENT_NODE || !error->message)
        return;
    g_autofree char *text = without_namespace(error->message);
    bool at_attribute = strstr(text, "', attribute '") != NULL;
    g_autofree char *attribute = at_attribute ? quoted(text, 1) : NULL;
    if (attribute && strstr(text, "is not allowed."))
        say_unknown_attribute(check, element, attribute);
    else if (strstr(text, "is required but missing")) {
        g_autofree char *missing = quoted(text, 1);
        say_missing_attribute(check, element, missing ? missing : "");
    } else if (strstr(text, "This element is not expected"))
        say_unexpected(check, element, text);
    else if (strstr(text, "[facet 'enumeration'] The value"))
        say_enumeration(check, element, attribute, text);
    else if (strstr(text, "[facet '"))
        say_value(check, element, attribute, text);
    else if (strstr(text, "is not a valid value of the"))
        return; /* a facet has said why */
    else if (strstr(text, "Missing child") || strstr(text, "ontent is not allowed") ||
             strstr(text, "other than whitespace"))
        say_content(check, element, text);
    else
        xml_complain(check->xml, check->diagnostics, element, attribute, "%s", text);
}

/* ---- checking ---- */

static const char *const roots[] = { "scenario", "cast", "attack", "option", NULL };

static bool root_is_ours(const XmlFile *xml, Diagnostics *diagnostics, xmlNode *root)
{
    const char *name = (const char *)root->name;
    if (!g_strv_contains(roots, name)) {
        g_autofree char *hint = diagnostic_names(name, roots);
        xml_complain(xml, diagnostics, root, NULL, "a file of ours does not begin with %s%s", name, hint);
        return false;
    }
    if (!root->ns || strcmp((const char *)root->ns->href, XML_NAMESPACE) != 0) {
        xml_complain(xml, diagnostics, root, "xmlns", "%s is not in our namespace; allowed: xmlns=\"%s\"", name,
                     XML_NAMESPACE);
        return false;
    }
    return true;
}

/* One pass; true when an element was taken out, so that another pass can see what stands behind it. */
static bool check_once(Check *check, xmlSchema *compiled, xmlDoc *doc, GPtrArray *taken_out)
{
    check->misplaced = NULL;
    xmlSchemaValidCtxt *validation = xmlSchemaNewValidCtxt(compiled);
    xmlSchemaSetValidStructuredErrors(validation, on_schema_error, check);
    int result = xmlSchemaValidateDoc(validation, doc);
    xmlSchemaFreeValidCtxt(validation);
    if (result == 0 || !check->misplaced || check->misplaced == xmlDocGetRootElement(doc))
        return false;
    xmlUnlinkNode(check->misplaced);
    g_ptr_array_add(taken_out, check->misplaced);
    return true;
}

static void on_own_schema_error(void *ctx, xmlErrorPtr error)
{
    g_error("presec.xsd:%d: %s", error->line, error->message); /* the schema is ours: a bug */
}

bool xml_schema_check(const XmlFile *xml, xmlDoc *doc, GPtrArray *taken_out, Diagnostics *diagnostics)
{
    if (!root_is_ours(xml, diagnostics, xmlDocGetRootElement(doc)))
        return false;
    const DataFile *file = data_find("scenarios/schema/presec.xsd");
    g_assert(file);
    xmlDoc *schema = xmlReadMemory((const char *)file->octets, (int)file->len, file->path, NULL, XML_PARSE_NONET);
    g_assert(schema);
    xmlSchemaParserCtxt *parser = xmlSchemaNewDocParserCtxt(schema);
    xmlSchemaSetParserStructuredErrors(parser, on_own_schema_error, NULL);
    xmlSchema *compiled = xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    g_assert(compiled);
    Check check = { .xml = xml, .schema = schema, .diagnostics = diagnostics };
    for (unsigned round = 0; round < ROUNDS_MAX && check_once(&check, compiled, doc, taken_out); round++)
        continue;
    xmlSchemaFree(compiled);
    xmlFreeDoc(schema);
    return true;
}
