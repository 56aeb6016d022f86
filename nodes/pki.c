/*
 * nodes/pki.c - keys and certificates of a seed, and of one run.
 *
 * Source:  nodes/pki.h; RFC 5280 §4.1.
 * Knows:   as there.
 */
#include "nodes/pki.h"

#include <string.h>

#define AUTHORITY      "Operators' CA"
#define AUTHORITY_NAME "ca.example"
/* Issued a year before the run's day, for ten years. */
#define VALID_FROM  INT64_C(1020643200) /* 2002-05-06 */
#define VALID_UNTIL INT64_C(1336262400) /* 2012-05-06 */

/* ---- streams as sources for OpenSSL ---- */

typedef struct Draw {
    const Sim *sim;
    SimStream stream;
} Draw;

static void draw_octets(void *ctx, uint8_t *out, size_t len)
{
    Draw *draw = ctx;
    sim_random(draw->sim, &draw->stream, out, len);
}

static CryptoRandom draw_from(Draw *draw, const Sim *sim, const char *owner, const char *purpose)
{
    *draw = (Draw){ .sim = sim, .stream = sim_stream(sim, owner, purpose, 0) };
    return (CryptoRandom){ .fill = draw_octets, .ctx = draw };
}

static CertKey *load_key(GBytes *der)
{
    gsize len = 0;
    const void *octets = g_bytes_get_data(der, &len);
    CertKey *key = cert_key_from_der(octets, len);
    g_assert(key != NULL); /* our own octets */
    return key;
}

/* ---- of a seed ---- */

struct Pki {
    gint references;
    uint64_t seed;
    Sim *sim; /* its streams only */
    GMutex lock;
    GHashTable *keys;  /* "rsa OWNER", "ec OWNER" -> GBytes, PKCS#8; looked up, never walked */
    GHashTable *certs; /* all that a request says -> GBytes; likewise */
    GBytes *root;
};

Pki *pki_new(uint64_t seed)
{
    Pki *pki = g_new0(Pki, 1);
    pki->references = 1;
    pki->seed = seed;
    pki->sim = sim_new(&(SimConfig){ .seed = seed });
    pki->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
    pki->certs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
    g_mutex_init(&pki->lock);
    return pki;
}

Pki *pki_ref(Pki *pki)
{
    g_atomic_int_inc(&pki->references);
    return pki;
}

void pki_unref(Pki *pki)
{
    if (!pki || !g_atomic_int_dec_and_test(&pki->references))
        return;
    g_hash_table_destroy(pki->keys);
    g_hash_table_destroy(pki->certs);
    g_clear_pointer(&pki->root, g_bytes_unref);
    g_mutex_clear(&pki->lock);
    sim_free(pki->sim);
    g_free(pki);
}

uint64_t pki_seed(const Pki *pki)
{
    return pki->seed;
}

static GBytes *key_octets(Pki *pki, const char *owner, bool ec)
{
    g_autofree char *name = g_strconcat(ec ? "ec " : "rsa ", owner, NULL);
    GBytes *der = g_hash_table_lookup(pki->keys, name);
    if (der)
        return der;
    Draw draw;
    CryptoRandom random = draw_from(&draw, pki->sim, owner, ec ? "ec-key" : "rsa-key");
    g_autoptr(CertKey) key = cert_key_generate(ec ? CERT_KEY_EC_P256 : CERT_KEY_RSA_2048, &random);
    der = cert_key_to_der(key);
    g_hash_table_insert(pki->keys, g_steal_pointer(&name), der);
    return der;
}

static GBytes *octets_of(const Cert *cert)
{
    size_t len = 0;
    const uint8_t *octets = cert_der(cert, &len);
    return g_bytes_new(octets, len);
}

static GBytes *root_octets(Pki *pki)
{
    if (pki->root)
        return pki->root;
    Draw draw;
    CryptoRandom random = draw_from(&draw, pki->sim, AUTHORITY_NAME, "root");
    CertKey *key = load_key(key_octets(pki, AUTHORITY_NAME, false));
    g_autoptr(Ca) ca = ca_new(AUTHORITY, key, VALID_FROM, VALID_UNTIL, &random);
    return pki->root = octets_of(ca_root(ca));
}

static Cert *load_cert(GBytes *der)
{
    gsize len = 0;
    const void *octets = g_bytes_get_data(der, &len);
    Cert *cert = cert_from_der(octets, len);
    g_assert(cert != NULL); /* our own octets */
    return cert;
}

/* The authority, or one of the requester's own with the same name and key as his certificate. */
static Ca *issuer_of(Pki *pki, const PkiRequest *request, const CryptoRandom *random)
{
    if (request->kind == PKI_SELF_SIGNED)
        return ca_new(request->subject, load_key(key_octets(pki, request->owner, false)), VALID_FROM, VALID_UNTIL,
                      random);
    return ca_load(load_key(key_octets(pki, AUTHORITY_NAME, false)), load_cert(root_octets(pki)));
}

