/*
 * tests/stack/test_tls_capture.c - a capture with its secrets is read by tshark without anything else.
 *
 * Source:  draft-ietf-opsawg-pcapng §4.7; NSS key log format.
 */
#include "sim/capture.h"
#include "tests/stack/tls_chain.h"

#include <glib/gstdio.h>

static void tell(void *ctx, const char *line)
{
    capture_add_secret(ctx, line);
}

static char *tshark(Capture *capture)
{
    g_autofree char *program = g_find_program_in_path("tshark");
    g_autofree char *name = NULL;
    g_autofree char *complaints = NULL;
    char *out = NULL;
    size_t len;
    int status = -1;

    if (program == NULL) {
        g_test_skip("tshark is not installed");
        return NULL;
    }
    const uint8_t *octets = capture_file(capture, &len);
    int fd = g_file_open_tmp("presec-XXXXXX.pcapng", &name, NULL);
    g_assert_cmpint(fd, >=, 0);
    g_close(fd, NULL);
    g_assert_true(g_file_set_contents(name, (const char *)octets, (gssize)len, NULL));
    g_autofree char *command = g_strdup_printf("tshark -r %s -N n -Y tls -T fields -e _ws.col.Protocol -e sip.Method "
                                               "-e sip.Status-Code -e _ws.malformed",
                                               name);
    g_assert_true(g_spawn_command_line_sync(command, &out, &complaints, &status, NULL));
    g_remove(name);
    g_assert_cmpint(status, ==, 0);
    return out;
}

static void read_by_tshark(TlsVersion version, bool secrets)
{
    g_autoptr(TlsChain) t =
        tls_chain_new(&(TlsWish){ .version = version, .untraced = true, .rsa = version == TLS_1_0 });
    g_autoptr(Capture) capture = capture_new(t->chain->net, false, true);
    TlsPolicy client = { .lowest = version, .highest = version, .trust = t->papers->trust };
    TlsPolicy server = {
        .server = true, .lowest = version, .highest = version, .cert = t->papers->cert, .key = t->papers->key
    };

    if (secrets) {
        client.keylog = server.keylog = tell;
        client.keylog_ctx = server.keylog_ctx = capture;
    }
    TlsContext *a = tls_context_new(&client), *p = tls_context_new(&server);
    use_tls(t->a, a, NULL);
    use_tls(t->p, NULL, p);
    tls_say(t->a, t->chain->p, 0, "MESSAGE", 20);
    tls_run(t, SIM_SEC);
    tls_say(t->p, t->chain->a, t->p->from.connection, "NOTIFY", 2000); /* cut over segments */
    tls_run(t, SIM_SEC);
    g_assert_cmpuint(t->a->requests, ==, 1);
    g_autofree char *out = tshark(capture);
    if (out != NULL) {
        g_assert_nonnull(strstr(out, "TLS"));
        g_assert_true(secrets == (strstr(out, "SIP\tMESSAGE\t") != NULL));
        g_assert_true(secrets == (strstr(out, "SIP\tNOTIFY\t") != NULL));
        g_assert_true(secrets == (strstr(out, "\t200\t") != NULL && strstr(out, "\t202\t") != NULL));
        g_assert_null(strstr(out, "Malformed"));
    }
    g_clear_pointer(&t->a, node_free);
    g_clear_pointer(&t->p, node_free);
    tls_context_free(a);
    tls_context_free(p);
}

static void test_read(void)
{
    read_by_tshark(TLS_1_0, true);
    read_by_tshark(TLS_1_2, true);
    read_by_tshark(TLS_1_3, true);
}

static void test_not_read(void)
{
    read_by_tshark(TLS_1_0, false);
    read_by_tshark(TLS_1_3, false);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stack/tls/capture/read-with-its-secrets", test_read);
    g_test_add_func("/stack/tls/capture/not-read-without", test_not_read);
    return g_test_run();
}
