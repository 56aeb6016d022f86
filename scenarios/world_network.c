/*
 * scenarios/world_network.c - the network side of a world: core nodes, links, security gateways, cells.
 *
 * Source:  TS 23.228 §4.6, §5 (who is connected to whom); TS 33.210 (gateways on the inter-operator link); S4 §4.3.
 * Knows:   values of options, never their names.
 */
#include "scenarios/world_private.h"

#include <string.h>

/* One way.  Inter-operator 20 ms, inside a network 2 ms: engineering values; a scenario may change them. */
static const NetLinkSpec spec_mw = { .segment = { { .name = "mw", .delay = 20 * SIM_MS } }, .n_segments = 1 };
static const NetLinkSpec spec_mw2 = { .segment = { { .name = "mw2", .delay = 2 * SIM_MS } }, .n_segments = 1 };
static const NetLinkSpec spec_isc = { .segment = { { .name = "isc", .delay = 2 * SIM_MS } }, .n_segments = 1 };
static const NetLinkSpec spec_cx = { .segment = { { .name = "cx", .delay = 2 * SIM_MS } }, .n_segments = 1 };

/* 2001:db8::/32 is for documentation (RFC 3849): core 0..1, cells of participants 8000.., of populations 4000... */
#define SSID           "hotspot"
#define PREFIX_CORE    UINT64_C(0x20010db800000000)
#define PREFIX_VISITED UINT64_C(0x20010db800010000)
#define PREFIX_CELLS   UINT64_C(0x20010db880000000)

const char *world_text(World *world, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    return g_string_chunk_insert_const(world->texts, text);
}

/* ---- links ---- */

static bool delay_applies(const ScenarioDelay *delay, const char *segment, const char *instance)
{
    g_autofree char *full = g_strdup_printf("%s:%s", segment, instance);
    return strcmp(delay->segment, segment) == 0 || strcmp(delay->segment, full) == 0;
}

static void change_segment(NetSegmentSpec *segment, const ScenarioDelay *delay)
{
    if (delay->delay >= 0)
        segment->delay = delay->delay;
    if (delay->up >= 0)
        segment->bits_per_second[NET_UP] = (uint64_t)delay->up;
    if (delay->down >= 0)
        segment->bits_per_second[NET_DOWN] = (uint64_t)delay->down;
    if (delay->loss_ppm >= 0)
        segment->loss_ppm = (uint32_t)MIN(delay->loss_ppm, 1000000);
}

const NetLinkSpec *world_spec(World *world, const NetLinkSpec *base, const char *instance)
{
    NetLinkSpec *changed = NULL;
    for (guint i = 0; i < world->scenario->delays->len; i++) {
        const ScenarioDelay *delay = world->scenario->delays->pdata[i];
        for (unsigned s = 0; s < base->n_segments; s++) {
            if (!delay_applies(delay, base->segment[s].name, instance))
                continue;
            if (!changed) {
                changed = g_memdup2(base, sizeof *base);
                g_ptr_array_add(world->specs, changed);
            }
            change_segment(&changed->segment[s], delay);
        }
    }
    return changed ? changed : base;
}

static NetLink *join(World *world, const NetLinkSpec *spec, NetHost *a, NetHost *b)
{
    NetLink *link = net_link_new(world->net, world_spec(world, spec, ""), NULL, a, b);
    net_route_addr(a, net_host_addr(b), link);
    net_route_addr(b, net_host_addr(a), link);
    return link;
}

/* ---- home network ---- */

static NetAddr core_addr(unsigned n)
{
    return net_addr_make(PREFIX_CORE, n);
}

static void name_core(World *world)
{
    static const char *const names[] = { "icscf." HOME_DOMAIN, "scscf." HOME_DOMAIN, "hss." HOME_DOMAIN,
                                         "ps." HOME_DOMAIN };
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        NetAddr addr = core_addr(i + 1);
        directory_add(world->directory, names[i], &addr);
    }
    NetAddr entry = core_addr(1);
    directory_add(world->directory, HOME_DOMAIN, &entry); /* the I-CSCF is what DNS gives for the home domain */
}

