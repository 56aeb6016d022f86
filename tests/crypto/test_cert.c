/*
 * tests/crypto/test_cert.c - keys and certificates: the same from the same seed, stored and read again, judged by
 * cause.
 *
 * Source:  RFC 5280 §4.1, §6.1; RFC 5922 §7.
 * Knows:   tests/crypto/support/tls_ends.h.
 */
#include "tests/crypto/support/tls_ends.h"

#include <string.h>

static const CertName pcscf = { CERT_NAME_DNS, "pcscf.visited.example" };

static GBytes *key_from(uint32_t seed, CertKeyKind kind)
{
    Source source = { seed, 3, 0 };
    const CryptoRandom random = { source_fill, &source };
    g_autoptr(CertKey) key = cert_key_generate(kind, &random);
    return cert_key_to_der(key);
}

static void test_the_same_seed_makes_the_same_key(void)
{
    for (CertKeyKind kind = CERT_KEY_RSA_2048; kind <= CERT_KEY_EC_P256; kind++) {
        g_autoptr(GBytes) a = key_from(1, kind);
        g_autoptr(GBytes) b = key_from(1, kind);
        g_autoptr(GBytes) c = key_from(2, kind);
        g_assert_true(g_bytes_equal(a, b));
        g_assert_false(g_bytes_equal(a, c));
    }
}

static void test_a_stored_key_is_the_same_key(void)
{
    const CertKey *keys[] = { pki.rsa, pki.ec };
    const Cert *certs[] = { pki.rsa_cert, pki.ec_cert };
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autoptr(GBytes) der = cert_key_to_der(keys[i]);
        gsize len;
        const uint8_t *octets = g_bytes_get_data(der, &len);
        g_autoptr(CertKey) again = cert_key_from_der(octets, len);
        g_assert_nonnull(again);
        g_assert_cmpint(cert_key_kind(again), ==, cert_key_kind(keys[i]));
        g_assert_true(cert_has_key(certs[i], again));
        g_assert_false(cert_has_key(certs[!i], again));
        g_autoptr(GBytes) der_again = cert_key_to_der(again);
        g_assert_true(g_bytes_equal(der, der_again));
        g_assert_null(cert_key_from_der(octets, len - 1));
    }
    g_assert_null(cert_key_from_der((const uint8_t *)"no key", 6));
    g_assert_null(cert_key_from_der(NULL, 0));
}

static void test_a_stored_ca_goes_on(void)
{
    g_autoptr(GBytes) key_der = cert_key_to_der(ca_key(pki.ca));
    gsize key_len;
    size_t root_len, len, again_len;
    const uint8_t *key_octets = g_bytes_get_data(key_der, &key_len), *root = cert_der(ca_root(pki.ca), &root_len);
    g_autoptr(Ca) ca = ca_load(cert_key_from_der(key_octets, key_len), cert_from_der(root, root_len));
    g_assert_nonnull(ca);
    const CaRequest request = {
        .subject = "x", .names = &pcscf, .n_names = 1, .key = pki.ec, .valid_until = NOW + DAY
    };
    Source source = { 1, 4, 0 }, source_again = { 1, 4, 0 };
    const CryptoRandom random = { source_fill, &source }, again_random = { source_fill, &source_again };
    g_autoptr(Cert) cert = ca_issue(pki.ca, &request, &random);
    g_autoptr(Cert) again = ca_issue(ca, &request, &again_random);
    const uint8_t *octets = cert_der(cert, &len), *again_octets = cert_der(again, &again_len);
    g_assert_cmpmem(octets, len, again_octets, again_len);
    g_assert_null(ca_load(cert_key_from_der(key_octets, key_len), cert_from_der(octets, len)));
}

static void test_what_a_certificate_says(void)
{
    g_assert_cmpstr(cert_subject(pki.alice), ==, "sip:alice@home.example");
    g_assert_cmpuint(cert_n_names(pki.alice), ==, 1);
    g_assert_cmpint(cert_name(pki.alice, 0).kind, ==, CERT_NAME_URI);
    g_assert_cmpstr(cert_name(pki.alice, 0).name, ==, "sip:alice@home.example");
    g_assert_cmpstr(cert_id(pki.alice)->issuer, ==, "Test CA");
    g_assert_cmpuint(cert_id(pki.alice)->serial_len, ==, 8);
    g_assert_true(cert_id_equal(cert_id(pki.alice), cert_id(pki.alice)));
    g_assert_false(cert_id_equal(cert_id(pki.alice), cert_id(pki.ec_cert)));
    g_assert_cmpuint(cert_n_names(ca_root(pki.ca)), ==, 0);
}

