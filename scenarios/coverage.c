/*
 * scenarios/coverage.c - samples drawn, their networks run, and counted.
 *
 * Source:  scenarios/coverage.h.
 * Knows:   nothing of a network from inside.
 */
#include "scenarios/coverage.h"

#include "scenarios/coverage_network.h"

#include <math.h>
#include <string.h>

const double coverage_shares[COVERAGE_N_SHARES] = { 0, 0.25, 0.5, 0.75, 0.9, 1 };
const unsigned coverage_crowds[COVERAGE_N_CROWDS] = { 1, 5, COVERAGE_WATCHERS_MAX };

#define TOGETHER 0.8 /* of a clustered sample's watchers are in her network */

const char *coverage_of_text(CoverageOf of)
{
    switch (of) {
    case COVERAGE_OF_PROXIES: return "P-CSCFs";
    case COVERAGE_OF_ACCESSES: return "ciphering accesses";
    case COVERAGE_OF_HANDSETS: return "UEs";
    }
    g_assert_not_reached();
}

CoverageOf coverage_of(const Option *option)
{
    if (option->guards.e2e != SMIME_NONE || option->leg.gm != OPTION_GM_IPSEC)
        return COVERAGE_OF_HANDSETS;
    return option->leg.access != LEG_CLEAR ? COVERAGE_OF_ACCESSES : COVERAGE_OF_PROXIES;
}

double coverage_error(unsigned n, unsigned samples)
{
    double p = samples > 0 ? (double)n / samples : 0;
    return samples > 0 ? sqrt(p * (1 - p) / samples) : 0;
}

/* ---- drawing ---- */

/* What is drawn of one sample, before any share is applied: upgraded where the draw is below the share. */
typedef struct Draws {
    double own[COVERAGE_MEMBERS];      /* of the network that the member is in */
    double together[COVERAGE_MEMBERS]; /* below TOGETHER: a clustered sample has him in her network */
} Draws;

static double draw(const Sim *sim, SimStream *stream)
{
    return (double)(sim_random_u64(sim, stream) >> 11) / 9007199254740992.0; /* 2^53 */
}

static void draw_sample(const Sim *sim, unsigned number, Draws *out)
{
    SimStream stream = sim_stream(sim, "coverage", "sample", number);
    for (unsigned i = 0; i < COVERAGE_MEMBERS; i++) {
        out->own[i] = draw(sim, &stream);
        out->together[i] = draw(sim, &stream);
    }
}

static CoveragePattern pattern_of(const Draws *draws, double share, bool clustered)
{
    CoveragePattern pattern = 0;
    for (unsigned i = 0; i < COVERAGE_MEMBERS; i++) {
        bool hers = clustered && draws->together[i] < TOGETHER;
        pattern |= (CoveragePattern)((hers ? draws->own[0] : draws->own[i]) < share) << i;
    }
    return pattern;
}

/* ---- networks, each run once ---- */

typedef struct Network {
    const Option *option;
    CoverageOf of;
    CoveragePattern pattern;
    CoverageResult result;
} Network;

typedef struct Job {
    const CoverageConfig *config;
    Pki *pki;
    GPtrArray *networks; /* Network*, in the order they were first drawn */
    GHashTable *numbers; /* of one option: sorted pattern + 1 -> number + 1; looked up only */
    GAsyncQueue *finished;
    gint stop;
} Job;

static Network *network_for(Job *job, const Option *option, CoverageOf of, CoveragePattern pattern)
{
    gpointer key = GUINT_TO_POINTER(coverage_sorted(pattern) + 1), known = g_hash_table_lookup(job->numbers, key);
    if (known)
        return job->networks->pdata[GPOINTER_TO_UINT(known) - 1];
    Network *network = g_new0(Network, 1);
    *network = (Network){ .option = option, .of = of, .pattern = coverage_sorted(pattern) };
    g_ptr_array_add(job->networks, network);
    g_hash_table_insert(job->numbers, key, GUINT_TO_POINTER(job->networks->len));
    return network;
}

static void run_network(gpointer data, gpointer ctx)
{
    Job *job = ctx;
    Network *network = data;
    if (!g_atomic_int_get(&job->stop))
        coverage_network_run(network->option, network->of, network->pattern, job->config->seed, job->pki,
                             &network->result);
    crypto_thread_end();
    g_async_queue_push(job->finished, network);
}

