/*
 * nodes/msg/rules_describe.c - authorization documents for people to read.
 *
 * Knows:   rules_tree.h.
 */
#include "nodes/msg/rules_tree.h"

static void describe_identity(const Rules *rules, const RulesIdentity *who, GString *out)
{
    if (who->one)
        g_string_append_printf(out, " " TEXT_FMT, TEXT_ARG(who->id));
    else if (text_present(who->domain))
        g_string_append_printf(out, " anyone in " TEXT_FMT, TEXT_ARG(who->domain));
    else
        g_string_append(out, " anyone authenticated");
    for (unsigned i = 0; i < who->n_excepts; i++) {
        const RulesExcept *except = &g_array_index(rules->except, RulesExcept, who->first_except + i);
        Text text = text_present(except->id) ? except->id : except->domain;
        g_string_append_printf(out, "%s " TEXT_FMT, i == 0 ? " except" : ",", TEXT_ARG(text));
    }
}

static void describe_periods(const Rules *rules, const RulesCondition *condition, GString *out)
{
    char from[XMLSAFE_TIME_MAX], until[XMLSAFE_TIME_MAX];
    for (unsigned i = 0; i < condition->n; i++) {
        const RulesPeriod *period = &g_array_index(rules->period, RulesPeriod, condition->first + i);
        xmlsafe_time_text(period->from_ms, from);
        xmlsafe_time_text(period->until_ms, until);
        g_string_append_printf(out, "%s %s to %s", i > 0 ? " or" : "", from, until);
    }
}

static void describe_condition(const Rules *rules, const RulesCondition *condition, GString *out)
{
    g_string_append(out, "    if ");
    switch (condition->kind) {
    case RULES_IF_IDENTITY:
        g_string_append(out, condition->n > 0 ? "the watcher is" : "there is any watcher");
        for (unsigned i = 0; i < condition->n; i++) {
            g_string_append(out, i > 0 ? " or" : "");
            describe_identity(rules, &g_array_index(rules->identity, RulesIdentity, condition->first + i), out);
        }
        break;
    case RULES_IF_SPHERE:
        g_string_append_printf(out, "the sphere is one of: " TEXT_FMT, TEXT_ARG(condition->spheres));
        break;
    case RULES_IF_VALID:
        g_string_append(out, "the time is");
        describe_periods(rules, condition, out);
        break;
    case RULES_IF_UNKNOWN: g_string_append(out, "something unknown holds, which it never does"); break;
    }
    g_string_append_c(out, '\n');
}

static const char *clear_text(RulesClear clear)
{
    switch (clear) {
    case RULES_CLEAR_UNSTATED: return "not stated";
    case RULES_CLEAR_DENY: return "denied";
    case RULES_CLEAR_ALLOW: return "allowed";
    }
    return "?";
}

static void describe_rule(const Rules *rules, const RulesRule *rule, GString *out)
{
    g_string_append_printf(out, "  rule " TEXT_FMT "\n", TEXT_ARG(rule->id));
    for (unsigned i = 0; i < rule->n_conditions; i++)
        describe_condition(rules, &g_array_index(rules->condition, RulesCondition, rule->first_condition + i), out);
    g_string_append_printf(out, "    then %s, notifications in clear %s\n", rules_handling_name(rule->handling),
                           clear_text(rule->clear));
    g_string_append_printf(out, "    shows %s services, %s persons, %s devices, %s attributes; %u single grants\n",
                           rule->visible & RULES_ALL_SERVICES ? "all" : "some or no",
                           rule->visible & RULES_ALL_PERSONS ? "all" : "some or no",
                           rule->visible & RULES_ALL_DEVICES ? "all" : "some or no",
                           rule->visible & RULES_ALL_ATTRIBUTES ? "all" : "some or no",
                           rule->n_grants + rule->n_unknowns);
}

bool rules_describe(const uint8_t *octets, size_t len, GString *out)
{
    g_autoptr(Rules) rules = rules_parse((const char *)octets, len, out);
    if (!rules) {
        g_string_append(out, "rejected: not an authorization document of RFC 4745 and RFC 5025\n");
        return false;
    }
    g_string_append_printf(out, "authorization document, %u rules, notifications in clear: %s\n", rules_count(rules),
                           clear_text(rules->clear));
    for (unsigned i = 0; i < rules_count(rules); i++)
        describe_rule(rules, rules_rule(rules, i), out);
    return true;
}
