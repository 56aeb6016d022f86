/*
 * ui/decode_text.c - the structure of a message that was sent in a run.
 *
 * Source:  ui/decode_text.h; the codecs write the description themselves.
 */
#include "nodes/msg/access.h"
#include "nodes/msg/dhcp.h"
#include "nodes/msg/diameter.h"
#include "nodes/msg/sip.h"
#include "nodes/msg/sip_describe.h"

#include "ui/decode_text.h"

static void describe_sip(const uint8_t *octets, size_t len, GString *out)
{
    g_autofree SipMsg *msg = g_new(SipMsg, 1);
    if (sip_parse(msg, (const char *)octets, len) != SIP_OK)
        g_string_append(out, "not a message of SIP as it must be\n");
    sip_describe(msg, out);
}

char *decode_text(TraceProtocol protocol, const uint8_t *octets, size_t len)
{
    GString *out = g_string_new(NULL);
    switch (protocol) {
    case TRACE_SIP: describe_sip(octets, len, out); break;
    case TRACE_DIAMETER: diameter_describe(octets, len, out); break;
    case TRACE_ACCESS: access_describe(octets, len, out); break;
    case TRACE_DHCP: dhcp_describe(octets, len, out); break;
    case TRACE_HTTP:
    case TRACE_TCP: break;
    }
    return g_string_free(out, FALSE);
}
