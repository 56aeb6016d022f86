/*
 * scenarios/judge.c - confidentiality, linkability and availability, from readings and outcomes.
 */
#include "scenarios/judge_private.h"

/* --- who and what --- */

const EvidenceParticipant *judge_participant(const Evidence *evidence, const char *name)
{
    for (size_t i = 0; i < evidence->n_participants; i++)
        if (strcmp(evidence->participants[i].name, name) == 0)
            return &evidence->participants[i];
    return NULL;
}

static const EvidenceAttacker *reader(const Evidence *evidence, const JudgeRoles *roles)
{
    for (size_t i = 0; i < evidence->n_attackers; i++)
        if (roles->reader != NULL && strcmp(evidence->attackers[i].name, roles->reader) == 0)
            return &evidence->attackers[i];
    return NULL;
}

/* The body token of @who that stands in this text; NULL: none. */
static const char *body_in(const EvidenceParticipant *who, const char *text)
{
    for (guint i = 0; who != NULL && i < who->bodies->len; i++)
        if (strstr(text, who->bodies->pdata[i]) != NULL)
            return who->bodies->pdata[i];
    return NULL;
}

static bool names(const EvidenceParticipant *who, const char *text)
{
    return who != NULL && strstr(text, who->impu_token) != NULL;
}

/* Whether an honest node sent such a message at all, whatever came of it. */
static bool was_sent(const Evidence *evidence, const char *label, const char *by,
                     const EvidenceParticipant *with_body_of)
{
    for (TraceId id = 1; id <= trace_count(evidence->trace); id++) {
        const TraceRecord *r = trace_get(evidence->trace, id);
        if (r->kind != TRACE_SEND || strcmp(r->message.label, label) != 0 || (by != NULL && strcmp(r->node, by) != 0))
            continue;
        if (with_body_of == NULL)
            return true;
        g_autofree char *text = g_strndup((const char *)r->message.octets, r->message.len);
        if (body_in(with_body_of, text) != NULL)
            return true;
    }
    return false;
}

/* A document, not a message. */
static bool was_displayed(const Evidence *evidence, const char *node, const EvidenceParticipant *presentity)
{
    for (TraceId id = 1; id <= trace_count(evidence->trace); id++) {
        const TraceRecord *r = trace_get(evidence->trace, id);
        if (r->kind == TRACE_DISPLAY && strcmp(r->node, node) == 0 && strstr(r->display.content, "<presence") != NULL &&
            body_in(presentity, r->display.content) != NULL)
            return true;
    }
    return false;
}

/* A document of the presentity's in a NOTIFY meant for this watcher, sent by anybody; of one that was enveloped for him
 * his own display tells. */
static bool document_was_sent_to(const Evidence *evidence, const EvidenceParticipant *presentity,
                                 const EvidenceParticipant *watcher)
{
    for (TraceId id = 1; id <= trace_count(evidence->trace); id++) {
        const TraceRecord *r = trace_get(evidence->trace, id);
        if (r->kind != TRACE_SEND || strcmp(r->message.label, "NOTIFY") != 0)
            continue;
        g_autofree char *text = g_strndup((const char *)r->message.octets, r->message.len);
        if (body_in(presentity, text) != NULL && (watcher == NULL || names(watcher, text)))
            return true;
    }
    return watcher != NULL && was_displayed(evidence, watcher->name, presentity);
}

/* --- witnesses --- */

/* Some octets around the token as they are in the message, unprintable ones as dots. */
static char *excerpt(const char *octets, size_t len, const char *token)
{
    const char *hit = memmem(octets, len, token, strlen(token));
    if (hit == NULL)
        return g_strdup(token);
    size_t at = (size_t)(hit - octets), from = at > 32 ? at - 32 : 0;
    for (size_t i = at; i > from; i--)
        if (octets[i - 1] == '\n') {
            from = i;
            break;
        }
    size_t to = MIN(len, at + strlen(token) + 24);
    for (size_t i = at; i < to; i++)
        if (octets[i] == '\r' || octets[i] == '\n')
            to = i;
    char *text = g_strndup(octets + from, to - from);
    for (char *p = text; *p != '\0'; p++)
        if (!g_ascii_isprint(*p))
            *p = '.';
    return text;
}

