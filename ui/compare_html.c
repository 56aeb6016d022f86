/*
 * ui/compare_html.c - the comparison as one file.
 *
 * Source:  ui/compare_html.h; HTML Living Standard; the look is ui/compare.css.
 * Knows:   verdicts, answers and costs as values.
 */
#include "ui/compare_html.h"

#include "ui/compare_costs.h"
#include "ui/compare_groups.h"
#include "ui/compare_requirements.h"
#include "ui/compare_table.h"
#include "ui/html.h"
#include "ui/report.h"

#include "scenarios/data.h"

#include <string.h>

#define STYLE_FILE "ui/compare.css"

static const CompareRow *row_at(const Comparison *comparison, guint i)
{
    return comparison->rows->pdata[i];
}

/* <TAG>text</TAG> */
static void element(GString *out, const char *tag, const char *text)
{
    g_string_append_printf(out, "<%s>", tag);
    html_text(out, text);
    g_string_append_printf(out, "</%s>", tag);
}

static void paragraph(GString *out, const char *class, const char *text)
{
    g_string_append_printf(out, "<p class=\"%s\">", class);
    html_text(out, text);
    g_string_append(out, "</p>\n");
}

/* A row of the group's title before its first option. */
static void group_row(GString *out, const Comparison *comparison, guint i, unsigned columns)
{
    const char *title = compare_group_title(row_at(comparison, i)->option->group);
    if (i > 0 && strcmp(title, compare_group_title(row_at(comparison, i - 1)->option->group)) == 0)
        return;
    g_string_append_printf(out, "<tr class=\"group\"><th colspan=\"%u\">", columns);
    html_text(out, title);
    g_string_append(out, "</th></tr>\n");
}

static void option_head(GString *out, const Option *option, const char *attributes)
{
    g_string_append_printf(out, "<th scope=\"row\"%s title=\"", attributes);
    html_text(out, option->title);
    g_string_append(out, "\">");
    html_text(out, option->id);
    g_string_append(out, "</th>");
}

/* ---- matrix ---- */

static bool is_shown(const Comparison *comparison, size_t property)
{
    for (guint i = 0; i < comparison->rows->len; i++)
        if (row_at(comparison, i)->judgement[property])
            return true;
    return false;
}

static unsigned n_shown(const Comparison *comparison)
{
    unsigned n = 0;
    for (size_t p = 0; p < N_PROPERTIES; p++)
        n += is_shown(comparison, p);
    return n;
}

static void matrix_head(GString *out, const Comparison *comparison)
{
    g_string_append(out, "<thead><tr><th scope=\"col\">option</th>");
    for (size_t p = 0; p < N_PROPERTIES; p++) {
        if (!is_shown(comparison, p))
            continue;
        g_string_append(out, "<th scope=\"col\" title=\"");
        html_text(out, property_info[p].title);
        g_string_append(out, "\">");
        html_text(out, property_info[p].column);
        g_string_append(out, "</th>");
    }
    g_string_append(out, "</tr></thead>\n");
}

static void cell_anchor(GString *out, const CompareRow *row, size_t property)
{
    html_text(out, row->option->id);
    g_string_append_c(out, '-');
    html_text(out, property_info[property].column);
}

static void matrix_cell(GString *out, const CompareRow *row, size_t property)
{
    const Judgement *judgement = row->judgement[property];
    if (!judgement) {
        g_string_append(out, "<td></td>");
        return;
    }
    g_string_append_printf(out, "<td class=\"%s\"><a href=\"#", verdict_text(judgement->verdict));
    cell_anchor(out, row, property);
    g_string_append(out, "\" title=\"");
    html_text(out, judgement->reason);
    g_string_append(out, "\">");
    html_text(out, report_short_word(judgement->verdict));
    g_string_append(out, "</a></td>");
}

static void matrix_legend(GString *out, const Comparison *comparison)
{
    g_string_append(out, "<dl>");
    for (size_t p = 0; p < N_PROPERTIES; p++) {
        if (!is_shown(comparison, p))
            continue;
        element(out, "dt", property_info[p].column);
        g_autofree char *text = g_strdup_printf("%s. %s%s", property_info[p].title, property_info[p].predicate,
                                                property_info[p].in_trust_model ? "" : " (outside the trust model)");
        element(out, "dd", text);
        g_string_append_c(out, '\n');
    }
    g_string_append(out, "</dl>\n");
}

static void append_matrix(GString *out, const Comparison *comparison)
{
    g_string_append(out, "<section id=\"matrix\"><h2>Verdicts</h2>\n");
    paragraph(out, "soft screen",
              "Point at a cell for its reason; follow it for the packet and the decisions behind it.");
    g_string_append(out, "<div class=\"wide\"><table>\n");
    matrix_head(out, comparison);
    g_string_append(out, "<tbody>\n");
    for (guint i = 0; i < comparison->rows->len; i++) {
        const CompareRow *row = row_at(comparison, i);
        group_row(out, comparison, i, 1 + n_shown(comparison));
        g_string_append(out, "<tr>");
        option_head(out, row->option, "");
        for (size_t p = 0; p < N_PROPERTIES; p++)
            if (is_shown(comparison, p))
                matrix_cell(out, row, p);
        g_string_append(out, "</tr>\n");
    }
    g_string_append(out, "</tbody></table></div>\n");
    matrix_legend(out, comparison);
    g_string_append(out, "</section>\n");
}

