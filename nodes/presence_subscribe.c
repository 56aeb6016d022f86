/*
 * nodes/presence_subscribe.c - SUBSCRIBE: new subscriptions, refreshes, the end of them, and who may.
 *
 * Source:  RFC 3265 §3.1.6, RFC 3856 §6, RFC 3857 §4.6; RFC 5025 §3.2.1; SA3 discussion paper §2 (S3): the presentity's
 * Subscription Authorization Policy decides whether notifications may go out unprotected.
 */
#include "nodes/presence_private.h"

typedef struct Subscribe {
    Presence *presence;
    SipServerTx *tx;
    const SipMsg *msg;
    Presentity *presentity;
    Identity identity;
    SipEvent event;
    Package package;
    bool indicated;
    int64_t seconds;
    RulesDecision decision;
} Subscribe;

/* --- who may --- */

static const char *name_of(const Identity *identity)
{
    return identity->n > 0 ? identity->uri[0] : "nobody known";
}

/* One trace record for each authorization; true: refused. */
static bool refused(Presentity *presentity, const char *watcher, const RulesDecision *decision)
{
    Presence *presence = presentity->presence;
    if (decision->withheld && decision->handling != RULES_BLOCK) {
        trace_decision(presence->sim, presence->config.name, "ps-denies-clear", "SA3 discussion paper §2 (S3)",
                       "refuses %s to watch %s: no clear notifications, and the watcher's leg is not indicated as "
                       "protected",
                       watcher, presentity->uri);
        return true;
    }
    trace_decision(presence->sim, presence->config.name, "ps-authorizes", "RFC 5025 §3.2.1", "%s to watch %s: %s",
                   watcher, presentity->uri,
                   presentity->rules != NULL ? rules_handling_name(decision->handling) : "allow, there are no rules");
    return decision->handling == RULES_BLOCK;
}

/* Watcher information is for the presentity herself, RFC 3857 §4.6. */
static bool may_watch_watchers(const Subscribe *subscribe)
{
    Presence *presence = subscribe->presence;
    bool may = presence_identity_is(&subscribe->identity, subscribe->presentity->uri);
    trace_decision(presence->sim, presence->config.name, "ps-authorizes-winfo", "RFC 3857 §4.6",
                   "%s %s the watchers of %s", may ? "shows" : "does not show", name_of(&subscribe->identity),
                   subscribe->presentity->uri);
    return may;
}

static bool may_subscribe(Subscribe *subscribe)
{
    Presence *presence = subscribe->presence;
    if (subscribe->identity.n == 0) {
        trace_decision(presence->sim, presence->config.name, "ps-needs-identity", "RFC 3325 §5",
                       "refuses SUBSCRIBE to %s: nobody asserts who sent it", subscribe->presentity->uri);
        return false;
    }
    if (presence_lacks_indication(presence, subscribe->msg, name_of(&subscribe->identity), subscribe->indicated))
        return false;
    if (subscribe->package == PACKAGE_WINFO)
        return may_watch_watchers(subscribe);
    presence_evaluate_identity(subscribe->presentity, &subscribe->identity, subscribe->indicated, &subscribe->decision);
    return !refused(subscribe->presentity, name_of(&subscribe->identity), &subscribe->decision);
}

/* --- policy for those who are there --- */

static void reject(Subscription *sub)
{
    bool has_dialog = sub->has_dialog && sub->state != SUB_WAITING;
    sub_go(sub, SUB_TERMINATED, WINFO_REJECTED);
    sub->unsubscribed = true;
    if (has_dialog)
        sub_notify_at_once(sub);
}

static void settle(Subscription *sub, RulesHandling handling)
{
    if (handling == RULES_CONFIRM) {
        if (sub->state != SUB_ACTIVE)
            return;
        sub_go(sub, SUB_PENDING, WINFO_SUBSCRIBE);
        sub_notify(sub, true);
    } else if (sub->state == SUB_ACTIVE) {
        sub_notify(sub, false);
    } else {
        sub_go(sub, sub->state == SUB_WAITING ? SUB_TERMINATED : SUB_ACTIVE, WINFO_APPROVED);
        if (sub->state == SUB_ACTIVE)
            sub_notify(sub, true);
    }
}

