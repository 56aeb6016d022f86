/*
 * Registration against people who write their own messages: what must not be believed, and from whom.
 */
#include "tests/nodes/support/little_ims.h"
#include <string.h>

static const char *const alice_impi = "alice.k3j9x8f2q7aa@home.example";
static const char *const alice_impu = "sip:alice.x8f2m4q7p1zz@home.example";

static LittleIms *registered(unsigned ue_release, unsigned pcscf_release)
{
    LittleConfig config = little_config(ue_release, pcscf_release, pcscf_release >= 6);
    return little_ims_registered(&config, 20);
}

static unsigned bindings(const LittleIms *ims, bool made)
{
    const Trace *trace = sim_trace(ims->sim);
    unsigned n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        n += r->kind == TRACE_REGISTRATION && r->registration.made == made;
    }
    return n;
}

/* A REGISTER of alice's, in the clear, by whoever is at @host; @lines: Authorization and the rest. */
static char *forged_register(const NetHost *host, const char *lines)
{
    char addr[NET_ADDR_TEXT_MAX];
    net_addr_text(net_host_addr(host), addr);
    return g_strdup_printf("REGISTER sip:home.example SIP/2.0\r\nVia: SIP/2.0/UDP [%s]:5060;branch=z9hG4bKforged1\r\n"
                           "Max-Forwards: 70\r\nFrom: <%s>;tag=f\r\nTo: <%s>\r\nCall-ID: forged\r\nCSeq: 1 REGISTER\r\n"
                           "Contact: <sip:[%s]:5060>;expires=0\r\n%sContent-Length: 0\r\n\r\n",
                           addr, alice_impu, alice_impu, addr, lines);
}

static void send_from(NetHost *host, const NetAddr *to, const char *octets)
{
    net_udp_send(host, 5060, to, 5060, octets, strlen(octets));
}

/* Our verdict on the protection is in the Authorization that the S-CSCF reads, whichever others the UE wrote. */
static void test_second_authorization_is_no_way_in(void)
{
    LittleIms *ims = registered(6, 6);
    g_autofree char *lines = g_strdup_printf(
        "Authorization: Basic bm9ib2R5\r\nAuthorization: Digest username=\"%s\",realm=\"home.example\",nonce=\"\","
        "uri=\"sip:home.example\",response=\"\",integrity-protected=\"yes\"\r\n"
        "Security-Client: ipsec-3gpp;alg=hmac-sha-1-96;spi-c=5001;spi-s=5002;port-c=6001;port-s=6002\r\n",
        alice_impi);
    g_autofree char *octets = forged_register(ims->ue[1].host, lines);
    send_from(ims->ue[1].host, net_host_addr(pcscf_host(ims->pcscf)), octets);
    little_run(ims, 10);
    g_assert_cmpuint(bindings(ims, false), ==, 0);
    little_ims_finish(ims);
}

static NetTapVerdict answer_sm1_with_200(void *ctx, const NetSighting *sighting)
{
    LittleIms *ims = ctx;
    if (sighting->packet->kind != NET_IP || sighting->dir != NET_UP || sighting->packet->len < 60 ||
        memmem(sighting->packet->data, sighting->packet->len, "REGISTER sip:", 13) == NULL)
        return NET_TAP_PASS;
    g_autofree char *text = g_strndup((const char *)sighting->packet->data + 48, sighting->packet->len - 48);
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    g_autoptr(GString) answer = g_string_new("SIP/2.0 200 OK\r\n");
    static const char *const copied[] = { "Via:", "From:", "To:", "Call-ID:", "CSeq:", "Contact:" };
    for (char **line = lines; *line != NULL; line++)
        for (unsigned i = 0; i < G_N_ELEMENTS(copied); i++)
            if (g_str_has_prefix(*line, copied[i]))
                g_string_append_printf(answer, "%s\r\n", *line);
    g_string_append(answer, "Content-Length: 0\r\n\r\n");
    net_udp_send(pcscf_host(ims->pcscf), 5060, net_host_addr(ims->ue[0].host), 5060, answer->str, answer->len);
    return NET_TAP_TAKE;
}

/* Who has not answered a challenge is not registered, and sends nothing in the clear. */
static void test_forged_200_to_sm1_registers_nobody(void)
{
    LittleConfig config = little_config(6, 6, true);
    LittleIms *ims = little_ims_new(&config);
    net_tap(ims->net, "gi:alice", answer_sm1_with_200, ims);
    ue_register(ims->ue[0].ue);
    little_run(ims, 5);
    g_assert_false(ue_registered(ims->ue[0].ue));
    ue_publish(ims->ue[0].ue, true, "canary000001");
    little_run(ims, 10);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "alice", "PUBLISH"), ==, 0);
    little_ims_finish(ims);
}

static unsigned challenges_seen;

static void stranger_got(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    if (memmem(datagram->octets, datagram->len, "ik=\"", 4) != NULL)
        challenges_seen++;
}

/* IK and CK stand in the challenge: it goes to P-CSCFs of the networks, not to whoever asks (TS 33.203 §6.1.1, NDS). */
static void test_no_keys_for_a_stranger_at_the_edge(void)
{
    LittleIms *ims = registered(6, 6);
    static const NetLinkSpec inet = { .segment = { { .name = "inet", .delay = 5 * SIM_MS } }, .n_segments = 1 };
    NetAddr addr = net_addr_make(UINT64_C(0x20010db8ffff0000), 66);
    NetHost *stranger = net_host_new(ims->net, "stranger", &addr);
    NetHost *edge = icscf_host(ims->icscf);
    NetLink *link = net_link_new(ims->net, &inet, NULL, stranger, edge);
    net_route_addr(stranger, net_host_addr(edge), link);
    net_route_addr(edge, &addr, link);
    net_udp_bind(stranger, 5060, stranger_got, NULL);
    g_autofree char *lines = g_strdup_printf("Authorization: Digest username=\"%s\",realm=\"home.example\",nonce=\"\","
                                             "uri=\"sip:home.example\",response=\"\",integrity-protected=\"%s\"\r\n",
                                             alice_impi, "no");
    g_autofree char *asks = forged_register(stranger, lines);
    challenges_seen = 0;
    send_from(stranger, net_host_addr(edge), asks);
    little_run(ims, 10);
    g_assert_cmpuint(challenges_seen, ==, 0);
    g_assert_cmpuint(bindings(ims, false), ==, 0);
    little_ims_finish(ims);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nodes/hostile-register/a-second-authorization-is-no-way-in",
                    test_second_authorization_is_no_way_in);
    g_test_add_func("/nodes/hostile-register/a-forged-200-to-sm1-registers-nobody",
                    test_forged_200_to_sm1_registers_nobody);
    g_test_add_func("/nodes/hostile-register/no-keys-for-a-stranger-at-the-edge",
                    test_no_keys_for_a_stranger_at_the_edge);
    return g_test_run();
}
