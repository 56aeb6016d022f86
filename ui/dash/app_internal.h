/*
 * ui/dash/app_internal.h - what the files of the dashboard share: app.c (views, pages, questions), app_draw.c (the
 *                          screen), app_time.c (moving in time), app_keys.c (the live table of keys).
 */
#ifndef PRESEC_UI_DASH_APP_INTERNAL_H
#define PRESEC_UI_DASH_APP_INTERNAL_H

#include "ui/dash/app.h"
#include "ui/dash/list.h"

typedef struct Page {
    char *title, *text;
    int top;
} Page;

struct App {
    Story *story;
    Visit *visit; /* that was entered from here, and its dashboard; NULL: none */
    struct App *inner;
    bool ascii;
    TraceId position;
    TraceId came_from; /* where the last move in time began: what is newer is marked as changed */
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
    char *searched;
    /* time */
    bool playing;
    unsigned speed; /* index into the speeds; x1 at first */
    double clock;   /* virtual ns that have played on beyond the record at the position */
    GArray *breaks; /* Break */
    /* what is to be done outside */
    bool leaving;
    char *save_name, *save_text;
    int rows, columns; /* of the last drawing, for 's' */
};

/* --- app_time.c --- */
void app_step(App *app, bool forward); /* to the next record that is told */
void app_seek(App *app, bool forward, MomentKind kind, const char *node);
void app_seek_node(App *app, bool forward);
void app_run_to_break(App *app);
void app_toggle_play(App *app);
void app_change_speed(App *app, int by);
const char *app_speed(const App *app); /* "x1" */
bool app_breaks_here(App *app, TraceId at);
void app_ask_time(App *app);
void app_ask_break(App *app);

/* --- app_keys.c --- */
/* A key of the dashboard itself. */
typedef struct AppKey {
    gunichar key;
    const char *label, *does; /* for the bar (short) and '?' */
    bool bar;                 /* shown in the bar when there is room */
    void (*act)(App *app);
} AppKey;
extern const AppKey app_keys[];                              /* ended by key 0 */
char *app_key_bar(const App *app) G_GNUC_WARN_UNUSED_RESULT; /* "Enter open  Right step ..." */
void app_show_help(App *app);

/* --- app.c --- */
const View *app_view(const App *app);
void *app_view_state(App *app); /* opened on first use */
void app_switch(App *app, unsigned view);
void app_save(App *app);

#endif
