/*
 * nodes/attacker/decode_tls.c - what lies open in one direction of a TLS connection, for somebody without its keys.
 *
 * Source:  RFC 2246, 4346 and 5246 §6.2.1 (records), §7.4 (a handshake in the clear, certificates of both ends: K41);
 *          RFC 8446 §4.1.2, §4.2.11 (in TLS 1.3 the hellos alone); RFC 4279 §2 (identities of pre-shared keys: K42);
 *          RFC 2246 §A.5 (suites without encryption: threats AT-46).
 * Knows:   octets.  RSA key exchange is not broken; what is encrypted is counted.
 */
#include "nodes/attacker/private.h"

#include "crypto/tls_record.h"
#include "nodes/msg/octets.h"

enum { CLIENT_HELLO = 1, SERVER_HELLO = 2, CERTIFICATE = 11, CLIENT_KEY_EXCHANGE = 16 };
enum {
    PRE_SHARED_KEY = 41,     /* extension, RFC 8446 §4.2.11 */
    HELLO_FIXED_LEN = 34,    /* version, random */
    HANDSHAKE_HEAD_LEN = 4,  /* type, length */
    HANDSHAKE_MAX = 1 << 16, /* octets of messages that are not whole yet */
    SHA_MAC_LEN = 20,
};

/* --- cursors --- */

/* The vector that comes next, its length in @size octets. */
static bool take_vector(OctetReader *reader, size_t size, OctetReader *out)
{
    const uint8_t *from;
    uint64_t len;
    if (!octet_number(reader, size, &len) || !octet_take(reader, (size_t)len, &from))
        return false;
    *out = octet_reader(from, (size_t)len);
    return true;
}

static bool skip_vector(OctetReader *reader, size_t size)
{
    OctetReader ignored;
    return take_vector(reader, size, &ignored);
}

/* --- the handshake --- */

/* Every name that the certificate speaks for. */
static char *names_of(const Cert *cert)
{
    GString *text = g_string_new("certificate of");
    for (size_t i = 0; i < cert_n_names(cert); i++)
        g_string_append_printf(text, "%s %s", i > 0 ? "," : "", cert_name(cert, i).name);
    if (cert_n_names(cert) == 0)
        g_string_append_printf(text, " %s", cert_subject(cert));
    g_autofree char *all = g_string_free(text, FALSE);
    return g_utf8_make_valid(all, -1);
}

/* Read once, however often it is shown; NULL: no certificate. */
static const Cert *cert_of(Knowledge *knowledge, const OctetReader *der)
{
    size_t len;
    for (guint i = 0; i < knowledge->certs->len; i++) {
        const uint8_t *known = cert_der(knowledge->certs->pdata[i], &len);
        if (len == der->left && memcmp(known, der->p, len) == 0)
            return knowledge->certs->pdata[i];
    }
    Cert *cert = cert_from_der(der->p, der->left);
    if (cert != NULL)
        g_ptr_array_add(knowledge->certs, cert);
    return cert;
}

/* The first of the list is its sender's own; an empty list: he shows none (RFC 5246 §7.4.6). */
static void read_certificate(const Crossing *at, OctetReader body)
{
    OctetReader list, der;
    if (!take_vector(&body, 3, &list) || !take_vector(&list, 3, &der))
        return;
    const Cert *cert = cert_of(at->knowledge, &der);
    if (cert == NULL)
        return;
    g_autofree char *names = names_of(cert);
    knowledge_read_text(at, "certificate", names);
}

static void read_identity(const Crossing *at, OctetReader *body)
{
    OctetReader identity;
    if (!take_vector(body, 2, &identity) || identity.left == 0)
        return;
    g_autofree char *valid = g_utf8_make_valid((const char *)identity.p, (gssize)identity.left);
    g_autofree char *text = g_strconcat("PSK identity ", valid, NULL);
    knowledge_read_text(at, "PSK identity", text);
}

/* Version, random, session identifier: what both hellos begin with. */
static bool skip_hello(OctetReader *body)
{
    return octet_skip(body, HELLO_FIXED_LEN) && skip_vector(body, 1);
}

