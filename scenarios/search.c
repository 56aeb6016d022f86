/*
 * scenarios/search.c - breadth first: the run without moves, every single move, every pair, ...
 *
 * Source:  scenarios/search.h.
 * Knows:   combinations of moves as sets of numbers, and runs of them in threads; nothing depends on which thread ends
 *          first, because results are looked at in the order of the combinations.
 */
#include "scenarios/scenario_build.h"
#include "scenarios/search_private.h"

#include <string.h>

enum { TRACES_DEFAULT = 12 };

/* Moves by their number, ascending. */
typedef struct Set {
    unsigned n;
    uint16_t move[SEARCH_MOVES_MAX];
} Set;

typedef struct Level {
    const struct Work *work;
    const Set *sets;
    SearchNote *notes; /* by set; each written by one thread */
    unsigned n;
    bool wants_digest;
    GAsyncQueue *finished;
    gint stop;
} Level;

typedef struct Work {
    const SearchConfig *config;
    Search *search;
    Scenario *cast;      /* whose attacker only listens */
    Pki *pki;            /* RSA numbers of the seed, found once; under its own lock */
    GHashTable *digests; /* of runs so far; looked up only */
    GHashTable *known;   /* elements of the moves so far; looked up only, and not changed while threads work */
} Work;

/* --- one run --- */

/* The cast, with its attacker made to move; everything else of him is as in a file of search_write(). */
static Scenario *scenario_of(const Work *work, const Set *set)
{
    const ScenarioAttacker *like = work->cast->attackers->pdata[0];
    Scenario *scenario = scenario_copy(work->cast);
    g_ptr_array_set_size(scenario->attackers, 0);
    ScenarioAttacker *attacker = scenario_add_attacker(scenario);
    g_free(attacker->id);
    g_free(attacker->position);
    g_strfreev(attacker->at);
    g_strfreev(attacker->knows);
    g_ptr_array_unref(attacker->moves);
    attacker->id = g_strdup(like->id);
    attacker->position = g_strdup(like->position);
    attacker->at = g_strdupv(like->at);
    attacker->knows = g_strdupv(like->knows);
    attacker->work_log2 = like->work_log2;
    attacker->knowledge = like->knowledge;
    attacker->moves = g_ptr_array_new(); /* borrowed from the documents that the search keeps */
    for (unsigned i = 0; i < set->n; i++) {
        const SearchMove *move = work->search->moves->pdata[set->move[i]];
        g_ptr_array_add(attacker->moves, (gpointer)move->item);
    }
    return scenario;
}

static World *run(const Work *work, Scenario *scenario, bool wants_digest, SearchNote *note)
{
    WorldFlags flags = { .trace = true, .pki = work->pki };
    World *world = world_new(scenario, work->config->option, work->search->seed, &flags);
    capture_set_digest(world_capture(world), wants_digest);
    search_note(world, world_run(world, SEARCH_EVENTS_MAX), work->search->clear_before, note);
    note->invited = search_moves_from(world, work->known);
    return world;
}

static void do_set(gpointer data, gpointer ctx)
{
    Level *level = ctx;
    unsigned i = GPOINTER_TO_UINT(data) - 1;
    if (!g_atomic_int_get(&level->stop)) {
        g_autoptr(Scenario) scenario = scenario_of(level->work, &level->sets[i]);
        world_free(run(level->work, scenario, level->wants_digest, &level->notes[i]));
        crypto_thread_end();
    }
    g_async_queue_push(level->finished, data);
}

/* True: all of them ran. */
static bool run_level(Level *level, unsigned moves)
{
    const SearchConfig *config = level->work->config;
    GThreadPool *pool = g_thread_pool_new(do_set, level, (gint)MAX(config->jobs, 1u), TRUE, NULL);
    bool all = true;
    for (unsigned i = 0; i < level->n; i++)
        g_thread_pool_push(pool, GUINT_TO_POINTER(i + 1), NULL);
    for (unsigned done = 1; done <= level->n; done++) {
        g_async_queue_pop(level->finished);
        if (config->progress != NULL && !config->progress(config->ctx, moves, done, level->n))
            g_atomic_int_set(&level->stop, 1);
    }
    g_thread_pool_free(pool, FALSE, TRUE);
    for (unsigned i = 0; i < level->n; i++)
        all = all && level->notes[i].done;
    return all;
}

