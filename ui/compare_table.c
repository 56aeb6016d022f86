/*
 * ui/compare_table.c - the comparison on one page.
 *
 * Source:  ui/compare_table.h.
 * Knows:   columns.  Cells are words where all of them fit, else short words, else marks; the legend says which.
 */
#include "ui/compare_table.h"

#include "ui/compare_costs.h"
#include "ui/compare_groups.h"
#include "ui/report.h"
#include "ui/text.h"

#include <string.h>

enum { ROW_INDENT = 1, LEGEND_INDENT = 2 };

/* How much of a word a cell has room for. */
typedef enum { CELL_WORD, CELL_SHORT, CELL_MARK } CellForm;

typedef struct {
    const PropertyInfo *info;
    char head[8]; /* "P2", "(P6)" outside the trust model */
    int width;    /* without the blank before it */
} Column;

typedef struct {
    const Comparison *comparison;
    CellForm form;
    Column columns[N_PROPERTIES];
    unsigned n_columns;
    int id_width;
} Layout;

static const char *cell_text(CellForm form, Verdict verdict)
{
    switch (form) {
    case CELL_WORD: return report_word(verdict);
    case CELL_SHORT: return report_short_word(verdict);
    case CELL_MARK: return report_mark(verdict);
    }
    g_assert_not_reached();
}

static const CompareRow *row_at(const Comparison *comparison, guint i)
{
    return comparison->rows->pdata[i];
}

/* ---- layout ---- */

static bool is_asked_for(const Comparison *comparison, Property property)
{
    for (guint i = 0; i < comparison->rows->len; i++)
        if (row_at(comparison, i)->judgement[property])
            return true;
    return false;
}

static int column_width(const Layout *layout, const Column *column)
{
    int width = (int)strlen(column->head);
    for (guint i = 0; i < layout->comparison->rows->len; i++) {
        const Judgement *judgement = row_at(layout->comparison, i)->judgement[column->info->property];
        if (judgement)
            width = MAX(width, (int)strlen(cell_text(layout->form, judgement->verdict)));
    }
    return width;
}

static int layout_measure(Layout *layout)
{
    int total = ROW_INDENT + layout->id_width;
    for (unsigned i = 0; i < layout->n_columns; i++) {
        layout->columns[i].width = column_width(layout, &layout->columns[i]);
        total += 1 + layout->columns[i].width;
    }
    return total;
}

/* The roomiest form that fits; marks when none does. */
static Layout layout_of(const Term *term, const Comparison *comparison)
{
    Layout layout = { .comparison = comparison, .id_width = (int)strlen("option") };
    for (guint i = 0; i < comparison->rows->len; i++)
        layout.id_width = MAX(layout.id_width, (int)g_utf8_strlen(row_at(comparison, i)->option->id, -1));
    for (size_t i = 0; i < N_PROPERTIES; i++) {
        const PropertyInfo *info = &property_info[i];
        if (!is_asked_for(comparison, info->property))
            continue;
        Column *column = &layout.columns[layout.n_columns++];
        column->info = info;
        g_snprintf(column->head, sizeof column->head, info->in_trust_model ? "%s" : "(%s)", info->column);
    }
    for (layout.form = CELL_WORD; layout.form < CELL_MARK; layout.form++)
        if (layout_measure(&layout) <= term->columns)
            return layout;
    layout_measure(&layout);
    return layout;
}

/* ---- rows ---- */

static void append_blanks(GString *out, int n)
{
    g_string_append_printf(out, "%*s", MAX(n, 0), "");
}

/* In the middle of the column, so that a mark stands under its head; nothing is put after the last one. */
static void append_centred(const Term *term, GString *out, TermStyle style, const char *text, int width, bool last)
{
    int left = (width - (int)strlen(text)) / 2;
    append_blanks(out, 1 + left);
    term_append(term, out, style, text);
    if (!last)
        append_blanks(out, width - left - (int)strlen(text));
}

/* ---- bands over the columns ---- */

