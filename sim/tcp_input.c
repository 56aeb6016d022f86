/*
 * sim/tcp_input.c - TCP segments in.
 *
 * Source:  RFC 793 §3.9 "segment arrives", in its order; RFC 5961 §4 (a SYN in the window is answered, not obeyed).
 *          Simultaneous open is left out: no SYN without ACK is taken in SYN-SENT.
 * Knows:   connections; not what the octets say.
 */
#include "sim/tcpconn.h"

#include <string.h>

/* --- reading --- */

static uint16_t mss_option(const uint8_t *options, size_t len)
{
    size_t i = 0;

    while (i < len && options[i] != 0) { /* end of list */
        if (options[i] == 1) {           /* padding */
            i++;
            continue;
        }
        if (len - i < 2 || options[i + 1] < 2 || options[i + 1] > len - i) {
            return 0;
        }
        if (options[i] == 2 && options[i + 1] == 4) {
            return get_u16(options + i + 2);
        }
        i += options[i + 1];
    }
    return 0;
}

static bool read_segment(const IpView *ip, TcpSegment *out)
{
    const uint8_t *tcp = ip->payload;

    if (ip->payload_len < TCP_HEADER_LEN || ip_checksum(ip->src, IP_TCP, tcp, ip->payload_len) != 0) {
        return false;
    }
    size_t header = (size_t)(tcp[12] >> 4) * 4;
    if (header < TCP_HEADER_LEN || header > ip->payload_len) {
        return false;
    }
    *out = (TcpSegment){ .sport = get_u16(tcp),
                         .dport = get_u16(tcp + 2),
                         .seq = get_u32(tcp + 4),
                         .ack = get_u32(tcp + 8),
                         .flags = tcp[13],
                         .window = get_u16(tcp + 14),
                         .mss = mss_option(tcp + TCP_HEADER_LEN, header - TCP_HEADER_LEN),
                         .octets = tcp + header,
                         .len = ip->payload_len - header };
    return true;
}

static uint32_t segment_end(const TcpSegment *s)
{
    return s->seq + (uint32_t)s->len + ((s->flags & TCP_FIN) != 0 ? 1 : 0);
}

/* --- the handshake --- */

static void take_mss(TcpConn *conn, const TcpSegment *s)
{
    if (s->mss != 0) {
        conn->mss = (uint16_t)CLAMP(s->mss, TCP_MSS_MIN, TCP_MSS);
    }
}

static void answer_syn(NetHost *host, const NetAddr *peer, const TcpSegment *s)
{
    TcpConn *conn = tcp_conn_new(host, s->dport, peer, s->sport);

    conn->state = TCP_SYN_RECEIVED;
    conn->rcv_nxt = s->seq + 1;
    conn->snd_wnd = s->window;
    conn->sa = s->sa;
    take_mss(conn, s);
    SimContext context = sim_context(host->net->sim);
    sim_set_context(host->net->sim, (SimContext){ .cause = context.cause });
    tcp_queue(conn, TCP_SYN, NULL, 0);
    sim_set_context(host->net->sim, context);
    tcp_output(conn);
}

static void in_syn_sent(TcpConn *conn, const TcpSegment *s)
{
    bool ack_right = (s->flags & TCP_ACK) != 0 && s->ack == conn->snd_nxt;

    if ((s->flags & TCP_ACK) != 0 && !ack_right) {
        tcp_refuse(conn->host, &conn->peer, s);
        return;
    }
    if ((s->flags & TCP_RST) != 0) {
        if (ack_right) {
            tcp_end(conn, TCP_RESET);
        }
        return;
    }
    if ((s->flags & TCP_SYN) == 0 || !ack_right) {
        return;
    }
    conn->rcv_nxt = s->seq + 1;
    conn->snd_wnd = s->window;
    conn->sa = s->sa;
    conn->state = TCP_ESTABLISHED;
    conn->ack_due = true;
    take_mss(conn, s);
    tcp_acknowledged(conn, s->ack);
    if (!conn->silent && conn->events != NULL) {
        conn->events->connected(conn->ctx, conn);
    }
}