static ScscfPolicy scscf_policy(const World *world)
{
    const OptionHome *home = &world->option->home;
    return (ScscfPolicy){
        .release = home->scscf_release,
        .forwards_indication = home->forwards_indication,
        .refuses_unindicated = home->network_guard,
        .refuses_messages_too = home->messages_too,
        .checks_indication_source = home->checks_indication_source,
        .release6_pcscfs = (const char *const *)world->release6->pdata,
        .n_release6_pcscfs = world->release6->len,
        .accepts_tls = world_has_tls(world) && !home->tls_strict,
        .tls_aka = home->tls_aka,
    };
}

static void build_home(World *world)
{
    const OptionHome *home = &world->option->home;
    world->trusted[0] = core_addr(2);
    world->trusted[1] = core_addr(4);
    world->hss = hss_new(world->net, &(HssConfig){ .name = "hss",
                                                   .domain = "hss." HOME_DOMAIN,
                                                   .addr = core_addr(3),
                                                   .home_domain = HOME_DOMAIN,
                                                   .scscf = "sip:scscf." HOME_DOMAIN,
                                                   .presence_server = "sip:ps." HOME_DOMAIN,
                                                   .made = world_reveal_answer,
                                                   .ctx = world });
    world->icscf = icscf_new(world->net, &(IcscfConfig){ .name = "icscf",
                                                         .domain = "icscf." HOME_DOMAIN,
                                                         .addr = core_addr(1),
                                                         .home_domain = HOME_DOMAIN,
                                                         .hss = "hss." HOME_DOMAIN,
                                                         .directory = world->directory,
                                                         .passes_asserted_identity = home->edge_passes_identity,
                                                         .trusted = world->trusted,
                                                         .n_trusted = G_N_ELEMENTS(world->trusted) });
    world->scscf = scscf_new(world->net, &(ScscfConfig){ .name = "scscf",
                                                         .domain = "scscf." HOME_DOMAIN,
                                                         .addr = core_addr(2),
                                                         .home_domain = HOME_DOMAIN,
                                                         .hss = "hss." HOME_DOMAIN,
                                                         .icscf = "icscf." HOME_DOMAIN,
                                                         .policy = scscf_policy(world),
                                                         .directory = world->directory });
    PresenceConfig presence = { .name = "ps",
                                .domain = "ps." HOME_DOMAIN,
                                .addr = core_addr(4),
                                .home_domain = HOME_DOMAIN,
                                .policy = { .clear_notifications = home->clear_notifications,
                                            .requires_indication = home->network_guard,
                                            .anonymises = home->ps_anonymises,
                                            .trusts_from = home->ps_trusts_from,
                                            .throttle_seconds = home->throttle_s },
                                .directory = world->directory };
    world_certify_presence(world, &presence);
    world->presence = presence_new(world->net, &presence);
}

static void join_home(World *world)
{
    NetHost *icscf = icscf_host(world->icscf), *scscf = scscf_host(world->scscf), *hss = hss_host(world->hss);
    join(world, &spec_mw2, scscf, icscf);
    join(world, &spec_cx, icscf, hss);
    join(world, &spec_cx, scscf, hss);
    join(world, &spec_isc, scscf, presence_host(world->presence));
}

/* ---- P-CSCFs ---- */

static void guard_link(World *world, NetLink *link)
{
    NetAddr a = *net_host_addr(net_link_end(link, 0)), b = *net_host_addr(net_link_end(link, 1));
    /* The gateways stand beside their nodes: same networks, other interfaces. */
    NetAddr gateway_a = net_addr_make(net_addr_prefix(&a), net_addr_interface(&a) | 0x100);
    NetAddr gateway_b = net_addr_make(net_addr_prefix(&b), net_addr_interface(&b) | 0x100);
    g_ptr_array_add(world->segs, seg_new(world->net, link, &gateway_a, &gateway_b, world->option->home.za_enc));
}

