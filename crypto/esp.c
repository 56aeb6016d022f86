/*
 * crypto/esp.c - sealing and opening ESP packets.
 *
 * Source:  RFC 4303 §3.3 (outbound), §3.4 (inbound); RFC 2403, 2404 (96-bit ICV).
 * Knows:   see esp.h.
 */
#include "crypto/esp.h"

#include "crypto/hash.h"
#include "crypto/octets.h"

#include <string.h>

enum { TRAILER_LEN = 2 }; /* pad length and next header */

const char *esp_result_name(EspResult result)
{
    switch (result) {
    case ESP_OK: return "ok";
    case ESP_REPLAY: return "replay";
    case ESP_BAD_ICV: return "bad ICV";
    case ESP_BAD_PADDING: return "bad padding";
    case ESP_TOO_SHORT: return "too short";
    case ESP_SEQ_EXHAUSTED: return "sequence numbers exhausted";
    }
    g_assert_not_reached();
}

void esp_sa_init(EspSa *sa, uint32_t spi, EspAlg alg, EspEalg ealg, const EspKeys *keys)
{
    *sa = (EspSa){
        .keys = keys,
        .window = { .size = ESP_WINDOW_SIZE },
        .spi = spi,
        .alg = (uint8_t)alg,
        .ealg = (uint8_t)ealg,
        .check_replay = true,
        .check_icv = true,
    };
}

void esp_sa_clear(EspSa *sa)
{
    *sa = (EspSa){ 0 };
}

size_t esp_iv_len(EspEalg ealg)
{
    switch (ealg) {
    case ESP_NULL: return 0;
    case ESP_DES_EDE3_CBC: return 8;
    case ESP_AES_CBC: return 16;
    }
    g_assert_not_reached();
}

size_t esp_block_len(EspEalg ealg)
{
    return ealg == ESP_NULL ? 4 : esp_iv_len(ealg);
}

size_t esp_head_len(EspEalg ealg)
{
    return ESP_HEADER_LEN + esp_iv_len(ealg);
}

/* Payload, padding and trailer together fill whole blocks: pad = -(payload + 2) mod block. */
static size_t pad_len(EspEalg ealg, size_t payload_len)
{
    const size_t block = esp_block_len(ealg);
    return (block - (payload_len + TRAILER_LEN) % block) % block;
}

size_t esp_sealed_len(EspEalg ealg, size_t payload_len)
{
    return esp_head_len(ealg) + payload_len + pad_len(ealg, payload_len) + TRAILER_LEN + ESP_ICV_LEN;
}

/* The ICV covers SPI to next header: HMAC cut to 96 bits. */
static void make_icv(const EspSa *sa, const uint8_t *esp, size_t len, uint8_t icv[CRYPTO_HASH_MAX])
{
    uint8_t key[ESP_IK_MAX];
    const size_t key_len = annexI_ik(sa->alg, sa->keys->ik, key);
    crypto_hmac(sa->alg == ESP_HMAC_MD5_96 ? CRYPTO_MD5 : CRYPTO_SHA1, key, key_len, esp, len, icv);
}

EspResult esp_seal(EspSa *sa, const uint8_t iv[], uint8_t *buf, size_t capacity, size_t *len, uint8_t next_header)
{
    const EspEalg ealg = sa->ealg;
    const size_t head = esp_head_len(ealg), pad = pad_len(ealg, *len), body = *len + pad + TRAILER_LEN;
    if (*len > capacity || esp_sealed_len(ealg, *len) > capacity)
        return ESP_TOO_SHORT;
    if (sa->seq == UINT32_MAX)
        return ESP_SEQ_EXHAUSTED;

    octets_put32(buf, sa->spi);
    octets_put32(buf + 4, ++sa->seq);
    if (ealg != ESP_NULL)
        memcpy(buf + ESP_HEADER_LEN, iv, esp_iv_len(ealg));
    uint8_t *tail = buf + head + *len;
    for (size_t i = 0; i < pad; i++)
        *tail++ = (uint8_t)(i + 1);
    *tail++ = (uint8_t)pad;
    *tail++ = next_header;
    esp_transform_cipher(ealg, sa->keys->ck, true, iv, buf + head, body);

    uint8_t icv[CRYPTO_HASH_MAX];
    make_icv(sa, buf, head + body, icv);
    memcpy(tail, icv, ESP_ICV_LEN);
    *len = head + body + ESP_ICV_LEN;
    return ESP_OK;
}

static bool icv_is_good(const EspSa *sa, const uint8_t *esp, size_t covered)
{
    uint8_t icv[CRYPTO_HASH_MAX];
    if (!sa->check_icv)
        return true;
    make_icv(sa, esp, covered, icv);
    return crypto_equal(icv, esp + covered, ESP_ICV_LEN);
}

/* The deciphered body ends in 01 02 .. n, n, next header.  @payload_len: out. */
static bool trailer_is_good(const uint8_t *body, size_t len, size_t *payload_len)
{
    const size_t pad = body[len - 2];
    if (pad + TRAILER_LEN > len)
        return false;
    *payload_len = len - TRAILER_LEN - pad;
    for (size_t i = 0; i < pad; i++)
        if (body[*payload_len + i] != i + 1)
            return false;
    return true;
}

EspResult esp_open(EspSa *sa, uint8_t *esp, size_t len, uint8_t **payload, size_t *payload_len, uint8_t *next_header)
{
    const EspEalg ealg = sa->ealg;
    const size_t head = esp_head_len(ealg), block = esp_block_len(ealg);
    if (len < head + block + ESP_ICV_LEN)
        return ESP_TOO_SHORT;
    const uint32_t seq = octets_get32(esp + 4);
    const size_t covered = len - ESP_ICV_LEN, body = covered - head;
    if (sa->check_replay && !esp_window_accepts(&sa->window, seq))
        return ESP_REPLAY;
    if (!icv_is_good(sa, esp, covered))
        return ESP_BAD_ICV;
    esp_window_mark(&sa->window, seq);
    if (body % block != 0)
        return ESP_BAD_PADDING; /* authentic, so the sender enciphers otherwise than we do */

    size_t kept;
    esp_transform_cipher(ealg, sa->keys->ck, false, esp + ESP_HEADER_LEN, esp + head, body);
    if (!trailer_is_good(esp + head, body, &kept))
        return ESP_BAD_PADDING;
    *payload = esp + head;
    *payload_len = kept;
    *next_header = esp[covered - 1];
    return ESP_OK;
}

bool esp_spi_of(const uint8_t *esp, size_t len, uint32_t *spi)
{
    if (len < ESP_HEADER_LEN)
        return false;
    *spi = octets_get32(esp);
    return true;
}

bool esp_seq_of(const uint8_t *esp, size_t len, uint32_t *seq)
{
    if (len < ESP_HEADER_LEN)
        return false;
    *seq = octets_get32(esp + 4);
    return true;
}
