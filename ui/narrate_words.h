/*
 * ui/narrate_words.h - changes of state as sentences for somebody who reads about IMS for the first time.
 *
 * Source:  TS 33.203 §7, TS 24.229 §5.4, RFC 3857 §4.7, RFC 3903 §6, RFC 4303 §3.4.
 * Knows:   the kinds of records.  The short notes of the ladder (ui/ladder_notes.h) are for those who know the terms.
 */
#ifndef PRESEC_UI_NARRATE_WORDS_H
#define PRESEC_UI_NARRATE_WORDS_H

#include "ui/ladder_fold.h"

/* "alice" of "<sip:alice.k3j9f...@home.example>;tag=1" and "alice.fy0d...@home.example": who is meant, without the
 * token that makes her identities of this run unlike all others. */
char *narrate_name(const char *identity) G_GNUC_WARN_UNUSED_RESULT;

/* A text of the trace with its identities put as narrate_name() does. */
char *narrate_plain(const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* Why a packet is discarded for this cause ("esp-bad-icv"), after "discards what came: "; NULL: no words for it. */
const char *narrate_drop_reason(const char *cause);

/* A whole sentence, or two, without a full stop at the end; NULL: no words of its own, the note will do.
 * @node: what the record's node is called */
char *narrate_state(const TraceRecord *record, const char *node) G_GNUC_WARN_UNUSED_RESULT;

#endif
