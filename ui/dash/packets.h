/*
 * ui/dash/packets.h - which packets are under way at a position, and where.
 *
 * Knows:   FRAME records: a packet has crossed this segment and not the next.
 */
#ifndef PRESEC_UI_DASH_PACKETS_H
#define PRESEC_UI_DASH_PACKETS_H

#include "ui/dash/story.h"

/* Where each message that has not arrived was seen last: FRAME records, the newest first, one a message; and, when a
 * message was sent and crossed nothing yet, its SEND.  @packets: of const TraceRecord *, replaced. */
void packets_under_way(const Story *story, TraceId at, GPtrArray *packets);
/* The one on this segment; NULL: there is none. */
const TraceRecord *packet_on(const GPtrArray *packets, const char *segment);

#endif
