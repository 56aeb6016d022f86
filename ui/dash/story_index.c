/*
 * ui/dash/story_index.c - where in a run is what.
 *
 * Source:  ui/dash/story_index.h; RFC 2460 §3 and RFC 4303 §2 for what of a packet is read: addresses, SPI, sequence.
 * Knows:   records, and the outer headers of packets, which nothing hides.
 */
#include "ui/dash/story_index.h"

#include "ui/ladder_notes.h"

#include <string.h>

struct StoryIndex {
    GArray *told; /* of TraceId, as all of these */
    GArray *moments[MOMENT_N];
    GHashTable *nodes, *attackers, *gains; /* name -> GArray */
    GArray *nothing;                       /* what is not there */
    GHashTable *segments;                  /* "air:bob" and "air" */
    GHashTable *hosts;                     /* NetAddr -> name, borrowed */
    GHashTable *sequences;                 /* SaKey -> GArray of Sequence */
};

typedef struct SaKey {
    NetAddr dst;
    uint32_t spi;
} SaKey;

/* From this position on it is the highest that was seen. */
typedef struct Sequence {
    TraceId from;
    uint32_t highest;
} Sequence;

/* ---- keys ---- */

static guint hash_of(const void *octets, size_t len)
{
    guint hash = 5381; /* as g_str_hash, over octets that may be zero */
    for (size_t i = 0; i < len; i++)
        hash = hash * 33 + ((const uint8_t *)octets)[i];
    return hash;
}

static guint addr_hash(gconstpointer addr)
{
    return hash_of(addr, sizeof(NetAddr));
}

static gboolean addr_equal(gconstpointer a, gconstpointer b)
{
    return net_addr_equal(a, b);
}

static guint sa_hash(gconstpointer key)
{
    const SaKey *sa = key;
    return addr_hash(&sa->dst) ^ sa->spi;
}

static gboolean sa_equal(gconstpointer a, gconstpointer b)
{
    const SaKey *x = a, *y = b;
    return x->spi == y->spi && net_addr_equal(&x->dst, &y->dst);
}

/* ---- making it ---- */

static void append(GHashTable *by_name, const char *name, TraceId id)
{
    GArray *positions = g_hash_table_lookup(by_name, name);
    if (positions == NULL) {
        positions = g_array_new(FALSE, FALSE, sizeof(TraceId));
        g_hash_table_insert(by_name, (char *)name, positions);
    }
    g_array_append_val(positions, id);
}

static bool is_failure(const TraceRecord *r)
{
    return r->kind == TRACE_DROP || (r->kind == TRACE_OUTCOME && (r->outcome.status < 200 || r->outcome.status >= 300));
}

static void note_attacker(StoryIndex *index, const TraceRecord *r)
{
    if (r->kind == TRACE_LEARN) {
        append(index->attackers, r->learn.attacker, r->id);
        append(index->gains, r->learn.attacker, r->id);
    } else if (r->kind == TRACE_MOVE) {
        append(index->attackers, r->move.attacker, r->id);
    }
}

enum {
    IP_LEN = 40,
    IP_NEXT = 6,
    IP_SRC = 8,
    IP_DST = 24,
    IP_ESP = 50,
    ESP_LEN = 8,
};

static uint32_t read_u32(const uint8_t *octets)
{
    return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 | octets[3];
}

static void note_sequence(StoryIndex *index, const TraceRecord *r)
{
    const uint8_t *packet = r->frame.octets;
    if (r->frame.len < IP_LEN + ESP_LEN || packet[IP_NEXT] != IP_ESP)
        return;
    SaKey key = { .spi = read_u32(packet + IP_LEN) };
    memcpy(key.dst.octet, packet + IP_DST, sizeof key.dst.octet);
    Sequence seen = { .from = r->id, .highest = read_u32(packet + IP_LEN + 4) };
    GArray *sequences = g_hash_table_lookup(index->sequences, &key);
    if (sequences == NULL) {
        sequences = g_array_new(FALSE, FALSE, sizeof(Sequence));
        g_hash_table_insert(index->sequences, g_memdup2(&key, sizeof key), sequences);
    } else if (g_array_index(sequences, Sequence, sequences->len - 1).highest >= seen.highest) {
        return;
    }
    g_array_append_val(sequences, seen);
}

static void note_segment(StoryIndex *index, const char *segment)
{
    if (g_hash_table_contains(index->segments, segment))
        return;
    g_hash_table_add(index->segments, g_strdup(segment));
    g_hash_table_add(index->segments, g_strndup(segment, strcspn(segment, ":")));
}

/* The first packet of a message that is not under a radio cipher. */
static bool is_first_in_sight(const LadderFold *fold, const TraceRecord *sent, const TraceRecord *r)
{
    const Trace *trace = ladder_fold_trace(fold);
    TraceId id = ladder_first_frame(fold, sent->id);
    while (id != 0 && id != r->id && trace_get(trace, id)->frame.kind != NET_IP)
        id = ladder_next_frame(fold, id);
    return id == r->id;
}

