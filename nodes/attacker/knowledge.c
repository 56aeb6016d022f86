/*
 * nodes/attacker/knowledge.c - keeping what was read, and learning keys and names from it.
 */
#include "nodes/attacker/private.h"
#include "crypto/hash.h"
#include <stdio.h>
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

static void stream_free(gpointer data)
{
    Stream *stream = data;
    g_byte_array_unref(stream->octets);
    g_free(stream);
}

void knowledge_init(Knowledge *knowledge, Sim *sim, const char *attacker)
{
    *knowledge = (Knowledge){ .sim = sim,
                              .attacker = attacker,
                              .readings = g_ptr_array_new_with_free_func(g_free),
                              .sealed = g_ptr_array_new_with_free_func(sealed_free),
                              .keys = g_ptr_array_new_with_free_func(keys_free),
                              .radio = g_ptr_array_new_with_free_func(radio_free),
                              .streams = g_ptr_array_new_with_free_func(stream_free),
                              .texts = g_string_chunk_new(4096) };
}

void knowledge_clear(Knowledge *knowledge)
{
    g_ptr_array_unref(knowledge->readings);
    g_ptr_array_unref(knowledge->sealed);
    g_ptr_array_unref(knowledge->keys);
    g_ptr_array_unref(knowledge->radio);
    g_ptr_array_unref(knowledge->streams);
    g_string_chunk_free(knowledge->texts);
    g_free(knowledge->victim_impu);
    g_free(knowledge->victim_impi);
    g_free(knowledge->victim_home);
    g_free(knowledge->victim_authorization);
}

size_t knowledge_count(const Knowledge *knowledge)
{
    return knowledge->readings->len;
}

const Reading *knowledge_get(const Knowledge *knowledge, size_t i)
{
    return i < knowledge->readings->len ? knowledge->readings->pdata[i] : NULL;
}

uint64_t knowledge_sealed(const Knowledge *knowledge)
{
    return knowledge->n_sealed;
}

static void learned(Knowledge *knowledge, const char *what, const char *text, const char *how, uint64_t frame)
{
    if (!trace_enabled(knowledge->sim))
        return;
    trace_add(
        knowledge->sim,
        &(TraceRecord){
            .kind = TRACE_LEARN,
            .node = knowledge->attacker,
            .learn = { .attacker = knowledge->attacker, .what = what, .text = text, .how = how, .frame = frame } });
}

void knowledge_add_keys(Knowledge *knowledge, const EspKeys *keys, const char *from)
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
    learned(knowledge, "keys", from, "in the clear", 0);
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
    learned(knowledge, "radio key", segment, how, 0);
}

void knowledge_seal(Knowledge *knowledge, const Seen *seen, NetKind kind, const uint8_t *octets, size_t len,
                    const Layers *layers)
{
    Sealed *sealed = g_new0(Sealed, 1);
    sealed->seen = *seen;
    sealed->kind = kind;
    sealed->octets = g_byte_array_sized_new((guint)len);
    g_byte_array_append(sealed->octets, octets, (guint)len);
    sealed->how = g_strdup(layers->how->str);
    sealed->work_log2 = layers->work_log2;
    g_ptr_array_add(knowledge->sealed, sealed);
    knowledge->n_sealed++;
}

GPtrArray *knowledge_take_sealed(Knowledge *knowledge)
{
    GPtrArray *sealed = knowledge->sealed;
    knowledge->sealed = g_ptr_array_new_with_free_func(sealed_free);
    knowledge->n_sealed = 0;
    return sealed;
}

/* --- undoing what hides text without a key --- */

