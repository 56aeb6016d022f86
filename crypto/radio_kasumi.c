/*
 * crypto/radio_kasumi.c - the modes over KASUMI: KGCORE (f8, GEA3) and f9.
 *
 * Source:  TS 35.201 §3 (f8), §4 (f9); TS 55.216 §3.4 (KGCORE); the block cipher is libtomcrypt's.
 * Knows:   see radio_parts.h.
 */
#include "crypto/octets.h"
#include "crypto/radio.h"
#include "crypto/radio_parts.h"

#include <string.h>
#include <tomcrypt.h>

enum { BLOCK_LEN = 8, KEY_LEN = 16, KM_F8 = 0x55, KM_F9 = 0xaa };

/* @modifier: each octet of the key is xored with it, the "key modifier" KM. */
static void set_key(symmetric_key *schedule, const uint8_t key[KEY_LEN], uint8_t modifier)
{
    uint8_t modified[KEY_LEN];
    for (int i = 0; i < KEY_LEN; i++)
        modified[i] = key[i] ^ modifier;
    if (kasumi_setup(modified, KEY_LEN, 0, schedule) != CRYPT_OK)
        g_error("libtomcrypt refused a KASUMI key");
}

static void encrypt(symmetric_key *schedule, uint8_t block[BLOCK_LEN])
{
    kasumi_ecb_encrypt(block, block, schedule);
}

static void xor_into(uint8_t *out, const uint8_t *in, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] ^= in[i];
}

/* A = E[CC || CB || CD || 00 || CA || CE] under CK xor KM;  KSB_n = E_CK[A xor BLKCNT xor KSB_(n-1)], KSB_0 = 0. */
void radio_kgcore_xor(const RadioKgcore *in, uint8_t *octets, size_t len)
{
    symmetric_key schedule;
    uint8_t a[BLOCK_LEN] = { 0 }, ksb[BLOCK_LEN] = { 0 };
    octets_put32(a, in->cc);
    a[4] = (uint8_t)((in->cb & 31) << 3 | (in->cd & 1) << 2);
    a[5] = in->ca;
    set_key(&schedule, in->ck, KM_F8);
    encrypt(&schedule, a);

    set_key(&schedule, in->ck, 0);
    uint32_t blkcnt = 0;
    for (size_t done = 0; done < len; done += BLOCK_LEN, blkcnt++) {
        uint8_t count[4];
        octets_put32(count, blkcnt);
        xor_into(ksb, a, BLOCK_LEN);
        xor_into(ksb + 4, count, sizeof count);
        encrypt(&schedule, ksb);
        xor_into(octets + done, ksb, MIN(len - done, (size_t)BLOCK_LEN));
    }
}

/* ---- f9: A_n = E_IK[A_(n-1) xor PS_n], B = xor of all A_n, MAC-I = left half of E[B] under IK xor KM ---- */

typedef struct {
    symmetric_key schedule;
    uint8_t a[BLOCK_LEN], b[BLOCK_LEN];
    unsigned filled; /* octets of the current block already xored into a */
} F9;

static void f9_end_block(F9 *f9)
{
    encrypt(&f9->schedule, f9->a);
    xor_into(f9->b, f9->a, BLOCK_LEN);
    f9->filled = 0;
}

static void f9_feed(F9 *f9, const uint8_t *octets, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        f9->a[f9->filled++] ^= octets[i];
        if (f9->filled == BLOCK_LEN)
            f9_end_block(f9);
    }
}

void radio_uia1(const uint8_t ik[16], uint32_t count, uint32_t fresh, unsigned direction, const uint8_t *message,
                size_t len, uint8_t mac_i[RADIO_MAC_LEN])
{
    /* PS = COUNT || FRESH || MESSAGE || DIRECTION || 1 || 0..0 */
    F9 f9 = { .filled = 0 };
    uint8_t head[8];
    const uint8_t tail = (uint8_t)((direction & 1) << 7 | 0x40);
    octets_put32(head, count);
    octets_put32(head + 4, fresh);
    set_key(&f9.schedule, ik, 0);
    f9_feed(&f9, head, sizeof head);
    f9_feed(&f9, message, len);
    f9_feed(&f9, &tail, 1);
    if (f9.filled)
        f9_end_block(&f9);

    set_key(&f9.schedule, ik, KM_F9);
    encrypt(&f9.schedule, f9.b);
    memcpy(mac_i, f9.b, RADIO_MAC_LEN);
}
