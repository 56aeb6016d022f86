/*
 * tests/attacker/test_decode_packets.c - what opens a packet, and what does not.
 *
 * Source:  threats 2.0, AT-03 to AT-05, AT-10; crypto/radio_break.h.
 */
#include "crypto/radio_break.h"
#include "nodes/attacker/private.h"
#include "tests/attacker/support/pair.h"

#include <string.h>

#define NOTE "hidden-note-4711"
#define PIDF "Content-Type: application/pidf+xml\r\n"

static void publish(Pair *pair)
{
    g_autofree char *text = sip_publish(PIDF, "<presence><note>" NOTE "</note></presence>");
    pair_send(pair, NET_UP, text);
    g_assert_nonnull(strstr(pair_last(pair, PAIR_PCSCF)->text, NOTE));
}

/* SM5 as the S-CSCF sends it to the P-CSCF: with the keys. */
static void send_sm5(Pair *pair, const EspKeys *keys)
{
    g_autoptr(GString) challenge = g_string_new(",ik=\"");
    for (unsigned i = 0; i < ESP_KEY_LEN; i++)
        g_string_append_printf(challenge, "%02x", keys->ik[i]);
    g_string_append(challenge, "\",ck=\"");
    for (unsigned i = 0; i < ESP_KEY_LEN; i++)
        g_string_append_printf(challenge, "%02x", keys->ck[i]);
    g_string_append_c(challenge, '"');
    g_autofree char *text = sip_challenge(challenge->str, NULL);
    g_autoptr(GByteArray) packet =
        packet_udp(pair->pcscf_addr.octet, pair->ue_addr.octet, 5060, 5060, text, strlen(text));
    pair_feed(pair, NET_DOWN, packet->data, packet->len);
}

/* ---- ESP ---- */

static void test_null_encryption_is_read(void)
{
    for (unsigned alg = ESP_HMAC_MD5_96; alg <= ESP_HMAC_SHA1_96; alg++) {
        g_autoptr(Pair) pair = pair_new();
        pair_protect(pair, (EspAlg)alg, ESP_NULL);
        pair_attacker(pair, "gn:alice", 0, 2003);
        publish(pair);
        const Reading *reading = pair_reading(pair, NOTE);
        g_assert_nonnull(reading);
        g_assert_cmpstr(reading->how, ==, "ESP with NULL encryption");
        g_assert_cmpstr(reading->segment, ==, "gn:alice");
        g_assert_cmpuint(reading->frame, ==, 2);
        g_assert_cmpint(reading->method, ==, SIP_PUBLISH);
        g_assert_true(reading->carries_document);
        g_assert_cmpuint(reading->dport, ==, PORT_PS);
        g_assert_cmpuint(knowledge_sealed(attacker_knowledge(pair->attacker)), ==, 0);
    }
}

static void test_encryption_is_not(void)
{
    for (unsigned ealg = ESP_DES_EDE3_CBC; ealg <= ESP_AES_CBC; ealg++) {
        g_autoptr(Pair) pair = pair_new();
        pair_protect(pair, ESP_HMAC_SHA1_96, (EspEalg)ealg);
        pair_attacker(pair, "gi:alice", 60, 2021);
        publish(pair);
        attacker_finish(pair->attacker);
        g_assert_cmpuint(knowledge_count(attacker_knowledge(pair->attacker)), ==, 0);
        g_assert_cmpuint(knowledge_sealed(attacker_knowledge(pair->attacker)), ==, 1);
    }
}

static void test_keys_of_sm5_open_what_follows(void)
{
    for (unsigned alg = ESP_HMAC_MD5_96; alg <= ESP_HMAC_SHA1_96; alg++) {
        for (unsigned ealg = ESP_DES_EDE3_CBC; ealg <= ESP_AES_CBC; ealg++) {
            g_autoptr(Pair) pair = pair_new();
            pair_attacker(pair, "gn:alice", 0, 2003);
            send_sm5(pair, &pair_keys);
            pair_protect(pair, (EspAlg)alg, (EspEalg)ealg);
            for (unsigned i = 0; i < 20; i++)
                publish(pair);
            g_assert_cmpuint(knowledge_count(attacker_knowledge(pair->attacker)), ==, 21);
            g_assert_nonnull(strstr(pair_reading(pair, NOTE)->how, "ESP opened with IK and CK from frame"));
            g_assert_cmpuint(knowledge_sealed(attacker_knowledge(pair->attacker)), ==, 0);
        }
    }
}

