/*
 * crypto/cert.c - keys and certificates: storing, reading, judging.
 *
 * Source:  RFC 5280 §4.1, §6.1; RFC 5958.
 * Knows:   see cert.h.  Names are compared in cert_name.c.
 */
#include "crypto/cert.h"

#include "crypto/cert_parts.h"
#include "crypto/engine.h"
#include "crypto/hash.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <string.h>

static void fill_pattern(void *ctx, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(i * 37 + 1);
}

const CryptoRandom cert_irrelevant_random = { fill_pattern, NULL };

/* ---- keys ---- */

static CertKey *key_of(EVP_PKEY *pkey)
{
    CertKey *key = g_new(CertKey, 1);
    key->pkey = pkey;
    return key;
}

CertKey *cert_key_generate(CertKeyKind kind, const CryptoRandom *random)
{
    crypto_init();
    EVP_PKEY *pkey = NULL;
    const CryptoRandom *before = crypto_random_use(random);
    switch (kind) {
    case CERT_KEY_RSA_2048: pkey = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048); break;
    case CERT_KEY_EC_P256: pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"); break;
    }
    crypto_random_use(before);
    engine_must(pkey != NULL, "making a key");
    return key_of(pkey);
}

CertKey *cert_key_from_der(const uint8_t *der, size_t len)
{
    crypto_init();
    if (!der || len > INT_MAX)
        return NULL;
    const uint8_t *at = der;
    const CryptoRandom *before = crypto_random_use(&cert_irrelevant_random);
    EVP_PKEY *pkey = d2i_AutoPrivateKey(NULL, &at, (long)len);
    crypto_random_use(before);
    ERR_clear_error();
    char group[32] = "";
    const bool rsa = pkey && EVP_PKEY_get_base_id(pkey) == EVP_PKEY_RSA;
    const bool p256 = pkey && EVP_PKEY_get_base_id(pkey) == EVP_PKEY_EC &&
                      EVP_PKEY_get_group_name(pkey, group, sizeof group, NULL) && strcmp(group, "prime256v1") == 0;
    if ((!rsa && !p256) || at != der + len) {
        EVP_PKEY_free(pkey);
        return NULL;
    }
    return key_of(pkey);
}

GBytes *cert_key_to_der(const CertKey *key)
{
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key->pkey);
    uint8_t *der = NULL;
    const int len = info ? i2d_PKCS8_PRIV_KEY_INFO(info, &der) : 0;
    engine_must(len, "encoding a key");
    GBytes *bytes = g_bytes_new(der, (size_t)len);
    OPENSSL_clear_free(der, (size_t)len);
    PKCS8_PRIV_KEY_INFO_free(info);
    return bytes;
}

CertKeyKind cert_key_kind(const CertKey *key)
{
    return EVP_PKEY_get_base_id(key->pkey) == EVP_PKEY_RSA ? CERT_KEY_RSA_2048 : CERT_KEY_EC_P256;
}

EVP_PKEY *cert_key_for_use(const CertKey *key)
{
    if (cert_key_kind(key) == CERT_KEY_RSA_2048) {
        EVP_PKEY *copy = EVP_PKEY_dup(key->pkey);
        engine_must(copy != NULL, "copying a key");
        return copy;
    }
    EVP_PKEY_up_ref(key->pkey);
    return key->pkey;
}

void cert_key_free(CertKey *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->pkey);
    g_free(key);
}

/* ---- certificates ---- */

char *cert_common_name(const X509_NAME *name)
{
    const int at = name ? X509_NAME_get_index_by_NID(name, NID_commonName, -1) : -1;
    uint8_t *utf8 = NULL;
    if (at < 0)
        return g_strdup("");
    const int len = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    char *text = len > 0 && !memchr(utf8, 0, (size_t)len) ? g_strndup((char *)utf8, (gsize)len) : g_strdup("");
    OPENSSL_free(utf8);
    return text;
}

void cert_id_of(CertId *id, const X509_NAME *issuer, const ASN1_INTEGER *serial)
{
    memset(id, 0, sizeof *id);
    g_autofree char *name = cert_common_name(issuer);
    g_strlcpy(id->issuer, name, sizeof id->issuer);
    if (!serial || ASN1_STRING_length(serial) < 0)
        return;
    id->serial_len = MIN((size_t)ASN1_STRING_length(serial), sizeof id->serial);
    if (id->serial_len)
        memcpy(id->serial, ASN1_STRING_get0_data(serial), id->serial_len);
}

