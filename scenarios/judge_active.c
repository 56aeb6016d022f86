/*
 * scenarios/judge_active.c - integrity, replay, masquerade and downgrade: what honest nodes accepted from whom.
 *
 * Every effect record carries the origin of the octets that made it: 0, or the attacker's move.  That is the
 * simulator's knowledge of who put which octets where, not a node's opinion of them.
 */
#include "scenarios/judge_private.h"

typedef struct Effect { /* something that lasts, in one form for all kinds */
    const char *what, *who, *address;
} Effect;

static bool effect_of(const TraceRecord *r, Effect *out)
{
    switch (r->kind) {
    case TRACE_REGISTRATION:
        *out = (Effect){ "a binding", r->registration.impu, r->registration.contact };
        return r->registration.made;
    case TRACE_SUBSCRIPTION:
        *out = (Effect){ "a subscription", r->subscription.watcher, r->subscription.contact };
        return strcmp(r->subscription.state, "terminated") != 0;
    case TRACE_PUBLICATION: *out = (Effect){ "a publication", r->publication.publisher, "" }; return true;
    case TRACE_DISPLAY: *out = (Effect){ "a displayed document", r->display.from, "" }; return true;
    default: return false;
    }
}

static bool is_hostile(const Evidence *evidence, const char *uri)
{
    for (size_t i = 0; i < evidence->n_participants; i++)
        if (evidence->participants[i].hostile && uri != NULL &&
            strstr(uri, evidence->participants[i].impu_token) != NULL)
            return true;
    return false;
}

static bool is_honest(const Evidence *evidence, const char *uri)
{
    for (size_t i = 0; i < evidence->n_participants; i++)
        if (!evidence->participants[i].hostile && uri != NULL &&
            strstr(uri, evidence->participants[i].impu_token) != NULL)
            return true;
    return false;
}

static bool is_repetition(const TraceRecord *move)
{
    return strcmp(move->move.verb, "replay") == 0 || strcmp(move->move.verb, "reflect") == 0;
}

/* @move: behind it; NULL: nobody knows */
static Judgement *violated_by(const Evidence *evidence, const TraceRecord *effect, const TraceRecord *move,
                              const char *attack, const char *reason, const char *excerpt)
{
    const char *position = evidence->n_attackers > 0 ? evidence->attackers[0].position : "A5", *segment = "";
    for (size_t i = 0; move != NULL && i < evidence->n_attackers; i++)
        if (strcmp(evidence->attackers[i].name, move->move.attacker) == 0) {
            position = evidence->attackers[i].position;
            segment = evidence->attackers[i].at[0] != NULL ? evidence->attackers[i].at[0] : "";
        }
    if (move != NULL && move->move.segment[0] != '\0')
        segment = move->move.segment;
    Judgement *judgement = judgement_new(VERDICT_VIOLATED, position, attack, reason);
    Witness *witness = g_new0(Witness, 1);
    witness->scenario = g_strdup(evidence->run);
    witness->packet = move != NULL ? move->move.frame : 0;
    witness->segment = g_strdup(segment);
    witness->time_ns = effect->at;
    witness->excerpt = g_strdup(excerpt);
    witness->because = because_chain(evidence->trace, effect->id);
    judgement->witness = witness;
    return judgement;
}

static Judgement *effect_judgement(const Evidence *evidence, const TraceRecord *effect, const Effect *what,
                                   const TraceRecord *move, const char *attack)
{
    g_autofree char *reason = g_strdup_printf("%s took %s of %s from the attacker: %s %s", effect->node, what->what,
                                              what->who, move->move.attacker, move->move.text);
    return violated_by(evidence, effect, move, attack, reason, what->who);
}

typedef bool (*EffectCounts)(const Evidence *evidence, const TraceRecord *effect, const Effect *what,
                             const TraceRecord *move);

static Judgement *judge_effects(const Evidence *evidence, const char *attack, EffectCounts counts,
                                const char *otherwise)
{
    for (TraceId id = 1; id <= trace_count(evidence->trace); id++) {
        const TraceRecord *r = trace_get(evidence->trace, id);
        const TraceRecord *move = r->origin != 0 ? trace_get(evidence->trace, r->origin) : NULL;
        Effect what;
        if (move != NULL && effect_of(r, &what) && counts(evidence, r, &what, move))
            return effect_judgement(evidence, r, &what, move, attack);
    }
    if (evidence->bound_reached)
        return judgement_new(VERDICT_INCONCLUSIVE, "A5", attack, "a bound was reached before the end");
    return judgement_new(VERDICT_HOLDS, "A5", attack, otherwise);
}

