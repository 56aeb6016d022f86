/*
 * nodes/ue_register.c - registration at the UE: SM1, SM6, SM7, SM12 and what can go wrong, by SAs or over TLS.
 *
 * Source:  TS 33.203 §6.1, §7.2-§7.5; TS 24.229 §5.1.1; RFC 3329 §2.3; RFC 4169 §1; S3 §2, option 4.
 */
#include "nodes/ue_internal.h"
#include "crypto/digest.h"
#include "crypto/hash.h"
#include "nodes/routing.h"

#define REG_EXPIRES_DEFAULT 600000 /* seconds, TS 24.229 §5.1.1.2 */
#define UE_TRIES_MAX        2      /* a registration that timed out is tried once more, TS 33.203 §6.1.2.3 */
#define CHALLENGES_MAX      3      /* answered in one registration; whoever asks again will ask for ever (K39) */
#define LIFETIME_EXTRA      30     /* seconds over the registration's, TS 33.203 §7.4 */
#define ECHO_MAX            2048   /* octets of a Security-Server that is worth an SM7 */

static void on_register_done(void *ctx, SipClientTx *tx, const SipMsg *response, const char *why);

/* --- SM1 --- */

static void explain_offer(Ue *ue)
{
    if (ue->config.policy.release >= 6 && !ue->without_encryption)
        trace_decision(ue->sim, ue->config.name, "ue-offers",
                       "draft TR Presence Security v0.5.0 §6.1.1 (S4); TS 33.203 §5.1.3",
                       "is Release 6: offers encryption algorithms in SM1");
    else
        trace_decision(ue->sim, ue->config.name, "ue-offers", "draft TR Presence Security v0.5.0 §8.1.2.2 NOTE (S4)",
                       "%s: offers integrity algorithms only in SM1",
                       ue->without_encryption ? "tries again without encryption" : "is Release 5");
}

/* How this registration goes: over a connection that has carried one before, else by policy. */
static void choose_way(Ue *ue)
{
    bool negotiated = ue->config.policy.gm == UE_GM_NEGOTIATED;

    ue->by_tls = ue->tls.registered || (ue_tls_wanted(ue) && !negotiated);
    ue->negotiates = !ue->by_tls && ue_tls_wanted(ue) && ue->config.tls != NULL;
    if (ue->tls.registered)
        return;
    if (ue->by_tls) {
        trace_decision(ue->sim, ue->config.name, "ue-uses-tls", "S3 §2, option 4; RFC 3261 §26.3.1",
                       "opens TLS to the P-CSCF before its first REGISTER");
        return;
    }
    if (ue->negotiates)
        trace_decision(ue->sim, ue->config.name, "ue-offers-tls", "S3 §2, option 4; RFC 3329 §2.3.1 (K34)",
                       "offers tls before ipsec-3gpp, in a first REGISTER in the clear");
    explain_offer(ue);
}

void ue_register_start(Ue *ue)
{
    if (ue->register_tx != NULL)
        sip_client_forget(ue->register_tx);
    sim_cancel(ue->sim, ue->tls.again);
    g_free(ue->call_id);
    g_free(ue->from_tag);
    ue->call_id = g_strdup(sip_token(ue->endpoint, 16));
    ue->from_tag = g_strdup(sip_token(ue->endpoint, 8));
    ue->failures = ue->n_challenges = 0;
    g_clear_pointer(&ue->security_server, g_free);
    ue_new_end(ue);
    ue_go(ue, UE_WAIT_CHALLENGE);
    choose_way(ue);
    ue_send_register(ue, &(UeAnswer){ .nonce = TEXT(""), .response = "" }, &ue->current, false, on_register_done);
}

void ue_register_forget(Ue *ue)
{
    if (ue->register_tx != NULL)
        sip_client_forget(ue->register_tx);
    ue->register_tx = NULL;
    sim_cancel(ue->sim, ue->reregister);
    sim_cancel(ue->sim, ue->lapse);
    ue_sas_forget(ue);
    ue_tls_close(ue);
    ue->lapses_at = 0;
    g_clear_pointer(&ue->call_id, g_free);
    g_clear_pointer(&ue->from_tag, g_free);
    g_clear_pointer(&ue->security_server, g_free);
    g_clear_pointer(&ue->service_route, g_free);
    g_clear_pointer(&ue->default_impu, g_free);
}

/* Give up: the old SAs stay if there were any, the new ones go (TS 33.203 §7.3); so does a connection over which
 * nothing was registered. */
static void abandon(Ue *ue, int status, const char *why)
{
    const char *action = ue->deregistering ? "deregister" : "register";
    ue_sas_drop_pending(ue);
    if (!ue->tls.registered)
        ue_tls_close(ue);
    if (ue->deregistering) { /* its user left, whatever the network says of it */
        ue_presence_clear(ue);
        ue_register_forget(ue);
    }
    ue->deregistering = false;
    ue_go(ue, ue_has_hop(ue) ? UE_REGISTERED : UE_IDLE);
    ue_outcome(ue, action, ue->config.impu, status, why);
}

