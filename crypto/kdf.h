/*
 * crypto/kdf.h - the 3GPP key derivation function, and GBA's Ks_NAF.
 *
 * Source:  TS 33.220 Annex B.2: HMAC-SHA-256(Key, S), S = FC || P0 || L0 || P1 || L1 ..., each L two octets after its
 * P. Knows:   octets only.
 */
#ifndef PRESEC_CRYPTO_KDF_H
#define PRESEC_CRYPTO_KDF_H

#include "crypto/hash.h"

enum { KDF_OUT_LEN = CRYPTO_SHA256_LEN, KDF_PARAMS_MAX = 8, KDF_UA_ID_LEN = 5 };

/**
 * @params: at most KDF_PARAMS_MAX
 * @out:    out, 32 octets
 *
 * False: a parameter is longer than its two-octet length can say; @out is not written.
 */
bool kdf_33220(const uint8_t *key, size_t key_len, uint8_t fc, const CryptoPiece params[], size_t n,
               uint8_t out[KDF_OUT_LEN]) G_GNUC_WARN_UNUSED_RESULT;

/* What Ks_NAF is derived from; all members borrowed. */
typedef struct {
    const uint8_t *ck, *ik;     /* 16 each: Ks = CK || IK */
    const uint8_t *rand;        /* 16, of the bootstrapping run */
    CryptoPiece impi, naf_fqdn; /* UTF-8 */
    const uint8_t *ua_id;       /* 5: Ua security protocol identifier, TS 33.220 Annex H */
} KdfNaf;

/** Ks_NAF of GBA_ME: FC = 01, "gba-me", RAND, IMPI, NAF_Id = FQDN || Ua id.  Source: TS 33.220 Annex B.3. */
bool kdf_ks_naf(const KdfNaf *in, uint8_t out[KDF_OUT_LEN]) G_GNUC_WARN_UNUSED_RESULT;

#endif
