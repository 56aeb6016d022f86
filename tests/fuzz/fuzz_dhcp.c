/*
 * tests/fuzz/fuzz_dhcp.c - any octets as DHCPv6; what is taken can be written and read again.
 */
#include "nodes/msg/dhcp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GString) out = g_string_new(NULL);
    uint8_t written[DHCP_MSG_MAX];
    DhcpMsg msg;
    dhcp_describe(data, size, out);
    if (dhcp_parse(data, size, &msg) == DHCP_OK) {
        size_t len = dhcp_write(&msg, written, sizeof written);
        g_assert(len > 0 && dhcp_parse(written, len, &msg) == DHCP_OK);
    }
    return 0;
}
