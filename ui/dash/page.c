/*
 * ui/dash/page.c - a text over the view.
 *
 * Source:  ui/dash/page.h.
 */
#include "ui/dash/page.h"

#include "ui/dash/app.h"
#include "ui/text.h"

#include <string.h>

enum { MARGIN = 2, HANG = 2, INDENT_MAX = 24, STEP = 10, WIDTH_AT_FIRST = 76 };
#define HEADING "# "

typedef struct Line {
    char *text;
    guint paragraph; /* that it is of */
    bool heading;
} Line;

struct Page {
    char *title;
    char **paragraphs;
    GArray *lines; /* Line, wrapped for @width */
    int width, rows;
    guint top, found;
    bool has_found;
};

static void line_clear(gpointer line)
{
    g_free(((Line *)line)->text);
}

static void fold(Page *page, int width);

Page *page_new(const char *title, const char *text)
{
    Page *page = g_new0(Page, 1);
    page->title = g_strdup(title);
    g_autoptr(GString) visible = g_string_new(NULL);
    text_visible(visible, text, strlen(text));
    page->paragraphs = g_strsplit(visible->str, "\n", -1);
    page->lines = g_array_new(FALSE, FALSE, sizeof(Line));
    g_array_set_clear_func(page->lines, line_clear);
    page->rows = 1;
    fold(page, WIDTH_AT_FIRST);
    return page;
}

void page_free(Page *page)
{
    g_free(page->title);
    g_strfreev(page->paragraphs);
    g_array_unref(page->lines);
    g_free(page);
}

static const Line *line_at(const Page *page, guint i)
{
    return &g_array_index(page->lines, Line, i);
}

/* ---- wrapping ---- */

/* Where a text is broken: after the last blank that fits, else in the middle of a word. */
static const char *break_of(const char *text, int width, size_t indent)
{
    const char *end = g_utf8_offset_to_pointer(text, width);
    for (const char *p = end; p > text + indent; p--)
        if (*p == ' ')
            return p;
    return end;
}

static void add_line(Page *page, guint paragraph, bool heading, char *text)
{
    Line line = { .text = text, .paragraph = paragraph, .heading = heading };
    g_array_append_val(page->lines, line);
}

/* What goes on under an item or an indented line is indented further. */
static size_t hang_of(const char *text, size_t indent)
{
    bool item = indent > 0 || g_str_has_prefix(text, "- ");
    return MIN(indent, (size_t)INDENT_MAX) + (item ? HANG : 0);
}

static void fold_paragraph(Page *page, guint i, int width)
{
    const char *rest = page->paragraphs[i];
    bool heading = g_str_has_prefix(rest, HEADING);
    size_t indent = strspn(rest, " "), hang = hang_of(rest, indent);
    g_autofree char *margin = g_strnfill(hang, ' ');
    bool first = true;

    if (heading)
        rest += strlen(HEADING);
    for (;;) {
        int room = first ? width : MAX(width - (int)hang, 1);
        if (g_utf8_strlen(rest, -1) <= room)
            break;
        const char *end = break_of(rest, room, first ? indent : 0);
        g_autofree char *part = g_strndup(rest, (gsize)(end - rest));
        add_line(page, i, heading, g_strconcat(first ? "" : margin, part, NULL));
        rest = end + strspn(end, " ");
        first = false;
    }
    add_line(page, i, heading, g_strconcat(first ? "" : margin, rest, NULL));
}

/* What was at the top stays there. */
static void fold(Page *page, int width)
{
    guint kept = page->top < page->lines->len ? line_at(page, page->top)->paragraph : 0;

    if (page->width == width)
        return;
    page->width = width;
    page->has_found = false;
    g_array_set_size(page->lines, 0);
    for (guint i = 0; page->paragraphs[i] != NULL; i++)
        fold_paragraph(page, i, width);
    while (page->lines->len > 1 && line_at(page, page->lines->len - 1)->text[0] == '\0')
        g_array_set_size(page->lines, page->lines->len - 1);
    for (page->top = 0; page->top + 1 < page->lines->len && line_at(page, page->top)->paragraph < kept;)
        page->top++;
}

/* ---- drawing ---- */

/* The last line that can be at the top. */
static guint top_most(const Page *page)
{
    return page->lines->len > (guint)page->rows ? page->lines->len - (guint)page->rows : 0;
}

static void draw_where(const Page *page, const GridArea *area)
{
    guint n = page->lines->len, last = MIN(page->top + (guint)page->rows, n);
    g_autofree char *where = g_strdup_printf(" %u%% ", last * 100 / n);
    if (n > (guint)page->rows)
        grid_put(area, area->rows - 1, area->columns - 2 - (int)strlen(where), GRID_KEY, where);
}

void page_draw(Page *page, const GridArea *area)
{
    GridArea inside = grid_part(area, 1, MARGIN, area->rows - 2, area->columns - 2 * MARGIN);

    page->rows = MAX(inside.rows, 1);
    fold(page, MAX(inside.columns, 1));
    guint n = page->lines->len;
    page->top = MIN(page->top, top_most(page));
    grid_frame(area, page->title);
    grid_set_cursor(&inside, 0, 0);
    for (int row = 0; row < inside.rows && page->top + (guint)row < n; row++) {
        const Line *line = line_at(page, page->top + (guint)row);
        grid_put(&inside, row, 0, line->heading ? GRID_TITLE : GRID_PLAIN, line->text);
        if (page->has_found && page->found == page->top + (guint)row)
            grid_select_row(&inside, row);
    }
    draw_where(page, area);
}

/* ---- keys ---- */

static void go_to_heading(Page *page, bool forward)
{
    guint at = page->top;
    while (forward ? at + 1 < page->lines->len : at > 0) {
        at += forward ? 1 : (guint)-1;
        if (line_at(page, at)->heading || at == 0) {
            page->top = at;
            return;
        }
    }
}

static void scroll(Page *page, int by)
{
    page->top = (guint)CLAMP((int64_t)page->top + by, 0, (int64_t)top_most(page));
}

bool page_press(Page *page, gunichar key)
{
    switch (key) {
    case APP_KEY_UP:
    case 'k': scroll(page, -1); break;
    case APP_KEY_DOWN:
    case 'j': scroll(page, 1); break;
    case APP_KEY_PAGE_UP: scroll(page, -MAX(page->rows - 1, 1)); break;
    case APP_KEY_PAGE_DOWN:
    case ' ': scroll(page, MAX(page->rows - 1, 1)); break;
    case APP_KEY_HOME: page->top = 0; break;
    case APP_KEY_END: page->top = top_most(page); break;
    case APP_KEY_TAB: go_to_heading(page, true); break;
    case APP_KEY_BACK_TAB: go_to_heading(page, false); break;
    default: return false;
    }
    return true;
}

bool page_search(Page *page, const char *text)
{
    guint n = page->lines->len, from = page->has_found ? page->found + 1 : page->top;
    for (guint i = 0; i < n; i++) {
        guint at = (from + i) % n;
        if (strcasestr(line_at(page, at)->text, text) == NULL)
            continue;
        page->found = at;
        page->has_found = true;
        if (at < page->top || at >= page->top + (guint)page->rows)
            page->top = at > (guint)page->rows / 2 ? at - (guint)page->rows / 2 : 0;
        return true;
    }
    return false;
}
