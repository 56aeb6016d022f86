/*
 * nodes/msg/rules_parse.c - from the XML of an authorization document to tables.
 *
 * Source:  RFC 4745 §7, §13 (schema); RFC 5025 §3, §7 (schema).
 * Knows:   see rules.h.  All errors of a document are reported, not only the first.
 */
#include "nodes/msg/rules_tree.h"

/* What one document's reading needs everywhere. */
typedef struct {
    Rules *rules;
    GString *errors;
    bool wrong;
} Reading;

static void G_GNUC_PRINTF(3, 4) complain(Reading *reading, const xmlNode *node, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    reading->wrong = true;
    xmlsafe_complain(reading->errors, node, "%s", message);
}

static bool is_ours(const xmlNode *node, const char *ns)
{
    return node->ns && node->ns->href && strcmp((const char *)node->ns->href, ns) == 0;
}

static bool named(const xmlNode *node, const char *name)
{
    return strcmp((const char *)node->name, name) == 0;
}

/* An element of a namespace we know that has no business here. */
static void misplaced(Reading *reading, const xmlNode *node, const char *allowed)
{
    complain(reading, node, "%s is not allowed in %s; allowed are %s", node->name, node->parent->name, allowed);
}

/* ---- conditions ---- */

static void read_except(Reading *reading, const xmlNode *node, RulesIdentity *many)
{
    RulesExcept except = { xmlsafe_attribute(node, "id"), xmlsafe_attribute(node, "domain") };
    if ((except.id.len > 0) == (except.domain.len > 0)) {
        complain(reading, node, "except needs either an id or a domain");
        return;
    }
    g_array_append_val(reading->rules->except, except);
    many->n_excepts++;
}

static void read_many(Reading *reading, const xmlNode *node)
{
    RulesIdentity many = { .domain = xmlsafe_attribute(node, "domain"), .first_except = reading->rules->except->len };
    for (const xmlNode *child = xmlsafe_first(node); child; child = xmlsafe_next(child)) {
        if (xmlsafe_is(child, RULES_NS_COMMON, "except"))
            read_except(reading, child, &many);
        else /* an exclusion that is not understood must not be dropped: it would let more watchers in */
            misplaced(reading, child, "except");
    }
    g_array_append_val(reading->rules->identity, many);
}

static void read_one(Reading *reading, const xmlNode *node)
{
    RulesIdentity one = { .one = true, .id = xmlsafe_attribute(node, "id") };
    if (one.id.len == 0)
        complain(reading, node, "one needs an id");
    g_array_append_val(reading->rules->identity, one);
}

static void read_identity(Reading *reading, const xmlNode *node, RulesCondition *condition)
{
    condition->kind = RULES_IF_IDENTITY;
    condition->first = reading->rules->identity->len;
    const xmlNode *child = xmlsafe_first(node);
    if (!child) /* empty: matches also who is not authenticated, RFC 5025 §3.1.1.2 */
        return;
    for (; child; child = xmlsafe_next(child)) {
        if (xmlsafe_is(child, RULES_NS_COMMON, "one"))
            read_one(reading, child);
        else if (xmlsafe_is(child, RULES_NS_COMMON, "many"))
            read_many(reading, child);
        else if (is_ours(child, RULES_NS_COMMON))
            misplaced(reading, child, "one and many");
        /* of a namespace we do not know: false, so it adds nothing to the OR */
    }
    condition->n = reading->rules->identity->len - condition->first;
    if (condition->n == 0)
        condition->kind = RULES_IF_UNKNOWN;
}

static bool read_instant(const xmlNode *node, const char *name, int64_t *out)
{
    return xmlsafe_is(node, RULES_NS_COMMON, name) && xmlsafe_time_parse(xmlsafe_text(node), out);
}

static void read_validity(Reading *reading, const xmlNode *node, RulesCondition *condition)
{
    condition->kind = RULES_IF_VALID;
    condition->first = reading->rules->period->len;
    for (const xmlNode *from = xmlsafe_first(node); from;) {
        const xmlNode *until = xmlsafe_next(from);
        RulesPeriod period;
        if (!read_instant(from, "from", &period.from_ms) || !read_instant(until, "until", &period.until_ms)) {
            complain(reading, from, "validity holds pairs of from and until with a dateTime like 2003-05-06T00:00:00Z");
            return;
        }
        g_array_append_val(reading->rules->period, period);
        condition->n++;
        from = xmlsafe_next(until);
    }
}

