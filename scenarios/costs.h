/*
 * scenarios/costs.h - what an option costs, measured in runs of the standard cast without attackers' moves.
 *
 * Source:  the measures that S3 §2 weighs the answers by: octets and round trips on the radio, time on an access,
 *          computing in the nodes ("UEs may be overloaded"), what must change, certificates.
 * Knows:   finished runs: frames, messages, outcomes, counters of nodes.  Nothing is estimated from a table; what must
 *          change is the difference between the option's values and those of the gap.
 */
#ifndef PRESEC_SCENARIOS_COSTS_H
#define PRESEC_SCENARIOS_COSTS_H

#include "scenarios/option.h"

/* What is counted together on one UE's air. */
typedef enum {
    COST_REGISTRATION,   /* her first one: everything from its first packet on */
    COST_REREGISTRATION, /* later ones */
    COST_PUBLISH,        /* hers */
    COST_SUBSCRIBE,      /* his; ending a subscription counts too */
    COST_NOTIFY,         /* to him */
    COST_CERTIFICATE,    /* certificates asked for (OPTIONS, RFC 3261 §23.2), both */
    N_COST_KINDS
} CostKind;

/*
 * The air of one kind of thing, for each time it was done: every IP octet that belongs to it (a radio cipher's own
 * octets too), with TCP's handshake and acknowledgements and TLS's handshake where it caused them.
 */
typedef struct CostAir {
    unsigned times, octets, packets, messages;
} CostAir;

typedef enum { COST_GPRS, COST_UMTS, COST_WLAN, N_COST_ACCESSES } CostAccess;

/* Seconds; negative: not completed, or not measured. */
typedef struct CostTimes {
    double registration, publish, subscribe;
    double notify; /* from the Presence Server's sending to the watcher's display, the mean */
} CostTimes;

typedef enum { COST_UE, COST_PCSCF, COST_PS, COST_GATEWAYS /* NDS/IP, both ends */, N_COST_NODES } CostNode;

/* Computing in the whole run, of all nodes of a kind together; radio ciphers are left out. */
typedef struct CostWork {
    uint64_t enciphered, authenticated; /* octets through a cipher; octets under a MAC */
    unsigned private_operations;        /* signatures made, keys deciphered */
    unsigned public_operations;         /* signatures checked, keys enciphered */
    unsigned agreements;                /* ECDH */
} CostWork;

typedef enum {
    COST_CHANGES_UE = 1,
    COST_CHANGES_PCSCF = 2,
    COST_CHANGES_PCSCF_REL5 = 4, /* and it is of Release 5: a specification that was frozen */
    COST_CHANGES_SCSCF = 8,
    COST_CHANGES_PS = 16,
} CostChanges;

typedef struct Costs {
    CostAir air[N_COST_KINDS];
    unsigned registration_round_trips; /* on the way to the P-CSCF, from how much longer it takes when that is longer */
    unsigned publish_round_trips, subscribe_round_trips;
    CostTimes times; /* on the option's own access */
    bool has_accesses;
    CostTimes on[N_COST_ACCESSES]; /* with the access replaced */
    CostWork work[N_COST_NODES];
    unsigned vectors;                    /* authentication vectors spent on one registration */
    unsigned pcscf_state_octets;         /* of one registered UE: row, security associations, TLS */
    unsigned certificates[N_COST_NODES]; /* that nodes of this run own; attackers' and the authority's left out */
    unsigned changes;                    /* CostChanges, against the gap */
    /* A NOTIFY as it reaches the watcher: its length, what DEFLATE makes of it that knows the messages before it
     * (RFC 1951; SigComp would do no better), and what it would make of it without protection end to end. */
    unsigned notify_message_octets, notify_deflated_octets, notify_deflated_bare_octets;
} Costs;

/* Ids for programs: "registration", "UE", "GPRS". */
extern const char *const cost_kind_name[N_COST_KINDS], *const cost_access_name[N_COST_ACCESSES],
                                                           *const cost_node_name[N_COST_NODES];

/* Which nodes a field belongs to, as CostChanges; 0 for those that are no node's (accesses, attackers). */
unsigned cost_field_nodes(const char *field);
/* The nodes that must change for @option where the gap is now. */
unsigned costs_changes(const Option *option);

#endif