/* --- SM6 --- */

/*
 * Which Digest AKA it answers.  Inside TLS a response of AKAv1 proves RES and no key, so a UE that is told to use AKAv2
 * there uses nothing else; and what it answers inside it does not answer outside, where it could be lifted from.
 */
static bool answers_version(Ue *ue, const UeChallenge *challenge, bool inside)
{
    const UePolicy *policy = &ue->config.policy;
    unsigned own = inside && policy->tls_aka == 2 ? 2 : 1;

    if (challenge->version == own || (!inside && policy->akav2_outside))
        return true;
    trace_decision(ue->sim, ue->config.name, "ue-refuses-version", "RFC 4169 §1, §4",
                   "refuses a challenge of AKAv%u: %s TLS it answers AKAv%u only", challenge->version,
                   inside ? "inside" : "outside", own);
    abandon(ue, 401, "the challenge is of a Digest AKA that this UE does not answer there (RFC 4169 §1)");
    return false;
}

static void answer_failure(Ue *ue, const UeChallenge *challenge, AkaResult result, const AkaAnswer *aka)
{
    UeAnswer answer = { .nonce = challenge->digest.nonce, .response = "" };

    ue->failures++;
    if (!ue->by_tls)
        ue_new_end(ue); /* new SPIs and client port, TS 33.203 §6.1.2.2 */
    if (result == AKA_SYNC_FAILURE) {
        answer = ue_answer_resync(ue, challenge, aka);
        trace_decision(ue->sim, ue->config.name, "ue-sync-failure", "TS 33.203 §6.1.3",
                       "answers with AUTS: the SQN is out of range");
    } else {
        trace_decision(ue->sim, ue->config.name, "ue-mac-failure", "TS 33.203 §6.1.2.2",
                       "answers without a response: AUTN is not from its home");
    }
    ue_go(ue, UE_WAIT_CHALLENGE);
    ue_send_register(ue, &answer, &ue->current, false, on_register_done);
}

/* False: the registration was abandoned. */
static bool keep_list(Ue *ue, const SipMsg *msg)
{
    g_free(ue->security_server);
    ue->security_server = routing_join(msg, SIP_H_SECURITY_SERVER, ", ");
    if (strlen(ue->security_server) <= ECHO_MAX)
        return true;
    abandon(ue, 0, "SM6's list is too long to be echoed");
    return false;
}

/* Of a list with tls the UE that offered it takes the entry that the P-CSCF prefers (RFC 3329 §2.3.1). */
static bool selects_tls(const Ue *ue, const SipSecList *list)
{
    unsigned n;
    const SecAlgs *own = ue_offer(ue, &n);
    return ue->negotiates && secagree_prefers_tls(list, own, n);
}

/* The choice of SM6's list, TS 33.203 §7.2.  False: the registration was abandoned. */
static bool choose(Ue *ue, const SipSecList *list, const SipMsg *msg, const UeChallenge *challenge,
                   const AkaAnswer *aka)
{
    AkaAnswer keys = *aka;

    if (!keep_list(ue, msg))
        return false;
    if (selects_tls(ue, list)) {
        ue->by_tls = true;
        trace_decision(ue->sim, ue->config.name, "ue-selects", "RFC 3329 §2.3.1; S3 §2, option 4",
                       "selects tls: SM6's list prefers it");
        return true;
    }
    if (ue->negotiates)
        trace_decision(ue->sim, ue->config.name, "ue-selects-ipsec", "RFC 3329 §2.3.1",
                       secagree_offers_tls(list) ? "uses IPsec: SM6's list prefers it to tls"
                                                 : "uses IPsec: SM6 lists no tls");
    if (challenge->version == 2) /* RFC 4169 §2.2: IK and CK are in the response already */
        digest_akav2_keys(aka->ik, aka->ck, keys.ik, keys.ck);
    const char *why = ue_sas_choose(ue, list, &keys);
    crypto_wipe(&keys, sizeof keys);
    if (why != NULL)
        abandon(ue, 0, why);
    return why == NULL;
}

/* SM7: on the new SAs, or inside TLS. */
static void send_answer(Ue *ue, const UeChallenge *challenge, const AkaAnswer *aka, bool unprotected)
{
    UeAnswer answer = ue_answer(ue, challenge, aka);

    if (ue->by_tls)
        trace_decision(ue->sim, ue->config.name, "ue-answers", "RFC 3310 §3.3; RFC 4169 §1, §3",
                       challenge->version == 2 ? "answers inside TLS with AKAv2, which proves RES, IK and CK"
                                               : "answers inside TLS with AKAv1, which proves RES alone");
    ue->n_challenges++;
    ue_go(ue, UE_WAIT_OK);
    ue_send_register(ue, &answer, unprotected ? NULL : &ue->pending, ue->security_server != NULL && !unprotected,
                     on_register_done);
}

