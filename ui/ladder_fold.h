/*
 * ui/ladder_fold.h - what the records of a trace say together: which message arrived, what it is called in the flow of
 *                    TS 33.203, which segments it crossed and what could be read there, who takes part.
 *
 * Source:  TS 33.203 §6.1.1 (SM1 to SM12); sim/trace.h.
 * Knows:   the trace, nothing of nodes.
 */
#ifndef PRESEC_UI_LADDER_FOLD_H
#define PRESEC_UI_LADDER_FOLD_H

#include "sim/trace.h"

typedef struct LadderFold LadderFold;
LadderFold *ladder_fold_new(const Trace *trace);
void ladder_fold_free(LadderFold *fold);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LadderFold, ladder_fold_free)

const Trace *ladder_fold_trace(const LadderFold *fold);

/* The record of its arrival, 0: it never arrived. */
TraceId ladder_received(const LadderFold *fold, TraceId send);
/* The attacker whose cell the sender is on, when nobody else has it; NULL: it is lost. */
const char *ladder_taken_by(const LadderFold *fold, TraceId send);
/* The UE whose registration a message belongs to, also between others; NULL: to none. */
const char *ladder_owner(const LadderFold *fold, TraceId send);
/* A message that arrived although no node sent it so: an attacker's.  @receive: a TRACE_RECEIVE record. */
bool ladder_is_forged(const LadderFold *fold, TraceId receive);

/* 1 to 12 for SM1 to SM12, 0: none of them.  Followed along the causes: the message after SM1 towards the S-CSCF is
 * SM2, the challenge that follows SM3 is SM4, and so on. */
unsigned ladder_sm(const LadderFold *fold, TraceId message);
/* "REGISTER SM1", "401 SM6", "NOTIFY", "200 NOTIFY"; of a SEND or RECEIVE record. */
char *ladder_label(const LadderFold *fold, TraceId message) G_GNUC_WARN_UNUSED_RESULT;

/* What somebody at each segment could read: "air ran: sealed | iu gn gi: in the clear", in order of crossing.  Looked
 * for in the octets that crossed, never in what protected them; "" when the trace has no frames.  @send: a SEND. */
char *ladder_sight(const LadderFold *fold, TraceId send) G_GNUC_WARN_UNUSED_RESULT;

/* The first FRAME that carried a message, and the one after a FRAME; 0: none.  @send: a SEND. */
TraceId ladder_first_frame(const LadderFold *fold, TraceId send);
TraceId ladder_next_frame(const LadderFold *fold, TraceId frame);
/* Whether a message crossed a segment, "air:bob" or, of any, "air". */
bool ladder_crossed(const LadderFold *fold, TraceId send, const char *segment);

/* Whether this is the name of an attacker in this trace. */
bool ladder_is_attacker(const LadderFold *fold, const char *name);

/* "P-CSCF" for "pcscf", "cell" for "cell:alice", others as they are. */
const char *ladder_node_name(const char *node);

/* Whether a message is part of the story: not the hand-shake of two Diameter peers, and not the business of attaching
 * unless an attacker took part in that. */
bool ladder_is_told(const LadderFold *fold, const TraceRecord *message);

#endif
