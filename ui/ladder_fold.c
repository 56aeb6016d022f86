/*
 * ui/ladder_fold.c - what the records of a trace say together.
 *
 * Source:  ui/ladder_fold.h; TS 33.203 §6.1.1.
 * Knows:   cause links.  Records are numbered from 1 without gaps, so that an array serves as an index.
 */
#include "ui/ladder_fold.h"

#include <string.h>

enum { PREFIX_LEN = 48 }; /* octets of a message that are looked for in a frame: start line and what follows */

typedef struct {
    TraceId receive;                 /* of a SEND: its arrival */
    TraceId frame_first, frame_last; /* of a SEND: its crossings, chained by frame_next */
    TraceId frame_next;              /* of a FRAME */
    uint8_t sm;                      /* of a SEND */
    const char *owner;               /* of a SEND: the UE whose registration it belongs to */
    const char *serving;             /* of a SEND on the access: the attacker whose cell its sender is on */
} Note;

struct LadderFold {
    const Trace *trace;
    Note *notes;           /* by id */
    GHashTable *attackers; /* names, borrowed from the trace */
    GHashTable *serving;   /* node -> the attacker whose cell spoke to it last */
    bool access_attacked;  /* an attacker had a part in attaching */
};

const Trace *ladder_fold_trace(const LadderFold *fold)
{
    return fold->trace;
}

static bool is_sip_send(const TraceRecord *r)
{
    return r && r->kind == TRACE_SEND && r->message.protocol == TRACE_SIP;
}

static bool is_access(const TraceRecord *r)
{
    return r->message.protocol == TRACE_ACCESS || r->message.protocol == TRACE_DHCP;
}

static bool label_is(const TraceRecord *r, const char *label)
{
    size_t len = strlen(label);
    return strncmp(r->message.label, label, len) == 0 &&
           (r->message.label[len] == '\0' || r->message.label[len] == ' ');
}

/* ---- SM1 to SM12 ---- */

/* The SIP message that this one follows from. */
static const TraceRecord *sip_before(const Trace *trace, const TraceRecord *r)
{
    const TraceRecord *before = trace_get(trace, r->cause);
    while (before && !is_sip_send(before))
        before = trace_get(trace, before->cause);
    return before;
}

static bool is_same_message(const TraceRecord *a, const TraceRecord *b)
{
    return a->message.len == b->message.len && a->message.octets && b->message.octets &&
           memcmp(a->message.octets, b->message.octets, a->message.len) == 0;
}

static uint8_t sm_of(const LadderFold *fold, const TraceRecord *r)
{
    const TraceRecord *before = sip_before(fold->trace, r);
    uint8_t sm = before ? fold->notes[before->id].sm : 0;
    if (label_is(r, "REGISTER")) {
        if (before && strcmp(before->node, r->node) == 0 && label_is(before, "REGISTER"))
            return is_same_message(before, r) ? sm : 1; /* sent again, or begun anew after a time-out */
        if (sm == 1 || sm == 2 || sm == 7 || sm == 8)
            return (uint8_t)(sm + 1);
        if (sm == 6)
            return 7;
        /* The first of a registration comes from a UE, which no REGISTER came to before. */
        return before && label_is(before, "REGISTER") ? 0 : 1;
    }
    if (label_is(r, "401") && sm >= 3 && sm <= 5)
        return (uint8_t)(sm + 1);
    if (label_is(r, "200") && sm >= 9 && sm <= 11)
        return (uint8_t)(sm + 1);
    return 0;
}

/* ---- index ---- */

static void note_frame(LadderFold *fold, const TraceRecord *r)
{
    Note *send = &fold->notes[r->cause];
    if (send->frame_last != 0)
        fold->notes[send->frame_last].frame_next = r->id;
    else
        send->frame_first = r->id;
    send->frame_last = r->id;
}

/* The messages of a registration belong to the UE that began it, also those between others. */
static const char *owner_of(const LadderFold *fold, const TraceRecord *r)
{
    if (fold->notes[r->id].sm == 1 || fold->notes[r->id].sm == 7)
        return r->node;
    const TraceRecord *before = trace_get(fold->trace, r->cause);
    while (before && before->kind != TRACE_SEND)
        before = trace_get(fold->trace, before->cause);
    bool registers = before && (fold->notes[before->id].sm != 0 || before->message.protocol == TRACE_DIAMETER);
    bool ours = fold->notes[r->id].sm != 0 || r->message.protocol == TRACE_DIAMETER;
    return registers && ours ? fold->notes[before->id].owner : NULL;
}

static void note_send(LadderFold *fold, const TraceRecord *r)
{
    Note *kept = &fold->notes[r->id];
    if (is_sip_send(r))
        kept->sm = sm_of(fold, r);
    kept->owner = owner_of(fold, r);
    if (!is_access(r))
        return;
    kept->serving = g_hash_table_lookup(fold->serving, r->node);
    fold->access_attacked = fold->access_attacked || r->origin != 0;
}

