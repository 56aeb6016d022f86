/*
 * tests/attacker/test_decode_cms.c - S/MIME as somebody on the way reads it: with no key, and with one of his own.
 *
 * Source:  threats 2.0 (decode before searching), AT-54; RFC 3261 §23; RFC 8551 §3.
 */
#include "nodes/attacker/private.h"
#include "tests/attacker/support/pki.h"

#include <string.h>

#define ENVELOPED "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n"
#define SIGNED    "Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n"
#define PIDF      "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\"><note>the-canary</note></presence>"

typedef struct Reader {
    Sim *sim;
    Pki *pki;
    Knowledge knowledge;
} Reader;

static Reader *reader_new(void)
{
    Reader *reader = g_new0(Reader, 1);
    reader->sim = sim_new(&(SimConfig){ .seed = 3, .trace = true });
    reader->pki = pki_new();
    knowledge_init(&reader->knowledge, reader->sim, "mallory");
    return reader;
}

static void reader_free(Reader *reader)
{
    knowledge_clear(&reader->knowledge);
    pki_free(reader->pki);
    sim_free(reader->sim);
    g_free(reader);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reader, reader_free)

/* @body: taken */
static const Reading *read_notify(Reader *reader, const char *headers, GBytes *body)
{
    static const NetAddr nobody;
    Seen seen = { .segment = "air:bob", .frame = 7 };
    Layers layers = { g_string_new(""), 0 };
    GString *text = pki_notify(headers, body);
    knowledge_read_sip(&reader->knowledge, &seen, &nobody, &nobody, 5060, 5060, text->str, text->len, &layers);
    g_string_free(text, TRUE);
    g_string_free(layers.how, TRUE);
    g_bytes_unref(body);
    return knowledge_get(&reader->knowledge, knowledge_count(&reader->knowledge) - 1);
}

static void test_enveloped_stays_closed(void)
{
    g_autoptr(Reader) reader = reader_new();
    g_autofree char *entity = pki_entity("application/pidf+xml", PIDF);
    const Reading *reading =
        read_notify(reader, ENVELOPED, pki_envelope(reader->pki, PKI_BOB, entity, strlen(entity), CMS_DES_EDE3_CBC));
    g_assert_null(strstr(reading->body, "the-canary"));
    g_assert_false(reading->carries_document);
    g_assert_cmpuint(knowledge_sealed(&reader->knowledge), ==, 1);
    g_assert_nonnull(strstr(reading->headers, "sip:bob@home.example"));
}

/* AT-54: at first a number of a CA; a name as soon as the certificate was seen anywhere. */
static void test_recipient_is_in_the_clear(void)
{
    g_autoptr(Reader) reader = reader_new();
    g_autofree char *entity = pki_entity("application/pidf+xml", PIDF);
    const Reading *reading = read_notify(reader, ENVELOPED, pki_sign_envelope(reader->pki, PKI_PS, PKI_BOB, entity));
    g_assert_true(g_str_has_prefix(reading->body, "recipient: CA "));
    g_assert_null(strstr(reading->body, "bob"));
    read_notify(reader, SIGNED, pki_sign(reader->pki, PKI_BOB, entity, true));
    reading = read_notify(reader, ENVELOPED, pki_sign_envelope(reader->pki, PKI_PS, PKI_BOB, entity));
    g_assert_nonnull(strstr(reading->body, "(sip:bob@home.example)"));
    g_assert_null(strstr(reading->body, "the-canary"));
    g_assert_null(strstr(reading->body, "ps.home.example")); /* the signer is inside */
}

static void test_signed_is_read(void)
{
    g_autoptr(Reader) reader = reader_new();
    g_autofree char *entity = pki_entity("application/pidf+xml", PIDF);
    const Reading *reading = read_notify(reader, SIGNED, pki_sign(reader->pki, PKI_PS, entity, true));
    g_assert_nonnull(strstr(reading->body, "the-canary"));
    g_assert_nonnull(strstr(reading->body, "signed by: CA "));
    g_assert_nonnull(strstr(reading->body, "certificate of ps.home.example"));
    g_assert_true(reading->carries_document);
    g_assert_cmpuint(knowledge_sealed(&reader->knowledge), ==, 0);
}

