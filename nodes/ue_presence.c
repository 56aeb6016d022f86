/*
 * nodes/ue_presence.c - watching and messages at the UE: SUBSCRIBE, NOTIFY, MESSAGE, and the guards of options
 * 1 and 2.
 *
 * Source:  RFC 3265/6665, RFC 3856, RFC 3857, RFC 3428; TS 24.141.
 */
#include "nodes/ue_internal.h"
#include "nodes/msg/mime.h"
#include "nodes/msg/pidf.h"
#include "nodes/msg/sip_fields.h"
#include "nodes/msg/winfo.h"

enum { CHALLENGES_MAX = 3 /* in a row: somebody who calls every nonce stale is not obeyed for ever */ };
#define LAST_NOTIFY_WAIT (128 * SIM_SEC) /* 64 * T1: RFC 6665 §4.1.2.4, timer N */

/* --- guards --- */

bool ue_may_use_presence(Ue *ue, const char *action, const char *target)
{
    Modem *modem = ue->config.modem;
    const char *why = NULL;

    if (ue->state != UE_REGISTERED && !ue_has_hop(ue))
        why = "not registered";
    else if (ue->config.policy.release < 6 || ue_hop_encrypted(ue))
        return true;
    else
        switch (ue->config.policy.guard) {
        case UE_GUARD_NONE: return true;
        case UE_GUARD_ENCRYPTED: why = "no presence without encryption to the P-CSCF"; break;
        case UE_GUARD_ACCESS_TYPE:
            why = modem_label_ciphers(modem) ? NULL : "no presence on an access of a type that does not cipher";
            break;
        case UE_GUARD_CIPHER_STATE:
            why = modem_ciphered(modem) ? NULL : "no presence while the radio link is not ciphered";
            break;
        }
    if (why == NULL)
        return true;
    trace_decision(ue->sim, ue->config.name, "ue-guard", "SA3 discussion paper §2, options 1 and 2 (S3)",
                   "refuses to %s: %s", action, why);
    ue_outcome(ue, action, target, 0, why);
    return false;
}

/* --- watching --- */

static void subscription_free(Ue *ue, UeSubscription *sub)
{
    sim_cancel(ue->sim, sub->refresh);
    if (sub->tx != NULL)
        sip_client_forget(sub->tx);
    g_free(sub->presentity);
    g_free(sub->package);
    g_free(sub->call_id);
    g_free(sub->local_tag);
    g_free(sub->remote_tag);
    g_free(sub->target);
    g_free(sub->routes);
    g_free(sub);
}

void ue_presence_clear(Ue *ue)
{
    for (guint i = 0; i < ue->subscriptions->len; i++)
        subscription_free(ue, ue->subscriptions->pdata[i]);
    g_ptr_array_set_size(ue->subscriptions, 0);
    ue_publish_clear(ue);
    ue_smime_clear(ue);
}

/* Out, unless its SUBSCRIBE is still to be answered: then with the answer. */
static void subscription_end(Ue *ue, UeSubscription *sub)
{
    sub->ended = true;
    if (sub->tx != NULL)
        return;
    g_ptr_array_remove(ue->subscriptions, sub);
    subscription_free(ue, sub);
}

static UeSubscription *find_subscription(Ue *ue, const char *presentity, const char *package)
{
    for (guint i = 0; i < ue->subscriptions->len; i++) {
        UeSubscription *sub = ue->subscriptions->pdata[i];
        if (!sub->ended && strcmp(sub->presentity, presentity) == 0 && strcmp(sub->package, package) == 0)
            return sub;
    }
    return NULL;
}

/* The dialog of a NOTIFY: its Call-ID, and our tag in its To.  It may come before the answer to SUBSCRIBE (RFC 3265
 * §3.1.4.4). */
static UeSubscription *find_dialog(Ue *ue, const SipMsg *msg)
{
    Text call_id = sip_value(msg, SIP_H_CALL_ID), tag = sip_tag(msg, SIP_H_TO);
    for (guint i = 0; i < ue->subscriptions->len; i++) {
        UeSubscription *sub = ue->subscriptions->pdata[i];
        if (!sub->ended && text_is(call_id, sub->call_id) && text_is(tag, sub->local_tag) &&
            (sub->remote_tag == NULL || text_is(sip_tag(msg, SIP_H_FROM), sub->remote_tag)))
            return sub;
    }
    return NULL;
}

static void send_subscribe(Ue *ue, UeSubscription *sub);

/* Its time is up, or no NOTIFY ended what was unsubscribed. */
static void on_refresh(Sim *sim, void *ctx, uint64_t arg)
{
    Ue *ue = ctx;
    UeSubscription *sub = GSIZE_TO_POINTER(arg);
    sub->refresh = 0;
    if (sub->seconds > 0 && ue_has_hop(ue) && sim_now(sim) < sub->expires_at &&
        ue_may_use_presence(ue, "subscribe", sub->presentity))
        send_subscribe(ue, sub);
    else
        subscription_end(ue, sub);
}

