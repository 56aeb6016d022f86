/*
 * scenarios/compare.c - which runs decide a cell, and what follows from several of them.
 *
 * Source:  design: the table of properties and of open fields.  Nothing here looks at an option's id.
 */
#include "scenarios/compare_run.h"
#include "scenarios/judge.h"
#include <string.h>

#define PRESENTITY "alice"
#define WATCHER    "bob"
#define OTHER      "carol"

/* The open fields that a property ranges over. */
static const char *const *ranges_over(Property property)
{
    static const char *const none[] = { NULL };
    static const char *const work[] = { "work", NULL };
    static const char *const available[] = { "certificates", "rel5-tls-mode", NULL };
    static const char *const size[] = { "document", "signature", NULL };
    static const char *const proof[] = { "fallback", "credential", "certificate-binding", NULL };
    static const char *const retreat[] = { "dual-mode", "neighbour-pcscf", "missing-certificate", "fallback", NULL };
    switch (property) {
    case PROPERTY_PUBLISH_BODY_AIR:
    case PROPERTY_NOTIFY_BODY_AIR:
    case PROPERTY_RELATION_AIR:
    case PROPERTY_IDENTITY_UNLINKABLE: return work;
    case PROPERTY_AVAILABLE: return available;
    case PROPERTY_UDP: return size;
    case PROPERTY_MASQUERADE: return proof;
    case PROPERTY_DOWNGRADE: return retreat;
    default: return none;
    }
}

/* What is the same for every cell; immutable while threads work. */
typedef struct Plan {
    Scenario *standard, *watcher_rel6, *other_watchers;
    GPtrArray *attacks; /* Scenario *, by id */
    Pki *pki;           /* changes under its own lock */
    uint64_t seed;
    unsigned knowledge;
    bool costs_in_full;
} Plan;

typedef struct Work { /* one option */
    const Plan *plan;
    const Option *option;
    GHashTable *base; /* branch set -> CompareRun: the standard cast without moves */
    unsigned runs;
    uint64_t events;
} Work;

/* --- runs --- */

static Option *settle(const Work *work, const Option *option)
{
    Option *copy = option_copy(option);
    if (work->plan->knowledge != 0) {
        g_autofree char *year = g_strdup_printf("%u", work->plan->knowledge);
        bool known = option_set(copy, "knowledge", year, NULL);
        g_assert(known);
    }
    return copy;
}

static CompareRun *run(Work *work, Scenario *scenario, const Option *option, bool frames)
{
    CompareRun *done = compare_run_new(scenario, settle(work, option), work->plan->seed, work->plan->pki, frames);
    work->runs++;
    work->events += sim_events(world_sim(done->world));
    return done;
}

static CompareRun *base_run(Work *work, const OptionBranch *branch)
{
    CompareRun *done = g_hash_table_lookup(work->base, branch->set);
    if (done == NULL) {
        done = run(work, scenario_copy(work->plan->standard), branch->option, true);
        g_hash_table_insert(work->base, g_strdup(branch->set), done);
    }
    return done;
}

static JudgeRoles roles(const CompareRun *done, const char *position)
{
    return (JudgeRoles){ PRESENTITY, WATCHER, position != NULL ? compare_run_reader(done, position, false) : NULL };
}

/* --- availability and its variations --- */

static void add_condition(Judgement *judgement, const char *set, Verdict verdict, const char *attack)
{
    Condition *condition = g_new0(Condition, 1);
    condition->set = g_strdup(set);
    condition->verdict = verdict;
    condition->attack = g_strdup(attack);
    g_ptr_array_add(judgement->conditions, condition);
}

/* Of one that depends itself, each of its own conditions under this one. */
static void add_conditions(Judgement *judgement, const char *set, const Judgement *item)
{
    for (guint i = 0; item->verdict == VERDICT_DEPENDS && i < item->conditions->len; i++) {
        const Condition *own = item->conditions->pdata[i];
        g_autofree char *both = g_strdup_printf("%s %s", set, own->set);
        add_condition(judgement, both, own->verdict, own->attack);
    }
    if (item->verdict != VERDICT_DEPENDS)
        add_condition(judgement, set, item->verdict, item->attack);
}

