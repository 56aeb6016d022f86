/*
 * tests/stack/test_sad.c - the security association database: both ends, every algorithm, old and new sets.
 *
 * Source:  TS 33.203 §7.1; RFC 2451 §2.3; tshark as an independent reader of the packets.
 */
#include "sim/capture.h"
#include "sim/tcp.h"
#include "tests/stack/sa_ends.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* ---- the four SAs ---- */

static void test_udp_both_ways(gconstpointer data)
{
    unsigned which = GPOINTER_TO_UINT(data);
    EspEalg ealg = which % 3;
    g_autoptr(Ends) ends = ends_new(which / 3, ealg);
    size_t len;

    g_assert_cmpint(up(ends, UC, PS, "a request"), ==, NET_SENT); /* SA 1 */
    run(ends);
    g_assert_cmpuint(ends->got[PS], ==, 1);
    g_assert_cmpstr(ends->last->str, ==, "a request");
    g_assert_cmpuint(ends->last_sa, ==, ends->pcscf_set);
    g_assert_cmpint(down(ends, PC, US, "an answer"), ==, NET_SENT); /* SA 3 */
    run(ends);
    g_assert_cmpuint(ends->got[US], ==, 1);
    g_assert_cmpstr(ends->last->str, ==, "an answer");
    g_assert_cmpuint(ends->last_sa, ==, ends->ue_set);
    up(ends, US, PC, "SA 4");
    down(ends, PS, UC, "SA 2");
    run(ends);
    g_assert_cmpuint(ends->got[PC], ==, 1);
    g_assert_cmpuint(ends->got[UC], ==, 1);

    static const uint32_t spis[] = { SPI_PS, SPI_US, SPI_PC, SPI_UC };
    static const char *const texts[] = { "a request", "an answer", "SA 4", "SA 2" };
    g_assert_cmpuint(ends->crossed->len, ==, 4);
    for (guint i = 0; i < 4; i++) {
        const uint8_t *ip = crossed(ends, i, &len);
        uint32_t spi;
        g_assert_cmpuint(ip[6], ==, 50);
        g_assert_cmpuint((size_t)(ip[4] << 8 | ip[5]), ==, len - 40);
        g_assert_cmpuint(len - 40, ==, esp_sealed_len(ealg, 8 + strlen(texts[i])));
        g_assert_true(esp_spi_of(ip + 40, len - 40, &spi));
        g_assert_cmpuint(spi, ==, spis[i]);
        bool readable = memmem(ip, len, texts[i], strlen(texts[i])) != NULL;
        g_assert_true(readable == (ealg == ESP_NULL));
    }
}

typedef struct Talk {
    GString *got;
    uint32_t sa;
    bool ended;
} Talk;

static void talk_data(void *ctx, TcpConn *conn, const uint8_t *octets, size_t len)
{
    Talk *talk = ctx;
    g_string_append_len(talk->got, (const char *)octets, (gssize)len);
    talk->sa = tcp_sa(conn);
}

static void talk_connected(void *ctx, TcpConn *conn)
{
}

static void talk_ended(void *ctx, TcpConn *conn, TcpEnd why)
{
    ((Talk *)ctx)->ended = true;
}

static const TcpEvents talk_events = { talk_connected, talk_data, talk_ended };

static void talk_accepted(void *ctx, TcpConn *conn)
{
    tcp_set_events(conn, &talk_events, ctx);
    tcp_send(conn, "welcome", 7);
}

static void test_tcp(gconstpointer data)
{
    unsigned which = GPOINTER_TO_UINT(data);
    g_autoptr(Ends) ends = ends_new(which / 3, which % 3);
    g_autoptr(GString) at_ue = g_string_new(NULL), at_pcscf = g_string_new(NULL);
    Talk ue = { .got = at_ue }, pcscf = { .got = at_pcscf };
    g_autofree char *long_text = g_strnfill(5000, 'y');

    g_assert_true(tcp_listen(ends->chain->p, PS, talk_accepted, &pcscf));
    TcpConn *conn = tcp_connect(ends->chain->a, UC, net_host_addr(ends->chain->p), PS, &talk_events, &ue);
    tcp_send(conn, long_text, 5000);
    run(ends);
    g_assert_cmpstr(at_pcscf->str, ==, long_text);
    g_assert_cmpstr(at_ue->str, ==, "welcome");
    g_assert_cmpuint(pcscf.sa, ==, ends->pcscf_set);
    g_assert_cmpuint(ue.sa, ==, ends->ue_set);
    for (guint i = 0; i < ends->crossed->len; i++) {
        size_t len;
        g_assert_cmpuint(crossed(ends, i, &len)[6], ==, 50);
    }
    tcp_close(conn);
    run(ends);
    g_assert_true(pcscf.ended);
}

