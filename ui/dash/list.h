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
    int row, page; /* of the screen where it begins, and rows it has; when it was drawn last */
} List;

/* Made by a view when it is asked for its rows; as long as the view's state stays. */
struct ListModel {
    List *list;
    size_t n;
    const char *empty;                                                  /* what is said when n is 0 */
    void (*draw)(App *app, void *state, size_t i, const GridArea *row); /* one row high */
    bool (*matches)(App *app, void *state, size_t i, const char *text); /* for '/' */
    bool (*skips)(App *app, void *state, size_t i);  /* a row that cannot be selected; NULL: there is none */
    void (*chosen)(App *app, void *state, size_t i); /* a key or a search went there; NULL: nothing to do */
};

/* The selected row is kept visible. */
void list_draw(App *app, void *state, const ListModel *model, const GridArea *area);
/* Select row @i and put it in the middle, whatever was shown before: for what follows the position. */
void list_centre(List *list, size_t i, int rows);
/* Select row @i as a key would. */
void list_go(App *app, void *state, const ListModel *model, size_t i);
/* Up, Down, j, k, Page Up and Down, Home, End.  False: not a key of a list. */
bool list_press(App *app, void *state, const ListModel *model, gunichar key);

#endif
