/*
 * nodes/attacker/cell.c - a false base station or evil-twin access point: what it says to the victim.
 *
 * Source:  as nodes/attacker/cell.h.
 * Knows:   link signalling.  How packets pass through it is in cell_bridge.c.
 */
#include "nodes/attacker/cell_internal.h"

#include <string.h>

enum { CELL_BEACONS = 3 };
#define T_CELL_BEACON_MS (2000 * SIM_MS)

/* --- moves and frames --- */

TraceId cell_move(Cell *cell, const char *verb, uint64_t frame, const char *text)
{
    cell->moves++;
    cell->last_move = trace_add(
        cell->sim,
        &(TraceRecord){ .kind = TRACE_MOVE,
                        .node = cell->config.attacker,
                        .move = { .attacker = cell->config.attacker, .verb = verb, .text = text, .frame = frame } });
    return cell->last_move;
}

SimContext cell_context(const Cell *cell)
{
    return (SimContext){ .cause = cell->last_move, .origin = cell->last_move };
}

/* "auth-request" as the ladder has it: "AUTH REQUEST" */
static const char *cell_label(Cell *cell, AccessType type)
{
    char *label = sim_text(cell->sim, "%s", access_type_name(type));

    for (char *c = label; *c != '\0'; c++)
        *c = *c == '-' ? ' ' : g_ascii_toupper(*c);
    return label;
}

static void cell_trace(Cell *cell, const NetHost *to, AccessType type, const uint8_t *octets, size_t len)
{
    trace_add(cell->sim, &(TraceRecord){ .kind = TRACE_SEND,
                                         .node = cell->config.attacker,
                                         .message = { .protocol = TRACE_ACCESS,
                                                      .peer = net_host_name(to),
                                                      .label = cell_label(cell, type),
                                                      .protection = "clear",
                                                      .octets = octets,
                                                      .len = (uint32_t)len } });
}

/* A frame of his own making, on the air towards the victim. */
static void cell_say(Cell *cell, AccessMsg *msg)
{
    uint8_t octets[ACCESS_MSG_MAX];

    msg->cell = cell->id;
    msg->has |= ACCESS_HAS_CELL;
    size_t len = access_write(msg, octets, sizeof octets);
    if (len == 0)
        return; /* what he copied from the air does not fit */
    sim_set_context(cell->sim, cell_context(cell));
    cell_trace(cell, net_link_end(cell->victim, 0), msg->type, octets, len);
    net_inject(cell->net, cell->victim, cell->segment, NET_DOWN, NET_LINK, octets, len, 0, sim_context(cell->sim));
}

static void cell_beacon(Cell *cell)
{
    AccessMsg beacon = { .type = ACCESS_BEACON,
                         .has = ACCESS_HAS_TECHNOLOGY | ACCESS_HAS_STRENGTH | ACCESS_HAS_CIPHER,
                         .technology = cell->config.technology,
                         .strength = cell->config.strength,
                         .cipher = (uint8_t)cell->config.cipher };

    if (cell->ssid[0] != '\0') {
        beacon.has |= ACCESS_HAS_SSID;
        beacon.ssid = text_from(cell->ssid);
    }
    cell_say(cell, &beacon);
}

static void cell_on_beacon_timer(Sim *sim, void *ctx, uint64_t arg)
{
    Cell *cell = ctx;

    if (!cell->on_air || cell->camped)
        return;
    cell_beacon(cell);
    if (++cell->beacons < CELL_BEACONS)
        sim_after(sim, cell->source, T_CELL_BEACON_MS, cell_on_beacon_timer, cell, 0);
}

/* On the air, once it is known which link the victim's segment belongs to. */
void cell_present(Cell *cell, uint64_t frame)
{
    if (!cell->on_air || cell->presented || cell->victim == NULL)
        return;
    cell->presented = true;
    cell_move(cell, "present-cell", frame,
              cell->config.cipher == RADIO_NONE
                  ? "presents a stronger cell that announces no cipher"
                  : "presents a stronger cell that announces the cipher whose key he knows");
    cell->beacons = 0;
    cell_on_beacon_timer(cell->sim, cell, 0);
}

