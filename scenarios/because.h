/*
 * scenarios/because.h - why something is as it is: the decisions on the way to a record, walked along the trace's cause
 * links.
 */
#ifndef PRESEC_SCENARIOS_BECAUSE_H
#define PRESEC_SCENARIOS_BECAUSE_H

#include "sim/trace.h"

/* Sentences in order of time, NULL-terminated, g_strfreev: first what led to the state that decided (the SA a message
 * went through), then what the message itself went through.  @id: usually a TRACE_SEND record. */
char **because_chain(const Trace *trace, TraceId id) G_GNUC_WARN_UNUSED_RESULT;

#endif
