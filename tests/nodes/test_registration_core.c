/*
 * Registration at the S-CSCF and the HSS: whose name is stored when, which identities may be used, what is refused.
 */
#include "tests/nodes/support/little_ims.h"
#include <string.h>

static NetTapVerdict drop_esp_up(void *ctx, const NetSighting *sighting)
{
    bool esp = sighting->packet->kind == NET_IP && sighting->packet->data[6] == 50;
    return esp && sighting->dir == NET_UP ? NET_TAP_TAKE : NET_TAP_PASS;
}

/* TS 33.203 §6.1.2.1: the name of the S-CSCF is cleared, also of a user whose profile it never had. */
static void test_timeout_is_told_to_the_hss(void)
{
    LittleConfig config = little_config(6, 6, true);
    LittleIms *ims = little_ims_new(&config);
    net_tap(ims->net, "gi:alice", drop_esp_up, NULL);
    ue_register(ims->ue[0].ue);
    little_run(ims, 100);
    size_t before = little_count(ims, TRACE_SEND, "scscf", "SAR");
    little_run(ims, 500);
    g_assert_cmpuint(before, ==, 0);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "scscf", "SAR"), ==,
                     1); /* the second challenge superseded the first */
    little_ims_finish(ims);
}

static void test_wrong_key_is_told_to_the_hss(void)
{
    LittleConfig config = little_config(6, 6, true);
    config.wrong_key = true;
    LittleIms *ims = little_ims_new(&config);
    ue_register(ims->ue[0].ue);
    little_run(ims, 60);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 403);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "scscf", "SAR"), ==, 1);
    little_ims_finish(ims);
}

static NetTapVerdict drop_challenges(void *ctx, const NetSighting *sighting)
{
    const bool *on = ctx;
    bool challenge = memmem(sighting->packet->data, sighting->packet->len, "nonce=\"", 7) != NULL;
    return *on && sighting->dir == NET_DOWN && challenge ? NET_TAP_TAKE : NET_TAP_PASS;
}

/* A registered user is not de-registered because an authentication does not end (TS 33.203 §6.1.1). */
static void test_registered_user_survives_a_failed_challenge(void)
{
    LittleConfig config = little_config(6, 5, false);
    LittleIms *ims = little_ims_new(&config);
    bool on = false;
    net_tap(ims->net, "gi:alice", drop_challenges, &on);
    ue_register(ims->ue[0].ue);
    ue_register(ims->ue[1].ue);
    little_run(ims, 20);
    size_t before = little_count(ims, TRACE_SEND, "scscf", "SAR");
    on = true;
    ue_reregister(ims->ue[0].ue);
    little_run(ims, 100);
    ue_message(ims->ue[1].ue, ims->ue[0].impu, "still there?");
    little_run(ims, 20);
    g_assert_cmpint(little_outcome(ims, "bob", "message"), ==, 200);
    little_run(ims, 600); /* past reg-await-auth of every challenge */
    g_assert_cmpuint(trace_count_drops(sim_trace(ims->sim), "scscf", "reg-await-timeout"), >, 0);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "scscf", "SAR"), ==, before);
    little_ims_finish(ims);
}

/* What a stranger's identity costs us: nothing to remember, and 403. */
static void test_unknown_identity_is_refused(void)
{
    LittleConfig config = little_config(6, 6, true);
    LittleIms *ims = little_ims_new(&config);
    ue_register(ims->ue[0].ue);
    little_run(ims, 20);
    char addr[NET_ADDR_TEXT_MAX];
    net_addr_text(net_host_addr(ims->ue[0].host), addr);
    g_autofree char *octets = g_strdup_printf(
        "REGISTER sip:home.example SIP/2.0\r\nVia: SIP/2.0/UDP [%s]:5060;branch=z9hG4bKnobody\r\nMax-Forwards: 70\r\n"
        "From: <sip:nobody@home.example>;tag=f\r\nTo: <sip:nobody@home.example>\r\nCall-ID: n\r\nCSeq: 1 REGISTER\r\n"
        "Contact: <sip:[%s]:5065>\r\nAuthorization: Digest username=\"nobody@home.example\",realm=\"home.example\","
        "nonce=\"\",uri=\"sip:home.example\",response=\"\"\r\n"
        "Security-Client: ipsec-3gpp;alg=hmac-sha-1-96;spi-c=5001;spi-s=5002;port-c=6001;port-s=6002\r\n"
        "Content-Length: 0\r\n\r\n",
        addr, addr);
    net_udp_send(ims->ue[0].host, 5060, net_host_addr(pcscf_host(ims->pcscf)), 5060, octets, strlen(octets));
    little_run(ims, 10);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "pcscf", "403 Forbidden"), ==, 1);
    g_assert_cmpuint(hss_vectors(ims->hss), ==, 1); /* alice's own */
    little_ims_finish(ims);
}

