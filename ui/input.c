/*
 * ui/input.c - reading what the user names, within bounds.
 *
 * Source:  ui/input.h.
 * Knows:   files and streams.
 */
#include "ui/input.h"

#include "ui/interrupt.h"
#include "ui/output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { READ_LEN = 65536 };

const char *input_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

static ExitStatus read_to_end(int fd, const char *name, GString *octets)
{
    char part[READ_LEN];
    for (;;) {
        ssize_t got = read(fd, part, sizeof part);
        if (got == 0)
            return EXIT_DONE;
        if (got < 0 && errno == EINTR && interrupt_requested())
            return EXIT_INTERRUPTED;
        if (got < 0 && errno != EINTR) {
            output_message("%s: %s", name, g_strerror(errno));
            return EXIT_IO;
        }
        if (got > 0)
            g_string_append_len(octets, part, got);
        if (octets->len > INPUT_LEN_MAX) {
            output_message("%s: longer than the %zu octets that are read", name, INPUT_LEN_MAX);
            return EXIT_INVALID;
        }
    }
}

ExitStatus input_read(const char *path, GString **octets)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : g_open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0);
    if (fd < 0) {
        output_message("%s: %s", path, g_strerror(errno));
        return EXIT_IO;
    }
    GString *read = g_string_new(NULL);
    ExitStatus status = read_to_end(fd, input_name(path), read);
    if (!standard)
        close(fd);
    if (status == EXIT_DONE)
        *octets = read;
    else
        g_string_free(read, TRUE);
    return status;
}
