/*
 * sim/trace.c - the records of sim/trace.h, in chunks that never move.
 *
 * Source:  the rule of causes in sim/trace.h.
 * Knows:   which members of a record are texts, and nothing of what they say.
 */
#include "sim/core.h"
#include "sim/trace.h"

#include <stdarg.h>
#include <string.h>

#define CHUNK_RECORDS   1024u
#define TEXT_CHUNK_SIZE ((gsize)64 * 1024)

struct Trace {
    GPtrArray *chunks; /* of CHUNK_RECORDS records each */
    GStringChunk *texts;
    size_t n_records, max_records, lost;
};

Trace *trace_new(size_t max_records)
{
    Trace *trace = g_new0(Trace, 1);

    trace->chunks = g_ptr_array_new_with_free_func(g_free);
    trace->texts = g_string_chunk_new(TEXT_CHUNK_SIZE);
    trace->max_records = MIN(max_records, UINT32_MAX - 1);
    return trace;
}

void trace_free(Trace *trace)
{
    g_ptr_array_free(trace->chunks, TRUE);
    g_string_chunk_free(trace->texts);
    g_free(trace);
}

/* --- copying --- */

static void keep_text(Trace *trace, const char **text)
{
    *text = *text == NULL ? "" : g_string_chunk_insert(trace->texts, *text);
}

/* Names that come again and again are kept once. */
static void keep_name(Trace *trace, const char **name)
{
    *name = *name == NULL ? "" : g_string_chunk_insert_const(trace->texts, *name);
}

static void keep_octets(Trace *trace, const uint8_t **octets, size_t len)
{
    if (*octets != NULL) {
        *octets = (const uint8_t *)g_string_chunk_insert_len(trace->texts, (const char *)*octets, (gssize)len);
    }
}

static void keep_members(Trace *trace, TraceRecord *r)
{
    switch (r->kind) {
    case TRACE_SEND:
    case TRACE_RECEIVE:
        keep_name(trace, &r->message.peer);
        keep_name(trace, &r->message.label);
        keep_name(trace, &r->message.method);
        keep_name(trace, &r->message.protection);
        keep_octets(trace, &r->message.octets, r->message.len);
        break;
    case TRACE_FRAME:
        keep_name(trace, &r->frame.segment);
        keep_octets(trace, &r->frame.octets, r->frame.len);
        break;
    case TRACE_DECISION:
        keep_name(trace, &r->decision.rule);
        keep_name(trace, &r->decision.clause);
        keep_text(trace, &r->decision.text);
        break;
    case TRACE_CIPHER:
        keep_name(trace, &r->cipher.link);
        keep_name(trace, &r->cipher.cipher);
        break;
    case TRACE_SA:
        keep_name(trace, &r->sa.user);
        keep_name(trace, &r->sa.alg);
        keep_name(trace, &r->sa.ealg);
        keep_text(trace, &r->sa.src);
        keep_text(trace, &r->sa.dst);
        keep_octets(trace, &r->sa.keys, 32);
        break;
    case TRACE_TLS:
        keep_text(trace, &r->tls.peer);
        keep_name(trace, &r->tls.version);
        keep_name(trace, &r->tls.suite);
        keep_text(trace, &r->tls.certificate);
        keep_text(trace, &r->tls.text);
        break;
    case TRACE_REGISTRATION:
        keep_name(trace, &r->registration.impi);
        keep_name(trace, &r->registration.impu);
        keep_text(trace, &r->registration.contact);
        break;
    case TRACE_SUBSCRIPTION:
        keep_name(trace, &r->subscription.watcher);
        keep_name(trace, &r->subscription.presentity);
        keep_name(trace, &r->subscription.package);
        keep_name(trace, &r->subscription.state);
        keep_name(trace, &r->subscription.event);
        keep_text(trace, &r->subscription.contact);
        break;
    case TRACE_PUBLICATION:
        keep_name(trace, &r->publication.publisher);
        keep_name(trace, &r->publication.presentity);
        keep_text(trace, &r->publication.etag);
        keep_text(trace, &r->publication.document);
        break;
    case TRACE_DISPLAY:
        keep_name(trace, &r->display.user);
        keep_name(trace, &r->display.from);
        keep_text(trace, &r->display.content);
        break;
    case TRACE_OUTCOME:
        keep_name(trace, &r->outcome.action);
        keep_name(trace, &r->outcome.target);
        keep_text(trace, &r->outcome.text);
        break;
    case TRACE_DROP:
        keep_name(trace, &r->drop.cause);
        keep_text(trace, &r->drop.text);
        break;
    case TRACE_MOVE:
        keep_name(trace, &r->move.attacker);
        keep_name(trace, &r->move.verb);
        keep_name(trace, &r->move.segment);
        keep_text(trace, &r->move.text);
        break;
    case TRACE_LEARN:
        keep_name(trace, &r->learn.attacker);
        keep_name(trace, &r->learn.what);
        keep_text(trace, &r->learn.text);
        keep_text(trace, &r->learn.how);
        break;
    case TRACE_N_KINDS: g_assert_not_reached();
    }
}

