/*
 * scenarios/verdict.h - verdicts, their evidence and what they are about.
 *
 * "Holds" means: this attacker, in this run, within this bound, found nothing.  A service that was refused is not
 * available, never "holds".
 */
#ifndef PRESEC_SCENARIOS_VERDICT_H
#define PRESEC_SCENARIOS_VERDICT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    VERDICT_HOLDS,
    VERDICT_VIOLATED,
    VERDICT_NOT_AVAILABLE,
    VERDICT_DEPENDS,     /* computed: differs between conditions that were each run */
    VERDICT_INCONCLUSIVE /* a bound was reached */
} Verdict;
const char *verdict_text(Verdict verdict); /* "holds", "violated", "not-available", "depends", "inconclusive" */
bool verdict_parse(const char *text, Verdict *out);

typedef enum {
    PROPERTY_PUBLISH_BODY_AIR,     /* P1 */
    PROPERTY_NOTIFY_BODY_AIR,      /* P2 */
    PROPERTY_RELATION_AIR,         /* P3 */
    PROPERTY_BODY_ACCESS_CORE,     /* P4 */
    PROPERTY_RELATION_ACCESS_CORE, /* P5 */
    PROPERTY_BODY_VISITED_PCSCF,   /* P6 */
    PROPERTY_INTEGRITY,            /* P7 */
    PROPERTY_REPLAY,               /* P8 */
    PROPERTY_MASQUERADE,           /* P13 */
    PROPERTY_IDENTITY_UNLINKABLE,  /* P9b */
    PROPERTY_AVAILABLE,            /* P10 */
    PROPERTY_UDP,                  /* P11 */
    PROPERTY_WLAN,                 /* P12 */
    PROPERTY_DOWNGRADE,            /* P16 */
    PROPERTY_OTHER_WATCHERS,       /* P17 */
    N_PROPERTIES
} Property;

typedef struct PropertyInfo {
    Property property;
    const char *id;        /* "notify-body-air" */
    const char *column;    /* "P2" */
    const char *title;     /* one line */
    const char *attacker;  /* "A1" */
    const char *predicate; /* violated when ...; not available when ... */
    bool in_trust_model;
} PropertyInfo;
extern const PropertyInfo property_info[N_PROPERTIES];
const PropertyInfo *property_find(const char *id_or_column); /* NULL: none */

/* Where it can be seen. */
typedef struct Witness {
    char *scenario;  /* the run that shows it: a cast and an attack, "standard", "standard+AT-20" */
    uint64_t packet; /* 1-based frame of that run's capture; 0 when no packet shows it */
    char *segment;
    int64_t time_ns;
    char *excerpt;  /* decoded octets that are really in that packet */
    char **because; /* NULL-terminated: the chain of decisions, in order of time */
} Witness;

typedef struct Condition {
    char *set; /* "dual-mode=yes" */
    Verdict verdict;
    char *attack; /* that decided, "" = none */
} Condition;

typedef struct Judgement {
    Verdict verdict;
    char *attacker; /* "A1" */
    char *attack;   /* "AT-01"; the one that succeeded, or "" */
    char *reason;   /* one line */
    bool in_trust_model;
    Witness *witness;      /* of a violation (of the first violated branch when it depends); NULL otherwise */
    GPtrArray *conditions; /* Condition*; empty unless several were run */
} Judgement;
Judgement *judgement_new(Verdict verdict, const char *attacker, const char *attack, const char *reason);
void judgement_free(Judgement *judgement);
Witness *witness_copy(const Witness *witness);
void witness_free(Witness *witness);

#endif