/* ---- old and new sets ---- */

static void test_old_and_new(void)
{
    g_autoptr(Ends) ends = ends_new(ESP_HMAC_SHA1_96, ESP_NULL);
    SaParams params = params_for(ends->chain, ESP_HMAC_SHA1_96, ESP_AES_CBC);

    /* a re-registration: the server ports stay, the client ports and the SPIs are new (TS 33.203 §7.1) */
    params.port_uc = UC + 100;
    params.port_pc = PC + 100;
    params.spi_uc++;
    params.spi_us++;
    params.spi_pc++;
    params.spi_ps++;
    SaSetId ue_new = sad_add(ends->ue, &params, true), pcscf_new = sad_add(ends->pcscf, &params, false);
    g_assert_cmpuint(sad_count(ends->pcscf), ==, 2);
    g_assert_cmpuint(sad_outbound(ends->ue, &params.pcscf, UC, PS), ==, ends->ue_set);
    g_assert_cmpuint(sad_outbound(ends->ue, &params.pcscf, UC + 100, PS), ==, ue_new);
    g_assert_cmpuint(sad_outbound(ends->ue, &params.pcscf, US, PC + 100), ==, ue_new);
    g_assert_cmpuint(sad_outbound(ends->ue, &params.pcscf, UC, PC), ==, 0);

    up(ends, UC, PS, "old");
    run(ends);
    g_assert_cmpuint(ends->last_sa, ==, ends->pcscf_set);
    up(ends, UC + 100, PS, "new");
    run(ends);
    g_assert_cmpuint(ends->last_sa, ==, pcscf_new);
    g_assert_cmpuint(ends->got[PS], ==, 2);
    down(ends, PC, US, "still old");
    run(ends);
    g_assert_cmpuint(ends->last_sa, ==, ends->ue_set);

    sad_remove(ends->pcscf, ends->pcscf_set);
    sad_remove(ends->ue, ends->ue_set);
    g_assert_false(sad_has(ends->ue, ends->ue_set));
    g_assert_cmpuint(sad_count(ends->ue), ==, 1);
    g_assert_cmpint(up(ends, UC, PS, "too late"), ==, NET_REFUSED); /* never in clear from a port that was protected */
    up(ends, UC + 100, PS, "new");
    run(ends);
    g_assert_cmpuint(ends->got[PS], ==, 3);
    down(ends, PC + 100, US, "new");
    run(ends);
    g_assert_cmpuint(ends->last_sa, ==, ue_new);
}

static void test_same_ports(void)
{
    g_autoptr(Ends) ends = ends_new(ESP_HMAC_SHA1_96, ESP_NULL);
    SaParams params = params_for(ends->chain, ESP_HMAC_SHA1_96, ESP_NULL);

    params.spi_ps = 0x9999;
    SaSetId listening = sad_add(ends->ue, &params, false);
    g_assert_cmpuint(sad_outbound(ends->ue, &params.pcscf, UC, PS), ==, ends->ue_set);
    sad_set_outbound(ends->ue, listening, true);
    g_assert_cmpuint(sad_outbound(ends->ue, &params.pcscf, UC, PS), ==, listening); /* the newest usable */
    sad_set_outbound(ends->ue, listening, false);
    sad_remove(ends->ue, ends->ue_set);
    g_assert_cmpuint(sad_outbound(ends->ue, &params.pcscf, UC, PS), ==, listening); /* rather than in clear */
}

static void test_facts(void)
{
    g_autoptr(Ends) ends = ends_new(ESP_HMAC_MD5_96, ESP_DES_EDE3_CBC);

    g_assert_cmpstr(sad_protection(ends->ue, ends->ue_set), ==, "ESP des-ede3-cbc hmac-md5-96");
    g_assert_cmpstr(sad_protection(ends->ue, 0), ==, "clear");
    g_assert_cmpint(sad_alg(ends->ue, ends->ue_set), ==, ESP_HMAC_MD5_96);
    g_assert_cmpint(sad_ealg(ends->ue, ends->ue_set), ==, ESP_DES_EDE3_CBC);
    g_assert_true(sad_spi_in_use(ends->ue, SPI_UC));
    g_assert_false(sad_spi_in_use(ends->ue, SPI_PS)); /* the peer's */
    g_assert_true(sad_spi_in_use(ends->pcscf, SPI_PS));
    sad_remove(ends->ue, ends->ue_set);
    g_assert_false(sad_spi_in_use(ends->ue, SPI_UC));
    sad_remove(ends->ue, ends->ue_set); /* harmless */
    g_assert_cmpuint(sad_count(ends->ue), ==, 0);
}

