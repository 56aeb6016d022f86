/*
 * crypto/cms_parts.h - what the files about CMS share.  Internal to crypto/.
 *
 * Source:  none of its own.
 * Knows:   OpenSSL.
 */
#ifndef PRESEC_CRYPTO_CMS_PARTS_H
#define PRESEC_CRYPTO_CMS_PARTS_H

#include "crypto/cert_parts.h"

#include <openssl/cms.h>

/** NULL: not one CMS and nothing else. */
CMS_ContentInfo *cms_parse(const uint8_t *der, size_t len);

#endif
