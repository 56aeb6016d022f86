/*
 * tests/msg/test_cx_user_data.c - the subscriber's profile and its initial filter criteria.
 *
 * Source:  TS 29.228 Annex B; TS 23.218 §5.2.2.
 */
#include "nodes/msg/cx_user_data.h"

/* PUBLISH, or SUBSCRIBE for presence, that comes to the user goes to the presence server. */
static CxUserData sample(void)
{
    CxUserData data = { .impi = "alice@home.example",
                        .n_impus = 2,
                        .impu = { "sip:alice&co@home.example", "tel:+1234" },
                        .barred = { false, true },
                        .n_filters = 1 };
    CxFilter *filter = &data.filter[0];
    filter->conjunctive = true;
    filter->n_triggers = 3;
    filter->trigger[0] = (CxTrigger){ .group = 0, .kind = CX_TRIGGER_METHOD, .pattern = "PUBLISH" };
    filter->trigger[1] = (CxTrigger){ .group = 0, .kind = CX_TRIGGER_METHOD, .pattern = "SUBSCRIBE" };
    filter->trigger[2] =
        (CxTrigger){ .group = 1, .kind = CX_TRIGGER_HEADER, .pattern = "Event", .content = "presence" };
    g_strlcpy(filter->server, "sip:ps.home.example", sizeof filter->server);
    return data;
}

static void test_written_is_read(void)
{
    char xml[4096], again[4096];
    CxUserData back, data = sample();
    g_autoptr(GString) errors = g_string_new(NULL);
    size_t len = cx_user_data_write(&data, xml, sizeof xml);
    g_assert_cmpuint(len, >, 0);
    g_assert_true(cx_user_data_parse(text_of(xml, len), &back, errors));
    g_assert_cmpstr(errors->str, ==, "");
    g_assert_cmpstr(back.impi, ==, data.impi);
    g_assert_true(back.n_impus == 2 && !back.barred[0] && back.barred[1]);
    g_assert_cmpstr(back.impu[0], ==, data.impu[0]);
    g_assert_cmpstr(back.filter[0].server, ==, data.filter[0].server);
    g_assert_cmpuint(back.filter[0].n_triggers, ==, 3);
    g_assert_cmpstr(back.filter[0].trigger[2].content, ==, "presence");
    g_assert_cmpmem(again, cx_user_data_write(&back, again, sizeof again), xml, len);
    g_assert_cmpuint(cx_user_data_write(&data, xml, len - 1), ==, 0);
}

static void test_filters_in_order_of_priority(void)
{
    static const char xml[] =
        "<IMSSubscription><PrivateID>a@b</PrivateID><ServiceProfile>"
        "<PublicIdentity><Identity>sip:a@b</Identity></PublicIdentity>"
        "<InitialFilterCriteria><Priority>7</Priority><ApplicationServer><ServerName>sip:late</ServerName>"
        "</ApplicationServer></InitialFilterCriteria>"
        "<InitialFilterCriteria><Priority>2</Priority><ApplicationServer><ServerName>sip:early</ServerName>"
        "</ApplicationServer></InitialFilterCriteria></ServiceProfile></IMSSubscription>";
    CxUserData data;
    g_assert_true(cx_user_data_parse(text_from(xml), &data, NULL));
    g_assert_cmpstr(data.filter[0].server, ==, "sip:early");
    g_assert_cmpstr(data.filter[1].server, ==, "sip:late");
}

static void test_unusable_is_refused(void)
{
    static const char *const bad[] = {
        "",
        "<IMSSubscription/>",
        "<Other><PrivateID>a@b</PrivateID></Other>",
        "<IMSSubscription><PrivateID>a@b</PrivateID><ServiceProfile/></IMSSubscription>",
        "<IMSSubscription><PrivateID>a@b</PrivateID><ServiceProfile><PublicIdentity><Identity/></PublicIdentity>"
        "</ServiceProfile></IMSSubscription>",
        "<IMSSubscription><PrivateID>a@b</PrivateID><ServiceProfile><PublicIdentity><Identity>sip:a</Identity>"
        "</PublicIdentity><InitialFilterCriteria/></ServiceProfile></IMSSubscription>",
        "<!DOCTYPE x><IMSSubscription/>",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        CxUserData data;
        g_autoptr(GString) errors = g_string_new(NULL);
        g_assert_false(cx_user_data_parse(text_from(bad[i]), &data, errors));
        g_assert_cmpuint(errors->len, >, 0);
    }
}

static void test_long_uri_is_refused(void)
{
    g_autofree char *uri = g_strnfill(CX_URI_MAX, 'a');
    g_autofree char *xml =
        g_strdup_printf("<IMSSubscription><PrivateID>%s</PrivateID><ServiceProfile><PublicIdentity>"
                        "<Identity>sip:a</Identity></PublicIdentity></ServiceProfile></IMSSubscription>",
                        uri);
    CxUserData data;
    g_assert_false(cx_user_data_parse(text_from(xml), &data, NULL));
}

static Text header_of(const void *message, Text name)
{
    return text_is(name, "Event") ? text_from(message) : TEXT_NONE;
}

static bool asks(const CxFilter *filter, const char *method, const char *event)
{
    CxRequest request = { .method = text_from(method), .header = header_of, .message = event };
    return cx_filter_matches(filter, &request);
}

static void test_filter_conjunctive(void)
{
    CxUserData data = sample();
    g_assert_true(asks(&data.filter[0], "PUBLISH", "presence"));
    g_assert_true(asks(&data.filter[0], "SUBSCRIBE", "Presence;id=1"));
    g_assert_false(asks(&data.filter[0], "SUBSCRIBE", "presence.winfo"));
    g_assert_false(asks(&data.filter[0], "SUBSCRIBE", NULL));
    g_assert_false(asks(&data.filter[0], "MESSAGE", "presence"));
}

/* (SUBSCRIBE and not Event presence) or PUBLISH */
static void test_filter_disjunctive(void)
{
    CxFilter filter = { .n_triggers = 3 };
    filter.trigger[0] = (CxTrigger){ .group = 1, .kind = CX_TRIGGER_METHOD, .pattern = "SUBSCRIBE" };
    filter.trigger[1] = (CxTrigger){
        .group = 1, .negated = true, .kind = CX_TRIGGER_HEADER, .pattern = "Event", .content = "presence"
    };
    filter.trigger[2] = (CxTrigger){ .group = 2, .kind = CX_TRIGGER_METHOD, .pattern = "PUBLISH" };
    g_assert_true(asks(&filter, "PUBLISH", "presence"));
    g_assert_true(asks(&filter, "SUBSCRIBE", "reg"));
    g_assert_false(asks(&filter, "SUBSCRIBE", "presence"));
    filter.n_triggers = 0;
    g_assert_true(asks(&filter, "MESSAGE", NULL)); /* no trigger point: always, TS 29.228 §B.2.2 */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/cx-user-data/what-is-written-is-read", test_written_is_read);
    g_test_add_func("/msg/cx-user-data/filters-in-order-of-priority", test_filters_in_order_of_priority);
    g_test_add_func("/msg/cx-user-data/unusable-is-refused", test_unusable_is_refused);
    g_test_add_func("/msg/cx-user-data/long-uri-is-refused", test_long_uri_is_refused);
    g_test_add_func("/msg/cx-user-data/filter-conjunctive", test_filter_conjunctive);
    g_test_add_func("/msg/cx-user-data/filter-disjunctive", test_filter_disjunctive);
    return g_test_run();
}
