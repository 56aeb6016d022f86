/*
 * crypto/aka.c - UMTS AKA as the ISIM and the AuC see it.
 *
 * Source:  TS 33.102 §6.3.2 (vectors), §6.3.3 (the card), §6.3.5 (resynchronisation), Annex C (SQN), §6.8.1.2.
 * Knows:   see aka.h.
 */
#include "crypto/aka.h"

#include "crypto/hash.h"

#include <string.h>

/* f1* is computed over a dummy AMF, so that AUTS need not carry one: TS 33.102 §6.3.3. */
static const uint8_t amf_star[AKA_AMF_LEN] = { 0, 0 };

static void put48(uint8_t out[AKA_SQN_LEN], uint64_t value)
{
    for (int i = AKA_SQN_LEN - 1; i >= 0; i--, value >>= 8)
        out[i] = (uint8_t)value;
}

static uint64_t get48(const uint8_t in[AKA_SQN_LEN])
{
    uint64_t value = 0;
    for (int i = 0; i < AKA_SQN_LEN; i++)
        value = value << 8 | in[i];
    return value;
}

static void xor48(uint8_t out[AKA_SQN_LEN], const uint8_t a[AKA_SQN_LEN], const uint8_t b[AKA_SQN_LEN])
{
    for (int i = 0; i < AKA_SQN_LEN; i++)
        out[i] = a[i] ^ b[i];
}

/* An operator may shorten RES: the first octets of f2's (TS 33.102 §6.3.7). */
static uint8_t res_len_of(uint8_t wanted)
{
    g_assert(wanted == 0 || (wanted >= AKA_RES_MIN_LEN && wanted <= AKA_RES_LEN));
    return wanted != 0 ? wanted : AKA_RES_LEN;
}

/* ---- the home environment ---- */

void aka_he_init(AkaHe *he, const MilenageKey *key, uint8_t ind_first, uint8_t ind_count)
{
    g_assert(ind_count > 0 && ind_first + ind_count <= AKA_IND_COUNT);
    *he = (AkaHe){ .key = *key, .ind_first = ind_first, .ind_count = ind_count };
}

void aka_he_clear(AkaHe *he)
{
    crypto_wipe(he, sizeof *he);
}

/* SQN = SEQ || IND of the next vector; advances both. */
static uint64_t next_sqn(AkaHe *he)
{
    g_assert(he->seq < AKA_SEQ_MAX);
    he->seq++;
    uint64_t ind = he->ind_first;
    if (!he->strict_single_counter) {
        ind += he->ind_next;
        he->ind_next = (uint8_t)((he->ind_next + 1) % he->ind_count);
    }
    return he->seq << AKA_IND_BITS | ind;
}

void aka_he_av(AkaHe *he, const uint8_t rand[AKA_RAND_LEN], AkaAv *out)
{
    uint8_t sqn[AKA_SQN_LEN];
    MilenageOut f;
    put48(sqn, next_sqn(he));
    milenage_all(&he->key, rand, sqn, he->amf, &f);

    *out = (AkaAv){ .res_len = res_len_of(he->res_len) };
    memcpy(out->rand, rand, AKA_RAND_LEN);
    xor48(out->autn, sqn, f.ak);
    memcpy(out->autn + AKA_SQN_LEN, he->amf, AKA_AMF_LEN);
    memcpy(out->autn + AKA_SQN_LEN + AKA_AMF_LEN, f.mac_a, AKA_MAC_LEN);
    memcpy(out->xres, f.res, out->res_len);
    memcpy(out->ck, f.ck, AKA_CK_LEN);
    memcpy(out->ik, f.ik, AKA_IK_LEN);
}

/* Would a card whose highest SEQ is @seq_ms take the vector after this one? */
static bool next_is_acceptable(const AkaHe *he, uint64_t seq_ms)
{
    const uint64_t next = he->seq + 1;
    return next > seq_ms && next - seq_ms <= AKA_DELTA_DEFAULT;
}

AkaResync aka_he_resync(AkaHe *he, const uint8_t rand[AKA_RAND_LEN], const uint8_t auts[AKA_AUTS_LEN])
{
    uint8_t ak_star[AKA_AK_LEN], sqn_ms[AKA_SQN_LEN], mac_s[AKA_MAC_LEN];
    milenage_f2345(&he->key, rand, NULL, NULL, NULL, NULL, ak_star);
    xor48(sqn_ms, auts, ak_star);
    const uint64_t seq_ms = get48(sqn_ms) >> AKA_IND_BITS;
    if (next_is_acceptable(he, seq_ms))
        return AKA_RESYNC_NOT_NEEDED;
    milenage_f1(&he->key, rand, sqn_ms, amf_star, NULL, mac_s);
    if (!crypto_equal(mac_s, auts + AKA_SQN_LEN, AKA_MAC_LEN))
        return AKA_RESYNC_BAD_MAC;
    he->seq = seq_ms;
    return AKA_RESYNC_DONE;
}

