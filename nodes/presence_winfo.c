/*
 * nodes/presence_winfo.c - watcher information: which watchers changed, told to the presentity.
 *
 * Source:  RFC 3857 §4.7.2, §4.10; RFC 3858 §3; threats AT-63: an anonymous watcher is counted, never named.
 */
#include "nodes/presence_private.h"

enum { WATCHERS_PER_DOCUMENT = 128, WATCHER_ID_LEN = 8 };
#define ANONYMOUS_URI "sip:anonymous@anonymous.invalid" /* RFC 3323 §4.1.1.3 */

/* --- which --- */

static bool is_told(const Subscription *watcher)
{
    return !watcher->transient && watcher->state != SUB_INIT;
}

static int by_revision(const void *a, const void *b)
{
    const Subscription *const *x = a, *const *y = b;
    return (*x)->revision < (*y)->revision ? -1 : (*x)->revision > (*y)->revision;
}

/* Those that changed since @sub was told, in the order of their changes. */
static GPtrArray *changed(const Subscription *sub)
{
    GPtrArray *watchers = g_ptr_array_new();
    for (Subscription *watcher = sub->presentity->watchers.first; watcher != NULL; watcher = watcher->next)
        if (is_told(watcher) && watcher->revision > sub->seen)
            g_ptr_array_add(watchers, watcher);
    if (watchers->len > 1)
        qsort(watchers->pdata, watchers->len, sizeof watchers->pdata[0], by_revision);
    return watchers;
}

/* --- how they look --- */

/* The same for the same subscription in every document, and nothing else can be read from it. */
static Text watcher_id(const Subscription *watcher)
{
    Presence *presence = watcher->presentity->presence;
    char *id = sim_alloc(presence->sim, WATCHER_ID_LEN + 1);
    SimStream stream = sim_stream(
        presence->sim, presence->config.name,
        sim_text(presence->sim, "winfo %s %s", sub_z(watcher, SUB_CALL_ID), sub_z(watcher, SUB_LOCAL_TAG)), 0);
    sim_random_token(presence->sim, &stream, id, WATCHER_ID_LEN);
    return text_of(id, WATCHER_ID_LEN);
}

static WinfoStatus status_of(const Subscription *watcher)
{
    switch ((SubState)watcher->state) {
    case SUB_PENDING: return WINFO_PENDING;
    case SUB_ACTIVE: return WINFO_ACTIVE;
    case SUB_WAITING: return WINFO_WAITING;
    case SUB_INIT:
    case SUB_TERMINATED:
    case SUB_N_STATES: break;
    }
    return WINFO_TERMINATED;
}

static WinfoWatcher describe(const Subscription *watcher)
{
    const Presence *presence = watcher->presentity->presence;
    SimTime now = sim_now(presence->sim);
    bool runs = watcher->state == SUB_ACTIVE || watcher->state == SUB_PENDING;
    bool unnamed = watcher->anonymous && presence->config.policy.anonymises;
    return (WinfoWatcher){ .id = watcher_id(watcher),
                           .uri = unnamed ? TEXT(ANONYMOUS_URI) : sub_text(watcher, SUB_WATCHER),
                           .status = status_of(watcher),
                           .event = watcher->event,
                           .duration_subscribed = runs ? (now - watcher->created) / SIM_SEC : WINFO_UNSTATED,
                           .expiration = runs ? MAX(0, watcher->expires - now) / SIM_SEC : WINFO_UNSTATED };
}

/* --- the document --- */

static Text write_document(const Subscription *sub, const WinfoWatcher *watchers, unsigned n)
{
    Sim *sim = sub->presentity->presence->sim;
    WinfoList list = {
        .resource = text_from(sub->presentity->uri), .package = TEXT("presence"), .watcher = watchers, .n_watchers = n
    };
    WinfoDoc doc = { .version = sub->version, .full = sub->full, .list = &list, .n_lists = 1 };
    size_t cap = 512 + 6 * strlen(sub->presentity->uri);
    for (unsigned i = 0; i < n; i++)
        cap += 256 + 6 * watchers[i].uri.len;
    char *out = sim_alloc(sim, cap);
    return text_of(out, winfo_write(&doc, out, cap));
}

Text presence_winfo(Subscription *sub)
{
    if (sub->full)
        sub->seen = 0;
    g_autoptr(GPtrArray) watchers = changed(sub);
    unsigned n = MIN(watchers->len, WATCHERS_PER_DOCUMENT);
    if (n == 0 && !sub->full)
        return TEXT_NONE;
    WinfoWatcher *described = sim_alloc(sub->presentity->presence->sim, (n + 1) * sizeof *described);
    for (unsigned i = 0; i < n; i++)
        described[i] = describe(watchers->pdata[i]);
    Text document = write_document(sub, described, n);
    sub->version++;
    sub->full = false;
    bool more = n < watchers->len;
    sub->seen = more ? ((Subscription *)watchers->pdata[n - 1])->revision : sub->presentity->revision;
    if (more) /* the others follow as a partial document */
        sub_notify(sub, false);
    sub_reap(sub->presentity);
    return document;
}

void presence_winfo_changed(Presentity *presentity)
{
    for (Subscription *sub = presentity->winfo.first; sub != NULL; sub = sub->next)
        if (sub->state == SUB_ACTIVE && !sub->full)
            sub_notify(sub, false);
}
