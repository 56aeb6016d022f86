/*
 * crypto/aka.h - UMTS AKA as the ISIM and the AuC see it.
 *
 * Source:  TS 33.203 §6.1; TS 33.102 §6.3 and Annex C.  The f-functions are in crypto/milenage.h.
 * Knows:   octets only.  No SIP, no nodes, no clock, no random source of its own.
 *
 * SQN (48 bits) = SEQ (43 bits) || IND (5 bits); the card keeps one SEQ for each IND (TS 33.102 §C.2.2).
 */
#ifndef PRESEC_CRYPTO_AKA_H
#define PRESEC_CRYPTO_AKA_H

#include "crypto/milenage.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    AKA_K_LEN = 16,
    AKA_RAND_LEN = 16,
    AKA_AUTN_LEN = 16,
    AKA_AUTS_LEN = 14,
    AKA_SQN_LEN = 6,
    AKA_AK_LEN = 6,
    AKA_AMF_LEN = 2,
    AKA_MAC_LEN = 8,
    AKA_CK_LEN = 16,
    AKA_IK_LEN = 16,
    AKA_RES_LEN = 8,      /* what MILENAGE gives */
    AKA_RES_MIN_LEN = 4,  /* TS 33.102 §6.3.7 */
    AKA_RES_MAX_LEN = 16, /* what TS 33.102 §6.3.7 allows */
    AKA_KC_LEN = 8,
    AKA_SRES_LEN = 4,
    AKA_IND_BITS = 5,
    AKA_IND_COUNT = 1 << AKA_IND_BITS,
};
#define AKA_SEQ_MAX       ((UINT64_C(1) << 43) - 1)
#define AKA_DELTA_DEFAULT (UINT32_C(1) << 28) /* TS 33.102 §C.3.1: the jump a card tolerates */

/* TS 33.203 Annex G: IMS and the packet domain draw from separate IND ranges, so that vectors used out of order
 * across the domains do not fail. */
enum { AKA_IND_PS_FIRST = 0, AKA_IND_PS_COUNT = 16, AKA_IND_IMS_FIRST = 16, AKA_IND_IMS_COUNT = 16 };

/* One authentication vector: RAND, AUTN, XRES, CK, IK. */
typedef struct {
    uint8_t rand[AKA_RAND_LEN];
    uint8_t autn[AKA_AUTN_LEN];
    uint8_t xres[AKA_RES_MAX_LEN];
    uint8_t res_len; /* octets used of xres */
    uint8_t ck[AKA_CK_LEN];
    uint8_t ik[AKA_IK_LEN];
} AkaAv;

/* ---- the home environment ---- */

/* One domain's generator for one subscriber: 48 octets, because a HSS holds a million of them. */
typedef struct {
    MilenageKey key;
    uint64_t seq;               /* SEQ_HE: the last SEQ used */
    uint8_t amf[AKA_AMF_LEN];   /* goes into every AUTN; zero unless the operator says otherwise */
    uint8_t ind_first;          /* this domain's IND range */
    uint8_t ind_count;          /* 1..32; ind_first + ind_count <= 32 */
    uint8_t ind_next;           /* offset in the range of the next vector's IND */
    bool strict_single_counter; /* policy: ignore the range and always use ind_first */
    uint8_t res_len;            /* octets of XRES, the first of f2's: 4..8; 0 = AKA_RES_LEN */
} AkaHe;

/** @he: out.  SEQ starts at 0, so the first vector carries SEQ 1. */
void aka_he_init(AkaHe *he, const MilenageKey *key, uint8_t ind_first, uint8_t ind_count);
/** Wipes the key. */
void aka_he_clear(AkaHe *he);

/**
 * Make the next vector: SEQ_HE += 1, IND cyclic within the range (TS 33.102 §C.1.1.2).
 *
 * @he:   borrowed; advances.  Asserts SEQ_HE < AKA_SEQ_MAX
 * @rand: fresh, from the AuC's stream
 * @out:  out
 */
void aka_he_av(AkaHe *he, const uint8_t rand[AKA_RAND_LEN], AkaAv *out);

