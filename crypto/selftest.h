/*
 * crypto/selftest.h - known answers: reads vector files, finds what each block is about, recomputes it.
 *
 * Source:  the format of tests/vectors/README.md: `#` comments, `[block-id]`, `name = hex` or `name = "text"`.
 * Knows:   text in memory.  No files, no output.  Blocks of other folders' kinds (Diameter, policy) are theirs to
 *          check: see selftest_add().
 */
#ifndef PRESEC_CRYPTO_SELFTEST_H
#define PRESEC_CRYPTO_SELFTEST_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Limits; a file beyond them is a syntax error, not a crash. */
enum {
    SELFTEST_FILE_MAX = 16 * 1024 * 1024,
    SELFTEST_FIELDS_MAX = 256,
};

/* One `name = value`.  Text values have their escapes undone. */
typedef struct {
    const char *name;
    const uint8_t *octets; /* followed by a NUL that @len does not count */
    size_t len;
    bool is_text;
    unsigned line;
} SelftestField;

typedef struct {
    const char *id;
    unsigned line; /* of the [id] */
    const SelftestField *fields;
    size_t n_fields;
} SelftestBlock;

typedef enum {
    SELFTEST_PASS,
    SELFTEST_FAIL,    /* expected and got differ */
    SELFTEST_INVALID, /* of this kind, but a field is missing or has the wrong form: @what says which */
    SELFTEST_UNKNOWN, /* unknown block kind: nothing was checked */
    SELFTEST_SYNTAX,  /* the file cannot be read at @line: @what says why */
} SelftestVerdict;

/* One line of the report.  Owned by the report. */
typedef struct {
    SelftestVerdict verdict;
    char *file, *block; /* block is "" for a syntax error outside of one */
    unsigned line;
    const char *kind; /* static; "" when unknown */
    char *what;       /* the field that differs, or the reason; on a pass a note, mostly "" */
    char *expected;   /* hex, or text in quotes; "" unless SELFTEST_FAIL */
    char *got;
    unsigned checks; /* answers compared */
} SelftestResult;

/* What a checker fills in through the selftest_expect_ functions. */
typedef struct SelftestCheck SelftestCheck;

/* How to recognise and check one kind of block. */
typedef struct {
    const char *name; /* static, as shown: "milenage" */
    bool (*applies)(const SelftestBlock *block);
    void (*check)(const SelftestBlock *block, SelftestCheck *check);
} SelftestKind;

typedef struct {
    GPtrArray *results;                       /* of SelftestResult, in file order */
    GPtrArray *kinds;                         /* of const SelftestKind, borrowed: tried first, in the order added */
    unsigned passed, failed, unknown, syntax; /* failed includes SELFTEST_INVALID */
} SelftestReport;

void selftest_report_init(SelftestReport *report);
void selftest_report_clear(SelftestReport *report);

/** Let another folder check its own kinds.  @kind: borrowed, outlives the report.  (Kept in the report and not in a
 *  global, so that two runs cannot see each other's.) */
void selftest_add(SelftestReport *report, const SelftestKind *kind);

/**
 * Check one file; its results are appended.
 *
 * @name: shown as the file's name
 * @text: the file's octets; need not be terminated
 *
 * Returns true if nothing failed, was unknown, or could not be read.  A syntax error ends that block only.
 */
bool selftest_run(const char *name, const char *text, size_t len, SelftestReport *report);

const char *selftest_verdict_name(SelftestVerdict verdict);

/* ---- for checkers ---- */

/** NULL if the block has no such field. */
const SelftestField *selftest_field(const SelftestBlock *block, const char *name);
bool selftest_has(const SelftestBlock *block, const char *name);
/** The block has this field and it is exactly @value. */
bool selftest_text_is(const SelftestBlock *block, const char *name, const char *value);
/** A field that must be there with exactly @len octets (SIZE_MAX: any); otherwise NULL, and the block is invalid. */
const uint8_t *selftest_need(const SelftestBlock *block, const char *name, size_t len, SelftestCheck *check);
/** A decimal in quotes.  False: missing, malformed or above @max; the block is invalid. */
bool selftest_need_number(const SelftestBlock *block, const char *name, uint64_t max, uint64_t *out,
                          SelftestCheck *check);
/** The block is of this kind but cannot be checked. */
void selftest_invalid(SelftestCheck *check, const char *format, ...) G_GNUC_PRINTF(2, 3);
/** Say something about a block that passes all the same: shown always. */
void selftest_note(SelftestCheck *check, const char *format, ...) G_GNUC_PRINTF(2, 3);
/** Compare a field, if the block has it, with what was computed.  The first difference is kept. */
void selftest_expect(const SelftestBlock *block, const char *name, const void *got, size_t len, SelftestCheck *check);
/** Record a comparison that is not one of a whole field. */
void selftest_expect_text(SelftestCheck *check, const char *what, const char *expected, const char *got);

#endif
