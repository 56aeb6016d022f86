/*
 * scenarios/search_goals.c - what came of one run of a search: goals reached, and how the registration ended.
 *
 * Source:  threats 2.0 (success is decided on octets; leak, denial and detected abort are three outcomes), 5 (S10-S15).
 * Knows:   evidence, as the judge does.
 */
#include "scenarios/search_private.h"

#include "nodes/attacker/scout.h"
#include "scenarios/exhibits.h"
#include "scenarios/judge.h"

#include <inttypes.h>
#include <string.h>

enum { UNPROTECTED_PORT = 5060 }; /* TS 33.203 §7.1: never a protected one */

const SearchGoalInfo search_goal_info[SEARCH_N_GOALS] = {
    [SEARCH_CLEAR] = { "clear", "a document, or who watches whom, becomes readable" },
    [SEARCH_SM7] = { "sm7", "the answer to the challenge becomes readable" },
    [SEARCH_UNPROTECTED] = { "unprotected", "the answer to the challenge leaves outside any security association" },
    [SEARCH_DENIAL] = { "denial", "the registration fails" },
    [SEARCH_MASQUERADE] = { "masquerade", "the network takes the attacker for somebody else" },
};

const char *search_ending_text(SearchEnding ending)
{
    switch (ending) {
    case SEARCH_REGISTERED: return "registered";
    case SEARCH_SILENT: return "silent denial";
    case SEARCH_ABORTED: return "detected abort";
    }
    return "";
}

static void reach(SearchNote *note, SearchGoal goal, char *how)
{
    note->goals |= 1u << goal;
    note->how[goal] = how;
}

/* --- what was read --- */

/* She publishes, and she watches: whose document and whom she watches are two questions. */
static const JudgeRoles publishing = { .presentity = SEARCH_UE, .watcher = SEARCH_OTHER, .reader = SEARCH_ATTACKER };
static const JudgeRoles watching = { .presentity = SEARCH_OTHER, .watcher = SEARCH_UE, .reader = SEARCH_ATTACKER };

static unsigned what_is_clear(const Evidence *evidence)
{
    return (judge_what_is_clear(evidence, &publishing) & CLEAR_BODY) |
           (judge_what_is_clear(evidence, &watching) & CLEAR_RELATION);
}

/* Of the two only @part. */
static void judge_part(const Evidence *evidence, const JudgeRoles *roles, unsigned part, SearchNote *note)
{
    if ((note->goals >> SEARCH_CLEAR) & 1)
        return;
    Judgement *judgement = judge_downgrade(evidence, roles, evidence->run, CLEAR_ALL & ~part);
    if (judgement->verdict == VERDICT_VIOLATED)
        reach(note, SEARCH_CLEAR,
              g_strdup_printf("%s (frame %" PRIu64 ")", judgement->reason, judgement->witness->packet));
    judgement_free(judgement);
}

/* What was clear before nobody makes clear. */
static void judge_clear(const Evidence *evidence, unsigned before, SearchNote *note)
{
    note->clear = what_is_clear(evidence);
    if (note->moves == 0 && note->clear == CLEAR_ALL)
        reach(note, SEARCH_CLEAR, g_strdup("without a move"));
    if (note->moves == 0)
        return;
    if (!(before & CLEAR_BODY))
        judge_part(evidence, &publishing, CLEAR_BODY, note);
    if (!(before & CLEAR_RELATION))
        judge_part(evidence, &watching, CLEAR_RELATION, note);
}

/* The first answer to a challenge that he read; @unprotected: sent to the unprotected port. */
static const Reading *find_answer(const Knowledge *knowledge, bool unprotected)
{
    for (size_t i = 0; i < knowledge_count(knowledge); i++) {
        const Reading *reading = knowledge_get(knowledge, i);
        if (scout_answers_challenge(reading) && (!unprotected || reading->dport == UNPROTECTED_PORT))
            return reading;
    }
    return NULL;
}

