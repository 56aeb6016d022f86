/*
 * ui/bench_world.c - many subscribers of one home network, for the benchmarks.
 *
 * Source:  see bench_world.h.
 * Knows:   see bench_world.h.
 */
#include "ui/bench_world.h"

#include "sim/ip.h"
#include "ui/bench.h"
#include "ui/interrupt.h"

#define HOME           "home.example"
#define PER_CELL       1000
#define GAP            (5 * SIM_MS)    /* between two subscribers: 200 begin in a second */
#define SETTLE         (200 * SIM_SEC) /* more than 64 * T1 of the radio side: no transaction is left */
#define STEPS          20
#define WATCH_SECONDS  86400
#define PORT_PROTECTED 5061 /* from here on all SIP ports are protected ones */

static const NetLinkSpec mw = { .segment = { { .name = "mw", .delay = 20 * SIM_MS } }, .n_segments = 1 };
static const NetLinkSpec mw2 = { .segment = { { .name = "mw2", .delay = 2 * SIM_MS } }, .n_segments = 1 };
static const NetLinkSpec cx = { .segment = { { .name = "cx", .delay = 2 * SIM_MS } }, .n_segments = 1 };
static const NetLinkSpec isc = { .segment = { { .name = "isc", .delay = 2 * SIM_MS } }, .n_segments = 1 };

/* --- what the lives need --- */

/* Inside the P-CSCF's IP hook: plain packets; those to and from UEs' protected ports travel as ESP.  Seen at one end
 * only, so a packet is counted once. */
static void on_packet(void *ctx, NetHost *host, NetDir dir, const NetPacket *packet, uint64_t frame)
{
    BenchWorld *world = ctx;
    IpView ip;
    if (!ip_parse(packet->data, packet->len, &ip) || ip.payload_len < 4)
        return;
    const bool sealed = dir == NET_DOWN
                            ? packet->sa != 0
                            : get_u16(ip.payload) >= PORT_PROTECTED && get_u16(ip.payload + 2) >= PORT_PROTECTED;
    if (!sealed)
        return;
    const uint16_t len = (uint16_t)esp_sealed_len(world->ealg, ip.payload_len);
    g_array_append_val(world->sealed, len);
}

BenchNeeds bench_world_take(BenchWorld *world)
{
    const uint64_t vectors = hss_vectors(world->hss);
    const BenchNeeds needs = { .vectors = vectors - world->vectors_taken,
                               .sealed = (const uint16_t *)(void *)world->sealed->data,
                               .n_sealed = world->sealed->len };
    world->vectors_taken = vectors;
    g_array_set_size(world->sealed, 0);
    return needs;
}

/* --- the core --- */

static NetAddr core_addr(unsigned n)
{
    return net_addr_make(UINT64_C(0x20010db800000000), n);
}

static void join(BenchWorld *world, const NetLinkSpec *spec, NetHost *a, NetHost *b)
{
    NetLink *link = net_link_new(world->net, spec, NULL, a, b);
    net_route_addr(a, net_host_addr(b), link);
    net_route_addr(b, net_host_addr(a), link);
}

static void make_home(BenchWorld *world)
{
    const NetAddr icscf = core_addr(2), scscf = core_addr(3), hss = core_addr(4), ps = core_addr(5);
    world->trusted[0] = scscf;
    directory_add(world->directory, HOME, &icscf);
    directory_add(world->directory, "icscf." HOME, &icscf);
    directory_add(world->directory, "scscf." HOME, &scscf);
    directory_add(world->directory, "hss." HOME, &hss);
    directory_add(world->directory, "ps." HOME, &ps);
    world->hss = hss_new(world->net, &(HssConfig){ .name = "hss",
                                                   .domain = "hss." HOME,
                                                   .addr = hss,
                                                   .home_domain = HOME,
                                                   .scscf = "sip:scscf." HOME,
                                                   .presence_server = "sip:ps." HOME });
    world->icscf = icscf_new(world->net, &(IcscfConfig){ .name = "icscf",
                                                         .domain = "icscf." HOME,
                                                         .addr = icscf,
                                                         .home_domain = HOME,
                                                         .hss = "hss." HOME,
                                                         .directory = world->directory,
                                                         .trusted = world->trusted,
                                                         .n_trusted = 1 });
    world->scscf = scscf_new(world->net, &(ScscfConfig){ .name = "scscf",
                                                         .domain = "scscf." HOME,
                                                         .addr = scscf,
                                                         .home_domain = HOME,
                                                         .hss = "hss." HOME,
                                                         .icscf = "icscf." HOME,
                                                         .policy = { .release = 6, .forwards_indication = true },
                                                         .directory = world->directory });
    world->presence = presence_new(
        world->net,
        &(PresenceConfig){ .name = "ps",
                           .domain = "ps." HOME,
                           .addr = ps,
                           .home_domain = HOME,
                           .policy = { .clear_notifications = true, .anonymises = true, .throttle_seconds = 5 },
                           .directory = world->directory });
}

