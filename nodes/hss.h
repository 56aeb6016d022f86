/*
 * nodes/hss.h - the Home Subscriber Server: subscribers, vectors, which S-CSCF serves whom; over real Cx octets.
 *
 * Source:  TS 29.228 §6.1-§6.3, TS 29.229; TS 33.102 §6.3, Annex C.
 */
#ifndef PRESEC_NODES_HSS_H
#define PRESEC_NODES_HSS_H

#include "crypto/aka.h"
#include "nodes/node.h"

typedef struct Hss Hss;

typedef struct HssConfig {
    const char *name, *domain; /* "hss", "hss.home.example" */
    NetAddr addr;
    const char *home_domain;
    const char *scscf;           /* assigned to everyone: "sip:scscf.home.example" */
    const char *presence_server; /* the application server of the initial filter criteria */
    /* Told each vector that goes to the IMS; for whoever makes the world.  NULL: nobody is. */
    void (*made)(void *ctx, const char *impi, const AkaAv *av);
    void *ctx;
} HssConfig;
Hss *hss_new(Net *net, const HssConfig *config);
void hss_free(Hss *hss);
NetHost *hss_host(Hss *hss);

/* @impu: the implicit registration set, n entries, the first is the default; strings borrowed.  @isim, @usim copied. */
typedef struct HssSubscriber {
    const char *impi;
    const char *const *impu;
    unsigned n_impu;
    const char *imsi;
    AkaHe isim, usim;
    bool one_application; /* the ISIM is the USIM: one key, and one SEQ for both domains */
    uint32_t barred;      /* bit i: impu[i] serves registration only (TS 23.003 §13.4B) */
} HssSubscriber;
void hss_add(Hss *hss, const HssSubscriber *subscriber);
/* For an access network (AccessVector). */
bool hss_access_vector(void *hss, const char *imsi, const uint8_t *auts_rand, const uint8_t *auts, AkaAv *out);
uint64_t hss_vectors(const Hss *hss); /* authentication vectors spent on IMS */

#endif