/* Several verdicts under named conditions: one verdict when they agree, else "depends" with each.  @items are taken. */
static Judgement *combine(char **sets, Judgement **items, unsigned n)
{
    Judgement *shown = items[0];
    bool agree = true;
    for (unsigned i = 1; i < n; i++) {
        agree = agree && items[i]->verdict == items[0]->verdict;
        if (shown->verdict != VERDICT_VIOLATED && items[i]->verdict == VERDICT_VIOLATED)
            shown = items[i];
    }
    Judgement *whole =
        judgement_new(agree ? items[0]->verdict : VERDICT_DEPENDS, shown->attacker, shown->attack, shown->reason);
    whole->in_trust_model = shown->in_trust_model;
    whole->witness = witness_copy(shown->witness);
    for (unsigned i = 0; i < n && n > 1; i++)
        add_conditions(whole, sets[i], items[i]);
    for (unsigned i = 0; i < n; i++)
        judgement_free(items[i]);
    return whole;
}

static Judgement *decide_available(Work *work, const OptionBranch *branch)
{
    CompareRun *own = base_run(work, branch);
    CompareRun *better = run(work, scenario_copy(work->plan->watcher_rel6), branch->option, false);
    JudgeRoles own_roles = roles(own, NULL), better_roles = roles(better, NULL);
    Judgement *items[] = { judge_available(&own->exhibits.evidence, &own_roles),
                           judge_available(&better->exhibits.evidence, &better_roles) };
    char *sets[] = { "watcher-leg=own", "watcher-leg=rel6" };

    compare_run_free(better);
    return combine(sets, items, 2);
}

static Judgement *decide_restricted(Work *work, const OptionBranch *branch, Scenario *scenario, const Option *option,
                                    const char *restriction)
{
    CompareRun *base = base_run(work, branch);
    JudgeRoles base_roles = roles(base, NULL);
    unsigned done = judge_done(&base->exhibits.evidence, &base_roles);
    CompareRun *restricted = run(work, scenario, option, false);
    JudgeRoles restricted_roles = roles(restricted, NULL);
    Judgement *judgement = judge_still_works(&restricted->exhibits.evidence, &restricted_roles, done, restriction);
    compare_run_free(restricted);
    return judgement;
}

static Judgement *decide_udp(Work *work, const OptionBranch *branch)
{
    Scenario *blocked = scenario_copy(work->plan->standard);
    blocked->block_tcp = true;
    return decide_restricted(work, branch, blocked, branch->option, "TCP blocked");
}

/* The option's own WLAN, else an open one. */
static Judgement *decide_wlan(Work *work, const OptionBranch *branch)
{
    g_autoptr(Option) elsewhere = option_copy(branch->option);
    if (option_access_technology(elsewhere->leg.access) != ACCESS_WLAN) {
        bool set = option_set(elsewhere, "access", "wlan-open", NULL);
        g_assert(set);
    }
    return decide_restricted(work, branch, scenario_copy(work->plan->standard), elsewhere, "on a WLAN");
}

static Judgement *decide_other_watchers(Work *work, const OptionBranch *branch)
{
    CompareRun *done = run(work, scenario_copy(work->plan->other_watchers), branch->option, false);
    JudgeRoles r = { PRESENTITY, OTHER, compare_run_reader(done, "A1", false) };
    Judgement *judgement = judge_other_watchers(&done->exhibits.evidence, &r);
    compare_run_free(done);
    return judgement;
}

/* --- active columns: every attack of the property --- */

static Judgement *judge_attacked(const CompareRun *done, Property property, const char *attack, unsigned clear)
{
    JudgeRoles r = roles(done, NULL);
    switch (property) {
    case PROPERTY_INTEGRITY: return judge_integrity(&done->exhibits.evidence, &r, attack);
    case PROPERTY_REPLAY: return judge_replay(&done->exhibits.evidence, &r, attack);
    case PROPERTY_MASQUERADE: return judge_masquerade(&done->exhibits.evidence, &r, attack);
    default: return judge_downgrade(&done->exhibits.evidence, &r, attack, clear);
    }
}

