/*
 * ui/narrate_message.h - what a message is for, in plain words, from what is in it.
 *
 * Source:  TS 33.203 §6.1.1 (SM1 to SM12), TS 24.229 §5, RFC 3265, RFC 3903, TS 29.228 §6, TS 33.102 §6.
 * Knows:   the trace: labels, cause links, and the text of SIP messages.
 */
#ifndef PRESEC_UI_NARRATE_MESSAGE_H
#define PRESEC_UI_NARRATE_MESSAGE_H

#include "ui/ladder_fold.h"

/* A clause that goes on after "alice sends REGISTER SM1 to P-CSCF: ", with where it is written: "it asks to be
 * registered, and offers ... [TS 33.203 §7.2]".  "" for a message that nobody has words for.
 * @record: SEND, or RECEIVE of what an attacker made */
char *narrate_message_purpose(const LadderFold *fold, const TraceRecord *record) G_GNUC_WARN_UNUSED_RESULT;

#endif
