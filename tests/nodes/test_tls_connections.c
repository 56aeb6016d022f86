/*
 * Option 4: whose a TLS connection is, at the P-CSCF, and what becomes of its user when it is lost.
 *
 * Source: S3 §2, option 4; RFC 5923; TS 33.203 §7.1 (rule 4); threats K40, AT-48.
 */
#include "sim/ip.h"
#include "tests/nodes/support/little_client.h"
#include <string.h>

#define CAROL_IMPI "carol.k3j9x8f2q7aa@home.example"
#define CAROL      "sip:carol.x8f2m4q7p1zz@home.example"
#define ALICE_IMPI "alice.k3j9x8f2q7aa@home.example"
#define ALICE      "sip:alice.x8f2m4q7p1zz@home.example"

/* Alice registered, carol's card in the hands of @client. */
static LittleIms *with_client(const LittleConfig *config, LittleClient **client)
{
    LittleConfig all = *config;
    all.n_ues = LITTLE_UES;
    LittleIms *ims = little_ims_registered(&all, 60);
    *client = little_client_new(ims, "carol", CAROL_IMPI);
    return ims;
}

static void finish(LittleIms *ims, LittleClient *client)
{
    if (g_test_verbose())
        little_print(ims);
    little_client_free(client);
    little_ims_free(ims);
}

static void register_carol(LittleClient *client)
{
    g_assert_cmpuint(little_client_register(client, CAROL_IMPI, CAROL, false, 3600), ==, 401);
    g_assert_cmpuint(little_client_register(client, CAROL_IMPI, CAROL, true, 3600), ==, 200);
}

static void test_one_user(gconstpointer version)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, GPOINTER_TO_UINT(version));
    LittleClient *client;
    LittleIms *ims = with_client(&config, &client);
    register_carol(client);
    g_assert_cmpuint(client->version, ==, GPOINTER_TO_UINT(version));
    g_assert_cmpuint(little_client_register(client, ALICE_IMPI, ALICE, false, 3600), ==, 403);
    g_assert_true(little_decided(ims, "pcscf", "pcscf-connection-of-another"));
    /* what goes over it is carol's, whatever it says */
    g_assert_cmpuint(little_client_say(client, "MESSAGE", ALICE, ALICE), ==, 200);
    g_assert_cmpuint(little_count(ims, TRACE_DISPLAY, "alice", NULL), ==, 1);
    const Trace *trace = sim_trace(ims->sim);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == TRACE_DISPLAY)
            g_assert_cmpstr(r->display.from, ==, CAROL);
    }
    ue_message(ims->ue[0].ue, CAROL, "hello");
    little_run(ims, 10);
    g_assert_cmpuint(client->requests, ==, 1);
    finish(ims, client);
}

static void test_nobody_until_registered(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    LittleClient *client;
    LittleIms *ims = with_client(&config, &client);
    g_assert_cmpuint(little_client_register(client, CAROL_IMPI, CAROL, false, 3600), ==, 401);
    g_assert_cmpuint(little_client_say(client, "MESSAGE", ALICE, CAROL), ==, 0);
    g_assert_cmpuint(trace_count_drops(sim_trace(ims->sim), "pcscf", "sip-not-registered"), ==, 1);
    little_run(ims, 300); /* nor does it stay */
    g_assert_cmpuint(client->ended, ==, 1);
    g_assert_cmpuint(trace_count_drops(sim_trace(ims->sim), "pcscf", "tls-of-nobody"), ==, 1);
    finish(ims, client);
}

/* "tls-pending" proves nobody: neither does it need no challenge, nor may it de-register. */
static void test_nobody_de_registers_another(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    LittleClient *client;
    LittleIms *ims = with_client(&config, &client);
    g_assert_cmpuint(little_client_register(client, ALICE_IMPI, ALICE, false, 0), ==, 401);
    ue_message(ims->ue[1].ue, ALICE, "hello");
    little_run(ims, 10);
    g_assert_cmpuint(little_count(ims, TRACE_DISPLAY, "alice", NULL), ==, 1);
    finish(ims, client);
}

