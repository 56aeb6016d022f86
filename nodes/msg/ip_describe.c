/*
 * nodes/msg/ip_describe.c - IPv6 packets for people to read.
 *
 * Source:  RFC 5952 (addresses as text).
 * Knows:   see ip.h.
 */
#include "nodes/msg/ip.h"

/* The longest run of two or more zero groups, the first of several: RFC 5952 §4.2. */
static unsigned longest_zeros(const uint16_t group[8], unsigned *length)
{
    unsigned best = 8, best_length = 1;
    for (unsigned i = 0; i < 8; i++) {
        unsigned n = 0;
        while (i + n < 8 && group[i + n] == 0)
            n++;
        if (n > best_length) {
            best = i;
            best_length = n;
        }
    }
    *length = best_length;
    return best;
}

const char *ip_addr_text(const uint8_t addr[IP_ADDR_LEN], char out[IP_ADDR_TEXT_MAX])
{
    uint16_t group[8];
    unsigned zeros_length, at = 0;
    for (unsigned i = 0; i < 8; i++)
        group[i] = (uint16_t)(addr[2 * i] << 8 | addr[2 * i + 1]);
    unsigned zeros = longest_zeros(group, &zeros_length);
    out[0] = '\0';
    for (unsigned i = 0; i < 8; i++) {
        if (i == zeros) {
            at += (unsigned)g_snprintf(out + at, IP_ADDR_TEXT_MAX - at, "::");
            i += zeros_length - 1;
            continue;
        }
        bool joined = i == 0 || i == zeros + zeros_length;
        at += (unsigned)g_snprintf(out + at, IP_ADDR_TEXT_MAX - at, "%s%x", joined ? "" : ":", group[i]);
    }
    return out;
}

/* The first line of what looks like text, else how many octets there are. */
static void describe_payload(Octets payload, GString *out)
{
    Text line = text_first(text_of((const char *)payload.p, payload.len), 100);
    line = text_first(line, text_find(line, '\r'));
    bool printable = line.len > 0;
    for (uint32_t i = 0; i < line.len && printable; i++)
        printable = line.p[i] >= ' ' && line.p[i] <= '~';
    g_string_append_printf(out, "%u octets", payload.len);
    if (printable)
        g_string_append_printf(out, ": " TEXT_FMT, TEXT_ARG(line));
    g_string_append_c(out, '\n');
}

static void describe_udp(const IpUdp *udp, GString *out)
{
    g_string_append_printf(out, "  UDP %u -> %u, checksum %s, ", udp->sport, udp->dport,
                           udp->checksum_ok ? "right" : "wrong");
    describe_payload(udp->payload, out);
}

static void describe_tcp(const IpTcp *tcp, GString *out)
{
    g_string_append_printf(out, "  TCP %u -> %u, seq %u, ack %u,%s%s%s%s%s window %u, checksum %s, ", tcp->sport,
                           tcp->dport, tcp->seq, tcp->ack, tcp->flags & IP_SYN ? " SYN" : "",
                           tcp->flags & IP_ACK ? " ACK" : "", tcp->flags & IP_PSH ? " PSH" : "",
                           tcp->flags & IP_FIN ? " FIN" : "", tcp->flags & IP_RST ? " RST" : "", tcp->window,
                           tcp->checksum_ok ? "right" : "wrong");
    describe_payload(tcp->payload, out);
}

static void describe_esp(const IpPacket *packet, GString *out)
{
    IpEspNull clear;
    g_string_append_printf(out, "  ESP, SPI %u (0x%08x), sequence number %u, %u octets\n", packet->esp.spi,
                           packet->esp.spi, packet->esp.seq, packet->esp.body.len);
    if (!ip_esp_null(packet, &clear)) {
        g_string_append(out, "  not readable without the key\n");
        return;
    }
    g_string_append_printf(out, "  readable: NULL encryption, with an ICV of %u octets\n", clear.icv_len);
    if (clear.next_header == IP_UDP)
        describe_udp(&clear.udp, out);
    else if (clear.next_header == IP_TCP)
        describe_tcp(&clear.tcp, out);
    else
        g_string_append_printf(out, "  tunnel mode: an inner packet of %u octets\n", clear.inner.len);
}

static void describe_upper(const IpPacket *packet, GString *out)
{
    switch (packet->next_header) {
    case IP_UDP: describe_udp(&packet->udp, out); break;
    case IP_TCP: describe_tcp(&packet->tcp, out); break;
    case IP_ESP: describe_esp(packet, out); break;
    default:
        g_string_append_printf(out, "  next header %u, %u octets\n", packet->next_header, packet->upper.len);
        break;
    }
}

bool ip_describe(const uint8_t *octets, size_t len, GString *out)
{
    IpPacket packet;
    char src[IP_ADDR_TEXT_MAX], dst[IP_ADDR_TEXT_MAX];
    IpResult result = ip_packet_parse(octets, len, &packet);
    if (result == IP_OK || result == IP_FRAGMENTED || result == IP_BAD_UPPER)
        g_string_append_printf(out, "IPv6 %s -> %s, hop limit %u, traffic class 0x%02x, flow label 0x%05x\n",
                               ip_addr_text(packet.src, src), ip_addr_text(packet.dst, dst), packet.hop_limit,
                               packet.traffic_class, packet.flow_label);
    if (result == IP_OK)
        describe_upper(&packet, out);
    else if (result == IP_FRAGMENTED)
        g_string_append_printf(out, "  a fragment of next header %u, %u octets\n", packet.next_header,
                               packet.upper.len);
    else
        g_string_append_printf(out, "rejected: %s\n", ip_result_text(result));
    return result == IP_OK || result == IP_FRAGMENTED;
}
