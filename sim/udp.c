/*
 * sim/udp.c - UDP.
 *
 * Source:  RFC 768; RFC 2460 §8.1: over IPv6 the checksum is never omitted.
 * Knows:   ports; not what the datagrams say.
 */
#include "sim/network.h"

#include <string.h>

/* The first binding whose port is not less than @port. */
static uint32_t bind_place(const NetSockets *sockets, uint16_t port)
{
    uint32_t low = 0, high = sockets->n_udp;

    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (sockets->udp[middle].port < port) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static UdpBind *find_bind(const NetHost *host, uint16_t port)
{
    const NetSockets *sockets = host->sockets;

    if (sockets == NULL) {
        return NULL;
    }
    uint32_t i = bind_place(sockets, port);
    return i < sockets->n_udp && sockets->udp[i].port == port ? &sockets->udp[i] : NULL;
}

bool net_udp_bind(NetHost *host, uint16_t port, NetUdpHandler handler, void *ctx)
{
    if (find_bind(host, port) != NULL) {
        return false;
    }
    NetSockets *sockets = host_sockets(host);
    if (sockets->n_udp == sockets->udp_room) {
        sockets->udp_room += 2;
        sockets->udp = g_renew(UdpBind, sockets->udp, sockets->udp_room);
    }
    uint32_t i = bind_place(sockets, port);
    memmove(&sockets->udp[i + 1], &sockets->udp[i], (sockets->n_udp - i) * sizeof *sockets->udp);
    sockets->udp[i] = (UdpBind){ .handler = handler, .ctx = ctx, .port = port };
    sockets->n_udp++;
    return true;
}

void net_udp_unbind(NetHost *host, uint16_t port)
{
    UdpBind *bind = find_bind(host, port);

    if (bind != NULL) {
        NetSockets *sockets = host->sockets;
        size_t behind = (size_t)(sockets->udp + sockets->n_udp - (bind + 1));
        memmove(bind, bind + 1, behind * sizeof *bind);
        sockets->n_udp--;
    }
}

NetSend net_udp_send(NetHost *host, uint16_t sport, const NetAddr *dst, uint16_t dport, const void *octets, size_t len)
{
    size_t udp_len = UDP_HEADER_LEN + len;

    if (len > IP_PAYLOAD_MAX - UDP_HEADER_LEN) {
        return NET_TOO_LONG;
    }
    Flight *flight = flight_new(host->net, IP_HEADER_LEN + udp_len);
    uint8_t *ip = flight->packet.data;
    uint8_t *udp = ip + IP_HEADER_LEN;
    ip_header(ip, &host->addr, dst, IP_UDP, udp_len);
    put_u16(udp, sport);
    put_u16(udp + 2, dport);
    put_u16(udp + 4, (uint16_t)udp_len);
    put_u16(udp + 6, 0);
    if (len > 0) {
        memcpy(udp + UDP_HEADER_LEN, octets, len);
    }
    uint16_t sum = ip_checksum(ip + 8, IP_UDP, udp, udp_len);
    put_u16(udp + 6, sum != 0 ? sum : 0xffff);
    return host_send(host, flight);
}

void udp_receive(NetHost *host, const NetPacket *packet, const IpView *ip)
{
    const uint8_t *udp = ip->payload;
    size_t udp_len = ip->payload_len >= UDP_HEADER_LEN ? get_u16(udp + 4) : 0;

    if (udp_len < UDP_HEADER_LEN || udp_len > ip->payload_len || get_u16(udp + 6) == 0 ||
        ip_checksum(ip->src, IP_UDP, udp, udp_len) != 0) {
        host->counters.bad_checksum++;
        return;
    }
    const UdpBind *bind = find_bind(host, get_u16(udp + 2));
    if (bind == NULL) {
        host->counters.no_port++;
        return;
    }
    host->counters.received++;
    NetDatagram datagram = { .sport = get_u16(udp),
                             .dport = get_u16(udp + 2),
                             .octets = udp + UDP_HEADER_LEN,
                             .len = udp_len - UDP_HEADER_LEN,
                             .sa = packet->sa };
    memcpy(datagram.src.octet, ip->src, sizeof datagram.src.octet);
    memcpy(datagram.dst.octet, ip->dst, sizeof datagram.dst.octet);
    bind->handler(bind->ctx, host, &datagram);
}
