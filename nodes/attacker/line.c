/*
 * nodes/attacker/line.c - TLS over a TCP connection of his own, and the SIP messages in it.
 *
 * Source:  as nodes/attacker/line.h.
 * Knows:   one connection.
 */
#include "nodes/attacker/line.h"

enum { LINE_PORTION = 4096 }; /* octets of plaintext taken at once */

struct Line {
    Attacker *attacker;
    Sim *sim;
    TcpConn *tcp; /* NULL: it has ended */
    Tls *tls;
    TlsContext *context;
    SimContext move;
    SimStream stream;
    GByteArray *plain;
    bool open, over;
    const LineEvents *events;
    void *ctx;
};

/* --- another's part on a link --- */

/* A segment without data is nobody's message: it is his. */
static bool carries_data(const NetPacket *packet)
{
    IpPacket ip;
    return ip_packet_parse(packet->data, packet->len, &ip) == IP_OK && ip.next_header == IP_TCP &&
           ip.tcp.payload.len > 0;
}

static NetVerdict on_out(void *ctx, NetHost *host, NetPacket *packet)
{
    Impostor *self = ctx;
    SimContext context = carries_data(packet) ? packet->context : self->move;
    net_inject(net_host_net(host), self->link, self->segment, self->dir, NET_IP, packet->data, packet->len, 0, context);
    return NET_DISCARD; /* it is on its way already */
}

Impostor *impostor_new(Net *net, const char *name, const NetAddr *addr, const Place *place, NetDir dir, TraceId move)
{
    Impostor *self = g_new0(Impostor, 1);
    *self = (Impostor){ .host = net_host_new(net, name, NULL),
                        .link = place->link,
                        .segment = place->index,
                        .dir = dir,
                        .move = { move, move },
                        .hook = { .out = on_out, .ctx = self } };
    net_host_pose_as(self->host, addr);
    net_host_set_ip_hook(self->host, &self->hook);
    return self;
}

void impostor_hear(Impostor *impostor, const NetSighting *sighting)
{
    const NetPacket *packet = sighting->packet;
    net_host_deliver(impostor->host, packet->data, packet->len, sighting->frame, packet->context);
}

/* --- octets out --- */

static void draw(void *ctx, uint8_t *out, size_t len)
{
    Line *line = ctx;
    sim_random(line->sim, &line->stream, out, len);
}

/* What TLS has made, in the current context. */
static void flush(Line *line)
{
    size_t len = tls_waiting(line->tls);
    if (len == 0 || line->tcp == NULL)
        return;
    uint8_t *octets = sim_alloc(line->sim, len);
    len = tls_take(line->tls, octets, len);
    tcp_send(line->tcp, octets, len);
}

/* Handshakes and alerts are his own. */
static void flush_own(Line *line)
{
    SimContext before = sim_context(line->sim);
    sim_set_context(line->sim, line->move);
    flush(line);
    sim_set_context(line->sim, before);
}

void line_send(Line *line, const void *octets, size_t len)
{
    if (line->over || !tls_send(line->tls, octets, len))
        return;
    flush(line);
}

bool line_is_open(const Line *line)
{
    return line != NULL && line->open && !line->over;
}

/* --- the end --- */

static void free_later(gpointer data)
{
    line_free(data);
}

static void end(Line *line, const char *why)
{
    if (line->over)
        return;
    line->over = true;
    line->tcp = NULL;
    if (why != NULL && line->events->ended != NULL)
        line->events->ended(line->ctx, line, why);
    sim_defer_free(line->sim, free_later, line);
}

void line_close(Line *line)
{
    if (line == NULL || line->over)
        return;
    tls_close(line->tls);
    flush_own(line);
    tcp_close(line->tcp);
    end(line, NULL);
}

void line_free(Line *line)
{
    if (line->tcp != NULL)
        tcp_set_events(line->tcp, NULL, NULL);
    tls_free(line->tls);
    g_byte_array_unref(line->plain);
    g_free(line);
}

