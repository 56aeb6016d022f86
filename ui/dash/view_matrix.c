/*
 * ui/dash/view_matrix.c - the comparison of options; from a cell into the run that decided it.
 *
 * Knows:   finished comparisons; one under way is ui/dash/matrix_run.h's.
 */
#include "ui/dash/matrix_run.h"
#include "ui/dash/verdict_page.h"
#include "ui/dash/views.h"

#include "ui/compare_capture.h"
#include "ui/compare_groups.h"
#include "ui/load.h"
#include "ui/report.h"
#include "ui/text.h"

#include <string.h>

enum { NAME_WIDTH = 18, NAME_WIDE = 24, CELL_WIDTH = 4, CELL_WIDE = 7, WORDS_ROWS = 5, REASON_ROWS = 2 };

typedef struct Matrix {
    GPtrArray *options; /* Option *; NULL: nothing was asked for yet */
    MatrixRun *run;     /* while it runs */
    Comparison *comparison;
    GArray *lines; /* int: a row of the comparison, or -1 - row for the heading above it */
    int row, column, top;
} Matrix;

static void forget(Matrix *matrix)
{
    if (matrix->run != NULL) {
        matrix_run_stop(matrix->run);
        comparison_free(matrix_run_end(g_steal_pointer(&matrix->run)));
    }
    g_clear_pointer(&matrix->comparison, comparison_free);
    g_clear_pointer(&matrix->options, g_ptr_array_unref);
    g_clear_pointer(&matrix->lines, g_array_unref);
}

static void on_close(App *app, void *state)
{
    forget(state);
}

static const CompareRow *row_at(const Matrix *matrix, int i)
{
    return matrix->comparison->rows->pdata[i];
}

static bool is_filled(const Matrix *matrix)
{
    return matrix->comparison != NULL && matrix->comparison->rows->len > 0;
}

/* ---- making it ---- */

static void begin(App *app, Matrix *matrix, const char *which)
{
    forget(matrix);
    matrix->row = matrix->column = matrix->top = 0;
    if (load_options(which, &matrix->options) == EXIT_DONE)
        matrix->run = matrix_run_new(matrix->options, story_result(app_story(app))->seed);
}

/* Every row, and a heading where a group of answers begins. */
static void make_lines(Matrix *matrix)
{
    const char *group = NULL;
    matrix->lines = g_array_new(FALSE, FALSE, sizeof(int));
    for (int i = 0; i < (int)matrix->comparison->rows->len; i++) {
        const char *title = compare_group_title(row_at(matrix, i)->option->group);
        int heading = -1 - i;
        if (g_strcmp0(title, group) != 0)
            g_array_append_val(matrix->lines, heading);
        g_array_append_val(matrix->lines, i);
        group = title;
    }
}

static bool tick(App *app, void *state)
{
    Matrix *matrix = state;
    unsigned done, total;
    if (matrix->run == NULL)
        return false;
    if (!matrix_run_progress(matrix->run, &done, &total))
        return true;
    matrix->comparison = matrix_run_end(g_steal_pointer(&matrix->run));
    make_lines(matrix);
    return true; /* to be drawn */
}

/* ---- drawing ---- */

static int name_width(const GridArea *area)
{
    return area->columns >= NAME_WIDE + N_PROPERTIES * CELL_WIDE ? NAME_WIDE : NAME_WIDTH;
}

static int cell_width(const GridArea *area)
{
    return name_width(area) == NAME_WIDE ? CELL_WIDE : CELL_WIDTH;
}

static void draw_row(const Matrix *matrix, int i, const GridArea *area, int y)
{
    const CompareRow *compared = row_at(matrix, i);
    int width = cell_width(area);
    GridArea name = grid_part(area, y, 2, 1, name_width(area) - 3);

    grid_put(&name, 0, 0, i == matrix->row ? GRID_KEY : GRID_TITLE, compared->option->id);
    for (int p = 0; p < N_PROPERTIES; p++) {
        Verdict verdict = compared->judgement[p]->verdict;
        GridArea cell = grid_part(area, y, name_width(area) + p * width, 1, width);
        grid_printf(&cell, 0, 1, verdict_style(verdict), "%s",
                    width > CELL_WIDTH ? report_short_word(verdict) : report_mark(verdict));
        if (i == matrix->row && p == matrix->column) {
            GridArea chosen = grid_part(&cell, 0, 0, 1, width - (width > CELL_WIDTH ? 0 : 1));
            grid_select_row(&chosen, 0);
        }
    }
}