static void test_wrong_answer(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 2);
    LittleClient *client;
    LittleIms *ims = with_client(&config, &client);
    g_assert_cmpuint(little_client_register(client, CAROL_IMPI, CAROL, false, 3600), ==, 401);
    client->version = 1; /* right RES, without the keys */
    g_assert_cmpuint(little_client_register(client, CAROL_IMPI, CAROL, true, 3600), ==, 403);
    g_assert_true(little_decided(ims, "scscf", "scscf-auth-failure"));
    finish(ims, client);
}

static void test_leaves(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    LittleClient *client;
    LittleIms *ims = with_client(&config, &client);
    register_carol(client);
    g_assert_cmpuint(little_client_register(client, CAROL_IMPI, CAROL, false, 0), ==, 200);
    g_assert_cmpuint(little_client_say(client, "MESSAGE", ALICE, CAROL), ==, 0);
    g_assert_cmpuint(trace_count_drops(sim_trace(ims->sim), "pcscf", "sip-not-registered"), ==, 1);
    register_carol(client); /* on the same connection */
    g_assert_cmpuint(client->opened, ==, 1);
    finish(ims, client);
}

/* The user's newest connection is his; the one before is closed. */
static void test_newest_connection(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    LittleClient *client;
    LittleIms *ims = with_client(&config, &client);
    register_carol(client);
    uint32_t before = client->connection;
    client->connection = 0;
    sip_endpoint_close_tls(client->endpoint, before);
    register_carol(client);
    g_assert_cmpuint(client->connection, !=, before);
    ue_message(ims->ue[0].ue, CAROL, "hello");
    little_run(ims, 10);
    g_assert_cmpuint(client->requests, ==, 1);
    finish(ims, client);
}

/* --- client certificates --- */

static void test_own_certificate(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    config.tls.subscribers = true;
    config.pcscf.binds_certificate = true;
    LittleIms *ims = little_ims_registered(&config, 60);
    g_assert_false(little_decided(ims, "pcscf", "pcscf-certificate-mismatch"));
    little_ims_finish(ims);
}

static LittleIms *run_with_certificate_of_another(bool binds)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    config.tls.subscribers = config.tls.of_another = true;
    config.pcscf.binds_certificate = binds;
    LittleIms *ims = little_ims_new(&config);
    ue_register(ims->ue[0].ue);
    little_run(ims, 60);
    return ims;
}

static void test_certificate_of_another_is_refused(void)
{
    LittleIms *ims = run_with_certificate_of_another(true);
    g_assert_true(little_decided(ims, "pcscf", "pcscf-certificate-mismatch"));
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 403);
    g_assert_cmpuint(hss_vectors(ims->hss), ==, 0);
    little_ims_finish(ims);
}

static void test_certificate_of_another_is_not_looked_at(void)
{
    LittleIms *ims = run_with_certificate_of_another(false);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    little_ims_finish(ims);
}

static void test_no_certificate_is_refused(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    config.pcscf.binds_certificate = true;
    LittleIms *ims = little_ims_new(&config);
    ue_register(ims->ue[0].ue);
    little_run(ims, 60);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 403);
    little_ims_finish(ims);
}

/* --- lost connections --- */

/* Changes one record on its way to bob; the TCP checksum does not notice two words that have changed places. */
typedef struct Breaker {
    bool armed;
} Breaker;

static NetTapVerdict break_record(void *ctx, const NetSighting *sighting)
{
    Breaker *breaker = ctx;
    NetPacket *packet = sighting->packet;
    uint8_t *tcp = packet->data + IP_HEADER_LEN, *at = tcp + TCP_HEADER_LEN + 20, word[2];

    if (!breaker->armed || sighting->dir != NET_DOWN || packet->kind != NET_IP || packet->data[6] != IP_TCP ||
        get_u16(tcp) != SIPS_PORT || packet->len < IP_HEADER_LEN + TCP_HEADER_LEN + 100)
        return NET_TAP_PASS;
    memcpy(word, at, 2);
    memcpy(at, at + 2, 2);
    memcpy(at + 2, word, 2);
    breaker->armed = false;
    return NET_TAP_PASS;
}

