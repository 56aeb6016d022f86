/*
 * nodes/secagree.h - the lists of Security-Client, Security-Server and Security-Verify, and the choice among them.
 *
 * Source:  TS 33.203 §7.2, Annex H; RFC 3329.  Both ends use it: what differs between them is their policy.
 * Knows:   lists as text and as values.  No node, no state.
 */
#ifndef PRESEC_NODES_SECAGREE_H
#define PRESEC_NODES_SECAGREE_H

#include "crypto/esp.h"
#include "nodes/msg/sip_auth.h"
#include "nodes/msg/sip_write.h"

/* One (integrity, encryption) combination; ESP_NULL is the Release 5 alternative: an entry without ealg. */
typedef struct SecAlgs {
    EspAlg alg;
    EspEalg ealg;
} SecAlgs;
#define SEC_ALGS_MAX 6

typedef struct SecEnd {
    uint32_t spi_c, spi_s;
    uint16_t port_c, port_s;
} SecEnd;

/* "ipsec-3gpp;alg=...;ealg=...;spi-c=...", one entry a combination, ealg left out for ESP_NULL; into the writer, no
 * line end. */
void secagree_write(SipWriter *w, const SecAlgs algs[], unsigned n, const SecEnd *end);

/* The same after "tls" (RFC 3329 §2.2).  @ranked: with the preferences of a server, tls the highest; a client gives
 * none. */
void secagree_write_with_tls(SipWriter *w, bool ranked, const SecAlgs algs[], unsigned n, const SecEnd *end);

/* An entry that we could use: ipsec-3gpp, ESP, transport mode, known algorithms, four numbers that may be.  False: none
 * of ours. */
bool secagree_entry(const SipSecMechanism *entry, SecAlgs *algs, SecEnd *end);

/* Whether any usable entry names this combination / encrypts. */
bool secagree_offers(const SipSecList *list, SecAlgs algs);
bool secagree_offers_encryption(const SipSecList *list);

/* P-CSCF: the first of its own list that the UE offers too (TS 33.203 §7.2).  False: none. */
bool secagree_choose_own(const SecAlgs own[], unsigned n, const SipSecList *offered, SecAlgs *chosen, SecEnd *end);
/* UE: the first of the received list that it supports itself.  False: none. */
bool secagree_choose_received(const SipSecList *received, const SecAlgs own[], unsigned n, SecAlgs *chosen,
                              SecEnd *end);

bool secagree_offers_tls(const SipSecList *list);
/* UE that can do TLS too: whether no entry of the list that it supports is preferred to tls (RFC 3329 §2.3.1: the
 * highest q; of equals the first).  False also when tls is not listed. */
bool secagree_prefers_tls(const SipSecList *received, const SecAlgs own[], unsigned n);

const char *secagree_alg_name(EspAlg alg);    /* "hmac-sha-1-96" */
const char *secagree_ealg_name(EspEalg ealg); /* "des-ede3-cbc"; "null" */

#endif
