/*
 * ui/selftest_policy.c - known answers about presence authorization.
 *
 * Source:  ui/selftest_msg.h; RFC 4745 §7, §10 and its worked example §10.2; RFC 5025 §3.2.1.
 * Knows:   crypto/selftest.h and nodes/msg/rules.h.  The vectors' short notation is turned into real documents, so the
 *          parser and the evaluation are both checked.
 */
#include "ui/selftest_msg.h"

#include "nodes/msg/rules.h"
#include "nodes/msg/xmlsafe.h"

#include <string.h>

/* The example's abstract permissions as real ones that combine the same way: X by OR, Z by maximum (1 to 3 of the
 * levels of provide-user-input).  Its Y, a free integer, has no counterpart in RFC 5025. */
static const char *const user_input_levels[] = { "false", "bare", "thresholds", "full" };

static bool policy_applies(const SelftestBlock *block)
{
    return selftest_has(block, "rules") && (selftest_has(block, "fired") || selftest_has(block, "result_0"));
}

static void append_uri(GString *xml, const char *name)
{
    /* The example names people; documents name URIs. */
    g_string_append_printf(xml, "%s%s%s", strchr(name, ':') ? "" : "sip:", name,
                           strchr(name, '@') ? "" : "@example.org");
}

static void append_one(GString *xml, const char *name)
{
    g_string_append(xml, "<identity><one id=\"");
    append_uri(xml, name);
    g_string_append(xml, "\"/></identity>");
}

static bool user_input_of(const char *value, const char **level)
{
    guint64 n = 0;
    if (!g_ascii_string_to_unsigned(value, 10, 0, G_N_ELEMENTS(user_input_levels) - 1, &n, NULL))
        return false;
    *level = user_input_levels[n];
    return true;
}

/* "id=1 who=bob sphere=home from=T until=T X=TRUE Y=10 Z=2" */
static void append_worked_rule(GString *xml, const char *notation)
{
    g_auto(GStrv) words = g_strsplit(notation, " ", -1);
    const char *id = "", *who = "", *sphere = "", *from = "", *until = "", *x = "", *z = "";
    const struct {
        const char *name;
        const char **value;
    } known[] = { { "id=", &id }, { "who=", &who }, { "sphere=", &sphere }, { "from=", &from }, { "until=", &until },
                  { "X=", &x },   { "Z=", &z } };
    for (char **word = words; *word; word++)
        for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
            if (g_str_has_prefix(*word, known[i].name))
                *known[i].value = *word + strlen(known[i].name);
    g_string_append_printf(xml, "<rule id=\"r%s\"><conditions>", id);
    append_one(xml, who);
    g_string_append_printf(xml,
                           "<sphere value=\"%s\"/><validity><from>%s</from><until>%s</until></validity></conditions>"
                           "<transformations>",
                           sphere, from, until);
    const char *level = NULL;
    if (strcmp(x, "NULL") != 0)
        g_string_append_printf(xml, "<pr:provide-mood>%s</pr:provide-mood>", strcmp(x, "TRUE") == 0 ? "true" : "false");
    if (user_input_of(z, &level))
        g_string_append_printf(xml, "<pr:provide-user-input>%s</pr:provide-user-input>", level);
    g_string_append(xml, "</transformations></rule>");
}

/* "<many><except id=U/></many>" with the quotes that the notation leaves out. */
static void append_quoted(GString *xml, const char *markup)
{
    bool quoted = false;
    for (const char *c = markup; *c; c++) {
        bool ends = *c == ' ' || *c == '>' || (*c == '/' && c[1] == '>');
        if (quoted && ends) {
            g_string_append_c(xml, '"');
            quoted = false;
        }
        g_string_append_c(xml, *c);
        if (*c == '=' && !quoted) {
            g_string_append_c(xml, '"');
            quoted = true;
        }
    }
}

/* "<one sip:bob@home1.net> allow": the identity, a blank, the handling. */
static void append_short_rule(GString *xml, const char *notation, unsigned number)
{
    const char *handling = strrchr(notation, ' ');
    if (!handling)
        return;
    g_autofree char *identity = g_strndup(notation, (gsize)(handling - notation));
    g_string_append_printf(xml, "<rule id=\"r%u\"><conditions>", number);
    if (g_str_has_prefix(identity, "<one ")) {
        identity[strlen(identity) - 1] = '\0';
        append_one(xml, identity + strlen("<one "));
    } else {
        g_string_append(xml, "<identity>");
        append_quoted(xml, identity);
        g_string_append_printf(xml, "%s</identity>", strstr(identity, "</many>") ? "" : "</many>");
    }
    g_string_append_printf(xml, "</conditions><actions><pr:sub-handling>%s</pr:sub-handling></actions></rule>",
                           handling + 1);
}

