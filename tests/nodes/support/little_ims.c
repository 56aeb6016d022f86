/*
 * tests/nodes/support/little_ims.c - see little_ims.h.
 */
#include "tests/nodes/support/little_ims.h"
#include <stdio.h>
#include <string.h>

static const NetLinkSpec mw = { .segment = { { .name = "mw", .delay = 20 * SIM_MS } }, .n_segments = 1 };
static const NetLinkSpec mw2 = { .segment = { { .name = "mw2", .delay = 2 * SIM_MS } }, .n_segments = 1 };
static const NetLinkSpec cx = { .segment = { { .name = "cx", .delay = 2 * SIM_MS } }, .n_segments = 1 };
static const NetLinkSpec isc = { .segment = { { .name = "isc", .delay = 2 * SIM_MS } }, .n_segments = 1 };

static void join(LittleIms *ims, const NetLinkSpec *spec, NetHost *a, NetHost *b)
{
    NetLink *link = net_link_new(ims->net, spec, NULL, a, b);
    net_route_addr(a, net_host_addr(b), link);
    net_route_addr(b, net_host_addr(a), link);
}

static NetAddr core(unsigned n)
{
    return net_addr_make(UINT64_C(0x20010db800000000), n);
}

LittleConfig little_config(unsigned ue_release, unsigned pcscf_release, bool encrypts)
{
    LittleConfig config = { .n_ues = 2, .seed = 1 };
    const SecAlgs encrypting = { ESP_HMAC_SHA1_96, ESP_DES_EDE3_CBC }, clear = { ESP_HMAC_SHA1_96, ESP_NULL };
    config.pcscf = (PcscfPolicy){ .release = pcscf_release,
                                  .encrypts = encrypts,
                                  .indicates_confidentiality = pcscf_release >= 6,
                                  .list = { encrypting, clear },
                                  .n_list = 2 };
    config.scscf = (ScscfPolicy){ .release = 6, .forwards_indication = true };
    config.presence = (PresencePolicy){ .clear_notifications = true, .anonymises = true, .throttle_seconds = 5 };
    for (unsigned i = 0; i < LITTLE_UES; i++) {
        config.ue[i] = (UePolicy){ .release = ue_release, .offer = { encrypting, clear }, .n_offer = 2 };
        if (ue_release < 6) {
            config.ue[i].offer[0] = clear;
            config.ue[i].n_offer = 1;
        }
    }
    return config;
}

LittleConfig little_tls_config(UeGm gm, unsigned aka_version)
{
    LittleConfig config = little_config(6, 5, false);
    config.tls.used = true;
    config.pcscf.marks_tls = true;
    config.pcscf.lists_tls = gm == UE_GM_NEGOTIATED;
    config.scscf.accepts_tls = true;
    config.scscf.tls_aka = aka_version;
    for (unsigned i = 0; i < LITTLE_UES; i++) {
        config.ue[i].gm = gm;
        config.ue[i].tls_aka = aka_version;
    }
    return config;
}

AkaIsim little_isim(const LittleIms *ims, const char *name)
{
    SimStream keys = sim_stream(ims->sim, name, "keys", 0);
    MilenageKey key;
    AkaIsim isim;
    sim_random(ims->sim, &keys, &key, sizeof key);
    aka_isim_init(&isim, &key);
    return isim;
}