static void test_lost_and_found(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    LittleIms *ims = little_ims_registered(&config, 60);
    Breaker breaker = { false };
    net_tap(ims->net, "gi:bob", break_record, &breaker);
    little_run(ims, 60);
    breaker.armed = true;
    ue_message(ims->ue[0].ue, ims->ue[1].impu, "one");
    little_run(ims, 20);
    g_assert_true(little_decided(ims, "pcscf", "pcscf-connection-lost"));
    g_assert_true(little_decided(ims, "bob", "ue-connection-lost"));
    g_assert_cmpint(little_outcome(ims, "bob", "connection"), ==, -1);
    g_assert_cmpuint(little_count(ims, TRACE_DISPLAY, "bob", NULL), ==, 0);
    g_assert_cmpint(little_outcome(ims, "alice", "message"), >=, 400);
    g_assert_true(ue_registered(ims->ue[1].ue)); /* anew */
    g_assert_cmpuint(little_outcomes(ims, "bob", "register"), ==, 2);
    ue_message(ims->ue[0].ue, ims->ue[1].impu, "two");
    little_run(ims, 20);
    g_assert_cmpint(little_outcome(ims, "alice", "message"), ==, 200);
    g_assert_cmpuint(little_count(ims, TRACE_DISPLAY, "bob", NULL), ==, 1);
    little_ims_finish(ims);
}

static void test_not_reachable_meanwhile(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    LittleIms *ims = little_ims_registered(&config, 60);
    ue_power_off(ims->ue[1].ue); /* closes it, and says nothing else */
    little_run(ims, 5);
    g_assert_true(little_decided(ims, "pcscf", "pcscf-connection-lost"));
    ue_message(ims->ue[0].ue, ims->ue[1].impu, "one");
    little_run(ims, 5);
    g_assert_cmpint(little_outcome(ims, "alice", "message"), ==, 480);
    little_ims_finish(ims);
}

static void test_subscription_outlives_the_connection(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    LittleIms *ims = little_ims_registered(&config, 60);
    Breaker breaker = { false };
    net_tap(ims->net, "gi:bob", break_record, &breaker);
    ue_subscribe(ims->ue[1].ue, ims->ue[0].impu, 3600);
    little_run(ims, 10);
    size_t shown = little_count(ims, TRACE_DISPLAY, "bob", NULL);
    breaker.armed = true;
    ue_message(ims->ue[0].ue, ims->ue[1].impu, "breaks it");
    little_run(ims, 60);
    g_assert_true(ue_registered(ims->ue[1].ue));
    ue_publish(ims->ue[0].ue, true, "x");
    little_run(ims, 20);
    g_assert_cmpuint(little_count(ims, TRACE_DISPLAY, "bob", NULL), ==, shown + 1);
    little_ims_finish(ims);
}

/* Whoever breaks every connection makes the UE give up in the end. */
static NetTapVerdict break_always(void *ctx, const NetSighting *sighting)
{
    const Breaker *breaker = ctx;
    Breaker now = { breaker->armed && sighting->packet->len > 400 };
    return break_record(&now, sighting);
}

static void test_gives_up(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    LittleIms *ims = little_ims_registered(&config, 60);
    Breaker breaker = { true };
    net_tap(ims->net, "gi:bob", break_always, &breaker);
    ue_message(ims->ue[0].ue, ims->ue[1].impu, "a message that is long enough to be broken on its way to bob, for one");
    little_run(ims, 2000);
    g_assert_true(little_decided(ims, "bob", "ue-gives-up"));
    g_assert_false(ue_registered(ims->ue[1].ue));
    size_t handshakes = little_count(ims, TRACE_TLS, "bob", NULL);
    little_run(ims, 4000);
    g_assert_cmpuint(little_count(ims, TRACE_TLS, "bob", NULL), ==, handshakes);
    little_ims_finish(ims);
}

