/*
 * nodes/msg/winfo.c - watcher information documents.
 *
 * Source:  RFC 3858 §3, §6.
 * Knows:   see winfo.h.
 */
#include "nodes/msg/winfo.h"
#include "nodes/msg/xmlsafe.h"

struct Winfo {
    WinfoDoc doc;
    xmlDocPtr tree; /* all texts are views of it */
    WinfoList list[WINFO_LISTS_MAX];
    GArray *watchers; /* of WinfoWatcher, those of all lists in order */
};

static const char *const status_names[] = {
    [WINFO_PENDING] = "pending",
    [WINFO_ACTIVE] = "active",
    [WINFO_WAITING] = "waiting",
    [WINFO_TERMINATED] = "terminated",
};
static const char *const event_names[] = {
    [WINFO_SUBSCRIBE] = "subscribe", [WINFO_APPROVED] = "approved",     [WINFO_DEACTIVATED] = "deactivated",
    [WINFO_PROBATION] = "probation", [WINFO_REJECTED] = "rejected",     [WINFO_TIMEOUT] = "timeout",
    [WINFO_GIVEUP] = "giveup",       [WINFO_NORESOURCE] = "noresource",
};

const char *winfo_status_name(WinfoStatus status)
{
    return status_names[status];
}

const char *winfo_event_name(WinfoEvent event)
{
    return event_names[event];
}

const char *winfo_result_text(WinfoResult result)
{
    switch (result) {
    case WINFO_OK: return "well-formed";
    case WINFO_NOT_XML: return "not acceptable XML";
    case WINFO_NOT_WINFO: return "not a watcher information document with version and state";
    case WINFO_BAD_LIST: return "a watcher list without resource or package";
    case WINFO_BAD_WATCHER: return "a watcher is not as RFC 3858 requires";
    case WINFO_TOO_MANY: return "too many lists or watchers";
    }
    return "?";
}

/* ---- writing ---- */

static void write_seconds(XmlWriter *w, const char *name, int64_t seconds)
{
    if (seconds < 0)
        return;
    xmlwriter_literal(w, " ");
    xmlwriter_literal(w, name);
    xmlwriter_literal(w, "=\"");
    xmlwriter_number(w, seconds);
    xmlwriter_literal(w, "\"");
}

static void write_watcher(XmlWriter *w, const WinfoWatcher *watcher)
{
    xmlwriter_literal(w, "    <watcher");
    xmlwriter_attribute(w, "id", watcher->id);
    xmlwriter_attribute(w, "status", text_from(winfo_status_name(watcher->status)));
    xmlwriter_attribute(w, "event", text_from(winfo_event_name(watcher->event)));
    xmlwriter_attribute(w, "display-name", watcher->display_name);
    write_seconds(w, "duration-subscribed", watcher->duration_subscribed);
    write_seconds(w, "expiration", watcher->expiration);
    xmlwriter_literal(w, ">");
    xmlwriter_text(w, watcher->uri);
    xmlwriter_literal(w, "</watcher>\n");
}

static void write_list(XmlWriter *w, const WinfoList *list)
{
    xmlwriter_literal(w, "  <watcher-list");
    xmlwriter_attribute(w, "resource", list->resource);
    xmlwriter_attribute(w, "package", list->package);
    xmlwriter_literal(w, ">\n");
    for (unsigned i = 0; i < list->n_watchers; i++)
        write_watcher(w, &list->watcher[i]);
    xmlwriter_literal(w, "  </watcher-list>\n");
}

size_t winfo_write(const WinfoDoc *doc, char *out, size_t cap)
{
    XmlWriter w;
    xmlwriter_init(&w, out, cap);
    xmlwriter_literal(&w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<watcherinfo xmlns=\"" WINFO_NS "\" version=\"");
    xmlwriter_number(&w, doc->version);
    xmlwriter_literal(&w, doc->full ? "\" state=\"full\">\n" : "\" state=\"partial\">\n");
    for (unsigned i = 0; i < doc->n_lists; i++)
        write_list(&w, &doc->list[i]);
    xmlwriter_literal(&w, "</watcherinfo>\n");
    return xmlwriter_finish(&w);
}

/* ---- reading ---- */

static bool read_name(Text text, const char *const *names, unsigned n_names, unsigned *out)
{
    for (*out = 0; *out < n_names; ++*out)
        if (text_is(text, names[*out]))
            return true;
    return false;
}

/* xs:unsignedLong; absent is fine. */
static bool read_seconds(Text text, int64_t *out)
{
    uint64_t n;
    *out = WINFO_UNSTATED;
    if (!text_present(text))
        return true;
    if (!text_to_uint(text, INT64_MAX, &n))
        return false;
    *out = (int64_t)n;
    return true;
}

static bool read_watcher(const xmlNode *node, WinfoWatcher *out)
{
    unsigned status, event;
    *out = (WinfoWatcher){ .id = xmlsafe_attribute(node, "id"),
                           .uri = xmlsafe_text(node),
                           .display_name = xmlsafe_attribute(node, "display-name") };
    if (out->id.len == 0 || out->uri.len == 0 ||
        !read_name(xmlsafe_attribute(node, "status"), status_names, G_N_ELEMENTS(status_names), &status) ||
        !read_name(xmlsafe_attribute(node, "event"), event_names, G_N_ELEMENTS(event_names), &event) ||
        !read_seconds(xmlsafe_attribute(node, "duration-subscribed"), &out->duration_subscribed) ||
        !read_seconds(xmlsafe_attribute(node, "expiration"), &out->expiration))
        return false;
    out->status = (WinfoStatus)status;
    out->event = (WinfoEvent)event;
    return true;
}