/* TLS 1.3 names its pre-shared keys in an extension. */
static void read_client_hello(const Crossing *at, OctetReader body)
{
    OctetReader extensions, extension, identities;
    uint64_t type;

    if (!skip_hello(&body) || !skip_vector(&body, 2) || !skip_vector(&body, 1) || !take_vector(&body, 2, &extensions))
        return;
    while (octet_number(&extensions, 2, &type) && take_vector(&extensions, 2, &extension))
        if (type == PRE_SHARED_KEY && take_vector(&extension, 2, &identities))
            read_identity(at, &identities);
}

static bool is_psk(uint16_t suite)
{
    switch (suite) {
    case TLS_PSK_NULL_SHA:
    case TLS_PSK_AES_128_CBC_SHA:
    case TLS_PSK_AES_128_GCM_SHA256:
    case TLS_PSK_AES_128_CBC_SHA256: return true;
    default: return false; /* of all the suites there are */
    }
}

static void read_handshake(TlsTap *tap, const Crossing *at, uint16_t suite, uint8_t type, OctetReader body)
{
    uint16_t chosen;
    switch (type) {
    case CLIENT_HELLO: read_client_hello(at, body); return;
    case SERVER_HELLO:
        if (skip_hello(&body) && octet_u16(&body, &chosen))
            tap->suite = chosen;
        return;
    case CERTIFICATE: read_certificate(at, body); return;
    case CLIENT_KEY_EXCHANGE:
        if (is_psk(suite))
            read_identity(at, &body);
        return;
    default: return; /* nothing that names anybody */
    }
}

/* Messages may share a record, and be cut into several. */
static void take_handshake(TlsTap *tap, const Crossing *at, uint16_t suite, const uint8_t *octets, size_t len)
{
    if (tap->handshake->len + len > HANDSHAKE_MAX)
        return;
    g_byte_array_append(tap->handshake, octets, (guint)len);
    for (;;) {
        OctetReader reader = octet_reader(tap->handshake->data, tap->handshake->len), body;
        uint8_t type;
        if (!octet_u8(&reader, &type) || !take_vector(&reader, 3, &body))
            return;
        read_handshake(tap, at, suite, type, body);
        g_byte_array_remove_range(tap->handshake, 0, (guint)(HANDSHAKE_HEAD_LEN + body.left));
    }
}

/* --- records --- */

TlsTap *tls_tap_new(void)
{
    TlsTap *tap = g_new0(TlsTap, 1);
    tap->handshake = g_byte_array_new();
    tap->plain = g_byte_array_new();
    return tap;
}

void tls_tap_free(TlsTap *tap)
{
    g_byte_array_unref(tap->handshake);
    g_byte_array_unref(tap->plain);
    g_free(tap);
}

/* Data under a suite that gives integrity alone is followed by its MAC, and nothing else. */
static void take_data(TlsTap *tap, const Crossing *at, uint16_t suite, const uint8_t *body, size_t len)
{
    TlsProtection protection;
    bool open = tls_suite_protection((TlsSuite)suite, &protection) && protection == TLS_PROTECT_NULL_SHA;
    if (open && len >= SHA_MAC_LEN)
        g_byte_array_append(tap->plain, body, (guint)(len - SHA_MAC_LEN));
    else
        at->knowledge->n_sealed++;
}

void tls_tap_record(TlsTap *tap, const Crossing *at, uint16_t suite, const uint8_t *record, size_t len)
{
    const uint8_t *body = record + TLS_HEADER_LEN;
    switch (record[0]) {
    case TLS_RECORD_HANDSHAKE:
        if (!tap->sealed)
            take_handshake(tap, at, suite, body, len - TLS_HEADER_LEN);
        return;
    case TLS_RECORD_CCS: tap->sealed = true; return;
    case TLS_RECORD_DATA: take_data(tap, at, suite, body, len - TLS_HEADER_LEN); return;
    default: return; /* alerts */
    }
}
