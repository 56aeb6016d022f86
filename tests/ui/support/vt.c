/*
 * tests/ui/support/vt.c - the screen of a terminal, made from the octets written to it.
 *
 * Source:  tests/ui/support/vt.h.
 */
#include "vt.h"

#include <string.h>

enum { PARAMETERS_MAX = 16, TAB = 8 };

typedef enum { IN_TEXT, IN_ESCAPE, IN_CONTROL, IN_STRING, IN_CHARSET } VtState;

struct Vt {
    int rows, columns, row, column;
    int top, bottom; /* of the part that scrolls */
    int saved_row, saved_column;
    gunichar *cells, last;          /* the last one written, for its repetition */
    bool alternate, visible, wraps; /* the next character goes to the next line */
    VtState state;
    bool private;
    int parameters[PARAMETERS_MAX], n;
    GString *character; /* UTF-8 begun */
};

Vt *vt_new(int rows, int columns)
{
    Vt *vt = g_new0(Vt, 1);
    vt->visible = true;
    vt->character = g_string_new(NULL);
    vt_resize(vt, rows, columns);
    return vt;
}

void vt_free(Vt *vt)
{
    g_string_free(vt->character, TRUE);
    g_free(vt->cells);
    g_free(vt);
}

static void blank(Vt *vt, int row, int from, int until)
{
    for (int column = from; column < until; column++)
        vt->cells[row * vt->columns + column] = ' ';
}

void vt_resize(Vt *vt, int rows, int columns)
{
    gunichar *cells = g_new(gunichar, (gsize)rows * (gsize)columns);
    for (int i = 0; i < rows * columns; i++) {
        int row = i / columns, column = i % columns;
        bool kept = row < vt->rows && column < vt->columns;
        cells[i] = kept ? vt->cells[row * vt->columns + column] : ' ';
    }
    g_free(vt->cells);
    vt->cells = cells;
    vt->rows = rows;
    vt->columns = columns;
    vt->top = 0;
    vt->bottom = rows - 1;
    vt->row = MIN(vt->row, rows - 1);
    vt->column = MIN(vt->column, columns - 1);
}

/* ---- moving ---- */

static void move_rows(Vt *vt, int to, int from, int n)
{
    memmove(vt->cells + to * vt->columns, vt->cells + from * vt->columns,
            (gsize)n * (gsize)vt->columns * sizeof(gunichar));
}

/* Rows from @top on move up by @n, down when it is negative; what is new is blank. */
static void scroll(Vt *vt, int top, int n)
{
    int height = vt->bottom - top + 1, by = MIN(ABS(n), height);
    if (n > 0)
        move_rows(vt, top, top + by, height - by);
    else
        move_rows(vt, top + by, top, height - by);
    for (int i = 0; i < by; i++)
        blank(vt, n > 0 ? vt->bottom - i : top + i, 0, vt->columns);
}

static void line_feed(Vt *vt)
{
    if (vt->row == vt->bottom)
        scroll(vt, vt->top, 1);
    else
        vt->row = MIN(vt->row + 1, vt->rows - 1);
}

static void go(Vt *vt, int row, int column)
{
    vt->row = CLAMP(row, 0, vt->rows - 1);
    vt->column = CLAMP(column, 0, vt->columns - 1);
    vt->wraps = false;
}

static void write_character(Vt *vt, gunichar character)
{
    if (vt->wraps) {
        line_feed(vt);
        vt->column = 0;
    }
    vt->cells[vt->row * vt->columns + vt->column] = vt->last = character;
    vt->wraps = vt->column == vt->columns - 1;
    vt->column = MIN(vt->column + 1, vt->columns - 1);
}

/* ---- controls ---- */

static int parameter(const Vt *vt, int i, int otherwise)
{
    return i < vt->n && vt->parameters[i] > 0 ? vt->parameters[i] : otherwise;
}

static void erase_display(Vt *vt, int what)
{
    int from = what == 0 ? vt->row + 1 : 0, until = what == 1 ? vt->row : vt->rows;
    for (int row = from; row < until; row++)
        blank(vt, row, 0, vt->columns);
    if (what < 2)
        blank(vt, vt->row, what == 0 ? vt->column : 0, what == 0 ? vt->columns : vt->column + 1);
}

static void shift_in_line(Vt *vt, int by)
{
    gunichar *line = vt->cells + vt->row * vt->columns;
    int room = vt->columns - vt->column, n = MIN(ABS(by), room);
    gunichar *here = line + vt->column;
    if (by > 0) {
        memmove(here + n, here, (gsize)(room - n) * sizeof *here);
        blank(vt, vt->row, vt->column, vt->column + n);
    } else {
        memmove(here, here + n, (gsize)(room - n) * sizeof *here);
        blank(vt, vt->row, vt->columns - n, vt->columns);
    }
}

static void set_mode(Vt *vt, bool on)
{
    for (int i = 0; vt->private && i < vt->n; i++) {
        if (vt->parameters[i] == 1049) {
            vt->alternate = on;
            erase_display(vt, 2); /* what stood on the other one is not kept */
        }
        if (vt->parameters[i] == 25)
            vt->visible = on;
    }
}

