/*
 * crypto/selftest_esp.c - known answers of Annex I, the anti-replay window and whole ESP packets.
 *
 * Source:  RFC 3602 §4; RFC 4303 §3.4.3; TS 33.203 Annex I; see each vector file.
 * Knows:   see selftest.h.  Packets in the files carry a 20-octet IPv4 header before ESP.
 */
#include "crypto/esp.h"
#include "crypto/octets.h"
#include "crypto/selftest_kinds.h"

#include <string.h>

enum { IPV4_LEN = 20, IPV4_PROTOCOL_AT = 9, PACKET_MAX = 65535 };

static bool is_annexI(const SelftestBlock *block)
{
    return selftest_has(block, "ik_sha1") || selftest_has(block, "ck_3des");
}

static void check_annexI(const SelftestBlock *block, SelftestCheck *check)
{
    const uint8_t *ik = selftest_need(block, "ik", 16, check), *ck = selftest_need(block, "ck", 16, check);
    uint8_t ik_esp[ESP_IK_MAX], ck_esp[ESP_CK_3DES_LEN];
    if (!ik || !ck)
        return;
    size_t len = annexI_ik(ESP_HMAC_MD5_96, ik, ik_esp);
    selftest_expect(block, "ik_md5", ik_esp, len, check);
    len = annexI_ik(ESP_HMAC_SHA1_96, ik, ik_esp);
    selftest_expect(block, "ik_sha1", ik_esp, len, check);
    selftest_expect(block, "ck_aes", ck, 16, check);
    annexI_ck_3des(ck, ck_esp);
    selftest_expect(block, "ck_3des", ck_esp, sizeof ck_esp, check);
    annexI_des_parity(ck_esp, sizeof ck_esp);
    selftest_expect(block, "ck_3des_parity", ck_esp, sizeof ck_esp, check);
}

static bool is_replay(const SelftestBlock *block)
{
    return selftest_has(block, "window") && selftest_has(block, "seq") && selftest_has(block, "accept");
}

static void check_replay(const SelftestBlock *block, SelftestCheck *check)
{
    uint64_t size, seq;
    const char *numbers = (const char *)selftest_need(block, "seq", SIZE_MAX, check);
    if (!numbers || !selftest_need_number(block, "window", 64, &size, check))
        return;
    if (size == 0) {
        selftest_invalid(check, "window must be 1 to 64");
        return;
    }
    EspWindow window = { .size = (uint32_t)size };
    g_auto(GStrv) words = g_strsplit(numbers, " ", -1);
    g_autoptr(GString) got = g_string_new(NULL);
    for (char **word = words; *word; word++) {
        if (!g_ascii_string_to_unsigned(*word, 10, 0, UINT32_MAX, &seq, NULL)) {
            selftest_invalid(check, "seq must be numbers below 2^32, one space apart");
            return;
        }
        const bool accepted = esp_window_accepts(&window, (uint32_t)seq);
        if (accepted)
            esp_window_mark(&window, (uint32_t)seq);
        g_string_append(got, got->len ? (accepted ? " 1" : " 0") : (accepted ? "1" : "0"));
    }
    selftest_expect(block, "accept", got->str, got->len, check);
}

/* What both kinds of packet block have; @payload is what ESP carries. */
typedef struct {
    const uint8_t *spi, *seq, *iv, *payload;
    size_t payload_len, packet_len;
    uint8_t next_header;
} PacketBlock;

static bool read_packet(const SelftestBlock *block, EspEalg ealg, PacketBlock *in, SelftestCheck *check)
{
    const SelftestField *orig = selftest_field(block, "orig_packet"), *out = selftest_field(block, "out_packet");
    const bool tunnel = selftest_text_is(block, "mode", "tunnel");
    in->spi = selftest_need(block, "spi", 4, check);
    in->seq = selftest_need(block, "seq", 4, check);
    in->iv = selftest_need(block, "iv", esp_iv_len(ealg), check);
    if (!in->spi || !in->seq || !in->iv)
        return false;
    if (!orig || !out || orig->len < IPV4_LEN || out->len < IPV4_LEN || orig->len > PACKET_MAX) {
        selftest_invalid(check, "orig_packet and out_packet must be IPv4 packets");
        return false;
    }
    in->payload = orig->octets + (tunnel ? 0 : IPV4_LEN);
    in->payload_len = orig->len - (tunnel ? 0 : IPV4_LEN);
    in->next_header = tunnel ? ESP_NEXT_IPV4 : orig->octets[IPV4_PROTOCOL_AT];
    in->packet_len = orig->len;
    return true;
}

