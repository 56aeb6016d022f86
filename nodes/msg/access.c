/*
 * nodes/msg/access.c - reading and writing link signalling.
 *
 * Source:  our own format, see access.h.
 * Knows:   see access.h.
 */
#include "nodes/msg/access.h"
#include "nodes/msg/octets.h"

/* Tags in the order of the wire.  The n-th tag's bit in AccessMsg.has is 1 << (n - 1). */
enum {
    TAG_CELL = 1,
    TAG_TECHNOLOGY,
    TAG_STRENGTH,
    TAG_CIPHER,
    TAG_CAPABILITIES,
    TAG_IMSI,
    TAG_RAND,
    TAG_AUTN,
    TAG_RES,
    TAG_AUTS,
    TAG_CAUSE,
    TAG_ADDRESS,
    TAG_PCSCF,
    TAG_SSID,
    TAG_COUNT,
    TAG_FRESH,
    TAG_MAC,
    N_TAGS = TAG_MAC,
};
G_STATIC_ASSERT(ACCESS_HAS_MAC == 1 << (TAG_MAC - 1));
enum { IMSI_MAX = 15, SSID_MAX = 32, RES_MIN = 4, RES_MAX = 16, ADDR_LEN = 16, MAC_FIELD_LEN = 2 + ACCESS_MAC_LEN };

/* What each type cannot do without. */
static const uint32_t needed[ACCESS_N_TYPES] = {
    [ACCESS_BEACON] = ACCESS_HAS_CELL | ACCESS_HAS_TECHNOLOGY | ACCESS_HAS_STRENGTH | ACCESS_HAS_CIPHER,
    [ACCESS_ATTACH_REQUEST] = ACCESS_HAS_CAPABILITIES,
    [ACCESS_IDENTITY_RESPONSE] = ACCESS_HAS_IMSI,
    [ACCESS_AUTH_REQUEST] = ACCESS_HAS_RAND,
    [ACCESS_AUTH_RESPONSE] = ACCESS_HAS_RES,
    [ACCESS_AUTH_FAILURE] = ACCESS_HAS_CAUSE,
    [ACCESS_CIPHER_MODE_COMMAND] = ACCESS_HAS_CIPHER,
    [ACCESS_CIPHER_MODE_COMPLETE] = ACCESS_HAS_CIPHER,
    [ACCESS_ATTACH_REJECT] = ACCESS_HAS_CAUSE,
    [ACCESS_CONTEXT_ACCEPT] = ACCESS_HAS_ADDRESS,
};

const char *access_result_text(AccessResult result)
{
    switch (result) {
    case ACCESS_OK: return "well-formed";
    case ACCESS_SHORT: return "cut off";
    case ACCESS_BAD_VERSION: return "no link signalling, or ciphered";
    case ACCESS_BAD_TYPE: return "unknown message type";
    case ACCESS_BAD_LENGTH: return "the length field is not that of the message";
    case ACCESS_BAD_FIELD: return "a field has a wrong length or value, or is unknown";
    case ACCESS_BAD_ORDER: return "fields out of order";
    case ACCESS_MISSING: return "a field is missing that this message must have";
    }
    return "?";
}

const char *access_type_name(AccessType type)
{
    switch (type) {
    case ACCESS_BEACON: return "beacon";
    case ACCESS_ATTACH_REQUEST: return "attach-request";
    case ACCESS_IDENTITY_REQUEST: return "identity-request";
    case ACCESS_IDENTITY_RESPONSE: return "identity-response";
    case ACCESS_AUTH_REQUEST: return "auth-request";
    case ACCESS_AUTH_RESPONSE: return "auth-response";
    case ACCESS_AUTH_FAILURE: return "auth-failure";
    case ACCESS_CIPHER_MODE_COMMAND: return "cipher-mode-command";
    case ACCESS_CIPHER_MODE_COMPLETE: return "cipher-mode-complete";
    case ACCESS_ATTACH_ACCEPT: return "attach-accept";
    case ACCESS_ATTACH_REJECT: return "attach-reject";
    case ACCESS_CONTEXT_REQUEST: return "context-request";
    case ACCESS_CONTEXT_ACCEPT: return "context-accept";
    case ACCESS_DETACH: return "detach";
    }
    return "?";
}

const char *access_technology_name(AccessTechnology technology)
{
    switch (technology) {
    case ACCESS_UMTS: return "UMTS";
    case ACCESS_GPRS: return "GPRS";
    case ACCESS_WLAN: return "WLAN";
    }
    return "?";
}

const char *access_cause_text(AccessCause cause)
{
    switch (cause) {
    case ACCESS_CAUSE_NONE: return "none";
    case ACCESS_CAUSE_MAC: return "MAC failure";
    case ACCESS_CAUSE_SYNC: return "synchronisation failure";
    case ACCESS_CAUSE_UNKNOWN_SUBSCRIBER: return "unknown subscriber";
    case ACCESS_CAUSE_WRONG_RES: return "wrong RES";
    case ACCESS_CAUSE_CIPHER: return "cipher refused";
    case ACCESS_CAUSE_PROTOCOL: return "protocol error";
    }
    return "?";
}

