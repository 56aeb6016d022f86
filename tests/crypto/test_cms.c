/*
 * tests/crypto/test_cms.c - signed, enveloped and both: opened by whom they are for, refused by cause, read by anybody.
 *
 * Source:  RFC 5652, RFC 3261 §23, RFC 3853; sizes measured with OpenSSL for the same parts.
 * Knows:   crypto/cms.h, tests/crypto/support/tls_ends.h (certificates).
 */
#include "crypto/cms.h"
#include "tests/crypto/support/tls_ends.h"

#include <string.h>

static const char pidf[] = "Content-Type: application/pidf+xml\r\n\r\n<presence entity=\"sip:alice@home.example\"/>";
enum { PIDF_LEN = sizeof pidf - 1 };
static const CertName alice_name = { CERT_NAME_URI, "sip:alice@home.example" };

/* bob has an RSA key, alice an EC one; both may be recipients and signers. */
static Cert *bob, *alice_expired;

static Cert *issue_mail(const char *uri, const CertKey *key, int64_t from)
{
    Source source = { 1, 20, 0 };
    const CryptoRandom random = { source_fill, &source };
    const CertName name = { CERT_NAME_URI, uri };
    const CaRequest request = { .subject = uri,
                                .names = &name,
                                .n_names = 1,
                                .key = key,
                                .purposes = CERT_FOR_MAIL,
                                .valid_from = from,
                                .valid_until = from + 100 * DAY };
    return ca_issue(pki.ca, &request, &random);
}

typedef struct {
    Source source;
    CryptoRandom random;
} Rng;

static const CryptoRandom *rng(Rng *r, uint32_t seed)
{
    r->source = (Source){ seed, 30, 0 };
    r->random = (CryptoRandom){ source_fill, &r->source };
    return &r->random;
}

static CmsSigner alice_signs(CmsHash hash, bool detached, bool with_certificate)
{
    return (CmsSigner){ .cert = pki.alice,
                        .key = pki.alice_key,
                        .hash = hash,
                        .detached = detached,
                        .with_certificate = with_certificate,
                        .signing_time = NOW + 5 };
}

static CmsVerifier verifier_of_alice(void)
{
    return (CmsVerifier){ .trust = pki.trust, .name = &alice_name, .now = NOW };
}

static GBytes *sign_as(const CmsSigner *signer, uint32_t seed)
{
    Rng r;
    GBytes *der = cms_sign((const uint8_t *)pidf, PIDF_LEN, signer, rng(&r, seed));
    g_assert_nonnull(der);
    return der;
}

static GBytes *envelope_for(const Cert *recipient, CmsCipher cipher, uint32_t seed)
{
    Rng r;
    GBytes *der = cms_envelope((const uint8_t *)pidf, PIDF_LEN, &recipient, 1, cipher, rng(&r, seed));
    g_assert_nonnull(der);
    return der;
}

static CmsResult open_as(GBytes *der, const Cert *cert, const CertKey *key, GBytes **content)
{
    Rng r;
    return cms_open(g_bytes_get_data(der, NULL), g_bytes_get_size(der), cert, key, rng(&r, 99), content);
}

static CmsResult verify(GBytes *der, bool beside, const CmsVerifier *verifier, CmsSigned *found)
{
    return cms_verify(g_bytes_get_data(der, NULL), g_bytes_get_size(der), beside ? (const uint8_t *)pidf : NULL,
                      beside ? PIDF_LEN : 0, verifier, found);
}

static void assert_pidf(GBytes *content)
{
    g_assert_nonnull(content);
    g_assert_cmpmem(g_bytes_get_data(content, NULL), g_bytes_get_size(content), pidf, PIDF_LEN);
}

/* ---- enveloped ---- */

