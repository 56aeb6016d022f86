/*
 * tests/msg/test_sip_edit.c - changed messages keep every other octet.
 *
 * Source:  RFC 3261 §16.6 (a proxy must not reorder or rewrite what it does not change), §16.7.
 */
#include "nodes/msg/sip_edit.h"
#include "nodes/msg/sip_fields.h"

static const char request[] = "INVITE sip:b@c.example SIP/2.0\r\n"
                              "v : SIP/2.0/UDP one.example;branch=z9hG4bK1 ,\r\n SIP/2.0/UDP two.example\r\n"
                              "X-Keep:   as  it is \t\r\n"
                              "Via: SIP/2.0/UDP three.example\r\n"
                              "Route: <sip:p1.example;lr>\r\n"
                              "from: <sip:a@a.example>;tag=1\r\n"
                              "To: <sip:b@c.example>\r\n"
                              "Call-ID: x\r\n"
                              "CSeq: 1 INVITE\r\n"
                              "Max-Forwards: 070\r\n"
                              "l: 4\r\n"
                              "\r\n"
                              "body";

/* @request with its nth line (from 0) replaced by @line; NULL takes the line away. */
static char *with_line(unsigned n, const char *line)
{
    const char *p = request;
    for (; n > 0; n--)
        p = strstr(p, "\r\n") + 2;
    const char *end = strstr(p, "\r\n") + 2;
    g_autofree char *before = g_strndup(request, (gsize)(p - request));
    return g_strconcat(before, line != NULL ? line : "", end, NULL);
}

static void begin(SipMsg *msg, SipEdit *edit)
{
    g_assert_cmpint(sip_parse(msg, request, sizeof request - 1), ==, SIP_OK);
    sip_edit_init(edit, msg);
}

static void assert_written(const SipEdit *edit, const char *expected)
{
    char out[2048];
    size_t n = sip_edit_write(edit, out, sizeof out);
    g_autofree char *got = g_strndup(out, n);
    g_assert_cmpstr(got, ==, expected);
    g_assert_cmpuint(sip_edit_size(edit), ==, n);
    g_assert_cmpuint(sip_edit_write(edit, out, n - 1), ==, 0);
    g_assert_cmpuint(sip_edit_write(edit, out, n), ==, n);
}

static void test_nothing(void)
{
    SipMsg msg;
    SipEdit edit;
    begin(&msg, &edit);
    assert_written(&edit, request);
}

static void test_lines(void)
{
    SipMsg msg;
    SipEdit edit;
    begin(&msg, &edit);
    sip_edit_remove(&edit, sip_find(&msg, "X-Keep"));
    g_autofree char *removed = with_line(3, NULL);
    assert_written(&edit, removed);

    begin(&msg, &edit);
    const SipHeader *route = sip_first(&msg, SIP_H_ROUTE);
    sip_edit_insert_after(&edit, route, TEXT("B"), TEXT("2"));
    sip_edit_insert_before(&edit, route, TEXT("A"), TEXT("1"));
    sip_edit_insert_before(&edit, route, TEXT("AA"), TEXT("1"));
    g_autofree char *inserted = with_line(5, "A: 1\r\nAA: 1\r\nRoute: <sip:p1.example;lr>\r\nB: 2\r\n");
    assert_written(&edit, inserted);

    begin(&msg, &edit);
    sip_edit_append(&edit, TEXT("Z"), TEXT("9"));
    g_autofree char *appended = with_line(11, "l: 4\r\nZ: 9\r\n");
    assert_written(&edit, appended);
}

static void test_push_and_pop(void)
{
    SipMsg msg;
    SipEdit edit;
    begin(&msg, &edit);
    sip_edit_push(&edit, SIP_H_VIA, TEXT("SIP/2.0/TCP new.example"));
    sip_edit_push(&edit, SIP_H_RECORD_ROUTE, TEXT("<sip:new.example;lr>"));
    sip_edit_pop(&edit, SIP_H_ROUTE);
    g_autofree char *no_route = with_line(5, NULL);
    g_autofree char *tail = g_strdup(strstr(no_route, "v :"));
    g_autofree char *expected = g_strconcat("INVITE sip:b@c.example SIP/2.0\r\nVia: SIP/2.0/TCP new.example\r\n"
                                            "Record-Route: <sip:new.example;lr>\r\n",
                                            tail, NULL);
    assert_written(&edit, expected);

    begin(&msg, &edit);
    sip_edit_pop(&edit, SIP_H_VIA); /* one of two values on a folded line */
    g_autofree char *popped = g_strconcat("INVITE sip:b@c.example SIP/2.0\r\nv : SIP/2.0/UDP two.example\r\n",
                                          strstr(request, "X-Keep"), NULL);
    assert_written(&edit, popped);
}

