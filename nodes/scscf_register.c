/*
 * nodes/scscf_register.c - registration at the S-CSCF: which REGISTER is taken, refused or challenged; bindings.
 *
 * Source:  TS 33.203 §6.1.1-§6.1.3; TS 24.229 §5.4.1; TS 29.228 §6.1.2; RFC 3608.  Challenges and what answers them are
 *          in scscf_challenge.c.
 */
#include "nodes/scscf_internal.h"
#include "crypto/hash.h"
#include "nodes/msg/sip_uri.h"
#include "nodes/routing.h"

#define REG_SECONDS_MAX 600000

/* --- asking the HSS --- */

void scscf_ask(Job job, CxMessage *request, DiameterDone done)
{
    Scscf *scscf = job.scscf;
    NetAddr hss;

    request->request = true;
    request->destination_realm = text_from(scscf->config.home_domain);
    request->server_name = text_from(sim_text(scscf->sim, "sip:%s", scscf->config.domain));
    if (!directory_resolve(scscf->config.directory, text_from(scscf->config.hss), &hss)) {
        if (job.tx != NULL)
            sip_respond_status(job.tx, 480, "Temporarily Unavailable", NULL);
        return;
    }
    diameter_request(scscf->peer, &hss, scscf->config.hss, request, done, g_memdup2(&job, sizeof job));
}

CxMessage *scscf_cx_request(Scscf *scscf, CxCommand command, Text impu)
{
    CxMessage *request = sim_alloc(scscf->sim, sizeof *request);
    memset(request, 0, sizeof *request);
    request->command = command;
    request->impu = impu;
    return request;
}

static void on_assigned(void *ctx, const CxMessage *answer);

void scscf_assign(Job job, CxAssignment assignment, Text impu)
{
    CxMessage *sar = scscf_cx_request(job.scscf, CX_SERVER_ASSIGNMENT, impu);
    sar->impi = text_from(job.sub->impi);
    sar->has_assignment = true;
    sar->assignment = job.assignment = assignment;
    sar->has_user_data_available = true;
    sar->user_data_available = job.sub->impus != NULL ? 1 : 0;
    scscf_ask(job, sar, on_assigned);
}

/* --- answering --- */

SipWriter scscf_reply(Scscf *scscf, SipServerTx *tx, unsigned status, size_t extra)
{
    const SipMsg *request = sip_server_request(tx);
    SipWriter w;
    size_t cap = 4096 + request->all.len + extra;
    sip_write_init(&w, sim_alloc(scscf->sim, cap), cap);
    sip_reply_start(&w, request, status, TEXT_NONE,
                    text_from(routing_token(scscf->sim, scscf->config.name, request, "tag", 8)));
    return w;
}

void scscf_finish(SipServerTx *tx, SipWriter *w)
{
    size_t len = sip_write_end(w, TEXT_NONE);
    g_assert(len > 0);
    sip_respond(tx, w->out, len);
}

static Text own_impu(const Subscriber *sub)
{
    return sub->impus != NULL ? text_from(sub->impus[0]) : TEXT_NONE;
}

/* --- SM9, SM10: the answer --- */

static bool auth_param_is_yes(const SipMsg *msg, const char *name)
{
    const SipHeader *authorization = sip_first(msg, SIP_H_AUTHORIZATION);
    Text span;
    return authorization != NULL && sip_auth_param_span(authorization->value, name, &span) &&
           text_find_text(span, TEXT("\"yes\"")) < span.len;
}

/* The P-CSCF's indication (S4 §8.1.2.2 SM8).  Absence means no.  A Release 5 P-CSCF forwards what it does not know, so
 * a UE may have written it (AT-57). */
static bool indicated(Scscf *scscf, const SipMsg *msg)
{
    const ScscfPolicy *policy = &scscf->config.policy;
    SipNameAddr path;
    SipFlow flow;

    if (policy->release < 6 || !auth_param_is_yes(msg, INDICATION_PARAM))
        return false;
    if (!policy->checks_indication_source)
        return true;
    if (!sip_nameaddr(msg, SIP_H_PATH, &path) || !routing_resolve(scscf->config.directory, path.uri, &flow))
        return false;
    for (unsigned i = 0; i < policy->n_release6_pcscfs; i++) {
        NetAddr known;
        if (directory_resolve(scscf->config.directory, text_from(policy->release6_pcscfs[i]), &known) &&
            net_addr_equal(&known, &flow.addr))
            return true;
    }
    trace_decision(scscf->sim, scscf->config.name, "scscf-ignores-indication", "threats AT-57, Q11",
                   "ignores the confidentiality indication: its P-CSCF is not known to be Release 6");
    return false;
}

