/*
 * ui/bench_crypto.c - `presec bench aka` and `esp`: our functions beside the bare OpenSSL calls.
 *
 * Source:  crypto/bench.h; design, budgets: within 1.2 of the bare calls with contexts that are used again.
 * Knows:   crypto/ from outside.
 */
#include "ui/bench.h"

#include "crypto/aka.h"
#include "crypto/bench.h"
#include "ui/interrupt.h"

#include <string.h>

/* Subscribers in turn: no key is the one before, as in a busy network. */
enum { SUBSCRIBERS = 64 };
#define RATIO_MAX 1.2

static const char bare_calls[] = "the bare EVP calls, contexts used again and keyed anew";

static void counted(uint8_t *octets, size_t len, unsigned n)
{
    for (size_t i = 0; i < len; i++)
        octets[i] = (uint8_t)(n * 37 + i * 11 + 1);
}

static void budget(BenchRow *row)
{
    if (row)
        bench_budget(row, row->ratio <= RATIO_MAX, "at most 1.2 of the floor");
}

/* --- AKA --- */

typedef struct AkaBench {
    CryptoBench *bare;
    MilenageKey keys[SUBSCRIBERS];
    AkaHe he[SUBSCRIBERS];
    AkaIsim isim[SUBSCRIBERS];
    AkaAv av[SUBSCRIBERS]; /* a challenge for each card */
    uint8_t rand[AKA_RAND_LEN];
    unsigned next, wrong;
} AkaBench;

static void vector_work(void *ctx, uint64_t n)
{
    AkaBench *b = ctx;
    AkaAv av;
    for (uint64_t i = 0; i < n; i++)
        aka_he_av(&b->he[b->next++ % SUBSCRIBERS], b->rand, &av);
}

static void vector_floor(void *ctx, uint64_t n)
{
    AkaBench *b = ctx;
    for (uint64_t i = 0; i < n; i++)
        crypto_bench_vector(b->bare, b->keys[b->next++ % SUBSCRIBERS].k, b->rand);
}

/* The card forgets that it has seen the challenge, so that it can be given again. */
static void answer_work(void *ctx, uint64_t n)
{
    AkaBench *b = ctx;
    AkaAnswer answer;
    for (uint64_t i = 0; i < n; i++) {
        const unsigned card = b->next++ % SUBSCRIBERS;
        memset(b->isim[card].seq_ms[AKA_IND_IMS_FIRST], 0, sizeof b->isim[card].seq_ms[0]);
        b->wrong += aka_isim_answer(&b->isim[card], b->av[card].rand, b->av[card].autn, &answer) != AKA_OK;
    }
}

static void answer_floor(void *ctx, uint64_t n)
{
    AkaBench *b = ctx;
    for (uint64_t i = 0; i < n; i++)
        crypto_bench_answer(b->bare, b->keys[b->next++ % SUBSCRIBERS].k, b->rand);
}

static void aka_setup(AkaBench *b)
{
    b->bare = crypto_bench_new();
    counted(b->rand, sizeof b->rand, 1000);
    for (unsigned i = 0; i < SUBSCRIBERS; i++) {
        AkaHe he;
        counted(b->keys[i].k, sizeof b->keys[i].k, i);
        counted(b->keys[i].opc, sizeof b->keys[i].opc, i + 500);
        aka_he_init(&b->he[i], &b->keys[i], AKA_IND_IMS_FIRST, AKA_IND_IMS_COUNT);
        aka_isim_init(&b->isim[i], &b->keys[i]);
        aka_he_init(&he, &b->keys[i], AKA_IND_IMS_FIRST, AKA_IND_IMS_COUNT);
        aka_he_av(&he, b->rand, &b->av[i]);
    }
}

void bench_aka(Bench *bench)
{
    g_autofree AkaBench *b = g_new0(AkaBench, 1);
    aka_setup(b);
    budget(bench_pair_row(bench, vector_work, b, vector_floor, b, bare_calls, "authentication vector"));
    if (!interrupt_requested())
        budget(bench_pair_row(bench, answer_work, b, answer_floor, b, bare_calls, "the card's answer"));
    if (b->wrong > 0)
        bench_fault(bench, "a card refused a good challenge %u times", b->wrong);
    crypto_bench_free(b->bare);
}

