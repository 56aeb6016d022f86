/*
 * nodes/access_cell.c - an access node as a whole: its beacon, what comes in over its radio links, DHCPv6, and the
 * links of each technology.
 *
 * Source:  TS 24.008, IEEE 802.11-1999 §7.2.3.1 (beacon); RFC 3736 and RFC 3319 (DHCPv6); rates and delays: RFC 3481 §2
 * and engineering values. Knows:   its own policy.
 */
#include "nodes/access_internal.h"

#include "nodes/msg/dhcp.h"

#include <string.h>

enum { ACCESS_BEACONS = 3, ROUTER_INTERFACE = 1 };
#define T_BEACON_MS (2000 * SIM_MS)

/* --- the beacon --- */

static void access_beacon(AccessLink *al)
{
    const AccessConfig *config = &al->access->config;
    AccessMsg beacon = { .type = ACCESS_BEACON,
                         .has = ACCESS_HAS_TECHNOLOGY | ACCESS_HAS_STRENGTH | ACCESS_HAS_CIPHER,
                         .technology = config->policy.technology,
                         .strength = config->policy.strength,
                         .cipher = (uint8_t)config->policy.cipher,
                         .cell = config->cell_id };

    if (config->policy.ssid != NULL) {
        beacon.has |= ACCESS_HAS_SSID;
        beacon.ssid = text_from(config->policy.ssid);
    }
    radio_send(al->cover.link, al->access->host, net_host_name(net_link_end(al->cover.link, 0)), config->cell_id, NULL,
               &beacon);
}

/* A real cell never stops; ours says it a few times and again to whoever asks, so that a run can come to rest. */
static void access_on_beacon_timer(Sim *sim, void *ctx, uint64_t arg)
{
    AccessLink *al = g_ptr_array_index(((Access *)ctx)->links, arg);

    if (al->fsm.state == ACCESS_UP)
        return;
    access_beacon(al);
    if (++al->beacons < ACCESS_BEACONS)
        sim_after(sim, net_host_source(al->access->host), T_BEACON_MS, access_on_beacon_timer, ctx, arg);
}

/* --- what comes in --- */

static bool access_is_search(const AccessMsg *msg)
{
    return msg->type == ACCESS_ATTACH_REQUEST && msg->cell == 0 && !(msg->has & ACCESS_HAS_IMSI);
}

static bool access_is_proved(AccessLink *al, const AccessMsg *msg, const uint8_t *octets, size_t len)
{
    if (!al->integrity.on || radio_is_unprotected(msg->type) ||
        radio_integrity_check(&al->integrity, NET_UP, msg, octets, len))
        return true;
    trace_drop(access_sim(al->access), al->access->config.name, "access-bad-mac", "%s without a valid MAC-I",
               radio_label(msg->type));
    return false;
}

static void access_on_link(void *ctx, NetHost *host, NetLink *link, const uint8_t *octets, size_t len)
{
    Access *access = ctx;
    AccessLink *al = (AccessLink *)radio_cover_of(link);
    AccessMsg msg;

    AccessResult result = al == NULL ? ACCESS_BAD_TYPE : access_parse(octets, len, &msg);
    if (result != ACCESS_OK) {
        trace_drop(access_sim(access), access->config.name, "access-bad", "%s", access_result_text(result));
        return;
    }
    if (access_is_search(&msg)) {
        radio_trace_receive(link, host, &msg, octets, len);
        access_beacon(al);
        return;
    }
    if (msg.cell != access->config.cell_id)
        return; /* meant for another cell */
    radio_trace_receive(link, host, &msg, octets, len);
    if (access_is_proved(al, &msg, octets, len))
        fsm_give(&al->fsm, &(FsmEvent){ .type = FSM_EV_MESSAGE, .msg = &msg, .octets = octets, .len = len });
}

/* --- DHCPv6: stateless, one answer for all --- */

static void access_trace_dhcp(Access *access, TraceKind kind, const char *peer, const char *label,
                              const uint8_t *octets, size_t len)
{
    trace_add(access_sim(access), &(TraceRecord){ .kind = kind,
                                                  .node = access->config.name,
                                                  .message = { .protocol = TRACE_DHCP,
                                                               .peer = peer,
                                                               .label = label,
                                                               .protection = "",
                                                               .octets = octets,
                                                               .len = (uint32_t)len } });
}

