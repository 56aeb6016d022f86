/*
 * ui/bench_tls.c - `presec bench tls`: what an idle TLS connection costs in memory, both ends together.
 *
 * Source:  design, budgets: at most 256 octets after hibernation; crypto/tls_hibernate.h.
 * Knows:   SIP endpoints, one for each client and one server; nodes/stack/tls_private.h for what an end keeps.
 */
#include "ui/bench.h"

#include "crypto/ca.h"
#include "nodes/stack/tls_private.h"
#include "ui/interrupt.h"

#include <string.h>

#define DAY INT64_C(86400)

static const NetLinkSpec wire = { .segment = { { .name = "gm", .delay = 10 * SIM_US } }, .n_segments = 1 };
static const char request[] = "MESSAGE sip:home.example SIP/2.0\r\nMax-Forwards: 70\r\n"
                              "From: <sip:alice@home.example>;tag=1\r\nTo: <sip:bob@home.example>\r\n"
                              "Call-ID: 1\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n";

/* A server, its certificate, and many clients. */
typedef struct Many {
    Sim *sim;
    SimStream stream;
    Net *net;
    SipEndpoint *server, **client;
    size_t n, answered;
    Ca *ca;
    CertTrust *trust;
    CertKey *key;
    Cert *cert;
    TlsContext *at_server, *at_client;
} Many;

static void draw(void *ctx, uint8_t *out, size_t len)
{
    Many *many = ctx;
    sim_random(many->sim, &many->stream, out, len);
}

static void make_papers(Many *many)
{
    const CryptoRandom random = { draw, many };
    const CertName name = { CERT_NAME_DNS, "pcscf.visited.example" };
    const int64_t now = sim_unix_time(many->sim);
    many->stream = sim_stream(many->sim, "ca", "bench", 0);
    many->ca = ca_new("CA", cert_key_generate(CERT_KEY_EC_P256, &random), now - DAY, now + DAY, &random);
    many->key = cert_key_generate(CERT_KEY_EC_P256, &random);
    many->cert = ca_issue(many->ca,
                          &(CaRequest){ .subject = name.name,
                                        .names = &name,
                                        .n_names = 1,
                                        .key = many->key,
                                        .valid_from = now - DAY,
                                        .valid_until = now + DAY },
                          &random);
    many->trust = cert_trust_new();
    cert_trust_add(many->trust, ca_root(many->ca));
    many->at_client = tls_context_new(&(TlsPolicy){ .trust = many->trust });
    many->at_server = tls_context_new(&(TlsPolicy){ .server = true, .cert = many->cert, .key = many->key });
    g_assert(many->cert && many->at_client && many->at_server);
}

static void serve(void *node, SipServerTx *tx, const SipMsg *msg, const SipFlow *from)
{
    sip_respond_status(tx, 200, NULL, NULL);
}

static SipEndpoint *endpoint(NetHost *host, void *node)
{
    return sip_endpoint_new(&(SipEndpointConfig){ .name = net_host_name(host),
                                                  .host = host,
                                                  .timers = &sip_timers_core,
                                                  .tcp_above = 1300,
                                                  .request = serve,
                                                  .node = node });
}

static Many *many_new(size_t n)
{
    Many *many = g_new0(Many, 1);
    const NetAddr home = net_addr_make(1, 1);
    many->sim = sim_new(&(SimConfig){ .seed = 1 });
    many->net = net_new(many->sim);
    many->n = n;
    many->client = g_new(SipEndpoint *, n);
    make_papers(many);
    NetHost *server = net_host_new(many->net, "server", &home);
    many->server = endpoint(server, many);
    g_assert(sip_endpoint_listen(many->server, SIP_PORT));
    g_assert(sip_endpoint_use_tls(many->server, &(SipTls){ .server = many->at_server, .port = SIPS_PORT }));
    for (size_t i = 0; i < n; i++) {
        const NetAddr addr = net_addr_make(2 + i, 1);
        NetHost *host = net_host_new(many->net, "client", &addr);
        NetLink *link = net_link_new(many->net, &wire, NULL, host, server);
        net_route_default(host, link);
        net_route_addr(server, &addr, link);
        many->client[i] = endpoint(host, many);
        g_assert(sip_endpoint_use_tls(many->client[i], &(SipTls){ .client = many->at_client }));
    }
    return many;
}

static void many_free(Many *many)
{
    for (size_t i = 0; i < many->n; i++)
        sip_endpoint_free(many->client[i]);
    sip_endpoint_free(many->server);
    tls_context_free(many->at_client);
    tls_context_free(many->at_server);
    cert_free(many->cert);
    cert_key_free(many->key);
    cert_trust_free(many->trust);
    ca_free(many->ca);
    net_free(many->net);
    sim_free(many->sim);
    g_free(many->client);
    g_free(many);
}

static void done(void *ctx, SipClientTx *tx, const SipMsg *response, const char *why)
{
    Many *many = ctx;
    many->answered += response != NULL;
}

/* A request from each client and its answer, one after the other; then nothing.  Octets of heap for each. */
static double connect_all(Bench *bench, Many *many, SipTransport transport)
{
    const double before = bench_heap();
    SipFlow to = { .addr = net_addr_make(1, 1), .transport = transport };
    to.port = transport == SIP_TLS ? SIPS_PORT : SIP_PORT;
    for (size_t i = 0; i < many->n && !interrupt_requested(); i++) {
        (void)sip_send_request(many->client[i], &to, request, strlen(request), false, done, many);
        sim_run(many->sim, sim_now(many->sim) + SIM_MS, 0);
    }
    sim_run(many->sim, sim_now(many->sim) + 2 * SIM_SEC, 0);
    if (!interrupt_requested() && (many->answered != many->n || sip_endpoint_connections(many->server) != many->n))
        bench_fault(bench, "of %zu clients %zu have an answer and %zu a connection", many->n, many->answered,
                    sip_endpoint_connections(many->server));
    return (bench_heap() - before) / (double)many->n;
}

static double measure(Bench *bench, size_t n, SipTransport transport)
{
    Many *many = many_new(n);
    const double octets = connect_all(bench, many, transport);
    for (size_t i = 0; transport == SIP_TLS && i < n && !interrupt_requested(); i++)
        if (!tls_end_find(many->client[i], 1)->sleeps || !tls_end_find(many->server, (uint32_t)i + 1)->sleeps)
            bench_fault(bench, "connection %zu is not hibernated", i + 1);
    many_free(many);
    return octets;
}

void bench_tls(Bench *bench)
{
    const size_t n = bench_pick(bench, 3, 1000, 10000);
    term_progress(bench->term, "tls: %zu connections", n);
    (void)measure(bench, 1, SIP_TLS); /* what OpenSSL keeps for ever */
    const double tcp = measure(bench, n, SIP_TCP), tls = measure(bench, n, SIP_TLS);
    if (interrupt_requested())
        return;
    const double frozen = 2 * sizeof(TlsFrozen);
    BenchRow *row = bench_row(bench, frozen, "octets", "idle TLS connection, both ends: keys, numbers, version");
    bench_budget(row, frozen <= 256, "at most 256 octets");
    row = bench_row(bench, tls, "octets", "all of it with SIP and TCP, what the heap has given out");
    bench_note(row, "of these %.0f are the two TLS ends, the rest are connections and tables", 2.0 * sizeof(TlsEnd));
    bench_floor(row, tcp, tls / tcp, "an idle SIP connection over bare TCP");
}
