/*
 * nodes/access_fsm.h - the state machine under the modem and under the access network's side of one radio link.
 *
 * Source:  one handler per state, named for what is awaited; the table is the only list of legal moves.
 * Knows:   states and time-outs.  Only the machine moves itself: events come from its owner.
 */
#ifndef PRESEC_NODES_ACCESS_FSM_H
#define PRESEC_NODES_ACCESS_FSM_H

#include "nodes/msg/access.h"
#include "sim/net.h"

typedef struct Fsm Fsm;

typedef enum {
    FSM_EV_START,   /* its owner wants service; the cell to use is chosen */
    FSM_EV_STOP,    /* its owner wants none */
    FSM_EV_MESSAGE, /* signalling from the other end: @msg */
    FSM_EV_PCSCF,   /* DHCPv6 gave a P-CSCF: @pcscf */
    FSM_EV_TIMEOUT,
} FsmEventType;

typedef struct FsmEvent {
    FsmEventType type;
    const AccessMsg *msg; /* borrowed, as what follows */
    const uint8_t *octets;
    size_t len;
    const NetAddr *pcscf;
} FsmEvent;

typedef enum {
    FSM_DONE,
    FSM_UNEXPECTED, /* traced and counted, never fatal */
} FsmVerdict;

typedef struct FsmState {
    const char *name;
    FsmVerdict (*handle)(Fsm *fsm, const FsmEvent *event);
    uint32_t to;     /* bit n: may go to state n */
    SimTime timeout; /* 0: none */
} FsmState;
#define FSM_TO(state) (UINT32_C(1) << (state))

struct Fsm {
    NetHost *host;          /* borrowed: its name and source are the machine's */
    const FsmState *states; /* borrowed table */
    void *owner;
    SimTimer timer;
    uint8_t state;
    uint8_t n_states;
};

void fsm_init(Fsm *fsm, NetHost *host, const FsmState *states, unsigned n_states, void *owner);
void fsm_clear(Fsm *fsm);
/* Enter a state and start its timer.  Asserts that the table allows it.  After this, return. */
FsmVerdict fsm_go(Fsm *fsm, unsigned state);
/* The same state again, with a fresh timer. */
FsmVerdict fsm_stay(Fsm *fsm);
void fsm_give(Fsm *fsm, const FsmEvent *event);
const char *fsm_state_name(const Fsm *fsm);

#endif
