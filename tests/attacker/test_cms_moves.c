/*
 * tests/attacker/test_cms_moves.c - S/MIME bodies changed by somebody without the sender's key.
 *
 * Source:  threats AT-12, AT-49, AT-51, AT-52, AT-53; RFC 5652 §6.
 */
#include "nodes/attacker/private.h"
#include "nodes/msg/sip_fields.h"
#include "tests/attacker/support/pki.h"

#include <string.h>

#define ENVELOPED "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n"
#define SIGNED    "Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n"
#define PIDF      "application/pidf+xml"

typedef struct Row {
    Sim *sim;
    Net *net;
    Pki *pki;
    Attacker *mallory;
    BodyEditor editor;
} Row;

static Row *row_new(void)
{
    Row *row = g_new0(Row, 1);
    row->sim = sim_new(&(SimConfig){ .seed = 5, .trace = true });
    row->net = net_new(row->sim);
    row->pki = pki_new();
    row->mallory = attacker_new(
        row->net, &(AttackerConfig){ .name = "mallory",
                                     .position = "A4",
                                     .credentials = { row->pki->cert[PKI_MALLORY], row->pki->key[PKI_MALLORY] } });
    row->editor.attacker = row->mallory;
    return row;
}

static void row_free(Row *row)
{
    body_editor_clear(&row->editor);
    attacker_free(row->mallory);
    pki_free(row->pki);
    net_free(row->net);
    sim_free(row->sim);
    g_free(row);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Row, row_free)

/* @body: taken */
static GString *notify(const char *headers, GBytes *body)
{
    GString *text = pki_notify(headers, body);
    g_bytes_unref(body);
    return text;
}

/* The body after one edit; NULL: it was left.  @text: taken.  @type: out, may be NULL. */
static GBytes *edited(Row *row, GString *text, const MoveEdit *edit, char **type)
{
    g_autofree SipMsg *msg = g_new(SipMsg, 1), *after = g_new(SipMsg, 1);
    size_t len;
    g_assert_cmpint(sip_split(msg, text->str, text->len), ==, SIP_OK);
    g_autofree char *out = edit_message(&row->editor, msg, edit, 1, &len);
    g_string_free(text, TRUE);
    if (out == NULL)
        return NULL;
    g_assert_cmpint(sip_parse(after, out, len), ==, SIP_OK); /* so Content-Length is right */
    if (type != NULL)
        *type = text_dup(sip_value(after, SIP_H_CONTENT_TYPE));
    return g_bytes_new(after->body.p, after->body.len);
}

static void sees(Row *row, GString *text)
{
    static const NetAddr nobody;
    Seen seen = { .segment = "pcscf" };
    Layers layers = { g_string_new(""), 0 };
    knowledge_read_sip(&row->mallory->knowledge, &seen, &nobody, &nobody, 5060, 5060, text->str, text->len, &layers);
    g_string_free(layers.how, TRUE);
    g_string_free(text, TRUE);
}

static GBytes *open_as(Row *row, unsigned who, GBytes *der)
{
    GBytes *content = NULL;
    CmsResult result = cms_open(g_bytes_get_data(der, NULL), g_bytes_get_size(der), row->pki->cert[who],
                                row->pki->key[who], &row->pki->random, &content);
    g_assert_cmpint(result, ==, content != NULL ? CMS_OK : result);
    return content;
}

static CmsResult verify_as_bob(Row *row, GBytes *der)
{
    static const CertName ps = { CERT_NAME_DNS, "ps.home.example" };
    CmsVerifier verifier = { .trust = row->pki->trust, .name = &ps, .now = pki_now };
    g_auto(CmsSigned) found = { 0 };
    return cms_open_verify(g_bytes_get_data(der, NULL), g_bytes_get_size(der), row->pki->cert[PKI_BOB],
                           row->pki->key[PKI_BOB], &verifier, &row->pki->random, &found);
}

/* ---- AT-51 ---- */

