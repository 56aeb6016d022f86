/*
 * ui/run_report.c - one run of a scenario as a page and as JSON.
 *
 * Source:  ui/run_report.h.
 * Knows:   finished runs.
 */
#include "ui/run_report.h"

#include "ui/report.h"
#include "ui/text.h"

#include <string.h>

enum { INDENT = 2, PICTURE_INDENT = 4, EXPECTATION_INDENT = 9, OUTCOMES_SHOWN = 60, EVIDENCE_LEN = 24 };

static void append_heading(const Term *term, GString *out, const char *text)
{
    g_string_append_c(out, '\n');
    term_append(term, out, STYLE_HEADING, text);
    g_string_append_c(out, '\n');
}

static void append_visible(GString *out, const char *text)
{
    text_visible(out, text, strlen(text));
}

static void fill_visible(const Term *term, GString *out, const char *text, int indent)
{
    g_autoptr(GString) shown = g_string_new(NULL);
    append_visible(shown, text);
    text_fill(out, shown->str, indent, term->columns);
}

/* ---- the scenario ---- */

static char *joined_sources(const Scenario *scenario)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < scenario->sources->len; i++) {
        const ScenarioSource *source = scenario->sources->pdata[i];
        g_string_append_printf(text, "%s%s%s%s", i > 0 ? "; " : "", source->document, *source->clause ? " \u00a7" : "",
                               source->clause);
    }
    return g_string_free(text, FALSE);
}

/* Without the blank lines around it and the indentation that all of its lines share. */
static void append_picture(GString *out, const char *picture)
{
    g_auto(GStrv) lines = g_strsplit(picture, "\n", -1);
    size_t shared = SIZE_MAX;
    for (char **line = lines; *line; line++)
        if (*g_strchomp(*line))
            shared = MIN(shared, strspn(*line, " "));
    g_string_append_c(out, '\n');
    bool begun = false;
    guint waiting = 0; /* blank lines, shown once another line follows */
    for (char **line = lines; *line; line++) {
        if (!**line) {
            waiting += begun;
            continue;
        }
        for (; waiting > 0; waiting--)
            g_string_append_c(out, '\n');
        g_string_append_printf(out, "%*s", PICTURE_INDENT, "");
        append_visible(out, *line + shared);
        g_string_append_c(out, '\n');
        begun = true;
    }
}

void run_append_title(const Term *term, GString *out, const Scenario *scenario)
{
    g_autofree char *sources = joined_sources(scenario);
    g_autofree char *head = g_strdup_printf("%s: %s", scenario->id, scenario->title);
    g_string_append(out, term_style(term, STYLE_HEADING));
    fill_visible(term, out, head, 0);
    g_string_append(out, term_style(term, STYLE_PLAIN));
    fill_visible(term, out, scenario->claim, INDENT);
    if (*sources) {
        g_autofree char *from = g_strdup_printf("Source: %s", sources);
        fill_visible(term, out, from, INDENT);
    }
    if (scenario->picture && *scenario->picture)
        append_picture(out, scenario->picture);
}

/* ---- outcomes ---- */

/* "200", "refused", "no answer" */
static char *status_text(int status)
{
    return status > 0 ? g_strdup_printf("%d", status) : g_strdup(status == 0 ? "refused" : "no answer");
}

/* The modem and the UE both end an attach; the UE's word counts. */
static bool is_outcome(const TraceRecord *r)
{
    return r->kind == TRACE_OUTCOME && (strcmp(r->outcome.action, "attach") != 0 || *r->outcome.target == '\0');
}

static void append_outcome(const Term *term, GString *out, const TraceRecord *r)
{
    g_autofree char *time = report_time(r->at), *status = status_text(r->outcome.status);
    bool good = r->outcome.status >= 200 && r->outcome.status < 300;
    g_string_append_printf(out, "%12s  ", time);
    text_pad(out, r->node, 10);
    text_pad(out, r->outcome.action, 14);
    g_string_append(out, term_style(term, good ? STYLE_GOOD : STYLE_DOUBT));
    text_pad(out, status, 10);
    g_string_append(out, term_style(term, STYLE_PLAIN));
    append_visible(out, r->outcome.text);
    g_string_append_c(out, '\n');
}

