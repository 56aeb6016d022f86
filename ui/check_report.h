/*
 * ui/check_report.h - what came of checking scenarios: lines for people, TAP, JUnit XML.
 *
 * Source:  TAP version 13 (testanything.org); JUnit XML as continuous integration reads it (testsuites, testsuite,
 *          testcase, failure, error).
 * Knows:   results, not how they came about.
 */
#ifndef PRESEC_UI_CHECK_REPORT_H
#define PRESEC_UI_CHECK_REPORT_H

#include "ui/exit.h"
#include "ui/term.h"

typedef struct {
    char *name, *title;
    ExitStatus status; /* EXIT_DONE: everything was as expected */
    unsigned expected, unmet;
    GString *details; /* a line for each expectation that was not met */
} CheckResult;
CheckResult *check_result_new(const char *name);
void check_result_title(CheckResult *result, const char *title);
void check_result_free(CheckResult *result);

/* "ok" or what is wrong, the name, what was expected; below it what was not met. */
void check_append_line(const Term *term, GString *out, const CheckResult *result);
/* @results: CheckResult * */
void check_append_summary(const Term *term, GString *out, const GPtrArray *results);
/* @number: from 1 */
void check_append_tap(GString *out, const CheckResult *result, unsigned number);
char *check_junit(const GPtrArray *results) G_GNUC_WARN_UNUSED_RESULT;

/* Of all together: a file that cannot be read weighs most, then one that is wrong, then no answer, then a wrong one. */
ExitStatus check_status(const GPtrArray *results);

#endif
