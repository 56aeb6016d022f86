/*
 * nodes/presence_private.h - the Presence Server's state, shared by its files.
 *
 * Where to read: presence.c (what arrives, who asks), presence_publish.c (RFC 3903), presence_subscribe.c (SUBSCRIBE,
 * authorization), presence_state.c (the machine of RFC 3857 Figure 1), presence_notify.c (NOTIFY), presence_document.c
 * (what a watcher gets, the log), presence_winfo.c (RFC 3858), presence_smime.c (option 3), presence_password.c.
 * Lists are in order of creation; the hash tables are looked up only.
 */
#ifndef PRESEC_NODES_PRESENCE_PRIVATE_H
#define PRESEC_NODES_PRESENCE_PRIVATE_H

#include "nodes/msg/rules.h"
#include "nodes/msg/winfo.h"
#include "nodes/presence.h"
#include "nodes/routing.h"
#include "nodes/stack/table.h"

enum {
    PRESENCE_URI_MAX = 512,       /* octets of a canonical URI */
    PRESENCE_EXPIRES = 3600,      /* RFC 3856 §6.4, RFC 3857 §4.4; RFC 3903 §4.2 leaves it to us */
    PRESENCE_EXPIRES_MAX = 86400, /* granted at most */
    PRESENCE_PUBLISH_MIN = 60,    /* below: 423 */
    PRESENCE_THROTTLE = 5,
    PRESENCE_WAITING = 7 * 86400, /* before giveup, RFC 3857 §4.7.1: "days later" */
    PRESENCE_WAITING_MAX = 64,    /* of one presentity; the oldest gives up: RFC 3857 §6.1 */
    PRESENCE_LOG_MAX = 100,       /* lines of one presentity; the oldest go */
    PRESENCE_ETAG_LEN = 10,
    PRESENCE_TAG_LEN = 8,
    PRESENCE_NONCE_LEN = 24,
    PRESENCE_NONCE_LIFE = 600, /* seconds */
};

typedef struct Presentity Presentity;

typedef struct Publication {
    struct Publication *next;
    Presentity *presentity;
    SimTimer expiry;
    uint32_t len;
    bool names_presentity; /* its entity is ours: may go out as it is */
    char etag[PRESENCE_ETAG_LEN + 1];
    char document[]; /* len octets of PIDF */
} Publication;

typedef enum { SUB_INIT, SUB_PENDING, SUB_ACTIVE, SUB_WAITING, SUB_TERMINATED, SUB_N_STATES } SubState;
typedef enum { PACKAGE_PRESENCE, PACKAGE_WINFO } Package;

/* What a subscription remembers as text; empty when there is none. */
typedef enum {
    SUB_CALL_ID,
    SUB_LOCAL_TAG,
    SUB_REMOTE_TAG,
    SUB_EVENT_ID,
    SUB_WATCHER,   /* canonical, as asserted */
    SUB_WATCHER_2, /* a second asserted identity, RFC 3325 §9.1: one sip and one tel */
    SUB_FROM,      /* the URI of From, where it is not the watcher's */
    SUB_TO,        /* the URI of To, where it is not the presentity's */
    SUB_TARGET,    /* the watcher's Contact */
    SUB_N_TEXTS,
} SubText;

typedef struct Subscription {
    Linked link; /* in Presence.dialogs, by Call-ID, while has_dialog */
    Presentity *presentity;
    struct Subscription *previous, *next; /* of the presentity and package */
    SimTimer expiry, notify;
    SipClientTx *tx;    /* the NOTIFY that waits for its answer */
    SimContext context; /* what the next NOTIFY comes from */
    SimTime created, expires, not_before;
    uint64_t sent_body; /* hash of the last document sent */
    const char *routes; /* the route set, RFC 3261 §12.1.1, one comma list: presence_share() */
    char *texts;        /* one block, at[] into it */
    uint32_t at[SUB_N_TEXTS];
    uint32_t local_cseq, remote_cseq;
    uint32_t revision;             /* of its last transition, for winfo */
    uint32_t seen, version;        /* of a winfo subscription: told up to there; the next document's */
    uint8_t package, state, event; /* Package, SubState, WinfoEvent */
    bool has_dialog;               /* false: only for watcher information now */
    bool anonymous;                /* Privacy: id */
    bool indicated;                /* the watcher's leg has confidentiality */
    bool fetch;                    /* asked for no time: one NOTIFY */
    bool transient;                /* never told to winfo, RFC 3857 §4.7.2 */
    bool due, at_once;             /* a NOTIFY is to be sent; without regard to the throttle */
    bool forced;                   /* also when the document is what it was */
    bool unsubscribed, full;       /* the last NOTIFY without a document; a full winfo document */
    bool waits;                    /* for the watcher's certificate: in UserKey.waiting */
} Subscription;

