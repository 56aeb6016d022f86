/*
 * nodes/ue_register.c - registration at the UE: SM1, SM6, SM7, SM12 and what can go wrong.
 *
 * Source:  TS 33.203 §6.1, §7.2-§7.5; TS 24.229 §5.1.1; RFC 3310.
 */
#include "nodes/ue_internal.h"
#include "crypto/digest.h"
#include "crypto/hash.h"
#include "nodes/routing.h"

#define REG_EXPIRES_DEFAULT 600000          /* seconds, TS 24.229 §5.1.1.2 */
#define UE_TRIES_MAX        2               /* a registration that timed out is tried once more, TS 33.203 §6.1.2.3 */
#define OLD_SAS_KEPT        (128 * SIM_SEC) /* 64 * T1: pending transactions, TS 33.203 §7.4.1 */
#define LIFETIME_EXTRA      30              /* seconds over the registration's, TS 33.203 §7.4 */
#define ECHO_MAX            2048            /* octets of a Security-Server that is worth an SM7 */

static void on_register_done(void *ctx, SipClientTx *tx, const SipMsg *response, const char *why);

/* What stands in Authorization and how the message is protected. */
typedef struct Answer {
    Text nonce;
    const char *response; /* "" or 32 hex digits */
    const char *auts;     /* NULL or base64 */
    const char *cnonce, *qop;
    bool empty; /* no algorithm etc.: SM1, or a MAC failure */
} Answer;

static const SecAlgs *offer(const Ue *ue, unsigned *n)
{
    static const SecAlgs clear[] = { { ESP_HMAC_SHA1_96, ESP_NULL } };
    if (ue->without_encryption) {
        *n = 1;
        return clear;
    }
    *n = ue->config.policy.n_offer;
    return ue->config.policy.offer;
}

static void new_end(Ue *ue)
{
    uint32_t spi[2];
    for (unsigned i = 0; i < 2; i++) {
        do
            spi[i] = (uint32_t)sim_random_u64(ue->sim, &ue->stream);
        while (spi[i] < 256 || sad_spi_in_use(ue->sad, spi[i]) || (i == 1 && spi[1] == spi[0]));
    }
    ue->end = (SecEnd){ .spi_c = spi[0],
                        .spi_s = spi[1],
                        .port_c = (uint16_t)(UE_PORT_UC + ue->n_authentications++ % UE_N_PORT_UC),
                        .port_s = UE_PORT_US };
}

/* --- writing REGISTER --- */

static void write_contact(Ue *ue, SipWriter *w, int64_t expires)
{
    char addr[NET_ADDR_TEXT_MAX];
    sip_write_start(w, "Contact");
    sip_write_z(w, "<sip:[");
    sip_write_z(w, net_addr_text(&ue->addr, addr));
    sip_write_z(w, "]:");
    sip_write_uint(w, UE_PORT_US);
    sip_write_z(w, ">;expires=");
    sip_write_uint(w, (uint64_t)expires);
    sip_write_crlf(w);
}

static void write_authorization(Ue *ue, SipWriter *w, const Answer *answer)
{
    sip_write_start(w, "Authorization");
    sip_write_z(w, "Digest username=\"");
    sip_write_z(w, ue->config.impi);
    sip_write_z(w, "\",realm=\"");
    sip_write_z(w, ue->config.home_domain);
    sip_write_z(w, "\",nonce=\"");
    sip_write_text(w, answer->nonce);
    sip_write_z(w, "\",uri=\"sip:");
    sip_write_z(w, ue->config.home_domain);
    sip_write_z(w, "\",response=\"");
    sip_write_z(w, answer->response);
    sip_write_z(w, "\"");
    if (!answer->empty)
        sip_write_z(w, ",algorithm=AKAv1-MD5");
    if (answer->qop != NULL) {
        sip_write_z(w, ",qop=");
        sip_write_z(w, answer->qop);
        sip_write_z(w, ",nc=00000001,cnonce=\"");
        sip_write_z(w, answer->cnonce);
        sip_write_z(w, "\"");
    }
    if (answer->auts != NULL) {
        sip_write_z(w, ",auts=\"");
        sip_write_z(w, answer->auts);
        sip_write_z(w, "\"");
    }
    if (ue->config.policy.smuggles_confidentiality)
        sip_write_z(w, ",confidentiality-protected=\"yes\"");
    sip_write_crlf(w);
}

