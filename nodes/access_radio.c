/*
 * nodes/access_radio.c - one radio link as its two ends see it.
 *
 * Source:  as nodes/access_radio.h.
 * Knows:   frames, keys and counters.
 */
#include "nodes/access_radio.h"

#include "nodes/stack/radio_frame.h"

#include <string.h>

enum { IPV6_HEADER_LEN = 40, IPV6_SRC = 8 };

static Sim *radio_sim(const NetLink *link)
{
    return net_sim(net_host_net(net_link_end(link, 0)));
}

static NetHost *radio_receiver(const NetLink *link, NetDir dir)
{
    return net_link_end(link, dir == NET_UP ? 1 : 0);
}

/* --- what goes in the clear although a cipher is on --- */

/* Messages of a connection that begins: the other end has no key yet.  802.11 never ciphered its management frames. */
static bool radio_is_initial(AccessType type, RadioCipher cipher)
{
    switch (type) {
    case ACCESS_BEACON:
    case ACCESS_ATTACH_REQUEST:
    case ACCESS_IDENTITY_REQUEST:
    case ACCESS_IDENTITY_RESPONSE:
    case ACCESS_AUTH_REQUEST:
    case ACCESS_AUTH_RESPONSE:
    case ACCESS_AUTH_FAILURE:
    case ACCESS_CIPHER_MODE_COMMAND:
    case ACCESS_ATTACH_REJECT: return true;
    case ACCESS_CIPHER_MODE_COMPLETE:
    case ACCESS_ATTACH_ACCEPT:
    case ACCESS_CONTEXT_REQUEST:
    case ACCESS_CONTEXT_ACCEPT:
    case ACCESS_DETACH: return cipher == RADIO_WEP;
    }
    return false;
}

/* Octets that do not parse go to the node behind, which counts them. */
static bool radio_passes_clear(const RadioEnd *end, const NetPacket *packet)
{
    AccessMsg msg;

    if (end->cipher == RADIO_NONE || access_parse(packet->data, packet->len, &msg) != ACCESS_OK)
        return true;
    return radio_is_initial(msg.type, (RadioCipher)end->cipher);
}

/* --- one end --- */

static NetVerdict radio_end_seal(RadioEnd *end, NetDir dir, NetPacket *packet)
{
    if (packet->kind == NET_IP && !end->context)
        return NET_DISCARD; /* there is no bearer to carry it */
    if (end->cipher == RADIO_NONE || (packet->kind == NET_LINK && radio_passes_clear(end, packet)))
        return NET_PASS;
    return radio_frame_seal(packet, (RadioCipher)end->cipher, end->key, dir, ++end->sent) ? NET_PASS : NET_DISCARD;
}

/* Why a frame is not taken; NULL: it is.  @source: from where alone IP is taken in, NULL = from anywhere. */
static const char *radio_end_refuses(const RadioEnd *end, NetDir dir, const NetAddr *source, NetPacket *packet)
{
    bool was_clear = packet->kind != NET_CIPHERED;

    if (!was_clear && !radio_frame_open(packet, (RadioCipher)end->cipher, end->key, dir))
        return "radio-undecipherable";
    if (packet->kind == NET_LINK)
        return !was_clear || radio_passes_clear(end, packet) ? NULL : "radio-clear";
    if (!end->context)
        return "radio-no-context";
    if (was_clear && end->cipher != RADIO_NONE)
        return "radio-clear";
    if (source != NULL &&
        (packet->len < IPV6_HEADER_LEN || memcmp(packet->data + IPV6_SRC, source->octet, sizeof source->octet) != 0))
        return "radio-source";
    return NULL;
}

/* --- the cover --- */

static NetVerdict radio_cover_seal(void *ctx, NetLink *link, NetDir dir, NetPacket *packet)
{
    RadioCover *cover = ctx;
    RadioEnd *end = dir == NET_UP ? cover->ue : &cover->network;

    return end == NULL ? NET_PASS : radio_end_seal(end, dir, packet);
}

static NetVerdict radio_cover_open(void *ctx, NetLink *link, NetDir dir, NetPacket *packet)
{
    RadioCover *cover = ctx;
    RadioEnd *end = dir == NET_UP ? &cover->network : cover->ue;

    if (end == NULL)
        return packet->kind == NET_CIPHERED ? NET_DISCARD : NET_PASS;
    const char *cause = radio_end_refuses(end, dir, dir == NET_UP ? &cover->source : NULL, packet);
    if (cause == NULL)
        return NET_PASS;
    sim_set_context(radio_sim(link), packet->context);
    trace_drop(radio_sim(link), net_host_name(radio_receiver(link, dir)), cause, "a frame of %u octets while under %s",
               packet->len, radio_cipher_name((RadioCipher)end->cipher));
    return NET_DISCARD;
}

