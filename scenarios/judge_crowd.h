/*
 * scenarios/judge_crowd.h - one presentity and many watchers: at whose cells her documents were read, what completed.
 *
 * Source:  a presentity is exposed on the worst leg among her own and those of all her watchers (S4 §4.5.1, Pw).
 * Knows:   evidence, as scenarios/judge.h does.
 */
#ifndef PRESEC_SCENARIOS_JUDGE_CROWD_H
#define PRESEC_SCENARIOS_JUDGE_CROWD_H

#include "scenarios/judge.h"

/* Of one member. */
typedef struct CrowdMember {
    bool read;      /* a document of hers was read on this member's air, in PUBLISH or NOTIFY */
    bool completed; /* her publication; his subscription */
    bool shown;     /* a watcher: a document of hers was displayed */
} CrowdMember;

/* @members: names, the first the presentity.  @out: as many. */
void judge_crowd(const Evidence *evidence, const char *const *members, size_t n, CrowdMember *out);

#endif