static void on_good_challenge(Ue *ue, const SipMsg *msg, const UeChallenge *challenge, const SipSecList *list,
                              const AkaAnswer *aka)
{
    bool unprotected =
        !ue->by_tls && !sip_has(msg, SIP_H_SECURITY_SERVER) && ue->config.policy.falls_back_without_server_list;

    if (ue->by_tls || unprotected) {
        send_answer(ue, challenge, aka, unprotected);
        return;
    }
    if (list == NULL)
        abandon(ue, 0, "SM6 has no usable Security-Server (TS 24.229 §5.1.1.5.1)");
    else if (choose(ue, list, msg, challenge, aka))
        send_answer(ue, challenge, aka, false);
}

static void on_challenge(Ue *ue, const SipMsg *msg)
{
    UeChallenge challenge;
    SipSecList list;
    AkaAnswer aka;

    if (!ue_challenge_read(msg, &challenge)) {
        abandon(ue, 401, "the challenge cannot be read");
        return;
    }
    if (ue->n_challenges >= CHALLENGES_MAX) {
        trace_decision(ue->sim, ue->config.name, "ue-gives-up", "TS 24.229 §5.4.1.2.2 (K39)",
                       "gives up: its answers only bring new challenges");
        abandon(ue, 401, "challenged for ever: no answer is accepted, and none is refused");
        return;
    }
    bool has_list = !ue->by_tls && sip_sec_list(msg, SIP_H_SECURITY_SERVER, &list);
    if (!answers_version(ue, &challenge, ue->by_tls || (has_list && selects_tls(ue, &list))))
        return;
    AkaResult result = aka_isim_answer(ue->isim, challenge.nonce, challenge.nonce + AKA_RAND_LEN, &aka);
    if (result == AKA_OK)
        on_good_challenge(ue, msg, &challenge, has_list ? &list : NULL, &aka);
    else if (ue->failures >= 2) /* TS 24.229 §5.1.1.5.3: two consecutive ones are answered */
        abandon(ue, 401, "too many challenges in a row that are not valid");
    else
        answer_failure(ue, &challenge, result, &aka);
    crypto_wipe(&aka, sizeof aka);
}

/* --- SM12 --- */

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
 * Inside TLS by its certificate, and by a challenge that was good: of this registration or of an earlier one. */
static bool is_from_home(const Ue *ue, const SipClientTx *tx)
{
    const SipFlow *flow = sip_client_response_flow(tx);
    if (ue->by_tls)
        return flow->connection == ue->tls.connection && (ue->state == UE_WAIT_OK || ue->tls.registered);
    if (ue->config.policy.falls_back_without_server_list && ue->pending.id == 0 && ue->state == UE_WAIT_OK)
        return true;
    return flow->sa != 0 && flow->sa == (ue->pending.id != 0 ? ue->pending.id : ue->current.id);
}

static void on_accepted(Ue *ue, const SipMsg *msg)
{
    if (ue->by_tls)
        ue_tls_use(ue);
    else if (ue->pending.id != 0)
        ue_sas_use_new(ue);
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

/* --- when nobody answers --- */

/* The port of TLS is blocked, or nobody there speaks it: what an operator who allows it means by falling back.  A
 * certificate that is refused is not that: somebody was there, and he was the wrong one. */
static bool falls_back(Ue *ue, const char *why)
{
    if (!ue->config.policy.falls_back || ue->tls.reached || ue->tls.refused || ue->deregistering)
        return false;
    trace_decision(ue->sim, ue->config.name, "ue-falls-back", "S3 §2, option 4; threats 3 (fallback)",
                   "registers by IPsec: TLS cannot be had (%s)", why);
    ue->fell_back = true;
    return true;
}

void ue_register_failed(Ue *ue, const char *why)
{
    bool reached = ue->tls.reached, refused = ue->tls.refused, reconnects = ue->tls.reconnects > 0;
    bool again = reached && !refused && ++ue->tries < UE_TRIES_MAX && ue->wanted;
    bool other_way = falls_back(ue, why);

    ue_tls_close(ue);
    if (other_way) {
        ue_register_start(ue);
        return;
    }
    abandon(ue, refused ? 0 : -1, why);
    if (again)
        ue_register_start(ue);
    else if (reconnects && !refused && ue->wanted)
        ue_tls_again(ue);
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
    if (response == NULL && ue->by_tls)
        ue_register_failed(ue, why);
    else if (response == NULL)
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
