/*
 * tests/fuzz/fuzz_selftest.c - vector files from anywhere.
 *
 * Knows:   crypto/selftest.h.
 */
#include "crypto/selftest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SelftestReport report;
    selftest_report_init(&report);
    (void)selftest_run("fuzz", (const char *)data, size, &report);
    selftest_report_clear(&report);
    return 0;
}
