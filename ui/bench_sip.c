/*
 * ui/bench_sip.c - `presec bench sip`: split, typed parse, proxy step and answer on two IMS messages.
 *
 * Source:  design, budgets: within 1.5 of what a parser written for speed alone took on these steps (split 365 ns,
 *          typed 650 to 850 ns, proxy step and answer 415 ns; measured on Debian 12, quoted), no allocation.
 *          Proxy step: a Via and a Record-Route pushed, Max-Forwards one less, Security-Client and Security-Verify
 *          dropped, the top Route value dropped, written out.
 * Knows:   the codec from outside.
 */
#include "ui/bench.h"

#include "nodes/msg/sip_edit.h"
#include "nodes/msg/sip_write.h"
#include "ui/interrupt.h"

#include <string.h>

typedef struct SipBench {
    const char *octets;
    size_t len;
    SipMsg msg;
    char out[8192];
    size_t written; /* by the last piece of work */
    unsigned wrong;
    unsigned seen; /* so that the floor's work is not thought away */
} SipBench;

/* SM7 of a registration, as the P-CSCF gets it. */
static const char register_text[] =
    "REGISTER sip:home.example SIP/2.0\r\n"
    "Via: SIP/2.0/UDP [2001:db8:1:0:1:2a4f:91c3:77d0]:5066;branch=z9hG4bKq7x2m9c4k1v8w3ra\r\n"
    "Max-Forwards: 70\r\n"
    "Route: <sip:pcscf.visited.example:5063;lr>\r\n"
    "From: <sip:alice.x8f2m4q7p1zz@home.example>;tag=k3j9x8f2\r\n"
    "To: <sip:alice.x8f2m4q7p1zz@home.example>\r\n"
    "Call-ID: m4q7p1zzx8f2a0b3\r\n"
    "CSeq: 2 REGISTER\r\n"
    "Contact: <sip:[2001:db8:1:0:1:2a4f:91c3:77d0]:5065>;expires=600000\r\n"
    "Authorization: Digest username=\"alice.k3j9x8f2q7aa@home.example\",realm=\"home.example\","
    "nonce=\"I1WrFF9Ouhg8LJ1jIr4kZYl6v4ZmI5eJ7rB2pWQxGqI=\",uri=\"sip:home.example\","
    "response=\"6629fae49393a05397450978507c4ef1\",algorithm=AKAv1-MD5,qop=auth,nc=00000001,cnonce=\"0a4f113b\"\r\n"
    "Require: sec-agree\r\n"
    "Proxy-Require: sec-agree\r\n"
    "Security-Client: "
    "ipsec-3gpp;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=23456789;spi-s=12345678;port-c=5066;port-s=5065\r\n"
    "Security-Verify: ipsec-3gpp;q=0.9;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=98765432;spi-s=87654321;port-c=5070;"
    "port-s=5063\r\n"
    "Supported: path\r\n"
    "P-Access-Network-Info: 3GPP-UTRAN-TDD;utran-cell-id-3gpp=234151D0FCE11\r\n"
    "Content-Length: 0\r\n\r\n";

