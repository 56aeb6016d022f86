/*
 * crypto/cms.c - making, opening and verifying CMS.
 *
 * Source:  RFC 5652 §5, §6; RFC 3261 §23; RFC 8551 §2.5.2 (SMIMECapabilities), §3.7.
 * Knows:   see cms.h.  What needs no key is in cms_read.c.
 */
#include "crypto/cms.h"

#include "crypto/cms_parts.h"
#include "crypto/engine.h"

#include <limits.h>
#include <openssl/err.h>
#include <string.h>

/* What is inside of cms_sign_envelope(), RFC 8551 §3.7; binary, so base64 costs nothing. */
static const char inner_header[] = "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n"
                                   "Content-Transfer-Encoding: binary\r\n\r\n";

/* ---- making ---- */

static GBytes *encode(CMS_ContentInfo *cms)
{
    uint8_t *der = NULL;
    const int len = i2d_CMS_ContentInfo(cms, &der);
    engine_must(len, "encoding a CMS");
    GBytes *bytes = g_bytes_new(der, (gsize)len);
    OPENSSL_free(der);
    return bytes;
}

static BIO *reader(const uint8_t *octets, size_t len)
{
    g_assert(len <= INT_MAX);
    BIO *bio = BIO_new_mem_buf(len ? (const void *)octets : "", (int)len);
    engine_must(bio != NULL, "reading a content");
    return bio;
}

static const EVP_MD *md_of(CmsHash hash)
{
    switch (hash) {
    case CMS_SHA1: return EVP_sha1();
    case CMS_SHA256: return EVP_sha256();
    }
    g_assert_not_reached();
}

static const EVP_CIPHER *cipher_of(CmsCipher cipher)
{
    switch (cipher) {
    case CMS_AES_128_CBC: return EVP_aes_128_cbc();
    case CMS_DES_EDE3_CBC: return EVP_des_ede3_cbc();
    }
    g_assert_not_reached();
}

/* OpenSSL would state the machine's time and whatever ciphers it was built with. */
static void add_attributes(CMS_SignerInfo *info, int64_t signing_time)
{
    ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)signing_time);
    STACK_OF(X509_ALGOR) *capabilities = NULL;
    engine_must(time && CMS_signed_add1_attr_by_NID(info, NID_pkcs9_signingTime, time->type, time, -1), "signingTime");
    ASN1_TIME_free(time);
    engine_must(CMS_add_simple_smimecap(&capabilities, NID_aes_128_cbc, -1) &&
                    CMS_add_simple_smimecap(&capabilities, NID_des_ede3_cbc, -1) &&
                    CMS_add_smimecap(info, capabilities),
                "SMIMECapabilities");
    sk_X509_ALGOR_pop_free(capabilities, X509_ALGOR_free);
}

GBytes *cms_sign(const uint8_t *content, size_t len, const CmsSigner *signer, const CryptoRandom *random)
{
    if (!cert_has_key(signer->cert, signer->key))
        return NULL;
    const unsigned flags = CMS_BINARY | CMS_NOSMIMECAP | (signer->detached ? CMS_DETACHED : 0) |
                           (signer->with_certificate ? 0 : CMS_NOCERTS);
    const CryptoRandom *before = crypto_random_use(random);
    EVP_PKEY *key = cert_key_for_use(signer->key);
    BIO *in = reader(content, len);
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | flags);
    engine_must(cms != NULL, "a SignedData");
    CMS_SignerInfo *info = CMS_add1_signer(cms, signer->cert->x509, key, md_of(signer->hash), flags);
    engine_must(info != NULL, "a signer");
    add_attributes(info, signer->signing_time);
    engine_must(CMS_final(cms, in, NULL, flags), "signing");
    GBytes *der = encode(cms);
    CMS_ContentInfo_free(cms);
    BIO_free(in);
    EVP_PKEY_free(key);
    ERR_clear_error();
    crypto_random_use(before);
    return der;
}

static bool add_recipients(CMS_ContentInfo *cms, const Cert *const recipients[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!CMS_add1_recipient_cert(cms, recipients[i]->x509, 0))
            return false;
    return n > 0;
}

