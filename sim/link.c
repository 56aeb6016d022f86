/*
 * sim/link.c - links: how long a packet takes, what it loses, when its cover is put on and taken off.
 *
 * Source:  sim/net.h.
 * Knows:   segments and covers; what the octets mean only where a protocol is blocked.
 *
 * Time.  A segment is crossed when its delay has passed.  In each direction the slowest limited segment is the one with
 * a queue: a packet waits there until those before it are sent, then takes its length over the bandwidth; faster
 * segments add their delay only.  The place in the queue is taken when the packet enters the link, with the length it
 * then has.  So the time of delivery is known at once, and a link that nobody watches is one event, at the same time as
 * the last crossing of a watched one.
 *
 * Covers.  The cover that seals a packet is the link's when the packet enters, and the same one opens it.  What is
 * injected into a covered stretch is opened without having been sealed; what is injected before it is sealed like any
 * other.
 */
#include "sim/network.h"

#include <string.h>

static unsigned segment_of(const NetLink *link, NetDir dir, unsigned step)
{
    return dir == NET_UP ? step : link->spec->n_segments - 1 - step;
}

static const NetSegmentSpec *segment_spec(const Flight *flight, unsigned step)
{
    return &flight->link->spec->segment[segment_of(flight->link, flight->dir, step)];
}

static NetHost *sender(const Flight *flight)
{
    return flight->link->end[flight->dir == NET_UP ? 0 : 1];
}

static NetHost *receiver(const Flight *flight)
{
    return flight->link->end[flight->dir == NET_UP ? 1 : 0];
}

NetLink *net_link_new(Net *net, const NetLinkSpec *spec, const char *instance, NetHost *a, NetHost *b)
{
    g_assert(spec->n_segments >= 1 && spec->n_segments <= NET_SEGMENTS_MAX);
    if (net->n_links % NET_CHUNK == 0) {
        g_ptr_array_add(net->link_chunks, g_new0(NetLink, NET_CHUNK));
    }
    NetLink *link = net_link_at(net, net->n_links++);
    link->end[0] = a;
    link->end[1] = b;
    link->spec = spec;
    link->instance = instance == NULL ? "" : g_string_chunk_insert_const(net->texts, instance);
    link->source = sim_source(net->sim);
    (void)sim_source(net->sim); /* the other direction's */
    link->tapped = tap_mask(net, link);
    return link;
}

NetHost *net_link_end(const NetLink *link, unsigned end)
{
    g_assert(end < 2);
    return link->end[end];
}

const NetLinkSpec *net_link_spec(const NetLink *link)
{
    return link->spec;
}

const char *net_link_instance(const NetLink *link)
{
    return link->instance;
}

/* --- covers --- */

void net_link_cover(NetLink *link, unsigned first, unsigned last, const NetCover *cover)
{
    g_assert(first <= last && last < link->spec->n_segments);
    link->cover = cover;
    link->cover_first = (uint8_t)first;
    link->cover_last = (uint8_t)last;
}

const NetCover *net_link_get_cover(const NetLink *link, unsigned *first, unsigned *last)
{
    *first = link->cover_first;
    *last = link->cover_last;
    return link->cover;
}

static void take_cover(Flight *flight)
{
    const NetLink *link = flight->link;

    flight->cover = link->cover;
    flight->cover_from = STEP_NONE;
    flight->cover_to = STEP_NONE;
    if (link->cover != NULL) {
        unsigned near = flight->dir == NET_UP ? link->cover_first : link->cover_last;
        unsigned far = flight->dir == NET_UP ? link->cover_last : link->cover_first;
        flight->cover_from = (uint8_t)segment_of(link, flight->dir, near);
        flight->cover_to = (uint8_t)segment_of(link, flight->dir, far);
    }
}

/* Both free the packet when the cover discards it, and say false. */
static bool seal(Flight *flight)
{
    const NetCover *cover = flight->cover;

    if (cover->seal(cover->ctx, flight->link, flight->dir, &flight->packet) == NET_PASS) {
        return true;
    }
    sender(flight)->counters.cover_discards++;
    flight_free(sender(flight)->net, flight);
    return false;
}

static bool open_cover(Flight *flight)
{
    const NetCover *cover = flight->cover;

    if (cover->open(cover->ctx, flight->link, flight->dir, &flight->packet) == NET_PASS) {
        return true;
    }
    receiver(flight)->counters.cover_discards++;
    flight_free(receiver(flight)->net, flight);
    return false;
}

/* --- time and loss --- */

static uint64_t bandwidth(const Flight *flight, unsigned step)
{
    return segment_spec(flight, step)->bits_per_second[flight->dir];
}

/* Take a place in the queue of the slowest segment, unless the packet starts behind it, at step @first. */
static void reserve(Flight *flight, unsigned first)
{
    NetLink *link = flight->link;
    unsigned n = link->spec->n_segments;
    SimTime arrival = sim_now(sender(flight)->net->sim);
    unsigned slow = STEP_NONE;

    for (unsigned step = 0; step < n; step++) {
        uint64_t bits = bandwidth(flight, step);
        if (bits != 0 && (slow == STEP_NONE || bits < bandwidth(flight, slow))) {
            slow = step;
        }
    }
    flight->slow_step = (uint8_t)slow;
    flight->hold = 0;
    if (slow == STEP_NONE || slow < first) {
        return;
    }
    for (unsigned step = first; step < slow; step++) {
        arrival += segment_spec(flight, step)->delay;
    }
    SimTime start = MAX(arrival, link->busy_until[flight->dir]);
    SimTime sent = start + (SimTime)((uint64_t)flight->packet.len * 8 * (uint64_t)SIM_SEC / bandwidth(flight, slow));
    link->busy_until[flight->dir] = sent;
    flight->hold = sent - arrival;
}

