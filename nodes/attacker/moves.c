/*
 * nodes/attacker/moves.c - drop, delay, flip, replay, reflect, and when a move acts.
 *
 * A move counts once, however often it acts (retransmissions are met with the same move).
 */
#include "nodes/attacker/private.h"

TraceId move_record(Attacker *attacker, const char *verb, uint64_t frame, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    return trace_add(
        attacker->sim,
        &(TraceRecord){ .kind = TRACE_MOVE,
                        .node = attacker->config.name,
                        .move = { .attacker = attacker->config.name, .verb = verb, .text = text, .frame = frame } });
}

static TraceId act(ActiveMove *active, const char *verb, uint64_t frame, const char *what)
{
    if (active->done++ == 0)
        active->attacker->n_moves++;
    return move_record(active->attacker, verb, frame, "%s", what);
}

static void put(Attacker *attacker, const NetSighting *at, NetDir dir, NetKind kind, const uint8_t *octets, size_t len,
                SimTime delay, TraceId move)
{
    SimContext context = { .cause = move, .origin = move };
    net_inject(attacker->net, at->link, at->segment, dir, kind, octets, len, delay, context);
}

/* --- one verb each --- */

static void flip(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse)
{
    const Move *move = active->move;
    g_autofree uint8_t *copy = g_memdup2(at->packet->data, at->packet->len);
    size_t start = glimpse->is_ip ? (size_t)(glimpse->ip.upper.p - at->packet->data) : 0;
    size_t len = at->packet->len - start;
    size_t offset = move->offset >= 0 ? (size_t)move->offset : len - MIN(len, (size_t)-move->offset);

    if (offset >= len)
        return;
    copy[start + offset] ^= move->flip != 0 ? move->flip : 1;
    TraceId record =
        act(active, "flip", at->frame, sim_text(active->attacker->sim, "changes octet %zu of a packet", offset));
    put(active->attacker, at, at->dir, at->packet->kind, copy, at->packet->len, 0, record);
}

/* Back to where it came from.  Swapping addresses and ports leaves the checksum as it is. */
static void reflect(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse)
{
    if (!glimpse->is_ip)
        return;
    g_autofree uint8_t *copy = g_memdup2(at->packet->data, at->packet->len);
    memcpy(copy + 8, at->packet->data + 24, IP_ADDR_LEN);
    memcpy(copy + 24, at->packet->data + 8, IP_ADDR_LEN);
    if (glimpse->is_udp && !glimpse->is_esp) {
        uint8_t *udp = copy + (glimpse->ip.upper.p - at->packet->data);
        memcpy(udp, glimpse->ip.upper.p + 2, 2);
        memcpy(udp + 2, glimpse->ip.upper.p, 2);
    }
    TraceId record = act(active, "reflect", at->frame, "sends a packet back to its sender");
    put(active->attacker, at, at->dir == NET_UP ? NET_DOWN : NET_UP, NET_IP, copy, at->packet->len, active->move->delay,
        record);
}

static void replay(ActiveMove *active, const NetSighting *at)
{
    const Move *move = active->move;
    TraceId record = act(active, "replay", at->frame, "sends a packet again");
    if (move->packets == 0) {
        put(active->attacker, at, at->dir, at->packet->kind, at->packet->data, at->packet->len,
            MAX(move->delay, SIM_MS), record);
        return;
    }
    Waiting waiting = { g_memdup2(at->packet->data, at->packet->len), at->packet->len, move->packets, at->dir, record };
    g_array_append_val(active->waiting, waiting);
}

/* Packets that wait for others to pass. */
static void count_down(ActiveMove *active, const NetSighting *at)
{
    for (guint i = 0; i < active->waiting->len; i++) {
        Waiting *waiting = &g_array_index(active->waiting, Waiting, i);
        if (waiting->dir != at->dir || waiting->packets == 0 || --waiting->packets > 0)
            continue;
        put(active->attacker, at, waiting->dir, at->packet->kind, waiting->octets, waiting->len, SIM_MS, waiting->move);
    }
}