static void test_weak_keys(void)
{
    g_autoptr(Ends) ends = ends_new(ESP_HMAC_SHA1_96, ESP_NULL);
    SaParams params = params_for(ends->chain, ESP_HMAC_SHA1_96, ESP_DES_EDE3_CBC);

    memcpy(params.ck + 8, params.ck, 8); /* K1 = K2: single DES, RFC 2451 §2.3 */
    g_assert_cmpuint(sad_add(ends->ue, &params, true), ==, 0);
    g_assert_cmpuint(sad_count(ends->ue), ==, 1);
    params.ealg = ESP_AES_CBC;
    g_assert_cmpuint(sad_add(ends->ue, &params, true), !=, 0);
}

static void test_records(void)
{
    g_autoptr(Ends) ends = ends_new(ESP_HMAC_SHA1_96, ESP_AES_CBC);
    const Trace *trace = sim_trace(ends->chain->sim);
    const TraceRecord *record = trace_get(trace, sad_record(ends->ue, ends->ue_set));
    unsigned made[2] = { 0 }, deleted = 0;
    uint32_t spis = 0;

    g_assert_cmpstr(record->node, ==, "a");
    g_assert_cmpuint(record->sa.spi, ==, SPI_PS);
    g_assert_cmpstr(record->sa.src, ==, "2001:db8:1::1 50001");
    g_assert_cmpstr(record->sa.dst, ==, "2001:db8:2::2 50004");
    g_assert_cmpstr(record->sa.user, ==, "alice@home.example");
    g_assert_cmpuint(record->sa.keys[1], ==, 8);
    sad_remove(ends->ue, ends->ue_set);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        record = trace_get(trace, id);
        if (record->kind == TRACE_SA && record->sa.made) {
            made[record->node[0] == 'a' ? 0 : 1]++;
            spis ^= record->sa.spi;
        }
        deleted += record->kind == TRACE_SA && !record->sa.made;
    }
    g_assert_cmpuint(made[0], ==, 2); /* what it sends through */
    g_assert_cmpuint(made[1], ==, 2);
    g_assert_cmpuint(spis, ==, SPI_UC ^ SPI_US ^ SPI_PC ^ SPI_PS);
    g_assert_cmpuint(deleted, ==, 2);
}

/* ---- many ---- */

static void test_many(void)
{
    g_autoptr(Chain) chain = chain_new(false);
    Sad *sad = sad_new(chain->p, "p", SAD_PCSCF, NULL);
    enum { N = 20000 };
    g_autofree SaSetId *id = g_new(SaSetId, N);

    for (uint32_t i = 0; i < N; i++) {
        SaParams params = params_for(chain, ESP_HMAC_SHA1_96, ESP_NULL);
        params.ue = net_addr_make(UINT64_C(0x20010db800010000), i);
        params.spi_pc = 2 * i + 1000;
        params.spi_ps = 2 * i + 1001;
        params.port_pc = (uint16_t)(PC + i % 7);
        id[i] = sad_add(sad, &params, true);
    }
    g_assert_cmpuint(sad_count(sad), ==, N);
    for (uint32_t i = 0; i < N; i += 3)
        sad_remove(sad, id[i]);
    for (uint32_t i = 0; i < N; i++) {
        NetAddr ue = net_addr_make(UINT64_C(0x20010db800010000), i);
        SaSetId expected = i % 3 == 0 ? 0 : id[i];
        g_assert_cmpuint(sad_outbound(sad, &ue, (uint16_t)(PC + i % 7), US), ==, expected);
        g_assert_cmpuint(sad_outbound(sad, &ue, PS, UC), ==, expected);
        g_assert_true(sad_spi_in_use(sad, 2 * i + 1001) == (expected != 0));
        g_assert_true(sad_has(sad, id[i]) == (expected != 0));
    }
    sad_free(sad);
}

/* ---- an independent reader ---- */

