/*
 * scenarios/search.h - a bounded search for attacks: breadth first over what one attacker on the access hop can do to
 * the messages that are really there.
 *
 * Source:  threats 5 (moves, each costs one; traces S10 to S15), 2.0 (leak, denial and detected abort are different
 *          outcomes), AT-18 to AT-22.
 * Knows:   the moves are those of scenario files (nodes/attacker/attacker.h); they are made from the messages of a run
 *          without him, not from a table, and every combination is a run.  Goals are judged from evidence.
 *
 * A combination counts only when each of its moves acted, and as many moves as the attacker made: an interception is
 * two, the victim's connection and his own.  One that left the same octets on every segment as an earlier one is not
 * extended: what follows from it follows from that one.
 */
#ifndef PRESEC_SCENARIOS_SEARCH_H
#define PRESEC_SCENARIOS_SEARCH_H

#include "scenarios/option.h"
#include "scenarios/scenario.h"

#define SEARCH_MOVES_MAX     6
#define SEARCH_MOVES_DEFAULT 2

typedef enum {
    SEARCH_CLEAR,       /* document or relation are read, and are not without him (S10, S12, S13) */
    SEARCH_SM7,         /* the answer to the challenge is read (S14) */
    SEARCH_UNPROTECTED, /* ... because it left outside any security association (S11) */
    SEARCH_DENIAL,      /* the registration fails, and does not without him (S15) */
    SEARCH_MASQUERADE,  /* as the property */
    SEARCH_N_GOALS
} SearchGoal;

typedef struct SearchGoalInfo {
    const char *id, *title; /* "sm7"; one line */
} SearchGoalInfo;
extern const SearchGoalInfo search_goal_info[SEARCH_N_GOALS];

/* How the registration of a run ended. */
typedef enum {
    SEARCH_REGISTERED,
    SEARCH_SILENT, /* denial: nobody answered any more */
    SEARCH_ABORTED /* detected: an honest end refused to go on, and said so */
} SearchEnding;
const char *search_ending_text(SearchEnding ending); /* "registered", "silent denial", "detected abort" */

typedef struct SearchMove {
    char *xml;   /* the element in a scenario file */
    char *words; /* "SM6: keep only hmac-sha-1-96 of Security-Server" */
    char *takes; /* the message that it takes away and may put another in its place of; "": lets all pass */
    const ScenarioMove *item; /* borrowed from the search */
} SearchMove;

typedef struct SearchTrace {
    unsigned n_elements, n_moves;              /* moves: as they count */
    const SearchMove *moves[SEARCH_MOVES_MAX]; /* elements; borrowed from the search */
    unsigned goals;                            /* every goal that it reaches: 1 << SearchGoal */
    SearchEnding ending;
    char *end;           /* what the UE was told: "494 Security Agreement Required", "timer F" */
    int end_status;      /* of the registration's last outcome; 0 = refused, -1 = time-out */
    char *how;           /* what shows the goal: who read what, where and through what */
    unsigned clear;      /* Clear (scenarios/judge.h): what is read in this run */
    const char *sa_ealg; /* of the UE's newest SA: "null"; "none" without one */
} SearchTrace;

typedef struct SearchAnswer {
    bool asked;
    bool already;      /* reached by the run without moves */
    unsigned moves;    /* the least number; 0: none found */
    uint64_t n;        /* so many combinations of that length */
    GPtrArray *traces; /* SearchTrace *, the first of them */
} SearchAnswer;

typedef struct SearchDepth {
    unsigned moves;              /* elements */
    uint64_t combinations, runs; /* fewer runs: a bound was reached, or the search was interrupted */
    uint64_t made;               /* in which every move acted; the rest are among these */
    uint64_t reached[SEARCH_N_GOALS], registered, silent, aborted;
} SearchDepth;

typedef struct Search {
    char *segment; /* "air:alice" */
    uint64_t seed;
    unsigned max_moves;
    GPtrArray *moves;      /* SearchMove * */
    GArray *depths;        /* SearchDepth */
    unsigned clear_before; /* Clear: what is read without a move */
    SearchAnswer answers[SEARCH_N_GOALS];
    uint64_t runs, events;
    char *bound;          /* one line: what was searched */
    bool interrupted;     /* the last depth is not complete */
    bool runs_exhausted;  /* likewise, by max_runs */
    GPtrArray *documents; /* private: what the moves were read from */
} Search;

typedef struct SearchConfig {
    const Option *option;       /* borrowed; open fields stand at their defaults */
    bool goals[SEARCH_N_GOALS]; /* all false = all.  The search ends when each is reached */
    const char *segment;        /* of the access hop: "air", "gi"; NULL = "air" */
    const char *const *only;    /* NULL-terminated: only moves whose words contain one of these; NULL = all */
    unsigned max_moves;         /* 0 = SEARCH_MOVES_DEFAULT */
    unsigned max_traces;        /* kept for each goal; 0 = 12 */
    uint64_t max_runs;          /* 0 = no bound */
    uint64_t seed;
    unsigned jobs; /* threads; 0 = 1.  The answer does not depend on it */
    /* Called from the caller's thread after every run; false: those not yet begun are left out. */
    bool (*progress)(void *ctx, unsigned moves, uint64_t done, uint64_t total);
    void *ctx;
} SearchConfig;

Search *search_attacks(const SearchConfig *config) G_GNUC_WARN_UNUSED_RESULT;
void search_free(Search *search);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Search, search_free)

/* A goal asked for is neither reached nor excluded within the bound on moves. */
bool search_is_inconclusive(const Search *search);

/*
 * A trace as a scenario file that says what comes of it: `presec validate` takes it, `presec check` meets it.
 * @id: of the scenario; @option: the one searched.  It is named when it is as shipped, else written out.
 */
char *search_scenario(const Search *search, const Option *option, SearchGoal goal, const SearchTrace *trace,
                      const char *id) G_GNUC_WARN_UNUSED_RESULT;

#endif