static void add_name(GPtrArray *names, const GENERAL_NAME *general)
{
    int type;
    const ASN1_STRING *value = GENERAL_NAME_get0_value(general, &type);
    if (type != GEN_DNS && type != GEN_URI)
        return;
    const size_t len = (size_t)MAX(ASN1_STRING_length(value), 0);
    const char *text = (const char *)ASN1_STRING_get0_data(value);
    if (len == 0 || memchr(text, 0, len))
        return; /* "good.example\0.evil.example" is no name of anybody */
    g_autofree char *copy = g_strndup(text, len);
    g_ptr_array_add(names, g_strconcat(type == GEN_DNS ? "D" : "U", copy, NULL));
}

static GPtrArray *names_of(X509 *x509)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GENERAL_NAMES *all = X509_get_ext_d2i(x509, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; all && i < sk_GENERAL_NAME_num(all); i++)
        add_name(names, sk_GENERAL_NAME_value(all, i));
    GENERAL_NAMES_free(all);
    return names;
}

Cert *cert_from_x509(X509 *x509)
{
    uint8_t *der = NULL;
    const int len = i2d_X509(x509, &der);
    if (len <= 0)
        return NULL;
    Cert *cert = g_new0(Cert, 1);
    X509_up_ref(x509);
    cert->x509 = x509;
    cert->der = g_memdup2(der, (gsize)len);
    cert->der_len = (size_t)len;
    OPENSSL_free(der);
    cert->subject = cert_common_name(X509_get_subject_name(x509));
    cert->names = names_of(x509);
    cert_id_of(&cert->id, X509_get_issuer_name(x509), X509_get0_serialNumber(x509));
    ERR_clear_error();
    return cert;
}

Cert *cert_from_der(const uint8_t *der, size_t len)
{
    crypto_init();
    if (!der || len > INT_MAX)
        return NULL;
    const uint8_t *at = der;
    const CryptoRandom *before = crypto_random_use(&cert_irrelevant_random);
    X509 *x509 = d2i_X509(NULL, &at, (long)len);
    Cert *cert = x509 && at == der + len ? cert_from_x509(x509) : NULL;
    crypto_random_use(before);
    X509_free(x509);
    ERR_clear_error();
    return cert;
}

const uint8_t *cert_der(const Cert *cert, size_t *len)
{
    *len = cert->der_len;
    return cert->der;
}

const char *cert_subject(const Cert *cert)
{
    return cert->subject;
}

size_t cert_n_names(const Cert *cert)
{
    return cert->names->len;
}

CertName cert_name(const Cert *cert, size_t i)
{
    g_assert(i < cert->names->len);
    const char *stored = g_ptr_array_index(cert->names, i);
    return (CertName){ stored[0] == 'D' ? CERT_NAME_DNS : CERT_NAME_URI, stored + 1 };
}

const CertId *cert_id(const Cert *cert)
{
    return &cert->id;
}

bool cert_id_equal(const CertId *a, const CertId *b)
{
    return strcmp(a->issuer, b->issuer) == 0 && a->serial_len == b->serial_len &&
           memcmp(a->serial, b->serial, a->serial_len) == 0;
}

bool cert_has_key(const Cert *cert, const CertKey *key)
{
    const EVP_PKEY *public_key = X509_get0_pubkey(cert->x509);
    const bool same = public_key && EVP_PKEY_eq(public_key, key->pkey) == 1;
    ERR_clear_error();
    return same;
}

void cert_free(Cert *cert)
{
    if (!cert)
        return;
    X509_free(cert->x509);
    g_free(cert->der);
    g_free(cert->subject);
    g_ptr_array_unref(cert->names);
    g_free(cert);
}

/* ---- trust ---- */

CertTrust *cert_trust_new(void)
{
    crypto_init();
    CertTrust *trust = g_new0(CertTrust, 1);
    trust->store = X509_STORE_new();
    trust->roots = sk_X509_new_null();
    engine_must(trust->store && trust->roots, "a certificate store");
    return trust;
}

