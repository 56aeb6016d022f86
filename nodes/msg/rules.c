/*
 * nodes/msg/rules.c - what an authorization document says about a watcher.
 *
 * Source:  RFC 4745 §7 (conditions), §10 (combining); RFC 5025 §3.1, §3.2.
 * Knows:   see rules.h.
 *
 * Every permission is combined on its own over the rules that fire: truth by OR, numbers by MAX, sets by UNION (RFC
 * 4745 §10.2).  So a rule can only add; what nobody grants stays at its lowest value.
 */
#include "nodes/msg/rules_tree.h"
#include "nodes/msg/sip_uri.h"

enum { URI_MAX = 512 };

const char *rules_handling_name(RulesHandling handling)
{
    switch (handling) {
    case RULES_BLOCK: return "block";
    case RULES_CONFIRM: return "confirm";
    case RULES_POLITE_BLOCK: return "polite-block";
    case RULES_ALLOW: return "allow";
    }
    return "?";
}

/* ---- identity ---- */

static bool is_sip(const SipUri *uri)
{
    return uri->scheme == SIP_SCHEME_SIP || uri->scheme == SIP_SCHEME_SIPS;
}

/*
 * Two identities are addresses-of-record, so parameters do not tell them apart: otherwise a watcher could step around
 * an <except> by being asserted with ;user=phone.  URIs of different schemes are never equal, RFC 5025 §3.1.1.2.
 */
static bool same_identity(Text a, Text b)
{
    SipUri ua, ub;
    char key_a[URI_MAX], key_b[URI_MAX];
    if (text_equal(a, b))
        return true;
    if (!sip_uri(a, &ua) || !sip_uri(b, &ub))
        return false;
    if (!is_sip(&ua) || !is_sip(&ub))
        return sip_uri_equal(&ua, &ub);
    size_t len_a = sip_uri_canonical(&ua, key_a, sizeof key_a), len_b = sip_uri_canonical(&ub, key_b, sizeof key_b);
    return ua.scheme == ub.scheme && len_a > 0 && text_equal(text_of(key_a, len_a), text_of(key_b, len_b));
}

/* The domain of an identity; of schemes that SIP does not know, what follows the last @. */
static Text domain_of(Text identity)
{
    SipUri uri;
    if (!sip_uri(identity, &uri))
        return TEXT_NONE;
    if (text_present(uri.host))
        return uri.host;
    Text rest = uri.opaque, domain = TEXT_NONE;
    for (uint32_t at = text_find(rest, '@'); at < rest.len; at = text_find(rest, '@'))
        domain = rest = text_after(rest, at + 1);
    return text_first(domain, MIN(text_find(domain, '?'), text_find(domain, ';')));
}

/* DEVIATION: RFC 4745 §7.1.3 wants ToASCII of internationalised domains first; ours are ASCII. */
static bool in_domain(Text identity, Text domain)
{
    Text of = domain_of(identity);
    return of.len > 0 && text_equal_nocase(of, domain);
}

static bool is_excepted(const Rules *rules, const RulesIdentity *many, Text identity)
{
    for (unsigned i = 0; i < many->n_excepts; i++) {
        const RulesExcept *except = &g_array_index(rules->except, RulesExcept, many->first_except + i);
        if (text_present(except->id) ? same_identity(except->id, identity) : in_domain(identity, except->domain))
            return true;
    }
    return false;
}

/* A watcher with several asserted identities matches <one> or <except> if any of them does, RFC 5025 §3.1.1.2. */
static bool matches(const Rules *rules, const RulesIdentity *who, const RulesQuery *query)
{
    bool inside = false;
    for (unsigned i = 0; i < query->n_identities; i++) {
        Text identity = query->identity[i];
        if (who->one && same_identity(who->id, identity))
            return true;
        if (!who->one && is_excepted(rules, who, identity))
            return false;
        inside = inside || !text_present(who->domain) || in_domain(identity, who->domain);
    }
    return !who->one && inside;
}

