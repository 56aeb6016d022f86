/*
 * scenarios/costs_private.h - what the files of the costs share.
 */
#ifndef PRESEC_SCENARIOS_COSTS_PRIVATE_H
#define PRESEC_SCENARIOS_COSTS_PRIVATE_H

#include "scenarios/compare_run.h"

/* costs_air.c */
void costs_air(const CompareRun *run, const char *presentity, const char *watcher, Costs *out);
/* costs_time.c */
CostTimes costs_times(const CompareRun *run, const char *presentity, const char *watcher);
/* When @ue was through with the action that began at or after @from; negative: never.  0 times: the first. */
SimTime costs_registration_begins(const Trace *trace, const char *ue);
/* costs_work.c */
void costs_work(const CompareRun *run, Costs *out);
/* costs_deflate.c: length and deflated length of the last NOTIFY with a document that @watcher took in; 0: none. */
void costs_deflate(const CompareRun *run, const char *watcher, unsigned *octets, unsigned *deflated);

#endif
