/*
 * nodes/presence_publish.c - publications: PUBLISH, entity-tags, expiry.
 *
 * Source:  RFC 3903 §6 (the steps, in its order); R2 of S4: only the presentity supplies presence information.
 */
#include "nodes/presence_private.h"
#include "nodes/msg/mime.h"

/* --- the list --- */

void publication_free(Publication *publication)
{
    sim_cancel(publication->presentity->presence->sim, publication->expiry);
    g_free(publication);
}

static Publication **find_publication(Presentity *presentity, Text etag)
{
    Publication **at = &presentity->publications;
    while (*at != NULL && !text_is(etag, (*at)->etag))
        at = &(*at)->next;
    return at;
}

static void trace_publication(const Presentity *presentity, const char *publisher, const char *etag, Text document)
{
    Presence *presence = presentity->presence;
    if (!trace_enabled(presence->sim))
        return;
    trace_add(presence->sim,
              &(TraceRecord){ .kind = TRACE_PUBLICATION,
                              .node = presence->config.name,
                              .publication = { .publisher = publisher,
                                               .presentity = presentity->uri,
                                               .etag = etag,
                                               .document = sim_text(presence->sim, TEXT_FMT, TEXT_ARG(document)) } });
}

static void publish_changed(Presentity *presentity)
{
    presence_document_changed(presentity);
    if (presentity->rules != NULL) /* the sphere may be another one */
        presence_reauthorize(presentity);
    for (Subscription *sub = presentity->watchers.first; sub != NULL; sub = sub->next) {
        RulesDecision decision;
        if (sub->state != SUB_ACTIVE || !sub->has_dialog)
            continue;
        presence_evaluate(sub, &decision);
        if (decision.handling == RULES_ALLOW)
            sub_notify(sub, true);
    }
}

static void remove_publication(Publication **at, const char *publisher)
{
    Publication *publication = *at;
    Presentity *presentity = publication->presentity;

    *at = publication->next;
    trace_publication(presentity, publisher, publication->etag, TEXT(""));
    publication_free(publication);
    publish_changed(presentity);
}

static void on_expiry(Sim *sim, void *ctx, uint64_t arg)
{
    Publication *publication = ctx;
    Publication **at = &publication->presentity->publications;

    publication->expiry = 0;
    while (*at != publication)
        at = &(*at)->next;
    remove_publication(at, publication->presentity->uri);
}

static void set_expiry(Publication *publication, int64_t seconds)
{
    Presence *presence = publication->presentity->presence;
    sim_cancel(presence->sim, publication->expiry);
    publication->expiry =
        sim_after(presence->sim, net_host_source(presence->host), seconds * SIM_SEC, on_expiry, publication, 0);
}

/* --- PUBLISH --- */

typedef struct Publish {
    Presence *presence;
    SipServerTx *tx;
    const SipMsg *msg;
    Presentity *presentity;
    const char *publisher;
    Text type, body;       /* as they were published, deciphered */
    Publication **matched; /* what SIP-If-Match names; NULL without it */
    int64_t seconds;
} Publish;

/* Locally unique (RFC 3903 §6 step 3), from the message alone. */
static void set_etag(const Publish *publish, Publication *publication)
{
    Sim *sim = publish->presence->sim;
    for (unsigned n = 0;; n++) {
        const char *etag = routing_token(sim, publish->presence->config.name, publish->msg, sim_text(sim, "etag %u", n),
                                         PRESENCE_ETAG_LEN);
        if (*find_publication(publish->presentity, text_from(etag)) == NULL) {
            memcpy(publication->etag, etag, sizeof publication->etag);
            return;
        }
    }
}

static void respond(const Publish *publish, const char *etag, int64_t seconds)
{
    const char *lines =
        sim_text(publish->presence->sim, "SIP-ETag: %s\r\nExpires: %" G_GINT64_FORMAT "\r\n", etag, seconds);
    if (!presence_smime_respond(publish->presence, publish->tx, 200, lines))
        sip_respond_status(publish->tx, 200, "OK", lines);
}

/* Put the body in the place of the matched publication, or at the end. */
static Publication *store(const Publish *publish, bool names_presentity)
{
    Text body = publish->body;
    Publication *publication = g_malloc0(sizeof *publication + body.len);

    publication->presentity = publish->presentity;
    publication->len = body.len;
    publication->names_presentity = names_presentity;
    memcpy(publication->document, body.p, body.len);
    set_etag(publish, publication);
    Publication **at = publish->matched != NULL ? publish->matched : find_publication(publish->presentity, TEXT(""));
    Publication *before = *at;
    if (before != NULL) {
        publication->next = before->next;
        publication_free(before);
    }
    *at = publication;
    return publication;
}

