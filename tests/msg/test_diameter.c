/*
 * tests/msg/test_diameter.c - Diameter messages: reading, refusing, writing.
 *
 * Source:  RFC 6733 §3, §4; tests/vectors/diameter.txt.
 */
#include "nodes/msg/diameter.h"

static const DiameterMsg request = {
    .flags = DIAMETER_REQUEST, .command = DIAMETER_CER, .hop_by_hop = 7, .end_to_end = 9
};

static size_t write_sample(uint8_t *out, size_t cap)
{
    DiameterWriter w;
    diameter_start(&w, out, cap, &request);
    diameter_put_text(&w, DIAMETER_ORIGIN_HOST, 0, TEXT("hss"));
    diameter_begin(&w, DIAMETER_VENDOR_SPECIFIC_APPLICATION_ID, 0);
    diameter_put_u32(&w, DIAMETER_VENDOR_ID, 0, DIAMETER_3GPP);
    diameter_end(&w);
    diameter_put(&w, 601, DIAMETER_3GPP, "sip:a@b", 7);
    diameter_put_optional(&w, DIAMETER_PRODUCT_NAME, 0, "presec", 6);
    return diameter_finish(&w);
}

static void test_written_is_read(void)
{
    uint8_t octets[256];
    DiameterMsg msg;
    DiameterAvp avp;
    uint32_t vendor = 0;
    size_t len = write_sample(octets, sizeof octets);
    g_assert_cmpint(diameter_parse(octets, len, &msg), ==, DIAMETER_OK);
    g_assert_cmpuint(msg.command, ==, DIAMETER_CER);
    g_assert_cmpuint(msg.hop_by_hop, ==, 7);
    g_assert_cmpuint(msg.end_to_end, ==, 9);
    DiameterCursor cursor = diameter_avps(&msg);
    g_assert_true(diameter_next(&cursor, &avp) && text_is(diameter_text(&avp), "hss"));
    g_assert_cmpuint(avp.flags, ==, DIAMETER_MANDATORY);
    g_assert_true(diameter_next(&cursor, &avp) && avp.code == DIAMETER_VENDOR_SPECIFIC_APPLICATION_ID);
    DiameterCursor inner = diameter_group(&cursor, &avp);
    g_assert_true(diameter_find(inner, DIAMETER_VENDOR_ID, 0, &avp) && diameter_u32(&avp, &vendor));
    g_assert_cmpuint(vendor, ==, DIAMETER_3GPP);
    g_assert_true(diameter_next(&cursor, &avp) && avp.vendor == DIAMETER_3GPP);
    g_assert_true(text_is(diameter_text(&avp), "sip:a@b"));
    g_assert_true(diameter_next(&cursor, &avp) && avp.flags == 0);
    g_assert_false(diameter_next(&cursor, &avp));
    g_assert_cmpint(cursor.result, ==, DIAMETER_OK);
    g_assert_false(diameter_find(diameter_avps(&msg), 601, 0, &avp)); /* the vendor is part of the name */
}

static void test_short_buffer_writes_nothing(void)
{
    uint8_t octets[256];
    size_t len = write_sample(octets, sizeof octets);
    for (size_t cap = 0; cap < len; cap++) {
        g_autofree uint8_t *tight = g_malloc(cap ? cap : 1); /* the sanitizer watches its end */
        g_assert_cmpuint(write_sample(tight, cap), ==, 0);
    }
    g_assert_cmpuint(write_sample(octets, len), ==, len);
}

static void test_truncated_is_refused(void)
{
    uint8_t octets[256];
    DiameterMsg msg;
    size_t need, len = write_sample(octets, sizeof octets);
    for (size_t n = 0; n < len; n++) {
        g_assert_cmpint(diameter_parse(octets, n, &msg), ==, DIAMETER_SHORT);
        g_assert_cmpint(diameter_frame(octets, n, &need), ==, DIAMETER_SHORT);
        g_assert_cmpuint(need, ==, n < 4 ? DIAMETER_HEADER_LEN : len);
    }
    g_assert_cmpint(diameter_frame(octets, sizeof octets, &need), ==, DIAMETER_OK);
    g_assert_cmpuint(need, ==, len);
    g_assert_cmpint(diameter_parse(octets, sizeof octets, &msg), ==, DIAMETER_BAD_LENGTH);
}

/* The sample with one octet changed. */
static DiameterResult parse_changed(size_t at, uint8_t octet)
{
    uint8_t octets[256];
    DiameterMsg msg;
    size_t len = write_sample(octets, sizeof octets);
    octets[at] = octet;
    return diameter_parse(octets, len, &msg);
}

