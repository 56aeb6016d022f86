/*
 * nodes/stack/transport_tls.c - SIP over TLS: connections that stay, their handshakes, and their sleep.
 *
 * Source:  RFC 3261 §26.2.1, §26.3.1; RFC 5923 (connection reuse: what S3 option 4 needs for NOTIFY, K40);
 *          RFC 5246 §7.2 (alerts).
 * Knows:   octets of whole messages; whom a certificate must name is the node's to say.
 *
 *     TCP -> handshake (a Tls) -> open -> asleep (a TlsFrozen, 124 octets) -> over
 *
 * What an end says by itself (handshake, alerts) is honest and follows from what came; a message goes out in its own
 * context.
 */
#include "nodes/stack/endpoint_private.h"

#include "crypto/tls_hibernate.h"

#include <string.h>

enum { TLS_PORTION = 4096 }; /* octets taken from a live end at once */
enum { ALERT_CLOSE_NOTIFY = 0, ALERT_UNEXPECTED_MESSAGE = 10, ALERT_BAD_RECORD_MAC = 20, ALERT_RECORD_OVERFLOW = 22 };

typedef struct TlsAwake {
    Tls *tls;
    TlsWork counted; /* of its work, at the endpoint */
} TlsAwake;

struct TlsEnd {
    Linked link; /* by number */
    SipConn *conn;
    union {
        TlsAwake awake;
        TlsFrozen frozen; /* when it sleeps */
    };
    SimStream stream;
    Partial in; /* asleep: of a record whose rest has not come */
    uint32_t number;
    TraceId record; /* TRACE_TLS */
    uint16_t suite; /* TlsSuite */
    bool open, sleeps;
};

/* ---- its own stream ---- */

static void draw(void *ctx, uint8_t *out, size_t len)
{
    TlsEnd *end = ctx;
    sim_random(end->conn->endpoint->sim, &end->stream, out, len);
}

static CryptoRandom random_of(TlsEnd *end)
{
    return (CryptoRandom){ .fill = draw, .ctx = end };
}

