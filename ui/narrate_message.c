/*
 * ui/narrate_message.c - what a message is for, in plain words, from what is in it.
 *
 * Source:  ui/narrate_message.h.
 * Knows:   methods, statuses and the headers that make a difference.
 */
#include "ui/narrate_message.h"

#include "ui/message_text.h"
#include "ui/narrate_words.h"

#include <stdlib.h>
#include <string.h>

enum { ENTRIES_MOST = 4 };

/* ---- what is in it ---- */

static bool header_is(const TraceRecord *r, const char *header, const char *value)
{
    g_autofree char *found = message_header(r, header);
    return found && g_ascii_strcasecmp(found, value) == 0;
}

static bool header_begins(const TraceRecord *r, const char *header, const char *value)
{
    g_autofree char *found = message_header(r, header);
    return found && g_ascii_strncasecmp(found, value, strlen(value)) == 0;
}

static char *parameter_of(const TraceRecord *r, const char *header, const char *parameter)
{
    g_autofree char *found = message_header(r, header);
    return found ? message_parameter(found, parameter) : NULL;
}

/* "" also when it is not there. */
static bool parameter_is(const TraceRecord *r, const char *header, const char *parameter, const char *value)
{
    g_autofree char *found = parameter_of(r, header, parameter);
    return strcmp(found ? found : "", value) == 0;
}

/* Seconds in Expires or in the Contact's parameter; -1: neither says. */
static long expires_of(const TraceRecord *r)
{
    g_autofree char *header = message_header(r, "Expires"), *contact = parameter_of(r, "Contact", "expires");
    const char *text = header ? header : contact;
    return text ? strtol(text, NULL, 10) : -1;
}

/* The SIP message that this node took in before, also when it asked somebody else in between; NULL: none. */
static const TraceRecord *taken_before(const LadderFold *fold, const TraceRecord *r)
{
    const Trace *trace = ladder_fold_trace(fold);
    const TraceRecord *before = trace_get(trace, r->cause);
    while (before && (before->kind != TRACE_RECEIVE || before->message.protocol != TRACE_SIP ||
                      strcmp(before->node, r->node) != 0))
        before = trace_get(trace, before->cause);
    return before;
}

/* Of the same kind as what came: it is only handed on. */
static bool is_passed_on(const LadderFold *fold, const TraceRecord *r)
{
    const TraceRecord *before = r->kind == TRACE_SEND ? taken_before(fold, r) : NULL;
    return before && strcmp(before->message.label, r->message.label) == 0 &&
           strcmp(before->message.method, r->message.method) == 0;
}

/* ---- lists of sec-agree ---- */

static void append_entry(GString *out, const char *entry)
{
    g_autofree char *alg = message_parameter(entry, "alg"), *ealg = message_parameter(entry, "ealg");
    size_t name = strcspn(entry, "; ");
    if (!alg)
        g_string_append_len(out, entry, (gssize)name);
    else if (!ealg || strcmp(ealg, "null") == 0)
        g_string_append_printf(out, "%s without encryption", alg);
    else
        g_string_append_printf(out, "%s with %s", alg, ealg);
}

/* "hmac-sha-1-96 with des-ede3-cbc, or hmac-sha-1-96 without encryption"; NULL: there is no such list. */
static char *list_text(const TraceRecord *r, const char *header)
{
    g_autofree char *value = message_header(r, header);
    if (!value)
        return NULL;
    g_auto(GStrv) entries = g_strsplit(value, ",", -1);
    guint n = g_strv_length(entries);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < MIN(n, ENTRIES_MOST); i++) {
        g_string_append(out, i == 0 ? "" : i + 1 == n ? ", or " : ", ");
        append_entry(out, g_strstrip(entries[i]));
    }
    if (n > ENTRIES_MOST)
        g_string_append_printf(out, " and %u more", n - ENTRIES_MOST);
    return g_strdup(out->str);
}

/* ---- REGISTER ---- */

static void tell_first_register(const TraceRecord *r, GString *out)
{
    g_autofree char *list = list_text(r, "Security-Client");
    bool leaves = expires_of(r) == 0;
    g_string_append(out, leaves ? "it asks to be taken off the register" : "it asks to be registered");
    if (list)
        g_string_append_printf(out, ", and offers %s [TS 33.203 §6.1.1, §7.2]", list);
    else
        g_string_append_printf(out, ", and offers no security agreement [TS 24.229 §5.1.1.2]");
}

