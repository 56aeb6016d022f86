/*
 * crypto/esp_cipher.c - the encryption of an ESP packet, alone in its file so that a test can link another one.
 *
 * Source:  RFC 2410 (NULL), RFC 2451 (3DES-CBC), RFC 3602 (AES-CBC); TS 33.203 Annex I for the keys.
 * Knows:   octets and a key.
 */
#include "crypto/esp.h"

#include "crypto/engine.h"

void esp_transform_cipher(EspEalg ealg, const uint8_t ck[ESP_KEY_LEN], bool encrypt, const uint8_t iv[],
                          uint8_t *octets, size_t len)
{
    uint8_t key[ESP_CK_3DES_LEN];
    switch (ealg) {
    case ESP_NULL: return;
    case ESP_DES_EDE3_CBC:
        annexI_ck_3des(ck, key);
        engine_cbc(engine_get()->des_ede3_cbc, encrypt, key, iv, octets, len);
        return;
    case ESP_AES_CBC: engine_cbc(engine_get()->aes_cbc, encrypt, ck, iv, octets, len); return;
    }
}