static void add_ue(LittleIms *ims, const LittleConfig *config, unsigned i)
{
    static const char *const names[LITTLE_UES] = { "alice", "bob", "carol" };
    LittleUe *u = &ims->ue[i];
    MilenageKey isim_key, usim_key;
    AkaIsim isim, usim;
    SimStream keys = sim_stream(ims->sim, names[i], "keys", 0);

    u->name = g_strdup(names[i]);
    u->impi = g_strdup_printf("%s.k3j9x8f2q7aa@home.example", u->name);
    u->impu = g_strdup_printf("sip:%s.x8f2m4q7p1zz@home.example", u->name);
    u->imsi = g_strdup_printf("00101000000000%u", i);
    u->impus[0] = u->impu;
    sim_random(ims->sim, &keys, &isim_key, sizeof isim_key);
    sim_random(ims->sim, &keys, &usim_key, sizeof usim_key);
    HssSubscriber subscriber = { .impi = u->impi, .impu = u->impus, .n_impu = 1, .imsi = u->imsi };
    if (i == 0 && config->usim_only) {
        u->temporary = g_strdup_printf("sip:%s@home.example", u->imsi);
        u->impus[0] = u->temporary;
        u->impus[1] = u->impu;
        subscriber.n_impu = 2;
        subscriber.barred = 1;
    }
    aka_he_init(&subscriber.isim, &isim_key, AKA_IND_IMS_FIRST, AKA_IND_IMS_COUNT);
    aka_he_init(&subscriber.usim, &usim_key, AKA_IND_PS_FIRST, AKA_IND_PS_COUNT);
    hss_add(ims->hss, &subscriber);
    if (i == 0 && config->wrong_key)
        isim_key.k[0] ^= 1;
    aka_isim_init(&isim, &isim_key);
    aka_isim_init(&usim, &usim_key);
    if (i == 0 && config->sqn_ahead > 0)
        for (unsigned ind = 0; ind < AKA_IND_COUNT; ind++)
            aka_isim_set_seq(&isim, ind, config->sqn_ahead);

    u->cell = g_strdup_printf("cell:%s", u->name);
    AccessConfig access = { .name = u->cell,
                            .cell_id = 100 + i,
                            .prefix = UINT64_C(0x20010db800010000) + i,
                            .policy = { .technology = ACCESS_UMTS, .cipher = RADIO_NONE, .strength = 50 },
                            .pcscf = *net_host_addr(pcscf_host(ims->pcscf)) };
    u->access = access_new(ims->net, &access, hss_access_vector, ims->hss);
    u->host = net_host_new(ims->net, u->name, NULL);
    u->radio = net_link_new(ims->net, access_radio_spec(ACCESS_UMTS), u->name, u->host, access_host(u->access));
    u->core =
        net_link_new(ims->net, access_core_spec(ACCESS_UMTS), u->name, access_host(u->access), pcscf_host(ims->pcscf));
    net_route_default(access_host(u->access), u->core);
    net_route_prefix(pcscf_host(ims->pcscf), access.prefix, u->core);
    ModemConfig modem = {
        .name = u->name, .imsi = u->imsi, .usim = &usim, .policy = { .technology = ACCESS_UMTS, .open_discovery = true }
    };
    u->modem = modem_new(u->host, u->radio, &modem, NULL, NULL);
    UeConfig ue = { .name = u->name,
                    .impi = u->impi,
                    .impu = u->temporary != NULL ? u->temporary : u->impu,
                    .home_domain = "home.example",
                    .isim = &isim,
                    .policy = config->ue[i],
                    .modem = u->modem,
                    .directory = ims->directory,
                    .smime = config->smime.ue[i],
                    .credentials = config->smime.ue_has[i],
                    .ps_name = "ps.home.example",
                    .ps_cert = config->smime.ps_cert,
                    .watcher_password = config->password[i] };
    if (ims->pki != NULL) {
        bool of_another = i == 0 && config->tls.of_another;
        ue.tls = little_pki_client(ims->pki, u->name, of_another ? "bob.k3j9x8f2q7aa@home.example" : u->impi);
        ue.pcscf_name = "pcscf.visited.example";
    }
    u->ue = ue_new(ims->net, &ue);
    access_serve(u->access, u->radio);
}

