/*
 * tests/crypto/support/tls_ends.c - keys and certificates of everybody, and two TLS ends that talk to each other.
 *
 * Source:  none of its own.
 * Knows:   see tls_ends.h.
 */
#include "tests/crypto/support/tls_ends.h"

#include <string.h>

/* ---- randomness: SHA-256 of (seed, stream, block) ---- */

void source_fill(void *ctx, uint8_t *out, size_t len)
{
    Source *source = ctx;
    uint8_t block[CRYPTO_SHA256_LEN];
    for (size_t done = 0; done < len; done += sizeof block, source->block++) {
        crypto_hash(CRYPTO_SHA256, source, sizeof *source, block);
        memcpy(out + done, block, MIN(sizeof block, len - done));
    }
}

/* ---- the keys and certificates of everybody ---- */

Pki pki;

static Cert *issue(const Ca *ca, const CertKey *key, const char *name, CertNameKind kind, unsigned purposes,
                   int64_t from, const CryptoRandom *random)
{
    const CertName names[] = { { kind, name } };
    const CaRequest request = { .subject = name,
                                .names = names,
                                .n_names = 1,
                                .key = key,
                                .purposes = purposes,
                                .valid_from = from,
                                .valid_until = from + 365 * DAY };
    Cert *cert = ca_issue(ca, &request, random);
    g_assert_nonnull(cert);
    return cert;
}

void pki_make(void)
{
    Source source = { 1, 0, 0 };
    const CryptoRandom r = { source_fill, &source };
    const int64_t from = NOW - DAY;
    pki.ca = ca_new("Test CA", cert_key_generate(CERT_KEY_EC_P256, &r), from, from + 3650 * DAY, &r);
    pki.stranger = ca_new("Test CA", cert_key_generate(CERT_KEY_EC_P256, &r), from, from + 3650 * DAY, &r);
    pki.trust = cert_trust_new();
    cert_trust_add(pki.trust, ca_root(pki.ca));
    pki.rsa = cert_key_generate(CERT_KEY_RSA_2048, &r);
    pki.ec = cert_key_generate(CERT_KEY_EC_P256, &r);
    pki.alice_key = cert_key_generate(CERT_KEY_EC_P256, &r);
    const char *server = "pcscf.visited.example";
    pki.rsa_cert = issue(pki.ca, pki.rsa, server, CERT_NAME_DNS, CERT_FOR_SERVER, from, &r);
    pki.ec_cert = issue(pki.ca, pki.ec, server, CERT_NAME_DNS, CERT_FOR_SERVER, from, &r);
    pki.expired = issue(pki.ca, pki.ec, server, CERT_NAME_DNS, CERT_FOR_SERVER, from - 700 * DAY, &r);
    pki.future = issue(pki.ca, pki.ec, server, CERT_NAME_DNS, CERT_FOR_SERVER, NOW + DAY, &r);
    pki.other_server = issue(pki.ca, pki.ec, "evil.example", CERT_NAME_DNS, CERT_FOR_SERVER, from, &r);
    pki.unknown = issue(pki.stranger, pki.ec, server, CERT_NAME_DNS, CERT_FOR_SERVER, from, &r);
    pki.alice = issue(pki.ca, pki.alice_key, "sip:alice@home.example", CERT_NAME_URI, CERT_FOR_CLIENT | CERT_FOR_MAIL,
                      from, &r);
}

void pki_free(void)
{
    Cert *certs[] = { pki.rsa_cert, pki.ec_cert, pki.alice, pki.expired, pki.other_server, pki.unknown, pki.future };
    for (size_t i = 0; i < G_N_ELEMENTS(certs); i++)
        cert_free(certs[i]);
    cert_key_free(pki.rsa);
    cert_key_free(pki.ec);
    cert_key_free(pki.alice_key);
    cert_trust_free(pki.trust);
    ca_free(pki.ca);
    ca_free(pki.stranger);
}

/* ---- two ends ---- */

const uint8_t ks_naf[32] = { 1, 2, 3, 4, 5 };
const char *const gba_identity = TLS_PSK_HINT_GBA ";b-tid@bsf.home.example";

static size_t find_psk(void *ctx, const char *identity, uint8_t key[TLS_PSK_MAX])
{
    if (strcmp(identity, gba_identity) != 0)
        return 0;
    memcpy(key, ks_naf, sizeof ks_naf);
    return sizeof ks_naf;
}

