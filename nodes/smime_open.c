/*
 * nodes/smime_open.c - opening S/MIME bodies: decipher, verify, compare, judge the age; one result for each cause.
 *
 * Source:  RFC 3261 §23.2 (certificates, 493), §23.4.2 (integrity, dates); RFC 5652; RFC 3893 §5.
 */
#include "nodes/msg/sip_fields.h"
#include "nodes/smime_private.h"

#define CLOCK_SKEW (3600 * INT64_C(1000)) /* RFC 3261 §23.4.2: "on the order of an hour or more" */

/* --- results --- */

const char *smime_result_name(SmimeResult result)
{
    switch (result) {
    case SMIME_OK: return "ok";
    case SMIME_CLEAR: return "clear";
    case SMIME_UNSIGNED: return "unsigned";
    case SMIME_MALFORMED: return "malformed";
    case SMIME_UNDECIPHERABLE: return "undecipherable";
    case SMIME_BAD_SIGNATURE: return "bad-signature";
    case SMIME_NO_CERTIFICATE: return "no-certificate";
    case SMIME_NOT_TRUSTED: return "not-trusted";
    case SMIME_WRONG_NAME: return "wrong-name";
    case SMIME_STALE: return "stale";
    case SMIME_DIFFERS: return "differs";
    }
    g_assert_not_reached();
}

unsigned smime_refusal(SmimeResult result)
{
    switch (result) {
    case SMIME_OK: return 0;
    case SMIME_CLEAR: return 415; /* RFC 3261 §21.4.13, with Accept: not 493, for nothing was enciphered */
    case SMIME_MALFORMED: return 400;
    case SMIME_UNDECIPHERABLE: return 493; /* RFC 3261 §23.2 */
    case SMIME_UNSIGNED:
    case SMIME_BAD_SIGNATURE:
    case SMIME_NO_CERTIFICATE:
    case SMIME_NOT_TRUSTED:
    case SMIME_WRONG_NAME:
    case SMIME_STALE:
    case SMIME_DIFFERS: return 403; /* RFC 3261 §23.4.2 */
    }
    g_assert_not_reached();
}

bool smime_accepts(const SmimePolicy *policy, SmimeResult result)
{
    return result == SMIME_OK || (policy->clear_without && (result == SMIME_CLEAR || result == SMIME_UNSIGNED));
}

void smime_opened_clear(SmimeOpened *opened)
{
    g_clear_pointer(&opened->signer, cert_free);
}

static SmimeResult result_of(CmsResult result)
{
    switch (result) {
    case CMS_OK: return SMIME_OK;
    case CMS_MALFORMED: return SMIME_MALFORMED;
    case CMS_NOT_FOR_US:
    case CMS_UNDECIPHERABLE: return SMIME_UNDECIPHERABLE;
    case CMS_BAD_SIGNATURE: return SMIME_BAD_SIGNATURE;
    case CMS_NO_CERTIFICATE: return SMIME_NO_CERTIFICATE;
    case CMS_NOT_TRUSTED: return SMIME_NOT_TRUSTED;
    case CMS_WRONG_NAME: return SMIME_WRONG_NAME;
    }
    g_assert_not_reached();
}

/* --- signatures --- */

static Text keep(const SmimeEnd *end, GBytes *bytes)
{
    gsize len;
    const void *octets = g_bytes_get_data(bytes, &len);
    char *copy = sim_alloc(end->sim, len + 1);
    if (len > 0)
        memcpy(copy, octets, len);
    return text_of(copy, len);
}

/* Who trusts nobody has an empty list; to CMS, no list at all is trust in everybody. */
static SmimeResult verify(SmimeEnd *end, Text der, const SmimePeer *peer, const Cert *known, CmsSigned *found,
                          const char **why)
{
    bool careless = end->policy.ignores_names;
    g_autoptr(CertTrust) nobody = cert_trust_new();
    CmsVerifier verifier = { .trust = careless                 ? NULL
                                      : end->own.trust != NULL ? end->own.trust
                                                               : nobody,
                             .known = &known,
                             .n_known = known != NULL,
                             .name = careless ? NULL : &peer->name,
                             .now = sim_unix_time(end->sim) };
    CmsResult result = cms_verify((const uint8_t *)der.p, der.len, NULL, 0, &verifier, found);
    end->work.verifications += result != CMS_MALFORMED && result != CMS_NO_CERTIFICATE;
    *why = result == CMS_NOT_TRUSTED
               ? sim_text(end->sim, "the signer's certificate: %s", cert_result_name(found->certificate))
           : result == CMS_WRONG_NAME
               ? sim_text(end->sim, "signed by %s, not by %s", cert_subject(found->signer), peer->name.name)
               : cms_result_name(result);
    return result_of(result);
}

