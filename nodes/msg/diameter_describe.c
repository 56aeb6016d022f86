/*
 * nodes/msg/diameter_describe.c - Diameter messages for people to read.
 *
 * Source:  RFC 6733 §4.5; TS 29.229 §6.3; TS 29.109 §6.3.
 * Knows:   names and types of the AVPs that IMS nodes use here; others show as octets.
 */
#include "nodes/msg/diameter.h"

typedef enum { AVP_OCTETS, AVP_U32, AVP_TEXT, AVP_GROUP, AVP_ADDRESS } AvpType;
typedef struct {
    uint32_t code, vendor;
    AvpType type;
    const char *name;
} AvpEntry;

static const AvpEntry avp_entries[] = {
    { 1, 0, AVP_TEXT, "User-Name" },
    { 257, 0, AVP_ADDRESS, "Host-IP-Address" },
    { 258, 0, AVP_U32, "Auth-Application-Id" },
    { 259, 0, AVP_U32, "Acct-Application-Id" },
    { 260, 0, AVP_GROUP, "Vendor-Specific-Application-Id" },
    { 263, 0, AVP_TEXT, "Session-Id" },
    { 264, 0, AVP_TEXT, "Origin-Host" },
    { 265, 0, AVP_U32, "Supported-Vendor-Id" },
    { 266, 0, AVP_U32, "Vendor-Id" },
    { 267, 0, AVP_U32, "Firmware-Revision" },
    { 268, 0, AVP_U32, "Result-Code" },
    { 269, 0, AVP_TEXT, "Product-Name" },
    { 273, 0, AVP_U32, "Disconnect-Cause" },
    { 277, 0, AVP_U32, "Auth-Session-State" },
    { 278, 0, AVP_U32, "Origin-State-Id" },
    { 279, 0, AVP_GROUP, "Failed-AVP" },
    { 281, 0, AVP_TEXT, "Error-Message" },
    { 282, 0, AVP_TEXT, "Route-Record" },
    { 283, 0, AVP_TEXT, "Destination-Realm" },
    { 284, 0, AVP_GROUP, "Proxy-Info" },
    { 293, 0, AVP_TEXT, "Destination-Host" },
    { 296, 0, AVP_TEXT, "Origin-Realm" },
    { 297, 0, AVP_GROUP, "Experimental-Result" },
    { 298, 0, AVP_U32, "Experimental-Result-Code" },
    { 400, DIAMETER_3GPP, AVP_TEXT, "GBA-UserSecSettings" },
    { 401, DIAMETER_3GPP, AVP_OCTETS, "Transaction-Identifier" },
    { 402, DIAMETER_3GPP, AVP_OCTETS, "NAF-Id" },
    { 403, DIAMETER_3GPP, AVP_U32, "GAA-Service-Identifier" },
    { 404, DIAMETER_3GPP, AVP_OCTETS, "Key-ExpiryTime" },
    { 405, DIAMETER_3GPP, AVP_OCTETS, "ME-Key-Material" },
    { 408, DIAMETER_3GPP, AVP_OCTETS, "BootstrapInfoCreationTime" },
    { 600, DIAMETER_3GPP, AVP_TEXT, "Visited-Network-Identifier" },
    { 601, DIAMETER_3GPP, AVP_TEXT, "Public-Identity" },
    { 602, DIAMETER_3GPP, AVP_TEXT, "Server-Name" },
    { 603, DIAMETER_3GPP, AVP_GROUP, "Server-Capabilities" },
    { 604, DIAMETER_3GPP, AVP_U32, "Mandatory-Capability" },
    { 605, DIAMETER_3GPP, AVP_U32, "Optional-Capability" },
    { 606, DIAMETER_3GPP, AVP_TEXT, "User-Data" },
    { 607, DIAMETER_3GPP, AVP_U32, "SIP-Number-Auth-Items" },
    { 608, DIAMETER_3GPP, AVP_TEXT, "SIP-Authentication-Scheme" },
    { 609, DIAMETER_3GPP, AVP_OCTETS, "SIP-Authenticate" },
    { 610, DIAMETER_3GPP, AVP_OCTETS, "SIP-Authorization" },
    { 611, DIAMETER_3GPP, AVP_OCTETS, "SIP-Authentication-Context" },
    { 612, DIAMETER_3GPP, AVP_GROUP, "SIP-Auth-Data-Item" },
    { 613, DIAMETER_3GPP, AVP_U32, "SIP-Item-Number" },
    { 614, DIAMETER_3GPP, AVP_U32, "Server-Assignment-Type" },
    { 623, DIAMETER_3GPP, AVP_U32, "User-Authorization-Type" },
    { 624, DIAMETER_3GPP, AVP_U32, "User-Data-Already-Available" },
    { 625, DIAMETER_3GPP, AVP_OCTETS, "Confidentiality-Key" },
    { 626, DIAMETER_3GPP, AVP_OCTETS, "Integrity-Key" },
};

typedef struct {
    uint32_t command, application; /* 0: any */
    const char *request, *answer;
} CommandEntry;

