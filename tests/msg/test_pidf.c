/*
 * tests/msg/test_pidf.c - presence documents.
 *
 * Source:  RFC 3863 §4.3 (examples); RFC 4479; RFC 4480 §3.9 (sphere).
 */
#include "nodes/msg/pidf.h"

#define HEAD "<presence xmlns='" PIDF_NS "' xmlns:dm='" PIDF_NS_MODEL "' xmlns:r='" PIDF_NS_RPID "' entity='pres:a@b'>"

static Pidf *parse(const char *text)
{
    Pidf *pidf = NULL;
    g_autoptr(GString) errors = g_string_new(NULL);
    g_assert_cmpint(pidf_parse(text, strlen(text), &pidf, errors), ==, PIDF_OK);
    g_assert_cmpstr(errors->str, ==, "");
    return pidf;
}

static void test_written_is_read(void)
{
    char out[1024];
    PidfTuple tuples[] = { { .id = TEXT("t1"),
                             .basic = PIDF_OPEN,
                             .contact = TEXT("sip:alice@home.example;a=1&b"),
                             .priority = TEXT("0.8"),
                             .note = TEXT("<canary> & co"),
                             .timestamp = TEXT("2003-05-06T00:00:00Z") },
                           { .id = TEXT("t2"), .basic = PIDF_CLOSED },
                           { .id = TEXT("t3"), .basic = PIDF_UNSTATED } };
    size_t len = pidf_write(TEXT("sip:alice@home.example"), tuples, 3, out, sizeof out);
    g_autoptr(Pidf) pidf = NULL;
    g_assert_cmpint(pidf_parse(out, len, &pidf, NULL), ==, PIDF_OK);
    g_assert_true(text_is(pidf_entity(pidf), "sip:alice@home.example"));
    g_assert_cmpuint(pidf_n_tuples(pidf), ==, 3);
    for (unsigned i = 0; i < 3; i++) {
        g_assert_true(text_equal(pidf_tuple(pidf, i)->id, tuples[i].id));
        g_assert_true(text_equal(pidf_tuple(pidf, i)->contact, tuples[i].contact));
        g_assert_true(text_equal(pidf_tuple(pidf, i)->priority, tuples[i].priority));
        g_assert_true(text_equal(pidf_tuple(pidf, i)->note, tuples[i].note));
        g_assert_true(text_equal(pidf_tuple(pidf, i)->timestamp, tuples[i].timestamp));
        g_assert_cmpint(pidf_tuple(pidf, i)->basic, ==, tuples[i].basic);
    }
    g_assert_true(text_is(pidf_note(pidf), "<canary> & co"));
    for (size_t cap = 0; cap < len; cap += 7)
        g_assert_cmpuint(pidf_write(TEXT("sip:alice@home.example"), tuples, 3, out, cap), ==, 0);
}

/* RFC 3863 §4.3.1, with a prefix, and with extensions we do not know. */
static void test_rfc_example(void)
{
    g_autoptr(Pidf) pidf =
        parse("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<impp:presence xmlns:impp=\"" PIDF_NS "\"\n"
              " xmlns:myex=\"http://id.example.com/presence/\" entity=\"pres:someone@example.com\">"
              "<impp:tuple id=\"bs35r9\"><impp:status><impp:basic> open </impp:basic>"
              "<myex:location impp:mustUnderstand='1'>home</myex:location></impp:status>"
              "<impp:contact priority=\"0.8\">im:someone@mobilecarrier.net</impp:contact>"
              "<impp:note xml:lang=\"en\">Don't Disturb Please!</impp:note>"
              "<impp:timestamp>2001-10-27T16:49:29Z</impp:timestamp></impp:tuple>"
              "<impp:note>I'll be in Tokyo next week</impp:note></impp:presence>");
    g_assert_cmpuint(pidf_n_tuples(pidf), ==, 1);
    g_assert_cmpint(pidf_tuple(pidf, 0)->basic, ==, PIDF_OPEN);
    g_assert_true(text_is(pidf_tuple(pidf, 0)->note, "Don't Disturb Please!"));
    char out[2048];
    size_t len = pidf_save(pidf, out, sizeof out);
    g_assert_nonnull(g_strstr_len(out, (gssize)len, "location"));
}