static void test_tshark(gconstpointer data)
{
    unsigned which = GPOINTER_TO_UINT(data);
    static const char *const auth[] = { "HMAC-MD5-96 [RFC2403]", "HMAC-SHA-1-96 [RFC2404]" };
    static const char *const cipher[] = { "NULL", "TripleDES-CBC [RFC2451]", "AES-CBC [RFC3602]" };
    EspAlg alg = which / 3;
    EspEalg ealg = which % 3;
    g_autofree char *tshark = g_find_program_in_path("tshark");

    if (tshark == NULL) {
        g_test_skip("tshark is not installed");
        return;
    }
    g_autoptr(Ends) ends = ends_new(alg, ealg);
    SaParams params = params_for(ends->chain, alg, ealg);
    Capture *capture = capture_new(ends->chain->net, false, true);
    up(ends, UC, PS, "MESSAGE sip:b@b SIP/2.0\r\nCall-ID: seen-by-tshark\r\n\r\n");
    down(ends, PC, US, "SIP/2.0 200 OK\r\nCall-ID: seen-by-tshark\r\n\r\n");
    run(ends);

    uint8_t ik[ESP_IK_MAX], ck[ESP_CK_3DES_LEN];
    size_t ik_len = annexI_ik(alg, params.ik, ik), ck_len = ealg == ESP_NULL ? 0 : 16;
    memcpy(ck, params.ck, 16);
    if (ealg == ESP_DES_EDE3_CBC) {
        annexI_ck_3des(params.ck, ck);
        ck_len = sizeof ck;
    }
    g_autoptr(GString) ik_hex = g_string_new("0x"), ck_hex = g_string_new(ck_len > 0 ? "0x" : "");
    for (size_t i = 0; i < ik_len; i++)
        g_string_append_printf(ik_hex, "%02x", ik[i]);
    for (size_t i = 0; i < ck_len; i++)
        g_string_append_printf(ck_hex, "%02x", ck[i]);
    g_autofree char *sa = g_strdup_printf("uat:esp_sa:\"IPv6\",\"*\",\"*\",\"*\",\"%s\",\"%s\",\"%s\",\"%s\"",
                                          cipher[ealg], ck_hex->str, auth[alg], ik_hex->str);

    g_autofree char *file = NULL;
    g_autoptr(GError) error = NULL;
    int fd = g_file_open_tmp("presec-XXXXXX.pcapng", &file, &error);
    g_assert_no_error(error);
    close(fd);
    size_t len;
    const uint8_t *image = capture_file(capture, &len);
    g_assert_true(g_file_set_contents(file, (const char *)image, (gssize)len, NULL));
    capture_free(capture);

    const char *argv[] = { tshark,
                           "-r",
                           file,
                           "-o",
                           "esp.enable_encryption_decode:TRUE",
                           "-o",
                           "esp.enable_authentication_check:TRUE",
                           "-o",
                           sa,
                           "-d",
                           "udp.port==50001-50004,sip",
                           "-T",
                           "fields",
                           "-e",
                           "esp.icv_good",
                           "-e",
                           "udp.srcport",
                           "-e",
                           "sip.Call-ID",
                           NULL };
    g_autofree char *out = NULL;
    int status;
    g_assert_true(g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out, NULL,
                               &status, &error));
    g_assert_no_error(error);
    g_remove(file);
    g_assert_cmpstr(out, ==, "1\t50001\tseen-by-tshark\n1\t50003\tseen-by-tshark\n");
}

int main(int argc, char **argv)
{
    static const char *const algs[] = { "hmac-md5-96", "hmac-sha-1-96" };
    static const char *const ealgs[] = { "null", "des-ede3-cbc", "aes-cbc" };

    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < 6; i++) {
        g_autofree char *udp = g_strdup_printf("/stack/sad/udp/%s/%s", algs[i / 3], ealgs[i % 3]);
        g_autofree char *tcp = g_strdup_printf("/stack/sad/tcp/%s/%s", algs[i / 3], ealgs[i % 3]);
        g_autofree char *tshark = g_strdup_printf("/stack/sad/tshark-opens-it/%s/%s", algs[i / 3], ealgs[i % 3]);
        g_test_add_data_func(udp, GUINT_TO_POINTER(i), test_udp_both_ways);
        g_test_add_data_func(tcp, GUINT_TO_POINTER(i), test_tcp);
        g_test_add_data_func(tshark, GUINT_TO_POINTER(i), test_tshark);
    }
    g_test_add_func("/stack/sad/old-and-new-sets", test_old_and_new);
    g_test_add_func("/stack/sad/newest-outbound-of-equal-ports", test_same_ports);
    g_test_add_func("/stack/sad/facts", test_facts);
    g_test_add_func("/stack/sad/weak-3des-keys-are-refused", test_weak_keys);
    g_test_add_func("/stack/sad/records", test_records);
    g_test_add_func("/stack/sad/many-sets", test_many);
    return g_test_run();
}
