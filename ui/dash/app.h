/*
 * ui/dash/app.h - the dashboard without a terminal: a story, a position in it, views, and what keys do.
 *
 * Knows:   grids and keys.  ui/dash/screen.h puts it on a terminal; tests drive it as it is.
 *
 *     row 0        where we are: scenario, time, record, playing
 *     row 1        the views, the open one marked
 *     ...          the open view, or a page over it
 *     a line       the run from its beginning to its end: where we are, where verdicts flip
 *     2 to 4 rows  what happened at the position, in words
 *     last row     keys of the view and of the dashboard, or a question, or a message
 */
#ifndef PRESEC_UI_DASH_APP_H
#define PRESEC_UI_DASH_APP_H

#include "ui/dash/grid.h"
#include "ui/dash/visit.h"

/* A key: a character, or one of these, which lie beyond Unicode. */
enum {
    APP_KEY_UP = 0x110000,
    APP_KEY_DOWN,
    APP_KEY_LEFT,
    APP_KEY_RIGHT,
    APP_KEY_PAGE_UP,
    APP_KEY_PAGE_DOWN,
    APP_KEY_HOME,
    APP_KEY_END,
    APP_KEY_ENTER,
    APP_KEY_ESCAPE,
    APP_KEY_TAB,
    APP_KEY_BACK_TAB,
    APP_KEY_BACKSPACE,
};
enum { APP_ROWS_MIN = 16, APP_COLUMNS_MIN = 60 };

typedef struct App App;
typedef struct ListModel ListModel; /* ui/dash/list.h */

typedef struct KeyHelp {
    const char *keys, *does; /* "Enter", "open the message"; a table ends with NULL */
} KeyHelp;

/* A view is a const table over the app's state; its own state (selection, filter) is a zeroed block of @state_size.
 * Members may be NULL where a view has nothing to do. */
typedef struct View {
    char key;          /* '1'..'8' */
    const char *name;  /* "network": for file names */
    const char *title; /* "Network" */
    size_t state_size;
    void (*open)(App *app, void *state);    /* once, before anything else */
    void (*close)(App *app, void *state);   /* frees what the others made */
    void (*prepare)(App *app, void *state); /* before a drawing and before a key: brings it up to the position */
    void (*draw)(App *app, void *state, const GridArea *area);
    bool (*tick)(App *app, void *state);                /* work between drawings; true: call again soon */
    bool (*press)(App *app, void *state, gunichar key); /* false: not mine */
    ListModel (*rows)(App *app, void *state);           /* what Up, Down and '/' go through */
    const KeyHelp *keys;                                /* of this view alone */
} View;
extern const View *const app_views[]; /* ended by NULL; ui/dash/views.c */

/* @story: borrowed.  @ascii: no character beyond ASCII is drawn. */
App *app_new(Story *story, bool ascii);
void app_free(App *app);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(App, app_free)
void app_press(App *app, gunichar key);
/* Wall milliseconds have passed: plays on, works on.  Returns in how many to call again; -1: not before a key. */
int app_tick(App *app, unsigned ms);
bool app_wants_to_leave(const App *app);
bool app_is_ascii(const App *app);
void app_draw(App *app, Grid *grid); /* any size; a message when it is too small */
/* A click of the mouse: a view's name opens it, a row of a list is selected. */
void app_click(App *app, int row, int column);
/* What 's' wants saved: a name and the text, both the caller's, once; NULL: nothing. */
char *app_take_save(App *app, char **name) G_GNUC_WARN_UNUSED_RESULT;

/* --- for views --- */
Story *app_story(App *app);
TraceId app_position(const App *app);
/* Whether a record happened with this step: after the last position that has words, up to this one. */
bool app_is_new(const App *app, TraceId record);
void app_go(App *app, TraceId position);
const char *app_node(const App *app); /* the selected node, "" = none: whose events 'n' goes to */
void app_select_node(App *app, const char *node);
void app_say(App *app, const char *format, ...) G_GNUC_PRINTF(2, 3); /* on the last row, until the next key */
int app_columns(const App *app); /* that a view has, and rows; of the last drawing */
int app_view_rows(const App *app);
/* A page over the view (ui/dash/page.h), closed with Esc. */
void app_show_page(App *app, const char *title, const char *text);
/* Ask for a line on the last row; @answer gets it, unless Esc was pressed. */
void app_ask(App *app, const char *question, void (*answer)(App *app, void *ctx, const char *line), void *ctx);
void app_open_view(App *app, const char *name);
/* Look at another run, beginning with this view and position; leaving it comes back here.  @visit: taken */
void app_enter(App *app, Visit *visit, const char *view, TraceId at, const char *said);

#endif
