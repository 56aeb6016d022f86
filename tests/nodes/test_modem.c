/*
 * tests/nodes/test_modem.c - what a modem believes and what it refuses, with an attacker on its air who changes, drops,
 * repeats and invents octets.
 */
#include "tests/nodes/radio_world.h"

#define SECRET "the note that nobody should read"

static const AccessPolicy umts = {
    .technology = ACCESS_UMTS, .cipher = RADIO_UEA1, .strength = 50, .protected_discovery = true
};
static const AccessPolicy umts_uea0 = {
    .technology = ACCESS_UMTS, .cipher = RADIO_NONE, .strength = 50, .protected_discovery = true
};
static const AccessPolicy gprs = {
    .technology = ACCESS_GPRS, .cipher = RADIO_GEA3, .strength = 50, .protected_discovery = true
};
static const AccessPolicy gprs_gea0 = {
    .technology = ACCESS_GPRS, .cipher = RADIO_NONE, .strength = 50, .protected_discovery = true
};
static const ModemPolicy umts_handset = { .technology = ACCESS_UMTS };
static const ModemPolicy gprs_handset = { .technology = ACCESS_GPRS };

/* --- an active attacker on the air --- */

typedef struct Tamper {
    World *world;
    AccessType type;                /* what it acts on; the copy that was seen last */
    void (*change)(AccessMsg *msg); /* NULL: takes it away */
    unsigned times, done;
    uint8_t octets[ACCESS_MSG_MAX];
    size_t len;
} Tamper;

static NetTapVerdict tamper_with(void *ctx, const NetSighting *at)
{
    Tamper *tamper = ctx;
    AccessMsg msg;

    if (at->packet->kind != NET_LINK || access_parse(at->packet->data, at->packet->len, &msg) != ACCESS_OK ||
        msg.type != tamper->type)
        return NET_TAP_PASS;
    memcpy(tamper->octets, at->packet->data, at->packet->len);
    tamper->len = at->packet->len;
    if (tamper->done >= tamper->times)
        return NET_TAP_PASS;
    tamper->done++;
    if (tamper->change != NULL) {
        uint8_t octets[ACCESS_MSG_MAX];
        tamper->change(&msg);
        size_t len = access_write(&msg, octets, sizeof octets);
        g_assert_cmpuint(len, >, 0);
        net_inject(tamper->world->net, at->link, at->segment, at->dir, NET_LINK, octets, len, 0, at->packet->context);
    }
    return NET_TAP_TAKE;
}

/* Alice attaches while somebody changes up to @times messages of @type. */
static WorldUe *attach_with(World *world, const AccessPolicy *network, const ModemPolicy *handset, Tamper *tamper)
{
    world_init(world, 7, network);
    tamper->world = world;
    net_tap(world->net, "air:alice", tamper_with, tamper);
    WorldUe *alice = world_add(world, 0, handset);
    modem_attach(alice->modem);
    world_run(world, SIM_NEVER);
    return alice;
}

static size_t drops(const World *world, const char *node, const char *cause)
{
    return trace_count_drops(sim_trace(world->sim), node, cause);
}

/* --- AKA --- */

static void test_bad_autn_is_refused(void)
{
    World world;

    world_init(&world, 7, &umts);
    world.spoil_autn = true;
    WorldUe *alice = world_add(&world, 0, &umts_handset);
    modem_attach(alice->modem);
    world_run(&world, SIM_NEVER);
    g_assert_cmpuint(alice->attached, ==, 0);
    g_assert_cmpuint(alice->failed, ==, 1);
    g_assert_cmpstr(alice->why, ==, "the network could not authenticate itself");
    g_assert_cmpuint(world_decisions(&world, "alice", "modem-verifies-autn"), ==, 1);
    world_clear(&world);
}

