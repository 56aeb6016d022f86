/*
 * nodes/seg.c - a pair of security gateways on a link between domains.
 *
 * Source:  TS 33.210 §5.3-§5.6 (ESP, tunnel mode, AES-CBC and HMAC-SHA-1-96); RFC 4303 §3.1.2.
 * Knows:   whole IPv6 packets.  What they carry is nobody's business here.
 */
#include "nodes/seg.h"

#include "crypto/esp.h"
#include "sim/trace.h"

#include <string.h>

enum {
    IPV6_HEADER_LEN = 40,
    SEG_PACKET_MAX = 65535,
    SEG_HOP_LIMIT = 64,
    SEG_NEXT_ESP = 50,
    SEG_SPI_MIN = 256, /* 0..255 are reserved, RFC 4303 §2.1 */
};

/* One direction of the tunnel. */
typedef struct {
    NetAddr src, dst;
    EspKeys keys;
    EspSa out, in; /* at the sending and at the receiving gateway */
    SimStream iv;
} SegTunnel;

struct Seg {
    Sim *sim;
    NetLink *link;
    bool encrypt;
    SegTunnel tunnel[2]; /* by NetDir */
    NetCover cover;
};

/* RFC 2460 §3 */
static void seg_write_outer_header(uint8_t *at, const SegTunnel *tunnel, size_t esp_len)
{
    memset(at, 0, 8);
    at[0] = 0x60;
    at[4] = (uint8_t)(esp_len >> 8);
    at[5] = (uint8_t)esp_len;
    at[6] = SEG_NEXT_ESP;
    at[7] = SEG_HOP_LIMIT;
    memcpy(at + 8, tunnel->src.octet, 16);
    memcpy(at + 24, tunnel->dst.octet, 16);
}

static NetVerdict seg_seal(void *ctx, NetLink *link, NetDir dir, NetPacket *packet)
{
    Seg *seg = ctx;
    SegTunnel *tunnel = &seg->tunnel[dir];
    EspEalg ealg = (EspEalg)tunnel->out.ealg;
    uint32_t head = (uint32_t)esp_head_len(ealg);
    uint8_t iv[ESP_IV_MAX];
    size_t len = packet->len;

    if (packet->kind != NET_IP)
        return NET_DISCARD; /* no signalling of an access link gets this far */
    uint32_t tail = (uint32_t)(esp_sealed_len(ealg, len) - len) - head;
    if (len + head + tail > SEG_PACKET_MAX || !net_packet_push(packet, head) || !net_packet_grow(packet, tail)) {
        trace_drop(seg->sim, "SEG", "seg-too-long", "a packet of %zu octets has no room for the tunnel", len);
        return NET_DISCARD;
    }
    sim_random(seg->sim, &tunnel->iv, iv, sizeof iv);
    EspResult result =
        esp_seal(&tunnel->out, esp_iv_len(ealg) > 0 ? iv : NULL, packet->data, packet->capacity, &len, ESP_NEXT_IPV6);
    if (result != ESP_OK || !net_packet_push(packet, IPV6_HEADER_LEN)) {
        trace_drop(seg->sim, "SEG", "seg-seal", "%s", esp_result_name(result));
        return NET_DISCARD;
    }
    seg_write_outer_header(packet->data, tunnel, len);
    return NET_PASS;
}

/* The ESP packet behind the outer header, if that says that it came through this direction of the tunnel. */
static bool seg_esp_of(const SegTunnel *tunnel, NetPacket *packet, uint8_t **esp, size_t *esp_len)
{
    uint32_t spi;
    uint8_t *ip = packet->data;

    if (packet->kind != NET_IP || packet->len < IPV6_HEADER_LEN || ip[0] >> 4 != 6 || ip[6] != SEG_NEXT_ESP)
        return false;
    if (memcmp(ip + 8, tunnel->src.octet, 16) != 0 || memcmp(ip + 24, tunnel->dst.octet, 16) != 0)
        return false;
    *esp = ip + IPV6_HEADER_LEN;
    *esp_len = (size_t)ip[4] << 8 | ip[5];
    return *esp_len <= packet->len - IPV6_HEADER_LEN && esp_spi_of(*esp, *esp_len, &spi) && spi == tunnel->in.spi;
}

