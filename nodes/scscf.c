/*
 * nodes/scscf.c - the S-CSCF: service control and routing of what is not REGISTER.
 *
 * Source:  TS 24.229 §5.4.3; TS 23.218 §5.2 (filter criteria); SA3 discussion paper §2 (S3): the indication for the
 * Presence Server, option 1 in the network.
 */
#include "nodes/scscf_internal.h"
#include "nodes/msg/sip_uri.h"
#include "nodes/routing.h"

Subscriber *scscf_by_impu(Scscf *scscf, Text text)
{
    SipUri uri;
    char key[256];
    size_t len = sip_uri(text, &uri) ? sip_uri_canonical(&uri, key, sizeof key - 1) : 0;
    if (len == 0)
        return NULL;
    key[len] = '\0';
    return g_hash_table_lookup(scscf->by_impu, key);
}

/* --- filter criteria --- */

static Text header_by_name(const void *message, Text name)
{
    char z[CX_PATTERN_MAX];
    if (name.len >= sizeof z)
        return TEXT_NONE;
    memcpy(z, name.p, name.len);
    z[name.len] = '\0';
    const SipHeader *header = sip_find(message, z);
    return header != NULL ? header->value : TEXT_NONE;
}

static const char *application_server(const Subscriber *sub, const SipMsg *msg, CxSessionCase session_case)
{
    CxRequest request = { .method = msg->method_text,
                          .request_uri = msg->uri,
                          .session_case = session_case,
                          .header = header_by_name,
                          .message = msg };
    for (unsigned i = 0; i < sub->n_filters; i++)
        if (cx_filter_matches(&sub->filters[i], &request))
            return sub->filters[i].server;
    return NULL;
}

/* --- routing --- */

static bool is_presence(SipMethod method)
{
    return method == SIP_SUBSCRIBE || method == SIP_PUBLISH;
}

static void forward(Scscf *scscf, SipServerTx *tx, SipEdit *edit, Text target)
{
    SipFlow to;
    if (!routing_resolve(scscf->config.directory, target, &to)) {
        sip_respond_status(tx, 404, "Not Found", NULL);
        return;
    }
    sip_forward(tx, edit, &to, NULL, scscf);
}

static void pop_own_route(Scscf *scscf, const SipMsg *msg, SipEdit *edit)
{
    SipValues it;
    Text first;
    sip_values(&it, msg, SIP_H_ROUTE);
    if (sip_values_next(&it, &first) && routing_is_own(scscf->config.directory, first, scscf->host))
        sip_edit_pop(edit, SIP_H_ROUTE);
}

static void strip_indication(const SipMsg *msg, SipEdit *edit)
{
    const SipHeader *header = sip_find(msg, INDICATION_HEADER);
    if (header != NULL)
        sip_edit_remove(edit, header);
}

static bool refuses(Scscf *scscf, const Subscriber *sub, const SipMsg *msg)
{
    const ScscfPolicy *policy = &scscf->config.policy;
    if (!policy->refuses_unindicated || sub->confidentiality)
        return false;
    if (!is_presence(msg->method) && !(policy->refuses_messages_too && msg->method == SIP_MESSAGE))
        return false;
    trace_decision(scscf->sim, scscf->config.name, "scscf-refuses", "SA3 discussion paper §2, option 1 (S3)",
                   "refuses " TEXT_FMT ": this contact's registration carries no confidentiality indication",
                   TEXT_ARG(msg->method_text));
    return true;
}

/* What the sender's registration said goes with the request to the Presence Server, and nothing else does (S3 §2; I12).
 */
static void stamp_indication(Scscf *scscf, const Subscriber *sub, const SipMsg *msg, SipEdit *edit)
{
    strip_indication(msg, edit);
    if (scscf->config.policy.forwards_indication && is_presence(msg->method))
        sip_edit_append(edit, TEXT(INDICATION_HEADER), sub->confidentiality ? TEXT("yes") : TEXT("no"));
}

