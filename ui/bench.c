/*
 * ui/bench.c - `presec bench`: what presec costs, each figure beside a floor that was measured in the same run.
 *
 * Source:  README.md, "The command"; schema presec.bench/1 is described in ui/help/bench.txt.
 * Knows:   the benchmarks by name; the figures are made in ui/bench_*.c.
 */
#include "ui/bench.h"

#include "ui/commands.h"
#include "ui/interrupt.h"
#include "ui/json.h"
#include "ui/output.h"
#include "ui/text.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

const CommandOption bench_options[] = {
    { "full", 0, OPTION_FLAG, offsetof(BenchSettings, full), NULL,
      "Use 100,000 subscribers, as the budgets say; minutes" },
    { "quick", 0, OPTION_FLAG, offsetof(BenchSettings, quick), NULL,
      "Only try each benchmark; the figures mean nothing" },
    { "json", 0, OPTION_TEXT, offsetof(BenchSettings, json), "FILE",
      "Write the figures as JSON (presec.bench/1) to FILE" },
    { 0 },
};

const BenchKind bench_kinds[] = {
    { "queue", "the event queue, hold model", bench_queue },
    { "udp-echo", "datagrams through the simulated network", bench_udp_echo },
    { "sip", "the SIP codec", bench_sip },
    { "aka", "authentication vectors", bench_aka },
    { "esp", "ESP packets", bench_esp },
    { "life", "subscribers' lives over all nodes", bench_life },
    { "memory", "resident memory per registered subscriber", bench_memory },
    { "tls", "idle TLS connections", bench_tls },
    { 0 },
};

/* --- rows --- */

static void row_free(gpointer data)
{
    BenchRow *row = data;
    g_free(row->what);
    g_free(row->budget);
    g_free(row->note);
    g_free(row);
}

void bench_init(Bench *bench, const Term *term, BenchSize size)
{
    *bench = (Bench){ .term = term,
                      .size = size,
                      .rows = g_ptr_array_new_with_free_func(row_free),
                      .faults = g_ptr_array_new_with_free_func(g_free) };
}

void bench_clear(Bench *bench)
{
    g_ptr_array_unref(bench->rows);
    g_ptr_array_unref(bench->faults);
}

uint64_t bench_pick(const Bench *bench, uint64_t quick, uint64_t usual, uint64_t large)
{
    switch (bench->size) {
    case BENCH_QUICK: return quick;
    case BENCH_USUAL: return usual;
    case BENCH_LARGE: return large;
    }
    return usual;
}

BenchRow *bench_row(Bench *bench, double value, const char *unit, const char *what, ...)
{
    BenchRow *row = g_new0(BenchRow, 1);
    va_list args;
    va_start(args, what);
    *row = (BenchRow){ .bench = bench->current, .value = value, .unit = unit, .what = g_strdup_vprintf(what, args) };
    va_end(args);
    g_ptr_array_add(bench->rows, row);
    return row;
}

void bench_floor(BenchRow *row, double floor, double ratio, const char *floor_is)
{
    row->floor = floor;
    row->ratio = ratio;
    row->floor_is = floor_is;
}

void bench_budget(BenchRow *row, bool met, const char *words, ...)
{
    va_list args;
    va_start(args, words);
    g_free(row->budget);
    row->budget = g_strdup_vprintf(words, args);
    va_end(args);
    row->verdict = met ? BENCH_MET : BENCH_MISSED;
}

void bench_note(BenchRow *row, const char *words, ...)
{
    va_list args;
    va_start(args, words);
    g_free(row->note);
    row->note = g_strdup_vprintf(words, args);
    va_end(args);
}

void bench_fault(Bench *bench, const char *words, ...)
{
    va_list args;
    va_start(args, words);
    g_autofree char *text = g_strdup_vprintf(words, args);
    va_end(args);
    g_ptr_array_add(bench->faults, g_strdup_printf("%s: %s", bench->current, text));
}

/* --- printing --- */

static const char *verdict_name(BenchVerdict verdict)
{
    switch (verdict) {
    case BENCH_NO_BUDGET: return NULL;
    case BENCH_MET: return "met";
    case BENCH_MISSED: return "missed";
    }
    return NULL;
}

