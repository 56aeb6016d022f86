/*
 * nodes/msg/octets.h - a bounds-checked cursor over binary messages, and its counterpart into a caller's buffer.
 *
 * Every read returns false at the end of the octets and then has moved nothing.  A writer that runs out of room
 * remembers it and writes nothing more: one check at the end is enough.  Numbers are in network order.
 * Knows:   octets.  No protocol.
 */
#ifndef PRESEC_NODES_MSG_OCTETS_H
#define PRESEC_NODES_MSG_OCTETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A view; never owned. */
typedef struct {
    const uint8_t *p;
    uint32_t len;
} Octets;

typedef struct {
    const uint8_t *p;
    size_t left;
} OctetReader;

static inline OctetReader octet_reader(const uint8_t *p, size_t len)
{
    return (OctetReader){ p, len };
}

/* @out: a view of the next @len octets */
static inline bool octet_take(OctetReader *r, size_t len, const uint8_t **out)
{
    if (len > r->left)
        return false;
    *out = r->p;
    if (len > 0)
        r->p += len;
    r->left -= len;
    return true;
}

static inline bool octet_skip(OctetReader *r, size_t len)
{
    const uint8_t *ignored;
    return octet_take(r, len, &ignored);
}

static inline bool octet_copy(OctetReader *r, uint8_t *out, size_t len)
{
    const uint8_t *from;
    if (!octet_take(r, len, &from))
        return false;
    if (len > 0)
        memcpy(out, from, len);
    return true;
}

/* A big-endian number of @size octets, at most 8 */
static inline bool octet_number(OctetReader *r, size_t size, uint64_t *out)
{
    const uint8_t *from;
    if (!octet_take(r, size, &from))
        return false;
    *out = 0;
    for (size_t i = 0; i < size; i++)
        *out = *out << 8 | from[i];
    return true;
}

static inline bool octet_u8(OctetReader *r, uint8_t *out)
{
    return octet_copy(r, out, 1);
}

static inline bool octet_u16(OctetReader *r, uint16_t *out)
{
    uint64_t n;
    if (!octet_number(r, 2, &n))
        return false;
    *out = (uint16_t)n;
    return true;
}

static inline bool octet_u24(OctetReader *r, uint32_t *out)
{
    uint64_t n;
    if (!octet_number(r, 3, &n))
        return false;
    *out = (uint32_t)n;
    return true;
}

static inline bool octet_u32(OctetReader *r, uint32_t *out)
{
    uint64_t n;
    if (!octet_number(r, 4, &n))
        return false;
    *out = (uint32_t)n;
    return true;
}

typedef struct {
    uint8_t *out;
    size_t cap, len;
    bool full; /* something did not fit */
} OctetWriter;

static inline OctetWriter octet_writer(uint8_t *out, size_t cap)
{
    return (OctetWriter){ out, cap, 0, false };
}

static inline void octet_put(OctetWriter *w, const void *octets, size_t len)
{
    if (w->full || len > w->cap - w->len) {
        w->full = true;
        return;
    }
    if (len > 0)
        memcpy(w->out + w->len, octets, len);
    w->len += len;
}

static inline void octet_put_number(OctetWriter *w, size_t size, uint64_t value)
{
    uint8_t octets[8];
    for (size_t i = 0; i < size; i++)
        octets[i] = (uint8_t)(value >> 8 * (size - 1 - i));
    octet_put(w, octets, size);
}

/* Overwrite a number written before. */
static inline void octet_set_number(OctetWriter *w, size_t at, size_t size, uint64_t value)
{
    for (size_t i = 0; i < size && !w->full; i++)
        w->out[at + i] = (uint8_t)(value >> 8 * (size - 1 - i));
}

#endif