/* ---- writing ---- */

static bool is_digits(Text text)
{
    for (uint32_t i = 0; i < text.len; i++)
        if (!g_ascii_isdigit(text.p[i]))
            return false;
    return true;
}

static bool writable(const AccessMsg *msg)
{
    if ((unsigned)msg->type >= ACCESS_N_TYPES || (needed[msg->type] & ~msg->has) != 0)
        return false;
    if (msg->has & ACCESS_HAS_IMSI && (msg->imsi.len == 0 || msg->imsi.len > IMSI_MAX || !is_digits(msg->imsi)))
        return false;
    if (msg->has & ACCESS_HAS_SSID && msg->ssid.len > SSID_MAX)
        return false;
    if (msg->has & ACCESS_HAS_RES && (msg->res_len < RES_MIN || msg->res_len > RES_MAX))
        return false;
    if (msg->has & ACCESS_HAS_PCSCF && (msg->n_pcscfs == 0 || msg->n_pcscfs > ACCESS_PCSCFS_MAX))
        return false;
    return (unsigned)msg->technology < ACCESS_N_TECHNOLOGIES && (unsigned)msg->cause < ACCESS_N_CAUSES;
}

static void put_octets(OctetWriter *w, unsigned tag, const void *value, size_t len)
{
    octet_put_number(w, 1, tag);
    octet_put_number(w, 1, len);
    octet_put(w, value, len);
}

static void put_number(OctetWriter *w, unsigned tag, size_t size, uint32_t value)
{
    octet_put_number(w, 1, tag);
    octet_put_number(w, 1, size);
    octet_put_number(w, size, value);
}

static void put_field(OctetWriter *w, unsigned tag, const AccessMsg *msg)
{
    switch (tag) {
    case TAG_CELL: put_number(w, tag, 4, msg->cell); break;
    case TAG_TECHNOLOGY: put_number(w, tag, 1, msg->technology); break;
    case TAG_STRENGTH: put_number(w, tag, 1, msg->strength); break;
    case TAG_CIPHER: put_number(w, tag, 1, msg->cipher); break;
    case TAG_CAPABILITIES: put_number(w, tag, 4, msg->capabilities); break;
    case TAG_IMSI: put_octets(w, tag, msg->imsi.p, msg->imsi.len); break;
    case TAG_RAND: put_octets(w, tag, msg->rand, sizeof msg->rand); break;
    case TAG_AUTN: put_octets(w, tag, msg->autn, sizeof msg->autn); break;
    case TAG_RES: put_octets(w, tag, msg->res, msg->res_len); break;
    case TAG_AUTS: put_octets(w, tag, msg->auts, sizeof msg->auts); break;
    case TAG_CAUSE: put_number(w, tag, 1, msg->cause); break;
    case TAG_ADDRESS: put_octets(w, tag, msg->address, ADDR_LEN); break;
    case TAG_PCSCF: put_octets(w, tag, msg->pcscf, (size_t)ADDR_LEN * msg->n_pcscfs); break;
    case TAG_SSID: put_octets(w, tag, msg->ssid.p, msg->ssid.len); break;
    case TAG_COUNT: put_number(w, tag, 4, msg->count); break;
    case TAG_FRESH: put_number(w, tag, 4, msg->fresh); break;
    case TAG_MAC: put_octets(w, tag, msg->mac_i, ACCESS_MAC_LEN); break;
    default: break;
    }
}

size_t access_write(const AccessMsg *msg, uint8_t *out, size_t cap)
{
    if (!writable(msg))
        return 0;
    OctetWriter w = octet_writer(out, MIN(cap, (size_t)ACCESS_MSG_MAX));
    octet_put_number(&w, 1, ACCESS_VERSION);
    octet_put_number(&w, 1, msg->type);
    octet_put_number(&w, 2, 0);
    for (unsigned tag = 1; tag <= N_TAGS; tag++)
        if (msg->has & 1u << (tag - 1))
            put_field(&w, tag, msg);
    octet_set_number(&w, 2, 2, w.len);
    return w.full ? 0 : w.len;
}

/* ---- reading ---- */

static bool read_text(OctetReader *value, size_t min, size_t max, Text *out)
{
    if (value->left < min || value->left > max)
        return false;
    *out = text_of((const char *)value->p, value->left);
    return octet_skip(value, value->left);
}

/* A number below @limit. */
static bool read_enum(OctetReader *value, unsigned limit, unsigned *out)
{
    uint8_t n;
    if (!octet_u8(value, &n) || n >= limit)
        return false;
    *out = n;
    return true;
}

static bool read_res(OctetReader *value, AccessMsg *out)
{
    if (value->left < RES_MIN || value->left > RES_MAX)
        return false;
    out->res_len = (uint8_t)value->left;
    return octet_copy(value, out->res, out->res_len);
}

