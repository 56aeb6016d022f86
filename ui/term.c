/*
 * ui/term.c - what the terminal can show.
 *
 * Source:  ui/term.h; ECMA-48 §8.3.117 (SGR) for the styles, §8.3.41 (EL) for the progress line.
 * Knows:   the two output streams and the environment.
 */
#include "ui/term.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS_MIN = 40, COLUMNS_MAX = 500 };

static bool term_takes_escapes(int fd)
{
    const char *name = g_getenv("TERM");
    return isatty(fd) && name && *name && strcmp(name, "dumb") != 0;
}

static int term_columns(int fd)
{
    struct winsize size = { 0 };
    if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return TERM_PLAIN_COLUMNS;
    return CLAMP(size.ws_col, COLUMNS_MIN, COLUMNS_MAX);
}

Term term_detect(bool plain)
{
    const char *no_colour = g_getenv("NO_COLOR");
    bool refused = plain || (no_colour && *no_colour);
    return (Term){
        .colour = !refused && term_takes_escapes(STDOUT_FILENO),
        .progress = term_takes_escapes(STDERR_FILENO),
        .columns = term_columns(STDOUT_FILENO),
    };
}

const char *term_style(const Term *term, TermStyle style)
{
    if (!term->colour)
        return "";
    switch (style) {
    case STYLE_PLAIN: return "\033[0m";
    case STYLE_HEADING: return "\033[1m";
    case STYLE_GOOD: return "\033[32m";
    case STYLE_BAD: return "\033[1;31m";
    case STYLE_DOUBT: return "\033[33m";
    case STYLE_ABSENT: return "\033[2m";
    case STYLE_NAME: return "\033[36m";
    }
    return "";
}

void term_append(const Term *term, GString *out, TermStyle style, const char *text)
{
    g_string_append(out, term_style(term, style));
    g_string_append(out, text);
    g_string_append(out, term_style(term, STYLE_PLAIN));
}

void term_progress(const Term *term, const char *format, ...)
{
    if (!term->progress)
        return;
    va_list args;
    va_start(args, format);
    g_autofree char *line = g_strdup_vprintf(format, args);
    va_end(args);
    fprintf(stderr, "\r\033[K%.*s", term->columns - 1, line);
    fflush(stderr);
}

void term_progress_end(const Term *term)
{
    if (term->progress)
        fputs("\r\033[K", stderr);
}