/* Whether what follows in the event follows from this record. */
static bool becomes_cause(TraceKind kind)
{
    return kind != TRACE_FRAME && kind != TRACE_DROP && kind != TRACE_LEARN;
}

/* --- adding --- */

static TraceId append(Sim *sim, const TraceRecord *record)
{
    Trace *trace = sim->trace;

    if (trace->n_records == trace->max_records) {
        trace->lost++;
        return 0;
    }
    if (trace->n_records % CHUNK_RECORDS == 0) {
        g_ptr_array_add(trace->chunks, g_new(TraceRecord, CHUNK_RECORDS));
    }
    TraceRecord *chunk = g_ptr_array_index(trace->chunks, trace->n_records / CHUNK_RECORDS);
    TraceRecord *kept = &chunk[trace->n_records % CHUNK_RECORDS];
    *kept = *record;
    kept->id = (TraceId)++trace->n_records;
    kept->at = sim->now;
    kept->cause = record->cause != 0 ? record->cause : sim->context.cause;
    kept->origin = record->origin != 0 ? record->origin : sim->context.origin;
    keep_name(trace, &kept->node);
    keep_members(trace, kept);
    if (becomes_cause(kept->kind)) {
        sim->context.cause = kept->id;
    }
    return kept->id;
}

TraceId trace_add(Sim *sim, const TraceRecord *record)
{
    return sim->trace_on ? append(sim, record) : 0;
}

TraceId trace_decision(Sim *sim, const char *node, const char *rule, const char *clause, const char *format, ...)
{
    if (!sim->trace_on) {
        return 0;
    }
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    return append(sim, &(TraceRecord){ .kind = TRACE_DECISION,
                                       .node = node,
                                       .decision = { .rule = rule, .clause = clause, .text = text } });
}

TraceId trace_drop(Sim *sim, const char *node, const char *cause, const char *format, ...)
{
    if (!sim->trace_on) {
        return 0;
    }
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    return append(sim, &(TraceRecord){ .kind = TRACE_DROP, .node = node, .drop = { .cause = cause, .text = text } });
}

bool trace_enabled(const Sim *sim)
{
    return sim->trace_on;
}

/* --- reading --- */

size_t trace_count(const Trace *trace)
{
    return trace->n_records;
}

Trace *trace_beginning(const Trace *trace, size_t n)
{
    Trace *beginning = g_new(Trace, 1);

    *beginning = *trace;
    beginning->n_records = MIN(n, trace->n_records);
    return beginning;
}

void trace_beginning_free(Trace *beginning)
{
    g_free(beginning);
}

const TraceRecord *trace_get(const Trace *trace, TraceId id)
{
    if (id == 0 || id > trace->n_records) {
        return NULL;
    }
    const TraceRecord *chunk = g_ptr_array_index(trace->chunks, (id - 1) / CHUNK_RECORDS);
    return &chunk[(id - 1) % CHUNK_RECORDS];
}

size_t trace_lost(const Trace *trace)
{
    return trace->lost;
}

size_t trace_count_drops(const Trace *trace, const char *node, const char *cause)
{
    size_t n = 0;

    for (size_t id = 1; id <= trace->n_records; id++) {
        const TraceRecord *record = trace_get(trace, (TraceId)id);
        if (record->kind == TRACE_DROP && strcmp(record->drop.cause, cause) == 0 &&
            (node[0] == '\0' || strcmp(record->node, node) == 0)) {
            n++;
        }
    }
    return n;
}
