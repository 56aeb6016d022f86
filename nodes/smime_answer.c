/*
 * nodes/smime_answer.c - answers about S/MIME: the certificate one is asked for, and refusals.
 *
 * Source:  RFC 3261 §23.2 (493 with a certificate, certificates in answers), §21.4.13 (415 with Accept).
 */
#include "nodes/msg/mime.h"
#include "nodes/msg/sip_fields.h"
#include "nodes/routing.h"
#include "nodes/smime.h"

enum { ANSWER_TAG_LEN = 8 };

bool smime_answer(SmimeEnd *end, const SipMsg *request, SmimeBody *out)
{
    SipCseq cseq;
    if (!sip_cseq(request, &cseq))
        return false;
    SmimeIdentity identity = { .from = sip_value(request, SIP_H_FROM),
                               .to = sip_value(request, SIP_H_TO),
                               .call_id = sip_value(request, SIP_H_CALL_ID),
                               .cseq = cseq.number,
                               .method = request->method_text,
                               .answer = true };
    return smime_identity(end, &identity, out);
}

void smime_respond(SmimeEnd *end, SipServerTx *tx, unsigned status, const char *extra)
{
    const SipMsg *request = sip_server_request(tx);
    SmimeBody body = { .octets = TEXT_NONE };
    SipWriter w;

    bool has_body = smime_answer(end, request, &body);
    size_t room = request->all.len + 512 + body.octets.len + (extra != NULL ? strlen(extra) : 0);
    sip_write_init(&w, sim_alloc(end->sim, room), room);
    const char *tag = routing_token(end->sim, end->node, request, "answer", ANSWER_TAG_LEN);
    sip_reply_start(&w, request, status, TEXT_NONE, text_from(tag));
    if (extra != NULL)
        sip_write_z(&w, extra);
    if (has_body) {
        sip_write_header(&w, "Content-Type", text_from(body.type));
        sip_write_header(&w, "Content-Disposition", text_from(body.disposition));
    }
    size_t len = sip_write_end(&w, body.octets);
    g_assert(len > 0);
    sip_respond(tx, w.out, len);
}

void smime_refuse(SmimeEnd *end, SipServerTx *tx, SmimeResult result, const char *why)
{
    unsigned status = smime_refusal(result);

    trace_drop(end->sim, end->node, sim_text(end->sim, "smime-%s", smime_result_name(result)), "%s", why);
    if (status == 493)
        smime_respond(end, tx, status, NULL);
    else
        sip_respond_status(tx, status, NULL, status == 415 ? "Accept: " MIME_PKCS7 "\r\n" : NULL);
}
