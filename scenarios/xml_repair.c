/*
 * scenarios/xml_repair.c - one message for every name and every place that is wrong, and no mistake hidden behind one.
 *
 * Source:  scenarios/xml_repair.h.
 * Knows:   libxml2's tree.  Every repair has complained first, and a full list of complaints ends it: that bounds the
 *          work on a hostile file.
 */
#include "scenarios/xml_repair.h"
#include "scenarios/nearest.h"

#include <string.h>

enum { RANKS_MAX = 32 };

typedef struct Repair {
    XmlFile *xml;
    const Vocabulary *vocabulary;
    GArray *extra;      /* XmlExtra */
    GHashTable *blamed; /* xmlNode* whose name or place has been complained about; looked up only */
    Diagnostics *diagnostics;
} Repair;

static const char *name_of(const xmlNode *element)
{
    return (const char *)element->name;
}

static void repair_element(const Repair *repair, xmlNode *element);

/* ---- namespaces ---- */

static void adopt(xmlNode *element, xmlNs *ours)
{
    if (!element->ns)
        xmlSetNs(element, ours);
    for (xmlNode *child = xml_first(element); child; child = xml_next(child))
        adopt(child, ours);
}

/* Said once where it begins: what stands inside and shares the mistake is put right with it. */
static void repair_namespace(const Repair *repair, xmlNode *element)
{
    if (element->ns && strcmp((const char *)element->ns->href, XML_NAMESPACE) == 0)
        return;
    xml_complain(repair->xml, repair->diagnostics, element, "xmlns",
                 "%s is not in the namespace of presec; allowed: xmlns=\"%s\"", name_of(element), XML_NAMESPACE);
    xmlNs *wrong = element->ns ? element->ns : element->nsDef;
    while (wrong && wrong->prefix && !element->ns) /* xmlns="" */
        wrong = wrong->next;
    if (wrong) {
        xmlFree((xmlChar *)wrong->href);
        wrong->href = xmlStrdup((const xmlChar *)XML_NAMESPACE);
    } else {
        wrong = xmlNewNs(element, (const xmlChar *)XML_NAMESPACE, NULL);
    }
    adopt(element, wrong);
}

/* ---- attributes ---- */

static void repair_attribute(const Repair *repair, xmlNode *element, xmlAttr *attribute, const char *const *allowed)
{
    const char *name = (const char *)attribute->name;
    if (!attribute->ns && xmlHasProp(element, attribute->name) != attribute) {
        xmlRemoveProp(attribute); /* given twice: the parser has said so */
        return;
    }
    if (!attribute->ns && g_strv_contains(allowed, name))
        return;
    const char *prefix = attribute->ns ? (const char *)attribute->ns->prefix : NULL;
    g_autofree char *written = g_strdup_printf("%s%s%s", prefix ? prefix : "", prefix ? ":" : "", name);
    g_autofree char *hint = diagnostic_names(written, allowed);
    const char *near = nearest_name(written, allowed);
    xml_complain(repair->xml, repair->diagnostics, element, written, "%s has no attribute '%s'%s", name_of(element),
                 written, allowed[0] ? hint : "; allowed: none");
    if (near && !xmlHasProp(element, (const xmlChar *)near))
        xml_rename_attribute(repair->xml, attribute, near);
    else
        xmlRemoveProp(attribute);
}

static void repair_attributes(const Repair *repair, xmlNode *element, const VocabularyElement *kind)
{
    for (xmlAttr *attribute = element->properties, *next; attribute; attribute = next) {
        next = attribute->next;
        repair_attribute(repair, element, attribute, (const char *const *)kind->attributes->pdata);
    }
}

/* ---- names ---- */

static unsigned rank_in(const VocabularyElement *kind, const xmlNode *child)
{
    const VocabularyChild *allowed = vocabulary_child(kind, name_of(child));
    return allowed ? allowed->rank : 0;
}

/* Behind its equals, before what must come later. */
static void insert_in_order(const VocabularyElement *kind, xmlNode *parent, xmlNode *element)
{
    xmlUnlinkNode(element);
    xmlNode *after = xml_first(parent);
    while (after && rank_in(kind, after) <= rank_in(kind, element))
        after = xml_next(after);
    if (after)
        xmlAddPrevSibling(after, element);
    else
        xmlAddChild(parent, element);
}

