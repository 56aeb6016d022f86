/*
 * tests/msg/test_ip.c - IPv6 packets as a sniffer reads them.
 *
 * Source:  RFC 8200; RFC 5952 §4 (addresses); RFC 4303 §2; tests/vectors/esp_packets.txt.
 */
#include "nodes/msg/ip.h"

static const uint8_t src[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
static const uint8_t dst[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 2 };

/* IPv6 header in front of @upper. */
static GByteArray *packet_of(uint8_t next_header, const uint8_t *upper, size_t len)
{
    uint8_t head[IP_HEADER_LEN] = { 0x6a, 0xb1, 0x23, 0x45, (uint8_t)(len >> 8), (uint8_t)len, next_header, 64 };
    memcpy(head + 8, src, 16);
    memcpy(head + 24, dst, 16);
    GByteArray *packet = g_byte_array_new();
    g_byte_array_append(packet, head, sizeof head);
    return g_byte_array_append(packet, upper, (guint)len);
}

static GByteArray *udp_of(const char *payload)
{
    uint16_t len = (uint16_t)(8 + strlen(payload));
    uint8_t head[8] = { 0x13, 0xc4, 0x13, 0xc5, (uint8_t)(len >> 8), (uint8_t)len };
    GByteArray *udp = g_byte_array_new();
    g_byte_array_append(udp, head, sizeof head);
    g_byte_array_append(udp, (const uint8_t *)payload, (guint)strlen(payload));
    uint16_t sum = ip_upper_checksum(src, dst, IP_UDP, udp->data, udp->len);
    udp->data[6] = (uint8_t)(sum >> 8);
    udp->data[7] = (uint8_t)sum;
    return udp;
}

static void test_udp(void)
{
    g_autoptr(GByteArray) udp = udp_of("MESSAGE sip:b SIP/2.0\r\n");
    g_autoptr(GByteArray) octets = packet_of(IP_UDP, udp->data, udp->len);
    IpPacket packet;
    g_assert_cmpint(ip_packet_parse(octets->data, octets->len, &packet), ==, IP_OK);
    g_assert_cmpuint(packet.traffic_class, ==, 0xab);
    g_assert_cmpuint(packet.flow_label, ==, 0x12345);
    g_assert_cmpuint(packet.hop_limit, ==, 64);
    g_assert_cmpmem(packet.src, 16, src, 16);
    g_assert_cmpuint(packet.udp.sport, ==, 5060);
    g_assert_cmpuint(packet.udp.dport, ==, 5061);
    g_assert_true(packet.udp.checksum_ok);
    g_assert_cmpmem(packet.udp.payload.p, packet.udp.payload.len, "MESSAGE sip:b SIP/2.0\r\n", 23);
    octets->data[octets->len - 5] ^= 1;
    g_assert_cmpint(ip_packet_parse(octets->data, octets->len, &packet), ==, IP_OK);
    g_assert_false(packet.udp.checksum_ok);
}

/* An odd number of octets, and the checksum 0 that IPv6 does not allow. */
static void test_udp_checksum_zero_is_wrong(void)
{
    g_autoptr(GByteArray) udp = udp_of("abc");
    udp->data[6] = udp->data[7] = 0;
    g_autoptr(GByteArray) octets = packet_of(IP_UDP, udp->data, udp->len);
    IpPacket packet;
    g_assert_cmpint(ip_packet_parse(octets->data, octets->len, &packet), ==, IP_OK);
    g_assert_false(packet.udp.checksum_ok);
}

static void test_tcp(void)
{
    uint8_t tcp[] = {
        0, 80, 1, 0, 0, 0, 0, 5, 0, 0, 0, 6, 6 << 4, IP_SYN | IP_ACK, 2, 0, 0, 0, 0, 0, 2, 4, 5, 0xa0, 'x'
    };
    uint16_t sum = ip_upper_checksum(src, dst, IP_TCP, tcp, sizeof tcp);
    tcp[16] = (uint8_t)(sum >> 8);
    tcp[17] = (uint8_t)sum;
    g_autoptr(GByteArray) octets = packet_of(IP_TCP, tcp, sizeof tcp);
    IpPacket packet;
    g_assert_cmpint(ip_packet_parse(octets->data, octets->len, &packet), ==, IP_OK);
    g_assert_cmpuint(packet.tcp.seq, ==, 5);
    g_assert_cmpuint(packet.tcp.ack, ==, 6);
    g_assert_cmpuint(packet.tcp.flags, ==, IP_SYN | IP_ACK);
    g_assert_cmpuint(packet.tcp.window, ==, 512);
    g_assert_true(packet.tcp.checksum_ok);
    g_assert_cmpmem(packet.tcp.payload.p, packet.tcp.payload.len, "x", 1);
    octets->data[IP_HEADER_LEN + 12] = 4 << 4;
    g_assert_cmpint(ip_packet_parse(octets->data, octets->len, &packet), ==, IP_BAD_UPPER);
    octets->data[IP_HEADER_LEN + 12] = 7 << 4;
    g_assert_cmpint(ip_packet_parse(octets->data, octets->len, &packet), ==, IP_BAD_UPPER);
}

static void test_refused_by_cause(void)
{
    g_autoptr(GByteArray) udp = udp_of("abc");
    g_autoptr(GByteArray) octets = packet_of(IP_UDP, udp->data, udp->len);
    IpPacket packet;
    for (guint n = 0; n < octets->len; n++) {
        g_autofree uint8_t *cut = g_memdup2(octets->data, n ? n : 1);
        g_assert_cmpint(ip_packet_parse(cut, n, &packet), ==, IP_SHORT);
    }
    g_byte_array_append(octets, (const uint8_t *)"", 1);
    g_assert_cmpint(ip_packet_parse(octets->data, octets->len, &packet), ==, IP_BAD_LENGTH);
    octets->data[0] = 0x45;
    g_assert_cmpint(ip_packet_parse(octets->data, octets->len, &packet), ==, IP_NOT_V6);
    udp->data[5]++;
    g_autoptr(GByteArray) wrong = packet_of(IP_UDP, udp->data, udp->len);
    g_assert_cmpint(ip_packet_parse(wrong->data, wrong->len, &packet), ==, IP_BAD_UPPER);
}

/* The answer to a UDP datagram behind @extension; of the packet, only whether its checksum was right. */
static IpResult parse_with(const uint8_t *extension, size_t len, uint8_t first, bool *checksum_ok)
{
    g_autoptr(GByteArray) udp = udp_of("abc");
    g_autoptr(GByteArray) upper = g_byte_array_new();
    g_byte_array_append(upper, extension, (guint)len);
    g_byte_array_append(upper, udp->data, udp->len);
    g_autoptr(GByteArray) octets = packet_of(first, upper->data, upper->len);
    IpPacket packet;
    IpResult result = ip_packet_parse(octets->data, octets->len, &packet);
    *checksum_ok = result == IP_OK && packet.next_header == IP_UDP && packet.udp.checksum_ok;
    return result;
}

static void test_extensions(void)
{
    static const uint8_t hop[] = { IP_UDP, 0, 1, 4, 0, 0, 0, 0 }, atomic[] = { IP_UDP, 0, 0, 0, 0, 0, 0, 1 };
    static const uint8_t later[] = { IP_UDP, 0, 0, 8, 0, 0, 0, 1 }, more[] = { IP_UDP, 0, 0, 1, 0, 0, 0, 1 };
    static const uint8_t endless[8 * (IP_EXTENSIONS_MAX + 1)] = { 0 }, beyond[] = { IP_UDP, 255, 0, 0, 0, 0, 0, 0 };
    bool checksum_ok;
    g_assert_cmpint(parse_with(hop, sizeof hop, 0, &checksum_ok), ==, IP_OK);
    g_assert_true(checksum_ok);
    g_assert_cmpint(parse_with(atomic, sizeof atomic, 44, &checksum_ok), ==, IP_OK);
    g_assert_cmpint(parse_with(later, sizeof later, 44, &checksum_ok), ==, IP_FRAGMENTED);
    g_assert_cmpint(parse_with(more, sizeof more, 44, &checksum_ok), ==, IP_FRAGMENTED);
    g_assert_cmpint(parse_with(endless, sizeof endless, 0, &checksum_ok), ==, IP_BAD_EXTENSION);
    g_assert_cmpint(parse_with(beyond, sizeof beyond, 60, &checksum_ok), ==, IP_BAD_EXTENSION);
}

/* ESP with NULL encryption: header, @inner, padding, trailer, ICV. */
static GByteArray *esp_null_of(const uint8_t *inner, size_t len, uint8_t next_header, unsigned icv_len)
{
    static const uint8_t head[8] = { 0, 0, 0x30, 0x39, 0, 0, 0, 7 };
    GByteArray *esp = g_byte_array_new();
    g_byte_array_append(esp, head, sizeof head);
    g_byte_array_append(esp, inner, (guint)len);
    uint8_t padding = (uint8_t)((4 - (len + 2) % 4) % 4);
    for (uint8_t i = 1; i <= padding; i++)
        g_byte_array_append(esp, &i, 1);
    g_byte_array_append(esp, &padding, 1);
    g_byte_array_append(esp, &next_header, 1);
    for (unsigned i = 0; i < icv_len; i++)
        g_byte_array_append(esp, &(uint8_t){ (uint8_t)(0x9d + 7 * i) }, 1);
    return esp;
}

static void test_esp_null_is_read(void)
{
    static const unsigned icv_lens[] = { 12, 16, 0 };
    g_autoptr(GByteArray) udp = udp_of("SUBSCRIBE sip:a SIP/2.0\r\n");
    for (size_t i = 0; i < G_N_ELEMENTS(icv_lens); i++) {
        g_autoptr(GByteArray) esp = esp_null_of(udp->data, udp->len, IP_UDP, icv_lens[i]);
        g_autoptr(GByteArray) octets = packet_of(IP_ESP, esp->data, esp->len);
        IpPacket packet;
        IpEspNull clear;
        g_assert_cmpint(ip_packet_parse(octets->data, octets->len, &packet), ==, IP_OK);
        g_assert_cmpuint(packet.esp.spi, ==, 12345);
        g_assert_cmpuint(packet.esp.seq, ==, 7);
        g_assert_true(ip_esp_null(&packet, &clear));
        g_assert_cmpuint(clear.icv_len, ==, icv_lens[i]);
        g_assert_cmpmem(clear.udp.payload.p, clear.udp.payload.len, "SUBSCRIBE sip:a SIP/2.0\r\n", 25);
    }
}

static void test_esp_null_tunnel(void)
{
    g_autoptr(GByteArray) udp = udp_of("x");
    g_autoptr(GByteArray) inner = packet_of(IP_UDP, udp->data, udp->len);
    g_autoptr(GByteArray) esp = esp_null_of(inner->data, inner->len, IP_IPV6, 12);
    g_autoptr(GByteArray) octets = packet_of(IP_ESP, esp->data, esp->len);
    IpPacket packet;
    IpEspNull clear;
    g_assert_cmpint(ip_packet_parse(octets->data, octets->len, &packet), ==, IP_OK);
    g_assert_true(ip_esp_null(&packet, &clear));
    g_assert_cmpmem(clear.inner.p, clear.inner.len, inner->data, inner->len);
}

/* What is not right in every respect is not taken for clear: one flipped bit anywhere in the inner datagram. */
static void test_esp_that_is_not_clear(void)
{
    g_autoptr(GByteArray) udp = udp_of("SUBSCRIBE sip:a SIP/2.0\r\n");
    g_autoptr(GByteArray) esp = esp_null_of(udp->data, udp->len, IP_UDP, 12);
    for (guint at = 8; at < 8 + udp->len; at++) {
        g_autoptr(GByteArray) octets = packet_of(IP_ESP, esp->data, esp->len);
        IpPacket packet;
        IpEspNull clear;
        octets->data[IP_HEADER_LEN + at] ^= 0x10;
        g_assert_cmpint(ip_packet_parse(octets->data, octets->len, &packet), ==, IP_OK);
        g_assert_false(ip_esp_null(&packet, &clear));
    }
}

static void test_addresses_as_text(void)
{
    static const struct {
        uint8_t octets[16];
        const char *text;
    } known[] = {
        { { 0 }, "::" },
        { { [15] = 1 }, "::1" },
        { { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 }, "2001:db8::1" },
        { { 0xff, 2, [13] = 1, [15] = 2 }, "ff02::1:2" },
        { { 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1 }, "2001:db8:0:1:1:1:1:1" },
        { { 0x20, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1 }, "2001:0:0:1::1" },
        { { 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1 }, "2001:db8::1:0:0:1" },
        { { 0xfe, 0x80 }, "fe80::" },
    };
    char text[IP_ADDR_TEXT_MAX];
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        g_assert_cmpstr(ip_addr_text(known[i].octets, text), ==, known[i].text);
    uint8_t longest[16];
    memset(longest, 0xff, sizeof longest);
    g_assert_cmpstr(ip_addr_text(longest, text), ==, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}

static void test_describe(void)
{
    g_autoptr(GByteArray) udp = udp_of("SUBSCRIBE sip:a SIP/2.0\r\n");
    g_autoptr(GByteArray) esp = esp_null_of(udp->data, udp->len, IP_UDP, 12);
    g_autoptr(GByteArray) octets = packet_of(IP_ESP, esp->data, esp->len);
    g_autoptr(GString) out = g_string_new(NULL);
    g_assert_true(ip_describe(octets->data, octets->len, out));
    g_assert_nonnull(strstr(out->str, "IPv6 2001:db8::1 -> 2001:db8::2"));
    g_assert_nonnull(strstr(out->str, "NULL encryption, with an ICV of 12 octets"));
    g_assert_nonnull(strstr(out->str, "SUBSCRIBE sip:a SIP/2.0\n"));
    g_string_truncate(out, 0);
    g_assert_false(ip_describe(octets->data, 39, out));
    g_assert_cmpstr(out->str, ==, "rejected: cut off\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/ip/udp", test_udp);
    g_test_add_func("/msg/ip/udp-checksum-zero-is-wrong", test_udp_checksum_zero_is_wrong);
    g_test_add_func("/msg/ip/tcp", test_tcp);
    g_test_add_func("/msg/ip/refused-by-cause", test_refused_by_cause);
    g_test_add_func("/msg/ip/extensions", test_extensions);
    g_test_add_func("/msg/ip/esp-null-is-read", test_esp_null_is_read);
    g_test_add_func("/msg/ip/esp-null-in-tunnel-mode", test_esp_null_tunnel);
    g_test_add_func("/msg/ip/esp-that-is-not-clear", test_esp_that_is_not_clear);
    g_test_add_func("/msg/ip/addresses-as-text", test_addresses_as_text);
    g_test_add_func("/msg/ip/describe", test_describe);
    return g_test_run();
}
