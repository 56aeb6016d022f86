/*
 * tests/nodes/support/smime_pki.c - keys and certificates for S/MIME.
 */
#include "tests/nodes/support/smime_pki.h"
#include "crypto/hash.h"

#include <string.h>

enum { DAY = 86400 };

/* SHA-256 of the purpose and a block number. */
typedef struct Source {
    char purpose[128];
    uint32_t block;
} Source;

static void fill(void *ctx, uint8_t *out, size_t len)
{
    Source *source = ctx;
    uint8_t block[CRYPTO_SHA256_LEN];
    for (size_t done = 0; done < len; done += sizeof block, source->block++) {
        crypto_hash(CRYPTO_SHA256, source, sizeof *source, block);
        memcpy(out + done, block, MIN(sizeof block, len - done));
    }
}

static Source source_for(const char *purpose)
{
    Source source;
    memset(&source, 0, sizeof source);
    g_strlcpy(source.purpose, purpose, sizeof source.purpose);
    return source;
}

static Ca *make_ca(const char *purpose)
{
    Source source = source_for(purpose);
    CryptoRandom random = { fill, &source };
    return ca_new("Test CA", cert_key_generate(CERT_KEY_EC_P256, &random), PKI_EPOCH - DAY, PKI_EPOCH + 3650 * DAY,
                  &random);
}

static void free_cert(gpointer cert)
{
    cert_free(cert);
}

static void free_key(gpointer key)
{
    cert_key_free(key);
}

TestPki *test_pki_new(void)
{
    TestPki *pki = g_new0(TestPki, 1);
    pki->ca = make_ca("ca");
    pki->stranger = make_ca("stranger");
    pki->trust = cert_trust_new();
    cert_trust_add(pki->trust, ca_root(pki->ca));
    pki->certs = g_ptr_array_new_with_free_func(free_cert);
    pki->keys = g_ptr_array_new_with_free_func(free_key);
    return pki;
}

void test_pki_free(TestPki *pki)
{
    g_ptr_array_unref(pki->certs);
    g_ptr_array_unref(pki->keys);
    cert_trust_free(pki->trust);
    ca_free(pki->ca);
    ca_free(pki->stranger);
    g_free(pki);
}

Credentials test_pki_issue(TestPki *pki, const char *name, bool rsa, bool stranger)
{
    g_autofree char *purpose = g_strdup_printf("%s %d %d", name, rsa, stranger);
    Source source = source_for(purpose);
    CryptoRandom random = { fill, &source };
    CertKey *key = cert_key_generate(rsa ? CERT_KEY_RSA_2048 : CERT_KEY_EC_P256, &random);
    CertName names[] = { { strncmp(name, "sip:", 4) == 0 ? CERT_NAME_URI : CERT_NAME_DNS, name } };
    CaRequest request = { .subject = name,
                          .names = names,
                          .n_names = 1,
                          .key = key,
                          .purposes = CERT_FOR_MAIL,
                          .valid_from = PKI_EPOCH - DAY,
                          .valid_until = PKI_EPOCH + 365 * DAY };
    Cert *cert = ca_issue(stranger ? pki->stranger : pki->ca, &request, &random);
    g_assert_nonnull(cert);
    g_ptr_array_add(pki->certs, cert);
    g_ptr_array_add(pki->keys, key);
    return (Credentials){ cert, key, pki->trust };
}
