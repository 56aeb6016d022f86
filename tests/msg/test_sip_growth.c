/*
 * tests/msg/test_sip_growth.c - work grows with the size of a message and no faster, whatever is in it.
 *
 * The codec is built so that every basic block calls __sanitizer_cov_trace_pc, and the searching and copying of the C
 * library is counted by the octet (count_work.h).  The inputs are those that made other parsers quadratic, and more.
 */
#include "nodes/msg/sip_auth.h"
#include "nodes/msg/sip_describe.h"
#include "nodes/msg/sip_edit.h"
#include "nodes/msg/sip_fields.h"
#include "tests/msg/count_work.h"
#undef memchr
#undef memcmp
#undef memcpy
#undef memmem

static uint64_t work;

void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    work++;
}

void *count_memchr(const void *p, int c, size_t n)
{
    void *hit = memchr(p, c, n);
    work += (hit != NULL ? (size_t)((char *)hit - (const char *)p) : n) / 16;
    return hit;
}

int count_memcmp(const void *a, const void *b, size_t n)
{
    work += n / 16;
    return memcmp(a, b, n);
}

void *count_memcpy(void *to, const void *from, size_t n)
{
    work += n / 16;
    return memcpy(to, from, n);
}

void *count_memmem(const void *p, size_t n, const void *needle, size_t m)
{
    work += n / 16;
    return memmem(p, n, needle, m);
}

#define HEAD                                                                                                           \
    "OPTIONS sip:b@c.example SIP/2.0\r\nVia: SIP/2.0/UDP a.example;branch=z9hG4bK1\r\n"                                \
    "From: <sip:a@a.example>;tag=1\r\nTo: <sip:b@c.example>\r\nCall-ID: x@y\r\nCSeq: 1 OPTIONS\r\n"

static const struct {
    const char *name, *head, *piece, *tail;
} inputs[] = {
    { "no-line-end", "", "a ", "" },
    { "colons", "", ":", "" },
    { "line-ends", "a\r\n", "\r\n", "" },
    { "small-headers", HEAD, "a:b\r\n", "\r\n" },
    { "contact-parameters", HEAD "Contact: <sip:a@b>", ";a=b", "\r\n\r\n" },
    { "allow-list", HEAD "Allow: INVITE", ", INVITE", "\r\n\r\n" },
    { "contact-values", HEAD "Contact: <sip:a@b>", ",<sip:a@b>", "\r\n\r\n" },
    { "folded", HEAD "Subject: a", "\r\n b", "\r\n\r\n" },
    { "folded-contact", HEAD "Contact: <sip:a@b>", ",\r\n <sip:a@b>", "\r\n\r\n" },
    { "via-values", HEAD "Via: SIP/2.0/UDP a", ",SIP/2.0/UDP a", "\r\n\r\n" },
    { "via-parameters", HEAD "Via: SIP/2.0/UDP a", ";a", "\r\n\r\n" },
    { "quoted-commas", HEAD "Contact: \"", ",", "\" <sip:a@b>\r\n\r\n" },
    { "open-quotes", HEAD "Contact: ", "\",", "\r\n\r\n" },
    { "open-brackets", HEAD "Contact: ", "<,", "\r\n\r\n" },
    { "backslashes", HEAD "Contact: \"", "\\\\", "\" <sip:a@b>\r\n\r\n" },
    { "uri-parameters", HEAD "Route: <sip:a@b", ";a=b", ">\r\n\r\n" },
    { "uri-headers", HEAD "Contact: <sip:a@b?a=b", "&a=b", ">\r\n\r\n" },
    { "escapes", HEAD "Contact: <sip:", "%61", "@b>\r\n\r\n" },
    { "host-labels", HEAD "Contact: <sip:a@a", ".a", ">\r\n\r\n" },
    { "colons-in-brackets", HEAD "Contact: <sip:[", ":", "]>\r\n\r\n" },
    { "white-space", HEAD "Subject:", " ", "a\r\n\r\n" },
    { "trailing-space", HEAD "Subject: a", " ", "\r\n\r\n" },
    { "utf8", HEAD "Subject: a", "\xc3\xbc", "\r\n\r\n" },
    { "digest-parameters", HEAD "Authorization: Digest a=b", ",a=\"b\"", "\r\n\r\n" },
    { "mechanisms", HEAD "Security-Client: tls", ",tls;a=b", "\r\n\r\n" },
    { "mechanism-parameters", HEAD "Security-Client: tls", ";a=b", "\r\n\r\n" },
    { "long-digits", HEAD "Expires: 1", "0", "\r\n\r\n" },
    { "long-token", "", "A", "" },
    { "body", HEAD "\r\n", "\r\n", "" },
};

