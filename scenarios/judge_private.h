/*
 * scenarios/judge_private.h - what the two files of the judge share.
 */
#ifndef PRESEC_SCENARIOS_JUDGE_PRIVATE_H
#define PRESEC_SCENARIOS_JUDGE_PRIVATE_H

#include "scenarios/because.h"
#include "scenarios/judge.h"
#include <string.h>

const EvidenceParticipant *judge_participant(const Evidence *evidence, const char *name); /* NULL: none */

#endif
