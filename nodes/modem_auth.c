/*
 * nodes/modem_auth.c - how the modem answers a challenge and obeys a cipher-mode command.
 *
 * Source:  TS 33.102 §6.3.3 (AKA), §6.4.5 and §6.5 (security mode), §6.8.1 (GSM); TS 43.020 Annex D (GPRS).
 * Knows:   the USIM, and which technology the cell says it is.
 */
#include "nodes/modem_internal.h"

#include <string.h>

/* A cell of which technology may be taken at its word: GSM and GPRS signalling carries no MAC-I. */
static bool modem_cell_is_umts(const Modem *modem)
{
    return modem->camped.technology == ACCESS_UMTS;
}

/*
 * DEVIATION: TS 33.102 §6.8.1.5 lets a USIM answer a GSM challenge in a GSM cell.  A handset whose home technology is
 * UMTS here insists on AUTN even there, as Meyer and Wetzel assume: an attacker must then fetch a challenge.  Nothing
 * else in a GSM cell holds him up.
 */
static bool modem_insists_on_autn(const Modem *modem)
{
    return modem->policy.technology == ACCESS_UMTS;
}

static FsmVerdict modem_refuse_challenge(Modem *modem, AccessCause cause, const uint8_t *auts)
{
    AccessMsg failure = { .type = ACCESS_AUTH_FAILURE, .has = ACCESS_HAS_CAUSE, .cause = cause };

    trace_decision(modem_sim(modem), modem->name, "modem-verifies-autn", "TS 33.102 §6.3.3",
                   "refuses the challenge: %s", access_cause_text(cause));
    if (auts != NULL) {
        failure.has |= ACCESS_HAS_AUTS;
        memcpy(failure.auts, auts, sizeof failure.auts);
    }
    modem_send(modem, &failure);
    if (cause == ACCESS_CAUSE_SYNC)
        return fsm_stay(&modem->fsm); /* the network resynchronises and asks again */
    return modem_give_up_cell(modem, 0, "the network could not authenticate itself");
}

static void modem_keep_keys(Modem *modem, const AkaAnswer *answer)
{
    modem_forget_keys(modem);
    modem->keys = g_memdup2(answer, sizeof *answer);
}

/* A bare RAND: the USIM answers like a SIM, and cannot tell who asks (TS 33.102 §6.8.1.5). */
static FsmVerdict modem_answer_gsm_challenge(Modem *modem, const AccessMsg *msg)
{
    AccessMsg answer = { .type = ACCESS_AUTH_RESPONSE, .has = ACCESS_HAS_RES, .res_len = AKA_SRES_LEN };
    const MilenageKey *key = &modem->usim.key;
    AkaAnswer keys = { .res_len = AKA_RES_LEN };

    milenage_f2345(key, msg->rand, keys.res, keys.ck, keys.ik, NULL, NULL);
    aka_gsm_c2(keys.res, keys.res_len, answer.res);
    modem_keep_keys(modem, &keys);
    trace_decision(modem_sim(modem), modem->name, "modem-answers-gsm-challenge", "TS 33.102 §6.8.1",
                   "answers a challenge that does not authenticate the network");
    modem_send(modem, &answer);
    return fsm_go(&modem->fsm, MODEM_WAIT_CIPHER);
}

FsmVerdict modem_answer_challenge(Modem *modem, const AccessMsg *msg)
{
    AccessMsg response = { .type = ACCESS_AUTH_RESPONSE, .has = ACCESS_HAS_RES };
    AkaAnswer answer;

    if (!(msg->has & ACCESS_HAS_AUTN)) {
        if (modem_cell_is_umts(modem) || modem_insists_on_autn(modem))
            return modem_refuse_challenge(modem, ACCESS_CAUSE_PROTOCOL, NULL);
        return modem_answer_gsm_challenge(modem, msg);
    }
    switch (aka_isim_answer(&modem->usim, msg->rand, msg->autn, &answer)) {
    case AKA_OK: break;
    case AKA_MAC_FAILURE: return modem_refuse_challenge(modem, ACCESS_CAUSE_MAC, NULL);
    case AKA_SYNC_FAILURE: return modem_refuse_challenge(modem, ACCESS_CAUSE_SYNC, answer.auts);
    }
    modem_keep_keys(modem, &answer);
    response.res_len = answer.res_len;
    memcpy(response.res, answer.res, answer.res_len);
    modem_send(modem, &response);
    return fsm_go(&modem->fsm, MODEM_WAIT_CIPHER);
}