static void refresh_in(Ue *ue, UeSubscription *sub, SimTime delay)
{
    sim_cancel(ue->sim, sub->refresh);
    sub->refresh =
        sim_after(ue->sim, net_host_source(ue->host), delay, on_refresh, ue, (uint64_t)GPOINTER_TO_SIZE(sub));
}

static void learn_dialog(UeSubscription *sub, const SipMsg *response)
{
    SipNameAddr contact;
    Text tag = sip_tag(response, SIP_H_TO);

    if (sub->remote_tag == NULL && text_present(tag))
        sub->remote_tag = text_dup(tag);
    if (sip_nameaddr(response, SIP_H_CONTACT, &contact)) {
        g_free(sub->target);
        sub->target = text_dup(contact.uri);
    }
    if (sub->routes != NULL || !sip_has(response, SIP_H_RECORD_ROUTE))
        return;
    /* RFC 3261 §12.1.2: the route set is Record-Route reversed; the topmost of ours is the P-CSCF, which the UE writes
     * itself */
    g_autoptr(GString) routes = g_string_new(NULL);
    SipValues it;
    Text value;
    for (sip_values(&it, response, SIP_H_RECORD_ROUTE); sip_values_next(&it, &value);) {
        g_string_prepend(routes, routes->len > 0 ? "," : "");
        g_string_prepend_len(routes, value.p, value.len);
    }
    const char *rest = strchr(routes->str, ',');
    sub->routes = g_strdup(rest != NULL ? rest + 1 : "");
}

static UeSubscription *subscription_of(Ue *ue, const SipClientTx *tx)
{
    for (guint i = 0; tx != NULL && i < ue->subscriptions->len; i++) {
        UeSubscription *sub = ue->subscriptions->pdata[i];
        if (sub->tx == tx)
            return sub;
    }
    return NULL;
}

static void on_granted(Ue *ue, UeSubscription *sub, const SipMsg *response)
{
    uint32_t granted = sip_expires(response, NULL, (uint32_t)sub->seconds);

    learn_dialog(sub, response);
    if (granted == 0 || sub->seconds == 0) { /* the last NOTIFY is to come, RFC 6665 §4.4.1 */
        sub->seconds = 0;
        refresh_in(ue, sub, LAST_NOTIFY_WAIT);
        return;
    }
    ue->counters.subscribed++;
    sub->expires_at = sim_now(ue->sim) + (SimTime)granted * SIM_SEC;
    refresh_in(ue, sub, (SimTime)granted * SIM_SEC / 2);
}

/* A new dialog for what is not known there any more, RFC 6665 §4.1.2.2. */
static void start_again(Ue *ue, UeSubscription *sub)
{
    g_clear_pointer(&sub->remote_tag, g_free);
    g_clear_pointer(&sub->target, g_free);
    g_clear_pointer(&sub->routes, g_free);
    g_free(sub->call_id);
    sub->call_id = g_strdup(sip_token(ue->endpoint, 16));
    sub->has_remote_cseq = false;
    sub->expires_at = 0;
    send_subscribe(ue, sub);
}

/* A refresh that fails leaves the subscription as it was, but for 481 (RFC 6665 §4.1.2.2). */
static void on_refused(Ue *ue, UeSubscription *sub, const SipMsg *response)
{
    SimTime left = sub->expires_at - sim_now(ue->sim);
    uint32_t least;

    if (response != NULL && response->status == 481 && left > 0 && sub->seconds > 0)
        start_again(ue, sub);
    else if (response != NULL && response->status == 423 && sip_number(response, SIP_H_MIN_EXPIRES, &least) &&
             sub->seconds > 0 && least > sub->seconds) {
        sub->seconds = least;
        send_subscribe(ue, sub);
    } else if ((response == NULL || response->status == 408 || response->status >= 500) && sub->seconds > 0 &&
               left > 60 * SIM_SEC)
        refresh_in(ue, sub, left / 2);
    else
        subscription_end(ue, sub);
}

