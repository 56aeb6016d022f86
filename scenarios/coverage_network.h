/*
 * scenarios/coverage_network.h - one network of a sample: who is upgraded, and what came of it.
 */
#ifndef PRESEC_SCENARIOS_COVERAGE_NETWORK_H
#define PRESEC_SCENARIOS_COVERAGE_NETWORK_H

#include "scenarios/coverage.h"
#include "scenarios/judge_crowd.h"
#include "nodes/pki.h"

enum { COVERAGE_MEMBERS = 1 + COVERAGE_WATCHERS_MAX };

/* The presentity is bit 0; a watcher the bit of his number.  Set: upgraded. */
typedef uint32_t CoveragePattern;

/* The same with the upgraded watchers first: the network that is run for it. */
CoveragePattern coverage_sorted(CoveragePattern pattern);

typedef struct CoverageResult {
    CrowdMember member[COVERAGE_MEMBERS];
    uint64_t events;
} CoverageResult;

/* @pki: of @seed, shared. */
void coverage_network_run(const Option *option, CoverageOf of, CoveragePattern pattern, uint64_t seed, Pki *pki,
                          CoverageResult *out);

/* What came of @pattern, from what came of coverage_sorted(@pattern): each watcher has his like's result. */
void coverage_network_sort_back(CoveragePattern pattern, const CoverageResult *sorted, CoverageResult *out);

#endif
