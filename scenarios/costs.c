/*
 * scenarios/costs.c - what a run cost on the air, from its frames.
 *
 * Source:  threats 6: octets, messages, round trips and time per registration, SUBSCRIBE, PUBLISH and notification.
 */
#include "scenarios/compare_run.h"
#include <string.h>

typedef struct Tally {
    uint64_t octets;
    unsigned frames, requests;
} Tally;

static Tally tally(const Trace *trace, const char *segment, const char *method)
{
    Tally sum = { 0 };
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind != TRACE_FRAME || strcmp(r->frame.segment, segment) != 0)
            continue;
        const TraceRecord *send = trace_get(trace, r->cause);
        if (send == NULL || send->kind != TRACE_SEND || send->message.protocol != TRACE_SIP ||
            strcmp(send->message.method, method) != 0)
            continue;
        sum.octets += r->frame.len;
        sum.frames++;
        sum.requests += strcmp(send->message.label, method) == 0; /* of an answer the label is a status */
    }
    return sum;
}

static double seconds_of(const Trace *trace, const char *node, const char *action, const char *label)
{
    SimTime begun = -1;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (strcmp(r->node, node) != 0)
            continue;
        if (begun < 0 && r->kind == TRACE_SEND && strcmp(r->message.label, label) == 0)
            begun = r->at;
        if (begun >= 0 && r->kind == TRACE_OUTCOME && strcmp(r->outcome.action, action) == 0)
            return (double)(r->at - begun) / (double)SIM_SEC;
    }
    return 0;
}

/* Registrations that succeeded; @node "": of everybody. */
static unsigned registrations(const Trace *trace, const char *node)
{
    unsigned n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        n += r->kind == TRACE_OUTCOME && (node[0] == '\0' || strcmp(r->node, node) == 0) &&
             strcmp(r->outcome.action, "register") == 0 && r->outcome.status == 200;
    }
    return n;
}

static unsigned each(uint64_t sum, unsigned n)
{
    return n > 0 ? (unsigned)((sum + n / 2) / n) : 0;
}

void costs_measure(const CompareRun *run, const char *presentity, const char *watcher, Costs *out)
{
    const Trace *trace = run->exhibits.evidence.trace;
    g_autofree char *hers = g_strdup_printf("air:%s", presentity), *his = g_strdup_printf("air:%s", watcher);
    Tally reg = tally(trace, hers, "REGISTER"), publish = tally(trace, hers, "PUBLISH"),
          subscribe = tally(trace, his, "SUBSCRIBE"), notify = tally(trace, his, "NOTIFY");
    unsigned times = registrations(trace, presentity);
    const WorldParticipant *she = world_find(run->world, presentity);

    *out = (Costs){ .registration_octets_air = each(reg.octets, times),
                    .registration_messages_air = each(reg.frames, times),
                    .registration_round_trips = each(reg.requests, times),
                    .subscribe_octets_air = each(subscribe.octets, subscribe.requests),
                    .subscribe_messages_air = each(subscribe.frames, subscribe.requests),
                    .publish_octets_air = each(publish.octets, publish.requests),
                    .publish_messages_air = each(publish.frames, publish.requests),
                    .notify_octets_air = each(notify.octets, notify.requests),
                    .notify_messages_air = each(notify.frames, notify.requests),
                    .registration_seconds = seconds_of(trace, presentity, "register", "REGISTER"),
                    .publish_seconds = seconds_of(trace, presentity, "publish", "PUBLISH"),
                    .subscribe_seconds = seconds_of(trace, watcher, "subscribe", "SUBSCRIBE"),
                    .vectors = each(hss_vectors(world_hss(run->world)), registrations(trace, "")) };
    if (she != NULL)
        out->pcscf_state_octets = (unsigned)pcscf_state_octets(she->pcscf);
}