static Judgement *worse(Judgement *a, Judgement *b)
{
    static const int rank[] = { [VERDICT_HOLDS] = 1,
                                [VERDICT_NOT_AVAILABLE] = 0,
                                [VERDICT_DEPENDS] = 2,
                                [VERDICT_INCONCLUSIVE] = 3,
                                [VERDICT_VIOLATED] = 4 };
    if (a == NULL)
        return b;
    bool keep = rank[a->verdict] >= rank[b->verdict];
    judgement_free(keep ? b : a);
    return keep ? a : b;
}

/* Whether the attack could be made at all here: a move was made, or a hostile subscriber took part. */
static bool was_made(const CompareRun *done)
{
    const Evidence *evidence = &done->exhibits.evidence;
    for (size_t i = 0; i < evidence->n_attackers; i++)
        if (evidence->attackers[i].moves > 0)
            return true;
    for (size_t i = 0; i < evidence->n_participants; i++)
        if (evidence->participants[i].hostile)
            return true;
    return false;
}

/* Every attack of the property, the worst verdict counts.  @clear: what is clear without any. */
static Judgement *try_attacks(Work *work, const OptionBranch *branch, Property property, unsigned clear)
{
    const Plan *plan = work->plan;
    Judgement *worst = NULL;
    unsigned tried = 0, made = 0;

    for (guint i = 0; i < plan->attacks->len; i++) {
        const Scenario *attack = plan->attacks->pdata[i];
        if (strcmp(attack->property, property_info[property].id) != 0)
            continue;
        CompareRun *done = run(work, scenario_merge(plan->standard, attack), branch->option, false);
        worst = worse(worst, judge_attacked(done, property, attack->id, clear));
        made += was_made(done);
        tried++;
        compare_run_free(done);
    }
    if (worst == NULL)
        return judgement_new(VERDICT_INCONCLUSIVE, property_info[property].attacker, "",
                             "no attack is known for this property");
    if (worst->verdict == VERDICT_HOLDS) {
        g_free(worst->reason);
        g_free(worst->attack);
        worst->attack = g_strdup("");
        worst->reason =
            g_strdup_printf("%u attacks tried, %u of them found something to act on, none succeeded", tried, made);
    }
    return worst;
}

static Judgement *decide_attacked(Work *work, const OptionBranch *branch, Property property)
{
    unsigned clear = 0;
    if (property == PROPERTY_DOWNGRADE) {
        CompareRun *base = base_run(work, branch);
        JudgeRoles r = { PRESENTITY, WATCHER, compare_run_reader(base, "A1", true) };
        clear = judge_what_is_clear(&base->exhibits.evidence, &r);
        if (clear == CLEAR_ALL)
            return judge_downgrade(&base->exhibits.evidence, &r, "", clear);
    }
    return try_attacks(work, branch, property, clear);
}

/* --- one cell --- */

static Judgement *decide(Work *work, const OptionBranch *branch, Property property)
{
    switch (property) {
    case PROPERTY_AVAILABLE: return decide_available(work, branch);
    case PROPERTY_UDP: return decide_udp(work, branch);
    case PROPERTY_WLAN: return decide_wlan(work, branch);
    case PROPERTY_OTHER_WATCHERS: return decide_other_watchers(work, branch);
    case PROPERTY_INTEGRITY:
    case PROPERTY_REPLAY:
    case PROPERTY_MASQUERADE:
    case PROPERTY_DOWNGRADE: return decide_attacked(work, branch, property);
    default: break;
    }
    CompareRun *base = base_run(work, branch);
    JudgeRoles r = roles(base, property_info[property].attacker);
    switch (property) {
    case PROPERTY_PUBLISH_BODY_AIR: return judge_publish_body(&base->exhibits.evidence, &r);
    case PROPERTY_NOTIFY_BODY_AIR: return judge_notify_body(&base->exhibits.evidence, &r);
    case PROPERTY_RELATION_AIR:
    case PROPERTY_RELATION_ACCESS_CORE: return judge_relation(&base->exhibits.evidence, &r);
    case PROPERTY_IDENTITY_UNLINKABLE: return judge_identity(&base->exhibits.evidence, &r);
    default: return judge_any_body(&base->exhibits.evidence, &r);
    }
}

