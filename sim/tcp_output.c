/*
 * sim/tcp_output.c - TCP segments out: building them, what the window allows, the retransmission timer.
 *
 * Source:  RFC 793 §3.1, §3.7; RFC 2988.
 * Knows:   a connection's chunks.
 */
#include "sim/tcpconn.h"

#include <string.h>

/* --- chunks --- */

TcpChunk *tcp_chunk_new(Net *net, size_t len)
{
    size_t room;
    TcpChunk *chunk = pool_take(&net->pool, sizeof *chunk + len, &room);

    *chunk = (TcpChunk){ .len = (uint16_t)len };
    return chunk;
}

void tcp_chunks_free(Net *net, TcpChunk *chunk)
{
    while (chunk != NULL) {
        TcpChunk *next = chunk->next;
        pool_give(&net->pool, chunk);
        chunk = next;
    }
}

void tcp_queue(TcpConn *conn, uint8_t flags, const uint8_t *octets, size_t len)
{
    TcpChunk *chunk = tcp_chunk_new(conn->host->net, len);

    chunk->seq = conn->snd_end;
    chunk->flags = flags;
    chunk->context = sim_context(conn->host->net->sim);
    if (len > 0) {
        memcpy(chunk->octets, octets, len);
    }
    conn->snd_end = chunk_end(chunk);
    if (conn->unacked == NULL) {
        conn->unacked = chunk;
    } else {
        conn->last->next = chunk;
    }
    conn->last = chunk;
    if (conn->unsent == NULL) {
        conn->unsent = chunk;
    }
}

/* --- segments --- */

static Flight *segment_new(NetHost *host, const NetAddr *peer, const TcpSegment *s)
{
    size_t options = s->mss != 0 ? 4 : 0;
    size_t tcp_len = TCP_HEADER_LEN + options + s->len;
    Flight *flight = flight_new(host->net, IP_HEADER_LEN + tcp_len);
    uint8_t *ip = flight->packet.data;
    uint8_t *tcp = ip + IP_HEADER_LEN;

    ip_header(ip, &host->addr, peer, IP_TCP, tcp_len);
    put_u16(tcp, s->sport);
    put_u16(tcp + 2, s->dport);
    put_u32(tcp + 4, s->seq);
    put_u32(tcp + 8, s->ack);
    tcp[12] = (uint8_t)((TCP_HEADER_LEN + options) / 4 << 4);
    tcp[13] = s->flags;
    put_u16(tcp + 14, s->window);
    put_u32(tcp + 16, 0); /* checksum and urgent pointer */
    if (options > 0) {
        tcp[20] = 2; /* maximum segment size */
        tcp[21] = 4;
        put_u16(tcp + 22, s->mss);
    }
    if (s->len > 0) {
        memcpy(tcp + TCP_HEADER_LEN + options, s->octets, s->len);
    }
    put_u16(tcp + 16, ip_checksum(ip + 8, IP_TCP, tcp, tcp_len));
    return flight;
}

static void send_segment(TcpConn *conn, uint32_t seq, uint8_t flags, const TcpChunk *chunk, SimContext context)
{
    TcpSegment segment = { .sport = conn->local_port,
                           .dport = conn->peer_port,
                           .seq = seq,
                           .ack = (flags & TCP_ACK) != 0 ? conn->rcv_nxt : 0,
                           .flags = flags,
                           .window = TCP_WINDOW,
                           .mss = (flags & TCP_SYN) != 0 ? TCP_MSS : 0,
                           .octets = chunk != NULL ? chunk->octets : NULL,
                           .len = chunk != NULL ? chunk->len : 0 };
    Flight *flight = segment_new(conn->host, &conn->peer, &segment);

    flight->packet.context = context;
    if ((flags & TCP_ACK) != 0) {
        conn->ack_due = false;
    }
    (void)host_send(conn->host, flight); /* what cannot be sent now is sent again, like what got lost */
}

static void send_chunk(TcpConn *conn, const TcpChunk *chunk)
{
    uint8_t flags = chunk->flags;

    if (conn->state != TCP_SYN_SENT) {
        flags |= TCP_ACK;
    }
    if (chunk->len > 0) {
        flags |= TCP_PSH;
    }
    send_segment(conn, chunk->seq, flags, chunk, chunk->context);
}

/* Honest octets, whoever sent what they answer. */
static SimContext own_context(const NetHost *host)
{
    return (SimContext){ .cause = sim_context(host->net->sim).cause };
}

void tcp_send_ack(TcpConn *conn)
{
    send_segment(conn, conn->snd_nxt, TCP_ACK, NULL, own_context(conn->host));
}

/*
 * RFC 5961 §7 limits these answers by time.  Here by number: two ends that an attacker has put out of step would answer
 * each other's answers until the end of the run.
 */
void tcp_challenge(TcpConn *conn)
{
    if (conn->n_challenges < TCP_CHALLENGES_MAX) {
        conn->n_challenges++;
        tcp_send_ack(conn);
    }
}

void tcp_send_rst(TcpConn *conn)
{
    send_segment(conn, conn->snd_nxt, TCP_RST | TCP_ACK, NULL, own_context(conn->host));
}

