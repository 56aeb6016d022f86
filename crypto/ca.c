/*
 * crypto/ca.c - a small certification authority.
 *
 * Source:  RFC 5280 §4.1, §4.2.
 * Knows:   see ca.h.
 */
#include "crypto/ca.h"

#include "crypto/cert_parts.h"
#include "crypto/engine.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

enum { COMMON_NAME_MAX = 64, SERIAL_LEN = 8 }; /* ub-common-name, RFC 5280 Appendix A.1 */

struct Ca {
    CertKey *key;
    Cert *root;
};

/* The serial follows from everything that tells two certificates apart; positive and never shorter: the first octet
 * is 0x40 to 0x7f. */
static void set_serial(X509 *x509, const char *issuer, const CaRequest *request)
{
    g_autoptr(CryptoSha256) sha = crypto_sha256_new();
    uint8_t *spki = NULL, digest[CRYPTO_SHA256_LEN];
    const int spki_len = i2d_PUBKEY(request->key->pkey, &spki);
    engine_must(spki_len, "encoding a public key");
    g_autofree char *facts =
        g_strdup_printf("%s|%s|%u|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT "|%d", issuer, request->subject,
                        request->purposes, request->valid_from, request->valid_until, request->sha1);
    crypto_sha256_update(sha, facts, strlen(facts) + 1);
    for (size_t i = 0; i < request->n_names; i++)
        crypto_sha256_update(sha, request->names[i].name, strlen(request->names[i].name) + 1);
    crypto_sha256_update(sha, spki, (size_t)spki_len);
    OPENSSL_free(spki);
    crypto_sha256_get(sha, digest);
    digest[0] = (uint8_t)((digest[0] & 0x3f) | 0x40);
    BIGNUM *number = BN_bin2bn(digest, SERIAL_LEN, NULL);
    engine_must(number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)), "a serial number");
    BN_free(number);
}

static bool set_subject(X509 *x509, const char *common_name)
{
    const size_t len = strlen(common_name);
    return len > 0 && len <= COMMON_NAME_MAX && g_utf8_validate(common_name, (gssize)len, NULL) &&
           X509_NAME_add_entry_by_NID(X509_get_subject_name(x509), NID_commonName, MBSTRING_UTF8,
                                      (const uint8_t *)common_name, (int)len, -1, 0);
}

static void add_extension(X509 *x509, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, issuer, x509, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    engine_must(extension && X509_add_ext(x509, extension, -1), "a certificate extension");
    X509_EXTENSION_free(extension);
}

/* An IA5String each, RFC 5280 §4.2.1.6; built from octets, so that no character of a name has a meaning on the way. */
static bool add_names(X509 *x509, const CertName names[], size_t n)
{
    GENERAL_NAMES *all = GENERAL_NAMES_new();
    bool fit = true;
    for (size_t i = 0; i < n; i++) {
        GENERAL_NAME *general = GENERAL_NAME_new();
        ASN1_IA5STRING *text = ASN1_IA5STRING_new();
        fit = fit && names[i].name[0] && g_str_is_ascii(names[i].name);
        engine_must(ASN1_STRING_set(text, names[i].name, -1), "a name");
        GENERAL_NAME_set0_value(general, names[i].kind == CERT_NAME_DNS ? GEN_DNS : GEN_URI, text);
        sk_GENERAL_NAME_push(all, general);
    }
    if (fit && n > 0)
        engine_must(X509_add1_ext_i2d(x509, NID_subject_alt_name, all, 0, 0), "subjectAltName");
    GENERAL_NAMES_free(all);
    return fit;
}