static void tell_answer(const TraceRecord *r, GString *out)
{
    g_autofree char *auts = parameter_of(r, "Authorization", "auts"), *echo = message_header(r, "Security-Verify");
    if (auts) {
        g_string_append(out, "it says that the card has seen later challenges than this one, and proves it with AUTS "
                             "[TS 33.203 §6.1.3]");
        return;
    }
    if (parameter_is(r, "Authorization", "response", "")) {
        g_string_append(out, "its response is empty: the challenge did not come from the card's home "
                             "[TS 33.203 §6.1.2.2; TS 24.229 §5.1.1.5.3]");
        return;
    }
    g_string_append(out, "it answers the challenge with a digest over RES, which only this card and its home can "
                         "compute [RFC 3310 §3.3]");
    if (echo)
        g_string_append(out, ", and repeats the list of SM6, so that a list changed on the way is noticed "
                             "[TS 33.203 §7.2; RFC 3329 §2.3.1]");
}

static bool is_answer(const TraceRecord *r)
{
    g_autofree char *nonce = parameter_of(r, "Authorization", "nonce");
    return nonce && *nonce;
}

static void tell_passed_register(const TraceRecord *r, unsigned sm, GString *out)
{
    g_autofree char *mark = parameter_of(r, "Authorization", "integrity-protected");
    if (sm == 3 || sm == 9) {
        g_string_append(out, "it goes on to the S-CSCF that the HSS named [TS 24.229 §5.3.1]");
        return;
    }
    g_string_append(out, "it goes on towards the home network");
    if (g_strcmp0(mark, "yes") == 0)
        g_string_append(out, ", marked as having come through its sender's associations");
    else if (g_strcmp0(mark, "no") == 0)
        g_string_append(out, ", marked as having come unprotected");
    else if (mark)
        g_string_append_printf(out, ", marked %s", mark);
    g_string_append(out, " [TS 24.229 §5.2.2]");
}

static void tell_challenge(const TraceRecord *r, bool at_the_ue, bool passed, GString *out)
{
    g_autofree char *ck = parameter_of(r, "WWW-Authenticate", "ck"), *list = list_text(r, "Security-Server");
    if (list)
        g_string_append_printf(out,
                               "it brings the challenge, RAND and AUTN, without the keys, and the P-CSCF's list: %s "
                               "[TS 33.203 §6.1.1, §7.2]",
                               list);
    else if (passed && ck)
        g_string_append(out, "it hands the challenge on, and with it IK and CK, which end at the P-CSCF "
                             "[TS 33.203 §6.1.1]");
    else if (ck)
        g_string_append(out, "it challenges: RAND and AUTN for the card, IK and CK, the keys of the access hop, for "
                             "the P-CSCF [TS 33.203 §6.1.1; TS 24.229 §5.4.1.2]");
    else
        g_string_append(out, at_the_ue ? "it brings a challenge, and no list of what the P-CSCF supports "
                                         "[RFC 3310 §3.2]"
                                       : "it brings a challenge [RFC 3310 §3.2]");
}

static void tell_registered(const TraceRecord *r, bool passed, GString *out)
{
    long seconds = expires_of(r);
    if (passed)
        g_string_append(out, "it hands the confirmation on [TS 33.203 §6.1.1]");
    else if (seconds > 0)
        g_string_append_printf(out, "it confirms the registration, for %ld s [TS 24.229 §5.4.1.2]", seconds);
    else
        g_string_append(out, "it confirms that the registration is gone [TS 24.229 §5.4.1.4]");
}

static void tell_register(const TraceRecord *r, unsigned sm, bool passed, GString *out)
{
    if (passed)
        tell_passed_register(r, sm, out);
    else if (is_answer(r))
        tell_answer(r, out);
    else
        tell_first_register(r, out);
}

/* ---- presence ---- */

/* "the document", with what protects it from end to end. */
static const char *document_text(const TraceRecord *r)
{
    if (header_begins(r, "Content-Type", "application/pkcs7-mime") ||
        header_begins(r, "Content-Type", "application/x-pkcs7-mime"))
        return "sealed with S/MIME for whom it is meant";
    if (header_begins(r, "Content-Type", "multipart/signed"))
        return "signed with S/MIME and readable";
    if (header_begins(r, "Content-Type", "message/sip"))
        return "inside a tunnelled message";
    return "";
}

static void tell_publish(const TraceRecord *r, GString *out)
{
    g_autofree char *tag = message_header(r, "SIP-If-Match");
    const char *sealed = document_text(r);
    if (expires_of(r) == 0)
        g_string_append(out, "it takes the document back [RFC 3903 §4.5]");
    else if (tag && message_body_len(r) == 0)
        g_string_append(out, "it keeps the document alive for longer [RFC 3903 §4.3]");
    else
        g_string_append_printf(out, "it %s%s%s [RFC 3903 %s]", tag ? "replaces the document" : "publishes a document",
                               *sealed ? ", " : "", sealed, tag ? "§4.4" : "§4.2");
}

