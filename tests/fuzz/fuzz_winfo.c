/*
 * tests/fuzz/fuzz_winfo.c - any octets as a watcher information document; what is taken can be written and read again.
 */
#include "nodes/msg/winfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(Winfo) winfo = NULL, back = NULL;
    static char written[64 * 1024];
    winfo_describe(data, size, out);
    if (winfo_parse((const char *)data, size, &winfo, NULL) == WINFO_OK) {
        size_t len = winfo_write(winfo_doc(winfo), written, sizeof written);
        g_assert(len == 0 || winfo_parse(written, len, &back, NULL) == WINFO_OK);
    }
    return 0;
}
