/*
 * tests/crypto/test_esp.c - sealing and opening: every algorithm, every cause of refusal, what an observer reads.
 *
 * Source:  RFC 4303 §3.3, §3.4; RFC 2451 §2.3; TS 33.203 §7.1, Annex I.
 * Knows:   crypto/esp.h.
 */
#include "crypto/esp.h"

#include <string.h>

enum { UDP_LEN = 61, AREA = 512 };

static const EspKeys keys = {
    .ik = { 0xf7, 0x69, 0xbc, 0xd7, 0x51, 0x04, 0x46, 0x04, 0x12, 0x76, 0x72, 0x71, 0x1c, 0x6d, 0x34, 0x41 },
    .ck = { 0xb4, 0x0b, 0xa9, 0xa3, 0xc5, 0x8b, 0x2a, 0x05, 0xbb, 0xf0, 0xd9, 0x87, 0xb2, 0x1b, 0xf8, 0xcb },
};
static const uint8_t iv[ESP_IV_MAX] = { 9, 8, 7, 6, 5, 4, 3, 2, 1, 11, 12, 13, 14, 15, 16, 17 };

static const struct {
    EspAlg alg;
    EspEalg ealg;
} suites[] = {
    { ESP_HMAC_MD5_96, ESP_NULL },          { ESP_HMAC_SHA1_96, ESP_NULL },   { ESP_HMAC_MD5_96, ESP_DES_EDE3_CBC },
    { ESP_HMAC_SHA1_96, ESP_DES_EDE3_CBC }, { ESP_HMAC_MD5_96, ESP_AES_CBC }, { ESP_HMAC_SHA1_96, ESP_AES_CBC },
};

/* A UDP datagram of @len octets: ports, length, no checksum, then a pattern. */
static void make_udp(uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(i * 7 + 1);
    out[4] = (uint8_t)(len >> 8);
    out[5] = (uint8_t)len;
}

typedef struct {
    uint8_t octets[AREA];
    size_t len;
    uint8_t *payload;
    size_t payload_len;
    uint8_t next_header;
} Packet;

static void seal_len(EspSa *sa, Packet *packet, size_t payload_len)
{
    memset(packet, 0xee, sizeof *packet);
    packet->len = payload_len;
    make_udp(packet->octets + esp_head_len(sa->ealg), payload_len);
    g_assert_cmpint(esp_seal(sa, iv, packet->octets, AREA, &packet->len, ESP_NEXT_UDP), ==, ESP_OK);
}

static void seal(EspSa *sa, Packet *packet)
{
    seal_len(sa, packet, UDP_LEN);
}

static EspResult open_packet(EspSa *sa, Packet *packet)
{
    return esp_open(sa, packet->octets, packet->len, &packet->payload, &packet->payload_len, &packet->next_header);
}

/* Both ends of one SA. */
static void sa_pair(EspSa *out, EspSa *in, size_t suite)
{
    esp_sa_init(out, 0x1001, suites[suite].alg, suites[suite].ealg, &keys);
    esp_sa_init(in, 0x1001, suites[suite].alg, suites[suite].ealg, &keys);
}

static void test_every_suite_and_length_comes_back(void)
{
    for (size_t suite = 0; suite < G_N_ELEMENTS(suites); suite++) {
        EspSa out, in;
        sa_pair(&out, &in, suite);
        for (size_t len = 8; len < 90; len++) {
            Packet packet;
            uint8_t expected[AREA];
            make_udp(expected, len);
            seal_len(&out, &packet, len);
            g_assert_cmpuint(packet.len, ==, esp_sealed_len(suites[suite].ealg, len));
            g_assert_cmpuint(packet.len - len, <=, ESP_HEAD_MAX + ESP_TAIL_MAX);
            g_assert_cmphex(packet.octets[packet.len], ==, 0xee); /* nothing behind the packet is touched */
            g_assert_cmpint(open_packet(&in, &packet), ==, ESP_OK);
            g_assert_cmpmem(packet.payload, packet.payload_len, expected, len);
            g_assert_cmpuint(packet.next_header, ==, ESP_NEXT_UDP);
        }
        g_assert_cmpuint(out.seq, ==, 82);
        g_assert_cmpuint(in.window.top, ==, 82);
    }
}

