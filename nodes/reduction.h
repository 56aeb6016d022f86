/*
 * nodes/reduction.h - what a run gives an attacker of a radio key, so that a search which his budget allows can be
 * executed.
 *
 * Source:  crypto/radio_break.h: the work of the published attack is accounted in full, the search is done on what is
 * left hidden. Knows:   keys, as the network and the access point have them.  For whoever makes the world, never for
 * the attacker.
 */
#ifndef PRESEC_NODES_REDUCTION_H
#define PRESEC_NODES_REDUCTION_H

#include "crypto/aka.h"
#include "crypto/radio.h"

#include <stdbool.h>

/* Of a key that both ends share, as WEP's.  @hidden_bits: what remains to be searched.  @revealed: out, RADIO_KEY_LEN
 * octets. */
void reduction_of_key(RadioCipher cipher, const uint8_t key[RADIO_KEY_LEN], unsigned hidden_bits,
                      uint8_t revealed[RADIO_KEY_LEN]);

/* Of the key that an authentication makes (Kc = c3(CK, IK), TS 33.102 §6.8.1.2).  False: there is no search to reduce,
 * because the cipher does not take Kc or nothing published would be executed; nothing is written. */
bool reduction_of_vector(RadioCipher cipher, const AkaAv *av, unsigned hidden_bits,
                         uint8_t revealed[RADIO_KEY_LEN]) G_GNUC_WARN_UNUSED_RESULT;

#endif