/* False: the subscription is rejected now. */
static bool apply_policy(Subscription *sub)
{
    RulesDecision decision;
    const PresencePolicy *policy = &sub->presentity->presence->config.policy;

    presence_evaluate(sub, &decision);
    if (refused(sub->presentity, sub_z(sub, SUB_WATCHER), &decision) ||
        (policy->requires_indication && !sub->indicated)) {
        reject(sub);
        return false;
    }
    settle(sub, decision.handling);
    return true;
}

void presence_reconsider(Subscription *sub)
{
    apply_policy(sub);
}

void presence_reauthorize(Presentity *presentity)
{
    for (Subscription *sub = presentity->watchers.first; sub != NULL; sub = sub->next)
        if (sub->state != SUB_TERMINATED)
            apply_policy(sub);
    sub_reap(presentity);
}

/* --- the answer --- */

static void respond_accepted(const Subscribe *subscribe, const Subscription *sub)
{
    Presence *presence = subscribe->presence;
    SmimeBody body = { .octets = TEXT_NONE };
    bool has_body = presence_smime_answer(presence, subscribe->msg, &body);
    size_t room = subscribe->msg->all.len + 512 + body.octets.len;
    char *octets = sim_alloc(presence->sim, room);
    SipWriter w;

    sip_write_init(&w, octets, room);
    bool decided = sub->state == SUB_ACTIVE || (sub->state == SUB_TERMINATED && sub->event == WINFO_TIMEOUT);
    sip_reply_start(&w, subscribe->msg, decided ? 200 : 202, TEXT_NONE, sub_text(sub, SUB_LOCAL_TAG));
    sip_write_header_uint(&w, "Expires", (uint64_t)subscribe->seconds);
    sip_write_start(&w, "Contact");
    sip_write_z(&w, "<sip:");
    sip_write_z(&w, presence->config.domain);
    sip_write_z(&w, ">");
    sip_write_crlf(&w);
    if (has_body) {
        sip_write_header(&w, "Content-Type", text_from(body.type));
        sip_write_header(&w, "Content-Disposition", text_from(body.disposition));
    }
    size_t len = sip_write_end(&w, body.octets);
    g_assert(len > 0);
    sip_respond(subscribe->tx, octets, len);
}

/* --- a new subscription --- */

/* RFC 3857 §4.7.1: the same watcher subscribes again, the one that waited for a decision is redundant. */
static void give_up_waiting(const Subscribe *subscribe)
{
    if (subscribe->presentity->n_waiting == 0)
        return;
    for (Subscription *sub = subscribe->presentity->watchers.first; sub != NULL; sub = sub->next)
        if (sub->state == SUB_WAITING && presence_identity_is(&subscribe->identity, sub_z(sub, SUB_WATCHER)))
            sub_go(sub, SUB_TERMINATED, WINFO_GIVEUP);
    sub_reap(subscribe->presentity);
}

static Text unless_same(Text text, const char *known)
{
    return text_is(text, known) ? TEXT("") : text;
}

static Subscription *create(const Subscribe *subscribe)
{
    const SipMsg *msg = subscribe->msg;
    Sim *sim = subscribe->presence->sim;
    g_autofree char *routes = routing_join(msg, SIP_H_RECORD_ROUTE, ",");
    SipNameAddr from, to, contact;
    SipCseq cseq;

    if (!sip_nameaddr(msg, SIP_H_FROM, &from) || !sip_nameaddr(msg, SIP_H_TO, &to) || !sip_cseq(msg, &cseq) ||
        !sip_nameaddr(msg, SIP_H_CONTACT, &contact) || contact.star)
        return NULL;
    const char *tag = routing_token(sim, subscribe->presence->config.name, msg,
                                    sim_text(sim, "tag " TEXT_FMT, TEXT_ARG(from.tag)), PRESENCE_TAG_LEN);
    Text texts[SUB_N_TEXTS] = { [SUB_CALL_ID] = sip_value(msg, SIP_H_CALL_ID),
                                [SUB_LOCAL_TAG] = text_from(tag),
                                [SUB_REMOTE_TAG] = from.tag,
                                [SUB_EVENT_ID] = subscribe->event.id,
                                [SUB_WATCHER] = text_from(subscribe->identity.uri[0]),
                                [SUB_WATCHER_2] =
                                    text_from(subscribe->identity.n > 1 ? subscribe->identity.uri[1] : ""),
                                [SUB_FROM] = unless_same(from.uri, subscribe->identity.uri[0]),
                                [SUB_TO] = unless_same(to.uri, subscribe->presentity->uri),
                                [SUB_TARGET] = contact.uri };
    Subscription *sub = sub_new(subscribe->presentity, subscribe->package, texts, routes);
    sub->remote_cseq = cseq.number;
    sub->anonymous = subscribe->identity.anonymous;
    sub->indicated = subscribe->indicated;
    return sub;
}

