/*
 * nodes/attacker/dictionary.h - words that people take for passwords.
 *
 * Source:  RFC 2617 §4.9 (dictionary attacks on Digest); the list is ours.
 */
#ifndef PRESEC_ATTACKER_DICTIONARY_H
#define PRESEC_ATTACKER_DICTIONARY_H

#include <stddef.h>

extern const char *const attacker_dictionary[];
extern const size_t attacker_dictionary_len;

#endif