static Witness *reading_witness(const Evidence *evidence, const Reading *reading, const char *token)
{
    Witness *witness = g_new0(Witness, 1);
    witness->scenario = g_strdup(evidence->run);
    witness->packet = reading->frame;
    witness->segment = g_strdup(reading->segment);
    witness->time_ns = reading->at;
    witness->excerpt = excerpt(reading->octets, reading->len, token);
    witness->because = because_chain(evidence->trace, reading->context.cause);
    return witness;
}

static Judgement *violated(const Evidence *evidence, const EvidenceAttacker *attacker, const Reading *reading,
                           const char *token, const char *what)
{
    g_autofree char *reason = g_strdup_printf("%s read %s in a %s on %s, %s", attacker->name, what, reading->what,
                                              reading->segment, reading->how);
    Judgement *judgement =
        judgement_new(VERDICT_VIOLATED, attacker->position, reading->work_log2 > 0 ? "AT-10" : "AT-01", reason);
    judgement->witness = reading_witness(evidence, reading, token);
    return judgement;
}

static Judgement *plain(const Evidence *evidence, Verdict verdict, const EvidenceAttacker *attacker, const char *reason)
{
    if (verdict == VERDICT_HOLDS && evidence->bound_reached)
        return judgement_new(VERDICT_INCONCLUSIVE, attacker != NULL ? attacker->position : "-", "",
                             "a bound was reached before the end");
    return judgement_new(verdict, attacker != NULL ? attacker->position : "-", "", reason);
}

/* --- bodies --- */

static bool carries(const Reading *reading, bool publish, bool notify)
{
    if (reading->method == SIP_PUBLISH)
        return publish;
    if (reading->method == SIP_NOTIFY)
        return notify || (publish && strstr(reading->body, "watcherinfo") != NULL);
    return false;
}

static const Reading *find_body(const EvidenceAttacker *attacker, const EvidenceParticipant *presentity, bool publish,
                                bool notify, const char **token)
{
    for (size_t i = 0; i < knowledge_count(attacker->knowledge); i++) {
        const Reading *reading = knowledge_get(attacker->knowledge, i);
        *token = carries(reading, publish, notify) ? body_in(presentity, reading->body) : NULL;
        if (*token != NULL)
            return reading;
    }
    return NULL;
}

static Judgement *judge_body(const Evidence *evidence, const JudgeRoles *roles, bool publish, bool notify)
{
    const EvidenceAttacker *attacker = reader(evidence, roles);
    const EvidenceParticipant *presentity = judge_participant(evidence, roles->presentity),
                              *watcher = judge_participant(evidence, roles->watcher);
    const char *token;

    if (attacker == NULL)
        return judgement_new(VERDICT_INCONCLUSIVE, "-", "", "nobody listened there");
    const Reading *reading = find_body(attacker, presentity, publish, notify, &token);
    if (reading != NULL)
        return violated(evidence, attacker, reading, token, "the document");
    bool sent = (publish && was_sent(evidence, "PUBLISH", roles->presentity, NULL)) ||
                (notify && document_was_sent_to(evidence, presentity, watcher));
    return sent ? plain(evidence, VERDICT_HOLDS, attacker, "the document was sent and not read")
                : plain(evidence, VERDICT_NOT_AVAILABLE, attacker, "no document was sent");
}

Judgement *judge_publish_body(const Evidence *evidence, const JudgeRoles *roles)
{
    return judge_body(evidence, roles, true, false);
}

Judgement *judge_notify_body(const Evidence *evidence, const JudgeRoles *roles)
{
    return judge_body(evidence, roles, false, true);
}

