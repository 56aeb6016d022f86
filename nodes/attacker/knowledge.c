/*
 * nodes/attacker/knowledge.c - keeping what was read, what stayed closed, and the keys that open it.
 *
 * Source:  threats 2.0; TS 24.229 §7.2A.1 (SM4 and SM5 carry ik and ck).
 * Knows:   as nodes/attacker/knowledge.h.
 */
#include "nodes/attacker/private.h"

#include "nodes/msg/sip_auth.h"
#include "nodes/msg/sip_fields.h"

static void sealed_free(gpointer data)
{
    Sealed *sealed = data;
    g_byte_array_unref(sealed->octets);
    g_free(sealed->how);
    g_free(sealed);
}

static void keys_free(gpointer data)
{
    KnownKeys *keys = data;
    g_free(keys->from);
    g_free(keys);
}

static void radio_free(gpointer data)
{
    KnownRadioKey *key = data;
    g_free(key->segment);
    g_free(key->how);
    g_free(key);
}

void knowledge_init(Knowledge *knowledge, Sim *sim, const char *attacker)
{
    *knowledge = (Knowledge){ .sim = sim,
                              .attacker = attacker,
                              .readings = g_ptr_array_new_with_free_func(g_free),
                              .sealed = g_ptr_array_new_with_free_func(sealed_free),
                              .keys = g_ptr_array_new_with_free_func(keys_free),
                              .radio = g_ptr_array_new_with_free_func(radio_free),
                              .own = g_ptr_array_new_with_free_func(g_free),
                              .certs = g_ptr_array_new_with_free_func((GDestroyNotify)cert_free),
                              .stream = g_new(SimStream, 1),
                              .decoded = decoded_new(),
                              .digests = g_ptr_array_new_with_free_func(g_free),
                              .secrets = g_ptr_array_new_with_free_func(g_free),
                              .streams = g_hash_table_new_full(stream_hash, stream_equal, NULL, stream_free),
                              .victims = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, victim_free),
                              .texts = g_string_chunk_new(4096) };
    *knowledge->stream = sim_stream(sim, attacker, "attacker-cms", 0);
}

void knowledge_clear(Knowledge *knowledge)
{
    g_ptr_array_unref(knowledge->readings);
    g_ptr_array_unref(knowledge->sealed);
    g_ptr_array_unref(knowledge->keys);
    g_ptr_array_unref(knowledge->radio);
    g_ptr_array_unref(knowledge->own);
    g_ptr_array_unref(knowledge->certs);
    g_clear_pointer(&knowledge->opened_last, g_bytes_unref);
    g_hash_table_unref(knowledge->decoded);
    g_free(knowledge->stream);
    g_ptr_array_unref(knowledge->digests);
    g_ptr_array_unref(knowledge->secrets);
    g_hash_table_unref(knowledge->streams);
    g_hash_table_unref(knowledge->victims);
    g_clear_pointer(&knowledge->opened, g_hash_table_unref);
    g_string_chunk_free(knowledge->texts);
}

size_t knowledge_count(const Knowledge *knowledge)
{
    return knowledge->readings->len;
}

const Reading *knowledge_get(const Knowledge *knowledge, size_t i)
{
    return i < knowledge->readings->len ? knowledge->readings->pdata[i] : NULL;
}

Knowledge *knowledge_beginning(const Knowledge *knowledge, TraceId until)
{
    Knowledge *beginning = g_new(Knowledge, 1);

    *beginning = *knowledge;
    beginning->readings = g_ptr_array_new();
    for (guint i = 0; i < knowledge->readings->len; i++) {
        Reading *reading = knowledge->readings->pdata[i];
        if (reading->learned <= until)
            g_ptr_array_add(beginning->readings, reading);
    }
    return beginning;
}

void knowledge_beginning_free(Knowledge *beginning)
{
    g_ptr_array_unref(beginning->readings);
    g_free(beginning);
}

uint64_t knowledge_sealed(const Knowledge *knowledge)
{
    return knowledge->n_sealed;
}

/* Caused by the sending of the octets; offline work has no cause in the run. */
static TraceId learned(const Knowledge *knowledge, const char *what, const char *text, const char *how,
                       const Seen *seen)
{
    SimContext before = sim_context(knowledge->sim);
    if (!trace_enabled(knowledge->sim))
        return 0;
    sim_set_context(knowledge->sim, seen != NULL ? seen->context : (SimContext){ 0 });
    TraceId record = trace_add(knowledge->sim, &(TraceRecord){ .kind = TRACE_LEARN,
                                                               .node = knowledge->attacker,
                                                               .learn = { .attacker = knowledge->attacker,
                                                                          .what = what,
                                                                          .text = text,
                                                                          .how = how,
                                                                          .frame = seen != NULL ? seen->frame : 0 } });
    sim_set_context(knowledge->sim, before);
    return record;
}

