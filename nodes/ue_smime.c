/*
 * nodes/ue_smime.c - S/MIME at the UE: the Presence Server's certificate, requests that are protected for it, and what
 * it shows of NOTIFY.
 *
 * Source:  RFC 3261 §23.2 (OPTIONS for a certificate, keyring, 493), §23.4 (tunnels); SA3 discussion paper §2 (S3),
 * option 3.  MESSAGE is between users and stays as it is: its receiver's certificate is nobody's business here.
 */
#include "nodes/msg/mime.h"
#include "nodes/msg/sip_fields.h"
#include "nodes/ue_internal.h"

#define CLAUSE_KEYS   "RFC 3261 §23.2"
#define CLAUSE_OPTION "SA3 discussion paper §2, option 3 (S3)"

/* --- construction --- */

bool ue_uses_smime(const Ue *ue)
{
    return ue->config.policy.release >= 6 && ue->config.smime.mode != SMIME_NONE;
}

static CertName ps_name(const Ue *ue)
{
    return (CertName){ CERT_NAME_DNS, ue->config.ps_name != NULL ? ue->config.ps_name : "" };
}

static Cert *copy_of(const Cert *cert)
{
    size_t len;
    const uint8_t *der = cert_der(cert, &len);
    return cert_from_der(der, len);
}

void ue_smime_init(Ue *ue)
{
    ue->smime.end = (SmimeEnd){
        .sim = ue->sim, .node = ue->config.name, .policy = ue->config.smime, .own = ue->config.credentials
    };
}

void ue_smime_clear(Ue *ue)
{
    if (ue->smime.tx != NULL)
        sip_client_forget(ue->smime.tx);
    ue->smime.tx = NULL;
    ue->smime.missing = false;
}

void ue_smime_forget(Ue *ue)
{
    ue_smime_clear(ue);
    g_clear_pointer(&ue->smime.ps, cert_free);
}

const SmimeWork *ue_smime_work(const Ue *ue)
{
    return &ue->smime.end.work;
}

/* --- the Presence Server's certificate --- */

/* On the keyring from now on; what is there already stays.  @cert: taken. */
static void keep_certificate(Ue *ue, Cert *cert, const char *how)
{
    if (ue->smime.ps != NULL) {
        cert_free(cert);
        return;
    }
    ue->smime.ps = cert;
    trace_decision(ue->sim, ue->config.name, "ue-takes-certificate", CLAUSE_KEYS,
                   "takes the certificate of %s for the Presence Server's: %s%s", cert_subject(cert), how,
                   ue->config.smime.ignores_names ? ", and does not look whose it is" : "");
}

/* Provisioned; false: it has none that is good. */
static bool take_provisioned(Ue *ue)
{
    const Cert *cert = ue->config.ps_cert;
    SmimeResult result = cert != NULL ? smime_judge(&ue->smime.end, cert, ps_name(ue)) : SMIME_NO_CERTIFICATE;
    if (result != SMIME_OK)
        return false;
    keep_certificate(ue, copy_of(cert), "it was provisioned");
    return true;
}

/* Everybody who waited goes on, with or without it; the next one asks anew. */
static void resume(Ue *ue)
{
    ue_publish_resume(ue);
    ue_presence_resume(ue);
    ue->smime.missing = false;
}

static void on_options(void *ctx, SipClientTx *tx, const SipMsg *response, const char *why)
{
    Ue *ue = ctx;
    SmimePeer peer = { .name = ps_name(ue) };
    Cert *cert = NULL;

    if (response != NULL && response->status < 200)
        return;
    ue->smime.tx = NULL;
    if (response != NULL) {
        ue_heard(ue, sip_client_response_flow(tx)->sa);
        why = sim_text(ue->sim, "OPTIONS got %u", response->status);
    }
    SmimeResult result = SMIME_NO_CERTIFICATE;
    if (response != NULL && response->status < 300)
        result = smime_take_certificate(&ue->smime.end, response, &peer, &cert, &why);
    if (result == SMIME_OK) {
        keep_certificate(ue, cert, "it came with the answer to OPTIONS");
    } else {
        ue->smime.missing = true;
        trace_drop(ue->sim, ue->config.name, sim_text(ue->sim, "smime-%s", smime_result_name(result)),
                   "no certificate of the Presence Server: %s", why);
    }
    ue_outcome(ue, "certificate", ps_name(ue).name, response != NULL ? (int)response->status : -1, why);
    resume(ue);
}

