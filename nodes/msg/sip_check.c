/*
 * nodes/msg/sip_check.c - whether a message that could be split is one that a node may act on.
 *
 * Source:  RFC 3261 §8.1.1, §8.2, §16.3 step 1, §20, §25.1; RFC 4475 §3.1.2, §3.3; RFC 5118 §4.
 * Knows:   syntax.  What is known, supported or allowed is a node's business.
 */
#include "nodes/msg/sip_fields.h"
#include "nodes/msg/sip_scan.h"

static bool refuse(SipMsg *msg, Text where, const char *error)
{
    msg->error = error;
    msg->error_at = text_present(where) ? (uint32_t)(where.p - msg->all.p) : 0;
    msg->refuse_with = 400;
    return false;
}

/* Fields that may stand once (RFC 3261 §20 gives them no list). */
static bool check_single(SipMsg *msg)
{
    static const uint8_t once[] = { SIP_H_FROM,    SIP_H_TO,           SIP_H_CALL_ID,  SIP_H_CSEQ,
                                    SIP_H_EVENT,   SIP_H_MAX_FORWARDS, SIP_H_EXPIRES,  SIP_H_MIN_EXPIRES,
                                    SIP_H_DATE,    SIP_H_CONTENT_TYPE, SIP_H_SIP_ETAG, SIP_H_SIP_IF_MATCH,
                                    SIP_H_PRIVACY, SIP_H_RETRY_AFTER,  SIP_H_REFER_TO, SIP_H_SUBSCRIPTION_STATE };
    for (size_t i = 0; i < G_N_ELEMENTS(once); i++)
        if (msg->first[once[i]] != msg->last[once[i]])
            return refuse(msg, sip_line(&msg->headers[msg->last[once[i]] - 1]),
                          "a header field that may stand once is there twice");
    return true;
}

/* RFC 3261 §8.1.1; Max-Forwards may be missing (RFC 4475 §3.4.1: an RFC 2543 element does not send it). */
static bool check_mandatory(SipMsg *msg)
{
    if (!sip_has(msg, SIP_H_VIA))
        return refuse(msg, TEXT_NONE, "no Via");
    if (!sip_has(msg, SIP_H_FROM))
        return refuse(msg, TEXT_NONE, "no From");
    if (!sip_has(msg, SIP_H_TO))
        return refuse(msg, TEXT_NONE, "no To");
    if (!sip_has(msg, SIP_H_CALL_ID))
        return refuse(msg, TEXT_NONE, "no Call-ID");
    if (!sip_has(msg, SIP_H_CSEQ))
        return refuse(msg, TEXT_NONE, "no CSeq");
    return check_single(msg);
}

static bool check_request_uri(SipMsg *msg)
{
    SipUri uri;
    if (!msg->is_request)
        return true;
    if (!sip_uri(msg->uri, &uri))
        return refuse(msg, msg->uri, "the Request-URI is not a URI");
    if (text_present(uri.headers)) /* RFC 3261 §19.1.1, table 1 */
        return refuse(msg, msg->uri, "the Request-URI has header fields");
    return true;
}

static bool check_cseq(SipMsg *msg)
{
    SipCseq cseq;
    Text value = sip_value(msg, SIP_H_CSEQ);
    if (!sip_cseq_decode(value, &cseq))
        return refuse(msg, value, "CSeq is not a number below 2^31 and a method");
    if (msg->is_request && !text_equal(cseq.method_text, msg->method_text))
        return refuse(msg, value, "the method of CSeq is not the method of the request");
    if (!msg->is_request) {
        msg->method = cseq.method;
        msg->method_text = cseq.method_text;
    }
    return true;
}

/* word [ "@" word ] */
static bool check_call_id(SipMsg *msg)
{
    Text value = sip_value(msg, SIP_H_CALL_ID), word;
    Scan s = scan_of(value);
    bool ok = scan_run(&s, SIP_C_WORD, &word) && (!scan_char(&s, '@') || scan_run(&s, SIP_C_WORD, &word));
    return (ok && scan_at_end(&s)) || refuse(msg, value, "Call-ID is not one word, or two with an @");
}

static bool check_vias(SipMsg *msg)
{
    SipValues it;
    Text value;
    SipVia via;
    unsigned n = 0;
    for (sip_values(&it, msg, SIP_H_VIA); sip_values_next(&it, &value); n++)
        if (!sip_via_decode(value, &via))
            return refuse(msg, value, "a Via is malformed");
    return n > 0 || refuse(msg, sip_value(msg, SIP_H_VIA), "Via is empty");
}