static void write_security(Ue *ue, SipWriter *w, bool echo)
{
    unsigned n;
    const SecAlgs *algs = offer(ue, &n);

    sip_write_header(w, "Require", TEXT("sec-agree"));
    sip_write_header(w, "Proxy-Require", TEXT("sec-agree"));
    if (!echo ||
        !ue->config.policy.early_dialect) { /* the published SM7 repeats SM1's list; the seeds' does not (I10) */
        sip_write_start(w, "Security-Client");
        secagree_write(w, algs, n, &ue->end);
        sip_write_crlf(w);
    }
    if (echo)
        sip_write_header(w, "Security-Verify", text_from(ue->security_server));
}

static void send_register(Ue *ue, const Answer *answer, const UeSas *over, bool echo)
{
    SipWriter w = ue_writer(ue);
    const char *uri = sim_text(ue->sim, "sip:%s", ue->config.home_domain);
    int64_t expires = ue->deregistering                     ? 0
                      : ue->config.registration_seconds > 0 ? ue->config.registration_seconds
                                                            : REG_EXPIRES_DEFAULT;

    ue_request_begin(ue, &w,
                     &(UeRequest){ .method = SIP_REGISTER,
                                   .uri = uri,
                                   .to = ue->config.impu,
                                   .from_tag = ue->from_tag,
                                   .call_id = ue->call_id,
                                   .cseq = ++ue->cseq });
    write_contact(ue, &w, expires);
    write_authorization(ue, &w, answer);
    write_security(ue, &w, echo);
    sip_write_header(&w, "Supported", TEXT("path"));
    if (over != NULL && over->id != 0)
        sip_write_header(&w, "P-Access-Network-Info", text_from(modem_access_info(ue->config.modem)));
    size_t len = sip_write_end(&w, TEXT_NONE);
    g_assert(len > 0);

    SipFlow flow = ue_flow(ue, over);
    ue->register_tx = sip_send_request(ue->endpoint, &flow, w.out, len, false, on_register_done, ue);
}

/* --- SM1 --- */

void ue_register_start(Ue *ue)
{
    if (ue->register_tx != NULL)
        sip_client_forget(ue->register_tx);
    g_free(ue->call_id);
    g_free(ue->from_tag);
    ue->call_id = g_strdup(sip_token(ue->endpoint, 16));
    ue->from_tag = g_strdup(sip_token(ue->endpoint, 8));
    ue->failures = 0;
    new_end(ue);
    ue_go(ue, UE_WAIT_CHALLENGE);
    if (ue->config.policy.release >= 6 && !ue->without_encryption)
        trace_decision(ue->sim, ue->config.name, "ue-offers",
                       "draft TR Presence Security v0.5.0 §6.1.1 (S4); TS 33.203 §5.1.3",
                       "is Release 6: offers encryption algorithms in SM1");
    else
        trace_decision(ue->sim, ue->config.name, "ue-offers", "draft TR Presence Security v0.5.0 §8.1.2.2 NOTE (S4)",
                       "%s: offers integrity algorithms only in SM1",
                       ue->without_encryption ? "tries again without encryption" : "is Release 5");
    send_register(ue, &(Answer){ .nonce = TEXT(""), .response = "", .empty = true }, &ue->current, false);
}

