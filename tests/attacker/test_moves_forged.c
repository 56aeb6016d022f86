/*
 * tests/attacker/test_moves_forged.c - messages of the attacker's own: injected, steered, from a rogue P-CSCF.
 *
 * Source:  threats AT-12, AT-22, AT-30p, AT-41; TS 33.203 §7.2; RFC 3319.
 */
#include "nodes/attacker/private.h"
#include "nodes/msg/dhcp.h"
#include "nodes/msg/sip_auth.h"
#include "tests/attacker/support/pair.h"

#include <string.h>

#define AT_GN   .segment = "gn:alice", .dir = -1
#define SERVERS "ipsec-3gpp;alg=hmac-sha-1-96;ealg=des-ede3-cbc;spi-c=1003;spi-s=1004;port-c=6003;port-s=6004"

static Pair *moved(const Move *move)
{
    Pair *pair = pair_new();
    pair_attacker(pair, "gn:alice", 0, 2021);
    attacker_add_move(pair->attacker, move);
    return pair;
}

static void say(Pair *pair, NetDir dir, char *text)
{
    pair_send(pair, dir, text);
    g_free(text);
}

static const TraceRecord *move_behind(const Pair *pair, TraceId origin)
{
    const TraceRecord *move = trace_get(sim_trace(pair->sim), origin);
    g_assert_nonnull(move);
    g_assert_cmpint(move->kind, ==, TRACE_MOVE);
    return move;
}

/* ---- inject ---- */

static const char template[] = "\n      PUBLISH ${impu} SIP/2.0\n"
                               "      Via: SIP/2.0/UDP [${address}]:5060;branch=z9hG4bK${token}\n"
                               "      From: <${impu}>;tag=${token}\n"
                               "      To: <${impu}>\n"
                               "      Call-ID: ${token}\n"
                               "      CSeq: 1 PUBLISH\n"
                               "      Max-Forwards: 70\n"
                               "      X-Known: ${impi} ${home} ${pcscf}\n"
                               "      \n"
                               "      <presence entity=\"${impu}\"/>\n    ";

static void test_inject(void)
{
    static const Move move = { .verb = MOVE_INJECT,
                               .match = { .segment = "gn:alice", .dir = -1 },
                               .at = 15 * SIM_SEC,
                               .to_port = 5060,
                               .template_text = template };
    g_autoptr(Pair) pair = moved(&move);
    say(pair, NET_UP, sip_register(false, NULL));
    g_assert_cmpuint(pair->got[PAIR_PCSCF]->len, ==, 1);
    pair_run(pair);
    const PairGot *last = pair_last(pair, PAIR_PCSCF);
    g_autofree SipMsg *msg = g_new(SipMsg, 1);
    g_assert_cmpint(sip_parse(msg, last->text, strlen(last->text)), ==, SIP_OK);
    g_assert_true(text_is(msg->uri, "sip:alice@home.example"));
    g_assert_true(text_is(msg->body, "<presence entity=\"sip:alice@home.example\"/>"));
    g_assert_true(text_is(sip_find(msg, "X-Known")->value, "alice-private@home.example home.example 2001:db8:c::5"));
    g_assert_true(msg->has_content_length);
    g_assert_null(strstr(last->text, "${"));
    g_assert_cmpstr(move_behind(pair, last->origin)->move.verb, ==, "inject");
    g_assert_cmpuint(last->port, ==, 5060);
    g_assert_cmpuint(attacker_moves(pair->attacker), ==, 1);
}

static void test_inject_waits_until_he_knows(void)
{
    static const Move move = { .verb = MOVE_INJECT,
                               .match = { .segment = "gn:alice", .dir = -1 },
                               .to_port = 5060,
                               .template_text = "REGISTER sip:${home} SIP/2.0\nAuthorization: ${authorization}\n" };
    g_autoptr(Pair) pair = moved(&move);
    pair_run(pair); /* its time: he has heard nothing */
    say(pair, NET_UP, sip_register(false, NULL));
    say(pair, NET_UP, sip_publish("", "x"));
    g_assert_cmpuint(attacker_moves(pair->attacker), ==, 0);
    say(pair, NET_UP, sip_register(true, NULL));
    g_assert_cmpuint(attacker_moves(pair->attacker), ==, 1);
    const PairGot *last = pair->got[PAIR_PCSCF]->pdata[2];
    g_assert_cmpuint(pair->got[PAIR_PCSCF]->len, ==, 4);
    bool first = last->origin != 0;
    const PairGot *forged = first ? last : pair_last(pair, PAIR_PCSCF);
    g_assert_nonnull(strstr(forged->text, "response=\"0123456789abcdef0123456789abcdef\""));
    say(pair, NET_UP, sip_register(true, NULL));
    g_assert_cmpuint(pair->got[PAIR_PCSCF]->len, ==, 5); /* once */
}