/* --- the cipher-mode command --- */

/* TS 33.102 §6.4.5: the command is under IK, and repeats what the handset said it can, so that nobody in between could
 * have bid it down. */
static bool modem_check_security_mode(Modem *modem, const FsmEvent *event)
{
    const AccessMsg *msg = event->msg;
    RadioIntegrity integrity = { 0 };

    if (modem->keys != NULL)
        radio_integrity_start(&integrity, modem->keys->ik, msg->fresh);
    if (modem->keys == NULL || !(msg->has & ACCESS_HAS_FRESH) ||
        !radio_integrity_check(&integrity, NET_DOWN, msg, event->octets, event->len)) {
        trace_drop(modem_sim(modem), modem->name, "access-bad-mac", "a cipher-mode command %s",
                   msg->has & ACCESS_HAS_MAC ? "with a wrong MAC-I" : "without a MAC-I");
        return false;
    }
    modem->integrity = integrity;
    return true;
}

static FsmVerdict modem_refuse_cipher(Modem *modem, const char *why)
{
    trace_decision(modem_sim(modem), modem->name, "modem-refuses-cipher-command", "TS 33.102 §6.4.5", "%s", why);
    modem->integrity.on = false;
    return modem_give_up_cell(modem, 0, why);
}

static void modem_switch_cipher(Modem *modem, RadioCipher cipher)
{
    uint8_t key[RADIO_KEY_LEN];

    if (!modem_cell_is_umts(modem))
        trace_decision(modem_sim(modem), modem->name, "modem-obeys-cipher-command", "TS 43.020 Annex D",
                       "obeys a command to use %s: a GPRS command carries no proof of who sent it",
                       cipher == RADIO_NONE ? "no ciphering" : radio_cipher_name(cipher));
    memset(key, 0, sizeof key);
    if (modem->keys != NULL)
        radio_cipher_key(cipher, modem->keys->ck, modem->keys->ik, key);
    radio_end_switch(&modem->end, modem->host, modem->link, cipher, key);
    memset(key, 0, sizeof key);
}

FsmVerdict modem_obey_cipher_command(Modem *modem, const FsmEvent *event)
{
    AccessMsg complete = { .type = ACCESS_CIPHER_MODE_COMPLETE,
                           .has = ACCESS_HAS_CIPHER,
                           .cipher = event->msg->cipher };
    uint32_t capabilities = modem_capabilities(&modem->policy);
    RadioCipher cipher = (RadioCipher)event->msg->cipher;

    if (modem_cell_is_umts(modem)) {
        if (!modem_check_security_mode(modem, event))
            return FSM_DONE; /* discarded and counted: TS 25.331 §8.1.12; the state's timer goes on */
        if (!(event->msg->has & ACCESS_HAS_CAPABILITIES) || event->msg->capabilities != capabilities)
            return modem_refuse_cipher(modem, "the network was told other capabilities than ours");
    } else if (modem->keys == NULL && (cipher != RADIO_NONE || modem_insists_on_autn(modem))) {
        return modem_refuse_cipher(modem, "a command to cipher without a challenge");
    }
    if (event->msg->cipher >= RADIO_N_CIPHERS || !(capabilities >> cipher & 1))
        return modem_refuse_cipher(modem, "a cipher that the handset does not have");
    modem_switch_cipher(modem, cipher);
    modem_send(modem, &complete);
    return fsm_go(&modem->fsm, MODEM_WAIT_ACCEPT);
}
