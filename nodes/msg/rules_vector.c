/*
 * nodes/msg/rules_vector.c - the shorthand of policy vectors.
 *
 * Source:  RFC 4745 §10.2 (the table).
 * Knows:   see rules_vector.h.
 */
#include "nodes/msg/rules_vector.h"
#include "nodes/msg/xmlsafe.h"

static const unsigned y_values[] = { 3, 5, 10, 12 }; /* the table's numbers, in the order of our words */
static const char *const y_words[] = { "block", "confirm", "polite-block", "allow" };
static const char *const z_words[] = { "false", "bare", "thresholds" }; /* for 1, 2, 3 */

static void append(GString *out, Text text)
{
    g_string_append_len(out, text.p, text.len);
}

/* The value of `name=` among words separated by blanks. */
static bool field(Text words, const char *name, Text *out)
{
    Text word;
    size_t len = strlen(name);
    while (text_cut(&words, ' ', &word)) {
        if (!text_starts(word, name) || word.len <= len || word.p[len] != '=')
            continue;
        *out = text_after(word, len + 1);
        return true;
    }
    return false;
}

static bool y_index(Text value, unsigned *out)
{
    uint32_t n;
    for (*out = 0; text_to_u32(value, 1000, &n) && *out < G_N_ELEMENTS(y_values); ++*out)
        if (y_values[*out] == n)
            return true;
    return false;
}

/* id=1 who=bob sphere=home from=T until=T X=TRUE Y=10 Z=2 */
static bool table_rule(Text rule, GString *out)
{
    Text id, who, sphere, from, until, x, y, z;
    unsigned y_at, z_value;
    if (!field(rule, "id", &id) || !field(rule, "who", &who) || !field(rule, "sphere", &sphere) ||
        !field(rule, "from", &from) || !field(rule, "until", &until) || !field(rule, "X", &x) ||
        !field(rule, "Y", &y) || !field(rule, "Z", &z) || !y_index(y, &y_at) || !text_to_u32(z, 3, &z_value) ||
        z_value == 0)
        return false;
    g_string_append_printf(out,
                           "<cr:rule id=\"r" TEXT_FMT "\"><cr:conditions><cr:identity><cr:one id=\"sip:" TEXT_FMT
                           "@example.com\"/></cr:identity><cr:sphere value=\"" TEXT_FMT
                           "\"/><cr:validity><cr:from>" TEXT_FMT "</cr:from><cr:until>" TEXT_FMT
                           "</cr:until></cr:validity></cr:conditions>",
                           TEXT_ARG(id), TEXT_ARG(who), TEXT_ARG(sphere), TEXT_ARG(from), TEXT_ARG(until));
    g_string_append_printf(out, "<cr:actions><pr:sub-handling>%s</pr:sub-handling></cr:actions><cr:transformations>",
                           y_words[y_at]);
    if (!text_is(x, "NULL"))
        g_string_append_printf(out, "<pr:provide-mood>%s</pr:provide-mood>", text_is(x, "TRUE") ? "true" : "false");
    g_string_append_printf(out, "<pr:provide-user-input>%s</pr:provide-user-input></cr:transformations></cr:rule>",
                           z_words[z_value - 1]);
    return true;
}

/* What stands between the brackets of the shorthand's element: `one sip:bob@x`, `many domain=x`, `except id=x/`. */
static bool element(Text inside, GString *out)
{
    bool alone = inside.len > 0 && inside.p[inside.len - 1] == '/';
    Text rest = alone ? text_first(inside, inside.len - 1) : inside, name, value = TEXT_NONE;
    if (!text_cut(&rest, ' ', &name))
        return false;
    if (text_present(rest))
        value = rest;
    if (text_is(name, "/many"))
        g_string_append(out, "</cr:many>");
    else if (text_is(name, "one") && value.len > 0)
        g_string_append_printf(out, "<cr:one id=\"" TEXT_FMT "\"/>", TEXT_ARG(value));
    else if (text_is(name, "many") && text_starts(value, "domain="))
        g_string_append_printf(out, "<cr:many domain=\"" TEXT_FMT "\"/>", TEXT_ARG(text_after(value, 7)));
    else if (text_is(name, "many") && value.len == 0)
        g_string_append(out, "<cr:many>");
    else if (text_is(name, "except") && text_starts(value, "id="))
        g_string_append_printf(out, "<cr:except id=\"" TEXT_FMT "\"/>", TEXT_ARG(text_after(value, 3)));
    else if (text_is(name, "except") && text_starts(value, "domain="))
        g_string_append_printf(out, "<cr:except domain=\"" TEXT_FMT "\"/>", TEXT_ARG(text_after(value, 7)));
    else
        return false;
    return true;
}