/* ---- requirements ---- */

static void requirements_head(GString *out)
{
    g_string_append(out, "<thead><tr><th scope=\"col\">option</th>");
    for (Requirement r = 0; r < N_REQUIREMENTS; r++) {
        const RequirementInfo *info = &requirement_info[r];
        g_string_append(out, "<th scope=\"col\" title=\"");
        html_text(out, info->title);
        g_string_append(out, "\">");
        html_text(out, info->asks);
        if (strcmp(info->asks, info->head) != 0)
            g_string_append_printf(out, "<br>%s", info->head);
        g_string_append(out, "</th>");
    }
    g_string_append(out, "<th scope=\"col\">MESSAGE</th></tr></thead>\n");
}

static void requirements_row(GString *out, const CompareRow *row)
{
    g_autoptr(Conformances) all = requirements_judge(row);
    g_string_append(out, "<tr>");
    option_head(out, row->option, *all->remark ? " rowspan=\"2\"" : "");
    for (Requirement r = 0; r < N_REQUIREMENTS; r++)
        g_string_append_printf(out, "<td class=\"%s\">%s</td>", answer_text(all->item[r].answer),
                               compare_answer_word(all->item[r].answer));
    g_string_append(out, "<td>");
    html_text(out, message_fate_text(row->message));
    g_string_append(out, "</td></tr>\n");
    if (!*all->remark)
        return;
    g_string_append_printf(out, "<tr><td class=\"remark\" colspan=\"%d\">", N_REQUIREMENTS + 1);
    html_text(out, all->remark);
    g_string_append(out, "</td></tr>\n");
}

static void append_requirements(GString *out, const Comparison *comparison)
{
    g_string_append(out, "<section id=\"requirements\"><h2>Requirements as written</h2>\n"
                         "<div class=\"wide\"><table>\n");
    requirements_head(out);
    g_string_append(out, "<tbody>\n");
    for (guint i = 0; i < comparison->rows->len; i++) {
        group_row(out, comparison, i, N_REQUIREMENTS + 2);
        requirements_row(out, row_at(comparison, i));
    }
    g_string_append(out, "</tbody></table></div>\n<dl>");
    for (Requirement r = 0; r < N_REQUIREMENTS; r++) {
        g_autofree char *name = g_strdup_printf("%s %s", requirement_info[r].asks, requirement_info[r].head);
        element(out, "dt", name);
        element(out, "dd", requirement_info[r].title);
    }
    g_string_append(out, "</dl></section>\n");
}

/* ---- costs ---- */

static void cost_heads(GString *out, size_t table)
{
    g_string_append(out, "<thead><tr><th scope=\"col\">option</th>");
    for (size_t c = 0; c < compare_costs_columns(table); c++) {
        const char *band = compare_costs_band(table, c);
        g_string_append(out, "<th scope=\"col\">");
        if (band) {
            html_text(out, band);
            g_string_append(out, "<br>");
        }
        html_text(out, compare_costs_head(table, c));
        g_string_append(out, "</th>");
    }
    g_string_append(out, "</tr></thead>\n");
}

static void cost_row(GString *out, size_t table, const CompareRow *row)
{
    g_string_append(out, "<tr>");
    option_head(out, row->option, "");
    for (size_t c = 0; c < compare_costs_columns(table); c++) {
        g_string_append(out, "<td class=\"number\">");
        compare_costs_cell(out, table, c, &row->costs);
        g_string_append(out, "</td>");
    }
    g_string_append(out, "</tr>\n");
}

static void append_costs(GString *out, const Comparison *comparison)
{
    g_string_append(out, "<section id=\"costs\"><h2>Costs</h2>\n");
    for (size_t table = 0; table < compare_costs_tables(); table++) {
        g_string_append(out, "<div class=\"wide\"><table>");
        element(out, "caption", compare_costs_title(table));
        cost_heads(out, table);
        g_string_append(out, "<tbody>\n");
        for (guint i = 0; i < comparison->rows->len; i++)
            if (row_at(comparison, i)->has_costs) {
                group_row(out, comparison, i, 1 + (unsigned)compare_costs_columns(table));
                cost_row(out, table, row_at(comparison, i));
            }
        g_string_append(out, "</tbody></table></div>\n");
    }
    g_string_append(out, "<dl>");
    for (size_t i = 0; compare_costs_meaning(i, 0); i++) {
        element(out, "dt", compare_costs_meaning(i, 0));
        element(out, "dd", compare_costs_meaning(i, 1));
    }
    g_string_append(out, "</dl></section>\n");
}

/* ---- every verdict in full ---- */

static void term_and_text(GString *out, const char *term, const char *text)
{
    if (!text || !*text || strcmp(text, "-") == 0)
        return;
    element(out, "dt", term);
    element(out, "dd", text);
    g_string_append_c(out, '\n');
}

