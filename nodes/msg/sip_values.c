/*
 * nodes/msg/sip_values.c - numbers, Expires, Event, Subscription-State, Content-Type and Date.
 *
 * Source:  RFC 3261 §20.15, §20.17, §20.19, §20.22, §20.33; RFC 6665 §8.2, §8.4.
 * Knows:   values as text.
 */
#include "nodes/msg/sip_fields.h"
#include "nodes/msg/sip_scan.h"

/* Digits, then nothing, a comment or parameters (Retry-After: 18000;duration=3600, Expires alone has none). */
bool sip_number(const SipMsg *msg, SipHeaderId id, uint32_t *out)
{
    if (!sip_has(msg, id))
        return false;
    Scan s = scan_of(sip_value(msg, id));
    const char *from = s.p;
    while (s.p < s.end && sip_is_digit(*s.p))
        s.p++;
    if (!text_to_u32(text_between(from, s.p), id == SIP_H_MAX_FORWARDS ? 255 : UINT32_MAX, out))
        return false;
    scan_space(&s);
    return scan_at_end(&s) || (id == SIP_H_RETRY_AFTER && (*s.p == ';' || *s.p == '('));
}

uint32_t sip_expires(const SipMsg *msg, const SipNameAddr *contact, uint32_t otherwise)
{
    Text value;
    uint32_t seconds;
    if (contact != NULL && sip_param(contact->params, "expires", &value)) {
        if (text_to_u32(value, UINT32_MAX, &seconds))
            return seconds;
        return otherwise; /* RFC 3261 §10.2.1.1: a malformed one is the default */
    }
    return sip_number(msg, SIP_H_EXPIRES, &seconds) ? seconds : otherwise;
}

/* token *( SEMI param ): what Event, Subscription-State and others have in common */
static bool read_token_and_params(Text value, Text *token, Text *params)
{
    Scan s = scan_of(value);
    *params = TEXT_NONE;
    if (!scan_run(&s, SIP_C_TOKEN, token))
        return false;
    scan_space(&s);
    if (scan_at_end(&s))
        return true;
    if (!scan_char(&s, ';'))
        return false;
    *params = scan_rest(&s);
    return sip_params_valid(*params);
}

bool sip_event_decode(Text value, SipEvent *event)
{
    Text id;
    *event = (SipEvent){ 0 };
    if (!read_token_and_params(value, &event->package, &event->params))
        return false;
    if (sip_param(event->params, "id", &id))
        event->id = id;
    return true;
}

bool sip_event(const SipMsg *msg, SipEvent *event)
{
    return sip_event_decode(sip_value(msg, SIP_H_EVENT), event);
}

static SipSubKind sub_kind_from(Text state)
{
    if (text_is_nocase(state, "active"))
        return SIP_SUB_ACTIVE;
    if (text_is_nocase(state, "pending"))
        return SIP_SUB_PENDING;
    return text_is_nocase(state, "terminated") ? SIP_SUB_TERMINATED : SIP_SUB_OTHER;
}

bool sip_subscription_state_decode(Text text, SipSubState *state)
{
    Text value;
    *state = (SipSubState){ 0 };
    if (!read_token_and_params(text, &state->state, &state->params))
        return false;
    state->kind = sub_kind_from(state->state);
    if (sip_param(state->params, "reason", &value))
        state->reason = value;
    if (sip_param(state->params, "expires", &value)) {
        state->has_expires = true;
        if (!text_to_u32(value, UINT32_MAX, &state->expires))
            return false;
    }
    if (sip_param(state->params, "retry-after", &value)) {
        state->has_retry_after = true;
        if (!text_to_u32(value, UINT32_MAX, &state->retry_after))
            return false;
    }
    return true;
}

bool sip_subscription_state(const SipMsg *msg, SipSubState *state)
{
    return sip_subscription_state_decode(sip_value(msg, SIP_H_SUBSCRIPTION_STATE), state);
}

bool sip_media_type_decode(Text value, SipMediaType *type)
{
    Scan s = scan_of(value);
    *type = (SipMediaType){ 0 };
    if (!scan_run(&s, SIP_C_TOKEN, &type->type) || !scan_separator(&s, '/') ||
        !scan_run(&s, SIP_C_TOKEN, &type->subtype))
        return false;
    scan_space(&s);
    if (scan_at_end(&s))
        return true;
    if (!scan_char(&s, ';'))
        return false;
    type->params = scan_rest(&s);
    return sip_params_valid(type->params);
}

bool sip_content_type(const SipMsg *msg, SipMediaType *type)
{
    return sip_media_type_decode(sip_value(msg, SIP_H_CONTENT_TYPE), type);
}

bool sip_content_is(const SipMsg *msg, const char *full)
{
    SipMediaType type;
    Text wanted = text_from(full);
    uint32_t slash = text_find(wanted, '/');
    return sip_content_type(msg, &type) && text_equal_nocase(type.type, text_first(wanted, slash)) &&
           text_equal_nocase(type.subtype, text_after(wanted, (size_t)slash + 1));
}

/* Days from 1970-01-01 to the first of a month of the proleptic Gregorian calendar; @month from 0. */
static int64_t days_to_month(int64_t year, unsigned month)
{
    static const unsigned before[12] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
    int64_t y = year - 1;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    int64_t days = y * 365 + y / 4 - y / 100 + y / 400 - 719162;
    return days + before[month] + (leap && month > 1);
}

/* Index of the three letters at @p in a string of names, or -1; case matters in the grammar. */
static int name_index(const char *p, const char *names)
{
    for (int i = 0; names[3 * i] != '\0'; i++)
        if (memcmp(p, names + 3 * i, 3) == 0)
            return i;
    return -1;
}

static bool two_digits(const char *p, uint32_t max, uint32_t *out)
{
    return text_to_u32(text_of(p, 2), max, out);
}

/* "Sat, 13 Nov 2010 23:29:00 GMT": every field has its place */
bool sip_date_decode(Text value, int64_t *unix_seconds)
{
    const char *p = value.p;
    uint32_t day, year, hour, minute, second;
    if (value.len != 29)
        return false;
    int weekday = name_index(p, "SunMonTueWedThuFriSat"),
        month = name_index(p + 8, "JanFebMarAprMayJunJulAugSepOctNovDec");
    if (weekday < 0 || month < 0 || !two_digits(p + 5, 31, &day) || !text_to_u32(text_of(p + 12, 4), 9999, &year) ||
        !two_digits(p + 17, 23, &hour) || !two_digits(p + 20, 59, &minute) || !two_digits(p + 23, 60, &second))
        return false;
    bool marks = memcmp(p + 3, ", ", 2) == 0 && p[7] == ' ' && p[11] == ' ' && p[16] == ' ' && p[19] == ':' &&
                 p[22] == ':' && memcmp(p + 25, " GMT", 4) == 0;
    if (!marks || day == 0 || year == 0)
        return false;
    int64_t days = days_to_month(year, (unsigned)month) + (int64_t)day - 1;
    *unix_seconds = days * 86400 + (int64_t)hour * 3600 + (int64_t)minute * 60 + second;
    return true;
}