static void test_requests_that_fit_no_certificate(void)
{
    static const CertName foreign = { CERT_NAME_DNS, "p\xc3\xa9.example" }, empty = { CERT_NAME_URI, "" };
    g_autofree char *long_name = g_strnfill(65, 'x');
    Source source = { 1, 4, 0 };
    const CryptoRandom random = { source_fill, &source };
    CaRequest request = { .subject = long_name, .key = pki.ec, .valid_until = NOW };
    g_assert_null(ca_issue(pki.ca, &request, &random));
    request.subject = "";
    g_assert_null(ca_issue(pki.ca, &request, &random));
    request.subject = "x";
    request.names = &foreign;
    request.n_names = 1;
    g_assert_null(ca_issue(pki.ca, &request, &random));
    request.names = &empty;
    g_assert_null(ca_issue(pki.ca, &request, &random));
}

static void assert_chain(const Cert *cert, CertPurpose purpose, int64_t now, CertResult expected)
{
    g_assert_cmpstr(cert_result_name(cert_check_chain(cert, pki.trust, purpose, now)), ==, cert_result_name(expected));
}

static void test_a_chain_is_judged_by_cause(void)
{
    const int64_t from = NOW - DAY, until = from + 365 * DAY;
    assert_chain(pki.ec_cert, CERT_FOR_SERVER, NOW, CERT_OK);
    assert_chain(pki.rsa_cert, CERT_FOR_SERVER, NOW, CERT_OK);
    assert_chain(pki.ec_cert, CERT_FOR_SERVER, from, CERT_OK);
    assert_chain(pki.ec_cert, CERT_FOR_SERVER, from - 1, CERT_NOT_YET_VALID);
    assert_chain(pki.ec_cert, CERT_FOR_SERVER, until - 1, CERT_OK);
    assert_chain(pki.ec_cert, CERT_FOR_SERVER, until, CERT_EXPIRED);
    assert_chain(pki.ec_cert, CERT_FOR_CLIENT, NOW, CERT_WRONG_PURPOSE);
    assert_chain(pki.ec_cert, CERT_FOR_MAIL, NOW, CERT_WRONG_PURPOSE);
    assert_chain(pki.alice, CERT_FOR_MAIL, NOW, CERT_OK);
    assert_chain(pki.alice, CERT_FOR_CLIENT, NOW, CERT_OK);
    assert_chain(pki.unknown, CERT_FOR_SERVER, NOW, CERT_UNKNOWN_CA);
    assert_chain(ca_root(pki.stranger), CERT_FOR_SERVER, NOW, CERT_UNKNOWN_CA);
}

static void test_a_chain_is_judged_from_octets(void)
{
    size_t len;
    const uint8_t *der = cert_der(pki.ec_cert, &len);
    g_autofree uint8_t *changed = g_memdup2(der, len);
    static const CertName other = { CERT_NAME_DNS, "evil.example" };
    g_assert_cmpint(cert_check_der(der, len, pki.trust, CERT_FOR_SERVER, &pcscf, NOW), ==, CERT_OK);
    g_assert_cmpint(cert_check_der(der, len, pki.trust, CERT_FOR_SERVER, NULL, NOW), ==, CERT_OK);
    g_assert_cmpint(cert_check_der(der, len, pki.trust, CERT_FOR_SERVER, &other, NOW), ==, CERT_WRONG_NAME);
    g_assert_cmpint(cert_check_der(der, len - 1, pki.trust, CERT_FOR_SERVER, &pcscf, NOW), ==, CERT_NOT_A_CERTIFICATE);
    uint8_t *name = memmem(changed, len, "visited", 7);
    g_assert_nonnull(name);
    name[0] ^= 1;
    g_assert_cmpint(cert_check_der(changed, len, pki.trust, CERT_FOR_SERVER, NULL, NOW), ==, CERT_BAD_SIGNATURE);
}

static void test_a_subscriber_is_no_ca(void)
{
    Source source = { 1, 9, 0 };
    const CryptoRandom random = { source_fill, &source };
    size_t len;
    const uint8_t *der = cert_der(pki.alice, &len);
    g_autoptr(GBytes) key_der = cert_key_to_der(pki.alice_key);
    gsize key_len;
    const uint8_t *key = g_bytes_get_data(key_der, &key_len);
    g_autoptr(Ca) alices = ca_load(cert_key_from_der(key, key_len), cert_from_der(der, len));
    const CaRequest request = { .subject = "pcscf",
                                .names = &pcscf,
                                .n_names = 1,
                                .key = pki.ec,
                                .valid_from = NOW - DAY,
                                .valid_until = NOW + DAY };
    g_autoptr(Cert) cert = ca_issue(alices, &request, &random);
    g_autoptr(CertTrust) trust = cert_trust_new();
    cert_trust_add(trust, ca_root(pki.ca));
    cert_trust_add(trust, pki.alice);
    g_assert_cmpint(cert_check_chain(cert, trust, CERT_FOR_SERVER, NOW), !=, CERT_OK);
}

