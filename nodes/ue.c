/*
 * nodes/ue.c - the UE: construction, what its user asks, which message goes where.
 */
#include "nodes/ue_internal.h"

/* The only list of legal moves. */
#define TO(state) (1u << (state))
static const unsigned state_moves[] = {
    [UE_IDLE] = TO(UE_ATTACHING) | TO(UE_WAIT_CHALLENGE),
    [UE_ATTACHING] = TO(UE_WAIT_CHALLENGE) | TO(UE_IDLE),
    [UE_WAIT_CHALLENGE] = TO(UE_WAIT_OK) | TO(UE_WAIT_CHALLENGE) | TO(UE_REGISTERED) | TO(UE_IDLE),
    [UE_WAIT_OK] = TO(UE_REGISTERED) | TO(UE_WAIT_CHALLENGE) | TO(UE_IDLE),
    [UE_REGISTERED] = TO(UE_WAIT_CHALLENGE) | TO(UE_IDLE),
};

void ue_go(Ue *ue, UeState state)
{
    if (state == ue->state)
        return;
    g_assert(state_moves[ue->state] & TO(state));
    ue->state = state;
}

void ue_outcome(Ue *ue, const char *action, const char *target, int status, const char *text)
{
    if (status >= 300 || status == -1)
        ue->counters.failed++;
    if (status == 0)
        ue->counters.refused++;
    if (!trace_enabled(ue->sim))
        return;
    trace_add(ue->sim,
              &(TraceRecord){ .kind = TRACE_OUTCOME,
                              .node = ue->config.name,
                              .outcome = { .action = action, .target = target, .status = status, .text = text } });
}

const char *ue_default_impu(const Ue *ue)
{
    return ue->default_impu != NULL ? ue->default_impu : ue->config.impu;
}

const char *ue_from(const Ue *ue)
{
    return ue->config.policy.forges_identity ? ue->config.policy.forged_impu : ue_default_impu(ue);
}

/* --- making requests --- */

#define UE_MESSAGE_MAX 8192

SipWriter ue_writer(Ue *ue)
{
    SipWriter w;
    sip_write_init(&w, sim_alloc(ue->sim, UE_MESSAGE_MAX), UE_MESSAGE_MAX);
    return w;
}

static void write_address(SipWriter *w, const char *name, const char *uri, const char *tag)
{
    sip_write_start(w, name);
    sip_write_z(w, "<");
    sip_write_z(w, uri);
    sip_write_z(w, ">");
    if (tag != NULL) {
        sip_write_z(w, ";tag=");
        sip_write_z(w, tag);
    }
    sip_write_crlf(w);
}

void ue_request_begin(Ue *ue, SipWriter *w, const UeRequest *request)
{
    sip_write_request_line(w, sip_method_name(request->method), text_from(request->uri));
    sip_write_header(w, "Max-Forwards", TEXT("70"));
    /* a forger registers as himself: only then has he SAs to forge through */
    const char *from = request->method == SIP_REGISTER ? ue->config.impu : ue_from(ue);
    write_address(w, "From", request->unnamed ? SMIME_DUMMY_URI : from, request->from_tag);
    write_address(w, "To", request->unnamed ? SMIME_DUMMY_URI : request->to, request->to_tag);
    sip_write_header(w, "Call-ID", text_from(request->call_id));
    sip_write_start(w, "CSeq");
    sip_write_uint(w, request->cseq);
    sip_write_z(w, " ");
    sip_write_text(w, sip_method_name(request->method));
    sip_write_crlf(w);
}

/* TS 24.229 §5.1.2A.1.  DEVIATION: Security-Verify is repeated in REGISTER only, as the seeds' SM7 has it, which keeps
 * requests in one datagram. */
void ue_request_protected(Ue *ue, SipWriter *w, const UeRequest *request)
{
    char addr[NET_ADDR_TEXT_MAX];

    sip_write_start(w, "Route");
    sip_write_z(w, "<sip:[");
    sip_write_z(w, net_addr_text(&ue->pcscf, addr));
    sip_write_z(w, "]:");
    sip_write_uint(w, ue->tls.registered ? SIPS_PORT : ue->current.port_ps);
    sip_write_z(w, ue->tls.registered ? ";transport=tls;lr>" : ";lr>");
    const char *more = request->routes != NULL ? request->routes : ue->service_route;
    if (more != NULL && more[0] != '\0') {
        sip_write_z(w, ",");
        sip_write_z(w, more);
    }
    sip_write_crlf(w);
    if (request->to_tag == NULL && !request->unnamed) {
        sip_write_start(w, "P-Preferred-Identity");
        sip_write_z(w, "<");
        sip_write_z(w, ue_from(ue));
        sip_write_z(w, ">");
        sip_write_crlf(w);
    }
    sip_write_header(w, "P-Access-Network-Info", text_from(modem_access_info(ue->config.modem)));
}

