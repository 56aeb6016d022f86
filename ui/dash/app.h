/*
 * ui/dash/app.h - the dashboard without a terminal: a story, a position in it, views, and what keys do.
 *
 * Knows:   grids and keys.  ui/dash/screen.h puts it on a terminal; tests drive it as it is.
 *
 *     row 0        where we are: scenario, time, record, playing
 *     row 1        the views, the open one marked
 *     ...          the open view
 *     last but 2   what happened at the position, in words (two rows)
 *     last         keys of the view and of the dashboard, or a question, or a message
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

typedef struct KeyHelp {
    const char *keys, *does; /* "Enter", "open the message"; a table ends with NULL */
} KeyHelp;

/* A view is a const table over the app's state; its own state (selection, filter) is a zeroed block of @state_size. */
typedef struct View {
    char key;          /* '1'..'8' */
    const char *name;  /* "network": for file names */
    const char *title; /* "Network" */
    size_t state_size;
    void (*open)(App *app, void *state);  /* once, before it is shown first; NULL: nothing to do */
    void (*close)(App *app, void *state); /* frees what open() made */
    void (*draw)(App *app, void *state, const GridArea *area);
    bool (*tick)(App *app, void *state);                     /* long work between drawings; true: again.  NULL: none */
    bool (*press)(App *app, void *state, gunichar key);      /* false: not mine */
    bool (*search)(App *app, void *state, const char *text); /* select the next match; false: none.  NULL: nothing to
                                                                search */
    const KeyHelp *keys;                                     /* of this view alone */
} View;
extern const View *const app_views[]; /* ended by NULL; ui/dash/views.c */

/* @story: borrowed.  @ascii: no character beyond ASCII is drawn. */
App *app_new(Story *story, bool ascii);
void app_free(App *app);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(App, app_free)
void app_press(App *app, gunichar key);
/* Wall milliseconds have passed: plays on.  Returns in how many to call again; -1: not before a key. */
int app_tick(App *app, unsigned ms);
bool app_wants_to_leave(const App *app);
void app_draw(App *app, Grid *grid); /* any size; a message when it is too small */
/* What 's' wants saved: a name and the text, both the caller's, once; NULL: nothing. */
char *app_take_save(App *app, char **name) G_GNUC_WARN_UNUSED_RESULT;

/* --- for views --- */
Story *app_story(App *app);
TraceId app_position(const App *app);
void app_go(App *app, TraceId position);
const char *app_node(const App *app); /* the selected node, "" = none: whose events 'n' goes to */
void app_select_node(App *app, const char *node);
void app_say(App *app, const char *format, ...) G_GNUC_PRINTF(2, 3); /* on the last row, until the next key */
/* A page over the view, scrolled with the arrow keys, closed with Esc; lines are wrapped when it is drawn. */
void app_show_page(App *app, const char *title, const char *text);
/* Ask for a line on the last row; @answer gets it, unless Esc was pressed. */
void app_ask(App *app, const char *question, void (*answer)(App *app, void *ctx, const char *line), void *ctx);
void app_open_view(App *app, const char *name);
/* Look at another run, beginning with this view; leaving it comes back here.  @visit: taken; NULL: nothing happens. */
void app_enter(App *app, Visit *visit, const char *view);

#endif