static void append_outcomes(const Term *term, GString *out, const Trace *trace)
{
    unsigned n = 0;
    append_heading(term, out, "What came of it");
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (is_outcome(r) && n++ < OUTCOMES_SHOWN)
            append_outcome(term, out, r);
    }
    if (n == 0)
        g_string_append_printf(out, "%*snothing was begun\n", INDENT, "");
    if (n > OUTCOMES_SHOWN)
        g_string_append_printf(out, "%*sand %u more (--json lists them all)\n", INDENT, "", n - OUTCOMES_SHOWN);
}

/* ---- attackers ---- */

static unsigned count_of(const Trace *trace, TraceKind kind, const char *attacker)
{
    unsigned n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        const char *who = r->kind != kind ? "" : kind == TRACE_MOVE ? r->move.attacker : r->learn.attacker;
        n += strcmp(who, attacker) == 0;
    }
    return n;
}

static void append_attackers(const Term *term, GString *out, const Scenario *scenario, const Trace *trace)
{
    if (scenario->attackers->len == 0)
        return;
    append_heading(term, out, "Attackers");
    for (guint i = 0; i < scenario->attackers->len; i++) {
        const ScenarioAttacker *attacker = scenario->attackers->pdata[i];
        g_autofree char *at = g_strjoinv(" ", attacker->at);
        unsigned moves = count_of(trace, TRACE_MOVE, attacker->id), read = count_of(trace, TRACE_LEARN, attacker->id);
        g_autofree char *line =
            g_strdup_printf("%s (%s) at %s: acted %u time%s, learned %u thing%s", attacker->id, attacker->position, at,
                            moves, moves == 1 ? "" : "s", read, read == 1 ? "" : "s");
        fill_visible(term, out, line, INDENT);
    }
}

/* ---- expectations ---- */

/* What it was, where it went wrong or where it says where to look. */
static char *expectation_text(const ExpectationResult *one)
{
    if (!one->met)
        return g_strdup_printf("%s; it was: %s", one->expected, one->got);
    bool says_more = strlen(one->got) > EVIDENCE_LEN;
    return says_more ? g_strdup_printf("%s: %s", one->expected, one->got) : g_strdup(one->expected);
}

void run_append_expectations(const Term *term, GString *out, const RunResult *result, bool unmet_only)
{
    for (guint i = 0; i < result->expectations->len; i++) {
        const ExpectationResult *one = result->expectations->pdata[i];
        if (one->met && unmet_only)
            continue;
        g_autofree char *text = expectation_text(one);
        g_autoptr(GString) lines = g_string_new(NULL);
        fill_visible(term, lines, text, EXPECTATION_INDENT);
        g_string_append_printf(out, "%*s", INDENT, "");
        term_append(term, out, one->met ? STYLE_GOOD : STYLE_BAD, one->met ? "met  " : "UNMET");
        g_string_append(out, lines->str + MIN(lines->len, INDENT + strlen("UNMET")));
    }
}

static const char *stop_text(WorldStop stop)
{
    switch (stop) {
    case WORLD_DONE: return "done";
    case WORLD_BOUND_REACHED: return "bound-reached";
    case WORLD_INTERRUPTED: return "interrupted";
    }
    g_assert_not_reached();
}

static const char *option_name(const RunResult *result)
{
    return *result->option->id ? result->option->id : "of the scenario";
}

