/*
 * nodes/presence.c - the Presence Server: construction, what arrives, who asks, the presentity's rules.
 *
 * Source:  RFC 3903, RFC 3265, RFC 3856; RFC 3325 §5 (asserted identities), RFC 3323 §4.2 (Privacy); SA3 discussion
 * paper §2 (S3), option 1.
 */
#include "nodes/presence_private.h"
#include "nodes/cscf.h"
#include "nodes/msg/sip_uri.h"

/* --- who --- */

bool presence_canonical(Text text, char out[PRESENCE_URI_MAX])
{
    SipUri uri;
    size_t len = sip_uri(text, &uri) ? sip_uri_canonical(&uri, out, PRESENCE_URI_MAX - 1) : 0;
    out[len] = '\0';
    return len > 0 && strlen(out) == len;
}

/* RFC 3323 §4.2: values between semicolons; none excludes the others. */
static bool wants_anonymity(const SipMsg *msg)
{
    bool anonymous = false;
    for (const SipHeader *header = sip_first(msg, SIP_H_PRIVACY); header != NULL; header = sip_next(msg, header)) {
        Text rest = header->value, value;
        while (text_cut(&rest, ';', &value)) {
            value = text_trim(value);
            if (text_is_nocase(value, "none"))
                return false;
            anonymous |= text_is_nocase(value, "id") || text_is_nocase(value, "user");
        }
    }
    return anonymous;
}

void presence_identify(const Presence *presence, const SipMsg *msg, Identity *out)
{
    SipValues it;
    Text value;
    SipNameAddr addr;

    out->n = 0;
    out->anonymous = wants_anonymity(msg);
    sip_values(&it, msg, presence->config.policy.trusts_from ? SIP_H_FROM : SIP_H_P_ASSERTED_IDENTITY);
    while (out->n < G_N_ELEMENTS(out->uri) && sip_values_next(&it, &value))
        if (sip_nameaddr_decode(value, &addr) && presence_canonical(addr.uri, out->uri[out->n]))
            out->n++;
}

bool presence_identity_is(const Identity *identity, const char *uri)
{
    for (unsigned i = 0; i < identity->n; i++)
        if (strcmp(identity->uri[i], uri) == 0)
            return true;
    return false;
}

/* --- which presentity --- */

Presentity *presence_find(const Presence *presence, const char *uri)
{
    uint64_t hash = table_hash(uri, strlen(uri), 0);
    for (Linked *at = table_first(&presence->presentities, hash); at != NULL; at = at->next) {
        Presentity *presentity = (Presentity *)at;
        if (at->hash == hash && strcmp(presentity->uri, uri) == 0)
            return presentity;
    }
    return NULL;
}

static Presentity *presentity_of(Presence *presence, const char *uri)
{
    size_t len = strlen(uri);
    Presentity *presentity = presence_find(presence, uri);
    if (presentity != NULL)
        return presentity;
    presentity = g_malloc0(sizeof *presentity + len + 1);
    presentity->presence = presence;
    memcpy(presentity->uri, uri, len);
    table_add(&presence->presentities, &presentity->link, table_hash(uri, len, 0));
    *(presence->last != NULL ? &presence->last->next : &presence->first) = presentity;
    presence->last = presentity;
    return presentity;
}

Presentity *presence_presentity(Presence *presence, Text text)
{
    char key[PRESENCE_URI_MAX];
    SipUri uri;
    if (!sip_uri(text, &uri) || !text_is_nocase(uri.host, presence->config.home_domain) || !text_present(uri.user) ||
        !presence_canonical(text, key))
        return NULL;
    return presentity_of(presence, key);
}

/* --- shared texts --- */

typedef struct Shared {
    uint32_t users;
    char text[];
} Shared;

const char *presence_share(Presence *presence, const char *text)
{
    Shared *shared = g_hash_table_lookup(presence->shared, text);
    if (shared == NULL) {
        size_t size = strlen(text) + 1;
        shared = g_malloc0(sizeof *shared + size);
        memcpy(shared->text, text, size);
        g_hash_table_insert(presence->shared, shared->text, shared);
    }
    shared->users++;
    return shared->text;
}

void presence_unshare(Presence *presence, const char *text)
{
    Shared *shared = g_hash_table_lookup(presence->shared, text);
    if (--shared->users == 0)
        g_hash_table_remove(presence->shared, text);
}

/* --- the indication --- */

bool presence_indicated(const SipMsg *msg, bool otherwise)
{
    const SipHeader *header = sip_find(msg, INDICATION_HEADER);
    return header != NULL ? text_is_nocase(header->value, "yes") : otherwise;
}

bool presence_lacks_indication(Presence *presence, const SipMsg *msg, const char *who, bool indicated)
{
    if (!presence->config.policy.requires_indication || indicated)
        return false;
    trace_decision(presence->sim, presence->config.name, "ps-requires-indication",
                   "SA3 discussion paper §2, option 1 (S3)",
                   "refuses " TEXT_FMT " of %s: no indication of confidentiality protection came with it",
                   TEXT_ARG(msg->method_text), who);
    return true;
}

/* --- what arrives --- */