static void test_refused_by_cause(void)
{
    static const struct {
        const char *text;
        PidfResult result;
    } bad[] = {
        { "<presence", PIDF_NOT_XML },
        { "<!DOCTYPE presence>" HEAD "</presence>", PIDF_NOT_XML },
        { "<presence entity='pres:a@b'/>", PIDF_NOT_PIDF },
        { "<presence xmlns='" PIDF_NS "'/>", PIDF_NOT_PIDF },
        { HEAD "<tuple><status/></tuple></presence>", PIDF_BAD_TUPLE },
        { HEAD "<tuple id='a'/></presence>", PIDF_BAD_TUPLE },
        { HEAD "<tuple id='a'><status><basic>away</basic></status></tuple></presence>", PIDF_BAD_TUPLE },
        { HEAD "<tuple id='a'><status/></tuple><tuple id='a'><status/></tuple></presence>", PIDF_BAD_TUPLE },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        Pidf *pidf = NULL;
        g_autoptr(GString) errors = g_string_new(NULL);
        g_assert_cmpint(pidf_parse(bad[i].text, strlen(bad[i].text), &pidf, errors), ==, bad[i].result);
        g_assert_null(pidf);
        g_assert_cmpuint(errors->len, >, 0);
    }
}

static void test_too_many_tuples(void)
{
    g_autoptr(GString) text = g_string_new(HEAD);
    for (unsigned i = 0; i <= PIDF_TUPLES_MAX; i++)
        g_string_append_printf(text, "<tuple id='t%u'><status/></tuple>", i);
    g_string_append(text, "</presence>");
    Pidf *pidf = NULL;
    g_assert_cmpint(pidf_parse(text->str, text->len, &pidf, NULL), ==, PIDF_TOO_MANY);
}

static void test_polite_block_says_nothing(void)
{
    char out[512];
    size_t len = pidf_closed_polite(TEXT("sip:alice@home.example"), out, sizeof out);
    g_autoptr(Pidf) pidf = NULL;
    g_assert_cmpint(pidf_parse(out, len, &pidf, NULL), ==, PIDF_OK);
    g_assert_cmpuint(pidf_n_tuples(pidf), ==, 1);
    const PidfTuple *tuple = pidf_tuple(pidf, 0);
    g_assert_cmpint(tuple->basic, ==, PIDF_CLOSED);
    g_assert_false(text_present(tuple->contact) || text_present(tuple->note) || text_present(tuple->timestamp));
}

/* Two publications become one document; equal ids do not meet; the schema's order is kept. */
static void test_compose(void)
{
    g_autoptr(Pidf) all = pidf_new(TEXT("sip:a&b@c"));
    g_autoptr(Pidf) phone = parse(HEAD "<tuple id='t1'><status><basic>open</basic></status><note>one</note></tuple>"
                                       "<note>first</note><dm:person id='p1'><r:mood/></dm:person></presence>");
    g_autoptr(Pidf) desk = parse("<q:presence xmlns:q='" PIDF_NS "' entity='pres:a@b'><q:tuple id='t1'><q:status>"
                                 "<q:basic>closed</q:basic></q:status></q:tuple><q:note>second</q:note></q:presence>");
    g_assert_true(pidf_append(all, phone));
    g_assert_true(pidf_append(all, desk));
    g_assert_true(pidf_append(all, desk));
    char out[4096];
    size_t len = pidf_save(all, out, sizeof out);
    g_assert_cmpuint(pidf_save(all, out, len - 1), ==, 0);
    g_assert_cmpuint(pidf_save(all, out, sizeof out), ==, len);
    g_autoptr(Pidf) back = NULL;
    g_assert_cmpint(pidf_parse(out, len, &back, NULL), ==, PIDF_OK);
    g_assert_true(text_is(pidf_entity(back), "sip:a&b@c"));
    g_assert_cmpuint(pidf_n_tuples(back), ==, 3);
    g_assert_true(text_is(pidf_tuple(back, 0)->id, "t1"));
    g_assert_true(text_is(pidf_tuple(back, 1)->id, "t1-2"));
    g_assert_true(text_is(pidf_tuple(back, 2)->id, "t1-3"));
    g_assert_cmpint(pidf_tuple(back, 1)->basic, ==, PIDF_CLOSED);
    const char *first = g_strstr_len(out, (gssize)len, "first"), *second = g_strstr_len(out, (gssize)len, "second");
    const char *person = g_strstr_len(out, (gssize)len, "person"), *last = g_strrstr_len(out, (gssize)len, "tuple>");
    g_assert_true(last < first && first < second && second < person);
}

