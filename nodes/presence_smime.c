/*
 * nodes/presence_smime.c - S/MIME at the Presence Server: users' certificates, what their requests bring, how each
 * watcher's NOTIFY goes.
 *
 * Source:  RFC 3261 §23.2 (keyring, OPTIONS, 493), §23.4 (tunnels); SA3 discussion paper §2 (S3), option 3: the server
 * ends the protection, so that it can filter, and begins it anew for each watcher.
 * A watcher who asked for anonymity is enveloped for as the others are: RecipientInfo names his certificate (K29).
 */
#include "nodes/presence_private.h"
#include "nodes/msg/mime.h"

#define CLAUSE_KEYS   "RFC 3261 §23.2"
#define CLAUSE_OPTION "SA3 discussion paper §2, option 3 (S3)"

/* --- construction --- */

static void key_free(gpointer p)
{
    UserKey *key = p;
    cert_free(key->cert);
    g_ptr_array_unref(key->waiting);
    g_free(key);
}

void presence_smime_init(Presence *presence)
{
    const PresenceConfig *config = &presence->config;
    presence->smime =
        (SmimeEnd){ .sim = presence->sim, .node = config->name, .policy = config->smime, .own = config->credentials };
    presence->keys = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, key_free);
}

void presence_smime_clear(Presence *presence)
{
    g_hash_table_destroy(presence->keys);
}

bool presence_uses_smime(const Presence *presence)
{
    return presence->config.smime.mode != SMIME_NONE;
}

const SmimeWork *presence_smime_work(const Presence *presence)
{
    return &presence->smime.work;
}

static const char *name_of(const Presence *presence)
{
    return presence->config.name;
}

/* --- the keyring --- */

static Cert *copy_of(const Cert *cert)
{
    size_t len;
    const uint8_t *der = cert_der(cert, &len);
    return cert_from_der(der, len);
}

static CertName user_name(const char *uri)
{
    return (CertName){ CERT_NAME_URI, uri };
}

/* @cert: taken.  What is there already stays. */
static void keep_certificate(UserKey *key, Cert *cert, const char *how)
{
    Presence *presence = key->presence;
    if (key->state == KEY_KNOWN) {
        cert_free(cert);
        return;
    }
    key->cert = cert;
    key->state = KEY_KNOWN;
    trace_decision(presence->sim, name_of(presence), "ps-takes-certificate", CLAUSE_KEYS,
                   "takes the certificate of %s for %s: %s%s", cert_subject(cert), key->uri, how,
                   presence->config.smime.ignores_names ? ", and does not look whose it is" : "");
}

static void look_up(UserKey *key)
{
    Presence *presence = key->presence;
    const Cert *cert =
        presence->config.user_cert != NULL ? presence->config.user_cert(presence->config.ctx, key->uri) : NULL;
    key->state = KEY_NONE;
    if (cert != NULL && smime_judge(&presence->smime, cert, user_name(key->uri)) == SMIME_OK)
        keep_certificate(key, copy_of(cert), "it was provisioned");
}

static UserKey *key_of(Presence *presence, const char *uri)
{
    UserKey *key = g_hash_table_lookup(presence->keys, uri);
    if (key == NULL) {
        size_t len = strlen(uri);
        key = g_malloc0(sizeof *key + len + 1);
        key->presence = presence;
        key->waiting = g_ptr_array_new();
        memcpy(key->uri, uri, len);
        g_hash_table_insert(presence->keys, key->uri, key);
    }
    if (key->state == KEY_UNKNOWN && presence->config.smime.source == SMIME_CACHED)
        look_up(key);
    return key;
}

/* --- asking for a certificate --- */

/* An unsigned tunnel has no place for a certificate. */
static bool asks(const SmimePolicy *policy)
{
    return policy->source == SMIME_FETCHED ||
           (policy->source == SMIME_INCLUDED && policy->mode == SMIME_TUNNEL && !policy->sign);
}

void presence_smime_forget(Subscription *sub)
{
    Presence *presence = sub->presentity->presence;
    if (!sub->waits)
        return;
    sub->waits = false;
    g_ptr_array_remove(key_of(presence, sub_z(sub, SUB_WATCHER))->waiting, sub);
}

