/*
 * scenarios/costs_work.c - what nodes compute: octets through ciphers and MACs, operations with public keys.
 *
 * Source:  RFC 4303 §2 (what of a packet is enciphered, and what is under the ICV); TS 33.210 for the gateways.  TLS
 * and S/MIME are counted by the ends that compute. Knows:   the run's packets behind the radio, where they are what UE
 * and P-CSCF made.
 */
#include "scenarios/costs_private.h"

#include "sim/ip.h"

#include <string.h>

enum { ESP_HEAD = 8, ESP_CHECK = 12, IV_3DES = 8, IV_AES = 16, NEXT_ESP = 50 };

/* "des-ede3-cbc" of a security association by its SPI; "" when it is not known. */
typedef struct Sas {
    GHashTable *ealg; /* SPI -> const char *, looked up only */
} Sas;

static void learn_sas(Sas *sas, const Trace *trace)
{
    sas->ealg = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == TRACE_SA && r->sa.made)
            g_hash_table_insert(sas->ealg, GUINT_TO_POINTER(r->sa.spi), (gpointer)r->sa.ealg);
    }
}

static unsigned iv_octets(const char *ealg)
{
    if (!ealg || strcmp(ealg, "null") == 0)
        return 0;
    return strcmp(ealg, "aes-cbc") == 0 ? IV_AES : IV_3DES;
}

static uint32_t spi_of(const uint8_t *esp)
{
    return (uint32_t)esp[0] << 24 | (uint32_t)esp[1] << 16 | (uint32_t)esp[2] << 8 | esp[3];
}

static void add_packet(CostWork *work, size_t esp_len, unsigned iv, bool enciphers)
{
    work->authenticated += esp_len - ESP_CHECK;
    work->enciphered += enciphers ? esp_len - ESP_HEAD - iv - ESP_CHECK : 0;
}

/* Both ends of the hop compute alike. */
static void count_packet(const Sas *sas, const TraceRecord *r, bool gateways, bool za_enc, Costs *out)
{
    IpView ip;
    if (r->frame.kind != NET_IP || !ip_parse(r->frame.octets, r->frame.len, &ip) || ip.next_header != NEXT_ESP)
        return;
    size_t len = ip.payload_len;
    if (len < ESP_HEAD + IV_AES + ESP_CHECK)
        return;
    if (gateways) {
        unsigned iv = za_enc ? IV_AES : 0;
        add_packet(&out->work[COST_GATEWAYS], len, iv, za_enc);
        add_packet(&out->work[COST_GATEWAYS], len, iv, za_enc);
        return;
    }
    unsigned iv = iv_octets(g_hash_table_lookup(sas->ealg, GUINT_TO_POINTER(spi_of(ip.payload))));
    add_packet(&out->work[COST_UE], len, iv, iv > 0);
    add_packet(&out->work[COST_PCSCF], len, iv, iv > 0);
}

static void count_packets(const CompareRun *run, Costs *out)
{
    const Trace *trace = run->exhibits.evidence.trace;
    Sas sas;
    learn_sas(&sas, trace);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind != TRACE_FRAME)
            continue;
        if (g_str_has_prefix(r->frame.segment, "gi:"))
            count_packet(&sas, r, false, false, out);
        else if (strcmp(r->frame.segment, "mw") == 0)
            count_packet(&sas, r, true, run->option->home.za_enc, out);
    }
    g_hash_table_destroy(sas.ealg);
}

static void add_tls(CostWork *work, const TlsWork *tls, bool enciphers)
{
    if (!tls)
        return;
    work->authenticated += tls->octets_sealed + tls->octets_opened;
    work->enciphered += enciphers ? tls->octets_sealed + tls->octets_opened : 0;
    work->private_operations += tls->signatures + tls->rsa_decryptions;
    work->public_operations += tls->verifications + tls->rsa_encryptions;
    work->agreements += tls->key_agreements;
}

static void add_smime(CostWork *work, const SmimeWork *smime)
{
    if (!smime)
        return;
    work->enciphered += smime->octets;
    work->private_operations += (unsigned)(smime->signatures + smime->openings);
    work->public_operations += (unsigned)(smime->verifications + smime->envelopes);
}

static bool counted_before(const World *world, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (world_participant(world, k)->pcscf == world_participant(world, i)->pcscf)
            return true;
    return false;
}

void costs_work(const CompareRun *run, Costs *out)
{
    bool enciphers = !run->option->leg.tls_null;
    count_packets(run, out);
    for (size_t i = 0; i < world_n_participants(run->world); i++) {
        const WorldParticipant *participant = world_participant(run->world, i);
        add_tls(&out->work[COST_UE], ue_tls_work(participant->ue), enciphers);
        add_smime(&out->work[COST_UE], ue_smime_work(participant->ue));
        if (!counted_before(run->world, i))
            add_tls(&out->work[COST_PCSCF], pcscf_tls_work(participant->pcscf), enciphers);
    }
    add_smime(&out->work[COST_PS], presence_smime_work(world_presence(run->world)));
}