static void test_set(void)
{
    SipMsg msg;
    SipEdit edit;
    begin(&msg, &edit);
    sip_edit_set_uint(&edit, SIP_H_MAX_FORWARDS, 69);
    g_autofree char *fewer = with_line(10, "Max-Forwards: 69\r\n");
    assert_written(&edit, fewer);

    begin(&msg, &edit);
    sip_edit_set(&edit, SIP_H_VIA, TEXT("SIP/2.0/UDP only.example")); /* the other Via goes */
    g_autofree char *once = g_strconcat("INVITE sip:b@c.example SIP/2.0\r\nv : SIP/2.0/UDP only.example\r\n"
                                        "X-Keep:   as  it is \t\r\n",
                                        strstr(request, "Route"), NULL);
    assert_written(&edit, once);

    begin(&msg, &edit);
    sip_edit_set(&edit, SIP_H_EXPIRES, TEXT("5"));
    g_autofree char *added = with_line(11, "l: 4\r\nExpires: 5\r\n");
    assert_written(&edit, added);

    begin(&msg, &edit);
    sip_edit_set_uri(&edit, TEXT("sip:x@y.example"));
    g_autofree char *uri = with_line(0, "INVITE sip:x@y.example SIP/2.0\r\n");
    assert_written(&edit, uri);
}

static void test_body(void)
{
    SipMsg msg;
    SipEdit edit;
    begin(&msg, &edit);
    sip_edit_set_body(&edit, TEXT("a longer body"));
    g_autofree char *lines = with_line(11, "l: 13\r\n");
    g_autofree char *head = g_strndup(lines, strlen(lines) - 4);
    g_autofree char *expected = g_strconcat(head, "a longer body", NULL);
    assert_written(&edit, expected);

    begin(&msg, &edit);
    sip_edit_set_body(&edit, TEXT(""));
    sip_edit_remove(&edit, sip_find(&msg, "X-Keep"));
    char out[1024];
    size_t n = sip_edit_write(&edit, out, sizeof out);
    g_assert_cmpuint(n, >, 0);
    g_assert_cmpint(sip_parse(&msg, out, n), ==, SIP_OK);
    g_assert_cmpuint(msg.body.len, ==, 0);
    g_assert_true(text_is(sip_value(&msg, SIP_H_CONTENT_LENGTH), "0"));
}

static void test_body_without_length(void)
{
    static const char text[] = "MESSAGE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nFrom: sip:a@b\r\nTo: sip:a@b\r\n"
                               "Call-ID: 1\r\nCSeq: 1 MESSAGE\r\n\r\nold";
    SipMsg msg;
    SipEdit edit;
    char out[512];
    g_assert_cmpint(sip_parse(&msg, text, sizeof text - 1), ==, SIP_OK);
    sip_edit_init(&edit, &msg);
    sip_edit_set_body(&edit, TEXT("new one"));
    size_t n = sip_edit_write(&edit, out, sizeof out);
    g_assert_true(text_find_text(text_of(out, n), TEXT("\r\nContent-Length: 7\r\n\r\nnew one")) < n);
}

static void assert_param_removed(const char *line, const char *param, char separator, const char *expected)
{
    g_autofree char *text = with_line(3, line);
    g_autofree char *wanted = with_line(3, expected);
    SipMsg msg;
    SipEdit edit;
    g_assert_cmpint(sip_parse(&msg, text, strlen(text)), ==, SIP_OK);
    const SipHeader *header = &msg.headers[2 - 1];
    uint32_t at = text_find_text(header->value, text_from(param));
    sip_edit_init(&edit, &msg);
    sip_edit_remove_param(&edit, header, text_of(header->value.p + at, strlen(param)), separator);
    assert_written(&edit, wanted);
}

/* How a P-CSCF takes ik and ck out of a challenge (TS 24.229 §5.2.2). */
static void test_remove_param(void)
{
    assert_param_removed("W: Digest a=b, ik=\"0\", ck=\"1\"\r\n", "ik=\"0\"", ',', "W: Digest a=b, ck=\"1\"\r\n");
    assert_param_removed("W: Digest a=b, ik=\"0\"\r\n", "ik=\"0\"", ',', "W: Digest a=b\r\n");
    assert_param_removed("W: Digest ik=\"0\", a=b\r\n", "ik=\"0\"", ',', "W: Digest a=b\r\n");
    assert_param_removed("W: x ; p=1;q\r\n", "p=1", ';', "W: x ;q\r\n");
}