/* --- the layers of a body --- */

typedef struct Layers {
    SmimeEnd *end;
    const SipMsg *msg;
    const SmimePeer *peer;
    SmimeOpened *out;
    bool enveloped, is_signed;
} Layers;

static const char *about(const SmimeEnd *end, const SipMsg *msg)
{
    return sim_text(end->sim, TEXT_FMT, TEXT_ARG(sip_value(msg, SIP_H_CALL_ID)));
}

static SmimeResult decipher(Layers *layers, Text *entity)
{
    SmimeEnd *end = layers->end;
    const SipMsg *msg = layers->msg;
    SipCseq cseq = { 0 };
    SmimeDraw draw;
    g_autoptr(GBytes) content = NULL;

    layers->out->why = "we have no key";
    if (end->own.cert == NULL || end->own.key == NULL)
        return SMIME_UNDECIPHERABLE;
    uint64_t number = sip_cseq(msg, &cseq) ? cseq.number : 0;
    CmsResult result = cms_open((const uint8_t *)msg->body.p, msg->body.len, end->own.cert, end->own.key,
                                smime_draw(&draw, end, "open", about(end, msg), number), &content);
    end->work.openings += result == CMS_OK || result == CMS_UNDECIPHERABLE;
    layers->out->why = cms_result_name(result);
    if (result != CMS_OK)
        return result_of(result);
    *entity = keep(end, content);
    end->work.octets += entity->len;
    layers->enveloped = true;
    return SMIME_OK;
}

/* The entity that was signed in the place of the signed one; a result other than SMIME_OK says what is wrong with the
 * signature, and the content is there all the same. */
static SmimeResult unwrap(Layers *layers, Text der, Text *entity)
{
    g_auto(CmsSigned) found = { 0 };
    SmimeResult result = verify(layers->end, der, layers->peer, layers->peer->known, &found, &layers->out->why);
    if (found.content == NULL)
        return SMIME_MALFORMED;
    *entity = keep(layers->end, found.content);
    layers->out->signer = g_steal_pointer(&found.signer);
    layers->is_signed = true;
    return result;
}

static int64_t version_in(const MimeEntity *entity)
{
    Text value = mime_header(entity, SMIME_VERSION_HEADER);
    uint64_t version;
    if (!text_starts(value, "<") ||
        !text_to_uint(text_after(text_first(value, text_find(value, '@')), 1), INT64_MAX, &version))
        return 0;
    return (int64_t)version;
}

static bool is_fresh(const Layers *layers)
{
    int64_t version = layers->out->version, now = smime_version(layers->end);
    return version > layers->peer->newest && version > now - CLOCK_SKEW && version < now + CLOCK_SKEW;
}

/* --- the tunnel --- */

static Text party_uri(const SipMsg *inner, SipHeaderId id)
{
    SipNameAddr party;
    return sip_nameaddr(inner, id, &party) ? party.uri : TEXT_NONE;
}

static SmimeResult read_tunnel(Layers *layers, Text octets)
{
    SmimeOpened *out = layers->out;
    SipMsg *inner = sim_alloc(layers->end->sim, sizeof *inner);

    out->tunnelled = true;
    if (sip_split(inner, octets.p, octets.len) != SIP_OK || !inner->is_request) {
        out->why = "the inner request is malformed";
        return SMIME_MALFORMED;
    }
    const char *header = smime_difference(layers->msg, inner, layers->end->policy.checks_freshness);
    if (header != NULL) {
        out->why = sim_text(layers->end->sim, "%s of the inner and the outer request differ", header);
        return SMIME_DIFFERS;
    }
    out->from = party_uri(inner, SIP_H_FROM);
    out->to = party_uri(inner, SIP_H_TO);
    if (inner->body.len > 0) {
        out->type = sip_value(inner, SIP_H_CONTENT_TYPE);
        out->body = inner->body;
    }
    return SMIME_OK;
}

/* --- judging --- */

static SmimeResult read_content(Layers *layers, const MimeEntity *entity)
{
    SmimeOpened *out = layers->out;
    if (mime_is(entity->type, MIME_SIP))
        return read_tunnel(layers, entity->body);
    out->type = entity->type;
    out->body = entity->body;
    if (layers->end->policy.mode == SMIME_TUNNEL && layers->enveloped) {
        out->why = "there is no inner request";
        return SMIME_DIFFERS;
    }
    return SMIME_OK;
}

static SmimeResult malformed(Layers *layers, const char *why)
{
    layers->out->why = why;
    return SMIME_MALFORMED;
}