static void test_a_whole_ip_packet_is_tunnelled(void)
{
    EspSa out, in;
    Packet packet = { .len = 100 };
    uint8_t inner[100] = { 0x60, 0, 0, 0, 0, 60, 17, 64 };
    sa_pair(&out, &in, 5);
    memcpy(packet.octets + esp_head_len(ESP_AES_CBC), inner, sizeof inner);
    g_assert_cmpint(esp_seal(&out, iv, packet.octets, AREA, &packet.len, ESP_NEXT_IPV6), ==, ESP_OK);
    g_assert_cmpint(open_packet(&in, &packet), ==, ESP_OK);
    g_assert_cmpuint(packet.next_header, ==, ESP_NEXT_IPV6);
    g_assert_cmpmem(packet.payload, packet.payload_len, inner, sizeof inner);
}

static void test_any_changed_octet_is_a_bad_icv_and_the_window_stays(void)
{
    EspSa out, in;
    Packet packet;
    sa_pair(&out, &in, 5);
    seal(&out, &packet);
    for (size_t i = 0; i < packet.len; i++) {
        Packet changed = packet;
        changed.octets[i] ^= 0x40;
        g_assert_cmpint(open_packet(&in, &changed), ==, ESP_BAD_ICV);
        g_assert_cmpuint(in.window.top, ==, 0);
        g_assert_cmpuint(in.window.seen, ==, 0);
    }
    g_assert_cmpint(open_packet(&in, &packet), ==, ESP_OK);
}

static void test_a_forged_high_number_does_not_move_the_window(void)
{
    EspSa out, in;
    Packet packet, forged;
    sa_pair(&out, &in, 1);
    seal(&out, &packet);
    forged = packet;
    forged.octets[4] = 0xff;
    g_assert_cmpint(open_packet(&in, &forged), ==, ESP_BAD_ICV);
    g_assert_cmpint(open_packet(&in, &packet), ==, ESP_OK);
}

static void test_replay_is_refused_before_the_icv_is_looked_at(void)
{
    EspSa out, in;
    Packet packet, again;
    sa_pair(&out, &in, 3);
    seal(&out, &packet);
    again = packet;
    g_assert_cmpint(open_packet(&in, &packet), ==, ESP_OK);
    again.octets[again.len - 1] ^= 1;
    g_assert_cmpint(open_packet(&in, &again), ==, ESP_REPLAY);
}

static void test_number_zero_is_refused(void)
{
    EspSa out, in;
    Packet packet;
    sa_pair(&out, &in, 1);
    seal(&out, &packet);
    memset(packet.octets + 4, 0, 4);
    g_assert_cmpint(open_packet(&in, &packet), ==, ESP_REPLAY);
}

static void test_the_window_is_64_wide(void)
{
    EspSa out, in;
    Packet packets[66];
    sa_pair(&out, &in, 1);
    for (int i = 0; i < 66; i++)
        seal(&out, &packets[i]);
    g_assert_cmpint(open_packet(&in, &packets[64]), ==, ESP_OK);    /* number 65 */
    g_assert_cmpint(open_packet(&in, &packets[0]), ==, ESP_REPLAY); /* number 1: left of the window */
    g_assert_cmpint(open_packet(&in, &packets[1]), ==, ESP_OK);     /* number 2: its last place */
}

static void test_a_number_slides_to_the_last_place_and_then_out(void)
{
    EspWindow window = { .size = ESP_WINDOW_SIZE };
    esp_window_mark(&window, 1);
    esp_window_mark(&window, 64); /* 1 is now in the last place, and still known */
    g_assert_false(esp_window_accepts(&window, 1));
    g_assert_true(esp_window_accepts(&window, 2));
    esp_window_mark(&window, 65);
    g_assert_cmphex(window.seen, ==, 3); /* 1 is gone; 64 and 65 are known */
    esp_window_mark(&window, 65 + 64);
    g_assert_cmphex(window.seen, ==, 1);
}

