/*
 * nodes/attacker/decode_cms.c - what an attacker reads of S/MIME: signed content, who signed, whose keys would open
 * the rest, and the rest when a key is his.
 *
 * Source:  RFC 5652 §5, §6; RFC 8551 §3; threats AT-52, AT-54 (a recipient's issuer and serial are in the clear at
 *          every hop, and join a pseudonym to a certificate).
 * Knows:   bodies, and keys that he owns.
 */
#include "nodes/attacker/private.h"

#include "crypto/hash.h"

#define IDS_MAX 8

/* --- what he owns and has seen --- */

void knowledge_own(Knowledge *knowledge, const Cert *cert, const CertKey *key)
{
    if (cert == NULL || key == NULL || knowledge_owns(knowledge, cert))
        return;
    OwnKey *own = g_new(OwnKey, 1);
    *own = (OwnKey){ cert, key };
    g_ptr_array_add(knowledge->own, own);
}

bool knowledge_owns(const Knowledge *knowledge, const Cert *cert)
{
    for (guint i = 0; i < knowledge->own->len; i++)
        if (cert_id_equal(cert_id(((const OwnKey *)knowledge->own->pdata[i])->cert), cert_id(cert)))
            return true;
    return false;
}

const Cert *knowledge_cert_with(const Knowledge *knowledge, const CertId *id)
{
    for (guint i = 0; i < knowledge->certs->len; i++)
        if (cert_id_equal(cert_id(knowledge->certs->pdata[i]), id))
            return knowledge->certs->pdata[i];
    return NULL;
}

const Cert *knowledge_cert_of(const Knowledge *knowledge, CertName name)
{
    for (guint i = knowledge->certs->len; i > 0; i--) {
        const Cert *cert = knowledge->certs->pdata[i - 1];
        if (!knowledge_owns(knowledge, cert) && cert_speaks_for(cert, name))
            return cert;
    }
    return NULL;
}

const Cert *knowledge_note_cert(Knowledge *knowledge, const Cert *cert)
{
    const Cert *known = knowledge_cert_with(knowledge, cert_id(cert));
    size_t len;
    const uint8_t *der = cert_der(cert, &len);
    Cert *copy = known == NULL ? cert_from_der(der, len) : NULL;
    if (copy == NULL)
        return known;
    g_ptr_array_add(knowledge->certs, copy);
    knowledge->lessons++;
    return copy;
}

static void draw(void *ctx, uint8_t *out, size_t len)
{
    const Knowledge *knowledge = ctx;
    sim_random(knowledge->sim, knowledge->stream, out, len);
}

CryptoRandom knowledge_random(const Knowledge *knowledge)
{
    return (CryptoRandom){ .fill = draw, .ctx = (void *)(uintptr_t)knowledge };
}

GBytes *knowledge_open(const Knowledge *knowledge, const uint8_t *der, size_t len, const Cert **with)
{
    CryptoRandom random = knowledge_random(knowledge);
    GBytes *content;
    for (guint i = 0; i < knowledge->own->len; i++) {
        const OwnKey *own = knowledge->own->pdata[i];
        if (cms_open(der, len, own->cert, own->key, &random, &content) != CMS_OK)
            continue;
        *with = own->cert;
        return content;
    }
    return NULL;
}

/* --- in words that a search for a name finds --- */

static const char *cert_owner(const Cert *cert)
{
    return cert_n_names(cert) > 0 ? cert_name(cert, 0).name : cert_subject(cert);
}

static void append_cert(Plain *plain, const Cert *cert)
{
    g_string_append(plain->out, "certificate of");
    for (size_t i = 0; i < cert_n_names(cert); i++)
        g_string_append_printf(plain->out, " %s", cert_name(cert, i).name);
    g_string_append_c(plain->out, '\n');
}

/* "recipient: presec CA 4f21.. (sip:bob@home.example)": the name only if he has seen that certificate. */
static void append_ids(Plain *plain, const char *what, const CertId *ids, size_t n)
{
    for (size_t i = 0; i < MIN(n, IDS_MAX); i++) {
        char serial[2 * CERT_SERIAL_MAX + 1];
        const Cert *cert = knowledge_cert_with(plain->knowledge, &ids[i]);
        crypto_hex(ids[i].serial, ids[i].serial_len, serial);
        g_string_append_printf(plain->out, "%s: %s %s", what, ids[i].issuer, serial);
        if (cert != NULL)
            g_string_append_printf(plain->out, " (%s)", cert_owner(cert));
        g_string_append_c(plain->out, '\n');
    }
}