/* What the AuC made of an AUTS, TS 33.102 §6.3.5. */
typedef enum {
    AKA_RESYNC_DONE,       /* MAC-S good: SEQ_HE is now the card's */
    AKA_RESYNC_NOT_NEEDED, /* the card would accept the next vector anyway; nothing changed, MAC-S not looked at */
    AKA_RESYNC_BAD_MAC,    /* not from this card; nothing changed */
} AkaResync;

/** @rand: that of the challenge that failed; @auts: (SQN_MS xor AK*) 6 || MAC-S 8. */
AkaResync aka_he_resync(AkaHe *he, const uint8_t rand[AKA_RAND_LEN],
                        const uint8_t auts[AKA_AUTS_LEN]) G_GNUC_WARN_UNUSED_RESULT;

/* ---- the card ---- */

/* ISIM (or USIM) state: 232 octets, as TS 33.102 §C.2.2 has it. */
typedef struct {
    MilenageKey key;
    uint8_t seq_ms[AKA_IND_COUNT][AKA_SQN_LEN]; /* SEQ_MS by IND, big-endian; see aka_isim_seq() */
    uint32_t delta;                             /* a SEQ further above the highest is refused (§C.2.1) */
    uint8_t top;                                /* the IND that holds the highest SEQ_MS */
    bool strict_single_counter;                 /* mutant: compare with the highest SEQ_MS, not that of the IND */
    uint8_t res_len;                            /* as the AuC's: 4..8; 0 = AKA_RES_LEN */
} AkaIsim;

/* What the ISIM concluded.  All three are protocol outcomes, none is an error. */
typedef enum {
    AKA_OK,           /* res, ck and ik are set */
    AKA_MAC_FAILURE,  /* AUTN not from our AuC; nothing is set */
    AKA_SYNC_FAILURE, /* AUTN genuine but SQN stale or too far ahead; only auts is set */
} AkaResult;

typedef struct {
    uint8_t res[AKA_RES_MAX_LEN];
    uint8_t res_len; /* octets used of res */
    uint8_t ck[AKA_CK_LEN];
    uint8_t ik[AKA_IK_LEN];
    uint8_t auts[AKA_AUTS_LEN];
} AkaAnswer;

/** @isim: out.  Every SEQ_MS is 0, delta is AKA_DELTA_DEFAULT. */
void aka_isim_init(AkaIsim *isim, const MilenageKey *key);
/** Wipes the key. */
void aka_isim_clear(AkaIsim *isim);

uint64_t aka_isim_seq(const AkaIsim *isim, unsigned ind);
/** For tests and for cards with a history.  @seq: at most AKA_SEQ_MAX. */
void aka_isim_set_seq(AkaIsim *isim, unsigned ind, uint64_t seq);

/**
 * Check a challenge and answer it.
 *
 * @isim:   borrowed; its SEQ_MS[IND] advances on AKA_OK only
 * @rand:   RAND from the AV
 * @autn:   (SQN xor AK) 6 || AMF 2 || MAC 8
 * @answer: out; see AkaResult for which members are set, the rest are zero
 *
 * Source: TS 33.102 §6.3.3: the MAC first, in constant time, then the SQN by Annex C.2.
 */
AkaResult aka_isim_answer(AkaIsim *isim, const uint8_t rand[AKA_RAND_LEN], const uint8_t autn[AKA_AUTN_LEN],
                          AkaAnswer *answer) G_GNUC_WARN_UNUSED_RESULT;

/* ---- the way into GSM and GPRS ---- */

/** Conversion c2: SRES = RES folded by xor.  @res_len: 4..16.  Source: TS 33.102 §6.8.1.2. */
void aka_gsm_c2(const uint8_t res[], size_t res_len, uint8_t sres[AKA_SRES_LEN]);
/** Conversion c3: Kc = CK1 xor CK2 xor IK1 xor IK2.  Source: TS 33.102 §6.8.1.2. */
void aka_gsm_c3(const uint8_t ck[AKA_CK_LEN], const uint8_t ik[AKA_IK_LEN], uint8_t kc[AKA_KC_LEN]);

#endif
