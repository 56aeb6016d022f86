/*
 * nodes/attacker/moves.c - drop, delay, flip, replay, reflect, and when a move acts.
 *
 * Source:  threats 5 (moves; each counts one).
 * Knows:   packets as such.  A move counts once, however often it acts: retransmissions are met with the same move.
 */
#include "nodes/attacker/private.h"

TraceId move_record(ActiveMove *active, const char *verb, uint64_t frame, const char *text)
{
    Attacker *attacker = active->attacker;
    if (active->done++ == 0)
        attacker->n_moves++;
    TraceRecord record = { .kind = TRACE_MOVE,
                           .node = attacker->config.name,
                           .move = { .attacker = attacker->config.name, .verb = verb, .text = text, .frame = frame } };
    if (frame != 0) {
        record.move.segment = active->move->match.segment;
    } else if (attacker->prompted) {
        record.move.frame = attacker->heard;
        record.move.segment = attacker->heard_on;
    }
    return trace_add(attacker->sim, &record);
}

TraceId move_record_second(ActiveMove *active, const char *verb, uint64_t frame, const char *text)
{
    if (!active->second)
        active->attacker->n_moves++;
    active->second = true;
    return move_record(active, verb, frame, text);
}

void moves_put(Attacker *attacker, unsigned talk, const NetSighting *at, NetDir dir, NetKind kind,
               const uint8_t *octets, size_t len, SimTime delay, SimContext context)
{
    if (talk != 0)
        talk_put_packet(attacker, talk, dir, octets, len, delay, context);
    else
        net_inject(attacker->net, at->link, at->segment, dir, kind, octets, len, delay, context);
}

static void put(Attacker *attacker, const NetSighting *at, NetDir dir, NetKind kind, const uint8_t *octets, size_t len,
                SimTime delay, TraceId move)
{
    moves_put(attacker, attacker->talk, at, dir, kind, octets, len, delay, (SimContext){ move, move });
}

/* --- flip --- */

/* Where counting starts: the payload of UDP or TCP, ESP from its SPI on, a radio frame's ciphertext. */
static size_t payload_start(const Glimpse *glimpse, const NetPacket *packet)
{
    RadioFrame frame;
    if (glimpse->kind == NET_CIPHERED && radio_frame_parse(packet->data, packet->len, &frame))
        return frame.body;
    if (!glimpse->is_ip)
        return 0;
    switch (glimpse->ip.next_header) {
    case IP_UDP: return (size_t)(glimpse->ip.udp.payload.p - packet->data);
    case IP_TCP: return (size_t)(glimpse->ip.tcp.payload.p - packet->data);
    default: return (size_t)(glimpse->ip.upper.p - packet->data);
    }
}

/* A checksum that anybody can compute is made right; an ICV cannot be. */
static NetTapVerdict flip(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse)
{
    const Move *move = active->move;
    size_t start = payload_start(glimpse, at->packet), len = at->packet->len - start;
    size_t back = move->offset < 0 ? (size_t) - (int64_t)move->offset : 0;
    size_t offset = move->offset >= 0 ? (size_t)move->offset : len - back;

    if (back > len || offset >= len)
        return NET_TAP_PASS;
    g_autofree uint8_t *copy = g_memdup2(at->packet->data, at->packet->len);
    copy[start + offset] ^= move->flip != 0 ? move->flip : 1;
    packet_fix_checksum(copy, at->packet->len);
    TraceId record = move_record(active, "flip", at->frame,
                                 sim_text(active->attacker->sim, "changes octet %zu of a packet", offset));
    put(active->attacker, at, at->dir, (NetKind)at->packet->kind, copy, at->packet->len, 0, record);
    return NET_TAP_TAKE;
}

/* --- reflect --- */

/* Back to where it came from.  Swapping addresses and ports leaves the checksum as it is. */
static void reflect(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse)
{
    if (!glimpse->is_ip)
        return;
    g_autofree uint8_t *copy = g_memdup2(at->packet->data, at->packet->len);
    memcpy(copy + 8, at->packet->data + 24, IP_ADDR_LEN);
    memcpy(copy + 24, at->packet->data + 8, IP_ADDR_LEN);
    if (glimpse->ip.next_header == IP_UDP || glimpse->ip.next_header == IP_TCP) {
        uint8_t *ports = copy + (glimpse->ip.upper.p - at->packet->data);
        memcpy(ports, glimpse->ip.upper.p + 2, 2);
        memcpy(ports + 2, glimpse->ip.upper.p, 2);
    }
    TraceId record = move_record(active, "reflect", at->frame, "sends a packet back to its sender");
    put(active->attacker, at, at->dir == NET_UP ? NET_DOWN : NET_UP, NET_IP, copy, at->packet->len, active->move->delay,
        record);
}

/* --- replay --- */