/* A notification on its way from the Presence Server to the watcher; %u is the length of the body. */
static const char notify_text[] =
    "NOTIFY sip:[2001:db8:2:0:1:6b0c:3d5e:18fa]:5065 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP scscf.home.example;branch=z9hG4bKd8s0c2m6x4q1z7ye\r\n"
    "Via: SIP/2.0/UDP icscf.home.example;branch=z9hG4bKw5p9r3k7t2n8b6uf\r\n"
    "Via: SIP/2.0/UDP ps.home.example;branch=z9hG4bKj1h4g8f3d6s2a9po\r\n"
    "Max-Forwards: 68\r\n"
    "Route: <sip:pcscf.visited.example;lr>\r\n"
    "Record-Route: <sip:scscf.home.example;lr>\r\n"
    "Record-Route: <sip:icscf.home.example;lr>\r\n"
    "Record-Route: <sip:ps.home.example;lr>\r\n"
    "From: <sip:alice.x8f2m4q7p1zz@home.example>;tag=p2w8e6r4\r\n"
    "To: <sip:bob.t5y1u9i3o7aa@home.example>;tag=z7x1c5v3\r\n"
    "Call-ID: b9n3m7k1j5h2g8f4\r\n"
    "CSeq: 4 NOTIFY\r\n"
    "Contact: <sip:ps.home.example>\r\n"
    "Event: presence\r\n"
    "Subscription-State: active;expires=3527\r\n"
    "P-Asserted-Identity: <sip:ps.home.example>\r\n"
    "P-Charging-Vector: icid-value=\"AyretyU0dm+6O2IrT5tAFrbHLso=023551024\";orig-ioi=home.example\r\n"
    "Content-Type: application/pidf+xml\r\n"
    "Content-Length: %u\r\n\r\n";