static void make_pcscf(BenchWorld *world, const BenchLeg *leg)
{
    const NetAddr addr = core_addr(1);
    const SecAlgs encrypting = { ESP_HMAC_SHA1_96, leg->ealg }, clear = { ESP_HMAC_SHA1_96, ESP_NULL };
    const bool encrypts = leg->ealg != ESP_NULL;
    directory_add(world->directory, "pcscf.visited.example", &addr);
    world->pcscf = pcscf_new(world->net, &(PcscfConfig){ .name = "pcscf",
                                                         .domain = "pcscf.visited.example",
                                                         .addr = addr,
                                                         .visited_network = "visited.example",
                                                         .policy = { .release = leg->pcscf_release,
                                                                     .encrypts = encrypts,
                                                                     .indicates_confidentiality = encrypts,
                                                                     .list = { encrypts ? encrypting : clear, clear },
                                                                     .n_list = encrypts ? 2 : 1 },
                                                         .directory = world->directory });
    net_host_set_source_check(pcscf_host(world->pcscf), true);
    net_host_watch(pcscf_host(world->pcscf), on_packet, world);
}

static void make_core(BenchWorld *world, const BenchLeg *leg)
{
    make_home(world);
    make_pcscf(world, leg);
    join(world, &mw, pcscf_host(world->pcscf), icscf_host(world->icscf));
    join(world, &mw, pcscf_host(world->pcscf), scscf_host(world->scscf));
    join(world, &mw2, scscf_host(world->scscf), icscf_host(world->icscf));
    join(world, &cx, icscf_host(world->icscf), hss_host(world->hss));
    join(world, &cx, scscf_host(world->scscf), hss_host(world->hss));
    join(world, &isc, scscf_host(world->scscf), presence_host(world->presence));
}

/* --- subscribers: one kind of thing for all of them, then the next, so that what each kind takes can be measured ---
 */

static void make_identities(BenchWorld *world)
{
    for (size_t i = 0; i < world->n; i++) {
        BenchUe *u = &world->ue[i];
        u->name = g_strdup_printf("u%zu", i + 1);
        u->impi = g_strdup_printf("u%zu.k3j9x8f2q7aa@" HOME, i + 1);
        u->impu = g_strdup_printf("sip:u%zu.x8f2m4q7p1zz@" HOME, i + 1);
        u->imsi = g_strdup_printf("00101%010zu", i + 1);
    }
}

static void draw_keys(const BenchWorld *world, size_t i, MilenageKey *isim, MilenageKey *usim)
{
    SimStream stream = sim_stream(world->sim, world->ue[i].name, "keys", 0);
    sim_random(world->sim, &stream, isim, sizeof *isim);
    sim_random(world->sim, &stream, usim, sizeof *usim);
}

static void make_subscribers(BenchWorld *world)
{
    for (size_t i = 0; i < world->n; i++) {
        const BenchUe *u = &world->ue[i];
        const char *const impus[1] = { u->impu };
        MilenageKey isim, usim;
        HssSubscriber subscriber = { .impi = u->impi, .impu = impus, .n_impu = 1, .imsi = u->imsi };
        draw_keys(world, i, &isim, &usim);
        aka_he_init(&subscriber.isim, &isim, AKA_IND_IMS_FIRST, AKA_IND_IMS_COUNT);
        aka_he_init(&subscriber.usim, &usim, AKA_IND_PS_FIRST, AKA_IND_PS_COUNT);
        hss_add(world->hss, &subscriber);
    }
}