static void test_old_body(void)
{
    g_autoptr(Row) row = row_new();
    static const MoveEdit edit = { .kind = EDIT_OLD_BODY };
    const Move move = { .verb = MOVE_EDIT, .edits = &edit, .n_edits = 1 };
    g_autofree SipMsg *msg = g_new(SipMsg, 1);
    const char *const bodies[] = { "", "first", "second" };
    for (unsigned i = 0; i < G_N_ELEMENTS(bodies); i++) {
        GString *text = notify("Content-Type: text/old\r\n", g_bytes_new(bodies[i], strlen(bodies[i])));
        g_assert_cmpint(sip_split(msg, text->str, text->len), ==, SIP_OK);
        body_keep(&row->editor, &move, msg);
        g_string_free(text, TRUE);
    }
    g_autofree char *type = NULL;
    g_autoptr(GBytes) body = edited(row, notify("Content-Type: text/new\r\n", g_bytes_new("third", 5)), &edit, &type);
    g_assert_cmpmem(g_bytes_get_data(body, NULL), g_bytes_get_size(body), "first", 5);
    g_assert_cmpstr(type, ==, "text/old");
    g_assert_null(edited(row, notify("", g_bytes_new("", 0)), &edit, NULL)); /* what has no body gets none */
}

static void test_nothing_kept_nothing_changed(void)
{
    g_autoptr(Row) row = row_new();
    static const MoveEdit edits[] = { { .kind = EDIT_OLD_BODY },
                                      { .kind = EDIT_FLIP_BODY, .header = "0", .param = "a", .value = "b" },
                                      { .kind = EDIT_SUBSTITUTE_CERT, .value = "own" },
                                      { .kind = EDIT_RE_ENCRYPT },
                                      { .kind = EDIT_SPLICE_BODY } };
    for (size_t i = 0; i < G_N_ELEMENTS(edits); i++)
        g_assert_null(edited(row, notify(ENVELOPED, g_bytes_new("a body", 6)), &edits[i], NULL));
}

/* ---- AT-53 ---- */

static void test_flipped_first_block(void)
{
    static const MoveEdit edit = { .kind = EDIT_FLIP_BODY, .header = "0", .param = "Content-", .value = "X-Other-" };
    g_autofree char *entity = pki_entity(PIDF, "<presence/>");
    for (unsigned cipher = CMS_AES_128_CBC; cipher <= CMS_DES_EDE3_CBC; cipher++) {
        g_autoptr(Row) row = row_new();
        GBytes *der = pki_envelope(row->pki, PKI_BOB, entity, strlen(entity), (CmsCipher)cipher);
        g_autoptr(GBytes) body = edited(row, notify(ENVELOPED, der), &edit, NULL);
        g_autoptr(GBytes) content = open_as(row, PKI_BOB, body);
        g_autofree char *text = g_strndup(g_bytes_get_data(content, NULL), g_bytes_get_size(content));
        g_assert_cmpstr(text, ==, "X-Other-Type: application/pidf+xml\r\n\r\n<presence/>"); /* nothing else */
    }
}

static void test_a_later_block_costs_the_one_before(void)
{
    g_autoptr(Row) row = row_new();
    g_autofree char *entity = pki_entity(PIDF, "<basic>closed</basic><note>at her desk</note>");
    g_autofree char *offset = g_strdup_printf("%zu", (size_t)(strstr(entity, "closed</basic>") - entity));
    const MoveEdit edit = {
        .kind = EDIT_FLIP_BODY, .header = offset, .param = "closed</basic>", .value = "open</basic>  "
    };
    GBytes *der = pki_envelope(row->pki, PKI_BOB, entity, strlen(entity), CMS_DES_EDE3_CBC);
    g_autoptr(GBytes) body = edited(row, notify(ENVELOPED, der), &edit, NULL);
    g_autoptr(GBytes) content = open_as(row, PKI_BOB, body);
    const char *text = g_bytes_get_data(content, NULL);
    size_t at = strtoul(offset, NULL, 10), last = (at + 13) / 8 * 8; /* the last block that was meant */
    static const char meant[] = "open</basic>  <note>";
    g_assert_cmpmem(text + last, 6, &meant[last - at], 6);
    g_assert_true(memcmp(text + at / 8 * 8 - 8, entity + at / 8 * 8 - 8, 8) != 0);
}