void ue_register_forget(Ue *ue)
{
    if (ue->register_tx != NULL)
        sip_client_forget(ue->register_tx);
    ue->register_tx = NULL;
    sim_cancel(ue->sim, ue->reregister);
    sim_cancel(ue->sim, ue->forget_old);
    sim_cancel(ue->sim, ue->lapse);
    sad_remove(ue->sad, ue->current.id);
    sad_remove(ue->sad, ue->pending.id);
    sad_remove(ue->sad, ue->old.id);
    ue->current = ue->pending = ue->old = (UeSas){ 0 };
    ue->lapses_at = 0;
    g_clear_pointer(&ue->call_id, g_free);
    g_clear_pointer(&ue->from_tag, g_free);
    g_clear_pointer(&ue->security_server, g_free);
    g_clear_pointer(&ue->service_route, g_free);
    g_clear_pointer(&ue->default_impu, g_free);
}

/* Give up: the old SAs stay if there were any, the new ones go (TS 33.203 §7.3). */
static void abandon(Ue *ue, int status, const char *why)
{
    const char *action = ue->deregistering ? "deregister" : "register";
    sad_remove(ue->sad, ue->pending.id);
    ue->pending = (UeSas){ 0 };
    if (ue->deregistering) { /* its user left, whatever the network says of it */
        ue_presence_clear(ue);
        ue_register_forget(ue);
    }
    ue->deregistering = false;
    ue_go(ue, ue->current.id != 0 ? UE_REGISTERED : UE_IDLE);
    ue_outcome(ue, action, ue->config.impu, status, why);
}

/* --- SM6 --- */

static bool make_sas(Ue *ue, const SecAlgs *algs, const SecEnd *server, const AkaAnswer *aka, TraceId because)
{
    SaParams params = {
        .ue = ue->addr,
        .pcscf = ue->pcscf,
        .spi_uc = ue->end.spi_c,
        .spi_us = ue->end.spi_s,
        .spi_pc = server->spi_c,
        .spi_ps = server->spi_s,
        .port_uc = ue->end.port_c,
        .port_us = ue->end.port_s,
        .port_pc = server->port_c,
        .port_ps = server->port_s,
        .alg = algs->alg,
        .ealg = algs->ealg,
        .user = ue->config.impi,
        .because = because,
    };
    memcpy(params.ik, aka->ik, sizeof params.ik);
    memcpy(params.ck, aka->ck, sizeof params.ck);
    sad_remove(ue->sad, ue->pending.id);
    ue->pending =
        (UeSas){ .id = sad_add(ue->sad, &params, true), .port_uc = ue->end.port_c, .port_ps = server->port_s };
    crypto_wipe(&params, sizeof params);
    return ue->pending.id != 0;
}

/* The choice of SM6's list, TS 33.203 §7.2.  False: the registration was abandoned. */
static bool choose(Ue *ue, const SipMsg *msg, const AkaAnswer *aka)
{
    SipSecList list;
    SecAlgs algs;
    SecEnd server;
    unsigned n;
    const SecAlgs *own = offer(ue, &n);

    if (!sip_sec_list(msg, SIP_H_SECURITY_SERVER, &list)) {
        abandon(ue, 0, "SM6 has no usable Security-Server (TS 24.229 §5.1.1.5.1)");
        return false;
    }
    if (!secagree_choose_received(&list, own, n, &algs, &server)) {
        abandon(ue, 0, "nothing in SM6's list is supported (TS 33.203 §7.3)");
        return false;
    }
    TraceId because;
    if (algs.ealg != ESP_NULL) {
        because = trace_decision(ue->sim, ue->config.name, "ue-selects", "TS 33.203 §7.2",
                                 "selects %s with %s: first in SM6's list that it supports",
                                 secagree_ealg_name(algs.ealg), secagree_alg_name(algs.alg));
    } else if (!secagree_offers_encryption(&list)) {
        because = trace_decision(ue->sim, ue->config.name, "ue-selects", "TS 33.203 §7.2",
                                 "selects NULL encryption: SM6 lists no ealg");
    } else {
        because = trace_decision(ue->sim, ue->config.name, "ue-selects", "TS 33.203 §7.2",
                                 "selects NULL encryption: it offered no ealg itself");
    }
    if (algs.ealg == ESP_NULL && ue->config.policy.refuse_null) {
        trace_decision(ue->sim, ue->config.name, "ue-fails-closed", "threats PO12",
                       "refuses to go on without encryption");
        abandon(ue, 0, "SM6 offers no encryption, which this UE insists on");
        return false;
    }
    g_free(ue->security_server);
    ue->security_server = routing_join(msg, SIP_H_SECURITY_SERVER, ", ");
    if (strlen(ue->security_server) > ECHO_MAX) {
        abandon(ue, 0, "SM6's list is too long to be echoed");
        return false;
    }
    if (!make_sas(ue, &algs, &server, aka, because)) {
        abandon(ue, 0, "the keys of this challenge cannot be used with the chosen cipher (RFC 2451 §2.3)");
        return false;
    }
    return true;
}

