/*
 * scenarios/world_spies.c - attackers: where they listen, what they do, what they own.
 *
 * Source:  nodes/attacker/attacker.h; the reduction of radio keys: crypto/radio_break.h.
 * Knows:   the scenario's attackers.  An attacker is told places, moves, a budget and a year; never an option.
 */
#include "scenarios/world_private.h"

#include "nodes/reduction.h"

#include <string.h>

#define PREFIX_INTERNET UINT64_C(0x20010db80bad0000) /* 2001:db8:bad::1 is the first attacker's host there */

/* ---- keys given so that a search fits into a run ---- */

static void reveal_to(WorldSpy *spy, const char *name, RadioCipher cipher, const uint8_t revealed[RADIO_KEY_LEN])
{
    static const char *const bases[] = { "air", "ran" };
    for (unsigned i = 0; i < G_N_ELEMENTS(bases); i++) {
        g_autofree char *segment = g_strconcat(bases[i], ":", name, NULL);
        if (g_strv_contains((const char *const *)spy->item->at, segment))
            attacker_reveal(spy->pub.attacker, segment, cipher, revealed, ATTACKER_HIDDEN_BITS);
    }
}

static void reveal_to_all(World *world, const WorldCell *cell, const uint8_t revealed[RADIO_KEY_LEN])
{
    for (guint i = 0; i < world->spies->len; i++)
        reveal_to(world->spies->pdata[i], cell->segment, cell->cipher, revealed);
}

void world_reveal(World *world, const WorldCell *cell, const AkaAv *av)
{
    uint8_t revealed[RADIO_KEY_LEN];
    if (reduction_of_vector(cell->cipher, av, ATTACKER_HIDDEN_BITS, revealed))
        reveal_to_all(world, cell, revealed);
}

void world_reveal_answer(void *ctx, const char *impi, const AkaAv *av)
{
    World *world = ctx;
    uint8_t rand_autn[AKA_RAND_LEN + AKA_AUTN_LEN];
    (void)impi;
    memcpy(rand_autn, av->rand, AKA_RAND_LEN);
    memcpy(rand_autn + AKA_RAND_LEN, av->autn, AKA_AUTN_LEN);
    for (guint i = 0; i < world->spies->len; i++)
        attacker_reveal_res(((WorldSpy *)world->spies->pdata[i])->pub.attacker, rand_autn, av->xres, av->res_len,
                            ATTACKER_HIDDEN_BITS);
}

static void reveal_shared_keys(World *world)
{
    for (guint i = 0; i < world->cells->len; i++) {
        const WorldCell *cell = world->cells->pdata[i];
        uint8_t revealed[RADIO_KEY_LEN];
        if (cell->cipher != RADIO_WEP || !cell->segment[0])
            continue;
        reduction_of_key(cell->cipher, cell->wep_key, ATTACKER_HIDDEN_BITS, revealed);
        reveal_to_all(world, cell, revealed);
    }
}

/* ---- a false cell's way into the network: a subscription and a handset of the attacker's ---- */

static void on_own_context(void *ctx, const NetAddr *addr, const NetAddr *pcscf)
{
    WorldSpy *spy = ctx;
    attacker_own_context(spy->pub.attacker, addr, pcscf);
}

static void on_no_context(void *ctx, const char *why)
{
    WorldSpy *spy = ctx;
    trace_drop(spy->world->sim, spy->item->id, "attacker-not-attached", "%s", why);
}

static const WorldUe *victim_of(const World *world, const char *segment)
{
    const char *colon = strchr(segment, ':');
    return colon ? world_ue(world, colon + 1) : NULL;
}

static WorldCell *cell_of(const World *world, const WorldUe *ue)
{
    for (guint i = 0; i < world->cells->len; i++) {
        WorldCell *cell = world->cells->pdata[i];
        if (strcmp(cell->segment, ue->item->id) == 0)
            return cell;
    }
    return NULL;
}