Judgement *judge_any_body(const Evidence *evidence, const JudgeRoles *roles)
{
    return judge_body(evidence, roles, true, true);
}

/* A refusal to the other watcher holds: nothing of hers reaches his cell. */
Judgement *judge_other_watchers(const Evidence *evidence, const JudgeRoles *roles)
{
    Judgement *judgement = judge_body(evidence, roles, false, true);
    if (judgement->verdict == VERDICT_NOT_AVAILABLE)
        judgement->verdict = VERDICT_HOLDS;
    return judgement;
}

/* --- relation --- */

static bool is_about_watching(const Reading *reading)
{
    return reading->method == SIP_SUBSCRIBE || reading->method == SIP_NOTIFY;
}

/* Whether somebody at this address was seen to call himself @who. */
static bool address_is_of(const Knowledge *knowledge, const NetAddr *addr, const EvidenceParticipant *who)
{
    for (size_t i = 0; i < knowledge_count(knowledge); i++) {
        const Reading *reading = knowledge_get(knowledge, i);
        bool own = reading->is_request && net_addr_equal(&reading->src, addr) && names(who, reading->from);
        bool called = net_addr_equal(&reading->dst, addr) && !reading->is_request && names(who, reading->from);
        if (own || called)
            return true;
    }
    return false;
}

static const Reading *find_relation(const EvidenceAttacker *attacker, const EvidenceParticipant *presentity,
                                    const EvidenceParticipant *watcher)
{
    for (size_t i = 0; i < knowledge_count(attacker->knowledge); i++) {
        const Reading *reading = knowledge_get(attacker->knowledge, i);
        if (!is_about_watching(reading) || !names(presentity, reading->headers))
            continue;
        if (names(watcher, reading->headers) || address_is_of(attacker->knowledge, &reading->src, watcher) ||
            address_is_of(attacker->knowledge, &reading->dst, watcher))
            return reading;
    }
    return NULL;
}

Judgement *judge_relation(const Evidence *evidence, const JudgeRoles *roles)
{
    const EvidenceAttacker *attacker = reader(evidence, roles);
    const EvidenceParticipant *presentity = judge_participant(evidence, roles->presentity),
                              *watcher = judge_participant(evidence, roles->watcher);

    if (attacker == NULL)
        return judgement_new(VERDICT_INCONCLUSIVE, "-", "", "nobody listened there");
    const Reading *reading = find_relation(attacker, presentity, watcher);
    if (reading != NULL) {
        Judgement *judgement = violated(evidence, attacker, reading, presentity->impu_token, "who watches whom");
        g_free(judgement->attack);
        judgement->attack = g_strdup(reading->work_log2 > 0 ? "AT-10" : "AT-02");
        return judgement;
    }
    bool sent =
        was_sent(evidence, "PUBLISH", roles->presentity, NULL) || was_sent(evidence, "SUBSCRIBE", roles->watcher, NULL);
    return sent ? plain(evidence, VERDICT_HOLDS, attacker, "watcher and presentity were not joined")
                : plain(evidence, VERDICT_NOT_AVAILABLE, attacker, "neither PUBLISH nor SUBSCRIBE was sent");
}

unsigned judge_what_is_clear(const Evidence *evidence, const JudgeRoles *roles)
{
    const EvidenceAttacker *attacker = reader(evidence, roles);
    const EvidenceParticipant *presentity = judge_participant(evidence, roles->presentity),
                              *watcher = judge_participant(evidence, roles->watcher);
    const char *token;
    if (attacker == NULL)
        return 0;
    return (find_body(attacker, presentity, true, true, &token) != NULL ? CLEAR_BODY : 0u) |
           (find_relation(attacker, presentity, watcher) != NULL ? CLEAR_RELATION : 0u);
}

/* --- identities --- */