static NetVerdict seg_open(void *ctx, NetLink *link, NetDir dir, NetPacket *packet)
{
    Seg *seg = ctx;
    SegTunnel *tunnel = &seg->tunnel[dir];
    uint8_t *esp, *payload;
    size_t esp_len, payload_len;
    uint8_t next_header;

    if (!seg_esp_of(tunnel, packet, &esp, &esp_len)) {
        trace_drop(seg->sim, "SEG", "seg-not-tunnelled", "octets that did not come through the tunnel");
        return NET_DISCARD;
    }
    EspResult result = esp_open(&tunnel->in, esp, esp_len, &payload, &payload_len, &next_header);
    if (result != ESP_OK || next_header != ESP_NEXT_IPV6) {
        const char *cause = result == ESP_REPLAY ? "seg-replay" : result == ESP_BAD_ICV ? "seg-bad-icv" : "seg-bad";
        trace_drop(seg->sim, "SEG", cause, "%s", esp_result_name(result));
        return NET_DISCARD;
    }
    if (!net_packet_pull(packet, (uint32_t)(payload - packet->data)))
        return NET_DISCARD;
    packet->len = (uint32_t)payload_len;
    return NET_PASS;
}

static const char *seg_label(void *ctx, NetLink *link)
{
    const Seg *seg = ctx;
    return seg->encrypt ? "ESP tunnel, encrypted" : "ESP tunnel, integrity only";
}

/*
 * DEVIATION: NDS/IP would have IKE agree on the keys (TS 33.210 §5.4); they are drawn here, one pair for each
 * direction, from a stream named after the link, so that other links do not shift them.
 */
static void seg_tunnel_init(Seg *seg, NetDir dir, const NetAddr *src, const NetAddr *dst)
{
    SegTunnel *tunnel = &seg->tunnel[dir];
    char segment[64];
    net_segment_name(seg->link, 0, segment, sizeof segment);
    g_autofree char *owner = g_strdup_printf("SEG %s %s %s", segment, net_host_name(net_link_end(seg->link, 0)),
                                             net_host_name(net_link_end(seg->link, 1)));
    SimStream keys = sim_stream(seg->sim, owner, "tunnel keys", dir);

    tunnel->src = *src;
    tunnel->dst = *dst;
    sim_random(seg->sim, &keys, &tunnel->keys, sizeof tunnel->keys);
    uint32_t spi = (uint32_t)(SEG_SPI_MIN + sim_random_below(seg->sim, &keys, UINT32_MAX - SEG_SPI_MIN));
    EspEalg ealg = seg->encrypt ? ESP_AES_CBC : ESP_NULL;
    esp_sa_init(&tunnel->out, spi, ESP_HMAC_SHA1_96, ealg, &tunnel->keys);
    esp_sa_init(&tunnel->in, spi, ESP_HMAC_SHA1_96, ealg, &tunnel->keys);
    tunnel->iv = sim_stream(seg->sim, owner, "tunnel IV", dir);
}

Seg *seg_new(Net *net, NetLink *link, const NetAddr *gateway_a, const NetAddr *gateway_b, bool encrypt)
{
    Seg *seg = g_new0(Seg, 1);
    unsigned last = net_link_spec(link)->n_segments - 1;

    seg->sim = net_sim(net);
    seg->link = link;
    seg->encrypt = encrypt;
    seg_tunnel_init(seg, NET_UP, gateway_a, gateway_b);
    seg_tunnel_init(seg, NET_DOWN, gateway_b, gateway_a);
    seg->cover = (NetCover){ .seal = seg_seal, .open = seg_open, .label = seg_label, .ctx = seg };
    net_link_cover(link, 0, last, &seg->cover);
    return seg;
}

void seg_free(Seg *seg)
{
    if (seg == NULL)
        return;
    net_link_cover(seg->link, 0, net_link_spec(seg->link)->n_segments - 1, NULL);
    for (unsigned dir = NET_UP; dir <= NET_DOWN; dir++) {
        esp_sa_clear(&seg->tunnel[dir].out);
        esp_sa_clear(&seg->tunnel[dir].in);
        memset(&seg->tunnel[dir].keys, 0, sizeof seg->tunnel[dir].keys);
    }
    g_free(seg);
}
