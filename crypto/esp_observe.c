/*
 * crypto/esp_observe.c - reading ESP-NULL without keys.
 *
 * Source:  RFC 5879 §8 (heuristics for finding ESP-NULL): next header, padding, and the upper layer must agree.
 * Knows:   one packet's octets.
 */
#include "crypto/esp.h"

/* Does what @next_header names begin plausibly in exactly @len octets? */
static bool upper_layer_fits(uint8_t next_header, const uint8_t *p, size_t len)
{
    switch (next_header) {
    case ESP_NEXT_UDP: return len >= 8 && (size_t)(p[4] << 8 | p[5]) == len;
    case ESP_NEXT_TCP: {
        const size_t header = len >= 20 ? (size_t)(p[12] >> 4) * 4 : 0;
        return header >= 20 && header <= len && (p[12] & 0x0e) == 0; /* reserved bits */
    }
    case ESP_NEXT_IPV4: return len >= 20 && p[0] >> 4 == 4 && (size_t)(p[2] << 8 | p[3]) == len;
    case ESP_NEXT_IPV6: return len >= 40 && p[0] >> 4 == 6 && (size_t)(p[4] << 8 | p[5]) + 40 == len;
    default: return false;
    }
}

static bool strip(const uint8_t *body, size_t len, size_t *payload_len, uint8_t *next_header)
{
    if (len < 2)
        return false;
    const size_t pad = body[len - 2];
    if (pad + 2 > len)
        return false;
    *payload_len = len - 2 - pad;
    *next_header = body[len - 1];
    for (size_t i = 0; i < pad; i++)
        if (body[*payload_len + i] != i + 1)
            return false;
    return upper_layer_fits(*next_header, body, *payload_len);
}

bool esp_strip_null(const uint8_t *esp, size_t len, size_t icv_len, const uint8_t **payload, size_t *payload_len,
                    uint8_t *next_header)
{
    static const uint8_t usual[] = { 12, 16, 20, 24, 32, 0 };
    const size_t n = icv_len == ESP_ICV_UNKNOWN ? G_N_ELEMENTS(usual) : 1;
    for (size_t i = 0; i < n; i++) {
        const size_t icv = icv_len == ESP_ICV_UNKNOWN ? usual[i] : icv_len;
        size_t kept;
        uint8_t next;
        if (len < ESP_HEADER_LEN || icv > len - ESP_HEADER_LEN)
            continue;
        if (!strip(esp + ESP_HEADER_LEN, len - ESP_HEADER_LEN - icv, &kept, &next))
            continue;
        *payload = esp + ESP_HEADER_LEN;
        *payload_len = kept;
        *next_header = next;
        return true;
    }
    return false;
}
