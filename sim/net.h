/*
 * sim/net.h - the in-memory IPv6 network: hosts, links made of named segments, taps, UDP.
 *
 * Source:  IPv6 only (TS 23.221); RFC 2460, RFC 768.  TCP is in sim/tcp.h.
 * Knows:   octets.  Two hooks are for others to fill: a host's IP hook (ESP goes there) and a link's cover (a radio
 *          cipher, a SEG tunnel).
 *
 * A link joins two hosts through a chain of segments.  "Up" runs from end a to end b.  A packet crosses the segments in
 * order; on each one the recorder and the taps see exactly the octets that are there.  A cover seals a packet before
 * its first segment (in the direction of travel) and opens it after its last.
 *
 * A segment is crossed, and seen, when its delay has passed.  A link without recorder and taps is one event a packet,
 * delivered at the same time as if it were watched; what was already under way when the first tap came is not seen.
 *
 * The network goes before its Sim: net_free(), then sim_free(); nothing may be run in between.
 */
#ifndef PRESEC_SIM_NET_H
#define PRESEC_SIM_NET_H

#include "sim/sim.h"

typedef struct NetAddr {
    uint8_t octet[16];
} NetAddr;
bool net_addr_equal(const NetAddr *a, const NetAddr *b);
bool net_addr_parse(const char *text, size_t len, NetAddr *out); /* RFC 4291; without brackets */
#define NET_ADDR_TEXT_MAX 46
const char *net_addr_text(const NetAddr *addr, char out[NET_ADDR_TEXT_MAX]);
NetAddr net_addr_make(uint64_t prefix, uint64_t interface_id);
uint64_t net_addr_prefix(const NetAddr *addr);
uint64_t net_addr_interface(const NetAddr *addr);

typedef struct Net Net;
typedef struct NetHost NetHost;
typedef struct NetLink NetLink;

/* Along a link: up is from end a to end b. */
typedef enum { NET_UP, NET_DOWN } NetDir;

/* What the octets of a packet are */
typedef enum {
    NET_IP,      /* an IPv6 packet */
    NET_LINK,    /* link signalling between the two ends of a link (nodes/msg/access.h) */
    NET_CIPHERED /* either of them under a cover's cipher */
} NetKind;

/* A packet in flight.  @data has NET_HEADROOM free octets before it at sending, and @capacity - @len after it. */
typedef struct NetPacket {
    uint8_t *data;
    uint32_t len;
    uint32_t capacity; /* from data on */
    uint32_t headroom; /* before data */
    uint16_t refs;
    uint8_t kind;       /* NetKind */
    uint32_t sa;        /* set by the receiving host's IP hook: which SA protected it; 0 = none */
    uint64_t frame;     /* of its last crossing that was counted; 0 = none */
    SimContext context; /* cause: its TRACE_SEND record; origin as in SimContext */
} NetPacket;
#define NET_HEADROOM 96
#define NET_TAILROOM 64
/* Grow at the front or the back within the room; false when there is none. */
bool net_packet_push(NetPacket *packet, uint32_t octets);
bool net_packet_pull(NetPacket *packet, uint32_t octets);
bool net_packet_grow(NetPacket *packet, uint32_t octets);

Net *net_new(Sim *sim);
void net_free(Net *net);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Net, net_free)
Sim *net_sim(Net *net);

/* --- hosts --- */
typedef enum { NET_PASS, NET_DISCARD } NetVerdict;
/* out: before a packet is routed; in: before it is given to UDP or TCP.  They may change the packet in place. */
typedef struct NetIpHook {
    NetVerdict (*out)(void *ctx, NetHost *host, NetPacket *packet);
    NetVerdict (*in)(void *ctx, NetHost *host, NetPacket *packet);
    void *ctx;
} NetIpHook;
typedef void (*NetLinkHandler)(void *ctx, NetHost *host, NetLink *link, const uint8_t *octets, size_t len);

