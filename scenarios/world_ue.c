/*
 * scenarios/world_ue.c - participants: their cards and secrets, their handsets, what they do when.
 *
 * Source:  TS 33.203 §6.1, §8 (ISIM); TS 33.102 Annex C.  Every secret comes from a stream named after its owner.
 * Knows:   the scenario's participants and timeline.
 */
#include "scenarios/world_private.h"

#include <string.h>

/* ---- cards ---- */

static void draw_token(World *world, const char *name, const char *purpose, uint64_t n, char out[CANARY_LEN + 1])
{
    SimStream stream = sim_stream(world->sim, name, purpose, n);
    sim_random_token(world->sim, &stream, out, CANARY_LEN);
}

static char *draw_imsi(World *world, const char *name)
{
    SimStream stream = sim_stream(world->sim, name, "imsi", 0);
    GString *imsi = g_string_new("00101"); /* the test network of TS 23.003 */
    while (imsi->len < IMSI_LEN)
        g_string_append_c(imsi, (char)('0' + sim_random_below(world->sim, &stream, 10)));
    return g_string_free(imsi, FALSE);
}

static void draw_key(World *world, const char *name, const char *application, MilenageKey *key)
{
    SimStream stream = sim_stream(world->sim, name, application, 0);
    sim_random(world->sim, &stream, key->k, sizeof key->k);
    sim_random(world->sim, &stream, key->opc, sizeof key->opc);
}

void world_card_draw(World *world, WorldCard *card, const char *name)
{
    draw_token(world, name, "canary-impi", 0, card->impi_token);
    draw_token(world, name, "canary-impu", 0, card->impu_token);
    card->impi = g_strdup_printf("%s.%s@" HOME_DOMAIN, name, card->impi_token);
    card->impu = g_strdup_printf("sip:%s.%s@" HOME_DOMAIN, name, card->impu_token);
    card->imsi = draw_imsi(world, name);
    draw_key(world, name, "isim-key", &card->isim);
    draw_key(world, name, "usim-key", &card->usim);
}

static void enrol_at_home(World *world, const WorldCard *card)
{
    const OptionHome *home = &world->option->home;
    const char *const impus[] = { card->impu };
    HssSubscriber subscriber = {
        .impi = card->impi, .impu = impus, .n_impu = 1, .imsi = card->imsi, .one_application = card->one_application
    };
    aka_he_init(&subscriber.isim, &card->isim, AKA_IND_IMS_FIRST, AKA_IND_IMS_COUNT);
    aka_he_init(&subscriber.usim, &card->usim, AKA_IND_PS_FIRST, AKA_IND_PS_COUNT);
    subscriber.isim.res_len = subscriber.usim.res_len = (uint8_t)(home->res_bits / 8);
    subscriber.isim.strict_single_counter = subscriber.usim.strict_single_counter = home->single_sqn;
    hss_add(world->hss, &subscriber);
    aka_he_clear(&subscriber.isim);
    aka_he_clear(&subscriber.usim);
}

static void make_application(const World *world, const MilenageKey *key, AkaIsim *application)
{
    aka_isim_init(application, key);
    application->res_len = (uint8_t)(world->option->home.res_bits / 8);
    application->strict_single_counter = world->option->home.single_sqn;
}

void world_card_enrol(World *world, WorldCard *card, unsigned fault, AkaIsim *isim, AkaIsim *usim)
{
    if (card->one_application)
        card->isim = card->usim;
    enrol_at_home(world, card);
    if (fault == ISIM_FAULT_WRONG_KEY)
        card->isim.k[0] ^= 1;
    if (card->one_application)
        card->usim = card->isim;
    make_application(world, &card->isim, isim);
    make_application(world, &card->usim, usim);
    if (fault == ISIM_FAULT_SQN_AHEAD)
        for (unsigned ind = 0; ind < AKA_IND_COUNT; ind++)
            aka_isim_set_seq(card->one_application ? usim : isim, ind, 1000);
}

void world_card_clear(WorldCard *card)
{
    g_free(card->impi);
    g_free(card->impu);
    g_free(card->imsi);
    *card = (WorldCard){ 0 };
}

/* ---- participants ---- */

static WorldUe *ue_plan(World *world, const ScenarioUe *item)
{
    WorldUe *ue = g_new0(WorldUe, 1);
    ue->world = world;
    ue->item = item;
    ue->values = item->leg ? option_with_leg(world->option, item->leg) : option_copy(world->option);
    ue->values->guards.certificates_missing |= item->without_certificate;
    ue->leg = world_leg_for(world, ue->values);
    ue->bodies = g_ptr_array_new_with_free_func(g_free);
    ue->addresses = g_array_new(FALSE, FALSE, sizeof(NetAddr));
    world_card_draw(world, &ue->card, item->id);
    ue->card.one_application = ue->values->leg.usim_reuse;
    return ue;
}