static void accept_conn(TcpConn *conn)
{
    const TcpListener *listener = tcp_find_listener(conn->host, conn->local_port);

    conn->state = TCP_ESTABLISHED;
    if (listener != NULL) {
        listener->accepted(listener->ctx, conn);
    }
    if (conn->events == NULL && conn->state == TCP_ESTABLISHED) {
        tcp_abort(conn);
    }
}

/* --- established and later --- */

static void enter_time_wait(TcpConn *conn)
{
    conn->state = TCP_TIME_WAIT;
    tcp_set_timer(conn, TCP_TIME_WAIT_DELAY);
}

/* False when the segment is done with: it acknowledges what was never sent, or the connection is no more. */
static bool take_ack(TcpConn *conn, const TcpSegment *s)
{
    if (seq_lt(conn->snd_nxt, s->ack)) {
        tcp_challenge(conn);
        return false;
    }
    if (seq_lt(conn->snd_una, s->ack)) {
        tcp_acknowledged(conn, s->ack);
    }
    if (!seq_lt(s->ack, conn->snd_una)) {
        conn->snd_wnd = s->window;
    }
    if (conn->unacked != NULL) {
        return true;
    }
    switch ((TcpState)conn->state) { /* our FIN is acknowledged */
    case TCP_FIN_WAIT_1:
        conn->state = TCP_FIN_WAIT_2;
        tcp_set_timer(conn, TCP_FIN_WAIT_DELAY);
        return true;
    case TCP_CLOSING: enter_time_wait(conn); return true;
    case TCP_LAST_ACK: tcp_finish(conn); return false;
    case TCP_SYN_SENT:
    case TCP_SYN_RECEIVED:
    case TCP_ESTABLISHED:
    case TCP_FIN_WAIT_2:
    case TCP_TIME_WAIT:
    case TCP_CLOSE_WAIT:
    case TCP_CLOSED: return true;
    }
    return true;
}

static void take_fin(TcpConn *conn)
{
    conn->rcv_nxt++;
    conn->ack_due = true;
    switch ((TcpState)conn->state) {
    case TCP_ESTABLISHED:
        conn->state = TCP_CLOSE_WAIT;
        if (!conn->silent && conn->events != NULL) {
            conn->silent = true;
            conn->events->ended(conn->ctx, conn, TCP_CLOSED_BY_PEER);
        }
        tcp_close(conn);
        break;
    case TCP_FIN_WAIT_1: conn->state = TCP_CLOSING; break;
    case TCP_FIN_WAIT_2: enter_time_wait(conn); break;
    case TCP_SYN_SENT:
    case TCP_SYN_RECEIVED:
    case TCP_CLOSING:
    case TCP_TIME_WAIT:
    case TCP_CLOSE_WAIT:
    case TCP_LAST_ACK:
    case TCP_CLOSED: break;
    }
}

/* Give the user what is new in the octets from @seq on, which is not after rcv_nxt. */
static void deliver(TcpConn *conn, uint32_t seq, const uint8_t *octets, size_t len, uint8_t flags)
{
    size_t old = conn->rcv_nxt - seq;

    if (old < len) {
        conn->rcv_nxt += (uint32_t)(len - old);
        conn->n_challenges = 0;
        conn->ack_due = true;
        if (!conn->silent && conn->events != NULL) {
            conn->events->data(conn->ctx, conn, octets + old, len - old);
        }
    }
    if ((flags & TCP_FIN) != 0 && conn->rcv_nxt == seq + (uint32_t)len) {
        take_fin(conn);
    }
}

/* Keep a segment that came before its turn, if there is room. */
static void keep_early(TcpConn *conn, const TcpSegment *s)
{
    TcpChunk **at = &conn->early;

    while (*at != NULL && seq_lt((*at)->seq, s->seq)) {
        at = &(*at)->next;
    }
    if (conn->n_early == TCP_EARLY_MAX || (*at != NULL && (*at)->seq == s->seq)) {
        return;
    }
    TcpChunk *chunk = tcp_chunk_new(conn->host->net, s->len);
    chunk->seq = s->seq;
    chunk->flags = s->flags & TCP_FIN;
    chunk->sa = s->sa;
    chunk->context = sim_context(conn->host->net->sim);
    if (s->len > 0) {
        memcpy(chunk->octets, s->octets, s->len);
    }
    chunk->next = *at;
    *at = chunk;
    conn->n_early++;
}

