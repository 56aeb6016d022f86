/*
 * sim/random.c - seeded random streams.
 *
 * Source:  octet k of a stream is octet k % 64 of the ChaCha20 block with the run's key, the stream's id as nonce and
 *          k / 64 as counter; the id is SipHash-2-4 of owner, purpose and counter.  Both keys come from the seed by
 *          SHA-256.
 * Knows:   no order of drawing but that of each stream by itself.
 */
#include "sim/chacha.h"
#include "sim/core.h"

#include <string.h>

static void seed_digest(uint64_t seed, const char *purpose, uint8_t out[32])
{
    g_autoptr(GChecksum) sha = g_checksum_new(G_CHECKSUM_SHA256);
    uint8_t octets[8];
    gsize len = 32;

    for (unsigned i = 0; i < 8; i++) {
        octets[i] = (uint8_t)(seed >> 8 * i);
    }
    g_checksum_update(sha, (const guchar *)purpose, (gssize)strlen(purpose));
    g_checksum_update(sha, octets, sizeof octets);
    g_checksum_get_digest(sha, out, &len);
}

void sim_random_init(Sim *sim)
{
    uint8_t digest[32];

    seed_digest(sim->seed, "presec stream octets", digest);
    memset(sim->chacha_key, 0, sizeof sim->chacha_key);
    for (unsigned i = 0; i < 32; i++) {
        sim->chacha_key[i / 4] |= (uint32_t)digest[i] << 8 * (i % 4);
    }
    seed_digest(sim->seed, "presec stream names", digest);
    memset(sim->stream_id_key, 0, sizeof sim->stream_id_key);
    for (unsigned i = 0; i < 16; i++) {
        sim->stream_id_key[i / 8] |= (uint64_t)digest[i] << 8 * (i % 8);
    }
    sim->tie_key = digest[16] | (uint32_t)digest[17] << 8 | (uint32_t)digest[18] << 16 | (uint32_t)digest[19] << 24;
}

SimStream sim_stream(const Sim *sim, const char *owner, const char *purpose, uint64_t counter)
{
    size_t owner_len = strlen(owner), purpose_len = strlen(purpose);
    uint8_t name[256];
    size_t len = owner_len + 1 + purpose_len + 1 + 8;
    g_autofree uint8_t *longer = len > sizeof name ? g_malloc(len) : NULL;
    uint8_t *at = longer != NULL ? longer : name;

    memcpy(at, owner, owner_len + 1);
    memcpy(at + owner_len + 1, purpose, purpose_len + 1);
    for (unsigned i = 0; i < 8; i++) {
        at[len - 8 + i] = (uint8_t)(counter >> 8 * i);
    }
    return (SimStream){ .id = siphash24(sim->stream_id_key, at, len) };
}

void sim_random(const Sim *sim, SimStream *stream, void *out, size_t len)
{
    uint8_t *at = out;

    while (len > 0) {
        uint8_t block[CHACHA_BLOCK_LEN];
        size_t skip = stream->offset % CHACHA_BLOCK_LEN;
        size_t n = MIN(len, CHACHA_BLOCK_LEN - skip);
        chacha20_block(sim->chacha_key, stream->offset / CHACHA_BLOCK_LEN, stream->id, block);
        memcpy(at, block + skip, n);
        at += n;
        len -= n;
        stream->offset += n;
    }
}

uint64_t sim_random_u64(const Sim *sim, SimStream *stream)
{
    uint8_t octets[8];
    uint64_t value = 0;

    sim_random(sim, stream, octets, sizeof octets);
    for (unsigned i = 0; i < 8; i++) {
        value |= (uint64_t)octets[i] << 8 * i;
    }
    return value;
}

uint64_t sim_random_below(const Sim *sim, SimStream *stream, uint64_t bound)
{
    g_assert(bound > 0);
    uint64_t uneven = -bound % bound; /* 2^64 mod bound: values below it would make small results likelier */

    for (;;) {
        uint64_t value = sim_random_u64(sim, stream);
        if (value >= uneven) {
            return value % bound;
        }
    }
}

void sim_random_token(const Sim *sim, SimStream *stream, char *out, size_t len)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    uint8_t block[CHACHA_BLOCK_LEN];
    size_t made = 0;
    bool fresh = true;

    while (made < len) {
        size_t at = stream->offset % CHACHA_BLOCK_LEN;
        if (fresh || at == 0) {
            chacha20_block(sim->chacha_key, stream->offset / CHACHA_BLOCK_LEN, stream->id, block);
            fresh = false;
        }
        stream->offset++;
        if (block[at] < 252) { /* 7 * 36: no character is likelier than another */
            out[made++] = alphabet[block[at] % 36];
        }
    }
    out[len] = '\0';
}