GBytes *cms_envelope(const uint8_t *content, size_t len, const Cert *const recipients[], size_t n, CmsCipher cipher,
                     const CryptoRandom *random)
{
    crypto_init();
    const unsigned flags = CMS_BINARY | CMS_PARTIAL;
    const CryptoRandom *before = crypto_random_use(random);
    BIO *in = reader(content, len);
    CMS_ContentInfo *cms = CMS_encrypt(NULL, NULL, cipher_of(cipher), flags);
    engine_must(cms != NULL, "an EnvelopedData");
    const bool done = add_recipients(cms, recipients, n) && CMS_final(cms, in, NULL, CMS_BINARY);
    GBytes *der = done ? encode(cms) : NULL;
    CMS_ContentInfo_free(cms);
    BIO_free(in);
    ERR_clear_error();
    crypto_random_use(before);
    return der;
}

GBytes *cms_sign_envelope(const uint8_t *content, size_t len, const CmsSigner *signer, const Cert *const recipients[],
                          size_t n, CmsCipher cipher, const CryptoRandom *random)
{
    CmsSigner inside = *signer;
    inside.detached = false;
    g_autoptr(GBytes) signature = cms_sign(content, len, &inside, random);
    if (!signature)
        return NULL;
    g_autoptr(GByteArray) entity = g_byte_array_new();
    gsize der_len;
    const uint8_t *der = g_bytes_get_data(signature, &der_len);
    g_byte_array_append(entity, (const uint8_t *)inner_header, sizeof inner_header - 1);
    g_byte_array_append(entity, der, (guint)der_len);
    return cms_envelope(entity->data, entity->len, recipients, n, cipher, random);
}

/* ---- opening ---- */

static GBytes *drain(BIO *bio)
{
    char *octets = NULL;
    const long len = BIO_get_mem_data(bio, &octets);
    return g_bytes_new(octets, len > 0 ? (gsize)len : 0);
}

static bool is_recipient(const uint8_t *der, size_t len, const CertId *id)
{
    enum { RECIPIENTS_LOOKED_AT = 64 };
    CertId ids[RECIPIENTS_LOOKED_AT];
    const size_t n = MIN(cms_recipients(der, len, ids, G_N_ELEMENTS(ids)), G_N_ELEMENTS(ids));
    for (size_t i = 0; i < n; i++)
        if (cert_id_equal(&ids[i], id))
            return true;
    return false;
}

CmsResult cms_open(const uint8_t *der, size_t len, const Cert *cert, const CertKey *key, const CryptoRandom *random,
                   GBytes **content)
{
    *content = NULL;
    if (cms_kind(der, len) != CMS_KIND_ENVELOPED)
        return CMS_MALFORMED;
    if (!is_recipient(der, len, &cert->id))
        return CMS_NOT_FOR_US;
    const CryptoRandom *before = crypto_random_use(random);
    CMS_ContentInfo *cms = cms_parse(der, len);
    EVP_PKEY *pkey = cert_key_for_use(key);
    BIO *out = BIO_new(BIO_s_mem());
    const bool opened = CMS_decrypt(cms, pkey, cert->x509, NULL, out, CMS_BINARY) == 1;
    if (opened)
        *content = drain(out);
    BIO_free(out);
    EVP_PKEY_free(pkey);
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    crypto_random_use(before);
    return opened ? CMS_OK : CMS_UNDECIPHERABLE;
}

/* ---- verifying ---- */

void cms_signed_clear(CmsSigned *found)
{
    g_clear_pointer(&found->content, g_bytes_unref);
    g_clear_pointer(&found->signer, cert_free);
}

static int64_t time_of(CMS_SignerInfo *info)
{
    struct tm tm = { 0 };
    const int at = CMS_signed_get_attr_by_NID(info, NID_pkcs9_signingTime, -1);
    X509_ATTRIBUTE *attribute = at >= 0 ? CMS_signed_get_attr(info, at) : NULL;
    ASN1_TYPE *value = attribute ? X509_ATTRIBUTE_get0_type(attribute, 0) : NULL;
    if (!value || (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME) ||
        !ASN1_TIME_to_tm(value->value.asn1_string, &tm))
        return 0;
    g_autoptr(GDateTime) utc =
        g_date_time_new_utc(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, MIN(tm.tm_sec, 59));
    return utc ? g_date_time_to_unix(utc) : 0;
}

static X509 *find_signer(CMS_ContentInfo *cms, CMS_SignerInfo *info, const CmsVerifier *verifier)
{
    X509 *signer = NULL;
    STACK_OF(X509) *known = sk_X509_new_null();
    for (size_t i = 0; i < verifier->n_known; i++)
        sk_X509_push(known, verifier->known[i]->x509);
    (void)CMS_set1_signers_certs(cms, known, 0);
    CMS_SignerInfo_get0_algs(info, NULL, &signer, NULL, NULL);
    sk_X509_free(known);
    return signer;
}