/* RFC 3261 §8.2.2.3: we support no extension that could be required. */
static bool requires_something(Presence *presence, SipServerTx *tx, const SipMsg *msg)
{
    if (!sip_has(msg, SIP_H_REQUIRE))
        return false;
    g_autofree char *wanted = routing_join(msg, SIP_H_REQUIRE, ", ");
    if (wanted[0] == '\0')
        return false;
    sip_respond_status(tx, 420, NULL, sim_text(presence->sim, "Unsupported: %s\r\n", wanted));
    return true;
}

static void on_request(void *node, SipServerTx *tx, const SipMsg *msg, const SipFlow *from)
{
    Presence *presence = node;
    if (!directory_has(presence->config.directory, &from->addr)) { /* not a neighbour inside NDS */
        sip_server_drop(tx, "sip-stranger");
        return;
    }
    if (requires_something(presence, tx, msg))
        return;
    if (msg->method == SIP_PUBLISH)
        presence_publish(presence, tx, msg);
    else if (msg->method == SIP_SUBSCRIBE)
        presence_subscribe(presence, tx, msg);
    else if (msg->method == SIP_OPTIONS && presence_uses_smime(presence))
        presence_smime_options(presence, tx);
    else
        sip_respond_status(tx, 405, NULL, "Allow: PUBLISH, SUBSCRIBE\r\n");
}

/* --- the presentity's rules --- */

static void set_rules_timer(Presentity *presentity);

static void on_rules_change(Sim *sim, void *ctx, uint64_t arg)
{
    Presentity *presentity = ctx;
    presentity->rules_timer = 0;
    presence_reauthorize(presentity);
    set_rules_timer(presentity);
}

/* A validity condition (RFC 4745 §7.3) begins or ends. */
static void set_rules_timer(Presentity *presentity)
{
    Presence *presence = presentity->presence;
    sim_cancel(presence->sim, presentity->rules_timer);
    presentity->rules_timer = 0;
    if (presentity->rules == NULL || !rules_uses_time(presentity->rules))
        return;
    int64_t now = presence_unix_ms(presence), next = rules_next_change(presentity->rules, now);
    if (next - now > (SIM_NEVER - sim_now(presence->sim)) / SIM_MS - 1)
        return;
    presentity->rules_timer = sim_after(presence->sim, net_host_source(presence->host), (next - now) * SIM_MS,
                                        on_rules_change, presentity, 0);
}

bool presence_set_rules(Presence *presence, const char *uri, const char *document, size_t len, char **error)
{
    g_autoptr(GString) errors = g_string_new(NULL);
    Presentity *presentity = presence_presentity(presence, text_from(uri));
    Rules *rules = NULL;

    if (presentity == NULL)
        g_string_append_printf(errors, "%s: not a user of %s\n", uri, presence->config.home_domain);
    else if (document != NULL)
        rules = rules_parse(document, len, errors);
    if (presentity == NULL || (document != NULL && rules == NULL)) {
        if (error != NULL)
            *error = g_strdup(errors->str);
        return false;
    }
    rules_free(presentity->rules);
    presentity->rules = rules;
    trace_decision(presence->sim, presence->config.name, "ps-takes-rules", "RFC 5025 §3", "takes %u rules of %s",
                   rules != NULL ? rules_count(rules) : 0, presentity->uri);
    presence_document_changed(presentity);
    presence_reauthorize(presentity);
    set_rules_timer(presentity);
    return true;
}

/* --- construction --- */

Presence *presence_new(Net *net, const PresenceConfig *config)
{
    Presence *presence = g_new0(Presence, 1);

    presence->config = *config;
    presence->sim = net_sim(net);
    presence->host = net_host_new(net, config->name, &config->addr);
    presence->cache.text = g_string_new(NULL);
    presence->shared = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    presence_smime_init(presence);
    presence_password_init(presence);
    SipEndpointConfig endpoint = {
        .name = config->name,
        .host = presence->host,
        .via_host = config->domain,
        .timers = &sip_timers_core,
        .tcp_above = CORE_TCP_ABOVE,
        .request = on_request,
        .node = presence,
    };
    presence->endpoint = sip_endpoint_new(&endpoint);
    sip_endpoint_listen(presence->endpoint, SIP_PORT);
    return presence;
}

static void presentity_free(Presentity *presentity)
{
    table_remove(&presentity->presence->presentities, &presentity->link);
    sim_cancel(presentity->presence->sim, presentity->rules_timer);
    while (presentity->publications != NULL) {
        Publication *publication = presentity->publications;
        presentity->publications = publication->next;
        publication_free(publication);
    }
    while (presentity->watchers.first != NULL)
        sub_free(presentity->watchers.first);
    while (presentity->winfo.first != NULL)
        sub_free(presentity->winfo.first);
    rules_free(presentity->rules);
    g_free(presentity->sphere);
    g_free(presentity->log);
    g_free(presentity);
}

void presence_free(Presence *presence)
{
    if (presence == NULL)
        return;
    sip_endpoint_free(presence->endpoint);
    presence->endpoint = NULL;
    for (Presentity *presentity = presence->first, *next; presentity != NULL; presentity = next) {
        next = presentity->next;
        presentity_free(presentity);
    }
    g_hash_table_destroy(presence->shared);
    presence_smime_clear(presence);
    presence_password_clear(presence);
    table_trim(&presence->presentities);
    table_trim(&presence->dialogs);
    g_string_free(presence->cache.text, TRUE);
    g_free(presence);
}

NetHost *presence_host(Presence *presence)
{
    return presence->host;
}
