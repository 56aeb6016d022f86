/*
 * nodes/icscf.c - the I-CSCF: which S-CSCF serves whom; the edge of the home network.
 *
 * Source:  TS 24.229 §5.3; TS 29.228 §6.1.1 (UAR), §6.1.4 (LIR); RFC 3325 §5 (asserted identities from outside the
 * trust domain go).
 */
#include "nodes/cscf.h"
#include "nodes/msg/sip_uri.h"
#include "nodes/routing.h"
#include "nodes/stack/diameter_peer.h"

struct Icscf {
    IcscfConfig config;
    Sim *sim;
    NetHost *host;
    SipEndpoint *endpoint;
    DiameterPeer *peer;
};

typedef struct Job { /* a request that waits for the HSS */
    Icscf *icscf;
    SipServerTx *tx;
} Job;

static bool trusted(const Icscf *icscf, const NetAddr *addr)
{
    for (unsigned i = 0; i < icscf->config.n_trusted; i++)
        if (net_addr_equal(&icscf->config.trusted[i], addr))
            return true;
    return false;
}

/* What only the trust domain may say: RFC 3325 §5; the indication likewise. */
static void strip_foreign_claims(Icscf *icscf, const SipMsg *msg, SipEdit *edit)
{
    const SipHeader *indication = sip_find(msg, INDICATION_HEADER);
    if (!icscf->config.passes_asserted_identity)
        sip_edit_remove_all(edit, SIP_H_P_ASSERTED_IDENTITY);
    if (indication != NULL)
        sip_edit_remove(edit, indication);
}

static void on_located(void *ctx, const CxMessage *answer)
{
    Job *job = ctx;
    Icscf *icscf = job->icscf;
    SipServerTx *tx = job->tx;
    SipFlow to;
    SipEdit edit;

    g_free(job);
    if (answer == NULL) {
        sip_respond_status(tx, 480, "Temporarily Unavailable", NULL);
        return;
    }
    if (!cx_succeeded(answer) || !text_present(answer->server_name)) {
        unsigned status =
            answer->experimental == CX_USER_UNKNOWN && sip_server_request(tx)->method != SIP_REGISTER ? 404 : 403;
        sip_respond_status(tx, status, status == 404 ? "Not Found" : "Forbidden", NULL);
        return;
    }
    if (!routing_resolve(icscf->config.directory, answer->server_name, &to)) {
        sip_respond_status(tx, 504, "Server Time-out", NULL);
        return;
    }
    const SipMsg *msg = sip_server_request(tx);
    sip_edit_init(&edit, msg);
    if (sip_has(msg, SIP_H_ROUTE))
        sip_edit_pop(&edit, SIP_H_ROUTE);
    if (!trusted(icscf, &sip_server_flow(tx)->addr))
        strip_foreign_claims(icscf, msg, &edit);
    sip_forward(tx, &edit, &to, NULL, icscf);
}

static void ask(Icscf *icscf, SipServerTx *tx, CxMessage *request)
{
    NetAddr hss;
    if (!directory_resolve(icscf->config.directory, text_from(icscf->config.hss), &hss)) {
        sip_respond_status(tx, 480, "Temporarily Unavailable", NULL);
        return;
    }
    Job *job = g_new0(Job, 1);
    *job = (Job){ icscf, tx };
    diameter_request(icscf->peer, &hss, icscf->config.hss, request, on_located, job);
}

static CxMessage *new_request(Icscf *icscf, CxCommand command)
{
    CxMessage *request = sim_alloc(icscf->sim, sizeof *request);
    memset(request, 0, sizeof *request);
    request->command = command;
    request->request = true;
    request->destination_realm = text_from(icscf->config.home_domain);
    return request;
}

static void on_register(Icscf *icscf, SipServerTx *tx, const SipMsg *msg)
{
    SipDigest digest;
    SipNameAddr to;

    if (!sip_digest(msg, SIP_H_AUTHORIZATION, &digest) || !sip_nameaddr(msg, SIP_H_TO, &to)) {
        sip_respond_status(tx, 403, "Forbidden", NULL);
        return;
    }
    CxMessage *uar = new_request(icscf, CX_USER_AUTHORIZATION);
    uar->impi = digest.username;
    uar->impu = to.uri;
    const SipHeader *visited = sip_first(msg, SIP_H_P_VISITED_NETWORK_ID);
    uar->visited_network = visited != NULL ? sip_unquote(visited->value) : text_from(icscf->config.home_domain);
    uar->has_authorization_type = true;
    SipNameAddr contact;
    bool leaving = sip_nameaddr(msg, SIP_H_CONTACT, &contact) && sip_expires(msg, &contact, 1) == 0;
    uar->authorization_type = leaving ? CX_DE_REGISTRATION : CX_REGISTRATION;
    ask(icscf, tx, uar);
}

static void on_request(void *node, SipServerTx *tx, const SipMsg *msg, const SipFlow *from)
{
    Icscf *icscf = node;
    char impu[256];
    SipUri uri;

    if (msg->method == SIP_REGISTER) {
        if (directory_has(icscf->config.directory, &from->addr)) /* the challenge carries IK and CK: inside NDS only */
            on_register(icscf, tx, msg);
        else
            sip_server_drop(tx, "sip-stranger");
        return;
    }
    size_t len = sip_uri(msg->uri, &uri) ? sip_uri_canonical(&uri, impu, sizeof impu) : 0;
    if (len == 0) {
        sip_respond_status(tx, 404, "Not Found", NULL);
        return;
    }
    if (!trusted(icscf, &from->addr) && !icscf->config.passes_asserted_identity &&
        sip_has(msg, SIP_H_P_ASSERTED_IDENTITY))
        trace_decision(icscf->sim, icscf->config.name, "icscf-strips-identity", "RFC 3325 §5",
                       "takes P-Asserted-Identity away: it comes from outside");
    CxMessage *lir = new_request(icscf, CX_LOCATION_INFO);
    lir->impu = text_from(sim_text(icscf->sim, "%.*s", (int)len, impu));
    ask(icscf, tx, lir);
}

Icscf *icscf_new(Net *net, const IcscfConfig *config)
{
    Icscf *icscf = g_new0(Icscf, 1);

    icscf->config = *config;
    icscf->sim = net_sim(net);
    icscf->host = net_host_new(net, config->name, &config->addr);
    icscf->peer = diameter_peer_new(icscf->host, config->name, config->domain, config->home_domain, NULL, icscf);
    diameter_peer_set_free(icscf->peer, g_free);
    SipEndpointConfig endpoint = {
        .name = config->name,
        .host = icscf->host,
        .via_host = config->domain,
        .timers = &sip_timers_core,
        .tcp_above = CORE_TCP_ABOVE,
        .request = on_request,
        .node = icscf,
    };
    icscf->endpoint = sip_endpoint_new(&endpoint);
    sip_endpoint_listen(icscf->endpoint, SIP_PORT);
    return icscf;
}

void icscf_free(Icscf *icscf)
{
    sip_endpoint_free(icscf->endpoint);
    diameter_peer_free(icscf->peer);
    g_free(icscf);
}

NetHost *icscf_host(Icscf *icscf)
{
    return icscf->host;
}
