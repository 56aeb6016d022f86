/*
 * tests/crypto/test_aka.c - AKA as the card and the AuC must do it: order of checks, Annex C, AUTS, conversions.
 *
 * Source:  TS 33.102 §6.3 and Annex C; libosmocore tests/auth/milenage_test.ok for the SEQ and IND arithmetic.
 * Knows:   crypto/aka.h.
 */
#include "crypto/aka.h"

#include <string.h>

/* TS 35.208 set 1 */
static const MilenageKey key = {
    .k = { 0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f, 0xaa, 0x5f, 0x0a, 0x2e, 0xe2, 0x38, 0xa6, 0xbc },
    .opc = { 0xcd, 0x63, 0xcb, 0x71, 0x95, 0x4a, 0x9f, 0x4e, 0x48, 0xa5, 0x99, 0x4e, 0x37, 0xa0, 0x2b, 0xaf },
};
static const uint8_t challenge[AKA_RAND_LEN] = { 0x23, 0x55, 0x3c, 0xbe, 0x96, 0x37, 0xa8, 0x9d,
                                                 0x21, 0x8a, 0xe6, 0x4d, 0xae, 0x47, 0xbf, 0x35 };

typedef struct {
    AkaHe he;
    AkaIsim isim;
    AkaAv av;
    AkaAnswer answer;
} Pair;

static void pair_init(Pair *pair)
{
    memset(pair, 0, sizeof *pair);
    aka_he_init(&pair->he, &key, AKA_IND_IMS_FIRST, AKA_IND_IMS_COUNT);
    aka_isim_init(&pair->isim, &key);
}

static AkaResult challenge_card(Pair *pair)
{
    aka_he_av(&pair->he, challenge, &pair->av);
    return aka_isim_answer(&pair->isim, pair->av.rand, pair->av.autn, &pair->answer);
}

/* SQN as the vector carries it. */
static uint64_t sqn_of(const AkaAv *av)
{
    uint8_t ak[AKA_AK_LEN];
    uint64_t sqn = 0;
    milenage_f2345(&key, av->rand, NULL, NULL, NULL, ak, NULL);
    for (int i = 0; i < AKA_SQN_LEN; i++)
        sqn = sqn << 8 | (av->autn[i] ^ ak[i]);
    return sqn;
}

static bool all_zero(const void *octets, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (((const uint8_t *)octets)[i])
            return false;
    return true;
}

static void test_both_sides_agree(void)
{
    Pair pair;
    pair_init(&pair);
    g_assert_cmpint(challenge_card(&pair), ==, AKA_OK);
    g_assert_cmpmem(pair.answer.res, pair.answer.res_len, pair.av.xres, pair.av.res_len);
    g_assert_cmpmem(pair.answer.ck, AKA_CK_LEN, pair.av.ck, AKA_CK_LEN);
    g_assert_cmpmem(pair.answer.ik, AKA_IK_LEN, pair.av.ik, AKA_IK_LEN);
    g_assert_true(all_zero(pair.answer.auts, AKA_AUTS_LEN));
    g_assert_cmpuint(aka_isim_seq(&pair.isim, AKA_IND_IMS_FIRST), ==, 1);
}

static void test_mac_failure_sets_nothing(void)
{
    Pair pair;
    const AkaIsim before = (pair_init(&pair), pair.isim);
    aka_he_av(&pair.he, challenge, &pair.av);
    for (size_t octet = 0; octet < AKA_AUTN_LEN; octet++) { /* SQN, AMF and MAC are all covered */
        pair.av.autn[octet] ^= 1;
        g_assert_cmpint(aka_isim_answer(&pair.isim, challenge, pair.av.autn, &pair.answer), ==, AKA_MAC_FAILURE);
        g_assert_true(all_zero(&pair.answer, sizeof pair.answer));
        g_assert_cmpmem(&pair.isim, sizeof pair.isim, &before, sizeof before);
        pair.av.autn[octet] ^= 1;
    }
}

static void test_the_mac_is_checked_before_the_sqn(void)
{
    Pair pair;
    pair_init(&pair);
    g_assert_cmpint(challenge_card(&pair), ==, AKA_OK);
    pair.av.autn[AKA_AUTN_LEN - 1] ^= 1; /* stale now, and not genuine */
    g_assert_cmpint(aka_isim_answer(&pair.isim, challenge, pair.av.autn, &pair.answer), ==, AKA_MAC_FAILURE);
    g_assert_true(all_zero(pair.answer.auts, AKA_AUTS_LEN));
}

