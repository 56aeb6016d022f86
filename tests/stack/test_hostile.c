/*
 * tests/stack/test_hostile.c - octets that nobody meant: changed, cut and repeated messages at SIP, Diameter and ESP
 * ports.
 *
 * Source:  design: a malformed message gets the protocol's answer, is counted, and never stops the run.
 */
#include "nodes/stack/diameter_peer.h"
#include "nodes/stack/sad.h"
#include "sim/tcp.h"
#include "tests/stack/chain.h"

enum { ROUNDS = 3000 };

/* Some octets changed, some cut off, some doubled. */
static size_t mutate(const Sim *sim, SimStream *stream, const uint8_t *in, size_t len, uint8_t *out, size_t cap)
{
    uint64_t changes = sim_random_below(sim, stream, 4);
    size_t n = MIN(len, cap);

    memcpy(out, in, n);
    for (uint64_t i = 0; i < changes; i++)
        out[sim_random_below(sim, stream, n)] = (uint8_t)sim_random_u64(sim, stream);
    if (sim_random_below(sim, stream, 4) == 0)
        n = sim_random_below(sim, stream, n) + 1;
    if (sim_random_below(sim, stream, 8) == 0 && 2 * n <= cap) {
        memcpy(out + n, out, n);
        n *= 2;
    }
    return n;
}

static const char good[] =
    "MESSAGE sip:bob@home.example SIP/2.0\r\n"
    "Via: SIP/2.0/UDP a.example;rport;branch=z9hG4bK0000, SIP/2.0/UDP [2001:db8::9]:5070\r\n"
    "Max-Forwards: 3\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: c1\r\nCSeq: 1 MESSAGE\r\n"
    "Contact: <sip:a@[2001:db8:1::1]>\r\nContent-Length: 5\r\n\r\nhello";

static void test_sip_udp(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p = node_new(chain, chain->p);
    g_autoptr(Node) b = node_new(chain, chain->b);
    SimStream stream = sim_stream(chain->sim, "test", "hostile", 0);
    uint8_t octets[2048];

    g_autofree char *message = g_strdup(good);
    p->forwards = true;
    p->next = flow_to(chain->b);
    b->answer = 200;
    for (unsigned i = 0; i < ROUNDS; i++) {
        g_autofree char *number = g_strdup_printf("%04u", i);
        memcpy(strstr(message, "z9hG4bK") + strlen("z9hG4bK"), number, 4); /* each a transaction of its own */
        size_t len = mutate(chain->sim, &stream, (const uint8_t *)message, strlen(message), octets, sizeof octets);
        net_udp_send(chain->a, SIP_PORT, net_host_addr(chain->p), SIP_PORT, octets, len);
        chain_run(chain, sim_now(chain->sim) + 20 * SIM_MS);
    }
    g_assert_cmpuint(p->requests, >, 100);
    chain_run(chain, sim_now(chain->sim) + 100 * SIM_SEC);
    g_assert_cmpuint(sip_endpoint_transactions(p->endpoint) + sip_endpoint_transactions(b->endpoint), ==, 0);
}

static void no_connected(void *ctx, TcpConn *conn)
{
}

static void no_data(void *ctx, TcpConn *conn, const uint8_t *octets, size_t len)
{
}

static void no_ended(void *ctx, TcpConn *conn, TcpEnd why)
{
    *(TcpConn **)ctx = NULL;
}

static const TcpEvents no_events = { no_connected, no_data, no_ended };

/* A stream cut at random places into segments; a new connection whenever the other side has had enough. */
static void pour(Chain *chain, uint16_t port, const uint8_t *message, size_t message_len)
{
    SimStream stream = sim_stream(chain->sim, "test", "hostile", port);
    TcpConn *conn = NULL;
    uint8_t octets[2048];

    for (unsigned i = 0; i < ROUNDS / 3; i++) {
        if (conn == NULL)
            conn = tcp_connect(chain->a, 0, net_host_addr(chain->p), port, &no_events, &conn);
        bool as_it_is = sim_random_below(chain->sim, &stream, 2) == 0;
        size_t len = as_it_is ? message_len : mutate(chain->sim, &stream, message, message_len, octets, sizeof octets);
        const uint8_t *from = as_it_is ? message : octets;
        size_t cut = sim_random_below(chain->sim, &stream, len);
        tcp_send(conn, from, cut);
        tcp_send(conn, from + cut, len - cut);
        chain_run(chain, sim_now(chain->sim) + 20 * SIM_MS);
    }
    if (conn != NULL)
        tcp_abort(conn);
}

static void test_sip_tcp(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(Node) p = node_new(chain, chain->p);

    p->answer = 200;
    pour(chain, SIP_PORT, (const uint8_t *)good, strlen(good));
    g_assert_cmpuint(p->requests, >, 100);
    chain_run(chain, sim_now(chain->sim) + 100 * SIM_SEC);
    g_assert_cmpuint(sip_endpoint_transactions(p->endpoint) + sip_endpoint_connections(p->endpoint), ==, 0);
}

