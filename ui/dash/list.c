/*
 * ui/dash/list.c - a virtual list.
 *
 * Source:  ui/dash/list.h.
 */
#include "ui/dash/list.h"

static void keep_visible(List *list, size_t n, int rows)
{
    size_t page = (size_t)MAX(rows, 1);

    list->page = rows;
    list->selected = n > 0 ? MIN(list->selected, n - 1) : 0;
    if (list->selected < list->top)
        list->top = list->selected;
    if (list->selected >= list->top + page)
        list->top = list->selected - page + 1;
    if (list->top + page > n) /* no empty rows while there are more above */
        list->top = n > page ? n - page : 0;
}

void list_draw(App *app, void *state, const ListModel *model, List *list, const GridArea *area)
{
    keep_visible(list, model->n, area->rows);
    if (model->n == 0) {
        grid_put(area, 0, 1, GRID_FAINT, "nothing here yet");
        return;
    }
    for (int row = 0; row < area->rows && list->top + (size_t)row < model->n; row++) {
        GridArea line = grid_part(area, row, 0, 1, area->columns);
        model->draw(app, state, list->top + (size_t)row, &line);
        if (list->top + (size_t)row == list->selected)
            grid_select_row(&line, 0);
    }
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

bool list_press(List *list, size_t n, gunichar key)
{
    int64_t page = MAX(list->page - 1, 1);

    switch (key) {
    case APP_KEY_UP:
    case 'k': list->selected = moved(list->selected, n, -1); return true;
    case APP_KEY_DOWN:
    case 'j': list->selected = moved(list->selected, n, 1); return true;
    case APP_KEY_PAGE_UP: list->selected = moved(list->selected, n, -page); return true;
    case APP_KEY_PAGE_DOWN: list->selected = moved(list->selected, n, page); return true;
    case APP_KEY_HOME: list->selected = 0; return true;
    case APP_KEY_END: list->selected = moved(n, n, 0); return true;
    default: return false;
    }
}

bool list_search(App *app, void *state, const ListModel *model, List *list, const char *text)
{
    for (size_t i = 1; model->matches != NULL && i <= model->n; i++) {
        size_t at = (list->selected + i) % model->n;
        if (model->matches(app, state, at, text)) {
            list->selected = at;
            return true;
        }
    }
    return false;
}