/* Named by what the connection is, not by a count: other subscribers' connections leave its octets as they are. */
static SimStream stream_for(const SipEndpoint *endpoint, const TcpConn *tcp)
{
    struct {
        NetAddr peer;
        uint16_t ports[4];
        SimTime at;
    } name = { *tcp_peer(tcp), { tcp_peer_port(tcp), tcp_local_port(tcp) }, sim_now(endpoint->sim) };

    return sim_stream(endpoint->sim, endpoint->config.name, "tls", table_hash(&name, sizeof name, 0));
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

static TlsEnd *find_end(const SipEndpoint *endpoint, uint32_t number)
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
static void send_waiting(TlsEnd *end)
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
static SimContext speak_for_itself(Sim *sim)
{
    SimContext before = sim_context(sim);
    sim_set_context(sim, (SimContext){ .cause = before.cause });
    return before;
}

static void send_handshake(TlsEnd *end)
{
    Sim *sim = end->conn->endpoint->sim;
    SimContext before = speak_for_itself(sim);
    send_waiting(end);
    sim_set_context(sim, before);
}

static void send_alert(TlsEnd *end, uint8_t number)
{
    SipEndpoint *endpoint = end->conn->endpoint;
    CryptoRandom random = random_of(end);
    uint8_t octets[TLS_FROZEN_ALERT_MAX];
    size_t len = tls_frozen_alert(&end->frozen, &random, number, octets, &endpoint->tls_work);

    if (len == 0)
        return;
    SimContext before = speak_for_itself(endpoint->sim);
    tcp_send(end->conn->tcp, octets, len);
    sim_set_context(endpoint->sim, before);
}

void transport_tls_goodbye(SipConn *conn)
{
    TlsEnd *end = conn->tls;

    if (end->sleeps) {
        send_alert(end, ALERT_CLOSE_NOTIFY);
        return;
    }
    tls_close(end->awake.tls);
    send_handshake(end);
}

/* ---- what is told of it ---- */

static TlsVersion version_of(const TlsEnd *end)
{
    return end->sleeps ? (TlsVersion)end->frozen.version : tls_status(end->awake.tls)->version;
}

const char *transport_tls_protection(const SipEndpoint *endpoint, uint32_t connection, TraceId *record)
{
    const TlsEnd *end = find_end(endpoint, connection);

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
static void trace_end(TlsEnd *end, const TlsStatus *status, const Cert *peer, const char *why)
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

/* ---- the end ---- */

void transport_tls_release(SipConn *conn)
{
    SipEndpoint *endpoint = conn->endpoint;
    TlsEnd *end = conn->tls;

    if (find_end(endpoint, end->number) == end)
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
        blocks_give(&endpoint->blocks, end);
    }
    table_trim(&endpoint->tls_ends);
}

static TlsStatus status_of(const TlsEnd *end)
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
static void lose(SipConn *conn, const TlsStatus *status, const char *why)
{
    SipEndpoint *endpoint = conn->endpoint;
    TlsEnd *end = conn->tls;
    SipTlsConnection view = view_of(end, status);
    SipClientTx *waiting = conn_detach(conn);

    count_bad(end, status->failure, why);
    trace_end(end, status, view.peer, why);
    conn_drop(conn);
    transport_tls_release(conn);
    if (endpoint->tls.ended != NULL)
        endpoint->tls.ended(endpoint->config.node, &view, why);
    client_lost_tls(waiting, why);
}

static void lose_open_tcp(SipConn *conn, const TlsStatus *status, const char *why)
{
    tcp_close(conn->tcp);
    lose(conn, status, why);
}

void transport_tls_give_up(SipConn *conn, const char *why)
{
    TlsStatus status = status_of(conn->tls);
    transport_tls_goodbye(conn);
    lose_open_tcp(conn, &status, why);
}

void sip_endpoint_close_tls(SipEndpoint *endpoint, uint32_t connection)
{
    TlsEnd *end = find_end(endpoint, connection);

    if (end == NULL)
        return;
    if (end->open) {
        TlsStatus status = status_of(end);
        trace_end(end, &status, NULL, "we closed it");
    }
    conn_close(end->conn);
}

/* The handshake takes too long: nobody is there, or somebody who says nothing. */
static void out_of_patience(Sim *sim, void *ctx, uint64_t arg)
{
    SipConn *conn = ctx;
    TlsStatus status = status_of(conn->tls);

    conn->idle = 0;
    lose_open_tcp(conn, &status, "nobody answers");
}

/* ---- a message ---- */

static void has_failed(Sim *sim, void *ctx, uint64_t arg)
{
    SipConn *conn = ctx;
    TlsStatus status = status_of(conn->tls);

    conn->idle = 0;
    lose_open_tcp(conn, &status, tls_why(&status));
}

/* The sender has not returned yet. */
static void lose_soon(SipConn *conn)
{
    SipEndpoint *endpoint = conn->endpoint;
    sim_cancel(endpoint->sim, conn->idle);
    conn->idle = sim_after(endpoint->sim, endpoint->source, 0, has_failed, conn, 0);
}

void transport_tls_send(SipConn *conn, const char *octets, size_t len)
{
    TlsEnd *end = conn->tls;
    SipEndpoint *endpoint = conn->endpoint;

    if (!end->sleeps) {
        bool sealed = tls_send(end->awake.tls, (const uint8_t *)octets, len);
        send_waiting(end);
        if (!sealed)
            lose_soon(conn);
        return;
    }
    CryptoRandom random = random_of(end);
    size_t room = tls_frozen_sealed_len(&end->frozen, len);
    uint8_t *sealed = sim_alloc(endpoint->sim, room);
    room = tls_frozen_send(&end->frozen, &random, (const uint8_t *)octets, len, sealed, room, &endpoint->tls_work);
    tcp_send(conn->tcp, sealed, room);
}

/* ---- octets in, while it is awake ---- */

static void fall_asleep(TlsEnd *end)
{
    TlsFrozen frozen;

    if (!tls_freeze(end->awake.tls, &frozen))
        return;
    account(end);
    tls_free(end->awake.tls);
    end->frozen = frozen;
    end->sleeps = true;
}

static void handshake_over(SipConn *conn)
{
    SipEndpoint *endpoint = conn->endpoint;
    TlsEnd *end = conn->tls;
    const TlsStatus *status = tls_status(end->awake.tls);
    SipTlsConnection view = view_of(end, status);
    SimContext arrived = sim_context(endpoint->sim);

    sim_cancel(endpoint->sim, conn->idle);
    conn->idle = 0;
    end->open = true;
    end->suite = (uint16_t)status->suite;
    trace_end(end, status, view.peer, NULL);
    if (endpoint->tls.open != NULL)
        endpoint->tls.open(endpoint->config.node, &view);
    if (!conn->gone)
        client_tls_open(conn);
    sim_set_context(endpoint->sim, arrived);
}

/* False: a handler closed the connection. */
static bool take_plain(SipConn *conn)
{
    uint8_t *plain = sim_alloc(conn->endpoint->sim, TLS_PORTION);
    size_t len;

    while ((len = tls_receive(conn->tls->awake.tls, plain, TLS_PORTION)) > 0) {
        conn_take(conn, (const char *)plain, len);
        if (conn->gone)
            return false;
    }
    send_handshake(conn->tls);
    return true;
}

static void hear_awake(SipConn *conn, const uint8_t *octets, size_t len)
{
    TlsEnd *end = conn->tls;
    const TlsStatus *status = tls_status(end->awake.tls);

    tls_feed(end->awake.tls, octets, len);
    send_handshake(end);
    if (!end->open && (status->state == TLS_OPEN || status->state == TLS_PEER_CLOSED))
        handshake_over(conn);
    if (conn->gone || !take_plain(conn))
        return;
    switch (status->state) {
    case TLS_HANDSHAKING:
    case TLS_CLOSED: break;
    case TLS_OPEN: fall_asleep(end); break;
    case TLS_PEER_CLOSED: transport_tls_give_up(conn, "the other side closed it"); break;
    case TLS_FAILED: {
        TlsStatus failed = *status;
        lose_open_tcp(conn, &failed, tls_why(&failed));
        break;
    }
    }
}

/* ---- octets in, asleep ---- */

static void fail_asleep(SipConn *conn, uint8_t alert, TlsFailure failure)
{
    TlsStatus status = status_of(conn->tls);

    send_alert(conn->tls, alert);
    status.state = TLS_FAILED;
    status.failure = failure;
    status.alert_sent = alert;
    lose_open_tcp(conn, &status, tls_why(&status));
}

static void refused_asleep(SipConn *conn, uint8_t alert)
{
    TlsStatus status = status_of(conn->tls);

    status.failure = TLS_ALERT_RECEIVED;
    status.alert_received = alert;
    lose_open_tcp(conn, &status, tls_why(&status));
}

static void hear_record(SipConn *conn, uint8_t *record, size_t len)
{
    TlsWork *work = &conn->endpoint->tls_work;
    uint8_t *plain = NULL, alert = 0;
    size_t plain_len = 0;

    switch (tls_frozen_receive(&conn->tls->frozen, record, len, &plain, &plain_len, &alert, work)) {
    case TLS_FROZEN_DATA: conn_take(conn, (const char *)plain, plain_len); break;
    case TLS_FROZEN_CLOSED: transport_tls_give_up(conn, "the other side closed it"); break;
    case TLS_FROZEN_ALERT: refused_asleep(conn, alert); break;
    case TLS_FROZEN_BAD_RECORD: fail_asleep(conn, ALERT_BAD_RECORD_MAC, TLS_BAD_RECORD); break;
    case TLS_FROZEN_UNEXPECTED: fail_asleep(conn, ALERT_UNEXPECTED_MESSAGE, TLS_BAD_HANDSHAKE); break;
    case TLS_FROZEN_WARNING:
    case TLS_FROZEN_OVER: break;
    }
}

/* Whole records off the front; what is left is the beginning of one. */
static void hear_records(SipConn *conn, uint8_t *octets, size_t len)
{
    SimContext arrived = sim_context(conn->endpoint->sim);

    while (len > 0) {
        size_t record = tls_record_len(octets, len);
        if (record > TLS_HEADER_LEN + TLS_BODY_MAX) {
            fail_asleep(conn, ALERT_RECORD_OVERFLOW, TLS_BAD_RECORD);
            return;
        }
        if (record == 0 || record > len) {
            partial_add(conn->endpoint, &conn->tls->in, octets, len);
            return;
        }
        sim_set_context(conn->endpoint->sim, arrived);
        hear_record(conn, octets, record);
        if (conn->gone)
            return;
        octets += record;
        len -= record;
    }
}

static void hear_asleep(SipConn *conn, const uint8_t *octets, size_t len)
{
    SipEndpoint *endpoint = conn->endpoint;
    Partial *in = &conn->tls->in;
    uint8_t *whole;

    if (in->len == 0) {
        whole = sim_alloc(endpoint->sim, len); /* it is opened where it lies */
        memcpy(whole, octets, len);
        hear_records(conn, whole, len);
        return;
    }
    partial_add(endpoint, in, octets, len);
    size_t record = tls_record_len((const uint8_t *)in->octets, in->len);
    if (record == 0 || (record > in->len && record <= TLS_HEADER_LEN + TLS_BODY_MAX))
        return;
    len = in->len;
    whole = (uint8_t *)partial_take(endpoint, in);
    hear_records(conn, whole, len);
}

/* ---- TCP below ---- */

static void tls_connected(void *ctx, TcpConn *tcp)
{
    SipConn *conn = ctx;
    conn->established = true;
}

static void tls_data(void *ctx, TcpConn *tcp, const uint8_t *octets, size_t len)
{
    SipConn *conn = ctx;

    if (conn->tls->sleeps)
        hear_asleep(conn, octets, len);
    else
        hear_awake(conn, octets, len);
}

static const char *why_tcp_ended(const SipConn *conn, TcpEnd why)
{
    if (conn->tls->open)
        return "the connection was lost";
    if (conn->established)
        return "the connection was lost during the handshake";
    return why == TCP_TIMED_OUT ? "nobody answers" : "nobody listens there";
}

static void tls_ended(void *ctx, TcpConn *tcp, TcpEnd why)
{
    SipConn *conn = ctx;
    TlsStatus status = status_of(conn->tls);
    lose(conn, &status, why_tcp_ended(conn, why));
}

static const TcpEvents tls_events = { .connected = tls_connected, .data = tls_data, .ended = tls_ended };

/* ---- beginning ---- */

/* The handshake is given half of timer F: whoever sends a request learns why it could not be sent. */
static void be_patient(SipConn *conn)
{
    SipEndpoint *endpoint = conn->endpoint;
    SipFlow flow = conn_flow(conn);
    SimTime limit = 32 * endpoint_timers(endpoint, &flow)->t1;
    SimContext before = speak_for_itself(endpoint->sim);

    conn->idle = sim_after(endpoint->sim, endpoint->source, limit, out_of_patience, conn, 0);
    sim_set_context(endpoint->sim, before);
}

static SipConn *begin(SipEndpoint *endpoint, TcpConn *tcp, TlsContext *context, const CertName *name)
{
    TlsEnd *end = blocks_take(&endpoint->blocks, sizeof *end);
    bool opened = context == endpoint->tls.client;
    TlsPeer peer = { .name = name, .now = sim_unix_time(endpoint->sim) };
    CryptoRandom random = random_of(end);

    *end = (TlsEnd){ .number = ++endpoint->last_tls, .stream = stream_for(endpoint, tcp) };
    end->conn = conn_add(endpoint, tcp, opened, tcp_local_port(tcp), end);
    table_add(&endpoint->tls_ends, &end->link, end->number);
    end->awake.tls = tls_new(context, &peer, &random);
    tcp_set_events(tcp, &tls_events, end->conn);
    be_patient(end->conn);
    send_handshake(end);
    return end->conn;
}

static void tls_accepted(void *ctx, TcpConn *tcp)
{
    SipEndpoint *endpoint = ctx;
    (void)begin(endpoint, tcp, endpoint->tls.server, NULL);
}

static SipConn *connect_to(SipEndpoint *endpoint, const SipFlow *to, const char **why)
{
    const SipTls *tls = &endpoint->tls;
    CertName name;

    *why = "there is no TLS here";
    if (tls->client == NULL)
        return NULL;
    bool named = tls->expected != NULL && tls->expected(endpoint->config.node, to, &name);
    TcpConn *tcp = tcp_connect(endpoint->config.host, 0, &to->addr, to->port, &tls_events, NULL);
    *why = "no TCP connection";
    return tcp != NULL ? begin(endpoint, tcp, tls->client, named ? &name : NULL) : NULL;
}

/* ---- sending ---- */

static SipConn *find_conn(const SipEndpoint *endpoint, const SipFlow *flow)
{
    if (flow->connection == 0)
        return conn_find_tls(endpoint, &flow->addr, flow->port);
    TlsEnd *end = find_end(endpoint, flow->connection);
    return end != NULL ? end->conn : NULL;
}

SipConn *transport_tls(SipEndpoint *endpoint, SipFlow *flow, const char **why)
{
    SipConn *conn = find_conn(endpoint, flow);

    *why = "the connection is gone";
    if (conn == NULL && flow->connection == 0)
        conn = connect_to(endpoint, flow, why);
    if (conn == NULL)
        return NULL;
    *flow = conn_flow(conn);
    flow->sa = 0;
    return conn;
}

bool transport_tls_has(const SipEndpoint *endpoint, const SipFlow *flow)
{
    const SipConn *conn = find_conn(endpoint, flow);
    return conn != NULL && conn->tls->open;
}

bool transport_tls_answer(SipEndpoint *endpoint, const SipFlow *flow, const char *octets, size_t len)
{
    if (!transport_tls_has(endpoint, flow)) {
        trace_drop(endpoint->sim, endpoint->config.name, "tls-gone", "a response has no connection to go back by");
        return false;
    }
    transport_tls_send(find_conn(endpoint, flow), octets, len);
    return true;
}

/* ---- switching it on ---- */

void transport_tls_unlisten(SipEndpoint *endpoint)
{
    if (endpoint->tls.server != NULL)
        tcp_unlisten(endpoint->config.host, endpoint->tls.port);
    endpoint->tls = (SipTls){ 0 };
}

bool sip_endpoint_use_tls(SipEndpoint *endpoint, const SipTls *tls)
{
    transport_tls_unlisten(endpoint);
    if (tls->server != NULL && !tcp_listen(endpoint->config.host, tls->port, tls_accepted, endpoint))
        return false;
    endpoint->tls = *tls;
    return true;
}