static void test_a_signature_inside_notices(void)
{
    static const MoveEdit edit = { .kind = EDIT_FLIP_BODY, .header = "0", .param = "Content-", .value = "X-Other-" };
    g_autoptr(Row) row = row_new();
    g_autofree char *entity = pki_entity(PIDF, "<presence/>");
    g_autoptr(GBytes) genuine = pki_sign_envelope(row->pki, PKI_PS, PKI_BOB, entity);
    g_assert_cmpint(verify_as_bob(row, genuine), ==, CMS_OK);
    g_autoptr(GBytes) body = edited(row, notify(ENVELOPED, g_bytes_ref(genuine)), &edit, NULL);
    g_assert_nonnull(body);
    g_assert_cmpint(verify_as_bob(row, body), !=, CMS_OK);
}

/* ---- a content of his own ---- */

static const MoveEdit own_content = { .kind = EDIT_SEAL_BODY,
                                      .value = "\n   Content-Type: application/pidf+xml\n\n"
                                               "   <presence entity=\"${from}\"/>\n" };

static void test_anybody_can_encrypt(void)
{
    g_autoptr(Row) row = row_new();
    g_autofree char *entity = pki_entity(PIDF, "<presence/>");
    GBytes *der = pki_envelope(row->pki, PKI_BOB, entity, strlen(entity), CMS_AES_128_CBC);
    g_assert_null(edited(row, notify(ENVELOPED, g_bytes_ref(der)), &own_content, NULL)); /* to whom? */
    sees(row, notify(SIGNED, pki_sign(row->pki, PKI_BOB, entity, true)));
    g_autofree char *type = NULL;
    g_autoptr(GBytes) body = edited(row, notify(ENVELOPED, der), &own_content, &type);
    g_autoptr(GBytes) content = open_as(row, PKI_BOB, body);
    static const char expected[] =
        "Content-Type: application/pidf+xml\r\n\r\n<presence entity=\"sip:alice@home.example\"/>";
    g_assert_cmpmem(g_bytes_get_data(content, NULL), g_bytes_get_size(content), expected, strlen(expected));
    g_assert_true(g_str_has_prefix(type, "application/pkcs7-mime"));
    g_assert_cmpint(verify_as_bob(row, body), !=, CMS_OK); /* but not sign for the Presence Server */
}

static void test_clear_bodies_are_just_replaced(void)
{
    g_autoptr(Row) row = row_new();
    g_autofree char *type = NULL;
    g_autoptr(GBytes) body =
        edited(row, notify("Content-Type: text/plain\r\n", g_bytes_new("x", 1)), &own_content, &type);
    static const char expected[] = "<presence entity=\"sip:alice@home.example\"/>";
    g_assert_cmpmem(g_bytes_get_data(body, NULL), g_bytes_get_size(body), expected, strlen(expected));
    g_assert_cmpstr(type, ==, "application/pidf+xml");
}

/* ---- AT-49 ---- */

static void test_substitute_and_re_encrypt(void)
{
    static const char *const kinds[] = { "own", "forged" };
    static const CertName bob = { CERT_NAME_URI, "sip:bob@home.example" };
    static const MoveEdit again = { .kind = EDIT_RE_ENCRYPT };
    g_autofree char *entity = pki_entity(PIDF, "<presence>the-canary</presence>");
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(Row) row = row_new();
        const MoveEdit edit = { .kind = EDIT_SUBSTITUTE_CERT, .value = kinds[i] };
        GBytes *shown = pki_sign(row->pki, PKI_BOB, entity, true);
        g_autoptr(GBytes) body = edited(row, notify(SIGNED, shown), &edit, NULL);
        g_autoptr(GPtrArray) certs = cms_certificates(g_bytes_get_data(body, NULL), g_bytes_get_size(body));
        const Cert *his = certs->pdata[0];
        bool own = i == 0;
        g_assert_cmpint(cert_check_chain(his, row->pki->trust, CERT_FOR_MAIL, pki_now), ==,
                        own ? CERT_OK : CERT_UNKNOWN_CA);
        g_assert_cmpint(cert_speaks_for(his, bob), ==, !own);

        g_autofree char *inner = pki_entity(PIDF, "<presence>the-canary</presence>");
        g_autoptr(GBytes) fooled =
            cms_envelope((const uint8_t *)inner, strlen(inner), &his, 1, CMS_DES_EDE3_CBC, &row->pki->random);
        sees(row, notify(ENVELOPED, g_bytes_ref(fooled)));
        const Knowledge *knowledge = attacker_knowledge(row->mallory);
        g_assert_nonnull(strstr(knowledge_get(knowledge, knowledge_count(knowledge) - 1)->body, "the-canary"));

        g_autoptr(GBytes) passed = edited(row, notify(ENVELOPED, g_bytes_ref(fooled)), &again, NULL);
        g_autoptr(GBytes) content = open_as(row, PKI_BOB, passed); /* both ends are happy */
        g_assert_cmpmem(g_bytes_get_data(content, NULL), g_bytes_get_size(content), inner, strlen(inner));
    }
}