/* Who sent a message has the address that its first packet came from. */
static void note_frame(StoryIndex *index, const LadderFold *fold, const TraceRecord *r)
{
    const TraceRecord *sent = trace_get(ladder_fold_trace(fold), r->cause);
    note_segment(index, r->frame.segment);
    if (r->frame.kind != NET_IP || r->frame.octets == NULL || r->frame.len < IP_LEN)
        return;
    note_sequence(index, r);
    if (sent == NULL || sent->kind != TRACE_SEND || sent->origin != 0 || !is_first_in_sight(fold, sent, r))
        return;
    NetAddr from;
    memcpy(from.octet, r->frame.octets + IP_SRC, sizeof from.octet);
    if (!g_hash_table_contains(index->hosts, &from))
        g_hash_table_insert(index->hosts, g_memdup2(&from, sizeof from), (char *)sent->node);
}

static void note(StoryIndex *index, const LadderFold *fold, const LadderCast *cast, const TraceRecord *r)
{
    LadderMessage message;
    bool is_message = ladder_message(cast, r, &message);

    if (r->kind == TRACE_FRAME) {
        note_frame(index, fold, r);
        return;
    }
    append(index->nodes, r->node, r->id);
    note_attacker(index, r);
    if (is_message || ladder_note_is_told(fold, r))
        g_array_append_val(index->told, r->id);
    if (is_message)
        story_index_add_moment(index, MOMENT_MESSAGE, r->id);
    if (is_failure(r))
        story_index_add_moment(index, MOMENT_FAILURE, r->id);
    if (r->kind == TRACE_LEARN)
        story_index_add_moment(index, MOMENT_GAIN, r->id);
    if (r->kind == TRACE_MOVE)
        story_index_add_moment(index, MOMENT_MOVE, r->id);
}

static GHashTable *positions_by_name(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
}

StoryIndex *story_index_new(const LadderFold *fold, const LadderCast *cast)
{
    StoryIndex *index = g_new0(StoryIndex, 1);
    const Trace *trace = ladder_fold_trace(fold);

    index->told = g_array_new(FALSE, FALSE, sizeof(TraceId));
    index->nothing = g_array_new(FALSE, FALSE, sizeof(TraceId));
    for (unsigned kind = 0; kind < MOMENT_N; kind++)
        index->moments[kind] = g_array_new(FALSE, FALSE, sizeof(TraceId));
    index->nodes = positions_by_name();
    index->attackers = positions_by_name();
    index->gains = positions_by_name();
    index->segments = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    index->hosts = g_hash_table_new_full(addr_hash, addr_equal, g_free, NULL);
    index->sequences = g_hash_table_new_full(sa_hash, sa_equal, g_free, (GDestroyNotify)g_array_unref);
    for (TraceId id = 1; id <= trace_count(trace); id++)
        note(index, fold, cast, trace_get(trace, id));
    return index;
}

void story_index_free(StoryIndex *index)
{
    g_array_unref(index->told);
    g_array_unref(index->nothing);
    for (unsigned kind = 0; kind < MOMENT_N; kind++)
        g_array_unref(index->moments[kind]);
    g_hash_table_destroy(index->nodes);
    g_hash_table_destroy(index->attackers);
    g_hash_table_destroy(index->gains);
    g_hash_table_destroy(index->segments);
    g_hash_table_destroy(index->hosts);
    g_hash_table_destroy(index->sequences);
    g_free(index);
}

void story_index_add_moment(StoryIndex *index, MomentKind kind, TraceId at)
{
    g_array_append_val(index->moments[kind], at);
}

/* ---- answers ---- */

const GArray *story_index_told(const StoryIndex *index)
{
    return index->told;
}

const GArray *story_index_moments(const StoryIndex *index, MomentKind kind)
{
    return index->moments[kind];
}

static const GArray *of_name(const StoryIndex *index, GHashTable *by_name, const char *name)
{
    const GArray *positions = g_hash_table_lookup(by_name, name);
    return positions != NULL ? positions : index->nothing;
}

const GArray *story_index_of_node(const StoryIndex *index, const char *node)
{
    return of_name(index, index->nodes, node);
}

const GArray *story_index_of_attacker(const StoryIndex *index, const char *name)
{
    return of_name(index, index->attackers, name);
}

const GArray *story_index_gains(const StoryIndex *index, const char *name)
{
    return of_name(index, index->gains, name);
}

bool story_index_has_segment(const StoryIndex *index, const char *name)
{
    return g_hash_table_contains(index->segments, name);
}

const char *story_index_host(const StoryIndex *index, const char *address)
{
    NetAddr addr;
    return net_addr_parse(address, strlen(address), &addr) ? g_hash_table_lookup(index->hosts, &addr) : NULL;
}

uint32_t story_index_sequence(const StoryIndex *index, TraceId at, const char *dst, uint32_t spi)
{
    SaKey key = { .spi = spi };
    const GArray *sequences =
        net_addr_parse(dst, strlen(dst), &key.dst) ? g_hash_table_lookup(index->sequences, &key) : NULL;
    guint low = 0, high = sequences != NULL ? sequences->len : 0; /* the first after the position */

    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(sequences, Sequence, middle).from <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? g_array_index(sequences, Sequence, low - 1).highest : 0;
}
