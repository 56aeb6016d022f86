/*
 * ui/output.c - where results and messages go.
 *
 * Source:  ui/output.h.
 * Knows:   files and streams.  GLib makes the temporary file and renames it (g_file_set_contents_full).
 */
#include "ui/output.h"

#include "ui/text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NEW_FILE_MODE = 0666 }; /* before the user's umask */

void output_message(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_autoptr(GString) line = g_string_new("presec: ");
    text_visible(line, text, strlen(text));
    fprintf(stderr, "%s\n", line->str);
}

static bool write_all(int fd, const char *octets, size_t len)
{
    while (len > 0) {
        ssize_t written = write(fd, octets, len);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            octets += written;
            len -= (size_t)written;
        }
    }
    return true;
}

ExitStatus output_print(const char *octets, size_t len)
{
    if (write_all(STDOUT_FILENO, octets, len))
        return EXIT_DONE;
    output_message("standard output: %s", g_strerror(errno));
    return EXIT_IO;
}

static ExitStatus output_failed(const char *path, const char *why)
{
    output_message("%s: not written: %s", path, why);
    return EXIT_IO;
}

static ExitStatus write_special(const char *path, const void *octets, size_t len)
{
    int fd = g_open(path, O_WRONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return output_failed(path, g_strerror(errno));
    bool written = write_all(fd, octets, len);
    int why = errno;
    if (close(fd) != 0 && written) {
        written = false;
        why = errno;
    }
    return written ? EXIT_DONE : output_failed(path, g_strerror(why));
}

ExitStatus output_save(const char *path, const void *octets, size_t len)
{
    if (strcmp(path, "-") == 0)
        return output_print(octets, len);
    GStatBuf status;
    bool exists = g_stat(path, &status) == 0;
    if (exists && !S_ISREG(status.st_mode))
        return write_special(path, octets, len);
    /* A link stays a link: what is replaced is the file that it names. */
    g_autofree char *target = exists ? realpath(path, NULL) : NULL;
    g_autoptr(GError) error = NULL;
    if (!g_file_set_contents_full(target ? target : path, octets, (gssize)len, G_FILE_SET_CONTENTS_CONSISTENT,
                                  exists ? (int)(status.st_mode & 07777) : NEW_FILE_MODE, &error))
        return output_failed(path, error->message);
    return EXIT_DONE;
}