/* The port is blocked when it comes back: by IPsec, where that is allowed. */
static void test_falls_back_when_lost(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    config.ue[1].falls_back = true;
    LittleIms *ims = little_ims_registered(&config, 60);
    Breaker breaker = { true };
    net_tap(ims->net, "gi:bob", break_record, &breaker);
    ue_message(ims->ue[0].ue, ims->ue[1].impu, "one");
    little_run(ims, 0.5);
    while (!little_decided(ims, "bob", "ue-connection-lost"))
        little_run(ims, 0.1);
    net_block_protocol(ims->net, 6, SIPS_PORT);
    little_run(ims, 60);
    g_assert_true(little_decided(ims, "bob", "ue-falls-back"));
    g_assert_true(ue_registered(ims->ue[1].ue));
    g_assert_cmpuint(little_count(ims, TRACE_SA, "bob", NULL), >, 0);
    little_ims_finish(ims);
}

/* --- others --- */

static NetTapVerdict hash_packet(void *ctx, const NetSighting *sighting)
{
    if (sighting->packet->kind == NET_IP)
        g_checksum_update(ctx, sighting->packet->data, (gssize)sighting->packet->len);
    return NET_TAP_PASS;
}

static char *packets_of_two(unsigned n_ues)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 2);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    config.n_ues = n_ues;
    LittleIms *ims = little_ims_new(&config);
    net_tap(ims->net, "air:alice", hash_packet, sum);
    net_tap(ims->net, "air:bob", hash_packet, sum);
    for (unsigned i = n_ues; i-- > 0;) /* the stranger first */
        ue_register(ims->ue[i].ue);
    little_run(ims, 20);
    for (unsigned i = n_ues; i-- > 0;)
        ue_publish(ims->ue[i].ue, true, ims->ue[i].name);
    little_run(ims, 10);
    ue_subscribe(ims->ue[1].ue, ims->ue[0].impu, 3600);
    if (n_ues > 2)
        ue_subscribe(ims->ue[2].ue, ims->ue[2].impu, 3600);
    little_run(ims, 10);
    ue_reregister(ims->ue[0].ue);
    little_run(ims, 30);
    little_ims_free(ims);
    return g_strdup(g_checksum_get_string(sum));
}

static void test_stranger_changes_nothing(void)
{
    g_autofree char *two = packets_of_two(2), *three = packets_of_two(3);
    g_assert_cmpstr(two, ==, three);
}

static void test_state_is_counted(void)
{
    LittleConfig config = little_tls_config(UE_GM_TLS, 1);
    LittleIms *tls = little_ims_registered(&config, 60);
    config.ue[0].gm = config.ue[1].gm = UE_GM_IPSEC;
    LittleIms *ipsec = little_ims_registered(&config, 60);
    /* A connection's octets stand in the place of the security associations'. */
    g_assert_cmpuint(pcscf_state_octets(tls->pcscf) + sad_set_octets(), >=, pcscf_state_octets(ipsec->pcscf) + 124);
    little_ims_free(tls);
    little_ims_free(ipsec);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func("/nodes/tls-connections/" name, function)
    g_test_add_data_func("/nodes/tls-connections/is-one-users", GUINT_TO_POINTER(1), test_one_user);
    g_test_add_data_func("/nodes/tls-connections/is-one-users-with-akav2", GUINT_TO_POINTER(2), test_one_user);
    ADD("is-nobodys-until-registered", test_nobody_until_registered);
    ADD("nobody-de-registers-another", test_nobody_de_registers_another);
    ADD("wrong-answer-is-refused", test_wrong_answer);
    ADD("is-nobodys-after-de-registration", test_leaves);
    ADD("the-newest-is-used", test_newest_connection);
    ADD("own-certificate", test_own_certificate);
    ADD("certificate-of-another-is-refused", test_certificate_of_another_is_refused);
    ADD("certificate-of-another-is-not-looked-at", test_certificate_of_another_is_not_looked_at);
    ADD("no-certificate-is-refused", test_no_certificate_is_refused);
    ADD("lost-and-found", test_lost_and_found);
    ADD("not-reachable-without", test_not_reachable_meanwhile);
    ADD("a-subscription-outlives-it", test_subscription_outlives_the_connection);
    ADD("gives-up-when-none-lasts", test_gives_up);
    ADD("falls-back-when-lost", test_falls_back_when_lost);
    ADD("a-stranger-changes-no-packet", test_stranger_changes_nothing);
    ADD("state-is-counted", test_state_is_counted);
    return g_test_run();
}