typedef struct SubList {
    Subscription *first, *last;
} SubList;

typedef enum { LOG_DOCUMENT, LOG_FILTERED, LOG_CLOSED } LogKind;
/* One after another in a block, each followed by the watcher's name. */
typedef struct LogLine {
    int64_t unix_ms;
    uint32_t octets;
    uint16_t name_len; /* 0: anonymous */
    uint8_t kind;      /* LogKind */
    bool fetch;
} LogLine;

/* On the keyring, by URI: a user's certificate, or that it was looked for (RFC 3261 §23.1). */
typedef struct UserKey {
    Presence *presence;
    enum { KEY_UNKNOWN, KEY_ASKED, KEY_KNOWN, KEY_NONE } state;
    Cert *cert;      /* KEY_KNOWN */
    SipClientTx *tx; /* KEY_ASKED: the OPTIONS under way */
    uint32_t n_asked;
    GPtrArray *waiting; /* Subscription *, in order */
    char uri[];
} UserKey;

/* What a watcher was challenged with, by URI (RFC 2617 §3.2.1). */
typedef struct WatcherNonce {
    char nonce[PRESENCE_NONCE_LEN + 1];
    SimTime since;
    uint32_t last_nc; /* the greatest that came; 0: none yet */
    uint32_t n;       /* nonces so far */
    char uri[];
} WatcherNonce;

struct Presentity {
    Linked link; /* in Presence.presentities, by URI */
    Presence *presence;
    Presentity *next; /* in order of creation */
    Publication *publications;
    SubList watchers, winfo;
    Rules *rules; /* NULL: everybody may */
    char *sphere; /* of what is published, when there are rules; NULL: undefined */
    SimTimer rules_timer;
    char *log; /* log_len octets with log_n lines */
    uint32_t log_len, log_n;
    uint32_t revision; /* of the last transition of a watcher */
    uint32_t n_waiting;
    int64_t newest; /* the version of the last document taken, S/MIME */
    char uri[];     /* canonical */
};

/* The last document made: many watchers of one presentity get the same. */
typedef struct DocumentCache {
    const Presentity *presentity; /* NULL: nothing */
    RulesDecision decision;
    GString *text;
} DocumentCache;

struct Presence {
    PresenceConfig config;
    Sim *sim;
    NetHost *host;
    SipEndpoint *endpoint;
    Table presentities, dialogs;
    Presentity *first, *last;
    GHashTable *shared; /* route sets: many watchers come the same way */
    DocumentCache cache;
    SmimeEnd smime;
    GHashTable *keys;   /* UserKey by URI; looked up only */
    GHashTable *nonces; /* WatcherNonce by URI; looked up only */
};

/* Who sends a request. */
typedef struct Identity {
    char uri[2][PRESENCE_URI_MAX]; /* canonical, with a NUL */
    unsigned n;                    /* 0: nobody we know */
    bool anonymous;
} Identity;

/* --- presence.c --- */
/* The canonical form with a NUL; false: not a URI of ours. */
bool presence_canonical(Text uri, char out[PRESENCE_URI_MAX]);
void presence_identify(const Presence *presence, const SipMsg *msg, Identity *out);
bool presence_identity_is(const Identity *identity, const char *uri);
/* The presentity a Request-URI names, made when there is none; NULL: not in our domain. */
Presentity *presence_presentity(Presence *presence, Text uri);
Presentity *presence_find(const Presence *presence, const char *canonical); /* NULL: none yet */
bool presence_indicated(const SipMsg *msg, bool otherwise);
/* Option 1: whether the request is to be refused for want of the indication.  Traced. */
bool presence_lacks_indication(Presence *presence, const SipMsg *msg, const char *who, bool indicated);

/* A text that many have, kept once while somebody has it. */
const char *presence_share(Presence *presence, const char *text);
void presence_unshare(Presence *presence, const char *text);

/* --- presence_publish.c --- */
void presence_publish(Presence *presence, SipServerTx *tx, const SipMsg *msg);
void publication_free(Publication *publication);

/* --- presence_subscribe.c --- */
void presence_subscribe(Presence *presence, SipServerTx *tx, const SipMsg *msg);
/* Apply the presentity's policy, as it is now, to every subscription. */
void presence_reauthorize(Presentity *presentity);
void presence_reconsider(Subscription *sub); /* to one, which it may end */

