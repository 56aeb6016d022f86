/*
 * nodes/presence_notify.c - NOTIFY: when, with what, along which route, and what its answer means.
 *
 * Source:  RFC 3265 §3.1.6.2, §3.2; RFC 3261 §12.2.1.1 (requests in a dialog); RFC 3856 §6.10, RFC 3857 §4.10 (rate).
 * Every NOTIFY leaves in an event of its own and waits for the answer to the one before, so that what is sent is always
 * the last state, and no watcher's messages depend on another's.
 */
#include "nodes/presence_private.h"
#include "nodes/msg/mime.h"

enum { NOTIFY_HEAD_MAX = 1024 /* what is not from the subscription's texts */ };

/* --- when --- */

static void on_due(Sim *sim, void *ctx, uint64_t arg);

static void schedule(Subscription *sub)
{
    Presence *presence = sub->presentity->presence;
    SimTime now = sim_now(presence->sim);

    if (sub->tx != NULL || !sub->has_dialog)
        return;
    sim_cancel(presence->sim, sub->notify);
    sub->notify = sim_at(presence->sim, net_host_source(presence->host), sub->at_once ? now : MAX(now, sub->not_before),
                         on_due, sub, 0);
}

void sub_notify(Subscription *sub, bool forced)
{
    sub->context = sim_context(sub->presentity->presence->sim);
    sub->due = true;
    sub->forced |= forced;
    schedule(sub);
}

void sub_notify_at_once(Subscription *sub)
{
    sub->at_once = true;
    sub_notify(sub, true);
}

static SimTime throttle(const Presence *presence)
{
    int64_t seconds = presence->config.policy.throttle_seconds;
    return seconds < 0 ? 0 : (seconds > 0 ? seconds : PRESENCE_THROTTLE) * SIM_SEC;
}

/* --- the answer --- */

/* RFC 3265 §3.2.2: no answer, or a refusal that names no time to come again, ends the subscription. */
static bool has_failed(const SipMsg *response)
{
    return response == NULL || (response->status >= 300 && !sip_has(response, SIP_H_RETRY_AFTER));
}

static void end_by_failure(Subscription *sub, const SipMsg *response, const char *why)
{
    Presence *presence = sub->presentity->presence;
    trace_decision(presence->sim, presence->config.name, "ps-ends-failed-subscription", "RFC 3265 §3.2.2",
                   "ends the subscription of %s: NOTIFY got %s", sub_z(sub, SUB_WATCHER),
                   response != NULL ? sim_text(presence->sim, "%u", response->status) : why);
    if (sub->state == SUB_PENDING)
        sub_go(sub, SUB_WAITING, WINFO_TIMEOUT);
    else if (sub->state == SUB_ACTIVE)
        sub_go(sub, SUB_TERMINATED, WINFO_TIMEOUT);
    sub_close_dialog(sub);
}

static bool is_over(const Subscription *sub)
{
    return sub->state == SUB_WAITING || sub->state == SUB_TERMINATED;
}

static void on_answer(void *ctx, SipClientTx *tx, const SipMsg *response, const char *why)
{
    Subscription *sub = ctx;

    if (response != NULL && response->status < 200)
        return;
    sub->tx = NULL;
    if (response != NULL && response->status == 493)
        presence_smime_undecipherable(sub);
    if (has_failed(response))
        end_by_failure(sub, response, why);
    else if (sub->due)
        schedule(sub);
    else if (is_over(sub))
        sub_close_dialog(sub);
}

/* --- the message --- */

static uint64_t remaining(const Subscription *sub)
{
    SimTime now = sim_now(sub->presentity->presence->sim);
    return sub->expires > now ? (uint64_t)((sub->expires - now) / SIM_SEC) : 0;
}

static void write_state(SipWriter *w, const Subscription *sub)
{
    sip_write_start(w, "Subscription-State");
    if (is_over(sub)) {
        sip_write_z(w, "terminated;reason=");
        sip_write_z(w, sub->event == WINFO_APPROVED ? "timeout" : winfo_event_name(sub->event)); /* approved too late */
    } else {
        sip_write_z(w, sub->state == SUB_ACTIVE ? "active;expires=" : "pending;expires=");
        sip_write_uint(w, remaining(sub));
    }
    sip_write_crlf(w);
}

