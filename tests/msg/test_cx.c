/*
 * tests/msg/test_cx.c - typed Cx messages against tests/vectors/diameter.txt and tshark.
 *
 * Source:  TS 29.228 §6.1, §6.3; TS 29.229 §6.
 */
#include "nodes/msg/cx.h"

#include <glib/gstdio.h>

/* The message of a block of diameter.txt; NULL: no such block. */
static uint8_t *vector_message(const char *block, size_t *len)
{
    g_autofree char *text = NULL, *head = g_strdup_printf("[%s]\nmessage = ", block);
    g_assert_true(g_file_get_contents("../vectors/diameter.txt", &text, NULL, NULL));
    const char *at = strstr(text, head);
    g_assert_nonnull(at);
    Text hex = text_from(at + strlen(head));
    hex = text_first(hex, text_find(hex, '\n'));
    *len = hex.len / 2;
    uint8_t *octets = g_malloc(*len);
    g_assert_true(text_to_octets(hex, octets, *len));
    return octets;
}

static CxMessage parse_vector(const char *block, uint8_t **octets)
{
    size_t len;
    CxMessage cx;
    *octets = vector_message(block, &len);
    CxParse parse = cx_parse(*octets, len, &cx);
    g_assert_cmpint(parse.result, ==, CX_OK);
    return cx;
}

/* Every Cx and Zh vector: reading and writing it again gives the same octets. */
static void test_vectors_are_reproduced(void)
{
    static const char *const blocks[] = { "cx-uar",        "cx-uaa-first-registration", "cx-mar", "cx-maa",
                                          "cx-mar-resync", "cx-sar-registration",       "zh-mar" };
    for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
        uint8_t written[1024];
        size_t len;
        CxMessage cx;
        g_autofree uint8_t *octets = vector_message(blocks[i], &len);
        g_test_message("%s", blocks[i]);
        g_assert_cmpint(cx_parse(octets, len, &cx).result, ==, CX_OK);
        g_assert_cmpmem(written, cx_write(&cx, written, sizeof written), octets, len);
    }
}

static void test_maa_fields(void)
{
    g_autofree uint8_t *octets = NULL;
    CxMessage cx = parse_vector("cx-maa", &octets);
    uint8_t rand_autn[CX_RAND_AUTN_LEN], xres[8];
    g_assert_true(
        text_to_octets(TEXT("23553cbe9637a89d218ae64dae47bf3555f328b43577b9b94a9ffac354dfafb3"), rand_autn, 32));
    g_assert_true(text_to_octets(TEXT("a54211d5e3ba50bf"), xres, 8));
    g_assert_false(cx.request);
    g_assert_cmpuint(cx.result, ==, CX_SUCCESS);
    g_assert_true(cx_succeeded(&cx));
    g_assert_true(text_is(cx.impi, "user1_private@home1.net"));
    g_assert_cmpuint(cx.n_avs, ==, 1);
    g_assert_cmpuint(cx.av[0].item, ==, 1);
    g_assert_cmpmem(cx.av[0].rand_autn, 32, rand_autn, 32);
    g_assert_cmpmem(cx.av[0].xres, cx.av[0].xres_len, xres, 8);
    g_assert_cmpuint(cx.av[0].ck[0], ==, 0xb4);
    g_assert_cmpuint(cx.av[0].ik[15], ==, 0x41);
}

static void test_resync_fields(void)
{
    g_autofree uint8_t *octets = NULL;
    CxMessage cx = parse_vector("cx-mar-resync", &octets);
    g_assert_true(cx.request && cx.resync);
    g_assert_cmpuint(cx.rand_auts[0], ==, 0x23);
    g_assert_cmpuint(cx.rand_auts[29], ==, 0xc6);
    g_assert_true(text_is(cx.server_name, "sip:scscf1.home1.net"));
}

/* Experimental-Result 2001 is not Result-Code 2001. */
static void test_experimental_result_is_apart(void)
{
    uint8_t octets[512];
    CxMessage back, cx = { .command = CX_USER_AUTHORIZATION,
                           .session_id = TEXT("s"),
                           .origin_host = TEXT("hss"),
                           .origin_realm = TEXT("home"),
                           .experimental = CX_FIRST_REGISTRATION };
    size_t len = cx_write(&cx, octets, sizeof octets);
    g_assert_cmpint(cx_parse(octets, len, &back).result, ==, CX_OK);
    g_assert_cmpuint(back.experimental, ==, CX_FIRST_REGISTRATION);
    g_assert_cmpuint(back.result, ==, 0);
    g_assert_true(cx_succeeded(&back));
    cx.experimental = CX_USER_UNKNOWN;
    len = cx_write(&cx, octets, sizeof octets);
    g_assert_cmpint(cx_parse(octets, len, &back).result, ==, CX_OK);
    g_assert_false(cx_succeeded(&back));
}

