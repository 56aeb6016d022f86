/*
 * nodes/presence_state.c - one subscription: what it remembers, the machine of RFC 3857, its end.
 *
 * Source:  RFC 3857 §4.7.1 Figure 1; RFC 3265 §3.1.6 (dialogs); RFC 5025 §3.2.1.
 */
#include "nodes/presence_private.h"

/* --- texts --- */

const char *sub_z(const Subscription *sub, SubText which)
{
    return sub->texts + sub->at[which];
}

Text sub_text(const Subscription *sub, SubText which)
{
    return text_from(sub_z(sub, which));
}

void sub_set_texts(Subscription *sub, const Text texts[SUB_N_TEXTS])
{
    size_t size = 0;
    for (unsigned i = 0; i < SUB_N_TEXTS; i++)
        size += texts[i].len + 1;
    char *block = g_malloc(size), *at = block;
    for (unsigned i = 0; i < SUB_N_TEXTS; i++) {
        sub->at[i] = (uint32_t)(at - block);
        if (texts[i].len > 0)
            at = mempcpy(at, texts[i].p, texts[i].len);
        *at++ = '\0';
    }
    g_free(sub->texts); /* what it is made of may stand in the old block */
    sub->texts = block;
}

void sub_set_text(Subscription *sub, SubText which, Text text)
{
    Text texts[SUB_N_TEXTS];
    for (unsigned i = 0; i < SUB_N_TEXTS; i++)
        texts[i] = sub_text(sub, i);
    texts[which] = text;
    sub_set_texts(sub, texts);
}

/* --- lists --- */

static SubList *list_of(Subscription *sub)
{
    return sub->package == PACKAGE_WINFO ? &sub->presentity->winfo : &sub->presentity->watchers;
}

static void link_last(Subscription *sub)
{
    SubList *list = list_of(sub);
    sub->previous = list->last;
    *(list->last != NULL ? &list->last->next : &list->first) = sub;
    list->last = sub;
}

static void unlink_sub(Subscription *sub)
{
    SubList *list = list_of(sub);
    *(sub->previous != NULL ? &sub->previous->next : &list->first) = sub->next;
    *(sub->next != NULL ? &sub->next->previous : &list->last) = sub->previous;
}

Subscription *sub_new(Presentity *presentity, Package package, const Text texts[SUB_N_TEXTS], const char *routes)
{
    Subscription *sub = g_new0(Subscription, 1);

    sub->presentity = presentity;
    sub->package = package;
    sub->has_dialog = true;
    sub->created = sim_now(presentity->presence->sim);
    sub->routes = presence_share(presentity->presence, routes);
    sub_set_texts(sub, texts);
    link_last(sub);
    table_add(&presentity->presence->dialogs, &sub->link, table_hash(texts[SUB_CALL_ID].p, texts[SUB_CALL_ID].len, 0));
    return sub;
}

Subscription *sub_find(const Presence *presence, Text call_id, Text local_tag, Text remote_tag)
{
    uint64_t hash = table_hash(call_id.p, call_id.len, 0);
    for (Linked *at = table_first(&presence->dialogs, hash); at != NULL; at = at->next) {
        Subscription *sub = (Subscription *)at;
        if (at->hash == hash && text_equal(call_id, sub_text(sub, SUB_CALL_ID)) &&
            text_equal(remote_tag, sub_text(sub, SUB_REMOTE_TAG)) &&
            (!text_present(local_tag) || text_equal(local_tag, sub_text(sub, SUB_LOCAL_TAG))))
            return sub;
    }
    return NULL;
}

/* --- the machine --- */

static const char *const state_names[SUB_N_STATES] = { "init", "pending", "active", "waiting", "terminated" };

#define TO(state) (1u << (state))
enum { N_EVENTS = WINFO_NORESOURCE + 1 };

/* RFC 3857 §4.7.1 Figure 1.  DEVIATION: pending after active, which the figure does not have: a presentity's rules may
 * come to say confirm of a watcher who was allowed, and that places the subscription in pending (RFC 5025 §3.2.1). */
static const uint8_t transitions[SUB_N_STATES][N_EVENTS] = {
    [SUB_INIT] = { [WINFO_SUBSCRIBE] = TO(SUB_PENDING) | TO(SUB_ACTIVE) | TO(SUB_TERMINATED) },
    [SUB_PENDING] = { [WINFO_APPROVED] = TO(SUB_ACTIVE),
                      [WINFO_TIMEOUT] = TO(SUB_WAITING),
                      [WINFO_DEACTIVATED] = TO(SUB_TERMINATED),
                      [WINFO_PROBATION] = TO(SUB_TERMINATED),
                      [WINFO_REJECTED] = TO(SUB_TERMINATED),
                      [WINFO_GIVEUP] = TO(SUB_TERMINATED),
                      [WINFO_NORESOURCE] = TO(SUB_TERMINATED) },
    [SUB_ACTIVE] = { [WINFO_SUBSCRIBE] = TO(SUB_PENDING),
                     [WINFO_TIMEOUT] = TO(SUB_TERMINATED),
                     [WINFO_DEACTIVATED] = TO(SUB_TERMINATED),
                     [WINFO_PROBATION] = TO(SUB_TERMINATED),
                     [WINFO_REJECTED] = TO(SUB_TERMINATED),
                     [WINFO_NORESOURCE] = TO(SUB_TERMINATED) },
    [SUB_WAITING] = { [WINFO_APPROVED] = TO(SUB_TERMINATED),
                      [WINFO_REJECTED] = TO(SUB_TERMINATED),
                      [WINFO_GIVEUP] = TO(SUB_TERMINATED),
                      [WINFO_NORESOURCE] = TO(SUB_TERMINATED) },
};

