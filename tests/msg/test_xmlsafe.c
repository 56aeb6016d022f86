/*
 * tests/msg/test_xmlsafe.c - XML from a stranger, and the writer's escapes and times.
 */
#include "nodes/msg/xmlsafe.h"

static XmlSafeResult parse(const char *text, GString *errors)
{
    xmlDocPtr doc = NULL;
    XmlSafeResult result = xmlsafe_parse(text, strlen(text), &doc, errors);
    g_assert_true((result == XMLSAFE_OK) == (doc != NULL));
    if (doc)
        xmlFreeDoc(doc);
    return result;
}

static void test_good(void)
{
    g_assert_cmpint(parse("<?xml version=\"1.0\"?><!-- c --><a b='c'>&lt;&#65;</a>", NULL), ==, XMLSAFE_OK);
    g_assert_cmpint(parse("<a xmlns='urn:x'><b>\xc3\xa9</b></a>", NULL), ==, XMLSAFE_OK);
}

static void test_doctype_is_refused(void)
{
    static const char *const bad[] = {
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
        "<!DOCTYPE a [<!ENTITY x \"xx\"><!ENTITY y \"&x;&x;&x;&x;\"><!ENTITY z \"&y;&y;&y;&y;\">]><a>&z;</a>",
        "<!DOCTYPE a PUBLIC \"x\" \"http://attacker.example/\"><a/>",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GString) errors = g_string_new(NULL);
        g_assert_cmpint(parse(bad[i], errors), ==, XMLSAFE_DOCTYPE);
        g_assert_nonnull(strstr(errors->str, "a DOCTYPE is not allowed"));
    }
}

static void test_malformed_is_located(void)
{
    g_autoptr(GString) errors = g_string_new(NULL);
    g_assert_cmpint(parse("<a>\n  <b>\n  </c>\n</a>", errors), ==, XMLSAFE_MALFORMED);
    g_assert_true(g_str_has_prefix(errors->str, "3:"));
    g_assert_cmpint(parse("<a>&unknown;</a>", NULL), ==, XMLSAFE_MALFORMED);
    g_assert_cmpint(parse("", NULL), ==, XMLSAFE_MALFORMED);
    g_assert_cmpint(parse("plain", NULL), ==, XMLSAFE_MALFORMED);
    g_assert_cmpint(parse("<a/><b/>", NULL), ==, XMLSAFE_MALFORMED);
}

static void test_utf8_only(void)
{
    xmlDocPtr doc;
    g_assert_cmpint(parse("<a>\xe9</a>", NULL), ==, XMLSAFE_NOT_UTF8);
    g_assert_cmpint(xmlsafe_parse("\xff\xfe<\0a\0/\0>\0", 10, &doc, NULL), ==, XMLSAFE_NOT_UTF8);
    g_assert_cmpint(xmlsafe_parse("<a>\0</a>", 8, &doc, NULL), ==, XMLSAFE_NOT_UTF8);
}

static char *nested(unsigned depth)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < depth; i++)
        g_string_append(text, "<a>");
    for (unsigned i = 0; i < depth; i++)
        g_string_append(text, "</a>");
    return g_string_free(text, FALSE);
}

static char *repeated(const char *head, const char *piece, unsigned n, const char *tail)
{
    GString *text = g_string_new(head);
    for (unsigned i = 0; i < n; i++)
        g_string_append_printf(text, piece, i);
    g_string_append(text, tail);
    return g_string_free(text, FALSE);
}

static void test_limits(void)
{
    g_autofree char *deep = nested(XMLSAFE_DEPTH_MAX), *deeper = nested(XMLSAFE_DEPTH_MAX + 1);
    g_autofree char *deepest = nested(20000);
    g_autofree char *many = repeated("<a>", "<b%u/>", XMLSAFE_ELEMENTS_MAX - 1, "</a>");
    g_autofree char *more = repeated("<a>", "<b%u/>", XMLSAFE_ELEMENTS_MAX, "</a>");
    g_autofree char *wide = repeated("<a", " b%u=''", XMLSAFE_ATTRIBUTES_MAX, "/>");
    g_autofree char *wider = repeated("<a", " b%u=''", XMLSAFE_ATTRIBUTES_MAX + 1, "/>");
    g_autofree char *wide_ns = repeated("<a", " xmlns:b%u='x'", XMLSAFE_ATTRIBUTES_MAX + 1, "/>");
    g_autofree char *longest = g_strnfill(XMLSAFE_OCTETS_MAX + 1, ' ');
    g_assert_cmpint(parse(deep, NULL), ==, XMLSAFE_OK);
    g_assert_cmpint(parse(deeper, NULL), ==, XMLSAFE_TOO_DEEP);
    g_assert_cmpint(parse(deepest, NULL), ==, XMLSAFE_TOO_DEEP);
    g_assert_cmpint(parse(many, NULL), ==, XMLSAFE_OK);
    g_assert_cmpint(parse(more, NULL), ==, XMLSAFE_TOO_MANY);
    g_assert_cmpint(parse(wide, NULL), ==, XMLSAFE_OK);
    g_assert_cmpint(parse(wider, NULL), ==, XMLSAFE_TOO_MANY);
    g_assert_cmpint(parse(wide_ns, NULL), ==, XMLSAFE_TOO_MANY);
    g_assert_cmpint(parse(longest, NULL), ==, XMLSAFE_TOO_LONG);
}

