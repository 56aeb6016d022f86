/*
 * scenarios/costs_air.c - octets, packets and messages on the radio, by what they are for.
 *
 * Source:  scenarios/costs.h.  A packet belongs to the SIP transaction that its chain of causes leads to first: TCP and
 *          TLS send nothing by themselves.  What leads to none belongs to the registration under way: a connection that
 *          is opened before the first REGISTER has no message yet.
 * Knows:   one trace.
 */
#include "scenarios/costs_private.h"

#include <string.h>

/* The registrations of one UE: [begin, next begin), each under way until its outcome. */
typedef struct Registrations {
    GArray *begin, *end; /* SimTime */
} Registrations;

typedef struct Tally {
    uint64_t octets, packets, messages;
} Tally;

typedef struct Air {
    const Trace *trace;
    const char *ue;
    char *segment;
    Registrations registrations;
    Tally tally[N_COST_KINDS];
} Air;

/* ---- when registrations were under way ---- */

static bool is_outcome(const TraceRecord *r, const char *ue, const char *action)
{
    return r->kind == TRACE_OUTCOME && strcmp(r->node, ue) == 0 && strcmp(r->outcome.action, action) == 0;
}

static bool is_register(const TraceRecord *r, const char *ue)
{
    return r->kind == TRACE_SEND && r->message.protocol == TRACE_SIP && strcmp(r->node, ue) == 0 &&
           strcmp(r->message.label, "REGISTER") == 0;
}

SimTime costs_registration_begins(const Trace *trace, const char *ue)
{
    SimTime attached = -1;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (is_outcome(r, ue, "attach"))
            attached = r->at; /* registration goes on at once */
        else if (is_register(r, ue) || is_outcome(r, ue, "register"))
            return attached >= 0 ? attached : r->at;
    }
    return -1;
}

static Registrations find_registrations(const Trace *trace, const char *ue)
{
    Registrations found = { g_array_new(FALSE, FALSE, sizeof(SimTime)), g_array_new(FALSE, FALSE, sizeof(SimTime)) };
    SimTime begin = costs_registration_begins(trace, ue);
    bool under_way = begin >= 0;
    if (under_way)
        g_array_append_val(found.begin, begin);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (is_outcome(r, ue, "register")) {
            g_array_append_val(found.end, r->at);
            under_way = false;
        } else if (is_register(r, ue) && !under_way) {
            g_array_append_val(found.begin, r->at);
            under_way = true;
        }
    }
    return found;
}

static bool registration_under_way(const Registrations *registrations, SimTime at)
{
    for (guint i = 0; i < registrations->begin->len; i++) {
        bool ended = i < registrations->end->len && g_array_index(registrations->end, SimTime, i) < at;
        if (g_array_index(registrations->begin, SimTime, i) <= at && !ended)
            return true;
    }
    return false;
}

static CostKind registration_at(const Registrations *registrations, SimTime at)
{
    bool later = registrations->begin->len > 1 && g_array_index(registrations->begin, SimTime, 1) <= at;
    return later ? COST_REREGISTRATION : COST_REGISTRATION;
}

/* ---- what a packet is for ---- */

typedef enum { CHAIN_SIP, CHAIN_LINK, CHAIN_NOTHING } ChainEnd;

static bool is_message(const TraceRecord *r)
{
    return r->kind == TRACE_SEND || r->kind == TRACE_RECEIVE;
}

/* Up the causes to the first message. */
static ChainEnd first_message(const Trace *trace, TraceId cause, const TraceRecord **message)
{
    for (const TraceRecord *r = trace_get(trace, cause); r; r = trace_get(trace, r->cause)) {
        *message = r;
        if (is_message(r))
            return r->message.protocol == TRACE_SIP ? CHAIN_SIP : CHAIN_LINK;
    }
    return CHAIN_NOTHING;
}

/* Attachment, ciphering commands and the search for a P-CSCF are the access network's. */
static bool is_link_signalling(const Trace *trace, const TraceRecord *frame)
{
    const TraceRecord *cause = trace_get(trace, frame->cause);
    return frame->frame.kind == NET_LINK ||
           (cause && is_message(cause) && cause->message.protocol != TRACE_SIP && cause->message.protocol != TRACE_TCP);
}

