/*
 * nodes/attacker/decode.c - from tapped octets to messages: radio frames, IPv6, ESP, tunnels, UDP, TCP.
 *
 * Everything is tried with what he has: known radio keys, known ESP keys, and none at all (NULL encryption).  What
 * stays closed is kept.
 */
#include "nodes/attacker/private.h"

#define LAYERS_MAX 6 /* packets in packets */

static void decode_ip(Knowledge *knowledge, const Seen *seen, const uint8_t *octets, size_t len, const Layers *layers,
                      unsigned depth);

static void add_layer(Layers *layers, const char *text)
{
    g_string_append_printf(layers->how, "%s%s", layers->how->len > 0 ? ", then " : "", text);
}

static Layers deeper(const Layers *layers, const char *text, double work_log2)
{
    Layers more = { g_string_new(layers->how->str), MAX(layers->work_log2, work_log2) };
    add_layer(&more, text);
    return more;
}

static NetAddr addr_of(const uint8_t *octets)
{
    NetAddr addr;
    memcpy(addr.octet, octets, sizeof addr.octet);
    return addr;
}

static bool looks_like_sip(const uint8_t *p, size_t len)
{
    if (len < 12)
        return false;
    if (memcmp(p, "SIP/2.0 ", 8) == 0)
        return true;
    const uint8_t *eol = memchr(p, '\n', len);
    return eol != NULL && memmem(p, (size_t)(eol - p), " SIP/2.0", 8) != NULL;
}

/* --- TCP: in-order octets of one direction; what arrives early is waited for, retransmissions are cut --- */

static Stream *find_stream(Knowledge *knowledge, const Seen *seen, const IpPacket *ip, const IpTcp *tcp)
{
    NetAddr src = addr_of(ip->src), dst = addr_of(ip->dst);
    for (guint i = 0; i < knowledge->streams->len; i++) {
        Stream *stream = knowledge->streams->pdata[i];
        if (stream->sport == tcp->sport && stream->dport == tcp->dport && stream->segment == seen->segment &&
            net_addr_equal(&stream->src, &src) && net_addr_equal(&stream->dst, &dst))
            return stream;
    }
    Stream *stream = g_new0(Stream, 1);
    *stream = (Stream){ .src = src,
                        .dst = dst,
                        .sport = tcp->sport,
                        .dport = tcp->dport,
                        .segment = seen->segment,
                        .octets = g_byte_array_new() };
    g_ptr_array_add(knowledge->streams, stream);
    return stream;
}

static void decode_tcp(Knowledge *knowledge, const Seen *seen, const IpPacket *ip, const IpTcp *tcp,
                       const Layers *layers)
{
    Stream *stream = find_stream(knowledge, seen, ip, tcp);
    SipMsg *msg;
    size_t used;

    if (tcp->flags & IP_SYN) {
        stream->next = tcp->seq + 1;
        stream->synced = true;
        g_byte_array_set_size(stream->octets, 0);
    }
    if (tcp->payload.len == 0)
        return;
    if (!stream->synced) {
        stream->next = tcp->seq;
        stream->synced = true;
    }
    uint32_t old = stream->next - tcp->seq; /* octets seen before */
    if (old > tcp->payload.len)             /* a gap, or nothing new */
        return;
    g_byte_array_append(stream->octets, tcp->payload.p + old, (guint)(tcp->payload.len - old));
    stream->next = tcp->seq + (uint32_t)tcp->payload.len;
    msg = g_new(SipMsg, 1);
    while (stream->octets->len > 0 &&
           sip_parse_stream(msg, (const char *)stream->octets->data, stream->octets->len, &used) != SIP_INCOMPLETE) {
        if (used == 0)
            break;
        if (msg->all.len > 0 && looks_like_sip((const uint8_t *)msg->all.p, msg->all.len))
            knowledge_read_sip(knowledge, seen, &stream->src, &stream->dst, stream->sport, stream->dport, msg->all.p,
                               msg->all.len, layers);
        g_byte_array_remove_range(stream->octets, 0, (guint)MIN(used, stream->octets->len));
    }
    g_free(msg);
}