/* <one sip:bob@home1.net> allow */
static bool short_rule(Text rule, unsigned number, GString *out)
{
    g_string_append_printf(out, "<cr:rule id=\"r%u\"><cr:conditions><cr:identity>", number);
    Text rest = rule;
    while (rest.len > 0 && rest.p[0] == '<') {
        uint32_t end = text_find(rest, '>');
        if (end == rest.len || !element(text_first(text_after(rest, 1), end - 1), out))
            return false;
        rest = text_after(rest, end + 1);
    }
    g_string_append(out, "</cr:identity></cr:conditions><cr:actions><pr:sub-handling>");
    append(out, text_trim(rest));
    g_string_append(out, "</pr:sub-handling></cr:actions></cr:rule>");
    return true;
}

bool rules_vector_document(Text shorthand, GString *out)
{
    Text rest = shorthand, rule;
    unsigned number = 0;
    g_string_append(out, "<cr:ruleset xmlns:cr=\"" RULES_NS_COMMON "\" xmlns:pr=\"" RULES_NS_PRES "\">");
    while (text_cut(&rest, ';', &rule)) {
        rule = text_trim(rule);
        number++;
        if (!(text_starts(rule, "<") ? short_rule(rule, number, out) : table_rule(rule, out)))
            return false;
    }
    g_string_append(out, "</cr:ruleset>");
    return true;
}

static Rules *rules_of(Text shorthand)
{
    g_autoptr(GString) document = g_string_new(NULL);
    return rules_vector_document(shorthand, document) ? rules_parse(document->str, document->len, NULL) : NULL;
}

static void list_fired(const Rules *rules, const RulesDecision *decision, char *out, size_t cap)
{
    g_autoptr(GString) fired = g_string_new(NULL);
    for (unsigned i = 0; i < rules_count(rules); i++) {
        Text id = text_after(rules_id(rules, i), 1); /* without the r that makes the number an xs:ID */
        if (decision->fired[i / 64] >> i % 64 & 1)
            g_string_append_printf(fired, "%s" TEXT_FMT, fired->len > 0 ? " " : "", TEXT_ARG(id));
    }
    g_strlcpy(out, fired->str, cap);
}

bool rules_vector_table(Text shorthand, Text who, Text time, Text sphere, RulesVectorTable *out)
{
    g_autoptr(Rules) rules = rules_of(shorthand);
    g_autofree char *uri = g_strdup_printf("sip:" TEXT_FMT "@example.com", TEXT_ARG(who));
    Text identity = text_from(uri);
    RulesQuery query = { .identity = &identity, .n_identities = 1, .sphere = sphere, .leg_protected = true };
    RulesDecision decision;
    if (!rules || !xmlsafe_time_parse(time, &query.unix_ms))
        return false;
    rules_evaluate(rules, &query, &decision);
    list_fired(rules, &decision, out->fired, sizeof out->fired);
    out->x = decision.visible & RULES_MOOD;
    out->y = y_values[decision.handling / 10];
    out->z = decision.user_input / 10 + 1;
    return true;
}

bool rules_vector_handling(Text shorthand, Text watcher, RulesHandling *out)
{
    g_autoptr(Rules) rules = rules_of(shorthand);
    RulesQuery query = { .identity = &watcher, .n_identities = text_present(watcher), .leg_protected = true };
    RulesDecision decision;
    if (!rules)
        return false;
    rules_evaluate(rules, &query, &decision);
    *out = decision.handling;
    return true;
}
