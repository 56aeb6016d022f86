/*
 * sim/network.h - what a network, a host, a link and a packet in flight are made of; for the files of sim/ only.
 *
 * Source:  sim/net.h.
 * Knows:   the engine's public face; no protocol above UDP and TCP.
 */
#ifndef PRESEC_SIM_NETWORK_H
#define PRESEC_SIM_NETWORK_H

#include "sim/addrtable.h"
#include "sim/ip.h"
#include "sim/net.h"
#include "sim/pool.h"

typedef struct TcpHost TcpHost;

typedef struct UdpBind {
    NetUdpHandler handler;
    void *ctx;
    uint16_t port;
} UdpBind;

/* Made when a host binds its first port. */
typedef struct NetSockets {
    UdpBind *udp; /* by ascending port */
    uint32_t n_udp, udp_room;
    TcpHost *tcp; /* NULL until TCP is used */
} NetSockets;

typedef struct PrefixRoute {
    uint64_t prefix;
    NetLink *link;
} PrefixRoute;

/* Made when a host has a route besides the default one. */
typedef struct NetRoutes {
    AddrTable exact; /* to NetLink */
    PrefixRoute *prefixes;
    uint32_t n_prefixes, prefix_room;
} NetRoutes;

struct NetHost {
    Net *net;
    NetAddr addr;
    const char *name; /* in the network's texts */
    const NetIpHook *hook;
    NetLinkHandler link_handler;
    void *link_ctx;
    NetLink *default_link;
    NetRoutes *routes;
    NetSockets *sockets;
    NetCounters counters;
    SimSource source;
    TraceId origin; /* of everything it sends; 0: as the sender says */
    bool has_addr, is_router, checks_source, is_watched, poses;
};
G_STATIC_ASSERT(sizeof(NetHost) <= 160);

struct NetLink {
    NetHost *end[2];
    const NetLinkSpec *spec;
    const char *instance; /* in the network's texts */
    const NetCover *cover;
    SimTime busy_until[2]; /* of the slowest limited segment, by direction */
    uint64_t loss_stream;  /* 0: not derived yet; the other direction's differs in the last bit */
    uint32_t loss_draws[2];
    SimSource source; /* and the next one for NET_DOWN */
    uint8_t cover_first, cover_last;
    uint8_t tapped;  /* bit i: segment i has a tap */
    bool is_visited; /* something was injected: its segments are visited one by one */
};
G_STATIC_ASSERT(sizeof(NetLink) <= 96);

/* A packet with its place on its way. */
#define STEP_NONE 255
typedef struct Flight {
    NetPacket packet; /* first: a NetPacket of ours is a Flight */
    NetLink *link;
    const NetCover *cover; /* the link's when the packet entered it */
    SimTime hold;          /* waiting and sending time at the slowest segment */
    uint8_t dir;
    uint8_t step;       /* 0 is the first segment in the direction of travel */
    uint8_t lost_step;  /* where it gets lost, STEP_NONE: nowhere */
    uint8_t slow_step;  /* where hold is spent */
    uint8_t cover_from; /* steps; STEP_NONE: not covered */
    uint8_t cover_to;
} Flight;

typedef struct NetTap {
    const char *pattern;
    NetTapHandler handler;
    void *ctx;
} NetTap;

typedef struct HostWatch {
    const NetHost *host;
    NetWatch watch;
    void *ctx;
} HostWatch;

typedef struct NetBlock {
    uint8_t next_header;
    uint16_t port;
    bool passes; /* an exception */
} NetBlock;

struct Net {
    Sim *sim;
    GStringChunk *texts;
    GPtrArray *host_chunks; /* NET_CHUNK hosts each: their addresses never change */
    GPtrArray *link_chunks;
    size_t n_hosts, n_links;
    Pool pool;
    GArray *taps;    /* NetTap */
    GArray *blocks;  /* NetBlock */
    GArray *watches; /* HostWatch */
    NetRecorder recorder;
    void *recorder_ctx;
    uint64_t n_frames;
    bool finds_by_addr;
    AddrTable by_addr;   /* once net_host_find() was used */
    GHashTable *by_name; /* once net_host_by_name() was used; looked up, never iterated */
};
#define NET_CHUNK 64u

/* net.c */
NetHost *net_host_at(const Net *net, size_t index);
NetLink *net_link_at(const Net *net, size_t index);
bool net_blocks(const Net *net, const NetPacket *packet);
void net_remember_host(Net *net, NetHost *host);
void net_forget_addr(Net *net, NetHost *host);

/* packet.c: a packet with room for @len octets from data on, NET_HEADROOM before and NET_TAILROOM behind them; context
 * is the current one */
Flight *flight_new(Net *net, size_t len);
void flight_free(Net *net, Flight *flight);

/* link.c: the packet goes over the link from @from; taken */
void link_enter(NetLink *link, NetHost *from, Flight *flight);

/* tap.c */
uint8_t tap_mask(const Net *net, const NetLink *link);
/* Show the packet on the segment of its step; false when a tap took it, which frees it.  @taps: not only to the
 * recorder. */
bool tap_show(Flight *flight, bool taps);

/* host.c */
/* Run the hook, then route; taken whatever the result. */
NetSend host_send(NetHost *host, Flight *flight);
void host_receive(NetHost *host, NetLink *link, Flight *flight); /* taken */
NetSockets *host_sockets(NetHost *host);                         /* made if need be */

/* udp.c, tcp.c: an IPv6 packet for this host came in */
void udp_receive(NetHost *host, const NetPacket *packet, const IpView *ip);
void tcp_receive(NetHost *host, const NetPacket *packet, const IpView *ip);
void tcp_host_free(TcpHost *tcp);

/* route.c */
void routes_forget_addr(NetHost *host, const NetAddr *addr);
void routes_free(NetRoutes *routes);

#endif
