/*
 * tests/fuzz/fuzz_diameter.c - any octets as a Diameter and as a Cx message; what cx_parse() takes, cx_write() can
 * write.
 */
#include "nodes/msg/cx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GString) out = g_string_new(NULL);
    uint8_t written[4096];
    CxMessage cx;
    size_t need;
    diameter_describe(data, size, out);
    if (diameter_frame(data, size, &need) == DIAMETER_OK)
        g_assert(need <= size);
    if (cx_parse(data, size, &cx).result == CX_OK) {
        size_t len = cx_write(&cx, written, sizeof written);
        g_assert(len == 0 || cx_parse(written, len, &cx).result == CX_OK);
    }
    return 0;
}