static void tell_subscribe(const TraceRecord *r, GString *out)
{
    g_autofree char *to = message_header(r, "To"), *tag = to ? message_parameter(to, "tag") : NULL;
    g_autofree char *whom = narrate_name(to ? to : ""), *proof = message_header(r, "Authorization");
    if (proof)
        g_string_append_printf(out, "it asks to watch %s, and proves that a password is known [RFC 2617 §3]", whom);
    else if (header_is(r, "Event", "presence.winfo"))
        g_string_append_printf(out, "it asks to be told who watches %s [RFC 3857 §4]", whom);
    else if (expires_of(r) == 0 && tag)
        g_string_append_printf(out, "it stops watching %s [RFC 3265 §3.1.4.3]", whom);
    else if (expires_of(r) == 0)
        g_string_append_printf(out, "it asks once how %s is, and for no more [RFC 3265 §3.3.6]", whom);
    else
        g_string_append_printf(out, "it asks to watch %s%s [RFC 3856 §6]", whom, tag ? " for longer" : "");
}

static void tell_notify(const TraceRecord *r, GString *out)
{
    g_autofree char *from = message_header(r, "From"), *reason = parameter_of(r, "Subscription-State", "reason");
    g_autofree char *whose = narrate_name(from ? from : "");
    bool over = header_begins(r, "Subscription-State", "terminated");
    bool waits = header_begins(r, "Subscription-State", "pending");
    const char *sealed = document_text(r);
    if (message_body_len(r) == 0)
        g_string_append(out, waits ? "it says that consent is awaited" : "it brings no document");
    else if (header_is(r, "Event", "presence.winfo"))
        g_string_append(out, "it brings the list of those who watch");
    else
        g_string_append_printf(out, "it brings %s's document%s%s", whose, *sealed ? ", " : "", sealed);
    if (over)
        g_string_append_printf(out, ", and says that the subscription is over%s%s", reason ? ": " : "",
                               reason ? reason : "");
    g_string_append(out, " [RFC 3265 §3.2]");
}

/* ---- responses ---- */