/* --- a challenge meant for the victim, Meyer and Wetzel §3, phase 1 --- */

static void cell_probe_say(Cell *cell, AccessMsg *msg, uint32_t genuine_cell)
{
    uint8_t octets[ACCESS_MSG_MAX];
    NetHost *host = net_link_end(cell->config.probe, 0);

    msg->cell = genuine_cell;
    msg->has |= ACCESS_HAS_CELL | ACCESS_HAS_CAPABILITIES;
    msg->capabilities = (UINT32_C(1) << RADIO_N_CIPHERS) - 1;
    size_t len = access_write(msg, octets, sizeof octets);
    if (len == 0)
        return;
    sim_set_context(cell->sim, cell_context(cell));
    cell_trace(cell, net_link_end(cell->config.probe, 1), msg->type, octets, len);
    net_link_send(cell->config.probe, host, octets, len);
}

/* As the victim's IMSI: nobody needs a key to ask for a challenge. */
static void cell_fetch(Cell *cell, uint64_t frame)
{
    AccessMsg request = { .type = ACCESS_ATTACH_REQUEST };

    cell->wants_challenge = true;
    if (cell->genuine_cell != 0) {
        cell->fetched = true;
        cell_move(cell, "fetch-challenge", frame, "asks the genuine network for a challenge in the victim's name");
        request.has = ACCESS_HAS_IMSI;
        request.imsi = text_from(cell->imsi);
    }
    cell_probe_say(cell, &request, cell->genuine_cell); /* without a name to cell 0: which cell is there? */
}

static void cell_challenge(Cell *cell, const AccessMsg *fetched)
{
    AccessMsg request = { .type = ACCESS_AUTH_REQUEST, .has = fetched->has & (ACCESS_HAS_RAND | ACCESS_HAS_AUTN) };

    memcpy(request.rand, fetched->rand, sizeof request.rand);
    memcpy(request.autn, fetched->autn, sizeof request.autn);
    cell->relayed = true;
    cell_say(cell, &request);
}

static void cell_on_probe(void *ctx, NetHost *host, NetLink *link, const uint8_t *octets, size_t len)
{
    Cell *cell = ctx;
    AccessMsg msg;

    if (access_parse(octets, len, &msg) != ACCESS_OK)
        return;
    if (msg.type == ACCESS_BEACON) {
        bool was_unknown = cell->genuine_cell == 0;
        cell->genuine_cell = msg.cell;
        if (was_unknown && cell->wants_challenge)
            cell_fetch(cell, 0);
    } else if (msg.type == ACCESS_AUTH_REQUEST && cell->wants_challenge && cell->camped) {
        cell->wants_challenge = false;
        cell_challenge(cell, &msg);
    }
}

/* --- what the victim says to the false cell --- */

/*
 * In UMTS the command needs a MAC-I under IK, which he does not have: he guesses.  In GPRS nothing is asked of him.
 */
static void cell_command_cipher(Cell *cell, uint64_t frame)
{
    AccessMsg command = { .type = ACCESS_CIPHER_MODE_COMMAND,
                          .has = ACCESS_HAS_CIPHER,
                          .cipher = (uint8_t)cell->config.cipher,
                          .capabilities = cell->capabilities };

    if (cell->config.technology == ACCESS_UMTS) {
        command.has |= ACCESS_HAS_CAPABILITIES | ACCESS_HAS_COUNT | ACCESS_HAS_FRESH | ACCESS_HAS_MAC;
        command.count = 1;
        sim_random(cell->sim, &cell->stream, &command.fresh, sizeof command.fresh);
        sim_random(cell->sim, &cell->stream, command.mac_i, sizeof command.mac_i);
    }
    cell_move(cell, "set-cipher", frame,
              cell->config.technology == ACCESS_UMTS ? "commands no ciphering with a guessed MAC-I"
                                                     : "commands no ciphering");
    cell_say(cell, &command);
}