void world_plan_ues(World *world)
{
    for (guint i = 0; i < world->scenario->ues->len; i++)
        g_ptr_array_add(world->ues, ue_plan(world, world->scenario->ues->pdata[i]));
}

WorldUe *world_ue(const World *world, const char *name)
{
    for (guint i = 0; i < world->ues->len; i++) {
        WorldUe *ue = world->ues->pdata[i];
        if (strcmp(ue->item->id, name) == 0)
            return ue;
    }
    return NULL;
}

static void note_address(WorldUe *ue)
{
    const NetAddr *now = net_host_addr(ue->pub.host);
    if (!now || net_addr_prefix(now) == 0)
        return;
    for (guint i = 0; i < ue->addresses->len; i++)
        if (net_addr_equal(&g_array_index(ue->addresses, NetAddr, i), now))
            return;
    g_array_append_val(ue->addresses, *now);
}

/* What a modified UE of the attacker's sends is his doing. */
static void mark_hostile(WorldUe *ue)
{
    World *world = ue->world;
    TraceId record = trace_add(world->sim, &(TraceRecord){ .kind = TRACE_MOVE,
                                                           .node = ue->item->id,
                                                           .move = { .attacker = ue->item->id,
                                                                     .verb = "own-subscription",
                                                                     .text = "uses a subscription and a handset of "
                                                                             "his own" } });
    net_host_set_origin(ue->pub.host, record);
    sim_set_context(world->sim, (SimContext){ 0, 0 });
}

static void build_handset(WorldUe *ue, const AkaIsim *isim, const AkaIsim *usim)
{
    World *world = ue->world;
    const char *name = ue->item->id;
    WorldCell *cell =
        world_cell_new(world, world_text(world, "cell:%s", name), name, (OptionAccess)ue->values->leg.access, ue->leg);
    NetHost *host = net_host_new(world->net, name, NULL);
    NetLink *radio = world_radio_link(world, cell, name, host);
    ModemConfig modem = {
        .name = name, .imsi = ue->card.imsi, .usim = usim, .policy = world_modem_policy(ue->values, cell)
    };
    ue->pub.host = host;
    ue->pub.access = cell->access;
    ue->pub.modem = modem_new(host, radio, &modem, NULL, NULL);
    UeConfig config = { .name = name,
                        .impi = ue->card.impi,
                        .impu = ue->card.impu,
                        .home_domain = HOME_DOMAIN,
                        .isim = ue->card.one_application ? NULL : isim,
                        .policy = option_ue_policy(ue->values),
                        .modem = ue->pub.modem,
                        .directory = world->directory,
                        .registration_seconds = ue->item->registration_s };
    world_certify_ue(world, ue->values, ue->leg, &ue->card, &config);
    const WorldUe *victim = ue->item->forges ? world_ue(world, ue->item->forges) : NULL;
    config.policy.forges_identity = victim != NULL;
    config.policy.forged_impu = victim ? victim->card.impu : NULL;
    ue->pub.ue = ue_new(world->net, &config);
    access_serve(cell->access, radio);
}

static void publish_participant(WorldUe *ue)
{
    const WorldUe *victim = ue->item->forges ? world_ue(ue->world, ue->item->forges) : NULL;
    WorldParticipant *pub = &ue->pub;
    pub->name = ue->item->id;
    pub->impi = ue->card.impi;
    pub->impu = ue->card.impu;
    pub->impi_token = ue->card.impi_token;
    pub->impu_token = ue->card.impu_token;
    pub->imsi = ue->card.imsi;
    pub->bodies = ue->bodies;
    pub->addresses = ue->addresses;
    pub->hostile = ue->item->hostile;
    pub->forges = victim ? victim->card.impu : NULL;
    pub->pcscf = ue->leg->pcscf;
    pub->leg = ue->values;
}

/* A rules document may speak of "${bob}": his public identity in this run. */
static char *with_identities(const World *world, const char *document)
{
    char *text = g_strdup(document);
    for (guint i = 0; i < world->ues->len; i++) {
        const WorldUe *ue = world->ues->pdata[i];
        g_autofree char *mark = g_strdup_printf("${%s}", ue->item->id);
        g_auto(GStrv) pieces = g_strsplit(text, mark, -1);
        g_free(text);
        text = g_strjoinv(ue->card.impu, pieces);
    }
    return text;
}

static void set_rules(const WorldUe *ue, const char *document)
{
    g_autofree char *error = NULL, *text = with_identities(ue->world, document);
    if (!presence_set_rules(ue->world->presence, ue->card.impu, text, strlen(text), &error))
        trace_drop(ue->world->sim, "ps", "rules-bad", "the rules of %s: %s", ue->item->id, error ? error : "");
}