static Judgement *decide_cell(Work *work, Property property)
{
    GPtrArray *branches = option_branches(work->option, ranges_over(property));
    g_autofree Judgement **items = g_new0(Judgement *, branches->len);
    g_autofree char **sets = g_new0(char *, branches->len);

    for (guint i = 0; i < branches->len; i++) {
        const OptionBranch *branch = branches->pdata[i];
        items[i] = decide(work, branch, property);
        sets[i] = branch->set;
    }
    Judgement *judgement = NULL;
    if (branches->len == 1) {
        judgement = items[0]; /* may have conditions of its own */
    } else {
        judgement = combine(sets, items, branches->len);
    }
    judgement->in_trust_model = property_info[property].in_trust_model;
    g_ptr_array_unref(branches);
    return judgement;
}

/* --- one row --- */

static Work *work_new(const Plan *plan, const Option *option)
{
    Work *work = g_new0(Work, 1);
    work->plan = plan;
    work->option = option;
    work->base = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)compare_run_free);
    return work;
}

static void work_free(Work *work)
{
    g_hash_table_destroy(work->base);
    g_free(work);
}

static CompareRun *run_plain(void *ctx, Scenario *scenario, const Option *option)
{
    return run(ctx, scenario, option, false);
}

static void measure(Work *work, CompareRow *row)
{
    static const char *const none[] = { NULL };
    GPtrArray *branches = option_branches(work->option, none);
    CompareRun *base = base_run(work, branches->pdata[0]);
    JudgeRoles listening = roles(base, "A1");
    row->message = judge_message(&base->exhibits.evidence, &listening);
    CostRunner runner = { run_plain, work };
    costs_measure(base, &runner, PRESENTITY, WATCHER, work->plan->costs_in_full, &row->costs);
    row->has_costs = true;
    g_ptr_array_unref(branches);
}

static CompareRow *compare_row(Work *work, const bool wanted[N_PROPERTIES])
{
    CompareRow *row = g_new0(CompareRow, 1);
    row->option = work->option;
    for (Property p = 0; p < N_PROPERTIES; p++)
        if (wanted[p])
            row->judgement[p] = decide_cell(work, p);
    measure(work, row);
    return row;
}

static void row_free(gpointer data)
{
    CompareRow *row = data;
    for (Property p = 0; p < N_PROPERTIES; p++)
        judgement_free(row->judgement[p]);
    g_free(row);
}

/* --- the plan --- */

static Scenario *load(const char *id)
{
    Diagnostics *diagnostics = diagnostics_new();
    Scenario *scenario = scenario_load(id, diagnostics);
    if (scenario == NULL) /* shipped with the program: our own fault */
        g_error("%s", diagnostics_text(diagnostics));
    diagnostics_free(diagnostics);
    return scenario;
}

static void plan_init(Plan *plan, uint64_t seed, unsigned knowledge)
{
    g_auto(GStrv) ids = scenario_ids(SCENARIO_ATTACK);
    *plan = (Plan){ .standard = load("standard"),
                    .watcher_rel6 = load("watcher-rel6"),
                    .other_watchers = load("other-watchers"),
                    .attacks = g_ptr_array_new_with_free_func((GDestroyNotify)scenario_free),
                    .pki = pki_new(seed),
                    .seed = seed,
                    .knowledge = knowledge };
    for (char **id = ids; *id != NULL; id++)
        g_ptr_array_add(plan->attacks, load(*id));
}

static void plan_clear(Plan *plan)
{
    scenario_free(plan->standard);
    scenario_free(plan->watcher_rel6);
    scenario_free(plan->other_watchers);
    g_ptr_array_unref(plan->attacks);
    pki_unref(plan->pki);
}

Judgement *compare_property(const Option *option, Property property, uint64_t seed, unsigned knowledge)
{
    Plan plan;
    plan_init(&plan, seed, knowledge);
    Work *work = work_new(&plan, option);
    Judgement *judgement = decide_cell(work, property);
    work_free(work);
    plan_clear(&plan);
    return judgement;
}

/* --- all rows, in threads --- */