static void resume(UserKey *key)
{
    g_autoptr(GPtrArray) waiting = key->waiting;
    bool reconsider = key->state == KEY_NONE && key->presence->config.policy.smime_is_confidential;

    key->waiting = g_ptr_array_new();
    for (guint i = 0; i < waiting->len; i++)
        ((Subscription *)waiting->pdata[i])->waits = false;
    for (guint i = 0; i < waiting->len; i++) {
        Subscription *sub = waiting->pdata[i];
        if (key->state == KEY_KNOWN || sub->fetch || key->presence->config.smime.clear_without)
            sub_notify_at_once(sub);
        if (reconsider && sub->package == PACKAGE_PRESENCE && sub->state == SUB_ACTIVE)
            presence_reconsider(sub);
    }
}

static void on_options(void *ctx, SipClientTx *tx, const SipMsg *response, const char *why)
{
    UserKey *key = ctx;
    Presence *presence = key->presence;
    SmimePeer peer = { .name = user_name(key->uri) };
    Cert *cert = NULL;

    if (response != NULL && response->status < 200)
        return;
    key->tx = NULL;
    SmimeResult result = SMIME_NO_CERTIFICATE;
    if (response != NULL && response->status < 300)
        result = smime_take_certificate(&presence->smime, response, &peer, &cert, &why);
    else if (response != NULL)
        why = sim_text(presence->sim, "OPTIONS got %u", response->status);
    if (result == SMIME_OK) {
        keep_certificate(key, cert, "it came with the answer to OPTIONS");
    } else {
        trace_drop(presence->sim, name_of(presence), sim_text(presence->sim, "smime-%s", smime_result_name(result)),
                   "no certificate of %s: %s", key->uri, why);
        if (key->state == KEY_ASKED) /* it may have come with a request meanwhile */
            key->state = KEY_NONE;
    }
    resume(key);
}

static size_t write_options(const UserKey *key, const char *route, char *out, size_t cap)
{
    const Presence *presence = key->presence;
    char call_id[17], tag[PRESENCE_TAG_LEN + 1];
    SipWriter w;

    /* other users' certificates change nothing here */
    SimStream stream =
        sim_stream(presence->sim, name_of(presence), sim_text(presence->sim, "options %s", key->uri), key->n_asked);
    sim_random_token(presence->sim, &stream, call_id, sizeof call_id - 1);
    sim_random_token(presence->sim, &stream, tag, sizeof tag - 1);
    sip_write_init(&w, out, cap);
    sip_write_request_line(&w, TEXT("OPTIONS"), text_from(key->uri));
    sip_write_header_uint(&w, "Max-Forwards", 70);
    if (route != NULL)
        sip_write_header(&w, "Route", text_from(route));
    sip_write_header(&w, "From", text_from(sim_text(presence->sim, "<sip:%s>;tag=%s", presence->config.domain, tag)));
    sip_write_header(&w, "To", text_from(sim_text(presence->sim, "<%s>", key->uri)));
    sip_write_header(&w, "Call-ID", text_from(call_id));
    sip_write_header(&w, "CSeq", TEXT("1 OPTIONS"));
    sip_write_header(&w, "Accept", TEXT(MIME_PKCS7));
    return sip_write_end(&w, TEXT_NONE);
}

/* By the S-CSCF that his subscription came by; without one, where his URI leads. */
static void ask(UserKey *key, const Subscription *sub)
{
    Presence *presence = key->presence;
    SipValues it;
    Text value;
    SipNameAddr route;
    SipFlow to;

    sip_values_text(&it, text_from(sub->routes));
    bool has_route = sip_values_next(&it, &value) && sip_nameaddr_decode(value, &route);
    key->state = KEY_NONE;
    key->n_asked++;
    if (!routing_resolve(presence->config.directory, has_route ? route.uri : text_from(key->uri), &to))
        return;
    size_t cap = 1024 + 2 * strlen(key->uri) + (has_route ? value.len : 0) + strlen(presence->config.domain);
    char *octets = sim_alloc(presence->sim, cap);
    size_t len = write_options(key, has_route ? sim_text(presence->sim, TEXT_FMT, TEXT_ARG(value)) : NULL, octets, cap);
    g_assert(len > 0);
    trace_decision(presence->sim, name_of(presence), "ps-asks-certificate", CLAUSE_KEYS,
                   "asks %s for his certificate: there is none on the keyring", key->uri);
    sip_endpoint_seed(presence->endpoint, table_hash(key->uri, strlen(key->uri), key->n_asked));
    key->state = KEY_ASKED;
    key->tx = sip_send_request(presence->endpoint, &to, octets, len, false, on_options, key);
}