static void test_sync_failure_sets_only_auts(void)
{
    Pair pair;
    pair_init(&pair);
    g_assert_cmpint(challenge_card(&pair), ==, AKA_OK);
    const AkaIsim before = pair.isim;
    g_assert_cmpint(aka_isim_answer(&pair.isim, challenge, pair.av.autn, &pair.answer), ==, AKA_SYNC_FAILURE);
    g_assert_false(all_zero(pair.answer.auts, AKA_AUTS_LEN));
    memset(pair.answer.auts, 0, AKA_AUTS_LEN);
    g_assert_true(all_zero(&pair.answer, sizeof pair.answer));
    g_assert_cmpmem(&pair.isim, sizeof pair.isim, &before, sizeof before);
}

static void test_a_jump_of_delta_is_the_last_accepted(void)
{
    Pair pair;
    pair_init(&pair);
    pair.he.seq = AKA_DELTA_DEFAULT; /* the next SEQ is Delta + 1 above the card's 0 */
    g_assert_cmpint(challenge_card(&pair), ==, AKA_SYNC_FAILURE);
    pair.he.seq = AKA_DELTA_DEFAULT - 1;
    g_assert_cmpint(challenge_card(&pair), ==, AKA_OK);
    pair.isim.delta = 4;
    pair.he.seq += 4;
    g_assert_cmpint(challenge_card(&pair), ==, AKA_SYNC_FAILURE);
}

static void test_domains_do_not_disturb_each_other(void)
{
    Pair ims;
    AkaHe ps;
    AkaAv early;
    pair_init(&ims);
    aka_he_init(&ps, &key, AKA_IND_PS_FIRST, AKA_IND_PS_COUNT);
    aka_he_av(&ps, challenge, &early); /* SEQ 1, used late */
    for (int i = 0; i < 40; i++)
        g_assert_cmpint(challenge_card(&ims), ==, AKA_OK);
    g_assert_cmpint(aka_isim_answer(&ims.isim, challenge, early.autn, &ims.answer), ==, AKA_OK);
    g_assert_cmpint(aka_isim_answer(&ims.isim, challenge, early.autn, &ims.answer), ==, AKA_SYNC_FAILURE);
}

static void test_a_strict_single_counter_fails_across_domains(void)
{
    Pair ims;
    AkaHe ps;
    AkaAv early;
    pair_init(&ims);
    ims.isim.strict_single_counter = true;
    aka_he_init(&ps, &key, AKA_IND_PS_FIRST, AKA_IND_PS_COUNT);
    aka_he_av(&ps, challenge, &early);
    g_assert_cmpint(challenge_card(&ims), ==, AKA_OK);
    g_assert_cmpint(aka_isim_answer(&ims.isim, challenge, early.autn, &ims.answer), ==, AKA_SYNC_FAILURE);
}

static void test_ind_cycles_within_the_range(void)
{
    AkaHe he;
    AkaAv av;
    aka_he_init(&he, &key, 4, 3);
    for (uint64_t seq = 1; seq <= 7; seq++) {
        aka_he_av(&he, challenge, &av);
        g_assert_cmpuint(sqn_of(&av), ==, seq << AKA_IND_BITS | (4 + (seq - 1) % 3));
    }
    he.strict_single_counter = true;
    aka_he_av(&he, challenge, &av);
    aka_he_av(&he, challenge, &av);
    g_assert_cmpuint(sqn_of(&av) % AKA_IND_COUNT, ==, 4);
}

/* libosmocore tests/auth/milenage_test.ok: IND 10 of 5 bits, SQN_MS 31 in the AUTS; then 42, 74, 106. */
static void test_after_resynchronisation_sqn_continues_as_in_libosmocore(void)
{
    AkaHe he;
    AkaIsim isim;
    AkaAv av;
    AkaAnswer answer;
    aka_he_init(&he, &key, 10, 1);
    he.seq = 1000;
    aka_isim_init(&isim, &key);
    isim.delta = 100; /* makes the card refuse, so that it tells SQN_MS = 31: SEQ 0, IND 31 */
    isim.top = 31;
    aka_he_av(&he, challenge, &av);
    g_assert_cmpint(aka_isim_answer(&isim, challenge, av.autn, &answer), ==, AKA_SYNC_FAILURE);
    he.seq = AKA_SEQ_MAX - 1; /* far ahead of the card by more than any Delta: the AUTS is needed */
    g_assert_cmpint(aka_he_resync(&he, challenge, answer.auts), ==, AKA_RESYNC_DONE);
    for (uint64_t sqn = 42; sqn <= 106; sqn += 32) {
        aka_he_av(&he, challenge, &av);
        g_assert_cmpuint(sqn_of(&av), ==, sqn);
    }
}

