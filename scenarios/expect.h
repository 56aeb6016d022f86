/*
 * scenarios/expect.h - whether a run did what its scenario says it must.
 *
 * Source:  scenarios/scenario.h, Expectation.
 * Knows:   the trace, the attackers' readings, the run's canaries.
 */
#ifndef PRESEC_SCENARIOS_EXPECT_H
#define PRESEC_SCENARIOS_EXPECT_H

#include "scenarios/run.h"

/* @result: finished; its list of expectations is not looked at. */
ExpectationResult *expect_check(const RunResult *result, const Expectation *expectation) G_GNUC_WARN_UNUSED_RESULT;

#endif
