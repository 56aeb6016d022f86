/*
 * nodes/pcscf.c - the P-CSCF: construction, requests from UEs to the core and from the core to UEs.
 *
 * Source:  TS 24.229 §5.2.6, §5.2.7; TS 33.203 §7.1 rule 4 (the user of an SA is the user of its messages); RFC 3325.
 */
#include "nodes/pcscf_internal.h"
#include "nodes/msg/sip_uri.h"
#include "nodes/routing.h"

/* --- lookups --- */

static guint addr_hash(gconstpointer key)
{
    uint64_t words[2];
    memcpy(words, key, sizeof words);
    return (guint)((words[0] ^ words[1] * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}

static gboolean addr_equal(gconstpointer a, gconstpointer b)
{
    return net_addr_equal(a, b);
}

/* --- from a UE --- */

static const char *chosen_identity(const Contact *contact, const SipMsg *msg)
{
    SipNameAddr preferred;
    if (sip_nameaddr(msg, SIP_H_P_PREFERRED_IDENTITY, &preferred)) {
        for (char **impu = contact->impus; *impu != NULL; impu++) {
            if (sip_uri_text_equal(preferred.uri, text_from(*impu)))
                return *impu;
        }
    }
    return contact->impus[0]; /* TS 24.229 §5.2.6.3: the default public user identity */
}

/* Who sends is what the SA, or the connection, proves, whatever the message says: RFC 3325 §5, TS 33.203 §7.1 rule 4.
 */
static void assert_identity(Pcscf *pcscf, const Contact *contact, const SipMsg *msg, SipEdit *edit)
{
    sip_edit_remove_all(edit, SIP_H_P_PREFERRED_IDENTITY);
    sip_edit_remove_all(edit, SIP_H_P_ASSERTED_IDENTITY);
    sip_edit_append(edit, TEXT("P-Asserted-Identity"),
                    text_from(sim_text(pcscf->sim, "<%s>", chosen_identity(contact, msg))));
}

/* TS 24.229 §5.2.6.3.3: the routes of an initial request are the Service-Route of the registration. */
static Text edit_initial(Pcscf *pcscf, const Contact *contact, const SipMsg *msg, SipEdit *edit)
{
    SipValues it;
    Text first;
    SipNameAddr route;

    sip_edit_remove_all(edit, SIP_H_ROUTE);
    if (msg->method == SIP_SUBSCRIBE)
        sip_edit_push(edit, SIP_H_RECORD_ROUTE, text_from(sim_text(pcscf->sim, "<sip:%s;lr>", pcscf->config.domain)));
    if (contact->service_route[0] == '\0')
        return TEXT_NONE;
    sip_edit_append(edit, TEXT("Route"), text_from(contact->service_route));
    sip_values_text(&it, text_from(contact->service_route));
    return sip_values_next(&it, &first) && sip_nameaddr_decode(first, &route) ? route.uri : TEXT_NONE;
}

/* TS 24.229 §5.2.6.3.9: a request within a dialog goes the dialog's way, which leads by the S-CSCF of the registration;
 * a UE does not speak to other nodes of the core. */
static bool leads_home(const Pcscf *pcscf, const Contact *contact, Text next)
{
    SipValues it;
    Text first;
    SipNameAddr route;
    SipFlow home, to;

    sip_values_text(&it, text_from(contact->service_route));
    if (!sip_values_next(&it, &first) || !sip_nameaddr_decode(first, &route))
        return true; /* no S-CSCF in the way */
    return routing_resolve(pcscf->config.directory, route.uri, &home) &&
           routing_resolve(pcscf->config.directory, next, &to) && net_addr_equal(&home.addr, &to.addr);
}

/* What a UE may not see: RFC 3325 §7, RFC 3455 §4.4. */
static void hide_from_ue(const SipMsg *msg, SipEdit *edit)
{
    if (routing_privacy(msg, "id") || routing_privacy(msg, "user") || routing_privacy(msg, "header"))
        sip_edit_remove_all(edit, SIP_H_P_ASSERTED_IDENTITY);
    sip_edit_remove_all(edit, SIP_H_P_ACCESS_NETWORK_INFO);
    sip_edit_remove_all(edit, SIP_H_P_CHARGING_VECTOR);
    sip_edit_remove_all(edit, SIP_H_P_CHARGING_FUNCTION_ADDRESSES);
}

static void on_response_to_ue(void *ctx, SipServerTx *tx, const SipMsg *response, SipEdit *edit, SipFlow *back)
{
    if (response != NULL)
        hide_from_ue(response, edit);
}

static void from_ue(Pcscf *pcscf, Contact *contact, SipServerTx *tx, const SipMsg *msg)
{
    SipEdit edit;
    SipFlow to;
    Text next;

    sip_edit_init(&edit, msg);
    assert_identity(pcscf, contact, msg, &edit);
    if (!text_present(sip_tag(msg, SIP_H_TO))) {
        next = edit_initial(pcscf, contact, msg, &edit);
    } else {
        next = routing_next(pcscf->config.directory, msg, pcscf->host);
        sip_edit_pop(&edit, SIP_H_ROUTE);
        if (!leads_home(pcscf, contact, next)) {
            trace_drop(pcscf->sim, pcscf->config.name, "sip-wrong-route", "not by the S-CSCF");
            sip_respond_status(tx, 403, "Forbidden", NULL);
            return;
        }
    }
    if (!routing_resolve(pcscf->config.directory, text_present(next) ? next : msg->uri, &to)) {
        sip_respond_status(tx, 404, "Not Found", NULL);
        return;
    }
    sip_forward(tx, &edit, &to, on_response_to_ue, pcscf);
}

/* --- to a UE --- */

/* From the UE that was asked and nobody else; what it says of identities is not asserted (RFC 3325 §5). */
static void on_response_of_ue(void *ctx, SipServerTx *tx, const SipMsg *response, SipEdit *edit, SipFlow *back)
{
    Pcscf *pcscf = ctx;
    if (response == NULL)
        return;
    const SipClientTx *branch = sip_server_branch(tx);
    const SipFlow *came = sip_client_response_flow(branch);
    const SipFlow *asked = sip_client_flow(branch);
    Contact *contact = pcscf_contact_of(pcscf, came);
    if (contact == NULL || !net_addr_equal(&came->addr, &asked->addr) ||
        (asked->transport == SIP_TLS && came->connection != asked->connection)) {
        trace_drop(pcscf->sim, pcscf->config.name, "sip-wrong-user", "status %u of somebody else", response->status);
        sip_respond_status(tx, 408, NULL, NULL);
        return;
    }
    pcscf_contact_heard(contact);
    sip_edit_remove_all(edit, SIP_H_P_ASSERTED_IDENTITY);
    sip_edit_remove_all(edit, SIP_H_P_PREFERRED_IDENTITY);
}

/* Over TLS by the connection that the UE opened and no other: it has no certificate to be called by (RFC 5923; K40). */
static SipFlow way_to(const Contact *contact)
{
    if (contact->connection != 0)
        return (SipFlow){
            .addr = contact->ue, .port = contact->port, .transport = SIP_TLS, .connection = contact->connection
        };
    return (SipFlow){
        .addr = contact->ue, .port = contact->ue_end.port_s, .local_port = contact->own_end.port_c, .transport = SIP_UDP
    };
}

static void to_ue(Pcscf *pcscf, SipServerTx *tx, const SipMsg *msg)
{
    SipUri uri;
    NetAddr addr;
    Contact *contact = NULL;

    if (sip_uri(msg->uri, &uri) && uri.host_kind == SIP_HOST_IPV6 && net_addr_parse(uri.host.p, uri.host.len, &addr))
        contact = pcscf_contact_at(pcscf, &addr);
    if (contact == NULL) {
        sip_respond_status(tx, 480, "Temporarily Unavailable", NULL);
        return;
    }
    SipEdit edit;
    Text first;
    sip_edit_init(&edit, msg);
    SipValues it;
    sip_values(&it, msg, SIP_H_ROUTE);
    if (sip_values_next(&it, &first) && routing_is_own(pcscf->config.directory, first, pcscf->host))
        sip_edit_pop(&edit, SIP_H_ROUTE);
    hide_from_ue(msg, &edit);
    SipFlow to = way_to(contact);
    sip_forward(tx, &edit, &to, on_response_of_ue, pcscf);
}

static void on_request(void *node, SipServerTx *tx, const SipMsg *msg, const SipFlow *from)
{
    Pcscf *pcscf = node;

    if (from->sa == 0 && from->connection == 0 && msg->method != SIP_REGISTER) {
        if (directory_has(pcscf->config.directory, &from->addr)) /* a neighbour in the core: inside NDS */
            to_ue(pcscf, tx, msg);
        else /* TS 33.203 §7.1: on unprotected ports only REGISTER */
            sip_server_drop(tx, "sip-unprotected");
        return;
    }
    if (msg->method == SIP_REGISTER) {
        pcscf_register(pcscf, tx, msg, from);
        return;
    }
    Contact *contact = pcscf_contact_of(pcscf, from);
    if (contact == NULL || contact->impus == NULL) {
        sip_server_drop(tx, "sip-not-registered");
        return;
    }
    pcscf_contact_heard(contact);
    from_ue(pcscf, contact, tx, msg);
}

/* --- the endpoint's questions --- */

static uint16_t source_port(void *node, const NetAddr *dst, uint16_t dport, uint16_t *via_port)
{
    Pcscf *pcscf = node;
    Contact *contact = dport != PCSCF_PORT_CLEAR ? pcscf_contact_at(pcscf, dst) : NULL;
    if (contact == NULL || contact->connection != 0 || contact->ue_end.port_s != dport) {
        *via_port = PCSCF_PORT_CLEAR;
        return PCSCF_PORT_CLEAR;
    }
    *via_port = PCSCF_PORT_PS;
    return contact->own_end.port_c;
}

static const char *protection(void *node, const SipFlow *flow, TraceId *sa_record)
{
    Pcscf *pcscf = node;
    SaSetId id = flow->sa != 0 ? flow->sa : sad_outbound(pcscf->sad, &flow->addr, flow->local_port, flow->port);
    if (id == 0 || !sad_has(pcscf->sad, id))
        return NULL;
    *sa_record = sad_record(pcscf->sad, id);
    return sad_protection(pcscf->sad, id);
}

/* Long timers towards the radio, short ones towards the core: TS 24.229 §7.7. */
static const SipTimers *timers_for(void *node, const SipFlow *flow)
{
    Pcscf *pcscf = node;
    return directory_has(pcscf->config.directory, &flow->addr) ? &sip_timers_core : &sip_timers_radio;
}

/* --- construction --- */

Pcscf *pcscf_new(Net *net, const PcscfConfig *config)
{
    Pcscf *pcscf = g_new0(Pcscf, 1);

    pcscf->config = *config;
    pcscf->sim = net_sim(net);
    pcscf->host = net_host_new(net, config->name, &config->addr);
    pcscf->sad = sad_new(pcscf->host, config->name, SAD_PCSCF, &config->policy.sad);
    pcscf->by_sa = g_hash_table_new(NULL, NULL);
    pcscf->by_connection = g_hash_table_new(NULL, NULL);
    pcscf->by_addr = g_hash_table_new(addr_hash, addr_equal);
    pcscf->half_open = g_hash_table_new(g_str_hash, g_str_equal);
    SipEndpointConfig endpoint = {
        .name = config->name,
        .host = pcscf->host,
        .via_host = config->domain,
        .timers = &sip_timers_radio,
        .timers_for = timers_for,
        .tcp_above = 1300,
        .request = on_request,
        .source_port = source_port,
        .protection = protection,
        .node = pcscf,
    };
    pcscf->endpoint = sip_endpoint_new(&endpoint);
    sip_endpoint_listen(pcscf->endpoint, PCSCF_PORT_CLEAR);
    sip_endpoint_listen(pcscf->endpoint, PCSCF_PORT_PS);
    sad_protect_port(pcscf->sad, PCSCF_PORT_PS); /* TS 33.203 §7.1: nothing unprotected, also while nobody is there */
    if (config->tls != NULL)
        pcscf_tls_start(pcscf);
    return pcscf;
}

void pcscf_free(Pcscf *pcscf)
{
    sip_endpoint_free(pcscf->endpoint);
    while (pcscf->contacts != NULL)
        pcscf_contact_free(pcscf->contacts);
    g_hash_table_destroy(pcscf->by_sa);
    g_hash_table_destroy(pcscf->by_connection);
    g_hash_table_destroy(pcscf->by_addr);
    g_hash_table_destroy(pcscf->half_open);
    sad_free(pcscf->sad);
    g_free(pcscf);
}

NetHost *pcscf_host(Pcscf *pcscf)
{
    return pcscf->host;
}

const char *pcscf_name(const Pcscf *pcscf)
{
    return pcscf->config.name;
}

unsigned pcscf_release(const Pcscf *pcscf)
{
    return pcscf->config.policy.release;
}

SipEndpoint *pcscf_endpoint(Pcscf *pcscf)
{
    return pcscf->endpoint;
}
