/*
 * tests/fuzz/fuzz_cms.c - octets that claim to be a certificate, a key or a CMS: read, opened and verified.
 *
 * Knows:   crypto/cms.h, crypto/ca.h.
 */
#include "crypto/ca.h"
#include "crypto/cms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fill(void *ctx, uint8_t *out, size_t len)
{
    uint32_t *next = ctx;
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)((*next = *next * 1664525u + 1013904223u) >> 24);
}

/* Made at the first input; held for the life of the process. */
typedef struct {
    Ca *ca;
    CertKey *key;
    Cert *cert;
    CertTrust *trust;
} World;

static const World *world(const CryptoRandom *random)
{
    static World one;
    if (!one.ca) {
        one.ca = ca_new("CA", cert_key_generate(CERT_KEY_EC_P256, random), 0, 2000000000, random);
        one.key = cert_key_generate(CERT_KEY_EC_P256, random);
        one.cert = ca_issue(one.ca, &(CaRequest){ .subject = "x", .key = one.key, .valid_until = 2000000000 }, random);
        one.trust = cert_trust_new();
        cert_trust_add(one.trust, ca_root(one.ca));
    }
    return &one;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t state = 1;
    const CryptoRandom random = { fill, &state };
    const World *w = world(&random);
    const CmsVerifier verifier = { .trust = w->trust, .now = 1000000000 };
    CertId ids[4];
    g_auto(CmsSigned) found = { 0 };
    g_autoptr(Cert) cert = cert_from_der(data, size);
    g_autoptr(CertKey) key = cert_key_from_der(data, size);
    g_autoptr(GBytes) content = NULL;
    g_autoptr(GBytes) clear = cms_signed_content(data, size);
    g_autoptr(GPtrArray) certs = cms_certificates(data, size);
    g_assert_false(key && cert); /* no octets are both */
    g_assert_true(cms_kind(data, size) == CMS_KIND_SIGNED || (!clear && !certs));
    g_assert_true(cert || cert_check_der(data, size, w->trust, CERT_FOR_MAIL, NULL, 0) == CERT_NOT_A_CERTIFICATE);
    g_assert_true(cms_recipients(data, size, ids, 4) == 0 || cms_signers(data, size, ids, 4) == 0);
    g_assert_true((cms_open(data, size, w->cert, w->key, &random, &content) == CMS_OK) == (content != NULL));
    if (cms_verify(data, size, NULL, 0, &verifier, &found) == CMS_OK)
        g_assert_nonnull(found.signer);
    return 0;
}
