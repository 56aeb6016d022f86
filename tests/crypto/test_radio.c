/*
 * tests/crypto/test_radio.c - radio ciphers, WEP's frame, and the reduced key searches.
 *
 * Source:  TS 35.201; RFC 6229 (RC4, 64-bit key 0102030405060708); libtomcrypt's own f9 as a second opinion.
 * Knows:   crypto/radio.h, crypto/radio_break.h.
 */
#include "crypto/radio.h"
#include "crypto/radio_break.h"

#include <string.h>
#include <tomcrypt.h>

static const uint8_t key[RADIO_KEY_LEN] = { 0x2b, 0xd6, 0x45, 0x9f, 0x82, 0xc5, 0xb3, 0x00,
                                            0x95, 0x2c, 0x49, 0x10, 0x48, 0x81, 0xff, 0x48 };

static void keystream(RadioCipher cipher, const uint8_t k[RADIO_KEY_LEN], uint32_t count, unsigned bearer,
                      unsigned direction, uint8_t out[64])
{
    memset(out, 0, 64);
    radio_crypt(cipher, k, count, bearer, direction, out, 64);
}

static void test_deciphering_is_enciphering(void)
{
    for (RadioCipher cipher = RADIO_NONE; cipher < (RadioCipher)RADIO_N_CIPHERS; cipher++)
        for (size_t len = 0; len < 300; len += 7) {
            uint8_t octets[300] = "SIP/2.0 200 OK", plain[300];
            memcpy(plain, octets, sizeof plain);
            radio_crypt(cipher, key, 77, 3, 1, octets, len);
            g_assert_cmpmem(octets + len, sizeof octets - len, plain + len, sizeof plain - len);
            if (cipher != RADIO_NONE && len >= 14)
                g_assert_cmpint(memcmp(octets, plain, len), !=, 0);
            radio_crypt(cipher, key, 77, 3, 1, octets, len);
            g_assert_cmpmem(octets, sizeof octets, plain, sizeof plain);
        }
}

/* The keystream of a frame depends on the count, and on bearer and direction where the cipher has them. */
static void test_every_input_changes_the_keystream(void)
{
    for (RadioCipher cipher = RADIO_UEA1; cipher < (RadioCipher)RADIO_N_CIPHERS; cipher++) {
        uint8_t base[64], other[64], changed[RADIO_KEY_LEN];
        keystream(cipher, key, 5, 1, 0, base);
        keystream(cipher, key, 6, 1, 0, other);
        g_assert_cmpint(memcmp(base, other, 64), !=, 0);
        keystream(cipher, key, 5, 1, 1, other);
        g_assert_true((memcmp(base, other, 64) != 0) == (cipher != RADIO_WEP));
        keystream(cipher, key, 5, 2, 0, other);
        g_assert_true((memcmp(base, other, 64) != 0) == (cipher == RADIO_UEA1));
        for (size_t i = 0; i < RADIO_KEY_LEN; i++) {
            memcpy(changed, key, sizeof changed);
            changed[i] ^= 1;
            keystream(cipher, changed, 5, 1, 0, other);
            g_assert_true((memcmp(base, other, 64) != 0) == (i < radio_key_len(cipher)));
        }
    }
}

static void test_the_inner_key_is_enough(void)
{
    for (RadioCipher cipher = RADIO_UEA1; cipher < (RadioCipher)RADIO_N_CIPHERS; cipher++) {
        uint8_t inner[RADIO_KEY_LEN], base[64], other[64] = { 0 };
        keystream(cipher, key, 5, 1, 0, base);
        radio_inner_key(cipher, key, inner);
        radio_crypt_inner(cipher, inner, 5, 1, 0, other, sizeof other);
        g_assert_cmpmem(base, sizeof base, other, sizeof other);
        for (size_t i = radio_key_bits(cipher) / 8; i < RADIO_KEY_LEN; i++)
            g_assert_cmpuint(inner[i], ==, 0);
    }
    g_assert_cmpuint(radio_key_len(RADIO_GEA1), ==, 8);
    g_assert_cmpuint(radio_key_bits(RADIO_GEA1), ==, 40);
}

static void test_stand_ins_say_so(void)
{
    for (RadioCipher cipher = RADIO_NONE; cipher < (RadioCipher)RADIO_N_CIPHERS; cipher++)
        g_assert_true(radio_is_stand_in(cipher) == (strstr(radio_cipher_name(cipher), "stand-in") != NULL));
    g_assert_true(radio_is_stand_in(RADIO_GEA1) && radio_is_stand_in(RADIO_GEA2));
}