static void test_an_envelope_opens_for_its_recipient(void)
{
    const Cert *certs[] = { bob, pki.alice };
    const CertKey *keys[] = { pki.rsa, pki.alice_key };
    for (CmsCipher cipher = CMS_AES_128_CBC; cipher <= CMS_DES_EDE3_CBC; cipher++) {
        for (int i = 0; i < 2; i++) {
            g_autoptr(GBytes) der = envelope_for(certs[i], cipher, 1);
            g_autoptr(GBytes) content = NULL, none = NULL;
            g_assert_null(memmem(g_bytes_get_data(der, NULL), g_bytes_get_size(der), "presence", 8));
            g_assert_cmpint(open_as(der, certs[i], keys[i], &content), ==, CMS_OK);
            assert_pidf(content);
            g_assert_cmpint(open_as(der, certs[!i], keys[!i], &none), ==, CMS_NOT_FOR_US);
            g_assert_null(none);
        }
    }
}

static void test_an_envelope_for_two(void)
{
    Rng r;
    const Cert *both[] = { bob, pki.alice };
    g_autoptr(GBytes) der = cms_envelope((const uint8_t *)pidf, PIDF_LEN, both, 2, CMS_AES_128_CBC, rng(&r, 1));
    g_autoptr(GBytes) a = NULL, b = NULL;
    g_assert_cmpint(open_as(der, bob, pki.rsa, &a), ==, CMS_OK);
    g_assert_cmpint(open_as(der, pki.alice, pki.alice_key, &b), ==, CMS_OK);
    assert_pidf(a);
    assert_pidf(b);
    CertId ids[2];
    g_assert_cmpuint(cms_recipients(g_bytes_get_data(der, NULL), g_bytes_get_size(der), ids, 2), ==, 2);
    const bool bob_first = cert_id_equal(&ids[0], cert_id(bob));
    g_assert_true(cert_id_equal(&ids[!bob_first], cert_id(bob)) && cert_id_equal(&ids[bob_first], cert_id(pki.alice)));
    g_assert_cmpuint(cms_recipients(g_bytes_get_data(der, NULL), g_bytes_get_size(der), ids, 1), ==, 2);
}

static void test_an_envelope_needs_recipients(void)
{
    Rng r;
    g_assert_null(cms_envelope((const uint8_t *)pidf, PIDF_LEN, NULL, 0, CMS_AES_128_CBC, rng(&r, 1)));
}

static void test_a_damaged_envelope(void)
{
    g_autoptr(GBytes) der = envelope_for(pki.alice, CMS_AES_128_CBC, 1);
    const gsize len = g_bytes_get_size(der);
    g_autofree uint8_t *changed = g_memdup2(g_bytes_get_data(der, NULL), len);
    g_autoptr(GBytes) content = NULL;
    Rng r;
    changed[len - 20] ^= 1; /* the last octet of padding, through the chaining */
    changed[len - 17] ^= 1;
    g_assert_cmpint(cms_open(changed, len, pki.alice, pki.alice_key, rng(&r, 1), &content), ==, CMS_UNDECIPHERABLE);
    g_assert_null(content);
}

static void test_the_wrong_key_does_not_open(void)
{
    Rng r;
    g_autoptr(CertKey) other = cert_key_generate(CERT_KEY_EC_P256, rng(&r, 5));
    g_autoptr(GBytes) der = envelope_for(pki.alice, CMS_AES_128_CBC, 1);
    g_autoptr(GBytes) content = NULL;
    g_assert_cmpint(open_as(der, pki.alice, other, &content), ==, CMS_UNDECIPHERABLE);
}

/* ---- signed ---- */

