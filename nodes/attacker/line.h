/*
 * nodes/attacker/line.h - TLS connections that an attacker holds himself: another's part on a link, TCP and TLS under
 * it, SIP messages above.
 *
 * Source:  threats AT-41, AT-44 (own TLS session; TLS ended on both sides); RFC 3261 §18.3.
 * Knows:   crypto/tls.h, sim/tcp.h.  He has no certificate and no key but his own.
 *
 *     talk --- line (TLS, TCP) --- impostor (a posing host) --- a segment that he taps
 *
 * What he makes himself (handshakes, segments without data) carries his move as origin; a message goes out in the
 * context that is current when it is given to line_send(), so that what he only passes on stays honest.
 */
#ifndef PRESEC_ATTACKER_LINE_H
#define PRESEC_ATTACKER_LINE_H

#include "nodes/attacker/private.h"
#include "sim/tcp.h"

/* Another's part on a link: what it sends appears on the segment in @dir; it hears what it is given. */
typedef struct Impostor {
    NetHost *host;
    NetLink *link;
    unsigned segment;
    NetDir dir;
    SimContext move; /* of what has no context of its own */
    NetIpHook hook;
} Impostor;
/* @name: of the host, copied.  The host stays in the network; free the impostor after the last event. */
Impostor *impostor_new(Net *net, const char *name, const NetAddr *addr, const Place *place, NetDir dir, TraceId move);
void impostor_hear(Impostor *impostor, const NetSighting *sighting);

typedef struct Line Line;
typedef struct LineEvents {
    void (*open)(void *ctx, Line *line);
    void (*message)(void *ctx, Line *line, const SipMsg *msg); /* in the context it came in */
    void (*ended)(void *ctx, Line *line, const char *why);     /* last; not after line_close() */
} LineEvents;

/* NULL: these two ends are connected already.  @context is borrowed, as is @events. */
Line *line_connect(Attacker *attacker, Impostor *from, uint16_t sport, const NetAddr *to, uint16_t dport,
                   TlsContext *context, const LineEvents *events, void *ctx);
/* Inside the TCP listener's call. */
Line *line_accept(Attacker *attacker, Impostor *at, TcpConn *tcp, TlsContext *context, const LineEvents *events,
                  void *ctx);
bool line_is_open(const Line *line); /* NULL: false */
void line_send(Line *line, const void *octets, size_t len);
void line_close(Line *line); /* gone when the event ends; NULL: nothing */
void line_free(Line *line);  /* after the last event */

#endif