static void test_stale_sqn_is_resynchronised(void)
{
    World world;

    world_init(&world, 7, &umts);
    WorldUe *alice = world_add_used(&world, 0, &umts_handset, 100);
    modem_attach(alice->modem);
    world_run(&world, SIM_NEVER);
    g_assert_cmpuint(alice->attached, ==, 1);
    g_assert_cmpuint(world.vectors, ==, 2);
    g_assert_cmpuint(alice->he.seq, ==, 101);
    world_clear(&world);
}

static void forget_autn(AccessMsg *msg)
{
    msg->has &= ~(uint32_t)ACCESS_HAS_AUTN;
}

static void test_umts_takes_no_gsm_challenge(void)
{
    World world;
    Tamper tamper = { .type = ACCESS_AUTH_REQUEST, .change = forget_autn, .times = 9 };
    WorldUe *alice = attach_with(&world, &umts, &umts_handset, &tamper);

    g_assert_cmpuint(alice->attached, ==, 0);
    g_assert_cmpuint(alice->failed, ==, 1);
    world_clear(&world);
}

/* The SRES is not the RES that the network waits for; what counts is that the card answered. */
static void test_gprs_answers_a_gsm_challenge(void)
{
    World world;
    Tamper tamper = { .type = ACCESS_AUTH_REQUEST, .change = forget_autn, .times = 9 };
    WorldUe *alice = attach_with(&world, &gprs, &gprs_handset, &tamper);

    g_assert_cmpuint(world_decisions(&world, "alice", "modem-answers-gsm-challenge"), >=, 1);
    g_assert_cmpuint(alice->failed, ==, 1);
    g_assert_cmpstr(alice->why, ==, "wrong RES");
    world_clear(&world);
}

static void spoil_res(AccessMsg *msg)
{
    msg->res[msg->res_len - 1] ^= 1;
}

static void test_network_compares_the_whole_res(void)
{
    World world;
    Tamper tamper = { .type = ACCESS_AUTH_RESPONSE, .change = spoil_res, .times = 9 };
    WorldUe *alice = attach_with(&world, &gprs, &gprs_handset, &tamper);

    g_assert_cmpuint(alice->attached, ==, 0);
    g_assert_cmpstr(alice->why, ==, "wrong RES");
    world_clear(&world);
}

static void inject_down(World *world, WorldUe *ue, const AccessMsg *msg)
{
    uint8_t octets[ACCESS_MSG_MAX];
    size_t len = access_write(msg, octets, sizeof octets);

    g_assert_cmpuint(len, >, 0);
    net_inject(world->net, ue->link, 0, NET_DOWN, NET_LINK, octets, len, 0, (SimContext){ 0 });
    world_run(world, sim_now(world->sim) + SIM_SEC);
}

/* A GSM cell that is believed to be one, and its bare RAND. */
static void test_dual_mode_takes_no_gsm_challenge(void)
{
    World world;
    ModemPolicy handset = { .technology = ACCESS_UMTS, .dual_mode = true };
    Tamper tamper = { .type = ACCESS_BEACON };
    WorldUe *alice = attach_with(&world, &umts, &handset, &tamper);
    AccessMsg beacon = { .type = ACCESS_BEACON,
                         .has = ACCESS_HAS_CELL | ACCESS_HAS_TECHNOLOGY | ACCESS_HAS_STRENGTH | ACCESS_HAS_CIPHER,
                         .cell = 0x999,
                         .technology = ACCESS_GPRS,
                         .strength = 90 };
    AccessMsg challenge = { .type = ACCESS_AUTH_REQUEST, .has = ACCESS_HAS_CELL | ACCESS_HAS_RAND, .cell = 0x999 };

    inject_down(&world, alice, &beacon);
    g_assert_cmpint(modem_technology(alice->modem), ==, ACCESS_GPRS);
    inject_down(&world, alice, &challenge);
    g_assert_cmpuint(world_decisions(&world, "alice", "modem-answers-gsm-challenge"), ==, 0);
    g_assert_cmpuint(world_decisions(&world, "alice", "modem-verifies-autn"), ==, 1);
    world_run(&world, SIM_NEVER);
    g_assert_cmpint(modem_technology(alice->modem), ==, ACCESS_UMTS); /* and back */
    g_assert_cmpuint(alice->attached, ==, 2);
    world_clear(&world);
}

