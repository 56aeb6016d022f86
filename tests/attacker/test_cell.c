/*
 * tests/attacker/test_cell.c - false cells against real modems: what each technology lets them do, and what not.
 */
#include "nodes/attacker/cell.h"
#include "tests/nodes/radio_world.h"

#define SECRET "the note that nobody should read"

typedef struct Lure {
    World world;
    WorldUe *alice, *mallory;
    NetLink *probe;
    Cell *cell;
    GString *read[2]; /* by direction, what the cell handed to its reader */
    uint64_t last_frame[2];
    unsigned packets_with_origin;
} Lure;

static void lure_read(void *ctx, const uint8_t *octets, size_t len, NetDir dir, uint64_t frame, SimContext context)
{
    Lure *lure = ctx;

    g_string_append_len(lure->read[dir], (const char *)octets, (gssize)len);
    lure->last_frame[dir] = frame;
    lure->packets_with_origin += context.origin != 0;
}

static void mallory_attached(void *ctx, const NetAddr *addr, const NetAddr *pcscf)
{
    Lure *lure = ctx;

    world_attached(lure->mallory, addr, pcscf);
    cell_own_context(lure->cell, addr, pcscf);
}

static void mallory_failed(void *ctx, const char *why)
{
    world_failed(((Lure *)ctx)->mallory, why);
}

static const ModemEvents mallory_events = { mallory_attached, mallory_failed };

/* A genuine network, alice and mallory attached to it, and mallory's false cell ready. */
static void lure_init_with(Lure *lure, const AccessPolicy *network, const ModemPolicy *victim, const CellConfig *cell,
                           bool open_discovery)
{
    memset(lure, 0, sizeof *lure);
    World *world = &lure->world;
    world_init(world, 7, network);
    lure->alice = world_add(world, 0, victim);
    ModemPolicy own = { .technology = network->technology, .ssid = network->ssid, .open_discovery = open_discovery };
    memcpy(own.wep_key, network->wep_key, sizeof own.wep_key);
    lure->mallory = world_add(world, 2, &own);
    NetHost *handset = net_host_new(world->net, "mallory-2", NULL);
    lure->probe = net_link_new(world->net, access_radio_spec(network->technology), "mallory-2", handset,
                               access_host(world->access));
    access_serve(world->access, lure->probe);
    CellConfig config = *cell;
    config.attacker = "mallory";
    config.segment = "air:alice";
    config.strength = 90;
    config.host = lure->mallory->host;
    config.probe = lure->probe;
    lure->cell = cell_new(world->net, &config);
    lure->read[NET_UP] = g_string_new(NULL);
    lure->read[NET_DOWN] = g_string_new(NULL);
    cell_set_reader(lure->cell, lure_read, lure);
    modem_set_events(lure->mallory->modem, &mallory_events, lure);
    modem_attach(lure->mallory->modem);
    modem_attach(lure->alice->modem);
    world_run(world, 60 * SIM_SEC);
    g_assert_cmpuint(lure->alice->attached, ==, 1);
    g_assert_cmpuint(lure->mallory->attached, ==, 1);
}

static void lure_init(Lure *lure, const AccessPolicy *network, const ModemPolicy *victim, const CellConfig *cell)
{
    lure_init_with(lure, network, victim, cell, false);
}

static void lure_start(Lure *lure)
{
    cell_start(lure->cell);
    world_run(&lure->world, sim_now(lure->world.sim) + 120 * SIM_SEC);
}

static void lure_clear(Lure *lure)
{
    g_string_free(lure->read[NET_UP], TRUE);
    g_string_free(lure->read[NET_DOWN], TRUE);
    modem_set_events(lure->mallory->modem, NULL, NULL);
    cell_free(lure->cell);
    world_clear(&lure->world);
}