static char *make(unsigned i, size_t size)
{
    GString *text = g_string_sized_new(size + 64);
    g_string_append(text, inputs[i].head);
    while (text->len + strlen(inputs[i].tail) + strlen(inputs[i].piece) <= size)
        g_string_append(text, inputs[i].piece);
    g_string_append(text, inputs[i].tail);
    return g_string_free(text, FALSE);
}

/* Everything a node or a decoder does with a message. */
static uint64_t work_of(const char *octets, size_t len)
{
    static SipMsg msg;
    static SipEdit edit;
    static char out[2 * SIP_MAX_OCTETS];
    size_t used;
    SipSecList a, b;
    work = 0;
    SipParseResult result = sip_parse_stream(&msg, octets, len, &used);
    result = sip_parse(&msg, octets, len);
    g_autoptr(GString) text = g_string_new(NULL);
    sip_describe(&msg, text);
    (void)sip_can_answer(&msg);
    (void)sip_lists(&msg, SIP_H_ALLOW, "NONE");
    (void)sip_uri_text_equal(msg.uri, msg.uri);
    if (sip_sec_list(&msg, SIP_H_SECURITY_CLIENT, &a) && sip_sec_list(&msg, SIP_H_SECURITY_CLIENT, &b))
        (void)sip_sec_list_equal(&a, &b);
    if (result == SIP_OK) {
        sip_edit_init(&edit, &msg);
        sip_edit_push(&edit, SIP_H_VIA, TEXT("SIP/2.0/UDP p"));
        sip_edit_pop(&edit, SIP_H_VIA);
        g_assert_cmpuint(sip_edit_write(&edit, out, sizeof out), >, 0);
    }
    return work;
}

/* From 4 to 60 kB the size grows 15 times; work may grow 20 times (a quadratic path would make it 225). */
static void test_growth(void)
{
    static const size_t sizes[] = { 1000, 4000, 16000, 60000 };
    for (unsigned i = 0; i < G_N_ELEMENTS(inputs); i++) {
        uint64_t cost[4];
        for (unsigned k = 0; k < 4; k++) {
            g_autofree char *octets = make(i, sizes[k]);
            cost[k] = work_of(octets, strlen(octets));
        }
        g_test_message("%-22s %8" G_GUINT64_FORMAT " %8" G_GUINT64_FORMAT " %8" G_GUINT64_FORMAT " %9" G_GUINT64_FORMAT,
                       inputs[i].name, cost[0], cost[1], cost[2], cost[3]);
        g_assert_cmpuint(cost[0], >, 0);
        g_assert_cmpuint(cost[3], <=, cost[1] * 20);
    }
}

/* The figure of the worst input is bounded too: blocks an octet, all steps together. */
static void test_worst(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(inputs); i++) {
        g_autofree char *octets = make(i, 60000);
        g_assert_cmpuint(work_of(octets, strlen(octets)), <, 60000 * 200);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/sip-growth/work-is-linear-in-size", test_growth);
    g_test_add_func("/msg/sip-growth/the-worst-input-is-bounded", test_worst);
    return g_test_run();
}
