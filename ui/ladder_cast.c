/*
 * ui/ladder_cast.c - who stands where in a ladder, and which messages are shown.
 *
 * Source:  ui/ladder_cast.h.
 * Knows:   names.
 */
#include "ui/ladder_cast.h"

#include <string.h>

enum { RANK_UE, RANK_OTHERS, RANK_CELL, RANK_ATTACKER, RANK_PCSCF, RANK_CORE, COLUMNS_LEAST = 4 };
#define OTHERS "others"

const char *const ladder_protocols[] = { "sip", "diameter", "access", "dhcp", NULL };

struct LadderCast {
    const LadderFold *fold;
    const char *const *only;
    bool only_names, only_several, only_protocols;
    GPtrArray *names;    /* of the columns; borrowed */
    GHashTable *columns; /* name -> its column + 1 */
};

/* ---- what the user wants ---- */

static bool is_protocol(const char *word)
{
    return g_strv_contains(ladder_protocols, word);
}

/* "pcscf", "P-CSCF", "alice"; a cell also by "cell". */
static bool is_named(const LadderCast *cast, const char *node)
{
    for (const char *const *word = cast->only; word && *word; word++)
        if (g_ascii_strcasecmp(*word, node) == 0 || g_ascii_strcasecmp(*word, ladder_node_name(node)) == 0)
            return true;
    return false;
}

static const char *protocol_name(TraceProtocol protocol)
{
    switch (protocol) {
    case TRACE_SIP: return "sip";
    case TRACE_DIAMETER: return "diameter";
    case TRACE_ACCESS: return "access";
    case TRACE_DHCP: return "dhcp";
    case TRACE_HTTP: return "http";
    case TRACE_TCP: return "tcp";
    }
    return "";
}

static void read_only(LadderCast *cast)
{
    unsigned names = 0;
    for (const char *const *word = cast->only; word && *word; word++) {
        if (is_protocol(*word))
            cast->only_protocols = true;
        else
            names++;
    }
    cast->only_names = names > 0;
    cast->only_several = names > 1;
}

/* A protocol that was asked for is shown in full; else what belongs to the story. */
static bool wants_protocol(const LadderCast *cast, const TraceRecord *r)
{
    if (cast->only_protocols)
        return g_strv_contains(cast->only, protocol_name(r->message.protocol));
    return ladder_is_told(cast->fold, r);
}

/* One name: everything from and to it.  Several: what passes between them. */
static bool wants_ends(const LadderCast *cast, const char *from, const char *to)
{
    if (!cast->only_names)
        return true;
    bool a = is_named(cast, from), b = is_named(cast, to);
    return cast->only_several ? a && b : a || b;
}

/* ---- messages ---- */

/* Both ends by their names in the trace; NULL: not a message that is drawn. */
static bool ends_of(const LadderFold *fold, const TraceRecord *r, const char **from, const char **to)
{
    const Trace *trace = ladder_fold_trace(fold);
    if (r->kind == TRACE_SEND) {
        const TraceRecord *arrival = trace_get(trace, ladder_received(fold, r->id));
        const char *taken = ladder_taken_by(fold, r->id);
        *from = r->node;
        *to = arrival ? arrival->node : taken ? taken : r->message.peer;
        return true;
    }
    if (r->kind != TRACE_RECEIVE || !ladder_is_forged(fold, r->id))
        return false;
    *from = trace_get(trace, r->cause)->move.attacker;
    *to = r->node;
    return true;
}

static int column_of(const LadderCast *cast, const char *node)
{
    guint column = GPOINTER_TO_UINT(g_hash_table_lookup(cast->columns, ladder_node_name(node)));
    return column > 0 ? (int)column - 1 : GPOINTER_TO_INT(g_hash_table_lookup(cast->columns, OTHERS)) - 1;
}

bool ladder_message(const LadderCast *cast, const TraceRecord *record, LadderMessage *out)
{
    const char *from = NULL, *to = NULL;
    if (!ends_of(cast->fold, record, &from, &to) || !wants_protocol(cast, record) || !wants_ends(cast, from, to))
        return false;
    bool forged = record->kind == TRACE_RECEIVE;
    *out = (LadderMessage){ .record = record,
                            .from = column_of(cast, from),
                            .to = column_of(cast, to),
                            .arrived = forged || ladder_received(cast->fold, record->id) != 0 ||
                                       ladder_taken_by(cast->fold, record->id),
                            .forged = forged || record->origin != 0 || ladder_is_attacker(cast->fold, from) };
    return out->from >= 0;
}

bool ladder_wants_note(const LadderCast *cast, const TraceRecord *record)
{
    return !cast->only_names || is_named(cast, record->node);
}

