/*
 * scenarios/judge_message.c - the fate of an instant message, from outcomes and readings.
 */
#include "scenarios/judge_message.h"
#include "scenarios/judge_private.h"

const char *message_fate_text(MessageFate fate)
{
    switch (fate) {
    case MESSAGE_NONE: return "none";
    case MESSAGE_HIDDEN: return "hidden";
    case MESSAGE_READ: return "read";
    case MESSAGE_NOT_SENT: return "not-sent";
    case MESSAGE_REFUSED: return "refused";
    case MESSAGE_REFUSED_TOO_LATE: return "refused-too-late";
    case MESSAGE_FAILED: return "failed";
    }
    g_assert_not_reached();
}

static bool has_body_of(const EvidenceParticipant *sender, const char *text)
{
    for (guint i = 0; i < sender->bodies->len; i++)
        if (strstr(text, sender->bodies->pdata[i]) != NULL)
            return true;
    return false;
}

static bool was_read(const Evidence *evidence, const char *reader, const EvidenceParticipant *sender)
{
    for (size_t i = 0; reader != NULL && i < evidence->n_attackers; i++) {
        const EvidenceAttacker *attacker = &evidence->attackers[i];
        if (strcmp(attacker->name, reader) != 0)
            continue;
        for (size_t k = 0; k < knowledge_count(attacker->knowledge); k++) {
            const Reading *reading = knowledge_get(attacker->knowledge, k);
            if (reading->method == SIP_MESSAGE && has_body_of(sender, reading->body))
                return true;
        }
    }
    return false;
}

static const TraceRecord *last_outcome(const Evidence *evidence, const char *node)
{
    const TraceRecord *last = NULL;
    for (TraceId id = 1; id <= trace_count(evidence->trace); id++) {
        const TraceRecord *r = trace_get(evidence->trace, id);
        if (r->kind == TRACE_OUTCOME && strcmp(r->node, node) == 0 && strcmp(r->outcome.action, "message") == 0)
            last = r;
    }
    return last;
}

MessageFate judge_message(const Evidence *evidence, const JudgeRoles *roles)
{
    const EvidenceParticipant *sender = judge_participant(evidence, roles->presentity);
    const TraceRecord *outcome = last_outcome(evidence, roles->presentity);
    if (sender == NULL || outcome == NULL)
        return MESSAGE_NONE;
    bool read = was_read(evidence, roles->reader, sender);
    if (outcome->outcome.status == 0)
        return MESSAGE_NOT_SENT;
    if (outcome->outcome.status < 0)
        return MESSAGE_FAILED;
    if (outcome->outcome.status < 300)
        return read ? MESSAGE_READ : MESSAGE_HIDDEN;
    return read ? MESSAGE_REFUSED_TOO_LATE : MESSAGE_REFUSED;
}
