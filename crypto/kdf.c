/*
 * crypto/kdf.c - the 3GPP key derivation function, and GBA's Ks_NAF.
 *
 * Source:  TS 33.220 Annex B.
 * Knows:   see kdf.h.
 */
#include "crypto/kdf.h"

#include <string.h>

enum { KEY_LEN = 16, RAND_LEN = 16 };

/* P || L for one parameter that comes in @n parts. */
static bool add_parameter(CryptoPiece **s, uint8_t length[2], const CryptoPiece parts[], size_t n)
{
    size_t total = 0;
    for (size_t i = 0; i < n; i++) {
        *(*s)++ = parts[i];
        if (parts[i].len > UINT16_MAX || (total += parts[i].len) > UINT16_MAX)
            return false;
    }
    length[0] = (uint8_t)(total >> 8);
    length[1] = (uint8_t)total;
    *(*s)++ = (CryptoPiece){ length, 2 };
    return true;
}

bool kdf_33220(const uint8_t *key, size_t key_len, uint8_t fc, const CryptoPiece params[], size_t n,
               uint8_t out[KDF_OUT_LEN])
{
    CryptoPiece s[1 + 2 * KDF_PARAMS_MAX] = { { &fc, 1 } }, *end = s + 1;
    uint8_t lengths[KDF_PARAMS_MAX][2];
    g_assert(n <= KDF_PARAMS_MAX);
    for (size_t i = 0; i < n; i++)
        if (!add_parameter(&end, lengths[i], &params[i], 1))
            return false;
    crypto_hmac_pieces(CRYPTO_SHA256, key, key_len, s, (size_t)(end - s), out);
    return true;
}

bool kdf_ks_naf(const KdfNaf *in, uint8_t out[KDF_OUT_LEN])
{
    static const uint8_t fc = 0x01;
    const CryptoPiece gba_me = { "gba-me", 6 }, rand = { in->rand, RAND_LEN };
    const CryptoPiece naf_id[] = { in->naf_fqdn, { in->ua_id, KDF_UA_ID_LEN } };
    CryptoPiece s[10] = { { &fc, 1 } }, *end = s + 1;
    uint8_t lengths[4][2], ks[2 * KEY_LEN];
    if (!add_parameter(&end, lengths[0], &gba_me, 1) || !add_parameter(&end, lengths[1], &rand, 1) ||
        !add_parameter(&end, lengths[2], &in->impi, 1) || !add_parameter(&end, lengths[3], naf_id, 2))
        return false;
    memcpy(ks, in->ck, KEY_LEN);
    memcpy(ks + KEY_LEN, in->ik, KEY_LEN);
    crypto_hmac_pieces(CRYPTO_SHA256, ks, sizeof ks, s, (size_t)(end - s), out);
    crypto_wipe(ks, sizeof ks);
    return true;
}