/* @name copied; @addr may be NULL until attached */
NetHost *net_host_new(Net *net, const char *name, const NetAddr *addr);
const char *net_host_name(const NetHost *host);
const NetAddr *net_host_addr(const NetHost *host);
/* From now on; routes to the old address are forgotten at the host's default router.  The new route is the caller's. */
void net_host_set_addr(NetHost *host, const NetAddr *addr);
SimSource net_host_source(const NetHost *host);
Net *net_host_net(const NetHost *host);
void net_host_set_ip_hook(NetHost *host, const NetIpHook *hook); /* borrowed; NULL = none */
void net_host_set_link_handler(NetHost *host, NetLinkHandler handler, void *ctx);
void net_host_set_router(NetHost *host, bool routes); /* packets for others are forwarded instead of discarded */
/*
 * Strict reverse path filter (RFC 3704 §2.2): a packet is taken in only from the link that its source is routed to.
 * For hosts between networks.
 */
void net_host_set_source_check(NetHost *host, bool checks);
/*
 * Somebody plays another's part from a tap: @host speaks and listens as @addr, but nobody finds it by that address.  It
 * hears only what net_host_deliver() gives it, and what it sends is its IP hook's to put somewhere.
 */
void net_host_pose_as(NetHost *host, const NetAddr *addr);
/* Give @host an IPv6 packet as if a link had brought it.  @frame, @context: as in NetPacket. */
void net_host_deliver(NetHost *host, const uint8_t *octets, size_t len, uint64_t frame, SimContext context);
/* Everything this host sends is an attacker's doing: @origin, a TRACE_MOVE record; 0 = it is honest. */
void net_host_set_origin(NetHost *host, TraceId origin);
/*
 * See what the host's own stack sends (NET_UP) and takes in (NET_DOWN), inside its IP hook: for an attacker who runs
 * the node.  @frame: the last crossing that brought it in; of what is sent, the next to come.
 */
typedef void (*NetWatch)(void *ctx, NetHost *host, NetDir dir, const NetPacket *packet, uint64_t frame);
void net_host_watch(NetHost *host, NetWatch watch, void *ctx);
NetHost *net_host_find(Net *net, const NetAddr *addr);
NetHost *net_host_by_name(Net *net, const char *name);

/* --- links --- */
#define NET_SEGMENTS_MAX 6
typedef struct NetSegmentSpec {
    const char *name;            /* "air", "gn", "mw" */
    SimTime delay;               /* one way */
    uint64_t bits_per_second[2]; /* up, down; 0 = unlimited */
    uint32_t loss_ppm;           /* of each packet, from a stream of the link's own */
} NetSegmentSpec;
/*
 * In each direction the slowest limited segment is a queue, first in, first out; faster ones only add their delays.  A
 * packet takes its place in it when it enters the link.
 */
typedef struct NetLinkSpec {
    NetSegmentSpec segment[NET_SEGMENTS_MAX];
    unsigned n_segments;
} NetLinkSpec;

/*
 * @spec:     borrowed, shared by many links
 * @instance: copied; may be NULL: the segments are then called "mw", else "air:bob"
 */
NetLink *net_link_new(Net *net, const NetLinkSpec *spec, const char *instance, NetHost *a, NetHost *b);
NetHost *net_link_end(const NetLink *link, unsigned end); /* 0 = a, 1 = b */
const NetLinkSpec *net_link_spec(const NetLink *link);
const char *net_link_instance(const NetLink *link); /* "" when none */
/*
 * Packets of @host for @prefix/64, or for exactly @addr, or for anything else, leave through @link.  The last call for
 * a destination wins; NULL takes the route away.  The most exact route is used.
 */
void net_route_prefix(NetHost *host, uint64_t prefix, NetLink *link);
void net_route_addr(NetHost *host, const NetAddr *addr, NetLink *link);
void net_route_default(NetHost *host, NetLink *link);
NetLink *net_route(NetHost *host, const NetAddr *addr); /* NULL = unreachable */

/*
 * What a radio cipher or a tunnel does to packets of a link.  The functions change the packet in place and set its
 * kind.  A packet is opened by the cover that sealed it, even if that has been taken off meanwhile: it must outlive
 * what is under way.  @open also gets what was injected into the covered stretch, which nobody sealed; it judges by
 * kind and octets.
 */
typedef struct NetCover {
    NetVerdict (*seal)(void *ctx, NetLink *link, NetDir dir, NetPacket *packet);
    NetVerdict (*open)(void *ctx, NetLink *link, NetDir dir, NetPacket *packet);
    const char *(*label)(void *ctx, NetLink *link); /* "UEA1", "ESP tunnel"; for the ladder */
    void *ctx;
} NetCover;
/* Cover segments [first, last] of @link.  @cover borrowed; NULL takes it off.  One cover a link. */
void net_link_cover(NetLink *link, unsigned first, unsigned last, const NetCover *cover);
const NetCover *net_link_get_cover(const NetLink *link, unsigned *first, unsigned *last);
/* Send link signalling from one end to the other. */
void net_link_send(NetLink *link, NetHost *from, const uint8_t *octets, size_t len);
/* Put an IPv6 packet made elsewhere into a host's output, as if it had routed it (no IP hook). */
void net_host_forward(NetHost *host, const uint8_t *octets, size_t len);