/* PS = COUNT || FRESH || MESSAGE || DIRECTION || 1 || 0.. given as one string to libtomcrypt's f9. */
static void test_uia1_agrees_with_libtomcrypt(void)
{
    const int kasumi = register_cipher(&kasumi_desc);
    g_assert_cmpint(kasumi, >=, 0);
    for (unsigned len = 0; len < 40; len++) {
        uint8_t ps[8 + 40 + 1] = { 0x38, 0xa6, 0xf0, 0x56, 0x05, 0xd2, 0xec, 0x49 }, mac[RADIO_MAC_LEN], expected[8];
        unsigned long expected_len = sizeof expected;
        for (unsigned i = 0; i < len; i++)
            ps[8 + i] = (uint8_t)(i * 31 + 3);
        ps[8 + len] = (uint8_t)((len & 1) << 7 | 0x40);
        g_assert_cmpint(f9_memory(kasumi, key, sizeof key, ps, 8 + len + 1, expected, &expected_len), ==, CRYPT_OK);
        radio_uia1(key, 0x38a6f056, 0x05d2ec49, len & 1, ps + 8, len, mac);
        g_assert_cmpmem(mac, sizeof mac, expected, sizeof mac);
    }
}

static void test_uia1_covers_every_input(void)
{
    uint8_t base[RADIO_MAC_LEN], other[RADIO_MAC_LEN], message[] = "cipher mode command";
    radio_uia1(key, 1, 2, 0, message, sizeof message, base);
    radio_uia1(key, 3, 2, 0, message, sizeof message, other);
    g_assert_cmpint(memcmp(base, other, sizeof base), !=, 0);
    radio_uia1(key, 1, 3, 0, message, sizeof message, other);
    g_assert_cmpint(memcmp(base, other, sizeof base), !=, 0);
    radio_uia1(key, 1, 2, 1, message, sizeof message, other);
    g_assert_cmpint(memcmp(base, other, sizeof base), !=, 0);
    message[3] ^= 1;
    radio_uia1(key, 1, 2, 0, message, sizeof message, other);
    g_assert_cmpint(memcmp(base, other, sizeof base), !=, 0);
}

/* Keystream computed with libosmogsm 1.7.0 (gprs_cipher_run), so that GEA3 is held where that is not installed. */
static void test_gea3_is_that_of_libosmogsm(void)
{
    static const uint8_t expected[2][24] = {
        { 0x58, 0x23, 0xa1, 0xc6, 0xfb, 0xf9, 0x3a, 0x03, 0x14, 0x31, 0xdd, 0x08,
          0x5c, 0x15, 0x5b, 0x86, 0x80, 0xec, 0xde, 0x2a, 0x4d, 0x8d, 0x2f, 0xbe },
        { 0xd9, 0xbb, 0x96, 0x33, 0x06, 0x4f, 0x8e, 0x01, 0x20, 0x64, 0x5c, 0xf0,
          0xc3, 0xf4, 0x2c, 0x3f, 0x00, 0x55, 0x8e, 0x76, 0x72, 0xf3, 0x28, 0xe8 },
    };
    for (unsigned direction = 0; direction < 2; direction++) {
        uint8_t out[64];
        keystream(RADIO_GEA3, key, 0x72a4f20f, 0, direction, out);
        g_assert_cmpmem(out, 24, expected[direction], 24);
    }
}

static void test_the_bearer_has_five_bits(void)
{
    uint8_t one[64], other[64];
    keystream(RADIO_UEA1, key, 5, 1, 0, one);
    keystream(RADIO_UEA1, key, 5, 1 + 16, 0, other);
    g_assert_cmpint(memcmp(one, other, 64), !=, 0);
    keystream(RADIO_UEA1, key, 5, 1 + 32, 0, other);
    g_assert_cmpmem(one, 64, other, 64);
}

/* ---- WEP ---- */

static void test_wep_is_rc4_of_iv_and_key(void)
{
    static const uint8_t wep_key[RADIO_KEY_LEN] = { 4, 5, 6, 7, 8 };
    static const uint8_t rfc6229[16] = { 0x97, 0xab, 0x8a, 0x1b, 0xf0, 0xaf, 0xb9, 0x61,
                                         0x32, 0xf2, 0xf6, 0x72, 0x58, 0xda, 0x15, 0xa8 };
    uint8_t out[64];
    keystream(RADIO_WEP, wep_key, 0x010203, 0, 0, out);
    g_assert_cmpmem(out, sizeof rfc6229, rfc6229, sizeof rfc6229);
}