static Access *make_cell(BenchWorld *world, unsigned number)
{
    g_autofree char *name = g_strdup_printf("cell%u", number);
    const AccessConfig config = {
        .name = name,
        .cell_id = 100 + number,
        .prefix = UINT64_C(0x20010db800010000) + number,
        .policy = { .technology = ACCESS_UMTS, .cipher = RADIO_NONE, .strength = 50, .protected_discovery = true },
        .pcscf = *net_host_addr(pcscf_host(world->pcscf))
    };
    NetHost *pcscf = pcscf_host(world->pcscf);
    Access *access = access_new(world->net, &config, hss_access_vector, world->hss);
    NetLink *core = net_link_new(world->net, access_core_spec(ACCESS_UMTS), NULL, access_host(access), pcscf);
    net_route_default(access_host(access), core);
    net_route_prefix(pcscf, config.prefix, core);
    g_ptr_array_add(world->cells, access);
    return access;
}

static void make_hosts(BenchWorld *world)
{
    for (size_t i = 0; i < world->n; i++) {
        BenchUe *u = &world->ue[i];
        u->access = i % PER_CELL == 0 ? make_cell(world, (unsigned)(i / PER_CELL)) : world->ue[i - 1].access;
        u->host = net_host_new(world->net, u->name, NULL);
        u->radio = net_link_new(world->net, access_radio_spec(ACCESS_UMTS), u->name, u->host, access_host(u->access));
    }
}

static void make_modems(BenchWorld *world)
{
    for (size_t i = 0; i < world->n; i++) {
        BenchUe *u = &world->ue[i];
        MilenageKey isim_key, usim_key;
        AkaIsim usim;
        draw_keys(world, i, &isim_key, &usim_key);
        aka_isim_init(&usim, &usim_key);
        const ModemConfig config = {
            .name = u->name, .imsi = u->imsi, .usim = &usim, .policy = { .technology = ACCESS_UMTS }
        };
        u->modem = modem_new(u->host, u->radio, &config, NULL, NULL);
    }
}

static void make_ues(BenchWorld *world, const BenchLeg *leg)
{
    const SecAlgs clear = { ESP_HMAC_SHA1_96, ESP_NULL },
                  encrypting = { ESP_HMAC_SHA1_96, leg->ealg == ESP_NULL ? ESP_DES_EDE3_CBC : leg->ealg };
    for (size_t i = 0; i < world->n; i++) {
        BenchUe *u = &world->ue[i];
        MilenageKey isim_key, usim_key;
        AkaIsim isim;
        draw_keys(world, i, &isim_key, &usim_key);
        aka_isim_init(&isim, &isim_key);
        const UeConfig config = { .name = u->name,
                                  .impi = u->impi,
                                  .impu = u->impu,
                                  .home_domain = HOME,
                                  .isim = &isim,
                                  .policy = { .release = 6, .offer = { encrypting, clear }, .n_offer = 2 },
                                  .modem = u->modem,
                                  .directory = world->directory };
        u->ue = ue_new(world->net, &config);
    }
}

static void serve(BenchWorld *world)
{
    for (size_t i = 0; i < world->n; i++)
        access_serve(world->ue[i].access, world->ue[i].radio);
}

static double grown(double *heap)
{
    const double before = *heap;
    *heap = bench_heap();
    return *heap - before;
}