static SimTime crossing_time(const Flight *flight, unsigned step)
{
    return segment_spec(flight, step)->delay + (step == flight->slow_step ? flight->hold : 0);
}

/* The links of other hosts do not move a link's stream. */
static void derive_loss_stream(NetLink *link)
{
    char name[NET_ADDR_TEXT_MAX + 256];
    Net *net = link->end[0]->net;

    g_snprintf(name, sizeof name, "%s %s %s", link->end[0]->name, link->end[1]->name, link->instance);
    link->loss_stream = sim_stream(net->sim, name, link->spec->segment[0].name, 0).id | 1;
}

static bool draw_loss(NetLink *link, NetDir dir, uint32_t loss_ppm)
{
    if (link->loss_stream == 0) {
        derive_loss_stream(link);
    }
    SimStream stream = { .id = link->loss_stream ^ dir, .offset = (uint64_t)link->loss_draws[dir]++ * 8 };
    return sim_random_u64(link->end[0]->net->sim, &stream) % 1000000 < loss_ppm;
}

static uint8_t lost_step(const Flight *flight)
{
    for (unsigned step = 0; step < flight->link->spec->n_segments; step++) {
        uint32_t loss_ppm = segment_spec(flight, step)->loss_ppm;
        if (loss_ppm != 0 && draw_loss(flight->link, flight->dir, loss_ppm)) {
            return (uint8_t)step;
        }
    }
    return STEP_NONE;
}

/* --- the way, segment by segment --- */

static void cross(Sim *sim, void *ctx, uint64_t arg);

static void schedule(Flight *flight, SimTime delay, SimHandler handler)
{
    sim_after(sender(flight)->net->sim, flight->link->source + flight->dir, delay, handler, flight, 0);
}

static void go_on(Flight *flight)
{
    if (flight->step == flight->link->spec->n_segments) {
        host_receive(receiver(flight), flight->link, flight);
        return;
    }
    if (flight->step == flight->cover_from && !seal(flight)) {
        return;
    }
    schedule(flight, crossing_time(flight, flight->step), cross);
}

static void leave_segment(Flight *flight)
{
    if (flight->step == flight->cover_to && !open_cover(flight)) {
        return;
    }
    flight->step++;
    go_on(flight);
}

static void cross(Sim *sim, void *ctx, uint64_t arg)
{
    Flight *flight = ctx;

    if (flight->step == flight->lost_step) {
        sender(flight)->counters.lost++;
        flight_free(sender(flight)->net, flight);
        return;
    }
    if (tap_show(flight, true)) {
        leave_segment(flight);
    }
}

/* --- or in one go --- */

static void arrive(Sim *sim, void *ctx, uint64_t arg)
{
    Flight *flight = ctx;

    if (flight->cover == NULL || open_cover(flight)) {
        host_receive(receiver(flight), flight->link, flight);
    }
}

static void fly_through(Flight *flight)
{
    SimTime delay = flight->hold;

    if (flight->cover != NULL && !seal(flight)) {
        return;
    }
    for (unsigned i = 0; i < flight->link->spec->n_segments; i++) {
        delay += flight->link->spec->segment[i].delay;
    }
    schedule(flight, delay, arrive);
}

void link_enter(NetLink *link, NetHost *from, Flight *flight)
{
    Net *net = from->net;

    if (net_blocks(net, &flight->packet)) {
        from->counters.lost++;
        flight_free(net, flight);
        return;
    }
    flight->link = link;
    flight->dir = link->end[0] == from ? NET_UP : NET_DOWN;
    flight->step = 0;
    flight->packet.sa = 0;
    take_cover(flight);
    reserve(flight, 0);
    flight->lost_step = lost_step(flight);
    if (net->recorder != NULL || link->tapped != 0 || link->is_visited || flight->lost_step != STEP_NONE) {
        go_on(flight);
    } else {
        fly_through(flight);
    }
}

void net_link_send(NetLink *link, NetHost *from, const uint8_t *octets, size_t len)
{
    Flight *flight = flight_new(from->net, len);

    memcpy(flight->packet.data, octets, len);
    flight->packet.kind = NET_LINK;
    link_enter(link, from, flight);
}

/* --- injecting --- */

static void appear(Sim *sim, void *ctx, uint64_t arg)
{
    Flight *flight = ctx;

    take_cover(flight);
    reserve(flight, flight->step + 1u);
    if (tap_show(flight, false)) {
        leave_segment(flight);
    }
}

void net_inject(Net *net, NetLink *link, unsigned segment, NetDir dir, NetKind kind, const uint8_t *octets, size_t len,
                SimTime delay, SimContext context)
{
    g_assert(segment < link->spec->n_segments);
    Flight *flight = flight_new(net, len);

    memcpy(flight->packet.data, octets, len);
    flight->packet.kind = (uint8_t)kind;
    flight->packet.context = context;
    flight->link = link;
    flight->dir = (uint8_t)dir;
    flight->step = (uint8_t)segment_of(link, dir, segment); /* segment_of is its own inverse */
    flight->lost_step = STEP_NONE;                          /* an attacker sends until he is heard */
    link->is_visited = true;
    schedule(flight, delay, appear);
}