/* RFC 3857 §4.7.2: a fetch comes and goes unseen, unless it waits for a decision. */
static void begin(const Subscribe *subscribe, Subscription *sub)
{
    bool pending = subscribe->package == PACKAGE_PRESENCE && subscribe->decision.handling == RULES_CONFIRM;
    sub->fetch = subscribe->seconds == 0;
    sub->transient = sub->fetch && !pending;
    sub->full = subscribe->package == PACKAGE_WINFO;
    sub_go(sub, pending ? SUB_PENDING : SUB_ACTIVE, WINFO_SUBSCRIBE);
    if (sub->fetch)
        sub_go(sub, pending ? SUB_WAITING : SUB_TERMINATED, WINFO_TIMEOUT);
    else
        sub_set_expiry(sub, subscribe->seconds);
}

/* The method and the credentials that the Subscription Authorization Policy names; watchers alone need them.  False: he
 * was answered. */
static bool proves_himself(Subscribe *subscribe, const char *watcher)
{
    bool anonymous = false;
    if (!subscribe->presence->config.policy.asks_password || subscribe->package != PACKAGE_PRESENCE)
        return true;
    if (!presence_password(subscribe->presence, subscribe->tx, subscribe->msg, watcher, &anonymous))
        return false;
    subscribe->identity.anonymous |= anonymous; /* AT-38: known to nobody, whatever the network asserts */
    return true;
}

static void subscribe_new(Subscribe *subscribe)
{
    subscribe->presentity = presence_presentity(subscribe->presence, subscribe->msg->uri);
    if (subscribe->presentity == NULL) {
        sip_respond_status(subscribe->tx, 404, NULL, NULL);
        return;
    }
    /* RFC 3261 §8.2.2.2: the same request by another way */
    Subscription *same = sub_find(subscribe->presence, sip_value(subscribe->msg, SIP_H_CALL_ID), TEXT_NONE,
                                  sip_tag(subscribe->msg, SIP_H_FROM));
    SipCseq cseq;
    if (same != NULL && sip_cseq(subscribe->msg, &cseq) && cseq.number <= same->remote_cseq) {
        sip_respond_status(subscribe->tx, 482, NULL, NULL);
        return;
    }
    subscribe->indicated = presence_indicated(subscribe->msg, false);
    const char *watcher = subscribe->identity.uri[0];
    if (subscribe->identity.n > 0 &&
        (!proves_himself(subscribe, watcher) ||
         !presence_smime_subscribe(subscribe->presence, subscribe->tx, subscribe->msg, watcher)))
        return;
    if (!may_subscribe(subscribe)) {
        sip_respond_status(subscribe->tx, 403, NULL, NULL);
        return;
    }
    Subscription *sub = create(subscribe);
    if (sub == NULL) {
        sip_respond_status(subscribe->tx, 400, NULL, NULL);
        return;
    }
    if (subscribe->package == PACKAGE_PRESENCE)
        give_up_waiting(subscribe);
    begin(subscribe, sub);
    respond_accepted(subscribe, sub);
    sub_notify_at_once(sub);
}

/* --- in a dialog --- */

/* RFC 3261 §12.2.2 and the asserted identity, where there is one, of the one who subscribed. */
static unsigned check_in_dialog(const Subscribe *subscribe, const Subscription *sub)
{
    SipCseq cseq;
    if (sub == NULL || sub->state == SUB_TERMINATED || sub->state == SUB_WAITING ||
        sub->package != subscribe->package || !text_is(subscribe->event.id, sub_z(sub, SUB_EVENT_ID)))
        return 481;
    if (!sip_cseq(subscribe->msg, &cseq) || cseq.number <= sub->remote_cseq)
        return 500;
    if (subscribe->identity.n > 0 && !subscribe->presence->config.policy.trusts_from &&
        !presence_identity_is(&subscribe->identity, sub_z(sub, SUB_WATCHER)))
        return 403;
    return 0;
}