static void trace_binding(const Subscriber *sub, bool made, const char *contact, int64_t seconds)
{
    if (!trace_enabled(sub->scscf->sim))
        return;
    trace_add(sub->scscf->sim, &(TraceRecord){ .kind = TRACE_REGISTRATION,
                                               .node = sub->scscf->config.name,
                                               .registration = { .made = made,
                                                                 .impi = sub->impi,
                                                                 .impu = sub->impus[0],
                                                                 .contact = contact,
                                                                 .expires = seconds,
                                                                 .integrity = true,
                                                                 .confidentiality = sub->confidentiality } });
}

static void unbind(Subscriber *sub)
{
    if (!sub->registered)
        return;
    sub->registered = false;
    sub->confidentiality = false;
    sim_cancel(sub->scscf->sim, sub->expiry);
    trace_binding(sub, false, sub->contact, 0);
}

static void on_expiry(Sim *sim, void *ctx, uint64_t arg)
{
    Subscriber *sub = ctx;
    unbind(sub);
    scscf_assign((Job){ .scscf = sub->scscf, .sub = sub }, CX_ASSIGN_TIMEOUT_DEREGISTRATION, own_impu(sub));
}

/* Subscribers with the same criteria share them. */
static const CxFilter *shared_filters(Scscf *scscf, const CxUserData *data)
{
    GBytes *set = g_bytes_new(data->filter, data->n_filters * sizeof data->filter[0]);
    GBytes *known = g_hash_table_lookup(scscf->filter_sets, set);
    if (known != NULL)
        g_bytes_unref(set);
    else
        g_hash_table_add(scscf->filter_sets, known = set);
    return g_bytes_get_data(known, NULL);
}

/* As scscf_by_impu() looks it up. */
static char *canonical_impu(const char *impu)
{
    SipUri uri;
    char key[CX_URI_MAX];
    size_t len = sip_uri(text_from(impu), &uri) ? sip_uri_canonical(&uri, key, sizeof key) : 0;
    return len > 0 ? g_strndup(key, len) : g_strdup(impu);
}

/* False: none came and we have none, or it has no identity that may be used. */
static bool take_profile(Subscriber *sub, Text document)
{
    CxUserData *data = sim_alloc(sub->scscf->sim, sizeof *data);
    if (!text_present(document))
        return sub->impus != NULL;
    if (!cx_user_data_parse(document, data, NULL))
        return false;
    for (char **impu = sub->impus; impu != NULL && *impu != NULL; impu++)
        g_hash_table_remove(sub->scscf->by_impu, *impu);
    g_strfreev(sub->impus);
    sub->impus = g_new0(char *, data->n_impus + 1);
    for (unsigned i = 0, n = 0; i < data->n_impus; i++) {
        if (data->barred[i]) /* for registration only: TS 23.003 §13.4B, TS 24.229 §5.4.1.2.2F */
            continue;
        sub->impus[n] = canonical_impu(data->impu[i]);
        g_hash_table_insert(sub->scscf->by_impu, sub->impus[n++], sub);
    }
    sub->filters = shared_filters(sub->scscf, data);
    sub->n_filters = data->n_filters;
    return sub->impus[0] != NULL;
}

static void bind(Job *job, const SipMsg *request)
{
    Subscriber *sub = job->sub;
    SipNameAddr contact;
    bool has = sip_nameaddr(request, SIP_H_CONTACT, &contact);

    g_free(sub->contact);
    g_free(sub->path);
    sub->contact = has ? text_dup(contact.uri) : g_strdup("");
    sub->path = routing_join(request, SIP_H_PATH, ",");
    sub->registered = true;
    sub->confidentiality = job->confidentiality;
    sim_cancel(sub->scscf->sim, sub->expiry);
    sub->expiry = sim_after(sub->scscf->sim, net_host_source(sub->scscf->host), (SimTime)job->seconds * SIM_SEC,
                            on_expiry, sub, 0);
    trace_binding(sub, true, sub->contact, job->seconds);
}

static void write_rspauth(const char *rspauth, const SipMsg *request, SipWriter *w)
{
    SipDigest digest;
    if (rspauth[0] == '\0' || !sip_digest(request, SIP_H_AUTHORIZATION, &digest))
        return;
    sip_write_start(w, "Authentication-Info");
    sip_write_z(w, "qop=auth,rspauth=\"");
    sip_write_z(w, rspauth);
    sip_write_z(w, "\",cnonce=\"");
    sip_write_text(w, digest.cnonce);
    sip_write_z(w, "\",nc=");
    sip_write_text(w, digest.nc);
    sip_write_crlf(w);
}

