/*
 * The openssl command opens and verifies the bodies of a run: what alice published, what bob was notified of.
 *
 * Source:  openssl-cms(1), OpenSSL 3.0.  Without the command the tests are skipped.
 */
#include "nodes/msg/mime.h"
#include "tests/nodes/support/little_ims.h"
#include "tests/nodes/support/smime_pki.h"

#include <glib/gstdio.h>
#include <string.h>

#define URI(name) "sip:" name ".x8f2m4q7p1zz@home.example"

static TestPki *pki;
static Credentials has[LITTLE_UES], ps_has;
static char *folder;

/* --- files and the command --- */

static void put_file(const char *name, const void *octets, size_t len)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, octets, (gssize)len, NULL));
}

static void put_pem(const char *name, const char *label, const uint8_t *der, size_t len)
{
    g_autofree char *base64 = g_base64_encode(der, len);
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "-----BEGIN %s-----\n", label);
    for (size_t at = 0; at < strlen(base64); at += 64)
        g_string_append_printf(text, "%.64s\n", base64 + at);
    g_string_append_printf(text, "-----END %s-----\n", label);
    put_file(name, text->str, text->len);
}

static void put_cert(const char *name, const Cert *cert)
{
    size_t len;
    const uint8_t *der = cert_der(cert, &len);
    put_pem(name, "CERTIFICATE", der, len);
}

static void put_credentials(const Credentials *own)
{
    g_autoptr(GBytes) der = cert_key_to_der(own->key);
    put_cert("own.pem", own->cert);
    put_pem("own.key", "PRIVATE KEY", g_bytes_get_data(der, NULL), g_bytes_get_size(der));
}

static bool openssl(const char *words)
{
    g_autofree char *line = g_strconcat("openssl ", words, NULL);
    g_auto(GStrv) argv = g_strsplit(line, " ", -1);
    int status = 0;
    GError *error = NULL;
    g_spawn_sync(folder, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_STDOUT_TO_DEV_NULL,
                 NULL, NULL, NULL, NULL, &status, &error);
    g_assert_no_error(error);
    return g_spawn_check_wait_status(status, NULL);
}

static Text file(const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *octets = NULL;
    gsize len = 0;
    g_assert_true(g_file_get_contents(path, &octets, &len, NULL));
    return text_of(octets, len); /* freed by the caller */
}

/* --- a run's bodies --- */

static LittleIms *used(SmimeMode mode)
{
    LittleConfig config = little_config(6, 5, false);
    SmimePolicy policy = { .mode = mode, .sign = true, .source = SMIME_INCLUDED, .checks_freshness = true };
    config.smime.ps = policy;
    config.smime.ps_has = ps_has;
    for (unsigned i = 0; i < 2; i++) {
        config.smime.ue[i] = policy;
        config.smime.ue_has[i] = has[i];
    }
    LittleIms *ims = little_ims_registered(&config, 10);
    ue_publish(ims->ue[0].ue, true, "canary000001");
    little_run(ims, 10);
    ue_subscribe(ims->ue[1].ue, ims->ue[0].impu, 3600);
    little_run(ims, 20);
    return ims;
}

/* The body of the last such request of @node. */
static Text body_of(const LittleIms *ims, const char *node, const char *label)
{
    const Trace *trace = sim_trace(ims->sim);
    Text body = TEXT_NONE;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *r = trace_get(trace, id);
        if (r->kind != TRACE_SEND || strcmp(r->node, node) != 0 || strcmp(r->message.label, label) != 0)
            continue;
        Text all = text_of((const char *)r->message.octets, r->message.len);
        body = text_after(all, text_find_text(all, TEXT("\r\n\r\n")) + (size_t)4);
    }
    return body;
}

static void check_body(Text body, const Credentials *own, bool tunnel)
{
    MimeEntity signed_data, content;

    put_credentials(own);
    put_cert("ca.pem", ca_root(pki->ca));
    put_file("e.der", body.p, body.len);
    g_assert_true(openssl("cms -decrypt -inform DER -in e.der -recip own.pem -inkey own.key -out s"));
    Text inside = file("s");
    g_assert_cmpint(mime_entity_parse(inside, &signed_data), ==, MIME_OK);
    g_assert_true(text_is(mime_parameter(signed_data.type, "smime-type"), "signed-data"));
    put_file("s.der", signed_data.body.p, signed_data.body.len);
    g_autofree char *words =
        g_strdup_printf("cms -verify -binary -inform DER -in s.der -CAfile ca.pem -attime %d -out got", PKI_EPOCH + 60);
    g_assert_true(openssl(words));
    Text got = file("got");
    g_assert_cmpint(mime_entity_parse(got, &content), ==, MIME_OK);
    g_assert_true(mime_is(content.type, tunnel ? MIME_SIP : "application/pidf+xml"));
    g_assert_cmpuint(text_find_text(content.body, TEXT("canary000001")), <, content.body.len);
    g_free((char *)inside.p);
    g_free((char *)got.p);
}

static void check(SmimeMode mode)
{
    g_autofree char *path = g_find_program_in_path("openssl");
    if (path == NULL) {
        g_test_skip("openssl is not installed");
        return;
    }
    LittleIms *ims = used(mode);
    check_body(body_of(ims, "alice", "PUBLISH"), &ps_has, mode == SMIME_TUNNEL);
    check_body(body_of(ims, "ps", "NOTIFY"), &has[1], mode == SMIME_TUNNEL);
    little_ims_finish(ims);
}

static void test_bodies(void)
{
    check(SMIME_BODY);
}

static void test_tunnels(void)
{
    check(SMIME_TUNNEL);
}

static void remove_folder(void)
{
    static const char *const names[] = { "own.pem", "own.key", "ca.pem", "e.der", "s", "s.der", "got" };
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
    g_free(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("presec-smime-XXXXXX", NULL);
    g_assert_nonnull(folder);
    pki = test_pki_new();
    has[0] = test_pki_issue(pki, URI("alice"), false, false);
    has[1] = test_pki_issue(pki, URI("bob"), false, false);
    ps_has = test_pki_issue(pki, "ps.home.example", true, false);
    g_test_add_func("/nodes/smime-openssl/bodies", test_bodies);
    g_test_add_func("/nodes/smime-openssl/tunnels", test_tunnels);
    int result = g_test_run();
    test_pki_free(pki);
    remove_folder();
    return result;
}
