/*
 * crypto/time.c - time(2) for the whole process: the simulation's clock instead of the wall's.
 *
 * Source:  POSIX time(); the executable's definition is the one that libssl and libcrypto find too.  OpenSSL asks
 *          it for certificate validity, session and ticket ages and CMS signing times.
 * Knows:   a number of seconds for each thread.
 */
#include "crypto/random.h"

#include <time.h>

#define EPOCH_2003_05_06 INT64_C(1052179200) /* the default epoch of a scenario */

static _Thread_local int64_t now = EPOCH_2003_05_06;

void crypto_time_use(int64_t unix_seconds)
{
    now = unix_seconds;
}

int64_t crypto_time_now(void)
{
    return now;
}

/* allowed here: this is the definition that replaces the wall clock */
time_t time(time_t *out)
{
    if (out)
        *out = (time_t)now;
    return (time_t)now;
}
