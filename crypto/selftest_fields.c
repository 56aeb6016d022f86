/*
 * crypto/selftest_fields.c - what checkers use to ask for fields and to compare answers.
 *
 * Source:  none of its own.
 * Knows:   see selftest.h.
 */
#include "crypto/hash.h"
#include "crypto/selftest_kinds.h"

#include <string.h>

const SelftestField *selftest_field(const SelftestBlock *block, const char *name)
{
    for (size_t i = 0; i < block->n_fields; i++)
        if (strcmp(block->fields[i].name, name) == 0)
            return &block->fields[i];
    return NULL;
}

bool selftest_has(const SelftestBlock *block, const char *name)
{
    return selftest_field(block, name) != NULL;
}

bool selftest_text_is(const SelftestBlock *block, const char *name, const char *value)
{
    const SelftestField *field = selftest_field(block, name);
    return field && field->len == strlen(value) && memcmp(field->octets, value, field->len) == 0;
}

void selftest_invalid(SelftestCheck *check, const char *format, ...)
{
    if (check->result->verdict != SELFTEST_PASS)
        return; /* the first reason is the telling one */
    va_list args;
    va_start(args, format);
    check->result->verdict = SELFTEST_INVALID;
    g_free(check->result->what); /* a note */
    check->result->what = g_strdup_vprintf(format, args);
    va_end(args);
}

void selftest_note(SelftestCheck *check, const char *format, ...)
{
    if (check->result->verdict != SELFTEST_PASS || check->result->what != NULL)
        return;
    va_list args;
    va_start(args, format);
    check->result->what = g_strdup_vprintf(format, args);
    va_end(args);
}

const uint8_t *selftest_need(const SelftestBlock *block, const char *name, size_t len, SelftestCheck *check)
{
    const SelftestField *field = selftest_field(block, name);
    if (!field) {
        selftest_invalid(check, "%s is missing", name);
        return NULL;
    }
    if (len != SIZE_MAX && field->len != len) {
        selftest_invalid(check, "%s has %zu octets; it must have %zu", name, field->len, len);
        return NULL;
    }
    return field->octets;
}

bool selftest_need_number(const SelftestBlock *block, const char *name, uint64_t max, uint64_t *out,
                          SelftestCheck *check)
{
    const uint8_t *digits = selftest_need(block, name, SIZE_MAX, check);
    if (!digits)
        return false;
    if (!g_ascii_string_to_unsigned((const char *)digits, 10, 0, max, out, NULL)) {
        selftest_invalid(check, "%s must be a number from 0 to %" G_GUINT64_FORMAT " in quotes", name, max);
        return false;
    }
    return true;
}

static char *shown(const void *octets, size_t len, bool as_text)
{
    if (as_text) {
        g_autofree char *copy = g_strndup(octets, len);
        g_autofree char *escaped = g_strescape(copy, NULL);
        return g_strdup_printf("\"%s\"", escaped);
    }
    char *hex = g_malloc(2 * len + 1);
    crypto_hex(octets, len, hex);
    return hex;
}

/* Only the first difference of a block is kept. */
static void differ(SelftestCheck *check, const char *what, char *expected, char *got)
{
    check->result->verdict = SELFTEST_FAIL;
    g_free(check->result->what); /* a note */
    check->result->what = g_strdup(what);
    check->result->expected = expected;
    check->result->got = got;
}

void selftest_expect(const SelftestBlock *block, const char *name, const void *got, size_t len, SelftestCheck *check)
{
    const SelftestField *field = selftest_field(block, name);
    if (!field || check->result->verdict != SELFTEST_PASS)
        return;
    check->result->checks++;
    if (field->len != len || (len && memcmp(field->octets, got, len) != 0))
        differ(check, name, shown(field->octets, field->len, field->is_text), shown(got, len, field->is_text));
}

void selftest_expect_text(SelftestCheck *check, const char *what, const char *expected, const char *got)
{
    if (check->result->verdict != SELFTEST_PASS)
        return;
    check->result->checks++;
    if (strcmp(expected, got) != 0)
        differ(check, what, g_strdup(expected), g_strdup(got));
}