void tcp_refuse(NetHost *host, const NetAddr *peer, const TcpSegment *segment)
{
    TcpSegment rst = { .sport = segment->dport, .dport = segment->sport, .flags = TCP_RST };

    if ((segment->flags & TCP_RST) != 0) {
        return;
    }
    if ((segment->flags & TCP_ACK) != 0) {
        rst.seq = segment->ack;
    } else {
        uint32_t flags_len = ((segment->flags & TCP_SYN) != 0 ? 1u : 0) + ((segment->flags & TCP_FIN) != 0 ? 1u : 0);
        rst.ack = segment->seq + (uint32_t)segment->len + flags_len;
        rst.flags |= TCP_ACK;
    }
    Flight *flight = segment_new(host, peer, &rst);
    flight->packet.context = own_context(host);
    (void)host_send(host, flight);
}

/* --- the window --- */

static bool window_allows(const TcpConn *conn, const TcpChunk *chunk)
{
    uint32_t window = MAX(conn->snd_wnd, conn->mss); /* one segment probes a window that was closed */

    if ((chunk->flags & TCP_SYN) != 0) {
        return true;
    }
    return conn->state != TCP_SYN_SENT && conn->state != TCP_SYN_RECEIVED &&
           chunk_end(chunk) - conn->snd_una <= window + 1;
}

void tcp_output(TcpConn *conn)
{
    const Sim *sim = conn->host->net->sim;

    while (conn->unsent != NULL && window_allows(conn, conn->unsent)) {
        TcpChunk *chunk = conn->unsent;
        conn->unsent = chunk->next;
        if (conn->timed_at < 0) {
            conn->timed_at = sim_now(sim);
            conn->timed_seq = chunk_end(chunk);
        }
        if (conn->snd_nxt == conn->snd_una) { /* RFC 2988 §5.1: the timer runs while something is not acknowledged */
            tcp_set_timer(conn, conn->rto);
        }
        conn->snd_nxt = chunk_end(chunk);
        send_chunk(conn, chunk);
    }
}

/* --- acknowledgements and the timer --- */

/* RFC 2988 §2 */
static void measure(TcpConn *conn, SimTime rtt)
{
    if (conn->srtt == 0) {
        conn->srtt = MAX(rtt, 1);
        conn->rttvar = rtt / 2;
    } else {
        SimTime error = conn->srtt > rtt ? conn->srtt - rtt : rtt - conn->srtt;
        conn->rttvar += (error - conn->rttvar) / 4;
        conn->srtt += (rtt - conn->srtt) / 8;
    }
    conn->rto = CLAMP(conn->srtt + 4 * conn->rttvar, TCP_RTO_MIN, TCP_RTO_MAX);
}

static void drop_acknowledged(TcpConn *conn)
{
    while (conn->unacked != NULL && seq_le(chunk_end(conn->unacked), conn->snd_una)) {
        TcpChunk *chunk = conn->unacked;
        conn->unacked = chunk->next;
        pool_give(&conn->host->net->pool, chunk);
    }
    if (conn->unacked == NULL) {
        conn->last = NULL;
    }
}

void tcp_acknowledged(TcpConn *conn, uint32_t ack)
{
    SimTime now = sim_now(conn->host->net->sim);

    conn->snd_una = ack;
    conn->retransmissions = 0;
    conn->n_challenges = 0;
    if (conn->timed_at >= 0 && seq_le(conn->timed_seq, ack)) {
        measure(conn, now - conn->timed_at);
        conn->timed_at = -1;
    }
    drop_acknowledged(conn);
    if (conn->snd_una == conn->snd_nxt) {
        sim_cancel(conn->host->net->sim, conn->timer);
        conn->timer = 0;
        return;
    }
    tcp_set_timer(conn, conn->rto);
    if (seq_lt(conn->snd_una, conn->recover)) { /* the next hole of those the timer found */
        send_chunk(conn, conn->unacked);
    }
}

static void retransmit(TcpConn *conn)
{
    if (conn->retransmissions == TCP_RETRANSMISSIONS) {
        tcp_end(conn, TCP_TIMED_OUT);
        return;
    }
    conn->retransmissions++;
    conn->rto = MIN(conn->rto * 2, TCP_RTO_MAX); /* RFC 2988 §5.5 */
    conn->timed_at = -1;                         /* RFC 2988 §3: what is sent twice is not timed */
    conn->recover = conn->snd_nxt;
    tcp_set_timer(conn, conn->rto);
    send_chunk(conn, conn->unacked);
}

static void timer_fired(Sim *sim, void *ctx, uint64_t arg)
{
    TcpConn *conn = ctx;

    conn->timer = 0;
    switch ((TcpState)conn->state) {
    case TCP_TIME_WAIT:
    case TCP_FIN_WAIT_2: tcp_finish(conn); break;
    case TCP_SYN_SENT:
    case TCP_SYN_RECEIVED:
    case TCP_ESTABLISHED:
    case TCP_FIN_WAIT_1:
    case TCP_CLOSING:
    case TCP_CLOSE_WAIT:
    case TCP_LAST_ACK: retransmit(conn); break;
    case TCP_CLOSED: break;
    }
}

void tcp_set_timer(TcpConn *conn, SimTime delay)
{
    Sim *sim = conn->host->net->sim;

    sim_cancel(sim, conn->timer);
    conn->timer = sim_after(sim, conn->host->source, delay, timer_fired, conn, 0);
}
