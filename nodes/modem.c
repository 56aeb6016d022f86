/*
 * nodes/modem.c - the radio half of a UE: which cell it camps on, and its way from there to an address and a P-CSCF.
 *
 * Source:  TS 24.008 §4.7.3 (attach), §6.1.3 (PDP context); TS 25.304 §5.2 (cell selection); IEEE 802.11-1999 §5.4.
 * Knows:   what it hears on its radio link.  What a cell says of itself it believes, unless a MAC-I would have to be
 * there.
 */
#include "nodes/modem_internal.h"

#include <string.h>

enum { MODEM_SEARCHES_MAX = 5, MODEM_TRIES_PER_CELL = 3, MODEM_DHCP_TRIES = 4 };
#define MODEM_NO_CELL   UINT32_C(0)
#define T_SEARCH_MS     (2000 * SIM_MS)
#define T_SIGNALLING_MS (6000 * SIM_MS) /* several round trips of a slow GPRS link */
#define T_DHCP_MS       (4000 * SIM_MS)

Sim *modem_sim(const Modem *modem)
{
    return net_sim(net_host_net(modem->host));
}

void modem_send(Modem *modem, AccessMsg *msg)
{
    radio_send(modem->link, modem->host, net_host_name(net_link_end(modem->link, 1)), modem->camped.id,
               &modem->integrity, msg);
}

static void modem_outcome(Modem *modem, int status, const char *text)
{
    trace_add(modem_sim(modem), &(TraceRecord){ .kind = TRACE_OUTCOME,
                                                .node = modem->name,
                                                .outcome = { .action = "attach",
                                                             .target = access_technology_name(modem_technology(modem)),
                                                             .status = status,
                                                             .text = text } });
}

void modem_forget_keys(Modem *modem)
{
    if (modem->keys != NULL)
        memset(modem->keys, 0, sizeof *modem->keys);
    g_clear_pointer(&modem->keys, g_free);
}

/* Nothing of the last connection is left: no key, no bearer. */
static void modem_forget_connection(Modem *modem)
{
    if (modem->end.cipher != RADIO_NONE)
        radio_end_switch(&modem->end, modem->host, modem->link, RADIO_NONE, NULL);
    modem->end.context = false;
    memset(&modem->integrity, 0, sizeof modem->integrity);
    modem_forget_keys(modem);
}

/* --- choosing a cell --- */

static FsmVerdict modem_search(Modem *modem)
{
    AccessMsg probe = { .type = ACCESS_ATTACH_REQUEST,
                        .has = ACCESS_HAS_CAPABILITIES,
                        .capabilities = modem_capabilities(&modem->policy) };

    modem->camped = (ModemCell){ .id = MODEM_NO_CELL, .technology = (uint8_t)modem->policy.technology };
    modem->tries++;
    modem_send(modem, &probe); /* to no cell and without a name: whoever hears it answers with a beacon */
    return fsm_go(&modem->fsm, MODEM_SEARCHING);
}

static FsmVerdict modem_request_context(Modem *modem)
{
    AccessMsg request = { .type = ACCESS_CONTEXT_REQUEST };

    if (modem->camped.technology == ACCESS_WLAN && modem->policy.ssid != NULL) {
        request.has |= ACCESS_HAS_SSID;
        request.ssid = text_from(modem->policy.ssid);
    }
    modem_send(modem, &request);
    return fsm_go(&modem->fsm, MODEM_WAIT_CONTEXT);
}

/* IEEE 802.11: an access point is associated with, and asks for nothing more. */
static FsmVerdict modem_begin(Modem *modem)
{
    AccessMsg request = { .type = ACCESS_ATTACH_REQUEST,
                          .has = ACCESS_HAS_CAPABILITIES | ACCESS_HAS_IMSI,
                          .capabilities = modem_capabilities(&modem->policy),
                          .imsi = text_from(modem->imsi) };

    modem->tries++;
    modem_forget_connection(modem);
    if (modem->camped.technology == ACCESS_WLAN)
        return modem_request_context(modem);
    modem_send(modem, &request);
    return fsm_go(&modem->fsm, MODEM_WAIT_CHALLENGE);
}

static FsmVerdict modem_camp(Modem *modem, const ModemCell *cell)
{
    trace_decision(modem_sim(modem), modem->name, "modem-camps", "TS 25.304 §5.2",
                   "camps on a %s cell of strength %u that announces %s: the strongest that fits",
                   access_technology_name((AccessTechnology)cell->technology), cell->strength,
                   cell->cipher == RADIO_NONE ? "no cipher" : radio_cipher_name((RadioCipher)cell->cipher));
    modem->camped = *cell;
    modem->tries = 0;
    radio_cover_join(modem->link, &modem->end);
    return modem_begin(modem);
}

