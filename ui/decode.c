/*
 * ui/decode.c - `presec decode`: one captured message, its structure, or why it must be rejected.
 *
 * Source:  README.md, "The command".
 * Knows:   which codec reads which format; the codecs write the description themselves.
 */
#include "nodes/msg/access.h"
#include "nodes/msg/diameter.h"
#include "nodes/msg/ip.h"
#include "nodes/msg/sip.h"
#include "nodes/msg/sip_describe.h"

#include "ui/commands.h"
#include "ui/input.h"
#include "ui/output.h"
#include "ui/text.h"

#include <string.h>

/* One kind of message.  describe appends lines; false: the message must be rejected, and one of the lines says why. */
typedef struct {
    const char *name;
    bool (*describe)(const uint8_t *octets, size_t len, GString *out);
    bool reason_first; /* else it is the last line */
} DecodeFormat;

static bool describe_sip(const uint8_t *octets, size_t len, GString *out)
{
    SipMsg msg;
    SipParseResult result = sip_parse(&msg, (const char *)octets, len);
    sip_describe(&msg, out);
    return result == SIP_OK;
}

static const DecodeFormat formats[] = {
    { "sip", describe_sip, .reason_first = true },
    { "diameter", diameter_describe, .reason_first = false },
    { "ip", ip_describe, .reason_first = false },
    { "access", access_describe, .reason_first = false },
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

/* Takes the line that says why out of the description. */
static char *take_reason(GString *lines, bool first)
{
    while (lines->len > 0 && lines->str[lines->len - 1] == '\n')
        g_string_truncate(lines, lines->len - 1);
    const char *last = strrchr(lines->str, '\n');
    size_t from = first || !last ? 0 : (size_t)(last + 1 - lines->str);
    size_t len = strcspn(lines->str + from, "\n");
    char *reason = g_strndup(lines->str + from, len);
    g_string_erase(lines, (gssize)from, (gssize)MIN(len + 1, lines->len - from));
    if (lines->len > 0 && lines->str[lines->len - 1] != '\n')
        g_string_append_c(lines, '\n');
    return reason;
}

static ExitStatus decode_octets(const DecodeFormat *format, const char *name, const GString *octets)
{
    g_autoptr(GString) described = g_string_new(NULL);
    bool accepted = format->describe((const uint8_t *)octets->str, octets->len, described);
    /* A message may hold what a terminal would obey. */
    g_autoptr(GString) out = g_string_new(NULL);
    text_visible(out, described->str, described->len);
    g_autofree char *reason = accepted ? NULL : take_reason(out, format->reason_first);
    ExitStatus printed = output_print(out->str, out->len);
    if (accepted || printed != EXIT_DONE)
        return printed;
    output_message("%s: %s", name, reason);
    return EXIT_UNMET;
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
