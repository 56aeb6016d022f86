/*
 * sim/host.c - hosts: what they send out, what they take in, what they pass on.
 *
 * Source:  RFC 2460 §3 (hop limit), §8.1; sim/net.h for the hooks.
 * Knows:   IPv6; what is above goes to udp.c and tcp.c.
 */
#include "sim/network.h"

#include <string.h>

NetHost *net_host_new(Net *net, const char *name, const NetAddr *addr)
{
    if (net->n_hosts % NET_CHUNK == 0) {
        g_ptr_array_add(net->host_chunks, g_new0(NetHost, NET_CHUNK));
    }
    NetHost *host = net_host_at(net, net->n_hosts++);
    host->net = net;
    host->name = g_string_chunk_insert(net->texts, name);
    host->source = sim_source(net->sim);
    if (addr != NULL) {
        host->addr = *addr;
        host->has_addr = true;
    }
    net_remember_host(net, host);
    return host;
}

const char *net_host_name(const NetHost *host)
{
    return host->name;
}

const NetAddr *net_host_addr(const NetHost *host)
{
    return &host->addr;
}

SimSource net_host_source(const NetHost *host)
{
    return host->source;
}

Net *net_host_net(const NetHost *host)
{
    return host->net;
}

const NetCounters *net_host_counters(const NetHost *host)
{
    return &host->counters;
}

void net_host_set_addr(NetHost *host, const NetAddr *addr)
{
    if (host->has_addr) {
        net_forget_addr(host->net, host);
        if (host->default_link != NULL) {
            const NetLink *link = host->default_link;
            routes_forget_addr(link->end[link->end[0] == host ? 1 : 0], &host->addr);
        }
    }
    host->addr = *addr;
    host->has_addr = true;
    net_remember_host(host->net, host);
}

void net_host_pose_as(NetHost *host, const NetAddr *addr)
{
    host->poses = true;
    host->addr = *addr;
    host->has_addr = true;
}

void net_host_set_ip_hook(NetHost *host, const NetIpHook *hook)
{
    host->hook = hook;
}

void net_host_set_link_handler(NetHost *host, NetLinkHandler handler, void *ctx)
{
    host->link_handler = handler;
    host->link_ctx = ctx;
}

void net_host_set_router(NetHost *host, bool routes)
{
    host->is_router = routes;
}

void net_host_set_source_check(NetHost *host, bool checks)
{
    host->checks_source = checks;
}

void net_host_set_origin(NetHost *host, TraceId origin)
{
    host->origin = origin;
}

void net_host_watch(NetHost *host, NetWatch watch, void *ctx)
{
    HostWatch entry = { host, watch, ctx };
    g_array_append_val(host->net->watches, entry);
    host->is_watched = true;
}

static void show_watchers(NetHost *host, NetDir dir, const NetPacket *packet, uint64_t frame)
{
    const GArray *watches = host->net->watches;
    for (guint i = 0; host->is_watched && i < watches->len; i++) {
        const HostWatch *entry = &g_array_index(watches, HostWatch, i);
        if (entry->host == host) {
            entry->watch(entry->ctx, host, dir, packet, frame);
        }
    }
}

NetSockets *host_sockets(NetHost *host)
{
    if (host->sockets == NULL) {
        host->sockets = g_new0(NetSockets, 1);
    }
    return host->sockets;
}

/* --- in --- */

static bool is_mine(const NetHost *host, const IpView *ip)
{
    return host->has_addr && memcmp(ip->dst, host->addr.octet, sizeof host->addr.octet) == 0;
}

/* Whether the packet is let in, and what it is then: the hook may have changed it. */
static bool pass_in_hook(NetHost *host, NetPacket *packet, IpView *ip)
{
    if (host->hook == NULL || host->hook->in == NULL) {
        return true;
    }
    if (host->hook->in(host->hook->ctx, host, packet) == NET_DISCARD) {
        host->counters.hook_discards++;
        return false;
    }
    return ip_parse(packet->data, packet->len, ip) && is_mine(host, ip);
}

