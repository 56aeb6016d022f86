/*
 * nodes/msg/rules_tree.h - the inside of a parsed authorization document: for rules_parse.c, rules.c and
 * rules_filter.c.
 */
#ifndef PRESEC_NODES_MSG_RULES_TREE_H
#define PRESEC_NODES_MSG_RULES_TREE_H

#include "nodes/msg/rules.h"
#include "nodes/msg/xmlsafe.h"

/* <except>: one of the two is present. */
typedef struct RulesExcept {
    Text id, domain;
} RulesExcept;

/* A child of <identity>. */
typedef struct RulesIdentity {
    bool one;    /* else many */
    Text id;     /* one */
    Text domain; /* many; absent = every domain */
    unsigned first_except, n_excepts;
} RulesIdentity;

typedef struct RulesPeriod {
    int64_t from_ms, until_ms;
} RulesPeriod;

/* A child of <conditions>; all of a rule must be true. */
typedef enum {
    RULES_IF_IDENTITY,
    RULES_IF_SPHERE,
    RULES_IF_VALID,
    RULES_IF_UNKNOWN /* never true, RFC 4745 §7 */
} RulesConditionKind;
typedef struct RulesCondition {
    RulesConditionKind kind;
    unsigned first, n; /* identities or periods */
    Text spheres;      /* separated by blanks */
} RulesCondition;

/* A member of provide-services, -persons or -devices. */
typedef enum { RULES_SERVICES, RULES_PERSONS, RULES_DEVICES } RulesComponent;
typedef enum { RULES_BY_CLASS, RULES_BY_OCCURRENCE, RULES_BY_URI, RULES_BY_SCHEME, RULES_BY_DEVICE_ID } RulesGrantKind;
typedef struct RulesGrant {
    RulesComponent component;
    RulesGrantKind kind;
    Text value;
} RulesGrant;

/* provide-unknown-attribute that is true */
typedef struct RulesUnknown {
    Text name, ns;
} RulesUnknown;

typedef struct RulesRule {
    Text id;
    unsigned first_condition, n_conditions;
    RulesHandling handling;
    RulesClear clear;
    uint32_t visible;
    RulesInput user_input;
    unsigned first_grant, n_grants;
    unsigned first_unknown, n_unknowns;
} RulesRule;

struct Rules {
    xmlDocPtr doc; /* texts are views of it */
    RulesClear clear;
    GArray *rule, *condition, *identity, *except, *period, *grant, *unknown; /* of the types above */
};

static inline const RulesRule *rules_rule(const Rules *rules, unsigned i)
{
    return &g_array_index(rules->rule, RulesRule, i);
}

static inline bool rules_fired(const RulesDecision *decision, unsigned i)
{
    return decision->fired[i / 64] >> i % 64 & 1;
}

#endif
