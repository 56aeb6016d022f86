/*
 * nodes/stack/sad.c - the security association database of one host: sets by id, by inbound SPI, by outbound selector.
 *
 * Source:  TS 33.203 §7.1 (SAs, ports, SPIs), Annex I (keys, in crypto/esp.h); RFC 2451 §2.3 (weak keys are refused).
 * Knows:   as sad.h.  Packets are in sad_hook.c.  A set costs about 300 octets with its entries in the three indexes.
 */
#include "nodes/stack/sad_private.h"

#include <string.h>

static const char *const alg_names[] = { [ESP_HMAC_MD5_96] = "hmac-md5-96", [ESP_HMAC_SHA1_96] = "hmac-sha-1-96" };
static const char *const ealg_names[] = {
    [ESP_NULL] = "null",
    [ESP_DES_EDE3_CBC] = "des-ede3-cbc",
    [ESP_AES_CBC] = "aes-cbc",
};
static const char *const protection_names[2][3] = {
    [ESP_HMAC_MD5_96] = { "ESP null hmac-md5-96", "ESP des-ede3-cbc hmac-md5-96", "ESP aes-cbc hmac-md5-96" },
    [ESP_HMAC_SHA1_96] = { "ESP null hmac-sha-1-96", "ESP des-ede3-cbc hmac-sha-1-96", "ESP aes-cbc hmac-sha-1-96" },
};

/* ---- keys of the indexes ---- */

static uint32_t id_hash(uint32_t id)
{
    return id * UINT32_C(0x9e3779b1);
}

static uint32_t spi_hash(uint32_t spi)
{
    return index_hash(&spi, sizeof spi, 0);
}

static uint32_t selector_hash(const NetAddr *peer, uint16_t local_port, uint16_t peer_port)
{
    return index_hash(peer, sizeof *peer, (uint32_t)local_port << 16 | peer_port);
}

static uint32_t hash_by_id(const void *owner, uint32_t value)
{
    const Sad *sad = owner;
    return id_hash(sad->set[value / 2]->id);
}

static uint32_t hash_by_spi(const void *owner, uint32_t value)
{
    const Sad *sad = owner;
    return spi_hash(sad->set[value / 2]->in[value % 2].spi);
}

static uint32_t hash_by_selector(const void *owner, uint32_t value)
{
    const Sad *sad = owner;
    const SaSet *set = sad->set[value / 2];
    return selector_hash(&set->peer, set->local_port[value % 2], set->peer_port[value % 2]);
}

/* ---- lookups ---- */

/* Every SA that a key may stand for, as slot * 2 + pair: those under its hash, or all when there are few. */
typedef struct Walk {
    const Sad *sad;
    const Index *index; /* NULL: all */
    uint32_t at;
} Walk;

static Walk walk(const Sad *sad, const Index *index, uint32_t hash)
{
    return (Walk){ .sad = sad, .index = index, .at = index != NULL ? index_first(index, hash) : 2 };
}

/* 0: no more. */
static uint32_t walk_next(Walk *w)
{
    if (w->index != NULL) {
        uint32_t value = index_get(w->index, w->at);
        w->at = index_next(w->index, w->at);
        return value;
    }
    while (w->at < w->sad->n_slots * 2 && w->sad->set[w->at / 2] == NULL)
        w->at++;
    return w->at < w->sad->n_slots * 2 ? w->at++ : 0;
}

static Walk walk_id(const Sad *sad, SaSetId id)
{
    return sad->indexes != NULL ? walk(sad, &sad->indexes->by_id, id_hash(id)) : walk(sad, NULL, 0);
}

static Walk walk_spi(const Sad *sad, uint32_t spi)
{
    return sad->indexes != NULL ? walk(sad, &sad->indexes->by_spi, spi_hash(spi)) : walk(sad, NULL, 0);
}

static Walk walk_selector(const Sad *sad, const NetAddr *dst, uint16_t sport, uint16_t dport)
{
    return sad->indexes != NULL ? walk(sad, &sad->indexes->by_selector, selector_hash(dst, sport, dport))
                                : walk(sad, NULL, 0);
}

static uint32_t slot_of(const Sad *sad, SaSetId id)
{
    Walk w = walk_id(sad, id);
    for (uint32_t v; id != 0 && (v = walk_next(&w)) != 0;)
        if (sad->set[v / 2]->id == id)
            return v / 2;
    return 0;
}

static SaSet *set_of(const Sad *sad, SaSetId id)
{
    uint32_t slot = slot_of(sad, id);
    return slot != 0 ? sad->set[slot] : NULL;
}