static void trace_transition(const Subscription *sub)
{
    Presence *presence = sub->presentity->presence;
    if (!trace_enabled(presence->sim))
        return;
    trace_add(presence->sim,
              &(TraceRecord){ .kind = TRACE_SUBSCRIPTION,
                              .node = presence->config.name,
                              .subscription = {
                                  .watcher = sub_z(sub, SUB_WATCHER),
                                  .presentity = sub->presentity->uri,
                                  .package = sub->package == PACKAGE_WINFO ? "presence.winfo" : "presence",
                                  .state = state_names[sub->state],
                                  .event = winfo_event_name(sub->event),
                                  .contact = sub_z(sub, SUB_TARGET),
                              } });
}

/* RFC 3857 §6.1: state for the unauthorized is bounded; the oldest goes.  sub_reap() frees it later. */
static void limit_waiting(Presentity *presentity)
{
    Subscription *oldest = presentity->watchers.first;
    if (presentity->n_waiting <= PRESENCE_WAITING_MAX)
        return;
    while (oldest->state != SUB_WAITING)
        oldest = oldest->next;
    sub_go(oldest, SUB_TERMINATED, WINFO_GIVEUP);
}

void sub_go(Subscription *sub, SubState to, WinfoEvent event)
{
    g_assert(transitions[sub->state][event] & TO(to));
    Presentity *presentity = sub->presentity;
    presentity->n_waiting += (to == SUB_WAITING) - (sub->state == SUB_WAITING);
    sub->state = to;
    sub->event = event;
    trace_transition(sub);
    if (sub->package == PACKAGE_WINFO || sub->transient)
        return;
    sub->revision = ++presentity->revision;
    presence_winfo_changed(presentity);
    if (to == SUB_WAITING)
        limit_waiting(presentity);
}

/* --- its end --- */

static void on_expiry(Sim *sim, void *ctx, uint64_t arg)
{
    Subscription *sub = ctx;
    Presentity *presentity = sub->presentity;

    sub->expiry = 0;
    switch ((SubState)sub->state) {
    case SUB_ACTIVE: sub_go(sub, SUB_TERMINATED, WINFO_TIMEOUT); break;
    case SUB_PENDING: sub_go(sub, SUB_WAITING, WINFO_TIMEOUT); break;
    case SUB_WAITING:
        sub_go(sub, SUB_TERMINATED, WINFO_GIVEUP);
        sub_reap(presentity);
        return;
    case SUB_INIT:
    case SUB_TERMINATED:
    case SUB_N_STATES: return;
    }
    sub->unsubscribed = true;
    sub_notify_at_once(sub);
}

void sub_set_expiry(Subscription *sub, int64_t seconds)
{
    Presence *presence = sub->presentity->presence;
    sim_cancel(presence->sim, sub->expiry);
    sub->expires = sim_now(presence->sim) + seconds * SIM_SEC;
    sub->expiry = sim_at(presence->sim, net_host_source(presence->host), sub->expires, on_expiry, sub, 0);
}

void sub_close_dialog(Subscription *sub)
{
    Presence *presence = sub->presentity->presence;

    if (sub->has_dialog)
        table_remove(&presence->dialogs, &sub->link);
    presence_smime_forget(sub);
    sub->has_dialog = false;
    sub->due = false;
    sim_cancel(presence->sim, sub->notify);
    sub->notify = 0;
    if (sub->state == SUB_WAITING)
        sub_set_expiry(sub, PRESENCE_WAITING);
    else
        sim_cancel(presence->sim, sub->expiry);
    sub_reap(sub->presentity);
}

void sub_free(Subscription *sub)
{
    Presence *presence = sub->presentity->presence;

    presence_smime_forget(sub);
    if (sub->has_dialog)
        table_remove(&presence->dialogs, &sub->link);
    if (sub->tx != NULL && presence->endpoint != NULL)
        sip_client_forget(sub->tx);
    sim_cancel(presence->sim, sub->expiry);
    sim_cancel(presence->sim, sub->notify);
    if (sub->state == SUB_WAITING)
        sub->presentity->n_waiting--;
    unlink_sub(sub);
    presence_unshare(presence, sub->routes);
    g_free(sub->texts);
    g_free(sub);
}

/* What every watcher of the watchers has been told. */
static uint32_t told(const Presentity *presentity)
{
    uint32_t least = presentity->revision;
    for (const Subscription *winfo = presentity->winfo.first; winfo != NULL; winfo = winfo->next)
        if (winfo->state == SUB_ACTIVE)
            least = MIN(least, winfo->seen);
    return least;
}

static void reap(SubList *list, uint32_t up_to)
{
    for (Subscription *sub = list->first, *next; sub != NULL; sub = next) {
        next = sub->next;
        if (sub->state == SUB_TERMINATED && !sub->has_dialog && sub->revision <= up_to)
            sub_free(sub);
    }
}

void sub_reap(Presentity *presentity)
{
    reap(&presentity->winfo, presentity->revision);
    reap(&presentity->watchers, told(presentity));
}
