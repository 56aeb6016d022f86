/*
 * nodes/stack/diameter_peer.h - Diameter exchanges over the simulated TCP.
 *
 * Source:  RFC 6733 (capabilities exchange, hop-by-hop ids); TS 29.228/29.229.  One connection per peer, opened on
 * first use and kept.
 */
#ifndef PRESEC_STACK_DIAMETER_PEER_H
#define PRESEC_STACK_DIAMETER_PEER_H

#include "nodes/msg/cx.h"
#include "sim/net.h"
#include "sim/trace.h"

typedef struct DiameterPeer DiameterPeer;
/* A Cx request from a peer: fill in and send the answer with diameter_answer() before returning. */
typedef struct DiameterRequest DiameterRequest;
typedef void (*DiameterServe)(void *node, DiameterRequest *request, const CxMessage *cx);
/* @answer NULL: no answer came. */
typedef void (*DiameterDone)(void *ctx, const CxMessage *answer);

/* @name, @origin_host, @realm borrowed.  @serve NULL: a client only. */
DiameterPeer *diameter_peer_new(NetHost *host, const char *name, const char *origin_host, const char *realm,
                                DiameterServe serve, void *node);
void diameter_peer_free(DiameterPeer *peer);
/* What becomes of the @ctx of requests that are still waiting when the peer is freed: they get no callback. */
void diameter_peer_set_free(DiameterPeer *peer, GDestroyNotify free_ctx);
/*
 * @request borrowed until this returns, as its texts are.  @done is called once, later, in the context of this request
 * as far as its origin goes; @answer and what it points to live until it returns.
 *
 * Session-Id, Origin-*, ids and flags are filled in here.  @destination_host for Destination-Host.
 */
void diameter_request(DiameterPeer *peer, const NetAddr *to, const char *destination_host, CxMessage *request,
                      DiameterDone done, void *ctx);
/* Session-Id, Origin-*, ids and flags are filled in here. */
void diameter_answer(DiameterRequest *request, CxMessage *answer);

#endif