static void take_over(const Subscribe *subscribe, Subscription *sub)
{
    SipCseq cseq;
    SipNameAddr contact;

    if (sip_cseq(subscribe->msg, &cseq))
        sub->remote_cseq = cseq.number;
    if (sip_nameaddr(subscribe->msg, SIP_H_CONTACT, &contact) && !contact.star &&
        !text_is(contact.uri, sub_z(sub, SUB_TARGET)))
        sub_set_text(sub, SUB_TARGET, contact.uri);
    sub->anonymous |= subscribe->identity.anonymous;
    sub->indicated = presence_indicated(subscribe->msg, sub->indicated);
}

static void unsubscribe(const Subscribe *subscribe, Subscription *sub)
{
    sub->unsubscribed = true;
    sub_go(sub, sub->state == SUB_PENDING ? SUB_WAITING : SUB_TERMINATED, WINFO_TIMEOUT);
    respond_accepted(subscribe, sub);
    sub_notify_at_once(sub);
}

static void subscribe_again(Subscribe *subscribe)
{
    const SipMsg *msg = subscribe->msg;
    Subscription *sub =
        sub_find(subscribe->presence, sip_value(msg, SIP_H_CALL_ID), sip_tag(msg, SIP_H_TO), sip_tag(msg, SIP_H_FROM));
    unsigned status = check_in_dialog(subscribe, sub);
    if (status != 0) {
        sip_respond_status(subscribe->tx, status, status == 481 ? "Subscription Does Not Exist" : NULL, NULL);
        return;
    }
    if (!proves_himself(subscribe, sub_z(sub, SUB_WATCHER)) ||
        !presence_smime_subscribe(subscribe->presence, subscribe->tx, msg, sub_z(sub, SUB_WATCHER)))
        return;
    take_over(subscribe, sub);
    if (subscribe->seconds == 0) {
        unsubscribe(subscribe, sub);
        return;
    }
    if (sub->package == PACKAGE_PRESENCE && !apply_policy(sub)) {
        sip_respond_status(subscribe->tx, 403, NULL, NULL);
        return;
    }
    sub->full = sub->package == PACKAGE_WINFO;
    sub_set_expiry(sub, subscribe->seconds);
    respond_accepted(subscribe, sub);
    sub_notify_at_once(sub);
}

/* --- SUBSCRIBE --- */

static bool read_event(Subscribe *subscribe)
{
    if (!sip_event(subscribe->msg, &subscribe->event))
        return false;
    if (!text_present(subscribe->event.id))
        subscribe->event.id = TEXT("");
    subscribe->package = text_is(subscribe->event.package, "presence.winfo") ? PACKAGE_WINFO : PACKAGE_PRESENCE;
    return subscribe->package == PACKAGE_WINFO || text_is(subscribe->event.package, "presence");
}

/* RFC 3265 §3.1.6.1: 406 when the watcher cannot take our only format. */
static bool accepts(const SipMsg *msg, const char *subtype)
{
    SipValues it;
    Text value;
    SipMediaType type;

    if (!sip_has(msg, SIP_H_ACCEPT))
        return true;
    for (sip_values(&it, msg, SIP_H_ACCEPT); sip_values_next(&it, &value);)
        if (sip_media_type_decode(value, &type) &&
            (text_is(type.type, "*") || text_is_nocase(type.type, "application")) &&
            (text_is(type.subtype, "*") || text_is_nocase(type.subtype, subtype)))
            return true;
    return false;
}

void presence_subscribe(Presence *presence, SipServerTx *tx, const SipMsg *msg)
{
    Subscribe subscribe = { .presence = presence, .tx = tx, .msg = msg };

    if (!read_event(&subscribe)) {
        sip_respond_status(tx, 489, NULL, "Allow-Events: presence, presence.winfo\r\n");
        return;
    }
    if (!accepts(msg, subscribe.package == PACKAGE_WINFO ? "watcherinfo+xml" : "pidf+xml")) {
        sip_respond_status(tx, 406, NULL, NULL);
        return;
    }
    presence_identify(presence, msg, &subscribe.identity);
    subscribe.seconds = MIN(sip_expires(msg, NULL, PRESENCE_EXPIRES), PRESENCE_EXPIRES_MAX);
    if (text_present(sip_tag(msg, SIP_H_TO)))
        subscribe_again(&subscribe);
    else
        subscribe_new(&subscribe);
}
