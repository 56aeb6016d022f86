/*
 * crypto/radio_wep.c - Wired Equivalent Privacy with 40-bit keys.
 *
 * Source:  IEEE 802.11-1999 §8.2.  RC4 and CRC-32 are libtomcrypt's.
 * Knows:   one frame body's octets.
 */
#include "crypto/radio.h"
#include "crypto/radio_parts.h"

#include <string.h>
#include <tomcrypt.h>

enum { WEP_IV_LEN = 3, WEP_KEY_LEN = 5 };

void radio_wep_xor(const uint8_t key[5], uint32_t iv, uint8_t *octets, size_t len)
{
    const uint8_t seed[WEP_IV_LEN + WEP_KEY_LEN] = {
        (uint8_t)(iv >> 16), (uint8_t)(iv >> 8), (uint8_t)iv, key[0], key[1], key[2], key[3], key[4]
    };
    rc4_state state;
    if (rc4_stream_setup(&state, seed, sizeof seed) != CRYPT_OK)
        g_error("libtomcrypt refused an RC4 key");
    if (len)
        rc4_stream_crypt(&state, octets, len, octets);
    rc4_stream_done(&state);
}

/* The ICV: CRC-32, least significant octet first.  libtomcrypt gives the most significant first. */
static void make_icv(const uint8_t *data, size_t len, uint8_t icv[WEP_ICV_LEN])
{
    crc32_state state;
    uint8_t crc[WEP_ICV_LEN];
    crc32_init(&state);
    crc32_update(&state, data, len);
    crc32_finish(&state, crc, sizeof crc);
    for (int i = 0; i < WEP_ICV_LEN; i++)
        icv[i] = crc[WEP_ICV_LEN - 1 - i];
}

bool radio_wep_seal(const uint8_t key[RADIO_KEY_LEN], uint32_t iv, uint8_t *buf, size_t capacity, size_t *len)
{
    if (capacity < WEP_OVERHEAD || *len > capacity - WEP_OVERHEAD)
        return false;
    buf[0] = (uint8_t)(iv >> 16);
    buf[1] = (uint8_t)(iv >> 8);
    buf[2] = (uint8_t)iv;
    buf[3] = 0; /* key id 0 */
    make_icv(buf + WEP_HEAD_LEN, *len, buf + WEP_HEAD_LEN + *len);
    radio_wep_xor(key, iv, buf + WEP_HEAD_LEN, *len + WEP_ICV_LEN);
    *len += WEP_OVERHEAD;
    return true;
}

bool radio_wep_iv(const uint8_t *buf, size_t len, uint32_t *iv)
{
    if (len < WEP_OVERHEAD)
        return false;
    *iv = (uint32_t)buf[0] << 16 | (uint32_t)buf[1] << 8 | buf[2];
    return true;
}

bool radio_wep_open(const uint8_t key[RADIO_KEY_LEN], uint8_t *buf, size_t len, uint8_t **data, size_t *data_len)
{
    uint32_t iv;
    uint8_t icv[WEP_ICV_LEN];
    if (!radio_wep_iv(buf, len, &iv))
        return false;
    radio_wep_xor(key, iv, buf + WEP_HEAD_LEN, len - WEP_HEAD_LEN);
    *data = buf + WEP_HEAD_LEN;
    *data_len = len - WEP_OVERHEAD;
    make_icv(*data, *data_len, icv);
    return memcmp(icv, *data + *data_len, WEP_ICV_LEN) == 0; /* no secret in it: whoever holds the key can compute it */
}
