/*
 * nodes/attacker/edit_body.c - bodies changed by somebody without the sender's key, and with keys of his own.
 *
 * Source:  threats AT-49 (a substituted certificate), AT-51 (an old body in a new message), AT-52 (splicing), AT-53
 *          (CBC without integrity); RFC 5652 §6; RFC 3261 §23.2 (certificates travel in the exchange itself).
 * Knows:   octets, certificates that he has seen, and his own keys.  A recipient's public key is everybody's: only a
 *          signature inside tells who encrypted.
 */
#include "nodes/attacker/private.h"

#include "nodes/msg/sip_fields.h"

/* --- old bodies --- */

static bool wants_old_body(const Move *move)
{
    for (unsigned i = 0; i < move->n_edits; i++)
        if (move->edits[i].kind == EDIT_OLD_BODY)
            return true;
    return false;
}

void body_keep(BodyEditor *editor, const Move *move, const SipMsg *msg)
{
    if (editor->old != NULL || msg->body.len == 0 || move->verb != MOVE_EDIT || !wants_old_body(move))
        return;
    editor->old = g_bytes_new(msg->body.p, msg->body.len);
    editor->old_type = text_dup(sip_value(msg, SIP_H_CONTENT_TYPE));
}

void body_editor_clear(BodyEditor *editor)
{
    g_clear_pointer(&editor->old, g_bytes_unref);
    g_clear_pointer(&editor->old_type, g_free);
}

static GBytes *old_body(const BodyEditor *editor, const SipMsg *msg, char **type)
{
    if (editor->old == NULL || msg->body.len == 0)
        return NULL;
    *type = g_strdup(editor->old_type);
    return g_bytes_ref(editor->old);
}

/* --- flipped bits --- */

/*
 * CBC: P[n] = D(C[n]) xor C[n-1], with the IV as C[-1].  What is xored into a block's predecessor is xored into the
 * block; the predecessor itself decrypts to something that nobody can choose.
 */
static GBytes *flipped_body(const SipMsg *msg, const MoveEdit *change)
{
    const uint8_t *der = (const uint8_t *)msg->body.p;
    size_t n = strlen(change->param), offset = strtoul(change->header, NULL, 10);
    CmsCiphertext at;

    if (strlen(change->value) != n || !cms_ciphertext(der, msg->body.len, &at) || offset > at.len ||
        n > at.len - offset)
        return NULL;
    uint8_t *copy = g_memdup2(der, msg->body.len);
    for (size_t i = 0; i < n; i++) {
        size_t place = offset + i;
        uint8_t *before = place < at.iv_len ? copy + at.iv + place : copy + at.content + place - at.iv_len;
        *before ^= (uint8_t)(change->param[i] ^ change->value[i]);
    }
    return g_bytes_new_take(copy, msg->body.len);
}

/* --- encrypted to somebody --- */

static GBytes *sealed_to(const Knowledge *knowledge, const Cert *whom, GBytes *content, const SipMsg *like)
{
    CryptoRandom random = knowledge_random(knowledge);
    CmsCiphertext at;
    bool known = cms_ciphertext((const uint8_t *)like->body.p, like->body.len, &at);
    CmsCipher cipher = known && at.iv_len == 8 ? CMS_DES_EDE3_CBC : CMS_AES_128_CBC;
    gsize len;
    const uint8_t *octets = g_bytes_get_data(content, &len);
    return cms_envelope(octets, len, &whom, 1, cipher, &random);
}

static const Cert *cert_of_party(const Knowledge *knowledge, const SipMsg *msg, SipHeaderId id)
{
    SipNameAddr party;
    if (!sip_nameaddr(msg, id, &party))
        return NULL;
    g_autofree char *uri = text_dup(party.uri);
    return knowledge_cert_of(knowledge, (CertName){ CERT_NAME_URI, uri });
}

/* Whom the body is encrypted to now: by the number in it if he has seen that certificate, else by To. */
static const Cert *recipient_of(const Knowledge *knowledge, const SipMsg *msg)
{
    CertId id;
    size_t n = cms_recipients((const uint8_t *)msg->body.p, msg->body.len, &id, 1);
    const Cert *cert = n > 0 ? knowledge_cert_with(knowledge, &id) : NULL;
    return cert != NULL && !knowledge_owns(knowledge, cert) ? cert : cert_of_party(knowledge, msg, SIP_H_TO);
}

static bool is_enveloped(const SipMsg *msg)
{
    return cms_kind((const uint8_t *)msg->body.p, msg->body.len) == CMS_KIND_ENVELOPED;
}

