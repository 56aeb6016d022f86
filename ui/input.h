/*
 * ui/input.h - reading what the user names, within bounds.
 *
 * Source:  README.md: `-` is standard input; input is hostile, so every reader has a limit.
 * Knows:   files and streams, not what is in them.
 */
#ifndef PRESEC_UI_INPUT_H
#define PRESEC_UI_INPUT_H

#include "ui/exit.h"

#include <glib.h>
#include <stddef.h>

/* What no message, scenario or vector file comes near. */
#define INPUT_LEN_MAX ((size_t)16 * 1024 * 1024)

/**
 * Read a whole file, or standard input for "-".
 *
 * @octets: out, only for EXIT_DONE; a NUL that is not counted follows them
 *
 * EXIT_DONE; EXIT_IO (cannot be opened or read, a folder); EXIT_INVALID (longer than INPUT_LEN_MAX); EXIT_INTERRUPTED.
 * All but EXIT_DONE have said why on standard error.
 */
ExitStatus input_read(const char *path, GString **octets) G_GNUC_WARN_UNUSED_RESULT;

/* The name to show for a path: "standard input" for "-". */
const char *input_name(const char *path);

#endif
