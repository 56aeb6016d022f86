/*
 * scenarios/coverage.h - how much is protected while only a share of what must be upgraded is.
 *
 * Source:  S4 §4.5.1 (Pw) for why all watchers' legs count; S3 §2, options 2, 3 and 5, for what is rolled out.
 * Knows:   options as data to build networks from.  A sample is a presentity and her watchers, each behind something
 *          upgraded or not, drawn at random; the network is run, an attacker listens at every cell, and canaries say
 *          what he read.
 *
 * Samples are independent, so the standard error is the binomial one.  The same draws are used for every share and
 * every option: curves may be compared point by point.  Watchers differ in nothing but their leg: networks with the
 * same number of upgraded watchers are one network, which is run once (tests/scenarios/test_coverage.c runs others).
 */
#ifndef PRESEC_SCENARIOS_COVERAGE_H
#define PRESEC_SCENARIOS_COVERAGE_H

#include "scenarios/option.h"

enum { COVERAGE_N_SHARES = 6, COVERAGE_N_CROWDS = 3, COVERAGE_WATCHERS_MAX = 20, COVERAGE_SAMPLES_MAX = 100000 };
extern const double coverage_shares[COVERAGE_N_SHARES];   /* 0 to 1 */
extern const unsigned coverage_crowds[COVERAGE_N_CROWDS]; /* 1, 5, 20 watchers: the first so many of the sample's */

/* What is rolled out; follows from the option's values. */
typedef enum {
    COVERAGE_OF_PROXIES,  /* P-CSCFs that encrypt: the option's own, or Release 6 ones */
    COVERAGE_OF_ACCESSES, /* accesses that cipher as the option's does; else they do not */
    COVERAGE_OF_HANDSETS, /* UEs that can what the option asks: TLS, or S/MIME with a certificate */
} CoverageOf;
const char *coverage_of_text(CoverageOf of); /* "P-CSCFs" */
CoverageOf coverage_of(const Option *option);

typedef struct CoverageCrowd {
    unsigned hidden;               /* samples in which her document was read at no cell of hers and her watchers' */
    unsigned served;               /* samples in which everything completed */
    unsigned both;                 /* hidden and served */
    unsigned attempted, completed; /* presence operations: PUBLISH; SUBSCRIBE and NOTIFY of each watcher */
} CoverageCrowd;

typedef struct CoveragePoint {
    unsigned own_hidden; /* samples in which her document was not read at her own cell */
    CoverageCrowd crowd[COVERAGE_N_CROWDS];
} CoveragePoint;

typedef struct CoverageCurve {
    const Option *option; /* borrowed */
    CoverageOf of;
    bool clustered; /* watchers are in her network with the probability of the configuration; else anywhere */
    unsigned samples;
    CoveragePoint point[COVERAGE_N_SHARES];
} CoverageCurve;

typedef struct Coverage {
    GPtrArray *curves; /* CoverageCurve *, for each option: independent, then clustered */
    uint64_t seed;
    double together; /* the probability that a watcher of a clustered sample is in her network */
    unsigned runs;   /* different networks */
    uint64_t events;
    bool interrupted; /* nothing is said of anything then: the curves are empty */
} Coverage;

typedef struct CoverageConfig {
    Option *const *options; /* n, borrowed */
    unsigned n_options;
    unsigned samples; /* for each share; 1 to COVERAGE_SAMPLES_MAX */
    uint64_t seed;
    unsigned jobs; /* threads; 0 = 1 */
    /* From the caller's thread, as networks are finished; false: no more are begun. */
    bool (*progress)(void *ctx, unsigned done, unsigned total);
    void *ctx;
} CoverageConfig;

Coverage *coverage_measure(const CoverageConfig *config) G_GNUC_WARN_UNUSED_RESULT;
void coverage_free(Coverage *coverage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Coverage, coverage_free)

/* The binomial standard error of @n of @samples. */
double coverage_error(unsigned n, unsigned samples);

#endif