static const CommandEntry command_entries[] = {
    { 257, 0, "Capabilities-Exchange-Request", "Capabilities-Exchange-Answer" },
    { 280, 0, "Device-Watchdog-Request", "Device-Watchdog-Answer" },
    { 282, 0, "Disconnect-Peer-Request", "Disconnect-Peer-Answer" },
    { 300, DIAMETER_APP_CX, "User-Authorization-Request", "User-Authorization-Answer" },
    { 301, DIAMETER_APP_CX, "Server-Assignment-Request", "Server-Assignment-Answer" },
    { 302, DIAMETER_APP_CX, "Location-Info-Request", "Location-Info-Answer" },
    { 303, DIAMETER_APP_CX, "Multimedia-Auth-Request", "Multimedia-Auth-Answer" },
    { 303, DIAMETER_APP_ZH, "Multimedia-Auth-Request", "Multimedia-Auth-Answer" },
    { 304, DIAMETER_APP_CX, "Registration-Termination-Request", "Registration-Termination-Answer" },
    { 305, DIAMETER_APP_CX, "Push-Profile-Request", "Push-Profile-Answer" },
    { 310, DIAMETER_APP_ZN, "Bootstrapping-Info-Request", "Bootstrapping-Info-Answer" },
};

static const AvpEntry *avp_entry(uint32_t code, uint32_t vendor)
{
    for (size_t i = 0; i < G_N_ELEMENTS(avp_entries); i++)
        if (avp_entries[i].code == code && avp_entries[i].vendor == vendor)
            return &avp_entries[i];
    return NULL;
}

const char *diameter_avp_name(uint32_t code, uint32_t vendor)
{
    const AvpEntry *entry = avp_entry(code, vendor);
    return entry ? entry->name : NULL;
}

const char *diameter_command_name(uint32_t command, uint32_t application, bool request)
{
    for (size_t i = 0; i < G_N_ELEMENTS(command_entries); i++) {
        const CommandEntry *entry = &command_entries[i];
        if (entry->command == command && entry->application == application)
            return request ? entry->request : entry->answer;
    }
    return NULL;
}

static void describe_octets(Octets octets, GString *out)
{
    for (uint32_t i = 0; i < octets.len; i++)
        g_string_append_printf(out, "%02x", octets.p[i]);
}

/* Text that cannot disturb a terminal. */
static void describe_text(Text text, GString *out)
{
    bool utf8 = text_is_utf8(text);
    for (uint32_t i = 0; i < text.len; i++) {
        uint8_t c = (uint8_t)text.p[i];
        if (c < ' ' || c == 0x7f || (c >= 0x80 && !utf8))
            g_string_append_printf(out, "\\x%02x", c);
        else
            g_string_append_c(out, (char)c);
    }
}

static void describe_value(const DiameterAvp *avp, AvpType type, GString *out)
{
    uint32_t number;
    if (type == AVP_U32 && diameter_u32(avp, &number))
        g_string_append_printf(out, "%u", number);
    else if (type == AVP_TEXT)
        describe_text(diameter_text(avp), out);
    else
        describe_octets(avp->data, out);
}

static DiameterResult describe_avps(DiameterCursor cursor, GString *out);

static DiameterResult describe_avp(const DiameterCursor *cursor, const DiameterAvp *avp, GString *out)
{
    const AvpEntry *entry = avp_entry(avp->code, avp->vendor);
    g_string_append_printf(out, "%*s", 2 * cursor->depth + 2, "");
    if (entry)
        g_string_append_printf(out, "%s (%u)", entry->name, avp->code);
    else
        g_string_append_printf(out, "AVP %u of vendor %u", avp->code, avp->vendor);
    if (entry && entry->type == AVP_GROUP) {
        g_string_append_c(out, '\n');
        return describe_avps(diameter_group(cursor, avp), out);
    }
    g_string_append(out, ": ");
    describe_value(avp, entry ? entry->type : AVP_OCTETS, out);
    g_string_append_c(out, '\n');
    return DIAMETER_OK;
}

static DiameterResult describe_avps(DiameterCursor cursor, GString *out)
{
    DiameterAvp avp;
    while (diameter_next(&cursor, &avp)) {
        DiameterResult result = describe_avp(&cursor, &avp, out);
        if (result != DIAMETER_OK)
            return result;
    }
    return cursor.result;
}

bool diameter_describe(const uint8_t *octets, size_t len, GString *out)
{
    DiameterMsg msg;
    DiameterResult result = diameter_parse(octets, len, &msg);
    if (result == DIAMETER_OK) {
        bool request = msg.flags & DIAMETER_REQUEST;
        const char *name = diameter_command_name(msg.command, msg.application, request);
        g_string_append_printf(out, "%s (%u), application %u%s%s%s\n",
                               name      ? name
                               : request ? "Request"
                                         : "Answer",
                               msg.command, msg.application, msg.flags & DIAMETER_PROXIABLE ? ", proxiable" : "",
                               msg.flags & DIAMETER_ERROR ? ", error" : "",
                               msg.flags & DIAMETER_RETRANSMITTED ? ", perhaps a retransmission" : "");
        g_string_append_printf(out, "  hop-by-hop 0x%08x, end-to-end 0x%08x\n", msg.hop_by_hop, msg.end_to_end);
        result = describe_avps(diameter_avps(&msg), out);
    }
    if (result != DIAMETER_OK)
        g_string_append_printf(out, "rejected: %s\n", diameter_result_text(result));
    return result == DIAMETER_OK;
}