/* "1,234,567", or with one or two decimals when the number is small. */
static void append_figure(GString *out, double value)
{
    const int decimals = fabs(value) >= 1000 || value == floor(value) ? 0 : fabs(value) >= 10 ? 1 : 2;
    char digits[G_ASCII_DTOSTR_BUF_SIZE], format[8];
    g_snprintf(format, sizeof format, "%%.%df", decimals);
    g_ascii_formatd(digits, sizeof digits, format, value);
    const size_t whole = strcspn(digits, ".");
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0 && digits[i - 1] != '-')
            g_string_append_c(out, ',');
        g_string_append_c(out, digits[i]);
    }
    g_string_append(out, digits + whole);
}

enum { FIGURE_COLUMNS = 18, RATIO_COLUMNS = 8, INDENT = 6 };

static void append_right(GString *out, const char *text, int width)
{
    g_string_append_printf(out, "%*s", width, text);
}

static void append_value(GString *out, double value, const char *unit)
{
    g_autoptr(GString) text = g_string_new(NULL);
    append_figure(text, value);
    if (*unit)
        g_string_append_printf(text, "%s%s", *unit == '/' ? "" : " ", unit);
    append_right(out, text->str, FIGURE_COLUMNS);
}

static void append_row(const Term *term, GString *out, const BenchRow *row)
{
    g_string_append_printf(out, "  %s\n", row->what);
    append_value(out, row->value, row->unit);
    if (row->floor > 0)
        append_value(out, row->floor, row->unit);
    if (row->ratio > 0) {
        char ratio[G_ASCII_DTOSTR_BUF_SIZE];
        append_right(out, g_ascii_formatd(ratio, sizeof ratio, "%.2f", row->ratio), RATIO_COLUMNS);
    }
    if (row->verdict != BENCH_NO_BUDGET) {
        g_string_append(out, "   ");
        term_append(term, out, row->verdict == BENCH_MET ? STYLE_GOOD : STYLE_BAD, verdict_name(row->verdict));
        g_string_append_printf(out, ": %s", row->budget);
    }
    g_string_append_c(out, '\n');
    if (row->note)
        text_fill(out, row->note, INDENT, MIN(term->columns, TEXT_COLUMNS_MAX));
}

static void append_heading(const Term *term, GString *out, const BenchRow *row)
{
    if (out->len > 0)
        g_string_append_c(out, '\n');
    term_append(term, out, STYLE_HEADING, row->bench);
    g_string_append_c(out, '\n');
    append_right(out, "ours", FIGURE_COLUMNS);
    append_right(out, "floor", FIGURE_COLUMNS);
    append_right(out, "ratio", RATIO_COLUMNS);
    g_string_append(out, "   budget\n");
}

/* The floors are named once for all rows that follow with the same one. */
static ExitStatus print_rows(const Bench *bench)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const char *benchmark = NULL, *floor_is = NULL;
    for (guint i = 0; i < bench->rows->len; i++) {
        const BenchRow *row = bench->rows->pdata[i];
        if (g_strcmp0(row->bench, benchmark) != 0) {
            append_heading(bench->term, out, row);
            floor_is = NULL;
        }
        benchmark = row->bench;
        if (row->floor_is && g_strcmp0(row->floor_is, floor_is) != 0) {
            g_autofree char *text = g_strdup_printf("floor: %s", row->floor_is);
            text_fill(out, text, 2, MIN(bench->term->columns, TEXT_COLUMNS_MAX));
            floor_is = row->floor_is;
        }
        append_row(bench->term, out, row);
    }
    for (guint i = 0; i < bench->faults->len; i++) {
        term_append(bench->term, out, STYLE_BAD, "wrong");
        g_string_append_printf(out, ": %s\n", (const char *)bench->faults->pdata[i]);
    }
    return output_print(out->str, out->len);
}

/* --- JSON --- */