/* Alice talks; the cell reads it both ways, on and in clear air, and the core still serves her. */
static void expect_bridge(Lure *lure, unsigned moves, unsigned counted)
{
    World *world = &lure->world;

    g_assert_true(cell_bridges(lure->cell));
    g_assert_cmpuint(lure->alice->attached, ==, 2);
    g_assert_true(net_addr_equal(&lure->alice->addr, &lure->mallory->addr));
    g_assert_true(net_addr_equal(&lure->alice->pcscf, &world->core_addr));
    g_assert_cmpuint(cell_moves(lure->cell), ==, moves);
    g_assert_cmpuint(cell_counted_moves(lure->cell), ==, counted);
    g_assert_cmpuint(world_count(world, TRACE_MOVE, "mallory"), ==, moves);
    world_watch(world, "air:alice");
    world_talk(world, lure->alice, SECRET, SIM_NEVER);
    g_assert_true(world_saw(world->heard[0], SECRET));
    g_assert_true(world_saw(world->heard[1], "answer from the core"));
    g_assert_true(world_saw(lure->read[NET_UP], SECRET));
    g_assert_true(world_saw(lure->read[NET_DOWN], "answer from the core"));
    g_assert_cmpuint(lure->last_frame[NET_UP], >, 0);
    g_assert_cmpuint(lure->last_frame[NET_DOWN], >, lure->last_frame[NET_UP]);
    g_assert_cmpuint(lure->packets_with_origin, ==, 0); /* relayed as they are: honest */
}

static void expect_clear_air(Lure *lure)
{
    g_assert_false(modem_ciphered(lure->alice->modem));
    g_assert_true(world_saw(lure->world.watched, SECRET));
    g_assert_cmpuint(lure->world.n_ciphered, ==, 0);
}

/* The genuine cell serves alice again, ciphered, and the attacker read nothing. */
static void expect_repelled(Lure *lure, RadioCipher cipher)
{
    World *world = &lure->world;

    g_assert_false(cell_bridges(lure->cell));
    g_assert_cmpuint(lure->alice->attached, ==, 2); /* back where she was */
    g_assert_cmpuint(lure->alice->failed, ==, 0);
    g_assert_false(net_addr_equal(&lure->alice->addr, &lure->mallory->addr));
    world_watch(world, "air:alice");
    world_talk(world, lure->alice, SECRET, SIM_NEVER);
    g_assert_true(world_saw(world->heard[0], SECRET));
    g_assert_false(world_saw(world->watched, SECRET));
    g_assert_cmpuint(lure->read[NET_UP]->len, ==, 0);
    g_assert_true(modem_ciphered(lure->alice->modem) == (cipher != RADIO_NONE));
}

static const AccessPolicy umts = {
    .technology = ACCESS_UMTS, .cipher = RADIO_UEA1, .strength = 50, .protected_discovery = true
};
static const AccessPolicy gprs = {
    .technology = ACCESS_GPRS, .cipher = RADIO_GEA3, .strength = 50, .protected_discovery = true
};
static const AccessPolicy wlan = { .technology = ACCESS_WLAN,
                                   .cipher = RADIO_WEP,
                                   .strength = 50,
                                   .ssid = "hotspot",
                                   .wep_key = { 1, 2, 3, 4, 5 },
                                   .protected_discovery = true };

static void test_gprs_needs_no_challenge(void)
{
    Lure lure;
    ModemPolicy victim = { .technology = ACCESS_GPRS };
    CellConfig cell = { .technology = ACCESS_GPRS };

    lure_init(&lure, &gprs, &victim, &cell);
    g_assert_true(modem_ciphered(lure.alice->modem));
    lure_start(&lure);
    expect_bridge(&lure, 3, 1); /* present-cell, set-cipher, bridge */
    expect_clear_air(&lure);
    g_assert_cmpuint(world_decisions(&lure.world, "alice", "modem-obeys-cipher-command"), ==, 2);
    lure_clear(&lure);
}

