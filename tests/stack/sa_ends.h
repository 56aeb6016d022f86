/*
 * tests/stack/sa_ends.h - a UE and a P-CSCF with one set of SAs between them, and a tap on their link.
 *
 * Knows:   nodes/stack/sad.h.  a is the UE, p the P-CSCF.
 */
#ifndef PRESEC_TESTS_STACK_SA_ENDS_H
#define PRESEC_TESTS_STACK_SA_ENDS_H

#include "nodes/stack/sad.h"
#include "tests/stack/chain.h"

enum {
    UC = 50001,
    US = 50002,
    PC = 50003,
    PS = 50004,
    SPI_UC = 0x1111,
    SPI_US = 0x2222,
    SPI_PC = 0x3333,
    SPI_PS = 0x4444
};

typedef struct Ends {
    Chain *chain;
    Sad *ue, *pcscf;
    SaSetId ue_set, pcscf_set;
    unsigned got[65536];
    GString *last;
    uint32_t last_sa;
    GPtrArray *crossed; /* GBytes: packets on "ap", as they were */
    bool takes;         /* the tap lets nothing through */
} Ends;

static inline void hear(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    Ends *ends = ctx;
    ends->got[datagram->dport]++;
    ends->last_sa = datagram->sa;
    g_string_truncate(ends->last, 0);
    g_string_append_len(ends->last, (const char *)datagram->octets, (gssize)datagram->len);
}

static inline NetTapVerdict see(void *ctx, const NetSighting *sighting)
{
    Ends *ends = ctx;
    g_ptr_array_add(ends->crossed, g_bytes_new(sighting->packet->data, sighting->packet->len));
    return ends->takes ? NET_TAP_TAKE : NET_TAP_PASS;
}

static inline SaParams params_for(const Chain *chain, EspAlg alg, EspEalg ealg)
{
    SaParams params = { .ue = *net_host_addr(chain->a),
                        .pcscf = *net_host_addr(chain->p),
                        .spi_uc = SPI_UC,
                        .spi_us = SPI_US,
                        .spi_pc = SPI_PC,
                        .spi_ps = SPI_PS,
                        .port_uc = UC,
                        .port_us = US,
                        .port_pc = PC,
                        .port_ps = PS,
                        .alg = alg,
                        .ealg = ealg,
                        .user = "alice@home.example" };
    for (unsigned i = 0; i < 16; i++) {
        params.ik[i] = (uint8_t)(i * 7 + 1);
        params.ck[i] = (uint8_t)(i * 13 + 2);
    }
    return params;
}

static inline Ends *ends_with(EspAlg alg, EspEalg ealg, const SadPolicy *policy, bool trace)
{
    static const uint16_t ports[] = { UC, US, PC, PS, SIP_PORT };
    Ends *ends = g_new0(Ends, 1);
    Chain *chain = ends->chain = chain_new(trace);
    SaParams params = params_for(chain, alg, ealg);

    ends->last = g_string_new(NULL);
    ends->crossed = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    ends->ue = sad_new(chain->a, "a", SAD_UE, NULL);
    ends->pcscf = sad_new(chain->p, "p", SAD_PCSCF, policy);
    ends->ue_set = sad_add(ends->ue, &params, true);
    ends->pcscf_set = sad_add(ends->pcscf, &params, true);
    g_assert_cmpuint(ends->ue_set, !=, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(ports); i++) {
        g_assert_true(net_udp_bind(chain->a, ports[i], hear, ends));
        g_assert_true(net_udp_bind(chain->p, ports[i], hear, ends));
    }
    net_tap(chain->net, "ap", see, ends);
    return ends;
}

static inline Ends *ends_new(EspAlg alg, EspEalg ealg)
{
    return ends_with(alg, ealg, NULL, true);
}

static inline void ends_free(Ends *ends)
{
    sad_free(ends->ue);
    sad_free(ends->pcscf);
    g_string_free(ends->last, TRUE);
    g_ptr_array_unref(ends->crossed);
    chain_free(ends->chain);
    g_free(ends);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ends, ends_free)

static inline NetSend up(Ends *ends, uint16_t sport, uint16_t dport, const char *text)
{
    return net_udp_send(ends->chain->a, sport, net_host_addr(ends->chain->p), dport, text, strlen(text));
}

static inline NetSend down(Ends *ends, uint16_t sport, uint16_t dport, const char *text)
{
    return net_udp_send(ends->chain->p, sport, net_host_addr(ends->chain->a), dport, text, strlen(text));
}

static inline void run(Ends *ends)
{
    chain_run(ends->chain, sim_now(ends->chain->sim) + 1 * SIM_SEC);
}

static inline size_t drops(Ends *ends, const char *node, const char *cause)
{
    return trace_count_drops(sim_trace(ends->chain->sim), node, cause);
}

static inline const uint8_t *crossed(Ends *ends, guint i, size_t *len)
{
    return g_bytes_get_data(g_ptr_array_index(ends->crossed, i), len);
}

static inline uint8_t *copy_of(Ends *ends, guint i, size_t *len)
{
    const uint8_t *ip = crossed(ends, i, len);
    return g_memdup2(ip, *len);
}

/* Put a packet on the link again, changed or not. */
static inline void inject(Ends *ends, NetDir dir, const uint8_t *octets, size_t len)
{
    net_inject(ends->chain->net, ends->chain->ap, 0, dir, NET_IP, octets, len, 0, (SimContext){ 0 });
    run(ends);
}

#endif
