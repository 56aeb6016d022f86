/*
 * tests/crypto/test_digest.c - Digest beyond the vectors: rspauth, stored HA1, binary passwords, comparison.
 *
 * Source:  RFC 2617 §3.2.2, §3.2.3; RFC 3310 §3.3.  Expected values are made with GLib's MD5.
 * Knows:   crypto/digest.h.
 */
#include "crypto/digest.h"

#include <glib.h>
#include <string.h>

#define TEXT(s)                                                                                                        \
    {                                                                                                                  \
        (s), sizeof(s) - 1                                                                                             \
    }

static DigestInput mufasa(DigestQop qop)
{
    return (DigestInput){
        .username = TEXT("Mufasa"),
        .realm = TEXT("testrealm@host.com"),
        .password = (const uint8_t *)"Circle Of Life",
        .password_len = 14,
        .method = TEXT("GET"),
        .uri = TEXT("/dir/index.html"),
        .nonce = TEXT("dcd98b7102dd2f0e8b11d0f600bfb0c093"),
        .nc = TEXT("00000001"),
        .cnonce = TEXT("0a4f113b"),
        .qop = qop,
        .body = (const uint8_t *)"a\0b",
        .body_len = 3,
    };
}

static char *md5(const char *text)
{
    return g_compute_checksum_for_string(G_CHECKSUM_MD5, text, -1);
}

static void test_rspauth_has_an_empty_method(void)
{
    const DigestInput in = mufasa(DIGEST_QOP_AUTH);
    char got[DIGEST_HEX_LEN + 1];
    g_autofree char *ha1 = md5("Mufasa:testrealm@host.com:Circle Of Life");
    g_autofree char *ha2 = md5(":/dir/index.html");
    g_autofree char *all = g_strdup_printf("%s:dcd98b7102dd2f0e8b11d0f600bfb0c093:00000001:0a4f113b:auth:%s", ha1, ha2);
    g_autofree char *expected = md5(all);
    digest_rspauth(&in, got);
    g_assert_cmpstr(got, ==, expected);
}

static void test_rspauth_of_auth_int_covers_the_body(void)
{
    DigestInput in = mufasa(DIGEST_QOP_AUTH_INT);
    char got[DIGEST_HEX_LEN + 1], other[DIGEST_HEX_LEN + 1];
    g_autofree char *ha1 = md5("Mufasa:testrealm@host.com:Circle Of Life");
    g_autofree char *body = g_compute_checksum_for_data(G_CHECKSUM_MD5, (const guchar *)"a\0b", 3);
    g_autofree char *a2 = g_strdup_printf(":/dir/index.html:%s", body);
    g_autofree char *ha2 = md5(a2);
    g_autofree char *all =
        g_strdup_printf("%s:dcd98b7102dd2f0e8b11d0f600bfb0c093:00000001:0a4f113b:auth-int:%s", ha1, ha2);
    g_autofree char *expected = md5(all);
    digest_rspauth(&in, got);
    g_assert_cmpstr(got, ==, expected);
    in.body_len = 2;
    digest_rspauth(&in, other);
    g_assert_cmpstr(got, !=, other);
}

static void test_a_stored_ha1_gives_the_same_response(void)
{
    DigestInput in = mufasa(DIGEST_QOP_AUTH);
    char ha1[DIGEST_HEX_LEN + 1], got[DIGEST_HEX_LEN + 1];
    digest_ha1(&in, ha1);
    g_assert_cmpstr(ha1, ==, "939e7578ed9e3c518a452acee763bce9");
    in.password = NULL;
    in.password_len = 0;
    digest_response_from_ha1(ha1, &in, got);
    g_assert_cmpstr(got, ==, "6629fae49393a05397450978507c4ef1");
}

static void test_a_password_may_hold_nul(void)
{
    DigestInput in = mufasa(DIGEST_QOP_AUTH);
    char with[DIGEST_HEX_LEN + 1], without[DIGEST_HEX_LEN + 1];
    in.password = (const uint8_t *)"ab\0cdefg";
    in.password_len = 8;
    digest_response(&in, with);
    in.password_len = 2;
    digest_response(&in, without);
    g_assert_cmpstr(with, !=, without);
}

static void test_empty_texts_are_allowed(void)
{
    const DigestInput in = { .qop = DIGEST_QOP_NONE };
    char got[DIGEST_HEX_LEN + 1];
    g_autofree char *h1 = md5("::"), *h2 = md5(":");
    g_autofree char *all = g_strdup_printf("%s::%s", h1, h2), *expected = md5(all);
    digest_response(&in, got);
    g_assert_cmpstr(got, ==, expected);
}

static void test_only_the_whole_response_is_equal(void)
{
    static const char response[] = "6629fae49393a05397450978507c4ef1";
    g_assert_true(digest_equal(response, (DigestText)TEXT("6629fae49393a05397450978507c4ef1")));
    g_assert_false(digest_equal(response, (DigestText)TEXT("6629fae49393a05397450978507c4ef2")));
    g_assert_false(digest_equal(response, (DigestText)TEXT("6629fae49393a05397450978507c4ef")));
    g_assert_false(digest_equal(response, (DigestText)TEXT("6629fae49393a05397450978507c4ef11")));
    g_assert_false(digest_equal(response, (DigestText){ NULL, 0 }));
}

#define ADD(name, function) g_test_add_func("/crypto/digest/" name, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("rspauth-has-an-empty-method", test_rspauth_has_an_empty_method);
    ADD("rspauth-of-auth-int-covers-the-body", test_rspauth_of_auth_int_covers_the_body);
    ADD("a-stored-ha1-gives-the-same-response", test_a_stored_ha1_gives_the_same_response);
    ADD("a-password-may-hold-nul", test_a_password_may_hold_nul);
    ADD("empty-texts-are-allowed", test_empty_texts_are_allowed);
    ADD("only-the-whole-response-is-equal", test_only_the_whole_response_is_equal);
    return g_test_run();
}