static void full_conditions(GString *out, const GPtrArray *conditions)
{
    for (guint i = 0; i < conditions->len; i++) {
        const Condition *condition = conditions->pdata[i];
        g_autofree char *text = g_strdup_printf("%s%s%s", report_word(condition->verdict),
                                                *condition->attack ? " by " : "", condition->attack);
        term_and_text(out, *condition->set ? condition->set : "as it is", text);
    }
}

static void full_witness(GString *out, const Witness *witness)
{
    g_autofree char *time = report_time(witness->time_ns);
    g_autofree char *place = witness->packet > 0
                                 ? g_strdup_printf("run %s, packet %" G_GUINT64_FORMAT " on %s, %s", witness->scenario,
                                                   witness->packet, witness->segment, time)
                                 : g_strdup_printf("run %s, %s", witness->scenario, time);
    term_and_text(out, "seen in", place);
    g_string_append(out, "</dl>\n");
    if (witness->excerpt && *witness->excerpt)
        element(out, "pre", witness->excerpt);
    g_string_append(out, "<ol>");
    for (char **because = witness->because; because && *because; because++)
        element(out, "li", *because);
    g_string_append(out, "</ol>\n");
}

static void full_cell(GString *out, const CompareRow *row, size_t property)
{
    const Judgement *judgement = row->judgement[property];
    const PropertyInfo *info = &property_info[property];
    g_autofree char *title =
        g_strdup_printf("%s, %s: %s", row->option->id, info->column, report_word(judgement->verdict));
    g_autofree char *attack = report_title("attacks", judgement->attack);
    g_autofree char *attacker = report_title("positions", judgement->attacker);
    g_autofree char *by = g_strdup_printf("%s %s", judgement->attack, attack ? attack : "");
    g_string_append(out, "<article id=\"");
    cell_anchor(out, row, property);
    g_string_append(out, "\"><a class=\"close\" href=\"#matrix\">close</a>");
    element(out, "h3", title);
    paragraph(out, "", judgement->reason);
    g_string_append(out, "<dl>");
    term_and_text(out, "asked", info->title);
    term_and_text(out, "attacker", attacker ? attacker : judgement->attacker);
    term_and_text(out, "attack", *judgement->attack ? by : "");
    full_conditions(out, judgement->conditions);
    if (judgement->witness)
        full_witness(out, judgement->witness);
    else
        g_string_append(out, "</dl>\n");
    g_string_append(out, "</article>\n");
}

static void append_full(GString *out, const Comparison *comparison)
{
    g_string_append(out, "<section class=\"full\">\n");
    for (guint i = 0; i < comparison->rows->len; i++)
        for (size_t p = 0; p < N_PROPERTIES; p++)
            if (row_at(comparison, i)->judgement[p])
                full_cell(out, row_at(comparison, i), p);
    g_string_append(out, "</section>\n");
}

/* ---- the file ---- */

static void append_head(GString *out, const Comparison *comparison)
{
    const DataFile *style = data_find(STYLE_FILE);
    g_assert(style);
    g_string_append(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                         "<title>presec compare</title>\n<style>\n");
    g_string_append_len(out, (const char *)style->octets, (gssize)style->len);
    g_string_append(out,
                    "</style>\n</head>\n<body>\n<h1>Presence behind a Release 5 P-CSCF: the options compared</h1>\n"
                    "<nav><a href=\"#matrix\">Verdicts</a><a href=\"#requirements\">Requirements</a>"
                    "<a href=\"#costs\">Costs</a><a href=\"#bound\">Assumptions</a></nav>\n");
    g_autofree char *line =
        g_strdup_printf("%u options, seed %" G_GUINT64_FORMAT ", attackers' knowledge of %u, %u runs.",
                        comparison->rows->len, comparison->seed, compare_knowledge(comparison), comparison->runs);
    paragraph(out, "soft", line);
    paragraph(out, "soft", report_holds_means);
}

/* The text that stands at the foot of the page in a terminal, as paragraphs. */
static void append_foot(GString *out, const Comparison *comparison, const CompareParts *parts, char *const *settings)
{
    const Term plain = { .columns = TERM_PLAIN_COLUMNS };
    g_autoptr(GString) text = g_string_new(NULL);
    compare_foot_append(&plain, text, comparison, settings);
    if (parts->seeds)
        compare_seeds_append(&plain, text, parts->seeds, comparison);
    g_string_append(out, "<section id=\"bound\"><h2>Assumptions and bound</h2>\n<pre>");
    html_text(out, g_strstrip(text->str));
    g_string_append(out, "</pre></section>\n");
}

char *compare_html(const Comparison *comparison, const CompareParts *parts, char *const *settings)
{
    GString *out = g_string_new(NULL);
    append_head(out, comparison);
    append_matrix(out, comparison);
    append_requirements(out, comparison);
    append_costs(out, comparison);
    append_foot(out, comparison, parts, settings);
    append_full(out, comparison);
    g_string_append(out, "</body>\n</html>\n");
    return g_string_free(out, FALSE);
}