/* --- combinations --- */

static bool set_has(const Set *set, unsigned move)
{
    for (unsigned i = 0; i < set->n; i++)
        if (set->move[i] == move)
            return true;
    return false;
}

static bool fits(const Work *work, const Set *set, unsigned move)
{
    const GPtrArray *moves = work->search->moves;
    for (unsigned i = 0; i < set->n; i++)
        if (search_moves_collide(moves->pdata[set->move[i]], moves->pdata[move]))
            return false;
    return !set_has(set, move);
}

static Set set_with(const Set *set, unsigned move)
{
    Set out = { .n = set->n + 1 };
    unsigned at = 0;
    while (at < set->n && set->move[at] < move)
        at++;
    memcpy(out.move, set->move, at * sizeof out.move[0]);
    out.move[at] = (uint16_t)move;
    memcpy(&out.move[at + 1], &set->move[at], (set->n - at) * sizeof out.move[0]);
    return out;
}

/*
 * Every set of @frontier with one more move, each once, in order.  With any other move, not only a later one: where two
 * moves leave the same octets the second is not extended, but what it would have led to is found from the first.
 */
static GArray *extend(const Work *work, const GArray *frontier, unsigned moves)
{
    GArray *sets = g_array_new(FALSE, TRUE, sizeof(Set));
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    for (guint i = 0; i < frontier->len; i++) {
        const Set *set = &g_array_index(frontier, Set, i);
        for (unsigned move = 0; move < work->search->moves->len; move++) {
            if (!fits(work, set, move))
                continue;
            Set longer = set_with(set, move);
            if (g_hash_table_add(seen, g_bytes_new(longer.move, moves * sizeof longer.move[0])))
                g_array_append_val(sets, longer);
        }
    }
    return sets;
}

/* --- moves --- */

/* Made data for the world: one document for all of them. */
static void add_moves(Work *work, GPtrArray *moves)
{
    if (moves->len == 0)
        return;
    Scenario *document = search_parse(work->search->segment, moves);
    const ScenarioAttacker *attacker = document->attackers->pdata[0];
    for (guint i = 0; i < moves->len; i++) {
        SearchMove *move = moves->pdata[i];
        move->item = attacker->moves->pdata[i];
        g_ptr_array_add(work->search->moves, move);
    }
    g_ptr_array_set_free_func(moves, NULL);
    g_ptr_array_add(work->search->documents, document);
}

static bool is_wanted(const Work *work, const SearchMove *move)
{
    const char *const *only = work->config->only;
    if (only == NULL)
        return true;
    for (; *only != NULL; only++)
        if (strstr(move->words, *only) != NULL)
            return true;
    return false;
}

/* What these runs have shown to be possible; who showed it first counts. */
static void add_invited(Work *work, SearchNote *notes, unsigned n)
{
    g_autoptr(GPtrArray) moves = g_ptr_array_new_with_free_func(search_move_free);
    for (unsigned i = 0; i < n; i++) {
        for (guint k = 0; notes[i].invited != NULL && k < notes[i].invited->len; k++) {
            SearchMove *move = notes[i].invited->pdata[k];
            if (!g_hash_table_add(work->known, g_strdup(move->xml)) || !is_wanted(work, move))
                continue;
            g_ptr_array_add(moves, move);
            notes[i].invited->pdata[k] = NULL;
        }
    }
    add_moves(work, moves);
}

/* --- what came of it --- */

static void trace_free(gpointer data)
{
    SearchTrace *trace = data;
    g_free(trace->end);
    g_free(trace->how);
    g_free(trace);
}

static SearchTrace *trace_of(const Work *work, const Set *set, const SearchNote *note, SearchGoal goal)
{
    SearchTrace *trace = g_new0(SearchTrace, 1);
    *trace = (SearchTrace){ .n_elements = set->n,
                            .n_moves = note->moves,
                            .goals = note->goals,
                            .ending = note->ending,
                            .end = g_strdup(note->end),
                            .end_status = note->end_status,
                            .how = g_strdup(note->how[goal]),
                            .clear = note->clear,
                            .sa_ealg = note->sa_ealg };
    for (unsigned i = 0; i < set->n; i++)
        trace->moves[i] = work->search->moves->pdata[set->move[i]];
    return trace;
}

