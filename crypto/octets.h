/*
 * crypto/octets.h - numbers in network octet order.  Internal to crypto/.
 *
 * Source:  none of its own.
 * Knows:   four octets.
 */
#ifndef PRESEC_CRYPTO_OCTETS_H
#define PRESEC_CRYPTO_OCTETS_H

#include <stdint.h>

static inline void octets_put32(uint8_t out[4], uint32_t value)
{
    out[0] = (uint8_t)(value >> 24);
    out[1] = (uint8_t)(value >> 16);
    out[2] = (uint8_t)(value >> 8);
    out[3] = (uint8_t)value;
}

static inline uint32_t octets_get32(const uint8_t in[4])
{
    return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
}

#endif
