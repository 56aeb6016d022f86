/*
 * tests/fuzz/fuzz_smime.c - two requests, one behind a NUL, as the outer and the inner one of a tunnel; the first also
 * as what an end without keys opens.
 */
#include "nodes/smime.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static SmimeResult open_without_keys(const SipMsg *msg, SmimeMode mode)
{
    g_autoptr(Sim) sim = sim_new(&(SimConfig){ .seed = 1 });
    SmimeEnd end = { .sim = sim, .node = "n", .policy = { .mode = mode, .sign = true, .checks_freshness = true } };
    SmimePeer peer = { .name = { CERT_NAME_URI, "sip:alice@home.example" } };
    g_auto(SmimeOpened) opened = { 0 };
    Cert *cert = NULL;
    const char *why;
    g_assert(smime_take_certificate(&end, msg, &peer, &cert, &why) != SMIME_OK && cert == NULL);
    return smime_open(&end, msg, &peer, &opened);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static SipMsg outer, inner;
    const uint8_t *nul = size > 0 ? memchr(data, 0, size) : NULL;
    size_t first = nul != NULL ? (size_t)(nul - data) : size;

    if (sip_parse(&outer, (const char *)data, first) != SIP_OK)
        return 0;
    (void)open_without_keys(&outer, SMIME_BODY);
    if (outer.body.len > 0)
        g_assert(open_without_keys(&outer, SMIME_TUNNEL) != SMIME_OK);
    if (nul != NULL && sip_split(&inner, (const char *)nul + 1, size - first - 1) == SIP_OK && inner.is_request)
        g_assert(smime_difference(&outer, &inner, true) != NULL || smime_difference(&outer, &inner, false) == NULL);
    return 0;
}