/* ---- columns ---- */

typedef struct {
    const char *name;
    int rank;
    guint seen; /* in order of first appearance */
} Candidate;

static int rank_of(const LadderFold *fold, const char *node)
{
    static const char *const core[] = { "I-CSCF", "S-CSCF", "HSS", "PS" };
    const char *name = ladder_node_name(node);
    if (strcmp(name, "cell") == 0)
        return RANK_CELL;
    if (ladder_is_attacker(fold, node))
        return RANK_ATTACKER;
    if (strstr(name, "P-CSCF"))
        return RANK_PCSCF;
    for (size_t i = 0; i < G_N_ELEMENTS(core); i++)
        if (strcmp(core[i], name) == 0)
            return RANK_CORE + (int)i;
    return RANK_UE;
}

static void add_candidate(const LadderFold *fold, GArray *candidates, GHashTable *known, const char *node)
{
    const char *name = ladder_node_name(node);
    if (!g_hash_table_add(known, (char *)name))
        return;
    Candidate candidate = { .name = name, .rank = rank_of(fold, node), .seen = candidates->len };
    g_array_append_val(candidates, candidate);
}

/* An address that nobody answers at is no participant. */
static bool is_participant(const char *node)
{
    return *node && !strstr(node, "::") && !(strchr(node, ':') && !g_str_has_prefix(node, "cell:"));
}

static gint by_rank(gconstpointer a, gconstpointer b)
{
    const Candidate *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->seen < y->seen ? -1 : x->seen > y->seen;
}

static GArray *collect(const LadderCast *cast)
{
    const Trace *trace = ladder_fold_trace(cast->fold);
    GArray *candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        const char *from = NULL, *to = NULL;
        if (!ends_of(cast->fold, r, &from, &to) || !wants_protocol(cast, r) || !wants_ends(cast, from, to))
            continue;
        if (is_participant(from))
            add_candidate(cast->fold, candidates, known, from);
        if (is_participant(to))
            add_candidate(cast->fold, candidates, known, to);
    }
    g_array_sort(candidates, by_rank);
    return candidates;
}

LadderCast *ladder_cast_new(const LadderFold *fold, const char *const *only, int columns_max)
{
    LadderCast *cast = g_new0(LadderCast, 1);
    cast->fold = fold;
    cast->only = only;
    cast->names = g_ptr_array_new();
    cast->columns = g_hash_table_new(g_str_hash, g_str_equal);
    read_only(cast);
    g_autoptr(GArray) candidates = collect(cast);
    int over = (int)candidates->len - MAX(columns_max, COLUMNS_LEAST), ues = 0;
    for (guint i = 0; i < candidates->len; i++)
        ues += g_array_index(candidates, Candidate, i).rank == RANK_UE;
    int ues_shown = over > 0 ? MAX(ues - over - 1, 1) : ues;
    for (guint i = 0; i < candidates->len; i++) {
        const Candidate *candidate = &g_array_index(candidates, Candidate, i);
        if (candidate->rank == RANK_UE && (int)i == ues_shown)
            g_ptr_array_add(cast->names, (char *)OTHERS);
        else if (candidate->rank != RANK_UE || (int)i < ues_shown)
            g_ptr_array_add(cast->names, (char *)candidate->name);
    }
    for (guint i = cast->names->len; i > 0; i--) /* the first of a name counts */
        g_hash_table_insert(cast->columns, cast->names->pdata[i - 1], GUINT_TO_POINTER(i));
    return cast;
}

void ladder_cast_free(LadderCast *cast)
{
    if (!cast)
        return;
    g_ptr_array_unref(cast->names);
    g_hash_table_destroy(cast->columns);
    g_free(cast);
}

int ladder_columns(const LadderCast *cast)
{
    return (int)cast->names->len;
}

const char *ladder_column_name(const LadderCast *cast, int column)
{
    return cast->names->pdata[column];
}

const char **ladder_participants(const Trace *trace)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *names = g_ptr_array_new();
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (is_participant(r->node) && g_hash_table_add(known, (char *)r->node))
            g_ptr_array_add(names, (char *)r->node);
    }
    g_ptr_array_add(names, NULL);
    return (const char **)g_ptr_array_free(names, FALSE);
}

bool ladder_knows(const Trace *trace, const char *word)
{
    g_autofree const char **names = ladder_participants(trace);
    bool known = is_protocol(word);
    for (const char **name = names; *name && !known; name++)
        known = g_ascii_strcasecmp(*name, word) == 0 || g_ascii_strcasecmp(ladder_node_name(*name), word) == 0;
    return known;
}
