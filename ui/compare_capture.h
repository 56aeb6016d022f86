/*
 * ui/compare_capture.h - the packets behind the cells: each run that a witness names, made again and captured.
 *
 * Source:  README.md, "The command"; the same seed gives the same octets, so the frame that a witness names is there.
 * Knows:   a finished Comparison, and how to run a scenario.
 */
#ifndef PRESEC_UI_COMPARE_CAPTURE_H
#define PRESEC_UI_COMPARE_CAPTURE_H

#include "scenarios/compare.h"
#include "ui/exit.h"
#include "ui/term.h"

/**
 * Write OPTION-RUN.pcapng for every run that shows a violation, once; OPTION-RUN-FIELD=VALUE.pcapng where an open field
 * had to be set.
 *
 * @dir: there already
 *
 * EXIT_DONE; EXIT_IO after saying why; EXIT_INTERRUPTED: the files written so far stay.
 */
ExitStatus compare_capture(const Term *term, const Comparison *comparison, const char *dir) G_GNUC_WARN_UNUSED_RESULT;

/* The option as the branch had it that a witness is from; the caller's. */
Option *compare_witness_option(const Comparison *comparison, const CompareRow *row,
                               const Judgement *judgement) G_GNUC_WARN_UNUSED_RESULT;

#endif
