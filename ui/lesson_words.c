/*
 * ui/lesson_words.c - what a run says to an expectation, as a sentence.
 *
 * Source:  ui/lesson_words.h.
 * Knows:   the kinds of expectations; the sentence behind a rule is the run's own.
 */
#include "ui/lesson_words.h"

#include "ui/ladder_fold.h"

#include <string.h>

/* ---- names ---- */

/* "P-CSCF", "P-CSCF of alice", "alice's cell" */
static char *node_text(const char *said)
{
    g_auto(GStrv) halves = g_strsplit(said, ":", 2);
    g_autofree char *lower = g_ascii_strdown(halves[0] ? halves[0] : "", -1);
    const char *name = strcmp(lower, "p-cscf") == 0 ? "P-CSCF" : ladder_node_name(lower);
    if (halves[0] && halves[1] && strcmp(lower, "cell") == 0)
        return g_strdup_printf("%s's cell", halves[1]);
    if (halves[0] && halves[1])
        return g_strdup_printf("%s's %s", halves[1], name);
    return g_strdup(strcmp(name, lower) == 0 ? said : name);
}

static const char *secret_text(const char *what)
{
    if (strcmp(what, "body") == 0)
        return "document";
    if (strcmp(what, "impu") == 0)
        return "public identity";
    if (strcmp(what, "impi") == 0)
        return "private identity";
    return strcmp(what, "response") == 0 ? "answer to the challenge" : what;
}

static const char *action_text(const char *action)
{
    static const char *const names[][2] = {
        { "attach", "attaching to the network" }, { "register", "registration" },
        { "deregister", "de-registration" },      { "publish", "publication" },
        { "subscribe", "subscription" },          { "notify", "notification" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(names[i][0], action) == 0)
            return names[i][1];
    return action;
}

static const char *ealg_text(const char *ealg)
{
    if (strcmp(ealg, "null") == 0)
        return "NULL encryption";
    return strcmp(ealg, "none") == 0 ? "nothing: there is no association" : ealg;
}

static char *times_text(const char *number)
{
    if (strcmp(number, "0") == 0)
        return g_strdup("never");
    return strcmp(number, "1") == 0 ? g_strdup("once") : g_strdup_printf("%s times", number);
}

/* ---- what was expected ---- */

static char *expected_count(const Expectation *e)
{
    static const char *const verbs[] = { [COUNT_RECEIVED] = "receives",
                                         [COUNT_SENT] = "sends",
                                         [COUNT_DROPPED] = "discards for",
                                         [COUNT_DECIDED] = "decides by" };
    g_autofree char *node = node_text(e->subject);
    g_autofree char *is = e->least == e->most ? times_text(e->is) : g_strdup_printf("%s times", e->is);
    return g_strdup_printf("%s %s %s %s", node, verbs[e->count_of], e->what, is);
}

static char *expected_outcome(const Expectation *e)
{
    const char *end = strcmp(e->is, "none") == 0      ? "does not end"
                      : strcmp(e->is, "timeout") == 0 ? "gets no answer"
                      : strcmp(e->is, "refused") == 0 ? "is not even sent"
                                                      : NULL;
    g_autofree char *ends = end ? g_strdup(end) : g_strdup_printf("ends with %s", e->is);
    return g_strdup_printf("%s's %s %s", e->subject, action_text(e->what), ends);
}

char *lesson_expectation_text(const Expectation *e)
{
    const PropertyInfo *property = &property_info[e->property];
    const char *in = e->is[0] ? " in " : "";
    switch (e->kind) {
    case EXPECT_PROPERTY: return g_strdup_printf("%s: %s", property->title, e->is);
    case EXPECT_OUTCOME: return expected_outcome(e);
    case EXPECT_COUNT: return expected_count(e);
    case EXPECT_READS:
        return g_strdup_printf("%s reads %s's %s%s%s", e->subject, e->of, secret_text(e->what), in, e->is);
    case EXPECT_READS_NOT:
        return g_strdup_printf("%s does not read %s's %s%s%s", e->subject, e->of, secret_text(e->what), in, e->is);
    case EXPECT_MOVES: return g_strdup_printf("%s acts %s times", e->subject, e->is);
    case EXPECT_REGISTERED: return g_strdup_printf("%s is %sregistered at the end", e->subject, e->yes ? "" : "not ");
    case EXPECT_DISPLAYS:
        return g_strdup_printf("%s is shown %s documents%s%s", e->subject, e->is, e->of[0] ? " of " : "", e->of);
    case EXPECT_PROTECTION:
        return g_strdup_printf("%s's newest association encrypts with %s", e->subject, ealg_text(e->is));
    }
    g_assert_not_reached();
}

/* ---- what is so ---- */

/* The run's own sentence for a rule that a node decided by; NULL: it never did. */
static char *decision_text(const Trace *trace, const char *node, const char *rule)
{
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == TRACE_DECISION && strcmp(r->node, node) == 0 && strcmp(r->decision.rule, rule) == 0)
            return g_strdup_printf("%s [%s]", r->decision.text, r->decision.clause);
    }
    return NULL;
}