/* His handset camps on a genuine cell of his own neighbourhood: what the victim's network is, without its guards. */
static void build_own_handset(WorldSpy *spy, const WorldUe *victim, WorldMove *move)
{
    static const ModemEvents events = { on_own_context, on_no_context };
    World *world = spy->world;
    const char *name = spy->item->id;
    AkaIsim isim, usim;
    WorldCell *cell = world_cell_new(world, world_text(world, "cell:%s", name), "",
                                     (OptionAccess)victim->values->leg.access, victim->leg);
    spy->card = g_new0(WorldCard, 1);
    world_card_draw(world, spy->card, name);
    world_card_enrol(world, spy->card, ISIM_FAULT_NONE, &isim, &usim);
    move->cell.host = net_host_new(world->net, name, NULL);
    NetLink *radio = world_radio_link(world, cell, name, move->cell.host);
    ModemConfig modem = {
        .name = name, .imsi = spy->card->imsi, .usim = &usim, .policy = world_modem_policy(victim->values, cell)
    };
    modem.policy.dual_mode = false;
    spy->modem = modem_new(move->cell.host, radio, &modem, &events, spy);
    access_serve(cell->access, radio);
    if (move->cell.relay_challenge) {
        const char *probe = world_text(world, "%s-probe", name);
        move->cell.probe = world_radio_link(world, cell, probe, net_host_new(world->net, probe, NULL));
        access_serve(cell->access, move->cell.probe);
    }
    aka_isim_clear(&isim);
    aka_isim_clear(&usim);
    modem_attach(spy->modem);
}

static void describe_cell(WorldSpy *spy, const ScenarioMove *item, WorldMove *move)
{
    move->cell = item->cell;
    move->cell.attacker = spy->item->id;
    move->cell.segment = move->move.match.segment;
    move->move.cell = &move->cell;
}

static void prepare_cell(WorldSpy *spy, const ScenarioMove *item, WorldMove *move)
{
    World *world = spy->world;
    const WorldUe *victim = victim_of(world, move->move.match.segment);
    describe_cell(spy, item, move);
    if (!victim)
        return;
    const WorldCell *genuine = cell_of(world, victim);
    if (item->cell_has_key && genuine)
        memcpy(move->cell.wep_key, genuine->wep_key, sizeof move->cell.wep_key);
    if (!spy->modem)
        build_own_handset(spy, victim, move);
}

/* ---- attackers ---- */

/* "${bob}" in a message of his own: the public identity of somebody whom he knows. */
static const char *with_known_identities(World *world, const ScenarioAttacker *item, const char *text)
{
    g_autoptr(GString) out = g_string_new(text);
    for (char **name = item->knows; *name; name++) {
        const WorldUe *ue = world_ue(world, *name);
        g_autofree char *mark = g_strdup_printf("${%s}", *name);
        if (ue)
            g_string_replace(out, mark, ue->card.impu, 0);
    }
    return world_text(world, "%s", out->str);
}

static void prepare_move(WorldSpy *spy, const ScenarioMove *item)
{
    WorldMove *move = g_new0(WorldMove, 1);
    World *world = spy->world;
    move->move = item->move;
    if (world->neighbour)
        move->move.steer_to = *net_host_addr(pcscf_host(world->neighbour));
    if (item->move.verb == MOVE_INJECT)
        move->move.template_text = with_known_identities(world, spy->item, item->move.template_text);
    if (item->move.verb == MOVE_CELL)
        prepare_cell(spy, item, move);
    if (item->move.verb == MOVE_PLAY_CHALLENGE)
        describe_cell(spy, item, move);
    g_ptr_array_add(spy->moves, move);
}

static bool acts_at(const WorldSpy *spy, const char *at)
{
    for (guint i = 0; i < spy->item->moves->len; i++) {
        const ScenarioMove *item = spy->item->moves->pdata[i];
        if (strcmp(item->move.match.segment, at) == 0)
            return true;
    }
    return false;
}

/* A4: he runs the P-CSCF, reads inside it, and changes what it sends if he has moves there. */
static void run_pcscf(WorldSpy *spy, const char *at, const WorldUe *ue)
{
    Pcscf *pcscf = ue->leg->pcscf;
    if (acts_at(spy, at))
        attacker_run_node(spy->pub.attacker, at, pcscf_host(pcscf), pcscf_endpoint(pcscf));
    if (g_ptr_array_find(spy->watched, ue->leg, NULL))
        return; /* two participants may share a P-CSCF */
    g_ptr_array_add(spy->watched, ue->leg);
    attacker_watch_host(spy->pub.attacker, pcscf_host(pcscf));
}