/* --- a content of his own --- */

static void replace_text(GString *text, const char *what, Text with)
{
    size_t n = strlen(what), at = 0;
    for (const char *hit; (hit = strstr(text->str + at, what)) != NULL; at += with.len) {
        at = (size_t)(hit - text->str);
        g_string_erase(text, (gssize)at, (gssize)n);
        g_string_insert_len(text, (gssize)at, with.p, with.len);
    }
}

/* Lines without the file's indentation, ended by CRLF up to the first empty one; then the body as it stands. */
static GString *entity_of(const char *text, const SipMsg *msg, Text *type, Text *body)
{
    GString *entity = g_string_new(NULL);
    SipNameAddr from, to;
    while (g_ascii_isspace(*text))
        text++;
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        g_autofree char *line = g_strstrip(g_strndup(text, len));
        text += text[len] == '\n' ? len + 1 : len;
        if (line[0] == '\0')
            break;
        g_string_append_printf(entity, "%s\r\n", line);
    }
    g_autofree char *rest = g_strstrip(g_strdup(text));
    g_string_append_printf(entity, "\r\n%s", rest);
    replace_text(entity, "${from}", sip_nameaddr(msg, SIP_H_FROM, &from) ? from.uri : TEXT(""));
    replace_text(entity, "${to}", sip_nameaddr(msg, SIP_H_TO, &to) ? to.uri : TEXT(""));
    Text all = text_of(entity->str, entity->len);
    uint32_t end = text_find_text(all, TEXT("\r\n\r\n"));
    *body = text_after(all, end + 4);
    *type = text_starts(all, "Content-Type:") ? text_trim(text_between(all.p + 13, all.p + text_find(all, '\r')))
                                              : TEXT("application/pidf+xml");
    return entity;
}

static GBytes *own_body(const BodyEditor *editor, const SipMsg *msg, const MoveEdit *change, char **type)
{
    const Knowledge *knowledge = &editor->attacker->knowledge;
    Text content_type, body;
    GBytes *result = NULL;

    if (msg->body.len == 0)
        return NULL;
    GString *entity = entity_of(change->value, msg, &content_type, &body);
    if (!is_enveloped(msg)) {
        *type = text_dup(content_type);
        result = g_bytes_new(body.p, body.len);
    } else {
        const Cert *whom = recipient_of(knowledge, msg);
        g_autoptr(GBytes) content = g_bytes_new(entity->str, entity->len);
        if (whom != NULL)
            result = sealed_to(knowledge, whom, content, msg);
    }
    g_string_free(entity, TRUE);
    return result;
}

/* --- certificates of his --- */

static int64_t unix_now(const Attacker *attacker)
{
    return sim_unix_time(attacker->sim);
}

/* A certificate with all names of @genuine, of a CA that nobody trusts. */
static const Cert *forged_like(Attacker *attacker, const Cert *genuine)
{
    enum { NAMES_MAX = 8, DAY = 86400 };
    CryptoRandom random = knowledge_random(&attacker->knowledge);
    CertName names[NAMES_MAX];
    size_t n = MIN(cert_n_names(genuine), NAMES_MAX);
    int64_t now = unix_now(attacker);

    if (attacker->ca == NULL) {
        attacker->ca = ca_new("CA", cert_key_generate(CERT_KEY_EC_P256, &random), now - DAY, now + DAY, &random);
        attacker->forged_key = cert_key_generate(CERT_KEY_EC_P256, &random);
    }
    for (size_t i = 0; i < n; i++)
        names[i] = cert_name(genuine, i);
    CaRequest request = { .subject = cert_subject(genuine),
                          .names = names,
                          .n_names = n,
                          .key = attacker->forged_key,
                          .valid_from = now - DAY,
                          .valid_until = now + DAY };
    Cert *cert = ca_issue(attacker->ca, &request, &random);
    if (cert == NULL)
        return NULL;
    g_ptr_array_add(attacker->forged, cert);
    knowledge_own(&attacker->knowledge, cert, attacker->forged_key);
    return cert;
}

/* The one that he showed before in the place of @genuine, else a new one. */
static const Cert *certificate_instead_of(Attacker *attacker, const Cert *genuine, const char *kind)
{
    for (guint i = 0; i < attacker->substitutions->len; i++) {
        const Substitution *done = &g_array_index(attacker->substitutions, Substitution, i);
        if (cert_id_equal(cert_id(done->genuine), cert_id(genuine)))
            return done->his;
    }
    const Cert *his = strcmp(kind, "own") == 0 ? attacker->config.credentials.cert : forged_like(attacker, genuine);
    if (his != NULL)
        g_array_append_val(attacker->substitutions, ((Substitution){ his, genuine }));
    return his;
}

