/*
 * nodes/msg/sip_names.c - header names, methods and reason phrases.
 *
 * Source:  RFC 3261 §7.3.3, §20, §21; RFC 3903, RFC 6665, RFC 3329 for the later status codes.
 * Knows:   names.  A name is looked up by a hash of its length and three of its letters and then compared in full: a
 * hash alone would take an unknown header for a known one.
 */
#include "nodes/msg/sip.h"

static const Text header_names[SIP_N_HEADER_IDS] = {
    [SIP_H_OTHER] = { "?", 1 },
    [SIP_H_VIA] = { "Via", 3 },
    [SIP_H_FROM] = { "From", 4 },
    [SIP_H_TO] = { "To", 2 },
    [SIP_H_CALL_ID] = { "Call-ID", 7 },
    [SIP_H_CSEQ] = { "CSeq", 4 },
    [SIP_H_MAX_FORWARDS] = { "Max-Forwards", 12 },
    [SIP_H_CONTACT] = { "Contact", 7 },
    [SIP_H_ROUTE] = { "Route", 5 },
    [SIP_H_RECORD_ROUTE] = { "Record-Route", 12 },
    [SIP_H_PATH] = { "Path", 4 },
    [SIP_H_SERVICE_ROUTE] = { "Service-Route", 13 },
    [SIP_H_EXPIRES] = { "Expires", 7 },
    [SIP_H_MIN_EXPIRES] = { "Min-Expires", 11 },
    [SIP_H_AUTHORIZATION] = { "Authorization", 13 },
    [SIP_H_WWW_AUTHENTICATE] = { "WWW-Authenticate", 16 },
    [SIP_H_PROXY_AUTHENTICATE] = { "Proxy-Authenticate", 18 },
    [SIP_H_PROXY_AUTHORIZATION] = { "Proxy-Authorization", 19 },
    [SIP_H_AUTHENTICATION_INFO] = { "Authentication-Info", 19 },
    [SIP_H_SECURITY_CLIENT] = { "Security-Client", 15 },
    [SIP_H_SECURITY_SERVER] = { "Security-Server", 15 },
    [SIP_H_SECURITY_VERIFY] = { "Security-Verify", 15 },
    [SIP_H_REQUIRE] = { "Require", 7 },
    [SIP_H_PROXY_REQUIRE] = { "Proxy-Require", 13 },
    [SIP_H_SUPPORTED] = { "Supported", 9 },
    [SIP_H_UNSUPPORTED] = { "Unsupported", 11 },
    [SIP_H_EVENT] = { "Event", 5 },
    [SIP_H_SUBSCRIPTION_STATE] = { "Subscription-State", 18 },
    [SIP_H_CONTENT_TYPE] = { "Content-Type", 12 },
    [SIP_H_CONTENT_LENGTH] = { "Content-Length", 14 },
    [SIP_H_CONTENT_ENCODING] = { "Content-Encoding", 16 },
    [SIP_H_CONTENT_TRANSFER_ENCODING] = { "Content-Transfer-Encoding", 25 },
    [SIP_H_CONTENT_DISPOSITION] = { "Content-Disposition", 19 },
    [SIP_H_CONTENT_ID] = { "Content-ID", 10 },
    [SIP_H_MIME_VERSION] = { "MIME-Version", 12 },
    [SIP_H_ACCEPT] = { "Accept", 6 },
    [SIP_H_ALLOW] = { "Allow", 5 },
    [SIP_H_ALLOW_EVENTS] = { "Allow-Events", 12 },
    [SIP_H_SIP_ETAG] = { "SIP-ETag", 8 },
    [SIP_H_SIP_IF_MATCH] = { "SIP-If-Match", 12 },
    [SIP_H_P_ASSERTED_IDENTITY] = { "P-Asserted-Identity", 19 },
    [SIP_H_P_PREFERRED_IDENTITY] = { "P-Preferred-Identity", 20 },
    [SIP_H_P_ASSOCIATED_URI] = { "P-Associated-URI", 16 },
    [SIP_H_P_ACCESS_NETWORK_INFO] = { "P-Access-Network-Info", 21 },
    [SIP_H_P_VISITED_NETWORK_ID] = { "P-Visited-Network-ID", 20 },
    [SIP_H_P_CHARGING_VECTOR] = { "P-Charging-Vector", 17 },
    [SIP_H_P_CHARGING_FUNCTION_ADDRESSES] = { "P-Charging-Function-Addresses", 29 },
    [SIP_H_P_CALLED_PARTY_ID] = { "P-Called-Party-ID", 17 },
    [SIP_H_PRIVACY] = { "Privacy", 7 },
    [SIP_H_REFER_TO] = { "Refer-To", 8 },
    [SIP_H_REPLY_TO] = { "Reply-To", 8 },
    [SIP_H_DATE] = { "Date", 4 },
    [SIP_H_TIMESTAMP] = { "Timestamp", 9 },
    [SIP_H_RETRY_AFTER] = { "Retry-After", 11 },
    [SIP_H_WARNING] = { "Warning", 7 },
    [SIP_H_USER_AGENT] = { "User-Agent", 10 },
    [SIP_H_SERVER] = { "Server", 6 },
    [SIP_H_ORGANIZATION] = { "Organization", 12 },
    [SIP_H_SUBJECT] = { "Subject", 7 },
};

