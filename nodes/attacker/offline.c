/*
 * nodes/attacker/offline.c - breaking radio ciphers after the run, within a budget of work, data and years.
 *
 * Source:  threats AT-10; crypto/radio_break.h (prices of published attacks, the search on reduced keys).
 * Knows:   recorded frames and what anybody can guess of their contents.
 */
#include "nodes/attacker/private.h"

#define CANDIDATES_MAX 8u /* frames a search is tried on: the longest ones, which are packets and not signalling */

/*
 * What anybody knows at the start of a packet: the kind octet; version 6, class and flow label 0; the payload length,
 * which follows from the frame's.  56 bits, more than any search here hides.
 */
#define KNOWN_HEAD 7u

/*
 * Octets of a packet that can be guessed: 57 of the kind, the IPv6, ESP and UDP headers, whose addresses, ports, SPI
 * and sequence numbers repeat, and the first line of the SIP message (threats AT-10: "IP/UDP headers + SIP/2.0 ...").
 * DEVIATION: an attack that wants many known octets counts them over all frames of a key; Beierle et al. want GEA-2's
 * 1,600 in one.  A frame that is known as a whole, from a download for instance, is not simulated.
 */
#define GUESSABLE_OCTETS 100u

typedef struct Harvest { /* of one key */
    const Sealed *candidate[CANDIDATES_MAX];
    unsigned n_candidates;
    size_t n_octets;
    unsigned frames;
} Harvest;

static size_t plain_length(const RadioFrame *frame, const Sealed *item)
{
    size_t body = item->octets->len - frame->body, overhead = frame->cipher == RADIO_WEP ? WEP_OVERHEAD : 0;
    return body > overhead ? body - overhead : 0;
}

static void add_candidate(Harvest *harvest, const Sealed *item)
{
    unsigned at = harvest->n_candidates;
    while (at > 0 && harvest->candidate[at - 1]->octets->len < item->octets->len)
        at--;
    if (at == CANDIDATES_MAX)
        return;
    harvest->n_candidates = MIN(harvest->n_candidates + 1, CANDIDATES_MAX);
    for (unsigned i = harvest->n_candidates - 1; i > at; i--)
        harvest->candidate[i] = harvest->candidate[i - 1];
    harvest->candidate[at] = item;
}

static SimTime end_of(const Attacker *attacker, guint nth)
{
    const Revealed *revealed = attacker->revealed->pdata[nth];
    for (guint i = nth + 1; i < attacker->revealed->len; i++) {
        const Revealed *next = attacker->revealed->pdata[i];
        if (next->since > revealed->since && strcmp(next->segment, revealed->segment) == 0)
            return next->since;
    }
    return SIM_NEVER;
}

static void harvest(const Attacker *attacker, guint nth, Harvest *out)
{
    const GPtrArray *sealed = attacker->knowledge.sealed;
    const Revealed *revealed = attacker->revealed->pdata[nth];
    SimTime end = end_of(attacker, nth);
    RadioFrame frame;

    *out = (Harvest){ .n_candidates = 0 };
    for (guint i = 0; i < sealed->len; i++) {
        const Sealed *item = sealed->pdata[i];
        if (item->kind != NET_CIPHERED || item->seen.at < revealed->since || item->seen.at >= end ||
            strcmp(item->seen.segment, revealed->segment) != 0 ||
            !radio_frame_parse(item->octets->data, item->octets->len, &frame) || frame.cipher != revealed->cipher)
            continue;
        size_t plain = plain_length(&frame, item);
        if (plain < 1 + IP_HEADER_LEN)
            continue;
        out->n_octets += MIN(plain, GUESSABLE_OCTETS);
        out->frames++;
        add_candidate(out, item);
    }
}

static bool affordable(const Attacker *attacker, const RadioBreak *published, const Harvest *harvested)
{
    return published->knowledge_year <= attacker->config.knowledge_year &&
           published->work_log2 <= attacker->config.work_log2 && harvested->frames >= published->frames &&
           harvested->n_octets >= published->known_octets;
}

/* Ciphertext xor what the start of a packet of that length must be. */
static void known_keystream(const RadioFrame *frame, const Sealed *item, uint8_t out[KNOWN_HEAD])
{
    size_t skip = frame->cipher == RADIO_WEP ? WEP_HEAD_LEN : 0;
    size_t payload = plain_length(frame, item) - 1 - IP_HEADER_LEN;
    const uint8_t plain[KNOWN_HEAD] = { NET_IP, 0x60, 0, 0, 0, (uint8_t)(payload >> 8), (uint8_t)payload };
    for (unsigned i = 0; i < KNOWN_HEAD; i++)
        out[i] = item->octets->data[frame->body + skip + i] ^ plain[i];
}

static bool search(const Revealed *revealed, const Sealed *item, RadioBreakRun *run)
{
    uint8_t stream[KNOWN_HEAD];
    RadioFrame frame;
    if (!radio_frame_parse(item->octets->data, item->octets->len, &frame))
        return false;
    known_keystream(&frame, item, stream);
    RadioKnown known = { .count = frame.count,
                         .bearer = (uint8_t)frame.bearer,
                         .direction = frame.dir == NET_DOWN,
                         .keystream = stream,
                         .len = sizeof stream };
    return radio_break_run(revealed->cipher, &known, 1, revealed->revealed, revealed->hidden_bits, run);
}

/* The cheapest published attack that he can afford; NULL: none. */
static const RadioBreak *choose(const Attacker *attacker, RadioCipher cipher, const Harvest *harvested)
{
    const RadioBreak *best = NULL;
    size_t n;
    const RadioBreak *all = radio_break_all(&n);
    for (size_t i = 0; i < n; i++)
        if (all[i].cipher == cipher && affordable(attacker, &all[i], harvested) &&
            (best == NULL || all[i].work_log2 < best->work_log2))
            best = &all[i];
    return best;
}

void offline_break(Attacker *attacker, guint nth)
{
    const Revealed *revealed = attacker->revealed->pdata[nth];
    Harvest harvested;
    RadioBreakRun run;

    harvest(attacker, nth, &harvested);
    const RadioBreak *published = choose(attacker, revealed->cipher, &harvested);
    for (unsigned i = 0; published != NULL && i < harvested.n_candidates; i++) {
        if (!search(revealed, harvested.candidate[i], &run))
            continue;
        g_autofree char *how = g_strdup_printf(
            "%s broken: 2^%u, %s (executed 2^%u on a key reduced to fit; %zu octets known in %u frames)",
            radio_cipher_name(revealed->cipher), published->work_log2, published->reference, revealed->hidden_bits,
            harvested.n_octets, harvested.frames);
        knowledge_add_radio_key(&attacker->knowledge, revealed->segment, revealed->cipher, run.inner, how,
                                published->work_log2);
        return;
    }
}