static void test_umts_only_handset_is_not_lured(void)
{
    static const AccessTechnology pretended[] = { ACCESS_UMTS, ACCESS_GPRS };

    for (size_t i = 0; i < G_N_ELEMENTS(pretended); i++) {
        Lure lure;
        ModemPolicy victim = { .technology = ACCESS_UMTS };
        CellConfig cell = { .technology = pretended[i], .relay_challenge = true };

        lure_init(&lure, &umts, &victim, &cell);
        lure_start(&lure);
        if (pretended[i] == ACCESS_UMTS) { /* the challenge is genuine, the command is not */
            expect_repelled(&lure, RADIO_UEA1);
            g_assert_cmpuint(trace_count_drops(sim_trace(lure.world.sim), "alice", "access-bad-mac"), >=, 1);
        } else { /* she does not even look at it */
            g_assert_cmpuint(lure.alice->attached, ==, 1);
            g_assert_false(cell_bridges(lure.cell));
            g_assert_true(modem_ciphered(lure.alice->modem));
        }
        lure_clear(&lure);
    }
}

static void test_umts_without_challenge_is_refused(void)
{
    Lure lure;
    ModemPolicy victim = { .technology = ACCESS_UMTS };
    CellConfig cell = { .technology = ACCESS_UMTS };

    lure_init(&lure, &umts, &victim, &cell);
    lure_start(&lure);
    expect_repelled(&lure, RADIO_UEA1);
    lure_clear(&lure);
}

static void test_operator_without_cipher_still_proves_itself(void)
{
    Lure lure;
    AccessPolicy uea0 = umts;
    ModemPolicy victim = { .technology = ACCESS_UMTS };
    CellConfig cell = { .technology = ACCESS_UMTS, .relay_challenge = true };

    uea0.cipher = RADIO_NONE;
    lure_init(&lure, &uea0, &victim, &cell);
    lure_start(&lure);
    g_assert_false(cell_bridges(lure.cell));
    g_assert_cmpuint(lure.alice->attached, ==, 2);
    lure_clear(&lure);
}

static void test_dual_mode_with_a_fetched_challenge(void)
{
    Lure lure;
    ModemPolicy victim = { .technology = ACCESS_UMTS, .dual_mode = true };
    CellConfig cell = { .technology = ACCESS_GPRS, .relay_challenge = true };

    lure_init(&lure, &umts, &victim, &cell);
    lure_start(&lure);
    expect_bridge(&lure, 4, 3); /* present-cell, fetch-challenge, set-cipher, bridge */
    expect_clear_air(&lure);
    g_assert_cmpint(modem_technology(lure.alice->modem), ==, ACCESS_GPRS);
    g_assert_true(modem_label_ciphers(lure.alice->modem)); /* by its label GPRS ciphers: it does not */
    g_assert_nonnull(strstr(modem_access_info(lure.alice->modem), "3GPP-GERAN"));
    lure_clear(&lure);
}

static void test_dual_mode_insists_on_autn(void)
{
    Lure lure;
    ModemPolicy victim = { .technology = ACCESS_UMTS, .dual_mode = true };
    CellConfig cell = { .technology = ACCESS_GPRS };

    lure_init(&lure, &umts, &victim, &cell);
    lure_start(&lure);
    expect_repelled(&lure, RADIO_UEA1);
    lure_clear(&lure);
}

static void test_open_twin_with_the_same_ssid(void)
{
    Lure lure;
    ModemPolicy victim = { .technology = ACCESS_WLAN, .ssid = "hotspot", .wep_key = { 1, 2, 3, 4, 5 } };
    CellConfig cell = { .technology = ACCESS_WLAN };

    lure_init(&lure, &wlan, &victim, &cell); /* the SSID is the one heard */
    g_assert_true(modem_ciphered(lure.alice->modem));
    lure_start(&lure);
    expect_bridge(&lure, 2, 1); /* present-cell, bridge */
    expect_clear_air(&lure);
    g_assert_true(modem_label_ciphers(lure.alice->modem));
    lure_clear(&lure);
}