static void count(SearchDepth *depth, const SearchNote *note)
{
    for (SearchGoal goal = 0; goal < SEARCH_N_GOALS; goal++)
        depth->reached[goal] += (note->goals >> goal) & 1;
    depth->made++;
    depth->registered += note->ending == SEARCH_REGISTERED;
    depth->silent += note->ending == SEARCH_SILENT;
    depth->aborted += note->ending == SEARCH_ABORTED;
}

/* Found with so few moves as never before, or again with as few. */
static void reach(Work *work, SearchAnswer *answer, const Set *set, const SearchNote *note, SearchGoal goal)
{
    unsigned most = work->config->max_traces != 0 ? work->config->max_traces : TRACES_DEFAULT;
    if (answer->moves != note->moves) {
        answer->n = 0;
        g_ptr_array_set_size(answer->traces, 0);
    }
    answer->moves = note->moves;
    answer->n++;
    if (answer->traces->len < most)
        g_ptr_array_add(answer->traces, trace_of(work, set, note, goal));
}

/* A run in which every move acted. */
static void take(Work *work, const Set *set, const SearchNote *note)
{
    for (SearchGoal goal = 0; goal < SEARCH_N_GOALS; goal++) {
        SearchAnswer *answer = &work->search->answers[goal];
        bool shorter = answer->moves == 0 || note->moves <= answer->moves;
        if (answer->asked && !answer->already && ((note->goals >> goal) & 1) && shorter)
            reach(work, answer, set, note, goal);
    }
}

/* In the order of the combinations; those that led to something new are what the next depth extends. */
static GArray *fold(Work *work, const GArray *sets, const SearchNote *notes, unsigned n, SearchDepth *depth)
{
    GArray *frontier = g_array_new(FALSE, TRUE, sizeof(Set));
    for (unsigned i = 0; i < n; i++) {
        const Set *set = &g_array_index(sets, Set, i);
        const SearchNote *note = &notes[i];
        depth->runs += note->done;
        work->search->events += note->events;
        if (!note->done || !note->all_acted || note->moves > work->search->max_moves)
            continue;
        count(depth, note);
        take(work, set, note);
        if (note->digest[0] != '\0' && g_hash_table_add(work->digests, g_strdup(note->digest)))
            g_array_append_val(frontier, *set);
    }
    return frontier;
}

/* Nothing as short can come with so many elements or more. */
static bool all_answered(const Search *search, unsigned elements)
{
    for (SearchGoal goal = 0; goal < SEARCH_N_GOALS; goal++) {
        const SearchAnswer *answer = &search->answers[goal];
        if (answer->asked && !answer->already && (answer->moves == 0 || answer->moves >= elements))
            return false;
    }
    return true;
}

/* One depth; gives what the next one extends. */
static GArray *search_depth(Work *work, const GArray *before, unsigned moves)
{
    Search *search = work->search;
    g_autoptr(GArray) sets = extend(work, before, moves);
    SearchDepth depth = { .moves = moves, .combinations = sets->len };
    uint64_t most = work->config->max_runs != 0 ? work->config->max_runs - search->runs : UINT64_MAX;
    Level level = { .work = work,
                    .sets = (const Set *)(const void *)sets->data,
                    .notes = g_new0(SearchNote, sets->len + 1),
                    .n = (unsigned)MIN(sets->len, most),
                    .wants_digest = moves < search->max_moves,
                    .finished = g_async_queue_new() };
    search->runs_exhausted = level.n < sets->len;
    search->interrupted = !run_level(&level, moves);
    GArray *frontier = fold(work, sets, level.notes, level.n, &depth);
    search->runs += depth.runs;
    g_array_append_val(search->depths, depth);
    add_invited(work, level.notes, level.n);
    for (unsigned i = 0; i < level.n; i++)
        search_note_clear(&level.notes[i]);
    g_free(level.notes);
    g_async_queue_unref(level.finished);
    return frontier;
}

