/*
 * nodes/ue_publish.c - publication at the UE: what its user wants to be known, kept alive by refreshing.
 *
 * Source:  RFC 3903 §4; TS 24.141.
 */
#include "nodes/ue_internal.h"
#include "nodes/msg/pidf.h"
#include "nodes/msg/sip_fields.h"
#include "nodes/msg/xmlsafe.h"

#define PUBLISH_SECONDS 3600

static void publish_next(Ue *ue, bool refresh);

/* Before it lapses: no body, the entity-tag alone (RFC 3903 §4.1). */
static void on_publish_refresh(Sim *sim, void *ctx, uint64_t arg)
{
    Ue *ue = ctx;
    ue->publish.refresh = 0;
    if (ue->publish.tx == NULL && ue->publish.etag != NULL && ue_may_use_presence(ue, "publish", ue->config.impu))
        publish_next(ue, true);
}

static void keep_publication(Ue *ue, const SipMsg *response)
{
    uint32_t granted = sip_expires(response, NULL, ue->publish.seconds);

    g_clear_pointer(&ue->publish.etag, g_free);
    sim_cancel(ue->sim, ue->publish.refresh);
    if (ue->publish.removing || granted == 0)
        return;
    ue->publish.etag = text_dup(sip_value(response, SIP_H_SIP_ETAG));
    ue->publish.refresh =
        sim_after(ue->sim, net_host_source(ue->host), (int64_t)granted * SIM_SEC / 2, on_publish_refresh, ue, 0);
}

/* Whether the answer says how to ask again, RFC 3903 §4.1: without the lost entity-tag, or for longer. */
static bool may_ask_again(Ue *ue, const SipMsg *response)
{
    uint32_t least;

    if (response->status == 412 && ue->publish.etag != NULL) {
        g_clear_pointer(&ue->publish.etag, g_free);
        return ue->publish.note != NULL;
    }
    if (response->status != 423 || !sip_number(response, SIP_H_MIN_EXPIRES, &least) || least <= ue->publish.seconds)
        return false;
    ue->publish.seconds = least;
    return true;
}

static void on_published(void *ctx, SipClientTx *tx, const SipMsg *response, const char *why)
{
    Ue *ue = ctx;
    bool refreshed = ue->publish.refreshing, again = ue->publish.again;

    if (response != NULL && response->status < 200)
        return;
    ue->publish.tx = NULL;
    ue->publish.again = ue->publish.refreshing = false;
    if (response == NULL) {
        ue_outcome(ue, "publish", ue->config.impu, -1, why);
    } else {
        ue_heard(ue, sip_client_response_flow(tx)->sa);
        ue_smime_learn(ue, response);
        if (response->status < 300)
            keep_publication(ue, response);
        else
            again |= may_ask_again(ue, response);
        if (!refreshed || response->status >= 300) {
            ue->counters.published += response->status < 300;
            ue_outcome(ue, "publish", ue->config.impu, (int)response->status,
                       sim_text(ue->sim, TEXT_FMT, TEXT_ARG(response->reason)));
        }
    }
    if (again && (ue->publish.note != NULL || ue->publish.etag != NULL) &&
        ue_may_use_presence(ue, "publish", ue->config.impu))
        publish_next(ue, false);
}

static void send_publish(Ue *ue, UeWay way, Text body, int64_t seconds)
{
    if (ue->publish.call_id == NULL)
        ue->publish.call_id = g_strdup(sip_token(ue->endpoint, 16));
    SipWriter lines = ue_writer(ue);
    UeRequest request = { .method = SIP_PUBLISH,
                          .uri = ue_from(ue),
                          .to = ue_from(ue),
                          .from_tag = sip_token(ue->endpoint, 8),
                          .call_id = ue->publish.call_id,
                          .cseq = ++ue->publish.cseq };
    sip_write_header(&lines, "Event", TEXT("presence"));
    sip_write_header_uint(&lines, "Expires", (uint64_t)seconds);
    if (ue->publish.etag != NULL)
        sip_write_header(&lines, "SIP-If-Match", text_from(ue->publish.etag));
    ue->publish.tx = ue_smime_send(ue, way, &request, &lines, body.len > 0 ? PIDF_MIME : NULL, body, on_published, ue);
}

