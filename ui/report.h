/*
 * ui/report.h - how a verdict is shown: a word, a mark, a style; and how it is written as JSON.
 *
 * Source:  README.md, "The command"; no meaning is carried by colour alone.
 * Knows:   verdicts and evidence as values, not how they came about.
 */
#ifndef PRESEC_UI_REPORT_H
#define PRESEC_UI_REPORT_H

#include "scenarios/compare.h"
#include "ui/json.h"
#include "ui/term.h"

/* "holds", "VIOLATED", "n/a", "depends", "inconclusive" */
const char *report_word(Verdict verdict);
/* The same in six columns at most: "holds", "VIOL.", "n/a", "dep.", "incon." */
const char *report_short_word(Verdict verdict);
/* One character: + X - ? ! */
const char *report_mark(Verdict verdict);
TermStyle report_style(Verdict verdict);

/* The settings of the branch that a witness is from, "a=x b=y"; "" when nothing had to be set. */
const char *report_witness_set(const Judgement *judgement);

/* "41.704 s" */
char *report_time(int64_t ns) G_GNUC_WARN_UNUSED_RESULT;

/* "ID": { "verdict", "attacker", ... }: one member of "verdicts" in presec.compare/1 and presec.run/1. */
void report_add_judgement(JsonBuilder *json, const PropertyInfo *property, const Judgement *judgement);

/* The title of a glossary entry of a kind ("positions", "A1"); NULL when there is none.  g_free. */
char *report_title(const char *kind, const char *id) G_GNUC_WARN_UNUSED_RESULT;

/* What "holds" means, for the foot of every page that shows one. */
extern const char *const report_holds_means;

#endif