static void note_receive(LadderFold *fold, const TraceRecord *r, const TraceRecord *cause)
{
    if (cause && cause->kind == TRACE_SEND && fold->notes[r->cause].receive == 0)
        fold->notes[r->cause].receive = r->id;
    if (!is_access(r))
        return;
    const TraceRecord *move = trace_get(fold->trace, r->origin);
    g_hash_table_insert(fold->serving, (char *)r->node, move ? (char *)move->move.attacker : NULL);
    fold->access_attacked = fold->access_attacked || move;
}

static void note(LadderFold *fold, const TraceRecord *r)
{
    const TraceRecord *cause = trace_get(fold->trace, r->cause);
    switch (r->kind) {
    case TRACE_SEND: note_send(fold, r); break;
    case TRACE_RECEIVE: note_receive(fold, r, cause); break;
    case TRACE_FRAME:
        if (cause)
            note_frame(fold, r);
        break;
    case TRACE_MOVE: g_hash_table_add(fold->attackers, (char *)r->move.attacker); break;
    case TRACE_LEARN: g_hash_table_add(fold->attackers, (char *)r->learn.attacker); break;
    case TRACE_DECISION:
    case TRACE_CIPHER:
    case TRACE_SA:
    case TRACE_TLS:
    case TRACE_REGISTRATION:
    case TRACE_SUBSCRIPTION:
    case TRACE_PUBLICATION:
    case TRACE_DISPLAY:
    case TRACE_OUTCOME:
    case TRACE_DROP:
    case TRACE_N_KINDS: break;
    }
}

LadderFold *ladder_fold_new(const Trace *trace)
{
    LadderFold *fold = g_new0(LadderFold, 1);
    fold->trace = trace;
    fold->notes = g_new0(Note, trace_count(trace) + 1);
    fold->attackers = g_hash_table_new(g_str_hash, g_str_equal);
    fold->serving = g_hash_table_new(g_str_hash, g_str_equal);
    for (TraceId id = 1; id <= trace_count(trace); id++)
        note(fold, trace_get(trace, id));
    return fold;
}

void ladder_fold_free(LadderFold *fold)
{
    if (!fold)
        return;
    g_hash_table_destroy(fold->attackers);
    g_hash_table_destroy(fold->serving);
    g_free(fold->notes);
    g_free(fold);
}

/* ---- answers ---- */

TraceId ladder_received(const LadderFold *fold, TraceId send)
{
    return fold->notes[send].receive;
}

const char *ladder_taken_by(const LadderFold *fold, TraceId send)
{
    return fold->notes[send].receive == 0 ? fold->notes[send].serving : NULL;
}

const char *ladder_owner(const LadderFold *fold, TraceId send)
{
    return fold->notes[send].owner;
}

bool ladder_is_forged(const LadderFold *fold, TraceId receive)
{
    const TraceRecord *r = trace_get(fold->trace, receive);
    const TraceRecord *cause = trace_get(fold->trace, r->cause);
    return cause && cause->kind == TRACE_MOVE;
}

unsigned ladder_sm(const LadderFold *fold, TraceId message)
{
    const TraceRecord *r = trace_get(fold->trace, message);
    if (r->kind == TRACE_SEND)
        return fold->notes[message].sm;
    /* What an attacker made of a message goes by that message's name; a message of his own does not. */
    const TraceRecord *move = trace_get(fold->trace, r->cause);
    if (move && move->kind == TRACE_MOVE && strcmp(move->move.verb, "send") == 0)
        return 0;
    const TraceRecord *before = sip_before(fold->trace, r);
    return before && strcmp(before->message.label, r->message.label) == 0 ? fold->notes[before->id].sm : 0;
}

bool ladder_is_attacker(const LadderFold *fold, const char *name)
{
    return g_hash_table_contains(fold->attackers, name);
}

char *ladder_label(const LadderFold *fold, TraceId message)
{
    const TraceRecord *r = trace_get(fold->trace, message);
    unsigned sm = ladder_sm(fold, message);
    bool status = g_ascii_isdigit(r->message.label[0]);
    g_autofree char *label =
        status ? g_strndup(r->message.label, strcspn(r->message.label, " ")) : g_strdup(r->message.label);
    if (sm != 0)
        return g_strdup_printf("%s SM%u", label, sm);
    bool named = status && r->message.method && *r->message.method;
    return named ? g_strdup_printf("%s %s", label, r->message.method) : g_steal_pointer(&label);
}

/* ---- crossings ---- */

TraceId ladder_first_frame(const LadderFold *fold, TraceId send)
{
    return fold->notes[send].frame_first;
}

TraceId ladder_next_frame(const LadderFold *fold, TraceId frame)
{
    return fold->notes[frame].frame_next;
}