static WinfoResult read_watchers(Winfo *winfo, const xmlNode *list, GString *errors)
{
    for (const xmlNode *node = xmlsafe_first(list); node; node = xmlsafe_next(node)) {
        WinfoWatcher watcher;
        if (!xmlsafe_is(node, WINFO_NS, "watcher"))
            continue; /* unknown elements are ignored, RFC 3858 §3.2 */
        if (winfo->watchers->len == WINFO_WATCHERS_MAX)
            return WINFO_TOO_MANY;
        if (!read_watcher(node, &watcher)) {
            xmlsafe_complain(errors, node, "a watcher needs id, status, event and a URI with values of RFC 3858 §3.3");
            return WINFO_BAD_WATCHER;
        }
        g_array_append_val(winfo->watchers, watcher);
    }
    return WINFO_OK;
}

static WinfoResult read_list(Winfo *winfo, const xmlNode *node, GString *errors)
{
    if (winfo->doc.n_lists == WINFO_LISTS_MAX)
        return WINFO_TOO_MANY;
    WinfoList *list = &winfo->list[winfo->doc.n_lists++];
    unsigned before = winfo->watchers->len;
    list->resource = xmlsafe_attribute(node, "resource");
    list->package = xmlsafe_attribute(node, "package");
    if (list->resource.len == 0 || list->package.len == 0) {
        xmlsafe_complain(errors, node, "a watcher-list needs resource and package");
        return WINFO_BAD_LIST;
    }
    WinfoResult result = read_watchers(winfo, node, errors);
    list->n_watchers = winfo->watchers->len - before;
    return result;
}

static WinfoResult read_root(Winfo *winfo, const xmlNode *root, GString *errors)
{
    Text state = xmlsafe_attribute(root, "state");
    winfo->doc.full = text_is(state, "full");
    bool known = winfo->doc.full || text_is(state, "partial");
    if (xmlsafe_is(root, WINFO_NS, "watcherinfo") && known &&
        text_to_u32(xmlsafe_attribute(root, "version"), UINT32_MAX, &winfo->doc.version))
        return WINFO_OK;
    xmlsafe_complain(errors, root, "the root is not a watcherinfo element with version and state full or partial");
    return WINFO_NOT_WINFO;
}

/* The array has stopped moving: lists may point into it. */
static void settle(Winfo *winfo)
{
    unsigned at = 0;
    for (unsigned i = 0; i < winfo->doc.n_lists; i++) {
        unsigned n = winfo->list[i].n_watchers;
        winfo->list[i].watcher = n > 0 ? &g_array_index(winfo->watchers, WinfoWatcher, at) : NULL;
        at += n;
    }
    winfo->doc.list = winfo->list;
}

WinfoResult winfo_parse(const char *octets, size_t len, Winfo **out, GString *errors)
{
    xmlDocPtr tree;
    if (xmlsafe_parse(octets, len, &tree, errors) != XMLSAFE_OK)
        return WINFO_NOT_XML;
    g_autoptr(Winfo) winfo = g_new0(Winfo, 1);
    winfo->tree = tree;
    winfo->watchers = g_array_new(FALSE, TRUE, sizeof(WinfoWatcher));
    const xmlNode *root = xmlDocGetRootElement(tree);
    WinfoResult result = read_root(winfo, root, errors);
    const xmlNode *node = xmlsafe_first(root);
    for (; node && result == WINFO_OK; node = xmlsafe_next(node))
        if (xmlsafe_is(node, WINFO_NS, "watcher-list"))
            result = read_list(winfo, node, errors);
    if (result != WINFO_OK)
        return result;
    settle(winfo);
    *out = g_steal_pointer(&winfo);
    return WINFO_OK;
}

const WinfoDoc *winfo_doc(const Winfo *winfo)
{
    return &winfo->doc;
}

void winfo_free(Winfo *winfo)
{
    if (!winfo)
        return;
    g_array_free(winfo->watchers, TRUE);
    xmlFreeDoc(winfo->tree);
    g_free(winfo);
}

/* ---- for people ---- */

static void describe_watcher(const WinfoWatcher *watcher, GString *out)
{
    g_string_append_printf(out, "    " TEXT_FMT " (" TEXT_FMT "): %s, event %s", TEXT_ARG(watcher->uri),
                           TEXT_ARG(watcher->id), winfo_status_name(watcher->status), winfo_event_name(watcher->event));
    if (watcher->duration_subscribed >= 0)
        g_string_append_printf(out, ", for %" G_GINT64_FORMAT " s", watcher->duration_subscribed);
    if (watcher->expiration >= 0)
        g_string_append_printf(out, ", expires in %" G_GINT64_FORMAT " s", watcher->expiration);
    g_string_append_c(out, '\n');
}

bool winfo_describe(const uint8_t *octets, size_t len, GString *out)
{
    g_autoptr(Winfo) winfo = NULL;
    WinfoResult result = winfo_parse((const char *)octets, len, &winfo, out);
    if (result != WINFO_OK) {
        g_string_append_printf(out, "rejected: %s\n", winfo_result_text(result));
        return false;
    }
    const WinfoDoc *doc = &winfo->doc;
    g_string_append_printf(out, "watcher information, version %u, %s\n", doc->version, doc->full ? "full" : "partial");
    for (unsigned i = 0; i < doc->n_lists; i++) {
        const WinfoList *list = &doc->list[i];
        g_string_append_printf(out, "  of " TEXT_FMT ", package " TEXT_FMT "\n", TEXT_ARG(list->resource),
                               TEXT_ARG(list->package));
        for (unsigned k = 0; k < list->n_watchers; k++)
            describe_watcher(&list->watcher[k], out);
    }
    return true;
}
