/*
 * nodes/access.h - the network side of an access: a cell or access point with its RNC, SGSN and GGSN functions (or WLAN
 * access point) in one node.
 *
 * Source:  as nodes/modem.h.  UMTS: AKA, integrity-protected cipher-mode command, ciphering ends behind `ran`.  GPRS:
 * same AKA or GSM challenge, cipher-mode command without integrity, ciphering ends behind `ran`.  WLAN: WEP or open,
 * ends behind `air`. It routes IPv6 between its radio links and the core, answers DHCPv6, and broadcasts its beacon.
 */
#ifndef PRESEC_NODES_ACCESS_H
#define PRESEC_NODES_ACCESS_H

#include "crypto/aka.h"
#include "crypto/radio.h"
#include "nodes/msg/access.h"
#include "nodes/node.h"

typedef struct Access Access;

typedef struct AccessPolicy {
    AccessTechnology technology;
    RadioCipher cipher; /* commanded after AKA; RADIO_NONE: UEA0, GEA0, open */
    uint8_t strength;   /* of its beacon; the strongest cell is camped on */
    const char *ssid;
    uint8_t wep_key[16];
    bool protected_discovery; /* the context answer carries the P-CSCF; else only DHCPv6 does */
} AccessPolicy;

typedef struct AccessConfig {
    const char *name; /* "cell:alice" */
    uint32_t cell_id;
    uint64_t prefix; /* /64 for the addresses it gives out */
    AccessPolicy policy;
    NetAddr pcscf; /* told to every UE */
} AccessConfig;

/* An authentication vector for this IMSI from the home network (Gr is not simulated as octets: it is inside NDS in
 * every option).  False: unknown. */
typedef bool (*AccessVector)(void *ctx, const char *imsi, const uint8_t *auts_rand, const uint8_t *auts, AkaAv *out);

Access *access_new(Net *net, const AccessConfig *config, AccessVector vector, void *ctx);
void access_free(Access *access);
NetHost *access_host(Access *access);
/* A radio link to a UE's host: made by the caller (UE is end a, access is end b), adopted here: its cover and beacon
 * are now this node's. */
void access_serve(Access *access, NetLink *radio);
/* Segments of the radio link and of the link to the core for a technology. */
const NetLinkSpec *access_radio_spec(AccessTechnology technology); /* air, ran | air, ran | air */
const NetLinkSpec *access_core_spec(AccessTechnology technology);  /* iu, gn, gi | gn, gi | gi */

#endif
