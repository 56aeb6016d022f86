/*
 * ui/dash/packets.c - which packets are under way at a position, and where.
 *
 * Source:  ui/dash/packets.h.
 */
#include "ui/dash/packets.h"

#include <string.h>

enum { LOOK_BACK = 200, PACKETS_MAX = 16 }; /* what left earlier has arrived or is lost */

static bool is_known(const GPtrArray *packets, TraceId message)
{
    for (guint i = 0; i < packets->len; i++) {
        const TraceRecord *packet = packets->pdata[i];
        if ((packet->kind == TRACE_SEND ? packet->id : packet->cause) == message)
            return true;
    }
    return false;
}

/* A message without arrival is under way until its last packet has been seen. */
static bool is_over(const Story *story, TraceId message, TraceId at)
{
    TraceId received = ladder_received(story_fold(story), message), last = 0;
    if (received != 0)
        return received <= at;
    for (TraceId id = ladder_first_frame(story_fold(story), message); id != 0;
         id = ladder_next_frame(story_fold(story), id))
        last = id;
    return last < at;
}

void packets_under_way(const Story *story, TraceId at, GPtrArray *packets)
{
    const Trace *trace = story_trace(story);
    g_ptr_array_set_size(packets, 0);
    for (TraceId id = at; id > 0 && at - id < LOOK_BACK && packets->len < PACKETS_MAX; id--) {
        const TraceRecord *r = trace_get(trace, id), *sent = r->kind == TRACE_FRAME ? trace_get(trace, r->cause) : r;
        if (sent == NULL || sent->kind != TRACE_SEND || is_known(packets, sent->id) || is_over(story, sent->id, at))
            continue;
        if (r->kind == TRACE_FRAME || ladder_first_frame(story_fold(story), sent->id) != 0)
            g_ptr_array_add(packets, (gpointer)r);
    }
}

const TraceRecord *packet_on(const GPtrArray *packets, const char *segment)
{
    for (guint i = 0; i < packets->len; i++) {
        const TraceRecord *packet = packets->pdata[i];
        if (packet->kind == TRACE_FRAME && strcmp(packet->frame.segment, segment) == 0)
            return packet;
    }
    return NULL;
}
