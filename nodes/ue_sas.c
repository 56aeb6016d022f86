/*
 * nodes/ue_sas.c - the UE's security associations: its own end, the choice from SM6's list, old and new ones.
 *
 * Source:  TS 33.203 §7.1, §7.2, §7.4.1.
 */
#include "nodes/ue_internal.h"
#include "crypto/hash.h"

#define OLD_SAS_KEPT (128 * SIM_SEC) /* 64 * T1: pending transactions, TS 33.203 §7.4.1 */

/* --- SM1 --- */

const SecAlgs *ue_offer(const Ue *ue, unsigned *n)
{
    static const SecAlgs clear[] = { { ESP_HMAC_SHA1_96, ESP_NULL } };
    if (ue->without_encryption) {
        *n = 1;
        return clear;
    }
    *n = ue->config.policy.n_offer;
    return ue->config.policy.offer;
}

void ue_new_end(Ue *ue)
{
    uint32_t spi[2];
    for (unsigned i = 0; i < 2; i++) {
        do
            spi[i] = (uint32_t)sim_random_u64(ue->sim, &ue->stream);
        while (spi[i] < 256 || sad_spi_in_use(ue->sad, spi[i]) || (i == 1 && spi[1] == spi[0]));
    }
    ue->end = (SecEnd){ .spi_c = spi[0],
                        .spi_s = spi[1],
                        .port_c = (uint16_t)(UE_PORT_UC + ue->n_authentications++ % UE_N_PORT_UC),
                        .port_s = UE_PORT_US };
}

/* --- SM6 --- */

static bool make_sas(Ue *ue, const SecAlgs *algs, const SecEnd *server, const AkaAnswer *aka, TraceId because)
{
    SaParams params = {
        .ue = ue->addr,
        .pcscf = ue->pcscf,
        .spi_uc = ue->end.spi_c,
        .spi_us = ue->end.spi_s,
        .spi_pc = server->spi_c,
        .spi_ps = server->spi_s,
        .port_uc = ue->end.port_c,
        .port_us = ue->end.port_s,
        .port_pc = server->port_c,
        .port_ps = server->port_s,
        .alg = algs->alg,
        .ealg = algs->ealg,
        .user = ue->config.impi,
        .because = because,
    };
    memcpy(params.ik, aka->ik, sizeof params.ik);
    memcpy(params.ck, aka->ck, sizeof params.ck);
    ue_sas_drop_pending(ue);
    ue->pending =
        (UeSas){ .id = sad_add(ue->sad, &params, true), .port_uc = ue->end.port_c, .port_ps = server->port_s };
    crypto_wipe(&params, sizeof params);
    return ue->pending.id != 0;
}

static TraceId explain_choice(Ue *ue, const SipSecList *list, const SecAlgs *algs)
{
    const char *name = ue->config.name;
    if (algs->ealg != ESP_NULL)
        return trace_decision(ue->sim, name, "ue-selects", "TS 33.203 §7.2",
                              "selects %s with %s: first in SM6's list that it supports",
                              secagree_ealg_name(algs->ealg), secagree_alg_name(algs->alg));
    return trace_decision(ue->sim, name, "ue-selects", "TS 33.203 §7.2",
                          secagree_offers_encryption(list) ? "selects NULL encryption: it offered no ealg itself"
                                                           : "selects NULL encryption: SM6 lists no ealg");
}

const char *ue_sas_choose(Ue *ue, const SipSecList *list, const AkaAnswer *aka)
{
    SecAlgs algs;
    SecEnd server;
    unsigned n;
    const SecAlgs *own = ue_offer(ue, &n);

    if (!secagree_choose_received(list, own, n, &algs, &server))
        return "nothing in SM6's list is supported (TS 33.203 §7.3)";
    TraceId because = explain_choice(ue, list, &algs);
    if (algs.ealg == ESP_NULL && ue->config.policy.refuse_null) {
        trace_decision(ue->sim, ue->config.name, "ue-fails-closed", "threats PO12",
                       "refuses to go on without encryption");
        return "SM6 offers no encryption, which this UE insists on";
    }
    if (!make_sas(ue, &algs, &server, aka, because))
        return "the keys of this challenge cannot be used with the chosen cipher (RFC 2451 §2.3)";
    return NULL;
}

/* --- SM12 and after --- */

static void forget_old(Sim *sim, void *ctx, uint64_t arg)
{
    Ue *ue = ctx;
    sad_remove(ue->sad, ue->old.id);
    ue->old = (UeSas){ 0 };
}

/* TS 33.203 §7.4.1: a message on the new SAs says that the P-CSCF uses them; the old ones then wait for what is
 * pending. */
void ue_heard(Ue *ue, SaSetId sa)
{
    if (sa == 0 || sa != ue->current.id || ue->old.id == 0 || ue->old_unused)
        return;
    ue->old_unused = true;
    sim_cancel(ue->sim, ue->forget_old);
    ue->forget_old = sim_after(ue->sim, net_host_source(ue->host), OLD_SAS_KEPT, forget_old, ue, 0);
}

/* They carry everything from now on; the old ones stay to their end, or until the P-CSCF uses the new ones too. */
void ue_sas_use_new(Ue *ue)
{
    sad_remove(ue->sad, ue->old.id);
    ue->old = ue->current;
    ue->current = ue->pending;
    ue->pending = (UeSas){ 0 };
    ue->old_unused = false;
    sim_cancel(ue->sim, ue->forget_old);
    if (ue->old.id != 0)
        ue->forget_old = sim_at(ue->sim, net_host_source(ue->host), ue->lapses_at, forget_old, ue, 0);
}

void ue_sas_drop_pending(Ue *ue)
{
    sad_remove(ue->sad, ue->pending.id);
    ue->pending = (UeSas){ 0 };
}

void ue_sas_forget(Ue *ue)
{
    sim_cancel(ue->sim, ue->forget_old);
    sad_remove(ue->sad, ue->current.id);
    sad_remove(ue->sad, ue->pending.id);
    sad_remove(ue->sad, ue->old.id);
    ue->current = ue->pending = ue->old = (UeSas){ 0 };
}