/* The ESP part of out_packet against @esp. */
static void expect_esp(const SelftestBlock *block, const uint8_t *esp, size_t len, SelftestCheck *check)
{
    const SelftestField *out = selftest_field(block, "out_packet");
    const size_t said = (size_t)out->octets[2] << 8 | out->octets[3]; /* IPv4 total length, RFC 791 §3.1 */
    if (said != out->len) {
        selftest_note(
            check, "out_packet contradicts itself and is not compared: its IPv4 header says %zu octets, there are %zu",
            said, out->len);
        return;
    }
    g_autofree uint8_t *whole = g_malloc(IPV4_LEN + len);
    memcpy(whole, out->octets, IPV4_LEN); /* the outer IP header is not ours to make */
    memcpy(whole + IPV4_LEN, esp, len);
    selftest_expect(block, "out_packet", whole, IPV4_LEN + len, check);
}

/* ---- packets with an ICV, keys by Annex I ---- */

static bool is_packet(const SelftestBlock *block)
{
    return selftest_has(block, "alg") && selftest_has(block, "ealg") && selftest_has(block, "out_packet");
}

static bool read_algorithms(const SelftestBlock *block, EspAlg *alg, EspEalg *ealg, SelftestCheck *check)
{
    static const struct {
        const char *name;
        EspEalg ealg;
    } ealgs[] = { { "null", ESP_NULL }, { "des-ede3-cbc", ESP_DES_EDE3_CBC }, { "aes-cbc", ESP_AES_CBC } };
    *alg = selftest_text_is(block, "alg", "hmac-md5-96") ? ESP_HMAC_MD5_96 : ESP_HMAC_SHA1_96;
    if (*alg == ESP_HMAC_SHA1_96 && !selftest_text_is(block, "alg", "hmac-sha-1-96")) {
        selftest_invalid(check, "alg must be \"hmac-md5-96\" or \"hmac-sha-1-96\"");
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(ealgs); i++)
        if (selftest_text_is(block, "ealg", ealgs[i].name)) {
            *ealg = ealgs[i].ealg;
            return true;
        }
    selftest_invalid(check, "ealg must be \"null\", \"des-ede3-cbc\" or \"aes-cbc\"");
    return false;
}

static void expect_keys(const SelftestBlock *block, EspAlg alg, EspEalg ealg, const EspKeys *keys, SelftestCheck *check)
{
    uint8_t key[ESP_CK_3DES_LEN];
    const size_t len = annexI_ik(alg, keys->ik, key);
    selftest_expect(block, "auth_key", key, len, check);
    switch (ealg) {
    case ESP_NULL: selftest_expect(block, "enc_key", NULL, 0, check); return;
    case ESP_AES_CBC: selftest_expect(block, "enc_key", keys->ck, ESP_KEY_LEN, check); return;
    case ESP_DES_EDE3_CBC:
        annexI_ck_3des(keys->ck, key);
        selftest_expect(block, "enc_key", key, sizeof key, check);
        return;
    }
}

/* Opens what was sealed, as the receiver: the payload comes back once, and not twice. */
static void expect_open(const SelftestBlock *block, EspSa *sa, uint8_t *esp, size_t len, const PacketBlock *in,
                        SelftestCheck *check)
{
    uint8_t *payload, next_header;
    size_t payload_len;
    const EspResult result = esp_open(sa, esp, len, &payload, &payload_len, &next_header);
    selftest_expect_text(check, "opening", "ok", esp_result_name(result));
    if (result != ESP_OK)
        return;
    selftest_expect_text(check, "payload opened", "as sealed",
                         payload_len == in->payload_len && memcmp(payload, in->payload, payload_len) == 0 &&
                                 next_header == in->next_header
                             ? "as sealed"
                             : "changed");
    selftest_expect(block, "plaintext_with_trailer", payload, len - (size_t)(payload - esp) - ESP_ICV_LEN, check);
    selftest_expect_text(check, "opening again", "replay",
                         esp_result_name(esp_open(sa, esp, len, &payload, &payload_len, &next_header)));
}

