/*
 * nodes/stack/tls_end.c - one end of a TLS connection: its stream, its work, its sleep, and what is told of it.
 *
 * Source:  RFC 5246 §7.2.1 (closing); design of hibernation: crypto/tls_hibernate.h.
 * Knows:   one connection.
 *
 * What an end says by itself (handshake, alerts) is honest and follows from what came; a message goes out in its own
 * context.
 */
#include "nodes/stack/tls_private.h"

enum { ALERT_CLOSE_NOTIFY = 0 };

/* ---- its own stream ---- */

static void draw(void *ctx, uint8_t *out, size_t len)
{
    TlsEnd *end = ctx;
    sim_random(end->conn->endpoint->sim, &end->stream, out, len);
}

CryptoRandom tls_end_random(TlsEnd *end)
{
    return (CryptoRandom){ .fill = draw, .ctx = end };
}

/* ---- what it costs ---- */

static void work_add(TlsWork *sum, const TlsWork *now, const TlsWork *before)
{
    sum->signatures += now->signatures - before->signatures;
    sum->verifications += now->verifications - before->verifications;
    sum->rsa_encryptions += now->rsa_encryptions - before->rsa_encryptions;
    sum->rsa_decryptions += now->rsa_decryptions - before->rsa_decryptions;
    sum->key_agreements += now->key_agreements - before->key_agreements;
    sum->records_sealed += now->records_sealed - before->records_sealed;
    sum->records_opened += now->records_opened - before->records_opened;
    sum->octets_sealed += now->octets_sealed - before->octets_sealed;
    sum->octets_opened += now->octets_opened - before->octets_opened;
}

static void account(TlsEnd *end)
{
    const TlsWork *now = tls_work(end->awake.tls);
    work_add(&end->conn->endpoint->tls_work, now, &end->awake.counted);
    end->awake.counted = *now;
}

const TlsWork *sip_endpoint_tls_work(const SipEndpoint *endpoint)
{
    return &endpoint->tls_work;
}

/* ---- by number ---- */

TlsEnd *tls_end_find(const SipEndpoint *endpoint, uint32_t number)
{
    for (Linked *at = table_first(&endpoint->tls_ends, number); at != NULL; at = at->next)
        if (at->hash == number)
            return (TlsEnd *)at;
    return NULL;
}

uint32_t transport_tls_number(const SipConn *conn)
{
    return conn->tls->number;
}

bool transport_tls_is_open(const SipConn *conn)
{
    return conn->tls->open;
}

/* ---- octets out ---- */

/* What the live end has made, in the current context. */
void tls_end_send_waiting(TlsEnd *end)
{
    SipEndpoint *endpoint = end->conn->endpoint;
    Tls *tls = end->awake.tls;
    size_t len = tls_waiting(tls);

    account(end);
    if (len == 0)
        return;
    uint8_t *octets = sim_alloc(endpoint->sim, len);
    len = tls_take(tls, octets, len);
    tcp_send(end->conn->tcp, octets, len);
}

/* Honest, whoever sent what it answers. */
SimContext tls_speak_for_itself(Sim *sim)
{
    SimContext before = sim_context(sim);
    sim_set_context(sim, (SimContext){ .cause = before.cause });
    return before;
}

void tls_end_send_own(TlsEnd *end)
{
    Sim *sim = end->conn->endpoint->sim;
    SimContext before = tls_speak_for_itself(sim);
    tls_end_send_waiting(end);
    sim_set_context(sim, before);
}

void tls_end_alert(TlsEnd *end, uint8_t number)
{
    SipEndpoint *endpoint = end->conn->endpoint;
    CryptoRandom random = tls_end_random(end);
    uint8_t octets[TLS_FROZEN_ALERT_MAX];
    size_t len = tls_frozen_alert(&end->frozen, &random, number, octets, &endpoint->tls_work);

    if (len == 0)
        return;
    SimContext before = tls_speak_for_itself(endpoint->sim);
    tcp_send(end->conn->tcp, octets, len);
    sim_set_context(endpoint->sim, before);
}

void transport_tls_goodbye(SipConn *conn)
{
    TlsEnd *end = conn->tls;

    if (end->sleeps) {
        tls_end_alert(end, ALERT_CLOSE_NOTIFY);
        return;
    }
    tls_close(end->awake.tls);
    tls_end_send_own(end);
}

/* ---- what is told of it ---- */

static TlsVersion version_of(const TlsEnd *end)
{
    return end->sleeps ? (TlsVersion)end->frozen.version : tls_status(end->awake.tls)->version;
}

const char *transport_tls_protection(const SipEndpoint *endpoint, uint32_t connection, TraceId *record)
{
    const TlsEnd *end = tls_end_find(endpoint, connection);

    if (end == NULL)
        return NULL;
    *record = end->record;
    return sim_text(endpoint->sim, "%s %s", tls_version_name(version_of(end)), tls_suite_name(end->suite));
}

/* Every name it has: whoever asks for one of them gets it. */
static const char *names_of(Sim *sim, const Cert *cert)
{
    if (cert == NULL)
        return "";
    if (cert_n_names(cert) == 0)
        return cert_subject(cert);
    const char *text = cert_name(cert, 0).name;
    for (size_t i = 1; i < cert_n_names(cert); i++)
        text = sim_text(sim, "%s, %s", text, cert_name(cert, i).name);
    return text;
}

