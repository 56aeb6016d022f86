/*
 * crypto/random.h - OpenSSL made deterministic: its randomness comes from whoever is current, its time from us.
 *
 * Source:  OpenSSL 3.0 provider-rand(7).  A built-in provider "presec" with one EVP_RAND serves RAND_bytes(), key
 *          generation, TLS and CMS alike.
 * Knows:   a callback and a number of seconds.  No seed, no stream: those are the caller's.
 */
#ifndef PRESEC_CRYPTO_RANDOM_H
#define PRESEC_CRYPTO_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Where random octets come from.  @fill must always fill all @len octets. */
typedef struct CryptoRandom {
    void (*fill)(void *ctx, uint8_t *out, size_t len);
    void *ctx;
} CryptoRandom;

/** Must run before any other use of OpenSSL in the process; every function of crypto/ that needs it calls it.
 *  May be called again, from any thread.  Aborts with a message if OpenSSL refuses: nothing would be reproducible. */
void crypto_init(void);

/** A thread that used crypto/ is about to end: OpenSSL forgets what it keeps for it (otherwise done when the thread has
 *  ended, which may be after the process looked for leaks). */
void crypto_thread_end(void);

/**
 * Make @source the origin of everything OpenSSL draws in this thread from now on.
 *
 * @source: borrowed until replaced; NULL: none.  Drawing with none aborts with a message
 *
 * Returns the previous one, so that a caller can put it back.
 */
const CryptoRandom *crypto_random_use(const CryptoRandom *source);

/** Draw from the current source without OpenSSL; aborts as OpenSSL would if there is none. */
void crypto_random_fill(uint8_t *out, size_t len);

/** Set what time(2) tells this thread, OpenSSL included, in seconds since 1970.  Until then every thread sees
 *  2003-05-06T00:00:00Z.  The wall clock is never read. */
void crypto_time_use(int64_t unix_seconds);
/** What time(2) tells this thread. */
int64_t crypto_time_now(void);

#endif