/* --- kinds --- */

static void append_bytes(Plain *plain, GBytes *entity, unsigned depth)
{
    gsize len;
    const char *octets = g_bytes_get_data(entity, &len);
    plain_append_entity(plain, text_of(octets, len), depth + 1);
}

static void decode_signed(Plain *plain, const uint8_t *der, size_t len, unsigned depth)
{
    g_autoptr(GPtrArray) certs = cms_certificates(der, len);
    g_autoptr(GBytes) content = cms_signed_content(der, len);
    CertId ids[IDS_MAX];
    for (guint i = 0; certs != NULL && i < certs->len; i++)
        append_cert(plain, knowledge_note_cert(plain->knowledge, certs->pdata[i]));
    append_ids(plain, "signed by", ids, cms_signers(der, len, ids, IDS_MAX));
    if (content != NULL)
        append_bytes(plain, content, depth);
}

static void decode_enveloped(Plain *plain, const uint8_t *der, size_t len, unsigned depth)
{
    CertId ids[IDS_MAX];
    const Cert *with = NULL;
    append_ids(plain, "recipient", ids, cms_recipients(der, len, ids, IDS_MAX));
    g_autoptr(GBytes) content = knowledge_open(plain->knowledge, der, len, &with);
    if (content == NULL) {
        plain->knowledge->n_sealed++;
        return;
    }
    plain->opened = g_string_chunk_insert_const(plain->knowledge->texts, cert_owner(with));
    g_clear_pointer(&plain->knowledge->opened_last, g_bytes_unref);
    plain->knowledge->opened_last = g_bytes_ref(content);
    append_bytes(plain, content, depth);
}

static bool decode_new(Plain *plain, const uint8_t *der, size_t len, unsigned depth)
{
    switch (cms_kind(der, len)) {
    case CMS_KIND_SIGNED: decode_signed(plain, der, len, depth); return true;
    case CMS_KIND_ENVELOPED: decode_enveloped(plain, der, len, depth); return true;
    case CMS_KIND_NONE: break;
    }
    g_autoptr(Cert) cert = cert_from_der(der, len); /* application/pkix-cert */
    if (cert != NULL)
        append_cert(plain, knowledge_note_cert(plain->knowledge, cert));
    return cert != NULL;
}

/* --- once for all taps --- */

/* What was made of these octets before; a body crosses many segments. */
typedef struct Decoded {
    bool is; /* CMS, or a certificate */
    char *text;
    const char *opened;
    unsigned sealed;
    guint certs; /* seen when it was made: with more of them it may say more */
} Decoded;

static void decoded_free(gpointer data)
{
    Decoded *decoded = data;
    g_free(decoded->text);
    g_free(decoded);
}

GHashTable *decoded_new(void)
{
    return g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, decoded_free);
}

static void remember(Plain *plain, GBytes *key, size_t start, uint64_t sealed, bool is)
{
    const Knowledge *knowledge = plain->knowledge;
    Decoded *decoded = g_new(Decoded, 1);
    *decoded = (Decoded){ .is = is,
                          .text = g_strdup(plain->out->str + start),
                          .opened = plain->opened,
                          .sealed = (unsigned)(knowledge->n_sealed - sealed),
                          .certs = knowledge->certs->len };
    g_hash_table_insert(knowledge->decoded, g_bytes_ref(key), decoded);
}

bool decode_cms(Plain *plain, Text body, unsigned depth)
{
    Knowledge *knowledge = plain->knowledge;
    g_autoptr(GBytes) key = g_bytes_new(body.p, body.len);
    const Decoded *known = g_hash_table_lookup(knowledge->decoded, key);
    size_t start = plain->out->len;
    uint64_t sealed = knowledge->n_sealed;

    if (known != NULL && known->certs == knowledge->certs->len) {
        g_string_append(plain->out, known->text);
        plain->opened = known->opened != NULL ? known->opened : plain->opened;
        knowledge->n_sealed += known->sealed;
        return known->is;
    }
    bool is = decode_new(plain, (const uint8_t *)body.p, body.len, depth);
    if (strlen(plain->out->str) == plain->out->len) /* else its text would be cut off */
        remember(plain, key, start, sealed, is);
    return is;
}
