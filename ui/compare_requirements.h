/*
 * ui/compare_requirements.h - requirements as written, and whether each option satisfies them.
 *
 * Source:  scenarios/requirements.h; README.md, "The command".
 * Knows:   a finished Comparison and the width of the terminal.
 */
#ifndef PRESEC_UI_COMPARE_REQUIREMENTS_H
#define PRESEC_UI_COMPARE_REQUIREMENTS_H

#include "scenarios/requirements.h"
#include "ui/json.h"
#include "ui/term.h"

/* The table, with a remark under each row, and its legend. */
void compare_requirements_append(const Term *term, GString *out, const Comparison *comparison);

/*
 * One row's member "requirements" of presec.compare/1:
 *     { "answers": { ID: { "requirement": "R10", "answer", "remarks": [ ], "rests-on": [ PROPERTY ] } },
 *       "message": what became of an instant message, "remark": all remarks in one line }
 */
void compare_requirements_add(JsonBuilder *json, const CompareRow *row);

/* "yes", "part", "vac.", "no", "n/a", "-": an answer in four columns. */
const char *compare_answer_word(Answer answer);
TermStyle compare_answer_style(Answer answer);

#endif
