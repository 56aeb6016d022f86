/*
 * ui/decode_text.h - the structure of a message that was sent in a run, as `presec decode` prints it.
 *
 * Knows:   which codec reads which protocol.
 */
#ifndef PRESEC_UI_DECODE_TEXT_H
#define PRESEC_UI_DECODE_TEXT_H

#include "sim/trace.h"

#include <glib.h>

/* "" for a protocol that has no description. */
char *decode_text(TraceProtocol protocol, const uint8_t *octets, size_t len) G_GNUC_WARN_UNUSED_RESULT;

#endif