static char *drop_text(const Trace *trace, const char *node, const char *cause)
{
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind == TRACE_DROP && strcmp(r->node, node) == 0 && strcmp(r->drop.cause, cause) == 0)
            return g_strdup(r->drop.text);
    }
    return NULL;
}

static char *found_count(const LessonFinding *finding, const RunResult *result)
{
    const Expectation *e = finding->expectation;
    const Trace *trace = world_trace(result->world);
    const char *node = world_node_name(result->world, e->subject);
    g_autofree char *name = node_text(e->subject), *times = times_text(finding->result->got);
    g_autofree char *decided = e->count_of == COUNT_DECIDED ? decision_text(trace, node, e->what) : NULL;
    g_autofree char *dropped = e->count_of == COUNT_DROPPED ? drop_text(trace, node, e->what) : NULL;
    switch (e->count_of) {
    case COUNT_RECEIVED: return g_strdup_printf("%s received %s %s", name, e->what, times);
    case COUNT_SENT: return g_strdup_printf("%s sent %s %s", name, e->what, times);
    case COUNT_DROPPED:
        return g_strdup_printf("%s discarded packets for %s %s%s%s", name, e->what, times, dropped ? ": " : "",
                               dropped ? dropped : "");
    case COUNT_DECIDED:
        return decided ? g_strdup_printf("%s %s", name, decided)
                       : g_strdup_printf("%s never decided by %s", name, e->what);
    }
    g_assert_not_reached();
}

static char *found_outcome(const LessonFinding *finding)
{
    const Expectation *e = finding->expectation;
    const char *got = finding->result->got, *action = action_text(e->what);
    const char *why = strchr(got, '(');
    g_autofree char *reason = why ? g_strndup(why + 1, strlen(why) - 2) : g_strdup("");
    if (g_str_has_prefix(got, "none"))
        return g_strdup_printf("%s's %s never came to an end", e->subject, action);
    if (g_str_has_prefix(got, "timeout"))
        return g_strdup_printf("%s's %s got no answer in time%s%s", e->subject, action, why ? ": " : "", reason);
    if (g_str_has_prefix(got, "refused"))
        return g_strdup_printf("%s's %s was refused by %s's own UE%s%s", e->subject, action, e->subject,
                               why ? ": " : "", reason);
    return g_strdup_printf("%s's %s ended with %s", e->subject, action, got);
}

static char *found_reading(const LessonFinding *finding)
{
    const Expectation *e = finding->expectation;
    const char *got = finding->result->got, *prefix = "read in ";
    const char *in = e->is[0] ? " in " : "", *secret = secret_text(e->what);
    if (g_str_has_prefix(got, prefix))
        return g_strdup_printf("%s read %s's %s%s%s: %s", e->subject, e->of, secret, in, e->is, got + strlen(prefix));
    return g_strdup_printf("%s never read %s's %s%s%s", e->subject, e->of, secret, in, e->is);
}

char *lesson_finding_text(const LessonFinding *finding, const RunResult *result)
{
    const Expectation *e = finding->expectation;
    const char *got = finding->result->got;
    g_autofree char *times = times_text(got);
    switch (e->kind) {
    case EXPECT_PROPERTY: return g_strdup_printf("%s: %s", property_info[e->property].title, got);
    case EXPECT_OUTCOME: return found_outcome(finding);
    case EXPECT_COUNT: return found_count(finding, result);
    case EXPECT_READS:
    case EXPECT_READS_NOT: return found_reading(finding);
    case EXPECT_MOVES: return g_strdup_printf("%s acted %s", e->subject, times);
    case EXPECT_REGISTERED:
        return g_strdup_printf("%s is %sregistered at the end", e->subject, strcmp(got, "yes") == 0 ? "" : "not ");
    case EXPECT_DISPLAYS:
        return g_strdup_printf("%s was shown a document%s%s %s", e->subject, e->of[0] ? " of " : "", e->of, times);
    case EXPECT_PROTECTION:
        return g_strdup_printf("%s's newest association encrypts with %s", e->subject, ealg_text(got));
    }
    g_assert_not_reached();
}
