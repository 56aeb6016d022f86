/*
 * scenarios/expect.h - whether a run did what its scenario says it must.
 *
 * Source:  scenarios/scenario.h, Expectation.
 * Knows:   the trace, the attackers' readings, the run's canaries.
 */
#ifndef PRESEC_SCENARIOS_EXPECT_H
#define PRESEC_SCENARIOS_EXPECT_H

#include "scenarios/run.h"

/* @result: finished; only its world and option are looked at. */
ExpectationResult *expect_check(const RunResult *result, const Expectation *expectation,
                                const RunConfig *config) G_GNUC_WARN_UNUSED_RESULT;

#endif
