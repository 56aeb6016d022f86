/*
 * ui/compare_coverage.h - `presec compare --coverage`: what is protected while only a share is upgraded.
 *
 * Source:  scenarios/coverage.h; README.md, "The command".  Schema presec.coverage/1:
 *              { "schema", "seed", "samples", "together", "networks", "events",
 *                "curves": [ { "option", "title", "share-of", "clustered",
 *                              "points": [ { "share", "own-hidden": FRACTION,
 *                                            "watchers": [ { "k", "hidden": FRACTION, "served": FRACTION,
 *                                                            "hidden-and-served": FRACTION, "if-independent",
 *                                                            "attempted", "completed" } ] } ] } ] }
 *              FRACTION: { "value", "standard-error" }
 * Knows:   a finished Coverage.
 */
#ifndef PRESEC_UI_COMPARE_COVERAGE_H
#define PRESEC_UI_COMPARE_COVERAGE_H

#include "scenarios/coverage.h"
#include "ui/commands.h"
#include "ui/json.h"

/* The options of a coverage nobody named options for. */
extern const char *const compare_coverage_options;

void compare_coverage_append(const Term *term, GString *out, const Coverage *coverage);
/* To be given to json_save(). */
JsonBuilder *compare_coverage_json(const Coverage *coverage) G_GNUC_WARN_UNUSED_RESULT;

/* Measures and shows; @options: Option *, @jobs: threads. */
ExitStatus compare_coverage_run(const CommandCall *call, const GPtrArray *options, unsigned jobs);

#endif
