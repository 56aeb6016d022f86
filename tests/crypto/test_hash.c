/*
 * tests/crypto/test_hash.c - hashes in pieces, the run digest, strict base64, the key derivation's limits.
 *
 * Source:  RFC 4648 §3.5, §10; TS 33.220 Annex B.2.
 * Knows:   crypto/hash.h, crypto/kdf.h.
 */
#include "crypto/hash.h"
#include "crypto/kdf.h"

#include <string.h>

static void test_pieces_are_hashed_as_if_joined(void)
{
    const CryptoPiece pieces[] = { { "a", 1 }, { NULL, 0 }, { "bc", 2 } };
    uint8_t joined[CRYPTO_SHA256_LEN], apart[CRYPTO_SHA256_LEN];
    for (CryptoHash hash = CRYPTO_MD5; hash <= CRYPTO_SHA256; hash++) {
        crypto_hash(hash, "abc", 3, joined);
        crypto_hash_pieces(hash, pieces, G_N_ELEMENTS(pieces), apart);
        g_assert_cmpmem(joined, crypto_hash_len(hash), apart, crypto_hash_len(hash));
        crypto_hmac(hash, (const uint8_t *)"k", 1, "abc", 3, joined);
        crypto_hmac_pieces(hash, (const uint8_t *)"k", 1, pieces, G_N_ELEMENTS(pieces), apart);
        g_assert_cmpmem(joined, crypto_hash_len(hash), apart, crypto_hash_len(hash));
    }
}

static void test_a_run_digest_can_be_asked_and_goes_on(void)
{
    g_autoptr(CryptoSha256) sha = crypto_sha256_new();
    uint8_t got[CRYPTO_SHA256_LEN], expected[CRYPTO_SHA256_LEN];
    crypto_hash(CRYPTO_SHA256, "", 0, expected);
    crypto_sha256_get(sha, got);
    g_assert_cmpmem(got, sizeof got, expected, sizeof expected);
    crypto_sha256_update(sha, "ab", 2);
    crypto_sha256_get(sha, got);
    crypto_sha256_update(sha, "c", 1);
    crypto_sha256_get(sha, got);
    crypto_hash(CRYPTO_SHA256, "abc", 3, expected);
    g_assert_cmpmem(got, sizeof got, expected, sizeof expected);
}

static void test_base64_comes_back_at_every_length(void)
{
    uint8_t octets[50], back[50];
    char text[CRYPTO_BASE64_LEN(50) + 1];
    size_t len;
    for (size_t i = 0; i < sizeof octets; i++)
        octets[i] = (uint8_t)(i * 37 + 200);
    for (size_t n = 0; n <= sizeof octets; n++) {
        g_autofree char *expected = g_base64_encode(octets, n);
        g_assert_true(crypto_base64_encode(octets, n, text, CRYPTO_BASE64_LEN(n) + 1));
        g_assert_cmpstr(text, ==, n ? expected : "");
        g_assert_true(crypto_base64_decode(text, strlen(text), back, n, &len));
        g_assert_cmpmem(back, len, octets, n);
        g_assert_false(crypto_base64_encode(octets, n, text, CRYPTO_BASE64_LEN(n)));
        if (n)
            g_assert_false(crypto_base64_decode(text, strlen(text), back, n - 1, &len));
    }
    g_assert_false(crypto_base64_encode(octets, 0, text, 0));
}

static void test_base64_that_is_not_canonical_is_refused(void)
{
    static const char *const bad[] = { "A",    "AA",   "AAA",  "====",         "A===",      "AA=A", "AB==",
                                       "AAB=", "A A=", "AA-_", "AAAAAA==AAAA", "AAAA\nAAA", "AA\0=" };
    uint8_t out[32];
    size_t len;
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(crypto_base64_decode(bad[i], strlen(bad[i]), out, sizeof out, &len));
    g_assert_false(crypto_base64_decode("AA\0=", 4, out, sizeof out, &len));
}

static void test_comparison_and_hex(void)
{
    char hex[7];
    g_assert_true(crypto_equal("abc", "abc", 3));
    g_assert_false(crypto_equal("abc", "abd", 3));
    g_assert_true(crypto_equal("abc", "abd", 2));
    crypto_hex((const uint8_t *)"\x00\xa5\xff", 3, hex);
    g_assert_cmpstr(hex, ==, "00a5ff");
}

static void test_a_parameter_beyond_its_length_field_is_refused(void)
{
    g_autofree uint8_t *big = g_malloc0(65536);
    const CryptoPiece fits = { big, 65535 }, too_long = { big, 65536 };
    uint8_t out[KDF_OUT_LEN];
    g_assert_true(kdf_33220(big, 32, 1, &fits, 1, out));
    g_assert_false(kdf_33220(big, 32, 1, &too_long, 1, out));
    const KdfNaf naf = { .ck = big, .ik = big, .rand = big, .ua_id = big, .impi = { "i", 1 }, .naf_fqdn = fits };
    g_assert_false(kdf_ks_naf(&naf, out)); /* FQDN and identifier share one length field */
}

static gpointer hash_in_a_thread(gpointer data)
{
    crypto_hash(CRYPTO_SHA1, "abc", 3, data);
    return NULL;
}

static void test_threads_have_their_own_contexts(void)
{
    uint8_t here[CRYPTO_SHA1_LEN], there[4][CRYPTO_SHA1_LEN];
    GThread *threads[4];
    for (int i = 0; i < 4; i++)
        threads[i] = g_thread_new("hash", hash_in_a_thread, there[i]);
    crypto_hash(CRYPTO_SHA1, "abc", 3, here);
    for (int i = 0; i < 4; i++) {
        g_thread_join(threads[i]);
        g_assert_cmpmem(here, sizeof here, there[i], sizeof there[i]);
    }
}

#define ADD(name, function) g_test_add_func("/crypto/hash/" name, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("pieces-are-hashed-as-if-joined", test_pieces_are_hashed_as_if_joined);
    ADD("a-run-digest-can-be-asked-and-goes-on", test_a_run_digest_can_be_asked_and_goes_on);
    ADD("base64-comes-back-at-every-length", test_base64_comes_back_at_every_length);
    ADD("base64-that-is-not-canonical-is-refused", test_base64_that_is_not_canonical_is_refused);
    ADD("comparison-and-hex", test_comparison_and_hex);
    ADD("a-parameter-beyond-its-length-field-is-refused", test_a_parameter_beyond_its_length_field_is_refused);
    ADD("threads-have-their-own-contexts", test_threads_have_their_own_contexts);
    return g_test_run();
}