/* ---- the open Internet: a host that reaches the edge of the home network, and is reached from it ---- */

static const NetLinkSpec spec_inet = { .segment = { { .name = "inet", .delay = 30 * SIM_MS } }, .n_segments = 1 };

static void link_to_edge(World *world, NetHost *host, NetHost *edge)
{
    NetLink *link = net_link_new(world->net, world_spec(world, &spec_inet, ""), NULL, host, edge);
    net_route_addr(host, net_host_addr(edge), link);
    net_route_addr(edge, net_host_addr(host), link);
}

/* The I-CSCF is what DNS names; S-CSCF and Presence Server send straight to contacts outside. */
static void connect_to_internet(WorldSpy *spy)
{
    World *world = spy->world;
    NetAddr addr = net_addr_make(PREFIX_INTERNET, world->spies->len);
    NetHost *host = net_host_new(world->net, world_text(world, "%s-inet", spy->item->id), &addr);
    NetHost *edge = icscf_host(world->icscf);
    link_to_edge(world, host, edge);
    link_to_edge(world, host, scscf_host(world->scscf));
    link_to_edge(world, host, presence_host(world->presence));
    attacker_run_host(spy->pub.attacker, "inet", host, net_host_addr(edge));
}

static void listen_at(WorldSpy *spy, const char *at)
{
    if (strcmp(at, "inet") == 0)
        connect_to_internet(spy);
    if (!g_str_has_prefix(at, "pcscf:")) {
        attacker_tap(spy->pub.attacker, at);
        return;
    }
    const WorldUe *ue = world_ue(spy->world, at + strlen("pcscf:"));
    if (ue)
        run_pcscf(spy, at, ue);
}

static void tell(WorldSpy *spy, const char *name)
{
    const WorldUe *ue = world_ue(spy->world, name);
    if (ue)
        attacker_told(spy->pub.attacker, name, ue->card.impi, ue->card.impu, HOME_DOMAIN);
}

static void build_spy(World *world, const ScenarioAttacker *item)
{
    const OptionAttackers *standard = &world->option->attackers;
    WorldSpy *spy = g_new0(WorldSpy, 1);
    AttackerConfig config = { .name = item->id,
                              .position = item->position,
                              .work_log2 = item->work_log2 >= 0 ? item->work_log2 : standard->work_log2,
                              .knowledge_year = item->knowledge ? item->knowledge : standard->knowledge };
    world_certify_attacker(world, item, &config);
    spy->world = world;
    spy->item = item;
    spy->moves = g_ptr_array_new_with_free_func(g_free);
    spy->watched = g_ptr_array_new();
    spy->pub = (WorldAttacker){ .name = item->id,
                                .position = item->position,
                                .at = (const char *const *)item->at,
                                .work_log2 = config.work_log2,
                                .attacker = attacker_new(world->net, &config) };
    g_ptr_array_add(world->spies, spy);
    for (char **at = item->at; *at; at++)
        listen_at(spy, *at);
    for (char **name = item->knows; *name; name++)
        tell(spy, *name);
    for (guint i = 0; i < item->moves->len; i++)
        prepare_move(spy, item->moves->pdata[i]);
    for (guint i = 0; i < spy->moves->len; i++)
        attacker_add_move(spy->pub.attacker, &((WorldMove *)spy->moves->pdata[i])->move);
}

void world_build_spies(World *world)
{
    for (guint i = 0; i < world->scenario->attackers->len; i++)
        build_spy(world, world->scenario->attackers->pdata[i]);
    reveal_shared_keys(world);
}

void world_spy_free(void *item)
{
    WorldSpy *spy = item;
    attacker_free(spy->pub.attacker);
    if (spy->modem)
        modem_free(spy->modem);
    if (spy->card) {
        world_card_clear(spy->card);
        g_free(spy->card);
    }
    g_ptr_array_unref(spy->moves);
    g_ptr_array_unref(spy->watched);
    g_free(spy);
}