/* The branches of a verdict that depends. */
static char *conditions_of(const Judgement *judgement)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; judgement->conditions != NULL && i < judgement->conditions->len; i++) {
        const Condition *condition = judgement->conditions->pdata[i];
        g_string_append_printf(text, "%s%s: %s", i > 0 ? "; " : "", condition->set, report_word(condition->verdict));
    }
    return g_string_free(text, FALSE);
}

/* The cell in words, under the table. */
static void draw_words(const Matrix *matrix, const GridArea *area)
{
    const PropertyInfo *info = &property_info[matrix->column];
    const CompareRow *compared = row_at(matrix, matrix->row);
    const Judgement *judgement = compared->judgement[matrix->column];
    g_autofree char *conditions = conditions_of(judgement);
    g_autoptr(GString) reason = g_string_new(NULL);
    Verdict verdict = judgement->verdict;

    grid_line(area, 0, 0, area->columns, LINE_HORIZONTAL, GRID_FAINT);
    int column = 1 + grid_printf(area, 1, 1, GRID_TITLE, "%s  %s  %s: ", compared->option->id, info->column, info->id);
    grid_printf(area, 1, column, verdict_style(verdict), "%s %s", report_mark(verdict), report_word(verdict));
    text_fill(reason, judgement->reason, 0, area->columns - 2);
    g_auto(GStrv) lines = g_strsplit(reason->str, "\n", REASON_ROWS + 1);
    for (int i = 0; i < REASON_ROWS && lines[i] != NULL; i++)
        grid_put(area, 2 + i, 1, GRID_PLAIN, lines[i]);
    if (conditions[0] != '\0')
        grid_put(area, area->rows - 1, 1, GRID_DOUBT, conditions);
    else if (judgement->witness != NULL)
        grid_printf(area, area->rows - 1, 1, GRID_FAINT, "shown by %s; Enter opens that run",
                    judgement->witness->scenario);
    else
        grid_put(area, area->rows - 1, 1, GRID_FAINT, "Enter opens the run without attacks under this option");
}

static int line_of_row(const Matrix *matrix)
{
    for (guint i = 0; i < matrix->lines->len; i++)
        if (g_array_index(matrix->lines, int, i) == matrix->row)
            return (int)i;
    return 0;
}

static void draw_table(Matrix *matrix, const GridArea *area)
{
    int rows = MAX(area->rows - 1 - WORDS_ROWS, 1), at = line_of_row(matrix), n = (int)matrix->lines->len;
    GridArea words = grid_part(area, area->rows - WORDS_ROWS, 0, WORDS_ROWS, area->columns);

    matrix->top = CLAMP(matrix->top, MAX(at - rows + 1, 0), MAX(at - 1, 0)); /* with the heading above */
    for (int p = 0; p < N_PROPERTIES; p++)
        grid_put(area, 0, name_width(area) + p * cell_width(area) + 1, p == matrix->column ? GRID_KEY : GRID_TITLE,
                 property_info[p].column);
    for (int y = 0; y < rows && matrix->top + y < n; y++) {
        int line = g_array_index(matrix->lines, int, matrix->top + y);
        if (line >= 0)
            draw_row(matrix, line, area, 1 + y);
        else
            grid_put(area, 1 + y, 1, GRID_FAINT, compare_group_title(row_at(matrix, -1 - line)->option->group));
    }
    if (matrix->top + rows < n)
        grid_put(area, 0, 1, GRID_FAINT, "more below");
    draw_words(matrix, &words);
}

static void draw_progress(const Matrix *matrix, const GridArea *area)
{
    unsigned done, total;
    matrix_run_progress(matrix->run, &done, &total);
    int width = MIN(area->columns - 2, 60), full = (int)((unsigned)width * done / MAX(total, 1));

    grid_printf(area, 1, 1, GRID_PLAIN, "Every attack is run against every option: %u of %u options done.", done,
                total);
    grid_line(area, 3, 1, width, LINE_HORIZONTAL, GRID_FAINT);
    grid_line(area, 3, 1, full, LINE_HEAVY, GRID_KEY);
    grid_put(area, 5, 1, GRID_FAINT, "Esc stops; other views can be looked at meanwhile.");
}

