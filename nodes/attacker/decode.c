/*
 * nodes/attacker/decode.c - from tapped octets to messages: radio frames, IPv6, ESP, tunnels, UDP, TCP.
 *
 * Source:  threats 2.0: the attacker decodes before he searches.
 * Knows:   known radio keys, known ESP keys, and none at all (NULL encryption).  What stays closed is kept.
 */
#include "nodes/attacker/private.h"
#include "nodes/msg/access.h"

#define LAYERS_MAX 6 /* packets in packets */

static bool decode_ip(Knowledge *knowledge, const Seen *seen, const uint8_t *octets, size_t len, const Layers *layers,
                      unsigned depth);

static Layers deeper(const Layers *layers, const char *text, double work_log2)
{
    Layers more = { g_string_new(layers->how->str), MAX(layers->work_log2, work_log2) };
    g_string_append_printf(more.how, "%s%s", more.how->len > 0 ? ", then " : "", text);
    return more;
}

bool looks_like_sip(const uint8_t *octets, size_t len)
{
    if (len < 12)
        return false;
    if (memcmp(octets, "SIP/2.0 ", 8) == 0)
        return true;
    const uint8_t *eol = memchr(octets, '\n', len);
    return eol != NULL && memmem(octets, (size_t)(eol - octets), " SIP/2.0", 8) != NULL;
}

/* --- packets; false: something in them no key opened --- */

static void decode_udp(Knowledge *knowledge, const Seen *seen, const IpPacket *ip, const Layers *layers)
{
    NetAddr src, dst;
    if (!looks_like_sip(ip->udp.payload.p, ip->udp.payload.len))
        return;
    memcpy(src.octet, ip->src, IP_ADDR_LEN);
    memcpy(dst.octet, ip->dst, IP_ADDR_LEN);
    knowledge_read_sip(knowledge, seen, &src, &dst, ip->udp.sport, ip->udp.dport, (const char *)ip->udp.payload.p,
                       ip->udp.payload.len, layers);
}

static bool decode_sealed(Knowledge *knowledge, const Seen *seen, const IpPacket *ip, const Layers *layers,
                          unsigned depth)
{
    Inside inside;

    victim_learn_esp(knowledge, seen, ip);
    bool opened = decode_esp(knowledge, ip, &inside);
    if (opened) {
        Layers more = deeper(layers, inside.how, 0);
        opened = decode_ip(knowledge, seen, inside.packet, inside.len, &more, depth + 1);
        g_string_free(more.how, TRUE);
    }
    g_free(inside.packet);
    g_free(inside.how);
    return opened;
}

static bool decode_ip(Knowledge *knowledge, const Seen *seen, const uint8_t *octets, size_t len, const Layers *layers,
                      unsigned depth)
{
    IpPacket ip;
    if (depth > LAYERS_MAX || ip_packet_parse(octets, len, &ip) != IP_OK)
        return true; /* nothing that a key would help with */
    switch (ip.next_header) {
    case IP_UDP: decode_udp(knowledge, seen, &ip, layers); return true;
    case IP_TCP:
        victim_learn_tcp(knowledge, seen, &ip);
        stream_feed(knowledge, seen, &ip, layers);
        return true;
    case IP_ESP: return decode_sealed(knowledge, seen, &ip, layers, depth);
    case IP_IPV6: return decode_ip(knowledge, seen, ip.upper.p, ip.upper.len, layers, depth + 1);
    default: return true;
    }
}

/* An IPv6 packet under the layers opened so far; kept if something in it stays closed. */
static void decode_or_seal(Knowledge *knowledge, const Seen *seen, const uint8_t *octets, size_t len,
                           const Layers *layers)
{
    if (!decode_ip(knowledge, seen, octets, len, layers, 0))
        knowledge_seal(knowledge, seen, NET_IP, octets, len, layers);
}

/* --- radio frames --- */

/* What an inner key makes of a frame; 0 octets when that is no packet. */
static size_t open_frame(const RadioFrame *frame, const uint8_t inner[RADIO_KEY_LEN], const uint8_t *octets, size_t len,
                         uint8_t *out)
{
    bool wep = frame->cipher == RADIO_WEP;
    size_t skip = wep ? WEP_HEAD_LEN : 0, overhead = wep ? WEP_OVERHEAD : 0, n = len - frame->body;
    AccessMsg msg;
    IpPacket ip;

    if (n < overhead + 2)
        return 0;
    memcpy(out, octets + frame->body + skip, n - skip);
    radio_crypt_inner(frame->cipher, inner, frame->count, frame->bearer, frame->dir == NET_DOWN, out, n - skip);
    n -= overhead;
    bool fits = (out[0] == NET_IP && ip_packet_parse(out + 1, n - 1, &ip) == IP_OK) ||
                (out[0] == NET_LINK && access_parse(out + 1, n - 1, &msg) == ACCESS_OK);
    return fits ? n : 0;
}

static bool decode_ciphered(Knowledge *knowledge, const Seen *seen, const uint8_t *octets, size_t len,
                            const Layers *layers)
{
    RadioFrame frame;
    if (!radio_frame_parse(octets, len, &frame) || frame.body >= len)
        return true; /* not a frame: nothing to keep */
    if (knowledge->radio->len == 0)
        return false;
    g_autofree uint8_t *plain = g_malloc(len);
    for (guint i = 0; i < knowledge->radio->len; i++) {
        const KnownRadioKey *key = knowledge->radio->pdata[i];
        if (key->cipher != frame.cipher || strcmp(key->segment, seen->segment) != 0)
            continue;
        size_t n = open_frame(&frame, key->inner, octets, len, plain);
        if (n == 0)
            continue;
        Layers more = deeper(layers, key->how, key->work_log2);
        if (plain[0] == NET_IP) /* signalling is the false cell's affair (nodes/attacker/cell.c) */
            decode_or_seal(knowledge, seen, plain + 1, n - 1, &more);
        g_string_free(more.how, TRUE);
        return true;
    }
    return false;
}

void decode_packet(Knowledge *knowledge, const Seen *seen, NetKind kind, const uint8_t *octets, size_t len,
                   const Layers *layers)
{
    switch (kind) {
    case NET_IP: decode_or_seal(knowledge, seen, octets, len, layers); return;
    case NET_CIPHERED:
        if (!decode_ciphered(knowledge, seen, octets, len, layers))
            knowledge_seal(knowledge, seen, kind, octets, len, layers);
        return;
    case NET_LINK: return;
    }
}

/* --- once more --- */

static gint by_frame(gconstpointer a, gconstpointer b)
{
    const Reading *x = *(Reading *const *)a, *y = *(Reading *const *)b;
    return x->frame < y->frame ? -1 : x->frame > y->frame;
}

void decode_again(Knowledge *knowledge)
{
    if (knowledge->keys->len == 0 && knowledge->radio->len == 0)
        return;
    g_autoptr(GPtrArray) sealed = knowledge_take_sealed(knowledge);
    for (guint i = 0; i < sealed->len; i++) {
        Sealed *item = sealed->pdata[i];
        Layers layers = { g_string_new(item->how), item->work_log2 };
        item->seen.late = true;
        decode_packet(knowledge, &item->seen, item->kind, item->octets->data, item->octets->len, &layers);
        g_string_free(layers.how, TRUE);
    }
    g_ptr_array_sort(knowledge->readings, by_frame); /* stable */
}
