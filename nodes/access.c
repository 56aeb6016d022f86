/*
 * nodes/access.c - the network side of an access: attach, authentication, cipher and security mode, contexts.
 *
 * Source:  TS 24.008 §4.7.3, §6.1.3; TS 33.102 §6.3-§6.6; TS 43.020 Annex D (GPRS); IEEE 802.11-1999 (association,
 * WEP). Knows:   its own policy, its radio links, and whom to ask for authentication vectors.  Its beacon and P-CSCF
 * answers are in access_cell.c.
 */
#include "nodes/access_internal.h"

#include <string.h>

#define T_ACCESS_MS   (5000 * SIM_MS)
#define INTERFACE_BIT (UINT64_C(1) << 48) /* keeps drawn identifiers clear of the router's */

Sim *access_sim(const Access *access)
{
    return net_sim(net_host_net(access->host));
}

void access_send(AccessLink *al, AccessMsg *msg)
{
    radio_send(al->cover.link, al->access->host, net_host_name(net_link_end(al->cover.link, 0)),
               al->access->config.cell_id, &al->integrity, msg);
}

void access_forget_attempt(AccessLink *al)
{
    if (al->attempt != NULL)
        memset(al->attempt, 0, sizeof *al->attempt);
    g_clear_pointer(&al->attempt, g_free);
}

/* Where an attempt that came to nothing leaves the link: an old context goes on, so that nobody can end it by merely
 * asking for another. */
static FsmVerdict access_rest(AccessLink *al)
{
    access_forget_attempt(al);
    return fsm_go(&al->fsm, al->cover.network.context ? ACCESS_UP : ACCESS_IDLE);
}

static FsmVerdict access_reject(AccessLink *al, AccessCause cause)
{
    AccessMsg reject = { .type = ACCESS_ATTACH_REJECT, .has = ACCESS_HAS_CAUSE, .cause = cause };

    access_send(al, &reject);
    return access_rest(al);
}

/* --- who is it: TS 24.008 §4.7.3.1 --- */

static FsmVerdict access_challenge(AccessLink *al, const uint8_t *auts)
{
    AccessMsg request = { .type = ACCESS_AUTH_REQUEST, .has = ACCESS_HAS_RAND | ACCESS_HAS_AUTN };
    AccessAttempt *attempt = al->attempt;
    Access *access = al->access;
    uint8_t rand[AKA_RAND_LEN];

    memcpy(rand, attempt->av.rand, sizeof rand);
    if (!access->vector(access->vector_ctx, attempt->imsi, auts != NULL ? rand : NULL, auts, &attempt->av))
        return access_reject(al, ACCESS_CAUSE_UNKNOWN_SUBSCRIBER);
    memcpy(request.rand, attempt->av.rand, sizeof request.rand);
    memcpy(request.autn, attempt->av.autn, sizeof request.autn);
    access_send(al, &request);
    return fsm_go(&al->fsm, ACCESS_WAIT_RES);
}

static FsmVerdict access_take_imsi(AccessLink *al, Text imsi)
{
    if (imsi.len == 0 || imsi.len >= sizeof al->attempt->imsi)
        return access_reject(al, ACCESS_CAUSE_PROTOCOL);
    memcpy(al->attempt->imsi, imsi.p, imsi.len);
    al->attempt->imsi[imsi.len] = '\0';
    return access_challenge(al, NULL);
}

static FsmVerdict access_attach_requested(AccessLink *al, const AccessMsg *msg)
{
    AccessMsg request = { .type = ACCESS_IDENTITY_REQUEST };

    access_forget_attempt(al);
    al->attempt = g_new0(AccessAttempt, 1);
    al->attempt->capabilities = msg->capabilities;
    if (msg->has & ACCESS_HAS_IMSI)
        return access_take_imsi(al, msg->imsi);
    access_send(al, &request);
    return fsm_go(&al->fsm, ACCESS_WAIT_IDENTITY);
}

/* --- security mode: TS 33.102 §6.4.5; GPRS: TS 43.020 Annex D --- */

static void access_trace_cipher(const AccessLink *al, RadioCipher cipher)
{
    const Access *access = al->access;
    const char *proof = access->config.policy.technology == ACCESS_UMTS ? "with a MAC-I" : "without a MAC-I";

    if (cipher == RADIO_NONE)
        trace_decision(access_sim(access), access->config.name, "access-commands-cipher", "TS 33.102 §6.4.5",
                       "commands no ciphering, %s: the operator runs %s", proof,
                       access->config.policy.technology == ACCESS_UMTS ? "UEA0" : "GEA0");
    else
        trace_decision(access_sim(access), access->config.name, "access-commands-cipher", "TS 33.102 §6.4.5",
                       "commands %s, %s", radio_cipher_name(cipher), proof);
}

