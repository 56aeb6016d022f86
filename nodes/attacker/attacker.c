/*
 * nodes/attacker/attacker.c - an attacker's life: taps, what they bring, and the offline work at the end.
 *
 * Source:  threats 2.0 (taps and positions).
 * Knows:   as nodes/attacker/attacker.h.
 */
#include "nodes/attacker/private.h"

/* Where a segment is: learned from what crosses it, for octets of his own. */
static void places_note(Attacker *attacker, const char *segment, const NetSighting *sighting)
{
    for (guint i = 0; i < attacker->places->len; i++)
        if (g_array_index(attacker->places, Place, i).segment == segment)
            return;
    g_array_append_val(attacker->places, ((Place){ segment, sighting->link, sighting->segment }));
}

const Place *attacker_place(const Attacker *attacker, const char *segment)
{
    for (guint i = 0; i < attacker->places->len; i++) {
        const Place *place = &g_array_index(attacker->places, Place, i);
        if (segment == NULL || segment[0] == '\0' || strcmp(place->segment, segment) == 0)
            return place;
    }
    return NULL;
}

/* @how: "" on a segment */
static void read_packet(Attacker *attacker, const Seen *seen, NetKind kind, const NetPacket *packet, const char *how)
{
    Layers layers = { g_string_new(how), 0 };
    decode_packet(&attacker->knowledge, seen, kind, packet->data, packet->len, &layers);
    g_string_free(layers.how, TRUE);
}

static NetTapVerdict on_sighting(void *ctx, const NetSighting *sighting)
{
    Attacker *attacker = ctx;
    SimContext context = sim_context(attacker->sim);
    char name[64];
    net_segment_name(sighting->link, sighting->segment, name, sizeof name);
    const char *segment = g_string_chunk_insert_const(attacker->knowledge.texts, name);
    Seen seen = { .segment = segment,
                  .dir = sighting->dir,
                  .frame = sighting->frame,
                  .at = sighting->at,
                  .context = sighting->packet->context };

    attacker->heard = sighting->frame;
    attacker->heard_on = segment;
    places_note(attacker, segment, sighting);
    read_packet(attacker, &seen, (NetKind)sighting->packet->kind, sighting->packet, "");
    NetTapVerdict verdict = moves_act(attacker, segment, sighting);
    sim_set_context(attacker->sim, context); /* who taps after him sees the packet as it came */
    return verdict;
}

static void on_watched(void *ctx, NetHost *host, NetDir dir, const NetPacket *packet, uint64_t frame)
{
    Attacker *attacker = ctx;
    Seen seen = { .segment = g_string_chunk_insert_const(attacker->knowledge.texts, net_host_name(host)),
                  .dir = dir,
                  .frame = frame,
                  .at = sim_now(attacker->sim),
                  .context = packet->context };
    read_packet(attacker, &seen, NET_IP, packet, "inside the node");
}

static void revealed_free(gpointer data)
{
    Revealed *revealed = data;
    g_free(revealed->segment);
    memset(revealed, 0, sizeof *revealed);
    g_free(revealed);
}

Attacker *attacker_new(Net *net, const AttackerConfig *config)
{
    Attacker *attacker = g_new0(Attacker, 1);
    attacker->config = *config;
    attacker->net = net;
    attacker->sim = net_sim(net);
    attacker->source = sim_source(attacker->sim);
    attacker->stream = sim_stream(attacker->sim, config->name, "attacker", 0);
    knowledge_init(&attacker->knowledge, attacker->sim, config->name);
    attacker->knowledge.work_log2 = config->work_log2;
    knowledge_own(&attacker->knowledge, config->credentials.cert, config->credentials.key);
    knowledge_own(&attacker->knowledge, config->subscriber.cert, config->subscriber.key);
    knowledge_own(&attacker->knowledge, config->self_signed.cert, config->self_signed.key);
    attacker->moves = g_ptr_array_new_with_free_func((GDestroyNotify)active_move_free);
    attacker->tapped = g_ptr_array_new();
    attacker->watched = g_ptr_array_new();
    attacker->revealed = g_ptr_array_new_with_free_func(revealed_free);
    attacker->revealed_res = g_ptr_array_new_with_free_func(g_free);
    attacker->nodes = g_ptr_array_new_with_free_func(own_node_free);
    attacker->later = g_ptr_array_new_with_free_func(g_free);
    attacker->talks = g_ptr_array_new_with_free_func(talk_free);
    attacker->in_talks = g_ptr_array_new_with_free_func(talk_message_free);
    attacker->places = g_array_new(FALSE, FALSE, sizeof(Place));
    attacker->substitutions = g_array_new(FALSE, FALSE, sizeof(Substitution));
    attacker->forged = g_ptr_array_new_with_free_func((GDestroyNotify)cert_free);
    return attacker;
}