static void test_every_form_of_signature_verifies(void)
{
    for (unsigned form = 0; form < 16; form++) {
        const bool detached = form & 1, with_certificate = form & 2, rsa = form & 8;
        CmsSigner signer = alice_signs(form & 4 ? CMS_SHA1 : CMS_SHA256, detached, with_certificate);
        CmsVerifier verifier = verifier_of_alice();
        const CertName bob_name = { CERT_NAME_URI, "sip:bob@home.example" };
        if (rsa) {
            signer.cert = bob;
            signer.key = pki.rsa;
            verifier.name = &bob_name;
        }
        const Cert *known[] = { pki.ec_cert, signer.cert };
        verifier.known = with_certificate ? NULL : known;
        verifier.n_known = with_certificate ? 0 : 2;
        g_auto(CmsSigned) found = { 0 };
        g_autoptr(GBytes) der = sign_as(&signer, 1);
        g_assert_cmpstr(cms_result_name(verify(der, detached, &verifier, &found)), ==, "ok");
        g_assert_cmpint(found.signing_time, ==, NOW + 5);
        g_assert_true(cert_id_equal(cert_id(found.signer), cert_id(signer.cert)));
        if (detached)
            g_assert_null(found.content);
        else
            assert_pidf(found.content);
    }
}

static CmsResult verify_changed(const CmsSigner *signer, const CmsVerifier *verifier)
{
    g_auto(CmsSigned) found = { 0 };
    g_autoptr(GBytes) der = sign_as(signer, 1);
    return verify(der, signer->detached, verifier, &found);
}

static void test_signatures_are_refused_by_cause(void)
{
    CmsVerifier verifier = verifier_of_alice();
    CmsSigner signer = alice_signs(CMS_SHA256, true, true);
    static const CertName carol = { CERT_NAME_URI, "sip:carol@home.example" };
    verifier.name = &carol;
    g_assert_cmpint(verify_changed(&signer, &verifier), ==, CMS_WRONG_NAME);
    verifier.name = NULL;
    g_assert_cmpint(verify_changed(&signer, &verifier), ==, CMS_OK);
    signer.with_certificate = false;
    g_assert_cmpint(verify_changed(&signer, &verifier), ==, CMS_NO_CERTIFICATE);
    signer.with_certificate = true;
    signer.cert = alice_expired;
    g_autoptr(GBytes) der = sign_as(&signer, 1);
    g_auto(CmsSigned) found = { 0 };
    g_assert_cmpint(verify(der, true, &verifier, &found), ==, CMS_NOT_TRUSTED);
    g_assert_cmpint(found.certificate, ==, CERT_EXPIRED);
    g_assert_nonnull(found.signer);
    verifier.trust = NULL; /* the first-use exchange of RFC 3261 §23.2 */
    g_assert_cmpint(verify_changed(&signer, &verifier), ==, CMS_OK);
}

static void test_a_stranger_with_the_same_name_is_not_trusted(void)
{
    Rng r;
    const CaRequest request = { .subject = "sip:alice@home.example",
                                .names = &alice_name,
                                .n_names = 1,
                                .key = pki.ec,
                                .valid_from = NOW - DAY,
                                .valid_until = NOW + DAY };
    g_autoptr(Cert) forged = ca_issue(pki.stranger, &request, rng(&r, 3));
    CmsSigner signer = alice_signs(CMS_SHA256, false, true);
    signer.cert = forged;
    signer.key = pki.ec;
    const CmsVerifier verifier = verifier_of_alice();
    g_auto(CmsSigned) found = { 0 };
    g_autoptr(GBytes) der = sign_as(&signer, 1);
    g_assert_cmpint(verify(der, false, &verifier, &found), ==, CMS_NOT_TRUSTED);
    g_assert_cmpint(found.certificate, ==, CERT_UNKNOWN_CA);
}

static void test_changed_content_is_noticed(void)
{
    const CmsVerifier verifier = verifier_of_alice();
    for (int detached = 0; detached < 2; detached++) {
        const CmsSigner signer = alice_signs(CMS_SHA256, detached, true);
        g_autoptr(GBytes) der = sign_as(&signer, 1);
        g_auto(CmsSigned) found = { 0 };
        const gsize len = g_bytes_get_size(der);
        g_autofree uint8_t *changed = g_memdup2(g_bytes_get_data(der, NULL), len);
        g_autofree char *other = g_strdup(pidf);
        other[PIDF_LEN - 3] ^= 1;
        if (!detached)
            ((uint8_t *)memmem(changed, len, "presence", 8))[0] ^= 1;
        g_assert_cmpint(
            cms_verify(changed, len, detached ? (uint8_t *)other : NULL, detached ? PIDF_LEN : 0, &verifier, &found),
            ==, CMS_BAD_SIGNATURE);
    }
}