static CostKind kind_of_method(const Air *air, const char *method, SimTime at)
{
    static const struct {
        const char *method;
        CostKind kind;
    } kinds[] = { { "PUBLISH", COST_PUBLISH },
                  { "SUBSCRIBE", COST_SUBSCRIBE },
                  { "NOTIFY", COST_NOTIFY },
                  { "OPTIONS", COST_CERTIFICATE } };
    if (strcmp(method, "REGISTER") == 0)
        return registration_at(&air->registrations, at);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i].method, method) == 0)
            return kinds[i].kind;
    return N_COST_KINDS;
}

static CostKind kind_of_frame(const Air *air, const TraceRecord *frame)
{
    const TraceRecord *message = NULL;
    if (is_link_signalling(air->trace, frame))
        return N_COST_KINDS;
    if (first_message(air->trace, frame->cause, &message) == CHAIN_SIP)
        return kind_of_method(air, message->message.method, frame->at);
    return registration_under_way(&air->registrations, frame->at) ? registration_at(&air->registrations, frame->at)
                                                                  : N_COST_KINDS;
}

static void count(Air *air, const TraceRecord *r)
{
    CostKind kind = N_COST_KINDS;
    if (r->kind == TRACE_FRAME && strcmp(r->frame.segment, air->segment) == 0) {
        kind = kind_of_frame(air, r);
        if (kind != N_COST_KINDS) {
            air->tally[kind].octets += r->frame.len;
            air->tally[kind].packets++;
        }
    } else if (is_message(r) && strcmp(r->node, air->ue) == 0 && r->message.protocol == TRACE_SIP) {
        kind = kind_of_method(air, r->message.method, r->at);
        if (kind != N_COST_KINDS)
            air->tally[kind].messages++;
    }
}

static void air_init(Air *air, const Trace *trace, const char *ue)
{
    *air = (Air){ .trace = trace, .ue = ue, .segment = g_strdup_printf("air:%s", ue) };
    air->registrations = find_registrations(trace, ue);
    for (TraceId id = 1; id <= trace_count(trace); id++)
        count(air, trace_get(trace, id));
}

static void air_clear(Air *air)
{
    g_free(air->segment);
    g_array_unref(air->registrations.begin);
    g_array_unref(air->registrations.end);
}

/* ---- for each time ---- */

/* How often it was done; what was refused before anything was sent costs nothing. */
static unsigned times(const Air *air, const char *action)
{
    unsigned n = 0;
    for (TraceId id = 1; id <= trace_count(air->trace); id++) {
        const TraceRecord *r = trace_get(air->trace, id);
        n += is_outcome(r, air->ue, action) && r->outcome.status != 0;
    }
    return n;
}

static unsigned each(uint64_t sum, unsigned n)
{
    return n > 0 ? (unsigned)((sum + n / 2) / n) : 0;
}

static void put(CostAir *out, const Air *air, CostKind kind, unsigned n)
{
    const Tally *tally = &air->tally[kind];
    *out = (CostAir){ .times = n,
                      .octets = each(tally->octets, n),
                      .packets = each(tally->packets, n),
                      .messages = each(tally->messages, n) };
}

void costs_air(const CompareRun *run, const char *presentity, const char *watcher, Costs *out)
{
    const Trace *trace = run->exhibits.evidence.trace;
    Air hers, his;
    air_init(&hers, trace, presentity);
    air_init(&his, trace, watcher);
    unsigned registrations = hers.registrations.begin->len;
    put(&out->air[COST_REGISTRATION], &hers, COST_REGISTRATION, registrations > 0 ? 1 : 0);
    put(&out->air[COST_REREGISTRATION], &hers, COST_REREGISTRATION, registrations > 1 ? registrations - 1 : 0);
    put(&out->air[COST_PUBLISH], &hers, COST_PUBLISH, times(&hers, "publish"));
    put(&out->air[COST_SUBSCRIBE], &his, COST_SUBSCRIBE, times(&his, "subscribe"));
    put(&out->air[COST_NOTIFY], &his, COST_NOTIFY, times(&his, "notify"));
    Tally both = { hers.tally[COST_CERTIFICATE].octets + his.tally[COST_CERTIFICATE].octets,
                   hers.tally[COST_CERTIFICATE].packets + his.tally[COST_CERTIFICATE].packets,
                   hers.tally[COST_CERTIFICATE].messages + his.tally[COST_CERTIFICATE].messages };
    hers.tally[COST_CERTIFICATE] = both;
    put(&out->air[COST_CERTIFICATE], &hers, COST_CERTIFICATE, (unsigned)both.messages / 2);
    air_clear(&hers);
    air_clear(&his);
}