static void add_real(JsonBuilder *builder, const char *name, double value, bool given)
{
    json_builder_set_member_name(builder, name);
    if (given)
        json_builder_add_double_value(builder, value);
    else
        json_builder_add_null_value(builder);
}

static void add_row(JsonBuilder *builder, const BenchRow *row)
{
    json_builder_begin_object(builder);
    json_add_text(builder, "benchmark", row->bench);
    json_add_text(builder, "what", row->what);
    json_add_text(builder, "unit", row->unit);
    add_real(builder, "value", row->value, true);
    add_real(builder, "floor", row->floor, row->floor > 0);
    json_add_text(builder, "floor-is", row->floor_is);
    add_real(builder, "ratio", row->ratio, row->ratio > 0);
    json_add_number(builder, "rounds", row->rounds);
    json_add_text(builder, "budget", row->budget);
    json_add_text(builder, "verdict", verdict_name(row->verdict));
    json_add_text(builder, "note", row->note);
    json_builder_end_object(builder);
}

static ExitStatus save_json(const Bench *bench, const char *path, bool complete)
{
    g_autoptr(JsonBuilder) builder = json_begin("presec.bench/1");
    json_add_text(builder, "size",
                  bench->size == BENCH_QUICK   ? "quick"
                  : bench->size == BENCH_LARGE ? "full"
                                               : "usual");
    json_add_bool(builder, "complete", complete);
    json_open_array(builder, "results");
    for (guint i = 0; i < bench->rows->len; i++)
        add_row(builder, bench->rows->pdata[i]);
    json_builder_end_array(builder);
    json_open_array(builder, "wrong");
    for (guint i = 0; i < bench->faults->len; i++)
        json_builder_add_string_value(builder, bench->faults->pdata[i]);
    json_builder_end_array(builder);
    return json_save(builder, path);
}

/* --- the command --- */

enum { BENCH_KINDS_MAX = 16 };

static const BenchKind *find_kind(const char *name)
{
    for (const BenchKind *kind = bench_kinds; kind->name; kind++)
        if (g_str_equal(kind->name, name))
            return kind;
    return NULL;
}

static ExitStatus check_names(const CommandCall *call)
{
    const char *names[BENCH_KINDS_MAX + 1] = { NULL };
    for (size_t i = 0; bench_kinds[i].name && i < BENCH_KINDS_MAX; i++)
        names[i] = bench_kinds[i].name;
    for (size_t i = 0; i < call->n_args; i++)
        if (!find_kind(call->args[i]))
            return command_unknown("benchmark", call->args[i], names);
    return EXIT_DONE;
}

static bool wanted(const CommandCall *call, const char *name)
{
    for (size_t i = 0; i < call->n_args; i++)
        if (g_str_equal(call->args[i], name))
            return true;
    return call->n_args == 0;
}

static void run_kinds(Bench *bench, const CommandCall *call)
{
    for (const BenchKind *kind = bench_kinds; kind->name && !interrupt_requested(); kind++)
        if (wanted(call, kind->name)) {
            bench->current = kind->name;
            term_progress(bench->term, "%s: %s", kind->name, kind->summary);
            kind->run(bench);
        }
    term_progress_end(bench->term);
}

ExitStatus bench_run_command(const CommandCall *call)
{
    const BenchSettings *settings = call->settings;
    Bench bench;
    ExitStatus status = check_names(call);
    if (status != EXIT_DONE)
        return status;
    bench_init(&bench, call->term, settings->quick ? BENCH_QUICK : settings->full ? BENCH_LARGE : BENCH_USUAL);
    run_kinds(&bench, call);
    const bool complete = !interrupt_requested();
    const bool json_on_output = settings->json && g_str_equal(settings->json, "-");
    if (!json_on_output)
        status = print_rows(&bench);
    if (settings->json && status == EXIT_DONE)
        status = save_json(&bench, settings->json, complete);
    if (!complete)
        output_message("interrupted; the figures above are complete, the others are missing");
    if (status == EXIT_DONE)
        status = !complete ? EXIT_INTERRUPTED : bench.faults->len > 0 ? EXIT_UNMET : EXIT_DONE;
    bench_clear(&bench);
    return status;
}
