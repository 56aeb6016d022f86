/*
 * scenarios/option_fields.h - the table of an option's fields: one row makes a field readable, settable, printable.
 *
 * Source:  scenarios/option.h.
 * Knows:   where a field lies in an Option and which texts it takes.
 */
#ifndef PRESEC_SCENARIOS_OPTION_FIELDS_H
#define PRESEC_SCENARIOS_OPTION_FIELDS_H

#include "scenarios/option.h"

typedef enum { FIELD_BOOL, FIELD_ENUM, FIELD_NUMBER, FIELD_REAL, FIELD_ALGS } FieldKind;

/* A word that a field takes.  A reserved one is understood and refused: it needs parts that this version lacks. */
typedef struct FieldWord {
    const char *name;
    unsigned value;
    bool reserved;
} FieldWord;

typedef struct Field {
    const char *name, *title;
    OptionScope scope;
    FieldKind kind;
    size_t offset;          /* in Option */
    const FieldWord *words; /* FIELD_BOOL, FIELD_ENUM; ended by a NULL name */
    double least, most;     /* FIELD_NUMBER, FIELD_REAL */
    const char *standard;   /* the default, as text */
} Field;

extern const Field option_fields[];
extern const size_t option_fields_count;

const Field *field_find(const char *name); /* NULL: none */
/* Read @text into the option.  False: not a value of this field; nothing changed. */
bool field_parse(const Field *field, const char *text, Option *option);
char *field_print(const Field *field, const Option *option) G_GNUC_WARN_UNUSED_RESULT;
/* "no, yes" */
char *field_allowed(const Field *field) G_GNUC_WARN_UNUSED_RESULT;
/* A word it knows but that this version cannot do. */
bool field_is_reserved(const Field *field, const char *text);
/* The names of all fields, NULL-terminated; the array is the caller's, the names are not. */
const char **field_names(void) G_GNUC_WARN_UNUSED_RESULT;
/* The words of a field, likewise; empty for numbers and lists. */
const char **field_words(const Field *field) G_GNUC_WARN_UNUSED_RESULT;

#endif