static void test_keys_seen_afterwards_open_what_was_kept(void)
{
    g_autoptr(Pair) pair = pair_new();
    pair_attacker(pair, "gn:alice", 0, 2003);
    pair_protect(pair, ESP_HMAC_SHA1_96, ESP_DES_EDE3_CBC);
    publish(pair);
    publish(pair);
    send_sm5(pair, &pair_keys);
    const Knowledge *knowledge = attacker_knowledge(pair->attacker);
    g_assert_cmpuint(knowledge_count(knowledge), ==, 1);
    g_assert_cmpuint(knowledge_sealed(knowledge), ==, 2);
    attacker_finish(pair->attacker);
    g_assert_cmpuint(knowledge_count(knowledge), ==, 3);
    g_assert_cmpuint(knowledge_sealed(knowledge), ==, 0);
    for (size_t i = 1; i < 3; i++) /* in order of time, not of opening */
        g_assert_cmpuint(knowledge_get(knowledge, i - 1)->frame, <, knowledge_get(knowledge, i)->frame);
    g_assert_cmpint(knowledge_get(knowledge, 0)->method, ==, SIP_PUBLISH);
}

static void test_another_key_opens_nothing(void)
{
    static const EspKeys other = { .ik = { 9 }, .ck = { 9 } };
    g_autoptr(Pair) pair = pair_new();
    pair_attacker(pair, "gn:alice", 0, 2021);
    send_sm5(pair, &other);
    pair_protect(pair, ESP_HMAC_SHA1_96, ESP_AES_CBC);
    publish(pair);
    attacker_finish(pair->attacker);
    g_assert_null(pair_reading(pair, NOTE));
    g_assert_cmpuint(knowledge_sealed(attacker_knowledge(pair->attacker)), ==, 1);
}

/* A security gateway's tunnel: whole packets in ESP. */
static GByteArray *tunnelled(const Pair *pair, EspEalg ealg, const GByteArray *inner)
{
    uint8_t buffer[2048], iv[ESP_IV_MAX] = { 7 };
    size_t len = inner->len;
    EspSa sa;
    esp_sa_init(&sa, 77, ESP_HMAC_SHA1_96, ealg, &pair_keys);
    memcpy(buffer + esp_head_len(ealg), inner->data, inner->len);
    g_assert_cmpint(esp_seal(&sa, ealg == ESP_NULL ? NULL : iv, buffer, sizeof buffer, &len, ESP_NEXT_IPV6), ==,
                    ESP_OK);
    GByteArray *packet = packet_udp(pair->ue_addr.octet, pair->pcscf_addr.octet, 0, 0, buffer, len - 8);
    packet->data[6] = IP_ESP; /* same length: UDP's header gives way */
    memcpy(packet->data + IP_HEADER_LEN, buffer, len);
    return packet;
}

static void test_tunnels(void)
{
    for (unsigned ealg = ESP_NULL; ealg <= ESP_AES_CBC; ealg++) {
        g_autoptr(Pair) pair = pair_new();
        g_autofree char *text = sip_publish(PIDF, NOTE);
        g_autoptr(GByteArray) inner =
            packet_udp(pair->pcscf_addr.octet, pair->ue_addr.octet, 5060, 5061, text, strlen(text));
        g_autoptr(GByteArray) packet = tunnelled(pair, (EspEalg)ealg, inner);
        pair_attacker(pair, "gn:alice", 0, 2021);
        pair_feed(pair, NET_UP, packet->data, packet->len);
        g_assert_true((pair_reading(pair, NOTE) != NULL) == (ealg == ESP_NULL));
        send_sm5(pair, &pair_keys);
        attacker_finish(pair->attacker);
        const Reading *reading = pair_reading(pair, NOTE);
        g_assert_nonnull(reading);
        g_assert_true(net_addr_equal(&reading->src, &pair->pcscf_addr)); /* of the inner packet */
        g_assert_cmpuint(reading->dport, ==, 5061);
    }
}

static void test_a_changed_packet_is_not_believed(void)
{
    g_autoptr(Pair) pair = pair_new();
    g_autofree char *text = sip_publish(PIDF, NOTE);
    g_autoptr(GByteArray) inner =
        packet_udp(pair->pcscf_addr.octet, pair->ue_addr.octet, 5060, 5061, text, strlen(text));
    g_autoptr(GByteArray) packet = tunnelled(pair, ESP_AES_CBC, inner);
    pair_attacker(pair, "gn:alice", 0, 2021);
    send_sm5(pair, &pair_keys);
    packet->data[200] ^= 1;
    pair_feed(pair, NET_UP, packet->data, packet->len);
    g_assert_null(pair_reading(pair, NOTE));
}