static void test_with_a_key_of_his_own(void)
{
    g_autoptr(Reader) reader = reader_new();
    Pki *pki = reader->pki;
    g_autofree char *entity = pki_entity("application/pidf+xml", PIDF);
    knowledge_own(&reader->knowledge, pki->cert[PKI_MALLORY], pki->key[PKI_MALLORY]);
    const Reading *reading = read_notify(reader, ENVELOPED, pki_sign_envelope(pki, PKI_PS, PKI_MALLORY, entity));
    g_assert_nonnull(strstr(reading->body, "the-canary"));
    g_assert_nonnull(strstr(reading->body, "certificate of ps.home.example"));
    g_assert_cmpstr(reading->how, ==, "in the clear, then S/MIME opened with the key of sip:mallory@home.example");
    g_assert_cmpuint(knowledge_sealed(&reader->knowledge), ==, 0);
    reading = read_notify(reader, ENVELOPED, pki_sign_envelope(pki, PKI_PS, PKI_BOB, entity));
    g_assert_null(strstr(reading->body, "the-canary"));
}

static void test_wrappings(void)
{
    g_autoptr(Reader) reader = reader_new();
    Pki *pki = reader->pki;
    g_autofree char *entity = pki_entity("application/pidf+xml", PIDF);
    g_autofree char *inner = pki_entity("message/sip", "NOTIFY sip:b SIP/2.0\r\nSubject: inner-canary\r\n"
                                                       "Content-Type: text/plain\r\nContent-Transfer-Encoding: "
                                                       "base64\r\n\r\ndGhlLWNhbmFyeQ==");
    const Reading *reading = read_notify(reader, SIGNED, pki_sign(pki, PKI_PS, inner, true));
    g_assert_nonnull(strstr(reading->body, "the-canary"));
    g_assert_nonnull(strstr(reading->body, "inner-canary"));

    g_autoptr(GBytes) der = pki_sign(pki, PKI_PS, entity, true);
    g_autofree char *base64 = g_base64_encode(g_bytes_get_data(der, NULL), g_bytes_get_size(der));
    reading = read_notify(reader, SIGNED "Content-Transfer-Encoding: base64\r\n", g_bytes_new(base64, strlen(base64)));
    g_assert_nonnull(strstr(reading->body, "the-canary"));

    GByteArray *parts = g_byte_array_new();
    static const char head[] = "--b\r\nContent-Type: text/plain\r\n\r\nfirst\r\n--b\r\nContent-Type: "
                               "application/pkcs7-mime\r\nContent-Transfer-Encoding: binary\r\n\r\n",
                      tail[] = "\r\n--b--\r\n";
    g_byte_array_append(parts, (const uint8_t *)head, strlen(head));
    g_byte_array_append(parts, g_bytes_get_data(der, NULL), (guint)g_bytes_get_size(der));
    g_byte_array_append(parts, (const uint8_t *)tail, strlen(tail));
    reading = read_notify(reader, "Content-Type: multipart/mixed;boundary=b\r\n", g_byte_array_free_to_bytes(parts));
    g_assert_nonnull(strstr(reading->body, "first"));
    g_assert_nonnull(strstr(reading->body, "the-canary"));
    g_assert_nonnull(strstr(reading->body, "certificate of ps.home.example"));
}

static void test_what_is_no_cms_stays(void)
{
    g_autoptr(Reader) reader = reader_new();
    const Reading *reading = read_notify(reader, ENVELOPED, g_bytes_new("the-canary", strlen("the-canary")));
    g_assert_cmpstr(reading->body, ==, "the-canary");
    g_autofree char *entity = pki_entity("text/plain", "the-canary");
    g_autoptr(GBytes) der = pki_envelope(reader->pki, PKI_BOB, entity, strlen(entity), CMS_AES_128_CBC);
    for (size_t cut = 0; cut < g_bytes_get_size(der); cut += 7)
        read_notify(reader, ENVELOPED, g_bytes_new(g_bytes_get_data(der, NULL), cut));
    g_assert_cmpuint(knowledge_sealed(&reader->knowledge), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attacker/cms/enveloped-stays-closed", test_enveloped_stays_closed);
    g_test_add_func("/attacker/cms/recipient-is-in-the-clear", test_recipient_is_in_the_clear);
    g_test_add_func("/attacker/cms/signed-is-read", test_signed_is_read);
    g_test_add_func("/attacker/cms/with-a-key-of-his-own", test_with_a_key_of_his_own);
    g_test_add_func("/attacker/cms/wrappings", test_wrappings);
    g_test_add_func("/attacker/cms/what-is-no-cms-stays", test_what_is_no_cms_stays);
    return g_test_run();
}