/* What stands too often is looked at alone. */
static void set_aside(const Repair *repair, xmlNode *parent, xmlNode *element)
{
    XmlExtra extra = { .element = element, .parent = parent };
    repair_element(repair, element);
    xmlUnlinkNode(element);
    g_array_append_val(repair->extra, extra);
}

static bool move_into(const Repair *repair, xmlNode *home, xmlNode *element)
{
    const VocabularyElement *kind = vocabulary_element(repair->vocabulary, name_of(home));
    const VocabularyChild *allowed = kind ? vocabulary_child(kind, name_of(element)) : NULL;
    if (!allowed)
        return false;
    if (allowed->many || !xml_child(home, name_of(element))) {
        insert_in_order(kind, home, element);
        repair_element(repair, element);
    } else {
        set_aside(repair, home, element);
    }
    return true;
}

/* An element closed too early, or one it was forgotten to close. */
static bool move_home(const Repair *repair, xmlNode *element)
{
    for (xmlNode *before = element->prev; before; before = before->prev)
        if (before->type == XML_ELEMENT_NODE && move_into(repair, before, element))
            return true;
    for (xmlNode *around = element->parent->parent; around && around->type == XML_ELEMENT_NODE; around = around->parent)
        if (move_into(repair, around, element))
            return true;
    return false;
}

/* Its children that may stand where it stood, or are near to it, are left there.  The next element to look at. */
static xmlNode *take_out(const Repair *repair, const VocabularyElement *kind, xmlNode *element)
{
    xmlNode *first = NULL;
    for (xmlNode *child = xml_first(element), *next; child; child = next) {
        next = xml_next(child);
        if (!vocabulary_child(kind, name_of(child)) && !nearest_name(name_of(child), kind->child_names))
            continue;
        xmlAddPrevSibling(element, child);
        first = first ? first : child;
    }
    first = first ? first : xml_next(element);
    xml_take_out(repair->xml, element);
    return first;
}

static void complain_about_name(const Repair *repair, const VocabularyElement *kind, xmlNode *element)
{
    g_autofree char *names = diagnostic_names(name_of(element), kind->child_names);
    g_autofree char *parents = vocabulary_parents(repair->vocabulary, name_of(element));
    xml_complain(repair->xml, repair->diagnostics, element, NULL, "%s has no element '%s'%s%s%s", kind->name,
                 name_of(element), parents ? ", which stands in " : "", parents ? parents : "",
                 kind->child_names[0] ? names : "; allowed: no element");
    g_hash_table_add(repair->blamed, element);
}

/* The next element to look at. */
static xmlNode *repair_name(const Repair *repair, const VocabularyElement *kind, xmlNode *element)
{
    repair_namespace(repair, element);
    xmlNode *next = xml_next(element);
    if (vocabulary_child(kind, name_of(element)))
        return next;
    complain_about_name(repair, kind, element);
    const char *near = nearest_name(name_of(element), kind->child_names);
    if (near)
        xmlNodeSetName(element, (const xmlChar *)near);
    else if (!move_home(repair, element))
        return take_out(repair, kind, element);
    return next;
}

/* ---- number and order ---- */

static void complain_about_place(const Repair *repair, const VocabularyElement *kind, xmlNode *element, bool too_often)
{
    if (!g_hash_table_add(repair->blamed, element))
        return;
    g_autofree char *order = g_strjoinv(", ", (char **)kind->child_names);
    if (too_often)
        xml_complain(repair->xml, repair->diagnostics, element, NULL, "%s stands in %s more than once; allowed: once",
                     name_of(element), kind->name);
    else
        xml_complain(repair->xml, repair->diagnostics, element, NULL,
                     "%s stands in the wrong place in %s; allowed: in the order %s", name_of(element), kind->name,
                     order);
}

static void repair_number(const Repair *repair, const VocabularyElement *kind, xmlNode *parent)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (xmlNode *child = xml_first(parent), *next; child; child = next) {
        next = xml_next(child);
        const VocabularyChild *allowed = vocabulary_child(kind, name_of(child));
        if (!allowed || allowed->many || g_hash_table_add(seen, allowed->name))
            continue;
        complain_about_place(repair, kind, child, true);
        set_aside(repair, parent, child);
    }
    for (guint i = 0; i < kind->children->len; i++) {
        const VocabularyChild *child = &g_array_index(kind->children, VocabularyChild, i);
        if (!child->required || xml_child(parent, child->name))
            continue;
        xml_complain(repair->xml, repair->diagnostics, parent, NULL, "%s lacks its element '%s'; allowed: exactly one",
                     kind->name, child->name);
        insert_in_order(kind, parent, xmlNewNode(parent->ns, (const xmlChar *)child->name));
    }
}