static void test_what_he_never_learns_is_never_sent(void)
{
    static const Move move = { .verb = MOVE_INJECT,
                               .match = { .segment = "gn:alice", .dir = -1 },
                               .template_text = "REGISTER sip:${home} SIP/2.0\nX: ${no-such-thing}\n" };
    g_autoptr(Pair) pair = moved(&move);
    say(pair, NET_UP, sip_register(true, NULL));
    pair_run(pair);
    g_assert_cmpuint(attacker_moves(pair->attacker), ==, 0);
    g_assert_cmpuint(pair->got[PAIR_PCSCF]->len, ==, 1);
}

static void test_inject_to_the_protected_port(void)
{
    for (unsigned as_esp = 0; as_esp < 2; as_esp++) {
        Move move = { .verb = MOVE_INJECT,
                      .match = { .segment = "gn:alice", .dir = -1 },
                      .at = 35 * SIM_SEC,
                      .as_esp = as_esp != 0,
                      .template_text = template };
        g_autoptr(Pair) pair = moved(&move);
        say(pair, NET_UP, sip_register(false, NULL));
        say(pair, NET_DOWN, sip_challenge("", SERVERS));
        pair_protect(pair, ESP_HMAC_SHA1_96, ESP_NULL);
        say(pair, NET_UP, sip_register(true, NULL));
        pair_run(pair);
        g_assert_cmpuint(attacker_moves(pair->attacker), ==, 1);
        g_assert_cmpuint(pair->got[PAIR_PCSCF]->len, ==, 2); /* SM1, SM7 */
        g_assert_cmpuint(pair_drops(pair, as_esp ? "esp-bad-icv" : "esp-unprotected-port"), ==, 1);
        const PairFrame *frame = pair->frames->pdata[pair->frames->len - 1];
        IpPacket ip;
        IpEspNull null;
        g_assert_cmpint(ip_packet_parse(frame->octets->data, frame->octets->len, &ip), ==, IP_OK);
        g_assert_cmpuint(ip.next_header, ==, as_esp ? IP_ESP : IP_UDP);
        if (as_esp) {
            g_assert_cmpuint(ip.esp.spi, ==, 1004);
            g_assert_cmpuint(ip.esp.seq, ==, 2);
            g_assert_true(ip_esp_null(&ip, &null)); /* well-formed but for the ICV */
            g_assert_cmpuint(null.udp.dport, ==, PORT_PS);
        } else {
            g_assert_cmpuint(ip.udp.dport, ==, PORT_PS);
        }
    }
}

static void test_inject_towards_the_ue(void)
{
    static const Move move = { .verb = MOVE_INJECT,
                               .match = { .segment = "gn:alice", .dir = NET_DOWN },
                               .at = 5 * SIM_SEC,
                               .template_text = "NOTIFY sip:[${address}] SIP/2.0\nContent-Length: 4\n\nabcd" };
    g_autoptr(Pair) pair = moved(&move);
    say(pair, NET_UP, sip_register(false, NULL));
    const PairGot *last = pair_last(pair, PAIR_UE);
    g_assert_cmpstr(last->text, ==, "NOTIFY sip:[2001:db8:1::a:11ce] SIP/2.0\r\nContent-Length: 4\r\n\r\nabcd");
    g_assert_cmpuint(last->port, ==, PORT_US); /* named in Security-Client */
}

/* ---- rogue proxy ---- */

static const Move rogue = { .verb = MOVE_ROGUE_PROXY,
                            .match = { AT_GN, .message = "SM6" },
                            .value = "ipsec-3gpp;alg=hmac-sha-1-96;spi-c=7;spi-s=8;port-c=9;port-s=10" };

static void test_rogue_proxy(void)
{
    g_autoptr(Pair) pair = moved(&rogue);
    say(pair, NET_UP, sip_register(false, NULL));
    say(pair, NET_DOWN, sip_challenge("", SERVERS));
    const PairGot *sm6 = pair_last(pair, PAIR_UE);
    g_assert_nonnull(strstr(sm6->text, "spi-s=8"));
    g_assert_null(strstr(sm6->text, "des-ede3-cbc"));
    g_assert_nonnull(strstr(sm6->text, "nonce=\"bm9uY2U=\"")); /* the genuine challenge */
    g_assert_cmpstr(move_behind(pair, sm6->origin)->move.verb, ==, "rogue-proxy");
    pair_protect(pair, ESP_HMAC_SHA1_96, ESP_NULL);
    say(pair, NET_UP, sip_register(true, NULL));
    g_assert_cmpuint(pair->got[PAIR_PCSCF]->len, ==, 1); /* SM7 never arrives */
    g_assert_nonnull(pair_reading(pair, "response=\"0123456789abcdef0123456789abcdef\""));
    g_assert_cmpuint(attacker_moves(pair->attacker), ==, 1);
}

