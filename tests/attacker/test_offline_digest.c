/*
 * tests/attacker/test_offline_digest.c - passwords and RES found at home from a response that was read.
 *
 * Source:  threats AT-34, AT-43; RFC 2617 §3.2.2, RFC 3310 §3.3.
 */
#include "crypto/hash.h"
#include "nodes/attacker/private.h"
#include "tests/attacker/support/pair.h"

#include <string.h>

static const uint8_t challenge[CHALLENGE_LEN] = { 1, 2, 3, 4, 5, 6, 7, 8 };

typedef struct Shape { /* of a response */
    const char *algorithm, *qop;
    const void *password;
    size_t len;
} Shape;

/* A request that answers a challenge with this password. */
static char *request(const char *method, const Shape *shape)
{
    char nonce[CRYPTO_BASE64_LEN(CHALLENGE_LEN) + 1], response[DIGEST_HEX_LEN + 1];
    bool qop = shape->qop[0] != '\0';
    g_assert_true(crypto_base64_encode(challenge, sizeof challenge, nonce, sizeof nonce));
    DigestInput input = { .username = { "bob", 3 },
                          .realm = { "home.example", 12 },
                          .password = shape->password,
                          .password_len = shape->len,
                          .method = { method, strlen(method) },
                          .uri = { "sip:alice@home.example", 22 },
                          .nonce = { nonce, strlen(nonce) },
                          .nc = { "00000001", qop ? 8 : 0 },
                          .cnonce = { "abc", qop ? 3 : 0 },
                          .qop = qop ? DIGEST_QOP_AUTH : DIGEST_QOP_NONE };
    digest_response(&input, response);
    return g_strdup_printf("%s sip:alice@home.example SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKd1\r\n"
                           "From: <sip:bob@home.example>;tag=1\r\nTo: <sip:alice@home.example>\r\nCall-ID: d1\r\n"
                           "CSeq: 2 %s\r\nMax-Forwards: 70\r\n"
                           "Authorization: Digest username=\"bob\",realm=\"home.example\",nonce=\"%s\","
                           "uri=\"sip:alice@home.example\",response=\"%s\"%s%s%s%s\r\nContent-Length: 0\r\n\r\n",
                           method, method, nonce, response, shape->algorithm[0] != '\0' ? ",algorithm=" : "",
                           shape->algorithm, qop ? ",nc=00000001,cnonce=\"abc\",qop=" : "", shape->qop);
}

static void overhears(Pair *pair, const char *method, const Shape *shape)
{
    g_autofree char *text = request(method, shape);
    pair_send(pair, NET_UP, text);
}

static Pair *listened_to(double work)
{
    Pair *pair = pair_new();
    pair_attacker(pair, "gn:alice", work, 2003);
    return pair;
}

static const Secret *secret(const Pair *pair)
{
    return knowledge_secret(attacker_knowledge(pair->attacker), 0);
}

/* ---- dictionary ---- */

static void test_words_and_what_people_make_of_them(void)
{
    static const char *const found[] = { "monkey", "Monkey", "monkey!", "monkey7", "monkey2003", "airplane" },
                             *const never[] = { "mOnkey", "monkey77", "x8fk2m4p9q1z", "" };
    static const char *const qops[] = { "", "auth" };
    for (size_t q = 0; q < G_N_ELEMENTS(qops); q++) {
        for (size_t i = 0; i < G_N_ELEMENTS(found); i++) {
            g_autoptr(Pair) pair = listened_to(44);
            overhears(pair, "SUBSCRIBE", &(Shape){ q ? "MD5" : "", qops[q], found[i], strlen(found[i]) });
            g_assert_nonnull(secret(pair));
            g_assert_cmpint(secret(pair)->kind, ==, SECRET_PASSWORD);
            g_assert_cmpstr(secret(pair)->text, ==, found[i]);
            g_assert_cmpstr(secret(pair)->username, ==, "bob");
            g_assert_cmpfloat(secret(pair)->work_log2, ==, 16); /* 952 words, 18 forms, 2 MD5 */
        }
        for (size_t i = 0; i < G_N_ELEMENTS(never); i++) {
            g_autoptr(Pair) pair = listened_to(44);
            overhears(pair, "SUBSCRIBE", &(Shape){ "MD5", qops[q], never[i], strlen(never[i]) });
            g_assert_null(secret(pair));
        }
    }
}

static void test_without_a_budget_nothing_is_tried(void)
{
    g_autoptr(Pair) pair = listened_to(15);
    overhears(pair, "SUBSCRIBE", &(Shape){ "MD5", "auth", "monkey", 6 });
    g_assert_null(secret(pair));
}

