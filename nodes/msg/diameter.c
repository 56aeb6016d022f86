/*
 * nodes/msg/diameter.c - reading and writing Diameter messages.
 *
 * Source:  RFC 6733 §3, §4.
 * Knows:   see diameter.h.
 */
#include "nodes/msg/diameter.h"

enum { AVP_HEADER_LEN = 8, AVP_VENDOR_LEN = 4 };

const char *diameter_result_text(DiameterResult result)
{
    switch (result) {
    case DIAMETER_OK: return "well-formed";
    case DIAMETER_SHORT: return "cut off";
    case DIAMETER_BAD_VERSION: return "version is not 1";
    case DIAMETER_BAD_LENGTH: return "the length field is not that of the message";
    case DIAMETER_TOO_LONG: return "longer than is accepted";
    case DIAMETER_BAD_AVP: return "an AVP's length does not fit into what holds it";
    case DIAMETER_BAD_PADDING: return "an AVP's padding is cut off or not zero";
    case DIAMETER_TOO_MANY: return "too many AVPs in one list";
    case DIAMETER_TOO_DEEP: return "grouped AVPs too deep inside each other";
    }
    return "?";
}

static size_t padding_of(size_t len)
{
    return -len & 3;
}

/* Version and length: what a stream's reader must know before the rest is there. */
static DiameterResult read_length(OctetReader *r, size_t *length)
{
    uint8_t version;
    uint32_t n;
    if (!octet_u8(r, &version) || !octet_u24(r, &n))
        return DIAMETER_SHORT;
    if (version != 1)
        return DIAMETER_BAD_VERSION;
    if (n < DIAMETER_HEADER_LEN || n % 4 != 0)
        return DIAMETER_BAD_LENGTH;
    if (n > DIAMETER_LEN_MAX)
        return DIAMETER_TOO_LONG;
    *length = n;
    return DIAMETER_OK;
}

DiameterResult diameter_frame(const uint8_t *octets, size_t have, size_t *need)
{
    OctetReader r = octet_reader(octets, have);
    *need = DIAMETER_HEADER_LEN;
    DiameterResult result = read_length(&r, need);
    if (result != DIAMETER_OK)
        return result;
    return have < *need ? DIAMETER_SHORT : DIAMETER_OK;
}

DiameterCursor diameter_avps(const DiameterMsg *msg)
{
    return (DiameterCursor){ .rest = octet_reader(msg->avps.p, msg->avps.len), .result = DIAMETER_OK };
}

DiameterCursor diameter_group(const DiameterCursor *outer, const DiameterAvp *avp)
{
    DiameterCursor inner = { .depth = (uint8_t)(outer->depth + 1), .result = DIAMETER_OK };
    if (inner.depth > DIAMETER_DEPTH_MAX)
        inner.result = DIAMETER_TOO_DEEP;
    else
        inner.rest = octet_reader(avp->data.p, avp->data.len);
    return inner;
}

static bool cursor_stop(DiameterCursor *cursor, DiameterResult why)
{
    cursor->result = why;
    cursor->rest.left = 0;
    return false;
}

static bool padding_is_zero(const uint8_t *padding, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (padding[i] != 0)
            return false;
    return true;
}

bool diameter_next(DiameterCursor *cursor, DiameterAvp *out)
{
    OctetReader *r = &cursor->rest;
    if (r->left == 0)
        return false;
    if (cursor->seen == DIAMETER_AVPS_MAX)
        return cursor_stop(cursor, DIAMETER_TOO_MANY);
    uint32_t length;
    DiameterAvp avp = { 0 };
    if (!octet_u32(r, &avp.code) || !octet_u8(r, &avp.flags) || !octet_u24(r, &length))
        return cursor_stop(cursor, DIAMETER_BAD_AVP);
    bool has_vendor = avp.flags & DIAMETER_VENDOR;
    size_t header = AVP_HEADER_LEN + (has_vendor ? AVP_VENDOR_LEN : 0);
    if (length < header || (has_vendor && !octet_u32(r, &avp.vendor)))
        return cursor_stop(cursor, DIAMETER_BAD_AVP);
    avp.data.len = length - (uint32_t)header;
    const uint8_t *padding;
    if (!octet_take(r, avp.data.len, &avp.data.p))
        return cursor_stop(cursor, DIAMETER_BAD_AVP);
    if (!octet_take(r, padding_of(length), &padding) || !padding_is_zero(padding, padding_of(length)))
        return cursor_stop(cursor, DIAMETER_BAD_PADDING);
    cursor->seen++;
    *out = avp;
    return true;
}

bool diameter_find(DiameterCursor cursor, uint32_t code, uint32_t vendor, DiameterAvp *out)
{
    DiameterAvp avp;
    while (diameter_next(&cursor, &avp)) {
        if (avp.code == code && avp.vendor == vendor) {
            *out = avp;
            return true;
        }
    }
    return false;
}