static SmimeResult judge(Layers *layers, const MimeEntity *entity)
{
    const SmimePolicy *policy = &layers->end->policy;

    layers->out->version = version_in(entity);
    SmimeResult content = read_content(layers, entity);
    if (content != SMIME_OK)
        return content;
    if (!layers->enveloped) {
        layers->out->why = "not enveloped";
        return SMIME_CLEAR;
    }
    if (policy->sign && !layers->is_signed) {
        layers->out->why = "not signed";
        return SMIME_UNSIGNED;
    }
    if (policy->checks_freshness && !is_fresh(layers)) {
        layers->out->why = layers->out->version == 0 ? "says no version" : "not newer than what came before";
        return SMIME_STALE;
    }
    return SMIME_OK;
}

static bool is_pkcs7(Text type, const char *smime_type)
{
    return mime_is(type, MIME_PKCS7) && text_is_nocase(mime_parameter(type, "smime-type"), smime_type);
}

static SmimeResult open_layers(Layers *layers, Text type)
{
    Text octets = layers->msg->body;
    MimeEntity entity;

    if (is_pkcs7(type, "enveloped-data")) {
        SmimeResult result = decipher(layers, &octets);
        if (result != SMIME_OK)
            return result;
        MimeResult mime = mime_entity_parse(octets, &entity);
        if (mime != MIME_OK) /* deciphered to nonsense: RFC 3261 §23.2 */
            return layers->out->why = mime_result_text(mime), SMIME_UNDECIPHERABLE;
        type = entity.type;
    }
    if (is_pkcs7(type, "signed-data")) {
        SmimeResult result = unwrap(layers, layers->enveloped ? entity.body : octets, &octets);
        if (result != SMIME_OK)
            return result;
        MimeResult mime = mime_entity_parse(octets, &entity);
        if (mime != MIME_OK)
            return malformed(layers, mime_result_text(mime));
    } else if (!layers->enveloped) {
        return malformed(layers, "an smime-type that is neither enveloped-data nor signed-data");
    }
    return judge(layers, &entity);
}

SmimeResult smime_open(SmimeEnd *end, const SipMsg *msg, const SmimePeer *peer, SmimeOpened *out)
{
    Layers layers = { .end = end, .msg = msg, .peer = peer, .out = out };
    Text type = sip_value(msg, SIP_H_CONTENT_TYPE);

    *out = (SmimeOpened){ .why = "in the clear" };
    if (mime_is(type, MIME_PKCS7) && msg->body.len > 0)
        return open_layers(&layers, type);
    if (msg->body.len > 0) {
        out->type = type;
        out->body = msg->body;
    }
    return msg->body.len > 0 || end->policy.mode == SMIME_TUNNEL ? SMIME_CLEAR : SMIME_OK;
}

/* --- certificates --- */

SmimeResult smime_judge(SmimeEnd *end, const Cert *cert, CertName name)
{
    if (end->policy.ignores_names)
        return SMIME_OK;
    end->work.verifications++;
    if (end->own.trust == NULL ||
        cert_check_chain(cert, end->own.trust, CERT_FOR_MAIL, sim_unix_time(end->sim)) != CERT_OK)
        return SMIME_NOT_TRUSTED;
    return cert_speaks_for(cert, name) ? SMIME_OK : SMIME_WRONG_NAME;
}

/* RFC 3893 §5: the fragment names the transaction that it was made for. */
static bool is_about(const SmimeEnd *end, const SipMsg *msg, Text octets)
{
    MimeEntity entity, fragment;
    SipCseq a, b;
    if (mime_entity_parse(octets, &entity) != MIME_OK || !mime_is(entity.type, MIME_SIPFRAG))
        return false;
    Text lines = text_from(sim_text(end->sim, TEXT_FMT "\r\n", TEXT_ARG(entity.body)));
    return mime_entity_parse(lines, &fragment) == MIME_OK &&
           text_equal(mime_header(&fragment, "Call-ID"), sip_value(msg, SIP_H_CALL_ID)) && sip_cseq(msg, &a) &&
           sip_cseq_decode(mime_header(&fragment, "CSeq"), &b) && a.number == b.number;
}

SmimeResult smime_take_certificate(SmimeEnd *end, const SipMsg *msg, const SmimePeer *peer, Cert **cert,
                                   const char **why)
{
    g_auto(CmsSigned) found = { 0 };

    *cert = NULL;
    *why = "no certificate came";
    if (msg->body.len == 0 || !is_pkcs7(sip_value(msg, SIP_H_CONTENT_TYPE), "signed-data"))
        return SMIME_CLEAR;
    SmimeResult result = verify(end, msg->body, peer, NULL, &found, why);
    if (result != SMIME_OK)
        return result;
    if (found.content == NULL || (end->policy.checks_freshness && !is_about(end, msg, keep(end, found.content)))) {
        *why = "made for another transaction";
        return SMIME_STALE;
    }
    *cert = g_steal_pointer(&found.signer);
    return SMIME_OK;
}