void cert_trust_add(CertTrust *trust, const Cert *root)
{
    X509_up_ref(root->x509);
    engine_must(sk_X509_push(trust->roots, root->x509), "keeping a root");
    engine_must(X509_STORE_add_cert(trust->store, root->x509), "trusting a root");
}

void cert_trust_free(CertTrust *trust)
{
    if (!trust)
        return;
    X509_STORE_free(trust->store);
    sk_X509_pop_free(trust->roots, X509_free);
    g_free(trust);
}

static CertResult result_of(int error)
{
    switch (error) {
    case X509_V_OK: return CERT_OK;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: return CERT_UNKNOWN_CA;
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE: return CERT_BAD_SIGNATURE;
    case X509_V_ERR_CERT_NOT_YET_VALID: return CERT_NOT_YET_VALID;
    case X509_V_ERR_CERT_HAS_EXPIRED: return CERT_EXPIRED;
    case X509_V_ERR_INVALID_PURPOSE: return CERT_WRONG_PURPOSE;
    default: return CERT_REFUSED;
    }
}

static int openssl_purpose(CertPurpose purpose)
{
    switch (purpose) {
    case CERT_FOR_SERVER: return X509_PURPOSE_SSL_SERVER;
    case CERT_FOR_CLIENT: return X509_PURPOSE_SSL_CLIENT;
    case CERT_FOR_MAIL: return X509_PURPOSE_SMIME_SIGN;
    }
    g_assert_not_reached();
}

/* OpenSSL finds the purpose wrong before it looks at signatures and dates; cert.h promises the other order, so the
 * purpose is asked apart. */
static CertResult judge(X509 *x509, STACK_OF(X509) * sent, const CertTrust *trust, int64_t now)
{
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    engine_must(ctx && X509_STORE_CTX_init(ctx, trust->store, x509, sent), "judging a certificate");
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
    X509_VERIFY_PARAM_set_time(param, (time_t)now);
    X509_VERIFY_PARAM_set_auth_level(param, 0); /* SHA-1 signatures were the rule in 2003 */
    const int ok = X509_verify_cert(ctx), error = X509_STORE_CTX_get_error(ctx);
    const CertResult result = ok == 1 ? CERT_OK : error == X509_V_OK ? CERT_REFUSED : result_of(error);
    X509_STORE_CTX_free(ctx);
    ERR_clear_error();
    return result;
}

CertResult cert_check_x509(X509 *x509, STACK_OF(X509) * sent, const CertTrust *trust, CertPurpose purpose, int64_t now)
{
    const CryptoRandom *before = crypto_random_use(&cert_irrelevant_random);
    CertResult result = judge(x509, sent, trust, now);
    if (result == CERT_OK && X509_check_purpose(x509, openssl_purpose(purpose), 0) != 1)
        result = CERT_WRONG_PURPOSE;
    crypto_random_use(before);
    return result;
}

CertResult cert_check_chain(const Cert *cert, const CertTrust *trust, CertPurpose purpose, int64_t now)
{
    return cert_check_x509(cert->x509, NULL, trust, purpose, now);
}

CertResult cert_check_der(const uint8_t *der, size_t len, const CertTrust *trust, CertPurpose purpose,
                          const CertName *name, int64_t now)
{
    g_autoptr(Cert) cert = cert_from_der(der, len);
    if (!cert)
        return CERT_NOT_A_CERTIFICATE;
    const CertResult result = cert_check_chain(cert, trust, purpose, now);
    if (result != CERT_OK)
        return result;
    return !name || cert_speaks_for(cert, *name) ? CERT_OK : CERT_WRONG_NAME;
}

const char *cert_result_name(CertResult result)
{
    switch (result) {
    case CERT_OK: return "ok";
    case CERT_NOT_A_CERTIFICATE: return "not-a-certificate";
    case CERT_UNKNOWN_CA: return "unknown-ca";
    case CERT_BAD_SIGNATURE: return "bad-signature";
    case CERT_NOT_YET_VALID: return "not-yet-valid";
    case CERT_EXPIRED: return "expired";
    case CERT_WRONG_PURPOSE: return "wrong-purpose";
    case CERT_REFUSED: return "refused";
    case CERT_WRONG_NAME: return "wrong-name";
    }
    g_assert_not_reached();
}