/* --- ESP --- */

enum { PACKET_OCTETS = 900, PACKET_ROOM = 1024 };

typedef struct EspBench {
    CryptoBench *bare;
    EspAlg alg;
    EspEalg ealg;
    EspKeys keys[SUBSCRIBERS];
    EspSa out[SUBSCRIBERS], in[SUBSCRIBERS];
    uint8_t iv[ESP_IV_MAX], packet[PACKET_ROOM];
    unsigned next, wrong;
} EspBench;

static void esp_work(void *ctx, uint64_t n)
{
    EspBench *b = ctx;
    for (uint64_t i = 0; i < n; i++) {
        const unsigned user = b->next++ % SUBSCRIBERS;
        size_t len = PACKET_OCTETS, opened;
        uint8_t *payload, next_header;
        if (b->out[user].seq == UINT32_MAX)
            esp_sa_init(&b->out[user], user + 256, b->alg, b->ealg, &b->keys[user]);
        b->wrong += esp_seal(&b->out[user], b->iv, b->packet, sizeof b->packet, &len, ESP_NEXT_UDP) != ESP_OK ||
                    esp_open(&b->in[user], b->packet, len, &payload, &opened, &next_header) != ESP_OK ||
                    opened != PACKET_OCTETS;
    }
}

static void esp_floor(void *ctx, uint64_t n)
{
    EspBench *b = ctx;
    const size_t len = esp_sealed_len(b->ealg, PACKET_OCTETS);
    for (uint64_t i = 0; i < n; i++) {
        const EspKeys *keys = &b->keys[b->next++ % SUBSCRIBERS];
        crypto_bench_seal(b->bare, b->alg, b->ealg, keys, len);
        crypto_bench_open(b->bare, b->alg, b->ealg, keys, len);
    }
}

static void esp_setup(EspBench *b, EspAlg alg, EspEalg ealg)
{
    b->alg = alg;
    b->ealg = ealg;
    counted(b->iv, sizeof b->iv, 99);
    for (unsigned i = 0; i < SUBSCRIBERS; i++) {
        counted(b->keys[i].ik, sizeof b->keys[i].ik, i);
        counted(b->keys[i].ck, sizeof b->keys[i].ck, i + 77);
        esp_sa_init(&b->out[i], i + 256, alg, ealg, &b->keys[i]);
        esp_sa_init(&b->in[i], i + 256, alg, ealg, &b->keys[i]);
    }
}

void bench_esp(Bench *bench)
{
    static const struct {
        EspAlg alg;
        EspEalg ealg;
        const char *what;
    } kinds[] = {
        { ESP_HMAC_MD5_96, ESP_NULL, "seal and open 900 octets, NULL, HMAC-MD5" },
        { ESP_HMAC_SHA1_96, ESP_NULL, "seal and open 900 octets, NULL, HMAC-SHA1" },
        { ESP_HMAC_MD5_96, ESP_DES_EDE3_CBC, "seal and open 900 octets, 3DES, HMAC-MD5" },
        { ESP_HMAC_SHA1_96, ESP_DES_EDE3_CBC, "seal and open 900 octets, 3DES, HMAC-SHA1" },
        { ESP_HMAC_MD5_96, ESP_AES_CBC, "seal and open 900 octets, AES, HMAC-MD5" },
        { ESP_HMAC_SHA1_96, ESP_AES_CBC, "seal and open 900 octets, AES, HMAC-SHA1" },
    };
    g_autofree EspBench *b = g_new0(EspBench, 1);
    b->bare = crypto_bench_new();
    for (size_t i = 0; i < G_N_ELEMENTS(kinds) && !interrupt_requested(); i++) {
        esp_setup(b, kinds[i].alg, kinds[i].ealg);
        budget(bench_pair_row(bench, esp_work, b, esp_floor, b, bare_calls, kinds[i].what));
    }
    if (b->wrong > 0)
        bench_fault(bench, "%u packets did not come out of ESP as they went in", b->wrong);
    crypto_bench_free(b->bare);
}
