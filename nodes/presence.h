/*
 * nodes/presence.h - the Presence Server: publications, subscriptions, notification, policy, watcher information.
 *
 * Source:  RFC 3903, RFC 3265/6665, RFC 3856, RFC 3857/3858, RFC 4745, RFC 5025; TS 24.141; seeds S3 §2 (clear
 * notifications), S0 (watcher authentication).
 */
#ifndef PRESEC_NODES_PRESENCE_H
#define PRESEC_NODES_PRESENCE_H

#include "nodes/node.h"
#include "nodes/smime.h"

typedef struct Presence Presence;

typedef struct PresencePolicy {
    bool clear_notifications; /* default Subscription Authorization Policy: notifications without confidentiality
                                 protection are allowed */
    bool requires_indication; /* option 1: refuses PUBLISH and SUBSCRIBE without the indication */
    bool anonymises;          /* an anonymous watcher is not named in watcher information and log; default true (Q5) */
    bool trusts_from;         /* S26 broken: takes From instead of P-Asserted-Identity */
    bool smime_is_confidential; /* policy: encrypted to the watcher's certificate is confidential enough (K60) */
    bool asks_password;         /* SAP: watchers authenticate with HTTP Digest (S0 §8.1.4) */
    int64_t throttle_seconds; /* between notifications of one subscription (RFC 3856 §6.10); 0 = 5, negative = none */
} PresencePolicy;

typedef struct PresenceConfig {
    const char *name, *domain; /* "ps", "ps.home.example" */
    NetAddr addr;
    const char *home_domain;
    PresencePolicy policy;
    SmimePolicy smime; /* mode SMIME_NONE: a plain server */
    Credentials credentials;
    /* SMIME_CACHED: the provisioned certificate of a user; NULL: none.  Borrowed, lives as long as the server. */
    const Cert *(*user_cert)(void *ctx, const char *impu);
    /* asks_password: the password of a watcher; NULL: he has none. */
    const char *(*password)(void *ctx, const char *impu);
    void *ctx;
    const Directory *directory;
} PresenceConfig;
Presence *presence_new(Net *net, const PresenceConfig *config);
void presence_free(Presence *presence);
NetHost *presence_host(Presence *presence);
/* A presentity's pres-rules document (RFC 5025); without one (@document NULL): allow everybody.  False: not a valid
 * document, or not a user of ours (@error, g_free).  Subscriptions follow at once, with NOTIFY by the throttle. */
bool presence_set_rules(Presence *presence, const char *presentity, const char *document, size_t len, char **error);
/* The presentity's log of who received what (R15), one-shot fetches too: one line each, oldest first, the last hundred;
 * in the caller's GString. */
void presence_log(const Presence *presence, const char *presentity, GString *out);
const SmimeWork *presence_smime_work(const Presence *presence); /* what S/MIME cost it so far */

#endif
