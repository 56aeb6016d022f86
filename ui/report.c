/*
 * ui/report.c - how a verdict is shown and written.
 *
 * Source:  ui/report.h.
 * Knows:   words.
 */
#include "ui/report.h"

#include "ui/glossary.h"

#include <string.h>

const char *const report_holds_means =
    "holds means only: this attacker, in this run, within this bound, found nothing.";

const char *report_word(Verdict verdict)
{
    switch (verdict) {
    case VERDICT_HOLDS: return "holds";
    case VERDICT_VIOLATED: return "VIOLATED";
    case VERDICT_NOT_AVAILABLE: return "n/a";
    case VERDICT_DEPENDS: return "depends";
    case VERDICT_INCONCLUSIVE: return "inconclusive";
    }
    g_assert_not_reached();
}

const char *report_short_word(Verdict verdict)
{
    switch (verdict) {
    case VERDICT_HOLDS: return "holds";
    case VERDICT_VIOLATED: return "VIOL.";
    case VERDICT_NOT_AVAILABLE: return "n/a";
    case VERDICT_DEPENDS: return "dep.";
    case VERDICT_INCONCLUSIVE: return "incon.";
    }
    g_assert_not_reached();
}

const char *report_mark(Verdict verdict)
{
    switch (verdict) {
    case VERDICT_HOLDS: return "+";
    case VERDICT_VIOLATED: return "X";
    case VERDICT_NOT_AVAILABLE: return "-";
    case VERDICT_DEPENDS: return "?";
    case VERDICT_INCONCLUSIVE: return "!";
    }
    g_assert_not_reached();
}

TermStyle report_style(Verdict verdict)
{
    switch (verdict) {
    case VERDICT_HOLDS: return STYLE_GOOD;
    case VERDICT_VIOLATED: return STYLE_BAD;
    case VERDICT_NOT_AVAILABLE: return STYLE_ABSENT;
    case VERDICT_DEPENDS: return STYLE_DOUBT;
    case VERDICT_INCONCLUSIVE: return STYLE_DOUBT;
    }
    g_assert_not_reached();
}

const char *report_witness_set(const Judgement *judgement)
{
    for (guint i = 0; i < judgement->conditions->len; i++) {
        const Condition *condition = judgement->conditions->pdata[i];
        if (condition->verdict == VERDICT_VIOLATED)
            return condition->set;
    }
    return "";
}

char *report_time(int64_t ns)
{
    /* In whole numbers: a double would round the last digit by its own rules. */
    int64_t ms = ns / 1000000;
    return g_strdup_printf("%" G_GINT64_FORMAT ".%03d s", ms / 1000, (int)(ms % 1000));
}

char *report_title(const char *kind, const char *id)
{
    g_autoptr(GPtrArray) entries = glossary_load();
    for (guint i = 0; i < entries->len; i++) {
        const GlossaryEntry *entry = entries->pdata[i];
        if (strcmp(entry->kind, kind) == 0 && glossary_is(entry, id))
            return g_strdup(entry->title);
    }
    return NULL;
}

/* ---- JSON ---- */

/* "-" stands for nobody, too. */
static const char *or_null(const char *text)
{
    return text && *text && strcmp(text, "-") != 0 ? text : NULL;
}

/* "dual-mode=yes work=44" as { "dual-mode": "yes", "work": "44" } */
static void add_settings(JsonBuilder *json, const char *name, const char *set)
{
    g_auto(GStrv) settings = g_strsplit(set, " ", -1);
    json_open_object(json, name);
    for (char **setting = settings; *setting; setting++) {
        g_auto(GStrv) halves = g_strsplit(*setting, "=", 2);
        if (g_strv_length(halves) == 2)
            json_add_text(json, halves[0], halves[1]);
    }
    json_builder_end_object(json);
}

static void add_conditions(JsonBuilder *json, const GPtrArray *conditions)
{
    json_open_array(json, "conditions");
    for (guint i = 0; i < conditions->len; i++) {
        const Condition *condition = conditions->pdata[i];
        json_builder_begin_object(json);
        add_settings(json, "set", condition->set);
        json_add_text(json, "verdict", verdict_text(condition->verdict));
        json_add_text(json, "attack", or_null(condition->attack));
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void add_witness(JsonBuilder *json, const Witness *witness)
{
    static char *const nothing[] = { NULL };
    json_open_object(json, "witness");
    json_add_text(json, "scenario", witness->scenario);
    json_add_number(json, "packet", (gint64)witness->packet);
    json_add_text(json, "segment", witness->segment);
    json_add_number(json, "time-ns", witness->time_ns);
    g_autofree char *excerpt = g_utf8_make_valid(witness->excerpt ? witness->excerpt : "", -1);
    json_add_text(json, "excerpt", excerpt);
    json_add_texts(json, "because", witness->because ? witness->because : nothing);
    json_builder_end_object(json);
}

void report_add_judgement(JsonBuilder *json, const PropertyInfo *property, const Judgement *judgement)
{
    json_open_object(json, property->id);
    json_add_text(json, "verdict", verdict_text(judgement->verdict));
    json_add_text(json, "attacker", or_null(judgement->attacker));
    json_add_text(json, "attack", or_null(judgement->attack));
    json_add_bool(json, "in-trust-model", judgement->in_trust_model);
    json_add_text(json, "reason", or_null(judgement->reason));
    if (judgement->conditions->len > 0)
        add_conditions(json, judgement->conditions);
    if (judgement->witness)
        add_witness(json, judgement->witness);
    json_builder_end_object(json);
}