/* --- the way of a NOTIFY --- */

bool presence_smime_confidential(Presence *presence, const char *watcher)
{
    const SmimePolicy *policy = &presence->config.smime;
    if (!presence->config.policy.smime_is_confidential || !presence_uses_smime(presence) ||
        (policy->sign && presence->config.credentials.cert == NULL))
        return false;
    UserKey *key = key_of(presence, watcher);
    return key->state == KEY_KNOWN || (asks(policy) && key->state != KEY_NONE);
}

static NotifyWay without(const Subscription *sub, const char *why)
{
    Presence *presence = sub->presentity->presence;
    bool leg = presence->config.policy.smime_is_confidential && sub->indicated;

    if (leg || presence->config.smime.clear_without) {
        trace_decision(presence->sim, name_of(presence), "ps-smime-clear", CLAUSE_OPTION,
                       "notifies %s without S/MIME: %s%s", sub_z(sub, SUB_WATCHER), why,
                       leg ? ", and his leg is indicated as protected" : "");
        return NOTIFY_CLEAR;
    }
    trace_decision(presence->sim, name_of(presence), "ps-smime-without", CLAUSE_OPTION,
                   "notifies %s without a document: %s", sub_z(sub, SUB_WATCHER), why);
    return NOTIFY_WITHOUT;
}

static NotifyWay wait_for(UserKey *key, Subscription *sub)
{
    if (!sub->waits)
        g_ptr_array_add(key->waiting, sub);
    sub->waits = true;
    /* RFC 3265 §3.1.6.2 wants a NOTIFY at once; the only one of a fetch is worth waiting for */
    return sub->fetch ? NOTIFY_HOLD : NOTIFY_WITHOUT;
}

NotifyWay presence_smime_way(Subscription *sub, bool document)
{
    Presence *presence = sub->presentity->presence;
    const SmimePolicy *policy = &presence->config.smime;

    if (!presence_uses_smime(presence) || (!document && policy->mode != SMIME_TUNNEL))
        return NOTIFY_CLEAR;
    if (policy->sign && presence->config.credentials.cert == NULL)
        return without(sub, "the server has no certificate of its own");
    UserKey *key = key_of(presence, sub_z(sub, SUB_WATCHER));
    if (key->state == KEY_UNKNOWN && asks(policy))
        ask(key, sub);
    switch (key->state) {
    case KEY_KNOWN: return NOTIFY_PROTECTED;
    case KEY_ASKED: return wait_for(key, sub);
    case KEY_UNKNOWN:
    case KEY_NONE: break;
    }
    return without(sub, "there is no certificate of his");
}

/* What is enveloped grows by some hundred octets: a declaration that says what is so without it (XML 1.0 §2.8) is left
 * out, and a short document still fits a datagram. */