Judgement *judge_identity(const Evidence *evidence, const JudgeRoles *roles)
{
    const EvidenceAttacker *attacker = reader(evidence, roles);
    if (attacker == NULL)
        return judgement_new(VERDICT_INCONCLUSIVE, "-", "", "nobody listened there");
    for (size_t i = 0; i < knowledge_count(attacker->knowledge); i++) {
        const Reading *reading = knowledge_get(attacker->knowledge, i);
        for (size_t p = 0; p < evidence->n_participants; p++) {
            const EvidenceParticipant *who = &evidence->participants[p];
            if (who->hostile || strstr(reading->headers, who->impi_token) == NULL || !names(who, reading->headers))
                continue;
            Judgement *judgement =
                violated(evidence, attacker, reading, who->impi_token, "IMPI and IMPU of one subscriber");
            g_free(judgement->attack);
            judgement->attack = g_strdup(reading->work_log2 > 0 ? "AT-10" : "AT-07");
            return judgement;
        }
    }
    return plain(evidence, VERDICT_HOLDS, attacker, "IMPI and IMPU were not read together");
}

/* --- availability --- */

static bool outcome_is_good(const Evidence *evidence, const char *node, const char *action)
{
    for (TraceId id = 1; id <= trace_count(evidence->trace); id++) {
        const TraceRecord *r = trace_get(evidence->trace, id);
        if (r->kind == TRACE_OUTCOME && strcmp(r->node, node) == 0 && strcmp(r->outcome.action, action) == 0 &&
            r->outcome.status >= 200 && r->outcome.status < 300)
            return true;
    }
    return false;
}

unsigned judge_done(const Evidence *evidence, const JudgeRoles *roles)
{
    unsigned done = 0;
    if (outcome_is_good(evidence, roles->presentity, "register") &&
        outcome_is_good(evidence, roles->watcher, "register"))
        done |= DONE_REGISTER;
    if (outcome_is_good(evidence, roles->presentity, "publish"))
        done |= DONE_PUBLISH;
    if (outcome_is_good(evidence, roles->watcher, "subscribe"))
        done |= DONE_SUBSCRIBE;
    if (was_displayed(evidence, roles->watcher, judge_participant(evidence, roles->presentity)))
        done |= DONE_NOTIFY;
    return done;
}

/* "PUBLISH, NOTIFY"; g_free */
static char *names_of(unsigned done)
{
    static const char *const name[] = { "registration", "PUBLISH", "SUBSCRIBE", "NOTIFY" };
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(name); i++)
        if (done & (1u << i))
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", name[i]);
    return g_string_free(text, FALSE);
}

Judgement *judge_available(const Evidence *evidence, const JudgeRoles *roles)
{
    unsigned done = judge_done(evidence, roles);
    if (done == DONE_ALL)
        return plain(evidence, VERDICT_HOLDS, NULL, "PUBLISH, SUBSCRIBE and NOTIFY completed");
    g_autofree char *missing = names_of(DONE_ALL & ~done);
    g_autofree char *reason = g_strdup_printf("not completed: %s", missing);
    return plain(evidence, VERDICT_NOT_AVAILABLE, NULL, reason);
}

Judgement *judge_still_works(const Evidence *restricted, const JudgeRoles *roles, unsigned base,
                             const char *restriction)
{
    const unsigned presence = DONE_PUBLISH | DONE_SUBSCRIBE | DONE_NOTIFY;
    unsigned done = judge_done(restricted, roles), lost = base & ~done;
    g_autofree char *missing = names_of(lost);
    if (lost != 0) {
        g_autofree char *reason = g_strdup_printf("%s: no longer completed: %s", restriction, missing);
        return plain(restricted, VERDICT_NOT_AVAILABLE, NULL, reason);
    }
    if (!(done & presence) && !(base & presence))
        return plain(restricted, VERDICT_NOT_AVAILABLE, NULL, "nothing of presence completes either way");
    g_autofree char *reason = g_strdup_printf("%s: everything that completed before still does", restriction);
    return plain(restricted, VERDICT_HOLDS, NULL, reason);
}