static void originating(Scscf *scscf, SipServerTx *tx, const SipMsg *msg)
{
    SipNameAddr asserted;
    Subscriber *sub =
        sip_nameaddr(msg, SIP_H_P_ASSERTED_IDENTITY, &asserted) ? scscf_by_impu(scscf, asserted.uri) : NULL;
    SipEdit edit;

    if (sub == NULL || !sub->registered || refuses(scscf, sub, msg)) {
        sip_respond_status(tx, 403, "Forbidden", NULL);
        return;
    }
    sip_edit_init(&edit, msg);
    pop_own_route(scscf, msg, &edit);
    stamp_indication(scscf, sub, msg, &edit);
    const char *server = application_server(sub, msg, CX_ORIGINATING);
    if (server != NULL) {
        sip_edit_append(&edit, TEXT("Route"), text_from(sim_text(scscf->sim, "<%s;lr>", server)));
        forward(scscf, tx, &edit, text_from(server));
        return;
    }
    if (msg->method == SIP_SUBSCRIBE)
        sip_edit_push(&edit, SIP_H_RECORD_ROUTE, text_from(sim_text(scscf->sim, "<sip:%s;lr>", scscf->config.domain)));
    sip_edit_remove_all(&edit, SIP_H_P_ACCESS_NETWORK_INFO); /* where the user is stays at home: RFC 3455 §4.4 */
    forward(scscf, tx, &edit, text_from(sim_text(scscf->sim, "sip:%s", scscf->config.icscf)));
}

static void to_contact(Scscf *scscf, SipServerTx *tx, const SipMsg *msg, const Subscriber *sub)
{
    SipEdit edit;
    SipValues it;
    Text first;
    SipNameAddr path;

    if (!sub->registered) {
        sip_respond_status(tx, 480, "Temporarily Unavailable", NULL);
        return;
    }
    sip_edit_init(&edit, msg);
    pop_own_route(scscf, msg, &edit);
    strip_indication(msg, &edit);
    sip_edit_set_uri(&edit, text_from(sub->contact));
    sip_edit_set(&edit, SIP_H_P_CALLED_PARTY_ID, text_from(sim_text(scscf->sim, "<" TEXT_FMT ">", TEXT_ARG(msg->uri))));
    sip_edit_remove_all(&edit, SIP_H_P_ACCESS_NETWORK_INFO);
    if (sub->path[0] != '\0')
        sip_edit_append(&edit, TEXT("Route"), text_from(sub->path));
    sip_values_text(&it, text_from(sub->path));
    bool has_path = sip_values_next(&it, &first) && sip_nameaddr_decode(first, &path);
    forward(scscf, tx, &edit, has_path ? path.uri : text_from(sub->contact));
}

static void terminating(Scscf *scscf, SipServerTx *tx, const SipMsg *msg)
{
    Subscriber *sub = scscf_by_impu(scscf, msg->uri);
    if (sub == NULL) {
        sip_respond_status(tx, 480, "Temporarily Unavailable", NULL);
        return;
    }
    const char *server =
        application_server(sub, msg, sub->registered ? CX_TERMINATING_REGISTERED : CX_TERMINATING_UNREGISTERED);
    if (server == NULL) {
        to_contact(scscf, tx, msg, sub);
        return;
    }
    SipEdit edit;
    sip_edit_init(&edit, msg);
    pop_own_route(scscf, msg, &edit);
    sip_edit_append(&edit, TEXT("Route"), text_from(sim_text(scscf->sim, "<%s;lr>", server)));
    forward(scscf, tx, &edit, text_from(server));
}

/* A request within a dialog.  One that a user of ours sent is asserted by his P-CSCF, and what his registration says
 * may have changed since the dialog began (AT-58): the indication is stamped anew. */
