/*
 * tests/fuzz/fuzz_sip.c - any octets through the SIP parser, every typed decoder, an edit and an answer.
 *
 * Knows:   what must hold for all input: an accepted message is written back octet for octet, and survives a proxy
 * step.
 */
#include "nodes/msg/sip_auth.h"
#include "nodes/msg/sip_describe.h"
#include "nodes/msg/sip_edit.h"
#include "nodes/msg/sip_fields.h"
#include "nodes/msg/sip_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char out[2 * SIP_MAX_OCTETS];

static void read_more(const SipMsg *msg)
{
    SipUri uri;
    SipSecList sent, got;
    char key[256];
    if (sip_uri(msg->uri, &uri)) {
        g_assert_true(sip_uri_equal(&uri, &uri));
        (void)sip_uri_canonical(&uri, key, sizeof key);
        (void)sip_uri_unescape(uri.user, key, sizeof key);
    }
    if (sip_sec_list(msg, SIP_H_SECURITY_CLIENT, &sent) && sip_sec_list(msg, SIP_H_SECURITY_VERIFY, &got))
        (void)sip_sec_list_equal(&sent, &got);
    g_autoptr(GString) text = g_string_new(NULL);
    sip_describe(msg, text);
}

static void change(const SipMsg *msg)
{
    SipMsg after;
    SipEdit edit;
    sip_edit_init(&edit, msg);
    size_t n = sip_edit_write(&edit, out, sizeof out);
    g_assert_true(text_equal(text_of(out, n), msg->all));
    sip_edit_push(&edit, SIP_H_VIA, TEXT("SIP/2.0/UDP p.example"));
    sip_edit_set_uint(&edit, SIP_H_MAX_FORWARDS, 1);
    sip_edit_remove_all(&edit, SIP_H_SUPPORTED);
    sip_edit_set_body(&edit, TEXT("body"));
    n = sip_edit_write(&edit, out, sizeof out);
    bool fits = msg->n_headers + 3 <= SIP_MAX_HEADERS && n > 0 && n <= SIP_MAX_OCTETS;
    g_assert_true(!fits || sip_parse(&after, out, n) == SIP_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SipMsg msg;
    SipWriter w;
    size_t used;
    SipParseResult result = sip_parse_stream(&msg, (const char *)data, size, &used);
    g_assert_true(used <= size && (result != SIP_BAD || msg.error != NULL));
    if (sip_parse(&msg, (const char *)data, size) == SIP_OK)
        change(&msg);
    read_more(&msg);
    if (!sip_can_answer(&msg))
        return 0;
    sip_write_init(&w, out, sizeof out);
    sip_reply_start(&w, &msg, 400, TEXT_NONE, TEXT("t"));
    g_assert_cmpuint(sip_write_end(&w, TEXT_NONE), >, 0);
    return 0;
}
