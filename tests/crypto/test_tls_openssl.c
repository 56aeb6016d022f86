/*
 * tests/crypto/test_tls_openssl.c - the openssl command as the other end of our handshakes, over a loopback socket.
 *
 * Source:  openssl-s_client(1), openssl-s_server(1), OpenSSL 3.0.
 * Knows:   tests/crypto/support/tls_ends.h, crypto/tls_hibernate.h, sockets of 127.0.0.1.
 *
 * Every wait ends after ten seconds; without the command the tests are skipped.
 */
#include "crypto/tls_hibernate.h"
#include "tests/crypto/support/tls_ends.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WAIT_MS = 10000, TURNS_MAX = 400 };

static char *folder; /* with ca.pem, server.pem, server.key, alice.pem, alice.key */

static bool openssl_is_missing(void)
{
    g_autofree char *path = g_find_program_in_path("openssl");
    if (!path)
        g_test_skip("openssl is not installed");
    return !path;
}

/* ---- files for the command ---- */

static void write_pem(const char *name, const char *label, const uint8_t *der, size_t len)
{
    g_autofree char *path = g_build_filename(folder, name, NULL), *base64 = g_base64_encode(der, len);
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "-----BEGIN %s-----\n", label);
    for (size_t at = 0; at < strlen(base64); at += 64)
        g_string_append_printf(text, "%.64s\n", base64 + at);
    g_string_append_printf(text, "-----END %s-----\n", label);
    g_assert_true(g_file_set_contents(path, text->str, (gssize)text->len, NULL));
}

static void write_cert(const char *name, const Cert *cert)
{
    size_t len;
    const uint8_t *der = cert_der(cert, &len);
    write_pem(name, "CERTIFICATE", der, len);
}

static void write_key(const char *name, const CertKey *key)
{
    g_autoptr(GBytes) der = cert_key_to_der(key);
    write_pem(name, "PRIVATE KEY", g_bytes_get_data(der, NULL), g_bytes_get_size(der));
}

static void write_files(void)
{
    folder = g_dir_make_tmp("presec-tls-XXXXXX", NULL);
    g_assert_nonnull(folder);
    write_cert("ca.pem", ca_root(pki.ca));
    write_cert("rsa.pem", pki.rsa_cert);
    write_key("rsa.key", pki.rsa);
    write_cert("ec.pem", pki.ec_cert);
    write_key("ec.key", pki.ec);
    write_cert("alice.pem", pki.alice);
    write_key("alice.key", pki.alice_key);
}

static void remove_files(void)
{
    static const char *const names[] = { "ca.pem", "rsa.pem", "rsa.key", "ec.pem", "ec.key", "alice.pem", "alice.key" };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        g_remove(path);
    }
    g_rmdir(folder);
    g_free(folder);
}

/* ---- the command as a child ---- */

typedef struct {
    GPid pid;
    int in, out; /* its standard input and output, seen from us */
    GString *said;
} Child;

/* @command: words of openssl, with the folder as working directory, so that file names are short. */
static void child_start(Child *child, const char *command)
{
    g_auto(GStrv) argv = g_strsplit(command, " ", -1);
    GError *error = NULL;
    child->said = g_string_new(NULL);
    g_spawn_async_with_pipes(folder, argv, NULL,
                             G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                             &child->pid, &child->in, &child->out, NULL, &error);
    g_assert_no_error(error);
}

/* Waits until the child has said @text. */
static void child_expect(Child *child, const char *text)
{
    char octets[1000];
    while (!strstr(child->said->str, text)) {
        struct pollfd wait = { child->out, POLLIN, 0 };
        g_assert_cmpint(poll(&wait, 1, WAIT_MS), ==, 1);
        const ssize_t n = read(child->out, octets, sizeof octets);
        if (n <= 0)
            g_error("the command ended without saying \"%s\": %s", text, child->said->str);
        g_string_append_len(child->said, octets, n);
    }
}