static void answer_failure(Ue *ue, const AkaAnswer *aka, AkaResult result, const SipDigest *digest)
{
    char auts[CRYPTO_BASE64_LEN(AKA_AUTS_LEN) + 1];
    char response[DIGEST_HEX_LEN + 1] = "";
    Answer answer = { .nonce = digest->nonce, .response = response, .empty = result == AKA_MAC_FAILURE };

    ue->failures++;
    new_end(ue);                      /* new SPIs and client port, TS 33.203 §6.1.2.2 */
    if (result == AKA_SYNC_FAILURE) { /* RFC 3310 §3.4: an empty password */
        DigestInput in = { .username = { ue->config.impi, strlen(ue->config.impi) },
                           .realm = { ue->config.home_domain, strlen(ue->config.home_domain) },
                           .method = { "REGISTER", 8 },
                           .nonce = { digest->nonce.p, digest->nonce.len } };
        const char *uri = sim_text(ue->sim, "sip:%s", ue->config.home_domain);
        in.uri = (DigestText){ uri, strlen(uri) };
        digest_response(&in, response);
        bool fits = crypto_base64_encode(aka->auts, AKA_AUTS_LEN, auts, sizeof auts);
        g_assert(fits);
        answer.auts = auts;
        trace_decision(ue->sim, ue->config.name, "ue-sync-failure", "TS 33.203 §6.1.3",
                       "answers with AUTS: the SQN is out of range");
    } else {
        trace_decision(ue->sim, ue->config.name, "ue-mac-failure", "TS 33.203 §6.1.2.2",
                       "answers without a response: AUTN is not from its home");
    }
    ue_go(ue, UE_WAIT_CHALLENGE);
    send_register(ue, &answer, &ue->current, false);
}

static void on_challenge(Ue *ue, const SipMsg *msg)
{
    SipDigest digest;
    uint8_t nonce[64];
    size_t nonce_len;
    AkaAnswer aka;

    if (!sip_digest(msg, SIP_H_WWW_AUTHENTICATE, &digest) || !text_is_nocase(digest.algorithm, "AKAv1-MD5") ||
        !crypto_base64_decode(digest.nonce.p, digest.nonce.len, nonce, sizeof nonce, &nonce_len) ||
        nonce_len < AKA_RAND_LEN + AKA_AUTN_LEN) {
        abandon(ue, 401, "the challenge cannot be read");
        return;
    }
    AkaResult result = aka_isim_answer(&ue->isim, nonce, nonce + AKA_RAND_LEN, &aka);
    if (result != AKA_OK) {
        if (ue->failures >= 2) /* TS 24.229 §5.1.1.5.3: two consecutive ones are answered */
            abandon(ue, 401, "too many challenges in a row that are not valid");
        else
            answer_failure(ue, &aka, result, &digest);
        return;
    }
    bool has_list = sip_has(msg, SIP_H_SECURITY_SERVER);
    bool unprotected = !has_list && ue->config.policy.falls_back_without_server_list;
    if (!unprotected && !choose(ue, msg, &aka))
        return;

    char response[DIGEST_HEX_LEN + 1], cnonce[9];
    const char *uri = sim_text(ue->sim, "sip:%s", ue->config.home_domain);
    sim_random_token(ue->sim, &ue->stream, cnonce, 8);
    bool qop = text_present(digest.qop);
    DigestInput in = { .username = { ue->config.impi, strlen(ue->config.impi) },
                       .realm = { digest.realm.p, digest.realm.len },
                       .password = aka.res,
                       .password_len = aka.res_len,
                       .method = { "REGISTER", 8 },
                       .uri = { uri, strlen(uri) },
                       .nonce = { digest.nonce.p, digest.nonce.len },
                       .nc = { "00000001", 8 },
                       .cnonce = { cnonce, 8 },
                       .qop = qop ? DIGEST_QOP_AUTH : DIGEST_QOP_NONE };
    digest_response(&in, response);
    ue_go(ue, UE_WAIT_OK);
    send_register(
        ue, &(Answer){ .nonce = digest.nonce, .response = response, .cnonce = cnonce, .qop = qop ? "auth" : NULL },
        unprotected ? NULL : &ue->pending, !unprotected); /* SM7, on the new SA */
    crypto_wipe(&aka, sizeof aka);
}

