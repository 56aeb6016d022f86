/*
 * tests/fuzz/fuzz_rules.c - any octets as an authorization document, then asked about a watcher.
 */
#include "nodes/msg/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const Text who[] = { { "sip:bob@home.example", 20 }, { "tel:+1", 6 } };
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(Rules) rules = rules_parse((const char *)data, size, out);
    RulesQuery query = { .identity = who, .n_identities = size % 3, .sphere = TEXT("work") };
    RulesDecision decision;
    rules_evaluate(rules, &query, &decision);
    rules_describe(data, size, out);
    return 0;
}
