/*
 * tests/crypto/test_cms_openssl.c - the openssl command opens and verifies our CMS, and we open and verify its.
 *
 * Source:  openssl-cms(1), OpenSSL 3.0.
 * Knows:   crypto/cms.h, tests/crypto/support/tls_ends.h (certificates).
 *
 * Without the command the tests are skipped.
 */
#include "crypto/cms.h"
#include "tests/crypto/support/tls_ends.h"

#include <glib/gstdio.h>
#include <string.h>

static const char pidf[] =
    "Content-Type: application/pidf+xml\r\n\r\n<presence entity=\"sip:alice@home.example\"/>\r\n";
enum { PIDF_LEN = sizeof pidf - 1 };
static const CertName alice_name = { CERT_NAME_URI, "sip:alice@home.example" };

static char *folder;
static Cert *bob; /* RSA; alice has an EC key */

static bool openssl_is_missing(void)
{
    g_autofree char *path = g_find_program_in_path("openssl");
    if (!path)
        g_test_skip("openssl is not installed");
    return !path;
}

static void put_file(const char *name, const void *octets, size_t len)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, octets, (gssize)len, NULL));
}

static GBytes *get_file(const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *octets = NULL;
    gsize len = 0;
    g_assert_true(g_file_get_contents(path, &octets, &len, NULL));
    return g_bytes_new_take(octets, len);
}