static void read_condition(Reading *reading, const xmlNode *node)
{
    RulesCondition condition = { .kind = RULES_IF_UNKNOWN };
    if (xmlsafe_is(node, RULES_NS_COMMON, "identity"))
        read_identity(reading, node, &condition);
    else if (xmlsafe_is(node, RULES_NS_COMMON, "validity"))
        read_validity(reading, node, &condition);
    else if (xmlsafe_is(node, RULES_NS_COMMON, "sphere")) {
        condition.kind = RULES_IF_SPHERE;
        condition.spheres = xmlsafe_attribute(node, "value");
        if (condition.spheres.len == 0)
            complain(reading, node, "sphere needs a value");
    } else if (is_ours(node, RULES_NS_COMMON))
        misplaced(reading, node, "identity, sphere and validity");
    g_array_append_val(reading->rules->condition, condition);
}

/* ---- actions ---- */

static bool read_word(Reading *reading, const xmlNode *node, const char *const *words, const unsigned *values,
                      unsigned n_words, unsigned *out)
{
    Text text = xmlsafe_text(node);
    g_autoptr(GString) allowed = g_string_new(NULL);
    for (unsigned i = 0; i < n_words; i++) {
        if (text_is(text, words[i])) {
            *out = values[i];
            return true;
        }
        g_string_append_printf(allowed, "%s%s", i > 0 ? ", " : "", words[i]);
    }
    complain(reading, node, "%s cannot be \"" TEXT_FMT "\"; allowed are %s", node->name, TEXT_ARG(text_first(text, 60)),
             allowed->str);
    return false;
}

static void read_handling(Reading *reading, const xmlNode *node, RulesRule *rule)
{
    static const char *const words[] = { "block", "confirm", "polite-block", "allow" };
    static const unsigned values[] = { RULES_BLOCK, RULES_CONFIRM, RULES_POLITE_BLOCK, RULES_ALLOW };
    unsigned value;
    if (read_word(reading, node, words, values, G_N_ELEMENTS(words), &value))
        rule->handling = (RulesHandling)MAX(value, (unsigned)rule->handling);
}

static void read_clear(Reading *reading, const xmlNode *node, RulesClear *out)
{
    static const char *const words[] = { "deny", "allow" };
    static const unsigned values[] = { RULES_CLEAR_DENY, RULES_CLEAR_ALLOW };
    unsigned value;
    if (read_word(reading, node, words, values, G_N_ELEMENTS(words), &value))
        *out = (RulesClear)MAX(value, (unsigned)*out);
}

static void read_action(Reading *reading, const xmlNode *node, RulesRule *rule)
{
    if (xmlsafe_is(node, RULES_NS_PRES, "sub-handling"))
        read_handling(reading, node, rule);
    else if (xmlsafe_is(node, RULES_NS_PRESEC, "clear-notifications"))
        read_clear(reading, node, &rule->clear);
    else if (is_ours(node, RULES_NS_PRES) || is_ours(node, RULES_NS_PRESEC) || is_ours(node, RULES_NS_COMMON))
        misplaced(reading, node, "sub-handling and clear-notifications");
    /* others are permissions we do not know: not granted */
}

/* ---- transformations ---- */

static const struct {
    const char *name;
    uint32_t bit;
} boolean_permissions[] = {
    { "provide-activities", RULES_ACTIVITIES },   { "provide-class", RULES_CLASS },
    { "provide-deviceID", RULES_DEVICE_ID },      { "provide-mood", RULES_MOOD },
    { "provide-place-is", RULES_PLACE_IS },       { "provide-place-type", RULES_PLACE_TYPE },
    { "provide-privacy", RULES_PRIVACY },         { "provide-relationship", RULES_RELATIONSHIP },
    { "provide-sphere", RULES_SPHERE },           { "provide-status-icon", RULES_STATUS_ICON },
    { "provide-time-offset", RULES_TIME_OFFSET }, { "provide-note", RULES_NOTE },
};

static const struct {
    const char *name, *all;
    uint32_t all_bit;
} components[] = {
    [RULES_SERVICES] = { "provide-services", "all-services", RULES_ALL_SERVICES },
    [RULES_PERSONS] = { "provide-persons", "all-persons", RULES_ALL_PERSONS },
    [RULES_DEVICES] = { "provide-devices", "all-devices", RULES_ALL_DEVICES },
};

