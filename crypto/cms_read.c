/*
 * crypto/cms_read.c - what anybody reads of a CMS without a key: kind, recipients, signers, certificates, content;
 * and where the ciphertext stands.
 *
 * Source:  RFC 5652 §5.3 (SignerIdentifier), §6.2 (RecipientInfo); RFC 5753 §3.1.1.
 * Knows:   see cms.h.
 */
#include "crypto/cms.h"
#include "crypto/cms_parts.h"

#include <limits.h>
#include <openssl/err.h>
#include <string.h>

CMS_ContentInfo *cms_parse(const uint8_t *der, size_t len)
{
    crypto_init();
    if (!der || len == 0 || len > INT_MAX)
        return NULL;
    const uint8_t *at = der;
    const CryptoRandom *before = crypto_random_use(&cert_irrelevant_random);
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)len);
    crypto_random_use(before);
    if (cms && at != der + len) {
        CMS_ContentInfo_free(cms);
        cms = NULL;
    }
    ERR_clear_error();
    return cms;
}

/* A message of another kind is like none. */
static CMS_ContentInfo *parse_kind(const uint8_t *der, size_t len, int nid)
{
    CMS_ContentInfo *cms = cms_parse(der, len);
    if (cms && OBJ_obj2nid(CMS_get0_type(cms)) == nid)
        return cms;
    CMS_ContentInfo_free(cms);
    return NULL;
}

CmsKind cms_kind(const uint8_t *der, size_t len)
{
    CMS_ContentInfo *cms = cms_parse(der, len);
    const int nid = cms ? OBJ_obj2nid(CMS_get0_type(cms)) : NID_undef;
    CMS_ContentInfo_free(cms);
    if (nid == NID_pkcs7_signed)
        return CMS_KIND_SIGNED;
    return nid == NID_pkcs7_enveloped ? CMS_KIND_ENVELOPED : CMS_KIND_NONE;
}

/* Ids found so far; counts on when there is no more room. */
typedef struct {
    CertId *out;
    size_t max, n;
} Ids;

static void add_id(Ids *ids, const X509_NAME *issuer, const ASN1_INTEGER *serial)
{
    if (ids->n < ids->max)
        cert_id_of(&ids->out[ids->n], issuer, serial);
    ids->n++;
}

static void add_agreement(Ids *ids, CMS_RecipientInfo *info)
{
    STACK_OF(CMS_RecipientEncryptedKey) *keys = CMS_RecipientInfo_kari_get0_reks(info);
    for (int i = 0; i < sk_CMS_RecipientEncryptedKey_num(keys); i++) {
        X509_NAME *issuer = NULL;
        ASN1_INTEGER *serial = NULL;
        (void)CMS_RecipientEncryptedKey_get0_id(sk_CMS_RecipientEncryptedKey_value(keys, i), NULL, NULL, NULL, &issuer,
                                                &serial);
        add_id(ids, issuer, serial);
    }
}

static void add_recipient(Ids *ids, CMS_RecipientInfo *info)
{
    X509_NAME *issuer = NULL;
    ASN1_INTEGER *serial = NULL;
    switch (CMS_RecipientInfo_type(info)) {
    case CMS_RECIPINFO_TRANS:
        (void)CMS_RecipientInfo_ktri_get0_signer_id(info, NULL, &issuer, &serial);
        add_id(ids, issuer, serial);
        break;
    case CMS_RECIPINFO_AGREE: add_agreement(ids, info); break;
    default: add_id(ids, NULL, NULL); break; /* a password, a shared key: named by nobody's certificate */
    }
}

size_t cms_recipients(const uint8_t *der, size_t len, CertId out[], size_t max)
{
    Ids ids = { out, max, 0 };
    CMS_ContentInfo *cms = parse_kind(der, len, NID_pkcs7_enveloped);
    STACK_OF(CMS_RecipientInfo) *infos = cms ? CMS_get0_RecipientInfos(cms) : NULL;
    for (int i = 0; i < sk_CMS_RecipientInfo_num(infos); i++)
        add_recipient(&ids, sk_CMS_RecipientInfo_value(infos, i));
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    return ids.n;
}

