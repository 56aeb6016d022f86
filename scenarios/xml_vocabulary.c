/*
 * scenarios/xml_vocabulary.c - what may stand in which element, read from the schema document itself.
 *
 * Source:  scenarios/xml_vocabulary.h.
 * Knows:   the parts of XML Schema that presec.xsd uses.
 */
#include "scenarios/xml_vocabulary.h"
#include "scenarios/data.h"
#include "scenarios/xml.h"

#include <libxml/parser.h>
#include <string.h>

#define XS "http://www.w3.org/2001/XMLSchema"

struct Vocabulary {
    xmlDoc *schema;
    GPtrArray *elements; /* VocabularyElement*, in order of the schema */
};

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

static char *declared_name(const xmlNode *declaration)
{
    char *name = xml_get(declaration, "name");
    return name ? name : xml_get(declaration, "ref");
}

static bool unbounded(const xmlNode *particle)
{
    return xmlHasProp((xmlNode *)particle, (const xmlChar *)"maxOccurs") != NULL;
}

/* ---- collecting ---- */

typedef struct Particle {
    bool many, choice; /* inside something that may be repeated; inside a choice */
} Particle;

static void add_child(VocabularyElement *out, const xmlNode *node, Particle in, unsigned *rank)
{
    VocabularyChild child = {
        .name = declared_name(node),
        .rank = in.choice ? *rank : ++*rank,
        .many = in.many || unbounded(node),
        .required = !in.choice && !xmlHasProp((xmlNode *)node, (const xmlChar *)"minOccurs"),
    };
    g_array_append_val(out->children, child);
}

/* Everything that a definition allows, following references. */
static void collect(const xmlDoc *schema, const xmlNode *inside, Particle in, unsigned *rank, VocabularyElement *out)
{
    for (xmlNode *node = xml_first(inside); node; node = xml_next(node)) {
        g_autofree char *ref = xml_get(node, "ref");
        Particle inner = { .many = in.many || unbounded(node), .choice = in.choice || xs_is(node, "choice") };
        if (xs_is(node, "element")) {
            add_child(out, node, in, rank);
        } else if (xs_is(node, "attribute")) {
            g_ptr_array_add(out->attributes, declared_name(node));
        } else if (ref) {
            collect(schema, xs_global(schema, (const char *)node->name, ref), inner, rank, out);
        } else {
            *rank += inner.choice && !in.choice;
            collect(schema, node, inner, rank, out);
        }
    }
}

static VocabularyElement *element_new(const xmlDoc *schema, const xmlNode *declaration)
{
    VocabularyElement *element = g_new0(VocabularyElement, 1);
    g_autofree char *type = xml_get(declaration, "type");
    unsigned rank = 0;
    element->name = xml_get(declaration, "name");
    element->children = g_array_new(FALSE, FALSE, sizeof(VocabularyChild));
    element->attributes = g_ptr_array_new_with_free_func(g_free);
    const xmlNode *definition = type ? xs_global(schema, "complexType", type) : declaration;
    if (definition)
        collect(schema, definition, (Particle){ false, false }, &rank, element);
    g_ptr_array_add(element->attributes, NULL);
    element->child_names = g_new0(const char *, element->children->len + 1);
    for (guint i = 0; i < element->children->len; i++)
        element->child_names[i] = g_array_index(element->children, VocabularyChild, i).name;
    return element;
}

static void element_free(void *item)
{
    VocabularyElement *element = item;
    for (guint i = 0; i < element->children->len; i++)
        g_free(g_array_index(element->children, VocabularyChild, i).name);
    g_array_unref(element->children);
    g_ptr_array_unref(element->attributes);
    g_free(element->child_names);
    g_free(element->name);
    g_free(element);
}

static void collect_elements(Vocabulary *vocabulary, const xmlNode *below)
{
    for (xmlNode *node = xml_first(below); node; node = xml_next(node)) {
        if (xs_is(node, "element") && xmlHasProp(node, (const xmlChar *)"name"))
            g_ptr_array_add(vocabulary->elements, element_new(vocabulary->schema, node));
        collect_elements(vocabulary, node);
    }
}

/* ---- the vocabulary ---- */

Vocabulary *vocabulary_new(void)
{
    Vocabulary *vocabulary = g_new0(Vocabulary, 1);
    const DataFile *file = data_find("scenarios/schema/presec.xsd");
    g_assert(file);
    vocabulary->schema = xmlReadMemory((const char *)file->octets, (int)file->len, file->path, NULL, XML_PARSE_NONET);
    g_assert(vocabulary->schema);
    vocabulary->elements = g_ptr_array_new_with_free_func(element_free);
    collect_elements(vocabulary, xmlDocGetRootElement(vocabulary->schema));
    return vocabulary;
}

