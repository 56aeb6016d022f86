/*
 * tests/fuzz/fuzz_access.c - any octets as link signalling; what is taken is written again octet for octet.
 */
#include "nodes/msg/access.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GString) out = g_string_new(NULL);
    uint8_t written[ACCESS_MSG_MAX];
    AccessMsg msg;
    size_t span;
    access_describe(data, size, out);
    if (access_parse(data, size, &msg) == ACCESS_OK) {
        g_assert(access_write(&msg, written, sizeof written) == size && memcmp(written, data, size) == 0);
        g_assert(!access_mac_span(data, size, &span) || span < size);
    }
    return 0;
}