static void put_bytes(const char *name, GBytes *bytes)
{
    g_assert_nonnull(bytes);
    put_file(name, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void put_pem(const char *name, const char *label, const uint8_t *der, size_t len)
{
    g_autofree char *base64 = g_base64_encode(der, len);
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "-----BEGIN %s-----\n", label);
    for (size_t at = 0; at < strlen(base64); at += 64)
        g_string_append_printf(text, "%.64s\n", base64 + at);
    g_string_append_printf(text, "-----END %s-----\n", label);
    put_file(name, text->str, text->len);
}

static void put_cert(const char *name, const Cert *cert)
{
    size_t len;
    const uint8_t *der = cert_der(cert, &len);
    put_pem(name, "CERTIFICATE", der, len);
}

static void put_key(const char *name, const CertKey *key)
{
    g_autoptr(GBytes) der = cert_key_to_der(key);
    put_pem(name, "PRIVATE KEY", g_bytes_get_data(der, NULL), g_bytes_get_size(der));
}

/* Runs "openssl cms @words" in the folder; true if it is content. */
static bool openssl_cms(const char *words)
{
    g_autofree char *line = g_strconcat("openssl cms ", words, NULL);
    g_auto(GStrv) argv = g_strsplit(line, " ", -1);
    int status = 0;
    GError *error = NULL;
    g_spawn_sync(folder, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_STDOUT_TO_DEV_NULL,
                 NULL, NULL, NULL, NULL, &status, &error);
    g_assert_no_error(error);
    return g_spawn_check_wait_status(status, NULL);
}

static void assert_file_is_pidf(const char *name)
{
    g_autoptr(GBytes) got = get_file(name);
    g_assert_cmpmem(g_bytes_get_data(got, NULL), g_bytes_get_size(got), pidf, PIDF_LEN);
}

static CmsSigner alice_signs(CmsHash hash, bool detached)
{
    return (CmsSigner){ .cert = pki.alice,
                        .key = pki.alice_key,
                        .hash = hash,
                        .detached = detached,
                        .with_certificate = true,
                        .signing_time = NOW };
}

static void test_openssl_opens_our_envelopes(void)
{
    if (openssl_is_missing())
        return;
    const Cert *certs[] = { bob, pki.alice };
    const char *const words[] = { "-decrypt -inform DER -in e.der -recip bob.pem -inkey bob.key -out got",
                                  "-decrypt -inform DER -in e.der -recip alice.pem -inkey alice.key -out got" };
    for (CmsCipher cipher = CMS_AES_128_CBC; cipher <= CMS_DES_EDE3_CBC; cipher++) {
        for (int i = 0; i < 2; i++) {
            Source source = { 1, 40, 0 };
            const CryptoRandom random = { source_fill, &source };
            g_autoptr(GBytes) der = cms_envelope((const uint8_t *)pidf, PIDF_LEN, &certs[i], 1, cipher, &random);
            put_bytes("e.der", der);
            g_assert_true(openssl_cms(words[i]));
            assert_file_is_pidf("got");
            g_assert_false(openssl_cms(words[!i]));
        }
    }
}

static void test_openssl_verifies_our_signatures(void)
{
    if (openssl_is_missing())
        return;
    for (unsigned form = 0; form < 4; form++) {
        Source source = { 1, 41, 0 };
        const CryptoRandom random = { source_fill, &source };
        const CmsSigner signer = alice_signs(form & 1 ? CMS_SHA1 : CMS_SHA256, form & 2);
        g_autofree char *words =
            g_strdup_printf("-verify -binary -inform DER -in s.der -CAfile ca.pem -attime %d%s -out got", NOW,
                            signer.detached ? " -content pidf" : "");
        g_autofree char *wrong =
            g_strdup_printf("-verify -binary -inform DER -in s.der -CAfile ca.pem -attime %d", NOW * 2 - 1);
        g_autoptr(GBytes) der = cms_sign((const uint8_t *)pidf, PIDF_LEN, &signer, &random);
        put_bytes("s.der", der);
        g_assert_true(openssl_cms(words));
        assert_file_is_pidf("got");
        g_assert_false(openssl_cms(wrong));
    }
}

static void test_openssl_takes_the_layers_of_both_apart(void)
{
    if (openssl_is_missing())
        return;
    Source source = { 1, 42, 0 };
    const CryptoRandom random = { source_fill, &source };
    const CmsSigner signer = alice_signs(CMS_SHA256, false);
    const Cert *recipient = bob;
    g_autoptr(GBytes) der =
        cms_sign_envelope((const uint8_t *)pidf, PIDF_LEN, &signer, &recipient, 1, CMS_AES_128_CBC, &random);
    put_bytes("e.der", der);
    g_assert_true(openssl_cms("-decrypt -inform DER -in e.der -recip bob.pem -inkey bob.key -out entity"));
    g_autoptr(GBytes) entity = get_file("entity");
    const char *octets = g_bytes_get_data(entity, NULL);
    const char *end = g_strstr_len(octets, (gssize)g_bytes_get_size(entity), "\r\n\r\n");
    g_assert_nonnull(end);
    put_file("s.der", end + 4, g_bytes_get_size(entity) - (gsize)(end + 4 - octets));
    g_autofree char *words =
        g_strdup_printf("-verify -binary -inform DER -in s.der -CAfile ca.pem -attime %d -out got", NOW);
    g_assert_true(openssl_cms(words));
    assert_file_is_pidf("got");
}

static void test_we_open_its_envelopes(void)
{
    if (openssl_is_missing())
        return;
    static const char *const words[] = {
        "-encrypt -binary -in pidf -outform DER -out e.der -aes128 bob.pem",
        "-encrypt -binary -in pidf -outform DER -out e.der -des3 bob.pem",
        "-encrypt -binary -in pidf -outform DER -out e.der -aes128 alice.pem bob.pem"
    };
    Source source = { 1, 43, 0 };
    const CryptoRandom random = { source_fill, &source };
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        g_assert_true(openssl_cms(words[i]));
        g_autoptr(GBytes) der = get_file("e.der");
        g_autoptr(GBytes) content = NULL, alices = NULL;
        g_assert_cmpint(cms_open(g_bytes_get_data(der, NULL), g_bytes_get_size(der), bob, pki.rsa, &random, &content),
                        ==, CMS_OK);
        g_assert_cmpmem(g_bytes_get_data(content, NULL), g_bytes_get_size(content), pidf, PIDF_LEN);
        g_assert_cmpint(
            cms_open(g_bytes_get_data(der, NULL), g_bytes_get_size(der), pki.alice, pki.alice_key, &random, &alices),
            ==, i == 2 ? CMS_OK : CMS_NOT_FOR_US);
    }
}

