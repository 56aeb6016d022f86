/*
 * ui/dash/list.c - a virtual list.
 *
 * Source:  ui/dash/list.h.
 */
#include "ui/dash/list.h"

static bool skips(App *app, void *state, const ListModel *model, size_t i)
{
    return model->skips != NULL && model->skips(app, state, i);
}

/* The nearest row that can be selected, on that side if there is one. */
static size_t settle(App *app, void *state, const ListModel *model, size_t at, bool forward)
{
    for (int turn = 0; turn < 2; turn++, forward = !forward)
        for (size_t i = at; i < model->n; i += forward ? 1 : (size_t)-1)
            if (!skips(app, state, model, i))
                return i;
    return at;
}

static void keep_visible(App *app, void *state, const ListModel *model, int rows)
{
    List *list = model->list;
    size_t page = (size_t)MAX(rows, 1), n = model->n;

    list->page = rows;
    list->selected = n > 0 ? settle(app, state, model, MIN(list->selected, n - 1), true) : 0;
    if (list->selected < list->top)
        list->top = list->selected;
    while (list->top > 0 && list->top <= list->selected && skips(app, state, model, list->top - 1) &&
           list->selected - list->top + 1 < page) /* with the headings above it */
        list->top--;
    if (list->selected >= list->top + page)
        list->top = list->selected - page + 1;
    if (list->top + page > n) /* no empty rows while there are more above */
        list->top = n > page ? n - page : 0;
}

/* Where the rows shown lie among all, at the right edge: a thumb at least one row high. */
static void draw_thumb(const List *list, size_t n, const GridArea *area)
{
    size_t rows = (size_t)area->rows, height = MAX(rows * rows / n, 1);
    size_t first = (rows - height) * list->top / (n - rows);
    grid_line(area, (int)first, area->columns - 1, (int)height, LINE_THUMB, GRID_FAINT);
}

void list_draw(App *app, void *state, const ListModel *model, const GridArea *area)
{
    List *list = model->list;
    list->row = area->row;
    keep_visible(app, state, model, area->rows);
    if (model->n == 0) {
        grid_put(area, 0, 1, GRID_FAINT, model->empty);
        grid_set_cursor(area, 0, 0);
        return;
    }
    bool more = model->n > (size_t)MAX(area->rows, 0);
    GridArea rows = grid_part(area, 0, 0, area->rows, area->columns - (more ? 2 : 0));
    for (int row = 0; row < rows.rows && list->top + (size_t)row < model->n; row++) {
        GridArea line = grid_part(&rows, row, 0, 1, rows.columns);
        model->draw(app, state, list->top + (size_t)row, &line);
        if (list->top + (size_t)row == list->selected)
            grid_select_row(&line, 0);
    }
    if (more && area->rows > 0)
        draw_thumb(list, model->n, area);
}

void list_centre(List *list, size_t i, int rows)
{
    size_t half = (size_t)MAX(rows / 2, 0);
    list->selected = i;
    list->top = i > half ? i - half : 0;
}

static size_t moved(size_t at, size_t n, int64_t by)
{
    int64_t to = (int64_t)at + by;
    return (size_t)CLAMP(to, 0, n > 0 ? (int64_t)n - 1 : 0);
}

void list_go(App *app, void *state, const ListModel *model, size_t i)
{
    model->list->selected = settle(app, state, model, i, i > model->list->selected);
    if (model->chosen != NULL)
        model->chosen(app, state, model->list->selected);
}

bool list_press(App *app, void *state, const ListModel *model, gunichar key)
{
    List *list = model->list;
    int64_t page = MAX(list->page - 1, 1);
    size_t n = model->n, at = settle(app, state, model, list->selected, true), to;

    switch (key) {
    case APP_KEY_UP:
    case 'k': to = moved(at, n, -1); break;
    case APP_KEY_DOWN:
    case 'j': to = moved(at, n, 1); break;
    case APP_KEY_PAGE_UP: to = moved(at, n, -page); break;
    case APP_KEY_PAGE_DOWN: to = moved(at, n, page); break;
    case APP_KEY_HOME: to = 0; break;
    case APP_KEY_END: to = moved(n, n, 0); break;
    default: return false;
    }
    if (n == 0)
        return true;
    list_go(app, state, model, to);
    return true;
}
