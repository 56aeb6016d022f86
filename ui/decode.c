/*
 * ui/decode.c - `presec decode`: one captured message, its structure, or why it must be rejected.
 *
 * Source:  README.md, "The command".
 * Knows:   which codec reads which format; the codecs write the description themselves.
 */
#include "nodes/msg/sip.h"
#include "nodes/msg/sip_describe.h"

#include "ui/commands.h"
#include "ui/input.h"
#include "ui/output.h"

#include <string.h>

/* One kind of message.  decode appends what could be read; it returns false, and sets *why (owned by the caller), when
 * the message must be rejected. */
typedef struct {
    const char *name;
    bool (*decode)(const char *octets, size_t len, GString *out, char **why);
} DecodeFormat;

static bool decode_sip(const char *octets, size_t len, GString *out, char **why)
{
    SipMsg msg;
    SipParseResult result = sip_parse(&msg, octets, len);
    sip_describe(&msg, out);
    if (result == SIP_OK)
        return true;
    *why = result == SIP_BAD ? g_strdup_printf("octet %u: %s", msg.error_at, msg.error) : g_strdup("incomplete");
    return false;
}

static const DecodeFormat formats[] = {
    { "sip", decode_sip },
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

static ExitStatus decode_octets(const DecodeFormat *format, const char *name, const GString *octets)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *why = NULL;
    bool accepted = format->decode(octets->str, octets->len, out, &why);
    ExitStatus printed = output_print(out->str, out->len);
    if (accepted || printed != EXIT_DONE)
        return printed;
    output_message("%s: this %s message must be rejected: %s", name, format->name, why ? why : "malformed");
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
