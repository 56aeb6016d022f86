/*
 * ui/ladder_cast.h - who stands where in a ladder, and which messages are shown.
 *
 * Source:  the order of the figures of TS 33.203: UE, access, P-CSCF, I-CSCF, S-CSCF, HSS, servers.
 * Knows:   the trace and what the user wants to see of it.
 */
#ifndef PRESEC_UI_LADDER_CAST_H
#define PRESEC_UI_LADDER_CAST_H

#include "ui/ladder.h"
#include "ui/ladder_fold.h"

/* A message between two columns. */
typedef struct {
    const TraceRecord *record; /* SEND, or RECEIVE of octets that an attacker made */
    int from, to;              /* columns; -1: nobody that is shown */
    bool arrived, forged;
} LadderMessage;

typedef struct LadderCast LadderCast;
/* At most @columns_max columns (at least 4); UEs beyond that share one called "others". */
LadderCast *ladder_cast_new(const LadderFold *fold, const char *const *only, int columns_max);
void ladder_cast_free(LadderCast *cast);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LadderCast, ladder_cast_free)

int ladder_columns(const LadderCast *cast);
const char *ladder_column_name(const LadderCast *cast, int column);

/* Whether the record is a message to be drawn, and between whom. */
bool ladder_message(const LadderCast *cast, const TraceRecord *record, LadderMessage *out);
/* Whether a note about this record is wanted. */
bool ladder_wants_note(const LadderCast *cast, const TraceRecord *record);

#endif
