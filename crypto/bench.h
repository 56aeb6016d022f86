/*
 * crypto/bench.h - the bare OpenSSL calls behind a vector, an answer, a digest and an ESP packet: what `presec bench`
 * holds our functions against.
 *
 * Source:  TS 35.206 §4.1 (which blocks), RFC 2617 §3.2.2, RFC 2104, RFC 4303.
 * Knows:   OpenSSL and sizes.  The results are those of no protocol: nothing is framed, padded, compared or kept.
 *          Contexts are made once and keyed anew for each call, because each call is another subscriber's.
 */
#ifndef PRESEC_CRYPTO_BENCH_H
#define PRESEC_CRYPTO_BENCH_H

#include "crypto/esp.h"

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

typedef struct CryptoBench CryptoBench;
CryptoBench *crypto_bench_new(void);
void crypto_bench_free(CryptoBench *bench);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CryptoBench, crypto_bench_free)

/** The home network's half of AKA: one key schedule, the block of TEMP, five blocks side by side. */
void crypto_bench_vector(CryptoBench *bench, const uint8_t k[16], const uint8_t rand[16]);
/** The card's half: as above, but f1 can only follow once f5 has shown the SQN. */
void crypto_bench_answer(CryptoBench *bench, const uint8_t k[16], const uint8_t rand[16]);
/** MD5 over @len octets, at most 256: one of the three of a Digest. */
void crypto_bench_md5(CryptoBench *bench, size_t len);

enum { CRYPTO_BENCH_PACKET_MAX = 65536 };
/** Encryption and HMAC of a packet whose sealed length is @sealed_len, at most CRYPTO_BENCH_PACKET_MAX. */
void crypto_bench_seal(CryptoBench *bench, EspAlg alg, EspEalg ealg, const EspKeys *keys, size_t sealed_len);
/** HMAC and decryption of the same. */
void crypto_bench_open(CryptoBench *bench, EspAlg alg, EspEalg ealg, const EspKeys *keys, size_t sealed_len);

#endif
