/*
 * nodes/stack/sad_hook.c - ESP in a host's IP hook: packets are sealed on their way out and opened on their way in.
 *
 * Source:  RFC 4303 §3.3 (outbound), §3.4 (inbound; the selector check is §3.4.4.1's last step); TS 33.203 §7.1:
 * unprotected packets to a protected port are discarded, and nothing leaves a protected port in clear. Knows:   IPv6,
 * the ports of UDP and TCP, sad.h.  No SIP.
 */
#include "nodes/stack/sad_private.h"

#include <string.h>

enum {
    IPV6_LEN = 40,
    IPV6_PAYLOAD_LENGTH = 4,
    IPV6_NEXT_HEADER = 6,
    IPV6_SRC = 8,
    IPV6_DST = 24,
    NEXT_ESP = 50,
};

/* What a selector looks at. */
typedef struct Selector {
    NetAddr src, dst;
    uint16_t sport, dport;
} Selector;

static uint16_t read16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static bool has_ports(uint8_t next_header)
{
    return next_header == ESP_NEXT_UDP || next_header == ESP_NEXT_TCP;
}

/* @upper: the UDP or TCP header. */
static void read_selector(const uint8_t *ip, const uint8_t *upper, Selector *out)
{
    memcpy(out->src.octet, ip + IPV6_SRC, sizeof out->src.octet);
    memcpy(out->dst.octet, ip + IPV6_DST, sizeof out->dst.octet);
    out->sport = read16(upper);
    out->dport = read16(upper + 2);
}

static void set_ip(uint8_t *ip, uint8_t next_header, size_t payload_len)
{
    ip[IPV6_NEXT_HEADER] = next_header;
    ip[IPV6_PAYLOAD_LENGTH] = (uint8_t)(payload_len >> 8);
    ip[IPV6_PAYLOAD_LENGTH + 1] = (uint8_t)payload_len;
}

/* Silent for the sender, counted here (RFC 4303 §3.4.3, §3.4.4). */
static NetVerdict discard(const Sad *sad, const char *cause, const Selector *selector)
{
    if (!trace_enabled(sad->sim))
        return NET_DISCARD;
    char src[NET_ADDR_TEXT_MAX], dst[NET_ADDR_TEXT_MAX];
    trace_drop(sad->sim, sad->node, cause, "from %s port %u to %s port %u", net_addr_text(&selector->src, src),
               selector->sport, net_addr_text(&selector->dst, dst), selector->dport);
    return NET_DISCARD;
}

static NetVerdict discard_esp(const Sad *sad, const char *cause, const uint8_t *ip, uint32_t spi)
{
    if (!trace_enabled(sad->sim))
        return NET_DISCARD;
    NetAddr src;
    char text[NET_ADDR_TEXT_MAX];
    memcpy(src.octet, ip + IPV6_SRC, sizeof src.octet);
    trace_drop(sad->sim, sad->node, cause, "SPI %08x from %s", spi, net_addr_text(&src, text));
    return NET_DISCARD;
}

/* ---- outbound ---- */

static NetVerdict seal(Sad *sad, SaSet *set, unsigned pair, NetPacket *packet, const Selector *selector)
{
    EspSa *sa = &set->out[pair];
    size_t head = esp_head_len(sa->ealg);
    size_t payload_len = packet->len - IPV6_LEN;
    size_t tail = esp_sealed_len(sa->ealg, payload_len) - head - payload_len;
    uint8_t next_header = packet->data[IPV6_NEXT_HEADER];
    uint8_t iv[ESP_IV_MAX];

    if (!net_packet_push(packet, (uint32_t)head) || !net_packet_grow(packet, (uint32_t)tail))
        return discard(sad, "esp-no-room", selector);
    memmove(packet->data, packet->data + head, IPV6_LEN);
    sim_random(sad->sim, &set->iv, iv, esp_iv_len(sa->ealg));

    size_t len = payload_len;
    EspResult result = esp_seal(sa, iv, packet->data + IPV6_LEN, packet->len - IPV6_LEN, &len, next_header);
    if (result != ESP_OK)
        return discard(sad, "esp-seq-exhausted", selector);
    set_ip(packet->data, NEXT_ESP, len);
    return NET_PASS;
}

NetVerdict sad_hook_out(void *ctx, NetHost *host, NetPacket *packet)
{
    Sad *sad = ctx;
    Selector selector;
    unsigned pair;

    if (packet->len < IPV6_LEN + 4 || !has_ports(packet->data[IPV6_NEXT_HEADER]))
        return NET_PASS;
    read_selector(packet->data, packet->data + IPV6_LEN, &selector);
    SaSet *set = sad_find_outbound(sad, &selector.dst, selector.sport, selector.dport, &pair);
    if (set != NULL)
        return seal(sad, set, pair, packet, &selector);
    if (sad_port_protected(sad, selector.sport))
        return discard(sad, "esp-no-outbound-sa", &selector);
    return NET_PASS;
}

