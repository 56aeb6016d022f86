/*
 * crypto/esp.h - ESP security associations as TS 33.203 uses them, and as security gateways do (tunnel mode).
 *
 * Source:  RFC 2406 / RFC 4303 §2, §3.3, §3.4; RFC 2403, 2404, 2410, 2451, 3602; TS 33.203 §6.2, §7.1, Annex I.
 * Knows:   one packet's octets from the SPI to the ICV.  No IP header, no SA table, no selectors: whoever calls
 *          finds the SA by SPI, and checks addresses, ports and protocol afterwards (RFC 4303 §3.4.4.1).
 *
 *     SPI 4 | sequence 4 | IV 0, 8 or 16 | payload | padding 01 02 .. | pad length 1 | next header 1 | ICV 12
 *
 * Transport and tunnel mode differ only in the payload (a UDP or TCP segment, or a whole IP packet) and in the
 * next header (17, 6; 41 for IPv6 in ESP).
 */
#ifndef PRESEC_CRYPTO_ESP_H
#define PRESEC_CRYPTO_ESP_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    ESP_HMAC_MD5_96,
    ESP_HMAC_SHA1_96,
} EspAlg;

typedef enum {
    ESP_NULL,
    ESP_DES_EDE3_CBC,
    ESP_AES_CBC,
} EspEalg;

enum {
    ESP_HEADER_LEN = 8, /* SPI and sequence number */
    ESP_IV_MAX = 16,
    ESP_ICV_LEN = 12,
    ESP_HEAD_MAX = ESP_HEADER_LEN + ESP_IV_MAX, /* most octets before the payload */
    ESP_TAIL_MAX = 15 + 2 + ESP_ICV_LEN,        /* most octets after it */
    ESP_KEY_LEN = 16,
    ESP_WINDOW_SIZE = 64,
    ESP_NEXT_IPV4 = 4,
    ESP_NEXT_TCP = 6,
    ESP_NEXT_UDP = 17,
    ESP_NEXT_IPV6 = 41,
};

/* IK and CK of one AKA run.  The four SAs of a registration borrow the same pair (TS 33.203 §7.1); Annex I's
 * expansion happens for each packet, so nothing else is kept. */
typedef struct {
    uint8_t ik[ESP_KEY_LEN], ck[ESP_KEY_LEN];
} EspKeys;

/* The receiver's anti-replay window, RFC 4303 §3.4.3: bit i of @seen is sequence number top - i. */
typedef struct {
    uint64_t seen;
    uint32_t top;  /* highest authenticated number; 0 before the first */
    uint32_t size; /* 1..64 */
} EspWindow;

/* One unidirectional SA: 40 octets. */
typedef struct {
    const EspKeys *keys; /* borrowed; outlives the SA */
    EspWindow window;    /* inbound only */
    uint32_t spi;        /* the receiver's */
    uint32_t seq;        /* outbound only: the last number sent */
    uint8_t alg;         /* EspAlg */
    uint8_t ealg;        /* EspEalg */
    bool check_replay;   /* policy: true; false is a mutant */
    bool check_icv;      /* policy: true; false is a mutant */
} EspSa;

/* What happened to a packet.  All but ESP_OK mean: discard silently, count. */
typedef enum {
    ESP_OK,
    ESP_REPLAY,        /* number 0, left of the window, or seen before; nothing else was looked at */
    ESP_BAD_ICV,       /* the window has not moved */
    ESP_BAD_PADDING,   /* ICV good, but no whole blocks or a trailer without sense: the sender used another ealg or
                          CK.  One garbled packet in 256 escapes this (pad length 0 by chance): check next_header too */
    ESP_TOO_SHORT,     /* fewer octets than the SA's format needs; or the caller's buffer is too small to seal in */
    ESP_SEQ_EXHAUSTED, /* 2^32 - 1 packets were sent: the SA must be replaced, it never wraps */
} EspResult;

const char *esp_result_name(EspResult result);

/** True unless @ealg is 3DES and K1 = K2, which would be single DES: RFC 2451 §2.3.  Parity bits do not count. */
bool esp_keys_acceptable(EspEalg ealg, const EspKeys *keys) G_GNUC_WARN_UNUSED_RESULT;

/** @sa: out; both checks on, window empty (64 wide), nothing sent.  @keys: borrowed.  Who sets up an
 *  SA asks esp_keys_acceptable() first; here 3DES with K1 = K2 just works as single DES, for whoever tries captured
 *  keys. */
void esp_sa_init(EspSa *sa, uint32_t spi, EspAlg alg, EspEalg ealg, const EspKeys *keys);
/** Forgets the keys (which it does not own) and the numbers. */
void esp_sa_clear(EspSa *sa);