static void publish_body(const Publish *publish)
{
    g_autoptr(Pidf) pidf = NULL;
    char entity[PRESENCE_URI_MAX];
    Text body = publish->body;

    if (!mime_is(publish->type, PIDF_MIME)) {
        sip_respond_status(publish->tx, 415, NULL, "Accept: " PIDF_MIME "\r\n");
        return;
    }
    PidfResult result = pidf_parse(body.p, body.len, &pidf, NULL);
    if (result != PIDF_OK) {
        trace_drop(publish->presence->sim, publish->presence->config.name, "pidf-bad", "%s", pidf_result_text(result));
        sip_respond_status(publish->tx, 400, NULL, NULL);
        return;
    }
    if (publish->seconds == 0) { /* an initial one that is over at once */
        respond(publish,
                routing_token(publish->presence->sim, publish->presence->config.name, publish->msg, "etag",
                              PRESENCE_ETAG_LEN),
                0);
        return;
    }
    bool named = presence_canonical(pidf_entity(pidf), entity) && strcmp(entity, publish->presentity->uri) == 0;
    Publication *publication = store(publish, named);
    set_expiry(publication, publish->seconds);
    trace_publication(publish->presentity, publish->publisher, publication->etag, body);
    respond(publish, publication->etag, publish->seconds);
    publish_changed(publish->presentity);
}

static void refresh(const Publish *publish)
{
    Publication *publication = *publish->matched;
    set_etag(publish, publication);
    set_expiry(publication, publish->seconds);
    trace_publication(publish->presentity, publish->publisher, publication->etag,
                      text_of(publication->document, publication->len));
    respond(publish, publication->etag, publish->seconds);
}

static void withdraw(const Publish *publish)
{
    respond(publish, (*publish->matched)->etag, 0);
    remove_publication(publish->matched, publish->publisher);
}

/* RFC 3903 §6 steps 3 to 5. */
static void apply(Publish *publish)
{
    Text etag = sip_value(publish->msg, SIP_H_SIP_IF_MATCH);
    bool conditional = text_present(etag);

    if (conditional && (etag.len == 0 || text_find(etag, ',') < etag.len ||
                        sip_next(publish->msg, sip_first(publish->msg, SIP_H_SIP_IF_MATCH)))) {
        sip_respond_status(publish->tx, 400, NULL, NULL);
        return;
    }
    publish->matched = conditional ? find_publication(publish->presentity, etag) : NULL;
    if (conditional && *publish->matched == NULL) {
        sip_respond_status(publish->tx, 412, NULL, NULL);
        return;
    }
    uint32_t asked = sip_expires(publish->msg, NULL, PRESENCE_EXPIRES);
    if (asked > 0 && asked < PRESENCE_PUBLISH_MIN) {
        sip_respond_status(publish->tx, 423, NULL,
                           sim_text(publish->presence->sim, "Min-Expires: %d\r\n", PRESENCE_PUBLISH_MIN));
        return;
    }
    publish->seconds = MIN(asked, PRESENCE_EXPIRES_MAX);
    if (conditional && publish->seconds == 0)
        withdraw(publish);
    else if (publish->body.len > 0)
        publish_body(publish);
    else if (conditional)
        refresh(publish);
    else
        sip_respond_status(publish->tx, 400, NULL, NULL);
}

/* R2: nobody but the presentity. */
static bool may_publish(Presence *presence, const Identity *identity, const Presentity *presentity)
{
    bool may = presence_identity_is(identity, presentity->uri);
    trace_decision(presence->sim, presence->config.name, "ps-authorizes-publish", "RFC 3903 §6",
                   "%s PUBLISH of %s for %s", may ? "takes" : "refuses",
                   identity->n > 0 ? identity->uri[0] : "nobody known", presentity->uri);
    return may;
}

void presence_publish(Presence *presence, SipServerTx *tx, const SipMsg *msg)
{
    Publish publish = { .presence = presence, .tx = tx, .msg = msg };
    Identity identity;
    SipEvent event;

    publish.presentity = presence_presentity(presence, msg->uri);
    if (publish.presentity == NULL) {
        sip_respond_status(tx, 404, NULL, NULL);
        return;
    }
    if (!sip_event(msg, &event) || !text_is(event.package, "presence")) {
        sip_respond_status(tx, 489, NULL, "Allow-Events: presence\r\n");
        return;
    }
    presence_identify(presence, msg, &identity);
    publish.publisher = publish.presentity->uri;
    bool indicated = presence_indicated(msg, false);
    if (!may_publish(presence, &identity, publish.presentity) ||
        presence_lacks_indication(presence, msg, publish.publisher, indicated)) {
        sip_respond_status(tx, 403, NULL, NULL);
        return;
    }
    if (presence_smime_publish(publish.presentity, tx, msg, indicated, &publish.type, &publish.body))
        apply(&publish);
}