static const struct {
    const char *name;
    RulesGrantKind kind;
    unsigned of; /* bit per component that has it */
} grants[] = {
    { "class", RULES_BY_CLASS, 1 << RULES_SERVICES | 1 << RULES_PERSONS | 1 << RULES_DEVICES },
    { "occurrence-id", RULES_BY_OCCURRENCE, 1 << RULES_SERVICES | 1 << RULES_PERSONS | 1 << RULES_DEVICES },
    { "service-uri", RULES_BY_URI, 1 << RULES_SERVICES },
    { "service-uri-scheme", RULES_BY_SCHEME, 1 << RULES_SERVICES },
    { "deviceID", RULES_BY_DEVICE_ID, 1 << RULES_DEVICES },
};

/* xs:boolean */
static bool read_boolean(Reading *reading, const xmlNode *node)
{
    static const char *const words[] = { "true", "false", "1", "0" };
    static const unsigned values[] = { 1, 0, 1, 0 };
    unsigned value;
    return read_word(reading, node, words, values, G_N_ELEMENTS(words), &value) && value;
}

static bool read_grant(Reading *reading, const xmlNode *node, RulesComponent component, RulesRule *rule)
{
    for (size_t i = 0; i < G_N_ELEMENTS(grants); i++) {
        if (!named(node, grants[i].name) || !(grants[i].of & 1u << component))
            continue;
        RulesGrant grant = { component, grants[i].kind, xmlsafe_text(node) };
        if (grant.value.len == 0)
            complain(reading, node, "%s is empty", node->name);
        g_array_append_val(reading->rules->grant, grant);
        rule->n_grants++;
        return true;
    }
    return false;
}

static bool read_component(Reading *reading, const xmlNode *node, RulesRule *rule)
{
    for (unsigned component = 0; component < G_N_ELEMENTS(components); component++) {
        if (!named(node, components[component].name))
            continue;
        for (const xmlNode *child = xmlsafe_first(node); child; child = xmlsafe_next(child)) {
            if (!is_ours(child, RULES_NS_PRES))
                continue; /* identifies nothing we know */
            if (named(child, components[component].all))
                rule->visible |= components[component].all_bit;
            else if (!read_grant(reading, child, (RulesComponent)component, rule))
                misplaced(reading, child, "those of RFC 5025 §3.3.1");
        }
        return true;
    }
    return false;
}

static bool read_boolean_permission(Reading *reading, const xmlNode *node, RulesRule *rule)
{
    for (size_t i = 0; i < G_N_ELEMENTS(boolean_permissions); i++) {
        if (!named(node, boolean_permissions[i].name))
            continue;
        if (read_boolean(reading, node))
            rule->visible |= boolean_permissions[i].bit;
        return true;
    }
    return false;
}

static void read_user_input(Reading *reading, const xmlNode *node, RulesRule *rule)
{
    static const char *const words[] = { "false", "bare", "thresholds", "full" };
    static const unsigned values[] = { RULES_INPUT_FALSE, RULES_INPUT_BARE, RULES_INPUT_THRESHOLDS, RULES_INPUT_FULL };
    unsigned value;
    if (read_word(reading, node, words, values, G_N_ELEMENTS(words), &value))
        rule->user_input = (RulesInput)MAX(value, (unsigned)rule->user_input);
}

static void read_unknown(Reading *reading, const xmlNode *node, RulesRule *rule)
{
    RulesUnknown unknown = { xmlsafe_attribute(node, "name"), xmlsafe_attribute(node, "ns") };
    if (unknown.name.len == 0 || unknown.ns.len == 0)
        complain(reading, node, "provide-unknown-attribute needs a name and an ns");
    else if (read_boolean(reading, node)) {
        g_array_append_val(reading->rules->unknown, unknown);
        rule->n_unknowns++;
    }
}

static void read_transformation(Reading *reading, const xmlNode *node, RulesRule *rule)
{
    if (!is_ours(node, RULES_NS_PRES)) {
        if (is_ours(node, RULES_NS_COMMON) || is_ours(node, RULES_NS_PRESEC))
            misplaced(reading, node, "the provide- elements of RFC 5025 §3.3");
        return;
    }
    if (named(node, "provide-all-attributes"))
        rule->visible |= RULES_ALL_ATTRIBUTES;
    else if (named(node, "provide-user-input"))
        read_user_input(reading, node, rule);
    else if (named(node, "provide-unknown-attribute"))
        read_unknown(reading, node, rule);
    else if (!read_component(reading, node, rule) && !read_boolean_permission(reading, node, rule))
        misplaced(reading, node, "the provide- elements of RFC 5025 §3.3");
}