void attacker_free(Attacker *attacker)
{
    g_ptr_array_unref(attacker->revealed);
    g_array_unref(attacker->places);
    g_ptr_array_unref(attacker->talks);
    g_ptr_array_unref(attacker->in_talks);
    g_ptr_array_unref(attacker->moves);
    g_ptr_array_unref(attacker->tapped);
    g_ptr_array_unref(attacker->watched);
    g_ptr_array_unref(attacker->revealed_res);
    g_ptr_array_unref(attacker->nodes);
    g_ptr_array_unref(attacker->later);
    g_array_unref(attacker->substitutions);
    g_ptr_array_unref(attacker->forged);
    g_clear_pointer(&attacker->ca, ca_free);
    g_clear_pointer(&attacker->forged_key, cert_key_free);
    knowledge_clear(&attacker->knowledge);
    g_free(attacker);
}

void attacker_tap(Attacker *attacker, const char *segment)
{
    for (guint i = 0; i < attacker->tapped->len; i++)
        if (strcmp(attacker->tapped->pdata[i], segment) == 0)
            return;
    g_ptr_array_add(attacker->tapped, g_string_chunk_insert(attacker->knowledge.texts, segment));
    net_tap(attacker->net, segment, on_sighting, attacker);
}

void attacker_watch_host(Attacker *attacker, NetHost *host)
{
    if (g_ptr_array_find(attacker->watched, host, NULL))
        return;
    g_ptr_array_add(attacker->watched, host);
    net_host_watch(host, on_watched, attacker);
}

const Knowledge *attacker_knowledge(const Attacker *attacker)
{
    return &attacker->knowledge;
}

unsigned attacker_moves(const Attacker *attacker)
{
    unsigned n = attacker->n_moves;
    for (guint i = 0; i < attacker->moves->len; i++) {
        const ActiveMove *active = attacker->moves->pdata[i];
        n += active->cell != NULL ? cell_counted_moves(active->cell) : 0;
    }
    return n;
}

bool attacker_move_acted(const Attacker *attacker, unsigned nth)
{
    const ActiveMove *active = attacker->moves->pdata[nth];
    return active->done > 0 || (active->cell != NULL && cell_moves(active->cell) > 0);
}

void attacker_reveal(Attacker *attacker, const char *segment, RadioCipher cipher, const uint8_t revealed[RADIO_KEY_LEN],
                     unsigned hidden_bits)
{
    Revealed *item = g_new0(Revealed, 1);
    *item = (Revealed){
        .segment = g_strdup(segment), .cipher = cipher, .hidden_bits = hidden_bits, .since = sim_now(attacker->sim)
    };
    memcpy(item->revealed, revealed, RADIO_KEY_LEN);
    g_ptr_array_add(attacker->revealed, item);
}

void attacker_finish(Attacker *attacker)
{
    if (attacker->config.work_log2 > 0)
        for (guint i = 0; i < attacker->revealed->len; i++)
            offline_break(attacker, i);
    decode_again(&attacker->knowledge); /* also: keys seen on one tap open packets seen on another */
    offline_break_res(attacker);
}

void attacker_told(Attacker *attacker, const char *access, const char *impi, const char *impu, const char *home)
{
    victim_told(&attacker->knowledge, access, impi, impu, home);
}

void attacker_own_context(Attacker *attacker, const NetAddr *addr, const NetAddr *pcscf)
{
    for (guint i = 0; i < attacker->moves->len; i++) {
        const ActiveMove *active = attacker->moves->pdata[i];
        if (active->cell != NULL)
            cell_own_context(active->cell, addr, pcscf);
    }
}

void attacker_add_move(Attacker *attacker, const Move *move)
{
    ActiveMove *active = g_new0(ActiveMove, 1);
    active->move = move;
    active->attacker = active->bodies.attacker = attacker;
    g_queue_init(&active->waiting[NET_UP]);
    g_queue_init(&active->waiting[NET_DOWN]);
    g_ptr_array_add(attacker->moves, active);
    if (move->match.segment != NULL && move->match.segment[0] != '\0' &&
        attacker_node(attacker, move->match.segment) == NULL)
        attacker_tap(attacker, move->match.segment);
    active_move_start(active);
}