static const char pidf_text[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" xmlns:rpid=\"urn:ietf:params:xml:ns:pidf:rpid\"\n"
    "          entity=\"sip:alice.x8f2m4q7p1zz@home.example\">\n"
    "  <tuple id=\"tq7x2m9\">\n"
    "    <status><basic>open</basic></status>\n"
    "    <contact priority=\"0.8\">sip:alice.x8f2m4q7p1zz@home.example</contact>\n"
    "    <note xml:lang=\"en\">In a meeting until four; c4k1v8w3raq7</note>\n"
    "    <timestamp>2003-05-06T10:17:42Z</timestamp>\n"
    "  </tuple>\n"
    "  <tuple id=\"tk1v8w3\">\n"
    "    <status><basic>closed</basic></status>\n"
    "    <contact priority=\"0.2\">mailto:alice@home.example</contact>\n"
    "    <note xml:lang=\"en\">At the desk again tomorrow</note>\n"
    "    <timestamp>2003-05-06T08:02:11Z</timestamp>\n"
    "  </tuple>\n"
    "</presence>\n";

/* --- the work --- */

static void split_work(void *ctx, uint64_t n)
{
    SipBench *b = ctx;
    for (uint64_t i = 0; i < n; i++)
        b->wrong += sip_split(&b->msg, b->octets, b->len) != SIP_OK;
}

static void parse_work(void *ctx, uint64_t n)
{
    SipBench *b = ctx;
    for (uint64_t i = 0; i < n; i++)
        b->wrong += sip_parse(&b->msg, b->octets, b->len) != SIP_OK;
}

static void proxy_step(SipBench *b)
{
    SipEdit edit;
    sip_edit_init(&edit, &b->msg);
    sip_edit_push(&edit, SIP_H_VIA, TEXT("SIP/2.0/UDP pcscf.visited.example;branch=z9hG4bKa1b2c3d4e5f6g7h8"));
    sip_edit_push(&edit, SIP_H_RECORD_ROUTE, TEXT("<sip:pcscf.visited.example;lr>"));
    sip_edit_set_uint(&edit, SIP_H_MAX_FORWARDS, 67);
    sip_edit_remove_all(&edit, SIP_H_SECURITY_CLIENT);
    sip_edit_remove_all(&edit, SIP_H_SECURITY_VERIFY);
    sip_edit_pop(&edit, SIP_H_ROUTE);
    b->written = sip_edit_write(&edit, b->out, sizeof b->out);
    b->wrong += b->written == 0;
}

static void proxy_work(void *ctx, uint64_t n)
{
    SipBench *b = ctx;
    for (uint64_t i = 0; i < n; i++) {
        b->wrong += sip_split(&b->msg, b->octets, b->len) != SIP_OK;
        proxy_step(b);
    }
}

static void checked_proxy_work(void *ctx, uint64_t n)
{
    SipBench *b = ctx;
    for (uint64_t i = 0; i < n; i++) {
        b->wrong += sip_parse(&b->msg, b->octets, b->len) != SIP_OK;
        proxy_step(b);
    }
}

static void answer_work(void *ctx, uint64_t n)
{
    SipBench *b = ctx;
    SipWriter w;
    for (uint64_t i = 0; i < n; i++) {
        b->wrong += sip_split(&b->msg, b->octets, b->len) != SIP_OK;
        sip_write_init(&w, b->out, sizeof b->out);
        sip_reply_start(&w, &b->msg, 200, TEXT_NONE, TEXT("a9s8d7f6"));
        b->written = sip_write_end(&w, TEXT_NONE);
        b->wrong += b->written == 0;
    }
}

/* Nobody splits a message without finding its line ends and the colons of its names. */
static void lines_floor(void *ctx, uint64_t n)
{
    SipBench *b = ctx;
    for (uint64_t i = 0; i < n; i++) {
        const char *at = b->octets, *end = b->octets + b->len;
        for (const char *line_end; at < end && *at != '\r' && (line_end = memchr(at, '\n', (size_t)(end - at))) != NULL;
             at = line_end + 1)
            b->seen += memchr(at, ':', (size_t)(line_end - at)) != NULL;
    }
}

/* --- the rows --- */

typedef struct Step {
    const char *what;
    BenchWork work;
    double quoted_ns; /* 0: no budget */
} Step;

static bool allocates(Bench *bench, SipBench *b, const Step *step)
{
    const bool found = bench_allocates(step->work, b, 8);
    if (found)
        bench_fault(bench, "%s allocates", step->what);
    return found;
}

/* Returns how many of the steps allocate. */
static unsigned message_rows(Bench *bench, const char *name, const char *octets, const Step steps[], size_t n)
{
    g_autofree SipBench *b = g_new0(SipBench, 1);
    unsigned allocating = 0;
    b->octets = octets;
    b->len = strlen(octets);
    for (size_t i = 0; i < n && !interrupt_requested(); i++) {
        g_autofree char *what = g_strdup_printf("%s, %zu octets: %s", name, b->len, steps[i].what);
        BenchRow *row =
            bench_pair_row(bench, steps[i].work, b, lines_floor, b, "finding the line ends and colons (memchr)", what);
        if (row && steps[i].quoted_ns > 0)
            bench_budget(row, row->value <= 1.5 * steps[i].quoted_ns, "at most 1.5 of %.0f ns (quoted)",
                         steps[i].quoted_ns);
        allocating += allocates(bench, b, &steps[i]);
    }
    if (b->wrong > 0)
        bench_fault(bench, "%s was refused %u times", name, b->wrong);
    return allocating;
}

void bench_sip(Bench *bench)
{
    const Step of_register[] = {
        { "split", split_work, 365 },
        { "typed parse", parse_work, 650 },
        { "proxy step (split, edit, write)", proxy_work, 415 },
        { "proxy step with all checks", checked_proxy_work, 0 },
        { "answer (split, build 200)", answer_work, 436 },
    };
    const Step of_notify[] = {
        { "split", split_work, 365 },
        { "typed parse", parse_work, 850 },
        { "proxy step (split, edit, write)", proxy_work, 415 },
        { "proxy step with all checks", checked_proxy_work, 0 },
        { "answer (split, build 200)", answer_work, 416 },
    };
    g_autofree char *head = g_strdup_printf(notify_text, (unsigned)strlen(pidf_text));
    g_autofree char *notify = g_strconcat(head, pidf_text, NULL);
    unsigned allocating = message_rows(bench, "REGISTER", register_text, of_register, G_N_ELEMENTS(of_register));
    allocating += message_rows(bench, "NOTIFY", notify, of_notify, G_N_ELEMENTS(of_notify));
    if (interrupt_requested())
        return;
    BenchRow *row = bench_row(bench, allocating, "steps", "that allocate memory");
    bench_budget(row, allocating == 0, "none");
}