static void test_malformed_by_cause(void)
{
    enum { FIRST_AVP = 20, FIRST_PADDING = 31 };
    g_assert_cmpint(parse_changed(0, 2), ==, DIAMETER_BAD_VERSION);
    g_assert_cmpint(parse_changed(1, 1), ==, DIAMETER_TOO_LONG);
    g_assert_cmpint(parse_changed(3, 16), ==, DIAMETER_BAD_LENGTH);
    g_assert_cmpint(parse_changed(3, 21), ==, DIAMETER_BAD_LENGTH);
    g_assert_cmpint(parse_changed(FIRST_AVP + 7, 7), ==, DIAMETER_BAD_AVP);
    g_assert_cmpint(parse_changed(FIRST_AVP + 5, 1), ==, DIAMETER_BAD_AVP);
    g_assert_cmpint(parse_changed(FIRST_AVP + 4, DIAMETER_VENDOR), ==, DIAMETER_BAD_AVP);
    g_assert_cmpint(parse_changed(FIRST_PADDING, 1), ==, DIAMETER_BAD_PADDING);
}

static void test_group_too_deep(void)
{
    uint8_t octets[128];
    DiameterWriter w;
    diameter_start(&w, octets, sizeof octets, &request);
    for (int i = 0; i < DIAMETER_DEPTH_MAX; i++)
        diameter_begin(&w, DIAMETER_VENDOR_SPECIFIC_APPLICATION_ID, 0);
    diameter_put_u32(&w, DIAMETER_VENDOR_ID, 0, 1);
    for (int i = 0; i < DIAMETER_DEPTH_MAX; i++)
        diameter_end(&w);
    DiameterMsg msg;
    DiameterAvp avp;
    g_assert_cmpint(diameter_parse(octets, diameter_finish(&w), &msg), ==, DIAMETER_OK);
    DiameterCursor cursor = diameter_avps(&msg);
    for (int i = 0; i < DIAMETER_DEPTH_MAX; i++) {
        g_assert_true(diameter_next(&cursor, &avp));
        cursor = diameter_group(&cursor, &avp);
        g_assert_cmpint(cursor.result, ==, DIAMETER_OK);
    }
    g_assert_true(diameter_next(&cursor, &avp));
    cursor = diameter_group(&cursor, &avp);
    g_assert_cmpint(cursor.result, ==, DIAMETER_TOO_DEEP);
    g_assert_false(diameter_next(&cursor, &avp));
}

static void test_too_many_avps(void)
{
    static uint8_t octets[DIAMETER_LEN_MAX];
    DiameterWriter w;
    DiameterMsg msg;
    diameter_start(&w, octets, sizeof octets, &request);
    for (int i = 0; i < DIAMETER_AVPS_MAX; i++)
        diameter_put_u32(&w, 1, 0, 1);
    g_assert_cmpint(diameter_parse(octets, diameter_finish(&w), &msg), ==, DIAMETER_OK);
    diameter_put_u32(&w, 1, 0, 1);
    g_assert_cmpint(diameter_parse(octets, diameter_finish(&w), &msg), ==, DIAMETER_TOO_MANY);
}

static void test_describe(void)
{
    uint8_t octets[256];
    g_autoptr(GString) out = g_string_new(NULL);
    size_t len = write_sample(octets, sizeof octets);
    g_assert_true(diameter_describe(octets, len, out));
    g_assert_nonnull(strstr(out->str, "Capabilities-Exchange-Request (257)"));
    g_assert_nonnull(strstr(out->str, "\n    Vendor-Id (266): 10415\n"));
    g_assert_nonnull(strstr(out->str, "Public-Identity (601): sip:a@b\n"));
    g_string_truncate(out, 0);
    g_assert_false(diameter_describe(octets, len - 4, out));
    g_assert_cmpstr(out->str, ==, "rejected: cut off\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/diameter/what-is-written-is-read", test_written_is_read);
    g_test_add_func("/msg/diameter/short-buffer-writes-nothing", test_short_buffer_writes_nothing);
    g_test_add_func("/msg/diameter/truncated-at-any-octet-is-refused", test_truncated_is_refused);
    g_test_add_func("/msg/diameter/malformed-by-cause", test_malformed_by_cause);
    g_test_add_func("/msg/diameter/groups-too-deep", test_group_too_deep);
    g_test_add_func("/msg/diameter/too-many-avps", test_too_many_avps);
    g_test_add_func("/msg/diameter/describe", test_describe);
    return g_test_run();
}
