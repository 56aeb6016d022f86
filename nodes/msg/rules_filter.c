/*
 * nodes/msg/rules_filter.c - a presence document as one watcher may see it.
 *
 * Source:  RFC 5025 §3.3: first which persons, devices and services, then which attributes of them.
 * Knows:   the trees of nodes/msg/pidf_tree.h and rules_tree.h.
 *
 * What is taken out leaves no trace: the white space in front of it goes too, and so do comments and processing
 * instructions.
 */
#include "nodes/msg/pidf_tree.h"
#include "nodes/msg/rules_tree.h"
#include "nodes/msg/sip_uri.h"

/* One filtering. */
typedef struct {
    const Rules *rules;
    const RulesDecision *decision;
} Filter;

static bool sees(const Filter *filter, uint32_t bits)
{
    return filter->decision->visible & (bits | RULES_ALL_ATTRIBUTES);
}

static void take_out(xmlNodePtr node)
{
    xmlNodePtr before = node->prev;
    if (before && xmlIsBlankNode(before)) {
        xmlUnlinkNode(before);
        xmlFreeNode(before);
    }
    xmlUnlinkNode(node);
    xmlFreeNode(node);
}

/* The tree is at most XMLSAFE_DEPTH_MAX deep. */
static void take_out_remarks(xmlNodePtr parent)
{
    for (xmlNodePtr node = parent->children, next; node; node = next) {
        next = node->next;
        if (node->type == XML_COMMENT_NODE || node->type == XML_PI_NODE)
            take_out(node);
        else if (node->type == XML_ELEMENT_NODE)
            take_out_remarks(node);
    }
}

/* ---- persons, devices, services ---- */

static Text own_text(const xmlNode *node, const char *ns, const char *name)
{
    const xmlNode *child = xmlsafe_child(node, ns, name);
    return child ? xmlsafe_text(child) : TEXT_NONE;
}

static bool scheme_is(Text uri, Text scheme)
{
    uint32_t colon = text_find(uri, ':');
    return colon < uri.len && text_equal(text_first(uri, colon), scheme);
}

static bool same_uri(Text a, Text b)
{
    return text_equal(a, b) || sip_uri_text_equal(a, b);
}

static bool grants(const RulesGrant *grant, const xmlNode *node)
{
    switch (grant->kind) {
    case RULES_BY_CLASS: return text_equal(own_text(node, PIDF_NS_RPID, "class"), grant->value);
    case RULES_BY_OCCURRENCE: return text_equal(xmlsafe_attribute(node, "id"), grant->value);
    case RULES_BY_URI: return same_uri(own_text(node, PIDF_NS, "contact"), grant->value);
    case RULES_BY_SCHEME: return scheme_is(own_text(node, PIDF_NS, "contact"), grant->value);
    case RULES_BY_DEVICE_ID: return same_uri(own_text(node, PIDF_NS_MODEL, "deviceID"), grant->value);
    }
    return false;
}

static bool rule_grants(const Rules *rules, const RulesRule *rule, RulesComponent component, const xmlNode *node)
{
    for (unsigned i = 0; i < rule->n_grants; i++) {
        const RulesGrant *grant = &g_array_index(rules->grant, RulesGrant, rule->first_grant + i);
        if (grant->component == component && grants(grant, node))
            return true;
    }
    return false;
}

static bool component_granted(const Filter *filter, RulesComponent component, const xmlNode *node)
{
    static const uint32_t all[] = { RULES_ALL_SERVICES, RULES_ALL_PERSONS, RULES_ALL_DEVICES };
    if (filter->decision->visible & all[component])
        return true;
    for (unsigned i = 0; filter->rules && i < rules_count(filter->rules); i++)
        if (rules_fired(filter->decision, i) &&
            rule_grants(filter->rules, rules_rule(filter->rules, i), component, node))
            return true;
    return false;
}

/* ---- attributes ---- */

static const struct {
    const char *ns, *name;
    uint32_t bit; /* 0: always reported, RFC 5025 §3.3.2 */
} attributes[] = {
    { PIDF_NS, "status", 0 },
    { PIDF_NS, "basic", 0 },
    { PIDF_NS, "contact", 0 },
    { PIDF_NS, "timestamp", 0 },
    { PIDF_NS, "note", RULES_NOTE },
    { PIDF_NS_MODEL, "timestamp", 0 },
    { PIDF_NS_MODEL, "note", RULES_NOTE },
    { PIDF_NS_MODEL, "deviceID", RULES_DEVICE_ID },
    { PIDF_NS_RPID, "service-class", 0 },
    { PIDF_NS_RPID, "activities", RULES_ACTIVITIES },
    { PIDF_NS_RPID, "class", RULES_CLASS },
    { PIDF_NS_RPID, "mood", RULES_MOOD },
    { PIDF_NS_RPID, "place-is", RULES_PLACE_IS },
    { PIDF_NS_RPID, "place-type", RULES_PLACE_TYPE },
    { PIDF_NS_RPID, "privacy", RULES_PRIVACY },
    { PIDF_NS_RPID, "relationship", RULES_RELATIONSHIP },
    { PIDF_NS_RPID, "sphere", RULES_SPHERE },
    { PIDF_NS_RPID, "status-icon", RULES_STATUS_ICON },
    { PIDF_NS_RPID, "time-offset", RULES_TIME_OFFSET },
};