static FsmVerdict access_command_cipher(AccessLink *al)
{
    Access *access = al->access;
    RadioCipher cipher = access->config.policy.cipher;
    AccessMsg command = { .type = ACCESS_CIPHER_MODE_COMMAND,
                          .has = ACCESS_HAS_CIPHER,
                          .cipher = (uint8_t)cipher,
                          .capabilities = al->attempt->capabilities };
    uint8_t key[RADIO_KEY_LEN];

    if (!(al->attempt->capabilities >> cipher & 1))
        return access_reject(al, ACCESS_CAUSE_CIPHER);
    access_trace_cipher(al, cipher);
    if (access->config.policy.technology == ACCESS_UMTS) {
        sim_random(access_sim(access), &al->stream, &command.fresh, sizeof command.fresh);
        command.has |= ACCESS_HAS_CAPABILITIES | ACCESS_HAS_FRESH;
        radio_integrity_start(&al->integrity, al->attempt->av.ik, command.fresh);
    }
    access_send(al, &command);
    radio_cipher_key(cipher, al->attempt->av.ck, al->attempt->av.ik, key);
    radio_end_switch(&al->cover.network, access->host, al->cover.link, cipher, key);
    memset(key, 0, sizeof key);
    al->cover.network.context = false;
    access_forget_attempt(al);
    return fsm_go(&al->fsm, ACCESS_WAIT_COMPLETE);
}

static FsmVerdict access_take_response(AccessLink *al, const AccessMsg *msg)
{
    if (msg->res_len != al->attempt->av.res_len || memcmp(msg->res, al->attempt->av.xres, msg->res_len) != 0)
        return access_reject(al, ACCESS_CAUSE_WRONG_RES);
    return access_command_cipher(al);
}

/* TS 33.102 §6.3.5: once for an attach; a card that fails twice has another trouble. */
static FsmVerdict access_take_failure(AccessLink *al, const AccessMsg *msg)
{
    if (msg->cause != ACCESS_CAUSE_SYNC || !(msg->has & ACCESS_HAS_AUTS) || al->attempt->resynchronised)
        return access_rest(al);
    al->attempt->resynchronised = true;
    return access_challenge(al, msg->auts);
}

/* --- contexts --- */

/* From a stream of the link's own: who else attaches, and in which order, does not shift it; and it does not tell the
 * IMSI. */
static void access_give_address(AccessLink *al)
{
    const AccessConfig *config = &al->access->config;
    g_autofree char *purpose = g_strdup_printf("address %s", net_link_instance(al->cover.link));
    SimStream stream = sim_stream(access_sim(al->access), config->name, purpose, 0);

    if (!al->has_addr)
        al->cover.source =
            net_addr_make(config->prefix, sim_random_u64(access_sim(al->access), &stream) | INTERFACE_BIT);
    al->has_addr = true;
    net_route_addr(al->access->host, &al->cover.source, al->cover.link);
    al->cover.network.context = true;
}

static FsmVerdict access_accept_context(AccessLink *al)
{
    const AccessConfig *config = &al->access->config;
    AccessMsg accept = { .type = ACCESS_CONTEXT_ACCEPT, .has = ACCESS_HAS_ADDRESS };

    access_give_address(al);
    memcpy(accept.address, al->cover.source.octet, sizeof accept.address);
    if (config->policy.protected_discovery) {
        accept.has |= ACCESS_HAS_PCSCF;
        memcpy(accept.pcscf[0], config->pcscf.octet, sizeof accept.pcscf[0]);
        accept.n_pcscfs = 1;
    }
    access_send(al, &accept);
    if (config->policy.technology == ACCESS_WLAN && al->cover.network.cipher != config->policy.cipher)
        radio_end_switch(&al->cover.network, al->access->host, al->cover.link, config->policy.cipher,
                         config->policy.wep_key);
    return fsm_go(&al->fsm, ACCESS_UP);
}

static bool access_ssid_fits(const AccessLink *al, const AccessMsg *msg)
{
    const char *ssid = al->access->config.policy.ssid;

    return ssid == NULL || ((msg->has & ACCESS_HAS_SSID) && text_equal(msg->ssid, text_from(ssid)));
}