static const char *success_text(const char *method)
{
    static const char *const texts[][2] = {
        { "PUBLISH", "it confirms that the document is taken [RFC 3903 §6]" },
        { "SUBSCRIBE", "it accepts the subscription [RFC 3265 §3.1.6]" },
        { "NOTIFY", "it confirms that this has come [RFC 3265 §3.2.4]" },
        { "MESSAGE", "it confirms that the text has come [RFC 3428 §7]" },
        { "OPTIONS", "it answers, with its sender's certificate where he has one [RFC 3261 §11.2, §23.2]" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (strcmp(texts[i][0], method) == 0)
            return texts[i][1];
    return "it confirms [RFC 3261 §21.2]";
}

static const char *refusal_text(unsigned status)
{
    static const struct {
        unsigned status;
        const char *text;
    } texts[] = {
        { 400, "it refuses what it cannot read [RFC 3261 §21.4.1]" },
        { 401, "it asks for a proof of who is there [RFC 3261 §22]" },
        { 403, "it refuses, and trying again would not help [RFC 3261 §21.4.4]" },
        { 404, "it knows no such user [RFC 3261 §21.4.5]" },
        { 408, "it has waited too long for an answer [RFC 3261 §21.4.9]" },
        { 412, "it knows no such document any more [RFC 3903 §11.2.1]" },
        { 420, "it is asked for an extension that it does not have [RFC 3261 §21.4.15]" },
        { 421, "it insists on an extension that was not offered [RFC 3261 §21.4.16]" },
        { 423, "it finds the time asked for too short [RFC 3261 §21.4.17]" },
        { 480, "the user cannot be reached now [RFC 3261 §21.4.18]" },
        { 481, "it knows no such subscription [RFC 3261 §21.4.19]" },
        { 489, "it has no such kind of event [RFC 3265 §7.3.2]" },
        { 493, "it cannot open the S/MIME body [RFC 3261 §21.4.28]" },
        { 494, "it insists on a security agreement [RFC 3329 §2]" },
        { 503, "it cannot serve this now [RFC 3261 §21.5.4]" },
        { 504, "somebody behind it does not answer [RFC 3261 §21.5.5]" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i].status == status)
            return texts[i].text;
    return status < 200 ? "it is being worked on [RFC 3261 §21.1]" : "it refuses [RFC 3261 §21]";
}

static void tell_response(const TraceRecord *r, unsigned sm, bool passed, GString *out)
{
    unsigned status = (unsigned)strtoul(r->message.label, NULL, 10);
    bool registers = strcmp(r->message.method, "REGISTER") == 0;
    if (status == 401 && registers)
        tell_challenge(r, sm == 6, passed, out);
    else if (status / 100 == 2 && registers)
        tell_registered(r, passed, out);
    else if (passed)
        g_string_append(out, "it hands the answer on [RFC 3261 §16.7]");
    else
        g_string_append(out, status / 100 == 2 ? success_text(r->message.method) : refusal_text(status));
}

static void tell_sip(const LadderFold *fold, const TraceRecord *r, GString *out)
{
    const char *label = r->message.label;
    bool passed = is_passed_on(fold, r);
    unsigned sm = ladder_sm(fold, r->id);
    if (g_ascii_isdigit(label[0]))
        tell_response(r, sm, passed, out);
    else if (strcmp(label, "REGISTER") == 0)
        tell_register(r, sm, passed, out);
    else if (passed)
        g_string_append(out, "it hands the request on [RFC 3261 §16.6]");
    else if (strcmp(label, "PUBLISH") == 0)
        tell_publish(r, out);
    else if (strcmp(label, "SUBSCRIBE") == 0)
        tell_subscribe(r, out);
    else if (strcmp(label, "NOTIFY") == 0)
        tell_notify(r, out);
    else if (strcmp(label, "MESSAGE") == 0)
        g_string_append(out, "it carries a short text [RFC 3428 §4]");
    else if (strcmp(label, "OPTIONS") == 0)
        g_string_append(out,
                        "it asks what the other end has to offer, its certificate above all [RFC 3261 §11, §23.2]");
}

/* ---- the rest ---- */

static const char *fixed_text(const char *label)
{
    static const char *const texts[][2] = {
        { "UAR", "it asks whether this user may register, and where [TS 29.228 §6.1.1]" },
        { "UAA", "it names the S-CSCF, or what one must be able to do [TS 29.228 §6.1.1]" },
        { "MAR", "it asks for an authentication vector [TS 29.228 §6.3]" },
        { "MAA", "it gives a vector: RAND, AUTN, the expected answer XRES, and the keys IK and CK [TS 29.228 §6.3]" },
        { "SAR", "it says who serves the user from now on, and asks for the profile [TS 29.228 §6.1.2]" },
        { "SAA", "it gives the user's profile [TS 29.228 §6.1.2]" },
        { "LIR", "it asks which S-CSCF serves the other user [TS 29.228 §6.1.4]" },
        { "LIA", "it names that S-CSCF [TS 29.228 §6.1.4]" },
        { "BEACON", "it says that there is a cell, whose, how strong and with which cipher; nothing proves it" },
        { "ATTACH REQUEST", "it asks for access" },
        { "IDENTITY REQUEST", "it asks who is there [TS 33.102 §6.2]" },
        { "IDENTITY RESPONSE", "it names the subscriber's IMSI, before anybody has proved anything [TS 33.102 §6.2]" },
        { "AUTH REQUEST", "it challenges the card [TS 33.102 §6.3.1]" },
        { "AUTH RESPONSE", "it answers the challenge of the access network [TS 33.102 §6.3.3]" },
        { "AUTH FAILURE", "it refuses the challenge [TS 33.102 §6.3.3]" },
        { "CIPHER MODE COMMAND", "it orders how the radio link is ciphered from now on [TS 33.102 §6.4.5]" },
        { "CIPHER MODE COMPLETE", "it obeys, and is itself the first message under that order [TS 33.102 §6.4.5]" },
        { "ATTACH ACCEPT", "it lets the handset in" },
        { "ATTACH REJECT", "it keeps the handset out" },
        { "CONTEXT REQUEST", "it asks for an IP address [TS 23.060 §9.2.2]" },
        { "CONTEXT ACCEPT", "it gives an IP address [TS 23.060 §9.2.2]" },
        { "DETACH", "it says good-bye" },
        { "Information-request", "it asks which P-CSCF to use [RFC 3319 §4]" },
        { "Reply", "it names the P-CSCF, and nothing shows whether it is genuine [RFC 3319 §4]" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (strcmp(texts[i][0], label) == 0)
            return texts[i][1];
    return "";
}

char *narrate_message_purpose(const LadderFold *fold, const TraceRecord *record)
{
    GString *out = g_string_new(NULL);
    if (record->message.protocol == TRACE_SIP)
        tell_sip(fold, record, out);
    else
        g_string_append(out, fixed_text(record->message.label));
    return g_string_free(out, FALSE);
}
