/*
 * nodes/modem_internal.h - what a modem is made of; for nodes/modem*.c only.
 *
 * Knows:   as nodes/modem.h.
 */
#ifndef PRESEC_NODES_MODEM_INTERNAL_H
#define PRESEC_NODES_MODEM_INTERNAL_H

#include "nodes/access_fsm.h"
#include "nodes/access_radio.h"
#include "nodes/modem.h"
#include "nodes/modem_cells.h"

typedef enum {
    MODEM_OFF,
    MODEM_SEARCHING,      /* no cell heard yet that fits */
    MODEM_WAIT_CHALLENGE, /* asked to attach */
    MODEM_WAIT_CIPHER,    /* answered the challenge */
    MODEM_WAIT_ACCEPT,    /* the cipher command is obeyed */
    MODEM_WAIT_CONTEXT,   /* asked for an address */
    MODEM_WAIT_PCSCF,     /* asked DHCPv6 */
    MODEM_ATTACHED,
    MODEM_N_STATES
} ModemState;

struct Modem {
    NetHost *host;
    NetLink *link;
    const char *name, *imsi;
    AkaIsim usim;
    ModemPolicy policy;
    ModemEvents events;
    void *events_ctx;

    Fsm fsm;
    ModemCells cells;
    ModemCell camped; /* id 0: on none */
    uint8_t tries;    /* in this state or at this cell */
    bool has_addr;
    RadioEnd end;
    RadioIntegrity integrity;
    AkaAnswer *keys; /* of the challenge that was answered, until the context is there */
    NetAddr pcscf;
    SimStream stream; /* DHCPv6 transaction ids */
    uint32_t transaction;
};

/* modem.c */
Sim *modem_sim(const Modem *modem);
void modem_send(Modem *modem, AccessMsg *msg); /* to the cell it camps on */
void modem_forget_keys(Modem *modem);
/* This cell is no good: use the next best one; when there is none, end in failed. */
FsmVerdict modem_give_up_cell(Modem *modem, int status, const char *why);

/* modem_auth.c: challenge and cipher-mode command; each moves the machine */
FsmVerdict modem_answer_challenge(Modem *modem, const AccessMsg *msg);
FsmVerdict modem_obey_cipher_command(Modem *modem, const FsmEvent *event);

/* modem_dhcp.c */
void modem_dhcp_open(Modem *modem);
void modem_dhcp_close(Modem *modem);
void modem_dhcp_ask(Modem *modem);

#endif