typedef enum { ADDR_ONE, ADDR_LIST, ADDR_CONTACT, ADDR_ROUTE } AddrRule;

static bool addr_is_valid(Text value, AddrRule rule)
{
    SipNameAddr addr;
    SipUri uri;
    if (!sip_nameaddr_decode(value, &addr))
        return false;
    if (addr.star)
        return rule == ADDR_CONTACT;
    if (rule == ADDR_ROUTE && !addr.angle) /* route-param = name-addr */
        return false;
    return sip_uri(addr.uri, &uri);
}

static bool check_addrs(SipMsg *msg, SipHeaderId id, AddrRule rule, const char *error)
{
    SipValues it;
    Text value;
    if (!sip_has(msg, id))
        return true;
    if (rule == ADDR_ONE) {
        value = sip_value(msg, id);
        return addr_is_valid(value, rule) || refuse(msg, value, error);
    }
    for (sip_values(&it, msg, id); sip_values_next(&it, &value);)
        if (!addr_is_valid(value, rule))
            return refuse(msg, value, error);
    return true;
}

static bool check_all_addrs(SipMsg *msg)
{
    static const struct {
        uint8_t id, rule;
        const char *error;
    } checks[] = {
        { SIP_H_FROM, ADDR_ONE, "From is not a name-addr or a URI" },
        { SIP_H_TO, ADDR_ONE, "To is not a name-addr or a URI" },
        { SIP_H_CONTACT, ADDR_CONTACT, "a Contact is not a name-addr or a URI" },
        { SIP_H_ROUTE, ADDR_ROUTE, "a Route is not a name-addr" },
        { SIP_H_RECORD_ROUTE, ADDR_ROUTE, "a Record-Route is not a name-addr" },
        { SIP_H_PATH, ADDR_ROUTE, "a Path is not a name-addr" },
        { SIP_H_SERVICE_ROUTE, ADDR_ROUTE, "a Service-Route is not a name-addr" },
        { SIP_H_P_ASSERTED_IDENTITY, ADDR_LIST, "a P-Asserted-Identity is not a name-addr or a URI" },
        { SIP_H_P_PREFERRED_IDENTITY, ADDR_LIST, "a P-Preferred-Identity is not a name-addr or a URI" },
        { SIP_H_P_ASSOCIATED_URI, ADDR_ROUTE, "a P-Associated-URI is not a name-addr" },
        { SIP_H_P_CALLED_PARTY_ID, ADDR_ONE, "P-Called-Party-ID is not a name-addr" },
        { SIP_H_REFER_TO, ADDR_ONE, "Refer-To is not a name-addr or a URI" },
        { SIP_H_REPLY_TO, ADDR_ONE, "Reply-To is not a name-addr or a URI" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(checks); i++)
        if (!check_addrs(msg, checks[i].id, (AddrRule)checks[i].rule, checks[i].error))
            return false;
    return true;
}

static bool check_numbers(SipMsg *msg)
{
    static const uint8_t ids[] = { SIP_H_MAX_FORWARDS, SIP_H_EXPIRES, SIP_H_MIN_EXPIRES, SIP_H_RETRY_AFTER };
    uint32_t number;
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
        if (sip_has(msg, ids[i]) && !sip_number(msg, ids[i], &number))
            return refuse(msg, sip_value(msg, ids[i]), "a number is malformed or too large");
    return true;
}

static bool check_date(SipMsg *msg)
{
    int64_t seconds;
    if (!sip_has(msg, SIP_H_DATE) || sip_date_decode(sip_value(msg, SIP_H_DATE), &seconds))
        return true;
    return refuse(msg, sip_value(msg, SIP_H_DATE), "Date is not an rfc1123-date in GMT");
}

SipParseResult sip_check(SipMsg *msg)
{
    bool ok = check_mandatory(msg) && check_request_uri(msg) && check_cseq(msg) && check_call_id(msg) &&
              check_vias(msg) && check_all_addrs(msg) && check_numbers(msg) && check_date(msg);
    return ok ? SIP_OK : SIP_BAD;
}

bool sip_can_answer(const SipMsg *msg)
{
    SipVia via;
    SipCseq cseq;
    return msg->is_request && text_present(msg->method_text) && msg->method != SIP_ACK && sip_via(msg, 0, &via) &&
           sip_cseq(msg, &cseq) && sip_value(msg, SIP_H_FROM).len > 0 && sip_value(msg, SIP_H_TO).len > 0 &&
           sip_value(msg, SIP_H_CALL_ID).len > 0;
}
