/*
 * nodes/attacker/cell_bridge.c - a false base station: the victim's packets through it, and what its tap sees.
 *
 * Source:  as nodes/attacker/cell.h.
 * Knows:   frames and IPv6 packets as such; it changes none.
 */
#include "nodes/attacker/cell_internal.h"

#include "nodes/stack/radio_frame.h"

#include <string.h>

/* --- up --- */

static void cell_relay_up(Cell *cell, const uint8_t *octets, size_t len, uint64_t frame)
{
    if (cell_answers_dhcp(cell, octets, len, frame))
        return;
    if (cell->reader != NULL)
        cell->reader(cell->reader_ctx, octets, len, NET_UP, frame, sim_context(cell->sim));
    net_host_forward(cell->config.host, octets, len);
}

/* A copy of a packet with room around it, in the event's arena. */
static NetPacket *cell_copy(Cell *cell, const uint8_t *octets, size_t len, NetKind kind)
{
    NetPacket *packet = sim_alloc(cell->sim, sizeof *packet);
    uint8_t *room = sim_alloc(cell->sim, NET_HEADROOM + len + NET_TAILROOM);

    *packet = (NetPacket){ .data = room + NET_HEADROOM,
                           .len = (uint32_t)len,
                           .capacity = (uint32_t)(len + NET_TAILROOM),
                           .headroom = NET_HEADROOM,
                           .kind = (uint8_t)kind };
    memcpy(packet->data, octets, len);
    return packet;
}

static NetTapVerdict cell_on_ciphered_up(Cell *cell, const NetSighting *sighting)
{
    const NetPacket *seen = sighting->packet;

    if (!cell->bridged)
        return cell->camped ? NET_TAP_TAKE : NET_TAP_PASS;
    NetPacket *packet = cell_copy(cell, seen->data, seen->len, NET_CIPHERED);
    if (radio_frame_open(packet, cell->config.cipher, cell->config.wep_key, NET_UP) && packet->kind == NET_IP)
        cell_relay_up(cell, packet->data, packet->len, sighting->frame);
    return NET_TAP_TAKE;
}

static NetTapVerdict cell_on_signalling(Cell *cell, const NetSighting *sighting)
{
    AccessMsg msg;

    if (access_parse(sighting->packet->data, sighting->packet->len, &msg) != ACCESS_OK)
        return NET_TAP_PASS;
    if (sighting->dir == NET_UP && msg.cell == cell->id && cell->presented) {
        cell_hear(cell, &msg, sighting->frame);
        return NET_TAP_TAKE;
    }
    cell_overhear(cell, &msg, sighting->dir);
    return NET_TAP_PASS;
}

/* A handset on the false cell does not hear another one's traffic, only beacons. */
static NetTapVerdict cell_judge(Cell *cell, const NetSighting *sighting)
{
    if (sighting->packet->kind == NET_LINK)
        return cell_on_signalling(cell, sighting);
    if (sighting->dir == NET_DOWN)
        return cell->camped ? NET_TAP_TAKE : NET_TAP_PASS;
    if (sighting->packet->kind == NET_CIPHERED)
        return cell_on_ciphered_up(cell, sighting);
    if (!cell->bridged)
        return NET_TAP_PASS;
    cell_relay_up(cell, sighting->packet->data, sighting->packet->len, sighting->frame);
    return NET_TAP_TAKE;
}

static NetTapVerdict cell_on_victims_air(void *ctx, const NetSighting *sighting)
{
    Cell *cell = ctx;
    SimContext context = sim_context(cell->sim);

    if (cell->victim == NULL)
        cell->victim = sighting->link;
    cell->segment = sighting->segment;
    cell_present(cell, sighting->frame);
    NetTapVerdict verdict = cell_judge(cell, sighting);
    sim_set_context(cell->sim, context); /* who taps after him sees the packet as it came */
    return verdict;
}

/* --- down --- */

/* He only listens there: a link that is watched counts its crossings, so that each packet says which frame it was. */
static NetTapVerdict cell_on_own_air(void *ctx, const NetSighting *sighting)
{
    return NET_TAP_PASS;
}

void cell_inject_down(Cell *cell, const uint8_t *octets, size_t len, SimContext context)
{
    NetPacket *packet = cell_copy(cell, octets, len, NET_IP);

    if (cell->config.cipher != RADIO_NONE &&
        !radio_frame_seal(packet, cell->config.cipher, cell->config.wep_key, NET_DOWN, ++cell->wep_sent))
        return;
    net_inject(cell->net, cell->victim, cell->segment, NET_DOWN, (NetKind)packet->kind, packet->data, packet->len, 0,
               context);
}

static NetVerdict cell_on_own_packet(void *ctx, NetHost *host, NetPacket *packet)
{
    Cell *cell = ctx;

    if (!cell->bridged)
        return NET_PASS;
    if (cell->reader != NULL)
        cell->reader(cell->reader_ctx, packet->data, packet->len, NET_DOWN, packet->frame, packet->context);
    cell_inject_down(cell, packet->data, packet->len, packet->context); /* an honest packet stays one */
    return NET_DISCARD;
}

void cell_take_host(Cell *cell)
{
    cell->hook = (NetIpHook){ .in = cell_on_own_packet, .ctx = cell };
    net_host_set_ip_hook(cell->config.host, &cell->hook);
}

void cell_leave_host(Cell *cell)
{
    if (cell->hook.in == NULL)
        return;
    cell->hook.in = NULL;
    net_host_set_ip_hook(cell->config.host, NULL);
}

/* --- taps --- */

void cell_tap(Cell *cell)
{
    static const NetAddr anywhere = { { 0 } };
    char name[64];

    net_tap(cell->net, cell->config.segment, cell_on_victims_air, cell);
    NetLink *own = cell->config.host != NULL ? net_route(cell->config.host, &anywhere) : NULL;
    if (own != NULL)
        net_tap(cell->net, net_segment_name(own, 0, name, sizeof name), cell_on_own_air, cell);
}
