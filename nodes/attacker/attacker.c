/*
 * nodes/attacker/attacker.c - taps, and the offline work of breaking ciphers within a budget.
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

static NetTapVerdict on_sighting(void *ctx, const NetSighting *sighting)
{
    Attacker *attacker = ctx;
    char name[64];
    net_segment_name(sighting->link, sighting->segment, name, sizeof name);
    const char *segment = g_string_chunk_insert_const(attacker->knowledge.texts, name);
    Seen seen = { .segment = segment,
                  .dir = sighting->dir,
                  .frame = sighting->frame,
                  .at = sighting->at,
                  .context = sighting->packet->context };
    Layers clear = { g_string_new(NULL), 0 };

    places_note(attacker, segment, sighting);
    decode_packet(&attacker->knowledge, &seen, sighting->packet->kind, sighting->packet->data, sighting->packet->len,
                  &clear);
    g_string_free(clear.how, TRUE);
    return moves_act(attacker, segment, sighting);
}

static void on_watched(void *ctx, NetHost *host, NetDir dir, const NetPacket *packet, uint64_t frame)
{
    Attacker *attacker = ctx;
    Seen seen = { .segment = g_string_chunk_insert_const(attacker->knowledge.texts, net_host_name(host)),
                  .dir = dir,
                  .frame = frame,
                  .at = sim_now(attacker->sim),
                  .context = packet->context };
    Layers clear = { g_string_new(NULL), 0 };
    decode_packet(&attacker->knowledge, &seen, NET_IP, packet->data, packet->len, &clear);
    g_string_free(clear.how, TRUE);
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
    attacker->moves = g_ptr_array_new_with_free_func((GDestroyNotify)active_move_free);
    attacker->tapped = g_ptr_array_new();
    attacker->revealed = g_ptr_array_new();
    attacker->places = g_array_new(FALSE, FALSE, sizeof(Place));
    return attacker;
}

void attacker_free(Attacker *attacker)
{
    for (guint i = 0; i < attacker->revealed->len; i++) {
        Revealed *revealed = attacker->revealed->pdata[i];
        g_free(revealed->segment);
        g_free(revealed);
    }
    g_ptr_array_unref(attacker->revealed);
    g_array_unref(attacker->places);
    g_ptr_array_unref(attacker->moves);
    g_ptr_array_unref(attacker->tapped);
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
        n += active->cell != NULL ? cell_moves(active->cell) : 0;
    }
    return n;
}

void attacker_reveal(Attacker *attacker, const char *segment, RadioCipher cipher, const uint8_t key[RADIO_KEY_LEN],
                     unsigned hidden_bits)
{
    Revealed *revealed = g_new0(Revealed, 1);
    *revealed = (Revealed){ .segment = g_strdup(segment), .cipher = cipher, .hidden_bits = hidden_bits };
    memcpy(revealed->revealed, key, RADIO_KEY_LEN);
    g_ptr_array_add(attacker->revealed, revealed);
}

/* --- breaking ciphers --- */

/*
 * What anybody knows of a ciphered frame's plaintext: it holds an IPv6 packet: the kind octet, version and class, flow
 * label 0, payload length from the frame's, and for most frames the next header (UDP for the first REGISTER, ESP later)
 * and the hop limit.  Addresses are not needed.
 */
#define KNOWN_HEAD 7 /* kind, 4 of version to flow label, 2 of length: 56 bits, more than any search here hides */

static size_t known_keystream(const RadioFrame *frame, const uint8_t *octets, size_t len, uint8_t out[KNOWN_HEAD])
{
    size_t skip = frame->cipher == RADIO_WEP ? WEP_HEAD_LEN : 0,
           overhead = frame->cipher == RADIO_WEP ? WEP_OVERHEAD : 0;
    size_t body = len - frame->body;
    if (body < overhead + 1 + IP_HEADER_LEN)
        return 0;
    size_t payload = body - overhead - 1 - IP_HEADER_LEN;
    const uint8_t plain[KNOWN_HEAD] = { NET_IP, 0x60, 0, 0, 0, (uint8_t)(payload >> 8), (uint8_t)payload };
    for (unsigned i = 0; i < KNOWN_HEAD; i++)
        out[i] = octets[frame->body + skip + i] ^ plain[i];
    return KNOWN_HEAD;
}

