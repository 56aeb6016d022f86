/*
 * crypto/milenage.c - the MILENAGE functions.
 *
 * Source:  TS 35.206 §4.1.  rot(x, r) turns left by r bits; every r is a whole number of octets.
 * Knows:   see milenage.h.
 */
#include "crypto/milenage.h"

#include "crypto/engine.h"

#include <string.h>

enum { BLOCK_LEN = 16 };

/* r1..r5 in octets (64, 0, 32, 64, 96 bits), and the last octet of c1..c5; their other octets are zero. */
static const uint8_t r[5] = { 8, 0, 4, 8, 12 };
static const uint8_t c[5] = { 0, 1, 2, 4, 8 };

static void xor_block(uint8_t *restrict out, const uint8_t *restrict in)
{
    for (int i = 0; i < BLOCK_LEN; i++)
        out[i] ^= in[i];
}

/* TEMP = E[RAND xor OPc]_K */
void milenage_temp(const MilenageKey *key, const uint8_t rand[16], uint8_t temp[BLOCK_LEN])
{
    memcpy(temp, rand, BLOCK_LEN);
    xor_block(temp, key->opc);
    engine_aes_ecb(key->k, temp, BLOCK_LEN);
}

/* x xor OPc, written twice: rot(x xor OPc, r) is then 16 octets from offset r. */
static void whiten(const MilenageKey *key, const uint8_t x[BLOCK_LEN], uint8_t twice[2 * BLOCK_LEN])
{
    memcpy(twice, x, BLOCK_LEN);
    xor_block(twice, key->opc);
    memcpy(twice + BLOCK_LEN, twice, BLOCK_LEN);
}

/* What goes into the kernel for OUT1: TEMP xor rot(IN1 xor OPc, r1) xor c1, IN1 = SQN || AMF || SQN || AMF. */
static void put_block_1(const MilenageKey *key, const uint8_t temp[BLOCK_LEN], const uint8_t sqn[6],
                        const uint8_t amf[2], uint8_t out[BLOCK_LEN])
{
    uint8_t in1[BLOCK_LEN], twice[2 * BLOCK_LEN];
    for (int half = 0; half < BLOCK_LEN; half += BLOCK_LEN / 2) {
        memcpy(in1 + half, sqn, 6);
        memcpy(in1 + half + 6, amf, 2);
    }
    whiten(key, in1, twice);
    memcpy(out, twice + r[0], BLOCK_LEN);
    out[BLOCK_LEN - 1] ^= c[0];
    xor_block(out, temp);
}

/* For OUT2 to OUT5: rot(TEMP xor OPc, r_n) xor c_n. */
static void put_blocks_2_to_5(const MilenageKey *key, const uint8_t temp[BLOCK_LEN], uint8_t (*out)[BLOCK_LEN])
{
    uint8_t twice[2 * BLOCK_LEN];
    whiten(key, temp, twice);
    for (int n = 2; n <= 5; n++) {
        memcpy(out[n - 2], twice + r[n - 1], BLOCK_LEN);
        out[n - 2][BLOCK_LEN - 1] ^= c[n - 1];
    }
}

/* OUTn = E[block n]_K xor OPc for @n blocks side by side. */
static void finish(const MilenageKey *key, uint8_t (*blocks)[BLOCK_LEN], size_t n)
{
    engine_aes_ecb(key->k, blocks[0], n * BLOCK_LEN);
    for (size_t i = 0; i < n; i++)
        xor_block(blocks[i], key->opc);
}

static void copy_out(uint8_t *out, const uint8_t *from, size_t len)
{
    if (out)
        memcpy(out, from, len);
}

void milenage_opc(const uint8_t k[16], const uint8_t op[16], uint8_t opc[16])
{
    uint8_t block[BLOCK_LEN];
    memcpy(block, op, BLOCK_LEN);
    engine_aes_ecb(k, block, BLOCK_LEN);
    xor_block(block, op);
    memcpy(opc, block, BLOCK_LEN);
}

void milenage_f1_of(const MilenageKey *key, const uint8_t temp[BLOCK_LEN], const uint8_t sqn[6], const uint8_t amf[2],
                    uint8_t mac_a[8], uint8_t mac_s[8])
{
    uint8_t out1[1][BLOCK_LEN];
    put_block_1(key, temp, sqn, amf, out1[0]);
    finish(key, out1, 1);
    copy_out(mac_a, out1[0], 8);
    copy_out(mac_s, out1[0] + 8, 8);
}

void milenage_f1(const MilenageKey *key, const uint8_t rand[16], const uint8_t sqn[6], const uint8_t amf[2],
                 uint8_t mac_a[8], uint8_t mac_s[8])
{
    uint8_t temp[BLOCK_LEN];
    milenage_temp(key, rand, temp);
    milenage_f1_of(key, temp, sqn, amf, mac_a, mac_s);
}

void milenage_f2345_of(const MilenageKey *key, const uint8_t temp[BLOCK_LEN], uint8_t res[8], uint8_t ck[16],
                       uint8_t ik[16], uint8_t ak[6], uint8_t ak_star[6])
{
    uint8_t out[4][BLOCK_LEN]; /* OUT2 to OUT5 */
    put_blocks_2_to_5(key, temp, out);
    finish(key, out, 4);
    copy_out(ak, out[0], 6);
    copy_out(res, out[0] + 8, 8);
    copy_out(ck, out[1], 16);
    copy_out(ik, out[2], 16);
    copy_out(ak_star, out[3], 6);
}

void milenage_f2345(const MilenageKey *key, const uint8_t rand[16], uint8_t res[8], uint8_t ck[16], uint8_t ik[16],
                    uint8_t ak[6], uint8_t ak_star[6])
{
    uint8_t temp[BLOCK_LEN];
    milenage_temp(key, rand, temp);
    milenage_f2345_of(key, temp, res, ck, ik, ak, ak_star);
}

void milenage_all(const MilenageKey *key, const uint8_t rand[16], const uint8_t sqn[6], const uint8_t amf[2],
                  MilenageOut *out)
{
    uint8_t temp[BLOCK_LEN], block[5][BLOCK_LEN]; /* OUT1 to OUT5 */
    milenage_temp(key, rand, temp);
    put_block_1(key, temp, sqn, amf, block[0]);
    put_blocks_2_to_5(key, temp, block + 1);
    finish(key, block, 5);
    memcpy(out->mac_a, block[0], 8);
    memcpy(out->mac_s, block[0] + 8, 8);
    memcpy(out->ak, block[1], 6);
    memcpy(out->res, block[1] + 8, 8);
    memcpy(out->ck, block[2], 16);
    memcpy(out->ik, block[3], 16);
    memcpy(out->ak_star, block[4], 6);
}