/* TS 24.229 C.2: registered with it, but known by the first identity that is not barred. */
static void test_barred_identity_serves_registration_only(void)
{
    LittleConfig config = little_config(6, 6, true);
    config.usim_only = true;
    LittleIms *ims = little_ims_new(&config);
    ue_register(ims->ue[0].ue);
    ue_register(ims->ue[1].ue);
    little_run(ims, 20);
    g_assert_cmpint(little_outcome(ims, "alice", "register"), ==, 200);
    ue_publish(ims->ue[0].ue, true, "canary000001");
    little_run(ims, 10);
    g_assert_cmpint(little_outcome(ims, "alice", "publish"), ==, 200);
    ue_subscribe(ims->ue[1].ue, ims->ue[0].impu, 3600);
    little_run(ims, 20);
    g_assert_cmpuint(little_count(ims, TRACE_DISPLAY, "bob", NULL), >, 0);
    ue_message(ims->ue[1].ue, ims->ue[0].temporary, "nobody is called that");
    little_run(ims, 20);
    g_assert_cmpint(little_outcome(ims, "bob", "message"), >=, 400);
    little_ims_finish(ims);
}

static NetTapVerdict find_keys(void *ctx, const NetSighting *sighting)
{
    unsigned *found = ctx;
    *found += memmem(sighting->packet->data, sighting->packet->len, "ik=\"", 4) != NULL;
    return NET_TAP_PASS;
}

/* Somebody asks for alice's challenge while she answers hers: hers is superseded, nothing leaks, and she can try again.
 */
static void test_second_registration_supersedes(void)
{
    LittleConfig config = little_config(6, 5, false);
    LittleIms *ims = little_ims_new(&config);
    unsigned found = 0;
    char addr[NET_ADDR_TEXT_MAX];
    net_tap(ims->net, "gi:alice", find_keys, &found);
    net_tap(ims->net, "gi:bob", find_keys, &found);
    ue_register(ims->ue[1].ue);
    little_run(ims, 20);
    ue_register(ims->ue[0].ue);
    while (little_count(ims, TRACE_SEND, "pcscf", "401 Unauthorized") < 2)
        little_run(ims, 0.01);
    net_addr_text(net_host_addr(ims->ue[1].host), addr);
    g_autofree char *octets = g_strdup_printf(
        "REGISTER sip:home.example SIP/2.0\r\nVia: SIP/2.0/UDP [%s]:5060;branch=z9hG4bKsecond\r\nMax-Forwards: 70\r\n"
        "From: <%s>;tag=f\r\nTo: <%s>\r\nCall-ID: second\r\nCSeq: 1 REGISTER\r\nContact: <sip:[%s]:5065>\r\n"
        "Authorization: Digest "
        "username=\"%s\",realm=\"home.example\",nonce=\"\",uri=\"sip:home.example\",response=\"\"\r\n"
        "Security-Client: ipsec-3gpp;alg=hmac-sha-1-96;spi-c=5001;spi-s=5002;port-c=6001;port-s=6002\r\n"
        "Content-Length: 0\r\n\r\n",
        addr, ims->ue[0].impu, ims->ue[0].impu, addr, ims->ue[0].impi);
    net_udp_send(ims->ue[1].host, 5060, net_host_addr(pcscf_host(ims->pcscf)), 5060, octets, strlen(octets));
    little_run(ims, 20);
    g_assert_cmpuint(hss_vectors(ims->hss), >=, 3); /* bob's, alice's, and the second of hers */
    g_assert_cmpuint(found, ==, 0);
    if (!ue_registered(ims->ue[0].ue)) {
        ue_register(ims->ue[0].ue);
        little_run(ims, 20);
    }
    g_assert_true(ue_registered(ims->ue[0].ue));
    little_run(ims, 600);
    g_assert_true(ue_registered(ims->ue[0].ue));
    little_ims_finish(ims);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nodes/registration-core/a-time-out-is-told-to-the-hss", test_timeout_is_told_to_the_hss);
    g_test_add_func("/nodes/registration-core/a-wrong-key-is-told-to-the-hss", test_wrong_key_is_told_to_the_hss);
    g_test_add_func("/nodes/registration-core/a-registered-user-survives-a-failed-challenge",
                    test_registered_user_survives_a_failed_challenge);
    g_test_add_func("/nodes/registration-core/an-unknown-identity-is-refused", test_unknown_identity_is_refused);
    g_test_add_func("/nodes/registration-core/a-barred-identity-serves-registration-only",
                    test_barred_identity_serves_registration_only);
    g_test_add_func("/nodes/registration-core/a-second-registration-supersedes-the-first",
                    test_second_registration_supersedes);
    return g_test_run();
}
