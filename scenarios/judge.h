/*
 * scenarios/judge.h - verdicts from evidence: what attackers read and what honest nodes accepted.
 *
 * Source:  threats 2.0 (success is decided on octets, by canaries), 4 (predicates).
 * Knows:   evidence.  No option, and no node: it never asks whether something is protected.
 */
#ifndef PRESEC_SCENARIOS_JUDGE_H
#define PRESEC_SCENARIOS_JUDGE_H

#include "scenarios/evidence.h"
#include "scenarios/verdict.h"

/* Who plays whom in a cast. */
typedef struct JudgeRoles {
    const char *presentity; /* "alice" */
    const char *watcher;    /* "bob"; "carol" among other watchers */
    const char *reader;     /* the attacker whose readings count; NULL: all of the property's position */
} JudgeRoles;

/* Confidentiality and linkability columns, from one run without moves. */
Judgement *judge_publish_body(const Evidence *evidence, const JudgeRoles *roles);
Judgement *judge_notify_body(const Evidence *evidence, const JudgeRoles *roles);
Judgement *judge_any_body(const Evidence *evidence, const JudgeRoles *roles); /* either of the two */
Judgement *judge_relation(const Evidence *evidence, const JudgeRoles *roles);
Judgement *judge_identity(const Evidence *evidence, const JudgeRoles *roles);
Judgement *judge_other_watchers(const Evidence *evidence, const JudgeRoles *roles);

/* What completes, as bits; for availability and the comparisons of UDP and WLAN. */
typedef enum { DONE_REGISTER = 1, DONE_PUBLISH = 2, DONE_SUBSCRIBE = 4, DONE_NOTIFY = 8, DONE_ALL = 15 } Done;
unsigned judge_done(const Evidence *evidence, const JudgeRoles *roles);
Judgement *judge_available(const Evidence *evidence, const JudgeRoles *roles);
/* @base: judge_done() of the run without the restriction. */
Judgement *judge_still_works(const Evidence *restricted, const JudgeRoles *roles, unsigned base,
                             const char *restriction);

/* Active columns, from one attacked run; @attack: "AT-12". */
Judgement *judge_integrity(const Evidence *evidence, const JudgeRoles *roles, const char *attack);
Judgement *judge_replay(const Evidence *evidence, const JudgeRoles *roles, const char *attack);
Judgement *judge_masquerade(const Evidence *evidence, const JudgeRoles *roles, const char *attack);
/* @clear_before: judge_what_is_clear() of the same run without the attacker and with no work: only what was hidden can
 * be made clear. */
Judgement *judge_downgrade(const Evidence *evidence, const JudgeRoles *roles, const char *attack,
                           unsigned clear_before);
/* What @roles->reader read, as bits. */
typedef enum { CLEAR_BODY = 1, CLEAR_RELATION = 2, CLEAR_ALL = 3 } Clear;
unsigned judge_what_is_clear(const Evidence *evidence, const JudgeRoles *roles);

#endif