/* Another victim of his, on another segment, is not cut off. */
static void test_rogue_proxy_on_its_segment_only(void)
{
    Move elsewhere = rogue;
    elsewhere.match.segment = "gi:alice";
    g_autoptr(Pair) pair = moved(&rogue);
    attacker_add_move(pair->attacker, &elsewhere);
    g_assert_cmpuint(attacker_moves(pair->attacker), ==, 0);
    pair_protect(pair, ESP_HMAC_SHA1_96, ESP_NULL);
    say(pair, NET_UP, sip_publish("", "x")); /* no SM6 was replaced yet */
    g_assert_cmpuint(pair->got[PAIR_PCSCF]->len, ==, 1);
}

/* ---- steer ---- */

static GByteArray *dhcp_answer(const Pair *pair, const NetAddr *pcscf, uint16_t dport)
{
    uint8_t duid[DHCP_DUID_LL_LEN], octets[DHCP_MSG_MAX];
    DhcpMsg reply = { .type = DHCP_REPLY, .transaction = 0xabcdef, .n_sip_servers = 1 };
    dhcp_duid(1, duid);
    reply.client_duid = reply.server_duid = (Octets){ duid, sizeof duid };
    memcpy(reply.sip_server[0], pcscf->octet, sizeof pcscf->octet);
    size_t len = dhcp_write(&reply, octets, sizeof octets);
    return packet_udp(pair->pcscf_addr.octet, pair->ue_addr.octet, DHCP_SERVER_PORT, dport, octets, len);
}

typedef struct Heard {
    DhcpMsg msg;
    uint8_t octets[DHCP_MSG_MAX];
    unsigned n;
    TraceId origin;
} Heard;

static void on_dhcp(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    Heard *heard = ctx;
    memcpy(heard->octets, datagram->octets, MIN(datagram->len, sizeof heard->octets));
    g_assert_cmpint(dhcp_parse(heard->octets, datagram->len, &heard->msg), ==, DHCP_OK);
    heard->origin = sim_context(net_sim(net_host_net(host))).origin;
    heard->n++;
}

static void test_steer(void)
{
    NetAddr neighbour = net_addr_make(UINT64_C(0x20010db8000c0000), 0x99), none = { { 0 } };
    const NetAddr *const to[] = { &neighbour, &none };
    for (unsigned i = 0; i < 2; i++) {
        Move move = { .verb = MOVE_STEER, .match = { AT_GN, .message = "dhcp-reply" }, .steer_to = *to[i] };
        g_autoptr(Pair) pair = moved(&move);
        g_autoptr(GByteArray) answer = dhcp_answer(pair, &pair->pcscf_addr, DHCP_CLIENT_PORT);
        Heard heard = { .n = 0 };
        net_udp_unbind(pair->ue, DHCP_CLIENT_PORT);
        g_assert_true(net_udp_bind(pair->ue, DHCP_CLIENT_PORT, on_dhcp, &heard));
        pair_feed(pair, NET_DOWN, answer->data, answer->len);
        g_assert_cmpuint(heard.n, ==, 1);
        g_assert_cmpuint(heard.msg.transaction, ==, 0xabcdef); /* or the UE would not believe it */
        g_assert_cmpmem(heard.msg.sip_server[0], 16, i == 0 ? neighbour.octet : pair->pcscf_addr.octet, 16);
        g_assert_cmpuint(attacker_moves(pair->attacker), ==, i == 0 ? 1 : 0); /* nowhere to steer: no move */
        if (i == 0)
            g_assert_cmpstr(move_behind(pair, heard.origin)->move.verb, ==, "steer");
        else
            g_assert_cmpuint(heard.origin, ==, 0);
    }
}

static void test_steering_where_it_goes_anyway(void)
{
    g_autoptr(Pair) pair = pair_new();
    Move move = { .verb = MOVE_STEER, .match = { AT_GN, .message = "dhcp-reply" }, .steer_to = pair->pcscf_addr };
    g_autoptr(GByteArray) answer = dhcp_answer(pair, &pair->pcscf_addr, DHCP_CLIENT_PORT);
    pair_attacker(pair, "gn:alice", 0, 2021);
    attacker_add_move(pair->attacker, &move);
    pair_feed(pair, NET_DOWN, answer->data, answer->len);
    g_assert_cmpuint(attacker_moves(pair->attacker), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attacker/moves/inject", test_inject);
    g_test_add_func("/attacker/moves/inject-waits-until-he-knows", test_inject_waits_until_he_knows);
    g_test_add_func("/attacker/moves/what-he-never-learns-is-never-sent", test_what_he_never_learns_is_never_sent);
    g_test_add_func("/attacker/moves/inject-to-the-protected-port", test_inject_to_the_protected_port);
    g_test_add_func("/attacker/moves/inject-towards-the-ue", test_inject_towards_the_ue);
    g_test_add_func("/attacker/moves/rogue-proxy", test_rogue_proxy);
    g_test_add_func("/attacker/moves/rogue-proxy-on-its-segment-only", test_rogue_proxy_on_its_segment_only);
    g_test_add_func("/attacker/moves/steer", test_steer);
    g_test_add_func("/attacker/moves/steering-where-it-goes-anyway", test_steering_where_it_goes_anyway);
    return g_test_run();
}