static FsmVerdict modem_choose(Modem *modem)
{
    const ModemCell *best = modem_cells_best(&modem->cells);

    if (best != NULL)
        return modem_camp(modem, best);
    modem->tries = 0;
    return modem_search(modem);
}

static FsmVerdict modem_fail(Modem *modem, int status, const char *why)
{
    modem_forget_connection(modem);
    modem_outcome(modem, status, why);
    FsmVerdict verdict = fsm_go(&modem->fsm, MODEM_OFF);
    modem->camped = (ModemCell){ .id = MODEM_NO_CELL, .technology = (uint8_t)modem->policy.technology };
    if (modem->events.failed != NULL)
        modem->events.failed(modem->events_ctx, why);
    return verdict;
}

FsmVerdict modem_give_up_cell(Modem *modem, int status, const char *why)
{
    modem_cells_bar(&modem->cells, modem->camped.id); /* TS 24.008 §4.3.2.6.1: treated as barred */
    const ModemCell *best = modem_cells_best(&modem->cells);
    if (best == NULL)
        return modem_fail(modem, status, why);
    trace_decision(modem_sim(modem), modem->name, "modem-bars-cell", "TS 24.008 §4.3.2.6.1", "leaves the cell: %s",
                   why);
    return modem_camp(modem, best);
}

static FsmVerdict modem_retry(Modem *modem, const char *why)
{
    if (modem->tries < MODEM_TRIES_PER_CELL)
        return modem_begin(modem);
    return modem_give_up_cell(modem, -1, why);
}

/* A beacon may have brought a better cell. */
static FsmVerdict modem_reselect(Modem *modem)
{
    const ModemCell *best = modem_cells_best(&modem->cells);

    if (best == NULL || best->id == modem->camped.id)
        return FSM_DONE;
    return modem_camp(modem, best);
}

/* Sent away: an unprotected DETACH is obeyed only where nothing is protected anyway (checked before it gets here). */
static FsmVerdict modem_sent_away(Modem *modem)
{
    modem_cells_forget(&modem->cells, modem->camped.id);
    modem_forget_connection(modem);
    return modem_choose(modem);
}

static FsmVerdict modem_leave(Modem *modem)
{
    AccessMsg detach = { .type = ACCESS_DETACH };

    if (modem->fsm.state > MODEM_SEARCHING)
        modem_send(modem, &detach);
    modem_forget_connection(modem);
    modem->camped = (ModemCell){ .id = MODEM_NO_CELL, .technology = (uint8_t)modem->policy.technology };
    return fsm_go(&modem->fsm, MODEM_OFF);
}

/* --- what may come in every state but off --- */

static FsmVerdict modem_in_any(Modem *modem, const FsmEvent *event)
{
    switch (event->type) {
    case FSM_EV_START: return FSM_DONE; /* on its way already */
    case FSM_EV_STOP: return modem_leave(modem);
    case FSM_EV_MESSAGE: break;
    case FSM_EV_PCSCF:
    case FSM_EV_TIMEOUT: return FSM_UNEXPECTED;
    }
    if (event->msg->type == ACCESS_BEACON)
        return modem_reselect(modem);
    if (event->msg->type == ACCESS_DETACH)
        return modem_sent_away(modem);
    return FSM_UNEXPECTED;
}

static bool modem_got(const FsmEvent *event, AccessType type)
{
    return event->type == FSM_EV_MESSAGE && event->msg->type == type;
}

/* --- the states --- */

static FsmVerdict modem_in_off(Fsm *fsm, const FsmEvent *event)
{
    Modem *modem = fsm->owner;

    if (event->type == FSM_EV_START) {
        modem_cells_pardon(&modem->cells);
        return modem_choose(modem);
    }
    return event->type == FSM_EV_STOP || modem_got(event, ACCESS_BEACON) ? FSM_DONE : FSM_UNEXPECTED;
}

static FsmVerdict modem_in_searching(Fsm *fsm, const FsmEvent *event)
{
    Modem *modem = fsm->owner;

    if (event->type != FSM_EV_TIMEOUT)
        return modem_in_any(modem, event);
    if (modem->tries < MODEM_SEARCHES_MAX)
        return modem_search(modem);
    return modem_fail(modem, -1, "no cell that fits was heard");
}