/* To its own identity: its S-CSCF brings what it asks about presence to the Presence Server. */
static void ask(Ue *ue)
{
    const char *own = ue_default_impu(ue);
    SipWriter w = ue_writer(ue);
    UeRequest request = { .method = SIP_OPTIONS,
                          .uri = own,
                          .to = own,
                          .from_tag = sip_token(ue->endpoint, 8),
                          .call_id = sip_token(ue->endpoint, 16),
                          .cseq = 1 };
    trace_decision(ue->sim, ue->config.name, "ue-asks-certificate", CLAUSE_KEYS,
                   "asks for the Presence Server's certificate: it has none on its keyring");
    ue_request_begin(ue, &w, &request);
    ue_request_protected(ue, &w, &request);
    sip_write_header(&w, "Accept", TEXT(MIME_PKCS7));
    ue->smime.tx = ue_request_send(ue, &w, NULL, TEXT_NONE, on_options, ue);
}

/* --- the way of a request --- */

/* A document is enveloped for the Presence Server, a tunnel is, and what it signs can be judged only by one who knows
 * its certificate. */
static bool needs_certificate(const Ue *ue, SipMethod method, bool document)
{
    const SmimePolicy *policy = &ue->config.smime;
    if (policy->mode == SMIME_TUNNEL || document)
        return true;
    return method == SIP_SUBSCRIBE && policy->sign && policy->source != SMIME_INCLUDED;
}

static UeWay without(Ue *ue, const char *action, const char *target, const char *why)
{
    if (ue->config.smime.clear_without) {
        trace_decision(ue->sim, ue->config.name, "ue-smime-clear", CLAUSE_OPTION, "goes on to %s in the clear: %s",
                       action, why);
        return UE_WAY_CLEAR;
    }
    trace_decision(ue->sim, ue->config.name, "ue-smime-refuses", CLAUSE_OPTION, "refuses to %s: %s", action, why);
    ue_outcome(ue, action, target, 0, why);
    return UE_WAY_REFUSED;
}

UeWay ue_smime_way(Ue *ue, SipMethod method, bool document, const char *action, const char *target)
{
    bool signs = document || ue->config.smime.mode == SMIME_TUNNEL;

    if (!ue_uses_smime(ue) || !needs_certificate(ue, method, document))
        return UE_WAY_CLEAR;
    if (signs && ue->config.smime.sign && ue->config.credentials.cert == NULL)
        return without(ue, action, target, "it has no certificate of its own");
    if (ue->smime.ps != NULL || (ue->config.smime.source == SMIME_CACHED && take_provisioned(ue)))
        return signs ? UE_WAY_PROTECTED : UE_WAY_CLEAR;
    if (ue->config.smime.source == SMIME_CACHED || ue->smime.missing)
        return without(ue, action, target, "there is no certificate of the Presence Server");
    /* SMIME_INCLUDED too, when nothing has come yet: RFC 3261 §23.3 */
    if (ue->smime.tx == NULL)
        ask(ue);
    return UE_WAY_WAIT;
}

/* --- sending --- */

static void write_lines(SipWriter *w, const SipWriter *lines)
{
    sip_write_text(w, text_of(lines->out, lines->len));
    w->overflow |= lines->overflow;
}

/* RFC 3261 §23.4.1: the same inside and outside. */
static SipWriter with_date(Ue *ue, const SipWriter *lines)
{
    char date[MIME_DATE_MAX];
    SipWriter w = ue_writer(ue);
    sip_write_header(&w, "Date", text_from(mime_date(sim_unix_time(ue->sim), date)));
    write_lines(&w, lines);
    return w;
}

/* The request as its user means it, RFC 3261 §23.4: with the body, without what is for proxies. */
static Text inner_request(Ue *ue, const UeRequest *request, const SipWriter *lines, const char *type, Text body)
{
    SipWriter w = ue_writer(ue);
    ue_request_begin(ue, &w, request);
    write_lines(&w, lines);
    if (type != NULL)
        sip_write_header(&w, "Content-Type", text_from(type));
    size_t len = sip_write_end(&w, body);
    return text_of(w.out, len);
}

static SipClientTx *send_with(Ue *ue, const UeRequest *request, const SipWriter *lines, const SmimeBody *body,
                              SipDone done, void *ctx)
{
    SipWriter w = ue_writer(ue);
    ue_request_begin(ue, &w, request);
    ue_request_protected(ue, &w, request);
    write_lines(&w, lines);
    if (body->disposition != NULL)
        sip_write_header(&w, "Content-Disposition", text_from(body->disposition));
    return ue_request_send(ue, &w, body->type, body->octets, done, ctx);
}

