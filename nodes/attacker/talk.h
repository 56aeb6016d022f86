/*
 * nodes/attacker/talk.h - conversations over TLS in which an attacker is an end: his own session with the P-CSCF, or
 * the middle of the victim's.
 *
 * Source:  threats AT-41, AT-44, AT-45, AT-48 and 5 (own session; accept TLS).
 * Knows:   SIP messages, and nodes/attacker/line.h below them.
 *
 *     victim ---- as[NET_DOWN] plays the P-CSCF | as[NET_UP] plays the victim ---- P-CSCF
 *                 (not in a session of his own)
 */
#ifndef PRESEC_ATTACKER_TALK_H
#define PRESEC_ATTACKER_TALK_H

#include "nodes/attacker/line.h"

enum { TALK_TOKEN_LEN = 12 };

typedef struct Talk {
    Attacker *attacker;
    ActiveMove *active; /* the move that opened it */
    unsigned number;    /* from 1; 0 stands for the segment itself */
    Place place;
    NetAddr ue, pcscf;
    uint16_t victim_port; /* 0: a session of his own */
    uint16_t own_port;    /* of whoever plays the victim */
    uint16_t port;        /* the P-CSCF's */
    Impostor *as[2];      /* by the direction in which they send */
    Line *line[2];        /* likewise; NULL: not yet, or no more */
    GQueue early;         /* TalkMessage *: for the P-CSCF, before he has reached it */
    uint64_t frame;       /* the crossing that is being heard */
    char token[TALK_TOKEN_LEN + 1];
    bool over;
} Talk;

/* --- talk.c --- */
Talk *talk_new(ActiveMove *active, const Place *place, const NetAddr *ue, const NetAddr *pcscf, uint16_t port);
/* The newest one on this segment whose line in @dir is open; NULL: none. */
Talk *talk_on(const Attacker *attacker, const char *segment, NetDir dir);
void talk_ended(Talk *talk, Line *line); /* the other line of it is closed, too */
/* A message came in, going @dir: he reads it. */
void talk_read(Talk *talk, NetDir dir, const SipMsg *msg);
void talk_reached(Talk *talk); /* the P-CSCF: what waited goes out */
/* Send a message on; what is for the P-CSCF waits for that line. */
void talk_send(Talk *talk, NetDir dir, const char *octets, size_t len);

#endif