static void test_wep_frames_come_back_and_carry_crc32(void)
{
    uint8_t body[64] = { 0 }, *data;
    size_t len = 9, data_len;
    uint32_t iv;
    memcpy(body + WEP_HEAD_LEN, "123456789", 9); /* whose CRC-32 is cbf43926 */
    g_assert_false(radio_wep_seal(key, 0xabcdef, body, 9 + WEP_OVERHEAD - 1, &len));
    g_assert_true(radio_wep_seal(key, 0xabcdef, body, sizeof body, &len));
    g_assert_cmpuint(len, ==, 9 + WEP_OVERHEAD);
    g_assert_true(radio_wep_iv(body, len, &iv));
    g_assert_cmphex(iv, ==, 0xabcdef);
    g_assert_true(radio_wep_open(key, body, len, &data, &data_len));
    g_assert_cmpmem(data, data_len, "123456789", 9);
    g_assert_cmpmem(data + data_len, 4, "\x26\x39\xf4\xcb", 4);
    g_assert_false(radio_wep_iv(body, WEP_OVERHEAD - 1, &iv));
    g_assert_false(radio_wep_open(key, body, WEP_OVERHEAD - 1, &data, &data_len));
}

/* IEEE 802.11 says integrity; CRC-32 is linear, so a change of the data and its CRC go through without the key. */
static void test_wep_lets_a_bit_flip_with_crc_through(void)
{
    uint8_t body[64] = { 0 }, naive[64], flip[16] = { 0 }, *data;
    size_t len = 16, data_len;
    crc32_state state;
    uint8_t crc_flip[4], crc_zero[4];
    memcpy(body + WEP_HEAD_LEN, "basic: open     ", 16);
    g_assert_true(radio_wep_seal(key, 1, body, sizeof body, &len));
    body[WEP_HEAD_LEN + 7] ^= 1;
    memcpy(naive, body, sizeof naive);
    g_assert_false(radio_wep_open(key, naive, len, &data, &data_len)); /* the CRC alone notices a careless change */
    flip[7] = 1;
    crc32_init(&state);
    crc32_update(&state, flip, sizeof flip);
    crc32_finish(&state, crc_flip, 4);
    memset(flip, 0, sizeof flip);
    crc32_init(&state);
    crc32_update(&state, flip, sizeof flip);
    crc32_finish(&state, crc_zero, 4);
    for (int i = 0; i < 4; i++)
        body[WEP_HEAD_LEN + 16 + i] ^= crc_flip[3 - i] ^ crc_zero[3 - i];
    g_assert_true(radio_wep_open(key, body, len, &data, &data_len));
    g_assert_cmpmem(data, data_len, "basic: npen     ", 16);
}

/* ---- breaking ---- */

static void test_published_breaks_are_those_of_the_design(void)
{
    g_assert_null(radio_break_of(RADIO_NONE));
    g_assert_null(radio_break_of(RADIO_UEA1));
    g_assert_null(radio_break_of(RADIO_GEA3));
    const RadioBreak *gea1 = radio_break_of(RADIO_GEA1), *gea2 = radio_break_of(RADIO_GEA2);
    g_assert_cmpuint(gea1->work_log2, ==, 40);
    g_assert_cmpuint(gea1->known_octets, ==, 9); /* 65 bits */
    g_assert_cmpuint(gea1->knowledge_year, ==, 2021);
    g_assert_cmpuint(gea2->work_log2, ==, 45);
    g_assert_cmpuint(gea2->known_octets, ==, 1600);
    g_assert_cmpuint(radio_break_of(RADIO_WEP)->work_log2, <=, 44);
    g_assert_cmpuint(radio_break_of(RADIO_WEP)->knowledge_year, <=, 2003);
    size_t n;
    const RadioBreak *all = radio_break_all(&n);
    for (size_t i = 0; i < n; i++) {
        g_assert_cmpstr(all[i].reference, !=, "");
        g_assert_true(i == 0 || all[i - 1].cipher <= all[i].cipher);
    }
}

