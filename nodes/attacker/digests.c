/*
 * nodes/attacker/digests.c - Digest responses that he read: what he needs to try passwords on them at home.
 *
 * Source:  RFC 2617 §3.2.2, §4.9; RFC 3310 §3.3; threats AT-34, AT-43.
 * Knows:   Authorization headers and their requests.  A response proves a guess: nothing else is asked.
 */
#include "nodes/attacker/private.h"

#include "nodes/msg/sip_auth.h"
#include "nodes/msg/sip_fields.h"

#define CAPTURED_MAX 256 /* further ones teach nothing new */

static const char *keep(const Knowledge *knowledge, Text text)
{
    return g_string_chunk_insert_len(knowledge->texts, text.len > 0 ? text.p : "", (gssize)text.len);
}

/* The same response seen at two taps, or retransmitted, is one. */
static bool is_known(const Knowledge *knowledge, Text response)
{
    for (guint i = 0; i < knowledge->digests->len; i++)
        if (text_is(response, ((const CapturedDigest *)knowledge->digests->pdata[i])->response))
            return true;
    return false;
}

static CapturedDigest *capture(Knowledge *knowledge, const Seen *seen, const SipMsg *msg, const SipDigest *digest)
{
    CapturedDigest *captured = g_new0(CapturedDigest, 1);
    *captured = (CapturedDigest){ .seen = *seen,
                                  .algorithm = keep(knowledge, digest->algorithm),
                                  .response = keep(knowledge, digest->response),
                                  .username = keep(knowledge, digest->username),
                                  .realm = keep(knowledge, digest->realm),
                                  .method = keep(knowledge, msg->method_text),
                                  .uri = keep(knowledge, digest->uri),
                                  .nonce = keep(knowledge, digest->nonce),
                                  .nc = keep(knowledge, digest->nc),
                                  .cnonce = keep(knowledge, digest->cnonce) };
    captured->qop = text_is_nocase(digest->qop, "auth") ? DIGEST_QOP_AUTH : DIGEST_QOP_NONE;
    captured->unusable = text_is_nocase(digest->qop, "auth-int"); /* the body enters, and he has it no more */
    g_ptr_array_add(knowledge->digests, captured);
    return captured;
}

void digests_read(Knowledge *knowledge, const Seen *seen, const SipMsg *msg)
{
    static const SipHeaderId headers[] = { SIP_H_AUTHORIZATION, SIP_H_PROXY_AUTHORIZATION };
    SipDigest digest;
    for (size_t i = 0; msg->is_request && i < G_N_ELEMENTS(headers); i++) {
        if (knowledge->digests->len >= CAPTURED_MAX || !sip_digest(msg, headers[i], &digest) ||
            digest.response.len != DIGEST_HEX_LEN || is_known(knowledge, digest.response))
            continue;
        dictionary_try(knowledge, capture(knowledge, seen, msg, &digest));
    }
}

static DigestText text_z(const char *z)
{
    return (DigestText){ z, strlen(z) };
}

DigestInput digest_input(const CapturedDigest *captured)
{
    return (DigestInput){ .username = text_z(captured->username),
                          .realm = text_z(captured->realm),
                          .method = text_z(captured->method),
                          .uri = text_z(captured->uri),
                          .nonce = text_z(captured->nonce),
                          .nc = text_z(captured->nc),
                          .cnonce = text_z(captured->cnonce),
                          .qop = captured->qop };
}

bool digest_fits(const CapturedDigest *captured, DigestInput *input, const void *password, size_t len)
{
    char response[DIGEST_HEX_LEN + 1];
    input->password = password;
    input->password_len = len;
    digest_response(input, response);
    return memcmp(response, captured->response, DIGEST_HEX_LEN) == 0;
}
