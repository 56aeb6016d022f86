/*
 * ui/narrate_words.c - changes of state as sentences.
 *
 * Source:  ui/narrate_words.h.
 * Knows:   the kinds of records.
 */
#include "ui/narrate_words.h"

#include <string.h>

enum { TOKEN_LEN = 12 }; /* of a canary; scenarios/world.h */

/* ---- names ---- */

static bool is_token(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!g_ascii_islower(text[i]) && !g_ascii_isdigit(text[i]))
            return false;
    return len == TOKEN_LEN;
}

char *narrate_name(const char *identity)
{
    const char *start = strstr(identity, "sip:");
    start = start ? start + strlen("sip:") : identity;
    size_t len = strcspn(start, "@;>");
    const char *dot = g_strrstr_len(start, (gssize)len, ".");
    if (dot && is_token(dot + 1, len - (size_t)(dot + 1 - start)))
        len = (size_t)(dot - start);
    return g_strndup(start, len);
}

static bool belongs_to_identity(char c)
{
    return g_ascii_isalnum(c) || strchr(".-_+:@", c);
}

static bool ends_in_token(const char *word)
{
    const char *dot = strrchr(word, '.');
    return dot && is_token(dot + 1, strlen(dot + 1));
}

char *narrate_plain(const char *text)
{
    g_autoptr(GString) out = g_string_new(NULL);
    while (*text) {
        size_t len = 0;
        while (text[len] && belongs_to_identity(text[len]))
            len++;
        while (len > 0 && strchr(".:", text[len - 1])) /* of the sentence */
            len--;
        g_autofree char *word = g_strndup(text, len);
        g_autofree char *name = strchr(word, '@') || ends_in_token(word) ? narrate_name(word) : g_strdup(word);
        g_string_append(out, name);
        text += len;
        if (*text)
            g_string_append_c(out, *text++);
    }
    return g_strdup(out->str);
}

/* "alice" of "air:alice" */
static const char *link_owner(const char *link)
{
    const char *colon = strchr(link, ':');
    return colon ? colon + 1 : link;
}

/* ---- the access hop ---- */

static char *cipher_text(const TraceRecord *r)
{
    const char *whose = link_owner(r->cipher.link), *cipher = r->cipher.cipher;
    if (strcmp(cipher, "none") == 0)
        return g_strdup_printf("%s's radio link is not ciphered: whoever is near enough hears every octet", whose);
    if (strcmp(cipher, "WEP") == 0)
        return g_strdup_printf("%s's radio link is ciphered with WEP, as far as the access point", whose);
    return g_strdup_printf("%s's radio link is ciphered with %s; behind the access network the octets are as they were "
                           "[TS 33.102 §6.6]",
                           whose, cipher);
}

static char *sa_text(const TraceRecord *r, const char *node)
{
    g_autofree char *user = narrate_name(r->sa.user);
    bool null = strcmp(r->sa.ealg, "null") == 0;
    const char *whom = strcmp(user, r->node) == 0 ? "" : " for ";
    const char *name = strcmp(user, r->node) == 0 ? "" : user;
    if (!r->sa.made)
        return g_strdup_printf("%s deletes a set of security associations%s%s; what comes under them is discarded "
                               "[TS 33.203 §7.4]",
                               node, *name ? " of " : "", name);
    if (null)
        return g_strdup_printf("%s sets up security associations%s%s: every packet is authenticated with %s, and none "
                               "is encrypted, for the encryption algorithm is NULL [TS 33.203 §7.1, §7.2]",
                               node, whom, name, r->sa.alg);
    return g_strdup_printf("%s sets up security associations%s%s: every packet is authenticated with %s and encrypted "
                           "with %s [TS 33.203 §7.1, §7.2]",
                           node, whom, name, r->sa.alg, r->sa.ealg);
}

static char *tls_text(const TraceRecord *r, const char *node)
{
    const char *shown = r->tls.certificate;
    if (!r->tls.open)
        return g_strdup_printf("%s's TLS connection is over, or never came about: %s", node, r->tls.text);
    return g_strdup_printf("%s has a TLS connection: %s with %s%s%s", node, r->tls.version, r->tls.suite,
                           shown[0] ? "; the certificate at the other end is that of "
                                    : "; the other end showed no "
                                      "certificate",
                           shown);
}

/* ---- registration and presence ---- */

static char *registration_text(const TraceRecord *r, const char *node)
{
    g_autofree char *name = narrate_name(r->registration.impu);
    if (!r->registration.made)
        return g_strdup_printf("%s forgets where %s can be reached [TS 24.229 §5.4.1.4]", node, name);
    return g_strdup_printf("%s notes where %s can be reached, for %" G_GINT64_FORMAT " s [TS 24.229 §5.4.1.2]", node,
                           name, r->registration.expires);
}

