/*
 * ui/output.h - where results and messages go.
 *
 * Source:  README.md: results to standard output, messages to standard error; a file is written whole or not at all.
 * Knows:   files and streams, not what is in them.
 */
#ifndef PRESEC_UI_OUTPUT_H
#define PRESEC_UI_OUTPUT_H

#include "ui/exit.h"

#include <glib.h>
#include <stddef.h>

/* "presec: ..." and a line end on standard error. */
void output_message(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Everything to standard output now.  EXIT_DONE, or EXIT_IO after saying why (a full disk, a closed pipe). */
ExitStatus output_print(const char *octets, size_t len) G_GNUC_WARN_UNUSED_RESULT;

/* As output_print for "-"; else makes the file, or leaves what was there before.  A name that is not a plain file
 * (/dev/stdout, a named pipe) is written to, never replaced.  EXIT_DONE, or EXIT_IO after saying why. */
ExitStatus output_save(const char *path, const void *octets, size_t len) G_GNUC_WARN_UNUSED_RESULT;

#endif