static const CertKey *key_of(const Knowledge *knowledge, const Cert *cert)
{
    for (guint i = 0; i < knowledge->own->len; i++) {
        const OwnKey *own = knowledge->own->pdata[i];
        if (own->cert == cert)
            return own->key;
    }
    return NULL;
}

/* What was signed is signed by him, and his certificate travels along. */
static GBytes *signed_by_him(Attacker *attacker, const Cert *his, GBytes *content)
{
    CryptoRandom random = knowledge_random(&attacker->knowledge);
    CmsSigner signer = { .cert = his,
                         .key = key_of(&attacker->knowledge, his),
                         .hash = CMS_SHA256,
                         .with_certificate = true,
                         .signing_time = unix_now(attacker) };
    gsize len;
    const uint8_t *octets = g_bytes_get_data(content, &len);
    return signer.key != NULL ? cms_sign(octets, len, &signer, &random) : NULL;
}

static GBytes *substituted_body(Attacker *attacker, const SipMsg *msg, const char *kind)
{
    const uint8_t *der = (const uint8_t *)msg->body.p;
    size_t len = msg->body.len;
    g_autoptr(GPtrArray) certs = cms_certificates(der, len);
    g_autoptr(GBytes) content = cms_signed_content(der, len);
    g_autoptr(Cert) bare = certs == NULL ? cert_from_der(der, len) : NULL;
    const Cert *shown = bare != NULL ? bare : certs != NULL ? certs->pdata[0] : NULL;

    if (shown == NULL || knowledge_owns(&attacker->knowledge, shown))
        return NULL;
    const Cert *genuine = knowledge_note_cert(&attacker->knowledge, shown);
    const Cert *his = certificate_instead_of(attacker, genuine, kind);
    if (his == NULL)
        return NULL;
    if (content != NULL)
        return signed_by_him(attacker, his, content);
    const uint8_t *octets = cert_der(his, &len);
    return bare != NULL ? g_bytes_new(octets, len) : NULL;
}

/* --- what his keys open --- */

/* In whose place that certificate of his was used; of several, the one that To names. */
static const Cert *genuine_behind(const Attacker *attacker, const Cert *his, const SipMsg *msg)
{
    const Cert *to = cert_of_party(&attacker->knowledge, msg, SIP_H_TO), *found = NULL;
    for (guint i = 0; i < attacker->substitutions->len; i++) {
        const Substitution *done = &g_array_index(attacker->substitutions, Substitution, i);
        if (!cert_id_equal(cert_id(done->his), cert_id(his)))
            continue;
        found = done->genuine;
        if (to != NULL && cert_id_equal(cert_id(to), cert_id(found)))
            break;
    }
    return found;
}

static GBytes *re_encrypted_body(Attacker *attacker, const SipMsg *msg)
{
    const Cert *with = NULL;
    g_autoptr(GBytes) content =
        knowledge_open(&attacker->knowledge, (const uint8_t *)msg->body.p, msg->body.len, &with);
    const Cert *whom = content != NULL ? genuine_behind(attacker, with, msg) : NULL;
    return whom != NULL ? sealed_to(&attacker->knowledge, whom, content, msg) : NULL;
}

static GBytes *spliced_body(Attacker *attacker, const SipMsg *msg)
{
    const Knowledge *knowledge = &attacker->knowledge;
    const Cert *whom = is_enveloped(msg) && knowledge->opened_last != NULL ? recipient_of(knowledge, msg) : NULL;
    return whom != NULL ? sealed_to(knowledge, whom, knowledge->opened_last, msg) : NULL;
}

GBytes *body_edited(BodyEditor *editor, const SipMsg *msg, const MoveEdit *change, char **type)
{
    switch (change->kind) {
    case EDIT_OLD_BODY: return old_body(editor, msg, type);
    case EDIT_FLIP_BODY: return flipped_body(msg, change);
    case EDIT_SEAL_BODY: return own_body(editor, msg, change, type);
    case EDIT_SUBSTITUTE_CERT: return substituted_body(editor->attacker, msg, change->value);
    case EDIT_RE_ENCRYPT: return re_encrypted_body(editor->attacker, msg);
    case EDIT_SPLICE_BODY: return spliced_body(editor->attacker, msg);
    default: return NULL; /* of headers and texts */
    }
}