/* A request without one of the AVPs it must have names that AVP, and still says which session it was. */
static void test_missing_avp_is_named(void)
{
    static const uint32_t code_of[] = { 601, 1, 602, 283 };
    for (unsigned missing = 0; missing < G_N_ELEMENTS(code_of); missing++) {
        uint8_t octets[512];
        CxMessage back, cx = { .command = CX_MULTIMEDIA_AUTH,
                               .request = true,
                               .hop_by_hop = 5,
                               .session_id = TEXT("s;1"),
                               .origin_host = TEXT("scscf"),
                               .origin_realm = TEXT("home"),
                               .destination_realm = missing == 3 ? TEXT_NONE : TEXT("home"),
                               .impu = missing == 0 ? TEXT_NONE : TEXT("sip:a@home"),
                               .impi = missing == 1 ? TEXT_NONE : TEXT("a@home"),
                               .server_name = missing == 2 ? TEXT_NONE : TEXT("sip:scscf.home") };
        size_t len = cx_write(&cx, octets, sizeof octets);
        CxParse parse = cx_parse(octets, len, &back);
        g_assert_cmpint(parse.result, ==, CX_MISSING);
        g_assert_cmpuint(parse.avp, ==, code_of[missing]);
        g_assert_cmpuint(back.hop_by_hop, ==, 5);
        g_assert_true(text_is(back.session_id, "s;1"));
    }
}

static void put_head(DiameterWriter *w, uint8_t *out, size_t cap, uint32_t command, uint32_t application)
{
    DiameterMsg header = { .flags = DIAMETER_PROXIABLE, .command = command, .application = application };
    diameter_start(w, out, cap, &header);
    diameter_put_text(w, DIAMETER_SESSION_ID, 0, TEXT("s"));
    diameter_put_text(w, DIAMETER_ORIGIN_HOST, 0, TEXT("h"));
    diameter_put_text(w, DIAMETER_ORIGIN_REALM, 0, TEXT("r"));
    diameter_put_u32(w, DIAMETER_RESULT_CODE, 0, CX_SUCCESS);
}

static void test_av_with_wrong_length_is_refused(void)
{
    uint8_t octets[512], value[40] = { 0 };
    static const struct {
        uint32_t code;
        size_t len;
    } wrong[] = { { 609, 31 }, { 610, 3 }, { 610, 17 }, { 625, 15 }, { 626, 17 } };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        static const uint32_t codes[] = { 609, 610, 625, 626 };
        static const size_t lens[] = { 32, 8, 16, 16 };
        DiameterWriter w;
        CxMessage cx;
        put_head(&w, octets, sizeof octets, CX_MULTIMEDIA_AUTH, DIAMETER_APP_CX);
        diameter_begin(&w, 612, DIAMETER_3GPP);
        for (unsigned k = 0; k < 4; k++)
            diameter_put(&w, codes[k], DIAMETER_3GPP, value, codes[k] == wrong[i].code ? wrong[i].len : lens[k]);
        diameter_end(&w);
        CxParse parse = cx_parse(octets, diameter_finish(&w), &cx);
        g_assert_cmpint(parse.result, ==, CX_BAD_VALUE);
        g_assert_cmpuint(parse.avp, ==, wrong[i].code);
        g_assert_cmpuint(cx.n_avs, ==, 0);
    }
}

static void test_other_applications_are_unknown(void)
{
    uint8_t octets[128];
    DiameterWriter w;
    CxMessage cx;
    put_head(&w, octets, sizeof octets, CX_MULTIMEDIA_AUTH, DIAMETER_APP_ZN);
    g_assert_cmpint(cx_parse(octets, diameter_finish(&w), &cx).result, ==, CX_UNKNOWN);
    put_head(&w, octets, sizeof octets, 999, DIAMETER_APP_CX);
    g_assert_cmpint(cx_parse(octets, diameter_finish(&w), &cx).result, ==, CX_UNKNOWN);
    g_assert_cmpint(cx_parse(octets, 19, &cx).result, ==, CX_NOT_DIAMETER);
}

/* ---- tshark ---- */

static void pcap_number(GByteArray *pcap, uint32_t value, unsigned octets)
{
    for (unsigned i = 0; i < octets; i++) {
        uint8_t octet = (uint8_t)(value >> 8 * i);
        g_byte_array_append(pcap, &octet, 1);
    }
}

/* An IPv6 packet with a TCP segment to port 3868; the checksum is left 0, which tshark does not look at by default. */
static void pcap_segment(GByteArray *pcap, uint16_t sport, const uint8_t *octets, size_t len)
{
    uint8_t head[60] = { 0x60, 0, 0, 0, (uint8_t)((len + 20) >> 8), (uint8_t)(len + 20), 6, 64 };
    head[23] = 1;
    head[39] = 2;
    head[40] = (uint8_t)(sport >> 8);
    head[41] = (uint8_t)sport;
    head[42] = DIAMETER_PORT >> 8;
    head[43] = DIAMETER_PORT & 0xff;
    head[52] = 5 << 4;
    head[53] = 0x18;
    head[54] = 0xff;
    pcap_number(pcap, 0, 4);
    pcap_number(pcap, 0, 4);
    pcap_number(pcap, (uint32_t)(sizeof head + len), 4);
    pcap_number(pcap, (uint32_t)(sizeof head + len), 4);
    g_byte_array_append(pcap, head, sizeof head);
    g_byte_array_append(pcap, octets, (guint)len);
}