static void send_ok(Job *job)
{
    Scscf *scscf = job->scscf;
    Subscriber *sub = job->sub;
    const SipMsg *request = sip_server_request(job->tx);
    const char *contact = sub->contact != NULL ? sub->contact : "";
    SipWriter w = scscf_reply(scscf, job->tx, 200, strlen(contact));

    sip_write_copy(&w, request, SIP_H_PATH);
    sip_write_header(&w, "Contact", text_from(sim_text(scscf->sim, "<%s>;expires=%u", contact, job->seconds)));
    if (job->seconds > 0) {
        sip_write_header(&w, "Service-Route",
                         text_from(sim_text(scscf->sim, "<sip:orig@%s;lr>", scscf->config.domain)));
        sip_write_start(&w, "P-Associated-URI");
        for (char **impu = sub->impus; *impu != NULL; impu++) {
            sip_write_z(&w, impu == sub->impus ? "<" : ",<");
            sip_write_z(&w, *impu);
            sip_write_z(&w, ">");
        }
        sip_write_crlf(&w);
    }
    write_rspauth(job->rspauth, request, &w);
    scscf_finish(job->tx, &w);
}

static void on_assigned(void *ctx, const CxMessage *answer)
{
    g_autofree Job *job = ctx;
    Subscriber *sub = job->sub;

    if (job->tx == NULL)
        return;
    if (job->assignment == CX_ASSIGN_AUTHENTICATION_FAILURE) {
        sip_respond_status(job->tx, 403, "Forbidden", NULL);
        return;
    }
    if (answer == NULL || !cx_succeeded(answer) || (job->seconds > 0 && !take_profile(sub, answer->user_data))) {
        sip_respond_status(job->tx, 504, "Server Time-out", NULL);
        return;
    }
    if (job->seconds > 0)
        bind(job, sip_server_request(job->tx));
    else
        unbind(sub);
    send_ok(job);
}

/* @answer: to our challenge, which was right; NULL: there was none. */
static void accept(Subscriber *sub, SipServerTx *tx, const SipMsg *msg, const SipDigest *answer)
{
    SipNameAddr contact, to;
    bool has_contact = sip_nameaddr(msg, SIP_H_CONTACT, &contact), has_to = sip_nameaddr(msg, SIP_H_TO, &to);
    uint32_t most = sub->scscf->config.policy.registration_seconds > 0
                        ? (uint32_t)sub->scscf->config.policy.registration_seconds
                        : REG_SECONDS_MAX;
    uint32_t seconds = sip_expires(msg, has_contact ? &contact : NULL, REG_SECONDS_MAX);
    Job job = { .scscf = sub->scscf,
                .sub = sub,
                .tx = tx,
                .seconds = MIN(seconds, most),
                .confidentiality = indicated(sub->scscf, msg) };

    g_assert(has_to);
    if (answer != NULL) {
        scscf_make_rspauth(sub, answer, job.rspauth);
        scscf_forget_challenge(
            sub); /* a vector is used once, TS 33.203 §6.1.1; a new challenge may come before the HSS */
    }
    scscf_assign(job,
                 job.seconds == 0  ? CX_ASSIGN_USER_DEREGISTRATION
                 : sub->registered ? CX_ASSIGN_RE_REGISTRATION
                                   : CX_ASSIGN_REGISTRATION,
                 to.uri);
}

/* A registered user is not de-registered because an authentication fails: that would be denial of service (TS 33.203
 * §6.1.1). */
static void fail(Subscriber *sub, SipServerTx *tx, const SipMsg *msg, const char *why)
{
    SipNameAddr to;
    trace_decision(sub->scscf->sim, sub->scscf->config.name, "scscf-auth-failure", "TS 33.203 §6.1.2",
                   "answers 403: %s", why);
    scscf_forget_challenge(sub);
    if (sub->registered || !sip_nameaddr(msg, SIP_H_TO, &to))
        sip_respond_status(tx, 403, "Forbidden", NULL);
    else
        scscf_assign((Job){ .scscf = sub->scscf, .sub = sub, .tx = tx }, CX_ASSIGN_AUTHENTICATION_FAILURE, to.uri);
}

/* Answered with an error: false. */
static bool may_register(Scscf *scscf, SipServerTx *tx, const SipMsg *msg)
{
    SipNameAddr contact;
    Text unknown = routing_tags_without(scscf->sim, msg, SIP_H_REQUIRE, "path");

    if (text_present(unknown)) { /* RFC 3261 §8.2.2.3 */
        sip_respond_status(tx, 420, NULL, sim_text(scscf->sim, "Unsupported: " TEXT_FMT "\r\n", TEXT_ARG(unknown)));
        return false;
    }
    if (!sip_nameaddr(msg, SIP_H_CONTACT, &contact) ||
        (contact.star && sip_expires(msg, NULL, 1) != 0)) { /* RFC 3261 §10.3 step 6; TS 24.229 §5.1.1.2: always one */
        sip_respond_status(tx, 400, NULL, NULL);
        return false;
    }
    return true;
}