static void on_subscribed(void *ctx, SipClientTx *tx, const SipMsg *response, const char *why)
{
    Ue *ue = ctx;
    UeSubscription *sub = subscription_of(ue, tx);

    if (response != NULL && response->status < 200)
        return;
    if (sub == NULL) { /* it could not even be sent */
        ue_outcome(ue, "subscribe", "", -1, why);
        return;
    }
    sub->tx = NULL;
    if (response != NULL) {
        ue_heard(ue, sip_client_response_flow(tx)->sa);
        ue_smime_learn(ue, response);
        if (response->status == 401 && !sub->ended && sub->asked < CHALLENGES_MAX &&
            ue_password_challenged(ue, response, sub->proved)) {
            sub->asked++;
            send_subscribe(ue, sub);
            return;
        }
    }
    sub->asked = 0;
    ue_outcome(ue, "subscribe", sub->presentity, response != NULL ? (int)response->status : -1,
               response != NULL ? sim_text(ue->sim, TEXT_FMT, TEXT_ARG(response->reason)) : why);
    if (sub->ended)
        subscription_end(ue, sub);
    else if (response != NULL && response->status < 300)
        on_granted(ue, sub, response);
    else
        on_refused(ue, sub, response);
}

static SipWriter subscribe_lines(Ue *ue, const UeSubscription *sub)
{
    SipWriter w = ue_writer(ue);
    const char *type = strcmp(sub->package, "presence") == 0 ? PIDF_MIME : WINFO_MIME;

    ue_write_contact(ue, &w, ue->tls.registered);
    sip_write_crlf(&w);
    sip_write_header(&w, "Event", text_from(sub->package));
    sip_write_header_uint(&w, "Expires", (uint64_t)sub->seconds);
    sip_write_start(&w, "Accept");
    sip_write_z(&w, type);
    if (ue_uses_smime(ue))
        sip_write_z(&w, ", " MIME_PKCS7);
    sip_write_crlf(&w);
    return w;
}

static const char *subscribe_uri(const UeSubscription *sub)
{
    return sub->target != NULL ? sub->target : sub->presentity;
}

/* May end @sub: it is not to go without the Presence Server's certificate. */
static void send_subscribe(Ue *ue, UeSubscription *sub)
{
    UeWay way = ue_smime_way(ue, SIP_SUBSCRIBE, false, "subscribe", sub->presentity);

    sub->waits = way == UE_WAY_WAIT;
    if (way == UE_WAY_REFUSED)
        subscription_end(ue, sub);
    if (way == UE_WAY_REFUSED || way == UE_WAY_WAIT)
        return;
    UeRequest request = { .method = SIP_SUBSCRIBE,
                          .uri = subscribe_uri(sub),
                          .to = sub->presentity,
                          .to_tag = sub->remote_tag,
                          .from_tag = sub->local_tag,
                          .call_id = sub->call_id,
                          .cseq = ++sub->cseq,
                          .routes = sub->routes };
    if (sub->tx != NULL) /* its answer no longer matters */
        sip_client_forget(sub->tx);
    SipWriter lines = subscribe_lines(ue, sub);
    sub->proved = ue_password_write(ue, &lines, subscribe_uri(sub));
    sub->tx = ue_smime_send(ue, way, &request, &lines, NULL, TEXT_NONE, on_subscribed, ue);
}

void ue_presence_resume(Ue *ue)
{
    for (guint i = 0; i < ue->subscriptions->len;) {
        UeSubscription *sub = ue->subscriptions->pdata[i];
        if (sub->waits)
            send_subscribe(ue, sub);
        if (i < ue->subscriptions->len && ue->subscriptions->pdata[i] == sub) /* it may have ended */
            i++;
    }
}

static void subscribe(Ue *ue, const char *presentity, const char *package, int64_t seconds)
{
    if (!ue_may_use_presence(ue, "subscribe", presentity))
        return;
    UeSubscription *sub = find_subscription(ue, presentity, package);
    if (sub == NULL) {
        sub = g_new0(UeSubscription, 1);
        sub->presentity = g_strdup(presentity);
        sub->package = g_strdup(package);
        sub->call_id = g_strdup(sip_token(ue->endpoint, 16));
        sub->local_tag = g_strdup(sip_token(ue->endpoint, 8));
        g_ptr_array_add(ue->subscriptions, sub);
    }
    sub->seconds = seconds;
    send_subscribe(ue, sub);
}

void ue_subscribe(Ue *ue, const char *presentity, int64_t seconds)
{
    subscribe(ue, presentity, "presence", seconds);
}

void ue_watch_watchers(Ue *ue, int64_t seconds)
{
    subscribe(ue, ue_default_impu(ue), "presence.winfo", seconds);
}

void ue_unsubscribe(Ue *ue, const char *presentity)
{
    UeSubscription *sub = find_subscription(ue, presentity, "presence");
    if (sub == NULL || !ue_may_use_presence(ue, "unsubscribe", presentity))
        return;
    sim_cancel(ue->sim, sub->refresh);
    sub->seconds = 0;
    send_subscribe(ue, sub);
}

/* --- messages --- */

static void on_messaged(void *ctx, SipClientTx *tx, const SipMsg *response, const char *why)
{
    Ue *ue = ctx;

    if (response != NULL)
        ue_heard(ue, sip_client_response_flow(tx)->sa);
    if (response == NULL)
        ue_outcome(ue, "message", "", -1, why);
    else if (response->status >= 200)
        ue_outcome(ue, "message", "", (int)response->status, sim_text(ue->sim, TEXT_FMT, TEXT_ARG(response->reason)));
}

