/*
 * tests/sim/test_stream.c - streams of random octets.
 *
 * Source:  ChaCha20 with a zero key, counter and nonce: the first block of the ECRYPT set "256-bit key, IV 0", also RFC
 * 8439 §A.1 no. 1; RFC 8439 §2.3.2; SipHash-2-4: appendix A of its paper.
 */
#include "sim/chacha.h"
#include "sim/sim.h"

#include <string.h>

static void assert_hex(const uint8_t *octets, size_t len, const char *hex)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (size_t i = 0; i < len; i++) {
        g_string_append_printf(text, "%02x", octets[i]);
    }
    g_assert_cmpstr(text->str, ==, hex);
}

static void chacha_zero_key(void)
{
    uint8_t block[CHACHA_BLOCK_LEN];

    chacha20_block((uint32_t[8]){ 0 }, 0, 0, block);
    assert_hex(block, sizeof block,
               "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
               "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586");
}

/* The RFC's 96-bit nonce begins in what is the upper half of our counter. */
static void chacha_rfc_8439(void)
{
    uint8_t block[CHACHA_BLOCK_LEN];
    uint32_t key[8];

    for (uint32_t i = 0; i < 8; i++) {
        key[i] = 0x03020100u + 0x04040404u * i;
    }
    chacha20_block(key, UINT64_C(0x0900000000000001), UINT64_C(0x000000004a000000), block);
    assert_hex(block, sizeof block,
               "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
               "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e");
}

static void siphash(void)
{
    static const uint64_t key[2] = { UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908) };
    uint8_t octets[15];

    for (unsigned i = 0; i < sizeof octets; i++) {
        octets[i] = (uint8_t)i;
    }
    g_assert_cmphex(siphash24(key, octets, sizeof octets), ==, UINT64_C(0xa129ca6149be45e5));
}

/* However it is drawn, a stream is one sequence of octets. */
static void one_sequence(void)
{
    g_autoptr(Sim) sim = sim_new(&(SimConfig){ .seed = 42 });
    SimStream whole = sim_stream(sim, "alice", "branch", 0), pieces = whole;
    uint8_t a[1000], b[1000];
    size_t at = 0;

    sim_random(sim, &whole, a, sizeof a);
    for (size_t n = 1; at < sizeof b; n = n * 2 + 1) {
        size_t len = MIN(n, sizeof b - at);
        sim_random(sim, &pieces, b + at, len);
        at += len;
    }
    g_assert_cmpmem(a, sizeof a, b, sizeof b);
    g_assert_cmpuint(whole.offset, ==, pieces.offset);
}

static uint64_t first(const Sim *sim, const char *owner, const char *purpose, uint64_t counter)
{
    SimStream stream = sim_stream(sim, owner, purpose, counter);

    return sim_random_u64(sim, &stream);
}

static void streams_differ_in_every_part_of_their_name(void)
{
    g_autoptr(Sim) sim = sim_new(&(SimConfig){ .seed = 42 });
    g_autoptr(Sim) other = sim_new(&(SimConfig){ .seed = 43 });
    uint64_t value = first(sim, "alice", "branch", 0);

    g_assert_cmpuint(value, ==, first(sim, "alice", "branch", 0));
    g_assert_cmpuint(value, !=, first(sim, "bob", "branch", 0));
    g_assert_cmpuint(value, !=, first(sim, "alice", "tag", 0));
    g_assert_cmpuint(value, !=, first(sim, "alice", "branch", 1));
    g_assert_cmpuint(value, !=, first(sim, "aliceb", "ranch", 0));
    g_assert_cmpuint(value, !=, first(other, "alice", "branch", 0));
}

/* A name longer than any buffer */
static void long_names(void)
{
    g_autoptr(Sim) sim = sim_new(&(SimConfig){ .seed = 42 });
    g_autofree char *name = g_strnfill(5000, 'n');
    uint64_t value = first(sim, name, name, 0);

    name[4999] = 'm';
    g_assert_cmpuint(value, !=, first(sim, name, name, 0));
}

/* Fixed for all machines and build types: other files' expectations rest on it. */
static void known_octets(void)
{
    g_autoptr(Sim) sim = sim_new(&(SimConfig){ .seed = 1 });
    SimStream stream = sim_stream(sim, "alice", "branch", 7);
    char token[13];

    sim_random_token(sim, &stream, token, 12);
    g_assert_cmpstr(token, ==, "r0770t2lfoaj");
}

static void others_draw_what_they_like(void)
{
    g_autoptr(Sim) sim = sim_new(&(SimConfig){ .seed = 1 });
    SimStream alice = sim_stream(sim, "alice", "branch", 0), bob = sim_stream(sim, "bob", "branch", 0);
    SimStream again = alice;
    uint64_t alone[10];

    for (int i = 0; i < 10; i++) {
        alone[i] = sim_random_u64(sim, &alice);
    }
    for (int i = 0; i < 10; i++) {
        uint8_t octets[100];
        sim_random(sim, &bob, octets, sizeof octets);
        g_assert_cmpuint(sim_random_u64(sim, &again), ==, alone[i]);
    }
}

static void below_is_even(void)
{
    g_autoptr(Sim) sim = sim_new(&(SimConfig){ .seed = 1 });
    SimStream stream = sim_stream(sim, "test", "below", 0);
    unsigned count[6] = { 0 };

    for (int i = 0; i < 6000; i++) {
        count[sim_random_below(sim, &stream, 6)]++;
    }
    for (int i = 0; i < 6; i++) {
        g_assert_cmpuint(count[i], >, 850);
        g_assert_cmpuint(count[i], <, 1150);
    }
    for (int i = 0; i < 100; i++) {
        uint64_t bound = UINT64_C(1) << 63 | 5;
        g_assert_cmpuint(sim_random_below(sim, &stream, bound), <, bound);
        g_assert_cmpuint(sim_random_below(sim, &stream, 1), ==, 0);
    }
}

static void tokens(void)
{
    g_autoptr(Sim) sim = sim_new(&(SimConfig){ .seed = 1 });
    SimStream stream = sim_stream(sim, "test", "token", 0);
    char token[4001];

    sim_random_token(sim, &stream, token, 4000);
    g_assert_cmpuint(strlen(token), ==, 4000);
    g_assert_cmpuint(strspn(token, "abcdefghijklmnopqrstuvwxyz0123456789"), ==, 4000);
    for (const char *c = "az09m"; *c != '\0'; c++) {
        g_assert_nonnull(strchr(token, *c));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sim/stream/chacha-zero-key", chacha_zero_key);
    g_test_add_func("/sim/stream/chacha-rfc-8439", chacha_rfc_8439);
    g_test_add_func("/sim/stream/siphash", siphash);
    g_test_add_func("/sim/stream/one-sequence", one_sequence);
    g_test_add_func("/sim/stream/streams-differ-in-every-part-of-their-name",
                    streams_differ_in_every_part_of_their_name);
    g_test_add_func("/sim/stream/long-names", long_names);
    g_test_add_func("/sim/stream/known-octets", known_octets);
    g_test_add_func("/sim/stream/others-draw-what-they-like", others_draw_what_they_like);
    g_test_add_func("/sim/stream/below-is-even", below_is_even);
    g_test_add_func("/sim/stream/tokens", tokens);
    return g_test_run();
}