static void test_content_must_be_in_one_place(void)
{
    const CmsVerifier verifier = verifier_of_alice();
    for (int detached = 0; detached < 2; detached++) {
        const CmsSigner signer = alice_signs(CMS_SHA256, detached, true);
        g_autoptr(GBytes) der = sign_as(&signer, 1);
        g_auto(CmsSigned) found = { 0 };
        g_assert_cmpint(verify(der, !detached, &verifier, &found), ==, CMS_MALFORMED);
        g_assert_null(found.content);
    }
}

static void test_a_signer_needs_its_own_key(void)
{
    Rng r;
    CmsSigner signer = alice_signs(CMS_SHA256, false, true);
    signer.key = pki.ec;
    g_assert_null(cms_sign((const uint8_t *)pidf, PIDF_LEN, &signer, rng(&r, 1)));
}

/* ---- both ---- */

static void test_signed_and_enveloped(void)
{
    Rng r;
    const Cert *recipient = bob;
    const CmsSigner signer = alice_signs(CMS_SHA1, false, true);
    const CmsVerifier verifier = verifier_of_alice();
    g_autoptr(GBytes) der =
        cms_sign_envelope((const uint8_t *)pidf, PIDF_LEN, &signer, &recipient, 1, CMS_DES_EDE3_CBC, rng(&r, 1));
    const uint8_t *octets = g_bytes_get_data(der, NULL);
    const gsize len = g_bytes_get_size(der);
    g_auto(CmsSigned) found = { 0 }, other = { 0 };
    g_assert_cmpint(cms_kind(octets, len), ==, CMS_KIND_ENVELOPED);
    g_assert_null(memmem(octets, len, "alice", 5)); /* the signer is hidden, too */
    g_assert_cmpint(cms_open_verify(octets, len, bob, pki.rsa, &verifier, rng(&r, 2), &found), ==, CMS_OK);
    assert_pidf(found.content);
    g_assert_cmpint(cms_open_verify(octets, len, pki.alice, pki.alice_key, &verifier, rng(&r, 2), &other), ==,
                    CMS_NOT_FOR_US);
    g_autoptr(GBytes) unsigned_der = envelope_for(bob, CMS_AES_128_CBC, 1);
    g_assert_cmpint(cms_open_verify(g_bytes_get_data(unsigned_der, NULL), g_bytes_get_size(unsigned_der), bob, pki.rsa,
                                    &verifier, rng(&r, 2), &other),
                    ==, CMS_MALFORMED);
}

/* ---- determinism ---- */

static void test_same_seed_same_octets(void)
{
    const CmsSigner signers[] = { alice_signs(CMS_SHA256, true, true),
                                  { .cert = bob, .key = pki.rsa, .signing_time = NOW, .with_certificate = true } };
    for (size_t i = 0; i < G_N_ELEMENTS(signers); i++) {
        g_autoptr(GBytes) a = sign_as(&signers[i], 1);
        g_autoptr(GBytes) b = sign_as(&signers[i], 1);
        g_assert_true(g_bytes_equal(a, b));
    }
    g_autoptr(GBytes) other = sign_as(&signers[0], 2);
    g_autoptr(GBytes) one = sign_as(&signers[0], 1);
    g_assert_false(g_bytes_equal(one, other));
    const Cert *certs[] = { bob, pki.alice };
    for (int i = 0; i < 2; i++) {
        g_autoptr(GBytes) a = envelope_for(certs[i], CMS_AES_128_CBC, 1);
        g_autoptr(GBytes) b = envelope_for(certs[i], CMS_AES_128_CBC, 1);
        g_autoptr(GBytes) c = envelope_for(certs[i], CMS_AES_128_CBC, 2);
        g_assert_true(g_bytes_equal(a, b));
        g_assert_false(g_bytes_equal(a, c));
    }
}