static void test_a_pad_length_beyond_the_packet_is_refused(void)
{
    for (int pad = 0; pad < 256; pad++) {
        EspSa out, in;
        Packet packet;
        sa_pair(&out, &in, 1);
        in.check_icv = false; /* the trailer must hold on its own */
        seal_len(&out, &packet, 20);
        g_autofree uint8_t *exact = g_memdup2(packet.octets, packet.len);
        exact[packet.len - ESP_ICV_LEN - 2] = (uint8_t)pad; /* 2 when sealed: 20 octets, 01 02, 02, 11 */
        const EspResult result =
            esp_open(&in, exact, packet.len, &packet.payload, &packet.payload_len, &packet.next_header);
        g_assert_cmpint(result, ==, pad == 0 || pad == 2 ? ESP_OK : ESP_BAD_PADDING);
    }
}

static void test_mutants_let_replays_and_changes_through(void)
{
    EspSa out, in;
    Packet packet, again;
    sa_pair(&out, &in, 1);
    seal(&out, &packet);
    again = packet;
    in.check_replay = false;
    g_assert_cmpint(open_packet(&in, &packet), ==, ESP_OK);
    packet = again;
    g_assert_cmpint(open_packet(&in, &packet), ==, ESP_OK);
    in.check_icv = false;
    again.octets[20] ^= 1;
    g_assert_cmpint(open_packet(&in, &again), ==, ESP_OK);
}

/* TS 33.203 §7.1: same keys both ways, so only the SPI tells the UE's own packets from the P-CSCF's. */
static void test_a_reflected_packet_is_not_accepted(void)
{
    EspSa ue_out, ue_in;
    Packet packet;
    uint32_t spi;
    esp_sa_init(&ue_out, 0x2002, ESP_HMAC_SHA1_96, ESP_AES_CBC, &keys); /* spi_ps */
    esp_sa_init(&ue_in, 0x2001, ESP_HMAC_SHA1_96, ESP_AES_CBC, &keys);  /* spi_uc */
    seal(&ue_out, &packet);
    g_assert_true(esp_spi_of(packet.octets, packet.len, &spi));
    g_assert_cmphex(spi, !=, ue_in.spi); /* so the UE finds no SA for it */
    packet.octets[3] = 0x01;             /* and rewriting the SPI breaks the ICV */
    g_assert_cmpint(open_packet(&ue_in, &packet), ==, ESP_BAD_ICV);
}

static void test_equal_spis_would_let_a_reflection_in(void)
{
    EspSa out, in;
    Packet packet;
    sa_pair(&out, &in, 5);
    seal(&out, &packet);
    g_assert_cmpint(open_packet(&in, &packet), ==, ESP_OK);
}

/* The ICV covers the ciphertext and IK is the same, so a disagreement about ealg passes it and fails the trailer. */
static void mismatch(EspEalg sender, EspEalg receiver)
{
    EspSa out, in;
    unsigned bad_padding = 0;
    esp_sa_init(&out, 7, ESP_HMAC_SHA1_96, sender, &keys);
    esp_sa_init(&in, 7, ESP_HMAC_SHA1_96, receiver, &keys);
    for (size_t i = 0; i < 500; i++) {
        Packet packet;
        seal_len(&out, &packet, 60 + i % 300);
        const EspResult result = open_packet(&in, &packet);
        g_assert_true(result == ESP_BAD_PADDING || result == ESP_OK); /* never ESP_BAD_ICV */
        bad_padding += result == ESP_BAD_PADDING;
        if (result == ESP_OK) /* a pad length of 0 by chance: then the protocol is wrong, and the selectors drop it */
            g_assert_cmpuint(packet.next_header, !=, ESP_NEXT_UDP);
    }
    g_assert_cmpuint(bad_padding, >, 480);
    g_assert_cmpuint(in.window.top, ==, 500);
}