static void replay(ActiveMove *active, const NetSighting *at)
{
    const Move *move = active->move;
    const NetPacket *packet = at->packet;
    TraceId record = move_record(active, "replay", at->frame, "sends a packet again");
    if (move->packets == 0) {
        put(active->attacker, at, at->dir, (NetKind)packet->kind, packet->data, packet->len, MAX(move->delay, SIM_MS),
            record);
        return;
    }
    Waiting *waiting = g_new(Waiting, 1);
    *waiting = (Waiting){ .octets = g_memdup2(packet->data, packet->len),
                          .len = packet->len,
                          .kind = (NetKind)packet->kind,
                          .due = active->passed[at->dir] + move->packets,
                          .talk = active->attacker->talk,
                          .move = record };
    g_queue_push_tail(&active->waiting[at->dir], waiting);
}

static void waiting_free(gpointer data)
{
    Waiting *waiting = data;
    g_free(waiting->octets);
    g_free(waiting);
}

/* Another packet passes on the move's segment: what has waited for enough of them is sent again. */
static void count_passing(ActiveMove *active, const NetSighting *at)
{
    GQueue *queue = &active->waiting[at->dir];
    active->passed[at->dir]++;
    for (Waiting *first; (first = g_queue_peek_head(queue)) != NULL && first->due <= active->passed[at->dir];) {
        g_queue_pop_head(queue);
        moves_put(active->attacker, first->talk, at, at->dir, first->kind, first->octets, first->len,
                  MAX(active->move->delay, SIM_MS), (SimContext){ first->move, first->move });
        waiting_free(first);
    }
}

/* --- dispatch --- */

bool move_may_act(ActiveMove *active, const Glimpse *glimpse)
{
    const MoveMatch *match = &active->move->match;
    unsigned n = active->seen++;
    if (glimpse->has_sip)
        body_keep(&active->bodies, active->move, &glimpse->msg);
    return n >= match->first && (match->times == 0 || n - match->first < match->times);
}

static void hold_back(ActiveMove *active, const NetSighting *at)
{
    const NetPacket *packet = at->packet; /* an honest packet stays one */
    move_record(active, "delay", at->frame, "holds a packet back");
    moves_put(active->attacker, active->attacker->talk, at, at->dir, (NetKind)packet->kind, packet->data, packet->len,
              active->move->delay, packet->context);
}

static NetTapVerdict act_on(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse)
{
    switch (active->move->verb) {
    case MOVE_DROP: move_record(active, "drop", at->frame, "drops a packet"); return NET_TAP_TAKE;
    case MOVE_DELAY: hold_back(active, at); return NET_TAP_TAKE;
    case MOVE_FLIP: return flip(active, at, glimpse);
    case MOVE_REPLAY: replay(active, at); return NET_TAP_PASS;
    case MOVE_REFLECT: reflect(active, at, glimpse); return NET_TAP_PASS;
    case MOVE_EDIT: return moves_edit(active, at, glimpse);
    case MOVE_STEER: return moves_steer(active, at, glimpse);
    case MOVE_ROGUE_PROXY: return moves_rogue_proxy(active, at, glimpse);
    case MOVE_INTERCEPT: return moves_intercept(active, at, glimpse);
    case MOVE_INJECT:
    case MOVE_SESSION:
    case MOVE_SEND:
    case MOVE_PLAY_CHALLENGE:
    case MOVE_CELL: return NET_TAP_PASS; /* act at a time */
    }
    return NET_TAP_PASS;
}

static bool is_here(const Move *move, const char *segment)
{
    return move->match.segment == NULL || move->match.segment[0] == '\0' || strcmp(move->match.segment, segment) == 0;
}

/* --- moves at a time --- */

/* False: he does not know enough for it. */
static bool act_now(ActiveMove *active)
{
    switch (active->move->verb) {
    case MOVE_INJECT: return moves_inject(active);
    case MOVE_SESSION: return moves_session(active);
    case MOVE_SEND: return moves_send(active);
    case MOVE_PLAY_CHALLENGE: return moves_play_challenge(active);
    case MOVE_DROP:
    case MOVE_DELAY:
    case MOVE_EDIT:
    case MOVE_FLIP:
    case MOVE_REPLAY:
    case MOVE_REFLECT:
    case MOVE_STEER:
    case MOVE_ROGUE_PROXY:
    case MOVE_INTERCEPT:
    case MOVE_CELL: break;
    }
    return true; /* they act on packets */
}

void moves_wanted(Attacker *attacker)
{
    SimContext before = sim_context(attacker->sim);
    for (guint i = 0; i < attacker->moves->len && attacker->n_wanting > 0; i++) {
        ActiveMove *active = attacker->moves->pdata[i];
        if (!active->wants || active->lessons == attacker->knowledge.lessons)
            continue;
        active->lessons = attacker->knowledge.lessons;
        attacker->prompted = true;
        active->wants = !act_now(active);
        attacker->prompted = false;
        attacker->n_wanting -= !active->wants;
        sim_set_context(attacker->sim, before);
    }
}