static bool unknown_granted(const Filter *filter, const xmlNode *node)
{
    Text name = text_from((const char *)node->name);
    Text ns = node->ns ? text_from((const char *)node->ns->href) : TEXT_NONE;
    for (unsigned i = 0; filter->rules && i < rules_count(filter->rules); i++) {
        const RulesRule *rule = rules_rule(filter->rules, i);
        for (unsigned k = 0; k < rule->n_unknowns && rules_fired(filter->decision, i); k++) {
            const RulesUnknown *unknown = &g_array_index(filter->rules->unknown, RulesUnknown, rule->first_unknown + k);
            if (text_equal(unknown->name, name) && text_equal(unknown->ns, ns))
                return true;
        }
    }
    return sees(filter, 0);
}

/* user-input stays with what RFC 5025 §3.3.2.12 leaves it; RFC 4480 §3.14 calls "since" last-input. */
static bool cut_user_input(const Filter *filter, xmlNodePtr node)
{
    RulesInput level = sees(filter, 0) ? RULES_INPUT_FULL : filter->decision->user_input;
    if (level < RULES_INPUT_FULL) {
        xmlUnsetProp(node, BAD_CAST "last-input");
        xmlUnsetProp(node, BAD_CAST "since");
    }
    if (level < RULES_INPUT_THRESHOLDS)
        xmlUnsetProp(node, BAD_CAST "idle-threshold");
    return level > RULES_INPUT_FALSE;
}

static bool attribute_stays(const Filter *filter, xmlNodePtr node)
{
    if (xmlsafe_is(node, PIDF_NS_RPID, "user-input"))
        return cut_user_input(filter, node);
    for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++) {
        if (!xmlsafe_is(node, attributes[i].ns, attributes[i].name))
            continue;
        bool names_the_device =
            attributes[i].bit == RULES_DEVICE_ID && xmlsafe_is(node->parent, PIDF_NS_MODEL, "device");
        return attributes[i].bit == 0 || names_the_device || sees(filter, attributes[i].bit);
    }
    return unknown_granted(filter, node);
}

static void filter_children(const Filter *filter, xmlNodePtr parent)
{
    for (xmlNodePtr node = xmlsafe_first(parent), next; node; node = next) {
        next = xmlsafe_next(node);
        if (!attribute_stays(filter, node))
            take_out(node);
        else if (xmlsafe_is(node, PIDF_NS, "status"))
            filter_children(filter, node); /* extensions of the status are attributes of the tuple */
    }
}

static bool child_stays(const Filter *filter, xmlNodePtr node)
{
    if (xmlsafe_is(node, PIDF_NS, "tuple"))
        return component_granted(filter, RULES_SERVICES, node);
    if (xmlsafe_is(node, PIDF_NS_MODEL, "person"))
        return component_granted(filter, RULES_PERSONS, node);
    if (xmlsafe_is(node, PIDF_NS_MODEL, "device"))
        return component_granted(filter, RULES_DEVICES, node);
    if (xmlsafe_is(node, PIDF_NS, "note"))
        return sees(filter, RULES_NOTE);
    return sees(filter, 0); /* neither tuple, person nor device: RFC 5025 grants it only with everything */
}

void pidf_filter(Pidf *pidf, const Rules *rules, const RulesDecision *decision)
{
    const uint32_t everything = RULES_ALL_ATTRIBUTES | RULES_ALL_SERVICES | RULES_ALL_PERSONS | RULES_ALL_DEVICES;
    Filter filter = { rules, decision };
    xmlNodePtr root = xmlDocGetRootElement(pidf->doc);
    if ((decision->visible & everything) == everything)
        return;
    take_out_remarks((xmlNodePtr)pidf->doc);
    for (xmlNodePtr node = xmlsafe_first(root), next; node; node = next) {
        next = xmlsafe_next(node);
        bool whole = xmlsafe_is(node, PIDF_NS, "note");
        if (!child_stays(&filter, node))
            take_out(node);
        else if (!whole)
            filter_children(&filter, node);
    }
    pidf_reread(pidf, NULL); /* finds nothing wrong: status and id always stay */
}
