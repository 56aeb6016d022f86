/*
 * nodes/attacker/scout.c - what a message offers to somebody who means to change it.
 *
 * Source:  nodes/attacker/scout.h.
 * Knows:   one message's text.
 */
#include "nodes/attacker/scout.h"
#include "nodes/attacker/private.h"

#include "nodes/msg/sip_auth.h"
#include "nodes/msg/sip_fields.h"

/* NULL: no whole SIP message, as after a cut; g_free. */
static SipMsg *message_of(const Reading *reading)
{
    g_autofree SipMsg *msg = g_new(SipMsg, 1);
    return sip_split(msg, reading->octets, reading->len) == SIP_OK ? g_steal_pointer(&msg) : NULL;
}

bool scout_is(const Reading *reading, const char *message)
{
    g_autofree SipMsg *msg = message_of(reading);
    return msg != NULL && sip_is_called(msg, message);
}

bool scout_answers_challenge(const Reading *reading)
{
    g_autofree SipMsg *msg = message_of(reading);
    SipDigest digest;
    return msg != NULL && sip_is_called(msg, "SM7") && sip_digest(msg, SIP_H_AUTHORIZATION, &digest) &&
           !text_present(digest.auts);
}

char **scout_list(const Reading *reading, const char *header)
{
    g_autofree SipMsg *msg = message_of(reading);
    SipSecList list;
    if (msg == NULL || !sip_sec_list(msg, sip_header_id(text_from(header)), &list))
        return NULL;
    char **names = g_new0(char *, list.n + 1);
    for (unsigned i = 0; i < list.n; i++)
        names[i] = sec_entry_name(list.items[i].value);
    return names;
}

bool scout_has(const Reading *reading, const char *header, const char *value)
{
    g_autofree SipMsg *msg = message_of(reading);
    SipHeaderId id = sip_header_id(text_from(header));
    SipValues it;
    Text one;
    if (msg == NULL || id == SIP_H_OTHER)
        return false;
    for (sip_values(&it, msg, id); sip_values_next(&it, &one);)
        if (text_is_nocase(one, value))
            return true;
    return false;
}
