/*
 * nodes/msg/access_describe.c - link signalling in one line.
 *
 * Source:  our own format, see access.h.
 */
#include "nodes/msg/access.h"
#include "nodes/msg/ip.h"

static void append_octets(GString *out, const char *name, const uint8_t *octets, size_t len)
{
    g_string_append_printf(out, ", %s ", name);
    for (size_t i = 0; i < len; i++)
        g_string_append_printf(out, "%02x", octets[i]);
}

static void append_text(GString *out, const char *name, Text text)
{
    g_string_append_printf(out, ", %s \"", name);
    for (uint32_t i = 0; i < text.len; i++)
        g_string_append_c(out, text.p[i] >= ' ' && text.p[i] <= '~' ? text.p[i] : '?');
    g_string_append_c(out, '"');
}

static void append_address(GString *out, const char *name, const uint8_t addr[IP_ADDR_LEN])
{
    char text[IP_ADDR_TEXT_MAX];
    g_string_append_printf(out, ", %s %s", name, ip_addr_text(addr, text));
}

static void describe_radio(const AccessMsg *msg, GString *out)
{
    if (msg->has & ACCESS_HAS_CELL)
        g_string_append_printf(out, ", cell %u", msg->cell);
    if (msg->has & ACCESS_HAS_TECHNOLOGY)
        g_string_append_printf(out, ", %s", access_technology_name(msg->technology));
    if (msg->has & ACCESS_HAS_STRENGTH)
        g_string_append_printf(out, ", strength %u", msg->strength);
    if (msg->has & ACCESS_HAS_CIPHER)
        g_string_append_printf(out, ", cipher %u", msg->cipher);
    if (msg->has & ACCESS_HAS_CAPABILITIES)
        g_string_append_printf(out, ", capabilities 0x%x", msg->capabilities);
}

static void describe_authentication(const AccessMsg *msg, GString *out)
{
    if (msg->has & ACCESS_HAS_IMSI)
        append_text(out, "IMSI", msg->imsi);
    if (msg->has & ACCESS_HAS_RAND)
        append_octets(out, "RAND", msg->rand, sizeof msg->rand);
    if (msg->has & ACCESS_HAS_AUTN)
        append_octets(out, "AUTN", msg->autn, sizeof msg->autn);
    if (msg->has & ACCESS_HAS_RES)
        append_octets(out, "RES", msg->res, msg->res_len);
    if (msg->has & ACCESS_HAS_AUTS)
        append_octets(out, "AUTS", msg->auts, sizeof msg->auts);
    if (msg->has & ACCESS_HAS_CAUSE)
        g_string_append_printf(out, ", cause: %s", access_cause_text(msg->cause));
}

static void describe_context(const AccessMsg *msg, GString *out)
{
    if (msg->has & ACCESS_HAS_ADDRESS)
        append_address(out, "address", msg->address);
    for (unsigned i = 0; i < msg->n_pcscfs; i++)
        append_address(out, "P-CSCF", msg->pcscf[i]);
    if (msg->has & ACCESS_HAS_SSID)
        append_text(out, "SSID", msg->ssid);
    if (msg->has & ACCESS_HAS_COUNT)
        g_string_append_printf(out, ", COUNT-I %u", msg->count);
    if (msg->has & ACCESS_HAS_FRESH)
        g_string_append_printf(out, ", FRESH %08x", msg->fresh);
    if (msg->has & ACCESS_HAS_MAC)
        append_octets(out, "MAC-I", msg->mac_i, sizeof msg->mac_i);
}

bool access_describe(const uint8_t *octets, size_t len, GString *out)
{
    AccessMsg msg;
    AccessResult result = access_parse(octets, len, &msg);
    if (result != ACCESS_OK) {
        g_string_append_printf(out, "rejected: %s\n", access_result_text(result));
        return false;
    }
    g_string_append(out, access_type_name(msg.type));
    describe_radio(&msg, out);
    describe_authentication(&msg, out);
    describe_context(&msg, out);
    g_string_append_c(out, '\n');
    return true;
}