/* ---- the card ---- */

void aka_isim_init(AkaIsim *isim, const MilenageKey *key)
{
    *isim = (AkaIsim){ .key = *key, .delta = AKA_DELTA_DEFAULT };
}

void aka_isim_clear(AkaIsim *isim)
{
    crypto_wipe(isim, sizeof *isim);
}

uint64_t aka_isim_seq(const AkaIsim *isim, unsigned ind)
{
    g_assert(ind < AKA_IND_COUNT);
    return get48(isim->seq_ms[ind]);
}

void aka_isim_set_seq(AkaIsim *isim, unsigned ind, uint64_t seq)
{
    g_assert(ind < AKA_IND_COUNT && seq <= AKA_SEQ_MAX);
    put48(isim->seq_ms[ind], seq);
    isim->top = 0;
    for (uint8_t i = 1; i < AKA_IND_COUNT; i++)
        if (aka_isim_seq(isim, i) > aka_isim_seq(isim, isim->top))
            isim->top = i;
}

/* TS 33.102 §C.2.1 (no jump above Delta), then §C.2.2 (above what this IND has seen). */
static bool sqn_is_fresh(const AkaIsim *isim, uint64_t seq, unsigned ind)
{
    const uint64_t highest = aka_isim_seq(isim, isim->top);
    if (seq > highest && seq - highest > isim->delta)
        return false;
    return seq > (isim->strict_single_counter ? highest : aka_isim_seq(isim, ind));
}

static void accept_sqn(AkaIsim *isim, uint64_t seq, unsigned ind)
{
    put48(isim->seq_ms[ind], seq);
    if (seq > aka_isim_seq(isim, isim->top))
        isim->top = (uint8_t)ind;
}

/* AUTS = (SQN_MS xor AK*) || MAC-S; SQN_MS is the highest SEQ accepted, with its IND. */
static void make_auts(const AkaIsim *isim, const uint8_t temp[16], const uint8_t ak_star[AKA_AK_LEN],
                      uint8_t auts[AKA_AUTS_LEN])
{
    uint8_t sqn_ms[AKA_SQN_LEN];
    put48(sqn_ms, aka_isim_seq(isim, isim->top) << AKA_IND_BITS | isim->top);
    xor48(auts, sqn_ms, ak_star);
    milenage_f1_of(&isim->key, temp, sqn_ms, amf_star, NULL, auts + AKA_SQN_LEN);
}

AkaResult aka_isim_answer(AkaIsim *isim, const uint8_t rand[AKA_RAND_LEN], const uint8_t autn[AKA_AUTN_LEN],
                          AkaAnswer *answer)
{
    uint8_t temp[16], ak[AKA_AK_LEN], ak_star[AKA_AK_LEN], sqn[AKA_SQN_LEN], mac[AKA_MAC_LEN];
    *answer = (AkaAnswer){ .res_len = res_len_of(isim->res_len) };
    milenage_temp(&isim->key, rand, temp);
    milenage_f2345_of(&isim->key, temp, answer->res, answer->ck, answer->ik, ak, ak_star);
    xor48(sqn, autn, ak);
    milenage_f1_of(&isim->key, temp, sqn, autn + AKA_SQN_LEN, mac, NULL);
    if (!crypto_equal(mac, autn + AKA_SQN_LEN + AKA_AMF_LEN, AKA_MAC_LEN)) {
        crypto_wipe(answer, sizeof *answer);
        return AKA_MAC_FAILURE;
    }

    const uint64_t seq = get48(sqn) >> AKA_IND_BITS;
    const unsigned ind = sqn[AKA_SQN_LEN - 1] & (AKA_IND_COUNT - 1);
    if (!sqn_is_fresh(isim, seq, ind)) {
        crypto_wipe(answer, sizeof *answer);
        make_auts(isim, temp, ak_star, answer->auts);
        return AKA_SYNC_FAILURE;
    }
    memset(answer->res + answer->res_len, 0, sizeof answer->res - answer->res_len);
    accept_sqn(isim, seq, ind);
    return AKA_OK;
}

/* ---- the way into GSM and GPRS ---- */

void aka_gsm_c2(const uint8_t res[], size_t res_len, uint8_t sres[AKA_SRES_LEN])
{
    memset(sres, 0, AKA_SRES_LEN);
    for (size_t i = 0; i < res_len; i++)
        sres[i % AKA_SRES_LEN] ^= res[i];
}

void aka_gsm_c3(const uint8_t ck[AKA_CK_LEN], const uint8_t ik[AKA_IK_LEN], uint8_t kc[AKA_KC_LEN])
{
    for (int i = 0; i < AKA_KC_LEN; i++)
        kc[i] = ck[i] ^ ck[i + AKA_KC_LEN] ^ ik[i] ^ ik[i + AKA_KC_LEN];
}