/*
 * The longest row of children in order stands right, the others are blamed: one that is out of place must not make all
 * after it wrong.  Of equally long rows the one that is complete first.
 *
 *   length(i) = 1 + max of length(j) over j < i with rank(j) <= rank(i)
 */
static void mark_in_order(const VocabularyElement *kind, const GPtrArray *children, bool *in_order)
{
    g_autofree int *before = g_new0(int, children->len + 1);
    unsigned length[RANKS_MAX + 1] = { 0 }, longest = 0;
    int end[RANKS_MAX + 1], last = -1;
    for (unsigned rank = 0; rank <= RANKS_MAX; rank++)
        end[rank] = -1;
    for (guint i = 0; i < children->len; i++) {
        unsigned rank = rank_in(kind, children->pdata[i]), best = 0;
        g_assert(rank <= RANKS_MAX);
        for (unsigned lower = 0; lower <= rank; lower++)
            if (length[lower] > length[best] || (length[lower] == length[best] && end[lower] < end[best]))
                best = lower;
        before[i] = end[best];
        if (length[best] + 1 <= length[rank])
            continue;
        length[rank] = length[best] + 1;
        end[rank] = (int)i;
        if (length[rank] > longest) {
            longest = length[rank];
            last = (int)i;
        }
    }
    for (; last >= 0; last = before[last])
        in_order[last] = true;
}

static void repair_order(const Repair *repair, const VocabularyElement *kind, xmlNode *parent)
{
    g_autoptr(GPtrArray) children = g_ptr_array_new();
    for (xmlNode *child = xml_first(parent); child; child = xml_next(child))
        g_ptr_array_add(children, child);
    g_autofree bool *in_order = g_new0(bool, children->len + 1);
    mark_in_order(kind, children, in_order);
    for (guint i = 0; i < children->len; i++)
        if (!in_order[i])
            xmlUnlinkNode(children->pdata[i]);
    for (guint i = 0; i < children->len; i++) {
        if (in_order[i])
            continue;
        insert_in_order(kind, parent, children->pdata[i]);
        complain_about_place(repair, kind, children->pdata[i], false);
    }
}

/* ---- the whole ---- */

static void repair_element(const Repair *repair, xmlNode *element)
{
    const VocabularyElement *kind = vocabulary_element(repair->vocabulary, name_of(element));
    if (!kind || diagnostics_full(repair->diagnostics))
        return;
    repair_attributes(repair, element, kind);
    for (xmlNode *child = xml_first(element); child && !diagnostics_full(repair->diagnostics);)
        child = repair_name(repair, kind, child);
    repair_number(repair, kind, element);
    repair_order(repair, kind, element);
    for (xmlNode *child = xml_first(element); child; child = xml_next(child))
        repair_element(repair, child);
}

static bool repair_root(const Repair *repair, xmlNode *root)
{
    static const char *const roots[] = { "scenario", "cast", "attack", "option", "lesson", NULL };
    if (!g_strv_contains(roots, name_of(root))) {
        g_autofree char *hint = diagnostic_names(name_of(root), roots);
        const char *near = nearest_name(name_of(root), roots);
        xml_complain(repair->xml, repair->diagnostics, root, NULL, "a file cannot begin with the element '%s'%s",
                     name_of(root), hint);
        if (!near)
            return false;
        xmlNodeSetName(root, (const xmlChar *)near);
    }
    repair_namespace(repair, root);
    return true;
}

bool xml_repair(XmlFile *xml, const Vocabulary *vocabulary, GArray *extra, Diagnostics *diagnostics)
{
    g_autoptr(GHashTable) blamed = g_hash_table_new(NULL, NULL);
    Repair repair = {
        .xml = xml, .vocabulary = vocabulary, .extra = extra, .blamed = blamed, .diagnostics = diagnostics
    };
    if (!repair_root(&repair, xml_root(xml)))
        return false;
    repair_element(&repair, xml_root(xml));
    return true;
}

void xml_repair_extra(const GArray *extra)
{
    for (guint i = 0; i < extra->len; i++) {
        const XmlExtra *item = &g_array_index(extra, XmlExtra, i);
        xmlAddChild(item->parent, item->element);
    }
}