/* --- dispatch --- */

static bool may_act(ActiveMove *active)
{
    const MoveMatch *match = &active->move->match;
    unsigned n = active->seen++;
    return n >= match->first && (match->times == 0 || n < match->first + match->times);
}

static NetTapVerdict act_on(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse)
{
    Attacker *attacker = active->attacker;
    switch (active->move->verb) {
    case MOVE_DROP: act(active, "drop", at->frame, "drops a packet"); return NET_TAP_TAKE;
    case MOVE_DELAY:
        act(active, "delay", at->frame, "holds a packet back");
        net_inject(attacker->net, at->link, at->segment, at->dir, at->packet->kind, at->packet->data, at->packet->len,
                   active->move->delay, at->packet->context);
        return NET_TAP_TAKE;
    case MOVE_FLIP: flip(active, at, glimpse); return NET_TAP_TAKE;
    case MOVE_REPLAY: replay(active, at); return NET_TAP_PASS;
    case MOVE_REFLECT: reflect(active, at, glimpse); return NET_TAP_PASS;
    case MOVE_EDIT: return moves_edit(active, at, glimpse);
    case MOVE_STEER: return moves_steer(active, at, glimpse);
    case MOVE_ROGUE_PROXY: return moves_rogue_proxy(active, at, glimpse);
    case MOVE_INJECT:
    case MOVE_CELL: return NET_TAP_PASS; /* act at a time */
    }
    return NET_TAP_PASS;
}

NetTapVerdict moves_act(Attacker *attacker, const char *segment, const NetSighting *sighting)
{
    NetTapVerdict verdict = NET_TAP_PASS;
    if (attacker->moves->len == 0)
        return verdict;
    Glimpse *glimpse = g_new(Glimpse, 1);
    glimpse_look(glimpse, sighting->packet->kind, sighting->packet->data, sighting->packet->len);
    for (guint i = 0; i < attacker->moves->len && verdict == NET_TAP_PASS; i++) {
        ActiveMove *active = attacker->moves->pdata[i];
        if (active->move->match.segment != NULL && strcmp(active->move->match.segment, segment) == 0)
            count_down(active, sighting);
        if (active->rogue) {
            verdict = moves_rogue_proxy(active, sighting, glimpse);
            continue;
        }
        if (sim_now(attacker->sim) >= active->move->at &&
            glimpse_matches(glimpse, &active->move->match, segment, sighting->dir) && may_act(active))
            verdict = act_on(active, sighting, glimpse);
    }
    g_free(glimpse);
    return verdict;
}

/* --- moves at a time --- */

static void on_relayed(void *ctx, const uint8_t *octets, size_t len, NetDir dir, uint64_t frame, SimContext context)
{
    ActiveMove *active = ctx;
    Attacker *attacker = active->attacker;
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
    if (active->move->verb == MOVE_CELL)
        cell_start(active->cell);
    else if (moves_inject(active) && active->done++ == 0)
        active->attacker->n_moves++;
}

void active_move_start(ActiveMove *active)
{
    Attacker *attacker = active->attacker;
    if (active->move->verb == MOVE_CELL) {
        active->cell = cell_new(attacker->net, active->move->cell);
        cell_set_reader(active->cell, on_relayed, active);
    }
    if (active->move->verb == MOVE_CELL || active->move->verb == MOVE_INJECT)
        sim_at(attacker->sim, attacker->source, active->move->at, on_time, active, 0);
}

void active_move_free(ActiveMove *active)
{
    for (guint i = 0; i < active->waiting->len; i++)
        g_free(g_array_index(active->waiting, Waiting, i).octets);
    g_array_unref(active->waiting);
    if (active->cell != NULL)
        cell_free(active->cell);
    g_free(active);
}