bool ladder_crossed(const LadderFold *fold, TraceId send, const char *segment)
{
    size_t len = strlen(segment);
    for (TraceId id = ladder_first_frame(fold, send); id != 0; id = ladder_next_frame(fold, id)) {
        const char *crossed = trace_get(fold->trace, id)->frame.segment;
        if (strncmp(crossed, segment, len) == 0 && (crossed[len] == '\0' || crossed[len] == ':'))
            return true;
    }
    return false;
}

const char *ladder_node_name(const char *node)
{
    static const char *const names[][2] = {
        { "pcscf", "P-CSCF" }, { "pcscf2", "P-CSCF 2" }, { "pcscf3", "P-CSCF 3" }, { "neighbour", "other P-CSCF" },
        { "icscf", "I-CSCF" }, { "scscf", "S-CSCF" },    { "hss", "HSS" },         { "ps", "PS" },
    };
    if (g_str_has_prefix(node, "cell:"))
        return "cell";
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(names[i][0], node) == 0)
            return names[i][1];
    return node;
}

bool ladder_is_told(const LadderFold *fold, const TraceRecord *message)
{
    if (message->message.protocol == TRACE_DIAMETER)
        return strcmp(message->message.label, "CER") != 0 && strcmp(message->message.label, "CEA") != 0;
    return !is_access(message) || fold->access_attacked;
}

/* ---- what could be read where ---- */

typedef enum { SIGHT_NOTHING, SIGHT_SEALED, SIGHT_CLEAR } Sight;

typedef struct {
    const char *segment;
    size_t octets; /* that crossed here because of the message */
    bool clear;
} Crossing;

static bool shows(const TraceRecord *frame, const TraceRecord *send)
{
    size_t len = MIN(send->message.len, (size_t)PREFIX_LEN);
    return len > 0 && frame->frame.octets && send->message.octets &&
           memmem(frame->frame.octets, frame->frame.len, send->message.octets, len) != NULL;
}

static Crossing *crossing_of(GArray *crossings, const char *segment)
{
    for (guint i = 0; i < crossings->len; i++) {
        Crossing *crossing = &g_array_index(crossings, Crossing, i);
        if (strcmp(crossing->segment, segment) == 0)
            return crossing;
    }
    Crossing fresh = { .segment = segment };
    g_array_append_val(crossings, fresh);
    return &g_array_index(crossings, Crossing, crossings->len - 1);
}

/* A bare TCP acknowledgement says nothing about the message. */
static Sight sight_of(const Crossing *crossing, const TraceRecord *send)
{
    if (crossing->clear)
        return SIGHT_CLEAR;
    return crossing->octets >= send->message.len ? SIGHT_SEALED : SIGHT_NOTHING;
}

/* "air" of "air:bob", but the whole name when the message crossed two of that kind. */
static size_t shown_len(const GArray *crossings, const char *segment)
{
    size_t len = strcspn(segment, ":");
    for (guint i = 0; i < crossings->len; i++) {
        const char *other = g_array_index(crossings, Crossing, i).segment;
        if (strcmp(other, segment) != 0 && strncmp(other, segment, len) == 0 && (other[len] == ':' || !other[len]))
            return strlen(segment);
    }
    return len;
}

static const char *sight_text(Sight sight)
{
    switch (sight) {
    case SIGHT_NOTHING: return "";
    case SIGHT_SEALED: return ": sealed";
    case SIGHT_CLEAR: return ": in the clear";
    }
    g_assert_not_reached();
}

char *ladder_sight(const LadderFold *fold, TraceId send)
{
    const TraceRecord *r = trace_get(fold->trace, send);
    g_autoptr(GArray) crossings = g_array_new(FALSE, FALSE, sizeof(Crossing));
    for (TraceId id = fold->notes[send].frame_first; id != 0; id = fold->notes[id].frame_next) {
        const TraceRecord *frame = trace_get(fold->trace, id);
        Crossing *crossing = crossing_of(crossings, frame->frame.segment);
        crossing->octets += frame->frame.len;
        crossing->clear = crossing->clear || shows(frame, r);
    }
    GString *out = g_string_new(NULL);
    Sight last = SIGHT_NOTHING;
    for (guint i = 0; i < crossings->len; i++) {
        const Crossing *crossing = &g_array_index(crossings, Crossing, i);
        Sight sight = sight_of(crossing, r);
        if (sight == SIGHT_NOTHING)
            continue;
        if (last != SIGHT_NOTHING && sight != last)
            g_string_append_printf(out, "%s | ", sight_text(last));
        else if (last != SIGHT_NOTHING)
            g_string_append_c(out, ' ');
        g_string_append_len(out, crossing->segment, (gssize)shown_len(crossings, crossing->segment));
        last = sight;
    }
    g_string_append(out, sight_text(last));
    return g_string_free(out, FALSE);
}
