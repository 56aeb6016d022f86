/*
 * nodes/access_internal.h - what an access node is made of; for nodes/access*.c only.
 *
 * Knows:   as nodes/access.h.
 */
#ifndef PRESEC_NODES_ACCESS_INTERNAL_H
#define PRESEC_NODES_ACCESS_INTERNAL_H

#include "nodes/access.h"
#include "nodes/access_fsm.h"
#include "nodes/access_radio.h"

typedef enum {
    ACCESS_IDLE,
    ACCESS_WAIT_IDENTITY,
    ACCESS_WAIT_RES,
    ACCESS_WAIT_COMPLETE,
    ACCESS_WAIT_CONTEXT,
    ACCESS_UP,
    ACCESS_N_STATES
} AccessState;
extern const FsmState access_states[ACCESS_N_STATES];

/* What is kept while somebody attaches. */
typedef struct AccessAttempt {
    AkaAv av; /* of the challenge that is out */
    uint32_t capabilities;
    char imsi[16];
    bool resynchronised;
} AccessAttempt;

/* One radio link, and who is on it. */
typedef struct AccessLink {
    RadioCover cover; /* first: found from the link by it */
    Access *access;
    RadioIntegrity integrity;
    Fsm fsm;
    AccessAttempt *attempt; /* NULL: nobody attaches */
    SimStream stream;       /* FRESH */
    uint8_t beacons;        /* sent on its own account */
    bool has_addr;          /* cover.source is given out */
} AccessLink;

struct Access {
    NetHost *host;
    AccessConfig config;
    AccessVector vector;
    void *vector_ctx;
    GPtrArray *links; /* AccessLink */
};

/* access.c */
Sim *access_sim(const Access *access);
void access_send(AccessLink *al, AccessMsg *msg);
void access_forget_attempt(AccessLink *al);

#endif