void ue_message(Ue *ue, const char *to, const char *text)
{
    if (!ue_may_use_presence(ue, "message", to)) /* "most probably SIP based Instant Messaging also", S3 §2 */
        return;
    SipWriter w = ue_writer(ue);
    UeRequest request = { .method = SIP_MESSAGE,
                          .uri = to,
                          .to = to,
                          .from_tag = sip_token(ue->endpoint, 8),
                          .call_id = sip_token(ue->endpoint, 16),
                          .cseq = 1 };
    ue_request_begin(ue, &w, &request);
    ue_request_protected(ue, &w, &request);
    ue_request_send(ue, &w, "text/plain", text_from(text), on_messaged, ue);
}

/* --- what the network sends --- */

static void display(Ue *ue, const char *from, Text content)
{
    ue->counters.notified++;
    if (!trace_enabled(ue->sim))
        return;
    trace_add(ue->sim, &(TraceRecord){ .kind = TRACE_DISPLAY,
                                       .node = ue->config.name,
                                       .display = { .user = ue->config.name,
                                                    .from = from,
                                                    .content = sim_text(ue->sim, TEXT_FMT, TEXT_ARG(content)) } });
}

static void on_notify(Ue *ue, SipServerTx *tx, const SipMsg *msg)
{
    UeSubscription *sub = find_dialog(ue, msg);
    SipSubState state;
    SipEvent event;
    SipCseq cseq;
    Text document;
    const char *from;

    if (sub == NULL || !sip_subscription_state(msg, &state) || !sip_cseq(msg, &cseq)) {
        sip_respond_status(tx, 481, "Subscription Does Not Exist", NULL);
        return;
    }
    if (!sip_event(msg, &event) || !text_is(event.package, sub->package)) {
        sip_respond_status(tx, 489, "Bad Event", NULL);
        return;
    }
    if (sub->has_remote_cseq && cseq.number <= sub->remote_cseq) { /* RFC 3261 §12.2.2 */
        trace_drop(ue->sim, ue->config.name, "sip-old-cseq", "NOTIFY %u after %u", cseq.number, sub->remote_cseq);
        sip_respond_status(tx, 500, "Server Internal Error", NULL);
        return;
    }
    if (!ue_may_use_presence(ue, "notify", sub->presentity)) {
        sip_respond_status(tx, 481, "Subscription Does Not Exist", NULL);
        subscription_end(ue, sub);
        return;
    }
    if (!ue_smime_open(ue, tx, msg, sub, &document, &from))
        return;
    if (!text_is_utf8(document)) { /* XML 1.0 §2.2: nothing that could be shown */
        trace_drop(ue->sim, ue->config.name, "document-not-text", "a document of %s is not UTF-8", sub->presentity);
        sip_respond_status(tx, 400, "Bad Request", NULL);
        return;
    }
    sub->remote_cseq = cseq.number;
    sub->has_remote_cseq = true;
    if (sub->remote_tag == NULL)
        sub->remote_tag = text_dup(sip_tag(msg, SIP_H_FROM));
    sip_respond_status(tx, 200, "OK", NULL);
    if (document.len > 0)
        display(ue, from, document);
    ue_outcome(ue, "notify", sub->presentity, 200,
               sim_text(ue->sim, "%s%s", document.len > 0 ? "document, " : "no document, ",
                        sim_text(ue->sim, TEXT_FMT, TEXT_ARG(state.state))));
    if (state.kind == SIP_SUB_TERMINATED)
        subscription_end(ue, sub);
}

static void on_message(Ue *ue, SipServerTx *tx, const SipMsg *msg)
{
    SipNameAddr from;
    bool known = sip_nameaddr(msg, SIP_H_P_ASSERTED_IDENTITY, &from) || sip_nameaddr(msg, SIP_H_FROM, &from);
    sip_respond_status(tx, 200, "OK", NULL);
    display(ue, known ? sim_text(ue->sim, TEXT_FMT, TEXT_ARG(from.uri)) : "", msg->body);
}

void ue_presence_request(Ue *ue, SipServerTx *tx, const SipMsg *msg)
{
    switch (msg->method) {
    case SIP_NOTIFY: on_notify(ue, tx, msg); return;
    case SIP_MESSAGE: on_message(ue, tx, msg); return;
    case SIP_OPTIONS:
        if (ue_uses_smime(ue)) {
            ue_smime_options(ue, tx);
            return;
        }
        /* fall through */
    default: sip_respond_status(tx, 405, "Method Not Allowed", "Allow: NOTIFY, MESSAGE\r\n"); return;
    }
}
