/*
 * nodes/attacker/cell_internal.h - what a false cell is made of; for nodes/attacker/cell*.c only.
 *
 * Knows:   as nodes/attacker/cell.h.
 */
#ifndef PRESEC_ATTACKER_CELL_INTERNAL_H
#define PRESEC_ATTACKER_CELL_INTERNAL_H

#include "nodes/attacker/cell.h"

struct Cell {
    Net *net;
    Sim *sim;
    SimSource source;
    CellConfig config;
    SimStream stream;
    uint32_t id;
    char ssid[33], imsi[16];
    NetLink *victim;
    unsigned segment;
    uint32_t genuine_cell; /* heard by the probe; 0: not yet */
    uint32_t capabilities; /* as the victim told them */
    uint32_t wep_sent;     /* IVs used */
    unsigned moves, beacons;
    TraceId last_move;
    bool fetched, relayed, steered; /* at least once */
    bool on_air, presented, camped, bridged, context_pending, wants_challenge, has_own_context;
    NetAddr own_addr, own_pcscf;
    NetIpHook hook;
    CellReader reader;
    void *reader_ctx;
};

/* cell.c */
TraceId cell_move(Cell *cell, const char *verb, uint64_t frame, const char *text);
SimContext cell_context(const Cell *cell); /* of what his last move made */
bool cell_steers(const Cell *cell);        /* has a P-CSCF of his own choice to name */
void cell_present(Cell *cell, uint64_t frame);
void cell_hear(Cell *cell, const AccessMsg *msg, uint64_t frame); /* the victim says this to the false cell */
void cell_overhear(Cell *cell, const AccessMsg *msg, NetDir dir);

/* cell_bridge.c */
void cell_tap(Cell *cell);
void cell_take_host(Cell *cell); /* what comes for his address is the victim's from now on */
void cell_leave_host(Cell *cell);
/* Put an IPv6 packet on the air towards the victim, under the cipher he shares with it if any. */
void cell_inject_down(Cell *cell, const uint8_t *octets, size_t len, SimContext context);

/* cell_dhcp.c */
/* Was this the victim's question for a P-CSCF, answered here? */
bool cell_answers_dhcp(Cell *cell, const uint8_t *octets, size_t len, uint64_t frame);

#endif
