/*
 * ui/lesson_words.c - what a run says to an expectation, as a sentence.
 *
 * Source:  ui/lesson_words.h.
 * Knows:   the kinds of expectations; the sentence behind a rule is the run's own.
 */
#include "ui/lesson_words.h"

#include "ui/ladder_fold.h"
#include "ui/narrate_words.h"

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
        return "NULL, that is, not at all";
    return strcmp(ealg, "none") == 0 ? "nothing: there is no association" : ealg;
}

static char *times_text(const char *number)
{
    if (strcmp(number, "0") == 0)
        return g_strdup("never");
    if (strcmp(number, "1") == 0)
        return g_strdup("once");
    return strcmp(number, "2") == 0 ? g_strdup("twice") : g_strdup_printf("%s times", number);
}

/* After "is". */
static const char *verdict_word(const char *verdict)
{
    return strcmp(verdict, "holds") == 0 ? "so" : strcmp(verdict, "not-available") == 0 ? "not available" : verdict;
}

/* ---- what was expected ---- */

/* "twice", "at least once", "at most 3 times" */
static char *how_often(const Expectation *e)
{
    if (e->least == e->most)
        return times_text(e->is);
    if (g_str_has_suffix(e->is, " 1"))
        return g_strdup_printf("%.*s once", (int)(strlen(e->is) - strlen(" 1")), e->is);
    return g_strdup_printf("%s times", e->is);
}

/* What a node finds that decides by this rule; for those that questions are asked about. */
static char *rule_text(const char *rule)
{
    static const char *const rules[][2] = {
        { "ue-mac-failure", "finds that the challenge is not from its home" },
        { "ue-sync-failure", "finds the challenge's sequence number out of range" },
        { "ue-refuses-certificate", "refuses the certificate" },
        { "ue-fails-closed", "refuses to go on without encryption" },
        { "hss-resync", "takes the card's sequence number" },
        { "pcscf-echo-mismatch", "finds that SM7 repeats another list than it sent" },
        { "scscf-auth-failure", "finds the answer to the challenge wrong" },
        { "modem-obeys-cipher-command", "obeys an unproven order about the cipher" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
        if (strcmp(rules[i][0], rule) == 0)
            return g_strdup(rules[i][1]);
    return g_strdup_printf("decides by the rule %s", rule);
}

static char *expected_count(const Expectation *e)
{
    g_autofree char *node = node_text(e->subject), *often = how_often(e);
    g_autofree char *rule = e->count_of == COUNT_DECIDED ? rule_text(e->what) : NULL;
    const char *reason = e->count_of == COUNT_DROPPED ? narrate_drop_reason(e->what) : NULL;
    switch (e->count_of) {
    case COUNT_RECEIVED: return g_strdup_printf("%s receives %s %s", node, e->what, often);
    case COUNT_SENT: return g_strdup_printf("%s sends %s %s", node, e->what, often);
    case COUNT_DROPPED:
        return g_strdup_printf("%s discards what comes %s because of %s%s%s", node, often, e->what, reason ? ": " : "",
                               reason ? reason : "");
    case COUNT_DECIDED: return g_strdup_printf("%s %s %s", node, often, rule);
    }
    g_assert_not_reached();
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
    g_autofree char *often = how_often(e);
    const char *in = e->is[0] ? " in " : "";
    switch (e->kind) {
    case EXPECT_PROPERTY: return g_strdup_printf("\"%s\" is %s", property->title, verdict_word(e->is));
    case EXPECT_OUTCOME: return expected_outcome(e);
    case EXPECT_COUNT: return expected_count(e);
    case EXPECT_READS:
        return g_strdup_printf("%s reads %s's %s%s%s", e->subject, e->of, secret_text(e->what), in, e->is);
    case EXPECT_READS_NOT:
        return g_strdup_printf("%s does not read %s's %s%s%s", e->subject, e->of, secret_text(e->what), in, e->is);
    case EXPECT_MOVES: return g_strdup_printf("%s acts %s", e->subject, often);
    case EXPECT_REGISTERED: return g_strdup_printf("%s is %sregistered at the end", e->subject, e->yes ? "" : "not ");
    case EXPECT_DISPLAYS:
        return g_strdup_printf("%s is shown a document%s%s %s", e->subject, e->of[0] ? " of " : "", e->of, often);
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

static char *found_count(const LessonFinding *finding, const RunResult *result)
{
    const Expectation *e = finding->expectation;
    const Trace *trace = world_trace(result->world);
    const char *node = world_node_name(result->world, e->subject);
    g_autofree char *name = node_text(e->subject), *times = times_text(finding->result->got);
    g_autofree char *decided = e->count_of == COUNT_DECIDED ? decision_text(trace, node, e->what) : NULL;
    g_autofree char *rule = rule_text(e->what);
    const char *reason = e->count_of == COUNT_DROPPED ? narrate_drop_reason(e->what) : NULL;
    switch (e->count_of) {
    case COUNT_RECEIVED: return g_strdup_printf("%s received %s %s", name, e->what, times);
    case COUNT_SENT: return g_strdup_printf("%s sent %s %s", name, e->what, times);
    case COUNT_DROPPED:
        return g_strdup_printf("%s discarded what came, %s (%s%s%s)", name, times, e->what, reason ? ": " : "",
                               reason ? reason : "");
    case COUNT_DECIDED:
        return decided ? g_strdup_printf("%s %s", name, decided)
                       : g_strdup_printf("it never happened that %s %s", name, rule);
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
        return g_strdup_printf("%s's %s got no answer in time%s%s%s", e->subject, action, why ? " (" : "", reason,
                               why ? ")" : "");
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

/* "violated: listener read ..." */
static char *found_property(const LessonFinding *finding)
{
    const char *got = finding->result->got, *colon = strstr(got, ": ");
    g_autofree char *verdict = colon ? g_strndup(got, (gsize)(colon - got)) : g_strdup(got);
    return g_strdup_printf("\"%s\" is %s%s", property_info[finding->expectation->property].title, verdict_word(verdict),
                           colon ? colon : "");
}

char *lesson_finding_text(const LessonFinding *finding, const RunResult *result)
{
    const Expectation *e = finding->expectation;
    const char *got = finding->result->got;
    g_autofree char *times = times_text(got);
    switch (e->kind) {
    case EXPECT_PROPERTY: return found_property(finding);
    case EXPECT_OUTCOME: return found_outcome(finding);
    case EXPECT_COUNT: return found_count(finding, result);
    case EXPECT_READS:
    case EXPECT_READS_NOT: return found_reading(finding);
    case EXPECT_MOVES:
        return strcmp(got, "0") == 0 ? g_strdup_printf("%s never acted", e->subject)
                                     : g_strdup_printf("%s acted %s", e->subject, times);
    case EXPECT_REGISTERED:
        return g_strdup_printf("%s is %sregistered at the end", e->subject, strcmp(got, "yes") == 0 ? "" : "not ");
    case EXPECT_DISPLAYS:
        return g_strdup_printf("%s was %s shown a document%s%s", e->subject, times, e->of[0] ? " of " : "", e->of);
    case EXPECT_PROTECTION:
        return g_strdup_printf("%s's newest association encrypts with %s", e->subject, ealg_text(got));
    }
    g_assert_not_reached();
}
