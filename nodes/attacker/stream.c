/*
 * nodes/attacker/stream.c - the SIP messages in one direction of a TCP connection.
 *
 * Source:  RFC 9293 §3.4, §3.10.7.4; RFC 3261 §18.3 (Content-Length frames a stream).
 * Knows:   segments as they crossed a tap: some twice, some out of order, and not always from the SYN on.
 */
#include "nodes/attacker/private.h"

#include "crypto/tls_record.h"

#define EARLY_OCTETS_MAX ((size_t)1 << 20) /* of segments that wait for others */

typedef struct StreamKey {
    NetAddr src, dst;
    uint16_t sport, dport;
    const char *segment; /* interned: compared by address */
    bool late;           /* what was opened afterwards is put together apart: it is older than what was read at once */
} StreamKey;

typedef struct Early { /* arrived before what precedes it */
    uint32_t seq;
    GByteArray *octets;
} Early;

typedef struct Stream {
    StreamKey key; /* first */
    uint32_t isn, next;
    bool has_isn, synced;
    bool opaque;   /* not SIP, or what lost its framing */
    TlsTap *tls;   /* NULL: it does not begin like TLS */
    size_t needed; /* octets until it is worth parsing again */
    GByteArray *octets;
    GPtrArray *early; /* Early *, by sequence number */
    size_t early_octets;
} Stream;

guint stream_hash(gconstpointer key)
{
    const StreamKey *k = key;
    guint hash = g_str_hash(k->segment) * 31 + k->sport;
    hash = hash * 31 + k->dport + k->late;
    for (size_t i = 0; i < sizeof k->src.octet; i++)
        hash = (hash * 31 + k->src.octet[i]) * 31 + k->dst.octet[i];
    return hash;
}

gboolean stream_equal(gconstpointer a, gconstpointer b)
{
    const StreamKey *x = a, *y = b;
    return x->sport == y->sport && x->dport == y->dport && x->late == y->late && x->segment == y->segment &&
           net_addr_equal(&x->src, &y->src) && net_addr_equal(&x->dst, &y->dst);
}

static void early_free(gpointer data)
{
    Early *early = data;
    g_byte_array_unref(early->octets);
    g_free(early);
}

void stream_free(gpointer data)
{
    Stream *stream = data;
    g_byte_array_unref(stream->octets);
    g_ptr_array_unref(stream->early);
    g_clear_pointer(&stream->tls, tls_tap_free);
    g_free(stream);
}

static Stream *find(Knowledge *knowledge, const Seen *seen, const IpPacket *ip)
{
    StreamKey key = { .sport = ip->tcp.sport, .dport = ip->tcp.dport, .segment = seen->segment, .late = seen->late };
    memcpy(key.src.octet, ip->src, IP_ADDR_LEN);
    memcpy(key.dst.octet, ip->dst, IP_ADDR_LEN);
    Stream *stream = g_hash_table_lookup(knowledge->streams, &key);
    if (stream != NULL)
        return stream;
    stream = g_new0(Stream, 1);
    stream->key = key;
    stream->octets = g_byte_array_new();
    stream->early = g_ptr_array_new_with_free_func(early_free);
    g_hash_table_insert(knowledge->streams, &stream->key, stream);
    return stream;
}

/* A new connection, or a SYN seen again. */
static void begin(Stream *stream, uint32_t isn)
{
    if (stream->has_isn && stream->isn == isn)
        return;
    stream->isn = isn;
    stream->next = isn + 1;
    stream->has_isn = stream->synced = true;
    stream->opaque = false;
    stream->needed = 0;
    g_byte_array_set_size(stream->octets, 0);
    g_ptr_array_set_size(stream->early, 0);
    stream->early_octets = 0;
    g_clear_pointer(&stream->tls, tls_tap_free);
}

/* @a before @b, modulo 2^32 */
static bool before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

static void keep_early(Stream *stream, uint32_t seq, Octets payload)
{
    guint at = stream->early->len;
    if (stream->early_octets + payload.len > EARLY_OCTETS_MAX)
        return;
    while (at > 0 && before(seq, ((const Early *)stream->early->pdata[at - 1])->seq))
        at--;
    Early *early = g_new(Early, 1);
    early->seq = seq;
    early->octets = g_byte_array_append(g_byte_array_new(), payload.p, payload.len);
    g_ptr_array_insert(stream->early, (gint)at, early);
    stream->early_octets += payload.len;
}

/* What is new of a segment that begins no later than the next octet expected. */
static void append(Stream *stream, uint32_t seq, const uint8_t *octets, size_t len)
{
    uint32_t known = stream->next - seq;
    if (known >= len)
        return; /* a retransmission */
    g_byte_array_append(stream->octets, octets + known, (guint)(len - known));
    stream->next = seq + (uint32_t)len;
}

static void append_early(Stream *stream)
{
    guint n = 0;
    for (; n < stream->early->len; n++) {
        const Early *early = stream->early->pdata[n];
        if (before(stream->next, early->seq))
            break;
        append(stream, early->seq, early->octets->data, early->octets->len);
        stream->early_octets -= early->octets->len;
    }
    if (n > 0)
        g_ptr_array_remove_range(stream->early, 0, n);
}

