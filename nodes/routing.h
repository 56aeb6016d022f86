/*
 * nodes/routing.h - what all SIP nodes of the core need: where a URI leads, whose route a value is, tokens that depend
 * on the message alone.
 */
#ifndef PRESEC_NODES_ROUTING_H
#define PRESEC_NODES_ROUTING_H

#include "nodes/msg/sip_auth.h"
#include "nodes/msg/sip_fields.h"
#include "nodes/msg/sip_write.h"
#include "nodes/node.h"
#include "nodes/stack/endpoint.h"

#define SIP_PORT 5060
/* Core nodes know their path MTU (4470, of the packet-over-SONET of the time): RFC 3261 §18.1.1 then asks for TCP
 * within 200 octets of it. */
#define CORE_TCP_ABOVE (4470 - 200)

/* The host and port of a SIP URI (RFC 3263 without NAPTR and SRV: the directory answers).  False: no such host. */
bool routing_resolve(const Directory *directory, Text uri, SipFlow *out);
/* Whether a Route value names @host. */
bool routing_is_own(const Directory *directory, Text route, const NetHost *host);
/* The URI of the first Route value that is not @host's; absent when there is none. */
Text routing_next(const Directory *directory, const SipMsg *msg, const NetHost *host);

/* A token for tags and the like, from @owner, Call-ID and CSeq: other people's messages leave it as it is.  In the
 * event's arena. */
const char *routing_token(Sim *sim, const char *owner, const SipMsg *msg, const char *purpose, size_t len);

/* Whether Privacy asks for @value; its values are separated by semicolons (RFC 3323 §4.2). */
bool routing_privacy(const SipMsg *msg, const char *value);

/* The option tags of Require and the like but for @tag, joined with ", "; absent when none is left.  In the event's
 * arena. */
Text routing_tags_without(Sim *sim, const SipMsg *msg, SipHeaderId id, const char *tag);

/* All values of a header joined with @glue; g_free. */
char *routing_join(const SipMsg *msg, SipHeaderId id, const char *glue);

#endif