static bool read_pcscfs(OctetReader *value, AccessMsg *out)
{
    if (value->left == 0 || value->left % ADDR_LEN != 0 || value->left > (size_t)ADDR_LEN * ACCESS_PCSCFS_MAX)
        return false;
    while (octet_copy(value, out->pcscf[out->n_pcscfs], ADDR_LEN))
        if (++out->n_pcscfs == ACCESS_PCSCFS_MAX)
            break;
    return true;
}

static bool read_technology(OctetReader *value, AccessMsg *out)
{
    unsigned n;
    if (!read_enum(value, ACCESS_N_TECHNOLOGIES, &n))
        return false;
    out->technology = (AccessTechnology)n;
    return true;
}

static bool read_cause(OctetReader *value, AccessMsg *out)
{
    unsigned n;
    if (!read_enum(value, ACCESS_N_CAUSES, &n))
        return false;
    out->cause = (AccessCause)n;
    return true;
}

static bool read_field(unsigned tag, OctetReader *value, AccessMsg *out)
{
    switch (tag) {
    case TAG_CELL: return octet_u32(value, &out->cell);
    case TAG_TECHNOLOGY: return read_technology(value, out);
    case TAG_STRENGTH: return octet_u8(value, &out->strength);
    case TAG_CIPHER: return octet_u8(value, &out->cipher);
    case TAG_CAPABILITIES: return octet_u32(value, &out->capabilities);
    case TAG_IMSI: return read_text(value, 1, IMSI_MAX, &out->imsi) && is_digits(out->imsi);
    case TAG_RAND: return octet_copy(value, out->rand, sizeof out->rand);
    case TAG_AUTN: return octet_copy(value, out->autn, sizeof out->autn);
    case TAG_RES: return read_res(value, out);
    case TAG_AUTS: return octet_copy(value, out->auts, sizeof out->auts);
    case TAG_CAUSE: return read_cause(value, out);
    case TAG_ADDRESS: return octet_copy(value, out->address, ADDR_LEN);
    case TAG_PCSCF: return read_pcscfs(value, out);
    case TAG_SSID: return read_text(value, 0, SSID_MAX, &out->ssid);
    case TAG_COUNT: return octet_u32(value, &out->count);
    case TAG_FRESH: return octet_u32(value, &out->fresh);
    case TAG_MAC: return octet_copy(value, out->mac_i, ACCESS_MAC_LEN);
    default: return false;
    }
}

static AccessResult read_fields(OctetReader *r, AccessMsg *out)
{
    uint8_t tag, last = 0, len;
    const uint8_t *octets;
    while (r->left > 0) {
        if (!octet_u8(r, &tag) || !octet_u8(r, &len) || !octet_take(r, len, &octets))
            return ACCESS_SHORT;
        if (tag == 0 || tag > N_TAGS)
            return ACCESS_BAD_FIELD;
        if (tag <= last)
            return ACCESS_BAD_ORDER;
        last = tag;
        OctetReader value = octet_reader(octets, len);
        if (!read_field(tag, &value, out) || value.left > 0)
            return ACCESS_BAD_FIELD;
        out->has |= 1u << (tag - 1);
    }
    return ACCESS_OK;
}

AccessResult access_parse(const uint8_t *octets, size_t len, AccessMsg *out)
{
    OctetReader r = octet_reader(octets, len);
    AccessMsg msg = { 0 };
    uint8_t version, type;
    uint16_t length;
    if (!octet_u8(&r, &version) || !octet_u8(&r, &type) || !octet_u16(&r, &length))
        return ACCESS_SHORT;
    if (version != ACCESS_VERSION)
        return ACCESS_BAD_VERSION;
    if (type >= ACCESS_N_TYPES)
        return ACCESS_BAD_TYPE;
    if (length != len || len > ACCESS_MSG_MAX)
        return ACCESS_BAD_LENGTH;
    msg.type = (AccessType)type;
    AccessResult result = read_fields(&r, &msg);
    if (result != ACCESS_OK)
        return result;
    if ((needed[type] & ~msg.has) != 0)
        return ACCESS_MISSING;
    *out = msg;
    return ACCESS_OK;
}

bool access_mac_span(const uint8_t *octets, size_t len, size_t *span)
{
    AccessMsg msg;
    if (access_parse(octets, len, &msg) != ACCESS_OK || !(msg.has & ACCESS_HAS_MAC))
        return false;
    *span = len - ACCESS_MAC_LEN; /* the MAC-I's tag is the greatest, so it is last */
    return true;
}

bool access_set_mac(uint8_t *octets, size_t len, const uint8_t mac_i[ACCESS_MAC_LEN])
{
    size_t span;
    if (!access_mac_span(octets, len, &span))
        return false;
    memcpy(octets + span, mac_i, ACCESS_MAC_LEN);
    return true;
}