/* A challenge that has nothing to do with this cell: a USIM cannot tell what it is for (threats AT-40). */
static void cell_play(Cell *cell, uint64_t frame)
{
    AccessMsg request = { .type = ACCESS_AUTH_REQUEST, .has = ACCESS_HAS_RAND | ACCESS_HAS_AUTN };

    memcpy(request.rand, cell->config.challenge, sizeof request.rand);
    memcpy(request.autn, cell->config.challenge + sizeof request.rand, sizeof request.autn);
    cell_move(cell, "play-challenge", frame, "asks the victim's handset for RES to a challenge of his own session");
    cell_say(cell, &request);
}

static void cell_authenticate(Cell *cell, uint64_t frame)
{
    if (cell->config.challenge != NULL) {
        cell_play(cell, frame);
        return;
    }
    if (cell->config.relay_challenge && cell->config.probe != NULL)
        cell_fetch(cell, frame);
    else
        cell_command_cipher(cell, frame); /* GSM: who authenticates, and whether, is the network's choice */
}

static void cell_take_imsi(Cell *cell, Text imsi)
{
    size_t len = MIN(imsi.len, sizeof cell->imsi - 1);

    if (len > 0)
        memcpy(cell->imsi, imsi.p, len);
    cell->imsi[len] = '\0';
}

static void cell_attach(Cell *cell, const AccessMsg *msg, uint64_t frame)
{
    AccessMsg request = { .type = ACCESS_IDENTITY_REQUEST };

    cell->capabilities = msg->capabilities;
    if (msg->has & ACCESS_HAS_IMSI)
        cell_take_imsi(cell, msg->imsi);
    if (cell->imsi[0] != '\0') {
        cell_authenticate(cell, frame);
        return;
    }
    cell_move(cell, "ask-identity", frame, "asks the victim for the IMSI");
    cell_say(cell, &request);
}

bool cell_steers(const Cell *cell)
{
    static const NetAddr nobody = { { 0 } };

    return !net_addr_equal(&cell->config.pcscf, &nobody);
}

/* The address of his own context, so that the genuine network carries what the victim sends and gets. */
static void cell_give_context(Cell *cell, uint64_t frame)
{
    AccessMsg accept = { .type = ACCESS_CONTEXT_ACCEPT, .has = ACCESS_HAS_ADDRESS | ACCESS_HAS_PCSCF, .n_pcscfs = 1 };
    const NetAddr *pcscf = cell_steers(cell) ? &cell->config.pcscf : &cell->own_pcscf;

    cell->context_pending = !cell->has_own_context;
    if (cell->context_pending)
        return;
    memcpy(accept.address, cell->own_addr.octet, sizeof accept.address);
    memcpy(accept.pcscf[0], pcscf->octet, sizeof accept.pcscf[0]);
    cell_move(cell, "bridge", frame,
              cell_steers(cell) ? "gives the victim the address of his own context, and another P-CSCF"
                                : "gives the victim the address of his own context");
    cell_say(cell, &accept);
    cell->bridged = true;
    cell_take_host(cell);
}

static void cell_lose_victim(Cell *cell)
{
    cell->camped = cell->bridged = cell->context_pending = cell->wants_challenge = false;
    cell_leave_host(cell);
}

/* He has what he wanted: the victim goes back to where it came from. */
static void cell_take_answer(Cell *cell, const AccessMsg *msg)
{
    AccessMsg detach = { .type = ACCESS_DETACH };

    cell_say(cell, &detach);
    cell_stop(cell);
    cell->config.answered(cell->config.answered_ctx, msg->res, msg->res_len);
}