static void test_an_ealg_mismatch_passes_the_icv_and_fails_the_trailer(void)
{
    mismatch(ESP_DES_EDE3_CBC, ESP_NULL);
    mismatch(ESP_NULL, ESP_DES_EDE3_CBC);
    mismatch(ESP_AES_CBC, ESP_NULL);
    mismatch(ESP_NULL, ESP_AES_CBC);
    mismatch(ESP_AES_CBC, ESP_DES_EDE3_CBC);
}

static void test_short_packets_are_refused_at_every_length(void)
{
    for (size_t suite = 0; suite < G_N_ELEMENTS(suites); suite++) {
        EspSa out, in;
        Packet packet;
        sa_pair(&out, &in, suite);
        seal(&out, &packet);
        for (size_t len = 0; len < packet.len; len++) {
            g_autofree uint8_t *cut = g_memdup2(packet.octets, len); /* exact, so that a read past it is seen */
            const EspResult result = esp_open(&in, cut, len, &packet.payload, &packet.payload_len, &packet.next_header);
            const size_t least = esp_head_len(suites[suite].ealg) + esp_block_len(suites[suite].ealg) + ESP_ICV_LEN;
            g_assert_cmpint(result, ==, len < least ? ESP_TOO_SHORT : ESP_BAD_ICV);
        }
    }
}

static void test_sealing_needs_room_and_numbers(void)
{
    EspSa out, in;
    Packet packet = { .len = UDP_LEN };
    sa_pair(&out, &in, 5);
    const size_t needed = esp_sealed_len(ESP_AES_CBC, UDP_LEN);
    g_assert_cmpint(esp_seal(&out, iv, packet.octets, needed - 1, &packet.len, 17), ==, ESP_TOO_SHORT);
    packet.len = SIZE_MAX;
    g_assert_cmpint(esp_seal(&out, iv, packet.octets, AREA, &packet.len, 17), ==, ESP_TOO_SHORT);
    packet.len = UDP_LEN;
    out.seq = UINT32_MAX - 1;
    g_assert_cmpint(esp_seal(&out, iv, packet.octets, needed, &packet.len, 17), ==, ESP_OK);
    g_assert_cmpint(open_packet(&in, &packet), ==, ESP_OK);
    g_assert_cmpuint(in.window.top, ==, UINT32_MAX);
    packet.len = UDP_LEN;
    g_assert_cmpint(esp_seal(&out, iv, packet.octets, AREA, &packet.len, 17), ==, ESP_SEQ_EXHAUSTED);
    g_assert_cmpuint(packet.len, ==, UDP_LEN);
}

static void test_single_des_keys_are_not_acceptable(void)
{
    EspKeys same = keys;
    memcpy(same.ck + 8, same.ck, 8);
    same.ck[3] ^= 1; /* only a parity bit differs */
    g_assert_false(esp_keys_acceptable(ESP_DES_EDE3_CBC, &same));
    g_assert_true(esp_keys_acceptable(ESP_AES_CBC, &same));
    g_assert_true(esp_keys_acceptable(ESP_NULL, &same));
    g_assert_true(esp_keys_acceptable(ESP_DES_EDE3_CBC, &keys));
    same.ck[3] ^= 2;
    g_assert_true(esp_keys_acceptable(ESP_DES_EDE3_CBC, &same));
}

/* Captured keys may be anything; trying them must not end the run. */
static void test_unacceptable_keys_do_no_harm(void)
{
    static const EspKeys zero = { .ik = { 0 } };
    EspSa out, in;
    Packet packet;
    esp_sa_init(&out, 1, ESP_HMAC_MD5_96, ESP_DES_EDE3_CBC, &zero);
    esp_sa_init(&in, 1, ESP_HMAC_MD5_96, ESP_DES_EDE3_CBC, &zero);
    g_assert_false(esp_keys_acceptable(ESP_DES_EDE3_CBC, &zero));
    seal(&out, &packet);
    g_assert_cmpint(open_packet(&in, &packet), ==, ESP_OK);
}