/* What a hostile subscriber does in his own name is his right. */
static bool forged(const Evidence *evidence, const TraceRecord *effect, const Effect *what, const TraceRecord *move)
{
    return !is_repetition(move) && !is_hostile(evidence, what->who);
}

Judgement *judge_integrity(const Evidence *evidence, const JudgeRoles *roles, const char *attack)
{
    return judge_effects(evidence, attack, forged, "nothing that no honest node sent had a lasting effect");
}

static bool repeated(const Evidence *evidence, const TraceRecord *effect, const Effect *what, const TraceRecord *move)
{
    return is_repetition(move);
}

Judgement *judge_replay(const Evidence *evidence, const JudgeRoles *roles, const char *attack)
{
    return judge_effects(evidence, attack, repeated, "no repeated packet had an effect");
}

static bool attributed(const Evidence *evidence, const TraceRecord *effect, const Effect *what, const TraceRecord *move)
{
    return !is_repetition(move) && is_honest(evidence, what->who) && effect->kind != TRACE_DISPLAY;
}

/* A contact that the participant never had, whoever put it there. */
static const TraceRecord *foreign_contact(const Evidence *evidence)
{
    for (TraceId id = 1; id <= trace_count(evidence->trace); id++) {
        const TraceRecord *r = trace_get(evidence->trace, id);
        if (r->kind != TRACE_REGISTRATION || !r->registration.made)
            continue;
        for (size_t p = 0; p < evidence->n_participants; p++) {
            const EvidenceParticipant *who = &evidence->participants[p];
            bool own = false;
            if (who->hostile || strstr(r->registration.impu, who->impu_token) == NULL)
                continue;
            for (guint i = 0; i < who->addresses->len && !own; i++) {
                char text[NET_ADDR_TEXT_MAX];
                own = strstr(r->registration.contact,
                             net_addr_text(&g_array_index(who->addresses, NetAddr, i), text)) != NULL;
            }
            if (!own)
                return r;
        }
    }
    return NULL;
}

Judgement *judge_masquerade(const Evidence *evidence, const JudgeRoles *roles, const char *attack)
{
    const TraceRecord *foreign = foreign_contact(evidence);
    if (foreign == NULL)
        return judge_effects(evidence, attack, attributed,
                             "the network attributed nothing of the attacker's to anybody else");
    g_autofree char *reason = g_strdup_printf("%s registered %s for %s", foreign->node, foreign->registration.contact,
                                              foreign->registration.impu);
    return violated_by(evidence, foreign, foreign->origin != 0 ? trace_get(evidence->trace, foreign->origin) : NULL,
                       attack, reason, foreign->registration.contact);
}

/* What this attacker made clear that was not; NULL: nothing. */
static Judgement *made_clear(const Evidence *evidence, const JudgeRoles *roles, unsigned clear_before)
{
    Judgement *body = clear_before & CLEAR_BODY ? NULL : judge_any_body(evidence, roles);
    if (body != NULL && body->verdict == VERDICT_VIOLATED)
        return body;
    judgement_free(body);
    Judgement *relation = clear_before & CLEAR_RELATION ? NULL : judge_relation(evidence, roles);
    if (relation != NULL && relation->verdict == VERDICT_VIOLATED)
        return relation;
    judgement_free(relation);
    return NULL;
}

Judgement *judge_downgrade(const Evidence *evidence, const JudgeRoles *roles, const char *attack, unsigned clear_before)
{
    if (clear_before == CLEAR_ALL)
        return judgement_new(VERDICT_NOT_AVAILABLE, "A5", "", "already clear without an active attacker");
    for (size_t i = 0; i < evidence->n_attackers; i++) {
        const EvidenceAttacker *attacker = &evidence->attackers[i];
        JudgeRoles active = *roles;
        active.reader = attacker->name;
        Judgement *judgement = attacker->moves > 0 ? made_clear(evidence, &active, clear_before) : NULL;
        if (judgement == NULL)
            continue;
        g_free(judgement->attack);
        judgement->attack = g_strdup(attack);
        return judgement;
    }
    if (evidence->bound_reached)
        return judgement_new(VERDICT_INCONCLUSIVE, "A5", attack, "a bound was reached before the end");
    return judgement_new(
        VERDICT_HOLDS, "A5", attack,
        clear_before & CLEAR_RELATION ? "the body did not become readable; the relation is clear without an attacker"
        : clear_before & CLEAR_BODY   ? "the relation did not become readable; the body is clear without an attacker"
                                      : "neither body nor relation became readable");
}