/* As a handset of several services tells of its user. */
static unsigned rich_tuples(Ue *ue, PidfTuple *tuples)
{
    char *now = sim_alloc(ue->sim, XMLSAFE_TIME_MAX);
    Text timestamp = xmlsafe_time_text(sim_unix_time(ue->sim) * 1000, now), uri = text_from(ue_from(ue));
    tuples[0].contact = uri;
    tuples[0].priority = TEXT("0.8");
    tuples[0].timestamp = timestamp;
    tuples[1] = (PidfTuple){ .id = text_from(sim_text(ue->sim, "%sm", ue->publish.tuple_id)),
                             .basic = tuples[0].basic,
                             .contact = uri,
                             .priority = TEXT("0.5"),
                             .note = TEXT("messages are read when there is time"),
                             .timestamp = timestamp };
    return 2;
}

static Text write_document(Ue *ue)
{
    PidfTuple tuples[2] = { { .id = text_from(ue->publish.tuple_id),
                              .basic = ue->publish.open ? PIDF_OPEN : PIDF_CLOSED,
                              .note = text_from(ue->publish.note) } };
    unsigned n = ue->config.policy.rich_documents ? rich_tuples(ue, tuples) : 1;
    size_t cap = 1024 + 6 * (strlen(ue->publish.note) + 3 * strlen(ue_from(ue))); /* "&quot;": the longest escape */
    char *body = sim_alloc(ue->sim, cap);
    /* what is enveloped grows by some hundred octets: without layout a short one still fits a datagram */
    size_t len = ue_uses_smime(ue) && !ue->config.policy.rich_documents
                     ? pidf_write_compact(text_from(ue_from(ue)), tuples, n, body, cap)
                     : pidf_write(text_from(ue_from(ue)), tuples, n, body, cap);
    g_assert(len > 0);
    return text_of(body, len);
}

/* What its user wants now: the newest document, or none. */
static void publish_next(Ue *ue, bool refresh)
{
    bool removing = ue->publish.note == NULL;
    UeWay way = ue_smime_way(ue, SIP_PUBLISH, !removing && !refresh, "publish", ue->config.impu);

    ue->publish.waits = way == UE_WAY_WAIT;
    if (way == UE_WAY_WAIT || way == UE_WAY_REFUSED)
        return;
    ue->publish.removing = removing;
    ue->publish.refreshing = refresh;
    if (removing)
        send_publish(ue, way, TEXT_NONE, 0);
    else
        send_publish(ue, way, refresh ? TEXT_NONE : write_document(ue), ue->publish.seconds);
}

void ue_publish_resume(Ue *ue)
{
    if (ue->publish.waits && ue->publish.tx == NULL && (ue->publish.note != NULL || ue->publish.etag != NULL))
        publish_next(ue, false);
    ue->publish.waits = false;
}

/* One at a time: the next needs the entity-tag that the last one brings (RFC 3903 §4.1). */
static void publish_soon(Ue *ue)
{
    if (ue->publish.tx != NULL)
        ue->publish.again = true;
    else
        publish_next(ue, false);
}

void ue_publish(Ue *ue, bool open, const char *note)
{
    if (!ue_may_use_presence(ue, "publish", ue->config.impu))
        return;
    if (ue->publish.tuple_id == NULL)
        ue->publish.tuple_id = g_strdup_printf("t%s", sip_token(ue->endpoint, 6));
    if (ue->publish.seconds == 0)
        ue->publish.seconds = PUBLISH_SECONDS;
    ue->publish.open = open;
    g_free(ue->publish.note);
    ue->publish.note = g_strdup(note);
    publish_soon(ue);
}

void ue_unpublish(Ue *ue)
{
    bool nothing = ue->publish.etag == NULL && ue->publish.tx == NULL && !ue->publish.waits;
    if (nothing || !ue_may_use_presence(ue, "publish", ue->config.impu))
        return;
    g_clear_pointer(&ue->publish.note, g_free);
    if (ue->publish.etag != NULL || ue->publish.tx != NULL) /* else nothing has left yet */
        publish_soon(ue);
}

void ue_publish_clear(Ue *ue)
{
    if (ue->publish.tx != NULL)
        sip_client_forget(ue->publish.tx);
    ue->publish.tx = NULL;
    ue->publish.again = ue->publish.waits = false;
    sim_cancel(ue->sim, ue->publish.refresh);
    g_clear_pointer(&ue->publish.etag, g_free);
    g_clear_pointer(&ue->publish.note, g_free);
}
