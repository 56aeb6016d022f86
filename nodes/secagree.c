/*
 * nodes/secagree.c - sec-agree lists: writing, reading, choosing.
 */
#include "nodes/secagree.h"

const char *secagree_alg_name(EspAlg alg)
{
    switch (alg) {
    case ESP_HMAC_MD5_96: return "hmac-md5-96";
    case ESP_HMAC_SHA1_96: return "hmac-sha-1-96";
    }
    return "";
}

const char *secagree_ealg_name(EspEalg ealg)
{
    switch (ealg) {
    case ESP_NULL: return "null";
    case ESP_DES_EDE3_CBC: return "des-ede3-cbc";
    case ESP_AES_CBC: return "aes-cbc";
    }
    return "";
}

static void write_entry(SipWriter *w, SecAlgs algs, unsigned tenths, const SecEnd *end)
{
    sip_write_z(w, "ipsec-3gpp");
    if (tenths > 0) {
        sip_write_z(w, ";q=0.");
        sip_write_uint(w, tenths);
    }
    sip_write_z(w, ";alg=");
    sip_write_z(w, secagree_alg_name(algs.alg));
    if (algs.ealg != ESP_NULL) { /* RFC 3329 Appendix A: no ealg means no encryption */
        sip_write_z(w, ";ealg=");
        sip_write_z(w, secagree_ealg_name(algs.ealg));
    }
    sip_write_z(w, ";spi-c=");
    sip_write_uint(w, end->spi_c);
    sip_write_z(w, ";spi-s=");
    sip_write_uint(w, end->spi_s);
    sip_write_z(w, ";port-c=");
    sip_write_uint(w, end->port_c);
    sip_write_z(w, ";port-s=");
    sip_write_uint(w, end->port_s);
}

void secagree_write(SipWriter *w, const SecAlgs algs[], unsigned n, const SecEnd *end)
{
    for (unsigned i = 0; i < n; i++) {
        if (i > 0)
            sip_write_z(w, ", ");
        write_entry(w, algs[i], 0, end);
    }
}

#define TLS_TENTHS 9 /* q=0.9; what follows has less, each another value (RFC 3329 §2.2) */
G_STATIC_ASSERT(SEC_ALGS_MAX < TLS_TENTHS);

void secagree_write_with_tls(SipWriter *w, bool ranked, const SecAlgs algs[], unsigned n, const SecEnd *end)
{
    sip_write_z(w, "tls");
    if (ranked) {
        sip_write_z(w, ";q=0.");
        sip_write_uint(w, TLS_TENTHS);
    }
    for (unsigned i = 0; i < n; i++) {
        sip_write_z(w, ", ");
        write_entry(w, algs[i], ranked ? TLS_TENTHS - 1 - i : 0, end);
    }
}

static bool alg_of(Text text, EspAlg *out)
{
    for (EspAlg a = ESP_HMAC_MD5_96; a <= ESP_HMAC_SHA1_96; a++) {
        if (text_is_nocase(text, secagree_alg_name(a))) {
            *out = a;
            return true;
        }
    }
    return false;
}

static bool ealg_of(Text text, EspEalg *out)
{
    *out = ESP_NULL;
    if (!text_present(text))
        return true;
    for (EspEalg e = ESP_NULL; e <= ESP_AES_CBC; e++) {
        if (text_is_nocase(text, secagree_ealg_name(e))) {
            *out = e;
            return true;
        }
    }
    return false;
}

/* TS 33.203 §7.1: protected ports are not those of unprotected SIP; RFC 4303 §2.1: SPIs up to 255 are reserved. */
static bool end_is_usable(const SecEnd *end)
{
    const uint16_t ports[] = { end->port_c, end->port_s };
    for (unsigned i = 0; i < G_N_ELEMENTS(ports); i++)
        if (ports[i] == 5060 || ports[i] == 5061)
            return false;
    return end->port_c != end->port_s && end->spi_c > 255 && end->spi_s > 255 && end->spi_c != end->spi_s;
}

bool secagree_entry(const SipSecMechanism *entry, SecAlgs *algs, SecEnd *end)
{
    const unsigned needed = SIP_SEC_SPI_C | SIP_SEC_SPI_S | SIP_SEC_PORT_C | SIP_SEC_PORT_S;

    if (!text_is_nocase(entry->name, "ipsec-3gpp") || (entry->present & needed) != needed)
        return false;
    if (text_present(entry->prot) && !text_is_nocase(entry->prot, "esp")) /* Annex H: IMS allows ESP only */
        return false;
    if (text_present(entry->mod) && !text_is_nocase(entry->mod, "trans"))
        return false;
    if (!alg_of(entry->alg, &algs->alg) || !ealg_of(entry->ealg, &algs->ealg))
        return false;
    *end = (SecEnd){ entry->spi_c, entry->spi_s, entry->port_c, entry->port_s };
    return end_is_usable(end);
}

static bool find(const SipSecList *list, SecAlgs algs, SecEnd *end)
{
    for (unsigned i = 0; i < list->n; i++) {
        SecAlgs a;
        if (secagree_entry(&list->items[i], &a, end) && a.alg == algs.alg && a.ealg == algs.ealg)
            return true;
    }
    return false;
}

bool secagree_offers(const SipSecList *list, SecAlgs algs)
{
    SecEnd end;
    return find(list, algs, &end);
}

bool secagree_offers_encryption(const SipSecList *list)
{
    for (unsigned i = 0; i < list->n; i++) {
        SecAlgs a;
        SecEnd end;
        if (secagree_entry(&list->items[i], &a, &end) && a.ealg != ESP_NULL)
            return true;
    }
    return false;
}

bool secagree_choose_own(const SecAlgs own[], unsigned n, const SipSecList *offered, SecAlgs *chosen, SecEnd *end)
{
    for (unsigned i = 0; i < n; i++) {
        if (find(offered, own[i], end)) {
            *chosen = own[i];
            return true;
        }
    }
    return false;
}

static bool supports(const SipSecMechanism *entry, const SecAlgs own[], unsigned n, SecAlgs *algs, SecEnd *end)
{
    if (!secagree_entry(entry, algs, end))
        return false;
    for (unsigned i = 0; i < n; i++)
        if (own[i].alg == algs->alg && own[i].ealg == algs->ealg)
            return true;
    return false;
}

bool secagree_choose_received(const SipSecList *received, const SecAlgs own[], unsigned n, SecAlgs *chosen, SecEnd *end)
{
    for (unsigned i = 0; i < received->n; i++)
        if (supports(&received->items[i], own, n, chosen, end))
            return true;
    return false;
}

static bool is_tls(const SipSecMechanism *entry)
{
    return text_is_nocase(entry->name, "tls");
}

bool secagree_offers_tls(const SipSecList *list)
{
    for (unsigned i = 0; i < list->n; i++)
        if (is_tls(&list->items[i]))
            return true;
    return false;
}

bool secagree_prefers_tls(const SipSecList *received, const SecAlgs own[], unsigned n)
{
    const SipSecMechanism *best = NULL;
    SecAlgs algs;
    SecEnd end;
    for (unsigned i = 0; i < received->n; i++) {
        const SipSecMechanism *entry = &received->items[i];
        if ((is_tls(entry) || supports(entry, own, n, &algs, &end)) && (best == NULL || entry->q > best->q))
            best = entry;
    }
    return best != NULL && is_tls(best);
}
