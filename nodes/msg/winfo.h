/*
 * nodes/msg/winfo.h - watcher information documents: who watches a presentity.
 *
 * Source:  RFC 3858; the states and events are those of RFC 3857 §4.7.
 * Knows:   the document.  Versions and when to send are the presence server's business.
 */
#ifndef PRESEC_NODES_MSG_WINFO_H
#define PRESEC_NODES_MSG_WINFO_H

#include "nodes/msg/text.h"

#define WINFO_MIME "application/watcherinfo+xml"
#define WINFO_NS   "urn:ietf:params:xml:ns:watcherinfo"
enum { WINFO_LISTS_MAX = 16, WINFO_WATCHERS_MAX = 4096 };

typedef enum { WINFO_PENDING, WINFO_ACTIVE, WINFO_WAITING, WINFO_TERMINATED } WinfoStatus;
typedef enum {
    WINFO_SUBSCRIBE,
    WINFO_APPROVED,
    WINFO_DEACTIVATED,
    WINFO_PROBATION,
    WINFO_REJECTED,
    WINFO_TIMEOUT,
    WINFO_GIVEUP,
    WINFO_NORESOURCE,
} WinfoEvent;
const char *winfo_status_name(WinfoStatus status);
const char *winfo_event_name(WinfoEvent event);

enum { WINFO_UNSTATED = -1 };
typedef struct WinfoWatcher {
    Text id; /* the same for the same subscription in every document */
    Text uri;
    Text display_name; /* may be absent */
    WinfoStatus status;
    WinfoEvent event;
    int64_t duration_subscribed; /* seconds, or WINFO_UNSTATED */
    int64_t expiration;          /* seconds, or WINFO_UNSTATED */
} WinfoWatcher;

typedef struct WinfoList {
    Text resource; /* the presentity's URI */
    Text package;  /* "presence" */
    const WinfoWatcher *watcher;
    unsigned n_watchers;
} WinfoList;

typedef struct WinfoDoc {
    uint32_t version; /* from 0, one more in each notification of a subscription */
    bool full;        /* false: only what changed */
    const WinfoList *list;
    unsigned n_lists;
} WinfoDoc;

/** Octets written, without a NUL; 0: it does not fit into @cap.  Nothing is allocated. */
size_t winfo_write(const WinfoDoc *doc, char *out, size_t cap) G_GNUC_WARN_UNUSED_RESULT;

/* A parsed document; it owns what its WinfoDoc shows. */
typedef struct Winfo Winfo;
typedef enum {
    WINFO_OK,
    WINFO_NOT_XML,     /* malformed, or refused by nodes/msg/xmlsafe.h */
    WINFO_NOT_WINFO,   /* the root is not watcherinfo, or its version or state is missing or wrong */
    WINFO_BAD_LIST,    /* a list without resource or package */
    WINFO_BAD_WATCHER, /* without id, status or event, or with a value they cannot have */
    WINFO_TOO_MANY,
} WinfoResult;
const char *winfo_result_text(WinfoResult result);

/** @out: on WINFO_OK taken by the caller.  @errors: may be NULL; gets a line for each reason. */
WinfoResult winfo_parse(const char *octets, size_t len, Winfo **out, GString *errors) G_GNUC_WARN_UNUSED_RESULT;
const WinfoDoc *winfo_doc(const Winfo *winfo);
void winfo_free(Winfo *winfo);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Winfo, winfo_free)

/** The document in lines.  False: it must be rejected; the last line says why. */
bool winfo_describe(const uint8_t *octets, size_t len, GString *out);

#endif
