/*
 * ui/dash/list.h - a virtual list: only the rows that are visible are asked for.
 *
 * Knows:   a number of rows and how to draw one.
 */
#ifndef PRESEC_UI_DASH_LIST_H
#define PRESEC_UI_DASH_LIST_H

#include "ui/dash/app.h"

typedef struct List {
    size_t selected, top;
    int page; /* rows it had when it was drawn last */
} List;

typedef struct ListModel {
    size_t n;
    void (*draw)(App *app, void *state, size_t i, const GridArea *row); /* one row high */
    bool (*matches)(App *app, void *state, size_t i, const char *text); /* for '/'; NULL: nothing does */
} ListModel;

/* The selected row is kept visible; "nothing here yet" when there is none. */
void list_draw(App *app, void *state, const ListModel *model, List *list, const GridArea *area);
/* Select row @i and put it in the middle, whatever was shown before: for what follows the position. */
void list_centre(List *list, size_t i, int rows);
/* Up, Down, j, k, Page Up and Down, Home, End.  False: not a key of a list. */
bool list_press(List *list, size_t n, gunichar key);
/* Select the next match after the selected row, from the top again at the end.  False: there is none. */
bool list_search(App *app, void *state, const ListModel *model, List *list, const char *text);

#endif
