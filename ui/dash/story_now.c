/*
 * ui/dash/story_now.c - what exists at a position.
 *
 * Source:  ui/dash/story_now.h.
 * Knows:   which members of a record say what it is about, and whether that still exists.
 */
#include "ui/dash/story_now.h"

typedef struct Holding {
    TraceId from, until; /* it holds at positions [from, until) */
    TraceId first;       /* the first record of the same thing */
} Holding;

struct NowIndex {
    GArray *holdings[NOW_N]; /* Holding, by from */
    GArray *found;           /* Holding, of the last question */
    GArray *answer;          /* TraceId */
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

static void take(NowIndex *index, GHashTable *newest[NOW_N], const TraceRecord *r)
{
    NowKind kind;
    bool exists;
    g_autofree char *thing = thing_of(r, &kind, &exists);
    if (thing == NULL)
        return;
    GArray *holdings = index->holdings[kind];
    guint before = GPOINTER_TO_UINT(g_hash_table_lookup(newest[kind], thing)); /* its place + 1; 0: there is none */
    TraceId first = r->id;
    if (before > 0) {
        Holding *replaced = &g_array_index(holdings, Holding, before - 1);
        replaced->until = r->id;
        first = replaced->first;
        g_hash_table_remove(newest[kind], thing);
    }
    if (!exists)
        return;
    Holding holding = { .from = r->id, .until = G_MAXUINT32, .first = first };
    g_array_append_val(holdings, holding);
    g_hash_table_insert(newest[kind], g_steal_pointer(&thing), GUINT_TO_POINTER(holdings->len));
}

NowIndex *now_index_new(const Trace *trace)
{
    NowIndex *index = g_new0(NowIndex, 1);
    GHashTable *newest[NOW_N];

    for (unsigned kind = 0; kind < NOW_N; kind++) {
        index->holdings[kind] = g_array_new(FALSE, FALSE, sizeof(Holding));
        newest[kind] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    }
    index->found = g_array_new(FALSE, FALSE, sizeof(Holding));
    index->answer = g_array_new(FALSE, FALSE, sizeof(TraceId));
    for (TraceId id = 1; id <= trace_count(trace); id++)
        take(index, newest, trace_get(trace, id));
    for (unsigned kind = 0; kind < NOW_N; kind++)
        g_hash_table_destroy(newest[kind]);
    return index;
}

void now_index_free(NowIndex *index)
{
    for (unsigned kind = 0; kind < NOW_N; kind++)
        g_array_unref(index->holdings[kind]);
    g_array_unref(index->found);
    g_array_unref(index->answer);
    g_free(index);
}

static gint by_first(gconstpointer a, gconstpointer b)
{
    const Holding *x = a, *y = b;
    return x->first < y->first ? -1 : x->first > y->first;
}

const GArray *now_index_at(NowIndex *index, TraceId at, NowKind kind)
{
    const GArray *holdings = index->holdings[kind];

    g_array_set_size(index->found, 0);
    for (guint i = 0; i < holdings->len; i++) {
        Holding holding = g_array_index(holdings, Holding, i);
        if (holding.from > at)
            break;
        if (at < holding.until)
            g_array_append_val(index->found, holding);
    }
    g_array_sort(index->found, by_first);
    g_array_set_size(index->answer, 0);
    for (guint i = 0; i < index->found->len; i++)
        g_array_append_val(index->answer, g_array_index(index->found, Holding, i).from);
    return index->answer;
}
