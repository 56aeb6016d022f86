/*
 * crypto/milenage.h - the MILENAGE functions f1, f1*, f2, f3, f4, f5, f5*.
 *
 * Source:  TS 35.206 §4; the kernel is AES-128.  All lengths in octets.
 * Knows:   octets only.  No SQN management (crypto/aka.h), no random source.
 */
#ifndef PRESEC_CRYPTO_MILENAGE_H
#define PRESEC_CRYPTO_MILENAGE_H

#include <stdint.h>

/* What the card and the AuC share about one subscriber: K, and OPc (OP already enciphered under K). */
typedef struct {
    uint8_t k[16], opc[16];
} MilenageKey;

/* Every output for one challenge, as the AuC needs them together. */
typedef struct {
    uint8_t mac_a[8], mac_s[8];
    uint8_t res[8];
    uint8_t ck[16], ik[16];
    uint8_t ak[6], ak_star[6];
} MilenageOut;

/** OPc = OP xor E[OP]_K.  @opc: out; may be @op itself.  Source: TS 35.206 §4.1. */
void milenage_opc(const uint8_t k[16], const uint8_t op[16], uint8_t opc[16]);

/** f1 and f1*.  @mac_a: out, the network's MAC; @mac_s: out, the resynchronisation MAC.  Either may be NULL. */
void milenage_f1(const MilenageKey *key, const uint8_t rand[16], const uint8_t sqn[6], const uint8_t amf[2],
                 uint8_t mac_a[8], uint8_t mac_s[8]);

/** f2 to f5 and f5*.  Every out parameter may be NULL. */
void milenage_f2345(const MilenageKey *key, const uint8_t rand[16], uint8_t res[8], uint8_t ck[16], uint8_t ik[16],
                    uint8_t ak[6], uint8_t ak_star[6]);

/**
 * The same in steps, for whoever asks both about one RAND: TEMP = E[RAND xor OPc]_K first, then what builds on it.
 *
 * @temp: out, 16 octets; a secret like the key
 */
void milenage_temp(const MilenageKey *key, const uint8_t rand[16], uint8_t temp[16]);
void milenage_f1_of(const MilenageKey *key, const uint8_t temp[16], const uint8_t sqn[6], const uint8_t amf[2],
                    uint8_t mac_a[8], uint8_t mac_s[8]);
void milenage_f2345_of(const MilenageKey *key, const uint8_t temp[16], uint8_t res[8], uint8_t ck[16], uint8_t ik[16],
                       uint8_t ak[6], uint8_t ak_star[6]);

/** All seven in one pass over the kernel; gives what milenage_f1() and milenage_f2345() give. */
void milenage_all(const MilenageKey *key, const uint8_t rand[16], const uint8_t sqn[6], const uint8_t amf[2],
                  MilenageOut *out);

#endif