static void control(Vt *vt, char final)
{
    int n = parameter(vt, 0, 1);
    switch (final) {
    case 'A': go(vt, vt->row - n, vt->column); break;
    case 'B': go(vt, vt->row + n, vt->column); break;
    case 'C': go(vt, vt->row, vt->column + n); break;
    case 'D': go(vt, vt->row, vt->column - n); break;
    case 'G': go(vt, vt->row, n - 1); break;
    case 'd': go(vt, n - 1, vt->column); break;
    case 'H':
    case 'f': go(vt, n - 1, parameter(vt, 1, 1) - 1); break;
    case 'J': erase_display(vt, parameter(vt, 0, 0)); break;
    case 'K':
        blank(vt, vt->row, parameter(vt, 0, 0) == 0 ? vt->column : 0,
              parameter(vt, 0, 0) == 1 ? vt->column + 1 : vt->columns);
        break;
    case 'X': blank(vt, vt->row, vt->column, MIN(vt->column + n, vt->columns)); break;
    case '@': shift_in_line(vt, n); break;
    case 'P': shift_in_line(vt, -n); break;
    case 'L': scroll(vt, vt->row, -n); break;
    case 'M': scroll(vt, vt->row, n); break;
    case 'S': scroll(vt, vt->top, n); break;
    case 'T': scroll(vt, vt->top, -n); break;
    case 'b':
        for (int i = 0; i < n; i++)
            write_character(vt, vt->last);
        break;
    case 'r':
        vt->top = n - 1;
        vt->bottom = MIN(parameter(vt, 1, vt->rows), vt->rows) - 1;
        go(vt, 0, 0);
        break;
    case 'h':
    case 'l': set_mode(vt, final == 'h'); break;
    default: break; /* colours and reports */
    }
}

static void escape(Vt *vt, char c)
{
    vt->state = c == '[' ? IN_CONTROL : c == ']' ? IN_STRING : strchr("()*+", c) != NULL ? IN_CHARSET : IN_TEXT;
    vt->n = 0;
    vt->private = false;
    memset(vt->parameters, 0, sizeof vt->parameters);
    switch (c) {
    case 'M':
        if (vt->row == vt->top)
            scroll(vt, vt->top, -1);
        else
            go(vt, vt->row - 1, vt->column);
        break;
    case '7':
        vt->saved_row = vt->row;
        vt->saved_column = vt->column;
        break;
    case '8': go(vt, vt->saved_row, vt->saved_column); break;
    default: break;
    }
}

static void in_control(Vt *vt, char c)
{
    if (c == '?' || c == '>') {
        vt->private = true;
    } else if (g_ascii_isdigit(c)) {
        vt->n = MAX(vt->n, 1);
        vt->parameters[vt->n - 1] = vt->parameters[vt->n - 1] * 10 + (c - '0');
    } else if (c == ';') {
        vt->n = MIN(MAX(vt->n, 1) + 1, PARAMETERS_MAX);
    } else if (c >= 0x40) {
        control(vt, c);
        vt->state = IN_TEXT;
    }
}

static void in_text(Vt *vt, char c)
{
    switch (c) {
    case '\033': vt->state = IN_ESCAPE; return;
    case '\r': go(vt, vt->row, 0); return;
    case '\n': line_feed(vt); return;
    case '\b': go(vt, vt->row, vt->column - 1); return;
    case '\t': go(vt, vt->row, (vt->column / TAB + 1) * TAB); return;
    default: break;
    }
    if ((guchar)c < ' ')
        return;
    g_string_append_c(vt->character, c);
    gunichar character = g_utf8_get_char_validated(vt->character->str, (gssize)vt->character->len);
    if (character == (gunichar)-2)
        return; /* goes on */
    write_character(vt, character == (gunichar)-1 ? 0xFFFD : character);
    g_string_truncate(vt->character, 0);
}

void vt_feed(Vt *vt, const char *octets, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = octets[i];
        switch (vt->state) {
        case IN_TEXT: in_text(vt, c); break;
        case IN_ESCAPE: escape(vt, c); break;
        case IN_CONTROL: in_control(vt, c); break;
        case IN_STRING: vt->state = c == '\007' || c == '\\' ? IN_TEXT : IN_STRING; break;
        case IN_CHARSET: vt->state = IN_TEXT; break;
        }
    }
}

/* ---- answers ---- */

char *vt_text(const Vt *vt)
{
    GString *text = g_string_new(NULL);
    for (int row = 0; row < vt->rows; row++) {
        gsize end = text->len;
        for (int column = 0; column < vt->columns; column++) {
            gunichar character = vt->cells[row * vt->columns + column];
            g_string_append_unichar(text, character);
            if (character != ' ')
                end = text->len;
        }
        g_string_truncate(text, end);
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

bool vt_is_alternate(const Vt *vt)
{
    return vt->alternate;
}

bool vt_cursor_is_visible(const Vt *vt)
{
    return vt->visible;
}

void vt_cursor(const Vt *vt, int *row, int *column)
{
    *row = vt->row;
    *column = vt->column;
}