/* --- the cipher-mode command --- */

static void command_no_cipher(AccessMsg *msg)
{
    msg->cipher = RADIO_NONE;
}

static void forget_mac(AccessMsg *msg)
{
    msg->has &= ~(uint32_t)ACCESS_HAS_MAC;
}

static void test_umts_command_cannot_be_changed(void)
{
    void (*const changes[])(AccessMsg * msg) = { command_no_cipher, forget_mac };

    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        World world;
        Tamper tamper = { .type = ACCESS_CIPHER_MODE_COMMAND, .change = changes[i], .times = 9 };
        WorldUe *alice = attach_with(&world, &umts, &umts_handset, &tamper);
        g_assert_cmpuint(alice->attached, ==, 0);
        g_assert_cmpstr(alice->why, ==, "no valid cipher-mode command came");
        g_assert_cmpuint(drops(&world, "alice", "access-bad-mac"), ==, tamper.done);
        g_assert_false(modem_ciphered(alice->modem));
        world_clear(&world);
    }
}

static void test_umts_survives_one_changed_command(void)
{
    World world;
    Tamper tamper = { .type = ACCESS_CIPHER_MODE_COMMAND, .change = command_no_cipher, .times = 1 };
    WorldUe *alice = attach_with(&world, &umts, &umts_handset, &tamper);

    g_assert_cmpuint(alice->attached, ==, 1);
    g_assert_true(modem_ciphered(alice->modem));
    world_clear(&world);
}

static void claim_no_cipher(AccessMsg *msg)
{
    msg->capabilities = UINT32_C(1) << RADIO_NONE;
}

static void test_capabilities_cannot_be_bid_down(void)
{
    World world;
    Tamper tamper = { .type = ACCESS_ATTACH_REQUEST, .change = claim_no_cipher, .times = 9 };
    WorldUe *alice = attach_with(&world, &umts_uea0, &umts_handset, &tamper);

    g_assert_cmpuint(alice->attached, ==, 0);
    g_assert_cmpstr(alice->why, ==, "the network was told other capabilities than ours");
    world_clear(&world);
}

/* The modem obeys; the genuine network does not take what then comes in the clear, so nothing leaks and nothing works.
 */
static void test_gprs_command_can_be_changed(void)
{
    World world;
    Tamper tamper = { .type = ACCESS_CIPHER_MODE_COMMAND, .change = command_no_cipher, .times = 9 };
    WorldUe *alice = attach_with(&world, &gprs, &gprs_handset, &tamper);

    g_assert_cmpuint(world_decisions(&world, "alice", "modem-obeys-cipher-command"), >=, 1);
    g_assert_cmpuint(alice->attached, ==, 0);
    g_assert_cmpuint(drops(&world, "cell", "radio-clear"), >=, 1);
    world_clear(&world);
}

static void test_command_is_sent_even_for_no_cipher(void)
{
    World world;
    Tamper tamper = { .type = ACCESS_CIPHER_MODE_COMMAND };
    WorldUe *alice = attach_with(&world, &umts_uea0, &umts_handset, &tamper);
    AccessMsg command;

    g_assert_cmpuint(alice->attached, ==, 1);
    g_assert_cmpint(access_parse(tamper.octets, tamper.len, &command), ==, ACCESS_OK);
    g_assert_cmpint(command.cipher, ==, RADIO_NONE);
    g_assert_true(command.has & ACCESS_HAS_MAC);
    g_assert_cmpuint(world_decisions(&world, "cell", "access-commands-cipher"), ==, 1);
    world_clear(&world);
}

/* --- the context, and who names the P-CSCF --- */

static void name_another_pcscf(AccessMsg *msg)
{
    msg->pcscf[0][15] ^= 0xff;
}