LittleIms *little_ims_new(const LittleConfig *config)
{
    LittleIms *ims = g_new0(LittleIms, 1);
    ims->sim = sim_new(&(SimConfig){ .seed = config->seed, .trace = true });
    ims->net = net_new(ims->sim);
    ims->capture = capture_new(ims->net, false, false);
    ims->directory = directory_new();
    ims->pki = config->tls.used ? little_pki_new(ims->sim, &config->tls) : NULL;
    NetAddr pcscf = core(1), icscf = core(2), scscf = core(3), hss = core(4), ps = core(5);
    ims->trusted[0] = scscf;
    directory_add(ims->directory, "pcscf.visited.example", &pcscf);
    directory_add(ims->directory, "home.example", &icscf);
    directory_add(ims->directory, "icscf.home.example", &icscf);
    directory_add(ims->directory, "scscf.home.example", &scscf);
    directory_add(ims->directory, "hss.home.example", &hss);
    directory_add(ims->directory, "ps.home.example", &ps);
    ims->hss = hss_new(ims->net, &(HssConfig){ .name = "hss",
                                               .domain = "hss.home.example",
                                               .addr = hss,
                                               .home_domain = "home.example",
                                               .scscf = "sip:scscf.home.example",
                                               .presence_server = "sip:ps.home.example" });
    ims->icscf = icscf_new(ims->net, &(IcscfConfig){ .name = "icscf",
                                                     .domain = "icscf.home.example",
                                                     .addr = icscf,
                                                     .home_domain = "home.example",
                                                     .hss = "hss.home.example",
                                                     .directory = ims->directory,
                                                     .trusted = ims->trusted,
                                                     .n_trusted = 1 });
    ims->scscf = scscf_new(ims->net, &(ScscfConfig){ .name = "scscf",
                                                     .domain = "scscf.home.example",
                                                     .addr = scscf,
                                                     .home_domain = "home.example",
                                                     .hss = "hss.home.example",
                                                     .icscf = "icscf.home.example",
                                                     .policy = config->scscf,
                                                     .directory = ims->directory });
    ims->pcscf = pcscf_new(
        ims->net,
        &(PcscfConfig){ .name = "pcscf",
                        .domain = "pcscf.visited.example",
                        .addr = pcscf,
                        .visited_network = "visited.example",
                        .policy = config->pcscf,
                        .tls = ims->pki != NULL && !config->pcscf_without_tls ? little_pki_server(ims->pki) : NULL,
                        .directory = ims->directory });
    ims->presence = presence_new(ims->net, &(PresenceConfig){ .name = "ps",
                                                              .domain = "ps.home.example",
                                                              .addr = ps,
                                                              .home_domain = "home.example",
                                                              .policy = config->presence,
                                                              .smime = config->smime.ps,
                                                              .credentials = config->smime.ps_has,
                                                              .user_cert = config->smime.user_cert,
                                                              .password = config->watcher_password,
                                                              .ctx = config->smime.ctx,
                                                              .directory = ims->directory });
    join(ims, &mw, pcscf_host(ims->pcscf), icscf_host(ims->icscf));
    join(ims, &mw, pcscf_host(ims->pcscf), scscf_host(ims->scscf));
    join(ims, &mw2, scscf_host(ims->scscf), icscf_host(ims->icscf));
    join(ims, &cx, icscf_host(ims->icscf), hss_host(ims->hss));
    join(ims, &cx, scscf_host(ims->scscf), hss_host(ims->hss));
    join(ims, &isc, scscf_host(ims->scscf), presence_host(ims->presence));
    net_host_set_source_check(pcscf_host(ims->pcscf), true);
    ims->n_ues = config->n_ues;
    for (unsigned i = 0; i < ims->n_ues; i++)
        add_ue(ims, config, i);
    return ims;
}

LittleIms *little_ims_registered(const LittleConfig *config, double seconds)
{
    LittleIms *ims = little_ims_new(config);
    ue_register(ims->ue[0].ue);
    ue_register(ims->ue[1].ue);
    little_run(ims, seconds);
    g_assert_true(ue_registered(ims->ue[0].ue));
    g_assert_true(ue_registered(ims->ue[1].ue));
    return ims;
}

void little_ims_finish(LittleIms *ims)
{
    if (g_test_verbose())
        little_print(ims);
    little_ims_free(ims);
}