/* ---- rules ---- */

static void read_rule_id(Reading *reading, const xmlNode *node, RulesRule *rule)
{
    rule->id = xmlsafe_attribute(node, "id");
    if (rule->id.len == 0)
        complain(reading, node, "a rule needs an id");
    for (unsigned i = 0; i < reading->rules->rule->len && rule->id.len > 0; i++)
        if (text_equal(rules_rule(reading->rules, i)->id, rule->id))
            complain(reading, node, "two rules have the id \"" TEXT_FMT "\"", TEXT_ARG(rule->id));
}

static void read_part(Reading *reading, const xmlNode *part, RulesRule *rule)
{
    const xmlNode *child = xmlsafe_first(part);
    if (xmlsafe_is(part, RULES_NS_COMMON, "conditions"))
        for (; child; child = xmlsafe_next(child))
            read_condition(reading, child);
    else if (xmlsafe_is(part, RULES_NS_COMMON, "actions"))
        for (; child; child = xmlsafe_next(child))
            read_action(reading, child, rule);
    else if (xmlsafe_is(part, RULES_NS_COMMON, "transformations"))
        for (; child; child = xmlsafe_next(child))
            read_transformation(reading, child, rule);
    else
        misplaced(reading, part, "conditions, actions and transformations");
}

static void read_rule(Reading *reading, const xmlNode *node)
{
    Rules *rules = reading->rules;
    RulesRule rule = { .first_condition = rules->condition->len,
                       .first_grant = rules->grant->len,
                       .first_unknown = rules->unknown->len };
    read_rule_id(reading, node, &rule);
    for (const xmlNode *part = xmlsafe_first(node); part; part = xmlsafe_next(part))
        read_part(reading, part, &rule);
    rule.n_conditions = rules->condition->len - rule.first_condition;
    if (rules->rule->len == RULES_MAX)
        complain(reading, node, "more than %d rules", RULES_MAX);
    else
        g_array_append_val(rules->rule, rule);
}

static void read_ruleset(Reading *reading, const xmlNode *root)
{
    if (!xmlsafe_is(root, RULES_NS_COMMON, "ruleset")) {
        complain(reading, root, "the root is not a ruleset of %s", RULES_NS_COMMON);
        return;
    }
    for (const xmlNode *child = xmlsafe_first(root); child; child = xmlsafe_next(child)) {
        if (xmlsafe_is(child, RULES_NS_COMMON, "rule"))
            read_rule(reading, child);
        else if (xmlsafe_is(child, RULES_NS_PRESEC, "clear-notifications"))
            read_clear(reading, child, &reading->rules->clear);
        else
            misplaced(reading, child, "rule and clear-notifications");
    }
}

static Rules *rules_new(xmlDocPtr doc)
{
    Rules *rules = g_new0(Rules, 1);
    rules->doc = doc;
    rules->rule = g_array_new(FALSE, TRUE, sizeof(RulesRule));
    rules->condition = g_array_new(FALSE, TRUE, sizeof(RulesCondition));
    rules->identity = g_array_new(FALSE, TRUE, sizeof(RulesIdentity));
    rules->except = g_array_new(FALSE, TRUE, sizeof(RulesExcept));
    rules->period = g_array_new(FALSE, TRUE, sizeof(RulesPeriod));
    rules->grant = g_array_new(FALSE, TRUE, sizeof(RulesGrant));
    rules->unknown = g_array_new(FALSE, TRUE, sizeof(RulesUnknown));
    return rules;
}

void rules_free(Rules *rules)
{
    if (!rules)
        return;
    GArray *arrays[] = { rules->rule,   rules->condition, rules->identity, rules->except,
                         rules->period, rules->grant,     rules->unknown };
    for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_array_free(arrays[i], TRUE);
    xmlFreeDoc(rules->doc);
    g_free(rules);
}

Rules *rules_parse(const char *octets, size_t len, GString *errors)
{
    xmlDocPtr doc;
    if (xmlsafe_parse(octets, len, &doc, errors) != XMLSAFE_OK)
        return NULL;
    g_autoptr(Rules) rules = rules_new(doc);
    Reading reading = { rules, errors, false };
    read_ruleset(&reading, xmlDocGetRootElement(doc));
    return reading.wrong ? NULL : g_steal_pointer(&rules);
}