/* SMIME_INCLUDED: who subscribes hands over his certificate. */
static void add_identity(Ue *ue, const UeRequest *request, SmimeBody *body)
{
    SmimeIdentity identity = {
        .from = text_from(sim_text(ue->sim, "<%s>;tag=%s", ue_from(ue), request->from_tag)),
        .to = text_from(sim_text(ue->sim, "<%s>", request->to)),
        .call_id = text_from(request->call_id),
        .cseq = request->cseq,
        .method = sip_method_name(request->method),
    };
    if (!smime_identity(&ue->smime.end, &identity, body))
        *body = (SmimeBody){ .octets = TEXT_NONE };
}

static SipClientTx *send_protected(Ue *ue, const UeRequest *request, const SipWriter *lines, const char *type,
                                   Text body, SipDone done, void *ctx)
{
    bool tunnel = ue->config.smime.mode == SMIME_TUNNEL;
    UeRequest outer = *request;
    SmimeBody made;
    SmimeContent content = { .type = text_from(type),
                             .body = body,
                             .about = request->call_id,
                             .number = request->cseq,
                             .with_certificate = ue->config.smime.source != SMIME_CACHED };
    SipWriter dated = with_date(ue, lines);
    if (tunnel) {
        lines = &dated;
        content.inner = inner_request(ue, request, lines, type, body);
        outer.unnamed = true;
    }
    if ((tunnel && content.inner.len == 0) || !smime_protect(&ue->smime.end, &content, ue->smime.ps, &made)) {
        done(ctx, NULL, NULL, "S/MIME cannot protect it");
        return NULL;
    }
    return send_with(ue, &outer, lines, &made, done, ctx);
}

SipClientTx *ue_smime_send(Ue *ue, UeWay way, const UeRequest *request, const SipWriter *lines, const char *type,
                           Text body, SipDone done, void *ctx)
{
    SmimeBody plain = { .type = type, .octets = body };

    if (way == UE_WAY_PROTECTED)
        return send_protected(ue, request, lines, type, body, done, ctx);
    if (ue_uses_smime(ue) && ue->config.smime.source == SMIME_INCLUDED && request->method == SIP_SUBSCRIBE)
        add_identity(ue, request, &plain);
    return send_with(ue, request, lines, &plain, done, ctx);
}

/* --- what comes back --- */

void ue_smime_learn(Ue *ue, const SipMsg *response)
{
    SmimePeer peer = { .name = ps_name(ue) };
    Cert *cert = NULL;
    const char *why;

    if (response->status == 493 && ue->config.smime.source == SMIME_FETCHED)
        ue_smime_forget(ue); /* it cannot read what is for that certificate: the next one asks for another */
    if (!ue_uses_smime(ue) || ue->config.smime.source != SMIME_INCLUDED || ue->smime.ps != NULL ||
        response->status >= 300)
        return;
    if (smime_take_certificate(&ue->smime.end, response, &peer, &cert, &why) == SMIME_OK)
        keep_certificate(ue, cert, "it came with an answer");
}

bool ue_smime_open(Ue *ue, SipServerTx *tx, const SipMsg *msg, UeSubscription *sub, Text *document, const char **from)
{
    SmimePeer peer = { .name = ps_name(ue), .known = ue->smime.ps, .newest = sub->newest };
    g_auto(SmimeOpened) opened = { 0 };

    *document = msg->body;
    *from = sub->presentity;
    if (!ue_uses_smime(ue) || msg->body.len == 0)
        return true;
    SmimeResult result = smime_open(&ue->smime.end, msg, &peer, &opened);
    if (!smime_accepts(&ue->config.smime, result)) {
        smime_refuse(&ue->smime.end, tx, result, opened.why);
        ue_outcome(ue, "notify", sub->presentity, (int)smime_refusal(result), opened.why);
        return false;
    }
    if (result != SMIME_OK)
        trace_decision(ue->sim, ue->config.name, "ue-smime-shows-clear", CLAUSE_OPTION,
                       "shows a document that is not protected: %s", opened.why);
    if (result == SMIME_OK && opened.signer != NULL)
        keep_certificate(ue, g_steal_pointer(&opened.signer), "it came with a document");
    sub->newest = MAX(sub->newest, opened.version);
    *document = opened.body;
    if (text_present(opened.from)) /* RFC 3261 §23.4.1.2: the inner From is the one to be shown */
        *from = sim_text(ue->sim, TEXT_FMT, TEXT_ARG(opened.from));
    return true;
}

void ue_smime_options(Ue *ue, SipServerTx *tx)
{
    smime_respond(&ue->smime.end, tx, 200,
                  "Allow: NOTIFY, MESSAGE, OPTIONS\r\nAccept: application/pidf+xml, " MIME_PKCS7 "\r\n");
}
