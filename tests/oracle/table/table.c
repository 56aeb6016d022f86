/*
 * tests/oracle/table/table.c - oracle.csv: the verdicts worked out by hand from the documents.
 */
#include "tests/oracle/table/table.h"

#include <stdbool.h>
#include <string.h>

static void expected_free(gpointer data)
{
    Expected *expected = data;
    g_free(expected->row);
    g_free(expected->column);
    g_free(expected->verdict);
    g_free(expected->reasons);
    g_free(expected);
}

/* Fields of one line, quotes undone; RFC 4180. */
static GPtrArray *csv_fields(const char *line)
{
    GPtrArray *fields = g_ptr_array_new_with_free_func(g_free);
    GString *field = g_string_new(NULL);
    bool quoted = false;
    for (; *line != '\0'; line++) {
        if (*line == '"' && quoted && line[1] == '"') {
            g_string_append_c(field, '"');
            line++;
        } else if (*line == '"') {
            quoted = !quoted;
        } else if (*line == ',' && !quoted) {
            g_ptr_array_add(fields, g_string_free(field, FALSE));
            field = g_string_new(NULL);
        } else if (*line != '\r') {
            g_string_append_c(field, *line);
        }
    }
    g_ptr_array_add(fields, g_string_free(field, FALSE));
    return fields;
}

GPtrArray *oracle_table(void)
{
    g_autofree char *text = NULL;
    GPtrArray *table = g_ptr_array_new_with_free_func(expected_free);
    g_assert_true(g_file_get_contents("../oracle/oracle.csv", &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines + 1; *line != NULL && **line != '\0'; line++) {
        g_autoptr(GPtrArray) fields = csv_fields(*line);
        g_assert_cmpuint(fields->len, >=, 6);
        Expected *expected = g_new(Expected, 1);
        const char *property = fields->pdata[2];
        expected->row = g_strdup(fields->pdata[0]);
        expected->column = g_strndup(property, strcspn(property, " "));
        expected->verdict = g_ascii_strdown(fields->pdata[4], -1);
        expected->reasons = g_strdup(fields->pdata[5]);
        g_ptr_array_add(table, expected);
    }
    return table;
}

const Expected *oracle_find(const GPtrArray *table, const char *row, const char *column)
{
    for (guint i = 0; i < table->len; i++) {
        const Expected *expected = table->pdata[i];
        if (strcmp(expected->row, row) == 0 && strcmp(expected->column, column) == 0)
            return expected;
    }
    return NULL;
}
