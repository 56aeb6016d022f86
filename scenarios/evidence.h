/*
 * scenarios/evidence.h - what a finished run left for the judge: its trace, what attackers read, and its secrets.
 *
 * Knows:   no option, no policy of a node.  The judge sees this and nothing else.
 */
#ifndef PRESEC_SCENARIOS_EVIDENCE_H
#define PRESEC_SCENARIOS_EVIDENCE_H

#include "nodes/attacker/knowledge.h"
#include "sim/trace.h"

typedef struct EvidenceParticipant {
    const char *name;
    const char *impi, *impu;
    const char *impi_token, *impu_token; /* canaries: nothing else contains them */
    const GPtrArray *bodies;             /* char *: one for every document or message text it has sent */
    const GArray *addresses;             /* NetAddr: every address it has had */
    bool hostile;                        /* a subscriber of the attacker's */
} EvidenceParticipant;

typedef struct EvidenceAttacker {
    const char *name, *position;
    const char *const *at; /* NULL-terminated: the segments and hosts he listens at */
    double work_log2;
    unsigned moves;
    const Knowledge *knowledge;
} EvidenceAttacker;

typedef struct Evidence {
    const char *run; /* "standard+AT-20" */
    const Trace *trace;
    const EvidenceParticipant *participants;
    size_t n_participants;
    const EvidenceAttacker *attackers;
    size_t n_attackers;
    bool bound_reached;
} Evidence;

#endif