/* --- moves on packets --- */

static bool is_meant(ActiveMove *active, const char *segment, const NetSighting *sighting, const Glimpse *glimpse)
{
    const Move *move = active->move;
    return sim_now(active->attacker->sim) >= move->at && (move->verb != MOVE_INTERCEPT || tcp_opens(glimpse)) &&
           glimpse_matches(glimpse, &move->match, segment, sighting->dir) && move_may_act(active, glimpse);
}

static NetTapVerdict run_moves(Attacker *attacker, const char *segment, const NetSighting *sighting,
                               const Glimpse *glimpse)
{
    NetTapVerdict verdict = NET_TAP_PASS;
    for (guint i = 0; i < attacker->moves->len; i++) {
        ActiveMove *active = attacker->moves->pdata[i];
        if (active->move->verb == MOVE_REPLAY && is_here(active->move, segment))
            count_passing(active, sighting);
    }
    for (guint i = 0; i < attacker->moves->len && verdict == NET_TAP_PASS; i++) {
        ActiveMove *active = attacker->moves->pdata[i];
        SimContext before = sim_context(attacker->sim);
        if (moves_rogue_takes(active, segment, sighting, glimpse))
            verdict = NET_TAP_TAKE;
        else if (is_meant(active, segment, sighting, glimpse))
            verdict = act_on(active, sighting, glimpse);
        sim_set_context(attacker->sim, before); /* each move is caused by the packet, not by another move */
    }
    return verdict;
}

NetTapVerdict moves_act(Attacker *attacker, const char *segment, const NetSighting *sighting)
{
    if (attacker->moves->len == 0)
        return NET_TAP_PASS;
    moves_wanted(attacker);
    g_autofree Glimpse *glimpse = g_new(Glimpse, 1);
    glimpse_look(glimpse, (NetKind)sighting->packet->kind, sighting->packet->data, sighting->packet->len);
    if (talks_take(attacker, segment, sighting, glimpse))
        return NET_TAP_TAKE;
    return run_moves(attacker, segment, sighting, glimpse);
}

NetTapVerdict moves_act_in_talk(Attacker *attacker, unsigned talk, const char *segment, const NetSighting *sighting)
{
    g_autofree Glimpse *glimpse = g_new(Glimpse, 1);
    glimpse_look(glimpse, NET_IP, sighting->packet->data, sighting->packet->len);
    moves_wanted(attacker);
    attacker->talk = talk;
    NetTapVerdict verdict = run_moves(attacker, segment, sighting, glimpse);
    attacker->talk = 0;
    return verdict;
}

/* What comes up in the clear his tap has read already, on the same segment and before the cell took it. */
static void on_relayed(void *ctx, const uint8_t *octets, size_t len, NetDir dir, uint64_t frame, SimContext context)
{
    ActiveMove *active = ctx;
    Attacker *attacker = active->attacker;
    if (dir == NET_UP && active->move->cell->cipher == RADIO_NONE)
        return;
    Seen seen = { .segment = g_string_chunk_insert_const(attacker->knowledge.texts, active->move->cell->segment),
                  .dir = dir,
                  .frame = frame,
                  .at = sim_now(attacker->sim),
                  .context = context };
    Layers layers = { g_string_new("relayed by his own cell"), 0 };
    decode_packet(&attacker->knowledge, &seen, NET_IP, octets, len, &layers);
    g_string_free(layers.how, TRUE);
}

static void on_time(Sim *sim, void *ctx, uint64_t arg)
{
    ActiveMove *active = ctx;
    if (active->move->verb == MOVE_CELL) {
        cell_start(active->cell);
        return;
    }
    active->lessons = active->attacker->knowledge.lessons;
    active->wants = !act_now(active);
    active->attacker->n_wanting += active->wants;
}

static bool acts_at_a_time(MoveVerb verb)
{
    return verb == MOVE_CELL || verb == MOVE_INJECT || verb == MOVE_SESSION || verb == MOVE_SEND ||
           verb == MOVE_PLAY_CHALLENGE;
}

void active_move_start(ActiveMove *active)
{
    Attacker *attacker = active->attacker;
    if (active->move->verb == MOVE_CELL) {
        active->cell = cell_new(attacker->net, active->move->cell);
        cell_set_reader(active->cell, on_relayed, active);
    }
    if (acts_at_a_time(active->move->verb))
        sim_at(attacker->sim, attacker->source, active->move->at, on_time, active, 0);
}

void active_move_free(ActiveMove *active)
{
    for (unsigned dir = 0; dir < G_N_ELEMENTS(active->waiting); dir++)
        g_queue_clear_full(&active->waiting[dir], waiting_free);
    if (active->cell != NULL)
        cell_free(active->cell);
    body_editor_clear(&active->bodies);
    g_free(active);
}