static Rules *policy_rules(const SelftestBlock *block, SelftestCheck *check)
{
    g_autoptr(GString) xml = g_string_new("<ruleset xmlns=\"" RULES_NS_COMMON "\" xmlns:pr=\"" RULES_NS_PRES "\">");
    g_auto(GStrv) notations = g_strsplit((const char *)selftest_field(block, "rules")->octets, ";", -1);
    for (unsigned i = 0; notations[i]; i++) {
        const char *notation = g_strstrip(notations[i]);
        if (g_str_has_prefix(notation, "id="))
            append_worked_rule(xml, notation);
        else
            append_short_rule(xml, notation, i + 1);
    }
    g_string_append(xml, "</ruleset>");
    g_autoptr(GString) errors = g_string_new(NULL);
    Rules *rules = rules_parse(xml->str, xml->len, errors);
    if (!rules)
        selftest_invalid(check, "rules: %s", errors->str);
    return rules;
}

static void check_results(const SelftestBlock *block, const Rules *rules, SelftestCheck *check)
{
    for (size_t i = 0; i < block->n_fields; i++) {
        const SelftestField *field = &block->fields[i];
        if (!g_str_has_prefix(field->name, "result_"))
            continue;
        g_auto(GStrv) sides = g_strsplit((const char *)field->octets, " -> ", 2);
        if (!sides[0] || !sides[1]) {
            selftest_invalid(check, "%s: not \"URI -> handling\"", field->name);
            return;
        }
        Text identity = text_from(sides[0]);
        RulesQuery query = { .identity = &identity, .n_identities = 1, .leg_protected = true };
        RulesDecision decision;
        rules_evaluate(rules, &query, &decision);
        selftest_expect_text(check, field->name, sides[1], rules_handling_name(decision.handling));
    }
}

static char *fired_rules(const Rules *rules, const RulesDecision *decision)
{
    GString *fired = g_string_new(NULL);
    for (unsigned i = 0; i < rules_count(rules); i++) {
        Text id = text_after(rules_id(rules, i), 1);
        if (decision->fired[i / 64] >> (i % 64) & 1)
            g_string_append_printf(fired, "%s" TEXT_FMT, fired->len ? " " : "", TEXT_ARG(id));
    }
    return g_string_free(fired, FALSE);
}

static void check_worked_example(const SelftestBlock *block, const Rules *rules, SelftestCheck *check)
{
    static const char *const needed[] = { "query_who", "query_time", "query_sphere", "X", "Z" };
    for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
        if (!selftest_need(block, needed[i], SIZE_MAX, check))
            return;
    g_autoptr(GString) uri = g_string_new(NULL);
    append_uri(uri, (const char *)selftest_field(block, "query_who")->octets);
    Text identity = text_of(uri->str, uri->len);
    RulesQuery query = { .identity = &identity,
                         .n_identities = 1,
                         .sphere = text_from((const char *)selftest_field(block, "query_sphere")->octets),
                         .leg_protected = true };
    if (!xmlsafe_time_parse(text_from((const char *)selftest_field(block, "query_time")->octets), &query.unix_ms)) {
        selftest_invalid(check, "query_time: not an XML dateTime");
        return;
    }
    RulesDecision decision;
    rules_evaluate(rules, &query, &decision);
    g_autofree char *fired = fired_rules(rules, &decision);
    selftest_expect(block, "fired", fired, strlen(fired), check);
    const char *x = decision.visible & RULES_MOOD ? "TRUE" : "FALSE";
    selftest_expect(block, "X", x, strlen(x), check);
    g_autofree char *z = g_strdup_printf("%d", (int)decision.user_input / RULES_INPUT_BARE);
    selftest_expect(block, "Z", z, strlen(z), check);
}

static void policy_check(const SelftestBlock *block, SelftestCheck *check)
{
    g_autoptr(Rules) rules = policy_rules(block, check);
    if (!rules)
        return;
    if (selftest_has(block, "fired"))
        check_worked_example(block, rules, check);
    else
        check_results(block, rules, check);
}

const SelftestKind selftest_policy_kind = { "policy", policy_applies, policy_check };