typedef struct Harvest { /* of one segment and cipher */
    GArray *known;       /* RadioKnown */
    GPtrArray *octets;
    size_t n_octets; /* keystream octets that could be known: headers of every packet, TCP/IP and SIP start lines */
    unsigned frames;
} Harvest;

/*
 * Octets of a frame's plaintext that a listener can guess (threats AT-10): the IPv6, ESP and UDP headers, "SIP/2.0 200
 * OK", "Via: SIP/2.0/UDP [" and the like.  The published attack on GEA2 wants them in one long LLC frame; here they are
 * counted over the run, as the price in data.
 */
#define GUESSABLE_OCTETS 100

static void harvest(const Knowledge *knowledge, const Revealed *revealed, Harvest *out)
{
    for (guint i = 0; i < knowledge->sealed->len; i++) {
        const Sealed *item = knowledge->sealed->pdata[i];
        RadioFrame frame;
        if (item->kind != NET_CIPHERED || strcmp(item->seen.segment, revealed->segment) != 0 ||
            !radio_frame_parse(item->octets->data, item->octets->len, &frame) || frame.cipher != revealed->cipher)
            continue;
        uint8_t *stream = g_malloc(KNOWN_HEAD);
        size_t n = known_keystream(&frame, item->octets->data, item->octets->len, stream);
        g_ptr_array_add(out->octets, stream);
        if (n == 0)
            continue;
        RadioKnown known = { .count = frame.count,
                             .bearer = (uint8_t)frame.bearer,
                             .direction = frame.dir == NET_DOWN,
                             .keystream = stream,
                             .len = n };
        g_array_append_val(out->known, known);
        out->n_octets += MIN((size_t)GUESSABLE_OCTETS, item->octets->len - frame.body);
        out->frames++;
    }
}

static bool affordable(const Attacker *attacker, const RadioBreak *published, const Harvest *harvested)
{
    return published->knowledge_year <= attacker->config.knowledge_year &&
           published->work_log2 <= attacker->config.work_log2 + 0.5 && harvested->frames >= published->frames &&
           harvested->n_octets >= published->known_octets;
}

static void try_break(Attacker *attacker, const Revealed *revealed)
{
    Harvest harvested = { g_array_new(FALSE, FALSE, sizeof(RadioKnown)), g_ptr_array_new_with_free_func(g_free), 0, 0 };
    size_t n_published;
    const RadioBreak *all = radio_break_all(&n_published);
    RadioBreakRun run;

    harvest(&attacker->knowledge, revealed, &harvested);
    for (size_t i = 0; i < n_published; i++) {
        const RadioBreak *published = &all[i];
        if (published->cipher != revealed->cipher || !affordable(attacker, published, &harvested))
            continue;
        size_t n = MIN(harvested.known->len, 4u);
        if (!radio_break_run(revealed->cipher, (const RadioKnown *)harvested.known->data, n, revealed->revealed,
                             revealed->hidden_bits, &run))
            continue;
        g_autofree char *how = g_strdup_printf("%s broken: 2^%u, %s (executed 2^%u on a key reduced to fit)",
                                               radio_cipher_name(revealed->cipher), published->work_log2,
                                               published->reference, revealed->hidden_bits);
        knowledge_add_radio_key(&attacker->knowledge, revealed->segment, revealed->cipher, run.inner, how,
                                published->work_log2);
        break;
    }
    g_array_unref(harvested.known);
    g_ptr_array_unref(harvested.octets);
}

void attacker_finish(Attacker *attacker)
{
    decode_again(&attacker->knowledge); /* keys seen on one tap open packets seen on another */
    if (attacker->config.work_log2 > 0)
        for (guint i = 0; i < attacker->revealed->len; i++)
            try_break(attacker, attacker->revealed->pdata[i]);
    if (attacker->knowledge.radio->len > 0)
        decode_again(&attacker->knowledge);
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
    active->attacker = attacker;
    active->waiting = g_array_new(FALSE, FALSE, sizeof(Waiting));
    g_ptr_array_add(attacker->moves, active);
    if (move->match.segment != NULL && move->match.segment[0] != '\0')
        attacker_tap(attacker, move->match.segment);
    active_move_start(active);
}