/*
 * Hosts are not given this upper-layer protocol (6 = TCP): a packet with it is discarded at the host that sends it,
 * before its IP hook, so that ESP does not hide it; and on every link, before it is covered, so that what attackers
 * send there fares no better.  The sender is not told.
 */
void net_block_protocol(Net *net, uint8_t next_header, uint16_t port /* 0 = any; either port */);
/* Packets from or to this port pass all the same. */
void net_block_except(Net *net, uint8_t next_header, uint16_t port);

/* --- taps and the recorder --- */
typedef struct NetSighting {
    NetLink *link;
    unsigned segment; /* index in the link's spec */
    NetDir dir;
    NetPacket *packet; /* as it is on this segment; borrowed for the call */
    uint64_t frame;    /* 1-based number of this crossing in the run: the frame of a capture that began with the run */
    SimTime at;
} NetSighting;
typedef enum { NET_TAP_PASS, NET_TAP_TAKE /* the packet goes no further */ } NetTapVerdict;
typedef NetTapVerdict (*NetTapHandler)(void *ctx, const NetSighting *sighting);
/*
 * Tap every segment, existing or to come, whose full name is @segment ("air:bob", "mw") or starts with it up to the
 * colon ("gn:*").  Taps of one segment see a packet in order of their addition, in the packet's context.  A tap may
 * change the packet in place (then later segments show it changed, and packet->context says whose octets it is), or
 * take it and inject another.
 */
void net_tap(Net *net, const char *segment, NetTapHandler handler, void *ctx);
/*
 * Put octets on a segment: they go on from there as if they had just crossed it.  The recorder has them as a frame on
 * this segment; its taps do not see them, later segments' do.  They are not lost at random.
 *
 * @delay:   from now
 * @context: origin: the TRACE_MOVE record that made them; for an unchanged honest packet let through late, pass its own
 * context
 */
void net_inject(Net *net, NetLink *link, unsigned segment, NetDir dir, NetKind kind, const uint8_t *octets, size_t len,
                SimTime delay, SimContext context);
const char *net_segment_name(const NetLink *link, unsigned segment, char *out, size_t out_len); /* "air:bob" */

/* Called for every crossing of every segment, before the taps, in order.  At most one; a capture takes this place. */
typedef void (*NetRecorder)(void *ctx, const NetSighting *sighting);
void net_set_recorder(Net *net, NetRecorder recorder, void *ctx);

/* --- UDP --- */
typedef struct NetDatagram {
    NetAddr src, dst;
    uint16_t sport, dport;
    const uint8_t *octets;
    size_t len;
    uint32_t sa; /* the SA that protected it; 0 = none */
} NetDatagram;
typedef void (*NetUdpHandler)(void *ctx, NetHost *host, const NetDatagram *datagram);
bool net_udp_bind(NetHost *host, uint16_t port, NetUdpHandler handler, void *ctx); /* false: port taken */
void net_udp_unbind(NetHost *host, uint16_t port);
typedef enum { NET_SENT, NET_UNREACHABLE, NET_TOO_LONG, NET_REFUSED /* by the IP hook */ } NetSend;
NetSend net_udp_send(NetHost *host, uint16_t sport, const NetAddr *dst, uint16_t dport, const void *octets, size_t len);

/* Counters of a host, by cause, for tests and reports. */
typedef struct NetCounters {
    uint32_t sent, received;
    uint32_t no_route; /* also: the hop limit was used up */
    uint32_t no_port, bad_checksum, hook_discards;
    uint32_t not_mine; /* addressed to others, no IPv6 packet, or still ciphered */
    uint32_t spoofed;
    uint32_t cover_discards; /* by the cover of a link: at sealing the sender's, at opening the receiver's */
    uint32_t lost;           /* of what this host sent or put on a link: lost at random, or blocked */
} NetCounters;
const NetCounters *net_host_counters(const NetHost *host);

#endif
