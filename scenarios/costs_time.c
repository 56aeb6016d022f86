/*
 * scenarios/costs_time.c - how long registering, publishing, subscribing and being notified take.
 *
 * Source:  scenarios/costs.h.
 * Knows:   one run: its timeline, for when things began, and its trace.
 */
#include "scenarios/costs_private.h"

#include <string.h>

static double seconds(SimTime begin, SimTime end)
{
    return begin >= 0 && end >= begin ? (double)(end - begin) / (double)SIM_SEC : -1;
}

/* The first success of an action. */
static SimTime completed(const Trace *trace, const char *ue, const char *action)
{
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == TRACE_OUTCOME && strcmp(r->node, ue) == 0 && strcmp(r->outcome.action, action) == 0 &&
            r->outcome.status >= 200 && r->outcome.status < 300)
            return r->at;
    }
    return -1;
}

static SimTime asked(const Scenario *scenario, const char *ue, ActionVerb verb)
{
    for (guint i = 0; i < scenario->actions->len; i++) {
        const ScenarioAction *action = scenario->actions->pdata[i];
        if (action->verb == verb && strcmp(action->ue, ue) == 0)
            return action->at;
    }
    return -1;
}

/* When the Presence Server sent the NOTIFY that was displayed. */
static SimTime notified_at(const Trace *trace, const TraceRecord *display)
{
    for (const TraceRecord *r = trace_get(trace, display->cause); r; r = trace_get(trace, r->cause))
        if (r->kind == TRACE_SEND && strcmp(r->node, "ps") == 0 && strcmp(r->message.label, "NOTIFY") == 0)
            return r->at;
    return -1;
}

static double mean_notify(const Trace *trace, const char *watcher)
{
    SimTime sum = 0;
    unsigned n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        SimTime sent = r->kind == TRACE_DISPLAY && strcmp(r->node, watcher) == 0 ? notified_at(trace, r) : -1;
        if (sent < 0)
            continue;
        sum += r->at - sent;
        n++;
    }
    return n > 0 ? seconds(0, sum / n) : -1;
}

CostTimes costs_times(const CompareRun *run, const char *presentity, const char *watcher)
{
    const Trace *trace = run->exhibits.evidence.trace;
    return (CostTimes){
        .registration = seconds(costs_registration_begins(trace, presentity), completed(trace, presentity, "register")),
        .publish = seconds(asked(run->scenario, presentity, ACT_PUBLISH), completed(trace, presentity, "publish")),
        .subscribe = seconds(asked(run->scenario, watcher, ACT_SUBSCRIBE), completed(trace, watcher, "subscribe")),
        .notify = mean_notify(trace, watcher),
    };
}