static const char *radio_cover_label(void *ctx, NetLink *link)
{
    const RadioCover *cover = ctx;
    const RadioEnd *end = cover->ue != NULL ? cover->ue : &cover->network;

    return end->cipher == RADIO_NONE ? "" : radio_cipher_name((RadioCipher)end->cipher);
}

void radio_cover_init(RadioCover *cover, NetLink *link, unsigned first, unsigned last)
{
    *cover = (RadioCover){ .link = link, .first = (uint8_t)first, .last = (uint8_t)last };
    cover->cover =
        (NetCover){ .seal = radio_cover_seal, .open = radio_cover_open, .label = radio_cover_label, .ctx = cover };
    net_link_cover(link, first, last, &cover->cover);
}

void radio_cover_clear(RadioCover *cover)
{
    net_link_cover(cover->link, cover->first, cover->last, NULL);
    memset(&cover->network, 0, sizeof cover->network);
}

RadioCover *radio_cover_of(NetLink *link)
{
    unsigned first, last;
    const NetCover *cover = net_link_get_cover(link, &first, &last);

    return cover != NULL && cover->seal == radio_cover_seal ? cover->ctx : NULL;
}

void radio_cover_join(NetLink *link, RadioEnd *ue)
{
    RadioCover *cover = radio_cover_of(link);

    if (cover != NULL)
        cover->ue = ue;
}

void radio_cover_leave(NetLink *link, const RadioEnd *ue)
{
    RadioCover *cover = radio_cover_of(link);

    if (cover != NULL && cover->ue == ue)
        cover->ue = NULL;
}

/* --- keys --- */

void radio_end_switch(RadioEnd *end, NetHost *host, NetLink *link, RadioCipher cipher, const uint8_t *key)
{
    char segment[64];

    memset(end->key, 0, sizeof end->key);
    if (cipher != RADIO_NONE)
        memcpy(end->key, key, radio_key_len(cipher));
    if (cipher != RADIO_NONE && cipher != RADIO_WEP)
        end->sent = 0; /* a new key; WEP's outlives the association, and so does the count of IVs used with it */
    end->cipher = (uint8_t)cipher;
    trace_add(radio_sim(link),
              &(TraceRecord){ .kind = TRACE_CIPHER,
                              .node = net_host_name(host),
                              .cipher = { .link = net_segment_name(link, 0, segment, sizeof segment),
                                          .cipher = cipher == RADIO_NONE ? "none" : radio_cipher_name(cipher) } });
}

void radio_cipher_key(RadioCipher cipher, const uint8_t ck[AKA_CK_LEN], const uint8_t ik[AKA_IK_LEN],
                      uint8_t key[RADIO_KEY_LEN])
{
    memset(key, 0, RADIO_KEY_LEN);
    switch (cipher) {
    case RADIO_UEA1: memcpy(key, ck, AKA_CK_LEN); break;
    case RADIO_GEA1:
    case RADIO_GEA2:
    case RADIO_GEA3: aka_gsm_c3(ck, ik, key); break; /* TS 33.102 §6.8.2.3 */
    case RADIO_NONE:
    case RADIO_WEP: break;
    }
}

/* --- integrity of signalling --- */

void radio_integrity_start(RadioIntegrity *integrity, const uint8_t ik[AKA_IK_LEN], uint32_t fresh)
{
    *integrity = (RadioIntegrity){ .fresh = fresh, .on = true };
    memcpy(integrity->ik, ik, AKA_IK_LEN);
}

/* Constant time is beside the point here: a false cell cannot measure in virtual time.  All octets are compared all the
 * same. */
static bool radio_mac_equal(const uint8_t *a, const uint8_t *b)
{
    uint8_t differs = 0;

    for (size_t i = 0; i < RADIO_MAC_LEN; i++)
        differs |= a[i] ^ b[i];
    return differs == 0;
}

bool radio_integrity_check(RadioIntegrity *integrity, NetDir dir, const AccessMsg *msg, const uint8_t *octets,
                           size_t len)
{
    uint8_t mac_i[RADIO_MAC_LEN];
    size_t span;

    if (!(msg->has & ACCESS_HAS_MAC) || !(msg->has & ACCESS_HAS_COUNT) || msg->count <= integrity->received ||
        !access_mac_span(octets, len, &span))
        return false;
    radio_uia1(integrity->ik, msg->count, integrity->fresh, dir, octets, span, mac_i);
    if (!radio_mac_equal(mac_i, msg->mac_i))
        return false;
    integrity->received = msg->count;
    return true;
}

