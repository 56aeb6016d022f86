/*
 * tests/fuzz/fuzz_tls.c - octets at a TLS server, at a client that has sent its hello, and at a frozen end.
 *
 * Knows:   crypto/tls_hibernate.h, crypto/ca.h.
 */
#include "crypto/ca.h"
#include "crypto/tls_hibernate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fill(void *ctx, uint8_t *out, size_t len)
{
    uint32_t *next = ctx;
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)((*next = *next * 1664525u + 1013904223u) >> 24);
}

/* Made at the first input; held for the life of the process. */
typedef struct {
    CertKey *key;
    Ca *ca;
    Cert *cert;
    TlsContext *context[2]; /* client, server */
} World;

static const World *world(const CryptoRandom *random)
{
    static World one;
    if (one.ca)
        return &one;
    one.ca = ca_new("CA", cert_key_generate(CERT_KEY_EC_P256, random), 0, 2000000000, random);
    one.key = cert_key_generate(CERT_KEY_EC_P256, random);
    one.cert = ca_issue(one.ca, &(CaRequest){ .subject = "x", .key = one.key, .valid_until = 2000000000 }, random);
    for (int server = 0; server < 2; server++) {
        const TlsPolicy policy = { .server = server,
                                   .lowest = TLS_1_0,
                                   .highest = TLS_1_3,
                                   .check = TLS_CHECK_NOTHING,
                                   .cert = server ? one.cert : NULL,
                                   .key = server ? one.key : NULL };
        one.context[server] = tls_context_new(&policy);
        g_assert_nonnull(one.context[server]);
    }
    return &one;
}

static void try_live(TlsContext *context, const CryptoRandom *random, const uint8_t *data, size_t size)
{
    const TlsPeer peer = { .now = 1000000000 };
    uint8_t heard[64];
    g_autoptr(Tls) tls = tls_new(context, &peer, random);
    tls_feed(tls, data, size / 2);
    tls_feed(tls, data + size / 2, size - size / 2);
    g_assert_cmpuint(tls_receive(tls, heard, sizeof heard), ==, 0); /* nobody here can finish a handshake */
    g_assert_cmpint(tls_status(tls)->state, !=, TLS_OPEN);
}

static void try_frozen(TlsVersion version, TlsProtection protection, const uint8_t *data, size_t size)
{
    TlsFrozen frozen = { .version = (uint8_t)version, .protection = (uint8_t)protection, .state = TLS_OPEN };
    g_autofree uint8_t *record = g_memdup2(data, size);
    uint8_t *plain, alert;
    size_t plain_len;
    if (tls_frozen_receive(&frozen, record, size, &plain, &plain_len, &alert, NULL) == TLS_FROZEN_DATA)
        g_assert_true(plain >= record && plain + plain_len <= record + size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t state = 1;
    const CryptoRandom random = { fill, &state };
    const World *w = world(&random);
    data = size ? data : (const uint8_t *)""; /* an empty input may have no address */
    try_live(w->context[0], &random, data, size);
    try_live(w->context[1], &random, data, size);
    for (TlsVersion version = TLS_1_0; version <= TLS_1_2; version++)
        for (TlsProtection protection = TLS_PROTECT_NULL_SHA; protection <= TLS_PROTECT_CBC_SHA256; protection++)
            try_frozen(version, protection, data, size);
    try_frozen(TLS_1_2, TLS_PROTECT_GCM, data, size);
    try_frozen(TLS_1_3, TLS_PROTECT_GCM, data, size);
    return 0;
}
