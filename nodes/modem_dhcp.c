/*
 * nodes/modem_dhcp.c - P-CSCF discovery over DHCPv6.
 *
 * Source:  RFC 3319 §3.2, RFC 3736 (stateless DHCPv6); TS 24.229 §9.2.1.
 * Knows:   that the access network answers at the router's address.  Nothing in an answer is authenticated: whoever
 * answers first with the right transaction id names the P-CSCF.
 *
 * DEVIATION: the request goes to the router's own address instead of ff02::1:2; the simulated network has no multicast.
 */
#include "nodes/modem_internal.h"

#include "nodes/msg/dhcp.h"

#include <string.h>

#define DHCP_ROUTER_INTERFACE UINT64_C(1)

static void modem_dhcp_trace(Modem *modem, TraceKind kind, const char *label, const uint8_t *octets, size_t len)
{
    trace_add(modem_sim(modem), &(TraceRecord){ .kind = kind,
                                                .node = modem->name,
                                                .message = { .protocol = TRACE_DHCP,
                                                             .peer = net_host_name(net_link_end(modem->link, 1)),
                                                             .label = label,
                                                             .protection = "",
                                                             .octets = octets,
                                                             .len = (uint32_t)len } });
}

static bool modem_dhcp_is_answer(const Modem *modem, const DhcpMsg *msg)
{
    return modem->fsm.state == MODEM_WAIT_PCSCF && msg->type == DHCP_REPLY && msg->transaction == modem->transaction &&
           msg->n_sip_servers > 0;
}

static void modem_on_dhcp(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    Modem *modem = ctx;
    DhcpMsg msg;
    NetAddr pcscf;

    DhcpResult result = dhcp_parse(datagram->octets, datagram->len, &msg);
    if (result != DHCP_OK || !modem_dhcp_is_answer(modem, &msg)) {
        trace_drop(modem_sim(modem), modem->name, "dhcp-bad", "%s",
                   result != DHCP_OK ? dhcp_result_text(result) : "no answer to what was asked");
        return;
    }
    modem_dhcp_trace(modem, TRACE_RECEIVE, "Reply", datagram->octets, datagram->len);
    memcpy(pcscf.octet, msg.sip_server[0], sizeof pcscf.octet);
    fsm_give(&modem->fsm, &(FsmEvent){ .type = FSM_EV_PCSCF, .pcscf = &pcscf });
}

void modem_dhcp_open(Modem *modem)
{
    if (!net_udp_bind(modem->host, DHCP_CLIENT_PORT, modem_on_dhcp, modem))
        g_assert_not_reached(); /* one modem a host */
}

void modem_dhcp_close(Modem *modem)
{
    net_udp_unbind(modem->host, DHCP_CLIENT_PORT);
}

void modem_dhcp_ask(Modem *modem)
{
    uint8_t duid[DHCP_DUID_LL_LEN], octets[DHCP_MSG_MAX];
    NetAddr router = net_addr_make(net_addr_prefix(net_host_addr(modem->host)), DHCP_ROUTER_INTERFACE);
    Sim *sim = modem_sim(modem);

    modem->transaction = (uint32_t)sim_random_below(sim, &modem->stream, 1 << 24);
    dhcp_duid(net_addr_interface(net_host_addr(modem->host)), duid);
    DhcpMsg request = { .type = DHCP_INFORMATION_REQUEST,
                        .transaction = modem->transaction,
                        .client_duid = { duid, sizeof duid },
                        .asked = { DHCP_OPTION_SIP_ADDRESSES },
                        .n_asked = 1 };
    size_t len = dhcp_write(&request, octets, sizeof octets);
    g_assert(len > 0);
    sim_set_context(sim, (SimContext){ .cause = sim_context(sim).cause });
    modem_dhcp_trace(modem, TRACE_SEND, "Information-request", octets, len);
    (void)net_udp_send(modem->host, DHCP_CLIENT_PORT, &router, DHCP_SERVER_PORT, octets,
                       len); /* asked again on time-out */
}