static void deliver_early(TcpConn *conn)
{
    Net *net = conn->host->net;
    SimContext context = sim_context(net->sim);

    while (conn->early != NULL && seq_le(conn->early->seq, conn->rcv_nxt)) {
        TcpChunk *chunk = conn->early;
        conn->early = chunk->next;
        conn->n_early--;
        chunk->next = NULL;
        if (seq_lt(conn->rcv_nxt, chunk_end(chunk))) {
            sim_set_context(net->sim, chunk->context);
            conn->sa = chunk->sa;
            deliver(conn, chunk->seq, chunk->octets, chunk->len, chunk->flags);
        }
        pool_give(&net->pool, chunk);
    }
    sim_set_context(net->sim, context);
}

static void take_data(TcpConn *conn, const TcpSegment *s)
{
    if (segment_end(s) == s->seq) {
        return;
    }
    conn->ack_due = true;
    if (seq_lt(conn->rcv_nxt, s->seq)) {
        keep_early(conn, s);
        return;
    }
    if (s->len > 0) {
        conn->sa = s->sa;
    }
    deliver(conn, s->seq, s->octets, s->len, s->flags);
    deliver_early(conn);
}

static bool is_in_window(const TcpConn *conn, const TcpSegment *s)
{
    uint32_t end = segment_end(s);

    if (s->seq - conn->rcv_nxt < TCP_WINDOW) {
        return true;
    }
    return end != s->seq && end - 1 - conn->rcv_nxt < TCP_WINDOW;
}

static void in_synchronized(TcpConn *conn, const TcpSegment *s)
{
    bool resets = (s->flags & TCP_RST) != 0;

    if (!is_in_window(conn, s) || (!resets && (s->flags & TCP_SYN) != 0)) {
        if (!resets) {
            tcp_challenge(conn);
        }
        return;
    }
    if (resets) {
        tcp_end(conn, TCP_RESET);
        return;
    }
    if ((s->flags & TCP_ACK) == 0) {
        return;
    }
    if (conn->state == TCP_SYN_RECEIVED) {
        if (s->ack != conn->snd_nxt) {
            tcp_refuse(conn->host, &conn->peer, s);
            return;
        }
        tcp_acknowledged(conn, s->ack);
        conn->snd_wnd = s->window;
        accept_conn(conn);
    }
    if (conn->state != TCP_CLOSED && take_ack(conn, s)) {
        take_data(conn, s);
    }
}

/* --- dispatch --- */

/* A new connection of an old pair of ends, RFC 1122 §4.2.2.13. */
static bool reopens(const TcpConn *conn, const TcpSegment *s)
{
    return conn->state == TCP_TIME_WAIT && (s->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN &&
           seq_lt(conn->rcv_nxt, s->seq);
}

static void in_no_connection(NetHost *host, const NetAddr *peer, const TcpSegment *s)
{
    bool is_syn = (s->flags & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN)) == TCP_SYN;

    if (is_syn && tcp_find_listener(host, s->dport) != NULL) {
        answer_syn(host, peer, s);
        return;
    }
    host->counters.no_port++;
    tcp_refuse(host, peer, s);
}

void tcp_receive(NetHost *host, const NetPacket *packet, const IpView *ip)
{
    TcpSegment segment;
    NetAddr peer;

    if (!read_segment(ip, &segment)) {
        host->counters.bad_checksum++;
        return;
    }
    segment.sa = packet->sa;
    memcpy(peer.octet, ip->src, sizeof peer.octet);
    TcpConn *conn = tcp_find(host, &peer, segment.sport, segment.dport);
    if (conn != NULL && reopens(conn, &segment)) {
        tcp_finish(conn);
        conn = NULL;
    }
    if (conn == NULL) {
        in_no_connection(host, &peer, &segment);
        return;
    }
    host->counters.received++;
    if (conn->state == TCP_SYN_SENT) {
        in_syn_sent(conn, &segment);
    } else {
        in_synchronized(conn, &segment);
    }
    if (conn->state != TCP_CLOSED) { /* it is still there: freed only when the event ends */
        tcp_output(conn);
        if (conn->ack_due) {
            tcp_send_ack(conn);
        }
    }
}