static void test_umts_context_answer_is_protected(void)
{
    World world;
    Tamper tamper = { .type = ACCESS_CONTEXT_ACCEPT, .change = name_another_pcscf, .times = 1 };
    WorldUe *alice = attach_with(&world, &umts_uea0, &umts_handset, &tamper);

    g_assert_cmpuint(tamper.done, ==, 1);
    g_assert_cmpuint(drops(&world, "alice", "access-bad-mac"), ==, 1);
    g_assert_true(net_addr_equal(&alice->pcscf, &world.core_addr)); /* from the next try */
    world_clear(&world);
}

static void test_gprs_context_answer_is_not(void)
{
    World world;
    Tamper tamper = { .type = ACCESS_CONTEXT_ACCEPT, .change = name_another_pcscf, .times = 1 };
    WorldUe *alice = attach_with(&world, &gprs_gea0, &gprs_handset, &tamper);

    g_assert_cmpuint(alice->attached, ==, 1);
    g_assert_false(net_addr_equal(&alice->pcscf, &world.core_addr));
    world_clear(&world);
}

/* Swaps two 16-bit words of the P-CSCF's address where it stands in a packet: the UDP checksum stays right. */
static NetTapVerdict swap_words(void *ctx, const NetSighting *at)
{
    const World *world = ctx;
    uint8_t *address = at->packet->kind != NET_IP || at->dir != NET_DOWN
                           ? NULL
                           : memmem(at->packet->data + 40, at->packet->len - 40, world->core_addr.octet, 16);

    if (address != NULL) {
        uint8_t word[2] = { address[4], address[5] };
        memcpy(address + 4, address + 14, 2);
        memcpy(address + 14, word, 2);
    }
    return NET_TAP_PASS;
}

static bool is_steered(AccessTechnology technology, bool open_discovery)
{
    World world;
    AccessPolicy network = { .technology = technology, .strength = 50, .protected_discovery = !open_discovery };
    ModemPolicy handset = { .technology = technology, .open_discovery = open_discovery };

    world_init(&world, 7, &network);
    net_tap(world.net, "air:alice", swap_words, &world);
    WorldUe *alice = world_add(&world, 0, &handset);
    modem_attach(alice->modem);
    world_run(&world, SIM_NEVER);
    g_assert_cmpuint(alice->attached, ==, 1);
    bool steered = !net_addr_equal(&alice->pcscf, &world.core_addr);
    world_clear(&world);
    return steered;
}

static void test_dhcp_can_be_steered_only_where_it_is_asked(void)
{
    g_assert_true(is_steered(ACCESS_UMTS, true)); /* UEA0: the user plane has no integrity */
    g_assert_true(is_steered(ACCESS_WLAN, true));
    g_assert_false(is_steered(ACCESS_UMTS, false));
    g_assert_false(is_steered(ACCESS_WLAN, false));
}

/* --- what the air does --- */

static void test_lost_messages_are_made_up_for(void)
{
    static const AccessType lost[] = { ACCESS_ATTACH_REQUEST, ACCESS_AUTH_REQUEST, ACCESS_AUTH_RESPONSE,
                                       ACCESS_CIPHER_MODE_COMMAND, ACCESS_BEACON };

    for (size_t i = 0; i < G_N_ELEMENTS(lost); i++) {
        World world;
        Tamper tamper = { .type = lost[i], .times = 1 };
        WorldUe *alice = attach_with(&world, &umts, &umts_handset, &tamper);
        g_assert_cmpuint(tamper.done, ==, 1);
        g_assert_cmpuint(alice->attached, ==, 1);
        world_clear(&world);
    }
}

static void test_no_cell_that_fits(void)
{
    World world;

    world_init(&world, 7, &gprs);
    WorldUe *alice = world_add(&world, 0, &umts_handset); /* the cell is GPRS, the handset is not */
    modem_attach(alice->modem);
    world_run(&world, SIM_NEVER);
    g_assert_cmpuint(alice->attached, ==, 0);
    g_assert_cmpstr(alice->why, ==, "no cell that fits was heard");
    world_clear(&world);
}