static void test_one_password_is_found_once(void)
{
    g_autoptr(Pair) pair = listened_to(44);
    overhears(pair, "SUBSCRIBE", &(Shape){ "MD5", "auth", "monkey", 6 });
    overhears(pair, "PUBLISH", &(Shape){ "MD5", "auth", "monkey", 6 });
    g_assert_cmpuint(knowledge_secrets(attacker_knowledge(pair->attacker)), ==, 1);
}

static void test_the_body_that_enters_is_not_guessed(void)
{
    g_autoptr(Pair) pair = listened_to(44);
    g_autofree char *text = request("SUBSCRIBE", &(Shape){ "MD5", "auth", "monkey", 6 });
    char *qop = strstr(text, "qop=auth\r\n");
    g_autofree char *with_body = g_strdup_printf("%.*sqop=auth-int\r\n%s", (int)(qop - text), text, qop + 10);
    pair_send(pair, NET_UP, with_body);
    g_assert_null(secret(pair));
}

/* ---- RES ---- */

static void reveal(Pair *pair, const uint8_t *res, size_t len, unsigned hidden)
{
    attacker_reveal_res(pair->attacker, challenge, res, len, hidden);
}

static void test_short_res_is_searched(void)
{
    static const uint8_t res[] = { 0xde, 0xad, 0xbe, 0xef };
    static const unsigned hidden[] = { 0, 3, 8, 14, 17 };
    for (size_t i = 0; i < G_N_ELEMENTS(hidden); i++) {
        g_autoptr(Pair) pair = listened_to(44);
        reveal(pair, res, sizeof res, hidden[i]);
        overhears(pair, "REGISTER", &(Shape){ "AKAv1-MD5", "auth", res, sizeof res });
        g_assert_null(secret(pair)); /* at home, when the run is over */
        attacker_finish(pair->attacker);
        g_assert_nonnull(secret(pair));
        g_assert_cmpint(secret(pair)->kind, ==, SECRET_RES);
        g_assert_cmpstr(secret(pair)->text, ==, "deadbeef");
        g_assert_cmpfloat(secret(pair)->work_log2, ==, 33);
        g_autofree char *label = g_strdup_printf("executed 2^%u on an answer reduced to fit", hidden[i] + 1);
        g_assert_nonnull(strstr(secret(pair)->how, label));
    }
}

static void test_long_res_is_beyond_the_budget(void)
{
    static const uint8_t res[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    static const struct {
        double work;
        bool broken;
    } rows[] = { { 44, false }, { 64, false }, { 65, true } };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Pair) pair = listened_to(rows[i].work);
        reveal(pair, res, sizeof res, 10);
        overhears(pair, "REGISTER", &(Shape){ "AKAv1-MD5", "auth", res, sizeof res });
        attacker_finish(pair->attacker);
        g_assert_cmpint(secret(pair) != NULL, ==, rows[i].broken);
    }
}

static void test_nothing_without_a_response_of_that_challenge(void)
{
    static const uint8_t res[] = { 0xde, 0xad, 0xbe, 0xef }, other[CHALLENGE_LEN] = { 9 };
    g_autoptr(Pair) pair = listened_to(44);
    attacker_reveal_res(pair->attacker, other, res, sizeof res, 10);
    overhears(pair, "REGISTER", &(Shape){ "AKAv1-MD5", "auth", res, sizeof res });
    attacker_finish(pair->attacker);
    g_assert_null(secret(pair));
}

/* AKAv2 mixes IK and CK into the password: RES is not what a guess of RES would prove. */
static void test_akav2_is_left(void)
{
    static const uint8_t res[] = { 0xde, 0xad, 0xbe, 0xef };
    g_autoptr(Pair) pair = listened_to(44);
    reveal(pair, res, sizeof res, 10);
    overhears(pair, "REGISTER", &(Shape){ "AKAv2-MD5", "auth", res, sizeof res });
    attacker_finish(pair->attacker);
    g_assert_null(secret(pair));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attacker/dictionary/words-and-what-people-make-of-them", test_words_and_what_people_make_of_them);
    g_test_add_func("/attacker/dictionary/without-a-budget-nothing-is-tried", test_without_a_budget_nothing_is_tried);
    g_test_add_func("/attacker/dictionary/one-password-is-found-once", test_one_password_is_found_once);
    g_test_add_func("/attacker/dictionary/the-body-that-enters-is-not-guessed",
                    test_the_body_that_enters_is_not_guessed);
    g_test_add_func("/attacker/res/short-res-is-searched", test_short_res_is_searched);
    g_test_add_func("/attacker/res/long-res-is-beyond-the-budget", test_long_res_is_beyond_the_budget);
    g_test_add_func("/attacker/res/nothing-without-a-response-of-that-challenge",
                    test_nothing_without_a_response_of_that_challenge);
    g_test_add_func("/attacker/res/akav2-is-left", test_akav2_is_left);
    return g_test_run();
}
