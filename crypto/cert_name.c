/*
 * crypto/cert_name.c - whether a certificate speaks for a name.
 *
 * Source:  RFC 5922 §7.1, §7.2; RFC 3261 §19.1.4; RFC 2818 §3.1.
 * Knows:   see cert.h.
 */
#include "crypto/cert.h"

#include <string.h>

/* "sip:user@host" or "host" as it is compared. */
typedef struct {
    const char *user; /* "" if there is none */
    size_t user_len;
    const char *host;
} Identity;

/* False: neither a DNS name nor a sip or sips URI. */
static bool identity_of(CertName name, Identity *identity)
{
    *identity = (Identity){ "", 0, name.name };
    if (name.kind == CERT_NAME_DNS)
        return true;
    if (g_ascii_strncasecmp(name.name, "sip:", 4) == 0)
        identity->host += 4;
    else if (g_ascii_strncasecmp(name.name, "sips:", 5) == 0)
        identity->host += 5;
    else
        return false;
    const char *at = strrchr(identity->host, '@');
    if (!at)
        return true;
    identity->user = identity->host;
    identity->user_len = (size_t)(at - identity->host);
    identity->host = at + 1;
    return true;
}

static bool same(const Identity *a, const Identity *b)
{
    return a->user_len == b->user_len && memcmp(a->user, b->user, a->user_len) == 0 &&
           g_ascii_strcasecmp(a->host, b->host) == 0;
}

bool cert_speaks_for(const Cert *cert, CertName name)
{
    Identity wanted;
    const bool sip = identity_of(name, &wanted);
    for (size_t i = 0; i < cert_n_names(cert); i++) {
        const CertName has = cert_name(cert, i);
        Identity shown;
        if (sip && identity_of(has, &shown) ? same(&wanted, &shown)
                                            : has.kind == name.kind && strcmp(has.name, name.name) == 0)
            return true;
    }
    return false;
}
