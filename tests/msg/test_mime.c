/*
 * MIME entities: reading and writing, parameters, multipart bodies, dates; what is malformed is refused by cause.
 */
#include "nodes/msg/mime.h"
#include "nodes/msg/sip_fields.h"

#define assert_text(text, z) g_assert_cmpmem((text).p, (text).len, z, strlen(z))

static void test_entity_is_read(void)
{
    MimeEntity entity;
    Text octets = TEXT("Content-Type: application/pkcs7-mime; smime-type=enveloped-data;\r\n name=\"smime.p7m\"\r\n"
                       "content-disposition: attachment;handling=required\r\n\r\nbody\r\n\r\nmore");
    g_assert_cmpint(mime_entity_parse(octets, &entity), ==, MIME_OK);
    g_assert_true(mime_is(entity.type, MIME_PKCS7));
    g_assert_false(mime_is(entity.type, MIME_SIP));
    assert_text(mime_parameter(entity.type, "smime-type"), "enveloped-data");
    assert_text(mime_parameter(entity.type, "NAME"), "smime.p7m");
    g_assert_false(text_present(mime_parameter(entity.type, "boundary")));
    Text disposition = mime_header(&entity, "Content-Disposition");
    assert_text(mime_value(disposition), "attachment");
    assert_text(mime_parameter(disposition, "handling"), "required");
    assert_text(entity.body, "body\r\n\r\nmore");
    g_assert_false(text_present(mime_header(&entity, "Date")));
}

static void test_entity_without_headers_or_body(void)
{
    MimeEntity entity;
    g_assert_cmpint(mime_entity_parse(TEXT("\r\nonly a body"), &entity), ==, MIME_OK);
    g_assert_false(text_present(entity.type));
    assert_text(entity.body, "only a body");
    g_assert_cmpint(mime_entity_parse(TEXT("Date: x\r\n\r\n"), &entity), ==, MIME_OK);
    g_assert_cmpuint(entity.body.len, ==, 0);
    g_assert_cmpint(mime_entity_parse(TEXT("\r\n \r\n"), &entity), ==, MIME_OK); /* a body that begins with a space */
    assert_text(entity.body, " \r\n");
}

static void test_malformed_entities_by_cause(void)
{
    static const struct {
        Text octets;
        MimeResult result;
    } cases[] = {
        { { "", 0 }, MIME_NO_BODY },
        { { NULL, 0 }, MIME_NO_BODY },
        { { "A: b\r\n", 6 }, MIME_NO_BODY },
        { { "A: b\n\n", 6 }, MIME_BAD_HEADER },
        { { "A b\r\n\r\n", 7 }, MIME_BAD_HEADER },
        { { ": b\r\n\r\n", 7 }, MIME_BAD_HEADER },
        { { "A B: b\r\n\r\n", 10 }, MIME_BAD_HEADER },
        { { "A: \0\r\n\r\n", 8 }, MIME_BAD_HEADER },
        { { "A: b", 4 }, MIME_BAD_HEADER },
        { { "Content-Transfer-Encoding: base64\r\n\r\nYQ==", 41 }, MIME_ENCODED },
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        MimeEntity entity;
        g_assert_cmpint(mime_entity_parse(cases[i].octets, &entity), ==, cases[i].result);
        g_assert_nonnull(mime_result_text(cases[i].result));
    }
}

static void test_header_lines_are_counted(void)
{
    MimeEntity entity;
    g_autoptr(GString) octets = g_string_new(NULL);
    for (unsigned i = 0; i < MIME_HEADERS_MAX; i++)
        g_string_append(octets, "A: b\r\n");
    g_autofree char *enough = g_strconcat(octets->str, "\r\n", NULL);
    g_autofree char *many = g_strconcat(octets->str, "A: b\r\n\r\n", NULL);
    g_assert_cmpint(mime_entity_parse(text_from(enough), &entity), ==, MIME_OK);
    g_assert_cmpint(mime_entity_parse(text_from(many), &entity), ==, MIME_TOO_MANY);
}

static void test_entity_is_written(void)
{
    char out[128];
    MimeHeader headers[] = { { "Content-Type", TEXT("application/pidf+xml") }, { "Date", TEXT("now") } };
    const char *expected = "Content-Type: application/pidf+xml\r\nDate: now\r\n\r\n<presence/>";
    size_t len = mime_entity_write(headers, 2, TEXT("<presence/>"), out, sizeof out);
    g_assert_cmpmem(out, len, expected, strlen(expected));
    g_assert_cmpuint(mime_entity_write(headers, 2, TEXT("<presence/>"), out, len), ==, len);
    for (size_t cap = 0; cap < len; cap++)
        g_assert_cmpuint(mime_entity_write(headers, 2, TEXT("<presence/>"), out, cap), ==, 0);
}