static bool better(const SaSet *set, const SaSet *than)
{
    if (than == NULL)
        return true;
    if (set->outbound != than->outbound)
        return set->outbound;
    return set->id > than->id;
}

SaSet *sad_find_outbound(const Sad *sad, const NetAddr *dst, uint16_t sport, uint16_t dport, unsigned *pair)
{
    SaSet *best = NULL;
    Walk w = walk_selector(sad, dst, sport, dport);
    for (uint32_t v; (v = walk_next(&w)) != 0;) {
        SaSet *set = sad->set[v / 2];
        unsigned p = v % 2;
        if (set->local_port[p] != sport || set->peer_port[p] != dport || !net_addr_equal(&set->peer, dst))
            continue;
        if (!better(set, best))
            continue;
        best = set;
        *pair = p;
    }
    return best;
}

SaSet *sad_find_inbound(const Sad *sad, uint32_t spi, const NetAddr *src, unsigned *pair)
{
    SaSet *best = NULL;
    Walk w = walk_spi(sad, spi);
    for (uint32_t v; (v = walk_next(&w)) != 0;) {
        SaSet *set = sad->set[v / 2];
        if (set->in[v % 2].spi != spi)
            continue;
        bool ours = net_addr_equal(&set->peer, src);
        if (best != NULL && (!ours || (net_addr_equal(&best->peer, src) && best->id > set->id)))
            continue;
        best = set;
        *pair = v % 2;
    }
    return best;
}

/* ---- the database ---- */

Sad *sad_new(NetHost *host, const char *node, SadSide side, const SadPolicy *policy)
{
    Sad *sad = g_new0(Sad, 1);
    sad->host = host;
    sad->sim = net_sim(net_host_net(host));
    sad->node = node;
    sad->side = side;
    if (policy != NULL)
        sad->policy = *policy;
    sad->hook = (NetIpHook){ .out = sad_hook_out, .in = sad_hook_in, .ctx = sad };
    net_host_set_ip_hook(host, &sad->hook);
    return sad;
}

static void forget_set(SaSet *set)
{
    memset(set, 0, sizeof *set); /* keys and numbers with it */
    g_free(set);
}

void sad_free(Sad *sad)
{
    if (sad == NULL)
        return;
    net_host_set_ip_hook(sad->host, NULL);
    for (uint32_t slot = 1; slot < sad->n_slots; slot++)
        if (sad->set[slot] != NULL)
            forget_set(sad->set[slot]);
    g_free(sad->set);
    g_free(sad->free);
    if (sad->indexes != NULL) {
        index_clear(&sad->indexes->by_id);
        index_clear(&sad->indexes->by_spi);
        index_clear(&sad->indexes->by_selector);
        g_free(sad->indexes);
    }
    g_free(sad->ports);
    g_clear_pointer(&sad->extra, g_hash_table_unref);
    g_free(sad);
}

/* A slot without a set.  Slots are reused from the last freed one: any free one is as good. */
static uint32_t take_slot(Sad *sad)
{
    if (sad->n_free > 0)
        return sad->free[--sad->n_free];
    if (sad->n_slots >= sad->slots_room) {
        sad->slots_room = MAX(3, sad->slots_room + (sad->slots_room + 3) / 4);
        sad->set = g_renew(SaSet *, sad->set, sad->slots_room);
    }
    if (sad->n_slots == 0)
        sad->set[sad->n_slots++] = NULL; /* slot 0 would be an empty index entry */
    sad->set[sad->n_slots] = NULL;
    return sad->n_slots++;
}

static void give_slot(Sad *sad, uint32_t slot)
{
    if (sad->n_free >= sad->free_room) {
        sad->free_room = MAX(4, sad->free_room * 2);
        sad->free = g_renew(uint32_t, sad->free, sad->free_room);
    }
    sad->free[sad->n_free++] = slot;
}

static void add_to_indexes(Sad *sad, uint32_t slot)
{
    index_add(&sad->indexes->by_id, sad, hash_by_id, slot * 2);
    for (unsigned pair = 0; pair < 2; pair++) {
        index_add(&sad->indexes->by_spi, sad, hash_by_spi, slot * 2 + pair);
        index_add(&sad->indexes->by_selector, sad, hash_by_selector, slot * 2 + pair);
    }
}

static void index_set(Sad *sad, uint32_t slot)
{
    if (sad->indexes != NULL) {
        add_to_indexes(sad, slot);
    } else if (sad->count > SAD_FEW) {
        sad->indexes = g_new0(SadIndexes, 1);
        for (uint32_t any = 1; any < sad->n_slots; any++)
            if (sad->set[any] != NULL)
                add_to_indexes(sad, any);
    }
}

