/*
 * scenarios/costs_deflate.c - what compression would make of a notification.
 *
 * Source:  RFC 1951; RFC 3485 and RFC 3320 §1 (SigComp) for why: signalling is compressed before it goes on the air,
 *          with what both ends have seen as dictionary.  DEFLATE stands for whatever algorithm SigComp would carry.
 * Knows:   messages as a UE has them, before ESP or TLS.  Used for measuring alone: nothing is sent compressed.
 */
#include "scenarios/costs_private.h"

#include <string.h>
#include <zlib.h>

enum { WINDOW = 32768, RAW_DEFLATE = -15, MEMORY = 9 };

static bool is_his(const TraceRecord *r, const char *ue)
{
    bool message = r->kind == TRACE_SEND || r->kind == TRACE_RECEIVE;
    return message && r->message.protocol == TRACE_SIP && strcmp(r->node, ue) == 0 && r->message.octets != NULL;
}

/* The last notification that a display came of. */
static const TraceRecord *last_displayed(const Trace *trace, const char *ue)
{
    const TraceRecord *last = NULL;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind != TRACE_DISPLAY || strcmp(r->node, ue) != 0)
            continue;
        for (r = trace_get(trace, r->cause); r; r = trace_get(trace, r->cause))
            if (is_his(r, ue) && strcmp(r->message.label, "NOTIFY") == 0) {
                last = r;
                break;
            }
    }
    return last;
}

/* What both ends of his hop have seen before: his messages, in order. */
static GByteArray *seen_before(const Trace *trace, const char *ue, const TraceRecord *message)
{
    GByteArray *seen = g_byte_array_new();
    for (TraceId id = 1; id < message->id; id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (is_his(r, ue))
            g_byte_array_append(seen, r->message.octets, r->message.len);
    }
    return seen;
}

static unsigned deflated_octets(const uint8_t *octets, size_t len, const GByteArray *seen)
{
    size_t known = MIN(seen->len, (size_t)WINDOW), bound = len * 2 + 64;
    g_autofree uint8_t *out = g_malloc(bound);
    z_stream stream = { .next_in = (Bytef *)octets, .avail_in = (uInt)len, .next_out = out, .avail_out = (uInt)bound };
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, RAW_DEFLATE, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return 0;
    if (known > 0)
        (void)deflateSetDictionary(&stream, seen->data + seen->len - known, (uInt)known);
    int end = deflate(&stream, Z_FINISH);
    unsigned made = (unsigned)stream.total_out;
    deflateEnd(&stream);
    return end == Z_STREAM_END ? made : 0;
}

void costs_deflate(const CompareRun *run, const char *watcher, unsigned *octets, unsigned *deflated)
{
    const Trace *trace = run->exhibits.evidence.trace;
    const TraceRecord *message = last_displayed(trace, watcher);
    *octets = *deflated = 0;
    if (!message)
        return;
    g_autoptr(GByteArray) seen = seen_before(trace, watcher, message);
    *octets = message->message.len;
    *deflated = deflated_octets(message->message.octets, message->message.len, seen);
}