static void test_we_verify_its_signatures(void)
{
    if (openssl_is_missing())
        return;
    static const char *const words[] = {
        "-sign -binary -in pidf -outform DER -out s.der -signer alice.pem -inkey alice.key -nodetach",
        "-sign -binary -in pidf -outform DER -out s.der -signer alice.pem -inkey alice.key -md sha1",
        "-sign -binary -in pidf -outform DER -out s.der -signer alice.pem -inkey alice.key -noattr -nodetach",
    };
    const CmsVerifier verifier = { .trust = pki.trust, .name = &alice_name, .now = NOW };
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        g_assert_true(openssl_cms(words[i]));
        g_auto(CmsSigned) found = { 0 };
        g_autoptr(GBytes) der = get_file("s.der");
        const bool detached = i == 1;
        g_assert_cmpint(cms_verify(g_bytes_get_data(der, NULL), g_bytes_get_size(der),
                                   detached ? (const uint8_t *)pidf : NULL, detached ? PIDF_LEN : 0, &verifier, &found),
                        ==, CMS_OK);
        g_assert_true((found.signing_time == 0) == (i == 2));
    }
}

static void test_two_signatures_of_it_are_one_too_many(void)
{
    if (openssl_is_missing())
        return;
    const CmsVerifier verifier = { .trust = pki.trust, .now = NOW };
    g_auto(CmsSigned) found = { 0 };
    g_assert_true(openssl_cms("-sign -binary -in pidf -outform DER -out s.der -nodetach -signer alice.pem -inkey "
                              "alice.key -signer bob.pem -inkey bob.key"));
    g_autoptr(GBytes) der = get_file("s.der");
    g_assert_cmpint(cms_verify(g_bytes_get_data(der, NULL), g_bytes_get_size(der), NULL, 0, &verifier, &found), ==,
                    CMS_MALFORMED);
    g_assert_cmpuint(cms_signers(g_bytes_get_data(der, NULL), g_bytes_get_size(der), NULL, 0), ==, 2);
}

static void put_files(void)
{
    Source source = { 1, 44, 0 };
    const CryptoRandom random = { source_fill, &source };
    const CertName name = { CERT_NAME_URI, "sip:bob@home.example" };
    const CaRequest request = { .subject = "bob",
                                .names = &name,
                                .n_names = 1,
                                .key = pki.rsa,
                                .valid_from = NOW - DAY,
                                .valid_until = NOW + DAY };
    bob = ca_issue(pki.ca, &request, &random);
    folder = g_dir_make_tmp("presec-cms-XXXXXX", NULL);
    g_assert_nonnull(folder);
    put_file("pidf", pidf, PIDF_LEN);
    put_cert("ca.pem", ca_root(pki.ca));
    put_cert("bob.pem", bob);
    put_key("bob.key", pki.rsa);
    put_cert("alice.pem", pki.alice);
    put_key("alice.key", pki.alice_key);
}

static void remove_files(void)
{
    static const char *const names[] = { "pidf",      "ca.pem", "bob.pem", "bob.key", "alice.pem",
                                         "alice.key", "e.der",  "s.der",   "got",     "entity" };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        g_remove(path);
    }
    g_rmdir(folder);
    g_free(folder);
    cert_free(bob);
}

#define ADD(name, function) g_test_add_func("/crypto/cms/openssl/" name, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    pki_make();
    put_files();
    ADD("openssl-opens-our-envelopes", test_openssl_opens_our_envelopes);
    ADD("openssl-verifies-our-signatures", test_openssl_verifies_our_signatures);
    ADD("openssl-takes-the-layers-of-both-apart", test_openssl_takes_the_layers_of_both_apart);
    ADD("we-open-its-envelopes", test_we_open_its_envelopes);
    ADD("we-verify-its-signatures", test_we_verify_its_signatures);
    ADD("two-signatures-of-it-are-one-too-many", test_two_signatures_of_it_are_one_too_many);
    const int result = g_test_run();
    remove_files();
    pki_free();
    return result;
}
