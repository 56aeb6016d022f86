/*
 * scenarios/expect.c - whether a run did what its scenario says it must.
 *
 * Source:  scenarios/expect.h.
 * Knows:   typed members of trace records; their texts are never parsed.
 */
#include "scenarios/expect.h"

#include "nodes/attacker/scout.h"

#include <string.h>

typedef struct Check {
    const World *world;
    const Trace *trace;
    const Expectation *expectation;
    ExpectationResult *result;
} Check;

static void say(Check *check, bool met, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void say(Check *check, bool met, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    check->result->got = g_strdup_vprintf(format, args);
    va_end(args);
    check->result->met = met;
}

static void say_number(Check *check, uint64_t n)
{
    const Expectation *e = check->expectation;
    say(check, (int64_t)n >= e->least && (int64_t)n <= e->most, "%" G_GUINT64_FORMAT, n);
}

static const char *impu_of(const Check *check, const char *name)
{
    const WorldParticipant *participant = name[0] ? world_find(check->world, name) : NULL;
    return participant ? participant->impu : "";
}

/* ---- outcomes ---- */

static bool outcome_fits(const Check *check, const TraceRecord *record)
{
    const Expectation *e = check->expectation;
    return record->kind == TRACE_OUTCOME && strcmp(record->node, e->subject) == 0 &&
           strcmp(record->outcome.action, e->what) == 0 &&
           (e->of[0] == '\0' || strcmp(record->outcome.target, impu_of(check, e->of)) == 0);
}

/* The n-th of its kind, 0 = the last; NULL: it never ended. */
static const TraceRecord *find_outcome(const Check *check)
{
    const TraceRecord *found = NULL;
    unsigned n = 0;
    for (TraceId id = 1; id <= trace_count(check->trace); id++) {
        const TraceRecord *record = trace_get(check->trace, id);
        if (!outcome_fits(check, record))
            continue;
        found = record;
        if (++n == check->expectation->nth)
            return record;
    }
    return check->expectation->nth == 0 ? found : NULL;
}

static void check_outcome(Check *check)
{
    const TraceRecord *record = find_outcome(check);
    g_autofree char *ended = !record                        ? g_strdup("none")
                             : record->outcome.status == 0  ? g_strdup("refused")
                             : record->outcome.status == -1 ? g_strdup("timeout")
                                                            : g_strdup_printf("%d", record->outcome.status);
    bool met = strcmp(ended, check->expectation->is) == 0;
    say(check, met, "%s%s%s%s", ended, record && record->outcome.text[0] ? " (" : "",
        record ? record->outcome.text : "", record && record->outcome.text[0] ? ")" : "");
}

/* ---- counts ---- */

/* "401" fits "401 Unauthorized", "PUBLISH" fits "PUBLISH". */
static bool label_fits(const char *label, const char *what)
{
    size_t len = strlen(what);
    return strncmp(label, what, len) == 0 && (label[len] == '\0' || label[len] == ' ');
}

static bool count_fits(const Expectation *e, const TraceRecord *record)
{
    switch (e->count_of) {
    case COUNT_RECEIVED: return record->kind == TRACE_RECEIVE && label_fits(record->message.label, e->what);
    case COUNT_SENT: return record->kind == TRACE_SEND && label_fits(record->message.label, e->what);
    case COUNT_DROPPED: return record->kind == TRACE_DROP && strcmp(record->drop.cause, e->what) == 0;
    case COUNT_DECIDED: return record->kind == TRACE_DECISION && strcmp(record->decision.rule, e->what) == 0;
    }
    return false;
}

static void check_count(Check *check)
{
    const char *node = world_node_name(check->world, check->expectation->subject);
    uint64_t n = 0;
    for (TraceId id = 1; id <= trace_count(check->trace); id++) {
        const TraceRecord *record = trace_get(check->trace, id);
        n += strcmp(record->node, node) == 0 && count_fits(check->expectation, record);
    }
    say_number(check, n);
}

static void check_displays(Check *check)
{
    const Expectation *e = check->expectation;
    uint64_t n = 0;
    for (TraceId id = 1; id <= trace_count(check->trace); id++) {
        const TraceRecord *record = trace_get(check->trace, id);
        n += record->kind == TRACE_DISPLAY && strcmp(record->display.user, e->subject) == 0 &&
             (e->of[0] == '\0' || strcmp(record->display.from, impu_of(check, e->of)) == 0);
    }
    say_number(check, n);
}

/* ---- what attackers read ---- */

static bool reading_holds(const Reading *reading, const char *token)
{
    return strstr(reading->headers, token) || strstr(reading->body, token);
}

static const Reading *find_token(const Knowledge *knowledge, const char *token, const char *in)
{
    for (size_t i = 0; i < knowledge_count(knowledge); i++) {
        const Reading *reading = knowledge_get(knowledge, i);
        const char *method = reading->headers;
        if (reading_holds(reading, token) && (in[0] == '\0' || strncmp(method, in, strlen(in)) == 0))
            return reading;
    }
    return NULL;
}

/* His answer to a challenge: what nobody but him can make, and only once. */
static const Reading *find_response(const Knowledge *knowledge, const WorldParticipant *whose)
{
    for (size_t i = 0; i < knowledge_count(knowledge); i++) {
        const Reading *reading = knowledge_get(knowledge, i);
        if (reading_holds(reading, whose->impi_token) && scout_answers_challenge(reading))
            return reading;
    }
    return NULL;
}

static const Reading *find_reading(const Check *check, const Knowledge *knowledge)
{
    const Expectation *e = check->expectation;
    const WorldParticipant *whose = world_find(check->world, e->of);
    if (!whose)
        return NULL;
    if (strcmp(e->what, "response") == 0)
        return find_response(knowledge, whose);
    if (strcmp(e->what, "impu") == 0)
        return find_token(knowledge, whose->impu_token, e->is);
    if (strcmp(e->what, "impi") == 0)
        return find_token(knowledge, whose->impi_token, e->is);
    for (guint i = 0; i < whose->bodies->len; i++) {
        const Reading *reading = find_token(knowledge, whose->bodies->pdata[i], e->is);
        if (reading)
            return reading;
    }
    return NULL;
}

/* What he computed at home of this participant; NULL: nothing of that kind. */
static const Secret *find_secret(const Check *check, const Knowledge *knowledge, SecretKind kind)
{
    const WorldParticipant *whose = world_find(check->world, check->expectation->of);
    for (size_t i = 0; whose && i < knowledge_secrets(knowledge); i++) {
        const Secret *secret = knowledge_secret(knowledge, i);
        if (secret->kind == kind &&
            (strstr(secret->username, whose->impu_token) || strstr(secret->username, whose->impi_token)))
            return secret;
    }
    return NULL;
}

static void check_secret(Check *check, const Knowledge *knowledge, SecretKind kind)
{
    const Secret *secret = knowledge ? find_secret(check, knowledge, kind) : NULL;
    bool wanted = check->expectation->kind == EXPECT_READS;
    if (secret)
        say(check, wanted, "%s, %s", secret->text, secret->how);
    else
        say(check, !wanted && knowledge, "not found");
}

static void check_reads(Check *check)
{
    const WorldAttacker *attacker = world_find_attacker(check->world, check->expectation->subject);
    const Knowledge *knowledge = attacker ? attacker_knowledge(attacker->attacker) : NULL;
    const char *what = check->expectation->what;
    if (strcmp(what, "password") == 0 || strcmp(what, "res") == 0) {
        check_secret(check, knowledge, what[0] == 'p' ? SECRET_PASSWORD : SECRET_RES);
        return;
    }
    const Reading *reading = knowledge ? find_reading(check, knowledge) : NULL;
    bool wanted = check->expectation->kind == EXPECT_READS;
    if (reading)
        say(check, wanted, "read in frame %" G_GUINT64_FORMAT " on %s, %s", reading->frame, reading->segment,
            reading->how);
    else
        say(check, !wanted && attacker, "not read");
}

/* ---- states ---- */

static void check_registered(Check *check)
{
    const WorldParticipant *participant = world_find(check->world, check->expectation->subject);
    bool registered = participant && ue_registered(participant->ue);
    say(check, registered == check->expectation->yes, "%s", registered ? "yes" : "no");
}

/* The newest SA that a UE made and still has: what its traffic goes through. */
static void check_protection(Check *check)
{
    const char *node = check->expectation->subject, *ealg = "none";
    for (TraceId id = 1; id <= trace_count(check->trace); id++) {
        const TraceRecord *record = trace_get(check->trace, id);
        if (record->kind == TRACE_SA && strcmp(record->node, node) == 0 && record->sa.made)
            ealg = record->sa.ealg;
    }
    say(check, strcmp(ealg, check->expectation->is) == 0, "%s", ealg);
}

static void check_moves(Check *check)
{
    const WorldAttacker *attacker = world_find_attacker(check->world, check->expectation->subject);
    say_number(check, attacker ? attacker_moves(attacker->attacker) : 0);
}

static void check_property(Check *check, const RunResult *result)
{
    const Expectation *e = check->expectation;
    Judgement *judgement = run_judge(result, e->property);
    if (judgement)
        say(check, judgement->verdict == e->verdict, "%s%s%s", verdict_text(judgement->verdict),
            judgement->reason[0] ? ": " : "", judgement->reason);
    else
        say(check, false, "this property cannot be judged from one scenario");
    judgement_free(judgement);
}

/* ---- what was expected, in words ---- */

static char *expected_text(const Expectation *e)
{
    static const char *const counts[] = { [COUNT_RECEIVED] = "receives",
                                          [COUNT_SENT] = "sends",
                                          [COUNT_DROPPED] = "drops for",
                                          [COUNT_DECIDED] = "decides by" };
    const char *to = e->of[0] ? " to " : "";
    switch (e->kind) {
    case EXPECT_PROPERTY: return g_strdup_printf("%s %s", e->what, e->is);
    case EXPECT_OUTCOME: return g_strdup_printf("%s: %s%s%s ends in %s", e->subject, e->what, to, e->of, e->is);
    case EXPECT_COUNT: return g_strdup_printf("%s %s %s: %s", e->subject, counts[e->count_of], e->what, e->is);
    case EXPECT_READS:
        return g_strdup_printf("%s reads the %s of %s%s%s", e->subject, e->what, e->of, e->is[0] ? " in " : "", e->is);
    case EXPECT_READS_NOT:
        return g_strdup_printf("%s does not read the %s of %s%s%s", e->subject, e->what, e->of, e->is[0] ? " in " : "",
                               e->is);
    case EXPECT_MOVES: return g_strdup_printf("%s makes moves: %s", e->subject, e->is);
    case EXPECT_REGISTERED: return g_strdup_printf("%s is registered at the end: %s", e->subject, e->is);
    case EXPECT_DISPLAYS:
        return g_strdup_printf("%s shows something%s%s: %s times", e->subject, e->of[0] ? " of " : "", e->of, e->is);
    case EXPECT_PROTECTION: return g_strdup_printf("%s's newest SA encrypts with %s", e->subject, e->is);
    }
    g_assert_not_reached();
}

ExpectationResult *expect_check(const RunResult *result, const Expectation *expectation)
{
    ExpectationResult *out = g_new0(ExpectationResult, 1);
    Check check = {
        .world = result->world, .trace = world_trace(result->world), .expectation = expectation, .result = out
    };
    out->expected = expected_text(expectation);
    out->place = expectation->place;
    switch (expectation->kind) {
    case EXPECT_PROPERTY: check_property(&check, result); break;
    case EXPECT_OUTCOME: check_outcome(&check); break;
    case EXPECT_COUNT: check_count(&check); break;
    case EXPECT_READS:
    case EXPECT_READS_NOT: check_reads(&check); break;
    case EXPECT_MOVES: check_moves(&check); break;
    case EXPECT_REGISTERED: check_registered(&check); break;
    case EXPECT_DISPLAYS: check_displays(&check); break;
    case EXPECT_PROTECTION: check_protection(&check); break;
    }
    return out;
}