/* --- ESP --- */

static void decode_inner(Knowledge *knowledge, const Seen *seen, const IpPacket *ip, uint8_t next_header,
                         const uint8_t *payload, size_t len, const Layers *layers, unsigned depth)
{
    if (next_header == IP_IPV6) {
        decode_ip(knowledge, seen, payload, len, layers, depth + 1);
        return;
    }
    /* transport mode: the segment under the same addresses, as an IPv6 packet of its own */
    g_autofree uint8_t *packet = g_malloc(IP_HEADER_LEN + len);
    memset(packet, 0, IP_HEADER_LEN);
    packet[0] = 0x60;
    packet[4] = (uint8_t)(len >> 8);
    packet[5] = (uint8_t)len;
    packet[6] = next_header;
    packet[7] = 64;
    memcpy(packet + 8, ip->src, IP_ADDR_LEN);
    memcpy(packet + 24, ip->dst, IP_ADDR_LEN);
    memcpy(packet + IP_HEADER_LEN, payload, len);
    decode_ip(knowledge, seen, packet, IP_HEADER_LEN + len, layers, depth + 1);
}

/* With a key he knows: the ICV says whether it is the right one. */
static bool open_with(const KnownKeys *known, EspAlg alg, EspEalg ealg, const Octets *esp, uint8_t **payload,
                      size_t *len, uint8_t *next, uint8_t *copy)
{
    EspSa sa;
    uint32_t spi;
    memcpy(copy, esp->p, esp->len);
    if (!esp_spi_of(copy, esp->len, &spi))
        return false;
    esp_sa_init(&sa, spi, alg, ealg, &known->keys);
    sa.check_replay = false;
    return esp_open(&sa, copy, esp->len, payload, len, next) == ESP_OK;
}

static bool decode_esp_with_keys(Knowledge *knowledge, const Seen *seen, const IpPacket *ip, const Layers *layers,
                                 unsigned depth)
{
    g_autofree uint8_t *copy = g_malloc(ip->upper.len);
    for (guint i = 0; i < knowledge->keys->len; i++) {
        const KnownKeys *known = knowledge->keys->pdata[i];
        for (EspAlg alg = ESP_HMAC_MD5_96; alg <= ESP_HMAC_SHA1_96; alg++) {
            for (EspEalg ealg = ESP_DES_EDE3_CBC; ealg <= ESP_AES_CBC; ealg++) {
                uint8_t *payload, next;
                size_t len;
                if (!open_with(known, alg, ealg, &ip->upper, &payload, &len, &next, copy))
                    continue;
                g_autofree char *text = g_strdup_printf("ESP opened with %s", known->from);
                Layers more = deeper(layers, text, 0);
                decode_inner(knowledge, seen, ip, next, payload, len, &more, depth);
                g_string_free(more.how, TRUE);
                return true;
            }
        }
    }
    return false;
}

static void decode_esp(Knowledge *knowledge, const Seen *seen, const IpPacket *ip, const uint8_t *octets,
                       size_t octets_len, const Layers *layers, unsigned depth)
{
    IpEspNull null;

    knowledge->last_spi[seen->dir] = ip->esp.spi;
    knowledge->last_seq[seen->dir] = ip->esp.seq;
    if (ip_esp_null(ip, &null)) {
        Layers more = deeper(layers, "ESP with NULL encryption", 0);
        decode_inner(knowledge, seen, ip, null.next_header, null.inner.p, null.inner.len, &more, depth);
        g_string_free(more.how, TRUE);
        return;
    }
    if (!decode_esp_with_keys(knowledge, seen, ip, layers, depth))
        knowledge_seal(knowledge, seen, NET_IP, octets, octets_len, layers);
}

