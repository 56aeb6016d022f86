/*
 * nodes/msg/dhcp.c - stateless DHCPv6.
 *
 * Source:  RFC 8415 §8, §16.10, §21; RFC 3319 §3.2.
 * Knows:   see dhcp.h.
 */
#include "nodes/msg/dhcp.h"
#include "nodes/msg/ip.h"

const uint8_t dhcp_servers_address[16] = { 0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2 };

enum { ADDR_LEN = 16, DUID_LL = 3, HARDWARE_EUI64 = 27 };

const char *dhcp_result_text(DhcpResult result)
{
    switch (result) {
    case DHCP_OK: return "well-formed";
    case DHCP_SHORT: return "cut off";
    case DHCP_TOO_LONG: return "longer than is accepted";
    case DHCP_OTHER_TYPE: return "neither an Information-request nor a Reply";
    case DHCP_BAD_OPTION: return "an option has a wrong length, or is there twice";
    case DHCP_MISSING: return "a Reply without Server Identifier";
    }
    return "?";
}

void dhcp_duid(uint64_t interface_id, uint8_t out[DHCP_DUID_LL_LEN])
{
    OctetWriter w = octet_writer(out, DHCP_DUID_LL_LEN);
    octet_put_number(&w, 2, DUID_LL);
    octet_put_number(&w, 2, HARDWARE_EUI64);
    octet_put_number(&w, 8, interface_id);
}

static void put_option(OctetWriter *w, uint16_t code, const void *data, size_t len)
{
    octet_put_number(w, 2, code);
    octet_put_number(w, 2, len);
    octet_put(w, data, len);
}

static void put_duid(OctetWriter *w, uint16_t code, Octets duid)
{
    if (duid.p)
        put_option(w, code, duid.p, duid.len);
}

static bool writable(const DhcpMsg *msg)
{
    return msg->transaction <= 0xffffff && msg->n_asked <= DHCP_ASKED_MAX &&
           msg->n_sip_servers <= DHCP_SIP_SERVERS_MAX && msg->client_duid.len <= DHCP_DUID_MAX &&
           msg->server_duid.len <= DHCP_DUID_MAX;
}

size_t dhcp_write(const DhcpMsg *msg, uint8_t *out, size_t cap)
{
    if (!writable(msg))
        return 0;
    OctetWriter w = octet_writer(out, MIN(cap, (size_t)DHCP_MSG_MAX));
    octet_put_number(&w, 1, msg->type);
    octet_put_number(&w, 3, msg->transaction);
    put_duid(&w, DHCP_OPTION_CLIENT_ID, msg->client_duid);
    put_duid(&w, DHCP_OPTION_SERVER_ID, msg->server_duid);
    if (msg->n_asked > 0) {
        octet_put_number(&w, 2, DHCP_OPTION_REQUEST);
        octet_put_number(&w, 2, 2u * msg->n_asked);
        for (unsigned i = 0; i < msg->n_asked; i++)
            octet_put_number(&w, 2, msg->asked[i]);
    }
    if (msg->has_elapsed) {
        octet_put_number(&w, 2, DHCP_OPTION_ELAPSED_TIME);
        octet_put_number(&w, 2, 2);
        octet_put_number(&w, 2, msg->elapsed);
    }
    if (msg->n_sip_servers > 0)
        put_option(&w, DHCP_OPTION_SIP_ADDRESSES, msg->sip_server, (size_t)ADDR_LEN * msg->n_sip_servers);
    return w.full ? 0 : w.len;
}

static bool read_duid(OctetReader *data, Octets *out)
{
    if (out->p != NULL || data->left == 0 || data->left > DHCP_DUID_MAX)
        return false;
    *out = (Octets){ data->p, (uint32_t)data->left };
    return true;
}

static bool read_asked(OctetReader *data, DhcpMsg *out)
{
    if (out->n_asked > 0 || data->left % 2 != 0)
        return false;
    while (out->n_asked < DHCP_ASKED_MAX && octet_u16(data, &out->asked[out->n_asked]))
        out->n_asked++; /* more than we remember are not asked for */
    return true;
}

