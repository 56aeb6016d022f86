/*
 * scenarios/costs.c - the costs of an option: from the run of the standard cast, and from that run with something
 * changed.
 *
 * Source:  scenarios/costs.h; accesses as in RFC 3481 §2 (their links are in nodes/access_cell.c).
 * Knows:   which runs are needed.  All of them are without attackers.
 */
#include "scenarios/costs_private.h"
#include "scenarios/scenario_build.h"

#include <string.h>

const char *const cost_kind_name[N_COST_KINDS] = { "registration", "reregistration", "publish",
                                                   "subscribe",    "notify",         "certificate" };
const char *const cost_access_name[N_COST_ACCESSES] = { "GPRS", "UMTS", "WLAN" };
const char *const cost_node_name[N_COST_NODES] = { "UE", "P-CSCF", "PS", "gateways" };

/* How much longer the way to the P-CSCF is made: less than what a retransmission timer would notice. */
#define LONGER (20 * SIM_MS)

typedef struct Measuring {
    const CompareRun *base;
    const CostRunner *runner;
    const char *presentity, *watcher;
} Measuring;

/* ---- runs with something changed ---- */

static Scenario *without_attackers(const Measuring *measuring)
{
    Scenario *scenario = scenario_copy(measuring->base->scenario);
    g_ptr_array_set_size(scenario->attackers, 0);
    return scenario;
}

static SimTime gi_delay(const Option *option)
{
    const NetLinkSpec *spec = access_core_spec(option_access_technology((OptionAccess)option->leg.access));
    for (unsigned i = 0; i < spec->n_segments; i++)
        if (strcmp(spec->segment[i].name, "gi") == 0)
            return spec->segment[i].delay;
    return 0;
}

static CostTimes times_of(const Measuring *measuring, Scenario *scenario, const Option *option)
{
    CompareRun *run = measuring->runner->run(measuring->runner->ctx, scenario, option);
    CostTimes times = costs_times(run, measuring->presentity, measuring->watcher);
    compare_run_free(run);
    return times;
}

/* ---- round trips ---- */

static unsigned trips(double longer, double base)
{
    double added = longer - base, one = 2 * (double)LONGER / (double)SIM_SEC;
    return base < 0 || longer < 0 || added < 0 ? 0 : (unsigned)(added / one + 0.5);
}

/* Every round trip that something waits for takes as much longer as the way has become. */
static void measure_round_trips(const Measuring *measuring, Costs *out)
{
    const Option *option = measuring->base->option;
    Scenario *scenario = without_attackers(measuring);
    ScenarioDelay *delay = scenario_add_delay(scenario);
    g_free(delay->segment);
    delay->segment = g_strdup("gi");
    delay->delay = gi_delay(option) + LONGER;
    CostTimes longer = times_of(measuring, scenario, option);
    out->registration_round_trips = trips(longer.registration, out->times.registration);
    out->publish_round_trips = trips(longer.publish, out->times.publish);
    out->subscribe_round_trips = trips(longer.subscribe, out->times.subscribe);
}

/* ---- accesses ---- */

/* Of each technology the one that ciphers, if there is one: an option may ask for that. */
static const struct {
    AccessTechnology technology;
    const char *access;
} replacements[N_COST_ACCESSES] = { [COST_GPRS] = { ACCESS_GPRS, "gprs-gea3" },
                                    [COST_UMTS] = { ACCESS_UMTS, "umts-uea1" },
                                    [COST_WLAN] = { ACCESS_WLAN, "wlan-open" } };

static void measure_access(const Measuring *measuring, CostAccess access, Costs *out)
{
    g_autoptr(Option) option = option_copy(measuring->base->option);
    if (option_access_technology((OptionAccess)option->leg.access) == replacements[access].technology) {
        out->on[access] = out->times;
        return;
    }
    bool set = option_set(option, "access", replacements[access].access, NULL);
    out->on[access] = set ? times_of(measuring, without_attackers(measuring), option) : (CostTimes){ -1, -1, -1, -1 };
}

/* ---- compression ---- */

static void measure_compression(const Measuring *measuring, Costs *out)
{
    const CompareRun *base = measuring->base;
    unsigned octets;
    costs_deflate(base, measuring->watcher, &out->notify_message_octets, &out->notify_deflated_octets);
    out->notify_deflated_bare_octets = out->notify_deflated_octets;
    if (base->option->guards.e2e == SMIME_NONE)
        return;
    g_autoptr(Option) bare = option_copy(base->option);
    bool set = option_set(bare, "e2e", "none", NULL);
    g_assert(set);
    CompareRun *run = measuring->runner->run(measuring->runner->ctx, without_attackers(measuring), bare);
    costs_deflate(run, measuring->watcher, &octets, &out->notify_deflated_bare_octets);
    compare_run_free(run);
}

/* ---- the whole ---- */

/* Registrations that succeeded, of everybody. */
static unsigned registrations(const Trace *trace)
{
    unsigned n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        n += r->kind == TRACE_OUTCOME && strcmp(r->outcome.action, "register") == 0 && r->outcome.status == 200;
    }
    return n;
}

static void measure_state(const Measuring *measuring, Costs *out)
{
    const CompareRun *base = measuring->base;
    const WorldParticipant *she = world_find(base->world, measuring->presentity);
    unsigned n = registrations(base->exhibits.evidence.trace), vectors = hss_vectors(world_hss(base->world));
    out->vectors = n > 0 ? (vectors + n / 2) / n : vectors;
    out->pcscf_state_octets = she != NULL ? (unsigned)pcscf_state_octets(she->pcscf) : 0;
    WorldCertificates certificates = world_certificates(base->world);
    out->certificates[COST_UE] = certificates.subscribers;
    out->certificates[COST_PCSCF] = certificates.pcscf;
    out->certificates[COST_PS] = certificates.ps;
    out->changes = costs_changes(base->option);
}

void costs_measure(const CompareRun *base, const CostRunner *runner, const char *presentity, const char *watcher,
                   bool in_full, Costs *out)
{
    Measuring measuring = { base, runner, presentity, watcher };
    *out = (Costs){ .has_accesses = in_full, .times = costs_times(base, presentity, watcher) };
    costs_air(base, presentity, watcher, out);
    costs_work(base, out);
    measure_state(&measuring, out);
    measure_round_trips(&measuring, out);
    for (CostAccess access = 0; access < N_COST_ACCESSES && in_full; access++)
        measure_access(&measuring, access, out);
    if (in_full)
        measure_compression(&measuring, out);
}
