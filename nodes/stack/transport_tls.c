/*
 * nodes/stack/transport_tls.c - SIP over TLS: connections that stay, their handshakes, and their sleep.
 *
 * Source:  RFC 3261 §26.2.1, §26.3.1; RFC 5923 (connection reuse: what S3 option 4 needs for NOTIFY, K40).
 * Knows:   octets of whole messages; whom a certificate must name is the node's to say.
 */
#include "nodes/stack/endpoint_private.h"

bool sip_endpoint_use_tls(SipEndpoint *endpoint, const SipTls *tls)
{
    endpoint->tls = *tls;
    return true;
}

void sip_endpoint_close_tls(SipEndpoint *endpoint, uint32_t connection)
{
}

const TlsWork *sip_endpoint_tls_work(const SipEndpoint *endpoint)
{
    return &endpoint->tls_work;
}

void tls_close_all(SipEndpoint *endpoint)
{
}
