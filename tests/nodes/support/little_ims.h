/*
 * tests/nodes/support/little_ims.h - a home network, a visited P-CSCF and UEs on cells of their own, put together by
 * hand.
 */
#ifndef PRESEC_TESTS_LITTLE_IMS_H
#define PRESEC_TESTS_LITTLE_IMS_H

#include "nodes/access.h"
#include "nodes/cscf.h"
#include "nodes/hss.h"
#include "nodes/pcscf.h"
#include "nodes/presence.h"
#include "nodes/ue.h"
#include "sim/capture.h"
#include "tests/nodes/support/little_pki.h"

#define LITTLE_UES 3

typedef struct LittleUe {
    NetHost *host;
    NetLink *radio, *core;
    Access *access;
    Modem *modem;
    Ue *ue;
    char *name, *cell, *impi, *impu, *imsi;
    const char *impus[2];
    char *temporary; /* the barred identity that it registers with, NULL: none */
} LittleUe;

typedef struct LittleIms {
    Sim *sim;
    Net *net;
    Capture *capture;
    Directory *directory;
    LittlePki *pki; /* NULL: nobody has certificates */
    Pcscf *pcscf;
    Icscf *icscf;
    Scscf *scscf;
    Hss *hss;
    Presence *presence;
    LittleUe ue[LITTLE_UES];
    unsigned n_ues;
    NetAddr trusted[4];
} LittleIms;

/* Option 3; zeros: nobody uses S/MIME. */
typedef struct LittleSmime {
    SmimePolicy ue[LITTLE_UES], ps;
    Credentials ue_has[LITTLE_UES], ps_has;
    const Cert *ps_cert; /* provisioned */
    const Cert *(*user_cert)(void *ctx, const char *impu);
    void *ctx;
} LittleSmime;

typedef struct LittleConfig {
    PcscfPolicy pcscf;
    ScscfPolicy scscf;
    PresencePolicy presence;
    UePolicy ue[LITTLE_UES];
    unsigned n_ues;
    uint64_t seed;
    bool wrong_key;     /* of the first UE's ISIM */
    bool usim_only;     /* the first UE registers with a barred temporary identity */
    uint64_t sqn_ahead; /* the first UE's card has seen this SEQ */
    LittleTls tls;
    bool pcscf_without_tls; /* though UEs can */
    LittleSmime smime;
    const char *password[LITTLE_UES]; /* of watchers */
    const char *(*watcher_password)(void *ctx, const char *impu);
} LittleConfig;

LittleConfig little_config(unsigned ue_release, unsigned pcscf_release, bool encrypts);
/* Option 4: a Release 5 P-CSCF that serves TLS, nodes that accept it, UEs that use it. */
LittleConfig little_tls_config(UeGm gm, unsigned aka_version);
LittleIms *little_ims_new(const LittleConfig *config);
/* With alice and bob registered after so many seconds. */
LittleIms *little_ims_registered(const LittleConfig *config, double seconds);
void little_ims_free(LittleIms *ims);
void little_ims_finish(LittleIms *ims); /* the same, after printing the run when the test is verbose */
void little_run(LittleIms *ims, double seconds);
/* The ISIM of UE number @i as it is made, with the key that the HSS has. */
AkaIsim little_isim(const LittleIms *ims, const char *name);
/* The status of the last outcome of this action at this node; -2: none. */
int little_outcome(const LittleIms *ims, const char *node, const char *action);
size_t little_count(const LittleIms *ims, TraceKind kind, const char *node, const char *label);
size_t little_outcomes(const LittleIms *ims, const char *node, const char *action);          /* how many */
const char *little_outcome_text(const LittleIms *ims, const char *node, const char *action); /* of the last; "" */
bool little_decided(const LittleIms *ims, const char *node, const char *rule);
void little_print(const LittleIms *ims);

#endif