/* Where TLS carries what comes, its port is nobody's: the P-CSCF has the connection (RFC 5923). */
void ue_write_contact(Ue *ue, SipWriter *w, bool tls)
{
    char addr[NET_ADDR_TEXT_MAX];
    sip_write_start(w, "Contact");
    sip_write_z(w, "<sip:[");
    sip_write_z(w, net_addr_text(&ue->addr, addr));
    sip_write_z(w, "]:");
    sip_write_uint(w, tls ? SIPS_PORT : UE_PORT_US);
    sip_write_z(w, tls ? ";transport=tls>" : ">");
}

bool ue_has_hop(const Ue *ue)
{
    return ue->tls.registered || ue->current.id != 0;
}

bool ue_hop_encrypted(const Ue *ue)
{
    if (ue->tls.registered)
        return ue->tls.encrypts;
    return ue->current.id != 0 && sad_ealg(ue->sad, ue->current.id) != ESP_NULL;
}

SipFlow ue_flow(const Ue *ue, const UeSas *sas)
{
    SipFlow flow = { .addr = ue->pcscf, .port = UE_PORT_CLEAR, .local_port = UE_PORT_CLEAR, .transport = SIP_UDP };
    if (sas != NULL && sas->id != 0) {
        flow.port = sas->port_ps;
        flow.local_port = sas->port_uc;
    }
    return flow;
}

SipClientTx *ue_request_send(Ue *ue, SipWriter *w, const char *type, Text body, SipDone done, void *ctx)
{
    if (type != NULL)
        sip_write_header(w, "Content-Type", text_from(type));
    size_t len = sip_write_end(w, body);
    if (len == 0) { /* what the other side made long we do not repeat */
        trace_drop(ue->sim, ue->config.name, "sip-too-long", "a request of more than %zu octets", w->cap);
        done(ctx, NULL, NULL, "the request is too long");
        return NULL;
    }
    SipFlow flow = ue->tls.registered ? ue_tls_flow(ue) : ue_flow(ue, &ue->current);
    return sip_send_request(ue->endpoint, &flow, w->out, len, false, done, ctx);
}

/* --- the endpoint's questions --- */

/* TS 33.203 §7.1: over UDP requests and responses leave from the client port, and Via names the server port. */
static uint16_t source_port(void *node, const NetAddr *dst, uint16_t dport, uint16_t *via_port)
{
    const Ue *ue = node;
    if (dport == UE_PORT_CLEAR || dport == SIPS_PORT) { /* TLS: from any port */
        *via_port = dport;
        return dport == SIPS_PORT ? 0 : UE_PORT_CLEAR;
    }
    *via_port = UE_PORT_US;
    return ue->pending.id != 0 && ue->state == UE_WAIT_OK && ue->current.id == 0 ? ue->pending.port_uc
                                                                                 : ue->current.port_uc;
}

static const char *protection(void *node, const SipFlow *flow, TraceId *sa_record)
{
    const Ue *ue = node;
    SaSetId id = flow->sa != 0 ? flow->sa : sad_outbound(ue->sad, &flow->addr, flow->local_port, flow->port);
    if (id == 0 || !sad_has(ue->sad, id))
        return NULL;
    *sa_record = sad_record(ue->sad, id);
    return sad_protection(ue->sad, id);
}

/* On unprotected ports a UE takes responses only (TS 33.203 §7.1), and over TLS what comes by its own connection. */
static void on_request(void *node, SipServerTx *tx, const SipMsg *msg, const SipFlow *from)
{
    Ue *ue = node;
    if (from->sa == 0 && !ue_tls_is_own(ue, from)) {
        sip_server_drop(tx, "sip-unprotected");
        return;
    }
    ue_heard(ue, from->sa);
    ue_presence_request(ue, tx, msg);
}

/* --- the modem's news --- */

