/*
 * ui/dash/app_internal.h - what the files of the dashboard share: app.c (views, pages, questions), app_draw.c (the
 *                          screen), app_time.c (moving in time), app_work.c (what takes long), app_keys.c (the live
 *                          table of keys).
 */
#ifndef PRESEC_UI_DASH_APP_INTERNAL_H
#define PRESEC_UI_DASH_APP_INTERNAL_H

#include "ui/dash/app.h"
#include "ui/dash/list.h"
#include "ui/dash/page.h"

/* Work in slices between keys; ended by any key. */
typedef struct Work {
    bool (*slice)(App *app); /* true: there is more to do; NULL: nothing is under way */
    const char *what;        /* "Searching" */
    size_t done, all;
} Work;

struct App {
    Story *story;
    struct App *outer; /* whence this run was entered; NULL: it is the first */
    Visit *visit;      /* that was entered from here, and its dashboard; NULL: none */
    struct App *inner;
    bool ascii;
    TraceId position;
    char *node;
    /* views */
    unsigned view;
    void **states; /* one a view */
    /* over the view */
    GPtrArray *pages; /* Page *, the last is shown */
    /* on the last row */
    char *said;
    const char *question;
    GString *line;
    void (*answer)(App *app, void *ctx, const char *line);
    void *ctx;
    /* work */
    Work work;
    char *searched;
    size_t search_from;
    /* time */
    bool playing;
    unsigned speed;    /* index into the speeds; x1 at first */
    double clock;      /* virtual ns that have played on beyond the record at the position */
    GPtrArray *breaks; /* Break * */
    /* what is to be done outside */
    bool leaving;
    char *save_name, *save_text;
    int rows, columns; /* of the last drawing */
};

/* --- app.c --- */
unsigned app_n_views(void);
const View *app_view(const App *app);
void *app_view_state(App *app); /* opened on first use */
void app_switch(App *app, unsigned view);
void app_leave(App *app);
void app_save(App *app);

/* --- app_draw.c --- */
enum { APP_HEAD_ROWS = 2 };
int app_words_rows(int rows);               /* of a screen with so many rows */
int app_tab_at(const App *app, int column); /* the view whose name is there; -1: none */

/* --- app_time.c --- */
void app_step(App *app, bool forward);   /* to the next record that has words */
void app_record(App *app, bool forward); /* to the next record of any kind: packets, too */
void app_seek(App *app, bool forward, MomentKind kind);
void app_seek_node(App *app, bool forward);
void app_seek_break(App *app, bool forward);
void app_toggle_play(App *app);
void app_change_speed(App *app, int by);
const char *app_speed(const App *app); /* "x1" */
void app_play_on(App *app, unsigned ms);
enum { APP_TICK_MS = 50 };
void app_ask_time(App *app);
void app_ask_break(App *app);

/* --- app_work.c --- */
void app_begin_work(App *app, const char *what, size_t all, bool (*slice)(App *app));
void app_ask_search(App *app);

/* --- app_keys.c --- */
/* A key of the dashboard itself. */
typedef struct AppKey {
    gunichar key;
    const char *label, *does; /* for '?'; label NULL: another key for the one before */
    const char *bar;          /* short, for the bar when there is room; NULL: not there */
    void (*act)(App *app);
} AppKey;
extern const AppKey app_keys[]; /* ended by key 0 */
void app_draw_bar(const App *app, const GridArea *area);
void app_show_help(App *app);

#endif