static Pcscf *build_pcscf(World *world, const char *name, const char *domain, unsigned index, bool visited,
                          const PcscfPolicy *policy, TlsContext *tls)
{
    NetAddr addr = net_addr_make(PREFIX_VISITED + index, 1);
    directory_add(world->directory, domain, &addr);
    Pcscf *pcscf = pcscf_new(world->net, &(PcscfConfig){ .name = name,
                                                         .domain = domain,
                                                         .addr = addr,
                                                         .visited_network = visited ? VISITED_DOMAIN : HOME_DOMAIN,
                                                         .policy = *policy,
                                                         .tls = tls,
                                                         .directory = world->directory });
    NetLink *to_icscf = join(world, &spec_mw, pcscf_host(pcscf), icscf_host(world->icscf));
    NetLink *to_scscf = join(world, &spec_mw, pcscf_host(pcscf), scscf_host(world->scscf));
    net_host_set_source_check(pcscf_host(pcscf), true); /* RFC 3704: nobody speaks from another's address */
    if (visited) {
        guard_link(world, to_icscf);
        guard_link(world, to_scscf);
    }
    return pcscf;
}

static WorldLeg *leg_new(World *world, const Option *values)
{
    WorldLeg *leg = g_new0(WorldLeg, 1);
    const char *network = values->leg.pcscf_location == OPTION_VISITED ? VISITED_DOMAIN : HOME_DOMAIN;
    unsigned n = world->legs->len;
    leg->option = option_copy(values);
    leg->name = n == 0 ? "pcscf" : world_text(world, "pcscf%u", n + 1);
    leg->domain = world_text(world, "%s.%s", leg->name, network);
    g_ptr_array_add(world->legs, leg);
    return leg;
}

static void build_pcscfs(World *world)
{
    for (guint i = 0; i < world->legs->len; i++) {
        WorldLeg *leg = world->legs->pdata[i];
        bool visited = leg->option->leg.pcscf_location == OPTION_VISITED;
        PcscfPolicy policy = option_pcscf_policy(leg->option), rel5 = option_neighbour_policy();
        world_certify_pcscf(world, leg);
        leg->pcscf = build_pcscf(world, leg->name, leg->domain, i, visited, &policy, leg->server);
        if (leg->option->leg.neighbour_pcscf == OPTION_NEIGHBOUR_REL5 && !world->neighbour)
            world->neighbour =
                build_pcscf(world, "neighbour", "neighbour." VISITED_DOMAIN, 0xffff, visited, &rel5, NULL);
    }
}

static void leg_free(void *item)
{
    WorldLeg *leg = item;
    if (leg->pcscf)
        pcscf_free(leg->pcscf);
    option_free(leg->option);
    g_free(leg);
}

WorldLeg *world_leg_for(World *world, const Option *values)
{
    for (guint i = 0; i < world->legs->len; i++) {
        WorldLeg *leg = world->legs->pdata[i];
        if (option_same_pcscf(leg->option, values))
            return leg;
    }
    return leg_new(world, values);
}

/* ---- cells ---- */

/* FNV-1a: prefixes and cell numbers follow from the name alone, so that others who come or go change nothing. */
static uint32_t name_hash(const char *name)
{
    uint32_t hash = UINT32_C(2166136261);
    for (; *name; name++)
        hash = (hash ^ (uint8_t)*name) * UINT32_C(16777619);
    return hash;
}

static uint64_t prefix_for(World *world, const char *name)
{
    uint64_t prefix = PREFIX_CELLS | (name_hash(name) & 0x7fffffff);
    for (guint i = 0; i < world->prefixes->len; i++)
        if (g_array_index(world->prefixes, uint64_t, i) == prefix) /* one in 2^31 pairs of names: take the next */
            prefix = PREFIX_CELLS | ((prefix + 1) & 0x7fffffff), i = 0;
    g_array_append_val(world->prefixes, prefix);
    return prefix;
}

/* Only for named participants is what the attackers' reduction needs looked at. */
static bool on_vector(void *ctx, const char *imsi, const uint8_t *auts_rand, const uint8_t *auts, AkaAv *out)
{
    WorldCell *cell = ctx;
    bool known = hss_access_vector(cell->world->hss, imsi, auts_rand, auts, out);
    if (known && cell->segment[0])
        world_reveal(cell->world, cell, out);
    return known;
}

static void link_to(World *world, WorldCell *cell, uint64_t prefix, Pcscf *pcscf, bool standard)
{
    const char *instance = cell->segment[0] ? cell->segment : cell->name;
    const NetLinkSpec *spec = world_spec(world, access_core_spec(cell->technology), instance);
    NetHost *here = access_host(cell->access), *there = pcscf_host(pcscf);
    NetLink *link = net_link_new(world->net, spec, instance, here, there);
    if (standard)
        net_route_default(here, link);
    net_route_addr(here, net_host_addr(there), link);
    net_route_prefix(there, prefix, link);
}