static char *run_tshark(const char *tshark, const char *file, const char *filter)
{
    const char *argv[] = {
        tshark, "-r", file, "-Y", filter, "-T", "fields", "-e", "diameter.cmd.code", "-e", "_ws.expert.message", NULL
    };
    char *out = NULL;
    g_autofree char *err = NULL;
    int status = 0;
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, NULL));
    g_test_message("tshark: %s", err);
    g_assert_cmpint(status, ==, 0);
    return out;
}

static CxMessage full_message(CxCommand command, bool is_request)
{
    CxMessage cx = { .command = command,
                     .request = is_request,
                     .session_id = TEXT("icscf.home.example;1;2;x"),
                     .origin_host = TEXT("icscf.home.example"),
                     .origin_realm = TEXT("home.example"),
                     .destination_host = TEXT("hss.home.example"),
                     .destination_realm = TEXT("home.example"),
                     .impi = TEXT("alice@home.example"),
                     .impu = TEXT("sip:alice@home.example"),
                     .server_name = TEXT("sip:scscf.home.example") };
    if (!is_request && command == CX_USER_AUTHORIZATION)
        cx.experimental = CX_SUBSEQUENT_REGISTRATION;
    else if (!is_request)
        cx.result = CX_SUCCESS;
    if (command == CX_USER_AUTHORIZATION && is_request)
        cx.visited_network = TEXT("visited.example");
    return cx;
}

static void add_messages(GByteArray *pcap)
{
    static const CxCommand commands[] = { CX_USER_AUTHORIZATION, CX_SERVER_ASSIGNMENT, CX_LOCATION_INFO,
                                          CX_MULTIMEDIA_AUTH };
    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(commands); i++) {
        uint8_t octets[2048];
        CxMessage cx = full_message(commands[i / 2], i % 2 == 0);
        cx.has_assignment = cx.has_user_data_available = commands[i / 2] == CX_SERVER_ASSIGNMENT && cx.request;
        cx.assignment = CX_ASSIGN_REGISTRATION;
        if (commands[i / 2] == CX_MULTIMEDIA_AUTH) {
            cx.scheme = TEXT(CX_SCHEME_AKA);
            cx.n_auth_items = 2;
            cx.n_avs = cx.request ? 0 : 2;
            cx.av[0] = (CxAv){ .item = 1, .xres_len = 8 };
            cx.av[1] = (CxAv){ .item = 2, .xres_len = 16 };
        }
        if (commands[i / 2] == CX_SERVER_ASSIGNMENT && !cx.request)
            cx.user_data = TEXT("<?xml version=\"1.0\"?><IMSSubscription/>");
        size_t len = cx_write(&cx, octets, sizeof octets);
        g_assert_cmpuint(len, >, 0);
        pcap_segment(pcap, (uint16_t)(40000 + i), octets, len);
    }
}

static void test_tshark_agrees(void)
{
    g_autofree char *tshark = g_find_program_in_path("tshark"), *name = NULL;
    if (!tshark) {
        g_test_skip("tshark is not installed");
        return;
    }
    g_autoptr(GByteArray) pcap = g_byte_array_new();
    static const uint32_t header[] = { 0xa1b2c3d4, 4 << 16 | 2, 0, 0, 65535, 101 /* LINKTYPE_RAW */ };
    for (size_t i = 0; i < G_N_ELEMENTS(header); i++)
        pcap_number(pcap, header[i], 4);
    add_messages(pcap);
    int fd = g_file_open_tmp("presec-cx-XXXXXX.pcap", &name, NULL);
    g_assert_cmpint(fd, >=, 0);
    g_assert_true(g_close(fd, NULL));
    g_assert_true(g_file_set_contents(name, (const char *)pcap->data, pcap->len, NULL));
    g_autofree char *all = run_tshark(tshark, name, "diameter");
    g_autofree char *wrong = run_tshark(tshark, name, "_ws.malformed || _ws.expert.severity >= 0x600000");
    g_remove(name);
    g_assert_cmpstr(wrong, ==, "");
    g_auto(GStrv) lines = g_strsplit(g_strchomp(all), "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 8);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/cx/vectors-are-reproduced", test_vectors_are_reproduced);
    g_test_add_func("/msg/cx/maa-fields", test_maa_fields);
    g_test_add_func("/msg/cx/resync-carries-rand-and-auts", test_resync_fields);
    g_test_add_func("/msg/cx/experimental-result-is-apart", test_experimental_result_is_apart);
    g_test_add_func("/msg/cx/missing-avp-is-named", test_missing_avp_is_named);
    g_test_add_func("/msg/cx/vector-with-wrong-length-is-refused", test_av_with_wrong_length_is_refused);
    g_test_add_func("/msg/cx/other-applications-are-unknown", test_other_applications_are_unknown);
    g_test_add_func("/msg/cx/tshark-dissects-without-complaint", test_tshark_agrees);
    return g_test_run();
}