static void test_parity_does_not_change_the_ciphertext(void)
{
    uint8_t plain[3][16] = { { 1, 2, 3 }, { 1, 2, 3 }, { 0 } }, ck[24];
    annexI_ck_3des(keys.ck, ck);
    annexI_des_parity(ck, sizeof ck);
    esp_transform_cipher(ESP_DES_EDE3_CBC, keys.ck, true, iv, plain[0], 16);
    esp_transform_cipher(ESP_DES_EDE3_CBC, ck, true, iv, plain[1], 16);
    g_assert_cmpmem(plain[0], 16, plain[1], 16);
    for (size_t i = 0; i < sizeof ck; i++)
        g_assert_cmpint(__builtin_popcount(ck[i]) % 2, ==, 1);
}

/* ---- an observer ---- */

static void test_an_observer_reads_null_without_keys(void)
{
    for (size_t suite = 0; suite < 2; suite++)
        for (size_t len = 8; len < 40; len++) {
            EspSa out, in;
            Packet packet;
            const uint8_t *payload;
            size_t payload_len;
            uint8_t next, expected[AREA];
            sa_pair(&out, &in, suite);
            seal_len(&out, &packet, len);
            make_udp(expected, len);
            g_assert_true(esp_strip_null(packet.octets, packet.len, ESP_ICV_LEN, &payload, &payload_len, &next));
            g_assert_cmpmem(payload, payload_len, expected, len);
            g_assert_cmpuint(next, ==, ESP_NEXT_UDP);
            payload = NULL;
            g_assert_true(esp_strip_null(packet.octets, packet.len, ESP_ICV_UNKNOWN, &payload, &payload_len, &next));
            g_assert_cmpmem(payload, payload_len, expected, len);
        }
}

static void test_an_observer_reads_nothing_from_ciphertext(void)
{
    for (size_t suite = 2; suite < G_N_ELEMENTS(suites); suite++) {
        EspSa out, in;
        sa_pair(&out, &in, suite);
        for (size_t i = 0; i < 1000; i++) {
            Packet packet;
            const uint8_t *payload;
            size_t payload_len;
            uint8_t next;
            seal_len(&out, &packet, 40 + i % 200);
            g_assert_false(esp_strip_null(packet.octets, packet.len, ESP_ICV_UNKNOWN, &payload, &payload_len, &next));
        }
    }
}

/* One ESP-NULL packet with @len octets of @payload as @next_header, as an observer reads it. */
static bool observer_reads(const uint8_t *payload, size_t len, uint8_t next_header)
{
    EspSa out;
    Packet packet = { .len = len };
    const uint8_t *seen;
    size_t seen_len;
    uint8_t next;
    esp_sa_init(&out, 1, ESP_HMAC_SHA1_96, ESP_NULL, &keys);
    memcpy(packet.octets + ESP_HEADER_LEN, payload, len);
    g_assert_cmpint(esp_seal(&out, NULL, packet.octets, AREA, &packet.len, next_header), ==, ESP_OK);
    return esp_strip_null(packet.octets, packet.len, ESP_ICV_LEN, &seen, &seen_len, &next);
}

static void test_an_observer_asks_that_the_upper_layer_fits(void)
{
    uint8_t octets[60] = { 0 };
    make_udp(octets, sizeof octets);
    g_assert_true(observer_reads(octets, sizeof octets, ESP_NEXT_UDP));
    octets[5]++; /* the UDP length is not that of the payload */
    g_assert_false(observer_reads(octets, sizeof octets, ESP_NEXT_UDP));

    memset(octets, 0, sizeof octets);
    octets[12] = 5 << 4; /* TCP data offset: 20 octets */
    g_assert_true(observer_reads(octets, sizeof octets, ESP_NEXT_TCP));
    g_assert_true(observer_reads(octets, 20, ESP_NEXT_TCP));
    octets[12] = 4 << 4;
    g_assert_false(observer_reads(octets, sizeof octets, ESP_NEXT_TCP));
    octets[12] = 15 << 4;
    g_assert_false(observer_reads(octets, 56, ESP_NEXT_TCP));

    memset(octets, 0, sizeof octets);
    octets[0] = 0x60;
    octets[5] = 20; /* IPv6 payload length */
    g_assert_true(observer_reads(octets, sizeof octets, ESP_NEXT_IPV6));
    g_assert_false(observer_reads(octets, sizeof octets, ESP_NEXT_IPV4));
    g_assert_false(observer_reads(octets, sizeof octets, 59));
    octets[0] = 0x45;
    octets[3] = 60;
    g_assert_true(observer_reads(octets, sizeof octets, ESP_NEXT_IPV4));
}

