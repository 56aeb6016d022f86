/*
 * ui/dash/grid.c - a screen in memory.
 *
 * Source:  ui/dash/grid.h.
 * Knows:   UTF-8 and how wide its characters are.
 */
#include "ui/dash/grid.h"

#include "ui/text.h"

#include <string.h>

struct Grid {
    int rows, columns;
    bool ascii;
    int cursor_row, cursor_column;
    GridCell cells[]; /* row by row */
};

static const char style_letters[GRID_N_STYLES] = {
    [GRID_PLAIN] = '.', [GRID_TITLE] = 't', [GRID_KEY] = 'k', [GRID_FAINT] = 'f',
    [GRID_NEW] = 'n',   [GRID_GOOD] = 'g',  [GRID_BAD] = 'b', [GRID_DOUBT] = 'd'
};

Grid *grid_new(int rows, int columns, bool ascii)
{
    size_t n = (size_t)MAX(rows, 0) * (size_t)MAX(columns, 0);
    Grid *grid = g_malloc0(sizeof *grid + n * sizeof grid->cells[0]);

    grid->rows = MAX(rows, 0);
    grid->columns = MAX(columns, 0);
    grid->ascii = ascii;
    for (size_t i = 0; i < n; i++)
        grid->cells[i].character = ' ';
    return grid;
}

void grid_free(Grid *grid)
{
    g_free(grid);
}

int grid_rows(const Grid *grid)
{
    return grid->rows;
}

int grid_columns(const Grid *grid)
{
    return grid->columns;
}

const GridCell *grid_cell(const Grid *grid, int row, int column)
{
    return &grid->cells[row * grid->columns + column];
}

GridArea grid_whole(Grid *grid)
{
    return (GridArea){ grid, 0, 0, grid->rows, grid->columns };
}

GridArea grid_part(const GridArea *area, int row, int column, int rows, int columns)
{
    GridArea part = { area->grid, area->row + CLAMP(row, 0, area->rows), area->column + CLAMP(column, 0, area->columns),
                      0, 0 };
    part.rows = CLAMP(rows, 0, area->row + area->rows - part.row);
    part.columns = CLAMP(columns, 0, area->column + area->columns - part.column);
    return part;
}

void grid_set_cursor(const GridArea *area, int row, int column)
{
    area->grid->cursor_row = area->row + row;
    area->grid->cursor_column = area->column + column;
}

void grid_cursor(const Grid *grid, int *row, int *column)
{
    *row = grid->cursor_row;
    *column = grid->cursor_column;
}

/* NULL: outside the area. */
static GridCell *cell_at(const GridArea *area, int row, int column)
{
    if (row < 0 || row >= area->rows || column < 0 || column >= area->columns)
        return NULL;
    return &area->grid->cells[(area->row + row) * area->grid->columns + area->column + column];
}

static void set(const GridArea *area, int row, int column, GridStyle style, gunichar character)
{
    GridCell *cell = cell_at(area, row, column);
    if (cell == NULL)
        return;
    cell->character = character;
    cell->style = (guint8)style;
}

/* ---- text ---- */

/* What an ASCII terminal gets for the few other characters that our own texts use. */
static gunichar plainly(gunichar character)
{
    switch (character) {
    case 0x2026: return '~'; /* … */
    case 0x00A7: return 'S'; /* § */
    case 0x2013:
    case 0x2014: return '-';
    case 0x2192: return '>';
    case 0x2190: return '<';
    case 0x00B7: return '.';
    default: return character < 0x80 ? character : '?';
    }
}

static int width_of(gunichar character)
{
    if (g_unichar_iszerowidth(character))
        return 0;
    return g_unichar_iswide(character) ? 2 : 1;
}

int grid_put(const GridArea *area, int row, int column, GridStyle style, const char *text)
{
    g_autoptr(GString) visible = g_string_new(NULL);
    int at = column;

    text_visible(visible, text, strlen(text));
    for (const char *p = visible->str; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar character = g_utf8_get_char(p);
        if (character == '\n' || character == '\t')
            character = ' ';
        if (area->grid->ascii)
            character = plainly(character);
        int width = width_of(character);
        if (width == 0)
            continue;
        bool last = at + width == area->columns && *g_utf8_next_char(p) != '\0';
        if (at + width > area->columns || last) { /* a text that goes on */
            set(area, row, MIN(at, area->columns - 1), style, area->grid->ascii ? '~' : 0x2026);
            return MAX(area->columns - column, 0);
        }
        set(area, row, at, style, character);
        if (width == 2)
            set(area, row, at + 1, style, 0);
        at += width;
    }
    return at - column;
}