/* --- SM12 --- */

static void forget_old(Sim *sim, void *ctx, uint64_t arg)
{
    Ue *ue = ctx;
    sad_remove(ue->sad, ue->old.id);
    ue->old = (UeSas){ 0 };
}

/* TS 33.203 §7.4.1: a message on the new SAs says that the P-CSCF uses them; the old ones then wait for what is
 * pending. */
void ue_heard(Ue *ue, SaSetId sa)
{
    if (sa == 0 || sa != ue->current.id || ue->old.id == 0 || ue->old_unused)
        return;
    ue->old_unused = true;
    sim_cancel(ue->sim, ue->forget_old);
    ue->forget_old = sim_after(ue->sim, net_host_source(ue->host), OLD_SAS_KEPT, forget_old, ue, 0);
}

static void on_reregister_timer(Sim *sim, void *ctx, uint64_t arg)
{
    Ue *ue = ctx;
    if (ue->state == UE_REGISTERED)
        ue_register_start(ue);
}

/* The lifetime of the SAs is over and nothing renewed them (TS 33.203 §7.4.1). */
static void on_lapse(Sim *sim, void *ctx, uint64_t arg)
{
    Ue *ue = ctx;
    ue->lapse = 0;
    ue_presence_clear(ue);
    ue_register_forget(ue);
    ue->state = UE_IDLE;
    ue_outcome(ue, "register", ue->config.impu, -1, "the registration has lapsed");
}

/* Never decreased, also when the network grants less than before. */
static void lives_for(Ue *ue, int64_t seconds)
{
    ue->lapses_at = MAX(ue->lapses_at, sim_now(ue->sim) + (seconds + LIFETIME_EXTRA) * SIM_SEC);
    sim_cancel(ue->sim, ue->lapse);
    ue->lapse = sim_at(ue->sim, net_host_source(ue->host), ue->lapses_at, on_lapse, ue, 0);
}

static void keep_what_the_network_gave(Ue *ue, const SipMsg *msg)
{
    SipNameAddr addr;

    g_free(ue->service_route);
    ue->service_route = routing_join(msg, SIP_H_SERVICE_ROUTE, ",");
    g_free(ue->default_impu);
    ue->default_impu =
        sip_nameaddr(msg, SIP_H_P_ASSOCIATED_URI, &addr) ? text_dup(addr.uri) : g_strdup(ue->config.impu);
    bool has_contact = sip_nameaddr(msg, SIP_H_CONTACT, &addr);
    ue->granted = sip_expires(msg, has_contact ? &addr : NULL, REG_EXPIRES_DEFAULT);
}

/* The network has proved itself: by SM12 on the SAs of this challenge, or on those of an earlier one (TS 33.203 §7.4).
 */