/* %HH and the XML entities; anything else as it is.  A NUL becomes a space, so that texts stay C strings. */
static const char *plain_text(Knowledge *knowledge, Text text)
{
    static const struct {
        const char *name;
        char c;
    } entities[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' }, { "&quot;", '"' }, { "&apos;", '\'' } };
    g_autoptr(GString) out = g_string_sized_new(text.len + 1);

    for (uint32_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        if (c == '%' && i + 2 < text.len && text_hex_digit(text.p[i + 1]) >= 0 && text_hex_digit(text.p[i + 2]) >= 0) {
            c = (char)(text_hex_digit(text.p[i + 1]) * 16 + text_hex_digit(text.p[i + 2]));
            i += 2;
        } else if (c == '&') {
            Text rest = text_after(text, i);
            unsigned number, used = 0;
            for (unsigned e = 0; e < G_N_ELEMENTS(entities) && used == 0; e++) {
                if (text_starts(rest, entities[e].name)) {
                    c = entities[e].c;
                    used = (unsigned)strlen(entities[e].name);
                }
            }
            char digits[12] = "";
            memcpy(digits, rest.p, MIN(rest.len, sizeof digits - 1));
            int end = 0;
            if (used == 0 &&
                (sscanf(digits, "&#x%5x;%n", &number, &end) == 1 || sscanf(digits, "&#%5u;%n", &number, &end) == 1) &&
                end > 0 && number < 128) {
                c = (char)number;
                used = (unsigned)end;
            }
            i += used > 0 ? used - 1 : 0;
        }
        g_string_append_c(out, c == '\0' ? ' ' : c);
    }
    return g_string_chunk_insert_len(knowledge->texts, out->str, (gssize)out->len);
}

static const char *decoded_body(Knowledge *knowledge, const SipMsg *msg)
{
    g_autofree uint8_t *octets = NULL;
    size_t len = 0;

    if (text_is_nocase(sip_value(msg, SIP_H_CONTENT_TRANSFER_ENCODING), "base64")) {
        octets = g_malloc(msg->body.len + 3);
        if (crypto_base64_decode(msg->body.p, msg->body.len, octets, msg->body.len + 3, &len))
            return plain_text(knowledge, text_of((const char *)octets, len));
    }
    return plain_text(knowledge, msg->body);
}

static const char *uri_of(Knowledge *knowledge, const SipMsg *msg, SipHeaderId id)
{
    SipNameAddr addr;
    return sip_nameaddr(msg, id, &addr) ? plain_text(knowledge, addr.uri) : "";
}

/* --- what a message teaches besides itself --- */

/* SM4 and SM5 carry IK and CK (TS 24.229 §7.2A.1): whoever reads them reads the UE's ESP. */
static void learn_keys(Knowledge *knowledge, const SipMsg *msg, const Seen *seen)
{
    SipDigest digest;
    EspKeys keys;
    if (!sip_digest(msg, SIP_H_WWW_AUTHENTICATE, &digest) || !text_to_octets(digest.ik, keys.ik, sizeof keys.ik) ||
        !text_to_octets(digest.ck, keys.ck, sizeof keys.ck))
        return;
    g_autofree char *from =
        g_strdup_printf("IK and CK from frame %" G_GUINT64_FORMAT " on %s", seen->frame, seen->segment);
    knowledge_add_keys(knowledge, &keys, from);
}

static void learn_names(Knowledge *knowledge, const Reading *reading, const SipMsg *msg)
{
    SipDigest digest;
    if (!reading->is_request || reading->method != SIP_REGISTER || reading->dir != NET_UP ||
        !sip_digest(msg, SIP_H_AUTHORIZATION, &digest))
        return;
    g_free(knowledge->victim_impu);
    g_free(knowledge->victim_impi);
    g_free(knowledge->victim_home);
    knowledge->victim_impu = g_strdup(reading->to);
    knowledge->victim_impi = text_dup(digest.username);
    knowledge->victim_home = text_dup(digest.realm);
    knowledge->victim_addr = reading->src;
    knowledge->pcscf_addr = reading->dst;
    if (digest.response.len > 0 && text_present(digest.nonce)) {
        g_free(knowledge->victim_authorization);
        knowledge->victim_authorization = text_dup(sip_value(msg, SIP_H_AUTHORIZATION));
    }
}

void knowledge_read_sip(Knowledge *knowledge, const Seen *seen, const NetAddr *src, const NetAddr *dst, uint16_t sport,
                        uint16_t dport, const char *octets, size_t len, const Layers *layers)
{
    SipMsg *msg = g_new(SipMsg, 1);
    GStringChunk *texts = knowledge->texts;
    SipDigest digest;

    if (sip_split(msg, octets, len) != SIP_OK) {
        g_free(msg);
        return;
    }
    SipCseq cseq;
    bool has_cseq = sip_cseq(msg, &cseq);
    Reading *reading = g_new0(Reading, 1);
    reading->frame = seen->frame;
    reading->segment = seen->segment;
    reading->at = seen->at;
    reading->dir = seen->dir;
    reading->context = seen->context;
    reading->src = *src;
    reading->dst = *dst;
    reading->sport = sport;
    reading->dport = dport;
    reading->how = layers->how->len > 0 ? g_string_chunk_insert(texts, layers->how->str) : "in the clear";
    reading->work_log2 = layers->work_log2;
    reading->is_request = msg->is_request;
    reading->method = msg->is_request ? msg->method : has_cseq ? cseq.method : SIP_METHOD_UNKNOWN;
    reading->status = msg->status;
    reading->octets = g_string_chunk_insert_len(texts, octets, (gssize)msg->all.len);
    reading->len = msg->all.len;
    reading->headers = plain_text(knowledge, text_between(msg->all.p, msg->body.p));
    reading->body = decoded_body(knowledge, msg);
    reading->request_uri = msg->is_request ? plain_text(knowledge, msg->uri) : "";
    reading->from = uri_of(knowledge, msg, SIP_H_FROM);
    reading->to = uri_of(knowledge, msg, SIP_H_TO);
    reading->asserted = sip_has(msg, SIP_H_P_ASSERTED_IDENTITY) ? uri_of(knowledge, msg, SIP_H_P_ASSERTED_IDENTITY)
                                                                : uri_of(knowledge, msg, SIP_H_P_PREFERRED_IDENTITY);
    reading->username = sip_digest(msg, SIP_H_AUTHORIZATION, &digest) ? plain_text(knowledge, digest.username) : "";
    reading->carries_document =
        sip_content_is(msg, "application/pidf+xml") || sip_content_is(msg, "application/watcherinfo+xml");
    g_ptr_array_add(knowledge->readings, reading);
    learn_keys(knowledge, msg, seen);
    learn_names(knowledge, reading, msg);
    g_autofree char *first =
        text_dup(text_first(msg->start_line, msg->start_line.len > 2 ? msg->start_line.len - 2 : 0));
    learned(knowledge, msg->is_request ? "request" : "response", first, reading->how, seen->frame);
    g_free(msg);
}
