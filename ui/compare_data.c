/*
 * ui/compare_data.c - the comparison for programs.
 *
 * Source:  ui/compare_data.h; RFC 4180.
 * Knows:   verdicts as values.
 */
#include "ui/compare_data.h"

#include "ui/compare_costs.h"
#include "ui/compare_requirements.h"
#include "ui/compare_table.h"
#include "ui/report.h"

#include <string.h>

/* ---- JSON ---- */

static char *joined_sources(const Option *option)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < option->sources->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? "; " : "", (const char *)option->sources->pdata[i]);
    return g_string_free(text, FALSE);
}

static void add_row(JsonBuilder *json, const CompareRow *row, const CompareParts *parts)
{
    g_autofree char *source = joined_sources(row->option);
    json_builder_begin_object(json);
    json_add_text(json, "id", row->option->id);
    json_add_text(json, "title", row->option->title);
    json_add_text(json, "source", source);
    json_add_text(json, "row", row->option->row);
    json_open_object(json, "verdicts");
    for (size_t i = 0; i < N_PROPERTIES; i++)
        if (row->judgement[i])
            report_add_judgement(json, &property_info[i], row->judgement[i]);
    json_builder_end_object(json);
    if (row->has_costs) {
        json_open_object(json, "costs");
        compare_costs_add(json, &row->costs);
        json_builder_end_object(json);
    }
    if (parts->requirements)
        compare_requirements_add(json, row);
    json_builder_end_object(json);
}

JsonBuilder *compare_json(const Comparison *comparison, const CompareParts *parts)
{
    JsonBuilder *json = json_begin("presec.compare/1");
    json_add_number(json, "seed", (gint64)comparison->seed);
    json_add_number(json, "knowledge", compare_knowledge(comparison));
    json_add_number(json, "runs", comparison->runs);
    json_add_number(json, "events", (gint64)comparison->events);
    json_add_text(json, "bound", comparison->bound);
    json_add_bool(json, "interrupted", comparison->interrupted);
    if (parts->seeds)
        compare_seeds_add_json(json, parts->seeds, comparison);
    json_open_array(json, "options");
    for (guint i = 0; i < comparison->rows->len; i++)
        add_row(json, comparison->rows->pdata[i], parts);
    json_builder_end_array(json);
    return json;
}

/* ---- CSV ---- */

/* Quoted only where it must be. */
static void append_field(GString *out, const char *text, bool last)
{
    if (!text)
        text = "";
    bool quoted = strpbrk(text, ",\"\r\n") != NULL;
    if (quoted)
        g_string_append_c(out, '"');
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *c);
    }
    g_string_append(out, quoted ? "\"" : "");
    g_string_append_c(out, last ? '\n' : ',');
}

/* "dual-mode=no holds; dual-mode=yes violated" */
static char *joined_conditions(const GPtrArray *conditions)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < conditions->len; i++) {
        const Condition *condition = conditions->pdata[i];
        g_string_append_printf(text, "%s%s %s", i > 0 ? "; " : "", condition->set, verdict_text(condition->verdict));
    }
    return g_string_free(text, FALSE);
}

static void append_cell(GString *out, const CompareRow *row, const PropertyInfo *info, const Judgement *judgement)
{
    const Witness *witness = judgement->witness;
    g_autofree char *conditions = joined_conditions(judgement->conditions);
    g_autofree char *packet = witness ? g_strdup_printf("%" G_GUINT64_FORMAT, witness->packet) : NULL;
    g_autofree char *time = witness ? g_strdup_printf("%" G_GINT64_FORMAT, witness->time_ns) : NULL;
    const char *fields[] = { row->option->id,
                             row->option->row,
                             info->id,
                             info->column,
                             verdict_text(judgement->verdict),
                             judgement->attacker,
                             judgement->attack,
                             judgement->in_trust_model ? "yes" : "no",
                             conditions,
                             witness ? witness->scenario : NULL,
                             packet,
                             witness ? witness->segment : NULL,
                             time,
                             judgement->reason };
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        append_field(out, fields[i], i + 1 == G_N_ELEMENTS(fields));
}

char *compare_csv(const Comparison *comparison)
{
    GString *out = g_string_new("option,row,property,column,verdict,attacker,attack,in-trust-model,conditions,scenario,"
                                "packet,segment,time-ns,reason\n");
    for (guint i = 0; i < comparison->rows->len; i++) {
        const CompareRow *row = comparison->rows->pdata[i];
        for (size_t p = 0; p < N_PROPERTIES; p++)
            if (row->judgement[p])
                append_cell(out, row, &property_info[p], row->judgement[p]);
    }
    return g_string_free(out, FALSE);
}

/* ---- equality ---- */

static char *judgement_text(const PropertyInfo *info, const Judgement *judgement)
{
    g_autoptr(JsonBuilder) json = json_builder_new();
    json_builder_begin_object(json);
    if (judgement)
        report_add_judgement(json, info, judgement);
    json_builder_end_object(json);
    g_autoptr(JsonNode) root = json_builder_get_root(json);
    return json_to_string(root, FALSE);
}

static char *costs_text(const CompareRow *row)
{
    g_autoptr(JsonBuilder) json = json_builder_new();
    json_builder_begin_object(json);
    compare_costs_add(json, &row->costs);
    json_builder_end_object(json);
    g_autoptr(JsonNode) root = json_builder_get_root(json);
    return json_to_string(root, FALSE);
}

static bool rows_same(const CompareRow *a, const CompareRow *b, char **where)
{
    for (size_t i = 0; i < N_PROPERTIES; i++) {
        g_autofree char *of_a = judgement_text(&property_info[i], a->judgement[i]);
        g_autofree char *of_b = judgement_text(&property_info[i], b->judgement[i]);
        if (strcmp(of_a, of_b) != 0) {
            *where = g_strdup_printf("%s, %s", a->option->id, property_info[i].column);
            return false;
        }
    }
    g_autofree char *costs_a = costs_text(a), *costs_b = costs_text(b);
    if (strcmp(costs_a, costs_b) == 0)
        return true;
    *where = g_strdup_printf("%s, costs", a->option->id);
    return false;
}

bool compare_same(const Comparison *a, const Comparison *b, char **where)
{
    *where = NULL;
    if (a->rows->len != b->rows->len || a->runs != b->runs || a->events != b->events) {
        *where = g_strdup("numbers of rows, runs or events");
        return false;
    }
    for (guint i = 0; i < a->rows->len; i++)
        if (!rows_same(a->rows->pdata[i], b->rows->pdata[i], where))
            return false;
    return true;
}