static void test_writer_escapes(void)
{
    char out[128];
    XmlWriter w;
    xmlwriter_init(&w, out, sizeof out);
    xmlwriter_element(&w, "n", TEXT("a<b>&\"'\x01\xff\xc3\xa9"));
    xmlwriter_element(&w, "absent", TEXT_NONE);
    size_t len = xmlwriter_finish(&w);
    g_assert_true(
        text_equal(text_of(out, len), TEXT("<n>a&lt;b&gt;&amp;&quot;&#39;\xef\xbf\xbd\xef\xbf\xbd\xc3\xa9</n>")));
    xmlDocPtr doc;
    g_assert_cmpint(xmlsafe_parse(out, len, &doc, NULL), ==, XMLSAFE_OK);
    g_assert_true(text_is(xmlsafe_text(xmlDocGetRootElement(doc)), "a<b>&\"'\xef\xbf\xbd\xef\xbf\xbd\xc3\xa9"));
    xmlFreeDoc(doc);
    xmlwriter_init(&w, out, len - 1);
    xmlwriter_element(&w, "n", TEXT("a<b>&\"'\x01\xff\xc3\xa9"));
    g_assert_cmpuint(xmlwriter_finish(&w), ==, 0);
}

static void test_times(void)
{
    static const struct {
        const char *text;
        int64_t unix_ms;
    } good[] = {
        { "1970-01-01T00:00:00Z", 0 },
        { "2003-05-06T00:00:00Z", INT64_C(1052179200000) },
        { "2003-12-24T17:15:00+01:00", INT64_C(1072282500000) },
        { "2003-12-24T16:15:00", INT64_C(1072282500000) },
        { "2003-08-15T10:20:00.250-05:00", INT64_C(1060960800250) },
        { "2000-02-29T24:00:00Z", INT64_C(951868800000) },
        { "1969-12-31T23:59:59.9Z", -100 },
        { "0001-01-01T00:00:00Z", INT64_C(-62135596800000) },
        { "9999-12-31T23:59:59Z", INT64_C(253402300799000) },
    };
    static const char *const bad[] = { "",
                                       "2003-05-06",
                                       "2003-13-01T00:00:00Z",
                                       "2003-02-29T00:00:00Z",
                                       "2003-05-06T24:00:01Z",
                                       "2003-05-06T00:00:00.Z",
                                       "2003-05-06T00:00:00+15:00",
                                       "2003-05-06T00:00:00Zx",
                                       "2003-5-6T00:00:00Z",
                                       "0000-01-01T00:00:00Z" };
    int64_t ms;
    char out[XMLSAFE_TIME_MAX];
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_assert_true(xmlsafe_time_parse(text_from(good[i].text), &ms));
        g_assert_cmpint(ms, ==, good[i].unix_ms);
        g_assert_true(xmlsafe_time_parse(xmlsafe_time_text(ms, out), &ms));
        g_assert_cmpint(ms, ==, good[i].unix_ms);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(xmlsafe_time_parse(text_from(bad[i]), &ms));
    g_assert_true(text_is(xmlsafe_time_text(INT64_C(1052179200000), out), "2003-05-06T00:00:00Z"));
    g_assert_true(text_is(xmlsafe_time_text(-100, out), "1969-12-31T23:59:59.900Z"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/xmlsafe/good", test_good);
    g_test_add_func("/msg/xmlsafe/doctype-is-refused", test_doctype_is_refused);
    g_test_add_func("/msg/xmlsafe/malformed-is-located", test_malformed_is_located);
    g_test_add_func("/msg/xmlsafe/utf8-only", test_utf8_only);
    g_test_add_func("/msg/xmlsafe/limits", test_limits);
    g_test_add_func("/msg/xmlsafe/writer-escapes", test_writer_escapes);
    g_test_add_func("/msg/xmlsafe/times", test_times);
    return g_test_run();
}