/* Of the length, the first, the middle and the last letter but one, in lower case; the factors leave no collision. */
#define HASH(len, first, middle, last) ((28u * (len) + 53u * (first) + 63u * (middle) + 2u * (last)) & 255u)

/* Two names with one hash would be a warning of the compiler (an initialiser overridden), and so an error. */
static const uint8_t by_hash[256] = {
    [HASH(3, 'v', 'i', 'i')] = SIP_H_VIA,
    [HASH(4, 'f', 'o', 'o')] = SIP_H_FROM,
    [HASH(2, 't', 'o', 't')] = SIP_H_TO,
    [HASH(7, 'c', 'l', 'i')] = SIP_H_CALL_ID,
    [HASH(4, 'c', 'e', 'e')] = SIP_H_CSEQ,
    [HASH(12, 'm', 'r', 'd')] = SIP_H_MAX_FORWARDS,
    [HASH(7, 'c', 't', 'c')] = SIP_H_CONTACT,
    [HASH(5, 'r', 'u', 't')] = SIP_H_ROUTE,
    [HASH(12, 'r', '-', 't')] = SIP_H_RECORD_ROUTE,
    [HASH(4, 'p', 't', 't')] = SIP_H_PATH,
    [HASH(13, 's', 'e', 't')] = SIP_H_SERVICE_ROUTE,
    [HASH(7, 'e', 'i', 'e')] = SIP_H_EXPIRES,
    [HASH(11, 'm', 'x', 'e')] = SIP_H_MIN_EXPIRES,
    [HASH(13, 'a', 'i', 'o')] = SIP_H_AUTHORIZATION,
    [HASH(16, 'w', 'e', 't')] = SIP_H_WWW_AUTHENTICATE,
    [HASH(18, 'p', 'h', 't')] = SIP_H_PROXY_AUTHENTICATE,
    [HASH(19, 'p', 'h', 'o')] = SIP_H_PROXY_AUTHORIZATION,
    [HASH(19, 'a', 'a', 'f')] = SIP_H_AUTHENTICATION_INFO,
    [HASH(15, 's', 'y', 'n')] = SIP_H_SECURITY_CLIENT,
    [HASH(15, 's', 'y', 'e')] = SIP_H_SECURITY_SERVER,
    [HASH(15, 's', 'y', 'f')] = SIP_H_SECURITY_VERIFY,
    [HASH(7, 'r', 'u', 'r')] = SIP_H_REQUIRE,
    [HASH(13, 'p', 'r', 'r')] = SIP_H_PROXY_REQUIRE,
    [HASH(9, 's', 'o', 'e')] = SIP_H_SUPPORTED,
    [HASH(11, 'u', 'p', 'e')] = SIP_H_UNSUPPORTED,
    [HASH(5, 'e', 'e', 'n')] = SIP_H_EVENT,
    [HASH(18, 's', 'i', 't')] = SIP_H_SUBSCRIPTION_STATE,
    [HASH(12, 'c', 't', 'p')] = SIP_H_CONTENT_TYPE,
    [HASH(14, 'c', '-', 't')] = SIP_H_CONTENT_LENGTH,
    [HASH(16, 'c', 'e', 'n')] = SIP_H_CONTENT_ENCODING,
    [HASH(25, 'c', 's', 'n')] = SIP_H_CONTENT_TRANSFER_ENCODING,
    [HASH(19, 'c', 'i', 'o')] = SIP_H_CONTENT_DISPOSITION,
    [HASH(10, 'c', 'n', 'i')] = SIP_H_CONTENT_ID,
    [HASH(12, 'm', 'e', 'o')] = SIP_H_MIME_VERSION,
    [HASH(6, 'a', 'e', 'p')] = SIP_H_ACCEPT,
    [HASH(5, 'a', 'l', 'o')] = SIP_H_ALLOW,
    [HASH(12, 'a', 'e', 't')] = SIP_H_ALLOW_EVENTS,
    [HASH(8, 's', 'e', 'a')] = SIP_H_SIP_ETAG,
    [HASH(12, 's', '-', 'c')] = SIP_H_SIP_IF_MATCH,
    [HASH(19, 'p', 'd', 't')] = SIP_H_P_ASSERTED_IDENTITY,
    [HASH(20, 'p', 'd', 't')] = SIP_H_P_PREFERRED_IDENTITY,
    [HASH(16, 'p', 'a', 'r')] = SIP_H_P_ASSOCIATED_URI,
    [HASH(21, 'p', 'e', 'f')] = SIP_H_P_ACCESS_NETWORK_INFO,
    [HASH(20, 'p', 'n', 'i')] = SIP_H_P_VISITED_NETWORK_ID,
    [HASH(17, 'p', 'n', 'o')] = SIP_H_P_CHARGING_VECTOR,
    [HASH(29, 'p', 'c', 'e')] = SIP_H_P_CHARGING_FUNCTION_ADDRESSES,
    [HASH(17, 'p', '-', 'i')] = SIP_H_P_CALLED_PARTY_ID,
    [HASH(7, 'p', 'v', 'c')] = SIP_H_PRIVACY,
    [HASH(8, 'r', 'r', 't')] = SIP_H_REFER_TO,
    [HASH(8, 'r', 'y', 't')] = SIP_H_REPLY_TO,
    [HASH(4, 'd', 't', 't')] = SIP_H_DATE,
    [HASH(9, 't', 's', 'm')] = SIP_H_TIMESTAMP,
    [HASH(11, 'r', '-', 'e')] = SIP_H_RETRY_AFTER,
    [HASH(7, 'w', 'n', 'n')] = SIP_H_WARNING,
    [HASH(10, 'u', 'a', 'n')] = SIP_H_USER_AGENT,
    [HASH(6, 's', 'v', 'e')] = SIP_H_SERVER,
    [HASH(12, 'o', 'z', 'o')] = SIP_H_ORGANIZATION,
    [HASH(7, 's', 'j', 'c')] = SIP_H_SUBJECT,
};