static void test_an_observer_survives_any_length(void)
{
    for (size_t len = 0; len < 64; len++) {
        g_autofree uint8_t *octets = g_malloc0(len + 1);
        g_autofree uint8_t *exact = g_memdup2(octets, len);
        const uint8_t *payload;
        size_t payload_len;
        uint8_t next;
        uint32_t spi;
        g_assert_false(esp_strip_null(exact, len, ESP_ICV_UNKNOWN, &payload, &payload_len, &next));
        g_assert_false(esp_strip_null(exact, len, 12, &payload, &payload_len, &next));
        g_assert_true(esp_spi_of(exact, len, &spi) == (len >= ESP_HEADER_LEN));
        g_assert_true(esp_seq_of(exact, len, &spi) == (len >= ESP_HEADER_LEN));
    }
}

static void test_an_sa_is_small(void)
{
    g_assert_cmpuint(sizeof(EspSa), <=, 40);
    g_assert_cmpuint(sizeof(EspKeys), ==, 32);
}

#define ADD(name, function) g_test_add_func("/crypto/esp/" name, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("every-suite-and-length-comes-back", test_every_suite_and_length_comes_back);
    ADD("a-whole-ip-packet-is-tunnelled", test_a_whole_ip_packet_is_tunnelled);
    ADD("any-changed-octet-is-a-bad-icv-and-the-window-stays",
        test_any_changed_octet_is_a_bad_icv_and_the_window_stays);
    ADD("a-forged-high-number-does-not-move-the-window", test_a_forged_high_number_does_not_move_the_window);
    ADD("replay-is-refused-before-the-icv-is-looked-at", test_replay_is_refused_before_the_icv_is_looked_at);
    ADD("number-zero-is-refused", test_number_zero_is_refused);
    ADD("the-window-is-64-wide", test_the_window_is_64_wide);
    ADD("a-number-slides-to-the-last-place-and-then-out", test_a_number_slides_to_the_last_place_and_then_out);
    ADD("a-pad-length-beyond-the-packet-is-refused", test_a_pad_length_beyond_the_packet_is_refused);
    ADD("mutants-let-replays-and-changes-through", test_mutants_let_replays_and_changes_through);
    ADD("a-reflected-packet-is-not-accepted", test_a_reflected_packet_is_not_accepted);
    ADD("equal-spis-would-let-a-reflection-in", test_equal_spis_would_let_a_reflection_in);
    ADD("an-ealg-mismatch-passes-the-icv-and-fails-the-trailer",
        test_an_ealg_mismatch_passes_the_icv_and_fails_the_trailer);
    ADD("short-packets-are-refused-at-every-length", test_short_packets_are_refused_at_every_length);
    ADD("sealing-needs-room-and-numbers", test_sealing_needs_room_and_numbers);
    ADD("single-des-keys-are-not-acceptable", test_single_des_keys_are_not_acceptable);
    ADD("unacceptable-keys-do-no-harm", test_unacceptable_keys_do_no_harm);
    ADD("parity-does-not-change-the-ciphertext", test_parity_does_not_change_the_ciphertext);
    ADD("an-observer-reads-null-without-keys", test_an_observer_reads_null_without_keys);
    ADD("an-observer-reads-nothing-from-ciphertext", test_an_observer_reads_nothing_from_ciphertext);
    ADD("an-observer-asks-that-the-upper-layer-fits", test_an_observer_asks_that_the_upper_layer_fits);
    ADD("an-observer-survives-any-length", test_an_observer_survives_any_length);
    ADD("an-sa-is-small", test_an_sa_is_small);
    return g_test_run();
}
