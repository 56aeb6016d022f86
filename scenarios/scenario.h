/*
 * scenarios/scenario.h - an experiment as data: who takes part, who attacks, what happens when, and what must come of
 * it.
 *
 * Source:  scenarios/schema/presec.xsd is the vocabulary; scenarios/README.md explains it.  Scenarios, casts (a
 * scenario that compare runs under every option) and attacks (blocks of attackers to be merged into a cast) are one
 * vocabulary. Knows:   data.  scenarios/world.h makes a network of it.
 */
#ifndef PRESEC_SCENARIOS_SCENARIO_H
#define PRESEC_SCENARIOS_SCENARIO_H

#include "nodes/attacker/attacker.h"
#include "scenarios/option.h"
#include "scenarios/verdict.h"

typedef enum { SCENARIO_SCENARIO, SCENARIO_CAST, SCENARIO_ATTACK } ScenarioKind;

/* All items are immutable once loaded and shared between merged scenarios; strings are never NULL unless said. */
typedef struct ScenarioUe {
    char *id;
    Option *leg;              /* NULL: the option's own leg; else only its leg fields count */
    char *rules;              /* pres-rules document of its presentity; NULL: none */
    char *forges;             /* id of the UE whose identity it puts into its requests; NULL: none */
    bool hostile;             /* belongs to the attacker: a subscriber with a modified UE (A6) */
    int64_t registration_s;   /* asked for; 0 = the UE's own */
    bool without_certificate; /* has none of its own, where the option's subscribers have one */
    Place place;
} ScenarioUe;

/* Many like one. */
typedef struct ScenarioPopulation {
    char *id; /* members are ID-1, ID-2, ... */
    Option *leg;
    unsigned count;
    unsigned per_cell;   /* UEs in one cell */
    double rate;         /* arrivals per second, exponential gaps */
    SimTime from;        /* first arrival not before */
    unsigned watches;    /* how many of the members before it each one watches */
    SimTime publish_gap; /* mean time between its publications; 0 = publishes once */
    SimTime stay;        /* mean time until it de-registers; 0 = stays */
    Place place;
} ScenarioPopulation;

typedef enum {
    ACT_ATTACH,
    ACT_REGISTER,
    ACT_REREGISTER,
    ACT_DEREGISTER,
    ACT_PUBLISH,
    ACT_UNPUBLISH,
    ACT_SUBSCRIBE,
    ACT_FETCH,
    ACT_UNSUBSCRIBE,
    ACT_WATCH_WATCHERS,
    ACT_MESSAGE,
    ACT_POWER_OFF,
    ACT_SET_POLICY,
    ACT_N
} ActionVerb;
const char *action_name(ActionVerb verb); /* "register" */

typedef struct ScenarioAction {
    SimTime at;
    ActionVerb verb;
    char *ue;        /* who does it */
    char *to;        /* subscribe, unsubscribe, fetch, message; "" otherwise */
    bool open;       /* publish: basic status */
    char *text;      /* message, publish: put before the canary; set-policy: the rules */
    int64_t seconds; /* subscribe, watch-watchers; -1 = default */
    Place place;
} ScenarioAction;

/* A move as the file says it: Move, with owned strings and names instead of pointers into a world. */
typedef struct ScenarioMove {
    Move move;          /* texts owned by this item; steer_to and cell are filled in by the world */
    CellConfig cell;    /* MOVE_CELL; as far as the file says it */
    bool cell_has_key;  /* knows the WEP key of the cell it copies */
    GPtrArray *strings; /* what move and cell borrow */
    GArray *edits;      /* MoveEdit */
    Place place;
} ScenarioMove;

typedef struct ScenarioAttacker {
    char *id, *position;
    char **at;          /* segments; "pcscf:alice" stands for the host of her P-CSCF (A4) */
    char *owns;         /* a participant who works with him: that one's keys are his (A6); "" otherwise */
    double work_log2;   /* negative: the option's */
    unsigned knowledge; /* 0: the option's */
    char **knows;       /* participants whose names he knows from before: IMPI and IMPU */
    GPtrArray *moves;   /* ScenarioMove* */
    Place place;
} ScenarioAttacker;