static void draw(App *app, void *state, const GridArea *area)
{
    Matrix *matrix = state;
    grid_set_cursor(area, 1, 1);
    if (matrix->run != NULL) {
        draw_progress(matrix, area);
    } else if (is_filled(matrix)) {
        draw_table(matrix, area);
    } else if (matrix->comparison != NULL) {
        grid_put(area, 1, 1, GRID_DOUBT, "It was stopped before the first option was done.  Enter begins again.");
    } else {
        grid_put(area, 1, 1, GRID_PLAIN, "Each row an option, each column a property, each cell decided by runs.");
        grid_put(area, 3, 1, GRID_PLAIN,
                 "Enter runs every attack against the options asked about first; a against all.");
    }
}

/* ---- keys ---- */

/* Where this property flips in the run; else its end. */
static TraceId moment_of(Story *story, Property property)
{
    const Flip *last = story_verdict(story, story_length(story), property);
    return last != NULL && last->at > 0 ? last->at : story_length(story);
}

static void enter(App *app, const Matrix *matrix)
{
    const CompareRow *row = row_at(matrix, matrix->row);
    const Judgement *judgement = row->judgement[matrix->column];
    bool shown = judgement->witness != NULL;
    const char *run = shown                                       ? judgement->witness->scenario
                      : matrix->column == PROPERTY_OTHER_WATCHERS ? "other-watchers"
                                                                  : "standard";
    Scenario *scenario = NULL;
    if (load_scenario(run, &scenario) != EXIT_DONE)
        return;
    Visit *visit = visit_new(scenario, compare_witness_option(matrix->comparison, row, judgement), NULL,
                             matrix->comparison->seed, NULL);
    if (visit == NULL)
        return;
    g_autofree char *said =
        g_strdup_printf("This is %s under %s, %s; Esc goes back to the matrix.", run, row->option->id,
                        shown ? "which shows it" : "without attacks: none of them changed the verdict");
    app_enter(app, visit, "properties", moment_of(visit->story, (Property)matrix->column), said);
}

static bool press_of_table(App *app, Matrix *matrix, gunichar key)
{
    switch (key) {
    case APP_KEY_UP:
    case 'k': matrix->row--; break;
    case APP_KEY_DOWN:
    case 'j': matrix->row++; break;
    case APP_KEY_LEFT:
    case 'h': matrix->column--; break;
    case APP_KEY_RIGHT:
    case 'l': matrix->column++; break;
    case APP_KEY_HOME: matrix->row = 0; break;
    case APP_KEY_END: matrix->row = G_MAXINT; break;
    case APP_KEY_ENTER: enter(app, matrix); return true;
    default: return false;
    }
    matrix->row = CLAMP(matrix->row, 0, (int)matrix->comparison->rows->len - 1);
    matrix->column = CLAMP(matrix->column, 0, N_PROPERTIES - 1);
    return true;
}

static bool press(App *app, void *state, gunichar key)
{
    Matrix *matrix = state;
    if (matrix->run != NULL) {
        if (key == APP_KEY_ESCAPE)
            matrix_run_stop(matrix->run);
        return key == APP_KEY_ESCAPE;
    }
    if (is_filled(matrix) && press_of_table(app, matrix, key))
        return true;
    if (key != 'a' && (key != APP_KEY_ENTER || is_filled(matrix)))
        return false;
    begin(app, matrix, key == 'a' ? "all" : "first");
    return true;
}

static const KeyHelp keys[] = {
    { "Arrows", "a cell" }, { "Enter", "its run" }, { "a", "all options" }, { NULL, NULL }
};

const View view_matrix = { .key = '7',
                           .name = "matrix",
                           .title = "Matrix",
                           .state_size = sizeof(Matrix),
                           .close = on_close,
                           .draw = draw,
                           .tick = tick,
                           .press = press,
                           .keys = keys };