/* Octets by algorithm. */
size_t esp_iv_len(EspEalg ealg);
size_t esp_block_len(EspEalg ealg); /* what payload + trailer is padded to: 4, 8 or 16 */
size_t esp_head_len(EspEalg ealg);  /* SPI to IV */
/** Length of the packet that seals @payload_len octets. */
size_t esp_sealed_len(EspEalg ealg, size_t payload_len);

/**
 * Seal a payload where it lies.
 *
 * @sa:          borrowed; its sequence number advances on ESP_OK
 * @iv:          esp_iv_len() unpredictable octets, fresh for each packet; NULL with ESP_NULL
 * @buf:         in: esp_head_len() free octets, then the payload.  out: the packet, from buf[0].  A caller that
 *               does not know the SA yet puts the payload at offset ESP_HEAD_MAX of its area, leaves ESP_TAIL_MAX
 *               behind it, and later passes (payload - esp_head_len(ealg))
 * @capacity:    octets usable from @buf; at least esp_sealed_len()
 * @len:         in: octets of the payload.  out: octets of the packet
 * @next_header: 17, 6, 41 ...
 *
 * Results: ESP_OK, ESP_TOO_SHORT (capacity), ESP_SEQ_EXHAUSTED; nothing changed unless ESP_OK.
 */
EspResult esp_seal(EspSa *sa, const uint8_t iv[], uint8_t *buf, size_t capacity, size_t *len,
                   uint8_t next_header) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Check and open a packet where it lies: replay, ICV (constant time), mark the window, decrypt, trailer.
 *
 * @sa:      borrowed; the one of the packet's SPI (esp_spi_of()).  Its window moves once the ICV is good
 * @esp:     the packet from the SPI to the ICV; deciphered in place, with ESP_BAD_PADDING too
 * @payload: out, into @esp; set on ESP_OK only, as @payload_len and @next_header
 */
EspResult esp_open(EspSa *sa, uint8_t *esp, size_t len, uint8_t **payload, size_t *payload_len,
                   uint8_t *next_header) G_GNUC_WARN_UNUSED_RESULT;

/** The SPI on the wire.  False: fewer than ESP_HEADER_LEN octets. */
bool esp_spi_of(const uint8_t *esp, size_t len, uint32_t *spi) G_GNUC_WARN_UNUSED_RESULT;
bool esp_seq_of(const uint8_t *esp, size_t len, uint32_t *seq) G_GNUC_WARN_UNUSED_RESULT;

#define ESP_ICV_UNKNOWN SIZE_MAX

/**
 * Read a packet as ESP-NULL without any key, as an observer does.
 *
 * @icv_len: octets of ICV, or ESP_ICV_UNKNOWN: then 12, 16, 20, 24, 32 and 0 are tried in this order
 * @payload: out, into @esp
 *
 * True only if padding, next header (4, 6, 17, 41) and the first octets of what it names agree with the length
 * (RFC 5879 §8); ciphertext passes by chance less than once in 10^5.
 */
bool esp_strip_null(const uint8_t *esp, size_t len, size_t icv_len, const uint8_t **payload, size_t *payload_len,
                    uint8_t *next_header) G_GNUC_WARN_UNUSED_RESULT;

/* ---- TS 33.203 Annex I: from IK and CK to ESP keys ---- */

enum { ESP_IK_MAX = 20, ESP_CK_3DES_LEN = 24 };

/** IK_ESP = IK, or IK || 32 zero bits for SHA-1.  Returns its length, 16 or 20. */
size_t annexI_ik(EspAlg alg, const uint8_t ik[ESP_KEY_LEN], uint8_t out[ESP_IK_MAX]);
/** CK_ESP = CK1 || CK2 || CK1.  The cipher ignores parity bits; see annexI_des_parity(). */
void annexI_ck_3des(const uint8_t ck[ESP_KEY_LEN], uint8_t out[ESP_CK_3DES_LEN]);
/** Sets bit 0 of each octet so that its parity is odd, RFC 2451 §2.2. */
void annexI_des_parity(uint8_t *key, size_t len);

/* ---- the parts that stand alone in a file each (esp_cipher.c, esp_window.c) so that a test can link another ---- */

/**
 * Encrypt or decrypt a packet's payload and trailer in place.
 *
 * @ck:  16 octets; 3DES expands it by Annex I
 * @len: a multiple of esp_block_len()
 */
void esp_transform_cipher(EspEalg ealg, const uint8_t ck[ESP_KEY_LEN], bool encrypt, const uint8_t iv[],
                          uint8_t *octets, size_t len);

/** Would this number be taken: not 0, not left of the window, not seen.  Changes nothing. */
bool esp_window_accepts(const EspWindow *window, uint32_t seq);
/** Record an authenticated number; slides to the right as needed.  Numbers left of the window change nothing. */
void esp_window_mark(EspWindow *window, uint32_t seq);

#endif
