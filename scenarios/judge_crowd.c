/*
 * scenarios/judge_crowd.c - a presentity and her watchers, from readings, outcomes and displays.
 */
#include "scenarios/judge_crowd.h"
#include "scenarios/judge_private.h"

typedef struct Crowd {
    const Evidence *evidence;
    const EvidenceParticipant *presentity;
    const char *const *members;
    size_t n;
    CrowdMember *out;
} Crowd;

static bool holds_body(const Crowd *crowd, const char *text)
{
    for (guint i = 0; crowd->presentity != NULL && i < crowd->presentity->bodies->len; i++)
        if (strstr(text, crowd->presentity->bodies->pdata[i]) != NULL)
            return true;
    return false;
}

static CrowdMember *member(const Crowd *crowd, const char *name)
{
    for (size_t i = 0; i < crowd->n; i++)
        if (strcmp(crowd->members[i], name) == 0)
            return &crowd->out[i];
    return NULL;
}

static void note_readings(const Crowd *crowd, const Knowledge *knowledge)
{
    for (size_t i = 0; i < knowledge_count(knowledge); i++) {
        const Reading *reading = knowledge_get(knowledge, i);
        bool carries = reading->method == SIP_PUBLISH || reading->method == SIP_NOTIFY;
        const char *colon = strchr(reading->segment, ':');
        CrowdMember *at = carries && colon != NULL ? member(crowd, colon + 1) : NULL;
        if (at != NULL && holds_body(crowd, reading->body))
            at->read = true;
    }
}

static void note_outcome(const Crowd *crowd, const TraceRecord *r)
{
    CrowdMember *who = member(crowd, r->node);
    if (who == NULL || strcmp(r->outcome.action, who == crowd->out ? "publish" : "subscribe") != 0)
        return;
    who->completed = who->completed || (r->outcome.status >= 200 && r->outcome.status < 300);
}

void judge_crowd(const Evidence *evidence, const char *const *members, size_t n, CrowdMember *out)
{
    Crowd crowd = { evidence, judge_participant(evidence, members[0]), members, n, out };
    for (size_t i = 0; i < n; i++)
        out[i] = (CrowdMember){ false };
    for (size_t i = 0; i < evidence->n_attackers; i++)
        note_readings(&crowd, evidence->attackers[i].knowledge);
    for (TraceId id = 1; id <= trace_count(evidence->trace); id++) {
        const TraceRecord *r = trace_get(evidence->trace, id);
        if (r->kind == TRACE_OUTCOME)
            note_outcome(&crowd, r);
        CrowdMember *who = r->kind == TRACE_DISPLAY ? member(&crowd, r->node) : NULL;
        if (who != NULL && holds_body(&crowd, r->display.content))
            who->shown = true;
    }
}