static void test_noise_is_harmless(void)
{
    g_autoptr(Pair) pair = pair_new();
    g_autofree char *text = sip_publish(PIDF, NOTE);
    g_autoptr(GByteArray) inner =
        packet_udp(pair->pcscf_addr.octet, pair->ue_addr.octet, 5060, 5061, text, strlen(text));
    Attacker *attacker = pair_attacker(pair, "gn:alice", 60, 2021);
    send_sm5(pair, &pair_keys);
    Seen seen = { .segment = "gn:alice" };
    Layers clear = { g_string_new(NULL), 0 };
    SimStream stream = sim_stream(pair->sim, "test", "noise", 0);
    for (unsigned i = 0; i < 4000; i++) {
        g_autoptr(GByteArray) packet = tunnelled(pair, (EspEalg)(i % 3), inner);
        for (unsigned j = 0; j < 3; j++)
            packet->data[sim_random_below(pair->sim, &stream, packet->len)] ^= (uint8_t)(1 + i % 255);
        size_t len = 1 + sim_random_below(pair->sim, &stream, packet->len);
        NetKind kind = (NetKind)(i % 7 == 0 ? NET_CIPHERED : i % 11 == 0 ? NET_LINK : NET_IP);
        decode_packet(&attacker->knowledge, &seen, kind, packet->data, i % 2 ? len : packet->len, &clear);
    }
    g_string_free(clear.how, TRUE);
    attacker_finish(attacker);
    g_assert_cmpuint(knowledge_count(attacker_knowledge(attacker)), <, 4000);
}

/* ---- radio frames ---- */

static const uint8_t radio_key[RADIO_KEY_LEN] = { 0x13, 0x57, 0x9b, 0xdf, 0x24, 0x68, 0xac, 0xe0,
                                                  0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88 };

static void reveal(Pair *pair, RadioCipher cipher, const uint8_t key[RADIO_KEY_LEN])
{
    uint8_t revealed[RADIO_KEY_LEN];
    unsigned hidden = MIN((unsigned)ATTACKER_HIDDEN_BITS, radio_key_bits(cipher));
    radio_break_reveal(cipher, key, hidden, revealed);
    attacker_reveal(pair->attacker, "air:alice", cipher, revealed, hidden);
}

typedef struct Breaking {
    RadioCipher cipher;
    double work;
    unsigned year, messages;
    bool reads;
} Breaking;

static void test_radio_ciphers(void)
{
    static const Breaking rows[] = {
        { RADIO_GEA1, 44, 2021, 1, true },   { RADIO_GEA1, 44, 2003, 20, false }, { RADIO_GEA1, 39, 2021, 20, false },
        { RADIO_GEA1, 40, 2021, 1, true },   { RADIO_GEA2, 44, 2021, 40, false }, { RADIO_GEA2, 46, 2021, 40, true },
        { RADIO_GEA2, 46, 2021, 3, false },  { RADIO_GEA2, 46, 2003, 40, false }, { RADIO_WEP, 44, 2003, 1, true },
        { RADIO_WEP, 44, 2000, 20, false },  { RADIO_WEP, 0, 2003, 20, false },   { RADIO_GEA3, 60, 2021, 40, false },
        { RADIO_UEA1, 60, 2021, 40, false }, { RADIO_WEP, 30, 2003, 20, false },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const Breaking *row = &rows[i];
        g_autoptr(Pair) pair = pair_new();
        pair_attacker(pair, "air:alice", row->work, row->year);
        pair_cipher(pair, row->cipher, radio_key);
        reveal(pair, row->cipher, radio_key);
        for (unsigned n = 0; n < row->messages; n++)
            publish(pair);
        g_assert_null(pair_reading(pair, NOTE)); /* the work is done when the run is over */
        attacker_finish(pair->attacker);
        const Reading *reading = pair_reading(pair, NOTE);
        g_test_message("%s, work %g, %u, %u messages: %s", radio_cipher_name(row->cipher), row->work, row->year,
                       row->messages, reading != NULL ? reading->how : "closed");
        g_assert_true((reading != NULL) == row->reads);
        g_assert_cmpuint(knowledge_sealed(attacker_knowledge(pair->attacker)), ==, row->reads ? 0 : row->messages);
        if (reading == NULL)
            continue;
        g_assert_nonnull(strstr(reading->how, "broken: 2^"));
        g_assert_nonnull(strstr(reading->how, "on a key reduced to fit"));
        g_assert_cmpfloat(reading->work_log2, >=, 40);
        g_assert_cmpfloat(reading->work_log2, <=, row->work);
    }
}