static void test_late_modem_finds_the_cell(void)
{
    World world;

    world_init(&world, 7, &umts);
    WorldUe *alice = world_add(&world, 0, &umts_handset);
    modem_free(alice->modem);
    alice->modem = NULL;
    world_run(&world, 600 * SIM_SEC); /* the beacons are over */
    MilenageKey key;
    AkaIsim usim;
    world_key(0, &key);
    aka_isim_init(&usim, &key);
    ModemConfig config = { .name = "alice", .imsi = world_imsis[0], .usim = &usim, .policy = umts_handset };
    alice->modem = modem_new(alice->host, alice->link, &config, &world_events, alice);
    modem_attach(alice->modem);
    world_run(&world, SIM_NEVER);
    g_assert_cmpuint(alice->attached, ==, 1);
    world_clear(&world);
}

static void test_repeated_signalling_has_no_effect(void)
{
    World world;
    Tamper tamper = { .type = ACCESS_CONTEXT_REQUEST };
    WorldUe *alice = attach_with(&world, &umts_uea0, &umts_handset, &tamper);

    g_assert_cmpuint(alice->attached, ==, 1);
    net_inject(world.net, alice->link, 0, NET_UP, NET_LINK, tamper.octets, tamper.len, 0, (SimContext){ 0 });
    world_run(&world, SIM_NEVER);
    g_assert_cmpuint(drops(&world, "cell", "access-bad-mac"), ==, 1);
    g_assert_cmpuint(alice->attached, ==, 1);
    world_clear(&world);
}

/* What a handset sends before it has a context, or after, does not get onto the air. */
static void test_no_bearer_no_packet(void)
{
    World world;
    Tamper tamper = { .type = ACCESS_BEACON };
    WorldUe *alice = attach_with(&world, &umts, &umts_handset, &tamper);

    modem_detach(alice->modem);
    world_run(&world, SIM_NEVER);
    world_watch(&world, "air:alice");
    world_talk(&world, alice, SECRET, SIM_NEVER);
    g_assert_cmpuint(world.n_clear_ip + world.n_ciphered, ==, 0);
    world_clear(&world);
}

/* A packet in the clear, from the right address, on a link that is ciphered. */
static void test_clear_packet_on_a_ciphered_link(void)
{
    World world;
    Tamper tamper = { .type = ACCESS_BEACON };
    WorldUe *alice = attach_with(&world, &umts, &umts_handset, &tamper);
    uint8_t packet[48] = { 0x60, [5] = 8, [6] = 17, [7] = 64 };

    memcpy(packet + 8, alice->addr.octet, 16);
    memcpy(packet + 24, world.core_addr.octet, 16);
    world_watch(&world, "iu");
    net_inject(world.net, alice->link, 0, NET_UP, NET_IP, packet, sizeof packet, 0, (SimContext){ 0 });
    net_inject(world.net, alice->link, 0, NET_DOWN, NET_IP, packet, sizeof packet, 0, (SimContext){ 0 });
    world_run(&world, SIM_NEVER);
    g_assert_cmpuint(drops(&world, "cell", "radio-clear"), ==, 1);
    g_assert_cmpuint(drops(&world, "alice", "radio-clear"), ==, 1);
    g_assert_cmpuint(world.n_clear_ip, ==, 0);
    world_clear(&world);
}

static void send_away(World *world, WorldUe *alice)
{
    AccessMsg detach = { .type = ACCESS_DETACH, .has = ACCESS_HAS_CELL, .cell = 0x0101 };
    uint8_t octets[ACCESS_MSG_MAX];
    size_t len = access_write(&detach, octets, sizeof octets);

    g_assert_cmpuint(len, >, 0);
    net_inject(world->net, alice->link, 0, NET_UP, NET_LINK, octets, len, 0, (SimContext){ 0 });
    net_inject(world->net, alice->link, 0, NET_DOWN, NET_LINK, octets, len, 0, (SimContext){ 0 });
    world_run(world, SIM_NEVER);
}