/* ---- what anybody reads ---- */

static void test_an_observer_reads_names_and_clear_content(void)
{
    CertId id;
    const CmsSigner signer = alice_signs(CMS_SHA256, false, true);
    g_autoptr(GBytes) envelope = envelope_for(pki.alice, CMS_AES_128_CBC, 1);
    g_autoptr(GBytes) signature = sign_as(&signer, 1);
    const uint8_t *e = g_bytes_get_data(envelope, NULL), *s = g_bytes_get_data(signature, NULL);
    const gsize e_len = g_bytes_get_size(envelope), s_len = g_bytes_get_size(signature);
    g_assert_cmpint(cms_kind(e, e_len), ==, CMS_KIND_ENVELOPED);
    g_assert_cmpint(cms_kind(s, s_len), ==, CMS_KIND_SIGNED);
    g_assert_cmpuint(cms_recipients(e, e_len, &id, 1), ==, 1);
    g_assert_true(cert_id_equal(&id, cert_id(pki.alice)));
    g_assert_cmpuint(cms_recipients(s, s_len, &id, 1), ==, 0);
    g_assert_cmpuint(cms_signers(s, s_len, &id, 1), ==, 1);
    g_assert_true(cert_id_equal(&id, cert_id(pki.alice)));
    g_assert_cmpuint(cms_signers(e, e_len, &id, 1), ==, 0);
    g_autoptr(GBytes) content = cms_signed_content(s, s_len);
    assert_pidf(content);
    g_assert_null(cms_signed_content(e, e_len));
    g_autoptr(GPtrArray) certs = cms_certificates(s, s_len);
    g_assert_cmpuint(certs->len, ==, 1);
    g_assert_cmpstr(cert_subject(g_ptr_array_index(certs, 0)), ==, "sip:alice@home.example");
    g_assert_null(cms_certificates(e, e_len));
}

/* ---- hostile octets ---- */

static void try_everything(const uint8_t *octets, gsize len)
{
    Rng r;
    CertId ids[4];
    const CmsVerifier verifier = verifier_of_alice();
    g_autoptr(GBytes) content = NULL;
    g_auto(CmsSigned) found = { 0 };
    (void)cms_recipients(octets, len, ids, 4);
    (void)cms_signers(octets, len, ids, 4);
    g_autoptr(GBytes) clear = cms_signed_content(octets, len);
    g_autoptr(GPtrArray) certs = cms_certificates(octets, len);
    g_assert_true(cms_kind(octets, len) == CMS_KIND_SIGNED || (!clear && !certs));
    const CmsResult opened = cms_open(octets, len, pki.alice, pki.alice_key, rng(&r, 1), &content);
    g_assert_true((opened == CMS_OK) == (content != NULL));
    const CmsResult verified = cms_verify(octets, len, NULL, 0, &verifier, &found);
    g_assert_true(verified != CMS_OK || (found.signer && found.content));
}

