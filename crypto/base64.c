/*
 * crypto/base64.c - base64 into the caller's memory, strict when decoding.
 *
 * Source:  RFC 4648 §4, §3.5.
 * Knows:   octets and characters.
 */
#include "crypto/hash.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool crypto_base64_encode(const uint8_t *octets, size_t len, char *out, size_t capacity)
{
    if (capacity == 0 || CRYPTO_BASE64_LEN(len) > capacity - 1)
        return false;
    for (size_t i = 0; i < len; i += 3) {
        const size_t left = len - i;
        uint32_t group = (uint32_t)octets[i] << 16;
        if (left > 1)
            group |= (uint32_t)octets[i + 1] << 8;
        if (left > 2)
            group |= octets[i + 2];
        *out++ = alphabet[group >> 18];
        *out++ = alphabet[group >> 12 & 63];
        *out++ = left > 1 ? alphabet[group >> 6 & 63] : '=';
        *out++ = left > 2 ? alphabet[group & 63] : '=';
    }
    *out = '\0';
    return true;
}

/* -1: not in the alphabet. */
static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* One group of four with @pad characters of padding into 3 - pad octets.  False: not canonical base64. */
static bool decode_group(const char in[4], unsigned pad, uint8_t out[3])
{
    uint32_t group = 0;
    for (unsigned i = 0; i < 4; i++) {
        const int value = i < 4 - pad ? value_of(in[i]) : 0;
        if (value < 0)
            return false;
        group = group << 6 | (uint32_t)value;
    }
    if (group & ((UINT32_C(1) << 8 * pad) - 1))
        return false; /* RFC 4648 §3.5: the unused bits must be zero */
    out[0] = (uint8_t)(group >> 16);
    out[1] = (uint8_t)(group >> 8);
    out[2] = (uint8_t)group;
    return true;
}

bool crypto_base64_decode(const char *text, size_t len, uint8_t *out, size_t capacity, size_t *out_len)
{
    *out_len = 0;
    if (len % 4 != 0)
        return false;
    for (size_t i = 0; i < len; i += 4) {
        const bool last = i + 4 == len;
        const unsigned pad = last && text[i + 3] == '=' ? (text[i + 2] == '=' ? 2 : 1) : 0;
        uint8_t group[3];
        if (!decode_group(text + i, pad, group) || capacity - *out_len < 3 - pad)
            return false;
        for (unsigned j = 0; j < 3 - pad; j++)
            out[(*out_len)++] = group[j];
    }
    return true;
}