static bool identity_holds(const Rules *rules, const RulesCondition *condition, const RulesQuery *query)
{
    if (condition->n == 0)
        return true;
    for (unsigned i = 0; i < condition->n; i++)
        if (matches(rules, &g_array_index(rules->identity, RulesIdentity, condition->first + i), query))
            return true;
    return false;
}

/* ---- the other conditions ---- */

static bool sphere_holds(Text spheres, Text now)
{
    Text rest = spheres, token;
    while (text_present(now) && text_cut(&rest, ' ', &token))
        if (token.len > 0 && text_equal_nocase(token, now))
            return true;
    return false;
}

static bool validity_holds(const Rules *rules, const RulesCondition *condition, int64_t unix_ms)
{
    for (unsigned i = 0; i < condition->n; i++) {
        const RulesPeriod *period = &g_array_index(rules->period, RulesPeriod, condition->first + i);
        if (unix_ms >= period->from_ms && unix_ms < period->until_ms)
            return true;
    }
    return false;
}

static bool condition_holds(const Rules *rules, const RulesCondition *condition, const RulesQuery *query)
{
    switch (condition->kind) {
    case RULES_IF_IDENTITY: return identity_holds(rules, condition, query);
    case RULES_IF_SPHERE: return sphere_holds(condition->spheres, query->sphere);
    case RULES_IF_VALID: return validity_holds(rules, condition, query->unix_ms);
    case RULES_IF_UNKNOWN: return false;
    }
    return false;
}

static bool fires(const Rules *rules, const RulesRule *rule, const RulesQuery *query)
{
    for (unsigned i = 0; i < rule->n_conditions; i++)
        if (!condition_holds(rules, &g_array_index(rules->condition, RulesCondition, rule->first_condition + i), query))
            return false;
    return true;
}

/* ---- combining ---- */

static void combine(const RulesRule *rule, RulesDecision *out)
{
    out->handling = MAX(out->handling, rule->handling);
    out->clear = MAX(out->clear, rule->clear);
    out->visible |= rule->visible;
    out->user_input = MAX(out->user_input, rule->user_input);
}

static void evaluate_document(const Rules *rules, const RulesQuery *query, RulesDecision *out)
{
    for (unsigned i = 0; i < rules->rule->len; i++) {
        const RulesRule *rule = rules_rule(rules, i);
        if (!fires(rules, rule, query))
            continue;
        combine(rule, out);
        out->fired[i / 64] |= UINT64_C(1) << i % 64;
    }
    if (out->clear == RULES_CLEAR_UNSTATED)
        out->clear = rules->clear;
}

void rules_evaluate(const Rules *rules, const RulesQuery *query, RulesDecision *out)
{
    memset(out, 0, sizeof *out);
    if (rules)
        evaluate_document(rules, query, out);
    else {
        out->handling = RULES_ALLOW;
        out->visible = RULES_ALL_ATTRIBUTES | RULES_ALL_SERVICES | RULES_ALL_PERSONS | RULES_ALL_DEVICES;
        out->user_input = RULES_INPUT_FULL;
    }
    bool clear_allowed = out->clear == RULES_CLEAR_UNSTATED ? query->clear_default : out->clear == RULES_CLEAR_ALLOW;
    out->withheld = !query->leg_protected && !clear_allowed;
}

unsigned rules_count(const Rules *rules)
{
    return rules->rule->len;
}

Text rules_id(const Rules *rules, unsigned i)
{
    return rules_rule(rules, i)->id;
}

bool rules_uses_time(const Rules *rules)
{
    return rules->period->len > 0;
}

int64_t rules_next_change(const Rules *rules, int64_t unix_ms)
{
    int64_t next = INT64_MAX;
    for (unsigned i = 0; i < rules->period->len; i++) {
        const RulesPeriod *period = &g_array_index(rules->period, RulesPeriod, i);
        if (period->from_ms > unix_ms)
            next = MIN(next, period->from_ms);
        if (period->until_ms > unix_ms)
            next = MIN(next, period->until_ms);
    }
    return next;
}