static CmsResult judge_signer(CMS_ContentInfo *cms, const CmsVerifier *verifier, CmsSigned *found)
{
    if (verifier->trust) {
        STACK_OF(X509) *sent = CMS_get1_certs(cms);
        found->certificate = cert_check_x509(found->signer->x509, sent, verifier->trust, CERT_FOR_MAIL, verifier->now);
        sk_X509_pop_free(sent, X509_free);
        if (found->certificate != CERT_OK)
            return CMS_NOT_TRUSTED;
    }
    return !verifier->name || cert_speaks_for(found->signer, *verifier->name) ? CMS_OK : CMS_WRONG_NAME;
}

/* One signature of a parsed SignedData.  @beside: NULL, or the detached content. */
static CmsResult verify_one(CMS_ContentInfo *cms, BIO *beside, const CmsVerifier *verifier, CmsSigned *found)
{
    STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(cms);
    if (!infos || sk_CMS_SignerInfo_num(infos) != 1)
        return CMS_MALFORMED;
    CMS_SignerInfo *info = sk_CMS_SignerInfo_value(infos, 0);
    ASN1_OCTET_STRING **inside = CMS_get0_content(cms);
    const bool is_inside = inside && *inside;
    if (is_inside == (beside != NULL))
        return CMS_MALFORMED; /* two contents or none */
    if (is_inside)
        found->content = g_bytes_new(ASN1_STRING_get0_data(*inside), (gsize)MAX(ASN1_STRING_length(*inside), 0));
    found->signing_time = time_of(info);
    X509 *signer = find_signer(cms, info, verifier);
    if (!signer)
        return CMS_NO_CERTIFICATE;
    found->signer = cert_from_x509(signer);
    if (!found->signer)
        return CMS_MALFORMED;
    BIO *out = BIO_new(BIO_s_null());
    const bool good = CMS_verify(cms, NULL, NULL, beside, out, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;
    BIO_free(out);
    return good ? judge_signer(cms, verifier, found) : CMS_BAD_SIGNATURE;
}

CmsResult cms_verify(const uint8_t *der, size_t len, const uint8_t *content, size_t content_len,
                     const CmsVerifier *verifier, CmsSigned *found)
{
    *found = (CmsSigned){ 0 };
    if (cms_kind(der, len) != CMS_KIND_SIGNED)
        return CMS_MALFORMED;
    const CryptoRandom *before = crypto_random_use(&cert_irrelevant_random);
    CMS_ContentInfo *cms = cms_parse(der, len);
    BIO *beside = content ? reader(content, content_len) : NULL;
    const CmsResult result = verify_one(cms, beside, verifier, found);
    if (result == CMS_MALFORMED)
        cms_signed_clear(found);
    BIO_free(beside);
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    crypto_random_use(before);
    return result;
}

CmsResult cms_open_verify(const uint8_t *der, size_t len, const Cert *cert, const CertKey *key,
                          const CmsVerifier *verifier, const CryptoRandom *random, CmsSigned *found)
{
    g_autoptr(GBytes) entity = NULL;
    gsize entity_len;
    *found = (CmsSigned){ 0 };
    const CmsResult opened = cms_open(der, len, cert, key, random, &entity);
    if (opened != CMS_OK)
        return opened;
    const uint8_t *octets = g_bytes_get_data(entity, &entity_len);
    const size_t header_len = sizeof inner_header - 1;
    if (entity_len < header_len || memcmp(octets, inner_header, header_len) != 0)
        return CMS_MALFORMED;
    return cms_verify(octets + header_len, entity_len - header_len, NULL, 0, verifier, found);
}

const char *cms_result_name(CmsResult result)
{
    switch (result) {
    case CMS_OK: return "ok";
    case CMS_MALFORMED: return "malformed";
    case CMS_NOT_FOR_US: return "not-for-us";
    case CMS_UNDECIPHERABLE: return "undecipherable";
    case CMS_BAD_SIGNATURE: return "bad-signature";
    case CMS_NO_CERTIFICATE: return "no-certificate";
    case CMS_NOT_TRUSTED: return "not-trusted";
    case CMS_WRONG_NAME: return "wrong-name";
    }
    g_assert_not_reached();
}