DiameterResult diameter_parse(const uint8_t *octets, size_t len, DiameterMsg *out)
{
    OctetReader r = octet_reader(octets, len);
    size_t length;
    DiameterResult result = read_length(&r, &length);
    if (result != DIAMETER_OK)
        return result;
    if (length > len)
        return DIAMETER_SHORT;
    if (length < len)
        return DIAMETER_BAD_LENGTH;
    DiameterMsg msg;
    if (!octet_u8(&r, &msg.flags) || !octet_u24(&r, &msg.command) || !octet_u32(&r, &msg.application) ||
        !octet_u32(&r, &msg.hop_by_hop) || !octet_u32(&r, &msg.end_to_end))
        return DIAMETER_SHORT;
    msg.avps = (Octets){ r.p, (uint32_t)r.left };
    DiameterAvp avp;
    DiameterCursor cursor = diameter_avps(&msg);
    while (diameter_next(&cursor, &avp))
        ;
    if (cursor.result == DIAMETER_OK)
        *out = msg;
    return cursor.result;
}

bool diameter_u32(const DiameterAvp *avp, uint32_t *out)
{
    OctetReader r = octet_reader(avp->data.p, avp->data.len);
    return avp->data.len == 4 && octet_u32(&r, out);
}

Text diameter_text(const DiameterAvp *avp)
{
    return text_of((const char *)avp->data.p, avp->data.len);
}

/* ---- writing ---- */

void diameter_start(DiameterWriter *writer, uint8_t *out, size_t cap, const DiameterMsg *header)
{
    *writer = (DiameterWriter){ .w = octet_writer(out, MIN(cap, (size_t)DIAMETER_LEN_MAX)) };
    OctetWriter *w = &writer->w;
    octet_put_number(w, 1, 1);
    octet_put_number(w, 3, 0); /* the length comes with diameter_finish() */
    octet_put_number(w, 1, header->flags);
    octet_put_number(w, 3, header->command);
    octet_put_number(w, 4, header->application);
    octet_put_number(w, 4, header->hop_by_hop);
    octet_put_number(w, 4, header->end_to_end);
}

static void put_avp_header(OctetWriter *w, uint32_t code, uint32_t vendor, uint8_t flags, size_t data_len)
{
    octet_put_number(w, 4, code);
    octet_put_number(w, 1, flags | (vendor != 0 ? DIAMETER_VENDOR : 0));
    octet_put_number(w, 3, AVP_HEADER_LEN + (vendor != 0 ? AVP_VENDOR_LEN : 0) + data_len);
    if (vendor != 0)
        octet_put_number(w, 4, vendor);
}

static void put_avp(DiameterWriter *writer, uint32_t code, uint32_t vendor, uint8_t flags, const void *data, size_t len)
{
    OctetWriter *w = &writer->w;
    put_avp_header(w, code, vendor, flags, len);
    octet_put(w, data, len);
    octet_put_number(w, padding_of(len), 0);
}

void diameter_put(DiameterWriter *writer, uint32_t code, uint32_t vendor, const void *data, size_t len)
{
    put_avp(writer, code, vendor, DIAMETER_MANDATORY, data, len);
}

void diameter_put_optional(DiameterWriter *writer, uint32_t code, uint32_t vendor, const void *data, size_t len)
{
    put_avp(writer, code, vendor, 0, data, len);
}

void diameter_put_u32(DiameterWriter *writer, uint32_t code, uint32_t vendor, uint32_t value)
{
    put_avp_header(&writer->w, code, vendor, DIAMETER_MANDATORY, 4);
    octet_put_number(&writer->w, 4, value);
}

void diameter_put_text(DiameterWriter *writer, uint32_t code, uint32_t vendor, Text value)
{
    diameter_put(writer, code, vendor, value.p, value.len);
}

void diameter_put_address(DiameterWriter *writer, uint32_t code, const uint8_t ipv6[16])
{
    uint8_t data[18] = { 0, 2 }; /* IANA address family 2: IPv6 */
    memcpy(data + 2, ipv6, 16);
    diameter_put(writer, code, DIAMETER_BASE_VENDOR, data, sizeof data);
}

void diameter_begin(DiameterWriter *writer, uint32_t code, uint32_t vendor)
{
    g_assert(writer->depth < DIAMETER_DEPTH_MAX);
    writer->group[writer->depth++] = writer->w.len;
    put_avp_header(&writer->w, code, vendor, DIAMETER_MANDATORY, 0);
}

void diameter_end(DiameterWriter *writer)
{
    g_assert(writer->depth > 0);
    size_t at = writer->group[--writer->depth];
    /* what it holds is padded, so it needs no padding of its own */
    octet_set_number(&writer->w, at + 5, 3, writer->w.len - at);
}

size_t diameter_finish(DiameterWriter *writer)
{
    g_assert(writer->depth == 0);
    octet_set_number(&writer->w, 1, 3, writer->w.len);
    return writer->w.full ? 0 : writer->w.len;
}