static void test_a_resynchronised_vector_is_accepted(void)
{
    Pair pair;
    pair_init(&pair);
    aka_isim_set_seq(&pair.isim, AKA_IND_IMS_FIRST + 3, 500000);
    for (unsigned i = 0; i < AKA_IND_COUNT; i++)
        aka_isim_set_seq(&pair.isim, i, 500000 - i);
    g_assert_cmpint(challenge_card(&pair), ==, AKA_SYNC_FAILURE);
    g_assert_cmpint(aka_he_resync(&pair.he, challenge, pair.answer.auts), ==, AKA_RESYNC_DONE);
    g_assert_cmpuint(pair.he.seq, ==, 500000);
    g_assert_cmpint(challenge_card(&pair), ==, AKA_OK);
}

/* TS 35.208 set 1: what a card at that SQN sends; f1* is over AMF 0000 whatever the challenge's AMF. */
static void test_auts_is_made_with_a_zero_amf(void)
{
    static const uint8_t expected[AKA_AUTS_LEN] = { 0xba, 0x85, 0x3f, 0x3c, 0x12, 0x3c, 0xcf,
                                                    0x44, 0xe9, 0x35, 0x96, 0xe3, 0x55, 0xc6 };
    Pair pair;
    pair_init(&pair);
    pair.he.amf[0] = 0xb9;
    aka_isim_set_seq(&pair.isim, 0x07, UINT64_C(0xff9bb4d0b607) >> AKA_IND_BITS);
    for (int i = 0; i < AKA_IND_COUNT; i++)
        if (i != 0x07)
            aka_isim_set_seq(&pair.isim, (unsigned)i, 1);
    g_assert_cmpint(challenge_card(&pair), ==, AKA_SYNC_FAILURE);
    g_assert_cmpmem(pair.answer.auts, AKA_AUTS_LEN, expected, sizeof expected);
}

/* SQN_HE + 1 equal to what the card has seen would be refused, so the AUTS is needed; one more and it is not. */
static void test_an_auts_is_needed_up_to_the_cards_own_seq(void)
{
    Pair pair;
    pair_init(&pair);
    for (unsigned i = 0; i < AKA_IND_COUNT; i++)
        aka_isim_set_seq(&pair.isim, i, 100);
    g_assert_cmpint(challenge_card(&pair), ==, AKA_SYNC_FAILURE);
    pair.he.seq = 100;
    g_assert_cmpint(aka_he_resync(&pair.he, challenge, pair.answer.auts), ==, AKA_RESYNC_NOT_NEEDED);
    pair.he.seq = 99;
    g_assert_cmpint(aka_he_resync(&pair.he, challenge, pair.answer.auts), ==, AKA_RESYNC_DONE);
    g_assert_cmpuint(pair.he.seq, ==, 100);
}

static void test_an_auts_that_is_not_needed_changes_nothing(void)
{
    Pair pair;
    pair_init(&pair);
    g_assert_cmpint(challenge_card(&pair), ==, AKA_OK);
    g_assert_cmpint(aka_isim_answer(&pair.isim, challenge, pair.av.autn, &pair.answer), ==, AKA_SYNC_FAILURE);
    const AkaHe before = pair.he;
    g_assert_cmpint(aka_he_resync(&pair.he, challenge, pair.answer.auts), ==, AKA_RESYNC_NOT_NEEDED);
    g_assert_cmpmem(&pair.he, sizeof pair.he, &before, sizeof before);
}

static void test_a_forged_auts_is_refused(void)
{
    Pair pair;
    pair_init(&pair);
    for (unsigned i = 0; i < AKA_IND_COUNT; i++)
        aka_isim_set_seq(&pair.isim, i, 500000);
    g_assert_cmpint(challenge_card(&pair), ==, AKA_SYNC_FAILURE);
    const AkaHe before = pair.he;
    for (size_t octet = 0; octet < AKA_AUTS_LEN; octet++) {
        pair.answer.auts[octet] ^= 0x80;
        g_assert_cmpint(aka_he_resync(&pair.he, challenge, pair.answer.auts), ==, AKA_RESYNC_BAD_MAC);
        g_assert_cmpmem(&pair.he, sizeof pair.he, &before, sizeof before);
        pair.answer.auts[octet] ^= 0x80;
    }
    uint8_t other[AKA_RAND_LEN] = { 1 }; /* the AUTS of another challenge */
    g_assert_cmpint(aka_he_resync(&pair.he, other, pair.answer.auts), !=, AKA_RESYNC_DONE);
}

static void test_the_amf_travels_in_the_autn(void)
{
    Pair pair;
    pair_init(&pair);
    pair.he.amf[0] = 0x80;
    g_assert_cmpint(challenge_card(&pair), ==, AKA_OK);
    g_assert_cmphex(pair.av.autn[6], ==, 0x80);
    g_assert_cmphex(pair.av.autn[7], ==, 0x00);
}