static char *subscription_text(const TraceRecord *r, const char *node)
{
    g_autofree char *watcher = narrate_name(r->subscription.watcher);
    g_autofree char *presentity = narrate_name(r->subscription.presentity);
    const char *state = r->subscription.state, *event = r->subscription.event ? r->subscription.event : "";
    if (strstr(r->subscription.package, "winfo"))
        return g_strdup_printf("%s: %s's wish to see who watches is %s [RFC 3857 §4.7]", node, watcher, state);
    if (strcmp(state, "active") == 0)
        return g_strdup_printf("%s: from now on %s is told how %s is [RFC 3857 §4.7]", node, watcher, presentity);
    if (strcmp(state, "pending") == 0)
        return g_strdup_printf("%s: %s must wait until %s has decided about him [RFC 3857 §4.7]", node, watcher,
                               presentity);
    return g_strdup_printf("%s: %s's subscription to %s is %s%s%s [RFC 3857 §4.7]", node, watcher, presentity, state,
                           *event ? ": " : "", event);
}

static char *publication_text(const TraceRecord *r, const char *node)
{
    g_autofree char *presentity = narrate_name(r->publication.presentity);
    g_autofree char *publisher = narrate_name(r->publication.publisher);
    bool own = strcmp(presentity, publisher) == 0;
    if (!*r->publication.document)
        return g_strdup_printf("%s drops %s's document [RFC 3903 §6]", node, presentity);
    return g_strdup_printf("%s keeps the document as %s's%s%s [RFC 3903 §6]", node, presentity,
                           own ? "" : ", though it was published by ", own ? "" : publisher);
}

/* ---- ends ---- */

static const char *wish_text(const char *action)
{
    static const char *const wishes[][2] = {
        { "attach", "to get onto the network" }, { "register", "to register" },
        { "deregister", "to de-register" },      { "publish", "to publish" },
        { "subscribe", "to subscribe" },         { "message", "to send a text" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wishes); i++)
        if (strcmp(wishes[i][0], action) == 0)
            return wishes[i][1];
    return NULL;
}

static char *success_text(const TraceRecord *r, const char *node)
{
    g_autofree char *target = narrate_name(r->outcome.target ? r->outcome.target : "");
    const char *action = r->outcome.action;
    if (strcmp(action, "attach") == 0)
        return g_strdup_printf("%s is on the network: there is a radio link, an address, and the name of a P-CSCF",
                               node);
    if (strcmp(action, "register") == 0)
        return g_strdup_printf("%s is registered", node);
    if (strcmp(action, "deregister") == 0)
        return g_strdup_printf("%s is registered no more", node);
    if (strcmp(action, "publish") == 0)
        return g_strdup_printf("%s's publication is taken", node);
    if (strcmp(action, "subscribe") == 0)
        return g_strdup_printf("%s's subscription%s%s is accepted", node, *target ? " to " : "", target);
    if (strcmp(action, "certificate") == 0)
        return g_strdup_printf("%s has the certificate of %s", node, target);
    if (strcmp(action, "notify") == 0)
        return g_strdup_printf("%s has been told how %s is (%s)", node, target, r->outcome.text);
    return NULL;
}

static char *outcome_text(const TraceRecord *r, const char *node)
{
    const char *wish = wish_text(r->outcome.action);
    const char *why = r->outcome.text ? r->outcome.text : "";
    if (r->outcome.status >= 200 && r->outcome.status < 300)
        return success_text(r, node);
    if (strcmp(r->outcome.action, "notify") == 0 && r->outcome.status > 0)
        return g_strdup_printf("%s refuses the notification with %d: %s", node, r->outcome.status, why);
    if (strcmp(r->outcome.action, "connection") == 0)
        return g_strdup_printf("%s's connection to its P-CSCF does not last: %s", node, why);
    if (!wish)
        return NULL;
    if (r->outcome.status == 0)
        return g_strdup_printf("%s's own UE refuses %s%s%s", node, wish, *why ? ": " : "", why);
    if (r->outcome.status < 0)
        return g_strdup_printf("%s tries %s and gets no answer in time%s%s%s", node, wish, *why ? " (" : "", why,
                               *why ? ")" : "");
    return g_strdup_printf("%s tries %s and is refused with %d%s%s", node, wish, r->outcome.status, *why ? ", " : "",
                           why);
}