/* --- keys --- */

void knowledge_add_keys(Knowledge *knowledge, const EspKeys *keys, const char *from, const Seen *seen)
{
    for (guint i = 0; i < knowledge->keys->len; i++) {
        const KnownKeys *known = knowledge->keys->pdata[i];
        if (memcmp(&known->keys, keys, sizeof *keys) == 0)
            return;
    }
    KnownKeys *known = g_new0(KnownKeys, 1);
    known->keys = *keys;
    known->from = g_strdup(from);
    g_ptr_array_add(knowledge->keys, known);
    learned(knowledge, "keys", from, "in the clear", seen);
}

void knowledge_add_radio_key(Knowledge *knowledge, const char *segment, RadioCipher cipher,
                             const uint8_t inner[RADIO_KEY_LEN], const char *how, double work_log2)
{
    KnownRadioKey *key = g_new0(KnownRadioKey, 1);
    key->segment = g_strdup(segment);
    key->cipher = cipher;
    memcpy(key->inner, inner, RADIO_KEY_LEN);
    key->how = g_strdup(how);
    key->work_log2 = work_log2;
    g_ptr_array_add(knowledge->radio, key);
    learned(knowledge, "radio key", segment, how, NULL);
}

/* SM4 and SM5 carry IK and CK: whoever reads them reads the UE's ESP (threats AT-04, AT-05). */
static void learn_keys(Knowledge *knowledge, const SipMsg *msg, const Seen *seen)
{
    SipDigest digest;
    EspKeys keys;
    if (!sip_digest(msg, SIP_H_WWW_AUTHENTICATE, &digest) || !text_to_octets(digest.ik, keys.ik, sizeof keys.ik) ||
        !text_to_octets(digest.ck, keys.ck, sizeof keys.ck))
        return;
    g_autofree char *from =
        g_strdup_printf("IK and CK from frame %" G_GUINT64_FORMAT " on %s", seen->frame, seen->segment);
    knowledge_add_keys(knowledge, &keys, from, seen);
}

/* --- secrets --- */

size_t knowledge_secrets(const Knowledge *knowledge)
{
    return knowledge->secrets->len;
}

const Secret *knowledge_secret(const Knowledge *knowledge, size_t i)
{
    return i < knowledge->secrets->len ? knowledge->secrets->pdata[i] : NULL;
}

void knowledge_add_secret(Knowledge *knowledge, SecretKind kind, const CapturedDigest *from, const char *text,
                          const char *how, double work_log2)
{
    Secret *secret = g_new0(Secret, 1);
    *secret = (Secret){ .kind = kind,
                        .username = from->username,
                        .realm = from->realm,
                        .text = g_string_chunk_insert(knowledge->texts, text),
                        .how = g_string_chunk_insert(knowledge->texts, how),
                        .work_log2 = work_log2,
                        .frame = from->seen.frame };
    g_ptr_array_add(knowledge->secrets, secret);
    knowledge->lessons++;
    g_autofree char *whose =
        g_strdup_printf("%s %s of %s", kind == SECRET_RES ? "RES" : "password", text, from->username);
    learned(knowledge, kind == SECRET_RES ? "RES" : "password", whose, secret->how, &from->seen);
}

/* --- what stays closed --- */

void knowledge_seal(Knowledge *knowledge, const Seen *seen, NetKind kind, const uint8_t *octets, size_t len,
                    const Layers *layers)
{
    knowledge->n_sealed++;
    if (knowledge->sealed_kept + len > SEALED_KEPT_MAX)
        return;
    Sealed *sealed = g_new0(Sealed, 1);
    sealed->seen = *seen;
    sealed->kind = kind;
    sealed->octets = g_byte_array_sized_new((guint)len);
    g_byte_array_append(sealed->octets, octets, (guint)len);
    sealed->how = g_strdup(layers->how->str);
    sealed->work_log2 = layers->work_log2;
    g_ptr_array_add(knowledge->sealed, sealed);
    knowledge->sealed_kept += len;
}

GPtrArray *knowledge_take_sealed(Knowledge *knowledge)
{
    GPtrArray *sealed = knowledge->sealed;
    knowledge->sealed = g_ptr_array_new_with_free_func(sealed_free);
    knowledge->sealed_kept = 0;
    knowledge->n_sealed -= MIN(knowledge->n_sealed, sealed->len);
    return sealed;
}

/* --- readings --- */

static const char *uri_of(const Knowledge *knowledge, const SipMsg *msg, SipHeaderId id)
{
    SipNameAddr addr;
    return sip_nameaddr(msg, id, &addr) ? plain_text(knowledge->texts, addr.uri) : "";
}

