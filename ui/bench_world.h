/*
 * ui/bench_world.h - a home network, one P-CSCF and many subscribers, put together for `presec bench life` and
 * `memory`.
 *
 * Source:  the nodes as scenarios/world.c joins them, without attackers, security gateways, trace and digest; TS 33.203
 *          §6.1, RFC 3903, RFC 3265 for what the subscribers do.
 * Knows:   the nodes from outside.  Counts which vectors, digests and ESP packets the lives need, so that the bare
 *          cryptography can be done again right after each stretch of time.
 */
#ifndef PRESEC_UI_BENCH_WORLD_H
#define PRESEC_UI_BENCH_WORLD_H

#include "crypto/esp.h"
#include "nodes/access.h"
#include "nodes/cscf.h"
#include "nodes/hss.h"
#include "nodes/pcscf.h"
#include "nodes/presence.h"
#include "nodes/ue.h"

/* What both ends can do, as the options gap and rel6 have it. */
typedef struct BenchLeg {
    const char *name;
    unsigned pcscf_release;
    EspEalg ealg; /* ESP_NULL: the P-CSCF offers no encryption */
} BenchLeg;

typedef struct BenchUe {
    char *name, *impi, *impu, *imsi;
    NetHost *host;
    NetLink *radio;
    Access *access;
    Modem *modem;
    Ue *ue;
} BenchUe;

/* What each part of a world's making took from the heap, in octets. */
typedef struct BenchMakings {
    double identities, hss, hosts, modems, ues, access;
} BenchMakings;

typedef struct BenchWorld {
    Sim *sim;
    Net *net;
    SimSource source;
    Directory *directory;
    Hss *hss;
    Icscf *icscf;
    Scscf *scscf;
    Pcscf *pcscf;
    Presence *presence;
    NetAddr trusted[1];
    EspEalg ealg;
    GPtrArray *cells; /* Access * */
    BenchUe *ue;      /* n of them */
    size_t n;
    BenchMakings made;
    GArray *sealed; /* uint16_t: the sealed length of each ESP packet at the P-CSCF since the last bench_world_take */
    uint64_t vectors_taken;
    /* the phase under way */
    void (*act)(struct BenchWorld *world, size_t i);
    size_t next;
} BenchWorld;

BenchWorld *bench_world_new(const BenchLeg *leg, size_t subscribers);
void bench_world_free(BenchWorld *world);

/* What all subscribers do, one after another. */
typedef void (*BenchAct)(BenchWorld *world, size_t i);
void bench_act_attach(BenchWorld *world, size_t i);
void bench_act_register(BenchWorld *world, size_t i);
void bench_act_subscribe(BenchWorld *world, size_t i); /* to the next one */
void bench_act_subscribe_to_first(BenchWorld *world, size_t i);
void bench_act_publish(BenchWorld *world, size_t i);
void bench_act_deregister(BenchWorld *world, size_t i);

/* Two hundred of them a second, from now on. */
void bench_world_begin(BenchWorld *world, BenchAct act);
/* Some virtual time: a twentieth of what is left to begin with, then until nothing waits for an answer or its timer.
 * False: the phase is over, and all its transactions are. */
bool bench_world_step(BenchWorld *world);
/* Begin, and step to the end. */
void bench_world_do(BenchWorld *world, BenchAct act);

/* What the steps since the last call needed. */
typedef struct BenchNeeds {
    uint64_t vectors;       /* IMS AKA, each with one answer of a card and eight MD5 of Digest */
    const uint16_t *sealed; /* borrowed until the next step: each sealed once and opened once */
    size_t n_sealed;
} BenchNeeds;
BenchNeeds bench_world_take(BenchWorld *world);

/* All counters together; @registered_now: out, may be NULL */
UeCounters bench_world_counters(const BenchWorld *world, size_t *registered_now);

#endif