static void test_esp_inside_a_broken_cipher(void)
{
    for (unsigned ealg = ESP_NULL; ealg <= ESP_DES_EDE3_CBC; ealg++) {
        g_autoptr(Pair) pair = pair_new();
        pair_attacker(pair, "air:alice", 44, 2021);
        pair_cipher(pair, RADIO_GEA1, radio_key);
        reveal(pair, RADIO_GEA1, radio_key);
        pair_protect(pair, ESP_HMAC_SHA1_96, (EspEalg)ealg);
        publish(pair);
        attacker_finish(pair->attacker);
        const Reading *reading = pair_reading(pair, NOTE);
        g_assert_true((reading != NULL) == (ealg == ESP_NULL));
        if (reading != NULL)
            g_assert_nonnull(strstr(reading->how, "frames), then ESP with NULL encryption"));
        g_assert_cmpuint(knowledge_sealed(attacker_knowledge(pair->attacker)), ==, ealg == ESP_NULL ? 0 : 1);
    }
}

/* Kc changes with every attach: each key falls by the frames of its own time. */
static void test_every_key_by_itself(void)
{
    uint8_t second[RADIO_KEY_LEN] = { 0xfe, 0xdc, 0xba, 0x98, 0x76 };
    g_autoptr(Pair) pair = pair_new();
    pair_attacker(pair, "air:alice", 44, 2021);
    pair_cipher(pair, RADIO_GEA1, radio_key);
    reveal(pair, RADIO_GEA1, radio_key);
    publish(pair);
    reveal(pair, RADIO_GEA1, second);
    pair_cipher(pair, RADIO_GEA1, second);
    publish(pair);
    attacker_finish(pair->attacker);
    g_assert_cmpuint(knowledge_count(attacker_knowledge(pair->attacker)), ==, 2);
}

/* Ciphering ends behind the air: A2 needs no work. */
static void test_behind_the_radio(void)
{
    g_autoptr(Pair) pair = pair_new();
    pair_attacker(pair, "gn:alice", 0, 2003);
    pair_cipher(pair, RADIO_UEA1, radio_key);
    publish(pair);
    g_assert_cmpstr(pair_reading(pair, NOTE)->how, ==, "in the clear");
}

static void test_inside_a_node(void)
{
    g_autoptr(Pair) pair = pair_new();
    Attacker *attacker = pair_attacker(pair, "no-such-segment", 0, 2021);
    attacker_watch_host(attacker, pair->pcscf);
    attacker_watch_host(attacker, pair->pcscf); /* both his victims are behind it */
    pair_protect(pair, ESP_HMAC_SHA1_96, ESP_DES_EDE3_CBC);
    publish(pair);
    g_assert_cmpuint(knowledge_count(attacker_knowledge(attacker)), ==, 1);
    g_assert_cmpstr(pair_reading(pair, NOTE)->segment, ==, "pcscf");
    g_assert_cmpstr(pair_reading(pair, NOTE)->how, ==, "inside the node");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attacker/decode/null-encryption-is-read", test_null_encryption_is_read);
    g_test_add_func("/attacker/decode/encryption-is-not", test_encryption_is_not);
    g_test_add_func("/attacker/decode/keys-of-sm5-open-what-follows", test_keys_of_sm5_open_what_follows);
    g_test_add_func("/attacker/decode/keys-seen-afterwards-open-what-was-kept",
                    test_keys_seen_afterwards_open_what_was_kept);
    g_test_add_func("/attacker/decode/another-key-opens-nothing", test_another_key_opens_nothing);
    g_test_add_func("/attacker/decode/tunnels", test_tunnels);
    g_test_add_func("/attacker/decode/a-changed-packet-is-not-believed", test_a_changed_packet_is_not_believed);
    g_test_add_func("/attacker/decode/noise-is-harmless", test_noise_is_harmless);
    g_test_add_func("/attacker/decode/radio-ciphers", test_radio_ciphers);
    g_test_add_func("/attacker/decode/esp-inside-a-broken-cipher", test_esp_inside_a_broken_cipher);
    g_test_add_func("/attacker/decode/every-key-by-itself", test_every_key_by_itself);
    g_test_add_func("/attacker/decode/behind-the-radio", test_behind_the_radio);
    g_test_add_func("/attacker/decode/inside-a-node", test_inside_a_node);
    return g_test_run();
}