static FsmVerdict modem_tell_identity(Modem *modem)
{
    AccessMsg response = { .type = ACCESS_IDENTITY_RESPONSE, .has = ACCESS_HAS_IMSI, .imsi = text_from(modem->imsi) };

    trace_decision(modem_sim(modem), modem->name, "modem-tells-imsi", "TS 33.102 §6.2",
                   "tells its IMSI in the clear to whoever asks before the challenge");
    modem_send(modem, &response);
    return fsm_stay(&modem->fsm);
}

static FsmVerdict modem_rejected(Modem *modem, const AccessMsg *msg)
{
    return modem_give_up_cell(modem, 0, access_cause_text(msg->cause));
}

/* The network may skip the challenge where it need not prove itself: TS 43.020 §3.3. */
static FsmVerdict modem_accepted(Modem *modem)
{
    bool proof = modem->camped.technology == ACCESS_UMTS
                     ? modem->integrity.on
                     : modem->keys != NULL || modem->policy.technology == ACCESS_GPRS;
    if (!proof)
        return FSM_UNEXPECTED;
    modem->tries = 0;
    return modem_request_context(modem);
}

static FsmVerdict modem_in_wait_challenge(Fsm *fsm, const FsmEvent *event)
{
    Modem *modem = fsm->owner;

    if (event->type == FSM_EV_TIMEOUT)
        return modem_retry(modem, "the network did not answer the attach request");
    if (event->type != FSM_EV_MESSAGE)
        return modem_in_any(modem, event);
    switch (event->msg->type) {
    case ACCESS_IDENTITY_REQUEST: return modem_tell_identity(modem);
    case ACCESS_AUTH_REQUEST: return modem_answer_challenge(modem, event->msg);
    case ACCESS_CIPHER_MODE_COMMAND: return modem_obey_cipher_command(modem, event);
    case ACCESS_ATTACH_ACCEPT: return modem_accepted(modem);
    case ACCESS_ATTACH_REJECT: return modem_rejected(modem, event->msg);
    default: return modem_in_any(modem, event);
    }
}

static FsmVerdict modem_in_wait_cipher(Fsm *fsm, const FsmEvent *event)
{
    Modem *modem = fsm->owner;

    if (event->type == FSM_EV_TIMEOUT)
        return modem_retry(modem, "no valid cipher-mode command came");
    if (event->type != FSM_EV_MESSAGE)
        return modem_in_any(modem, event);
    switch (event->msg->type) {
    case ACCESS_IDENTITY_REQUEST: return modem_tell_identity(modem);
    case ACCESS_AUTH_REQUEST: return modem_answer_challenge(modem, event->msg);
    case ACCESS_CIPHER_MODE_COMMAND: return modem_obey_cipher_command(modem, event);
    case ACCESS_ATTACH_ACCEPT: return modem_accepted(modem);
    case ACCESS_ATTACH_REJECT: return modem_rejected(modem, event->msg);
    default: return modem_in_any(modem, event);
    }
}

static FsmVerdict modem_in_wait_accept(Fsm *fsm, const FsmEvent *event)
{
    Modem *modem = fsm->owner;

    if (event->type == FSM_EV_TIMEOUT)
        return modem_retry(modem, "the attach was not accepted");
    if (modem_got(event, ACCESS_ATTACH_ACCEPT))
        return modem_accepted(modem);
    if (modem_got(event, ACCESS_ATTACH_REJECT))
        return modem_rejected(modem, event->msg);
    return modem_in_any(modem, event);
}

static void modem_take_address(Modem *modem, const AccessMsg *msg)
{
    NetAddr addr;

    memcpy(addr.octet, msg->address, sizeof addr.octet);
    if (!modem->has_addr || !net_addr_equal(&addr, net_host_addr(modem->host)))
        net_host_set_addr(modem->host, &addr); /* not for the same one: the router would forget its route */
    modem->has_addr = true;
    modem->end.context = true;
}

static FsmVerdict modem_is_attached(Modem *modem, const NetAddr *pcscf)
{
    modem->pcscf = *pcscf;
    modem_outcome(modem, 200, "has an address and a P-CSCF");
    FsmVerdict verdict = fsm_go(&modem->fsm, MODEM_ATTACHED);
    if (modem->events.attached != NULL)
        modem->events.attached(modem->events_ctx, net_host_addr(modem->host), &modem->pcscf);
    return verdict;
}

static void modem_join_wlan(Modem *modem)
{
    bool wep = modem->camped.cipher == RADIO_WEP;

    trace_decision(modem_sim(modem), modem->name, "modem-joins-by-ssid", "IEEE 802.11-1999 §11.1.3",
                   wep ? "joins an access point of its SSID with the shared key"
                       : "joins an open access point: the SSID is all it compares");
    radio_end_switch(&modem->end, modem->host, modem->link, wep ? RADIO_WEP : RADIO_NONE, modem->policy.wep_key);
}

