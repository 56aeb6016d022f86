/*
 * nodes/msg/rules.h - presence authorization documents: reading one, asking it about a watcher, filtering what he gets.
 *
 * Source:  RFC 4745 (conditions §7, combining §10); RFC 5025 (sub-handling §3.2.1, what may be seen §3.3); seed S3 §2
 * for clear-notifications. Knows:   the documents.  Who the watcher is, what time it is and how his leg is protected
 * are told to it.
 *
 * Our extension, namespace urn:presec:policy:1: `<clear-notifications>allow</clear-notifications>` or `deny`, the
 * Subscription Authorization Policy's switch of seed S3: may a document go to a watcher whose leg is not protected
 * against reading? As an action of a rule it is combined like any permission: allow in one rule that fired beats deny
 * in another.  As a child of the ruleset itself it holds where no rule that fired says anything; and where the document
 * is silent, the server's default does. DEVIATION: RFC 4745 §13 has no place for anything but rules in a ruleset.
 */
#ifndef PRESEC_NODES_MSG_RULES_H
#define PRESEC_NODES_MSG_RULES_H

#include "nodes/msg/pidf.h"
#include "nodes/msg/text.h"

#define RULES_MIME      "application/auth-policy+xml"
#define RULES_NS_COMMON "urn:ietf:params:xml:ns:common-policy"
#define RULES_NS_PRES   "urn:ietf:params:xml:ns:pres-rules"
#define RULES_NS_PRESEC "urn:presec:policy:1"
enum { RULES_MAX = 256 /* rules in a document */ };

/* The values of RFC 5025 §3.2.1: the greatest one of the rules that fire wins. */
typedef enum {
    RULES_BLOCK = 0,         /* 403; running subscriptions end with reason rejected */
    RULES_CONFIRM = 10,      /* 202, pending, no document */
    RULES_POLITE_BLOCK = 20, /* 200, active, pidf_closed_polite() */
    RULES_ALLOW = 30,        /* 200, active, the filtered document */
} RulesHandling;
const char *rules_handling_name(RulesHandling handling);

typedef struct Rules Rules;

/** NULL: not a valid document; @errors (may be NULL) gets "line: what is wrong; what is allowed" lines, all of them. */
Rules *rules_parse(const char *octets, size_t len, GString *errors) G_GNUC_WARN_UNUSED_RESULT;
void rules_free(Rules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rules, rules_free)

typedef struct RulesQuery {
    const Text *identity; /* the asserted URIs of the watcher, RFC 5025 §3.1.1.2; NULL when he is not authenticated */
    unsigned n_identities;
    int64_t unix_ms;    /* now */
    Text sphere;        /* the presentity's, absent when undefined: pidf_sphere() */
    bool leg_protected; /* the watcher's access leg has confidentiality */
    bool clear_default; /* the server's own setting: notifications without it are allowed */
} RulesQuery;

/* What may be seen, RFC 5025 §3.3.2, as bits. */
enum {
    RULES_ACTIVITIES = 1 << 0,
    RULES_CLASS = 1 << 1,
    RULES_DEVICE_ID = 1 << 2,
    RULES_MOOD = 1 << 3,
    RULES_PLACE_IS = 1 << 4,
    RULES_PLACE_TYPE = 1 << 5,
    RULES_PRIVACY = 1 << 6,
    RULES_RELATIONSHIP = 1 << 7,
    RULES_SPHERE = 1 << 8,
    RULES_STATUS_ICON = 1 << 9,
    RULES_TIME_OFFSET = 1 << 10,
    RULES_NOTE = 1 << 11,
    RULES_ALL_ATTRIBUTES = 1 << 12,
    RULES_ALL_SERVICES = 1 << 13,
    RULES_ALL_PERSONS = 1 << 14,
    RULES_ALL_DEVICES = 1 << 15,
};
typedef enum {
    RULES_INPUT_FALSE = 0,
    RULES_INPUT_BARE = 10,
    RULES_INPUT_THRESHOLDS = 20,
    RULES_INPUT_FULL = 30
} RulesInput;
typedef enum { RULES_CLEAR_UNSTATED, RULES_CLEAR_DENY, RULES_CLEAR_ALLOW } RulesClear;

/* What the document says about one watcher.  Plain data: equal queries give equal octets (memcmp), so it can key a
 * cache. */
typedef struct RulesDecision {
    RulesHandling handling;
    RulesClear clear;  /* as combined from the document */
    uint32_t withheld; /* 1: his leg is unprotected and nothing may go out in clear; whatever the handling, no document
                          may be sent */
    uint32_t visible;  /* bits above */
    RulesInput user_input;
    uint32_t unused; /* 0 */
    uint64_t fired[RULES_MAX /
                   64]; /* bit i: rule i (document order) fired; its sets of persons, devices and services count */
} RulesDecision;

/** @rules: NULL stands for a presentity without a document: everybody is allowed everything. */
void rules_evaluate(const Rules *rules, const RulesQuery *query, RulesDecision *out);

unsigned rules_count(const Rules *rules);
Text rules_id(const Rules *rules, unsigned i);
bool rules_uses_time(const Rules *rules); /* a validity condition somewhere: decisions may change as time passes */
/** Next instant after @unix_ms at which a validity condition begins or ends; INT64_MAX: none. */
int64_t rules_next_change(const Rules *rules, int64_t unix_ms);

/** Take out of @pidf what the decision does not grant.  @rules: the ones the decision came from; NULL as above. */
void pidf_filter(Pidf *pidf, const Rules *rules, const RulesDecision *decision);

/** The document in lines.  False: it must be rejected; the lines say why. */
bool rules_describe(const uint8_t *octets, size_t len, GString *out);

#endif