static void serve(void *node, DiameterRequest *request, const CxMessage *asked)
{
    CxMessage answer = { .result = CX_UNABLE_TO_COMPLY };
    ++*(unsigned *)node;
    diameter_answer(request, &answer);
}

static void test_diameter(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    unsigned served = 0;
    DiameterPeer *peer = diameter_peer_new(chain->p, "p", "hss.home.example", "home.example", serve, &served);
    CxMessage request = { .command = CX_LOCATION_INFO,
                          .request = true,
                          .session_id = TEXT("x;1"),
                          .origin_host = TEXT("x"),
                          .origin_realm = TEXT("x"),
                          .destination_realm = TEXT("home.example"),
                          .impu = TEXT("sip:alice@home.example") };
    DiameterMsg cer = { .flags = DIAMETER_REQUEST, .command = DIAMETER_CER };
    DiameterWriter w;
    uint8_t octets[1024];

    diameter_start(&w, octets, sizeof octets, &cer);
    diameter_put_text(&w, DIAMETER_ORIGIN_HOST, 0, TEXT("x"));
    diameter_put_u32(&w, DIAMETER_AUTH_APPLICATION_ID, 0, DIAMETER_APP_CX);
    size_t len = diameter_finish(&w);
    len += cx_write(&request, octets + len, sizeof octets - len);
    pour(chain, DIAMETER_PORT, octets, len);
    g_assert_cmpuint(served, >, 20);
    chain_run(chain, sim_now(chain->sim) + 100 * SIM_SEC);
    diameter_peer_free(peer);
}

typedef struct Air {
    GPtrArray *packets;
    unsigned got;
} Air;

static NetTapVerdict keep(void *ctx, const NetSighting *sighting)
{
    g_ptr_array_add(((Air *)ctx)->packets, g_bytes_new(sighting->packet->data, sighting->packet->len));
    return NET_TAP_TAKE;
}

static void hear(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    ((Air *)ctx)->got++;
}

/* Whatever is done to a sealed packet, at most the packet itself gets through, and once. */
static void test_esp(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    g_autoptr(GPtrArray) packets = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    Air air = { .packets = packets };
    Sad *ue = sad_new(chain->a, "a", SAD_UE, NULL), *pcscf = sad_new(chain->p, "p", SAD_PCSCF, NULL);
    SimStream stream = sim_stream(chain->sim, "test", "hostile", 0);
    uint8_t octets[2048];

    for (EspEalg ealg = ESP_NULL; ealg <= ESP_AES_CBC; ealg++) {
        SaParams params = { .ue = *net_host_addr(chain->a),
                            .pcscf = *net_host_addr(chain->p),
                            .spi_uc = 1001 + 10 * ealg,
                            .spi_us = 1002 + 10 * ealg,
                            .spi_pc = 1003 + 10 * ealg,
                            .spi_ps = 1004 + 10 * ealg,
                            .port_uc = (uint16_t)(50001 + ealg),
                            .port_us = 50102,
                            .port_pc = (uint16_t)(50203 + ealg),
                            .port_ps = 50304,
                            .alg = ESP_HMAC_SHA1_96,
                            .ealg = ealg,
                            .ck = { 1, 2, 3 } };
        g_assert_cmpuint(sad_add(ue, &params, true), !=, 0);
        g_assert_cmpuint(sad_add(pcscf, &params, true), !=, 0);
    }
    net_tap(chain->net, "ap", keep, &air);
    g_assert_true(net_udp_bind(chain->p, 50304, hear, &air));
    for (unsigned i = 0; i < 30; i++)
        net_udp_send(chain->a, (uint16_t)(50001 + i % 3), net_host_addr(chain->p), 50304, good, strlen(good));
    chain_run(chain, 10 * SIM_MS);
    g_assert_cmpuint(packets->len, ==, 30);
    for (unsigned i = 0; i < ROUNDS; i++) {
        size_t len;
        const uint8_t *packet = g_bytes_get_data(packets->pdata[i % 30], &len);
        len = mutate(chain->sim, &stream, packet, len, octets, sizeof octets);
        net_inject(chain->net, chain->ap, 0, NET_UP, NET_IP, octets, len, 0, (SimContext){ 0 });
        chain_run(chain, sim_now(chain->sim) + 2 * SIM_MS);
        g_assert_cmpuint(air.got, <=, 30);
    }
    g_assert_cmpuint(air.got, >, 0); /* some rounds change nothing that matters */
    sad_free(ue);
    sad_free(pcscf);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stack/hostile/sip-over-udp", test_sip_udp);
    g_test_add_func("/stack/hostile/sip-over-tcp", test_sip_tcp);
    g_test_add_func("/stack/hostile/diameter", test_diameter);
    g_test_add_func("/stack/hostile/esp", test_esp);
    return g_test_run();
}