static bool read_sip_servers(OctetReader *data, DhcpMsg *out)
{
    if (out->n_sip_servers > 0 || data->left == 0 || data->left % ADDR_LEN != 0)
        return false;
    while (out->n_sip_servers < DHCP_SIP_SERVERS_MAX && octet_copy(data, out->sip_server[out->n_sip_servers], ADDR_LEN))
        out->n_sip_servers++; /* the later ones are the less preferred, RFC 3319 §3.2 */
    return true;
}

static bool read_elapsed(OctetReader *data, DhcpMsg *out)
{
    if (out->has_elapsed || data->left != 2)
        return false;
    out->has_elapsed = true;
    return octet_u16(data, &out->elapsed);
}

static bool read_option(uint16_t code, OctetReader data, DhcpMsg *out)
{
    switch (code) {
    case DHCP_OPTION_CLIENT_ID: return read_duid(&data, &out->client_duid);
    case DHCP_OPTION_SERVER_ID: return read_duid(&data, &out->server_duid);
    case DHCP_OPTION_REQUEST: return read_asked(&data, out);
    case DHCP_OPTION_ELAPSED_TIME: return read_elapsed(&data, out);
    case DHCP_OPTION_SIP_ADDRESSES: return read_sip_servers(&data, out);
    default: return true; /* RFC 8415 §16: unknown options are ignored */
    }
}

static DhcpResult read_options(OctetReader *r, DhcpMsg *out)
{
    while (r->left > 0) {
        uint16_t code, len;
        const uint8_t *data;
        if (!octet_u16(r, &code) || !octet_u16(r, &len) || !octet_take(r, len, &data))
            return DHCP_SHORT;
        if (!read_option(code, octet_reader(data, len), out))
            return DHCP_BAD_OPTION;
    }
    return DHCP_OK;
}

DhcpResult dhcp_parse(const uint8_t *octets, size_t len, DhcpMsg *out)
{
    OctetReader r = octet_reader(octets, len);
    DhcpMsg msg = { 0 };
    uint8_t type;
    if (len > DHCP_MSG_MAX)
        return DHCP_TOO_LONG;
    if (!octet_u8(&r, &type) || !octet_u24(&r, &msg.transaction))
        return DHCP_SHORT;
    if (type != DHCP_INFORMATION_REQUEST && type != DHCP_REPLY)
        return DHCP_OTHER_TYPE;
    msg.type = (DhcpType)type;
    DhcpResult result = read_options(&r, &msg);
    if (result != DHCP_OK)
        return result;
    if (msg.type == DHCP_REPLY && msg.server_duid.p == NULL)
        return DHCP_MISSING;
    *out = msg;
    return DHCP_OK;
}

static void describe_duid(const char *name, Octets duid, GString *out)
{
    if (!duid.p)
        return;
    g_string_append_printf(out, "  %s: ", name);
    for (uint32_t i = 0; i < duid.len; i++)
        g_string_append_printf(out, "%02x", duid.p[i]);
    g_string_append_c(out, '\n');
}

bool dhcp_describe(const uint8_t *octets, size_t len, GString *out)
{
    DhcpMsg msg;
    DhcpResult result = dhcp_parse(octets, len, &msg);
    if (result != DHCP_OK) {
        g_string_append_printf(out, "rejected: %s\n", dhcp_result_text(result));
        return false;
    }
    g_string_append_printf(out, "DHCPv6 %s, transaction 0x%06x\n",
                           msg.type == DHCP_REPLY ? "Reply" : "Information-request", msg.transaction);
    describe_duid("client", msg.client_duid, out);
    describe_duid("server", msg.server_duid, out);
    for (unsigned i = 0; i < msg.n_asked; i++)
        g_string_append_printf(out, "  asks for option %u\n", msg.asked[i]);
    for (unsigned i = 0; i < msg.n_sip_servers; i++) {
        char text[IP_ADDR_TEXT_MAX];
        g_string_append_printf(out, "  SIP server: %s\n", ip_addr_text(msg.sip_server[i], text));
    }
    return true;
}