static FsmVerdict modem_take_context(Modem *modem, const AccessMsg *msg)
{
    NetAddr pcscf;

    if (modem->camped.technology == ACCESS_WLAN)
        modem_join_wlan(modem);
    modem_take_address(modem, msg);
    modem_forget_keys(modem); /* what is still needed is in the cipher's and the integrity's own state */
    modem->tries = 0;
    if (modem->policy.open_discovery) {
        modem_dhcp_ask(modem);
        return fsm_go(&modem->fsm, MODEM_WAIT_PCSCF);
    }
    if (msg->n_pcscfs == 0)
        return modem_give_up_cell(modem, 0, "the context came without a P-CSCF");
    memcpy(pcscf.octet, msg->pcscf[0], sizeof pcscf.octet);
    return modem_is_attached(modem, &pcscf);
}

static FsmVerdict modem_in_wait_context(Fsm *fsm, const FsmEvent *event)
{
    Modem *modem = fsm->owner;

    if (event->type == FSM_EV_TIMEOUT)
        return modem_retry(modem, "no context was given");
    if (modem_got(event, ACCESS_CONTEXT_ACCEPT))
        return modem_take_context(modem, event->msg);
    if (modem_got(event, ACCESS_ATTACH_REJECT))
        return modem_rejected(modem, event->msg);
    return modem_in_any(modem, event);
}

static FsmVerdict modem_in_wait_pcscf(Fsm *fsm, const FsmEvent *event)
{
    Modem *modem = fsm->owner;

    if (event->type == FSM_EV_PCSCF)
        return modem_is_attached(modem, event->pcscf);
    if (event->type != FSM_EV_TIMEOUT)
        return modem_in_any(modem, event);
    if (++modem->tries >= MODEM_DHCP_TRIES)
        return modem_give_up_cell(modem, -1, "DHCPv6 named no P-CSCF");
    modem_dhcp_ask(modem);
    return fsm_stay(fsm);
}

static FsmVerdict modem_in_attached(Fsm *fsm, const FsmEvent *event)
{
    Modem *modem = fsm->owner;

    if (event->type == FSM_EV_START && modem->events.attached != NULL) {
        modem->events.attached(modem->events_ctx, net_host_addr(modem->host), &modem->pcscf);
        return FSM_DONE;
    }
    return modem_in_any(modem, event);
}

/* Off, searching, or at the start of an attach to another cell: where every state may fall back to. */
#define MODEM_TO_START                                                                                                 \
    (FSM_TO(MODEM_OFF) | FSM_TO(MODEM_SEARCHING) | FSM_TO(MODEM_WAIT_CHALLENGE) | FSM_TO(MODEM_WAIT_CONTEXT))

/* GPRS and UMTS attach, TS 24.008 §4.7.3; WLAN goes from searching to wait-context */
static const FsmState modem_states[MODEM_N_STATES] = {
    [MODEM_OFF] = { "off", modem_in_off, MODEM_TO_START, 0 },
    [MODEM_SEARCHING] = { "searching", modem_in_searching, MODEM_TO_START, T_SEARCH_MS },
    [MODEM_WAIT_CHALLENGE] = { "wait-challenge", modem_in_wait_challenge,
                               MODEM_TO_START | FSM_TO(MODEM_WAIT_CIPHER) | FSM_TO(MODEM_WAIT_ACCEPT),
                               T_SIGNALLING_MS },
    [MODEM_WAIT_CIPHER] = { "wait-cipher", modem_in_wait_cipher,
                            MODEM_TO_START | FSM_TO(MODEM_WAIT_CIPHER) | FSM_TO(MODEM_WAIT_ACCEPT), T_SIGNALLING_MS },
    [MODEM_WAIT_ACCEPT] = { "wait-accept", modem_in_wait_accept, MODEM_TO_START, T_SIGNALLING_MS },
    [MODEM_WAIT_CONTEXT] = { "wait-context", modem_in_wait_context,
                             MODEM_TO_START | FSM_TO(MODEM_WAIT_PCSCF) | FSM_TO(MODEM_ATTACHED), T_SIGNALLING_MS },
    [MODEM_WAIT_PCSCF] = { "wait-pcscf", modem_in_wait_pcscf, MODEM_TO_START | FSM_TO(MODEM_ATTACHED), T_DHCP_MS },
    [MODEM_ATTACHED] = { "attached", modem_in_attached, MODEM_TO_START, 0 },
};

