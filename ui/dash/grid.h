/*
 * ui/dash/grid.h - a screen in memory: cells with a character and a style, which views draw and a terminal shows.
 *
 * Knows:   cells.  No terminal, no trace: the same grid becomes a golden file in a test and a screen in a terminal.
 *
 * Meaning is never in a style alone: what a style says is also said by a mark or a word.
 */
#ifndef PRESEC_UI_DASH_GRID_H
#define PRESEC_UI_DASH_GRID_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
    GRID_PLAIN,
    GRID_TITLE, /* names of views, columns, nodes */
    GRID_KEY,   /* something that can be pressed */
    GRID_FAINT, /* frames, lifelines, what is over */
    GRID_NEW,   /* changed by the record at the cursor */
    GRID_GOOD,  /* holds; protected */
    GRID_BAD,   /* violated; in the clear; an attacker's */
    GRID_DOUBT, /* depends, dropped */
    GRID_N_STYLES
} GridStyle;

typedef struct GridCell {
    gunichar character; /* 0: the right half of a wide one */
    guint8 style;       /* GridStyle */
    bool selected;      /* shown reversed, and by the hardware cursor */
} GridCell;

/* A rectangle of a grid to draw in; coordinates inside begin at 0, what is outside is cut off. */
typedef struct Grid Grid;
typedef struct GridArea {
    Grid *grid;
    int row, column, rows, columns;
} GridArea;

/* @ascii: lines and marks in ASCII only */
Grid *grid_new(int rows, int columns, bool ascii);
void grid_free(Grid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Grid, grid_free)
int grid_rows(const Grid *grid);
int grid_columns(const Grid *grid);
const GridCell *grid_cell(const Grid *grid, int row, int column);
/* Where the hardware cursor goes: the selection; the last call counts. */
void grid_set_cursor(const GridArea *area, int row, int column);
void grid_cursor(const Grid *grid, int *row, int *column);
GridArea grid_whole(Grid *grid);
GridArea grid_part(const GridArea *area, int row, int column, int rows, int columns);

/* UTF-8, made visible (control characters as escapes), cut at the area's edge; a text cut ends with "…" (or "~").
 * Returns the columns used. */
int grid_put(const GridArea *area, int row, int column, GridStyle style, const char *text);
int grid_printf(const GridArea *area, int row, int column, GridStyle style, const char *format, ...)
    G_GNUC_PRINTF(5, 6);
/* The whole row reversed, for the selected line of a list. */
void grid_select_row(const GridArea *area, int row);
typedef enum {
    LINE_HORIZONTAL,
    LINE_VERTICAL,
    LINE_ARROW_LEFT,
    LINE_ARROW_RIGHT,
    LINE_DOUBLE, /* horizontal, of what is encrypted */
    LINE_HEAVY,  /* horizontal, of what is over */
    LINE_THUMB,  /* vertical, where one is in a list */
    LINE_HERE,   /* where one is in time */
    LINE_FLIP,   /* where a verdict flips */
    LINE_MOVE,   /* where an attacker acts */
    LINE_N
} GridLine;
void grid_line(const GridArea *area, int row, int column, int length, GridLine line, GridStyle style);
void grid_frame(const GridArea *area, const char *title); /* around the area */
gunichar grid_line_character(GridLine line, bool ascii);

/* Characters only, one line a row without trailing blanks. */
char *grid_text(const Grid *grid) G_GNUC_WARN_UNUSED_RESULT;
/* Beside the text, a second block of the same size with one letter a style and upper case where selected. */
char *grid_text_with_styles(const Grid *grid) G_GNUC_WARN_UNUSED_RESULT;

#endif