static void write_party(SipWriter *w, const char *name, Text uri, Text tag)
{
    sip_write_start(w, name);
    sip_write_z(w, "<");
    sip_write_text(w, uri);
    sip_write_z(w, ">");
    if (tag.len > 0) {
        sip_write_z(w, ";tag=");
        sip_write_text(w, tag);
    }
    sip_write_crlf(w);
}

static Text or_else(Text text, const char *otherwise)
{
    return text.len > 0 ? text : text_from(otherwise);
}

static void write_event(SipWriter *w, const Subscription *sub)
{
    Text id = sub_text(sub, SUB_EVENT_ID);
    sip_write_start(w, "Event");
    sip_write_z(w, sub->package == PACKAGE_WINFO ? "presence.winfo" : "presence");
    if (id.len > 0) {
        sip_write_z(w, ";id=");
        sip_write_text(w, id);
    }
    sip_write_crlf(w);
}

/* What both ends of the dialog know; @from, @to: URIs. */
static void write_dialog(SipWriter *w, const Subscription *sub, Text from, Text to)
{
    write_party(w, "From", from, sub_text(sub, SUB_LOCAL_TAG));
    write_party(w, "To", to, sub_text(sub, SUB_REMOTE_TAG));
    sip_write_header(w, "Call-ID", sub_text(sub, SUB_CALL_ID));
    sip_write_start(w, "CSeq");
    sip_write_uint(w, sub->local_cseq);
    sip_write_z(w, " NOTIFY\r\n");
}

static void write_package(SipWriter *w, const Subscription *sub, bool dated)
{
    Presence *presence = sub->presentity->presence;
    char date[MIME_DATE_MAX];

    write_party(w, "Contact", text_from(sim_text(presence->sim, "sip:%s", presence->config.domain)), TEXT_NONE);
    if (dated) /* RFC 3261 §23.4.1 */
        sip_write_header(w, "Date", text_from(mime_date(sim_unix_time(presence->sim), date)));
    write_event(w, sub);
    write_state(w, sub);
}

static const char *type_of(const Subscription *sub)
{
    return sub->package == PACKAGE_WINFO ? WINFO_MIME : PIDF_MIME;
}

static size_t head_max(const Subscription *sub)
{
    size_t max = NOTIFY_HEAD_MAX + strlen(sub->routes);
    for (unsigned i = 0; i < SUB_N_TEXTS; i++)
        max += sub_text(sub, i).len + PRESENCE_URI_MAX;
    return max;
}

/* The NOTIFY that travels inside, with the parties' own names: RFC 3261 §23.4. */
static Text write_inner(const Subscription *sub, Text body)
{
    size_t cap = head_max(sub) + body.len;
    SipWriter w;

    sip_write_init(&w, sim_alloc(sub->presentity->presence->sim, cap), cap);
    sip_write_request_line(&w, TEXT("NOTIFY"), sub_text(sub, SUB_TARGET));
    write_dialog(&w, sub, text_from(sub->presentity->uri), sub_text(sub, SUB_WATCHER));
    write_package(&w, sub, true);
    if (body.len > 0)
        sip_write_header(&w, "Content-Type", text_from(type_of(sub)));
    size_t len = sip_write_end(&w, body);
    g_assert(len > 0);
    return text_of(w.out, len);
}

static size_t write_notify(const Subscription *sub, const SmimeBody *body, bool dated, char *out, size_t cap)
{
    SipWriter w;

    sip_write_init(&w, out, cap);
    sip_write_request_line(&w, TEXT("NOTIFY"), sub_text(sub, SUB_TARGET));
    sip_write_header_uint(&w, "Max-Forwards", 70);
    if (sub->routes[0] != '\0')
        sip_write_header(&w, "Route", text_from(sub->routes));
    write_dialog(&w, sub, or_else(sub_text(sub, SUB_TO), sub->presentity->uri),
                 or_else(sub_text(sub, SUB_FROM), sub_z(sub, SUB_WATCHER)));
    write_package(&w, sub, dated);
    if (body->octets.len > 0)
        sip_write_header(&w, "Content-Type", text_from(body->type));
    if (body->disposition != NULL)
        sip_write_header(&w, "Content-Disposition", text_from(body->disposition));
    return sip_write_end(&w, body->octets);
}

