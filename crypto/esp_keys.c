/*
 * crypto/esp_keys.c - from IK and CK to ESP keys.
 *
 * Source:  TS 33.203 Annex I; RFC 2451 §2.2, §2.3.
 * Knows:   keys only.
 */
#include "crypto/esp.h"

#include <string.h>

enum { DES_KEY_LEN = 8 };

size_t annexI_ik(EspAlg alg, const uint8_t ik[ESP_KEY_LEN], uint8_t out[ESP_IK_MAX])
{
    memset(out, 0, ESP_IK_MAX);
    memcpy(out, ik, ESP_KEY_LEN);
    switch (alg) {
    case ESP_HMAC_MD5_96: return ESP_KEY_LEN;
    case ESP_HMAC_SHA1_96: return ESP_IK_MAX;
    }
    g_assert_not_reached();
}

void annexI_ck_3des(const uint8_t ck[ESP_KEY_LEN], uint8_t out[ESP_CK_3DES_LEN])
{
    memcpy(out, ck, ESP_KEY_LEN);
    memcpy(out + ESP_KEY_LEN, ck, DES_KEY_LEN);
}

void annexI_des_parity(uint8_t *key, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t ones = key[i] >> 1; /* fold the seven key bits to their parity */
        ones ^= ones >> 4;
        ones ^= ones >> 2;
        ones ^= ones >> 1;
        key[i] = (uint8_t)((key[i] & 0xfe) | (~ones & 1));
    }
}

bool esp_keys_acceptable(EspEalg ealg, const EspKeys *keys)
{
    if (ealg != ESP_DES_EDE3_CBC)
        return true;
    uint8_t differ = 0;
    for (int i = 0; i < DES_KEY_LEN; i++)
        differ |= (keys->ck[i] ^ keys->ck[i + DES_KEY_LEN]) & 0xfe;
    return differ != 0;
}