Text presence_smime_short(Text document)
{
    static const char declaration[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    return text_starts(document, declaration) ? text_after(document, sizeof declaration - 1) : document;
}

bool presence_smime_protect(Subscription *sub, Text inner, Text type, Text document, SmimeBody *out)
{
    Presence *presence = sub->presentity->presence;
    SmimeContent content = { .type = type,
                             .body = document,
                             .inner = inner,
                             .about =
                                 sim_text(presence->sim, "%s %s", sub_z(sub, SUB_CALL_ID), sub_z(sub, SUB_LOCAL_TAG)),
                             .number = sub->local_cseq,
                             .with_certificate = presence->config.smime.source == SMIME_INCLUDED };
    return smime_protect(&presence->smime, &content, key_of(presence, sub_z(sub, SUB_WATCHER))->cert, out);
}

void presence_smime_undecipherable(Subscription *sub)
{
    Presence *presence = sub->presentity->presence;
    UserKey *key = presence_uses_smime(presence) ? key_of(presence, sub_z(sub, SUB_WATCHER)) : NULL;
    if (key == NULL || key->state != KEY_KNOWN || presence->config.smime.source == SMIME_CACHED)
        return;
    g_clear_pointer(&key->cert, cert_free);
    key->state = KEY_UNKNOWN;
}

/* --- what requests bring --- */

bool presence_smime_publish(Presentity *presentity, SipServerTx *tx, const SipMsg *msg, bool indicated, Text *type,
                            Text *document)
{
    Presence *presence = presentity->presence;
    const SmimePolicy *policy = &presence->config.smime;
    g_auto(SmimeOpened) opened = { 0 };

    *type = sip_value(msg, SIP_H_CONTENT_TYPE);
    *document = msg->body;
    if (!presence_uses_smime(presence))
        return true;
    UserKey *key = key_of(presence, presentity->uri);
    SmimePeer peer = { .name = user_name(presentity->uri), .known = key->cert, .newest = presentity->newest };
    SmimeResult result = smime_open(&presence->smime, msg, &peer, &opened);
    bool leg = result == SMIME_CLEAR && presence->config.policy.smime_is_confidential && indicated;
    if (!leg && !smime_accepts(policy, result)) {
        smime_refuse(&presence->smime, tx, result, opened.why);
        return false;
    }
    if (result != SMIME_OK)
        trace_decision(presence->sim, name_of(presence), "ps-smime-takes-clear", CLAUSE_OPTION,
                       "takes PUBLISH of %s without S/MIME: %s", presentity->uri, opened.why);
    if (result == SMIME_OK && opened.signer != NULL && key->state != KEY_KNOWN && policy->source != SMIME_CACHED)
        keep_certificate(key, g_steal_pointer(&opened.signer), "it came with PUBLISH");
    presentity->newest = MAX(presentity->newest, opened.version);
    *type = opened.type;
    *document = opened.body;
    return true;
}

/* SMIME_INCLUDED: his certificate, in an identity body.  One that is not good is not kept. */
static void take_identity(Presence *presence, const SipMsg *msg, const char *watcher)
{
    UserKey *key = key_of(presence, watcher);
    SmimePeer peer = { .name = user_name(watcher) };
    Cert *cert = NULL;
    const char *why;

    if (key->state == KEY_KNOWN || msg->body.len == 0)
        return;
    SmimeResult result = smime_take_certificate(&presence->smime, msg, &peer, &cert, &why);
    if (result == SMIME_OK)
        keep_certificate(key, cert, "it came with SUBSCRIBE");
    else
        trace_drop(presence->sim, name_of(presence), sim_text(presence->sim, "smime-%s", smime_result_name(result)),
                   "no certificate of %s: %s", watcher, why);
}

/* The tunnel of SUBSCRIBE proves its Contact and Event (AT-37). */
static bool take_tunnel(Presence *presence, SipServerTx *tx, const SipMsg *msg, const char *watcher)
{
    UserKey *key = key_of(presence, watcher);
    SmimePeer peer = { .name = user_name(watcher), .known = key->cert };
    g_auto(SmimeOpened) opened = { 0 };
    SmimeResult result = smime_open(&presence->smime, msg, &peer, &opened);

    if (!smime_accepts(&presence->config.smime, result)) {
        smime_refuse(&presence->smime, tx, result, opened.why);
        return false;
    }
    if (result == SMIME_OK && opened.signer != NULL && key->state != KEY_KNOWN &&
        presence->config.smime.source != SMIME_CACHED)
        keep_certificate(key, g_steal_pointer(&opened.signer), "it came with SUBSCRIBE");
    return true;
}

bool presence_smime_subscribe(Presence *presence, SipServerTx *tx, const SipMsg *msg, const char *watcher)
{
    const SmimePolicy *policy = &presence->config.smime;

    if (!presence_uses_smime(presence))
        return true;
    UserKey *key = key_of(presence, watcher);
    if (key->state == KEY_NONE && asks(policy)) /* he comes again: so do we */
        key->state = KEY_UNKNOWN;
    if (policy->source == SMIME_INCLUDED && policy->mode == SMIME_BODY)
        take_identity(presence, msg, watcher);
    return policy->mode != SMIME_TUNNEL || take_tunnel(presence, tx, msg, watcher);
}

void presence_smime_options(Presence *presence, SipServerTx *tx)
{
    smime_respond(&presence->smime, tx, 200,
                  "Allow: PUBLISH, SUBSCRIBE, OPTIONS\r\nAccept: application/pidf+xml, " MIME_PKCS7 "\r\n");
}

static bool includes(const Presence *presence)
{
    return presence_uses_smime(presence) && presence->config.smime.source == SMIME_INCLUDED;
}

bool presence_smime_respond(Presence *presence, SipServerTx *tx, unsigned status, const char *extra)
{
    if (includes(presence))
        smime_respond(&presence->smime, tx, status, extra);
    return includes(presence);
}

bool presence_smime_answer(Presence *presence, const SipMsg *request, SmimeBody *body)
{
    return includes(presence) && smime_answer(&presence->smime, request, body);
}