static void run_all(Job *job)
{
    const CoverageConfig *config = job->config;
    GThreadPool *pool = g_thread_pool_new(run_network, job, (gint)MAX(config->jobs, 1u), TRUE, NULL);
    for (guint i = 0; i < job->networks->len; i++)
        g_thread_pool_push(pool, job->networks->pdata[i], NULL);
    for (guint done = 1; done <= job->networks->len; done++) {
        (void)g_async_queue_pop(job->finished);
        if (config->progress && !config->progress(config->ctx, done, job->networks->len))
            g_atomic_int_set(&job->stop, 1);
    }
    g_thread_pool_free(pool, FALSE, TRUE);
}

/* ---- counting ---- */

static void count_crowd(const CoverageResult *result, unsigned watchers, CoverageCrowd *out)
{
    const CrowdMember *she = &result->member[0];
    bool read = she->read;
    unsigned completed = she->completed, attempted = 1 + 2 * watchers;
    for (unsigned i = 1; i <= watchers; i++) {
        const CrowdMember *he = &result->member[i];
        read = read || he->read;
        completed += he->completed + he->shown;
    }
    out->hidden += !read;
    out->served += completed == attempted;
    out->both += !read && completed == attempted;
    out->attempted += attempted;
    out->completed += completed;
}

static void count_sample(const CoverageResult *result, CoveragePoint *out)
{
    out->own_hidden += !result->member[0].read;
    for (unsigned i = 0; i < COVERAGE_N_CROWDS; i++)
        count_crowd(result, coverage_crowds[i], &out->crowd[i]);
}

/* ---- the whole ---- */

/* The samples of one option's curve: first to know which networks there are, then to count what came of them. */
static void each_sample(Job *job, const Sim *sim, CoverageCurve *curve, bool count)
{
    for (unsigned share = 0; share < COVERAGE_N_SHARES; share++)
        for (unsigned i = 0; i < curve->samples; i++) {
            Draws draws;
            draw_sample(sim, i, &draws);
            CoveragePattern pattern = pattern_of(&draws, coverage_shares[share], curve->clustered);
            const Network *network = network_for(job, curve->option, curve->of, pattern);
            if (!count)
                continue;
            CoverageResult result;
            coverage_network_sort_back(pattern, &network->result, &result);
            count_sample(&result, &curve->point[share]);
        }
}

static void add_curves(Coverage *coverage, const CoverageConfig *config)
{
    for (unsigned i = 0; i < config->n_options; i++)
        for (unsigned clustered = 0; clustered < 2; clustered++) {
            CoverageCurve *curve = g_new0(CoverageCurve, 1);
            curve->option = config->options[i];
            curve->of = coverage_of(curve->option);
            curve->clustered = clustered;
            curve->samples = config->samples;
            g_ptr_array_add(coverage->curves, curve);
        }
}

/* Options keep their networks apart. */
static void visit_samples(Job *job, const Sim *sim, Coverage *coverage, GHashTable **numbers, bool count)
{
    for (guint i = 0; i < coverage->curves->len; i++) {
        job->numbers = numbers[i / 2];
        each_sample(job, sim, coverage->curves->pdata[i], count);
    }
}

Coverage *coverage_measure(const CoverageConfig *config)
{
    Coverage *coverage = g_new0(Coverage, 1);
    Sim *sim = sim_new(&(SimConfig){ .seed = config->seed }); /* for its streams */
    Job job = { .config = config,
                .pki = pki_new(config->seed),
                .networks = g_ptr_array_new_with_free_func(g_free),
                .finished = g_async_queue_new() };
    g_autofree GHashTable **numbers = g_new0(GHashTable *, config->n_options);
    for (unsigned i = 0; i < config->n_options; i++)
        numbers[i] = g_hash_table_new(g_direct_hash, g_direct_equal);
    coverage->curves = g_ptr_array_new_with_free_func(g_free);
    coverage->seed = config->seed;
    coverage->together = TOGETHER;
    add_curves(coverage, config);
    visit_samples(&job, sim, coverage, numbers, false);
    run_all(&job);
    coverage->interrupted = g_atomic_int_get(&job.stop);
    if (!coverage->interrupted)
        visit_samples(&job, sim, coverage, numbers, true);
    coverage->runs = job.networks->len;
    for (guint i = 0; i < job.networks->len; i++)
        coverage->events += ((const Network *)job.networks->pdata[i])->result.events;
    for (unsigned i = 0; i < config->n_options; i++)
        g_hash_table_destroy(numbers[i]);
    g_async_queue_unref(job.finished);
    g_ptr_array_unref(job.networks);
    pki_unref(job.pki);
    sim_free(sim);
    return coverage;
}

void coverage_free(Coverage *coverage)
{
    if (!coverage)
        return;
    g_ptr_array_unref(coverage->curves);
    g_free(coverage);
}