void cell_hear(Cell *cell, const AccessMsg *msg, uint64_t frame)
{
    AccessMsg accept = { .type = ACCESS_ATTACH_ACCEPT };

    cell->camped = true;
    switch (msg->type) {
    case ACCESS_ATTACH_REQUEST: cell_attach(cell, msg, frame); break;
    case ACCESS_IDENTITY_RESPONSE:
        cell_take_imsi(cell, msg->imsi);
        cell_authenticate(cell, frame);
        break;
    case ACCESS_AUTH_RESPONSE:
        if (cell->config.challenge != NULL)
            cell_take_answer(cell, msg);
        else
            cell_command_cipher(cell, frame);
        break;
    case ACCESS_CIPHER_MODE_COMPLETE: cell_say(cell, &accept); break;
    case ACCESS_CONTEXT_REQUEST: cell_give_context(cell, frame); break;
    case ACCESS_AUTH_FAILURE:
    case ACCESS_DETACH: cell_lose_victim(cell); break;
    case ACCESS_BEACON:
    case ACCESS_IDENTITY_REQUEST:
    case ACCESS_AUTH_REQUEST:
    case ACCESS_CIPHER_MODE_COMMAND:
    case ACCESS_ATTACH_ACCEPT:
    case ACCESS_ATTACH_REJECT:
    case ACCESS_CONTEXT_ACCEPT: break; /* no handset says that */
    }
}

/* What is not for him he only listens to. */
void cell_overhear(Cell *cell, const AccessMsg *msg, NetDir dir)
{
    if (dir == NET_DOWN) {
        if (msg->type == ACCESS_BEACON && (msg->has & ACCESS_HAS_SSID) && cell->config.ssid == NULL)
            g_snprintf(cell->ssid, sizeof cell->ssid, TEXT_FMT, TEXT_ARG(msg->ssid));
        return;
    }
    if (msg->type == ACCESS_ATTACH_REQUEST && msg->cell == 0) {
        if (cell->presented)
            cell_beacon(cell); /* somebody looks for a cell */
        return;
    }
    if (msg->has & ACCESS_HAS_IMSI)
        cell_take_imsi(cell, msg->imsi);
    if (cell->camped)
        cell_lose_victim(cell); /* it speaks to another cell now */
}

/* --- public --- */

static uint32_t cell_draw_id(Cell *cell)
{
    return (uint32_t)sim_random_below(cell->sim, &cell->stream, UINT32_MAX) + 1;
}

Cell *cell_new(Net *net, const CellConfig *config)
{
    Cell *cell = g_new0(Cell, 1);

    cell->net = net;
    cell->sim = net_sim(net);
    cell->source = sim_source(cell->sim);
    cell->config = *config;
    cell->stream = sim_stream(cell->sim, config->attacker, "false cell", 0);
    cell->id = config->cell_id != 0 ? config->cell_id : cell_draw_id(cell);
    cell->victim = config->victim;
    if (config->ssid != NULL)
        g_strlcpy(cell->ssid, config->ssid, sizeof cell->ssid);
    if (config->imsi != NULL)
        g_strlcpy(cell->imsi, config->imsi, sizeof cell->imsi);
    if (config->probe != NULL)
        net_host_set_link_handler(net_link_end(config->probe, 0), cell_on_probe, cell);
    cell_tap(cell);
    return cell;
}

void cell_free(Cell *cell)
{
    if (cell == NULL)
        return;
    cell_leave_host(cell);
    if (cell->config.probe != NULL)
        net_host_set_link_handler(net_link_end(cell->config.probe, 0), NULL, NULL);
    g_free(cell);
}

void cell_set_reader(Cell *cell, CellReader reader, void *ctx)
{
    cell->reader = reader;
    cell->reader_ctx = ctx;
}

void cell_own_context(Cell *cell, const NetAddr *addr, const NetAddr *pcscf)
{
    cell->own_addr = *addr;
    cell->own_pcscf = *pcscf;
    cell->has_own_context = true;
    if (cell->context_pending)
        cell_give_context(cell, 0);
}

void cell_start(Cell *cell)
{
    cell->on_air = true;
    cell_present(cell, 0);
}

void cell_stop(Cell *cell)
{
    cell->on_air = cell->presented = false;
    cell_lose_victim(cell);
}

bool cell_bridges(const Cell *cell)
{
    return cell->bridged;
}

unsigned cell_moves(const Cell *cell)
{
    return cell->moves;
}

unsigned cell_counted_moves(const Cell *cell)
{
    return (cell->moves > 0) + cell->fetched + cell->relayed + cell->steered;
}