static void test_failures(void)
{
    SipMsg msg;
    SipEdit edit;
    char out[2048];
    begin(&msg, &edit);
    const SipHeader *via = sip_first(&msg, SIP_H_VIA);
    sip_edit_remove(&edit, via);
    sip_edit_replace(&edit, via->value, TEXT("x")); /* inside what is gone */
    g_assert_cmpuint(sip_edit_write(&edit, out, sizeof out), ==, 0);

    begin(&msg, &edit);
    sip_edit_replace(&edit, via->value, TEXT("x"));
    sip_edit_remove(&edit, via); /* around what is replaced */
    g_assert_cmpuint(sip_edit_size(&edit), ==, 0);

    begin(&msg, &edit);
    for (unsigned i = 0; i <= SIP_EDIT_MAX; i++)
        sip_edit_append(&edit, TEXT("N"), TEXT("1"));
    g_assert_cmpuint(sip_edit_write(&edit, out, sizeof out), ==, 0);

    begin(&msg, &edit);
    sip_edit_pop(&edit, SIP_H_PATH);
    g_assert_cmpuint(sip_edit_write(&edit, out, sizeof out), ==, 0);

    begin(&msg, &edit);
    sip_edit_replace(&edit, TEXT("elsewhere"), TEXT("x"));
    g_assert_cmpuint(sip_edit_write(&edit, out, sizeof out), ==, 0);
}

/* The proxy step on a message; the lines it does not touch must come out as they went in, in order. */
static void proxy_step(const char *octets, size_t len)
{
    SipMsg in, after;
    SipEdit edit;
    static char out[SIP_MAX_OCTETS];
    if (sip_parse(&in, octets, len) != SIP_OK)
        return;
    sip_edit_init(&edit, &in);
    sip_edit_push(&edit, SIP_H_VIA, TEXT("SIP/2.0/UDP proxy.example;branch=z9hG4bKp"));
    sip_edit_push(&edit, SIP_H_RECORD_ROUTE, TEXT("<sip:proxy.example;lr>"));
    sip_edit_set_uint(&edit, SIP_H_MAX_FORWARDS, 1);
    sip_edit_remove_all(&edit, SIP_H_SECURITY_CLIENT);
    if (sip_has(&in, SIP_H_ROUTE))
        sip_edit_pop(&edit, SIP_H_ROUTE);
    size_t n = sip_edit_write(&edit, out, sizeof out);
    g_assert_cmpint(sip_parse(&after, out, n), ==, SIP_OK);
    g_assert_true(text_equal(after.body, in.body));
    g_assert_cmpuint(sip_via_count(&after), ==, sip_via_count(&in) + 1);
    unsigned j = 0;
    for (unsigned i = 0; i < in.n_headers; i++) {
        const SipHeader *h = &in.headers[i];
        bool touched =
            h->id == SIP_H_MAX_FORWARDS || h->id == SIP_H_SECURITY_CLIENT || h == sip_first(&in, SIP_H_ROUTE);
        if (touched)
            continue;
        while (j < after.n_headers && !text_equal(sip_line(h), sip_line(&after.headers[j])))
            j++;
        g_assert_cmpuint(j, <, after.n_headers);
        j++;
    }
}

static unsigned proxy_folder(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    unsigned n = 0;
    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL), *octets = NULL;
        size_t len;
        if (!g_str_has_suffix(name, ".sip"))
            continue;
        g_assert_true(g_file_get_contents(file, &octets, &len, NULL));
        proxy_step(octets, len);
        n++;
    }
    return n;
}

static void test_proxy(void)
{
    g_assert_cmpuint(proxy_folder("data/torture/valid"), ==, 13);
    g_assert_cmpuint(proxy_folder("data/torture/semantic"), ==, 14);
    g_assert_cmpuint(proxy_folder("data/torture/ipv6-valid"), ==, 11);
    g_assert_cmpuint(proxy_folder("../fuzz/seeds/sip"), >=, 5);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/sip-edit/no-edit-gives-the-same-octets", test_nothing);
    g_test_add_func("/msg/sip-edit/lines-come-and-go", test_lines);
    g_test_add_func("/msg/sip-edit/the-top-value-is-pushed-and-popped", test_push_and_pop);
    g_test_add_func("/msg/sip-edit/a-value-is-set-once", test_set);
    g_test_add_func("/msg/sip-edit/content-length-follows-the-body", test_body);
    g_test_add_func("/msg/sip-edit/content-length-comes-with-a-new-body", test_body_without_length);
    g_test_add_func("/msg/sip-edit/a-parameter-goes-with-its-separator", test_remove_param);
    g_test_add_func("/msg/sip-edit/impossible-edits-write-nothing", test_failures);
    g_test_add_func("/msg/sip-edit/a-proxy-step-keeps-untouched-lines", test_proxy);
    return g_test_run();
}