/* --- REGISTER --- */

Through scscf_through(const SipDigest *digest)
{
    if (text_is(digest->integrity_protected, "yes"))
        return THROUGH_SAS;
    if (text_is(digest->integrity_protected, "tls-yes"))
        return THROUGH_TLS;
    return text_is(digest->integrity_protected, "tls-pending") ? THROUGH_TLS_OF_NOBODY : THROUGH_NOTHING;
}

/* The P-CSCF's mark, as our policy reads it.  @has_answer: an answer proves its user, also where nobody is bound yet.
 */
static bool is_protected(const Scscf *scscf, const SipDigest *digest, bool has_answer)
{
    bool believes = scscf->config.policy.accepts_tls;
    switch (scscf_through(digest)) {
    case THROUGH_NOTHING: return false;
    case THROUGH_SAS: return true;
    case THROUGH_TLS: return believes;
    case THROUGH_TLS_OF_NOBODY: return believes && has_answer;
    }
    return false;
}

/* The UE could not use the challenge: it wants another sequence number, or says that this is not its home. */
static void on_no_answer(Subscriber *sub, SipServerTx *tx, const SipMsg *msg, const SipDigest *digest)
{
    uint8_t auts[AKA_AUTS_LEN];
    size_t len = 0;

    if (!text_present(digest->auts)) /* TS 33.203 §6.1.2.2 */
        fail(sub, tx, msg, "the UE found the challenge not to be from its home");
    else if (crypto_base64_decode(digest->auts.p, digest->auts.len, auts, sizeof auts, &len) && len == AKA_AUTS_LEN)
        scscf_challenge(sub->scscf, digest->username, tx, sub, auts);
    else
        fail(sub, tx, msg, "AUTS cannot be read");
}

static void on_answer(Subscriber *sub, SipServerTx *tx, const SipMsg *msg, const SipDigest *digest)
{
    Scscf *scscf = sub->scscf;

    if (scscf_through(digest) != THROUGH_SAS)
        trace_decision(scscf->sim, scscf->config.name, "scscf-accepts-tls", "S3 §2, option 4; TS 24.229 §5.4.1.2",
                       "takes an answer that came through TLS as integrity protected");
    if (!text_is(digest->nonce, sub->nonce) || !scscf_response_is_right(sub, digest))
        fail(sub, tx, msg, "the response is wrong");
    else
        accept(sub, tx, msg, digest);
}

static void on_register(Subscriber *sub, SipServerTx *tx, const SipMsg *msg, const SipDigest *digest)
{
    Scscf *scscf = sub->scscf;
    SipNameAddr contact;
    bool has_answer = digest->response.len > 0, protected = is_protected(scscf, digest, has_answer);
    bool answers = sub->challenged && text_is(sip_value(msg, SIP_H_CALL_ID), sub->call_id);
    bool to_ours = answers && text_is(digest->nonce, sub->nonce);
    bool leaving = sip_nameaddr(msg, SIP_H_CONTACT, &contact) && sip_expires(msg, &contact, 1) == 0;

    if (to_ours && (text_present(digest->auts) || !has_answer)) {
        on_no_answer(sub, tx, msg, digest);
        return;
    }
    if (protected && answers && has_answer) {
        on_answer(sub, tx, msg, digest);
        return;
    }
    if (protected && sub->registered && leaving) { /* leaving needs no new keys */
        accept(sub, tx, msg, NULL);
        return;
    }
    if (to_ours)
        trace_decision(scscf->sim, scscf->config.name, "scscf-challenges-again", "TS 24.229 §5.4.1.2.2 (K39)",
                       "looks at no answer that is not marked as integrity protected, and challenges again");
    /* not protected: always; protected: our policy refreshes the keys */
    scscf_challenge(scscf, digest->username, tx, NULL, NULL);
}

void scscf_register(Scscf *scscf, SipServerTx *tx, const SipMsg *msg)
{
    SipDigest digest;

    if (!sip_digest(msg, SIP_H_AUTHORIZATION, &digest) || digest.username.len == 0) {
        sip_respond_status(tx, 403, "Forbidden", NULL);
        return;
    }
    if (!may_register(scscf, tx, msg))
        return;
    g_autofree char *impi = text_dup(digest.username);
    Subscriber *sub = g_hash_table_lookup(scscf->by_impi, impi);
    if (sub != NULL)
        on_register(sub, tx, msg, &digest);
    else
        scscf_challenge(scscf, digest.username, tx, NULL, NULL);
}