static void add_purposes(X509 *x509, X509 *issuer, const CaRequest *request)
{
    const bool rsa = cert_key_kind(request->key) == CERT_KEY_RSA_2048;
    g_autoptr(GString) usage = g_string_new(NULL);
    const unsigned purposes = request->purposes;
    add_extension(x509, issuer, NID_key_usage,
                  rsa ? "critical,digitalSignature,keyEncipherment" : "critical,digitalSignature,keyAgreement");
    if (purposes & CERT_FOR_SERVER)
        g_string_append(usage, "serverAuth,");
    if (purposes & CERT_FOR_CLIENT)
        g_string_append(usage, "clientAuth,");
    if (purposes & CERT_FOR_MAIL)
        g_string_append(usage, "emailProtection,");
    if (usage->len == 0)
        return;
    g_string_truncate(usage, usage->len - 1);
    add_extension(x509, issuer, NID_ext_key_usage, usage->str);
}

static Cert *sign(X509 *x509, const CertKey *key, bool sha1, const CryptoRandom *random)
{
    EVP_PKEY *signer = cert_key_for_use(key);
    const CryptoRandom *before = crypto_random_use(random);
    engine_must(X509_sign(x509, signer, sha1 ? EVP_sha1() : EVP_sha256()), "signing a certificate");
    Cert *cert = cert_from_x509(x509);
    crypto_random_use(before);
    EVP_PKEY_free(signer);
    engine_must(cert != NULL, "encoding a certificate");
    return cert;
}

/* All but extensions and signature.  NULL: the subject does not fit. */
static X509 *begin(const char *issuer, const CaRequest *request)
{
    crypto_init();
    X509 *x509 = X509_new();
    engine_must(x509 && X509_set_version(x509, X509_VERSION_3) && X509_set_pubkey(x509, request->key->pkey),
                "a certificate");
    engine_must(ASN1_TIME_set(X509_getm_notBefore(x509), (time_t)request->valid_from) != NULL, "notBefore");
    engine_must(ASN1_TIME_set(X509_getm_notAfter(x509), (time_t)request->valid_until) != NULL, "notAfter");
    if (!set_subject(x509, request->subject)) {
        X509_free(x509);
        ERR_clear_error();
        return NULL;
    }
    set_serial(x509, issuer, request);
    return x509;
}

Ca *ca_new(const char *name, CertKey *key, int64_t valid_from, int64_t valid_until, const CryptoRandom *random)
{
    const CaRequest request = { .subject = name, .key = key, .valid_from = valid_from, .valid_until = valid_until };
    X509 *x509 = begin(name, &request);
    engine_must(x509 != NULL, "the name of a CA");
    engine_must(X509_set_issuer_name(x509, X509_get_subject_name(x509)), "an issuer");
    add_extension(x509, x509, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(x509, x509, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(x509, x509, NID_subject_key_identifier, "hash");
    Ca *ca = g_new0(Ca, 1);
    ca->root = sign(x509, key, false, random);
    ca->key = key;
    X509_free(x509);
    return ca;
}

Ca *ca_load(CertKey *key, Cert *root)
{
    if (!cert_has_key(root, key)) {
        cert_key_free(key);
        cert_free(root);
        return NULL;
    }
    Ca *ca = g_new0(Ca, 1);
    ca->key = key;
    ca->root = root;
    return ca;
}

const Cert *ca_root(const Ca *ca)
{
    return ca->root;
}

const CertKey *ca_key(const Ca *ca)
{
    return ca->key;
}

Cert *ca_issue(const Ca *ca, const CaRequest *request, const CryptoRandom *random)
{
    X509 *x509 = begin(ca->root->subject, request), *issuer = ca->root->x509;
    if (!x509)
        return NULL;
    engine_must(X509_set_issuer_name(x509, X509_get_subject_name(issuer)), "an issuer");
    Cert *cert = NULL;
    if (add_names(x509, request->names, request->n_names)) {
        if (X509_get0_subject_key_id(issuer)) /* a loaded root may have none */
            add_extension(x509, issuer, NID_authority_key_identifier, "keyid");
        add_purposes(x509, issuer, request);
        cert = sign(x509, ca->key, request->sha1, random);
    }
    X509_free(x509);
    return cert;
}

void ca_free(Ca *ca)
{
    if (!ca)
        return;
    cert_key_free(ca->key);
    cert_free(ca->root);
    g_free(ca);
}
