/*
 * scenarios/judge_message.h - what became of an instant message, and whether it was read on the way.
 *
 * Source:  S3 §2, option 1: "Presence (and most probably SIP based Instant Messaging also)"; RFC 3428.
 * Knows:   evidence, as scenarios/judge.h does.
 */
#ifndef PRESEC_SCENARIOS_JUDGE_MESSAGE_H
#define PRESEC_SCENARIOS_JUDGE_MESSAGE_H

#include "scenarios/judge.h"

typedef enum {
    MESSAGE_NONE,             /* nobody tried */
    MESSAGE_HIDDEN,           /* delivered, and not read by the reader */
    MESSAGE_READ,             /* delivered, and read on the way */
    MESSAGE_NOT_SENT,         /* the UE refused */
    MESSAGE_REFUSED,          /* refused on the way, before the reader could read it */
    MESSAGE_REFUSED_TOO_LATE, /* refused on the way, when it had been read */
    MESSAGE_FAILED            /* no answer */
} MessageFate;
/* "none", "hidden", "read", "not-sent", "refused", "refused-too-late", "failed" */
const char *message_fate_text(MessageFate fate);

/* The last message of @roles->presentity; @roles->reader: who listens, NULL: nobody. */
MessageFate judge_message(const Evidence *evidence, const JudgeRoles *roles);

#endif