static FsmVerdict access_take_detach(AccessLink *al)
{
    al->cover.network.context = false;
    al->integrity.on = false;
    if (al->cover.network.cipher != RADIO_NONE)
        radio_end_switch(&al->cover.network, al->access->host, al->cover.link, RADIO_NONE, NULL);
    return access_rest(al);
}

/* --- the states --- */

/* What may come at any time. */
static FsmVerdict access_in_any(AccessLink *al, const FsmEvent *event)
{
    if (event->type == FSM_EV_TIMEOUT)
        return access_rest(al);
    if (event->type != FSM_EV_MESSAGE)
        return FSM_UNEXPECTED;
    if (event->msg->type == ACCESS_DETACH)
        return access_take_detach(al);
    if (al->access->config.policy.technology != ACCESS_WLAN)
        return event->msg->type == ACCESS_ATTACH_REQUEST ? access_attach_requested(al, event->msg) : FSM_UNEXPECTED;
    if (event->msg->type == ACCESS_CONTEXT_REQUEST && access_ssid_fits(al, event->msg))
        return access_accept_context(al); /* 802.11: association is all there is */
    return FSM_UNEXPECTED;
}

static bool access_got(const FsmEvent *event, AccessType type)
{
    return event->type == FSM_EV_MESSAGE && event->msg->type == type;
}

static FsmVerdict access_in_idle(Fsm *fsm, const FsmEvent *event)
{
    return access_in_any(fsm->owner, event);
}

static FsmVerdict access_in_wait_identity(Fsm *fsm, const FsmEvent *event)
{
    if (access_got(event, ACCESS_IDENTITY_RESPONSE))
        return access_take_imsi(fsm->owner, event->msg->imsi);
    return access_in_any(fsm->owner, event);
}

static FsmVerdict access_in_wait_res(Fsm *fsm, const FsmEvent *event)
{
    if (access_got(event, ACCESS_AUTH_RESPONSE))
        return access_take_response(fsm->owner, event->msg);
    if (access_got(event, ACCESS_AUTH_FAILURE))
        return access_take_failure(fsm->owner, event->msg);
    return access_in_any(fsm->owner, event);
}

static FsmVerdict access_in_wait_complete(Fsm *fsm, const FsmEvent *event)
{
    AccessMsg accept = { .type = ACCESS_ATTACH_ACCEPT };

    if (!access_got(event, ACCESS_CIPHER_MODE_COMPLETE))
        return access_in_any(fsm->owner, event);
    access_send(fsm->owner, &accept);
    return fsm_go(fsm, ACCESS_WAIT_CONTEXT);
}

static FsmVerdict access_in_wait_context(Fsm *fsm, const FsmEvent *event)
{
    if (access_got(event, ACCESS_CONTEXT_REQUEST))
        return access_accept_context(fsm->owner);
    return access_in_any(fsm->owner, event);
}

static FsmVerdict access_in_up(Fsm *fsm, const FsmEvent *event)
{
    if (access_got(event, ACCESS_CONTEXT_REQUEST))
        return access_in_wait_context(fsm, event); /* our answer was lost */
    return access_in_any(fsm->owner, event);
}

#define ACCESS_TO_START                                                                                                \
    (FSM_TO(ACCESS_IDLE) | FSM_TO(ACCESS_WAIT_IDENTITY) | FSM_TO(ACCESS_WAIT_RES) | FSM_TO(ACCESS_UP))

const FsmState access_states[ACCESS_N_STATES] = {
    [ACCESS_IDLE] = { "idle", access_in_idle, ACCESS_TO_START, 0 },
    [ACCESS_WAIT_IDENTITY] = { "wait-identity", access_in_wait_identity, ACCESS_TO_START, T_ACCESS_MS },
    [ACCESS_WAIT_RES] = { "wait-res", access_in_wait_res, ACCESS_TO_START | FSM_TO(ACCESS_WAIT_COMPLETE), T_ACCESS_MS },
    [ACCESS_WAIT_COMPLETE] = { "wait-complete", access_in_wait_complete, ACCESS_TO_START | FSM_TO(ACCESS_WAIT_CONTEXT),
                               T_ACCESS_MS },
    [ACCESS_WAIT_CONTEXT] = { "wait-context", access_in_wait_context, ACCESS_TO_START, T_ACCESS_MS },
    [ACCESS_UP] = { "up", access_in_up, ACCESS_TO_START, 0 },
};