BenchWorld *bench_world_new(const BenchLeg *leg, size_t subscribers)
{
    BenchWorld *world = g_new0(BenchWorld, 1);
    world->sim = sim_new(&(SimConfig){ .seed = 1 });
    world->net = net_new(world->sim);
    world->source = sim_source(world->sim);
    world->directory = directory_new();
    world->ealg = leg->ealg;
    world->cells = g_ptr_array_new();
    world->sealed = g_array_new(FALSE, FALSE, sizeof(uint16_t));
    world->n = subscribers;
    world->ue = g_new0(BenchUe, subscribers);
    make_core(world, leg);

    double heap = bench_heap();
    make_identities(world);
    world->made.identities = grown(&heap);
    make_subscribers(world);
    world->made.hss = grown(&heap);
    make_hosts(world);
    world->made.hosts = grown(&heap);
    make_modems(world);
    world->made.modems = grown(&heap);
    make_ues(world, leg);
    world->made.ues = grown(&heap);
    serve(world);
    world->made.access = grown(&heap);
    return world;
}

void bench_world_free(BenchWorld *world)
{
    for (size_t i = 0; i < world->n; i++) {
        BenchUe *u = &world->ue[i];
        ue_free(u->ue);
        modem_free(u->modem);
        g_free(u->name);
        g_free(u->impi);
        g_free(u->impu);
        g_free(u->imsi);
    }
    for (guint i = 0; i < world->cells->len; i++)
        access_free(world->cells->pdata[i]);
    presence_free(world->presence);
    pcscf_free(world->pcscf);
    scscf_free(world->scscf);
    icscf_free(world->icscf);
    hss_free(world->hss);
    directory_free(world->directory);
    net_free(world->net);
    sim_free(world->sim);
    g_ptr_array_unref(world->cells);
    g_array_unref(world->sealed);
    g_free(world->ue);
    g_free(world);
}

/* --- what they do --- */

void bench_act_attach(BenchWorld *world, size_t i)
{
    modem_attach(world->ue[i].modem);
}

void bench_act_register(BenchWorld *world, size_t i)
{
    ue_register(world->ue[i].ue);
}

void bench_act_subscribe(BenchWorld *world, size_t i)
{
    ue_subscribe(world->ue[i].ue, world->ue[(i + 1) % world->n].impu, WATCH_SECONDS);
}

void bench_act_subscribe_to_first(BenchWorld *world, size_t i)
{
    ue_subscribe(world->ue[i].ue, world->ue[0].impu, WATCH_SECONDS);
}

void bench_act_publish(BenchWorld *world, size_t i)
{
    ue_publish(world->ue[i].ue, true, "c4k1v8w3raq7");
}

void bench_act_deregister(BenchWorld *world, size_t i)
{
    ue_deregister(world->ue[i].ue);
}

static void on_next(Sim *sim, void *ctx, uint64_t arg)
{
    BenchWorld *world = ctx;
    world->act(world, world->next++);
    if (world->next < world->n)
        sim_after(sim, world->source, GAP, on_next, world, 0);
}

void bench_world_begin(BenchWorld *world, BenchAct act)
{
    world->act = act;
    world->next = 0;
    sim_after(world->sim, world->source, GAP, on_next, world, 0);
}

bool bench_world_step(BenchWorld *world)
{
    const SimTime now = sim_now(world->sim);
    if (world->next < world->n) {
        (void)sim_run(world->sim, now + GAP * (SimTime)(world->n / STEPS + 1), 0);
        return true;
    }
    (void)sim_run(world->sim, now + SETTLE, 0);
    return false;
}

void bench_world_do(BenchWorld *world, BenchAct act)
{
    bench_world_begin(world, act);
    while (!interrupt_requested() && bench_world_step(world))
        (void)bench_world_take(world);
    (void)bench_world_take(world);
}

UeCounters bench_world_counters(const BenchWorld *world, size_t *registered_now)
{
    UeCounters sum = { 0 };
    size_t registered = 0;
    for (size_t i = 0; i < world->n; i++) {
        const UeCounters *c = ue_counters(world->ue[i].ue);
        sum.registered += c->registered;
        sum.published += c->published;
        sum.subscribed += c->subscribed;
        sum.notified += c->notified;
        sum.refused += c->refused;
        sum.failed += c->failed;
        registered += ue_registered(world->ue[i].ue);
    }
    if (registered_now)
        *registered_now = registered;
    return sum;
}
