/*
 * nodes/smime_tunnel.c - tunnelled SIP: the inner request against the outer one.
 *
 * Source:  RFC 3261 §23.4.1 (which headers, by which comparison), §23.4.2 (what must be there).
 */
#include "nodes/msg/sip_fields.h"
#include "nodes/smime.h"

/* RFC 3261 §20 compares addresses by URI and tag.  The outer one may be without a person: §23.4.3. */
static bool same_party(Text outer, Text inner)
{
    SipNameAddr a, b;
    return sip_nameaddr_decode(outer, &a) && sip_nameaddr_decode(inner, &b) && text_equal(a.tag, b.tag) &&
           (sip_uri_text_equal(a.uri, b.uri) || text_is(a.uri, SMIME_DUMMY_URI));
}

static bool same_contact(Text outer, Text inner)
{
    SipNameAddr a, b;
    return sip_nameaddr_decode(outer, &a) && sip_nameaddr_decode(inner, &b) && sip_uri_text_equal(a.uri, b.uri);
}

static bool same_cseq(Text outer, Text inner)
{
    SipCseq a, b;
    return sip_cseq_decode(outer, &a) && sip_cseq_decode(inner, &b) && a.number == b.number &&
           text_equal(a.method_text, b.method_text);
}

static bool same_event(Text outer, Text inner)
{
    SipEvent a, b;
    return sip_event_decode(outer, &a) && sip_event_decode(inner, &b) && text_equal(a.package, b.package) &&
           text_equal(a.id, b.id);
}

static bool same_date(Text outer, Text inner)
{
    int64_t a, b;
    return sip_date_decode(outer, &a) && sip_date_decode(inner, &b) && a == b;
}

static bool same_text(Text outer, Text inner)
{
    return text_equal(outer, inner);
}

/* What end-to-end requests of presence have.  Request-URI, Via, Record-Route, Route, Max-Forwards and
 * Proxy-Authorization may change on the way; headers that are not known are ignored (§23.4.1.2). */
static const struct {
    SipHeaderId id;
    bool needed; /* inside */
    bool fresh;  /* compared where freshness is */
    bool (*same)(Text outer, Text inner);
} compared[] = {
    { SIP_H_FROM, true, false, same_party },
    { SIP_H_TO, true, false, same_party },
    { SIP_H_CALL_ID, true, true, same_text },
    { SIP_H_CSEQ, true, true, same_cseq },
    { SIP_H_DATE, true, true, same_date },
    { SIP_H_CONTACT, false, false, same_contact },
    { SIP_H_EVENT, false, false, same_event },
    { SIP_H_EXPIRES, false, false, same_text },
    { SIP_H_SUBSCRIPTION_STATE, false, false, same_text },
    { SIP_H_SIP_IF_MATCH, false, false, same_text },
    { SIP_H_ACCEPT, false, false, same_text },
};

const char *smime_difference(const SipMsg *outer, const SipMsg *inner, bool fresh)
{
    if (!text_equal(outer->method_text, inner->method_text))
        return "the method";
    for (unsigned i = 0; i < G_N_ELEMENTS(compared); i++) {
        const SipHeader *a = sip_first(outer, compared[i].id), *b = sip_first(inner, compared[i].id);
        if (compared[i].fresh && !fresh)
            continue;
        if ((a == NULL) != (b == NULL) || (b == NULL && compared[i].needed))
            return sip_header_name(compared[i].id).p;
        if (a == NULL)
            continue;
        if (sip_next(outer, a) != NULL || sip_next(inner, b) != NULL || !compared[i].same(a->value, b->value))
            return sip_header_name(compared[i].id).p;
    }
    return NULL;
}