static void in_dialog(Scscf *scscf, SipServerTx *tx, const SipMsg *msg)
{
    Text next = routing_next(scscf->config.directory, msg, scscf->host);
    SipNameAddr asserted;
    Subscriber *sub =
        sip_nameaddr(msg, SIP_H_P_ASSERTED_IDENTITY, &asserted) ? scscf_by_impu(scscf, asserted.uri) : NULL;
    SipEdit edit;

    if (sub != NULL && refuses(scscf, sub, msg)) {
        sip_respond_status(tx, 403, "Forbidden", NULL);
        return;
    }
    sip_edit_init(&edit, msg);
    pop_own_route(scscf, msg, &edit);
    if (sub != NULL)
        stamp_indication(scscf, sub, msg, &edit);
    else
        strip_indication(msg, &edit);
    forward(scscf, tx, &edit, text_present(next) ? next : msg->uri);
}

static bool is_originating(Scscf *scscf, const SipMsg *msg)
{
    SipNameAddr route;
    SipUri uri;
    return sip_nameaddr(msg, SIP_H_ROUTE, &route) && sip_uri(route.uri, &uri) && text_is(uri.user, "orig") &&
           routing_is_own(scscf->config.directory, route.value, scscf->host);
}

static void on_request(void *node, SipServerTx *tx, const SipMsg *msg, const SipFlow *from)
{
    Scscf *scscf = node;
    if (!directory_has(scscf->config.directory, &from->addr)) /* not a neighbour inside NDS */
        sip_server_drop(tx, "sip-stranger");
    else if (msg->method == SIP_REGISTER)
        scscf_register(scscf, tx, msg);
    else if (text_present(sip_tag(msg, SIP_H_TO)))
        in_dialog(scscf, tx, msg);
    else if (is_originating(scscf, msg))
        originating(scscf, tx, msg);
    else
        terminating(scscf, tx, msg);
}

/* --- construction --- */

Scscf *scscf_new(Net *net, const ScscfConfig *config)
{
    Scscf *scscf = g_new0(Scscf, 1);

    scscf->config = *config;
    scscf->sim = net_sim(net);
    scscf->host = net_host_new(net, config->name, &config->addr);
    scscf->by_impi = g_hash_table_new(g_str_hash, g_str_equal);
    scscf->by_impu = g_hash_table_new(g_str_hash, g_str_equal);
    scscf->filter_sets = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    scscf->all = g_ptr_array_new();
    scscf->peer = diameter_peer_new(scscf->host, config->name, config->domain, config->home_domain, NULL, scscf);
    diameter_peer_set_free(scscf->peer, g_free);
    SipEndpointConfig endpoint = {
        .name = config->name,
        .host = scscf->host,
        .via_host = config->domain,
        .timers = &sip_timers_core,
        .tcp_above = CORE_TCP_ABOVE,
        .request = on_request,
        .node = scscf,
    };
    scscf->endpoint = sip_endpoint_new(&endpoint);
    sip_endpoint_listen(scscf->endpoint, SIP_PORT);
    return scscf;
}

void scscf_subscriber_free(Subscriber *sub)
{
    sim_cancel(sub->scscf->sim, sub->expiry);
    sim_cancel(sub->scscf->sim, sub->await);
    g_free(sub->impi);
    g_strfreev(sub->impus);
    g_free(sub->contact);
    g_free(sub->path);
    g_free(sub->nonce);
    g_free(sub->call_id);
    g_free(sub->challenged_impu);
    g_free(sub);
}

void scscf_free(Scscf *scscf)
{
    sip_endpoint_free(scscf->endpoint);
    diameter_peer_free(scscf->peer);
    for (guint i = 0; i < scscf->all->len; i++)
        scscf_subscriber_free(scscf->all->pdata[i]);
    g_ptr_array_free(scscf->all, TRUE);
    g_hash_table_destroy(scscf->by_impi);
    g_hash_table_destroy(scscf->by_impu);
    g_hash_table_destroy(scscf->filter_sets);
    g_free(scscf);
}

NetHost *scscf_host(Scscf *scscf)
{
    return scscf->host;
}