/* The first of the route set, else the Contact (RFC 3261 §12.2.1.1; every proxy here routes loosely). */
static bool next_hop(const Subscription *sub, SipFlow *to)
{
    SipValues it;
    Text value;
    SipNameAddr route;

    sip_values_text(&it, text_from(sub->routes));
    bool has_route = sip_values_next(&it, &value) && sip_nameaddr_decode(value, &route);
    return routing_resolve(sub->presentity->presence->config.directory,
                           has_route ? route.uri : sub_text(sub, SUB_TARGET), to);
}

/* False: there is no subscription any more. */
static bool send_notify(Subscription *sub, const SmimeBody *body, bool dated)
{
    Presence *presence = sub->presentity->presence;
    SipFlow to;

    if (!next_hop(sub, &to)) {
        end_by_failure(sub, NULL, "no route");
        return false;
    }
    size_t cap = head_max(sub) + body->octets.len;
    char *octets = sim_alloc(presence->sim, cap);
    size_t len = write_notify(sub, body, dated, octets, cap);
    if (len == 0 || len > SIP_MAX_OCTETS) {
        end_by_failure(sub, NULL, "too long");
        return false;
    }
    /* branches from the dialog, not from what else happens now */
    uint64_t key = table_hash(sub_z(sub, SUB_LOCAL_TAG), sub_text(sub, SUB_LOCAL_TAG).len, sub->link.hash);
    sip_endpoint_seed(presence->endpoint, key + sub->local_cseq);
    sub->not_before = sim_now(presence->sim) + throttle(presence);
    sub->tx = sip_send_request(presence->endpoint, &to, octets, len, false, on_answer, sub);
    return true;
}

/* One more NOTIFY with @document, or none.  False as above. */
static bool notify(Subscription *sub, NotifyWay way, Text document)
{
    SmimeBody body = { .type = type_of(sub), .octets = document };
    bool tunnel = way == NOTIFY_PROTECTED && sub->presentity->presence->config.smime.mode == SMIME_TUNNEL;

    sub->local_cseq++;
    if (way != NOTIFY_PROTECTED)
        return send_notify(sub, &body, false);
    document = presence_smime_short(document);
    Text inner = tunnel ? write_inner(sub, document) : TEXT_NONE;
    if (!presence_smime_protect(sub, inner, text_from(body.type), document, &body)) {
        end_by_failure(sub, NULL, "no S/MIME for the watcher's key");
        return false;
    }
    return send_notify(sub, &body, tunnel);
}

/* --- with what --- */

static Text presence_body(Subscription *sub, LogKind *kind)
{
    RulesDecision decision;

    presence_evaluate(sub, &decision);
    if (!sub->unsubscribed && (sub->state == SUB_ACTIVE || (sub->fetch && sub->state == SUB_TERMINATED)))
        return presence_document(sub, &decision, kind);
    return TEXT_NONE;
}

static void send_presence(Subscription *sub, bool forced)
{
    LogKind kind;
    Text body = presence_body(sub, &kind);
    NotifyWay way = presence_smime_way(sub, body.len > 0);

    if (way == NOTIFY_HOLD)
        return;
    if (way == NOTIFY_WITHOUT)
        body = TEXT_NONE;
    uint64_t hash = body.len > 0 ? table_hash(body.p, body.len, 0) : 0;
    if (!forced && hash == sub->sent_body)
        return;
    sub->sent_body = hash;
    if (notify(sub, way, body) && body.len > 0)
        presence_log_add(sub, kind, body.len);
}

static void send_winfo(Subscription *sub, bool forced)
{
    NotifyWay way = presence_smime_way(sub, !sub->unsubscribed);
    Text body = TEXT_NONE;

    if (way == NOTIFY_HOLD)
        return;
    if (way != NOTIFY_WITHOUT && !sub->unsubscribed) /* what is not told now is told later */
        body = presence_winfo(sub);
    if (body.len > 0 || forced)
        notify(sub, way, body);
}

static void on_due(Sim *sim, void *ctx, uint64_t arg)
{
    Subscription *sub = ctx;
    bool forced = sub->forced;

    sub->notify = 0;
    if (sub->tx != NULL) /* its answer comes first */
        return;
    sub->due = sub->at_once = sub->forced = false;
    sim_set_context(sim, sub->context);
    if (sub->package == PACKAGE_WINFO)
        send_winfo(sub, forced);
    else
        send_presence(sub, forced);
}