/* --- presence_state.c --- */
Text sub_text(const Subscription *sub, SubText which);
const char *sub_z(const Subscription *sub, SubText which);
void sub_set_texts(Subscription *sub, const Text texts[SUB_N_TEXTS]);
void sub_set_text(Subscription *sub, SubText which, Text text);
Subscription *sub_new(Presentity *presentity, Package package, const Text texts[SUB_N_TEXTS], const char *routes);
Subscription *sub_find(const Presence *presence, Text call_id, Text local_tag, Text remote_tag);
/* Make a transition of Figure 1; asserts that it is there.  Traced, and watcher information follows. */
void sub_go(Subscription *sub, SubState to, WinfoEvent event);
/* Set the end of the subscription's time. */
void sub_set_expiry(Subscription *sub, int64_t seconds);
/* The dialog is over: nothing more is sent in it.  May free @sub. */
void sub_close_dialog(Subscription *sub);
/* Free what has ended and been told. */
void sub_reap(Presentity *presentity);
void sub_free(Subscription *sub);

/* --- presence_notify.c --- */
/* A NOTIFY is due, when the throttle allows. @forced: even when the watcher's document is what it was. */
void sub_notify(Subscription *sub, bool forced);
/* The same at once: after SUBSCRIBE (RFC 3265 §3.1.6.2), and the last one. */
void sub_notify_at_once(Subscription *sub);

/* --- presence_document.c --- */
int64_t presence_unix_ms(const Presence *presence);
void presence_evaluate(const Subscription *sub, RulesDecision *out);
/* As before there is a subscription. */
void presence_evaluate_identity(const Presentity *presentity, const Identity *identity, bool indicated,
                                RulesDecision *out);
/* What @sub gets now; absent: no document.  In the event's arena or the cache. */
Text presence_document(Subscription *sub, const RulesDecision *decision, LogKind *kind);
/* What is published has changed. */
void presence_document_changed(Presentity *presentity);
void presence_log_add(Subscription *sub, LogKind kind, uint32_t octets);

/* --- presence_winfo.c --- */
/* The watchers that changed since @sub was told, all of them when @sub->full; absent: nothing to tell. */
Text presence_winfo(Subscription *sub);
void presence_winfo_changed(Presentity *presentity);

/* --- presence_password.c --- */
void presence_password_init(Presence *presence);
void presence_password_clear(Presence *presence);
/* SAP (S0 §8.1.4): whether @watcher, as he is asserted, proves that he knows his password.  False: he was answered.
 * @anonymous: out; he came as "anonymous", which proves nothing of anybody. */
bool presence_password(Presence *presence, SipServerTx *tx, const SipMsg *msg, const char *watcher, bool *anonymous);

/* --- presence_smime.c --- */
void presence_smime_init(Presence *presence);
void presence_smime_clear(Presence *presence);
bool presence_uses_smime(const Presence *presence);
/* @sub no longer waits for a certificate. */
void presence_smime_forget(Subscription *sub);
/* Policy: whether what goes to this watcher can be enveloped, as far as is known (K60). */
bool presence_smime_confidential(Presence *presence, const char *watcher);
/* What a request brings: false: it was refused, and answered. @document, @type: the body, deciphered. */
bool presence_smime_publish(Presentity *presentity, SipServerTx *tx, const SipMsg *msg, bool indicated, Text *type,
                            Text *document);
bool presence_smime_subscribe(Presence *presence, SipServerTx *tx, const SipMsg *msg, const char *watcher);
void presence_smime_options(Presence *presence, SipServerTx *tx);
/* Answer with our certificate, where certificates are included; false: they are not. */
bool presence_smime_respond(Presence *presence, SipServerTx *tx, unsigned status, const char *extra);
bool presence_smime_answer(Presence *presence, const SipMsg *request, SmimeBody *body); /* the body alone */
/* How a NOTIFY may go now.  WITHOUT: no document.  HOLD: not yet, sub_notify_at_once() follows. */
typedef enum { NOTIFY_CLEAR, NOTIFY_PROTECTED, NOTIFY_WITHOUT, NOTIFY_HOLD } NotifyWay;
NotifyWay presence_smime_way(Subscription *sub, bool document);
Text presence_smime_short(Text document); /* without what it need not say */
/* @inner: the inner request of a tunnel, or absent.  False: it cannot be protected. */
bool presence_smime_protect(Subscription *sub, Text inner, Text type, Text document, SmimeBody *out);
/* NOTIFY got 493: what we have is not his key. */
void presence_smime_undecipherable(Subscription *sub);

#endif