/* --- octets in --- */

static void take_messages(Line *line)
{
    g_autofree SipMsg *msg = g_new(SipMsg, 1);
    SimContext arrived = sim_context(line->sim);

    while (line->plain->len > 0 && !line->over) {
        size_t used = 0;
        SipParseResult result = sip_parse_stream(msg, (const char *)line->plain->data, line->plain->len, &used);
        if (result == SIP_BAD && used == 0) {
            line_close(line);
            return;
        }
        if (result == SIP_OK)
            line->events->message(line->ctx, line, msg);
        sim_set_context(line->sim, arrived);
        g_byte_array_remove_range(line->plain, 0, (guint)used);
        if (result == SIP_INCOMPLETE)
            return;
    }
}

static void take_plain(Line *line)
{
    uint8_t *portion = sim_alloc(line->sim, LINE_PORTION);
    size_t len;
    while ((len = tls_receive(line->tls, portion, LINE_PORTION)) > 0)
        g_byte_array_append(line->plain, portion, (guint)len);
    take_messages(line);
}

static void on_data(void *ctx, TcpConn *tcp, const uint8_t *octets, size_t len)
{
    Line *line = ctx;
    const TlsStatus *status = tls_status(line->tls);

    tls_feed(line->tls, octets, len);
    flush_own(line);
    if (!line->open && (status->state == TLS_OPEN || status->state == TLS_PEER_CLOSED)) {
        line->open = true;
        line->events->open(line->ctx, line);
    }
    if (!line->over)
        take_plain(line);
    if (line->over || (status->state != TLS_FAILED && status->state != TLS_PEER_CLOSED))
        return;
    const char *why = status->state == TLS_FAILED ? tls_failure_name(status->failure) : "closed by the other side";
    tls_close(line->tls);
    flush_own(line);
    tcp_close(tcp);
    end(line, why);
}

static void on_connected(void *ctx, TcpConn *tcp)
{
    flush_own(ctx); /* the ClientHello */
}

static void on_ended(void *ctx, TcpConn *tcp, TcpEnd why)
{
    Line *line = ctx;
    line->tcp = NULL;
    end(line, why == TCP_TIMED_OUT ? "nobody answers" : "the connection was closed");
}

static const TcpEvents line_tcp_events = { on_connected, on_data, on_ended };

/* --- the beginning --- */

static Line *line_new(Attacker *attacker, const Impostor *impostor, TlsContext *context, const LineEvents *events,
                      void *ctx)
{
    Line *line = g_new0(Line, 1);
    *line = (Line){ .attacker = attacker,
                    .sim = attacker->sim,
                    .context = context,
                    .move = impostor->move,
                    .stream = sim_stream(attacker->sim, attacker->config.name, "tls", attacker->n_lines++),
                    .plain = g_byte_array_new(),
                    .events = events,
                    .ctx = ctx };
    TlsPeer peer = { .now = sim_unix_time(attacker->sim) };
    CryptoRandom random = { .fill = draw, .ctx = line };
    line->tls = tls_new(context, &peer, &random);
    return line;
}

Line *line_connect(Attacker *attacker, Impostor *from, uint16_t sport, const NetAddr *to, uint16_t dport,
                   TlsContext *context, const LineEvents *events, void *ctx)
{
    Line *line = line_new(attacker, from, context, events, ctx);
    SimContext before = sim_context(attacker->sim);
    sim_set_context(attacker->sim, from->move);
    line->tcp = tcp_connect(from->host, sport, to, dport, &line_tcp_events, line);
    sim_set_context(attacker->sim, before);
    if (line->tcp != NULL)
        return line;
    line_free(line);
    return NULL;
}

Line *line_accept(Attacker *attacker, Impostor *at, TcpConn *tcp, TlsContext *context, const LineEvents *events,
                  void *ctx)
{
    Line *line = line_new(attacker, at, context, events, ctx);
    line->tcp = tcp;
    tcp_set_events(tcp, &line_tcp_events, line);
    return line;
}