/* @why: NULL, it is open.  Whom it was with is told by its first record: a sleeping end has forgotten. */
void tls_end_trace(TlsEnd *end, const TlsStatus *status, const Cert *peer, const char *why)
{
    const SipConn *conn = end->conn;
    Sim *sim = conn->endpoint->sim;
    char addr[NET_ADDR_TEXT_MAX];

    if (!trace_enabled(sim))
        return;
    const TraceRecord *before = trace_get(sim_trace(sim), end->record);
    TraceRecord record = { .kind = TRACE_TLS, .node = conn->endpoint->config.name, .because = end->record };
    record.tls.open = why == NULL;
    record.tls.connection = end->number;
    record.tls.peer = sim_text(sim, "%s %u", net_addr_text(&conn->peer, addr), conn->peer_port);
    record.tls.version = end->open ? tls_version_name(status->version) : "";
    record.tls.suite = end->open ? tls_suite_name(status->suite) : "";
    record.tls.certificate = before != NULL ? before->tls.certificate : names_of(sim, peer);
    record.tls.text = why != NULL ? why : "";
    end->record = trace_add(sim, &record);
}

static SipTlsConnection view_of(const TlsEnd *end, const TlsStatus *status)
{
    SipTlsConnection view = { .number = end->number,
                              .flow = conn_flow(end->conn),
                              .opened = end->conn->opened,
                              .status = status,
                              .psk_identity = "" };
    if (end->sleeps)
        return view;
    view.peer = tls_peer_certificate(end->awake.tls);
    view.psk_identity = tls_psk_identity(end->awake.tls);
    return view;
}

void tls_end_sleep(TlsEnd *end)
{
    TlsFrozen frozen;

    if (!tls_freeze(end->awake.tls, &frozen))
        return;
    account(end);
    tls_free(end->awake.tls);
    end->frozen = frozen;
    end->sleeps = true;
}

void tls_end_opened(SipConn *conn)
{
    SipEndpoint *endpoint = conn->endpoint;
    TlsEnd *end = conn->tls;
    TlsStatus status = tls_end_status(end);
    SipTlsConnection view = view_of(end, &status);
    SimContext arrived = sim_context(endpoint->sim);

    sim_cancel(endpoint->sim, conn->idle);
    conn->idle = 0;
    end->open = true;
    end->suite = (uint16_t)status.suite;
    tls_end_trace(end, &status, view.peer, NULL);
    if (endpoint->tls.open != NULL)
        endpoint->tls.open(endpoint->config.node, &view);
    if (!conn->gone)
        client_tls_open(conn);
    sim_set_context(endpoint->sim, arrived);
}

/* ---- the end ---- */

void transport_tls_release(SipConn *conn)
{
    SipEndpoint *endpoint = conn->endpoint;
    TlsEnd *end = conn->tls;

    if (tls_end_find(endpoint, end->number) == end)
        table_remove(&endpoint->tls_ends, &end->link);
    end->link.next = endpoint->ended_tls;
    endpoint->ended_tls = &end->link;
}

void transport_tls_free_ended(SipEndpoint *endpoint)
{
    while (endpoint->ended_tls != NULL) {
        TlsEnd *end = (TlsEnd *)endpoint->ended_tls;
        endpoint->ended_tls = end->link.next;
        if (end->sleeps)
            tls_frozen_clear(&end->frozen);
        else
            tls_free(end->awake.tls);
        blocks_give(&endpoint->blocks, end->in.octets);
        g_free(end);
    }
    table_trim(&endpoint->tls_ends);
}

TlsStatus tls_end_status(const TlsEnd *end)
{
    if (!end->sleeps)
        return *tls_status(end->awake.tls);
    return (TlsStatus){ .state = (TlsState)end->frozen.state,
                        .alert_sent = TLS_NO_ALERT,
                        .alert_received = TLS_NO_ALERT,
                        .version = (TlsVersion)end->frozen.version,
                        .suite = (TlsSuite)end->suite };
}

static void count_bad(const TlsEnd *end, TlsFailure failure, const char *why)
{
    const SipEndpoint *endpoint = end->conn->endpoint;
    if (failure == TLS_BAD_RECORD || failure == TLS_BAD_HANDSHAKE)
        trace_drop(endpoint->sim, endpoint->config.name, "tls-bad", "%s", why);
}

/*
 * It is over and not by our own doing.  @status: what happened to it; @why: static.  When the node is told, the
 * connection cannot be found any more.
 */
void tls_end_lost(SipConn *conn, const TlsStatus *status, const char *why)
{
    SipEndpoint *endpoint = conn->endpoint;
    TlsEnd *end = conn->tls;
    SipTlsConnection view = view_of(end, status);
    SipClientTx *waiting = conn_detach(conn);

    count_bad(end, status->failure, why);
    tls_end_trace(end, status, view.peer, why);
    conn_drop(conn);
    transport_tls_release(conn);
    if (endpoint->tls.ended != NULL)
        endpoint->tls.ended(endpoint->config.node, &view, why);
    client_lost_tls(waiting, why);
}

void tls_end_lost_above_tcp(SipConn *conn, const TlsStatus *status, const char *why)
{
    tcp_close(conn->tcp);
    tls_end_lost(conn, status, why);
}

void transport_tls_give_up(SipConn *conn, const char *why)
{
    TlsStatus status = tls_end_status(conn->tls);
    transport_tls_goodbye(conn);
    tls_end_lost_above_tcp(conn, &status, why);
}