/* RFC 3261 §7.3.3; o and u: RFC 6665; r: RFC 3515. */
static const uint8_t by_letter[26] = {
    ['v' - 'a'] = SIP_H_VIA,
    ['f' - 'a'] = SIP_H_FROM,
    ['t' - 'a'] = SIP_H_TO,
    ['i' - 'a'] = SIP_H_CALL_ID,
    ['m' - 'a'] = SIP_H_CONTACT,
    ['c' - 'a'] = SIP_H_CONTENT_TYPE,
    ['l' - 'a'] = SIP_H_CONTENT_LENGTH,
    ['e' - 'a'] = SIP_H_CONTENT_ENCODING,
    ['k' - 'a'] = SIP_H_SUPPORTED,
    ['s' - 'a'] = SIP_H_SUBJECT,
    ['o' - 'a'] = SIP_H_EVENT,
    ['u' - 'a'] = SIP_H_ALLOW_EVENTS,
    ['r' - 'a'] = SIP_H_REFER_TO,
};

SipHeaderId sip_header_id(Text name)
{
    if (name.len < 2) {
        unsigned letter = name.len == 1 ? ((unsigned char)name.p[0] | 32u) - 'a' : 26;
        return letter < 26 ? by_letter[letter] : SIP_H_OTHER;
    }
    const unsigned char *p = (const unsigned char *)name.p;
    SipHeaderId id = by_hash[HASH(name.len, p[0] | 32u, p[name.len / 2] | 32u, p[name.len - 2] | 32u)];
    Text known = header_names[id];
    if (known.len != name.len)
        return SIP_H_OTHER;
    return memcmp(known.p, name.p, name.len) == 0 || text_equal_nocase(known, name) ? id : SIP_H_OTHER;
}