static void access_on_dhcp(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    Access *access = ctx;
    uint8_t duid[DHCP_DUID_LL_LEN], octets[DHCP_MSG_MAX];
    char peer[NET_ADDR_TEXT_MAX];
    DhcpMsg request;

    DhcpResult result = dhcp_parse(datagram->octets, datagram->len, &request);
    if (result != DHCP_OK || request.type != DHCP_INFORMATION_REQUEST) {
        trace_drop(access_sim(access), access->config.name, "dhcp-bad", "%s", dhcp_result_text(result));
        return;
    }
    net_addr_text(&datagram->src, peer);
    access_trace_dhcp(access, TRACE_RECEIVE, peer, "Information-request", datagram->octets, datagram->len);
    dhcp_duid(net_addr_interface(net_host_addr(host)), duid);
    DhcpMsg reply = { .type = DHCP_REPLY,
                      .transaction = request.transaction,
                      .client_duid = request.client_duid,
                      .server_duid = { duid, sizeof duid },
                      .n_sip_servers = 1 };
    memcpy(reply.sip_server[0], access->config.pcscf.octet, sizeof reply.sip_server[0]);
    size_t len = dhcp_write(&reply, octets, sizeof octets);
    if (len == 0)
        return; /* the client's identifier left no room */
    sim_set_context(access_sim(access), (SimContext){ .cause = sim_context(access_sim(access)).cause });
    access_trace_dhcp(access, TRACE_SEND, peer, "Reply", octets, len);
    (void)net_udp_send(host, DHCP_SERVER_PORT, &datagram->src, datagram->sport, octets,
                       len); /* the client asks again */
}

/* --- public --- */

Access *access_new(Net *net, const AccessConfig *config, AccessVector vector, void *ctx)
{
    Access *access = g_new0(Access, 1);
    NetAddr addr = net_addr_make(config->prefix, ROUTER_INTERFACE);

    access->config = *config;
    access->vector = vector;
    access->vector_ctx = ctx;
    access->links = g_ptr_array_new();
    access->host = net_host_new(net, config->name, &addr);
    access->config.name = net_host_name(access->host); /* the network keeps a copy */
    net_host_set_router(access->host, true);
    net_host_set_link_handler(access->host, access_on_link, access);
    if (!net_udp_bind(access->host, DHCP_SERVER_PORT, access_on_dhcp, access))
        g_assert_not_reached(); /* the host is new */
    return access;
}

static void access_link_free(AccessLink *al)
{
    fsm_clear(&al->fsm);
    radio_cover_clear(&al->cover);
    access_forget_attempt(al);
    memset(al, 0, sizeof *al);
    g_free(al);
}

void access_free(Access *access)
{
    if (access == NULL)
        return;
    net_host_set_link_handler(access->host, NULL, NULL);
    net_udp_unbind(access->host, DHCP_SERVER_PORT);
    for (guint i = 0; i < access->links->len; i++)
        access_link_free(g_ptr_array_index(access->links, i));
    g_ptr_array_free(access->links, TRUE);
    g_free(access);
}

NetHost *access_host(Access *access)
{
    return access->host;
}

void access_serve(Access *access, NetLink *radio)
{
    AccessLink *al = g_new0(AccessLink, 1);
    Sim *sim = access_sim(access);

    al->access = access;
    al->stream = sim_stream(sim, access->config.name, net_link_instance(radio), 0);
    radio_cover_init(&al->cover, radio, 0, net_link_spec(radio)->n_segments - 1);
    fsm_init(&al->fsm, access->host, access_states, ACCESS_N_STATES, al);
    g_ptr_array_add(access->links, al);
    sim_after(sim, net_host_source(access->host), 0, access_on_beacon_timer, access, access->links->len - 1);
}

/* --- links --- */

/* Up, down in bit/s: UMTS 64/384 (RFC 3481 §2), GPRS CS-2 with one and three slots, 802.11b as TCP sees it. */
static const NetLinkSpec radio_specs[ACCESS_N_TECHNOLOGIES] = {
    [ACCESS_UMTS] = { .segment = { { "air", 60 * SIM_MS, { 64000, 384000 }, 0 }, { "ran", 20 * SIM_MS, { 0, 0 }, 0 } },
                      .n_segments = 2 },
    [ACCESS_GPRS] = { .segment = { { "air", 250 * SIM_MS, { 13400, 40200 }, 0 }, { "ran", 50 * SIM_MS, { 0, 0 }, 0 } },
                      .n_segments = 2 },
    [ACCESS_WLAN] = { .segment = { { "air", 3 * SIM_MS, { 5000000, 5000000 }, 0 } }, .n_segments = 1 },
};

static const NetLinkSpec core_specs[ACCESS_N_TECHNOLOGIES] = {
    [ACCESS_UMTS] = { .segment = { { "iu", 5 * SIM_MS, { 0, 0 }, 0 },
                                   { "gn", 10 * SIM_MS, { 0, 0 }, 0 },
                                   { "gi", 5 * SIM_MS, { 0, 0 }, 0 } },
                      .n_segments = 3 },
    [ACCESS_GPRS] = { .segment = { { "gn", 10 * SIM_MS, { 0, 0 }, 0 }, { "gi", 5 * SIM_MS, { 0, 0 }, 0 } },
                      .n_segments = 2 },
    [ACCESS_WLAN] = { .segment = { { "gi", 20 * SIM_MS, { 0, 0 }, 0 } }, .n_segments = 1 },
};

const NetLinkSpec *access_radio_spec(AccessTechnology technology)
{
    return &radio_specs[technology];
}

const NetLinkSpec *access_core_spec(AccessTechnology technology)
{
    return &core_specs[technology];
}
