/*
 * nodes/reduction.c - what a run gives an attacker of a radio key.
 *
 * Source:  nodes/reduction.h.
 * Knows:   keys and the ciphers that have a published attack.
 */
#include "nodes/reduction.h"

#include "crypto/radio_break.h"

#include <string.h>

void reduction_of_key(RadioCipher cipher, const uint8_t key[RADIO_KEY_LEN], unsigned hidden_bits,
                      uint8_t revealed[RADIO_KEY_LEN])
{
    radio_break_reveal(cipher, key, hidden_bits, revealed);
}

bool reduction_of_vector(RadioCipher cipher, const AkaAv *av, unsigned hidden_bits, uint8_t revealed[RADIO_KEY_LEN])
{
    uint8_t key[RADIO_KEY_LEN] = { 0 };
    if (cipher != RADIO_GEA1 && cipher != RADIO_GEA2)
        return false;
    aka_gsm_c3(av->ck, av->ik, key);
    radio_break_reveal(cipher, key, hidden_bits, revealed);
    memset(key, 0, sizeof key);
    return true;
}