WorldCell *world_cell_new(World *world, const char *name, const char *segment, OptionAccess access, WorldLeg *leg)
{
    WorldCell *cell = g_new0(WorldCell, 1);
    *cell = (WorldCell){ .world = world,
                         .name = world_text(world, "%s", name),
                         .segment = world_text(world, "%s", segment),
                         .technology = option_access_technology(access),
                         .cipher = option_access_cipher(access) };
    SimStream stream = sim_stream(world->sim, name, "wep", 0);
    sim_random(world->sim, &stream, cell->wep_key, 5);
    AccessConfig config = {
        .name = cell->name,
        .cell_id = name_hash(name) & 0x0fffffff,
        .prefix = prefix_for(world, name),
        .policy = { .technology = cell->technology,
                    .cipher = cell->cipher,
                    .strength = 50,
                    .ssid = cell->technology == ACCESS_WLAN ? SSID : NULL,
                    .protected_discovery = leg->option->leg.discovery_protected },
        .pcscf = *net_host_addr(pcscf_host(leg->pcscf)),
    };
    memcpy(config.policy.wep_key, cell->wep_key, sizeof config.policy.wep_key);
    cell->access = access_new(world->net, &config, on_vector, cell);
    link_to(world, cell, config.prefix, leg->pcscf, true);
    if (world->neighbour)
        link_to(world, cell, config.prefix, world->neighbour, false);
    g_ptr_array_add(world->cells, cell);
    return cell;
}

static void cell_free_item(void *item)
{
    WorldCell *cell = item;
    access_free(cell->access);
    g_free(cell);
}

NetLink *world_radio_link(World *world, WorldCell *cell, const char *name, NetHost *host)
{
    const NetLinkSpec *spec = world_spec(world, access_radio_spec(cell->technology), name);
    return net_link_new(world->net, spec, name, host, access_host(cell->access));
}

ModemPolicy world_modem_policy(const Option *values, const WorldCell *cell)
{
    AccessTechnology technology = option_access_technology((OptionAccess)values->leg.access);
    ModemPolicy policy = {
        .technology = technology,
        .dual_mode = values->leg.dual_mode,
        .open_discovery = !values->leg.discovery_protected,
        .ssid = technology == ACCESS_WLAN ? SSID : NULL,
    };
    if (values->leg.access == LEG_WLAN_WEP)
        memcpy(policy.wep_key, cell->wep_key, sizeof policy.wep_key);
    return policy;
}

/* ---- the whole ---- */

/* The S-CSCF's list of P-CSCFs that may be believed: those that set the indication themselves. */
static void note_release6(World *world)
{
    for (guint i = 0; i < world->legs->len; i++) {
        const WorldLeg *leg = world->legs->pdata[i];
        if (leg->option->leg.pcscf_indicates)
            g_ptr_array_add(world->release6, (void *)leg->domain);
    }
}

void world_plan_core(World *world)
{
    world->specs = g_ptr_array_new_with_free_func(g_free);
    world->segs = g_ptr_array_new_with_free_func((GDestroyNotify)seg_free);
    world->legs = g_ptr_array_new_with_free_func(leg_free);
    world->cells = g_ptr_array_new_with_free_func(cell_free_item);
    world->prefixes = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    world->release6 = g_ptr_array_new();
}

void world_build_core(World *world)
{
    note_release6(world);
    name_core(world);
    build_home(world);
    join_home(world);
    build_pcscfs(world);
}

void world_free_core(World *world)
{
    g_ptr_array_unref(world->cells);
    if (world->neighbour)
        pcscf_free(world->neighbour);
    g_ptr_array_unref(world->legs);
    presence_free(world->presence);
    scscf_free(world->scscf);
    icscf_free(world->icscf);
    hss_free(world->hss);
    g_ptr_array_unref(world->segs);
    g_ptr_array_unref(world->specs);
    g_ptr_array_unref(world->release6);
    g_array_unref(world->prefixes);
}
