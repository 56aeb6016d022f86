/*
 * tests/fuzz/fuzz_cx_user_data.c - any octets as a subscriber profile; what is taken can be written and read again.
 */
#include "nodes/msg/cx_user_data.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char written[64 * 1024];
    CxUserData user;
    if (cx_user_data_parse(text_of((const char *)data, size), &user, NULL)) {
        size_t len = cx_user_data_write(&user, written, sizeof written);
        g_assert(len == 0 || cx_user_data_parse(text_of(written, len), &user, NULL));
    }
    return 0;
}
