/*
 * nodes/stack/proxy.c - a stateful proxy's step: one request forwarded to one place, its responses brought back.
 *
 * Source:  RFC 3261 §16.3 (Max-Forwards), §16.6 (forwarding), §16.7 (responses), §16.8-§16.9 (time-out, transport
 * error). Knows:   as endpoint.h.  Every octet that no edit names passes as it came.
 */
#include "nodes/stack/endpoint_private.h"

#include <string.h>

enum {
    MAX_FORWARDS = 70, /* RFC 3261 §16.6 step 3 */
};

/* RFC 3261 §18.3, §20.14: a stream has no other mark of where a message ends.  Datagrams may come without. */
static void frame_for_stream(const SipMsg *msg, SipEdit *edit, Sim *sim)
{
    if (!msg->has_content_length && !edit->has_body)
        sip_edit_append(edit, TEXT("Content-Length"), text_from(sim_text(sim, "%u", msg->body.len)));
}

/* ---- back ---- */

static void relay_response(SipClientTx *tx, SipServerTx *server, const SipMsg *response)
{
    Sim *sim = server->endpoint->sim;
    SipEdit *edit = sim_alloc(sim, sizeof *edit);
    SipFlow back = server->back;

    sip_edit_init(edit, response);
    sip_edit_pop(edit, SIP_H_VIA);
    if (tx->relay != NULL) {
        tx->relay(tx->ctx, server, response, edit, &back);
        if (server->state == TX_COMPLETED || server->state == TX_GONE)
            return; /* it was answered, or dropped, in another way */
        if (memcmp(&back, &server->back, sizeof back) != 0)
            sip_server_set_flow(server, &back);
    }
    if (server->back.transport != SIP_UDP)
        frame_for_stream(response, edit, sim);
    size_t size = sip_edit_size(edit);
    if (size == 0) {
        trace_drop(sim, server->endpoint->config.name, "sip-edit", "status %u could not be changed", response->status);
        sip_respond_status(server, 500, NULL, NULL);
        return;
    }
    char *block = server_response_block(server, size);
    size_t len = sip_edit_write(edit, block, size);
    g_assert(len == size);
    server_answer(server, block, (uint32_t)len, sim_context(sim).origin);
}

/* RFC 3261 §16.8: a branch without an answer counts as 408; §16.9: a transport error as a 503, which does not travel.
 */
static void relay_failure(SipClientTx *tx, SipServerTx *server, bool timed_out)
{
    SipFlow back = server->back;

    if (tx->relay != NULL) {
        tx->relay(tx->ctx, server, NULL, NULL, &back);
        if (server->state == TX_COMPLETED || server->state == TX_GONE)
            return;
        if (memcmp(&back, &server->back, sizeof back) != 0)
            sip_server_set_flow(server, &back);
    }
    sip_respond_status(server, timed_out ? 408 : 500, NULL, NULL);
}

static void branch_done(void *ctx, SipClientTx *tx, const SipMsg *response, const char *why)
{
    SipServerTx *server = tx->server;

    if (server == NULL) /* answered meanwhile */
        return;
    if (response != NULL && response->status == 100) /* RFC 3261 §16.7 step 5: hop by hop */
        return;
    server->branch = tx;
    if (response != NULL)
        relay_response(tx, server, response);
    else
        relay_failure(tx, server, text_is(text_from(why), "timer F"));
}

/* ---- forward ---- */

/* False: there is no hop left, and the answer is given. */
static bool count_hop(SipServerTx *tx, SipEdit *edit)
{
    uint32_t hops = MAX_FORWARDS + 1;

    if (sip_has(tx->msg, SIP_H_MAX_FORWARDS) && (!sip_number(tx->msg, SIP_H_MAX_FORWARDS, &hops) || hops == 0)) {
        sip_respond_status(tx, 483, NULL, NULL);
        return false;
    }
    sip_edit_set_uint(edit, SIP_H_MAX_FORWARDS, hops - 1);
    return true;
}

static SipEdit *no_edits(SipServerTx *tx)
{
    SipEdit *edit = sim_alloc(tx->endpoint->sim, sizeof *edit);
    sip_edit_init(edit, tx->msg);
    return edit;
}

void sip_forward(SipServerTx *tx, SipEdit *edits, const SipFlow *to, SipRelay on_response, void *ctx)
{
    SipEndpoint *endpoint = tx->endpoint;

    if (tx->answered || tx->state == TX_GONE)
        return;
    g_assert(tx->branch == NULL);
    SipEdit *edit = edits != NULL ? edits : no_edits(tx);
    if (!count_hop(tx, edit))
        return;
    sip_endpoint_seed(endpoint, tx->link.hash);
    SipClientTx *branch = client_new(endpoint, to);
    Text via = client_via(branch);
    sip_edit_push(edit, SIP_H_VIA, via);
    size_t size = sip_edit_size(edit);
    if (size == 0) {
        client_discard(branch);
        trace_drop(endpoint->sim, endpoint->config.name, "sip-edit", "the request could not be changed");
        sip_respond_status(tx, 500, NULL, NULL);
        return;
    }
    client_choose_transport(branch, size, (char *)(uintptr_t)via.p); /* the edit has a view of it */
    if (branch->flow.transport != SIP_UDP) {
        frame_for_stream(tx->msg, edit, endpoint->sim);
        size = sip_edit_size(edit);
    }
    branch->octets = blocks_take(&endpoint->blocks, size);
    branch->len = (uint32_t)sip_edit_write(edit, branch->octets, size);
    g_assert(branch->len == size);
    branch->server = tx;
    branch->relay = on_response;
    branch->done = branch_done;
    branch->ctx = ctx;
    tx->branch = branch;
    client_start(branch, tx->received.origin);
}
