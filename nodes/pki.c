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
    GHashTable *rsa; /* owner -> GBytes; looked up, never walked */
    GBytes *root;
};

Pki *pki_new(uint64_t seed)
{
    Pki *pki = g_new0(Pki, 1);
    pki->references = 1;
    pki->seed = seed;
    pki->sim = sim_new(&(SimConfig){ .seed = seed });
    pki->rsa = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
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
    g_hash_table_destroy(pki->rsa);
    g_clear_pointer(&pki->root, g_bytes_unref);
    g_mutex_clear(&pki->lock);
    sim_free(pki->sim);
    g_free(pki);
}

uint64_t pki_seed(const Pki *pki)
{
    return pki->seed;
}

static GBytes *find_rsa(Pki *pki, const char *owner)
{
    GBytes *der = g_hash_table_lookup(pki->rsa, owner);
    if (der)
        return der;
    Draw draw;
    CryptoRandom random = draw_from(&draw, pki->sim, owner, "rsa-key");
    g_autoptr(CertKey) key = cert_key_generate(CERT_KEY_RSA_2048, &random);
    der = cert_key_to_der(key);
    g_hash_table_insert(pki->rsa, g_strdup(owner), der);
    return der;
}

GBytes *pki_rsa(Pki *pki, const char *owner)
{
    g_mutex_lock(&pki->lock);
    GBytes *der = find_rsa(pki, owner);
    g_mutex_unlock(&pki->lock);
    return der;
}

static GBytes *make_root(Pki *pki)
{
    Draw draw;
    CryptoRandom random = draw_from(&draw, pki->sim, AUTHORITY_NAME, "root");
    g_autoptr(Ca) ca = ca_new(AUTHORITY, load_key(find_rsa(pki, AUTHORITY_NAME)), VALID_FROM, VALID_UNTIL, &random);
    size_t len = 0;
    const uint8_t *octets = cert_der(ca_root(ca), &len);
    return g_bytes_new(octets, len);
}

GBytes *pki_root(Pki *pki)
{
    g_mutex_lock(&pki->lock);
    if (!pki->root)
        pki->root = make_root(pki);
    GBytes *root = pki->root;
    g_mutex_unlock(&pki->lock);
    return root;
}

/* ---- of a run ---- */

struct PkiDesk {
    Pki *pki;
    const Sim *sim;
    Ca *ca;
    CertTrust *trust;
    GHashTable *keys; /* "rsa OWNER" or "ec OWNER" -> CertKey; looked up, never walked */
    GPtrArray *certs; /* Cert*, to be freed */
};

PkiDesk *pki_desk_new(Pki *pki, const Sim *sim)
{
    PkiDesk *desk = g_new0(PkiDesk, 1);
    gsize len = 0;
    const void *root = g_bytes_get_data(pki_root(pki), &len);
    desk->pki = pki_ref(pki);
    desk->sim = sim;
    desk->ca = ca_load(load_key(pki_rsa(pki, AUTHORITY_NAME)), cert_from_der(root, len));
    g_assert(desk->ca != NULL);
    desk->trust = cert_trust_new();
    cert_trust_add(desk->trust, ca_root(desk->ca));
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
    ca_free(desk->ca);
    pki_unref(desk->pki);
    g_free(desk);
}

const CertTrust *pki_desk_trust(const PkiDesk *desk)
{
    return desk->trust;
}

const Cert *pki_desk_root(const PkiDesk *desk)
{
    return ca_root(desk->ca);
}

static CertKey *make_key(const PkiDesk *desk, const char *owner, bool ec)
{
    if (!ec)
        return load_key(pki_rsa(desk->pki, owner));
    Draw draw;
    CryptoRandom random = draw_from(&draw, desk->sim, owner, "ec-key");
    return cert_key_generate(CERT_KEY_EC_P256, &random);
}

static const CertKey *key_of(PkiDesk *desk, const char *owner, bool ec)
{
    g_autofree char *name = g_strconcat(ec ? "ec " : "rsa ", owner, NULL);
    CertKey *key = g_hash_table_lookup(desk->keys, name);
    if (!key) {
        key = make_key(desk, owner, ec);
        g_hash_table_insert(desk->keys, g_steal_pointer(&name), key);
    }
    return key;
}

/* An authority of his own, of the same name and with the same key. */
static Cert *sign_own(PkiDesk *desk, const PkiRequest *request, const CaRequest *wanted, const CryptoRandom *random)
{
    g_autoptr(Ca) own = ca_new(request->subject, load_key(pki_rsa(desk->pki, request->owner)), wanted->valid_from,
                               wanted->valid_until, random);
    return ca_issue(own, wanted, random);
}

Credentials pki_certify(PkiDesk *desk, const PkiRequest *request)
{
    Draw draw;
    CryptoRandom random = draw_from(&draw, desk->sim, request->owner,
                                    request->kind == PKI_SELF_SIGNED ? "self-signature" : "certificate");
    const CertKey *key = key_of(desk, request->owner, request->kind == PKI_EC);
    CaRequest wanted = { .subject = request->subject,
                         .names = request->names,
                         .n_names = request->n_names,
                         .key = key,
                         .purposes = request->purposes,
                         .valid_from = VALID_FROM,
                         .valid_until = VALID_UNTIL,
                         .sha1 = false }; /* DEVIATION: 2003 had SHA-1; sizes are the same, and TLS 1.2 refuses it */
    Cert *cert = request->kind == PKI_SELF_SIGNED ? sign_own(desk, request, &wanted, &random)
                                                  : ca_issue(desk->ca, &wanted, &random);
    g_assert(cert != NULL); /* our own names */
    g_ptr_array_add(desk->certs, cert);
    return (Credentials){ .cert = cert, .key = key, .trust = desk->trust };
}