int grid_printf(const GridArea *area, int row, int column, GridStyle style, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    return grid_put(area, row, column, style, text);
}

/* ---- lines ---- */

gunichar grid_line_character(GridLine line, bool ascii)
{
    static const struct {
        gunichar fine;
        char plain;
    } characters[LINE_N] = {
        [LINE_HORIZONTAL] = { 0x2500, '-' },  /* ─ */
        [LINE_VERTICAL] = { 0x2502, '|' },    /* │ */
        [LINE_ARROW_LEFT] = { 0x25C0, '<' },  /* ◀ */
        [LINE_ARROW_RIGHT] = { 0x25B6, '>' }, /* ▶ */
        [LINE_DOUBLE] = { 0x2550, '=' },      /* ═ */
        [LINE_HEAVY] = { 0x2501, '=' },       /* ━ */
        [LINE_THUMB] = { 0x2503, '#' },       /* ┃ */
        [LINE_HERE] = { 0x2588, '#' },        /* █ */
        [LINE_FLIP] = { 0x25C6, 'o' },        /* ◆ */
        [LINE_MOVE] = { '!', '!' },
    };
    return ascii ? (gunichar)characters[line].plain : characters[line].fine;
}

void grid_line(const GridArea *area, int row, int column, int length, GridLine line, GridStyle style)
{
    gunichar character = grid_line_character(line, area->grid->ascii);
    for (int i = 0; i < length; i++)
        set(area, line == LINE_VERTICAL ? row + i : row, line == LINE_VERTICAL ? column : column + i, style, character);
}

void grid_frame(const GridArea *area, const char *title)
{
    static const gunichar corners[] = { 0x250C, 0x2510, 0x2514, 0x2518 }; /* ┌ ┐ └ ┘ */
    int bottom = area->rows - 1, right = area->columns - 1;

    if (bottom < 1 || right < 1)
        return;
    grid_line(area, 0, 0, area->columns, LINE_HORIZONTAL, GRID_FAINT);
    grid_line(area, bottom, 0, area->columns, LINE_HORIZONTAL, GRID_FAINT);
    grid_line(area, 0, 0, area->rows, LINE_VERTICAL, GRID_FAINT);
    grid_line(area, 0, right, area->rows, LINE_VERTICAL, GRID_FAINT);
    for (int i = 0; i < 4; i++)
        set(area, i < 2 ? 0 : bottom, i % 2 == 0 ? 0 : right, GRID_FAINT, area->grid->ascii ? '+' : corners[i]);
    if (title == NULL || title[0] == '\0' || area->columns < 8)
        return;
    GridArea room = grid_part(area, 0, 2, 1, area->columns - 4);
    g_autofree char *padded = g_strdup_printf(" %s ", title);
    grid_put(&room, 0, 0, GRID_TITLE, padded);
}

void grid_select_row(const GridArea *area, int row)
{
    for (int column = 0; column < area->columns; column++) {
        GridCell *cell = cell_at(area, row, column);
        if (cell != NULL)
            cell->selected = true;
    }
    grid_set_cursor(area, row, 0);
}

/* ---- as text ---- */

static void append_row(const Grid *grid, int row, bool styles, GString *out)
{
    gsize start = out->len, end = start;
    for (int column = 0; column < grid->columns; column++) {
        const GridCell *cell = grid_cell(grid, row, column);
        if (styles) {
            char letter = style_letters[cell->style];
            g_string_append_c(out, cell->selected ? g_ascii_toupper(letter == '.' ? 's' : letter) : letter);
        } else if (cell->character != 0) {
            g_string_append_unichar(out, cell->character);
        }
        if (styles || cell->character != ' ')
            end = out->len;
    }
    g_string_truncate(out, end);
    g_string_append_c(out, '\n');
}

char *grid_text(const Grid *grid)
{
    GString *out = g_string_new(NULL);
    for (int row = 0; row < grid->rows; row++)
        append_row(grid, row, false, out);
    return g_string_free(out, FALSE);
}

char *grid_text_with_styles(const Grid *grid)
{
    g_autofree char *text = grid_text(grid);
    GString *out = g_string_new(text);
    g_string_append_c(out, '\n');
    for (int row = 0; row < grid->rows; row++)
        append_row(grid, row, true, out);
    return g_string_free(out, FALSE);
}