static void check_packet(const SelftestBlock *block, SelftestCheck *check)
{
    EspAlg alg;
    EspEalg ealg;
    PacketBlock in;
    EspKeys keys;
    EspSa sa;
    const uint8_t *ik = selftest_need(block, "ik", 16, check), *ck = selftest_need(block, "ck", 16, check);
    if (!ik || !ck || !read_algorithms(block, &alg, &ealg, check) || !read_packet(block, ealg, &in, check))
        return;
    memcpy(keys.ik, ik, 16);
    memcpy(keys.ck, ck, 16);
    if (!esp_keys_acceptable(ealg, &keys) || octets_get32(in.seq) == 0) {
        selftest_invalid(check, "K1 = K2, or a sequence number of 0");
        return;
    }
    expect_keys(block, alg, ealg, &keys, check);

    size_t len = in.payload_len;
    const size_t capacity = esp_sealed_len(ealg, len);
    g_autofree uint8_t *esp = g_malloc(capacity);
    memcpy(esp + esp_head_len(ealg), in.payload, len);
    esp_sa_init(&sa, octets_get32(in.spi), alg, ealg, &keys);
    sa.seq = octets_get32(in.seq) - 1;
    const EspResult sealed = esp_seal(&sa, in.iv, esp, capacity, &len, in.next_header);
    selftest_expect_text(check, "sealing", "ok", esp_result_name(sealed));
    if (sealed != ESP_OK)
        return;
    g_autofree char *overhead = g_strdup_printf("%zu", IPV4_LEN + len - in.packet_len);
    selftest_expect(block, "icv", esp + len - ESP_ICV_LEN, ESP_ICV_LEN, check);
    selftest_expect(block, "overhead_octets", overhead, strlen(overhead), check);
    expect_esp(block, esp, len, check);
    expect_open(block, &sa, esp, len, &in, check);
}

/* ---- RFC 3602's packets: AES-CBC, no ICV ---- */

static bool is_cipher_packet(const SelftestBlock *block)
{
    return selftest_has(block, "pre_encryption") && selftest_has(block, "encrypted") &&
           selftest_has(block, "out_packet");
}

static void check_cipher_packet(const SelftestBlock *block, SelftestCheck *check)
{
    PacketBlock in;
    const uint8_t *key = selftest_need(block, "key", 16, check);
    if (!key || !read_packet(block, ESP_AES_CBC, &in, check))
        return;
    EspKeys keys = { .ik = { 0 } };
    memcpy(keys.ck, key, 16);
    EspSa sa;
    esp_sa_init(&sa, octets_get32(in.spi), ESP_HMAC_SHA1_96, ESP_AES_CBC, &keys);
    sa.seq = octets_get32(in.seq) - 1;

    const size_t head = esp_head_len(ESP_AES_CBC), capacity = esp_sealed_len(ESP_AES_CBC, in.payload_len);
    g_autofree uint8_t *esp = g_malloc(capacity);
    size_t len = in.payload_len;
    memcpy(esp + head, in.payload, len);
    if (esp_seal(&sa, in.iv, esp, capacity, &len, in.next_header) != ESP_OK) {
        selftest_invalid(check, "the packet cannot be sealed");
        return;
    }
    const size_t covered = len - ESP_ICV_LEN;
    selftest_expect(block, "encrypted", esp + head, covered - head, check);
    expect_esp(block, esp, covered, check);
    esp_transform_cipher(ESP_AES_CBC, key, false, in.iv, esp + head, covered - head);
    selftest_expect(block, "pre_encryption", esp + head, covered - head, check);
}

const SelftestKind selftest_esp_kinds[] = {
    { "Annex I keys", is_annexI, check_annexI },
    { "anti-replay window", is_replay, check_replay },
    { "ESP packet", is_packet, check_packet },
    { "ESP packet without ICV", is_cipher_packet, check_cipher_packet },
    { NULL, NULL, NULL },
};
