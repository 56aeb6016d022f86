/*
 * tests/fuzz/fuzz_pidf.c - any octets as a presence document; composing, filtering by nothing, and saving a good one
 * gives a good one.
 */
#include "nodes/msg/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(Pidf) pidf = NULL;
    static char saved[64 * 1024];
    RulesDecision nothing = { .handling = RULES_ALLOW, .visible = RULES_ALL_SERVICES };
    pidf_describe(data, size, out);
    if (pidf_parse((const char *)data, size, &pidf, NULL) == PIDF_OK) {
        g_autoptr(Pidf) both = pidf_new(pidf_entity(pidf)), back = NULL;
        pidf_append(both, pidf);
        pidf_append(both, pidf);
        pidf_filter(both, NULL, &nothing);
        size_t len = pidf_save(both, saved, sizeof saved);
        g_assert(len == 0 || pidf_parse(saved, len, &back, NULL) == PIDF_OK);
    }
    return 0;
}