static bool is_document(const SipMsg *msg, const char *body)
{
    return sip_content_is(msg, "application/pidf+xml") || sip_content_is(msg, "application/watcherinfo+xml") ||
           strstr(body, "urn:ietf:params:xml:ns:pidf") != NULL ||
           strstr(body, "urn:ietf:params:xml:ns:watcherinfo") != NULL;
}

static void read_names(const Knowledge *knowledge, Reading *reading, const SipMsg *msg)
{
    GStringChunk *texts = knowledge->texts;
    SipHeaderId identity =
        sip_has(msg, SIP_H_P_ASSERTED_IDENTITY) ? SIP_H_P_ASSERTED_IDENTITY : SIP_H_P_PREFERRED_IDENTITY;
    SipDigest digest;
    SipCseq cseq;

    reading->what = msg->is_request ? "request" : "response";
    reading->is_request = msg->is_request;
    reading->status = msg->status;
    reading->method = msg->is_request ? msg->method : sip_cseq(msg, &cseq) ? cseq.method : SIP_METHOD_UNKNOWN;
    reading->request_uri = msg->is_request ? plain_text(texts, msg->uri) : "";
    reading->from = uri_of(knowledge, msg, SIP_H_FROM);
    reading->to = uri_of(knowledge, msg, SIP_H_TO);
    reading->asserted = uri_of(knowledge, msg, identity);
    reading->username = sip_digest(msg, SIP_H_AUTHORIZATION, &digest) ? plain_text(texts, digest.username) : "";
}

static void read_body(Knowledge *knowledge, Reading *reading, const SipMsg *msg)
{
    Plain plain = { .cms = decode_cms, .knowledge = knowledge };
    reading->body = plain_body(&plain, knowledge->texts, msg);
    if (plain.opened == NULL)
        return;
    g_autofree char *how = g_strdup_printf("%s, then S/MIME opened with the key of %s", reading->how, plain.opened);
    reading->how = g_string_chunk_insert_const(knowledge->texts, how);
}

static void place_reading(Knowledge *knowledge, Reading *reading, const Seen *seen, const Layers *layers)
{
    reading->frame = seen->frame;
    reading->segment = seen->segment;
    reading->at = seen->at;
    reading->dir = seen->dir;
    reading->context = seen->context;
    reading->how =
        layers->how->len > 0 ? g_string_chunk_insert_const(knowledge->texts, layers->how->str) : "in the clear";
    reading->work_log2 = layers->work_log2;
}

static Reading *reading_new(Knowledge *knowledge, const Seen *seen, const SipMsg *msg, const Layers *layers)
{
    GStringChunk *texts = knowledge->texts;
    Reading *reading = g_new0(Reading, 1);

    place_reading(knowledge, reading, seen, layers);
    reading->octets = g_string_chunk_insert_len(texts, msg->all.p, (gssize)msg->all.len);
    reading->len = msg->all.len;
    reading->headers = plain_text(texts, text_between(msg->all.p, msg->body.p));
    read_body(knowledge, reading, msg);
    read_names(knowledge, reading, msg);
    reading->carries_document = is_document(msg, reading->body);
    return reading;
}

void knowledge_read_sip(Knowledge *knowledge, const Seen *seen, const NetAddr *src, const NetAddr *dst, uint16_t sport,
                        uint16_t dport, const char *octets, size_t len, const Layers *layers)
{
    g_autofree SipMsg *msg = g_new(SipMsg, 1);

    if (sip_split(msg, octets, len) != SIP_OK)
        return;
    Reading *reading = reading_new(knowledge, seen, msg, layers);
    reading->src = *src;
    reading->dst = *dst;
    reading->sport = sport;
    reading->dport = dport;
    g_ptr_array_add(knowledge->readings, reading);
    learn_keys(knowledge, msg, seen);
    digests_read(knowledge, seen, msg);
    victim_learn_sip(knowledge, reading, msg);
    g_autofree char *first = text_dup(text_trim(msg->start_line));
    reading->learned = learned(knowledge, reading->what, first, reading->how, seen);
}

void knowledge_read_text(const Crossing *at, const char *what, const char *text)
{
    GStringChunk *texts = at->knowledge->texts;
    Reading *reading = g_new0(Reading, 1);

    place_reading(at->knowledge, reading, at->seen, at->layers);
    reading->src = *at->src;
    reading->dst = *at->dst;
    reading->sport = at->sport;
    reading->dport = at->dport;
    reading->what = what;
    reading->octets = reading->headers = g_string_chunk_insert_const(texts, text);
    reading->len = (uint32_t)strlen(text);
    reading->body = reading->request_uri = reading->from = reading->to = reading->asserted = reading->username = "";
    g_ptr_array_add(at->knowledge->readings, reading);
    reading->learned = learned(at->knowledge, what, text, reading->how, at->seen);
}