static void test_milenage_both_ways_agree_and_null_is_allowed(void)
{
    static const uint8_t sqn[6] = { 0xff, 0x9b, 0xb4, 0xd0, 0xb6, 0x07 }, amf[2] = { 0xb9, 0xb9 };
    MilenageOut all, one;
    milenage_all(&key, challenge, sqn, amf, &all);
    milenage_f1(&key, challenge, sqn, amf, one.mac_a, one.mac_s);
    milenage_f2345(&key, challenge, one.res, one.ck, one.ik, one.ak, one.ak_star);
    g_assert_cmpmem(&all, sizeof all, &one, sizeof one);
    milenage_f1(&key, challenge, sqn, amf, NULL, NULL);
    milenage_f2345(&key, challenge, NULL, NULL, NULL, NULL, NULL);
}

static void test_clearing_wipes_the_key(void)
{
    Pair pair;
    pair_init(&pair);
    aka_he_clear(&pair.he);
    aka_isim_clear(&pair.isim);
    g_assert_true(all_zero(&pair.he, sizeof pair.he));
    g_assert_true(all_zero(&pair.isim, sizeof pair.isim));
}

static void test_a_million_subscribers_fit(void)
{
    g_assert_cmpuint(sizeof(AkaHe), <=, 48);
    g_assert_cmpuint(sizeof(AkaIsim), <=, 232);
}

/* TS 33.102 §6.3.7: RES may have 4 to 16 octets; a shorter one is the beginning. */
static void test_a_short_res_is_the_beginning_of_the_long_one(void)
{
    Pair pair;
    AkaAv whole, cut;
    AkaAnswer answer;
    pair_init(&pair);
    AkaHe he = pair.he;
    he.res_len = pair.isim.res_len = AKA_RES_MIN_LEN;
    const uint8_t rand[AKA_RAND_LEN] = { 7 };
    aka_he_av(&pair.he, rand, &whole);
    aka_he_av(&he, rand, &cut);
    g_assert_cmpuint(cut.res_len, ==, 4);
    g_assert_cmpmem(cut.xres, 4, whole.xres, 4);
    g_assert_true(all_zero(cut.xres + 4, sizeof cut.xres - 4));
    g_assert_cmpint(aka_isim_answer(&pair.isim, cut.rand, cut.autn, &answer), ==, AKA_OK);
    g_assert_cmpmem(answer.res, answer.res_len, cut.xres, cut.res_len);
    g_assert_true(all_zero(answer.res + 4, sizeof answer.res - 4));
    g_assert_cmpmem(answer.ck, sizeof answer.ck, whole.ck, sizeof whole.ck);
}

#define ADD(name, function) g_test_add_func("/crypto/aka/" name, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("both-sides-agree", test_both_sides_agree);
    ADD("mac-failure-sets-nothing", test_mac_failure_sets_nothing);
    ADD("the-mac-is-checked-before-the-sqn", test_the_mac_is_checked_before_the_sqn);
    ADD("sync-failure-sets-only-auts", test_sync_failure_sets_only_auts);
    ADD("a-jump-of-delta-is-the-last-accepted", test_a_jump_of_delta_is_the_last_accepted);
    ADD("domains-do-not-disturb-each-other", test_domains_do_not_disturb_each_other);
    ADD("a-strict-single-counter-fails-across-domains", test_a_strict_single_counter_fails_across_domains);
    ADD("ind-cycles-within-the-range", test_ind_cycles_within_the_range);
    ADD("after-resynchronisation-sqn-continues-as-in-libosmocore",
        test_after_resynchronisation_sqn_continues_as_in_libosmocore);
    ADD("a-resynchronised-vector-is-accepted", test_a_resynchronised_vector_is_accepted);
    ADD("auts-is-made-with-a-zero-amf", test_auts_is_made_with_a_zero_amf);
    ADD("an-auts-is-needed-up-to-the-cards-own-seq", test_an_auts_is_needed_up_to_the_cards_own_seq);
    ADD("an-auts-that-is-not-needed-changes-nothing", test_an_auts_that_is_not_needed_changes_nothing);
    ADD("a-forged-auts-is-refused", test_a_forged_auts_is_refused);
    ADD("the-amf-travels-in-the-autn", test_the_amf_travels_in_the_autn);
    ADD("milenage-both-ways-agree-and-null-is-allowed", test_milenage_both_ways_agree_and_null_is_allowed);
    ADD("clearing-wipes-the-key", test_clearing_wipes_the_key);
    ADD("a-short-res-is-the-beginning-of-the-long-one", test_a_short_res_is_the_beginning_of_the_long_one);
    ADD("a-million-subscribers-fit", test_a_million_subscribers_fit);
    return g_test_run();
}