void little_ims_free(LittleIms *ims)
{
    for (unsigned i = 0; i < ims->n_ues; i++) {
        LittleUe *u = &ims->ue[i];
        ue_free(u->ue);
        modem_free(u->modem);
        access_free(u->access);
        g_free(u->cell);
        g_free(u->name);
        g_free(u->impi);
        g_free(u->impu);
        g_free(u->temporary);
        g_free(u->imsi);
    }
    presence_free(ims->presence);
    pcscf_free(ims->pcscf);
    scscf_free(ims->scscf);
    icscf_free(ims->icscf);
    hss_free(ims->hss);
    little_pki_free(ims->pki);
    directory_free(ims->directory);
    capture_free(ims->capture);
    net_free(ims->net);
    sim_free(ims->sim);
    g_free(ims);
}

void little_run(LittleIms *ims, double seconds)
{
    sim_run(ims->sim, sim_now(ims->sim) + (SimTime)(seconds * 1e9), 0);
}

static const TraceRecord *last_outcome(const LittleIms *ims, const char *node, const char *action, size_t *n)
{
    const Trace *trace = sim_trace(ims->sim);
    const TraceRecord *last = NULL;
    *n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == TRACE_OUTCOME && strcmp(r->node, node) == 0 && strcmp(r->outcome.action, action) == 0) {
            last = r;
            ++*n;
        }
    }
    return last;
}

int little_outcome(const LittleIms *ims, const char *node, const char *action)
{
    size_t n;
    const TraceRecord *last = last_outcome(ims, node, action, &n);
    return last != NULL ? last->outcome.status : -2;
}

const char *little_outcome_text(const LittleIms *ims, const char *node, const char *action)
{
    size_t n;
    const TraceRecord *last = last_outcome(ims, node, action, &n);
    return last != NULL ? last->outcome.text : "";
}

size_t little_outcomes(const LittleIms *ims, const char *node, const char *action)
{
    size_t n;
    (void)last_outcome(ims, node, action, &n);
    return n;
}

size_t little_count(const LittleIms *ims, TraceKind kind, const char *node, const char *label)
{
    const Trace *trace = sim_trace(ims->sim);
    size_t n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == kind && strcmp(r->node, node) == 0 && (label == NULL || strcmp(r->message.label, label) == 0))
            n++;
    }
    return n;
}

bool little_decided(const LittleIms *ims, const char *node, const char *rule)
{
    const Trace *trace = sim_trace(ims->sim);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == TRACE_DECISION && strcmp(r->node, node) == 0 && strcmp(r->decision.rule, rule) == 0)
            return true;
    }
    return false;
}

void little_print(const LittleIms *ims)
{
    const Trace *trace = sim_trace(ims->sim);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        printf("# %9.3f %3u<-%-3u %-6s ", (double)r->at / 1e9, r->id, r->cause, r->node);
        switch (r->kind) {
        case TRACE_SEND:
            printf("-> %s: %s [%s] %u\n", r->message.peer, r->message.label, r->message.protection, r->message.len);
            break;
        case TRACE_RECEIVE: printf("<- %s: %s [%s]\n", r->message.peer, r->message.label, r->message.protection); break;
        case TRACE_DECISION: printf("decides: %s (%s)\n", r->decision.text, r->decision.clause); break;
        case TRACE_SA:
            printf("SA %s %08x %s %s -> %s\n", r->sa.made ? "made" : "gone", r->sa.spi, r->sa.ealg, r->sa.src,
                   r->sa.dst);
            break;
        case TRACE_TLS:
            printf("TLS %u with %s %s %s %s\n", r->tls.connection, r->tls.peer, r->tls.open ? "open" : "over",
                   r->tls.suite, r->tls.text);
            break;
        case TRACE_OUTCOME:
            printf("outcome %s %s: %d %s\n", r->outcome.action, r->outcome.target, r->outcome.status, r->outcome.text);
            break;
        case TRACE_DROP: printf("drops %s: %s\n", r->drop.cause, r->drop.text); break;
        case TRACE_REGISTRATION: printf("binding %d %s\n", r->registration.made, r->registration.impu); break;
        case TRACE_DISPLAY: printf("displays from %s\n", r->display.from); break;
        default: printf("kind %d\n", r->kind); break;
        }
    }
}
