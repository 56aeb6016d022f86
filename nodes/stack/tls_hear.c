/*
 * nodes/stack/tls_hear.c - what comes on a TLS connection: handshakes while it is awake, records when it sleeps.
 *
 * Source:  RFC 5246 §6.2, §7.2 (alerts).
 * Knows:   one connection.  Whatever octets come, the worst they can do is to end it.
 */
#include "nodes/stack/tls_private.h"

#include <string.h>

enum { TLS_PORTION = 4096 }; /* octets taken from a live end at once */
enum { ALERT_UNEXPECTED_MESSAGE = 10, ALERT_BAD_RECORD_MAC = 20, ALERT_RECORD_OVERFLOW = 22 };

/* ---- while it is awake ---- */

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
    tls_end_send_own(conn->tls);
    return true;
}

static void hear_awake(SipConn *conn, const uint8_t *octets, size_t len)
{
    TlsEnd *end = conn->tls;
    const TlsStatus *status = tls_status(end->awake.tls);

    tls_feed(end->awake.tls, octets, len);
    tls_end_send_own(end);
    if (!end->open && (status->state == TLS_OPEN || status->state == TLS_PEER_CLOSED))
        tls_end_opened(conn);
    if (conn->gone || !take_plain(conn))
        return;
    switch (status->state) {
    case TLS_HANDSHAKING:
    case TLS_CLOSED: break;
    case TLS_OPEN: tls_end_sleep(end); break;
    case TLS_PEER_CLOSED: transport_tls_give_up(conn, "the other side closed it"); break;
    case TLS_FAILED: {
        TlsStatus failed = *status;
        tls_end_lost_above_tcp(conn, &failed, tls_why(&failed));
        break;
    }
    }
}

/* ---- asleep ---- */

static void fail_asleep(SipConn *conn, uint8_t alert, TlsFailure failure)
{
    TlsStatus status = tls_end_status(conn->tls);

    tls_end_alert(conn->tls, alert);
    status.state = TLS_FAILED;
    status.failure = failure;
    status.alert_sent = alert;
    tls_end_lost_above_tcp(conn, &status, tls_why(&status));
}

static void refused_asleep(SipConn *conn, uint8_t alert)
{
    TlsStatus status = tls_end_status(conn->tls);

    status.failure = TLS_ALERT_RECEIVED;
    status.alert_received = alert;
    tls_end_lost_above_tcp(conn, &status, tls_why(&status));
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
    TlsStatus status = tls_end_status(conn->tls);
    tls_end_lost(conn, &status, why_tcp_ended(conn, why));
}

const TcpEvents tls_tcp_events = { .connected = tls_connected, .data = tls_data, .ended = tls_ended };