static void test_forged_detach(void)
{
    World world;
    Tamper tamper = { .type = ACCESS_BEACON };
    WorldUe *alice = attach_with(&world, &umts_uea0, &umts_handset, &tamper);

    send_away(&world, alice);
    g_assert_cmpuint(drops(&world, "", "access-bad-mac"), ==, 2); /* UMTS: neither end believes it */
    g_assert_cmpuint(alice->attached, ==, 1);
    world_clear(&world);
    alice = attach_with(&world, &gprs_gea0, &gprs_handset, &tamper);
    send_away(&world, alice);
    g_assert_cmpuint(alice->attached, ==, 2); /* GPRS: gone, and back again */
    world_clear(&world);
}

static void test_detach_and_attach_again(void)
{
    World world;
    Tamper tamper = { .type = ACCESS_BEACON };
    WorldUe *alice = attach_with(&world, &umts, &umts_handset, &tamper);
    NetAddr addr = alice->addr;

    modem_detach(alice->modem);
    world_talk(&world, alice, SECRET, SIM_NEVER);
    g_assert_cmpuint(world.heard[0]->len, ==, 0);
    g_assert_false(modem_ciphered(alice->modem));
    modem_attach(alice->modem);
    world_run(&world, SIM_NEVER);
    world_talk(&world, alice, SECRET, SIM_NEVER);
    g_assert_true(world_saw(world.heard[0], SECRET));
    g_assert_true(world_saw(world.heard[1], "answer from the core"));
    g_assert_true(net_addr_equal(&addr, &alice->addr));
    world_clear(&world);
}

static void test_identity_is_told_to_whoever_asks(void)
{
    World world;
    AccessMsg request = { .type = ACCESS_IDENTITY_REQUEST, .has = ACCESS_HAS_CELL, .cell = 0x0101 };
    uint8_t octets[ACCESS_MSG_MAX];
    Tamper tamper = { .type = ACCESS_IDENTITY_RESPONSE, .world = &world };
    AccessMsg response;

    world_init(&world, 7, &umts);
    net_tap(world.net, "air:alice", tamper_with, &tamper);
    WorldUe *alice = world_add(&world, 0, &umts_handset);
    modem_attach(alice->modem);
    size_t len = access_write(&request, octets, sizeof octets);
    for (SimTime at = 0; at < SIM_SEC; at += 50 * SIM_MS)
        net_inject(world.net, alice->link, 0, NET_DOWN, NET_LINK, octets, len, at, (SimContext){ 0 });
    world_run(&world, SIM_NEVER);
    g_assert_cmpint(access_parse(tamper.octets, tamper.len, &response), ==, ACCESS_OK);
    g_assert_true(text_is(response.imsi, world_imsis[0]));
    g_assert_cmpuint(alice->attached, ==, 1);
    world_clear(&world);
}

/* Noise and frames changed at random, in both directions, while the modem attaches and talks. */
static void test_noise_is_survived(void)
{
    World world;
    uint8_t octets[200];

    world_init(&world, 7, &umts);
    WorldUe *alice = world_add(&world, 0, &umts_handset);
    SimStream stream = sim_stream(world.sim, "test", "noise", 0);
    modem_attach(alice->modem);
    for (unsigned i = 0; i < 2000; i++) {
        size_t len = (size_t)sim_random_below(world.sim, &stream, sizeof octets + 1);
        sim_random(world.sim, &stream, octets, sizeof octets);
        octets[0] = i % 3 == 0 ? ACCESS_VERSION : octets[0];
        net_inject(world.net, alice->link, (unsigned)(i & 1), i & 2 ? NET_UP : NET_DOWN, (NetKind)(i % 3), octets, len,
                   i * SIM_MS, (SimContext){ 0 });
    }
    world_run(&world, SIM_NEVER);
    g_assert_cmpuint(alice->attached, >=, 1);
    world_talk(&world, alice, SECRET, SIM_NEVER);
    g_assert_true(world_saw(world.heard[0], SECRET));
    world_clear(&world);
}

