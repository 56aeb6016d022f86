/*
 * tests/fuzz/fuzz_tls_tap.c - one direction of a TLS connection, as somebody without keys reads it.
 *
 * Knows:   nodes/attacker/private.h.
 */
#include "crypto/tls_record.h"
#include "nodes/attacker/private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint16_t suites[] = { 0, TLS_RSA_NULL_SHA, TLS_PSK_AES_128_CBC_SHA };
    g_autoptr(Sim) sim = sim_new(&(SimConfig){ .seed = 1 });
    NetAddr addr = net_addr_make(1, 1);
    Knowledge knowledge;
    knowledge_init(&knowledge, sim, "mallory");
    Seen seen = { .segment = "air" };
    Layers layers = { g_string_new(NULL), 0 };
    Crossing at = { .knowledge = &knowledge, .seen = &seen, .src = &addr, .dst = &addr, .layers = &layers };
    for (size_t i = 0; i < G_N_ELEMENTS(suites); i++) {
        TlsTap *tap = tls_tap_new();
        size_t len, from = 0;
        while ((len = tls_record_len(data + from, size - from)) > 0 && len <= size - from) {
            tls_tap_record(tap, &at, suites[i], data + from, len);
            from += len;
        }
        tls_tap_free(tap);
    }
    g_string_free(layers.how, TRUE);
    knowledge_clear(&knowledge);
    return 0;
}
