/*
 * crypto/radio_break.c - published attacks on radio ciphers: their price as data, and a real search on reduced keys.
 *
 * Source:  see radio_break.h and each entry's reference.
 * Knows:   see radio_break.h.
 */
#include "crypto/radio_break.h"

#include <string.h>

/* By cipher; the attack that needs the least data first. */
static const RadioBreak breaks[] = {
    { RADIO_GEA1, 40, 9, 1, 2021,
      "Beierle et al., Cryptanalysis of the GPRS Encryption Algorithms GEA-1 and GEA-2, EUROCRYPT 2021: 65 bits of "
      "known keystream of one frame, 2^40 GEA-1 evaluations" },
    { RADIO_GEA2, 45, 1600, 1, 2021,
      "Beierle et al., EUROCRYPT 2021: all 1,600 octets of one frame's keystream known, 2^45.1 GEA-2 evaluations" },
    { RADIO_WEP, 40, 8, 1, 2001,
      "Exhaustive search of a 40-bit key from one frame's LLC/SNAP header and ICV (IEEE 802.11-1999 §8.2; T. Newsham, "
      "Cracking WEP Keys, 2001)" },
    { RADIO_WEP, 21, 16, 40000, 2007,
      "Tews, Weinmann, Pyshkin, Breaking 104 bit WEP in less than 60 seconds, 2007: 40,000 frames for 50 %" },
    { RADIO_WEP, 21, 1, 4000000, 2001,
      "Fluhrer, Mantin, Shamir, Weaknesses in the Key Scheduling Algorithm of RC4, 2001: millions of frames" },
};

const RadioBreak *radio_break_of(RadioCipher cipher)
{
    for (size_t i = 0; i < G_N_ELEMENTS(breaks); i++)
        if (breaks[i].cipher == cipher)
            return &breaks[i];
    return NULL;
}

const RadioBreak *radio_break_all(size_t *n)
{
    *n = G_N_ELEMENTS(breaks);
    return breaks;
}

/* inner = revealed with its last @bits bits replaced by @value. */
static void put_hidden(const uint8_t revealed[RADIO_KEY_LEN], size_t inner_len, unsigned bits, uint32_t value,
                       uint8_t inner[RADIO_KEY_LEN])
{
    memcpy(inner, revealed, RADIO_KEY_LEN);
    for (size_t at = inner_len; bits > 0 && at-- > 0; value >>= 8) {
        const unsigned here = MIN(bits, 8u);
        const uint8_t mask = (uint8_t)((1u << here) - 1);
        inner[at] = (uint8_t)((inner[at] & ~mask) | (value & mask));
        bits -= here;
    }
}

void radio_break_reveal(RadioCipher cipher, const uint8_t key[RADIO_KEY_LEN], unsigned hidden_bits,
                        uint8_t revealed[RADIO_KEY_LEN])
{
    uint8_t inner[RADIO_KEY_LEN];
    g_assert(hidden_bits <= RADIO_BREAK_MAX_BITS && hidden_bits <= radio_key_bits(cipher));
    radio_inner_key(cipher, key, inner);
    put_hidden(inner, radio_key_bits(cipher) / 8, hidden_bits, 0, revealed);
}

/* Does the key give the first @len known octets of this frame?  @scratch: offset + len octets. */
static bool agrees(RadioCipher cipher, const uint8_t inner[RADIO_KEY_LEN], const RadioKnown *known, size_t len,
                   uint8_t *scratch)
{
    memset(scratch, 0, known->offset + len);
    radio_crypt_inner(cipher, inner, known->count, known->bearer, known->direction, scratch, known->offset + len);
    return memcmp(scratch + known->offset, known->keystream, len) == 0;
}

static bool all_agree(RadioCipher cipher, const uint8_t inner[RADIO_KEY_LEN], const RadioKnown known[], size_t n_known,
                      uint8_t *scratch)
{
    for (size_t i = 0; i < n_known; i++)
        if (!agrees(cipher, inner, &known[i], known[i].len, scratch))
            return false;
    return true;
}

bool radio_break_run(RadioCipher cipher, const RadioKnown known[], size_t n_known,
                     const uint8_t revealed[RADIO_KEY_LEN], unsigned hidden_bits, RadioBreakRun *run)
{
    enum { FIRST_LOOK = 8 }; /* octets of the first frame that a wrong key is thrown out by */
    size_t longest = 0;
    *run = (RadioBreakRun){ 0 };
    g_assert(hidden_bits <= RADIO_BREAK_MAX_BITS);
    if (cipher == RADIO_NONE || hidden_bits > radio_key_bits(cipher) || n_known == 0 || known[0].len == 0)
        return false;
    for (size_t i = 0; i < n_known; i++)
        longest = MAX(longest, known[i].offset + known[i].len);

    g_autofree uint8_t *scratch = g_malloc(longest);
    const size_t look = MIN(known[0].len, (size_t)FIRST_LOOK);
    for (uint32_t value = 0; value < UINT32_C(1) << hidden_bits; value++) {
        put_hidden(revealed, radio_key_bits(cipher) / 8, hidden_bits, value, run->inner);
        run->executed++;
        if (agrees(cipher, run->inner, &known[0], look, scratch) &&
            all_agree(cipher, run->inner, known, n_known, scratch)) {
            run->found = true;
            return true;
        }
    }
    memset(run->inner, 0, sizeof run->inner);
    return false;
}
