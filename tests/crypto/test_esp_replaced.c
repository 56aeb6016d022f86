/*
 * tests/crypto/test_esp_replaced.c - the cipher and the window of ESP can be replaced when a test is linked.
 *
 * Source:  crypto/esp.h, "the parts that stand alone in a file each".
 * Knows:   crypto/esp.h.  The definitions here win over crypto/esp_cipher.c and crypto/esp_window.c.
 */
#include "crypto/esp.h"

#include <string.h>

/* A cipher that forgets to encipher. */
void esp_transform_cipher(EspEalg ealg, const uint8_t ck[ESP_KEY_LEN], bool encrypt, const uint8_t iv[],
                          uint8_t *octets, size_t len)
{
}

/* A window that takes everything. */
bool esp_window_accepts(const EspWindow *window, uint32_t seq)
{
    return true;
}

void esp_window_mark(EspWindow *window, uint32_t seq)
{
}

static void test_the_replacements_are_the_ones_used(void)
{
    static const EspKeys keys = { .ik = { 1 }, .ck = { 2 } };
    static const uint8_t iv[ESP_IV_MAX] = { 3 };
    EspSa sa;
    uint8_t esp[128] = { 0 }, next, *payload;
    size_t len = 30, payload_len;
    esp_sa_init(&sa, 5, ESP_HMAC_SHA1_96, ESP_AES_CBC, &keys);
    memset(esp + esp_head_len(ESP_AES_CBC), 'x', len);
    g_assert_cmpint(esp_seal(&sa, iv, esp, sizeof esp, &len, ESP_NEXT_UDP), ==, ESP_OK);
    g_assert_cmpint(esp[esp_head_len(ESP_AES_CBC)], ==, 'x');
    for (int i = 0; i < 2; i++) {
        g_assert_cmpint(esp_open(&sa, esp, len, &payload, &payload_len, &next), ==, ESP_OK);
        g_assert_cmpuint(payload_len, ==, 30);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/crypto/esp/the-replacements-are-the-ones-used", test_the_replacements_are_the_ones_used);
    return g_test_run();
}