const char *narrate_drop_reason(const char *cause)
{
    static const char *const reasons[][2] = {
        { "esp-bad-icv", "its integrity check value is wrong, so it was changed or made under another key "
                         "[RFC 4303 §3.4.4.1]" },
        { "esp-bad-padding", "what decryption leaves is no packet, so it was encrypted otherwise than agreed "
                             "[RFC 4303 §3.4.4.1]" },
        { "esp-replay", "its sequence number has been seen before [RFC 4303 §3.4.3]" },
        { "esp-no-sa", "there is no association with its SPI [RFC 4303 §3.4.2]" },
        { "esp-selector", "its addresses or ports are not those of its association [RFC 4301 §5.2]" },
        { "esp-unprotected-port", "it comes unprotected to a protected port [TS 33.203 §7.1]" },
        { "sip-unprotected", "it comes without protection where only a first REGISTER may [TS 33.203 §7.1]" },
        { "sip-wrong-user", "it comes through the association of another user [TS 33.203 §7.1]" },
        { "smime-stale", "its document is not newer than the last one [RFC 3261 §23.4.2]" },
        { "smime-unsigned", "there is no signature of the Presence Server's inside [RFC 3261 §23.4.2]" },
        { "smime-differs", "the tunnelled message was made for another one [RFC 3261 §23.4.2]" },
        { "secagree-mismatch", "the list that SM7 repeats is not the one of SM6 [TS 33.203 §7.2]" },
        { "access-bad-mac", "its MAC-I is not made with the integrity key [TS 33.102 §6.5]" },
        { "radio-clear", "it comes in the clear on a link that is ciphered" },
        { "radio-undecipherable", "under the link's key it makes no sense" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
        if (strcmp(reasons[i][0], cause) == 0)
            return reasons[i][1];
    return NULL;
}

static char *drop_sentence(const TraceRecord *r, const char *node)
{
    const char *reason = narrate_drop_reason(r->drop.cause);
    return reason ? g_strdup_printf("%s discards what came: %s", node, reason) : NULL;
}

/* ---- attackers ---- */

/* A message is named by what its start line says of it: "a PUBLISH for sip:alice...", "the answer 401 Unauthorized". */
static char *start_line_text(const TraceRecord *r)
{
    g_auto(GStrv) words = g_strsplit(r->learn.text, " ", 3);
    bool request = strcmp(r->learn.what, "request") == 0;
    if (!words[0] || !words[1])
        return g_strdup(r->learn.text);
    if (!request)
        return g_strdup_printf("the answer %s", words[2] ? r->learn.text + strlen("SIP/2.0 ") : r->learn.text);
    bool address = strchr(words[1], '[') != NULL; /* says nothing to a reader */
    return g_strdup_printf("%s %s%s%s", strchr("AEIO", words[0][0]) ? "an" : "a", words[0], address ? "" : " for ",
                           address ? "" : words[1]);
}

static char *learned_text(const TraceRecord *r)
{
    const char *text = r->learn.text, *who = r->learn.attacker;
    bool message = strcmp(r->learn.what, "request") == 0 || strcmp(r->learn.what, "response") == 0;
    if (!message)
        return g_str_has_prefix(text, r->learn.what)
                   ? g_strdup_printf("%s now has a %s: %s", who, text, r->learn.how)
                   : g_strdup_printf("%s now has %s: %s, %s", who, r->learn.what, text, r->learn.how);
    g_autofree char *line = start_line_text(r);
    return g_strdup_printf("%s reads %s: %s", who, line, r->learn.how);
}

/* Most rules write their own sentence; this one writes who wants what, and what the rules of the presentity say. */
static char *decision_text(const TraceRecord *r, const char *node)
{
    if (strcmp(r->decision.rule, "ps-authorizes") != 0)
        return NULL;
    return g_strdup_printf("%s decides by the presentity's rules: %s [%s]", node, r->decision.text, r->decision.clause);
}

char *narrate_state(const TraceRecord *record, const char *node)
{
    switch (record->kind) {
    case TRACE_CIPHER: return cipher_text(record);
    case TRACE_SA: return sa_text(record, node);
    case TRACE_TLS: return tls_text(record, node);
    case TRACE_REGISTRATION: return registration_text(record, node);
    case TRACE_SUBSCRIPTION: return subscription_text(record, node);
    case TRACE_PUBLICATION: return publication_text(record, node);
    case TRACE_OUTCOME: return outcome_text(record, node);
    case TRACE_DROP: return drop_sentence(record, node);
    case TRACE_LEARN: return learned_text(record);
    case TRACE_DECISION: return decision_text(record, node);
    case TRACE_DISPLAY:
    case TRACE_MOVE:
    case TRACE_SEND:
    case TRACE_RECEIVE:
    case TRACE_FRAME:
    case TRACE_N_KINDS: break;
    }
    return NULL;
}