typedef struct Job {
    const Plan *plan;
    const CompareConfig *config;
    const bool *wanted;
    CompareRow **rows; /* by option; each written by one thread */
    unsigned *runs;
    uint64_t *events;
    GAsyncQueue *finished;
    gint stop;
} Job;

static void do_row(gpointer data, gpointer ctx)
{
    Job *job = ctx;
    unsigned i = GPOINTER_TO_UINT(data) - 1;
    if (!g_atomic_int_get(&job->stop)) {
        Work *work = work_new(job->plan, job->config->options[i]);
        job->rows[i] = compare_row(work, job->wanted);
        job->runs[i] = work->runs;
        job->events[i] = work->events;
        work_free(work);
        crypto_thread_end();
    }
    g_async_queue_push(job->finished, data);
}

static void run_all(Job *job)
{
    const CompareConfig *config = job->config;
    GThreadPool *pool = g_thread_pool_new(do_row, job, (gint)MAX(config->jobs, 1u), TRUE, NULL);
    for (unsigned i = 0; i < config->n_options; i++)
        g_thread_pool_push(pool, GUINT_TO_POINTER(i + 1), NULL);
    for (unsigned done = 1; done <= config->n_options; done++) {
        unsigned i = GPOINTER_TO_UINT(g_async_queue_pop(job->finished)) - 1;
        if (config->progress != NULL && !config->progress(config->ctx, done, config->n_options, config->options[i]->id))
            g_atomic_int_set(&job->stop, 1);
    }
    g_thread_pool_free(pool, FALSE, TRUE);
}

/* The longest attack, in moves of all its attackers. */
static unsigned longest_attack(const Plan *plan)
{
    unsigned longest = 0;
    for (guint i = 0; i < plan->attacks->len; i++) {
        const Scenario *attack = plan->attacks->pdata[i];
        unsigned moves = 0;
        for (guint k = 0; k < attack->attackers->len; k++)
            moves += ((const ScenarioAttacker *)attack->attackers->pdata[k])->moves->len;
        longest = MAX(longest, moves);
    }
    return longest;
}

static char *bound_text(const Plan *plan)
{
    return g_strdup_printf("%u attacks of at most %u moves, each property by every attack of its own, against one "
                           "presentity and one watcher (and one other watcher)",
                           plan->attacks->len, longest_attack(plan));
}

Comparison *compare_options(const CompareConfig *config, GError **error)
{
    Comparison *comparison = g_new0(Comparison, 1);
    bool wanted[N_PROPERTIES], any = false;
    Plan plan;

    for (Property p = 0; p < N_PROPERTIES; p++)
        any = any || config->properties[p];
    for (Property p = 0; p < N_PROPERTIES; p++)
        wanted[p] = !config->costs_alone && (!any || config->properties[p]);
    plan_init(&plan, config->seed, config->knowledge);
    plan.costs_in_full = config->costs_in_full;
    Job job = { .plan = &plan,
                .config = config,
                .wanted = wanted,
                .rows = g_new0(CompareRow *, config->n_options),
                .runs = g_new0(unsigned, config->n_options),
                .events = g_new0(uint64_t, config->n_options),
                .finished = g_async_queue_new() };
    run_all(&job);
    comparison->rows = g_ptr_array_new_with_free_func(row_free);
    comparison->seed = config->seed;
    comparison->knowledge = config->knowledge;
    comparison->bound = config->costs_alone ? g_strdup("costs were measured, nothing was attacked") : bound_text(&plan);
    for (unsigned i = 0; i < config->n_options; i++) {
        if (job.rows[i] != NULL)
            g_ptr_array_add(comparison->rows, job.rows[i]);
        comparison->runs += job.runs[i];
        comparison->events += job.events[i];
    }
    comparison->interrupted = comparison->rows->len < config->n_options;
    g_free(job.rows);
    g_free(job.runs);
    g_free(job.events);
    g_async_queue_unref(job.finished);
    plan_clear(&plan);
    return comparison;
}

void comparison_free(Comparison *comparison)
{
    if (comparison == NULL)
        return;
    g_ptr_array_unref(comparison->rows);
    g_free(comparison->bound);
    g_free(comparison);
}
