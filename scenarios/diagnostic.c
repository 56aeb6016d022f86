/*
 * scenarios/diagnostic.c - what is wrong with a file, where, and what would be right.
 *
 * Source:  scenarios/diagnostic.h.
 * Knows:   texts and places.
 */
#include "scenarios/diagnostic.h"
#include "scenarios/nearest.h"

#include <stdarg.h>
#include <string.h>

enum {
    DIAGNOSTICS_MAX = 1000, /* nobody reads more; also bounds the work on a hostile file */
    NAMES_MAX = 12,         /* beside a guess */
    NAMES_MAX_ALONE = 50,
};

struct Diagnostics {
    GPtrArray *items; /* Diagnostic* */
};

static void diagnostic_free(void *item)
{
    Diagnostic *diagnostic = item;
    g_free(diagnostic->file);
    g_free(diagnostic->text);
    g_free(diagnostic);
}

Diagnostics *diagnostics_new(void)
{
    Diagnostics *diagnostics = g_new0(Diagnostics, 1);
    diagnostics->items = g_ptr_array_new_with_free_func(diagnostic_free);
    return diagnostics;
}

void diagnostics_free(Diagnostics *diagnostics)
{
    if (!diagnostics)
        return;
    g_ptr_array_unref(diagnostics->items);
    g_free(diagnostics);
}

static bool diagnostic_same(const Diagnostic *a, const char *file, Place place, const char *text)
{
    return a->place.line == place.line && a->place.column == place.column && strcmp(a->text, text) == 0 &&
           strcmp(a->file, file) == 0;
}

void diagnostics_add(Diagnostics *diagnostics, const char *file, Place place, const char *format, ...)
{
    if (diagnostics_full(diagnostics))
        return;
    va_list args;
    va_start(args, format);
    g_autofree char *raw = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *text = g_utf8_make_valid(raw, -1);
    for (guint i = 0; i < diagnostics->items->len; i++)
        if (diagnostic_same(diagnostics->items->pdata[i], file, place, text))
            return;
    Diagnostic *diagnostic = g_new(Diagnostic, 1);
    *diagnostic = (Diagnostic){ .file = g_strdup(file), .place = place, .text = g_steal_pointer(&text) };
    g_ptr_array_add(diagnostics->items, diagnostic);
}

bool diagnostics_full(const Diagnostics *diagnostics)
{
    return diagnostics->items->len >= DIAGNOSTICS_MAX;
}

size_t diagnostics_count(const Diagnostics *diagnostics)
{
    return diagnostics->items->len;
}

const Diagnostic *diagnostics_get(const Diagnostics *diagnostics, size_t i)
{
    return diagnostics->items->pdata[i];
}

/* Where the file was first mentioned. */
static guint diagnostics_file_rank(const Diagnostics *diagnostics, const char *file)
{
    guint i = 0;
    while (strcmp(((Diagnostic *)diagnostics->items->pdata[i])->file, file) != 0)
        i++;
    return i;
}

static int diagnostic_order(const Diagnostic *a, const Diagnostic *b)
{
    if (a->place.line != b->place.line)
        return a->place.line < b->place.line ? -1 : 1;
    if (a->place.column != b->place.column)
        return a->place.column < b->place.column ? -1 : 1;
    return 0;
}

void diagnostics_sort(Diagnostics *diagnostics)
{
    /* An insertion sort: stable, and the lists are short and nearly in order. */
    GPtrArray *items = diagnostics->items;
    g_autofree guint *rank = g_new(guint, items->len + 1);
    for (guint i = 0; i < items->len; i++)
        rank[i] = diagnostics_file_rank(diagnostics, ((Diagnostic *)items->pdata[i])->file);
    for (guint i = 1; i < items->len; i++) {
        void *item = items->pdata[i];
        guint item_rank = rank[i], j = i;
        for (; j > 0 && (rank[j - 1] > item_rank ||
                         (rank[j - 1] == item_rank && diagnostic_order(items->pdata[j - 1], item) > 0));
             j--) {
            items->pdata[j] = items->pdata[j - 1];
            rank[j] = rank[j - 1];
        }
        items->pdata[j] = item;
        rank[j] = item_rank;
    }
}

char *diagnostics_text(const Diagnostics *diagnostics)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < diagnostics->items->len; i++) {
        const Diagnostic *d = diagnostics->items->pdata[i];
        g_string_append(out, d->file);
        if (d->place.line > 0)
            g_string_append_printf(out, ":%u:%u", d->place.line, MAX(d->place.column, 1));
        g_string_append_printf(out, ": %s\n", d->text);
    }
    if (diagnostics_full(diagnostics))
        g_string_append_printf(out, "these are the first %u mistakes; there may be more\n", diagnostics->items->len);
    return g_string_free(out, FALSE);
}

char *diagnostic_names(const char *written, const char *const *names)
{
    GString *out = g_string_new(NULL);
    const char *near = nearest_name(written, names);
    guint n = g_strv_length((char **)names), listed = near && n > NAMES_MAX ? 0 : MIN(n, NAMES_MAX_ALONE);
    for (guint i = 0; i < listed; i++)
        g_string_append_printf(out, "%s%s", i == 0 ? "; allowed: " : ", ", names[i]);
    if (listed > 0 && listed < n)
        g_string_append_printf(out, " and %u more", n - listed);
    if (near)
        g_string_append_printf(out, "; did you mean '%s'?", near);
    return g_string_free(out, FALSE);
}
