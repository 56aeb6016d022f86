/*
 * scenarios/requirements.h - whether an option satisfies the requirements of the seeds as they are written.
 *
 * Source:  S4 §4.5.1 and §4.5.2 (R10, R11, R22, R23, R27 of presec list requirements), S3 §2.  A requirement is not a
 *          property: it may be met by a policy (R20), by a service that is withheld, or for the documents only.
 * Knows:   the judgements of a row and the values of its option.  Every rule is a predicate over these; an id is never
 *          asked for.
 */
#ifndef PRESEC_SCENARIOS_REQUIREMENTS_H
#define PRESEC_SCENARIOS_REQUIREMENTS_H

#include "scenarios/compare.h"

typedef enum {
    ANSWER_YES,
    ANSWER_PARTLY,
    ANSWER_VACUOUSLY, /* nothing is sent that would need it */
    ANSWER_NO,
    ANSWER_NOT_APPLICABLE,
    ANSWER_NOT_JUDGED /* a property that it rests on was not asked for, or reached a bound */
} Answer;
const char *answer_text(Answer answer); /* "yes", "partly", "vacuously", "no", "not-applicable", "not-judged" */

typedef enum {
    PEU_CONFIDENTIALITY,
    PEU_INTEGRITY,
    PEU_REPLAY,
    PW_CONFIDENTIALITY,
    PW_INTEGRITY,
    PW_REPLAY,
    UE_TO_PCSCF,    /* R22: the possibility of confidentiality of IMS's own; R23 leaves the rest to operators */
    COMPATIBLE_PEU, /* R27 for what the presentity sends */
    COMPATIBLE_PW,  /* R27 for what watchers get */
    N_REQUIREMENTS
} Requirement;

typedef struct RequirementInfo {
    const char *id;    /* "R10-confidentiality" */
    const char *asks;  /* "R10": of presec explain */
    const char *head;  /* "conf" */
    const char *title; /* one line */
} RequirementInfo;
extern const RequirementInfo requirement_info[N_REQUIREMENTS];

typedef struct Conformance {
    Answer answer;
    char **remarks;              /* fragments of a sentence, NULL-terminated; none when there is nothing to add */
    bool rests_on[N_PROPERTIES]; /* whose judgements decided */
} Conformance;

typedef struct Conformances {
    Conformance item[N_REQUIREMENTS];
    char *remark; /* of all in one line: what they have in common is said once */
} Conformances;

/* The columns that the answers rest on. */
extern const bool requirement_properties[N_PROPERTIES];

Conformances *requirements_judge(const CompareRow *row) G_GNUC_WARN_UNUSED_RESULT;
void conformances_free(Conformances *conformances);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Conformances, conformances_free)

#endif
