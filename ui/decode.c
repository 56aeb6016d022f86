/*
 * ui/decode.c - `presec decode`: one captured message, its structure, or why it must be rejected.
 *
 * Source:  README.md, "The command".
 * Knows:   which codec reads which format; the codecs write the description themselves.
 */
#include "nodes/msg/access.h"
#include "nodes/msg/diameter.h"
#include "nodes/msg/ip.h"
#include "nodes/msg/pidf.h"
#include "nodes/msg/rules.h"
#include "nodes/msg/sip.h"
#include "nodes/msg/sip_describe.h"
#include "nodes/msg/winfo.h"

#include "ui/commands.h"
#include "ui/input.h"
#include "ui/output.h"
#include "ui/text.h"

#include <string.h>

/* Which lines of the description of a refused message say why. */
typedef enum { REASON_FIRST_LINE, REASON_LAST_LINE, REASON_ALL_LINES } DecodeReason;

/* One kind of message.  describe appends lines; false: the message must be rejected. */
typedef struct {
    const char *name;
    DecodeReason reason;
    bool (*describe)(const uint8_t *octets, size_t len, GString *out);
} DecodeFormat;

static bool describe_sip(const uint8_t *octets, size_t len, GString *out)
{
    SipMsg msg;
    SipParseResult result = sip_parse(&msg, (const char *)octets, len);
    sip_describe(&msg, out);
    return result == SIP_OK;
}

static const DecodeFormat formats[] = {
    { "sip", REASON_FIRST_LINE, describe_sip },      { "diameter", REASON_LAST_LINE, diameter_describe },
    { "pidf", REASON_ALL_LINES, pidf_describe },     { "winfo", REASON_ALL_LINES, winfo_describe },
    { "rules", REASON_ALL_LINES, rules_describe },   { "ip", REASON_LAST_LINE, ip_describe },
    { "access", REASON_LAST_LINE, access_describe },
};

static const DecodeFormat *format_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}

static ExitStatus unknown_format(const char *written)
{
    const char *names[G_N_ELEMENTS(formats) + 1] = { NULL };
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        names[i] = formats[i].name;
    return command_unknown("format", written, names);
}

/* Errors in a document begin with their line, which is read best right behind the name: "FILE:3: basic is ...". */
static void say_reason(const char *name, const char *line)
{
    output_message(g_ascii_isdigit(*line) ? "%s:%s" : "%s: %s", name, line);
}

/* The lines that say why go to standard error, the others stay. */
static void split_reasons(const char *name, DecodeReason reason, GString *description)
{
    g_auto(GStrv) lines = g_strsplit(g_strchomp(description->str), "\n", -1);
    guint count = g_strv_length(lines);
    g_string_truncate(description, 0);
    for (guint i = 0; i < count; i++) {
        bool why = reason == REASON_ALL_LINES || i == (reason == REASON_FIRST_LINE ? 0 : count - 1);
        if (why)
            say_reason(name, lines[i]);
        else
            g_string_append_printf(description, "%s\n", lines[i]);
    }
}

static ExitStatus decode_octets(const DecodeFormat *format, const char *name, const GString *octets)
{
    g_autoptr(GString) described = g_string_new(NULL);
    bool accepted = format->describe((const uint8_t *)octets->str, octets->len, described);
    /* A message may hold what a terminal would obey. */
    g_autoptr(GString) out = g_string_new(NULL);
    text_visible(out, described->str, described->len);
    if (!accepted)
        split_reasons(name, format->reason, out);
    ExitStatus printed = output_print(out->str, out->len);
    if (printed != EXIT_DONE)
        return printed;
    return accepted ? EXIT_DONE : EXIT_UNMET;
}

ExitStatus decode_run(const CommandCall *call)
{
    const DecodeFormat *format = format_find(call->args[0]);
    if (!format)
        return unknown_format(call->args[0]);
    GString *octets = NULL;
    ExitStatus status = input_read(call->args[1], &octets);
    if (status != EXIT_DONE)
        return status;
    status = decode_octets(format, input_name(call->args[1]), octets);
    g_string_free(octets, TRUE);
    return status;
}
