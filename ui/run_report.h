/*
 * ui/run_report.h - one run of a scenario: what was claimed, what came of it, what was expected.
 *
 * Source:  README.md, "The command".  Schema presec.run/1:
 *              { "schema", "scenario", "title", "option", "seed", "digest", "stopped", "events", "packets",
 *                "verdicts": { PROPERTY: VERDICT as in presec.compare/1 }, for the properties that are expected,
 *                "outcomes": [ { "time-ns", "who", "action", "target", "status", "text" } ],
 *                "expectations": [ { "expected", "got", "met" } ],
 *                "costs": { "octets-air", "frames-air", "octets-mw", "frames-mw" } }
 *          digest is the SHA-256 of every octet on every segment in order; status 0 stands for refused by itself, -1
 * for no answer in time. Knows:   a finished run; outcomes are folds over its trace.
 */
#ifndef PRESEC_UI_RUN_REPORT_H
#define PRESEC_UI_RUN_REPORT_H

#include "scenarios/run.h"
#include "ui/json.h"
#include "ui/term.h"

/* Title, claim, sources and picture of a scenario. */
void run_append_title(const Term *term, GString *out, const Scenario *scenario);
/* What came of it and what was expected. */
void run_append_result(const Term *term, GString *out, const Scenario *scenario, const RunResult *result);
/* Only the expectations, each a line "  met    ..." or "  UNMET  ..."; @unmet_only: leave out those that were met. */
void run_append_expectations(const Term *term, GString *out, const RunResult *result, bool unmet_only);

/* To be given to json_save(). */
JsonBuilder *run_json(const Scenario *scenario, const RunResult *result) G_GNUC_WARN_UNUSED_RESULT;

/* Whether everything that was stated came true, as an exit status. */
ExitStatus run_status(const RunResult *result);

#endif
