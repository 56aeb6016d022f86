/*
 * ui/dash/story_now.c - what exists at a position.
 *
 * Source:  ui/dash/story_now.h.
 * Knows:   which members of a record say what it is about, and whether that still exists.
 *
 * A thing ("the SA of alice with this SPI") is made of holdings: this record described it from here until there.  Those
 * of one thing never overlap, so a position finds the one that holds by halving, whichever way it was reached.
 */
#include "ui/dash/story_now.h"

typedef struct Holding {
    TraceId from, until; /* it holds at positions [from, until) */
} Holding;

typedef struct Thing {
    const char *place; /* the node it is at, of a radio link the link */
    GArray *holdings;  /* Holding, by from */
} Thing;

struct NowIndex {
    GPtrArray *things[NOW_N];  /* Thing *, in order of their first records */
    GHashTable *places[NOW_N]; /* place -> GPtrArray of its things */
    GArray *answer[NOW_N];     /* TraceId */
    TraceId answered[NOW_N];   /* ... for this position */
};

/* ---- what a record is about ---- */

/* A name for the thing; NULL: this record is no state.  @exists: false when it says that the thing is no more. */
static char *thing_of(const TraceRecord *r, NowKind *kind, bool *exists)
{
    *exists = true;
    switch (r->kind) {
    case TRACE_CIPHER: *kind = NOW_CIPHERS; return g_strdup(r->cipher.link);
    case TRACE_SA:
        *kind = NOW_SAS;
        *exists = r->sa.made;
        return g_strdup_printf("%s %u %s", r->node, r->sa.spi, r->sa.dst);
    case TRACE_TLS:
        *kind = NOW_TLS;
        *exists = r->tls.open;
        return g_strdup_printf("%s %u", r->node, r->tls.connection);
    case TRACE_REGISTRATION:
        *kind = NOW_REGISTRATIONS;
        *exists = r->registration.made;
        return g_strdup(r->registration.impu);
    case TRACE_SUBSCRIPTION:
        *kind = NOW_SUBSCRIPTIONS;
        return g_strdup_printf("%s %s %s", r->subscription.watcher, r->subscription.presentity,
                               r->subscription.package);
    case TRACE_PUBLICATION:
        *kind = NOW_PUBLICATIONS;
        *exists = r->publication.document[0] != '\0';
        return g_strdup_printf("%s %s", r->publication.presentity, r->publication.publisher);
    case TRACE_DISPLAY: *kind = NOW_DISPLAYS; return g_strdup_printf("%s %s", r->display.user, r->display.from);
    case TRACE_SEND:
    case TRACE_RECEIVE:
    case TRACE_FRAME:
    case TRACE_DECISION:
    case TRACE_OUTCOME:
    case TRACE_DROP:
    case TRACE_MOVE:
    case TRACE_LEARN:
    case TRACE_N_KINDS: break;
    }
    return NULL;
}

/* ---- the index ---- */

static void thing_free(gpointer data)
{
    Thing *thing = data;
    g_array_unref(thing->holdings);
    g_free(thing);
}

static Thing *add_thing(NowIndex *index, NowKind kind, const TraceRecord *r)
{
    Thing *thing = g_new0(Thing, 1);
    thing->place = r->kind == TRACE_CIPHER ? r->cipher.link : r->node;
    thing->holdings = g_array_new(FALSE, FALSE, sizeof(Holding));
    g_ptr_array_add(index->things[kind], thing);

    GPtrArray *there = g_hash_table_lookup(index->places[kind], thing->place);
    if (there == NULL) {
        there = g_ptr_array_new();
        g_hash_table_insert(index->places[kind], (char *)thing->place, there);
    }
    g_ptr_array_add(there, thing);
    return thing;
}

/* @known: name -> Thing, of those that exist; one that was ended and is made again is another thing. */
static void take(NowIndex *index, GHashTable *known[NOW_N], const TraceRecord *r)
{
    NowKind kind;
    bool exists;
    g_autofree char *name = thing_of(r, &kind, &exists);
    if (name == NULL)
        return;
    Thing *thing = g_hash_table_lookup(known[kind], name);
    if (thing != NULL)
        g_array_index(thing->holdings, Holding, thing->holdings->len - 1).until = r->id;
    if (!exists) {
        g_hash_table_remove(known[kind], name);
        return;
    }
    if (thing == NULL) {
        thing = add_thing(index, kind, r);
        g_hash_table_insert(known[kind], g_steal_pointer(&name), thing);
    }
    Holding holding = { .from = r->id, .until = G_MAXUINT32 };
    g_array_append_val(thing->holdings, holding);
}

NowIndex *now_index_new(const Trace *trace)
{
    NowIndex *index = g_new0(NowIndex, 1);
    GHashTable *known[NOW_N];

    for (unsigned kind = 0; kind < NOW_N; kind++) {
        index->things[kind] = g_ptr_array_new_with_free_func(thing_free);
        index->places[kind] = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
        index->answer[kind] = g_array_new(FALSE, FALSE, sizeof(TraceId));
        known[kind] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    }
    for (TraceId id = 1; id <= trace_count(trace); id++)
        take(index, known, trace_get(trace, id));
    for (unsigned kind = 0; kind < NOW_N; kind++)
        g_hash_table_destroy(known[kind]);
    return index;
}

void now_index_free(NowIndex *index)
{
    for (unsigned kind = 0; kind < NOW_N; kind++) {
        g_hash_table_destroy(index->places[kind]);
        g_ptr_array_unref(index->things[kind]);
        g_array_unref(index->answer[kind]);
    }
    g_free(index);
}

/* ---- answers ---- */

/* The record that describes the thing at this position; 0: it does not exist then. */
static TraceId holds_at(const Thing *thing, TraceId at)
{
    guint low = 0, high = thing->holdings->len; /* the first that begins after the position */
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(thing->holdings, Holding, middle).from <= at)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return 0;
    const Holding *last = &g_array_index(thing->holdings, Holding, low - 1);
    return at < last->until ? last->from : 0;
}

static bool has_begun(const Thing *thing, TraceId at)
{
    return g_array_index(thing->holdings, Holding, 0).from <= at;
}

const GArray *now_index_at(NowIndex *index, TraceId at, NowKind kind)
{
    GArray *answer = index->answer[kind];
    const GPtrArray *things = index->things[kind];

    if (index->answered[kind] == at && at != 0)
        return answer;
    g_array_set_size(answer, 0);
    for (guint i = 0; i < things->len && has_begun(things->pdata[i], at); i++) {
        TraceId holds = holds_at(things->pdata[i], at);
        if (holds != 0)
            g_array_append_val(answer, holds);
    }
    index->answered[kind] = at;
    return answer;
}

TraceId now_index_newest(const NowIndex *index, TraceId at, NowKind kind, const char *place)
{
    const GPtrArray *there = g_hash_table_lookup(index->places[kind], place);
    TraceId newest = 0;
    for (guint i = 0; there != NULL && i < there->len && has_begun(there->pdata[i], at); i++)
        newest = MAX(newest, holds_at(there->pdata[i], at));
    return newest;
}