static void on_attached(void *ctx, const NetAddr *addr, const NetAddr *pcscf)
{
    Ue *ue = ctx;
    bool moved = !net_addr_equal(&ue->addr, addr) || !net_addr_equal(&ue->pcscf, pcscf);

    if (ue->state != UE_IDLE && ue->state != UE_ATTACHING && !moved)
        return;
    if (moved && ue_has_hop(ue)) {
        trace_decision(ue->sim, ue->config.name, "ue-address-changed", "TS 33.203 §7.5",
                       "drops its %s and registers anew: its address or P-CSCF changed",
                       ue->tls.registered ? "connection" : "SAs");
    }
    ue_register_forget(ue);
    ue->addr = *addr;
    ue->pcscf = *pcscf;
    ue->fell_back = false; /* nobody has tried here */
    ue->state = UE_IDLE;
    ue_outcome(ue, "attach", "", 200, "attached");
    if (ue->wanted)
        ue_register_start(ue);
}

static void on_attach_failed(void *ctx, const char *why)
{
    Ue *ue = ctx;
    if (ue->state == UE_ATTACHING)
        ue_go(ue, UE_IDLE);
    ue_outcome(ue, "attach", "", -1, why);
}

/* --- construction --- */

static void start_endpoint(Ue *ue)
{
    SipEndpointConfig config = {
        .name = ue->config.name,
        .host = ue->host,
        .via_host = NULL, /* its address, whatever it is at the time */
        .timers = &sip_timers_radio,
        .tcp_above = 1300, /* RFC 3261 §18.1.1: path MTU unknown */
        .request = on_request,
        .source_port = source_port,
        .protection = protection,
        .node = ue,
    };
    ue->endpoint = sip_endpoint_new(&config);
    sip_endpoint_listen(ue->endpoint, UE_PORT_CLEAR);
    sip_endpoint_listen(ue->endpoint, UE_PORT_US);
}

Ue *ue_new(Net *net, const UeConfig *config)
{
    static const ModemEvents events = { on_attached, on_attach_failed };
    Ue *ue = g_new0(Ue, 1);

    ue->config = *config;
    ue->net = net;
    ue->sim = net_sim(net);
    ue->host = modem_host(config->modem);
    if (config->isim != NULL)
        ue->own_isim = *config->isim;
    ue->isim = config->isim != NULL ? &ue->own_isim : modem_usim(config->modem);
    ue->stream = sim_stream(ue->sim, config->name, "ue", 0);
    ue->sad = sad_new(ue->host, config->name, SAD_UE, NULL);
    ue->subscriptions = g_ptr_array_new();
    ue_smime_init(ue);
    start_endpoint(ue);
    ue_tls_start(ue);
    modem_set_events(config->modem, &events, ue);
    return ue;
}

void ue_free(Ue *ue)
{
    ue_presence_clear(ue);
    ue_smime_forget(ue);
    ue_password_clear(ue);
    ue->tls.connection = 0; /* the world is being taken down: nothing is said */
    ue_register_forget(ue);
    sip_endpoint_free(ue->endpoint);
    sad_free(ue->sad);
    g_ptr_array_free(ue->subscriptions, TRUE);
    g_free(ue->publish.tuple_id);
    g_free(ue->publish.call_id);
    aka_isim_clear(&ue->own_isim);
    g_free(ue);
}

/* --- its user --- */

void ue_register(Ue *ue)
{
    ue->wanted = true;
    ue->tries = ue->tls.reconnects = 0;
    ue->fell_back = false;
    if (ue->state == UE_IDLE && net_addr_prefix(&ue->addr) != 0) {
        ue_register_start(ue);
        return;
    }
    if (ue->state != UE_IDLE)
        return;
    ue_go(ue, UE_ATTACHING);
    modem_attach(ue->config.modem);
}

void ue_reregister(Ue *ue)
{
    if (ue->state == UE_REGISTERED)
        ue_register_start(ue);
    else
        ue_outcome(ue, "register", ue->config.impu, 0, "not registered");
}

void ue_deregister(Ue *ue)
{
    if (ue->state != UE_REGISTERED) {
        ue_outcome(ue, "deregister", ue->config.impu, 0, "not registered");
        return;
    }
    ue->wanted = false;
    ue->deregistering = true;
    ue_register_start(ue);
}

void ue_power_off(Ue *ue)
{
    ue->wanted = false;
    ue_presence_clear(ue);
    ue_register_forget(ue); /* spec: SAs and keys are deleted at power-off and never stored on the ISIM */
    modem_detach(ue->config.modem);
    ue->addr = ue->pcscf = (NetAddr){ 0 }; /* attaches anew */
    ue->state = UE_IDLE;
}

NetHost *ue_host(Ue *ue)
{
    return ue->host;
}

const char *ue_name(const Ue *ue)
{
    return ue->config.name;
}

bool ue_registered(const Ue *ue)
{
    return ue->state == UE_REGISTERED;
}

const UeCounters *ue_counters(const Ue *ue)
{
    return &ue->counters;
}