static void test_label_and_state_of_the_cipher(void)
{
    World world;
    Tamper tamper = { .type = ACCESS_BEACON };
    WorldUe *alice = attach_with(&world, &umts_uea0, &umts_handset, &tamper);

    g_assert_true(modem_label_ciphers(alice->modem)); /* its label says UMTS */
    g_assert_false(modem_ciphered(alice->modem));     /* its state says UEA0 */
    g_assert_cmpstr(modem_access_info(alice->modem), ==, "3GPP-UTRAN-FDD; utran-cell-id-3gpp=2620100010000101");
    world_clear(&world);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nodes/modem/bad-autn-is-refused", test_bad_autn_is_refused);
    g_test_add_func("/nodes/modem/stale-sqn-is-resynchronised", test_stale_sqn_is_resynchronised);
    g_test_add_func("/nodes/modem/umts-takes-no-gsm-challenge", test_umts_takes_no_gsm_challenge);
    g_test_add_func("/nodes/modem/gprs-answers-a-gsm-challenge", test_gprs_answers_a_gsm_challenge);
    g_test_add_func("/nodes/modem/network-compares-the-whole-res", test_network_compares_the_whole_res);
    g_test_add_func("/nodes/modem/dual-mode-takes-no-gsm-challenge", test_dual_mode_takes_no_gsm_challenge);
    g_test_add_func("/nodes/modem/no-bearer-no-packet", test_no_bearer_no_packet);
    g_test_add_func("/nodes/modem/clear-packet-on-a-ciphered-link", test_clear_packet_on_a_ciphered_link);
    g_test_add_func("/nodes/modem/umts-command-cannot-be-changed", test_umts_command_cannot_be_changed);
    g_test_add_func("/nodes/modem/umts-survives-one-changed-command", test_umts_survives_one_changed_command);
    g_test_add_func("/nodes/modem/capabilities-cannot-be-bid-down", test_capabilities_cannot_be_bid_down);
    g_test_add_func("/nodes/modem/gprs-command-can-be-changed", test_gprs_command_can_be_changed);
    g_test_add_func("/nodes/modem/command-is-sent-even-for-no-cipher", test_command_is_sent_even_for_no_cipher);
    g_test_add_func("/nodes/modem/umts-context-answer-is-protected", test_umts_context_answer_is_protected);
    g_test_add_func("/nodes/modem/gprs-context-answer-is-not", test_gprs_context_answer_is_not);
    g_test_add_func("/nodes/modem/dhcp-can-be-steered-only-where-it-is-asked",
                    test_dhcp_can_be_steered_only_where_it_is_asked);
    g_test_add_func("/nodes/modem/lost-messages-are-made-up-for", test_lost_messages_are_made_up_for);
    g_test_add_func("/nodes/modem/no-cell-that-fits", test_no_cell_that_fits);
    g_test_add_func("/nodes/modem/late-modem-finds-the-cell", test_late_modem_finds_the_cell);
    g_test_add_func("/nodes/modem/repeated-signalling-has-no-effect", test_repeated_signalling_has_no_effect);
    g_test_add_func("/nodes/modem/forged-detach", test_forged_detach);
    g_test_add_func("/nodes/modem/detach-and-attach-again", test_detach_and_attach_again);
    g_test_add_func("/nodes/modem/identity-is-told-to-whoever-asks", test_identity_is_told_to_whoever_asks);
    g_test_add_func("/nodes/modem/noise-is-survived", test_noise_is_survived);
    g_test_add_func("/nodes/modem/label-and-state-of-the-cipher", test_label_and_state_of_the_cipher);
    return g_test_run();
}