static void take_in(NetHost *host, NetPacket *packet, IpView *ip)
{
    if (!pass_in_hook(host, packet, ip)) {
        return;
    }
    show_watchers(host, NET_DOWN, packet, packet->frame);
    switch (ip->next_header) {
    case IP_UDP: udp_receive(host, packet, ip); break;
    case IP_TCP: tcp_receive(host, packet, ip); break;
    default: host->counters.no_port++; break;
    }
}

static void free_or_pass_on(NetHost *host, Flight *flight, const IpView *ip)
{
    NetAddr dst;

    memcpy(dst.octet, ip->dst, sizeof dst.octet);
    NetLink *link = net_route(host, &dst);
    if (link == NULL || flight->packet.data[7] <= 1) { /* the hop limit */
        host->counters.no_route++;
        flight_free(host->net, flight);
        return;
    }
    flight->packet.data[7]--;
    link_enter(link, host, flight);
}

/* RFC 3704 §2.2 */
static bool source_is_plausible(NetHost *host, const NetLink *link, const IpView *ip)
{
    NetAddr src;

    if (!host->checks_source || link == NULL) {
        return true;
    }
    memcpy(src.octet, ip->src, sizeof src.octet);
    return net_route(host, &src) == link;
}

void host_receive(NetHost *host, NetLink *link, Flight *flight)
{
    NetPacket *packet = &flight->packet;
    IpView ip;

    sim_set_context(host->net->sim, packet->context);
    if (packet->kind == NET_LINK && host->link_handler != NULL) {
        host->link_handler(host->link_ctx, host, link, packet->data, packet->len);
    } else if (packet->kind != NET_IP || !ip_parse(packet->data, packet->len, &ip)) {
        host->counters.not_mine++;
    } else if (!source_is_plausible(host, link, &ip)) {
        host->counters.spoofed++;
    } else if (is_mine(host, &ip)) {
        take_in(host, packet, &ip);
    } else if (host->is_router) {
        free_or_pass_on(host, flight, &ip);
        return;
    } else {
        host->counters.not_mine++;
    }
    flight_free(host->net, flight);
}

void net_host_deliver(NetHost *host, const uint8_t *octets, size_t len, uint64_t frame, SimContext context)
{
    Flight *flight = flight_new(host->net, len);

    memcpy(flight->packet.data, octets, len);
    flight->packet.frame = frame;
    flight->packet.context = context;
    host_receive(host, NULL, flight);
}

/* --- out --- */

static void receive_own(Sim *sim, void *ctx, uint64_t arg)
{
    Flight *flight = ctx;
    NetHost *host = (NetHost *)(uintptr_t)arg;

    host_receive(host, NULL, flight);
}

static NetSend route_out(NetHost *host, Flight *flight)
{
    NetAddr dst;

    memcpy(dst.octet, flight->packet.data + 24, sizeof dst.octet);
    if (host->has_addr && net_addr_equal(&dst, &host->addr)) {
        sim_after(host->net->sim, host->source, 0, receive_own, flight, (uintptr_t)host);
        return NET_SENT;
    }
    NetLink *link = net_route(host, &dst);
    if (link == NULL) {
        host->counters.no_route++;
        flight_free(host->net, flight);
        return NET_UNREACHABLE;
    }
    link_enter(link, host, flight);
    return NET_SENT;
}

NetSend host_send(NetHost *host, Flight *flight)
{
    if (host->origin != 0) {
        flight->packet.context.origin = host->origin;
    }
    if (net_blocks(host->net, &flight->packet)) {
        host->counters.lost++;
        flight_free(host->net, flight);
        return NET_SENT;
    }
    show_watchers(host, NET_UP, &flight->packet, host->net->n_frames + 1);
    if (host->hook != NULL && host->hook->out != NULL &&
        host->hook->out(host->hook->ctx, host, &flight->packet) == NET_DISCARD) {
        host->counters.hook_discards++;
        flight_free(host->net, flight);
        return NET_REFUSED;
    }
    host->counters.sent++;
    return route_out(host, flight);
}

void net_host_forward(NetHost *host, const uint8_t *octets, size_t len)
{
    IpView ip;

    if (!ip_parse(octets, len, &ip)) {
        host->counters.not_mine++;
        return;
    }
    Flight *flight = flight_new(host->net, len);
    memcpy(flight->packet.data, octets, len);
    (void)route_out(host, flight);
}