/* The first block is changed by the IV; a later one by the block before, which is garbage then (CBC). */
static void test_a_ciphertext_can_be_changed_in_place(void)
{
    for (CmsCipher cipher = CMS_AES_128_CBC; cipher <= CMS_DES_EDE3_CBC; cipher++) {
        g_autoptr(GBytes) der = envelope_for(pki.alice, cipher, 3);
        gsize len = g_bytes_get_size(der);
        g_autofree uint8_t *copy = g_memdup2(g_bytes_get_data(der, NULL), len);
        CmsCiphertext at;
        g_assert_true(cms_ciphertext(copy, len, &at));
        g_assert_cmpuint(at.iv_len, ==, cipher == CMS_AES_128_CBC ? 16 : 8);
        g_assert_cmpuint(at.len, ==, (PIDF_LEN / at.iv_len + 1) * at.iv_len);
        copy[at.iv] ^= 'C' ^ 'c';
        copy[at.content + 1] ^= pidf[at.iv_len + 1] ^ '!';
        g_autoptr(GBytes) changed = g_bytes_new(copy, len), content = NULL;
        g_assert_cmpint(open_as(changed, pki.alice, pki.alice_key, &content), ==, CMS_OK);
        const char *text = g_bytes_get_data(content, NULL);
        g_assert_cmpint(text[at.iv_len + 1], ==, '!');
        g_assert_cmpmem(text + at.iv_len + 2, PIDF_LEN - at.iv_len - 2, pidf + at.iv_len + 2, PIDF_LEN - at.iv_len - 2);
        g_assert_true(memcmp(text, pidf, at.iv_len) != 0); /* garbage, for the block before was changed too */
    }
    CmsCiphertext at;
    CmsSigner signer = alice_signs(CMS_SHA256, false, true);
    g_autoptr(GBytes) der = sign_as(&signer, 1);
    g_assert_false(cms_ciphertext(g_bytes_get_data(der, NULL), g_bytes_get_size(der), &at));
    g_assert_false(cms_ciphertext((const uint8_t *)pidf, PIDF_LEN, &at));
}

static void test_changed_and_cut_octets_never_crash(void)
{
    const CmsSigner signer = alice_signs(CMS_SHA256, false, true);
    GBytes *all[] = { envelope_for(pki.alice, CMS_AES_128_CBC, 1), sign_as(&signer, 1) };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        const gsize len = g_bytes_get_size(all[i]);
        for (gsize at = 0; at < len; at += 2) {
            g_autofree uint8_t *changed = g_memdup2(g_bytes_get_data(all[i], NULL), len);
            changed[at] ^= (uint8_t)(1u << at / 2 % 8);
            try_everything(changed, len);
            g_assert_cmpint(cms_kind(changed, at), ==, CMS_KIND_NONE);
        }
        g_bytes_unref(all[i]);
    }
    try_everything((const uint8_t *)"", 0);
    try_everything(NULL, 0);
}

#define ADD(name, function) g_test_add_func("/crypto/cms/" name, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    pki_make();
    bob = issue_mail("sip:bob@home.example", pki.rsa, NOW - DAY);
    alice_expired = issue_mail("sip:alice@home.example", pki.alice_key, NOW - 200 * DAY);
    ADD("an-envelope-opens-for-its-recipient", test_an_envelope_opens_for_its_recipient);
    ADD("an-envelope-for-two", test_an_envelope_for_two);
    ADD("an-envelope-needs-recipients", test_an_envelope_needs_recipients);
    ADD("a-damaged-envelope", test_a_damaged_envelope);
    ADD("the-wrong-key-does-not-open", test_the_wrong_key_does_not_open);
    ADD("every-form-of-signature-verifies", test_every_form_of_signature_verifies);
    ADD("signatures-are-refused-by-cause", test_signatures_are_refused_by_cause);
    ADD("a-stranger-with-the-same-name-is-not-trusted", test_a_stranger_with_the_same_name_is_not_trusted);
    ADD("changed-content-is-noticed", test_changed_content_is_noticed);
    ADD("content-must-be-in-one-place", test_content_must_be_in_one_place);
    ADD("a-signer-needs-its-own-key", test_a_signer_needs_its_own_key);
    ADD("signed-and-enveloped", test_signed_and_enveloped);
    ADD("same-seed-same-octets", test_same_seed_same_octets);
    ADD("an-observer-reads-names-and-clear-content", test_an_observer_reads_names_and_clear_content);
    ADD("a-ciphertext-can-be-changed-in-place", test_a_ciphertext_can_be_changed_in_place);
    ADD("changed-and-cut-octets-never-crash", test_changed_and_cut_octets_never_crash);
    const int result = g_test_run();
    cert_free(bob);
    cert_free(alice_expired);
    pki_free();
    return result;
}