/* @data: the cipher.  Two frames, known in the middle only; the rest is read with the recovered key. */
static void test_a_reduced_key_is_found(gconstpointer data)
{
    enum { HIDDEN = 10 };
    const RadioCipher cipher = GPOINTER_TO_INT(data);
    const char *const plain[] = { "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP secret-one", "NOTIFY sip:alice.secret-two" };
    uint8_t frame[2][64] = { { 0 } }, known[2][12], revealed[RADIO_KEY_LEN], true_inner[RADIO_KEY_LEN];
    RadioKnown facts[2];
    RadioBreakRun run;
    for (unsigned i = 0; i < 2; i++) {
        memcpy(frame[i], plain[i], strlen(plain[i]));
        radio_crypt(cipher, key, 100 + i, 3, 1, frame[i], sizeof frame[i]);
        for (int j = 0; j < 12; j++)
            known[i][j] = frame[i][4 + j] ^ (uint8_t)plain[i][4 + j];
        facts[i] = (RadioKnown){ 100 + i, 3, 1, 4, known[i], 12 };
    }
    radio_break_reveal(cipher, key, HIDDEN, revealed);
    g_assert_true(radio_break_run(cipher, facts, 2, revealed, HIDDEN, &run));
    g_assert_cmpuint(run.executed, >, 1);
    g_assert_cmpuint(run.executed, <=, 1 << HIDDEN);
    radio_inner_key(cipher, key, true_inner);
    g_assert_cmpmem(run.inner, sizeof run.inner, true_inner, sizeof true_inner);
    for (unsigned i = 0; i < 2; i++) {
        radio_crypt_inner(cipher, run.inner, 100 + i, 3, 1, frame[i], sizeof frame[i]);
        g_assert_cmpstr((const char *)frame[i], ==, plain[i]);
    }

    known[1][11] ^= 1; /* a wrong guess about the second frame's plaintext: no key fits, all work is spent */
    g_assert_false(radio_break_run(cipher, facts, 2, revealed, HIDDEN, &run));
    g_assert_cmpuint(run.executed, ==, 1 << HIDDEN);
    g_assert_false(run.found);
}

static void test_nothing_hidden_bits_leave_the_rest(void)
{
    uint8_t revealed[RADIO_KEY_LEN];
    radio_break_reveal(RADIO_WEP, key, 12, revealed);
    g_assert_cmpmem(revealed, 3, key, 3);
    g_assert_cmphex(revealed[3], ==, key[3] & 0xf0);
    g_assert_cmphex(revealed[4], ==, 0);
    g_assert_cmphex(revealed[5], ==, 0);
}

static void test_without_knowledge_nothing_is_tried(void)
{
    const RadioKnown empty = { .len = 0 };
    RadioBreakRun run;
    g_assert_false(radio_break_run(RADIO_GEA1, NULL, 0, key, 8, &run));
    g_assert_false(radio_break_run(RADIO_GEA1, &empty, 1, key, 8, &run));
    g_assert_false(radio_break_run(RADIO_NONE, &empty, 1, key, 0, &run));
    g_assert_cmpuint(run.executed, ==, 0);
}

#define ADD(name, function) g_test_add_func("/crypto/radio/" name, function)

int main(int argc, char **argv)
{
    static const RadioCipher broken[] = { RADIO_UEA1, RADIO_GEA1, RADIO_GEA2, RADIO_GEA3, RADIO_WEP };
    g_test_init(&argc, &argv, NULL);
    ADD("deciphering-is-enciphering", test_deciphering_is_enciphering);
    ADD("every-input-changes-the-keystream", test_every_input_changes_the_keystream);
    ADD("the-inner-key-is-enough", test_the_inner_key_is_enough);
    ADD("stand-ins-say-so", test_stand_ins_say_so);
    ADD("uia1-agrees-with-libtomcrypt", test_uia1_agrees_with_libtomcrypt);
    ADD("uia1-covers-every-input", test_uia1_covers_every_input);
    ADD("gea3-is-that-of-libosmogsm", test_gea3_is_that_of_libosmogsm);
    ADD("the-bearer-has-five-bits", test_the_bearer_has_five_bits);
    ADD("wep-is-rc4-of-iv-and-key", test_wep_is_rc4_of_iv_and_key);
    ADD("wep-frames-come-back-and-carry-crc32", test_wep_frames_come_back_and_carry_crc32);
    ADD("wep-lets-a-bit-flip-with-crc-through", test_wep_lets_a_bit_flip_with_crc_through);
    ADD("published-breaks-are-those-of-the-design", test_published_breaks_are_those_of_the_design);
    for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_autofree char *path = g_strdup_printf("/crypto/radio/a-reduced-key-is-found/%d", (int)broken[i]);
        g_test_add_data_func(path, GINT_TO_POINTER(broken[i]), test_a_reduced_key_is_found);
    }
    ADD("hidden-bits-leave-the-rest", test_nothing_hidden_bits_leave_the_rest);
    ADD("without-knowledge-nothing-is-tried", test_without_knowledge_nothing_is_tried);
    return g_test_run();
}