static void test_a_sha1_signature_of_2003_is_accepted(void)
{
    Source source = { 1, 5, 0 };
    const CryptoRandom random = { source_fill, &source };
    const CaRequest request = { .subject = "old", .key = pki.ec, .valid_until = NOW + DAY, .sha1 = true };
    g_autoptr(Cert) cert = ca_issue(pki.ca, &request, &random);
    g_assert_cmpint(cert_check_chain(cert, pki.trust, CERT_FOR_SERVER, NOW), ==, CERT_OK);
}

static const struct {
    CertNameKind has_kind;
    const char *has;
    CertNameKind kind;
    const char *name;
    bool speaks;
} names[] = {
    { CERT_NAME_DNS, "home.example", CERT_NAME_DNS, "HOME.example", true },
    { CERT_NAME_DNS, "home.example", CERT_NAME_URI, "sip:home.example", true },
    { CERT_NAME_URI, "sip:home.example", CERT_NAME_DNS, "home.example", true },
    { CERT_NAME_URI, "sips:home.example", CERT_NAME_URI, "sip:home.example", true },
    { CERT_NAME_DNS, "*.example", CERT_NAME_DNS, "home.example", false }, /* RFC 5922 §7.2 */
    { CERT_NAME_DNS, "home.example", CERT_NAME_DNS, "evil.home.example", false },
    { CERT_NAME_DNS, "home.example.evil", CERT_NAME_DNS, "home.example", false },
    { CERT_NAME_DNS, "home.example", CERT_NAME_URI, "sip:alice@home.example", false },
    { CERT_NAME_URI, "sip:alice@home.example", CERT_NAME_URI, "SIP:alice@Home.Example", true },
    { CERT_NAME_URI, "sip:alice@home.example", CERT_NAME_URI, "sip:Alice@home.example", false },
    { CERT_NAME_URI, "sip:alice@home.example", CERT_NAME_DNS, "home.example", false },
    { CERT_NAME_URI, "sip:alice@home.example", CERT_NAME_URI, "sip:alic@home.example", false },
    { CERT_NAME_URI, "im:alice@home.example", CERT_NAME_URI, "im:alice@home.example", true },
    { CERT_NAME_URI, "im:alice@home.example", CERT_NAME_URI, "sip:alice@home.example", false },
};

static void test_whom_a_certificate_speaks_for(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        Source source = { 1, 6, 0 };
        const CryptoRandom random = { source_fill, &source };
        const CertName has[] = { { CERT_NAME_DNS, "first.example" }, { names[i].has_kind, names[i].has } };
        const CaRequest request = { .subject = "home.example", .names = has, .n_names = 2, .key = pki.ec };
        g_autoptr(Cert) cert = ca_issue(pki.ca, &request, &random);
        g_assert_true(cert_speaks_for(cert, (CertName){ names[i].kind, names[i].name }) == names[i].speaks);
    }
}

static void test_changed_octets_never_crash(void)
{
    size_t len;
    const uint8_t *der = cert_der(pki.ec_cert, &len);
    for (size_t at = 0; at < len; at++) {
        g_autofree uint8_t *changed = g_memdup2(der, len);
        changed[at] ^= (uint8_t)(1u << at % 8);
        g_assert_cmpint(cert_check_der(changed, len, pki.trust, CERT_FOR_SERVER, &pcscf, NOW), !=, CERT_OK);
        g_assert_cmpint(cert_check_der(changed, at, pki.trust, CERT_FOR_SERVER, &pcscf, NOW), ==,
                        CERT_NOT_A_CERTIFICATE);
    }
}

#define ADD(name, function) g_test_add_func("/crypto/cert/" name, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    pki_make();
    ADD("the-same-seed-makes-the-same-key", test_the_same_seed_makes_the_same_key);
    ADD("a-stored-key-is-the-same-key", test_a_stored_key_is_the_same_key);
    ADD("a-stored-ca-goes-on", test_a_stored_ca_goes_on);
    ADD("what-a-certificate-says", test_what_a_certificate_says);
    ADD("requests-that-fit-no-certificate", test_requests_that_fit_no_certificate);
    ADD("a-chain-is-judged-by-cause", test_a_chain_is_judged_by_cause);
    ADD("a-chain-is-judged-from-octets", test_a_chain_is_judged_from_octets);
    ADD("a-subscriber-is-no-ca", test_a_subscriber_is_no_ca);
    ADD("a-sha1-signature-of-2003-is-accepted", test_a_sha1_signature_of_2003_is_accepted);
    ADD("whom-a-certificate-speaks-for", test_whom_a_certificate_speaks_for);
    ADD("changed-octets-never-crash", test_changed_octets_never_crash);
    const int result = g_test_run();
    pki_free();
    return result;
}