/* TLS records begin with a content type of 20 to 23 and the major version 3: RFC 5246 §6.2.1. */
static bool is_tls(const GByteArray *octets)
{
    return octets->len >= 2 && octets->data[0] >= 20 && octets->data[0] <= 23 && octets->data[1] == 3;
}

static void give_up(Knowledge *knowledge, Stream *stream)
{
    stream->opaque = true;
    stream->needed = 0;
    g_byte_array_set_size(stream->octets, 0);
    g_clear_pointer(&stream->tls, tls_tap_free);
    knowledge->n_sealed++;
}

/* Whole messages off the front of @octets; false: where the next one begins is not known.  @needed: in, out */
static bool read_messages(const Crossing *at, GByteArray *octets, size_t *needed)
{
    g_autofree SipMsg *msg = g_new(SipMsg, 1);

    while (octets->len > 0 && octets->len >= *needed) {
        size_t used = 0;
        SipParseResult result = sip_parse_stream(msg, (const char *)octets->data, octets->len, &used);
        if (result == SIP_BAD && used == 0)
            return false;
        if (result != SIP_INCOMPLETE)
            knowledge_read_sip(at->knowledge, at->seen, at->src, at->dst, at->sport, at->dport, msg->all.p,
                               msg->all.len, at->layers);
        *needed = result == SIP_INCOMPLETE ? msg->needed : 0;
        g_byte_array_remove_range(octets, 0, (guint)MIN(used, octets->len));
        if (result == SIP_INCOMPLETE)
            break;
    }
    return true;
}

/* --- TLS --- */

/* As the server's hello says, in its own direction. */
static uint16_t suite_of(const Knowledge *knowledge, const Stream *stream)
{
    StreamKey back = { .src = stream->key.dst,
                       .dst = stream->key.src,
                       .sport = stream->key.dport,
                       .dport = stream->key.sport,
                       .segment = stream->key.segment,
                       .late = stream->key.late };
    if (stream->tls->suite != 0)
        return stream->tls->suite;
    const Stream *other = g_hash_table_lookup(knowledge->streams, &back);
    return other != NULL && other->tls != NULL ? other->tls->suite : 0;
}

/* What nothing hides although it is TLS. */
static bool read_plain(const Crossing *at, TlsTap *tap)
{
    Layers more = { g_string_new(at->layers->how->str), at->layers->work_log2 };
    Crossing inside = *at;
    g_string_append_printf(more.how, "%sTLS with NULL encryption", more.how->len > 0 ? ", then " : "");
    inside.layers = &more;
    bool good = read_messages(&inside, tap->plain, &tap->needed);
    g_string_free(more.how, TRUE);
    return good;
}

static void read_records(const Crossing *at, Stream *stream)
{
    GByteArray *octets = stream->octets;
    size_t len;

    while ((len = tls_record_len(octets->data, octets->len)) > 0 && len <= octets->len) {
        tls_tap_record(stream->tls, at, suite_of(at->knowledge, stream), octets->data, len);
        g_byte_array_remove_range(octets, 0, (guint)len);
    }
    if (len > TLS_HEADER_LEN + TLS_BODY_MAX || (octets->len >= 2 && !is_tls(octets)) || !read_plain(at, stream->tls))
        give_up(at->knowledge, stream);
}

static void read_stream(const Crossing *at, Stream *stream)
{
    if (stream->tls == NULL && is_tls(stream->octets))
        stream->tls = tls_tap_new();
    if (stream->tls != NULL)
        read_records(at, stream);
    else if (!read_messages(at, stream->octets, &stream->needed))
        give_up(at->knowledge, stream);
}

void stream_feed(Knowledge *knowledge, const Seen *seen, const IpPacket *ip, const Layers *layers)
{
    const IpTcp *tcp = &ip->tcp;
    Stream *stream = find(knowledge, seen, ip);

    if (tcp->flags & IP_SYN)
        begin(stream, tcp->seq);
    if (tcp->payload.len == 0)
        return;
    if ((!stream->synced || stream->opaque) && looks_like_sip(tcp->payload.p, tcp->payload.len)) {
        stream->next = tcp->seq; /* nobody heard the beginning, or he has lost his place: a message starts here */
        stream->synced = true;
        stream->opaque = false;
    }
    if (!stream->synced || stream->opaque) {
        knowledge->n_sealed++;
        return;
    }
    if (before(stream->next, tcp->seq)) {
        keep_early(stream, tcp->seq, tcp->payload);
        return;
    }
    append(stream, tcp->seq, tcp->payload.p, tcp->payload.len);
    append_early(stream);
    Crossing at = { .knowledge = knowledge,
                    .seen = seen,
                    .src = &stream->key.src,
                    .dst = &stream->key.dst,
                    .sport = stream->key.sport,
                    .dport = stream->key.dport,
                    .layers = layers };
    read_stream(&at, stream);
}
