/*
 * ui/dash/story.h - a finished run as the dashboard reads it: records in order, what they add up to at any of them, and
 *                   the moments worth stopping at.
 *
 * Knows:   the trace, the judge's verdicts over its beginnings.  It looks into no node: every view is a fold over state
 *          records, so a step back is a smaller number and nothing else.
 *
 * A position is the number of records that have happened: 0 before the first, story_length() after the last.
 */
#ifndef PRESEC_UI_DASH_STORY_H
#define PRESEC_UI_DASH_STORY_H

#include "scenarios/run.h"
#include "ui/ladder_cast.h"

typedef struct Story Story;
/* @result: finished, with trace and frames; borrowed. */
Story *story_new(const Scenario *scenario, const RunResult *result);
void story_free(Story *story);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Story, story_free)
const Scenario *story_scenario(const Story *story);
const RunResult *story_result(const Story *story);
const Trace *story_trace(const Story *story);
const LadderFold *story_fold(const Story *story);
TraceId story_length(const Story *story);
SimTime story_time(const Story *story, TraceId at); /* of the record at that position; 0 before the first */

/* --- what is so at a position --- */

/* Records that describe what exists now, each the newest of its thing, in order of the thing's first record. */
typedef enum {
    NOW_CIPHERS,       /* TRACE_CIPHER by link */
    NOW_SAS,           /* TRACE_SA that were made and not deleted, by node and SPI */
    NOW_TLS,           /* TRACE_TLS by node and connection, open ones */
    NOW_REGISTRATIONS, /* TRACE_REGISTRATION by IMPU, made ones */
    NOW_SUBSCRIPTIONS, /* TRACE_SUBSCRIPTION by watcher, presentity and package */
    NOW_PUBLICATIONS,  /* TRACE_PUBLICATION by presentity and publisher, not removed ones */
    NOW_DISPLAYS,      /* TRACE_DISPLAY by user and from */
    NOW_N
} NowKind;
/* Borrowed until the next call with this kind. */
const GArray *story_now(Story *story, TraceId at, NowKind kind); /* of TraceId */
/* The newest of them at one place: a node, of a radio link the link ("air:bob").  NULL: there is none. */
const TraceRecord *story_newest(const Story *story, TraceId at, NowKind kind, const char *place);
/* The highest sequence number that was seen on the wire under an SA (a TRACE_SA record); 0: none. */
uint32_t story_sequence(const Story *story, TraceId at, const TraceRecord *sa);
/* Whether packets crossed a segment, "air:bob" or, any, "air". */
bool story_has_segment(const Story *story, const char *name);
/* The node that sends from "2001:db8::1", or from "2001:db8::1 5060"; NULL: nobody does. */
const char *story_host(const Story *story, const char *address);

/* --- positions --- */

/* In ascending order, of TraceId, borrowed; never NULL. */
const GArray *story_told(const Story *story); /* every record that has words */
const GArray *story_of_node(const Story *story, const char *node);
const GArray *story_of_attacker(const Story *story, const char *name); /* his moves and gains */
const GArray *story_gains(const Story *story, const char *name);       /* his gains alone */
/* How many of such positions are at or before this one. */
guint positions_until(const GArray *positions, TraceId at);
TraceId positions_get(const GArray *positions, guint i);

/* --- moments --- */

typedef enum {
    MOMENT_MESSAGE, /* a SEND that is told */
    MOMENT_FAILURE, /* an OUTCOME that is none of 2xx, a DROP */
    MOMENT_GAIN,    /* a LEARN */
    MOMENT_MOVE,    /* a MOVE */
    MOMENT_FLIP,    /* the verdict of a property changes */
    MOMENT_N
} MomentKind;
const GArray *story_moments(const Story *story, MomentKind kind); /* of TraceId, ascending */
/* The first such position after @at (@forward) or the last before it; 0: none.  @node: "" = anybody's. */
TraceId story_seek(const Story *story, TraceId at, bool forward, MomentKind kind, const char *node);
/* The next or previous record of this node; 0: none. */
TraceId story_next_of_node(const Story *story, TraceId at, bool forward, const char *node);
/* The next or previous record that has words; 0: none. */
TraceId story_next_told(const Story *story, TraceId at, bool forward);
/* The first position at or after this time. */
TraceId story_at_time(const Story *story, SimTime time);

/* --- properties --- */

typedef struct Flip {
    TraceId at; /* the position from which on it is so */
    Property property;
    Verdict verdict;
    const Judgement *why; /* witness and reason */
} Flip;
/* In order of position; verdicts are judged over the beginning of the trace alone.  Properties that a single run cannot
 * show (udp, wlan) are not there.  A verdict that changes and changes back between two looks is not seen: looks halve
 * what lies between two that differ. */
const GArray *story_flips(const Story *story);                                /* of Flip */
const Flip *story_verdict(const Story *story, TraceId at, Property property); /* NULL: not judged */

/* --- breakpoints --- */

typedef enum { BREAK_MESSAGE, BREAK_NODE, BREAK_LEARNS, BREAK_FLIP, BREAK_TEXT } BreakKind;
typedef struct Break {
    BreakKind kind;
    char *what; /* "NOTIFY", "pcscf", "ck", "notify-body-air" or "" = any, a text of the narration */
} Break;
/* "NOTIFY", "node:pcscf", "learns:ck", "flips", "flips:P2", "text:refuses".  False: @error says what is allowed. */
bool break_parse(const char *text, Break *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void break_clear(Break *condition);
char *break_text(const Break *condition) G_GNUC_WARN_UNUSED_RESULT; /* as it is written */
bool story_breaks(Story *story, TraceId at, const Break *condition);

/* --- words --- */

/* One or two sentences on the record at a position, with the clause where a rule decided; "" when it is not told. */
char *story_narration(Story *story, TraceId at) G_GNUC_WARN_UNUSED_RESULT;

#endif