static int band_width(const Layout *layout, unsigned first, unsigned *next)
{
    const CompareBand *band = compare_band(layout->columns[first].info->property);
    int width = layout->columns[first].width;
    for (*next = first + 1; *next < layout->n_columns; (*next)++) {
        if (!band || compare_band(layout->columns[*next].info->property) != band)
            break;
        width += 1 + layout->columns[*next].width;
    }
    return width;
}

/* "-- on air --", without what there is no room for */
static void append_band(GString *out, const char *text, int width)
{
    int spare = width - (int)strlen(text), blank = spare >= 4, left = spare / 2 - blank;
    for (int i = 0; i < left; i++)
        g_string_append_c(out, spare >= 4 ? '-' : ' ');
    g_string_append_printf(out, "%*s%s%*s", blank, "", text, blank, "");
    for (int i = left + (int)strlen(text) + 2 * blank; i < width; i++)
        g_string_append_c(out, spare >= 4 ? '-' : ' ');
}

static void append_bands(GString *out, const Layout *layout)
{
    gsize start = out->len;
    bool any = false;
    append_blanks(out, ROW_INDENT + layout->id_width);
    for (unsigned i = 0, next; i < layout->n_columns; i = next) {
        const CompareBand *band = compare_band(layout->columns[i].info->property);
        int width = band_width(layout, i, &next);
        const char *text = band && next > i + 1 ? band->wide : "";
        if (*text && (int)strlen(text) > width)
            text = band->narrow;
        g_string_append_c(out, ' ');
        if (*text && (int)strlen(text) <= width)
            append_band(out, text, width);
        else
            append_blanks(out, width);
        any = any || *text;
    }
    g_string_truncate(out, any ? out->len : start);
    while (any && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
    g_string_append(out, any ? "\n" : "");
}

static void append_head(const Term *term, GString *out, const Layout *layout)
{
    append_blanks(out, ROW_INDENT);
    g_string_append_printf(out, "%s%-*s%s", term_style(term, STYLE_HEADING), layout->id_width, "option",
                           term_style(term, STYLE_PLAIN));
    for (unsigned i = 0; i < layout->n_columns; i++)
        append_centred(term, out, STYLE_HEADING, layout->columns[i].head, layout->columns[i].width,
                       i + 1 == layout->n_columns);
    g_string_append_c(out, '\n');
}

static void append_id(const Term *term, GString *out, const Layout *layout, const CompareRow *row)
{
    append_blanks(out, ROW_INDENT);
    term_append(term, out, STYLE_NAME, row->option->id);
    append_blanks(out, layout->id_width - (int)g_utf8_strlen(row->option->id, -1));
}

static void append_row(const Term *term, GString *out, const Layout *layout, const CompareRow *row)
{
    append_id(term, out, layout, row);
    for (unsigned i = 0; i < layout->n_columns; i++) {
        const Judgement *judgement = row->judgement[layout->columns[i].info->property];
        append_centred(term, out, judgement ? report_style(judgement->verdict) : STYLE_PLAIN,
                       judgement ? cell_text(layout->form, judgement->verdict) : "", layout->columns[i].width,
                       i + 1 == layout->n_columns);
    }
    while (out->len > 0 && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
    g_string_append_c(out, '\n');
}

static void append_rows(const Term *term, GString *out, const Layout *layout)
{
    const GPtrArray *rows = layout->comparison->rows;
    for (guint i = 0; i < rows->len; i++) {
        const Option *before = i > 0 ? row_at(layout->comparison, i - 1)->option : NULL;
        compare_group_append(term, out, before, row_at(layout->comparison, i)->option);
        append_row(term, out, layout, rows->pdata[i]);
    }
}

/* ---- legend ---- */

/* What does not explain itself: marks and shortened words. */
static void append_marks(const Term *term, GString *out, CellForm form)
{
    int n = 0;
    append_blanks(out, LEGEND_INDENT);
    for (Verdict verdict = VERDICT_HOLDS; verdict <= VERDICT_INCONCLUSIVE; verdict++) {
        const char *word = verdict == VERDICT_NOT_AVAILABLE ? "not available" : report_word(verdict);
        const char *text = cell_text(form, verdict);
        if (strcmp(text, word) == 0)
            continue;
        g_string_append(out, n++ > 0 ? "   " : "");
        term_append(term, out, report_style(verdict), text);
        g_string_append_printf(out, " %s", word);
    }
    g_string_append_c(out, '\n');
}

static void append_legend(const Term *term, GString *out, const Layout *layout)
{
    g_string_append_c(out, '\n');
    append_marks(term, out, layout->form);
    for (unsigned i = 0; i < layout->n_columns; i++) {
        const Column *column = &layout->columns[i];
        bool attacked = strcmp(column->info->attacker, "none") != 0;
        append_blanks(out, LEGEND_INDENT);
        term_append(term, out, STYLE_HEADING, column->head);
        append_blanks(out, 5 - (int)strlen(column->head));
        g_string_append(out, column->info->title);
        if (attacked)
            g_string_append_printf(out, " [%s]", column->info->attacker);
        g_string_append(out, column->info->in_trust_model ? "\n" : ", who is trusted\n");
    }
    text_fill(out,
              "[A1] listens on the radio, [A2] behind it, [A4] is the visited P-CSCF, [A5] acts on the access; "
              "presec explain P2, A5 or an option's id says more, presec compare --why gap:P2 shows the evidence.",
              LEGEND_INDENT, term->columns);
}

/* ---- foot ---- */

unsigned compare_knowledge(const Comparison *comparison)
{
    if (comparison->knowledge != 0 || comparison->rows->len == 0)
        return comparison->knowledge;
    return row_at(comparison, 0)->option->attackers.knowledge;
}

/* What stands at its default unless an option's definition says otherwise, with what the field means. */
static char *assumptions(char *const *settings)
{
    static const char *const fields[][2] = { { "access", "clear: UMTS that does not cipher" },
                                             { "discovery", "how the P-CSCF is found" },
                                             { "pcscf-location", "" },
                                             { "za-enc", "encryption between the networks" },
                                             { "work", "an attacker may spend 2^work operations" } };
    g_autoptr(Option) option = option_new();
    GString *text = g_string_new("Assumed unless an option says otherwise:");
    for (char *const *setting = settings; setting && *setting; setting++)
        if (!option_set_text(option, *setting, NULL))
            g_assert_not_reached(); /* the settings were made before the comparison was run */
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        g_autofree char *value = option_get(option, fields[i][0]);
        g_string_append_printf(text, "%s %s=%s", i > 0 ? "," : "", fields[i][0], value);
        if (*fields[i][1])
            g_string_append_printf(text, " (%s)", fields[i][1]);
    }
    g_string_append_c(text, '.');
    if (settings && *settings) {
        g_autofree char *set = g_strjoinv(", ", (char **)settings);
        g_string_append_printf(text, " Set for every option: %s.", set);
    }
    return g_string_free(text, FALSE);
}

void compare_foot_append(const Term *term, GString *out, const Comparison *comparison, char *const *settings)
{
    g_autofree char *assumed = assumptions(settings);
    g_autofree char *bound = g_strdup_printf("Bound: %s.", comparison->bound ? comparison->bound : "not stated");
    g_autofree char *seed = g_strdup_printf("Seed %" G_GUINT64_FORMAT
                                            ", attackers' knowledge of %u, %u run%s, %" G_GUINT64_FORMAT " events.",
                                            comparison->seed, compare_knowledge(comparison), comparison->runs,
                                            comparison->runs == 1 ? "" : "s", comparison->events);
    g_string_append_c(out, '\n');
    text_fill(out, assumed, 0, term->columns);
    text_fill(out, bound, 0, term->columns);
    text_fill(out, seed, 0, term->columns);
    text_fill(out, report_holds_means, 0, term->columns);
}

void compare_table_append(const Term *term, GString *out, const Comparison *comparison, char *const *settings)
{
    Layout layout = layout_of(term, comparison);
    append_bands(out, &layout);
    append_head(term, out, &layout);
    append_rows(term, out, &layout);
    append_legend(term, out, &layout);
    compare_costs_append_short(term, out, comparison);
    compare_foot_append(term, out, comparison, settings);
}