static void unindex_set(Sad *sad, uint32_t slot)
{
    if (sad->indexes == NULL)
        return;
    index_remove(&sad->indexes->by_id, sad, hash_by_id, slot * 2);
    for (unsigned pair = 0; pair < 2; pair++) {
        index_remove(&sad->indexes->by_spi, sad, hash_by_spi, slot * 2 + pair);
        index_remove(&sad->indexes->by_selector, sad, hash_by_selector, slot * 2 + pair);
    }
}

static void set_ports(const Sad *sad, SaSet *set, const SaParams *params)
{
    bool ue = sad->side == SAD_UE;
    set->local = ue ? params->ue : params->pcscf;
    set->peer = ue ? params->pcscf : params->ue;
    set->local_port[0] = ue ? params->port_uc : params->port_pc;
    set->local_port[1] = ue ? params->port_us : params->port_ps;
    set->peer_port[0] = ue ? params->port_ps : params->port_us;
    set->peer_port[1] = ue ? params->port_pc : params->port_uc;
}

/* The four SAs of TS 33.203 §7.1 share one pair of keys; an SA's SPI was chosen by its receiver. */
static void set_sas(const Sad *sad, SaSet *set, const SaParams *params)
{
    bool ue = sad->side == SAD_UE;
    memcpy(set->keys.ik, params->ik, sizeof set->keys.ik);
    memcpy(set->keys.ck, params->ck, sizeof set->keys.ck);
    esp_sa_init(&set->out[0], ue ? params->spi_ps : params->spi_us, params->alg, params->ealg, &set->keys);
    esp_sa_init(&set->out[1], ue ? params->spi_pc : params->spi_uc, params->alg, params->ealg, &set->keys);
    esp_sa_init(&set->in[0], ue ? params->spi_uc : params->spi_pc, params->alg, params->ealg, &set->keys);
    esp_sa_init(&set->in[1], ue ? params->spi_us : params->spi_ps, params->alg, params->ealg, &set->keys);
    for (unsigned pair = 0; pair < 2; pair++) {
        set->in[pair].check_replay = !sad->policy.no_replay_check;
        set->in[pair].check_icv = !sad->policy.no_icv_check;
    }
}

/* Initialization vectors come from the set's own stream, named by what its UE chose: other subscribers do not move it.
 */
static SimStream iv_stream(const Sad *sad, const SaParams *params)
{
    uint64_t where = net_addr_prefix(&params->ue) ^ net_addr_interface(&params->ue) * UINT64_C(0x9e3779b97f4a7c15);
    uint64_t spis = (uint64_t)params->spi_uc << 32 | params->spi_us;
    return sim_stream(sad->sim, sad->node, "esp-iv", where ^ spis * UINT64_C(0xd6e8feb86659fd93));
}

/*
 * One record for each SA that this side sends through: together the two sides record each of the four once, with the
 * keys its packets were really sealed with.  Both have one cause; the first stands for the set.
 */
static TraceId trace_set(const Sad *sad, const SaSet *set, bool made, const char *user, TraceId because)
{
    if (!trace_enabled(sad->sim))
        return 0;
    SimContext before = sim_context(sad->sim);
    TraceId first = 0;
    for (unsigned pair = 0; pair < 2; pair++) {
        char local[NET_ADDR_TEXT_MAX], peer[NET_ADDR_TEXT_MAX];
        TraceRecord record = { .kind = TRACE_SA, .node = sad->node, .cause = before.cause, .because = because };
        record.sa.made = made;
        record.sa.user = user != NULL ? user : "";
        record.sa.spi = set->out[pair].spi;
        record.sa.alg = alg_names[set->out[pair].alg];
        record.sa.ealg = ealg_names[set->out[pair].ealg];
        record.sa.src = sim_text(sad->sim, "%s %u", net_addr_text(&set->local, local), set->local_port[pair]);
        record.sa.dst = sim_text(sad->sim, "%s %u", net_addr_text(&set->peer, peer), set->peer_port[pair]);
        record.sa.keys = (const uint8_t *)&set->keys;
        TraceId id = trace_add(sad->sim, &record);
        first = first != 0 ? first : id;
    }
    if (first != 0)
        sim_set_context(sad->sim, (SimContext){ .cause = first, .origin = before.origin });
    return first;
}

static void extra_free(void *what)
{
    SaExtra *extra = what;
    g_free(extra->user);
    g_free(extra);
}