void vocabulary_free(Vocabulary *vocabulary)
{
    if (!vocabulary)
        return;
    g_ptr_array_unref(vocabulary->elements);
    xmlFreeDoc(vocabulary->schema);
    g_free(vocabulary);
}

xmlDoc *vocabulary_document(const Vocabulary *vocabulary)
{
    return vocabulary->schema;
}

const VocabularyElement *vocabulary_element(const Vocabulary *vocabulary, const char *name)
{
    for (guint i = 0; i < vocabulary->elements->len; i++) {
        const VocabularyElement *element = vocabulary->elements->pdata[i];
        if (strcmp(element->name, name) == 0)
            return element;
    }
    return NULL;
}

const VocabularyChild *vocabulary_child(const VocabularyElement *element, const char *name)
{
    for (guint i = 0; i < element->children->len; i++) {
        const VocabularyChild *child = &g_array_index(element->children, VocabularyChild, i);
        if (strcmp(child->name, name) == 0)
            return child;
    }
    return NULL;
}

char *vocabulary_parents(const Vocabulary *vocabulary, const char *name)
{
    g_autoptr(GString) parents = g_string_new(NULL);
    for (guint i = 0; i < vocabulary->elements->len; i++) {
        const VocabularyElement *element = vocabulary->elements->pdata[i];
        if (vocabulary_child(element, name))
            g_string_append_printf(parents, "%s%s", parents->len > 0 ? ", " : "", element->name);
    }
    return parents->len > 0 ? g_strdup(parents->str) : NULL;
}

/* ---- values ---- */

/* The declaration of an attribute among those below @node, through references to groups and types. */
static xmlNode *attribute_below(const xmlDoc *schema, const xmlNode *below, const char *attribute)
{
    for (xmlNode *node = xml_first(below); node; node = xml_next(node)) {
        g_autofree char *name = xml_get(node, "name"), *ref = xml_get(node, "ref");
        if (xs_is(node, "attribute") && name && strcmp(name, attribute) == 0)
            return node;
        if (xs_is(node, "element") || xs_is(node, "attribute"))
            continue;
        xmlNode *inside = ref ? xs_global(schema, (const char *)node->name, ref) : node;
        xmlNode *found = inside ? attribute_below(schema, inside, attribute) : NULL;
        if (found)
            return found;
    }
    return NULL;
}

static xmlNode *declaration_below(const xmlNode *below, const char *element)
{
    for (xmlNode *node = xml_first(below); node; node = xml_next(node)) {
        g_autofree char *name = xml_get(node, "name");
        bool right = xs_is(node, "element") && name && strcmp(name, element) == 0;
        xmlNode *found = right ? node : declaration_below(node, element);
        if (found)
            return found;
    }
    return NULL;
}

/* The simple type of an element's attribute; NULL: any text. */
static xmlNode *attribute_type(const xmlDoc *schema, const char *element, const char *attribute)
{
    xmlNode *declaration = declaration_below(xmlDocGetRootElement((xmlDoc *)schema), element);
    g_autofree char *of_element = declaration ? xml_get(declaration, "type") : NULL;
    xmlNode *definition = of_element ? xs_global(schema, "complexType", of_element) : declaration;
    xmlNode *found = definition ? attribute_below(schema, definition, attribute) : NULL;
    g_autofree char *type = found ? xml_get(found, "type") : NULL;
    if (type)
        return xs_global(schema, "simpleType", type);
    return found ? xml_child(found, "simpleType") : NULL;
}

GPtrArray *vocabulary_values(const Vocabulary *vocabulary, const char *element, const char *attribute)
{
    GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
    xmlNode *type = attribute_type(vocabulary->schema, element, attribute);
    xmlNode *restriction = type ? xml_child(type, "restriction") : NULL;
    for (xmlNode *node = xml_first(restriction); node; node = xml_next(node))
        if (xs_is(node, "enumeration"))
            g_ptr_array_add(values, xml_get(node, "value"));
    g_ptr_array_add(values, NULL);
    return values;
}

char *vocabulary_words(const Vocabulary *vocabulary, const char *element, const char *attribute)
{
    xmlNode *type = attribute_type(vocabulary->schema, element, attribute);
    xmlNode *annotation = type ? xml_child(type, "annotation") : NULL;
    xmlNode *text = annotation ? xml_child(annotation, "documentation") : NULL;
    return text ? xml_line(text) : NULL;
}
