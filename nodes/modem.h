/*
 * nodes/modem.h - the radio half of a UE: hears cells, camps on the strongest, attaches, answers AKA, obeys cipher
 * commands, gets an address and P-CSCF.
 *
 * Source:  TS 24.008, TS 33.102 §6.3-§6.6, TS 43.020 (GPRS), IEEE 802.11-1999; RFC 3319 for P-CSCF discovery over
 * DHCPv6.  The link signalling is an abstraction of those protocols (nodes/msg/access.h), its cryptography is real.
 */
#ifndef PRESEC_NODES_MODEM_H
#define PRESEC_NODES_MODEM_H

#include "crypto/aka.h"
#include "crypto/radio.h"
#include "nodes/msg/access.h"
#include "nodes/node.h"

typedef struct Modem Modem;

typedef struct ModemPolicy {
    AccessTechnology technology; /* what it looks for: UMTS, GPRS or WLAN */
    bool dual_mode;              /* a UMTS handset that also takes GSM/GPRS cells (Meyer-Wetzel) */
    bool open_discovery;         /* asks DHCPv6 for the P-CSCF; else takes it from the protected context answer */
    const char *ssid;            /* WLAN */
    bool privacy_required;       /* WLAN: joins only access points that encrypt; 2003 handsets match the SSID alone */
    uint8_t wep_key[16];         /* as RadioKey; WLAN */
} ModemPolicy;

typedef struct ModemConfig {
    const char *name;    /* the UE's, borrowed */
    const char *imsi;    /* borrowed */
    const AkaIsim *usim; /* copied: its own K and SQN, not the ISIM's */
    ModemPolicy policy;
} ModemConfig;

typedef struct ModemEvents {
    void (*attached)(void *ctx, const NetAddr *addr,
                     const NetAddr *pcscf); /* also after a change of cell: the address may be new */
    void (*failed)(void *ctx, const char *why);
} ModemEvents;

/* @host: the UE's; @link: its radio link (UE is end a), cells are heard on it. */
Modem *modem_new(NetHost *host, NetLink *link, const ModemConfig *config, const ModemEvents *events, void *ctx);
void modem_free(Modem *modem);
void modem_attach(Modem *modem); /* once cells are heard; ends in attached or failed */
void modem_detach(Modem *modem);
void modem_set_events(Modem *modem, const ModemEvents *events, void *ctx);
NetHost *modem_host(Modem *modem);
AkaIsim *modem_usim(Modem *modem); /* for a UE whose ISIM it is as well; lives as long as the modem */

/* For the guards of option 2. */
AccessTechnology modem_technology(const Modem *modem); /* of the cell it camps on, as configured or heard */
bool modem_label_ciphers(const Modem *modem);          /* by its label: UMTS, GPRS, or a WLAN it has a WEP key for */
bool modem_ciphered(const Modem *modem);               /* its own cipher is switched on now */
/* P-Access-Network-Info, TS 24.229 §7.2A.4; lives as long as the event. */
const char *modem_access_info(const Modem *modem);

#endif