static void test_station_that_wants_privacy_stays(void)
{
    Lure lure;
    ModemPolicy victim = {
        .technology = ACCESS_WLAN, .ssid = "hotspot", .wep_key = { 1, 2, 3, 4, 5 }, .privacy_required = true
    };
    CellConfig cell = { .technology = ACCESS_WLAN };

    lure_init(&lure, &wlan, &victim, &cell);
    lure_start(&lure);
    g_assert_cmpuint(lure.alice->attached, ==, 1);
    g_assert_false(cell_bridges(lure.cell));
    g_assert_true(modem_ciphered(lure.alice->modem));
    lure_clear(&lure);
}

static void test_twin_that_knows_the_shared_key(void)
{
    Lure lure;
    ModemPolicy victim = {
        .technology = ACCESS_WLAN, .ssid = "hotspot", .wep_key = { 1, 2, 3, 4, 5 }, .privacy_required = true
    };
    CellConfig cell = { .technology = ACCESS_WLAN, .cipher = RADIO_WEP, .wep_key = { 1, 2, 3, 4, 5 } };

    lure_init(&lure, &wlan, &victim, &cell);
    lure_start(&lure);
    expect_bridge(&lure, 2, 1);
    g_assert_true(modem_ciphered(lure.alice->modem)); /* and yet he reads her */
    g_assert_false(world_saw(lure.world.watched, SECRET));
    lure_clear(&lure);
}

static void test_frames_carry_the_moves_that_made_them(void)
{
    Lure lure;
    ModemPolicy victim = { .technology = ACCESS_GPRS };
    CellConfig cell = { .technology = ACCESS_GPRS };
    unsigned obeyed = 0;

    lure_init(&lure, &gprs, &victim, &cell);
    lure_start(&lure);
    const Trace *trace = sim_trace(lure.world.sim);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        if (record->kind != TRACE_DECISION || strcmp(record->decision.rule, "modem-obeys-cipher-command") != 0 ||
            strcmp(record->node, "alice") != 0 || record->origin == 0)
            continue;
        const TraceRecord *move = trace_get(trace, record->origin);
        g_assert_cmpint(move->kind, ==, TRACE_MOVE);
        g_assert_cmpstr(move->move.verb, ==, "set-cipher");
        obeyed++;
    }
    g_assert_cmpuint(obeyed, ==, 1);
    lure_clear(&lure);
}

static void test_steers_to_another_pcscf(void)
{
    Lure lure;
    ModemPolicy victim = { .technology = ACCESS_GPRS };
    CellConfig cell = { .technology = ACCESS_GPRS, .pcscf = net_addr_make(WORLD_CORE_PREFIX, 0x99) };

    lure_init(&lure, &gprs, &victim, &cell);
    lure_start(&lure);
    g_assert_true(net_addr_equal(&lure.alice->pcscf, &cell.pcscf));
    lure_clear(&lure);
}

static void test_steers_who_asks_dhcp(void)
{
    Lure lure;
    AccessPolicy open = wlan;
    ModemPolicy victim = {
        .technology = ACCESS_WLAN, .ssid = "hotspot", .wep_key = { 1, 2, 3, 4, 5 }, .open_discovery = true
    };
    CellConfig cell = { .technology = ACCESS_WLAN, .pcscf = net_addr_make(WORLD_CORE_PREFIX, 0x99) };

    open.protected_discovery = false;
    lure_init_with(&lure, &open, &victim, &cell, true);
    g_assert_true(net_addr_equal(&lure.alice->pcscf, &lure.world.core_addr));
    lure_start(&lure);
    g_assert_cmpuint(lure.alice->attached, ==, 2);
    g_assert_true(net_addr_equal(&lure.alice->pcscf, &cell.pcscf));
    g_assert_cmpuint(cell_moves(lure.cell), ==, 3); /* present-cell, bridge, steer */
    g_assert_cmpuint(cell_counted_moves(lure.cell), ==, 2);
    lure_clear(&lure);
}

static char *digest_of_a_bridge(void)
{
    Lure lure;
    ModemPolicy victim = { .technology = ACCESS_UMTS, .dual_mode = true };
    CellConfig cell = { .technology = ACCESS_GPRS, .relay_challenge = true };

    lure_init(&lure, &umts, &victim, &cell);
    lure_start(&lure);
    expect_bridge(&lure, 4, 3);
    char *digest = g_strdup(g_checksum_get_string(lure.world.digest));
    lure_clear(&lure);
    return digest;
}

