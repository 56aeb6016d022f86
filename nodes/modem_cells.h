/*
 * nodes/modem_cells.h - the cells a modem has heard, and which of them it would use.
 *
 * Source:  TS 25.304 §5.2 and TS 43.022 §4 (the strongest suitable cell), IEEE 802.11-1999 §11.1.3 (any access point of
 * the SSID). Knows:   beacons and the modem's policy.  Nothing in a beacon is authenticated.
 */
#ifndef PRESEC_NODES_MODEM_CELLS_H
#define PRESEC_NODES_MODEM_CELLS_H

#include "nodes/modem.h"

enum { MODEM_CELLS_MAX = 6 };

typedef struct ModemCell {
    uint32_t id;
    uint8_t technology; /* AccessTechnology */
    uint8_t strength;
    uint8_t cipher; /* RadioCipher it announces */
    bool fits;      /* the policy takes it */
    bool barred;    /* it failed us */
} ModemCell;

typedef struct ModemCells {
    ModemCell cell[MODEM_CELLS_MAX];
    uint8_t n;
} ModemCells;

/* A beacon was heard.  When the table is full the weakest gives way to a stronger one. */
void modem_cells_hear(ModemCells *cells, const ModemPolicy *policy, const AccessMsg *beacon);
/* The strongest that fits and is not barred, of equals the one heard first; NULL: none. */
const ModemCell *modem_cells_best(const ModemCells *cells);
void modem_cells_bar(ModemCells *cells, uint32_t id);
void modem_cells_forget(ModemCells *cells, uint32_t id);
void modem_cells_pardon(ModemCells *cells); /* none is barred any more */

/* Ciphers the handset has, bit n = RadioCipher n. */
uint32_t modem_capabilities(const ModemPolicy *policy);
bool modem_has_wep_key(const ModemPolicy *policy);

#endif