static void radio_protect(RadioIntegrity *integrity, NetDir dir, uint32_t count, uint8_t *octets, size_t len)
{
    uint8_t mac_i[RADIO_MAC_LEN];
    size_t span;

    if (!access_mac_span(octets, len, &span))
        return;
    radio_uia1(integrity->ik, count, integrity->fresh, dir, octets, span, mac_i);
    if (!access_set_mac(octets, len, mac_i))
        g_assert_not_reached(); /* access_write() left room for it */
}

/* --- signalling, traced --- */

const char *radio_label(AccessType type)
{
    switch (type) {
    case ACCESS_BEACON: return "BEACON";
    case ACCESS_ATTACH_REQUEST: return "ATTACH REQUEST";
    case ACCESS_IDENTITY_REQUEST: return "IDENTITY REQUEST";
    case ACCESS_IDENTITY_RESPONSE: return "IDENTITY RESPONSE";
    case ACCESS_AUTH_REQUEST: return "AUTH REQUEST";
    case ACCESS_AUTH_RESPONSE: return "AUTH RESPONSE";
    case ACCESS_AUTH_FAILURE: return "AUTH FAILURE";
    case ACCESS_CIPHER_MODE_COMMAND: return "CIPHER MODE COMMAND";
    case ACCESS_CIPHER_MODE_COMPLETE: return "CIPHER MODE COMPLETE";
    case ACCESS_ATTACH_ACCEPT: return "ATTACH ACCEPT";
    case ACCESS_ATTACH_REJECT: return "ATTACH REJECT";
    case ACCESS_CONTEXT_REQUEST: return "CONTEXT REQUEST";
    case ACCESS_CONTEXT_ACCEPT: return "CONTEXT ACCEPT";
    case ACCESS_DETACH: return "DETACH";
    }
    return "";
}

static const char *radio_protection(const NetLink *link, NetHost *host, AccessType type)
{
    const RadioCover *cover = radio_cover_of((NetLink *)link);
    const RadioEnd *end = cover == NULL ? NULL : net_link_end(link, 0) == host ? cover->ue : &cover->network;

    if (end == NULL || end->cipher == RADIO_NONE || radio_is_initial(type, (RadioCipher)end->cipher))
        return "clear";
    return radio_cipher_name((RadioCipher)end->cipher);
}

void radio_send(NetLink *link, NetHost *host, const char *peer, uint32_t cell, RadioIntegrity *integrity,
                AccessMsg *msg)
{
    uint8_t octets[ACCESS_MSG_MAX];
    bool protect = integrity != NULL && integrity->on;
    NetDir dir = net_link_end(link, 0) == host ? NET_UP : NET_DOWN;

    msg->cell = cell;
    msg->has |= ACCESS_HAS_CELL;
    if (protect) {
        msg->has |= ACCESS_HAS_COUNT | ACCESS_HAS_MAC;
        msg->count = ++integrity->sent;
    }
    size_t len = access_write(msg, octets, sizeof octets);
    g_assert(len > 0); /* the fields are ours */
    if (protect)
        radio_protect(integrity, dir, msg->count, octets, len);
    sim_set_context(radio_sim(link), (SimContext){ .cause = sim_context(radio_sim(link)).cause });
    trace_add(radio_sim(link), &(TraceRecord){ .kind = TRACE_SEND,
                                               .node = net_host_name(host),
                                               .message = { .protocol = TRACE_ACCESS,
                                                            .peer = peer,
                                                            .label = radio_label(msg->type),
                                                            .protection = radio_protection(link, host, msg->type),
                                                            .octets = octets,
                                                            .len = (uint32_t)len } });
    net_link_send(link, host, octets, len);
}

void radio_trace_receive(NetLink *link, NetHost *host, const AccessMsg *msg, const uint8_t *octets, size_t len)
{
    unsigned other_end = net_link_end(link, 0) == host ? 1 : 0;

    trace_add(radio_sim(link), &(TraceRecord){ .kind = TRACE_RECEIVE,
                                               .node = net_host_name(host),
                                               .message = { .protocol = TRACE_ACCESS,
                                                            .peer = net_host_name(net_link_end(link, other_end)),
                                                            .label = radio_label(msg->type),
                                                            .protection = "",
                                                            .octets = octets,
                                                            .len = (uint32_t)len } });
}

bool radio_is_unprotected(AccessType type)
{
    return radio_is_initial(type, RADIO_UEA1) && type != ACCESS_ATTACH_REJECT;
}