static void test_compose_stops_at_the_limit(void)
{
    g_autoptr(Pidf) all = pidf_new(TEXT("sip:a@b"));
    g_autoptr(Pidf) one = parse(HEAD "<tuple id='t'><status/></tuple></presence>");
    for (unsigned i = 0; i < PIDF_TUPLES_MAX; i++)
        g_assert_true(pidf_append(all, one));
    g_assert_false(pidf_append(all, one));
    g_assert_cmpuint(pidf_n_tuples(all), ==, PIDF_TUPLES_MAX);
}

static void test_sphere(void)
{
    g_autoptr(Pidf) none = parse(HEAD "</presence>");
    g_autoptr(Pidf) work = parse(HEAD "<dm:person id='p'><r:sphere><r:work/></r:sphere></dm:person>"
                                      "<dm:person id='q'><r:sphere>work</r:sphere></dm:person></presence>");
    g_autoptr(Pidf) torn = parse(HEAD "<dm:person id='p'><r:sphere><r:work/></r:sphere></dm:person>"
                                      "<dm:person id='q'><r:sphere>home</r:sphere></dm:person></presence>");
    g_assert_false(text_present(pidf_sphere(none)));
    g_assert_true(text_is(pidf_sphere(work), "work"));
    g_assert_false(text_present(pidf_sphere(torn)));
}

static void test_describe(void)
{
    static const char good[] =
        HEAD "<tuple id='t'><status><basic>open</basic></status><note>hi</note></tuple></presence>";
    g_autoptr(GString) out = g_string_new(NULL);
    g_assert_true(pidf_describe((const uint8_t *)good, strlen(good), out));
    g_assert_cmpstr(out->str, ==, "presence of pres:a@b, 1 tuples\n  tuple t: open\n    note: hi\n");
    g_string_truncate(out, 0);
    g_assert_false(pidf_describe((const uint8_t *)"<a/>", 4, out));
    g_assert_true(g_str_has_suffix(out->str, "rejected: not a presence document with an entity\n"));
}

static void test_compact_says_the_same(void)
{
    char plain[1024], compact[1024];
    g_autoptr(Pidf) pidf = NULL;
    PidfTuple tuple = { .id = TEXT("t1"),
                        .basic = PIDF_CLOSED,
                        .contact = TEXT("sip:a@b"),
                        .priority = TEXT("0.5"),
                        .note = TEXT("a < b"),
                        .timestamp = TEXT("2003-05-06T00:00:00Z") };
    size_t n = pidf_write(TEXT("sip:alice@home.example"), &tuple, 1, plain, sizeof plain);
    size_t m = pidf_write_compact(TEXT("sip:alice@home.example"), &tuple, 1, compact, sizeof compact);
    g_assert_cmpuint(m, <, n - 50);
    g_assert_cmpint(pidf_parse(compact, m, &pidf, NULL), ==, PIDF_OK);
    g_assert_true(text_is(pidf_note(pidf), "a < b"));
    g_assert_true(text_is(pidf_tuple(pidf, 0)->timestamp, "2003-05-06T00:00:00Z"));
    g_assert_null(memchr(compact, '\n', m));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/pidf/what-is-written-is-read", test_written_is_read);
    g_test_add_func("/msg/pidf/rfc-3863-example", test_rfc_example);
    g_test_add_func("/msg/pidf/refused-by-cause", test_refused_by_cause);
    g_test_add_func("/msg/pidf/too-many-tuples", test_too_many_tuples);
    g_test_add_func("/msg/pidf/polite-block-says-nothing", test_polite_block_says_nothing);
    g_test_add_func("/msg/pidf/publications-are-composed", test_compose);
    g_test_add_func("/msg/pidf/composing-stops-at-the-limit", test_compose_stops_at_the_limit);
    g_test_add_func("/msg/pidf/sphere-is-undefined-when-persons-differ", test_sphere);
    g_test_add_func("/msg/pidf/describe", test_describe);
    g_test_add_func("/msg/pidf/compact-says-the-same", test_compact_says_the_same);
    return g_test_run();
}