/* DEVIATION: SHA-256 where 2003 had SHA-1: the sizes are the same, and TLS 1.2 refuses SHA-1. */
static GBytes *issue(Pki *pki, const PkiRequest *request)
{
    Draw draw;
    bool self = request->kind == PKI_SELF_SIGNED;
    CryptoRandom random = draw_from(&draw, pki->sim, request->owner, self ? "self-signature" : "certificate");
    g_autoptr(CertKey) key = load_key(key_octets(pki, request->owner, request->kind == PKI_EC));
    g_autoptr(Ca) ca = issuer_of(pki, request, &random);
    CaRequest wanted = { .subject = request->subject,
                         .names = request->names,
                         .n_names = request->n_names,
                         .key = key,
                         .purposes = request->purposes,
                         .valid_from = VALID_FROM,
                         .valid_until = VALID_UNTIL };
    g_autoptr(Cert) cert = ca_issue(ca, &wanted, &random);
    g_assert(cert != NULL); /* our own names */
    return octets_of(cert);
}

static char *facts_of(const PkiRequest *request)
{
    GString *facts = g_string_new(NULL);
    g_string_append_printf(facts, "%d %u %s %s", request->kind, request->purposes, request->owner, request->subject);
    for (size_t i = 0; i < request->n_names; i++)
        g_string_append_printf(facts, " %d %s", request->names[i].kind, request->names[i].name);
    return g_string_free(facts, FALSE);
}

static GBytes *cert_octets(Pki *pki, const PkiRequest *request)
{
    g_autofree char *facts = facts_of(request);
    GBytes *der = g_hash_table_lookup(pki->certs, facts);
    if (der)
        return der;
    der = issue(pki, request);
    g_hash_table_insert(pki->certs, g_steal_pointer(&facts), der);
    return der;
}

GBytes *pki_key(Pki *pki, const char *owner, bool ec)
{
    g_mutex_lock(&pki->lock);
    GBytes *der = key_octets(pki, owner, ec);
    g_mutex_unlock(&pki->lock);
    return der;
}

GBytes *pki_certificate(Pki *pki, const PkiRequest *request)
{
    g_mutex_lock(&pki->lock);
    GBytes *der = cert_octets(pki, request);
    g_mutex_unlock(&pki->lock);
    return der;
}

GBytes *pki_root(Pki *pki)
{
    g_mutex_lock(&pki->lock);
    GBytes *root = root_octets(pki);
    g_mutex_unlock(&pki->lock);
    return root;
}

/* ---- of a run ---- */

struct PkiDesk {
    Pki *pki;
    Cert *root;
    CertTrust *trust;
    GHashTable *keys; /* "rsa OWNER" or "ec OWNER" -> CertKey; looked up, never walked */
    GPtrArray *certs; /* Cert*, to be freed */
};

PkiDesk *pki_desk_new(Pki *pki)
{
    PkiDesk *desk = g_new0(PkiDesk, 1);
    desk->pki = pki_ref(pki);
    desk->root = load_cert(pki_root(pki));
    desk->trust = cert_trust_new();
    cert_trust_add(desk->trust, desk->root);
    desk->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)cert_key_free);
    desk->certs = g_ptr_array_new_with_free_func((GDestroyNotify)cert_free);
    return desk;
}

void pki_desk_free(PkiDesk *desk)
{
    if (!desk)
        return;
    g_ptr_array_unref(desk->certs);
    g_hash_table_destroy(desk->keys);
    cert_trust_free(desk->trust);
    cert_free(desk->root);
    pki_unref(desk->pki);
    g_free(desk);
}

const CertTrust *pki_desk_trust(const PkiDesk *desk)
{
    return desk->trust;
}

const Cert *pki_desk_root(const PkiDesk *desk)
{
    return desk->root;
}

static const CertKey *key_of(PkiDesk *desk, const char *owner, bool ec)
{
    g_autofree char *name = g_strconcat(ec ? "ec " : "rsa ", owner, NULL);
    CertKey *key = g_hash_table_lookup(desk->keys, name);
    if (!key) {
        key = load_key(pki_key(desk->pki, owner, ec));
        g_hash_table_insert(desk->keys, g_steal_pointer(&name), key);
    }
    return key;
}

Credentials pki_certify(PkiDesk *desk, const PkiRequest *request)
{
    Cert *cert = load_cert(pki_certificate(desk->pki, request));
    g_ptr_array_add(desk->certs, cert);
    return (Credentials){ .cert = cert,
                          .key = key_of(desk, request->owner, request->kind == PKI_EC),
                          .trust = desk->trust };
}
