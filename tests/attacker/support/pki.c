/*
 * tests/attacker/support/pki.c - a certification authority and some subscribers, for S/MIME between strangers.
 */
#include "tests/attacker/support/pki.h"

#include <string.h>

const int64_t pki_now = INT64_C(1052179200); /* 2003-05-06T00:00:00Z */

/* xorshift64: any octets will do */
static void fill(void *ctx, uint8_t *out, size_t len)
{
    uint64_t *state = ctx;
    for (size_t i = 0; i < len; i++) {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        out[i] = (uint8_t)(*state >> 24);
    }
}

Pki *pki_new(void)
{
    static const CertName names[PKI_N] = { [PKI_ALICE] = { CERT_NAME_URI, "sip:alice@home.example" },
                                           [PKI_BOB] = { CERT_NAME_URI, "sip:bob@home.example" },
                                           [PKI_PS] = { CERT_NAME_DNS, "ps.home.example" },
                                           [PKI_MALLORY] = { CERT_NAME_URI, "sip:mallory@home.example" } };
    Pki *pki = g_new0(Pki, 1);
    pki->state = 88172645463325252u;
    pki->random = (CryptoRandom){ fill, &pki->state };
    pki->ca = ca_new("CA", cert_key_generate(CERT_KEY_EC_P256, &pki->random), pki_now - 1000, pki_now + 1000000,
                     &pki->random);
    pki->trust = cert_trust_new();
    cert_trust_add(pki->trust, ca_root(pki->ca));
    for (unsigned i = 0; i < PKI_N; i++) {
        pki->key[i] = cert_key_generate(CERT_KEY_EC_P256, &pki->random);
        CaRequest request = { .subject = names[i].name,
                              .names = &names[i],
                              .n_names = 1,
                              .key = pki->key[i],
                              .valid_from = pki_now - 1000,
                              .valid_until = pki_now + 1000000 };
        pki->cert[i] = ca_issue(pki->ca, &request, &pki->random);
        g_assert_nonnull(pki->cert[i]);
    }
    return pki;
}

void pki_free(Pki *pki)
{
    for (unsigned i = 0; i < PKI_N; i++) {
        cert_free(pki->cert[i]);
        cert_key_free(pki->key[i]);
    }
    cert_trust_free(pki->trust);
    ca_free(pki->ca);
    g_free(pki);
}

char *pki_entity(const char *type, const char *text)
{
    return g_strdup_printf("Content-Type: %s\r\n\r\n%s", type, text);
}

static CmsSigner signer(Pki *pki, unsigned who, bool with_certificate)
{
    return (CmsSigner){ .cert = pki->cert[who],
                        .key = pki->key[who],
                        .hash = CMS_SHA256,
                        .with_certificate = with_certificate,
                        .signing_time = pki_now };
}

GBytes *pki_sign(Pki *pki, unsigned who, const char *entity, bool with_certificate)
{
    CmsSigner by = signer(pki, who, with_certificate);
    return cms_sign((const uint8_t *)entity, strlen(entity), &by, &pki->random);
}

GBytes *pki_envelope(Pki *pki, unsigned whom, const void *entity, size_t len, CmsCipher cipher)
{
    const Cert *to = pki->cert[whom];
    return cms_envelope(entity, len, &to, 1, cipher, &pki->random);
}

GBytes *pki_sign_envelope(Pki *pki, unsigned who, unsigned whom, const char *entity)
{
    CmsSigner by = signer(pki, who, true);
    const Cert *to = pki->cert[whom];
    return cms_sign_envelope((const uint8_t *)entity, strlen(entity), &by, &to, 1, CMS_AES_128_CBC, &pki->random);
}

GString *pki_notify(const char *headers, GBytes *body)
{
    gsize len;
    const char *octets = g_bytes_get_data(body, &len);
    GString *text = g_string_new(NULL);
    g_string_printf(text,
                    "NOTIFY sip:[2001:db8:1::b0b] SIP/2.0\r\n"
                    "Via: SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bKn1\r\n"
                    "From: <sip:alice@home.example>;tag=1\r\nTo: <sip:bob@home.example>;tag=2\r\n"
                    "Call-ID: n1\r\nCSeq: 1 NOTIFY\r\nEvent: presence\r\n"
                    "%sContent-Length: %zu\r\n\r\n",
                    headers, len);
    g_string_append_len(text, octets, (gssize)len);
    return text;
}