static SaExtra *make_extra(Sad *sad, SaSetId id)
{
    if (sad->extra == NULL)
        sad->extra = g_hash_table_new_full(NULL, NULL, NULL, extra_free);
    SaExtra *extra = g_hash_table_lookup(sad->extra, GUINT_TO_POINTER(id));
    if (extra == NULL) {
        extra = g_new0(SaExtra, 1);
        g_hash_table_insert(sad->extra, GUINT_TO_POINTER(id), extra);
    }
    return extra;
}

const SaExtra *sad_extra(const Sad *sad, SaSetId id)
{
    return sad->extra != NULL ? g_hash_table_lookup(sad->extra, GUINT_TO_POINTER(id)) : NULL;
}

SaSetId sad_add(Sad *sad, const SaParams *params, bool outbound)
{
    EspKeys keys;
    memcpy(keys.ik, params->ik, sizeof keys.ik);
    memcpy(keys.ck, params->ck, sizeof keys.ck);
    bool acceptable = esp_keys_acceptable(params->ealg, &keys);
    memset(&keys, 0, sizeof keys);
    if (!acceptable)
        return 0;

    uint32_t slot = take_slot(sad);
    SaSet *set = sad->set[slot] = g_new0(SaSet, 1);
    set->id = ++sad->last_id;
    set->outbound = outbound;
    set_ports(sad, set, params);
    set_sas(sad, set, params);
    set->iv = iv_stream(sad, params);
    sad->count++;
    index_set(sad, slot);
    for (unsigned pair = 0; pair < 2; pair++)
        sad_hold_port(sad, set->local_port[pair]);
    if (trace_enabled(sad->sim))
        make_extra(sad, set->id)->user = g_strdup(params->user);
    set->record = trace_set(sad, set, true, params->user, params->because);
    return set->id;
}

void sad_remove(Sad *sad, SaSetId id)
{
    uint32_t slot = slot_of(sad, id);
    if (slot == 0)
        return;
    SaSet *set = sad->set[slot];
    const SaExtra *extra = sad_extra(sad, id);
    trace_set(sad, set, false, extra != NULL ? extra->user : NULL, set->record);
    unindex_set(sad, slot);
    for (unsigned pair = 0; pair < 2; pair++)
        sad_release_port(sad, set->local_port[pair]);
    if (extra != NULL)
        g_hash_table_remove(sad->extra, GUINT_TO_POINTER(id));
    sad->count--;
    sad->set[slot] = NULL;
    give_slot(sad, slot);
    forget_set(set);
}

/* ---- what is known about a set ---- */

void sad_set_outbound(Sad *sad, SaSetId id, bool outbound)
{
    SaSet *set = set_of(sad, id);
    if (set != NULL)
        set->outbound = outbound;
}

void sad_accept_also(Sad *sad, SaSetId id, EspEalg ealg)
{
    if (set_of(sad, id) == NULL)
        return;
    SaExtra *extra = make_extra(sad, id);
    extra->accepts_also = true;
    extra->also = ealg;
}

bool sad_has(const Sad *sad, SaSetId id)
{
    return slot_of(sad, id) != 0;
}

EspEalg sad_ealg(const Sad *sad, SaSetId id)
{
    const SaSet *set = set_of(sad, id);
    return set != NULL ? set->out[0].ealg : ESP_NULL;
}

EspAlg sad_alg(const Sad *sad, SaSetId id)
{
    const SaSet *set = set_of(sad, id);
    return set != NULL ? set->out[0].alg : ESP_HMAC_MD5_96;
}

TraceId sad_record(const Sad *sad, SaSetId id)
{
    const SaSet *set = set_of(sad, id);
    return set != NULL ? set->record : 0;
}

const char *sad_protection(const Sad *sad, SaSetId id)
{
    const SaSet *set = set_of(sad, id);
    return set != NULL ? protection_names[set->out[0].alg][set->out[0].ealg] : "clear";
}

SaSetId sad_outbound(const Sad *sad, const NetAddr *dst, uint16_t sport, uint16_t dport)
{
    unsigned pair;
    const SaSet *set = sad_find_outbound(sad, dst, sport, dport, &pair);
    return set != NULL ? set->id : 0;
}

bool sad_spi_in_use(const Sad *sad, uint32_t spi)
{
    Walk w = walk_spi(sad, spi);
    for (uint32_t v; (v = walk_next(&w)) != 0;)
        if (sad->set[v / 2]->in[v % 2].spi == spi)
            return true;
    return false;
}

size_t sad_set_octets(void)
{
    return sizeof(SaSet);
}

size_t sad_count(const Sad *sad)
{
    return sad->count;
}