void pair_init(Pair *pair, TlsVersion lowest, TlsVersion highest, TlsAuth auth, bool rsa)
{
    memset(pair, 0, sizeof *pair);
    for (int i = 0; i < 2; i++)
        pair->policy[i] = (TlsPolicy){ .server = i == 1,
                                       .lowest = lowest,
                                       .highest = highest,
                                       .auth = auth,
                                       .check = TLS_CHECK_NAME,
                                       .trust = pki.trust };
    if (auth != TLS_AUTH_PSK) {
        pair->policy[1].cert = rsa ? pki.rsa_cert : pki.ec_cert;
        pair->policy[1].key = rsa ? pki.rsa : pki.ec;
    }
    if (auth == TLS_AUTH_MUTUAL) {
        pair->policy[0].cert = pki.alice;
        pair->policy[0].key = pki.alice_key;
    }
    pair->policy[1].psk_hint = "other;" TLS_PSK_HINT_GBA;
    pair->policy[1].psk_lookup = find_psk;
    pair->server_name = (CertName){ CERT_NAME_DNS, "pcscf.visited.example" };
    pair->peer[0] = (TlsPeer){ .name = &pair->server_name,
                               .now = NOW,
                               .psk_identity = gba_identity,
                               .psk = ks_naf,
                               .psk_len = sizeof ks_naf,
                               .psk_hint = TLS_PSK_HINT_GBA };
    pair->peer[1] = (TlsPeer){ .now = NOW };
    pair->source[0] = (Source){ 7, 10, 0 };
    pair->source[1] = (Source){ 7, 11, 0 };
    pair->all = crypto_sha256_new();
}

void pair_open(Pair *pair)
{
    for (int i = 0; i < 2; i++) {
        const CryptoRandom random = { source_fill, &pair->source[i] };
        pair->context[i] = tls_context_new(&pair->policy[i]);
        g_assert_nonnull(pair->context[i]);
        pair->end[i] = tls_new(pair->context[i], &pair->peer[i], &random);
    }
}

/* Carries what waits at one end to the other, in pieces of @piece octets. */
size_t pair_carry(Pair *pair, int from, size_t piece)
{
    static uint8_t octets[AREA];
    const size_t len = tls_take(pair->end[from], octets, sizeof octets);
    const uint8_t direction = (uint8_t)from;
    crypto_sha256_update(pair->all, &direction, 1);
    crypto_sha256_update(pair->all, octets, len);
    pair->octets += len;
    for (size_t at = 0; at < len; at += piece)
        tls_feed(pair->end[!from], octets + at, MIN(piece, len - at));
    return len;
}

void pair_carry_all(Pair *pair, size_t piece)
{
    while (pair_carry(pair, 0, piece) + pair_carry(pair, 1, piece) > 0)
        ;
}

void pair_shake(Pair *pair)
{
    pair_open(pair);
    pair_carry_all(pair, AREA);
}

void pair_clear(Pair *pair)
{
    for (int i = 0; i < 2; i++) {
        tls_free(pair->end[i]);
        tls_context_free(pair->context[i]);
    }
    crypto_sha256_free(pair->all);
}

const TlsStatus *pair_status(const Pair *pair, int end)
{
    return tls_status(pair->end[end]);
}

void pair_assert_open(const Pair *pair)
{
    for (int i = 0; i < 2; i++) {
        g_assert_cmpstr(tls_failure_name(pair_status(pair, i)->failure), ==, "none");
        g_assert_cmpint(pair_status(pair, i)->state, ==, TLS_OPEN);
        g_assert_cmpint(pair_status(pair, i)->alert_sent, ==, TLS_NO_ALERT);
        g_assert_cmpint(pair_status(pair, i)->alert_received, ==, TLS_NO_ALERT);
    }
    g_assert_cmpint(pair_status(pair, 0)->suite, ==, pair_status(pair, 1)->suite);
}

void pair_say(Pair *pair, int from, const char *text, size_t piece)
{
    uint8_t heard[200];
    g_assert_true(tls_send(pair->end[from], (const uint8_t *)text, strlen(text)));
    pair_carry(pair, from, piece);
    const size_t len = tls_receive(pair->end[!from], heard, sizeof heard);
    g_assert_cmpmem(heard, len, text, strlen(text));
    g_assert_cmpuint(tls_receive(pair->end[!from], heard, sizeof heard), ==, 0);
}

void pair_assert_failed(const Pair *pair, int end, TlsFailure failure, int alert)
{
    g_assert_cmpint(pair_status(pair, end)->state, ==, TLS_FAILED);
    g_assert_cmpstr(tls_failure_name(pair_status(pair, end)->failure), ==, tls_failure_name(failure));
    g_assert_cmpint(pair_status(pair, end)->alert_sent, ==, alert);
    g_assert_cmpint(pair_status(pair, !end)->state, ==, TLS_FAILED);
    g_assert_cmpint(pair_status(pair, !end)->failure, ==, TLS_ALERT_RECEIVED);
    g_assert_cmpint(pair_status(pair, !end)->alert_received, ==, alert);
}

bool suite_is_psk(TlsSuite suite)
{
    return g_str_has_prefix(tls_suite_name(suite), "TLS_PSK");
}
