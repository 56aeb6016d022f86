/*
 * ui/dash/view_matrix.c - the comparison of the options asked about first; from a cell into the run that decided it.
 *
 * Knows:   finished comparisons.
 */
#include "ui/dash/views.h"
#include "ui/dash/visit.h"

#include "ui/compare_capture.h"
#include "ui/load.h"
#include "ui/report.h"

#include <string.h>

enum { NAME_WIDTH = 18, CELL_WIDTH = 4, JOBS = 4 };
typedef enum { MATRIX_EMPTY, MATRIX_WANTED, MATRIX_RUNNING, MATRIX_DONE } MatrixStage;

typedef struct Matrix {
    MatrixStage stage;
    GPtrArray *options;
    Comparison *comparison;
    int row, column, top;
} Matrix;

static void on_close(App *app, void *state)
{
    Matrix *matrix = state;
    g_clear_pointer(&matrix->comparison, comparison_free);
    g_clear_pointer(&matrix->options, g_ptr_array_unref);
}

/* It is made when it is asked for, with the words that say so on the screen. */
static bool tick(App *app, void *state)
{
    Matrix *matrix = state;
    if (matrix->stage == MATRIX_WANTED) {
        matrix->stage = MATRIX_RUNNING;
        return true;
    }
    if (matrix->stage != MATRIX_RUNNING || load_options("first", &matrix->options) != EXIT_DONE)
        return false;
    CompareConfig config = { .options = (Option *const *)matrix->options->pdata,
                             .n_options = matrix->options->len,
                             .seed = story_result(app_story(app))->seed,
                             .jobs = MIN(g_get_num_processors(), JOBS) };
    matrix->comparison = compare_options(&config, NULL);
    matrix->stage = MATRIX_DONE;
    return false;
}

static GridStyle style_of(Verdict verdict)
{
    switch (verdict) {
    case VERDICT_HOLDS: return GRID_GOOD;
    case VERDICT_VIOLATED: return GRID_BAD;
    case VERDICT_NOT_AVAILABLE: return GRID_FAINT;
    case VERDICT_DEPENDS:
    case VERDICT_INCONCLUSIVE: return GRID_DOUBT;
    }
    return GRID_PLAIN;
}

static const CompareRow *row_at(const Matrix *matrix, int i)
{
    return matrix->comparison->rows->pdata[i];
}

static const Judgement *selected(const Matrix *matrix)
{
    return row_at(matrix, matrix->row)->judgement[matrix->column];
}

static void draw_row(const Matrix *matrix, int i, const GridArea *area, int row)
{
    const CompareRow *compared = row_at(matrix, i);
    GridArea name = grid_part(area, row, 1, 1, NAME_WIDTH - 2);

    grid_put(&name, 0, 0, GRID_TITLE, compared->option->id);
    for (int p = 0; p < N_PROPERTIES; p++) {
        const Judgement *judgement = compared->judgement[p];
        GridArea cell = grid_part(area, row, NAME_WIDTH + p * CELL_WIDTH, 1, CELL_WIDTH);
        grid_put(&cell, 0, 1, style_of(judgement->verdict), report_mark(judgement->verdict));
        if (i == matrix->row && p == matrix->column)
            grid_select_row(&cell, 0);
    }
}

/* The cell in words, under the table. */
static void draw_cell(const Matrix *matrix, const GridArea *area)
{
    const PropertyInfo *info = &property_info[matrix->column];
    const Judgement *judgement = selected(matrix);

    grid_printf(area, 0, 1, GRID_TITLE, "%s, %s (%s): %s", row_at(matrix, matrix->row)->option->id, info->id,
                info->column, report_word(judgement->verdict));
    grid_put(area, 1, 1, GRID_PLAIN, judgement->reason);
    if (judgement->witness != NULL)
        grid_printf(area, 2, 1, GRID_FAINT, "shown by %s; Enter opens that run", judgement->witness->scenario);
}

static void draw_table(Matrix *matrix, const GridArea *area)
{
    int n = (int)matrix->comparison->rows->len, rows = MAX(area->rows - 5, 1);

    matrix->top = CLAMP(matrix->top, MAX(matrix->row - rows + 1, 0), matrix->row);
    for (int p = 0; p < N_PROPERTIES; p++)
        grid_put(area, 0, NAME_WIDTH + p * CELL_WIDTH, GRID_TITLE, property_info[p].column);
    for (int row = 0; row < rows && matrix->top + row < n; row++)
        draw_row(matrix, matrix->top + row, area, 1 + row);
    GridArea below = grid_part(area, area->rows - 3, 0, 3, area->columns);
    draw_cell(matrix, &below);
}

static void draw(App *app, void *state, const GridArea *area)
{
    Matrix *matrix = state;
    switch (matrix->stage) {
    case MATRIX_EMPTY:
        grid_put(area, 1, 1, GRID_PLAIN, "Enter runs every attack against the options asked about first.");
        return;
    case MATRIX_WANTED:
    case MATRIX_RUNNING: grid_put(area, 1, 1, GRID_PLAIN, "Running every attack; this takes some seconds ..."); return;
    case MATRIX_DONE: break;
    }
    if (matrix->comparison == NULL || matrix->comparison->rows->len == 0)
        grid_put(area, 1, 1, GRID_DOUBT, "There is no comparison.");
    else
        draw_table(matrix, area);
}

static void enter(App *app, const Matrix *matrix)
{
    const Judgement *judgement = selected(matrix);
    Scenario *scenario = NULL;
    if (judgement->witness == NULL) {
        app_say(app, "No run shows a violation here: %s", judgement->reason);
        return;
    }
    if (load_scenario(judgement->witness->scenario, &scenario) != EXIT_DONE)
        return;
    Option *option = compare_witness_option(matrix->comparison, row_at(matrix, matrix->row), judgement);
    app_enter(app, visit_new(scenario, option, NULL, matrix->comparison->seed, NULL), "properties");
}

static bool press(App *app, void *state, gunichar key)
{
    Matrix *matrix = state;
    if (key == APP_KEY_ENTER && matrix->stage == MATRIX_EMPTY) {
        matrix->stage = MATRIX_WANTED;
        return true;
    }
    if (matrix->stage != MATRIX_DONE || matrix->comparison == NULL || matrix->comparison->rows->len == 0)
        return false;
    switch (key) {
    case APP_KEY_UP:
    case 'k': matrix->row--; break;
    case APP_KEY_DOWN:
    case 'j': matrix->row++; break;
    case APP_KEY_LEFT:
    case 'h': matrix->column--; break;
    case APP_KEY_RIGHT:
    case 'l': matrix->column++; break;
    case APP_KEY_ENTER: enter(app, matrix); return true;
    default: return false;
    }
    matrix->row = CLAMP(matrix->row, 0, (int)matrix->comparison->rows->len - 1);
    matrix->column = CLAMP(matrix->column, 0, N_PROPERTIES - 1);
    return true;
}

static const KeyHelp keys[] = { { "Arrows", "a cell" }, { "Enter", "the run that decided it" }, { NULL, NULL } };

const View view_matrix = { .key = '7',
                           .name = "matrix",
                           .title = "Matrix",
                           .state_size = sizeof(Matrix),
                           .close = on_close,
                           .draw = draw,
                           .tick = tick,
                           .press = press,
                           .keys = keys };