void run_append_result(const Term *term, GString *out, const Scenario *scenario, const RunResult *result)
{
    const Trace *trace = world_trace(result->world);
    append_outcomes(term, out, trace);
    append_attackers(term, out, scenario, trace);
    append_heading(term, out, "Expectations");
    if (result->expectations->len == 0)
        g_string_append_printf(out, "%*snone is stated\n", INDENT, "");
    run_append_expectations(term, out, result, false);
    if (result->stop == WORLD_BOUND_REACHED)
        g_string_append(out, "\nInconclusive: the bound on events was reached before the end.\n");
    g_string_append_printf(out,
                           "\nOption %s, seed %" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT " events, %" G_GUINT64_FORMAT
                           " packets\nDigest %s\n",
                           option_name(result), result->seed, result->events, result->packets, result->digest);
    text_fill(out, report_holds_means, 0, term->columns);
}

ExitStatus run_status(const RunResult *result)
{
    if (result->stop == WORLD_INTERRUPTED)
        return EXIT_INTERRUPTED;
    if (result->stop == WORLD_BOUND_REACHED)
        return EXIT_INCONCLUSIVE;
    return result->met ? EXIT_DONE : EXIT_UNMET;
}

/* ---- JSON ---- */

static void add_verdicts(JsonBuilder *json, const Scenario *scenario, const RunResult *result)
{
    bool done[N_PROPERTIES] = { false };
    json_open_object(json, "verdicts");
    for (guint i = 0; i < scenario->expectations->len; i++) {
        const Expectation *expectation = scenario->expectations->pdata[i];
        if (expectation->kind != EXPECT_PROPERTY || done[expectation->property])
            continue;
        done[expectation->property] = true;
        Judgement *judgement = run_judge(result, expectation->property);
        if (judgement)
            report_add_judgement(json, &property_info[expectation->property], judgement);
        judgement_free(judgement);
    }
    json_builder_end_object(json);
}

static void add_outcomes(JsonBuilder *json, const Trace *trace)
{
    json_open_array(json, "outcomes");
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (!is_outcome(r))
            continue;
        json_builder_begin_object(json);
        json_add_number(json, "time-ns", r->at);
        json_add_text(json, "who", r->node);
        json_add_text(json, "action", r->outcome.action);
        json_add_text(json, "target", *r->outcome.target ? r->outcome.target : NULL);
        json_add_number(json, "status", r->outcome.status);
        json_add_text(json, "text", r->outcome.text);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void add_expectations(JsonBuilder *json, const RunResult *result)
{
    json_open_array(json, "expectations");
    for (guint i = 0; i < result->expectations->len; i++) {
        const ExpectationResult *one = result->expectations->pdata[i];
        json_builder_begin_object(json);
        json_add_text(json, "expected", one->expected);
        json_add_text(json, "got", one->got);
        json_add_bool(json, "met", one->met);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void add_costs(JsonBuilder *json, const World *world)
{
    WorldTraffic air = world_traffic(world, "air"), mw = world_traffic(world, "mw");
    json_open_object(json, "costs");
    json_add_number(json, "octets-air", (gint64)air.octets);
    json_add_number(json, "frames-air", (gint64)air.frames);
    json_add_number(json, "octets-mw", (gint64)mw.octets);
    json_add_number(json, "frames-mw", (gint64)mw.frames);
    json_builder_end_object(json);
}

JsonBuilder *run_json(const Scenario *scenario, const RunResult *result)
{
    JsonBuilder *json = json_begin("presec.run/1");
    json_add_text(json, "scenario", scenario->id);
    json_add_text(json, "title", scenario->title);
    json_add_text(json, "option", *result->option->id ? result->option->id : NULL);
    json_add_number(json, "seed", (gint64)result->seed);
    json_add_text(json, "digest", result->digest);
    json_add_text(json, "stopped", stop_text(result->stop));
    json_add_number(json, "events", (gint64)result->events);
    json_add_number(json, "packets", (gint64)result->packets);
    add_verdicts(json, scenario, result);
    add_outcomes(json, world_trace(result->world));
    add_expectations(json, result);
    add_costs(json, result->world);
    return json;
}