static bool is_from_home(const Ue *ue, const SipClientTx *tx)
{
    SaSetId sa = sip_client_response_flow(tx)->sa;
    if (ue->config.policy.falls_back_without_server_list && ue->pending.id == 0 && ue->state == UE_WAIT_OK)
        return true;
    return sa != 0 && sa == (ue->pending.id != 0 ? ue->pending.id : ue->current.id);
}

/* They carry everything from now on; the old ones stay to their end, or until the P-CSCF uses the new ones too. */
static void use_new_sas(Ue *ue)
{
    sad_remove(ue->sad, ue->old.id);
    ue->old = ue->current;
    ue->current = ue->pending;
    ue->pending = (UeSas){ 0 };
    ue->old_unused = false;
    sim_cancel(ue->sim, ue->forget_old);
    if (ue->old.id != 0)
        ue->forget_old = sim_at(ue->sim, net_host_source(ue->host), ue->lapses_at, forget_old, ue, 0);
}

static void on_accepted(Ue *ue, const SipMsg *msg)
{
    if (ue->pending.id != 0)
        use_new_sas(ue);
    sim_cancel(ue->sim, ue->reregister);
    ue->tries = 0;
    if (ue->deregistering) { /* TS 33.203 §7.4: all IMPUs are gone, so are the SAs */
        ue->deregistering = false;
        ue_presence_clear(ue);
        ue_register_forget(ue);
        ue_go(ue, UE_IDLE);
        ue_outcome(ue, "deregister", ue->config.impu, (int)msg->status, "de-registered");
        return;
    }
    keep_what_the_network_gave(ue, msg);
    g_clear_pointer(&ue->security_server, g_free); /* SM7 has echoed it */
    ue->counters.registered++;
    ue_go(ue, UE_REGISTERED);
    /* 600 s before the end, or half-way when the time is short: TS 24.229 §5.1.1.4.1 */
    int64_t in = ue->granted > 1200 ? ue->granted - 600 : ue->granted / 2;
    ue->reregister = sim_after(ue->sim, net_host_source(ue->host), in * SIM_SEC, on_reregister_timer, ue, 0);
    lives_for(ue, ue->granted);
    ue_outcome(ue, "register", ue->config.impu, (int)msg->status, "registered");
}

static void on_timed_out(Ue *ue, const char *why)
{
    bool again = ++ue->tries < UE_TRIES_MAX && ue->wanted, had_sas = ue->current.id != 0;
    abandon(ue, -1, why);
    if (!again && (!had_sas || !ue->wanted))
        return;
    if (!again) { /* nobody answers on the old SAs any more, as after a restart: from the beginning, TS 24.229 §5.1.1.4
                   */
        trace_decision(ue->sim, ue->config.name, "ue-starts-anew", "TS 24.229 §5.1.1.4",
                       "gives up its SAs, on which nobody answers, and registers anew");
        ue_presence_clear(ue);
        ue_register_forget(ue);
        ue->state = UE_IDLE;
        ue->tries = 0;
    }
    ue->without_encryption =
        ue->config.policy.retries_without_encryption; /* "shall always offer" forbids it, S4 §6.1.1 */
    ue_register_start(ue);
}

static void on_register_done(void *ctx, SipClientTx *tx, const SipMsg *response, const char *why)
{
    Ue *ue = ctx;

    if (response != NULL && response->status < 200)
        return;
    ue->register_tx = NULL;
    if (response != NULL)
        ue_heard(ue, sip_client_response_flow(tx)->sa);
    if (response == NULL)
        on_timed_out(ue, why);
    else if (response->status == 401)
        on_challenge(ue, response);
    else if (response->status < 300 && is_from_home(ue, tx))
        on_accepted(ue, response);
    else if (response->status < 300)
        abandon(ue, 0, "accepted by somebody who has not proved to be the home network (TS 33.203 §6.1.1)");
    else
        abandon(ue, (int)response->status, sim_text(ue->sim, TEXT_FMT, TEXT_ARG(response->reason)));
}
