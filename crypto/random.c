/*
 * crypto/random.c - a built-in OpenSSL provider whose random octets come from the thread's current source.
 *
 * Source:  OpenSSL 3.0 provider-rand(7), RAND_set_DRBG_type(3).
 * Knows:   see random.h.
 */
#include "crypto/random.h"

#include <glib.h>
#include <limits.h>
#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <stdbool.h>
#include <time.h>

#define PROVIDER_NAME "presec"
#define RAND_NAME     "PRESEC-RAND"

static _Thread_local const CryptoRandom *current;

const CryptoRandom *crypto_random_use(const CryptoRandom *source)
{
    const CryptoRandom *previous = current;
    current = source;
    return previous;
}

void crypto_random_fill(uint8_t *out, size_t len)
{
    if (!current)
        g_error("randomness drawn outside any source: call crypto_random_use() first");
    current->fill(current->ctx, out, len);
}

/* ---- EVP_RAND; an instance has no state but whether it is instantiated ---- */

typedef struct {
    int state;
} RandInstance;

static void *rand_newctx(void *provider, void *parent, const OSSL_DISPATCH *parent_calls)
{
    return g_new0(RandInstance, 1);
}

static void rand_freectx(void *ctx)
{
    g_free(ctx);
}

static int rand_instantiate(void *ctx, unsigned int strength, int prediction_resistance, const unsigned char *pstr,
                            size_t pstr_len, const OSSL_PARAM params[])
{
    ((RandInstance *)ctx)->state = EVP_RAND_STATE_READY;
    return 1;
}

static int rand_uninstantiate(void *ctx)
{
    ((RandInstance *)ctx)->state = EVP_RAND_STATE_UNINITIALISED;
    return 1;
}

static int rand_generate(void *ctx, unsigned char *out, size_t len, unsigned int strength, int prediction_resistance,
                         const unsigned char *additional, size_t additional_len)
{
    crypto_random_fill(out, len);
    return 1;
}

static int rand_reseed(void *ctx, int prediction_resistance, const unsigned char *entropy, size_t entropy_len,
                       const unsigned char *additional, size_t additional_len)
{
    return 1; /* octets depend on the source alone */
}

/* Nothing is shared between threads, so there is nothing to lock. */
static int rand_enable_locking(void *ctx)
{
    return 1;
}

static int rand_lock(void *ctx)
{
    return 1;
}

static void rand_unlock(void *ctx)
{
}

static const OSSL_PARAM *rand_gettable(void *ctx, void *provider)
{
    static const OSSL_PARAM known[] = { OSSL_PARAM_int(OSSL_RAND_PARAM_STATE, NULL),
                                        OSSL_PARAM_uint(OSSL_RAND_PARAM_STRENGTH, NULL),
                                        OSSL_PARAM_size_t(OSSL_RAND_PARAM_MAX_REQUEST, NULL), OSSL_PARAM_END };
    return known;
}

static int rand_get(void *ctx, OSSL_PARAM params[])
{
    OSSL_PARAM *state = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STATE);
    OSSL_PARAM *strength = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STRENGTH);
    OSSL_PARAM *max_request = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_MAX_REQUEST);
    if (state && !OSSL_PARAM_set_int(state, ((RandInstance *)ctx)->state))
        return 0;
    if (strength && !OSSL_PARAM_set_uint(strength, 256))
        return 0;
    return !max_request || OSSL_PARAM_set_size_t(max_request, INT_MAX);
}

#define CALL(f) ((void (*)(void))(f))
static const OSSL_DISPATCH rand_calls[] = {
    { OSSL_FUNC_RAND_NEWCTX, CALL(rand_newctx) },
    { OSSL_FUNC_RAND_FREECTX, CALL(rand_freectx) },
    { OSSL_FUNC_RAND_INSTANTIATE, CALL(rand_instantiate) },
    { OSSL_FUNC_RAND_UNINSTANTIATE, CALL(rand_uninstantiate) },
    { OSSL_FUNC_RAND_GENERATE, CALL(rand_generate) },
    { OSSL_FUNC_RAND_RESEED, CALL(rand_reseed) },
    { OSSL_FUNC_RAND_ENABLE_LOCKING, CALL(rand_enable_locking) },
    { OSSL_FUNC_RAND_LOCK, CALL(rand_lock) },
    { OSSL_FUNC_RAND_UNLOCK, CALL(rand_unlock) },
    { OSSL_FUNC_RAND_GETTABLE_CTX_PARAMS, CALL(rand_gettable) },
    { OSSL_FUNC_RAND_GET_CTX_PARAMS, CALL(rand_get) },
    { 0, NULL },
};

/* ---- the provider: one algorithm ---- */

static const OSSL_ALGORITHM provider_rands[] = {
    { RAND_NAME, "provider=" PROVIDER_NAME, rand_calls, "octets from the simulation's source" },
    { NULL, NULL, NULL, NULL },
};

static const OSSL_ALGORITHM *provider_query(void *provider, int operation, int *no_cache)
{
    *no_cache = 0;
    return operation == OSSL_OP_RAND ? provider_rands : NULL;
}

static const OSSL_DISPATCH provider_calls[] = {
    { OSSL_FUNC_PROVIDER_QUERY_OPERATION, CALL(provider_query) },
    { 0, NULL },
};

static int provider_init(const OSSL_CORE_HANDLE *core, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out,
                         void **provider)
{
    static int context; /* only its address: OpenSSL wants one that is not NULL */
    *out = provider_calls;
    *provider = &context;
    return 1;
}

/* Every call must succeed in this order: naming any provider switches OpenSSL's own default off, so it is loaded by
 * name, and the DRBG type can only be set before the first draw.  openssl.cnf must not matter. */
static void install(void)
{
    static OSSL_PROVIDER *ours, *standard; /* held for the life of the process */
    const bool ready = OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) &&
                       OSSL_PROVIDER_add_builtin(NULL, PROVIDER_NAME, provider_init);
    ours = ready ? OSSL_PROVIDER_load(NULL, PROVIDER_NAME) : NULL;
    standard = ours ? OSSL_PROVIDER_load(NULL, "default") : NULL;
    const bool ok = standard && RAND_set_DRBG_type(NULL, RAND_NAME, NULL, NULL, NULL);
    if (!ok)
        g_error("OpenSSL did not accept the simulation's random source; was it used before crypto_init()?");
    /* allowed here: the question is whether this call reaches our own time() and no clock */
    if (time(NULL) != (time_t)crypto_time_now())
        g_error("time() is not ours: crypto/time.c must be linked into the executable");
}

void crypto_init(void)
{
    static gsize once;
    if (g_once_init_enter(&once)) {
        install();
        g_once_init_leave(&once, 1);
    }
}

void crypto_thread_end(void)
{
    OPENSSL_thread_stop();
}