void world_build_ues(World *world)
{
    for (guint i = 0; i < world->ues->len; i++) {
        WorldUe *ue = world->ues->pdata[i];
        AkaIsim isim, usim;
        world_card_enrol(world, &ue->card, ue->values->leg.isim_fault, &isim, &usim);
        build_handset(ue, &isim, &usim);
        aka_isim_clear(&isim);
        aka_isim_clear(&usim);
        publish_participant(ue);
        if (ue->item->rules)
            set_rules(ue, ue->item->rules);
        if (ue->item->hostile)
            mark_hostile(ue);
    }
}

void world_ue_free(void *item)
{
    WorldUe *ue = item;
    if (ue->pub.ue)
        ue_free(ue->pub.ue);
    if (ue->pub.modem)
        modem_free(ue->pub.modem);
    world_card_clear(&ue->card);
    option_free(ue->values);
    g_ptr_array_unref(ue->bodies);
    g_array_unref(ue->addresses);
    g_free(ue);
}

/* ---- the timeline ---- */

/* What a rich document says beside the status: 250 octets, so that it has the 434 of the sizes worked out by hand
 * (threats K31) instead of some 185. */
#define RICH                                                                                                           \
    "on the train to the meeting of the working group, back at the office in the afternoon; reachable by message at "  \
    "any time, by voice only if it is urgent; mood: confident; the weather is fine, the agenda is long, and "          \
    "coffee is no better than last time"

/* The text with a fresh canary at its end; it is what a listener must not read. */
static const char *with_canary(WorldUe *ue, const char *text)
{
    char token[CANARY_LEN + 1];
    draw_token(ue->world, ue->item->id, "canary-body", ue->n_bodies++, token);
    g_ptr_array_add(ue->bodies, g_strdup(token));
    return sim_text(ue->world->sim, "%s%s%s", text, text[0] ? " " : "", token);
}

static const char *document(WorldUe *ue, const char *text)
{
    const char *said = with_canary(ue, text);
    return ue->values->guards.rich_document ? sim_text(ue->world->sim, RICH "; %s", said) : said;
}

static void perform(WorldUe *ue, const ScenarioAction *action)
{
    Ue *self = ue->pub.ue;
    const WorldUe *other = action->to[0] ? world_ue(ue->world, action->to) : NULL;
    const char *to = other ? other->card.impu : "";
    int64_t seconds = action->seconds >= 0 ? action->seconds : WATCH_SECONDS;
    switch (action->verb) {
    case ACT_ATTACH: modem_attach(ue->pub.modem); return;
    case ACT_REGISTER: ue_register(self); return;
    case ACT_REREGISTER: ue_reregister(self); return;
    case ACT_DEREGISTER: ue_deregister(self); return;
    case ACT_PUBLISH: ue_publish(self, action->open, document(ue, action->text)); return;
    case ACT_UNPUBLISH: ue_unpublish(self); return;
    case ACT_SUBSCRIBE: ue_subscribe(self, to, seconds); return;
    case ACT_FETCH: ue_subscribe(self, to, 0); return;
    case ACT_UNSUBSCRIBE: ue_unsubscribe(self, to); return;
    case ACT_WATCH_WATCHERS: ue_watch_watchers(self, seconds); return;
    case ACT_MESSAGE: ue_message(self, to, with_canary(ue, action->text)); return;
    case ACT_POWER_OFF: ue_power_off(self); return;
    case ACT_SET_POLICY: set_rules(ue, action->text); return;
    case ACT_N: break;
    }
    g_assert_not_reached();
}

static void on_act(Sim *sim, void *ctx, uint64_t arg)
{
    World *world = ctx;
    const WorldAct *act = &g_array_index(world->acts, WorldAct, arg);
    WorldUe *ue = world_ue(world, act->item->ue);
    if (!ue)
        return; /* an attack's action for somebody who is not in this cast */
    note_address(ue);
    perform(ue, act->item);
    (void)sim;
}

void world_schedule(World *world)
{
    const GPtrArray *actions = world->scenario->actions;
    for (guint i = 0; i < actions->len; i++) {
        WorldAct act = { .world = world, .item = actions->pdata[i] };
        g_array_append_val(world->acts, act);
    }
    for (guint i = 0; i < actions->len; i++)
        sim_at(world->sim, world->driver, g_array_index(world->acts, WorldAct, i).item->at, on_act, world, i);
}

void world_note_addresses(World *world)
{
    for (guint i = 0; i < world->ues->len; i++)
        note_address(world->ues->pdata[i]);
}
