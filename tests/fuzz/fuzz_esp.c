/*
 * tests/fuzz/fuzz_esp.c - ESP and WEP octets from the air: opened with and without integrity, and by an observer.
 *
 * Knows:   crypto/esp.h, crypto/radio.h.
 */
#include "crypto/esp.h"
#include "crypto/radio.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void open_copy(EspEalg ealg, bool check_icv, const uint8_t *data, size_t size)
{
    static const EspKeys keys = { .ik = { 1 }, .ck = { 2 } };
    g_autofree uint8_t *esp = g_memdup2(data, size);
    uint8_t *payload, next;
    size_t len;
    EspSa sa;
    esp_sa_init(&sa, 1, ESP_HMAC_SHA1_96, ealg, &keys);
    sa.check_icv = check_icv;
    if (esp_open(&sa, esp, size, &payload, &len, &next) == ESP_OK)
        g_assert(payload >= esp && payload + len <= esp + size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t key[RADIO_KEY_LEN] = { 1 };
    const uint8_t *seen;
    uint8_t *body, next;
    size_t len;
    for (EspEalg ealg = ESP_NULL; ealg <= ESP_AES_CBC; ealg++) {
        open_copy(ealg, true, data, size);
        open_copy(ealg, false, data, size);
    }
    if (esp_strip_null(data, size, ESP_ICV_UNKNOWN, &seen, &len, &next))
        g_assert(seen >= data && seen + len <= data + size);
    g_autofree uint8_t *frame = g_memdup2(data, size);
    if (radio_wep_open(key, frame, size, &body, &len))
        g_assert(body + len <= frame + size);
    return 0;
}