static void test_a_bare_certificate_is_substituted(void)
{
    g_autoptr(Row) row = row_new();
    static const MoveEdit edit = { .kind = EDIT_SUBSTITUTE_CERT, .value = "own" };
    size_t len;
    const uint8_t *der = cert_der(row->pki->cert[PKI_BOB], &len);
    g_autoptr(GBytes) body =
        edited(row, notify("Content-Type: application/pkix-cert\r\n", g_bytes_new(der, len)), &edit, NULL);
    const uint8_t *his = cert_der(row->pki->cert[PKI_MALLORY], &len);
    g_assert_cmpmem(g_bytes_get_data(body, NULL), g_bytes_get_size(body), his, len);
    g_assert_null(edited(row, notify("Content-Type: application/pkix-cert\r\n", g_bytes_ref(body)), &edit, NULL));
}

/* ---- AT-52 ---- */

/* The Presence Server signed it for mallory; bob is told that it was for him. */
static void test_splice(void)
{
    g_autoptr(Row) row = row_new();
    static const MoveEdit edit = { .kind = EDIT_SPLICE_BODY };
    g_autofree char *for_mallory = pki_entity(PIDF, "<presence>for-mallory</presence>");
    g_autofree char *for_bob = pki_entity(PIDF, "<presence>for-bob</presence>");
    sees(row, notify(SIGNED, pki_sign(row->pki, PKI_BOB, for_bob, true)));
    sees(row, notify(ENVELOPED, pki_sign_envelope(row->pki, PKI_PS, PKI_MALLORY, for_mallory)));
    g_autoptr(GBytes) body =
        edited(row, notify(ENVELOPED, pki_sign_envelope(row->pki, PKI_PS, PKI_BOB, for_bob)), &edit, NULL);
    g_assert_cmpint(verify_as_bob(row, body), ==, CMS_OK); /* a good signature of the Presence Server */
    g_autoptr(GBytes) content = open_as(row, PKI_BOB, body);
    g_assert_nonnull(memmem(g_bytes_get_data(content, NULL), g_bytes_get_size(content), "for-mallory", 11));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attacker/cms-moves/old-body", test_old_body);
    g_test_add_func("/attacker/cms-moves/nothing-kept-nothing-changed", test_nothing_kept_nothing_changed);
    g_test_add_func("/attacker/cms-moves/flipped-first-block", test_flipped_first_block);
    g_test_add_func("/attacker/cms-moves/a-later-block-costs-the-one-before", test_a_later_block_costs_the_one_before);
    g_test_add_func("/attacker/cms-moves/a-signature-inside-notices", test_a_signature_inside_notices);
    g_test_add_func("/attacker/cms-moves/anybody-can-encrypt", test_anybody_can_encrypt);
    g_test_add_func("/attacker/cms-moves/clear-bodies-are-just-replaced", test_clear_bodies_are_just_replaced);
    g_test_add_func("/attacker/cms-moves/substitute-and-re-encrypt", test_substitute_and_re_encrypt);
    g_test_add_func("/attacker/cms-moves/a-bare-certificate-is-substituted", test_a_bare_certificate_is_substituted);
    g_test_add_func("/attacker/cms-moves/splice", test_splice);
    return g_test_run();
}
