/*
 * sim/tap.c - who sees a packet on a segment: the recorder, then the taps.
 *
 * Source:  sim/net.h.
 * Knows:   names of segments; not what the octets mean.
 */
#include "sim/network.h"

#include <string.h>

const char *net_segment_name(const NetLink *link, unsigned segment, char *out, size_t out_len)
{
    g_assert(segment < link->spec->n_segments && out_len > 0);
    const char *name = link->spec->segment[segment].name;

    if (link->instance[0] == '\0') {
        g_strlcpy(out, name, out_len);
        return out;
    }
    gsize len = g_strlcpy(out, name, out_len);
    len = MIN(len, out_len - 1);
    if (len + 1 < out_len) {
        out[len++] = ':';
        g_strlcpy(out + len, link->instance, out_len - len);
    }
    return out;
}

/* "air:bob" is that segment, "gn:*" the segment "gn" of every instance. */
static bool pattern_fits(const char *pattern, const NetLink *link, unsigned segment)
{
    const char *name = link->spec->segment[segment].name;
    size_t len = strlen(name);

    if (strncmp(pattern, name, len) != 0) {
        return false;
    }
    if (link->instance[0] == '\0') {
        return pattern[len] == '\0';
    }
    return pattern[len] == ':' &&
           (strcmp(pattern + len + 1, "*") == 0 || strcmp(pattern + len + 1, link->instance) == 0);
}

static uint8_t mask_of(const char *pattern, const NetLink *link)
{
    uint8_t mask = 0;

    for (unsigned i = 0; i < link->spec->n_segments; i++) {
        if (pattern_fits(pattern, link, i)) {
            mask |= (uint8_t)(1u << i);
        }
    }
    return mask;
}

uint8_t tap_mask(const Net *net, const NetLink *link)
{
    uint8_t mask = 0;

    for (guint i = 0; i < net->taps->len; i++) {
        mask |= mask_of(g_array_index(net->taps, NetTap, i).pattern, link);
    }
    return mask;
}

void net_tap(Net *net, const char *segment, NetTapHandler handler, void *ctx)
{
    NetTap tap = { .pattern = g_string_chunk_insert(net->texts, segment), .handler = handler, .ctx = ctx };

    g_array_append_val(net->taps, tap);
    for (size_t i = 0; i < net->n_links; i++) {
        NetLink *link = net_link_at(net, i);
        link->tapped |= mask_of(tap.pattern, link);
    }
}

void net_set_recorder(Net *net, NetRecorder recorder, void *ctx)
{
    net->recorder = recorder;
    net->recorder_ctx = ctx;
}

static bool pass_taps(Net *net, const NetSighting *sighting)
{
    for (guint i = 0; i < net->taps->len; i++) {
        NetTap tap = g_array_index(net->taps, NetTap, i);
        if (pattern_fits(tap.pattern, sighting->link, sighting->segment) &&
            tap.handler(tap.ctx, sighting) == NET_TAP_TAKE) {
            return false;
        }
    }
    return true;
}

bool tap_show(Flight *flight, bool taps)
{
    NetLink *link = flight->link;
    Net *net = link->end[0]->net;
    unsigned segment = flight->dir == NET_UP ? flight->step : link->spec->n_segments - 1u - flight->step;
    NetSighting sighting = { .link = link,
                             .segment = segment,
                             .dir = flight->dir,
                             .packet = &flight->packet,
                             .frame = ++net->n_frames,
                             .at = sim_now(net->sim) };

    flight->packet.frame = sighting.frame;
    sim_set_context(net->sim, flight->packet.context);
    if (net->recorder != NULL) {
        net->recorder(net->recorder_ctx, &sighting);
    }
    if (!taps || (link->tapped >> segment & 1) == 0 || pass_taps(net, &sighting)) {
        return true;
    }
    flight_free(net, flight);
    return false;
}