static void test_types_that_are_none(void)
{
    g_assert_false(mime_is(TEXT_NONE, MIME_SIP));
    g_assert_false(mime_is(TEXT(""), MIME_SIP));
    g_assert_false(mime_is(TEXT("message"), MIME_SIP));
    g_assert_false(mime_is(TEXT("message/sip garbage"), MIME_SIP));
    g_assert_true(mime_is(TEXT("Message/SIP"), MIME_SIP));
    g_assert_false(text_present(mime_parameter(TEXT_NONE, "a")));
    g_assert_false(text_present(mime_parameter(TEXT("a/b; c"), "a")));
}

#define SIGNED_TYPE TEXT("multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha1; boundary=b42")

static void test_multipart_comes_apart(void)
{
    MimeParts it;
    Text part;
    g_assert_true(mime_parts(
        &it, SIGNED_TYPE, TEXT("pre\r\n--b42\r\nA: b\r\n\r\none\r\n--b42x\r\n\r\n--b42\r\n\r\ntwo\r\n--b42--\r\nend")));
    g_assert_true(mime_parts_next(&it, &part));
    assert_text(part, "A: b\r\n\r\none\r\n--b42x\r\n");
    g_assert_true(mime_parts_next(&it, &part));
    assert_text(part, "\r\ntwo");
    g_assert_false(mime_parts_next(&it, &part));
    g_assert_false(it.bad);
}

static void test_multipart_goes_round(void)
{
    char out[256];
    Text parts[] = { TEXT("A: b\r\n\r\none\r\n"), TEXT("\r\n"), TEXT("") }, part;
    MimeParts it;
    size_t len = mime_parts_write(parts, 3, TEXT("b42"), out, sizeof out);
    g_assert_cmpuint(len, >, 0);
    g_assert_true(mime_parts(&it, SIGNED_TYPE, text_of(out, len)));
    for (unsigned i = 0; i < 3; i++) {
        g_assert_true(mime_parts_next(&it, &part));
        g_assert_cmpmem(part.p, part.len, parts[i].p, parts[i].len);
    }
    g_assert_false(mime_parts_next(&it, &part));
    g_assert_false(it.bad);
    for (size_t cap = 0; cap < len; cap++)
        g_assert_cmpuint(mime_parts_write(parts, 3, TEXT("b42"), out, cap), ==, 0);
    Text inside = TEXT("a\r\n--b42\r\n");
    g_assert_cmpuint(mime_parts_write(&inside, 1, TEXT("b42"), out, sizeof out), ==, 0);
}

static void test_multipart_that_is_none(void)
{
    static const char *const bodies[] = { "", "--b42--", "--b42\r\nonly", "no boundary at all\r\n" };
    MimeParts it;
    Text part;
    for (unsigned i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_assert_true(mime_parts(&it, SIGNED_TYPE, text_from(bodies[i])));
        while (mime_parts_next(&it, &part)) {
        }
        g_assert_true(it.bad);
    }
    g_assert_false(mime_parts(&it, TEXT("multipart/signed"), TEXT("x")));
    g_assert_false(mime_parts(&it, TEXT("text/plain; boundary=x"), TEXT("x")));
    g_assert_false(mime_parts(&it, TEXT_NONE, TEXT("x")));
}

static void test_dates_go_round(void)
{
    static const int64_t times[] = { 0, 951782400, 1052179200, 1052179200 + 86399, 4102444799 };
    char text[MIME_DATE_MAX];
    g_assert_cmpstr(mime_date(1052179200, text), ==, "Tue, 06 May 2003 00:00:00 GMT");
    for (unsigned i = 0; i < G_N_ELEMENTS(times); i++) {
        int64_t back = -1;
        g_assert_true(sip_date_decode(text_from(mime_date(times[i], text)), &back));
        g_assert_cmpint(back, ==, times[i]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/mime/entity-is-read", test_entity_is_read);
    g_test_add_func("/msg/mime/entity-without-headers-or-body", test_entity_without_headers_or_body);
    g_test_add_func("/msg/mime/malformed-entities-by-cause", test_malformed_entities_by_cause);
    g_test_add_func("/msg/mime/header-lines-are-counted", test_header_lines_are_counted);
    g_test_add_func("/msg/mime/entity-is-written", test_entity_is_written);
    g_test_add_func("/msg/mime/types-that-are-none", test_types_that_are_none);
    g_test_add_func("/msg/mime/multipart-comes-apart", test_multipart_comes_apart);
    g_test_add_func("/msg/mime/multipart-goes-round", test_multipart_goes_round);
    g_test_add_func("/msg/mime/multipart-that-is-none", test_multipart_that_is_none);
    g_test_add_func("/msg/mime/dates-go-round", test_dates_go_round);
    return g_test_run();
}