static void decode_ip(Knowledge *knowledge, const Seen *seen, const uint8_t *octets, size_t len, const Layers *layers,
                      unsigned depth)
{
    IpPacket ip;
    if (depth > LAYERS_MAX || ip_packet_parse(octets, len, &ip) != IP_OK)
        return;
    NetAddr src = addr_of(ip.src), dst = addr_of(ip.dst);
    switch (ip.next_header) {
    case IP_UDP:
        if (looks_like_sip(ip.udp.payload.p, ip.udp.payload.len))
            knowledge_read_sip(knowledge, seen, &src, &dst, ip.udp.sport, ip.udp.dport, (const char *)ip.udp.payload.p,
                               ip.udp.payload.len, layers);
        return;
    case IP_TCP: decode_tcp(knowledge, seen, &ip, &ip.tcp, layers); return;
    case IP_ESP: decode_esp(knowledge, seen, &ip, octets, len, layers, depth); return;
    case IP_IPV6: decode_ip(knowledge, seen, ip.upper.p, ip.upper.len, layers, depth + 1); return;
    default: return;
    }
}

/* --- radio frames --- */

/* The plaintext of a frame under an inner key; 0 octets when it is none. */
static size_t open_frame(const RadioFrame *frame, const uint8_t inner[RADIO_KEY_LEN], const uint8_t *octets, size_t len,
                         uint8_t *out)
{
    size_t n = len - frame->body, skip = 0;
    memcpy(out, octets + frame->body, n);
    if (frame->cipher == RADIO_WEP) {
        skip = WEP_HEAD_LEN;
        if (n < WEP_OVERHEAD)
            return 0;
    }
    radio_crypt_inner(frame->cipher, inner, frame->count, frame->bearer, frame->dir == NET_DOWN, out + skip, n - skip);
    n -= frame->cipher == RADIO_WEP ? WEP_OVERHEAD : 0;
    memmove(out, out + skip, n);
    return n;
}

static bool decode_ciphered(Knowledge *knowledge, const Seen *seen, const uint8_t *octets, size_t len,
                            const Layers *layers)
{
    RadioFrame frame;
    if (!radio_frame_parse(octets, len, &frame) || frame.body >= len)
        return true; /* not a frame: nothing to keep */
    g_autofree uint8_t *plain = g_malloc(len);
    for (guint i = 0; i < knowledge->radio->len; i++) {
        const KnownRadioKey *key = knowledge->radio->pdata[i];
        if (key->cipher != frame.cipher || strcmp(key->segment, seen->segment) != 0)
            continue;
        size_t n = open_frame(&frame, key->inner, octets, len, plain);
        IpPacket ip;
        if (n < 2 || plain[0] != NET_IP || ip_packet_parse(plain + 1, n - 1, &ip) != IP_OK)
            continue;
        Layers more = deeper(layers, key->how, key->work_log2);
        decode_ip(knowledge, seen, plain + 1, n - 1, &more, 1);
        g_string_free(more.how, TRUE);
        return true;
    }
    return false;
}

void decode_packet(Knowledge *knowledge, const Seen *seen, NetKind kind, const uint8_t *octets, size_t len,
                   const Layers *layers)
{
    switch (kind) {
    case NET_IP: decode_ip(knowledge, seen, octets, len, layers, 0); return;
    case NET_CIPHERED:
        if (!decode_ciphered(knowledge, seen, octets, len, layers))
            knowledge_seal(knowledge, seen, kind, octets, len, layers);
        return;
    case NET_LINK: return; /* signalling: the false cell reads it (nodes/attacker/cell.c) */
    }
}

static gint by_time(gconstpointer a, gconstpointer b)
{
    const Reading *x = *(Reading *const *)a, *y = *(Reading *const *)b;
    return x->frame < y->frame ? -1 : x->frame > y->frame;
}

void decode_again(Knowledge *knowledge)
{
    GPtrArray *sealed = knowledge_take_sealed(knowledge);
    for (guint i = 0; i < sealed->len; i++) {
        Sealed *item = sealed->pdata[i];
        Layers layers = { g_string_new(item->how), item->work_log2 };
        decode_packet(knowledge, &item->seen, item->kind, item->octets->data, item->octets->len, &layers);
        g_string_free(layers.how, TRUE);
    }
    g_ptr_array_unref(sealed);
    g_ptr_array_sort(knowledge->readings, by_time);
}
