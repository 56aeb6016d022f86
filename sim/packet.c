/*
 * sim/packet.c - packets out of the network's pool.
 *
 * Knows:   octets and the room around them.
 */
#include "sim/network.h"

bool net_packet_push(NetPacket *packet, uint32_t octets)
{
    if (octets > packet->headroom) {
        return false;
    }
    packet->data -= octets;
    packet->headroom -= octets;
    packet->capacity += octets;
    packet->len += octets;
    return true;
}

bool net_packet_pull(NetPacket *packet, uint32_t octets)
{
    if (octets > packet->len) {
        return false;
    }
    packet->data += octets;
    packet->headroom += octets;
    packet->capacity -= octets;
    packet->len -= octets;
    return true;
}

bool net_packet_grow(NetPacket *packet, uint32_t octets)
{
    if (octets > packet->capacity - packet->len) {
        return false;
    }
    packet->len += octets;
    return true;
}

Flight *flight_new(Net *net, size_t len)
{
    size_t room;
    Flight *flight = pool_take(&net->pool, sizeof(Flight) + NET_HEADROOM + len + NET_TAILROOM, &room);
    uint8_t *octets = (uint8_t *)(flight + 1);

    *flight = (Flight){ .packet = { .data = octets + NET_HEADROOM,
                                    .len = (uint32_t)len,
                                    .capacity = (uint32_t)(room - sizeof(Flight) - NET_HEADROOM),
                                    .headroom = NET_HEADROOM,
                                    .refs = 1,
                                    .kind = NET_IP,
                                    .context = sim_context(net->sim) } };
    return flight;
}

void flight_free(Net *net, Flight *flight)
{
    pool_give(&net->pool, flight);
}