/* The run in which he only listens: what is so anyhow, and what there is to act on. */
static void listen_first(Work *work)
{
    Search *search = work->search;
    SearchNote note = { 0 };
    Set nothing = { .n = 0 };
    g_autoptr(Scenario) scenario = scenario_of(work, &nothing);
    World *world = run(work, scenario, true, &note);
    add_invited(work, &note, 1);
    search->clear_before = note.clear;
    for (SearchGoal goal = 0; goal < SEARCH_N_GOALS; goal++)
        search->answers[goal].already = (note.goals >> goal) & 1;
    g_hash_table_add(work->digests, g_strdup(note.digest));
    search->runs = 1;
    search->events = note.events;
    search_note_clear(&note);
    world_free(world);
}

static void search_all(Work *work)
{
    Search *search = work->search;
    GArray *frontier = g_array_new(FALSE, TRUE, sizeof(Set));
    g_array_set_size(frontier, 1); /* no move yet */
    for (unsigned moves = 1; moves <= search->max_moves && frontier->len > 0; moves++) {
        if (all_answered(search, moves) || search->interrupted || search->runs_exhausted)
            break;
        GArray *next = search_depth(work, frontier, moves);
        g_array_unref(frontier);
        frontier = next;
    }
    g_array_unref(frontier);
}

/* --- the search as a whole --- */

static Search *search_new(const SearchConfig *config)
{
    Search *search = g_new0(Search, 1);
    bool any = false;
    search->segment = g_strdup_printf("%s:%s", config->segment != NULL ? config->segment : "air", SEARCH_UE);
    search->seed = config->seed;
    search->max_moves = MIN(config->max_moves != 0 ? config->max_moves : SEARCH_MOVES_DEFAULT, SEARCH_MOVES_MAX);
    search->moves = g_ptr_array_new_with_free_func(search_move_free);
    search->depths = g_array_new(FALSE, TRUE, sizeof(SearchDepth));
    search->documents = g_ptr_array_new_with_free_func((GDestroyNotify)scenario_free);
    for (SearchGoal goal = 0; goal < SEARCH_N_GOALS; goal++)
        any = any || config->goals[goal];
    for (SearchGoal goal = 0; goal < SEARCH_N_GOALS; goal++) {
        search->answers[goal].asked = !any || config->goals[goal];
        search->answers[goal].traces = g_ptr_array_new_with_free_func(trace_free);
    }
    return search;
}

static char *bound_of(const Search *search, const char *const *only)
{
    g_autofree char *words = only != NULL ? g_strjoinv(", ", (char **)only) : NULL;
    return g_strdup_printf(
        "every combination of at most %u of %u moves of one attacker on %s%s%s, as far as a goal has "
        "no answer; one subscriber, who registers (twice if the first time times out), publishes "
        "once and watches once",
        search->max_moves, search->moves->len, search->segment, words != NULL ? ", only of those that say " : "",
        words != NULL ? words : "");
}

Search *search_attacks(const SearchConfig *config)
{
    Search *search = search_new(config);
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    Work work = { .config = config,
                  .search = search,
                  .cast = search_parse(search->segment, none),
                  .pki = pki_new(config->seed),
                  .digests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                  .known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL) };
    listen_first(&work);
    search_all(&work);
    search->bound = bound_of(search, config->only);
    g_hash_table_unref(work.digests);
    g_hash_table_unref(work.known);
    scenario_free(work.cast);
    pki_unref(work.pki);
    return search;
}

bool search_is_inconclusive(const Search *search)
{
    bool open = false;
    for (SearchGoal goal = 0; goal < SEARCH_N_GOALS; goal++) {
        const SearchAnswer *answer = &search->answers[goal];
        open = open || (answer->asked && !answer->already && answer->moves == 0);
    }
    return open && (search->interrupted || search->runs_exhausted);
}

void search_free(Search *search)
{
    if (search == NULL)
        return;
    for (SearchGoal goal = 0; goal < SEARCH_N_GOALS; goal++)
        g_ptr_array_unref(search->answers[goal].traces);
    g_ptr_array_unref(search->moves);
    g_ptr_array_unref(search->documents);
    g_array_unref(search->depths);
    g_free(search->segment);
    g_free(search->bound);
    g_free(search);
}
