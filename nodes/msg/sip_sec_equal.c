/*
 * nodes/msg/sip_sec_equal.c - whether a list of security mechanisms came back as it was sent.
 *
 * Source:  RFC 3329 §2.3.1; TS 33.203 §7.2 (the check that makes bidding down visible); RFC 3261 §7.3.1 (comparison).
 * Knows:   two lists.  This function stands alone in its file: a test links another in its place to show that the check
 * matters.
 */
#include "nodes/msg/sip_auth.h"
#include "nodes/msg/sip_fields.h"

static bool same_value(Text a, Text b)
{
    if (text_present(a) != text_present(b))
        return false;
    bool quoted = a.len > 0 && a.p[0] == '"';
    return quoted ? text_equal(a, b) : text_equal_nocase(a, b);
}

static bool has_param(Text params, Text name, Text value)
{
    SipParams it;
    Text its_name, its_value;
    for (sip_params(&it, params); sip_params_next(&it, &its_name, &its_value);)
        if (text_equal_nocase(its_name, name) && same_value(its_value, value))
            return true;
    return false;
}

/* Every parameter of @a is in @b with its value; @n counts them.  The decoder let no more than 32 through. */
static bool params_within(Text a, Text b, unsigned *n)
{
    SipParams it;
    Text name, value;
    *n = 0;
    for (sip_params(&it, a); sip_params_next(&it, &name, &value); ++*n)
        if (!has_param(b, name, value))
            return false;
    return true;
}

static bool same_mechanism(const SipSecMechanism *a, const SipSecMechanism *b)
{
    unsigned in_a, in_b;
    return text_equal_nocase(a->name, b->name) && params_within(a->params, b->params, &in_a) &&
           params_within(b->params, a->params, &in_b) && in_a == in_b;
}

bool sip_sec_list_equal(const SipSecList *a, const SipSecList *b)
{
    if (a->n != b->n)
        return false;
    for (unsigned i = 0; i < a->n; i++)
        if (!same_mechanism(&a->items[i], &b->items[i]))
            return false;
    return true;
}
