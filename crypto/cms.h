/*
 * crypto/cms.h - CMS as S/MIME uses it: sign, envelope, both; and what anybody can read of it without a key.
 *
 * Source:  RFC 5652 (EnvelopedData §6, SignedData §5); RFC 3261 §23.2 to §23.4 (SHA-1 and 3DES), RFC 3853
 * (AES-128-CBC); RFC 5753 (EC recipients); RFC 8551 §3.1, §3.6 (what is inside). Knows:   DER octets and virtual
 * seconds.  No MIME: the caller makes "multipart/signed" and the like, and hands over the octets of the entity that is
 * signed or enveloped.  The one exception is cms_sign_envelope().
 *
 * Octets of a CMS are a function of content, keys, time and the random source.
 */
#ifndef PRESEC_CRYPTO_CMS_H
#define PRESEC_CRYPTO_CMS_H

#include "crypto/cert.h"

/* ---- making ---- */

typedef enum {
    CMS_AES_128_CBC,  /* RFC 3853: MUST */
    CMS_DES_EDE3_CBC, /* RFC 3261 §23.3: MUST in 2002 */
} CmsCipher;

typedef enum {
    CMS_SHA1, /* RFC 3261 §23.3: MUST */
    CMS_SHA256,
} CmsHash;

/* Who signs and how; all pointers borrowed for the call. */
typedef struct {
    const Cert *cert;
    const CertKey *key; /* the certificate's */
    CmsHash hash;
    bool detached;         /* the content travels beside it (multipart/signed), else inside, in the clear */
    bool with_certificate; /* the certificate travels along; else the verifier must have it */
    int64_t signing_time;  /* seconds since 1970 */
} CmsSigner;

/** NULL: @signer's key is not its certificate's. */
GBytes *cms_sign(const uint8_t *content, size_t len, const CmsSigner *signer,
                 const CryptoRandom *random) G_GNUC_WARN_UNUSED_RESULT;
/** For each of the recipients' public keys, RSA (PKCS#1 1.5) or EC (ECDH).  NULL: none, or a key of another kind. */
GBytes *cms_envelope(const uint8_t *content, size_t len, const Cert *const recipients[], size_t n, CmsCipher cipher,
                     const CryptoRandom *random) G_GNUC_WARN_UNUSED_RESULT;
/** Sign, not detached, then envelope: inside is an entity "application/pkcs7-mime; smime-type=signed-data" in binary
 *  (RFC 8551 §3.7), so that the signer is as hidden as the content. */
GBytes *cms_sign_envelope(const uint8_t *content, size_t len, const CmsSigner *signer, const Cert *const recipients[],
                          size_t n, CmsCipher cipher, const CryptoRandom *random) G_GNUC_WARN_UNUSED_RESULT;

/* ---- opening ---- */

typedef enum {
    CMS_OK,
    CMS_MALFORMED,      /* no CMS of the kind asked for, or trailing octets */
    CMS_NOT_FOR_US,     /* no recipient is us: 493 Undecipherable, RFC 3261 §23.2 */
    CMS_UNDECIPHERABLE, /* for us, but damaged.  Content is not authenticated: a change may also go unnoticed */
    CMS_BAD_SIGNATURE,  /* content or signature changed, or the wrong content beside it */
    CMS_NO_CERTIFICATE, /* the signer's certificate is neither inside nor known */
    CMS_NOT_TRUSTED,    /* signature good, signer's chain is not: CmsSigned.certificate says why */
    CMS_WRONG_NAME,     /* signature and chain good, but somebody else signed */
} CmsResult;
const char *cms_result_name(CmsResult result);

/**
 * @cert, @key: whom it should be for
 * @content:    out, owned by the caller; set on CMS_OK only
 *
 * Results: CMS_OK, CMS_MALFORMED, CMS_NOT_FOR_US, CMS_UNDECIPHERABLE.
 */
CmsResult cms_open(const uint8_t *der, size_t len, const Cert *cert, const CertKey *key, const CryptoRandom *random,
                   GBytes **content) G_GNUC_WARN_UNUSED_RESULT;

/* What to check a signature against; all pointers borrowed for the call. */
typedef struct {
    const CertTrust *trust;   /* NULL: any signer is as good as another (first-use exchange, RFC 3261 §23.2): a
                                 signature then proves only that signer and content belong together */
    const Cert *const *known; /* certificates to look for the signer in, besides those inside */
    size_t n_known;
    const CertName *name; /* who must have signed; NULL: anybody trusted */
    int64_t now;
} CmsVerifier;

/* What was found; members are set as far as verification came. */
typedef struct {
    GBytes *content;        /* with every result but CMS_MALFORMED, whatever it is worth; NULL if detached */
    Cert *signer;           /* from CMS_BAD_SIGNATURE on if the certificate was there */
    CertResult certificate; /* with CMS_NOT_TRUSTED: why */
    int64_t signing_time;   /* 0: none */
} CmsSigned;
void cms_signed_clear(CmsSigned *found);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CmsSigned, cms_signed_clear)

/**
 * @content: the content beside a detached signature; NULL: the content is inside
 * @found:   out; to be cleared, whatever the result
 *
 * Exactly one signature is allowed: RFC 3261 §23.3 knows no parallel ones.
 */
CmsResult cms_verify(const uint8_t *der, size_t len, const uint8_t *content, size_t content_len,
                     const CmsVerifier *verifier, CmsSigned *found) G_GNUC_WARN_UNUSED_RESULT;
/** cms_open(), then cms_verify() of what is inside; CMS_MALFORMED too if that is not what cms_sign_envelope() makes. */
CmsResult cms_open_verify(const uint8_t *der, size_t len, const Cert *cert, const CertKey *key,
                          const CmsVerifier *verifier, const CryptoRandom *random,
                          CmsSigned *found) G_GNUC_WARN_UNUSED_RESULT;

/* ---- what anybody reads, without a key ---- */

typedef enum {
    CMS_KIND_NONE, /* malformed, or another kind */
    CMS_KIND_SIGNED,
    CMS_KIND_ENVELOPED,
} CmsKind;

CmsKind cms_kind(const uint8_t *der, size_t len);
/** Whose keys open it: issuer and serial of each, at most @max in @out.  Returns how many there are, 0: not enveloped.
 *  A recipient named by key identifier only has an empty CertId. */
size_t cms_recipients(const uint8_t *der, size_t len, CertId out[], size_t max);
/** Who signed: as cms_recipients(). */
size_t cms_signers(const uint8_t *der, size_t len, CertId out[], size_t max);
/** The certificates inside; NULL: none or not signed.  An array of Cert that owns them. */
GPtrArray *cms_certificates(const uint8_t *der, size_t len) G_GNUC_WARN_UNUSED_RESULT;
/** The content of a signature that is not detached; NULL: none. */
GBytes *cms_signed_content(const uint8_t *der, size_t len) G_GNUC_WARN_UNUSED_RESULT;

/* Where the ciphertext of an enveloped content stands, as offsets into the DER octets. */
typedef struct {
    size_t iv, iv_len; /* of CBC; iv_len is the block length */
    size_t content, len;
} CmsCiphertext;
/** For whoever changes it in place: a content that is only enveloped is not authenticated (RFC 5652 §14).  False: not
 *  enveloped, or not in one piece. */
bool cms_ciphertext(const uint8_t *der, size_t len, CmsCiphertext *out) G_GNUC_WARN_UNUSED_RESULT;

#endif