/* ---- inbound ---- */

static const char *cause_of(EspResult result)
{
    switch (result) {
    case ESP_OK: return "";
    case ESP_REPLAY: return "esp-replay";
    case ESP_BAD_ICV: return "esp-bad-icv";
    case ESP_BAD_PADDING: return "esp-bad-padding";
    case ESP_TOO_SHORT: return "esp-too-short";
    case ESP_SEQ_EXHAUSTED: return "esp-seq-exhausted";
    }
    return "esp-bad";
}

typedef struct Opened {
    uint8_t *payload;
    size_t len;
    uint8_t next_header;
} Opened;

/*
 * The mutant that tries a second cipher on the same SPI: the ICV does not cover which cipher was used, so only the
 * trailer tells.  The window is one, whichever reading succeeds, and the set goes on with the cipher that did.
 */
static EspResult open_trying_both(Sad *sad, SaSet *set, unsigned pair, EspEalg also, uint8_t *esp, size_t len,
                                  Opened *out)
{
    EspSa *sa = &set->in[pair];
    EspSa second = *sa;
    second.ealg = (uint8_t)also;
    uint8_t *copy = sim_alloc(sad->sim, len);
    memcpy(copy, esp, len);

    EspResult result = esp_open(sa, esp, len, &out->payload, &out->len, &out->next_header);
    if (result != ESP_BAD_PADDING && result != ESP_TOO_SHORT)
        return result;
    memcpy(esp, copy, len);
    EspResult other = esp_open(&second, esp, len, &out->payload, &out->len, &out->next_header);
    if (other != ESP_OK)
        return result;
    sa->window = second.window;
    for (unsigned i = 0; i < 2; i++) /* it answers as it was spoken to */
        set->in[i].ealg = set->out[i].ealg = (uint8_t)also;
    return ESP_OK;
}

static EspResult open_packet(Sad *sad, SaSet *set, unsigned pair, uint8_t *esp, size_t len, Opened *out)
{
    const SaExtra *extra = sad->extra != NULL ? sad_extra(sad, set->id) : NULL;
    if (extra != NULL && extra->accepts_also)
        return open_trying_both(sad, set, pair, extra->also, esp, len, out);
    return esp_open(&set->in[pair], esp, len, &out->payload, &out->len, &out->next_header);
}

/* RFC 4303 §3.4.4.1: what was inside must be what this SA is for. */
static bool selector_matches(const SaSet *set, unsigned pair, const Selector *selector)
{
    return selector->sport == set->peer_port[pair] && selector->dport == set->local_port[pair] &&
           net_addr_equal(&selector->src, &set->peer) && net_addr_equal(&selector->dst, &set->local);
}

static NetVerdict open_esp(Sad *sad, NetPacket *packet)
{
    uint8_t *esp = packet->data + IPV6_LEN;
    size_t len = packet->len - IPV6_LEN;
    uint32_t spi = 0;
    NetAddr src;
    unsigned pair;
    Opened inner;

    memcpy(src.octet, packet->data + IPV6_SRC, sizeof src.octet);
    SaSet *set = esp_spi_of(esp, len, &spi) ? sad_find_inbound(sad, spi, &src, &pair) : NULL;
    if (set == NULL)
        return discard_esp(sad, "esp-no-sa", packet->data, spi);
    EspResult result = open_packet(sad, set, pair, esp, len, &inner);
    if (result != ESP_OK)
        return discard_esp(sad, cause_of(result), packet->data, spi);

    Selector selector;
    if (inner.len < 4 || !has_ports(inner.next_header))
        return discard_esp(sad, "esp-selector", packet->data, spi);
    read_selector(packet->data, inner.payload, &selector);
    if (!sad->policy.no_selector_check && !selector_matches(set, pair, &selector))
        return discard(sad, "esp-selector", &selector);

    uint32_t head = (uint32_t)(inner.payload - esp);
    memmove(packet->data + head, packet->data, IPV6_LEN);
    if (!net_packet_pull(packet, head))
        return NET_DISCARD;
    packet->len = (uint32_t)(IPV6_LEN + inner.len);
    set_ip(packet->data, inner.next_header, inner.len);
    packet->sa = set->id;
    return NET_PASS;
}

NetVerdict sad_hook_in(void *ctx, NetHost *host, NetPacket *packet)
{
    Sad *sad = ctx;
    Selector selector;

    packet->sa = 0;
    if (packet->len < IPV6_LEN + 4)
        return NET_PASS;
    if (packet->data[IPV6_NEXT_HEADER] == NEXT_ESP)
        return open_esp(sad, packet);
    if (!has_ports(packet->data[IPV6_NEXT_HEADER]))
        return NET_PASS;
    read_selector(packet->data, packet->data + IPV6_LEN, &selector);
    if (sad_port_protected(sad, selector.dport))
        return discard(sad, "esp-unprotected-port", &selector);
    return NET_PASS;
}
