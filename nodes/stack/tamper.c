/*
 * nodes/stack/tamper.c - what somebody who runs a node does to the messages it sends.
 *
 * Source:  threats A4 (the visited operator may also act); RFC 3261 §18.1.1 (the transport follows from the length).
 * Knows:   octets about to leave.  A message that was changed is no longer the node's: its origin is the move.
 */
#include "nodes/stack/endpoint_private.h"

#include <string.h>

void sip_endpoint_add_tamper(SipEndpoint *endpoint, SipTamper *tamper)
{
    SipTamper **at = &endpoint->tampers;
    while (*at != NULL)
        at = &(*at)->next;
    tamper->next = NULL;
    *at = tamper;
}

static SipTampering ask(SipEndpoint *endpoint, const SipFlow *to, const char *octets, size_t len, SipTampered *out)
{
    for (SipTamper *tamper = endpoint->tampers; tamper != NULL; tamper = tamper->next) {
        SimContext before = sim_context(endpoint->sim);
        *out = (SipTampered){ 0 };
        SipTampering result = tamper->outgoing(tamper->ctx, endpoint, to, octets, len, out);
        sim_set_context(endpoint->sim, before);
        if (result != SIP_SENT_AS_IT_IS)
            return result;
    }
    return SIP_SENT_AS_IT_IS;
}

/* What is no message any more would be dropped by whoever gets it; here already. */
static bool is_message(const SipTampered *changed, bool request)
{
    g_autofree SipMsg *msg = g_new(SipMsg, 1);
    bool is = sip_split(msg, changed->octets, changed->len) == SIP_OK && msg->is_request == request;
    return is && changed->len <= SIP_MAX_OCTETS;
}

/* Our Via, by its branch; NULL: it was taken out, and no answer will find us. */
static char *own_via(const SipClientTx *tx)
{
    char *at = memmem(tx->octets, tx->len, tx->branch, BRANCH_LEN);
    while (at != NULL && at > tx->octets && strncmp(at, "SIP/2.0/", strlen("SIP/2.0/")) != 0)
        at--;
    return at != NULL && at > tx->octets ? at : NULL;
}

void tamper_request(SipClientTx *tx, TraceId *origin)
{
    SipEndpoint *endpoint = tx->endpoint;
    SipTampered changed;

    if (endpoint->tampers == NULL)
        return;
    switch (ask(endpoint, &tx->flow, tx->octets, tx->len, &changed)) {
    case SIP_SENT_AS_IT_IS: return;
    case SIP_WITHHELD: tx->withheld = true; return;
    case SIP_SENT_CHANGED: tx->withheld = !is_message(&changed, true); break;
    }
    if (tx->withheld)
        return;
    char *octets = blocks_take(&endpoint->blocks, changed.len);
    memcpy(octets, changed.octets, changed.len);
    blocks_give(&endpoint->blocks, tx->octets);
    tx->octets = octets;
    tx->len = (uint32_t)changed.len;
    *origin = changed.move;
    char *via = own_via(tx);
    if (via == NULL)
        tx->size_made_tcp = false; /* it cannot be sent again over UDP with another Via */
    else if (tx->flow.transport == SIP_UDP)
        client_choose_transport(tx, tx->len, via);
}

bool tamper_response(SipServerTx *tx, char **block, uint32_t *len, TraceId *origin)
{
    SipEndpoint *endpoint = tx->endpoint;
    SipTampered changed;

    if (endpoint->tampers == NULL)
        return true;
    SipTampering result = ask(endpoint, &tx->back, *block, *len, &changed);
    if (result == SIP_SENT_AS_IT_IS)
        return true;
    if (result == SIP_WITHHELD || !is_message(&changed, false)) {
        blocks_give(&endpoint->blocks, *block);
        return false;
    }
    char *other = server_response_block(tx, changed.len);
    memcpy(other, changed.octets, changed.len);
    blocks_give(&endpoint->blocks, *block);
    *block = other;
    *len = (uint32_t)changed.len;
    *origin = changed.move;
    return true;
}