size_t cms_signers(const uint8_t *der, size_t len, CertId out[], size_t max)
{
    Ids ids = { out, max, 0 };
    CMS_ContentInfo *cms = parse_kind(der, len, NID_pkcs7_signed);
    STACK_OF(CMS_SignerInfo) *infos = cms ? CMS_get0_SignerInfos(cms) : NULL;
    for (int i = 0; i < sk_CMS_SignerInfo_num(infos); i++) {
        X509_NAME *issuer = NULL;
        ASN1_INTEGER *serial = NULL;
        (void)CMS_SignerInfo_get0_signer_id(sk_CMS_SignerInfo_value(infos, i), NULL, &issuer, &serial);
        add_id(&ids, issuer, serial);
    }
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    return ids.n;
}

static void free_cert(gpointer cert)
{
    cert_free(cert);
}

GPtrArray *cms_certificates(const uint8_t *der, size_t len)
{
    CMS_ContentInfo *cms = parse_kind(der, len, NID_pkcs7_signed);
    STACK_OF(X509) *inside = cms ? CMS_get1_certs(cms) : NULL;
    g_autoptr(GPtrArray) certs = g_ptr_array_new_with_free_func(free_cert);
    for (int i = 0; i < sk_X509_num(inside); i++) {
        Cert *cert = cert_from_x509(sk_X509_value(inside, i));
        if (cert)
            g_ptr_array_add(certs, cert);
    }
    sk_X509_pop_free(inside, X509_free);
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    return certs->len ? g_steal_pointer(&certs) : NULL;
}

GBytes *cms_signed_content(const uint8_t *der, size_t len)
{
    CMS_ContentInfo *cms = parse_kind(der, len, NID_pkcs7_signed);
    ASN1_OCTET_STRING **inside = cms ? CMS_get0_content(cms) : NULL;
    GBytes *content = inside && *inside
                          ? g_bytes_new(ASN1_STRING_get0_data(*inside), (gsize)MAX(ASN1_STRING_length(*inside), 0))
                          : NULL;
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    return content;
}

/* ---- the ciphertext in its place ---- */

enum { TAG_OCTET_STRING = 0x04, TAG_CONTENT = 0x80 /* [0] IMPLICIT, RFC 5652 §6.1 */ };

/* Octets of tag and length before a value of @len octets that begins at @at; 0: another form stands there. */
static size_t header_before(const uint8_t *der, size_t at, uint8_t tag, size_t len)
{
    uint8_t head[2 + sizeof len] = { tag };
    size_t n = 2;
    head[1] = (uint8_t)len;
    if (len >= 0x80) {
        unsigned octets = len > 0xffffff ? 4 : len > 0xffff ? 3 : len > 0xff ? 2 : 1;
        head[1] = (uint8_t)(0x80 | octets);
        for (unsigned i = octets; i > 0; i--)
            head[n++] = (uint8_t)(len >> 8 * (i - 1));
    }
    return at >= n && memcmp(der + at - n, head, n) == 0 ? n : 0;
}

/* contentEncryptionAlgorithm ends with the IV as an octet string; encryptedContent follows. */
static bool find_iv(const uint8_t *der, CmsCiphertext *out)
{
    static const size_t blocks[] = { 16, 8 };
    size_t end = out->content - header_before(der, out->content, TAG_CONTENT, out->len);
    if (end == out->content)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
        if (end < blocks[i] || !header_before(der, end - blocks[i], TAG_OCTET_STRING, blocks[i]))
            continue;
        out->iv_len = blocks[i];
        out->iv = end - blocks[i];
        return true;
    }
    return false;
}

bool cms_ciphertext(const uint8_t *der, size_t len, CmsCiphertext *out)
{
    CMS_ContentInfo *cms = parse_kind(der, len, NID_pkcs7_enveloped);
    ASN1_OCTET_STRING **inside = cms ? CMS_get0_content(cms) : NULL;
    const int octets = inside && *inside ? ASN1_STRING_length(*inside) : 0;
    const uint8_t *at = octets > 0 ? memmem(der, len, ASN1_STRING_get0_data(*inside), (size_t)octets) : NULL;
    *out = (CmsCiphertext){ .content = at ? (size_t)(at - der) : 0, .len = (size_t)octets };
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    return at && find_iv(der, out);
}