static void judge_answer(const Knowledge *knowledge, SearchNote *note, SearchGoal goal)
{
    const Reading *reading = find_answer(knowledge, goal == SEARCH_UNPROTECTED);
    if (reading != NULL)
        reach(note, goal,
              g_strdup_printf(SEARCH_ATTACKER " read the Digest response of SM7 on %s, %s (frame %" PRIu64 ")",
                              reading->segment, reading->how, reading->frame));
}

static void judge_identity_taken(const Evidence *evidence, SearchNote *note)
{
    Judgement *judgement = judge_masquerade(evidence, &publishing, evidence->run);
    if (judgement->verdict == VERDICT_VIOLATED)
        reach(note, SEARCH_MASQUERADE, g_strdup(judgement->reason));
    judgement_free(judgement);
}

/* --- how the registration ended --- */

static bool is_registration(const TraceRecord *record)
{
    return record->kind == TRACE_OUTCOME && strcmp(record->node, SEARCH_UE) == 0 &&
           strcmp(record->outcome.action, "register") == 0;
}

/* By its last outcome: an abort is what somebody said, a denial what nobody did (threats 2.0). */
static void note_ending(const Trace *trace, SearchNote *note)
{
    const TraceRecord *last = NULL;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        if (is_registration(record))
            last = record;
    }
    note->end_status = last != NULL ? last->outcome.status : -1;
    if (note->end_status >= 200 && note->end_status < 300)
        note->ending = SEARCH_REGISTERED;
    else
        note->ending = note->end_status == -1 ? SEARCH_SILENT : SEARCH_ABORTED;
    const char *text = last != NULL ? last->outcome.text : "nothing came of it";
    note->end = note->end_status > 0 ? g_strdup_printf("%d %s", note->end_status, text) : g_strdup(text);
    if (note->ending != SEARCH_REGISTERED)
        reach(note, SEARCH_DENIAL, g_strdup("the registration does not succeed"));
}

static const char *ealg_of(const char *text)
{
    static const char *const known[] = { "null", "des-ede3-cbc", "aes-cbc" };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (strcmp(known[i], text) == 0)
            return known[i];
    return "none";
}

static void note_newest_sa(const Trace *trace, SearchNote *note)
{
    note->sa_ealg = "none";
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        if (record->kind == TRACE_SA && record->sa.made && strcmp(record->node, SEARCH_UE) == 0)
            note->sa_ealg = ealg_of(record->sa.ealg);
    }
}

static bool all_acted(const World *world)
{
    const ScenarioAttacker *item = world_scenario(world)->attackers->pdata[0];
    for (unsigned i = 0; i < item->moves->len; i++)
        if (!attacker_move_acted(world_attacker(world, 0)->attacker, i))
            return false;
    return true;
}

void search_note(World *world, WorldStop stop, unsigned clear_before, SearchNote *note)
{
    g_auto(Exhibits) exhibits = { 0 };
    exhibits_of(world, stop, &exhibits);
    const Evidence *evidence = &exhibits.evidence;
    const Knowledge *knowledge = evidence->attackers[0].knowledge;
    note->done = true;
    note->all_acted = all_acted(world);
    note->moves = evidence->attackers[0].moves;
    judge_clear(evidence, clear_before, note);
    judge_answer(knowledge, note, SEARCH_SM7);
    judge_answer(knowledge, note, SEARCH_UNPROTECTED);
    judge_identity_taken(evidence, note);
    note_ending(evidence->trace, note);
    note_newest_sa(evidence->trace, note);
    note->events = sim_events(world_sim(world));
    note->digest = g_strdup(world_digest(world));
}

void search_note_clear(SearchNote *note)
{
    g_free(note->end);
    g_free(note->digest);
    g_clear_pointer(&note->invited, g_ptr_array_unref);
    for (SearchGoal goal = 0; goal < SEARCH_N_GOALS; goal++)
        g_free(note->how[goal]);
    *note = (SearchNote){ 0 };
}