typedef enum {
    EXPECT_PROPERTY, /* property is verdict */
    EXPECT_OUTCOME,  /* a UE's action ended so */
    EXPECT_COUNT,    /* a node received, sent, dropped or decided something so often */
    EXPECT_READS,    /* an attacker read a canary */
    EXPECT_READS_NOT,
    EXPECT_MOVES,      /* an attacker made so many moves */
    EXPECT_REGISTERED, /* a UE is registered at the end */
    EXPECT_DISPLAYS,   /* a UE showed something of another so often */
    EXPECT_PROTECTION  /* the newest SA of a UE */
} ExpectationKind;
typedef enum { COUNT_RECEIVED, COUNT_SENT, COUNT_DROPPED, COUNT_DECIDED } CountOf;

typedef struct Expectation {
    ExpectationKind kind;
    char *subject; /* UE, node or attacker; "" for a property */
    char *what;    /* action, label, cause, rule, canary kind, ealg */
    char *of;      /* target, or whose canary; "" = any */
    char *is;      /* as written: "200", "holds", "refused", "1" */
    unsigned nth;  /* outcome: the n-th of its kind, 0 = the last */
    CountOf count_of;
    Property property;
    Verdict verdict;
    int64_t least, most; /* numbers */
    bool yes;
    Place place;
} Expectation;

typedef struct ScenarioSource {
    char *document, *clause;
} ScenarioSource;

typedef struct ScenarioDelay {
    char *segment;    /* "mw", "gi" */
    SimTime delay;    /* negative: unchanged */
    int64_t up, down; /* bits per second; negative: unchanged */
    int64_t loss_ppm;
} ScenarioDelay;

typedef struct Scenario {
    ScenarioKind kind;
    char *file, *id, *title, *claim, *picture;
    Option *option; /* named or inline; NULL: none stated (casts, attacks) */
    bool block_tcp;
    SimTime until; /* 0: some time after the last action */
    GPtrArray *sources, *ues, *populations, *attackers, *delays, *actions, *expectations;
    /* of attacks */
    char *property; /* id of the column it is tried for; "" otherwise */
    char *position;
} Scenario;

/* A shipped id ("replayed-subscribe", "standard", "AT-20"), a file name, or "-".  NULL: see @diagnostics. */
Scenario *scenario_load(const char *id_or_file, Diagnostics *diagnostics) G_GNUC_WARN_UNUSED_RESULT;
/* From octets; @file names them in diagnostics. */
Scenario *scenario_parse(const char *file, const void *octets, size_t len,
                         Diagnostics *diagnostics) G_GNUC_WARN_UNUSED_RESULT;
/* "CAST+ATTACK", or an attack alone, which is tried on the standard cast: the runs that `presec compare` makes.  NULL:
 * the word is neither. */
Scenario *scenario_load_merged(const char *word) G_GNUC_WARN_UNUSED_RESULT;
void scenario_free(Scenario *scenario);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scenario, scenario_free)

/* Shipped ids, sorted, NULL-terminated; g_strfreev. */
char **scenario_ids(ScenarioKind kind) G_GNUC_WARN_UNUSED_RESULT;

/* The cast with the attack's participants, attackers and actions added; id "standard+AT-20".  Neither is changed. */
Scenario *scenario_merge(const Scenario *cast, const Scenario *attack) G_GNUC_WARN_UNUSED_RESULT;
/* Everything of @scenario under another id, e.g. for a variation; the arrays may be changed, their items not. */
Scenario *scenario_copy(const Scenario *scenario) G_GNUC_WARN_UNUSED_RESULT;
const ScenarioUe *scenario_find_ue(const Scenario *scenario, const char *id);
SimTime scenario_end(const Scenario *scenario);

/* Check a file of any of the formats (scenario, cast, attack, option, lesson).  True: valid. */
bool scenario_validate(const char *file, Diagnostics *diagnostics) G_GNUC_WARN_UNUSED_RESULT;

/* A commented file that validates. */
char *scenario_template(void) G_GNUC_WARN_UNUSED_RESULT;

#endif
