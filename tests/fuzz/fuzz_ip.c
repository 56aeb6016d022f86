/*
 * tests/fuzz/fuzz_ip.c - any octets as an IPv6 packet; what looks like clear ESP stays inside the packet.
 */
#include "nodes/msg/ip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GString) out = g_string_new(NULL);
    IpPacket packet;
    IpEspNull clear;
    ip_describe(data, size, out);
    if (ip_packet_parse(data, size, &packet) == IP_OK && ip_esp_null(&packet, &clear))
        g_assert(clear.inner.p >= data && clear.inner.p + clear.inner.len <= data + size);
    return 0;
}