/* --- what comes in over the link --- */

static bool modem_is_proved(Modem *modem, const AccessMsg *msg, const uint8_t *octets, size_t len)
{
    if (!modem->integrity.on || radio_is_unprotected(msg->type) ||
        radio_integrity_check(&modem->integrity, NET_DOWN, msg, octets, len))
        return true;
    trace_drop(modem_sim(modem), modem->name, "access-bad-mac", "%s without a valid MAC-I", radio_label(msg->type));
    return false;
}

static void modem_on_link(void *ctx, NetHost *host, NetLink *link, const uint8_t *octets, size_t len)
{
    Modem *modem = ctx;
    AccessMsg msg;

    AccessResult result = link == modem->link ? access_parse(octets, len, &msg) : ACCESS_BAD_TYPE;
    if (result != ACCESS_OK) {
        trace_drop(modem_sim(modem), modem->name, "access-bad", "%s", access_result_text(result));
        return;
    }
    if (msg.type != ACCESS_BEACON && (msg.cell != modem->camped.id || modem->camped.id == MODEM_NO_CELL))
        return; /* another cell speaks to its own */
    radio_trace_receive(link, host, &msg, octets, len);
    if (msg.type == ACCESS_BEACON)
        modem_cells_hear(&modem->cells, &modem->policy, &msg);
    else if (!modem_is_proved(modem, &msg, octets, len))
        return;
    fsm_give(&modem->fsm, &(FsmEvent){ .type = FSM_EV_MESSAGE, .msg = &msg, .octets = octets, .len = len });
}

/* --- public --- */

Modem *modem_new(NetHost *host, NetLink *link, const ModemConfig *config, const ModemEvents *events, void *ctx)
{
    Modem *modem = g_new0(Modem, 1);

    modem->host = host;
    modem->link = link;
    modem->name = config->name;
    modem->imsi = config->imsi;
    modem->usim = *config->usim;
    modem->policy = config->policy;
    modem->camped.technology = (uint8_t)config->policy.technology;
    modem->stream = sim_stream(net_sim(net_host_net(host)), config->name, "DHCPv6", 0);
    modem_set_events(modem, events, ctx);
    fsm_init(&modem->fsm, host, modem_states, MODEM_N_STATES, modem);
    net_host_set_link_handler(host, modem_on_link, modem);
    net_route_default(host, link);
    radio_cover_join(link, &modem->end);
    modem_dhcp_open(modem);
    return modem;
}

void modem_free(Modem *modem)
{
    if (modem == NULL)
        return;
    fsm_clear(&modem->fsm);
    modem_dhcp_close(modem);
    net_host_set_link_handler(modem->host, NULL, NULL);
    radio_cover_leave(modem->link, &modem->end);
    modem_forget_keys(modem);
    aka_isim_clear(&modem->usim);
    memset(modem, 0, sizeof *modem);
    g_free(modem);
}

void modem_attach(Modem *modem)
{
    fsm_give(&modem->fsm, &(FsmEvent){ .type = FSM_EV_START });
}

void modem_detach(Modem *modem)
{
    fsm_give(&modem->fsm, &(FsmEvent){ .type = FSM_EV_STOP });
}

void modem_set_events(Modem *modem, const ModemEvents *events, void *ctx)
{
    modem->events = events != NULL ? *events : (ModemEvents){ 0 };
    modem->events_ctx = ctx;
}

AkaIsim *modem_usim(Modem *modem)
{
    return &modem->usim;
}

NetHost *modem_host(Modem *modem)
{
    return modem->host;
}

AccessTechnology modem_technology(const Modem *modem)
{
    return (AccessTechnology)modem->camped.technology;
}

bool modem_label_ciphers(const Modem *modem)
{
    return modem_technology(modem) != ACCESS_WLAN || modem_has_wep_key(&modem->policy);
}

bool modem_ciphered(const Modem *modem)
{
    return modem->end.cipher != RADIO_NONE;
}

const char *modem_access_info(const Modem *modem)
{
    uint32_t cell = modem->camped.id;

    switch (modem_technology(modem)) {
    case ACCESS_UMTS:
        return sim_text(modem_sim(modem), "3GPP-UTRAN-FDD; utran-cell-id-3gpp=%.5s0001%07x", modem->imsi,
                        cell & 0xfffffff);
    case ACCESS_GPRS:
        return sim_text(modem_sim(modem), "3GPP-GERAN; cgi-3gpp=%.5s0001%04x", modem->imsi, cell & 0xffff);
    case ACCESS_WLAN: return "IEEE-802.11b";
    }
    return "";
}