static void test_same_seed_same_octets(void)
{
    g_autofree char *first = digest_of_a_bridge();
    g_autofree char *second = digest_of_a_bridge();

    g_assert_cmpstr(first, ==, second);
}

/* ---- a challenge of another network's ---- */

typedef struct Answered {
    uint8_t res[16];
    size_t len;
    unsigned times;
} Answered;

static void take_answer(void *ctx, const uint8_t *res, size_t len)
{
    Answered *answered = ctx;
    memcpy(answered->res, res, MIN(len, sizeof answered->res));
    answered->len = len;
    answered->times++;
}

/* threats AT-40: the USIM does not ask what it is for, only whether AUTN is from its home. */
static void test_plays_a_challenge_and_lets_go(void)
{
    for (unsigned foreign = 0; foreign < 2; foreign++) {
        static const uint8_t rand[AKA_RAND_LEN] = { 9, 8, 7 };
        Lure lure;
        Answered answered = { .times = 0 };
        uint8_t challenge[AKA_RAND_LEN + AKA_AUTN_LEN];
        ModemPolicy victim = { .technology = ACCESS_UMTS };
        CellConfig cell = {
            .technology = ACCESS_UMTS, .challenge = challenge, .answered = take_answer, .answered_ctx = &answered
        };
        AkaAv av;

        lure_init(&lure, &umts, &victim, &cell);
        aka_he_av(&lure.world.ue[foreign ? 1 : 0].he, rand, &av); /* bob's, or hers */
        memcpy(challenge, av.rand, AKA_RAND_LEN);
        memcpy(challenge + AKA_RAND_LEN, av.autn, AKA_AUTN_LEN);
        lure_start(&lure);
        g_assert_cmpuint(answered.times, ==, !foreign);
        if (!foreign)
            g_assert_cmpmem(answered.res, answered.len, av.xres, av.res_len);
        g_assert_cmpuint(cell_counted_moves(lure.cell), ==, 1);
        expect_repelled(&lure, RADIO_UEA1); /* she is back where she was */
        lure_clear(&lure);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attacker/cell/gprs-needs-no-challenge", test_gprs_needs_no_challenge);
    g_test_add_func("/attacker/cell/umts-only-handset-is-not-lured", test_umts_only_handset_is_not_lured);
    g_test_add_func("/attacker/cell/umts-without-challenge-is-refused", test_umts_without_challenge_is_refused);
    g_test_add_func("/attacker/cell/operator-without-cipher-still-proves-itself",
                    test_operator_without_cipher_still_proves_itself);
    g_test_add_func("/attacker/cell/dual-mode-with-a-fetched-challenge", test_dual_mode_with_a_fetched_challenge);
    g_test_add_func("/attacker/cell/dual-mode-insists-on-autn", test_dual_mode_insists_on_autn);
    g_test_add_func("/attacker/cell/open-twin-with-the-same-ssid", test_open_twin_with_the_same_ssid);
    g_test_add_func("/attacker/cell/station-that-wants-privacy-stays", test_station_that_wants_privacy_stays);
    g_test_add_func("/attacker/cell/twin-that-knows-the-shared-key", test_twin_that_knows_the_shared_key);
    g_test_add_func("/attacker/cell/frames-carry-the-moves-that-made-them", test_frames_carry_the_moves_that_made_them);
    g_test_add_func("/attacker/cell/steers-to-another-pcscf", test_steers_to_another_pcscf);
    g_test_add_func("/attacker/cell/steers-who-asks-dhcp", test_steers_who_asks_dhcp);
    g_test_add_func("/attacker/cell/plays-a-challenge-and-lets-go", test_plays_a_challenge_and_lets_go);
    g_test_add_func("/attacker/cell/same-seed-same-octets", test_same_seed_same_octets);
    return g_test_run();
}