static void child_end(Child *child)
{
    close(child->in);
    close(child->out);
    kill(child->pid, SIGTERM);
    waitpid(child->pid, NULL, 0);
    g_spawn_close_pid(child->pid);
    g_string_free(child->said, TRUE);
}

/* ---- sockets ---- */

static int listen_on_loopback(uint16_t *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof address;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    g_assert_cmpint(listen(fd, 1), ==, 0);
    g_assert_cmpint(getsockname(fd, (struct sockaddr *)&address, &len), ==, 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static int accept_one(int listening)
{
    struct pollfd wait = { listening, POLLIN, 0 };
    g_assert_cmpint(poll(&wait, 1, WAIT_MS), ==, 1);
    const int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
    g_assert_cmpint(fd, >=, 0);
    close(listening);
    return fd;
}

static int connect_to(uint16_t port)
{
    const struct sockaddr_in address = { .sin_family = AF_INET,
                                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                         .sin_port = htons(port) };
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(connect(fd, (const struct sockaddr *)&address, sizeof address), ==, 0);
    return fd;
}

static void flush_to(Tls *tls, int fd)
{
    uint8_t octets[4096];
    for (size_t n = tls_take(tls, octets, sizeof octets); n > 0; n = tls_take(tls, octets, sizeof octets))
        g_assert_cmpint(send(fd, octets, n, MSG_NOSIGNAL), ==, (ssize_t)n);
}

/* One piece from the socket; false at its end. */
static bool feed_from(Tls *tls, int fd)
{
    uint8_t octets[4096];
    struct pollfd wait = { fd, POLLIN, 0 };
    g_assert_cmpint(poll(&wait, 1, WAIT_MS), ==, 1);
    const ssize_t n = recv(fd, octets, sizeof octets, 0);
    if (n > 0)
        tls_feed(tls, octets, (size_t)n);
    return n > 0;
}

static void shake_over(Tls *tls, int fd)
{
    flush_to(tls, fd);
    for (int turn = 0; turn < TURNS_MAX && tls_status(tls)->state == TLS_HANDSHAKING; turn++) {
        if (!feed_from(tls, fd))
            break;
        flush_to(tls, fd);
    }
    g_assert_cmpstr(tls_failure_name(tls_status(tls)->failure), ==, "none");
    g_assert_cmpint(tls_status(tls)->state, ==, TLS_OPEN);
}

/* ---- both ways, live and then frozen ---- */

static void say(Tls *tls, int fd, const char *text)
{
    g_assert_true(tls_send(tls, (const uint8_t *)text, strlen(text)));
    flush_to(tls, fd);
}

static void hear(Tls *tls, int fd, const char *text)
{
    char heard[200] = "";
    size_t len = 0;
    while (len < strlen(text)) {
        const size_t n = tls_receive(tls, (uint8_t *)heard + len, sizeof heard - 1 - len);
        len += n;
        if (n == 0)
            g_assert_true(feed_from(tls, fd));
    }
    g_assert_cmpstr(heard, ==, text);
}

/* One record, octet by octet, so that nothing of the next is taken. */
static size_t read_record(int fd, uint8_t *record, size_t capacity)
{
    size_t len = 0;
    while (tls_record_len(record, len) == 0 || len < tls_record_len(record, len)) {
        struct pollfd wait = { fd, POLLIN, 0 };
        g_assert_cmpuint(len, <, capacity);
        g_assert_cmpint(poll(&wait, 1, WAIT_MS), ==, 1);
        g_assert_cmpint(recv(fd, record + len, 1, 0), ==, 1);
        len++;
    }
    return len;
}

static void frozen_hear(TlsFrozen *frozen, int fd, const char *text)
{
    uint8_t record[400], *plain, alert;
    size_t plain_len = 0;
    while (plain_len == 0) { /* OpenSSL sends an empty record before data in TLS 1.0 */
        const size_t len = read_record(fd, record, sizeof record);
        g_assert_cmpint(tls_frozen_receive(frozen, record, len, &plain, &plain_len, &alert, NULL), ==, TLS_FROZEN_DATA);
    }
    g_assert_cmpmem(plain, plain_len, text, strlen(text));
}

static void frozen_say(TlsFrozen *frozen, const CryptoRandom *random, int fd, const char *text)
{
    uint8_t octets[400];
    const size_t n = tls_frozen_send(frozen, random, (const uint8_t *)text, strlen(text), octets, sizeof octets, NULL);
    g_assert_cmpuint(n, >, 0);
    g_assert_cmpint(send(fd, octets, n, MSG_NOSIGNAL), ==, (ssize_t)n);
}

static void child_say(const Child *child, const char *text)
{
    g_assert_cmpint(write(child->in, text, strlen(text)), ==, (ssize_t)strlen(text));
}

static void converse(Tls *tls, const CryptoRandom *random, int fd, Child *child)
{
    TlsFrozen frozen;
    uint8_t octets[TLS_FROZEN_ALERT_MAX];
    say(tls, fd, "first-from-us\n");
    child_expect(child, "first-from-us");
    child_say(child, "first-from-openssl\n");
    hear(tls, fd, "first-from-openssl\n");
    g_assert_true(tls_freeze(tls, &frozen));
    frozen_say(&frozen, random, fd, "second-from-us\n");
    child_expect(child, "second-from-us");
    child_say(child, "second-from-openssl\n");
    frozen_hear(&frozen, fd, "second-from-openssl\n");
    const size_t n = tls_frozen_alert(&frozen, random, 0, octets, NULL);
    g_assert_cmpint(send(fd, octets, n, MSG_NOSIGNAL), ==, (ssize_t)n);
}

static const struct {
    const char *name, *openssl; /* what the command is told besides; its security level must allow it */
    TlsVersion version;
    TlsSuite suite;
    TlsAuth auth;
    bool rsa;
} kinds[] = {
    { "1.0-rsa", "-tls1 -cipher AES128-SHA:@SECLEVEL=0", TLS_1_0, TLS_RSA_AES_128_CBC_SHA, TLS_AUTH_SERVER, true },
    { "1.0-psk", "-tls1 -cipher PSK-AES128-CBC-SHA:@SECLEVEL=0", TLS_1_0, TLS_PSK_AES_128_CBC_SHA, TLS_AUTH_PSK, true },
    { "1.1-mutual", "-tls1_1 -cipher ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0", TLS_1_1, TLS_ECDHE_ECDSA_AES_128_CBC_SHA,
      TLS_AUTH_MUTUAL, false },
    { "1.2-cbc", "-tls1_2 -cipher ECDHE-RSA-AES128-SHA256", TLS_1_2, TLS_ECDHE_RSA_AES_128_CBC_SHA256, TLS_AUTH_SERVER,
      true },
    { "1.2-gcm-mutual", "-tls1_2", TLS_1_2, TLS_ECDHE_ECDSA_AES_128_GCM_SHA256, TLS_AUTH_MUTUAL, false },
    { "1.2-null", "-tls1_2 -cipher NULL-SHA:@SECLEVEL=0", TLS_1_2, TLS_RSA_NULL_SHA, TLS_AUTH_SERVER, true },
    { "1.3", "-tls1_3", TLS_1_3, TLS_AES_128_GCM_SHA256, TLS_AUTH_SERVER, false },
    { "1.3-mutual", "-tls1_3", TLS_1_3, TLS_AES_128_GCM_SHA256, TLS_AUTH_MUTUAL, true },
};

static const char *psk_hex(void)
{
    static char hex[2 * sizeof ks_naf + 1];
    crypto_hex(ks_naf, sizeof ks_naf, hex);
    return hex;
}

static void end_pair(Pair *pair, size_t kind, int ours)
{
    const CryptoRandom random = { source_fill, &pair->source[ours] };
    pair_init(pair, kinds[kind].version, kinds[kind].version, kinds[kind].auth, kinds[kind].rsa);
    pair->policy[ours].suites = &kinds[kind].suite;
    pair->policy[ours].n_suites = 1;
    pair->context[ours] = tls_context_new(&pair->policy[ours]);
    g_assert_nonnull(pair->context[ours]);
    pair->end[ours] = tls_new(pair->context[ours], &pair->peer[ours], &random);
}

static void test_s_client_talks_to_our_server(gconstpointer data)
{
    const size_t kind = GPOINTER_TO_SIZE(data);
    if (openssl_is_missing())
        return;
    Pair pair;
    Child child;
    uint16_t port;
    const bool psk = kinds[kind].auth == TLS_AUTH_PSK, mutual = kinds[kind].auth == TLS_AUTH_MUTUAL;
    end_pair(&pair, kind, 1);
    const CryptoRandom random = { source_fill, &pair.source[1] };
    const int listening = listen_on_loopback(&port);
    g_autofree char *proof =
        psk ? g_strdup_printf("-psk_identity %s -psk %s", gba_identity, psk_hex())
            : g_strdup_printf("-CAfile ca.pem -attime %d -verify_return_error -verify_hostname pcscf.visited.example",
                              NOW);
    g_autofree char *command =
        g_strdup_printf("openssl s_client -quiet -no_ign_eof -connect 127.0.0.1:%u %s %s%s", port, kinds[kind].openssl,
                        proof, mutual ? " -cert alice.pem -key alice.key" : "");
    child_start(&child, command);
    const int fd = accept_one(listening);
    shake_over(pair.end[1], fd);
    g_assert_true((tls_peer_certificate(pair.end[1]) != NULL) == mutual);
    converse(pair.end[1], &random, fd, &child);
    close(fd);
    child_end(&child);
    pair_clear(&pair);
}

static uint16_t port_of(Child *child)
{
    child_expect(child, "ACCEPT 127.0.0.1:");
    child_expect(child, "\n");
    const char *at = strstr(child->said->str, "ACCEPT 127.0.0.1:");
    return (uint16_t)g_ascii_strtoull(at + strlen("ACCEPT 127.0.0.1:"), NULL, 10);
}

static void test_s_server_talks_to_our_client(gconstpointer data)
{
    const size_t kind = GPOINTER_TO_SIZE(data);
    if (openssl_is_missing())
        return;
    Pair pair;
    Child child;
    const bool psk = kinds[kind].auth == TLS_AUTH_PSK, mutual = kinds[kind].auth == TLS_AUTH_MUTUAL;
    const char *cert = kinds[kind].rsa ? "rsa" : "ec";
    end_pair(&pair, kind, 0);
    const CryptoRandom random = { source_fill, &pair.source[0] };
    g_autofree char *proof = psk ? g_strdup_printf("-nocert -psk_identity %s -psk %s -psk_hint %s", gba_identity,
                                                   psk_hex(), TLS_PSK_HINT_GBA)
                                 : g_strdup_printf("-cert %s.pem -key %s.key", cert, cert);
    g_autofree char *demand =
        mutual ? g_strdup_printf(" -Verify 1 -verify_return_error -CAfile ca.pem -attime %d", NOW) : g_strdup("");
    g_autofree char *command = g_strdup_printf("openssl s_server -accept 127.0.0.1:0 -num_tickets 2 -naccept 1 %s %s%s",
                                               kinds[kind].openssl, proof, demand);
    child_start(&child, command);
    const int fd = connect_to(port_of(&child));
    shake_over(pair.end[0], fd);
    g_assert_true((tls_peer_certificate(pair.end[0]) != NULL) == !psk);
    converse(pair.end[0], &random, fd, &child);
    close(fd);
    child_end(&child);
    pair_clear(&pair);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    pki_make();
    write_files();
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *client = g_strconcat("/crypto/tls/openssl/s_client-", kinds[i].name, NULL);
        g_autofree char *server = g_strconcat("/crypto/tls/openssl/s_server-", kinds[i].name, NULL);
        g_test_add_data_func(client, GSIZE_TO_POINTER(i), test_s_client_talks_to_our_server);
        g_test_add_data_func(server, GSIZE_TO_POINTER(i), test_s_server_talks_to_our_client);
    }
    const int result = g_test_run();
    remove_files();
    pki_free();
    return result;
}
