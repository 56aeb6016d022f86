/*
 * tests/crypto/test_random.c - OpenSSL draws from the current source and from nothing else, and lives in our time.
 *
 * Source:  crypto/random.h.
 * Knows:   OpenSSL's public calls, as the users of crypto/ make them.
 */
#include "crypto/random.h"

#include <glib.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <string.h>
#include <time.h>

/* A source one can foresee: a counter. */
static void fill_counter(void *ctx, uint8_t *out, size_t len)
{
    uint8_t *next = ctx;
    for (size_t i = 0; i < len; i++)
        out[i] = (*next)++;
}

static void test_rand_bytes_are_the_sources(void)
{
    uint8_t next = 5, out[8], private_out[3];
    const CryptoRandom source = { fill_counter, &next };
    crypto_init();
    g_assert_null(crypto_random_use(&source));
    g_assert_cmpint(RAND_bytes(out, sizeof out), ==, 1);
    g_assert_cmpint(RAND_priv_bytes(private_out, sizeof private_out), ==, 1);
    g_assert_true(crypto_random_use(NULL) == &source);
    g_assert_cmpmem(out, sizeof out, "\5\6\7\10\11\12\13\14", 8);
    g_assert_cmpmem(private_out, sizeof private_out, "\15\16\17", 3);
}

static void make_key(uint8_t start, uint8_t out[65])
{
    uint8_t next = start;
    size_t len = 0;
    const CryptoRandom source = { fill_counter, &next };
    crypto_random_use(&source);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    g_assert_nonnull(key);
    g_assert_cmpint(EVP_PKEY_get_octet_string_param(key, "pub", out, 65, &len), ==, 1);
    g_assert_cmpuint(len, ==, 65);
    EVP_PKEY_free(key);
    crypto_random_use(NULL);
}

static void test_the_same_source_makes_the_same_key(void)
{
    uint8_t first[65], again[65], other[65];
    crypto_init();
    make_key(1, first);
    make_key(1, again);
    make_key(2, other);
    g_assert_cmpmem(first, sizeof first, again, sizeof again);
    g_assert_cmpint(memcmp(first, other, sizeof first), !=, 0);
}

static void test_sources_can_be_nested(void)
{
    uint8_t outer_next = 0, inner_next = 100, out;
    const CryptoRandom outer = { fill_counter, &outer_next }, inner = { fill_counter, &inner_next };
    crypto_random_use(&outer);
    const CryptoRandom *before = crypto_random_use(&inner);
    crypto_random_fill(&out, 1);
    g_assert_cmpuint(out, ==, 100);
    g_assert_true(crypto_random_use(before) == &inner);
    crypto_random_fill(&out, 1);
    g_assert_cmpuint(out, ==, 0);
    crypto_random_use(NULL);
}

static void test_drawing_without_a_source_aborts(void)
{
    if (g_test_subprocess()) {
        uint8_t out[4];
        crypto_init();
        (void)RAND_bytes(out, sizeof out);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*randomness drawn outside any source*");
}

static void test_time_is_ours_everywhere(void)
{
    crypto_init();
    g_assert_cmpint(time(NULL), ==, 1052179200); /* 2003-05-06, unless told otherwise */
    crypto_time_use(1072915200);
    time_t stored;
    g_assert_cmpint(time(&stored), ==, 1072915200);
    g_assert_cmpint(stored, ==, 1072915200);
    g_assert_cmpint(crypto_time_now(), ==, 1072915200);
    ASN1_TIME *now = X509_gmtime_adj(NULL, 0); /* inside libcrypto */
    g_assert_cmpint(ASN1_TIME_cmp_time_t(now, 1072915200), ==, 0);
    ASN1_TIME_free(now);
    crypto_time_use(1052179200);
}

static gpointer other_thread(gpointer data)
{
    uint8_t next = 77, out;
    const CryptoRandom source = { fill_counter, &next };
    crypto_init();
    g_assert_cmpint(time(NULL), ==, 1052179200);
    g_assert_null(crypto_random_use(&source));
    g_assert_cmpint(RAND_bytes(&out, 1), ==, 1);
    g_assert_cmpuint(out, ==, 77);
    crypto_random_use(NULL);
    return NULL;
}

static void test_source_and_time_belong_to_a_thread(void)
{
    uint8_t next = 7, out;
    const CryptoRandom source = { fill_counter, &next };
    crypto_init();
    crypto_random_use(&source);
    crypto_time_use(5);
    g_thread_join(g_thread_new("other", other_thread, NULL));
    g_assert_cmpint(RAND_bytes(&out, 1), ==, 1);
    g_assert_cmpuint(out, ==, 7);
    g_assert_cmpint(time(NULL), ==, 5);
    crypto_random_use(NULL);
    crypto_time_use(1052179200);
}

#define ADD(name, function) g_test_add_func("/crypto/random/" name, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("rand-bytes-are-the-sources", test_rand_bytes_are_the_sources);
    ADD("the-same-source-makes-the-same-key", test_the_same_source_makes_the_same_key);
    ADD("sources-can-be-nested", test_sources_can_be_nested);
    ADD("drawing-without-a-source-aborts", test_drawing_without_a_source_aborts);
    ADD("time-is-ours-everywhere", test_time_is_ours_everywhere);
    ADD("source-and-time-belong-to-a-thread", test_source_and_time_belong_to_a_thread);
    return g_test_run();
}
