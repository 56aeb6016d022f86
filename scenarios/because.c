/*
 * scenarios/because.c - walking cause links back to the decisions.
 */
#include "scenarios/because.h"
#include <string.h>

#define STEPS_MAX 4096

typedef struct Chain {
    const Trace *trace;
    GArray *ids; /* TraceId of the records that say something */
} Chain;

/* Records that explain: decisions, ciphers, SAs, attackers' moves, and the message at the end. */
static bool explains(const TraceRecord *r)
{
    return r->kind == TRACE_DECISION || r->kind == TRACE_CIPHER || r->kind == TRACE_SA || r->kind == TRACE_TLS ||
           r->kind == TRACE_MOVE;
}

static bool has(const Chain *chain, TraceId id)
{
    for (guint i = 0; i < chain->ids->len; i++)
        if (g_array_index(chain->ids, TraceId, i) == id)
            return true;
    return false;
}

/* Back from @id; where a state decided besides the cause, that branch is walked too. */
static void walk(Chain *chain, TraceId id, unsigned *steps)
{
    while (id != 0 && (*steps)++ < STEPS_MAX) {
        const TraceRecord *r = trace_get(chain->trace, id);
        if (r == NULL || has(chain, id))
            return;
        if (explains(r))
            g_array_append_val(chain->ids, id);
        if (r->because != 0 && r->because != id)
            walk(chain, r->because, steps);
        id = r->cause;
    }
}

static gint by_id(gconstpointer a, gconstpointer b)
{
    const TraceId *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static char *sentence(const TraceRecord *r)
{
    switch (r->kind) {
    case TRACE_DECISION: return g_strdup_printf("%s %s (%s)", r->node, r->decision.text, r->decision.clause);
    case TRACE_CIPHER:
        if (strcmp(r->cipher.cipher, "none") == 0)
            return g_strdup_printf("the radio link of %s is not ciphered", r->cipher.link);
        return g_strdup_printf("the radio link of %s is ciphered with %s, which ends in the access network",
                               r->cipher.link, r->cipher.cipher);
    case TRACE_SA:
        return r->sa.made
                   ? g_strdup_printf("%s sets up SAs with %s and %s for %s", r->node, r->sa.alg, r->sa.ealg, r->sa.user)
                   : NULL;
    case TRACE_TLS:
        return r->tls.open ? g_strdup_printf("%s has a TLS connection with %s (%s, %s)", r->node, r->tls.peer,
                                             r->tls.version, r->tls.suite)
                           : NULL;
    case TRACE_MOVE: return g_strdup_printf("%s %s", r->move.attacker, r->move.text);
    case TRACE_SEND:
        return g_strdup_printf("%s sends %s %s", r->node, r->message.label,
                               strcmp(r->message.protection, "clear") == 0 ? "without protection of its own"
                                                                           : r->message.protection);
    default: return NULL;
    }
}

char **because_chain(const Trace *trace, TraceId id)
{
    Chain chain = { trace, g_array_new(FALSE, FALSE, sizeof(TraceId)) };
    GPtrArray *lines = g_ptr_array_new();
    unsigned steps = 0;
    const TraceRecord *last = trace_get(trace, id);

    walk(&chain, id, &steps);
    g_array_sort(chain.ids, by_id);
    for (guint i = 0; i < chain.ids->len; i++) {
        char *line = sentence(trace_get(trace, g_array_index(chain.ids, TraceId, i)));
        bool repeats = line != NULL && lines->len > 0 && strcmp(lines->pdata[lines->len - 1], line) == 0;
        if (line != NULL && !repeats)
            g_ptr_array_add(lines, line);
        else
            g_free(line);
    }
    if (last != NULL && last->kind == TRACE_SEND)
        g_ptr_array_add(lines, sentence(last));
    g_ptr_array_add(lines, NULL);
    g_array_unref(chain.ids);
    return (char **)g_ptr_array_free(lines, FALSE);
}
