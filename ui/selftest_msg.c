/*
 * ui/selftest_msg.c - known answers about messages.
 *
 * Source:  ui/selftest_msg.h; RFC 6733, TS 29.229, TS 29.109.
 * Knows:   crypto/selftest.h and the codecs.
 */
#include "ui/selftest_msg.h"

#include "nodes/msg/diameter.h"

#include <string.h>

static bool diameter_applies(const SelftestBlock *block)
{
    return selftest_has(block, "message") && selftest_has(block, "length") && block->n_fields == 2;
}

static const char *interface_name(uint32_t application)
{
    switch (application) {
    case DIAMETER_APP_CX: return "cx";
    case DIAMETER_APP_ZH: return "zh";
    case DIAMETER_APP_ZN: return "zn";
    default: return "base"; /* any number may stand in the header */
    }
}

/* "Multimedia-Auth-Request" on Cx is "cx-mar". */
static char *short_name(const DiameterMsg *msg)
{
    bool request = (msg->flags & DIAMETER_REQUEST) != 0;
    const char *name = diameter_command_name(msg->command, msg->application, request);
    GString *text = g_string_new(interface_name(msg->application));
    g_string_append_c(text, '-');
    for (const char *c = name ? name : "?"; *c; c++)
        if (c == name || c[-1] == '-')
            g_string_append_c(text, g_ascii_tolower(*c));
    return g_string_free(text, FALSE);
}

static void diameter_check(const SelftestBlock *block, SelftestCheck *check)
{
    const SelftestField *message = selftest_field(block, "message");
    DiameterMsg msg;
    DiameterResult result = diameter_parse(message->octets, message->len, &msg);
    selftest_expect_text(check, "message", diameter_result_text(DIAMETER_OK), diameter_result_text(result));
    if (result != DIAMETER_OK)
        return;
    size_t framed = 0;
    if (diameter_frame(message->octets, message->len, &framed) != DIAMETER_OK)
        framed = 0;
    g_autofree char *length = g_strdup_printf("%zu", framed);
    selftest_expect(block, "length", length, strlen(length), check);
    g_autofree char *name = short_name(&msg);
    bool named = g_str_has_prefix(block->id, name);
    selftest_expect_text(check, "interface and command", named ? name : block->id, name);
    /* Groups are only opened when somebody looks: describing looks at all of them. */
    g_autoptr(GString) lines = g_string_new(NULL);
    bool whole = diameter_describe(message->octets, message->len, lines);
    selftest_expect_text(check, "groups", "whole", whole ? "whole" : "malformed");
}

const SelftestKind selftest_diameter_kind = { "diameter", diameter_applies, diameter_check };