Text sip_header_name(SipHeaderId id)
{
    return id < SIP_N_HEADER_IDS ? header_names[id] : header_names[SIP_H_OTHER];
}

static const Text method_names[SIP_N_METHODS] = {
    [SIP_METHOD_UNKNOWN] = { "?", 1 }, [SIP_REGISTER] = { "REGISTER", 8 }, [SIP_SUBSCRIBE] = { "SUBSCRIBE", 9 },
    [SIP_NOTIFY] = { "NOTIFY", 6 },    [SIP_PUBLISH] = { "PUBLISH", 7 },   [SIP_MESSAGE] = { "MESSAGE", 7 },
    [SIP_INVITE] = { "INVITE", 6 },    [SIP_ACK] = { "ACK", 3 },           [SIP_BYE] = { "BYE", 3 },
    [SIP_CANCEL] = { "CANCEL", 6 },    [SIP_OPTIONS] = { "OPTIONS", 7 },   [SIP_INFO] = { "INFO", 4 },
    [SIP_PRACK] = { "PRACK", 5 },      [SIP_UPDATE] = { "UPDATE", 6 },     [SIP_REFER] = { "REFER", 5 },
};

SipMethod sip_method_from(Text name)
{
    for (int m = SIP_METHOD_UNKNOWN + 1; m < SIP_N_METHODS; m++)
        if (text_equal(method_names[m], name))
            return (SipMethod)m;
    return SIP_METHOD_UNKNOWN;
}

Text sip_method_name(SipMethod method)
{
    return method < SIP_N_METHODS ? method_names[method] : method_names[SIP_METHOD_UNKNOWN];
}

static const struct {
    unsigned status;
    const char *phrase;
} reasons[] = {
    { 100, "Trying" },
    { 180, "Ringing" },
    { 181, "Call Is Being Forwarded" },
    { 182, "Queued" },
    { 183, "Session Progress" },
    { 200, "OK" },
    { 202, "Accepted" },
    { 204, "No Notification" },
    { 300, "Multiple Choices" },
    { 301, "Moved Permanently" },
    { 302, "Moved Temporarily" },
    { 305, "Use Proxy" },
    { 380, "Alternative Service" },
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 402, "Payment Required" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 406, "Not Acceptable" },
    { 407, "Proxy Authentication Required" },
    { 408, "Request Timeout" },
    { 410, "Gone" },
    { 412, "Conditional Request Failed" },
    { 413, "Request Entity Too Large" },
    { 414, "Request-URI Too Long" },
    { 415, "Unsupported Media Type" },
    { 416, "Unsupported URI Scheme" },
    { 420, "Bad Extension" },
    { 421, "Extension Required" },
    { 423, "Interval Too Brief" },
    { 433, "Anonymity Disallowed" },
    { 480, "Temporarily Unavailable" },
    { 481, "Call/Transaction Does Not Exist" },
    { 482, "Loop Detected" },
    { 483, "Too Many Hops" },
    { 484, "Address Incomplete" },
    { 485, "Ambiguous" },
    { 486, "Busy Here" },
    { 487, "Request Terminated" },
    { 488, "Not Acceptable Here" },
    { 489, "Bad Event" },
    { 491, "Request Pending" },
    { 493, "Undecipherable" },
    { 494, "Security Agreement Required" },
    { 500, "Server Internal Error" },
    { 501, "Not Implemented" },
    { 502, "Bad Gateway" },
    { 503, "Service Unavailable" },
    { 504, "Server Time-out" },
    { 505, "Version Not Supported" },
    { 513, "Message Too Large" },
    { 580, "Precondition Failure" },
    { 600, "Busy Everywhere" },
    { 603, "Decline" },
    { 604, "Does Not Exist Anywhere" },
    { 606, "Not Acceptable" },
};

Text sip_reason(unsigned status)
{
    static const char *const by_class[] = { "Unknown",      "Trying",        "OK", "Redirection", "Client Error",
                                            "Server Error", "Global Failure" };
    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
        if (reasons[i].status == status)
            return text_from(reasons[i].phrase);
    return text_from(by_class[status >= 100 && status < 700 ? status / 100 : 0]);
}
